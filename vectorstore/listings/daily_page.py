"""A daily-papers page: title, abstract, "• 4 authors" or an organisation, "·", then the date and comments.

A card may lack its last three lines, so a card ends where the next title begins as well as at its date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate, pairwise

from vectorstore.listings.card_parts import doubtful_lines
from vectorstore.listings.entry import Entry, ProfileFigures, Skipped
from vectorstore.listings.listing_page import (
    LONGEST_TITLE_LINE,
    Page,
    begins_anew,
    goes_on,
    is_abstract,
    is_item,
    is_label,
    is_text,
    left_out,
    one_line,
    paragraphs,
    shortened,
    text_of,
)
from vectorstore.listings.page_time import PageTime, page_time, published
from vectorstore.listings.printed_dates import PrintedDate, printed_date
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
_COUNT_LINE = re.compile(r"(?:[•·∙*-] ?)?(?P<count>\d[\d,]{0,6}) authors?")
_WITH_COMMENTS = re.compile(r"(?P<date>.*\S) (?P<comments>\d{1,6})(?: comments?)?")
_SEPARATORS = frozenset("·•∙‧・|")
_LONGEST_MARK = 120
_MOST_TITLE_LINES = 4
_WORDS_OF_HEADING = 4


@dataclass(frozen=True, slots=True)
class _Marks:
    """What stands under an abstract."""

    author_count: int | None = None
    organization: str | None = None
    date: PrintedDate | None = None
    comments: int | None = None


@dataclass(frozen=True, slots=True)
class _Card:
    """Title and abstract, with what stands under them. The line of the title is the first."""

    text: tuple[Line, ...]
    marks: _Marks

    @property
    def title(self) -> tuple[Line, ...]:
        first, *others = paragraphs(self.text)
        is_title = bool(others) and not is_abstract(one_line(first)) and len(first) <= _MOST_TITLE_LINES
        return first if is_title else self.text[:1]

    @property
    def abstract(self) -> tuple[Line, ...]:
        return self.text[len(self.title) :]


_NO_MARKS = _Marks()


def read_daily_page(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the papers of a daily-papers page. Nobody owns such a page."""
    page_date, above, body = _parts(lines)
    cards = [part for card in _marked_cards(body) for part in _single_cards(card)]
    time = page_time((card.marks.date for card in cards), as_of=as_of, page=page_date)
    papers = [card for card in cards if _is_paper(card)]
    strays = [line for card in cards if not _is_paper(card) for line in card.text]
    doubts = [skipped for card in papers for skipped in _doubts(card, time)]
    skipped = sorted([*left_out(above), *left_out(strays), *doubts], key=lambda each: each.line)
    return Page(None, ProfileFigures(), tuple(_entry(card, time) for card in papers), tuple(skipped))


def is_daily_page(lines: tuple[Line, ...]) -> bool:
    """Tell a daily-papers page by a separator line with a date after it, or by a marked author count."""
    dated = any(before.text in _SEPARATORS and _date_and_comments(line) for before, line in pairwise(lines))
    return dated or any(line.text[0] in _SEPARATORS and _count(line) is not None for line in lines)


def _count(line: Line) -> int | None:
    """Return how many authors a line says there are. A long line is text, whatever it starts with."""
    match = _COUNT_LINE.fullmatch(one_spaced(line.text)) if len(line.text) <= _LONGEST_MARK else None
    return int(match["count"].replace(",", "")) if match else None


def _date_and_comments(line: Line) -> tuple[PrintedDate, int | None] | None:
    if len(line.text) > _LONGEST_MARK or line.text in _SEPARATORS:
        return None
    text = one_spaced(line.text.lstrip("".join(_SEPARATORS)))
    if printed := printed_date(text):
        return printed, None
    match = _WITH_COMMENTS.fullmatch(text)
    printed = printed_date(match["date"]) if match else None
    return (printed, int(match["comments"])) if match and printed else None


def _parts(lines: tuple[Line, ...]) -> tuple[PrintedDate | None, tuple[Line, ...], tuple[Line, ...]]:
    """Return the page's own date, the unknown lines above it, and the lines of papers."""
    body = tuple(line for line in lines if one_spaced(line.text[:_LONGEST_MARK]).lower() not in _FURNITURE)
    for index, line in enumerate(body):
        if line.text in _SEPARATORS or _count(line) is not None or is_abstract(line.text):
            break
        if dated := _date_and_comments(line):
            return dated[0], body[:index], body[index + 1 :]
    return None, (), body


