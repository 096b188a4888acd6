"""Long work in a thread of its own, and how far it is. A browser that leaves in the middle stops nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work is."""

    doing: str
    done: int
    total: int


def steps_of(work: Callable[[Callable[[str, int, int], None]], T]) -> Iterator[Step | T]:
    """Yield the steps of some work as it reports them, then what it returns. Raises what it raises."""
    steps: SimpleQueue[Step | T | Exception] = SimpleQueue()

    def worked() -> None:
        try:
            steps.put(work(lambda doing, done, total: steps.put(Step(doing, done, total))))
        except Exception as error:  # raised again below, where it is waited for
            steps.put(error)

    Thread(target=worked, name="long-work", daemon=True).start()
    while isinstance(step := steps.get(), Step):
        yield step
    if isinstance(step, Exception):
        raise step
    yield step
