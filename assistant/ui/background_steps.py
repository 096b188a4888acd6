"""Long work in a thread of its own, and how far it is. A browser that leaves in the middle stops nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """The work was stopped; what it had stored stays."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work is."""

    doing: str
    done: int
    total: int


def steps_of(
    work: Callable[[Callable[[str, int, int], None]], T], *, stopping: Event | None = None
) -> Iterator[Step | T]:
    """Yield the steps of some work as it reports them, then what it returns. Raises what it raises, and Stopped at the
    next report after `stopping` is set."""
    steps: SimpleQueue[Step | T | Exception] = SimpleQueue()

    def report(doing: str, done: int, total: int) -> None:
        if stopping is not None and stopping.is_set():
            raise Stopped
        steps.put(Step(doing, done, total))

    def worked() -> None:
        try:
            steps.put(work(report))
        except Exception as error:  # raised again below, where it is waited for
            steps.put(error)

    Thread(target=worked, name="long-work", daemon=True).start()
    while isinstance(step := steps.get(), Step):
        yield step
    if isinstance(step, Exception):
        raise step
    yield step
