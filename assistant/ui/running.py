"""What is being answered: at most one exchange of a conversation at a time, each in a thread of its own."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock, Semaphore, Thread

from assistant.records import Stage
from assistant.ui import labels
from assistant.ui.transcript import Exchange
from vectorstore.errors import AssistantError

_log = logging.getLogger(__name__)
_MOST_AT_ONCE = 8  # answers of all conversations; what is asked beyond them says that it is waiting
_MOST_WAITING = 64  # of all conversations, those at work included


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be answered in a conversation: `begun` keeps its question, `answered` fills its exchange."""

    conversation_id: str
    question: str
    begun: Callable[[], Exchange]
    answered: Callable[[Exchange], None]
    task_id: str = field(default_factory=lambda: secrets.token_hex(4))


@dataclass(frozen=True, slots=True)
class Activity:
    """What goes on at one moment: in a conversation, and in which `conversations` anything does."""

    live: Exchange | None  # is being answered
    waiting: tuple[Task, ...]
    ended: tuple[str, ...]  # ids of the exchanges that have ended since the start, in this order
    conversations: frozenset[str]


class Running:
    """Answers tasks. In one conversation they wait for each other; nobody needs to look on for them to go on."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._slots = Semaphore(_MOST_AT_ONCE)
        self._live: dict[str, Exchange] = {}
        self._waiting: dict[str, list[Task]] = {}
        self._ended: dict[str, list[str]] = {}

    def start(self, task: Task) -> None:
        """Begin a task, or let it wait until what goes on in its conversation has ended.

        Raises AssistantError if too many wait.
        """
        with self._lock:
            if len(self._live) + sum(map(len, self._waiting.values())) >= _MOST_WAITING:
                raise AssistantError(labels.TOO_MANY_WAIT)
            if task.conversation_id in self._live:
                self._waiting.setdefault(task.conversation_id, []).append(task)
            else:
                self._begin(task)

    def stop(self, conversation_id: str) -> None:
        """Have the answer that is being written in a conversation end with what there is of it."""
        with self._lock:
            if exchange := self._live.get(conversation_id):
                exchange.stop.set()

    def drop(self, conversation_id: str) -> None:
        """Stop what goes on in a conversation, and forget what waits there."""
        with self._lock:
            self._waiting.pop(conversation_id, None)
            self.stop(conversation_id)

    def take_back(self, conversation_id: str, task_id: str) -> str:
        """Forget a question that waits, and return it; "" if it waits no more."""
        with self._lock:
            tasks = self._waiting.get(conversation_id, [])
            taken = [task for task in tasks if task.task_id == task_id]
            self._waiting[conversation_id] = [task for task in tasks if task.task_id != task_id]
            return taken[0].question if taken else ""

    def activity(self, conversation_id: str) -> Activity:
        """Return what goes on. What has ended is no longer among what runs, so nobody misses it who looks for both."""
        with self._lock:
            return Activity(
                self._live.get(conversation_id),
                tuple(self._waiting.get(conversation_id, ())),
                tuple(self._ended.get(conversation_id, ())),
                self.conversations,
            )

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Those that are being answered."""
        with self._lock:
            return tuple(self._live.values())

    @property
    def conversations(self) -> frozenset[str]:
        """The ids of the conversations in which something goes on."""
        with self._lock:
            return frozenset(self._live)

    def _begin(self, task: Task) -> None:
        exchange = task.begun()
        self._live[task.conversation_id] = exchange
        Thread(target=self._answer, args=(task, exchange), name="answer", daemon=True).start()

    def _answer(self, task: Task, exchange: Exchange) -> None:
        if not self._slots.acquire(blocking=False):
            exchange.take(Stage(labels.WAITING_FOR_OTHERS))
            self._slots.acquire()
        try:
            task.answered(exchange)
        finally:
            self._slots.release()
            with self._lock:
                exchange.end()
                del self._live[task.conversation_id]
                self._ended.setdefault(task.conversation_id, []).append(exchange.exchange_id)
                self._begin_next(task.conversation_id)

    def _begin_next(self, conversation_id: str) -> None:
        waiting = self._waiting.get(conversation_id, [])
        while waiting and conversation_id not in self._live:
            task = waiting.pop(0)
            try:
                self._begin(task)
            except AssistantError as error:  # its conversation is gone, and so is whoever would read this
                _log.info("A question that waited is not asked: %s", error)
