"""What a tab of a browser shows, and what has changed of that since the tab was told last.

The address, the row that is marked, the transcript, the evidence and Stop all follow from this one record; what runs
and what is kept are the server's, whoever looks on.
"""

import asyncio
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from threading import Lock
from typing import Any

from assistant.html.sanitizing import cleaned, escaped
from assistant.ui import labels
from assistant.ui.chats import Chats
from assistant.ui.conversation_list import conversations_html
from assistant.ui.footers import told_button
from assistant.ui.running import Task
from assistant.ui.transcript import Exchange

Drawn = dict[str, str]  # the name of a part of the page -> its HTML


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a tab was told: of its conversation, and of what runs anywhere."""

    live: tuple[str, int] = ("", 0)  # the exchange that grows, and how often it had changed
    evidence: tuple[str, tuple[str, ...], tuple[str, ...]] = ("", (), ())  # of what is read and cited so far
    ended: int = 0
    waiting: tuple[str, ...] = ()
    running: frozenset[str] = frozenset()
    failing: frozenset[str] = frozenset()


class Tab:
    """One tab. Whoever draws in it takes the `turn`: who followed before is told nothing any more."""

    def __init__(self) -> None:
        self.conversation_id = ""
        self.turn = 0
        self.drawing = asyncio.Lock()  # held until what was drawn is sent: what comes later is drawn later
        self.words = ""  # that conversations are searched for
        self._is_known = False
        self._seen = _Seen()
        self._lock = Lock()

    def __deepcopy__(self, _memo: Any) -> "Tab":
        return Tab()  # Gradio copies what a session begins with

    def take_turn(self, chats: Chats, shown: str) -> int:
        """Begin to draw in the tab, which itself says what is `shown` there (see `recall`)."""
        self.recall(chats, shown)
        with self._lock:
            self.turn += 1
            return self.turn

    def recall(self, chats: Chats, shown: str) -> None:
        """Believe the tab in what it says that it shows, if the server was started again since it was drawn."""
        with self._lock:
            if not self._is_known:
                self._begin(chats, shown)

    def open(self, chats: Chats, conversation_id: str) -> Drawn:
        """Show a conversation, or a new one; return all that is drawn for it but what grows."""
        with self._lock:
            self._begin(chats, "" if chats.history.limits(conversation_id) is None else conversation_id)
            drawn = {"transcript": chats.transcript_html(self.conversation_id), "live": "", "placed": ""}
            return {**drawn, "evidence": "", "waiting": "", "shown": self._shown_html()}

    def go_on(self, conversation_id: str) -> Drawn:
        """Stay with what is shown, which is this conversation now: it was new until something was asked or set."""
        with self._lock:
            self.conversation_id = conversation_id
            return {"shown": self._shown_html()}

    def changes(self, chats: Chats) -> Drawn:
        """Return what is drawn anew."""
        with self._lock:
            told, activity = self._seen, chats.running.activity(self.conversation_id)
            exchange = copy(activity.live)
            self._seen = now = _Seen(
                live=(exchange.exchange_id, exchange.changes) if exchange else ("", 0),
                evidence=_evidence(exchange),
                ended=len(activity.ended),
                waiting=tuple(task.task_id for task in activity.waiting),
                running=activity.conversations,
                failing=frozenset(chats.failing),
            )
            drawn: Drawn = {}
            if now.ended != told.ended:
                drawn["placed"] = chats.placed_html(activity.ended[told.ended :])
            if now.live != told.live:
                drawn["live"] = chats.exchange_html(exchange) if exchange else ""
            if now.evidence != told.evidence:
                drawn["evidence"] = chats.evidence_html(exchange) if exchange else ""
            if now.waiting != told.waiting:
                drawn["waiting"] = _waiting_html(self.conversation_id, activity.waiting)
            if now.running != told.running or now.ended != told.ended:
                drawn["conversations"] = self.listed(chats)
            if now.failing != told.failing:
                drawn["failing"] = " ".join(sorted(now.failing))
            return drawn

    def listed(self, chats: Chats) -> str:
        """Return the list of the conversations, of those alone that have the words that are searched for, if any."""
        lines = chats.history.conversations(self.words)
        return conversations_html(lines, words=self.words, running=chats.running.conversations)

    def is_at_rest(self, chats: Chats) -> bool:
        """Tell whether nothing runs, and the tab was told so."""
        return not (self._seen.running or chats.running.conversations)

    def _begin(self, chats: Chats, conversation_id: str) -> None:
        self._is_known, self.conversation_id = True, conversation_id
        self._seen = _Seen(ended=len(chats.running.activity(conversation_id).ended), running=self._seen.running)

    def _shown_html(self) -> str:
        return f'<div data-conversation="{self.conversation_id}" data-turn="{self.turn}"></div>'


def _evidence(exchange: Exchange | None) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return what the evidence beside a growing text depends on; an answer brings its own."""
    return (exchange.exchange_id, exchange.read, exchange.cited) if exchange and not exchange.answer else ("", (), ())


def _waiting_html(conversation_id: str, tasks: Sequence[Task]) -> str:
    """Return the questions that wait for the answer before them, each with a button that takes it back."""
    return cleaned("".join(_waiting_line(conversation_id, task) for task in tasks))


def _waiting_line(conversation_id: str, task: Task) -> str:
    back = told_button("act", f"take-back {conversation_id} {task.task_id}", labels.TAKE_BACK)
    asked = f'<span class="question-text">{escaped(task.question)}</span>'
    return f'<p class="waiting" role="status"><span>{labels.ASKED_NEXT}:</span> {asked} {back}</p>'
