"""What the history gives: conversations and their exchanges, as they were kept."""

from dataclasses import dataclass
from datetime import datetime

from assistant.conversations.limits import Limits
from assistant.records import Answer


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """A conversation in the list of all. It `changed` when something was last asked in it or taken from it."""

    id: str
    title: str
    pinned: bool
    changed: datetime  # UTC
    exchanges: int


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """A question and what became of it: an answer, a problem, or as much text as there was when it was stopped.

    It has no answer either if a later version of the program wrote one that this one cannot read; then it has its text.
    """

    id: str
    conversation_id: str
    question: str
    text: str
    answer: Answer | None
    problem: str
    stopped: bool
    rating: int  # -1, 0 or 1
    reason: str  # for the rating
    asked: datetime  # UTC
    model: str
    versions: tuple[str, ...] = ()  # ids of those that have stood in its place, itself among them, oldest first


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """A conversation as a whole, its exchanges oldest first."""

    id: str
    title: str
    pinned: bool
    limits: Limits
    exchanges: tuple[StoredExchange, ...]
