"""Draft: a text before it is checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.checking.quoting import Quotes
from assistant.facts.replies import Reply
from assistant.models.packing import Packed
from assistant.operations.results import Gathered
from assistant.records import Usage
from vectorstore.papers.paper import Paper


@dataclass(frozen=True, slots=True)
class Written:
    """A text by the composer or a model. Its markers count from 1 and stand for `cited`, of all that was `given`."""

    text: str
    cited: Mapping[int, Packed]
    given: Sequence[Packed]
    papers: Mapping[str, Paper]
    usage: Usage
    broken_off: str = ""  # one sentence on why there should be more of it
    notes: tuple[str, ...] = ()
    declined: bool = False  # a model says that the passages do not answer
    quotes: Quotes = field(default_factory=dict)  # that a model gave with its markers


@dataclass(frozen=True, slots=True)
class Draft:
    """What the steps of a plan came to, in their order: texts to be checked, and replies that need no check."""

    gathered: Gathered
    blocks: tuple[Reply | Written, ...]
