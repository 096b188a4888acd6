"""An asynchronous source -> an iterator that can be closed at once, whatever the source is waiting for."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TypeVar

_T = TypeVar("_T")
_BEAT_SECONDS = 0.2  # how long a reader who wants to stop has to wait
_CLOSING_SECONDS = 1.0

_Canceller = tuple[asyncio.AbstractEventLoop, "asyncio.Task[None]"]


def in_background(source: AsyncGenerator[_T, None]) -> Iterator[_T | None]:
    """Yield what `source` yields as it comes, and None at each beat, so that the reader can stop between two items.

    The source runs in an event loop and a thread of its own. Closing the iterator cancels it wherever it waits, for a
    connection, a first byte or the next one, and so closes what it holds open; its errors are raised here.
    """
    arrived: SimpleQueue[_T | BaseException | None] = SimpleQueue()  # None: the source has ended
    started: Future[_Canceller] = Future()
    thread = threading.Thread(target=_run, args=(source, arrived, started), daemon=True)
    thread.start()
    beaten = time.monotonic()
    try:
        while True:
            try:
                item = arrived.get(timeout=_BEAT_SECONDS)
            except Empty:
                yield None
                beaten = time.monotonic()
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item
            if time.monotonic() - beaten > _BEAT_SECONDS:
                yield None
                beaten = time.monotonic()
    finally:
        loop, task = started.result()
        with contextlib.suppress(RuntimeError):  # the loop is closed: the source has ended
            loop.call_soon_threadsafe(task.cancel)
        thread.join(_CLOSING_SECONDS)


def _run(
    source: AsyncGenerator[_T, None],
    arrived: "SimpleQueue[_T | BaseException | None]",
    started: "Future[_Canceller]",
) -> None:
    async def pump() -> None:
        task = asyncio.current_task()
        assert task is not None
        started.set_result((asyncio.get_running_loop(), task))
        async with contextlib.aclosing(source):
            async for item in source:
                arrived.put(item)

    try:
        asyncio.run(pump())
    except asyncio.CancelledError:
        arrived.put(None)
    except BaseException as error:  # whatever it is, it is the reader's
        arrived.put(error)
    else:
        arrived.put(None)
