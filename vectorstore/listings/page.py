"""What every reader returns, and the forms of lines that all pages share."""

from collections.abc import Iterable
from dataclasses import dataclass

from vectorstore.listings.entry import Entry, ProfileFigures, Skipped
from vectorstore.listings.source import Line

LONGEST_TITLE_LINE = 2_000  # a title with the authors glued to it; what is longer is text

_LONGEST_TITLE = 300
_LONGEST_SENTENCE = 150
_SENTENCE_ENDS = (".", ";", ",", ":")
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Page:
    """A listing without its file: the owner, the header's figures, the entries, and what was left out."""

    owner: str | None
    figures: ProfileFigures
    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...]


def is_abstract(text: str) -> bool:
    """Tell an abstract from a title or a label by its form: it is long, or ends a sentence and is not just one."""
    if len(text) > _LONGEST_TITLE:
        return True
    return text.endswith(_SENTENCE_ENDS) and (len(text) > _LONGEST_SENTENCE or ". " in text)


def left_out(lines: Iterable[Line]) -> list[Skipped]:
    """Return the report on lines that belong to no entry."""
    return [Skipped(line.number, f"not part of an entry: {_shortened(line.text)!r}") for line in lines]


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
