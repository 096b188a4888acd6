"""Long work in a thread of its own, and how far it is. A browser that leaves in the middle stops nothing."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Condition, Event, Thread
from typing import Generic, TypeVar

from vectorstore.search.current_indexes import OnProgress

T = TypeVar("T")


class Stopped(Exception):
    """The work was stopped; what it had stored stays."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work is, and how many it does a second: None until that is known."""

    doing: str
    done: int
    total: int
    per_second: float | None = None

    @property
    def seconds_left(self) -> float | None:
        return (self.total - self.done) / self.per_second if self.per_second else None


class Work(Generic[T]):
    """Some work, begun at once. Any number of pages may follow it, from wherever it is."""

    def __init__(self, work: Callable[[OnProgress], T], *, stopping: Event | None = None) -> None:
        """Begin `work`, which reports its steps; after `stopping` is set its next report raises Stopped."""
        self._work, self._stopping = work, stopping
        self._changed = Condition()
        self._step: Step | None = None
        self._begun = "", 0, 0.0  # what the step does, how much was done at its first report, and when that was
        self._made: Future[T] = Future()
        Thread(target=self._run, name="long-work", daemon=True).start()

    @property
    def is_over(self) -> bool:
        return self._made.done()

    def steps(self) -> Iterator[Step | T]:
        """Yield the latest step whenever there is another one, then what the work returns. Raises what it raises."""
        seen: Step | None = None
        while not self.is_over:
            with self._changed:
                self._changed.wait_for(lambda: self.is_over or self._step is not seen)  # noqa: B023
                seen = self._step
            if seen and not self.is_over:
                yield seen
        yield self._made.result()

    def _run(self) -> None:
        try:
            made = self._work(self._report)
        except Exception as error:  # raised again wherever the work is followed
            self._made.set_exception(error)
        else:
            self._made.set_result(made)
        with self._changed:
            self._changed.notify_all()

    def _report(self, doing: str, done: int, total: int) -> None:
        if self._stopping is not None and self._stopping.is_set():
            raise Stopped
        with self._changed:
            self._step = Step(doing, done, total, self._rate(doing, done))
            self._changed.notify_all()

    def _rate(self, doing: str, done: int) -> float | None:
        """Return how many are done a second since the first report of what is being done."""
        now = time.monotonic()
        if doing != self._begun[0]:
            self._begun = doing, done, now
        _, first, since = self._begun
        return (done - first) / (now - since) if done > first and now > since else None