def _marked_cards(lines: tuple[Line, ...]) -> Iterator[_Card]:
    """Yield the text between marks with the marks under it; cards without marks are still run together."""
    text: list[Line] = []
    marks = _NO_MARKS
    before: Line | None = None
    for line, below in zip(lines, (*lines[1:], None), strict=True):
        may_mark = marks != _NO_MARKS or before is None or before.text in _SEPARATORS or begins_anew(before, line)
        new = _marks_with(marks, line, before, below) if may_mark else None
        if new is None and line.text not in _SEPARATORS:
            if marks != _NO_MARKS:
                yield _Card(tuple(text), marks)
                text, marks = [], _NO_MARKS
            text.append(line)
        marks, before = new or marks, line
    yield _Card(tuple(text), marks)


def _marks_with(marks: _Marks, line: Line, before: Line | None, below: Line | None) -> _Marks | None:
    """Return the marks with those of one more line; None if the line has none. A name of an organisation shows only by
    the separator under it."""
    if dated := _date_and_comments(line):
        printed, comments = dated
        return replace(marks, date=printed, comments=comments)
    if (count := _count(line)) is not None:
        return replace(marks, author_count=count)
    is_last_item = before is not None and is_item(before.text) and is_item(line.text)
    is_name = len(line.text) <= _LONGEST_MARK and not is_abstract(line.text) and not is_last_item
    if is_name and line.text not in _SEPARATORS and below is not None and below.text in _SEPARATORS:
        return replace(marks, organization=_organization(line.text))
    return None


def _organization(text: str) -> str:
    """Return the name in "nvidia NVIDIA", a handle and a name."""
    handle, _, name = one_spaced(text.lstrip("• ")).partition(" ")
    return name or handle


def _single_cards(card: _Card) -> Iterator[_Card]:
    """Yield the cards without marks that stand above the card's own title, then the card.

    A title is a paragraph with the form of one, directly over one with the form of an abstract; without blank lines
    between them, so are two lines.
    """
    groups = paragraphs(card.text)
    if len(groups) == 1:
        groups = _unwrapped(card.text)
    titles = [
        place for place, (group, under) in enumerate(pairwise(groups)) if _is_title(group, under, is_first=not place)
    ]
    if len(groups) <= 2 or not titles:
        yield card
        return
    ends = list(accumulate(map(len, groups), initial=0))
    starts = [ends[place] for place in titles]
    edges = [0, *starts] if starts[0] else starts
    for start, end in pairwise(edges):
        yield _Card(card.text[start:end], _NO_MARKS)
    yield _Card(card.text[edges[-1] :], card.marks)


def _unwrapped(lines: tuple[Line, ...]) -> list[tuple[Line, ...]]:
    """Return lines in groups that each go on to their end: what paragraphs are on a page without blank lines."""
    groups: list[list[Line]] = []
    for line in lines:
        before = groups[-1][-1] if groups else None
        if before and not begins_anew(before, line) and (goes_on(before, line) or not is_abstract(line.text)):
            groups[-1].append(line)
        else:
            groups.append([line])
    return list(map(tuple, groups))


def _is_title(group: tuple[Line, ...], under: tuple[Line, ...], *, is_first: bool) -> bool:
    text = one_line(group)
    if is_abstract(text) or not is_text(under) or is_label(text) or is_item(text):
        return False
    return is_first or not (text.endswith((".", ":", ";", ",")) or _is_heading(text))


def _is_heading(text: str) -> bool:
    """Tell what rather names a part of an abstract than a paper: "Findings", "What we did"."""
    _first, *others = text.split()
    return len(others) < _WORDS_OF_HEADING and all(word.islower() for word in others)


def _is_paper(card: _Card) -> bool:
    """Tell a paper from page furniture: marks stand under it, or at least an abstract."""
    if not card.text or len(card.text[0].text) > LONGEST_TITLE_LINE:
        return False
    return card.marks != _NO_MARKS or is_abstract(one_line(card.abstract))


def _doubts(card: _Card, time: PageTime) -> Iterator[Skipped]:
    if doubt := published(card.marks.date, time).doubt:
        yield Skipped(card.text[0].number, doubt)
    for line in doubtful_lines(card.abstract):
        yield Skipped(line.number, f"may open another card; kept in the abstract above: {shortened(line.text)!r}")


def _entry(card: _Card, time: PageTime) -> Entry:
    marks, when = card.marks, published(card.marks.date, time)
    return Entry(
        line=card.text[0].number,
        title=one_line(card.title),
        abstract=text_of(card.abstract),
        author_count=marks.author_count,
        organization=marks.organization,
        published=when.day,
        precision=when.precision,
        year_inferred=when.year_inferred,
        comments=marks.comments,
    )
