"""A daily-papers page: title, abstract, "• 4 authors" or an organisation, "·", then the date and comments.

A card may lack its last three lines, so a card ends where the next title begins as well as at its date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from vectorstore.listings.dates import DATE_PATTERN, PrintedDate, listing_year, printed_date, resolved_date
from vectorstore.listings.entry import Entry, ProfileFigures, Skipped
from vectorstore.listings.page import LONGEST_TITLE_LINE, Page, is_abstract, left_out
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
_COUNT_LINE = re.compile(r"(?:• ?)?(?P<count>\d{1,5}) authors?")
_DATE_LINE = re.compile(rf"(?:· ?)?{DATE_PATTERN}(?: (?P<comments>\d{{1,6}}))?")
_SEPARATOR = "·"
_LONGEST_MARK = 120


@dataclass(frozen=True, slots=True)
class _Marks:
    """What stands under an abstract."""

    author_count: int | None = None
    organization: str | None = None
    date: PrintedDate | None = None
    comments: int | None = None


@dataclass(frozen=True, slots=True)
class _Card:
    """Title and abstract, with what stands under them."""

    text: tuple[Line, ...]
    marks: _Marks


_NO_MARKS = _Marks()


def read_daily_page(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the papers of a daily-papers page. Nobody owns such a page."""
    page_date, above, body = _parts(lines)
    cards = [part for card in _marked_cards(body) for part in _single_cards(card)]
    year = listing_year((card.marks.date for card in cards), as_of=as_of, page=page_date)
    papers = [card for card in cards if _is_paper(card)]
    strays = [line for card in cards if not _is_paper(card) for line in card.text]
    undated = [
        Skipped(card.text[0].number, "no such day in the calendar; the date is left out")
        for card in papers
        if card.marks.date and resolved_date(card.marks.date, year=year) is None
    ]
    skipped = sorted([*left_out(above), *left_out(strays), *undated], key=lambda each: each.line)
    return Page(None, ProfileFigures(), tuple(_entry(card, year=year) for card in papers), tuple(skipped))


def is_daily_page(lines: tuple[Line, ...]) -> bool:
    """Tell a daily-papers page by a separator line with a date after it, or by a marked author count."""
    dated = any(before.text == _SEPARATOR and _mark(_DATE_LINE, line) for before, line in pairwise(lines))
    return dated or any(line.text.startswith("•") and _mark(_COUNT_LINE, line) for line in lines)


def _mark(pattern: re.Pattern[str], line: Line) -> re.Match[str] | None:
    """Match a short line; a long one is text, whatever it starts with."""
    return pattern.fullmatch(one_spaced(line.text)) if len(line.text) <= _LONGEST_MARK else None


def _parts(lines: tuple[Line, ...]) -> tuple[PrintedDate | None, tuple[Line, ...], tuple[Line, ...]]:
    """Return the page's own date, the unknown lines above it, and the lines of papers."""
    body = tuple(line for line in lines if one_spaced(line.text[:_LONGEST_MARK]).lower() not in _FURNITURE)
    for index, line in enumerate(body):
        if line.text == _SEPARATOR or _mark(_COUNT_LINE, line):
            break
        if match := _mark(_DATE_LINE, line):
            return printed_date(match), body[:index], body[index + 1 :]
    return None, (), body


def _marked_cards(lines: tuple[Line, ...]) -> Iterator[_Card]:
    """Yield the text between marks with the marks under it; cards without marks are still run together."""
    text: list[Line] = []
    marks = _NO_MARKS
    for line, after in zip(lines, (*lines[1:], None), strict=True):
        new = _marks_with(marks, line, is_last=after is None or after.text != _SEPARATOR)
        if new is None and line.text != _SEPARATOR:
            if marks != _NO_MARKS:
                yield _Card(tuple(text), marks)
                text, marks = [], _NO_MARKS
            text.append(line)
        marks = new or marks
    yield _Card(tuple(text), marks)


def _marks_with(marks: _Marks, line: Line, *, is_last: bool) -> _Marks | None:
    """Return the marks with those of one more line; None if the line has none. A name of an organisation
    shows only by the separator after it, so that it is never the last."""
    if match := _mark(_DATE_LINE, line):
        comments = int(match["comments"]) if match["comments"] else None
        return replace(marks, date=printed_date(match), comments=comments)
    if match := _mark(_COUNT_LINE, line):
        return replace(marks, author_count=int(match["count"]))
    is_label = len(line.text) <= _LONGEST_MARK and not is_abstract(line.text)
    if is_label and not is_last and line.text != _SEPARATOR:
        return replace(marks, organization=_organization(line.text))
    return None


def _organization(text: str) -> str:
    """Return the name in "nvidia NVIDIA", a handle and a name."""
    handle, _, name = one_spaced(text.lstrip("• ")).partition(" ")
    return name or handle


def _single_cards(card: _Card) -> Iterator[_Card]:
    """Yield the cards without marks that stand above the card's own title, then the card.

    A title is a line with the form of one, directly over a line with the form of an abstract.
    """
    forms = [is_abstract(line.text) for line in card.text]
    starts = [index for index, (form, under) in enumerate(pairwise(forms)) if under and not form]
    if len(card.text) <= 2 or not starts:
        yield card
        return
    edges = [0, *starts] if starts[0] else starts
    for start, end in pairwise(edges):
        yield _Card(card.text[start:end], _NO_MARKS)
    yield _Card(card.text[edges[-1] :], card.marks)


def _is_paper(card: _Card) -> bool:
    """Tell a paper from page furniture: marks stand under it, or at least an abstract."""
    if not card.text or len(card.text[0].text) > LONGEST_TITLE_LINE:
        return False
    return card.marks != _NO_MARKS or any(is_abstract(line.text) for line in card.text[1:])


def _entry(card: _Card, *, year: int) -> Entry:
    marks = card.marks
    published = resolved_date(marks.date, year=year)
    return Entry(
        line=card.text[0].number,
        title=one_spaced(card.text[0].text),
        abstract="\n".join(line.text for line in card.text[1:]),
        author_count=marks.author_count,
        organization=marks.organization,
        published=published,
        year_inferred=published is not None and marks.date is not None and marks.date.year is None,
        comments=marks.comments,
    )
