"""A daily-papers page: title, abstract, "• 4 authors" or an organisation, "·", then the date and comments.

A card may lack the last three, so a card ends where the next title begins as well as at its date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from vectorstore.listings.dates import DATE_PATTERN, PrintedDate, listing_year, printed_date, resolved_date
from vectorstore.listings.entry import Entry, ProfileFigures, Skipped
from vectorstore.listings.page import Page
from vectorstore.listings.source import Line, one_spaced

_FURNITURE = frozenset(
    {
        "new",
        "get trending papers in your email inbox!",
        "subscribe",
        "daily papers",
        "byak and the research community",
        "by ak and the research community",
    }
)
_COUNT_LINE = re.compile(r"(?:[•·] ?)?(?P<count>\d{1,5}) authors?")
_DATE_LINE = re.compile(rf"(?:[•·] ?)?{DATE_PATTERN}(?: (?P<comments>\d{{1,6}}))?")
_SEPARATOR = "·"
_LONGEST_MARK = 120
_LONGEST_TITLE = 300
_SENTENCE_ENDS = (".", ";", ",", ":")


@dataclass(slots=True)
class _Card:
    """A card while its lines are being collected."""

    text: list[Line] = field(default_factory=list)
    author_count: int | None = None
    organization: str | None = None
    date: PrintedDate | None = None
    comments: int | None = None


def read_daily_page(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the papers of a daily-papers page. Nobody owns such a page."""
    page_date, body = _without_furniture(lines)
    cards = [part for card in _cards(body) for part in _parted(card)]
    year = listing_year((card.date for card in cards), as_of=as_of, page=page_date)
    whole = [card for card in cards if len(card.text) > 1 or (card.text and card.date)]
    skipped = [fault for card in cards if (fault := _fault(card, year=year))]
    return Page(None, ProfileFigures(), tuple(_entry(card, year=year) for card in whole), tuple(skipped))


def is_daily_page(lines: tuple[Line, ...]) -> bool:
    """Tell a daily-papers page by a separator line with an author count before it or a date after it."""
    return any(before.text == _SEPARATOR and _mark(_DATE_LINE, after) for before, after in pairwise(lines)) or any(
        line.text.startswith("•") and _mark(_COUNT_LINE, line) for line in lines
    )


def _mark(pattern: re.Pattern[str], line: Line) -> re.Match[str] | None:
    """Match a short line; a long one is text, whatever it starts with."""
    return pattern.fullmatch(one_spaced(line.text)) if len(line.text) <= _LONGEST_MARK else None


def _without_furniture(lines: tuple[Line, ...]) -> tuple[PrintedDate | None, tuple[Line, ...]]:
    """Return the page's own date, if it stands above the first title, and the lines that belong to papers."""
    body = tuple(line for line in lines if line.text.lower() not in _FURNITURE)
    if body and (match := _mark(_DATE_LINE, body[0])):
        return printed_date(match), body[1:]
    return None, body


def _cards(lines: tuple[Line, ...]) -> Iterator[_Card]:
    """Yield the cards as their marks close them; those without marks are still run together."""
    card = _Card()
    for line, after in zip(lines, (*lines[1:], None), strict=True):
        if match := _mark(_DATE_LINE, line):
            card.date = printed_date(match)
            card.comments = int(match["comments"]) if match["comments"] else None
            yield card
            card = _Card()
        elif match := _mark(_COUNT_LINE, line):
            card.author_count = int(match["count"])
        elif after is not None and after.text == _SEPARATOR and card.author_count is None and card.text:
            card.organization = _organization(line.text)
        elif line.text != _SEPARATOR:
            if card.author_count is not None or card.organization is not None:
                yield card
                card = _Card()
            card.text.append(line)
    yield card


def _parted(card: _Card) -> Iterator[_Card]:
    """Yield the cards without marks that stand before the card's own title, then the card."""
    starts = [index for index in range(len(card.text)) if _starts_card(card.text, index)]
    for start, end in pairwise(starts):
        yield _Card(text=card.text[start:end])
    card.text = card.text[starts[-1] :] if starts else card.text
    yield card


def _starts_card(text: list[Line], index: int) -> bool:
    """A title is the first line, or a line that ends no sentence between two paragraphs."""
    if index == 0:
        return True
    if index == 1 or index + 1 == len(text):
        return False
    return _is_title(text[index].text) and not _is_title(text[index - 1].text) and not _is_title(text[index + 1].text)


def _is_title(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and not text.endswith(_SENTENCE_ENDS)


def _organization(text: str) -> str:
    """Return the name in "nvidia NVIDIA", a handle and a name."""
    handle, _, name = one_spaced(text.lstrip("•· ")).partition(" ")
    return name or handle


def _fault(card: _Card, *, year: int) -> Skipped | None:
    if len(card.text) == 1 and not card.date:
        return Skipped(card.text[0].number, f"a line alone: {card.text[0].text[:60]!r}")
    if card.text and card.date and resolved_date(card.date, year=year) is None:
        return Skipped(card.text[0].number, "no such day in the calendar; the date is left out")
    return None


def _entry(card: _Card, *, year: int) -> Entry:
    published = resolved_date(card.date, year=year)
    return Entry(
        line=card.text[0].number,
        title=one_spaced(card.text[0].text),
        abstract="\n".join(line.text for line in card.text[1:]),
        author_count=card.author_count,
        organization=card.organization,
        published=published,
        year_inferred=published is not None and card.date is not None and card.date.year is None,
        comments=card.comments,
    )
