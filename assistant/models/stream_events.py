"""What comes of a model besides text and stages, while its answer streams."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from langchain_core.messages import BaseMessage

from assistant.records import Usage
from vectorstore.text.tokens import count_tokens


@dataclass(frozen=True, slots=True)
class Restart:
    """All text so far was thought, not answer."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of a model's text: what it cost and, if there should be more of it, one sentence on why it ends."""

    usage: Usage = field(default_factory=Usage)
    broken_off: str = ""


def tokens_of(messages: Sequence[BaseMessage]) -> int:
    """Return about how many tokens a prompt has; those around each message are the model's own affair."""
    return count_tokens("".join(message.text for message in messages))
