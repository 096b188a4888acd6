"""An author's profile page: a header with the owner's figures, then one card per paper.

A page copied without its header has its titles and first authors glued together; see glue.py. Both kinds are read
here, card by card, because a page may be copied in pieces.
"""

import re
from dataclasses import dataclass
from datetime import date

from vectorstore.listings.cards import Card, card_line, split_cards
from vectorstore.listings.dates import listing_year, resolved_date
from vectorstore.listings.entry import Entry, ProfileFigures, Skipped
from vectorstore.listings.glue import Glued, unglued
from vectorstore.listings.names import AuthorLine, author_line, looks_like_authors
from vectorstore.listings.owner import inferred_owner
from vectorstore.listings.page import LONGEST_TITLE_LINE, Page, is_abstract, left_out
from vectorstore.listings.source import Line, one_spaced

_FIGURE_LINE = re.compile(
    r"h-index ?(?P<h_index>\d{1,4})|(?P<papers>\d[\d,]{0,8}) ?papers?|(?P<citations>\d[\d,]{0,11}) ?citations?"
    r"|Novelty ?(?P<novelty_percent>\d{1,3}) ?%|AI Score ?(?P<ai_score>\d{1,4})",
    re.IGNORECASE,
)
_MOST_HEADER_LINES = 20
_LONGEST_HEADER_LINE = 100
_LONGEST_LABEL = 60
_NO_AUTHORS = AuthorLine((), complete=False, affiliation=None)


@dataclass(frozen=True, slots=True)
class _Paper:
    """A card whose lines are told apart; `strays` stand under the abstract and belong to no entry."""

    card: Card
    title: str
    authors: AuthorLine
    abstract: str
    strays: tuple[Line, ...]


def read_profile_page(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the owner, the figures and the papers of a profile page, with or without its header."""
    header, rest = split_header(lines)
    before, cards = split_cards(rest)
    papers = _papers(tuple(card for card in cards if _has_title(card)))
    year = listing_year((paper.card.head.date for paper in papers), as_of=as_of, page=None)
    entries = tuple(_entry(paper, year=year) for paper in papers)
    unknown = [line for line in header[1:] if not _figure(line) and not card_line(line.text)]
    strays = [line for paper in papers for line in paper.strays]
    skipped = [*left_out([*unknown, *before, *strays]), *_faults(cards, year=year)]
    return Page(
        owner=_header_owner(header) or inferred_owner(entries),
        figures=_figures(header),
        entries=entries,
        skipped=tuple(sorted(skipped, key=lambda each: each.line)),
    )


def split_header(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the header, empty if the page shows no figures, and the rest."""
    end = 0
    for index, line in enumerate(lines[:_MOST_HEADER_LINES], start=1):
        if len(line.text) > _LONGEST_HEADER_LINE:
            break
        if _figure(line):
            end = index
    return lines[:end], lines[end:]


def _figure(line: Line) -> re.Match[str] | None:
    return _FIGURE_LINE.fullmatch(one_spaced(line.text)) if len(line.text) <= _LONGEST_HEADER_LINE else None


def _header_owner(header: tuple[Line, ...]) -> str | None:
    return one_spaced(header[0].text) if header and not _figure(header[0]) else None


def _figures(header: tuple[Line, ...]) -> ProfileFigures:
    matches = [match for line in header if (match := _figure(line))]
    printed = {name: text for match in matches for name, text in match.groupdict().items() if text}
    return ProfileFigures(**{name: int(text.replace(",", "")) for name, text in printed.items()})


def _papers(cards: tuple[Card, ...]) -> tuple[_Paper, ...]:
    """Return the cards' papers. Glued titles are split together, as the names of one explain the others."""
    glued = [card for card in cards if not _has_author_line(card)]
    split = unglued([Glued(one_spaced(card.body[0].text), _text(card.body[1:])) for card in glued])
    by_line = {card.line: parts for card, parts in zip(glued, split, strict=True)}
    return tuple(_paper(card, by_line.get(card.line)) for card in cards)


def _has_title(card: Card) -> bool:
    return bool(card.body) and len(card.body[0].text) <= LONGEST_TITLE_LINE


def _has_author_line(card: Card) -> bool:
    return len(card.body) > 1 and looks_like_authors(card.body[1].text)


def _paper(card: Card, unglued_parts: tuple[str, str] | None) -> _Paper:
    """Return the paper of a card, whose title and authors are given if they were glued together."""
    title, names = unglued_parts or (one_spaced(card.body[0].text), one_spaced(card.body[1].text))
    abstract, strays = _abstract_and_strays(card.body[1:] if unglued_parts else card.body[2:])
    return _Paper(card, title, author_line(names) if names else _NO_AUTHORS, _text(abstract), strays)


def _abstract_and_strays(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the abstract and the labels under it ("Load more"), which end no sentence as an abstract does."""
    end = len(lines)
    while end > 1 and len(lines[end - 1].text) <= _LONGEST_LABEL and lines[end - 1].text[-1].isalnum():
        end -= 1
    return (lines[:end], lines[end:]) if lines and is_abstract(lines[end - 1].text) else (lines, ())


def _entry(paper: _Paper, *, year: int) -> Entry:
    head, authors = paper.card.head, paper.authors
    published = resolved_date(head.date, year=year)
    return Entry(
        line=paper.card.line,
        title=paper.title,
        abstract=paper.abstract,
        authors=authors.names,
        authors_complete=authors.complete,
        author_count=len(authors.names) if authors.complete else None,
        affiliation=authors.affiliation,
        published=published,
        year_inferred=published is not None and head.date is not None and head.date.year is None,
        category=head.category,
        has_code=head.has_code,
        score=head.score,
    )


def _text(lines: tuple[Line, ...]) -> str:
    return "\n".join(line.text for line in lines)


def _faults(cards: tuple[Card, ...], *, year: int) -> list[Skipped]:
    untitled = [Skipped(card.line, "a card without a title") for card in cards if not _has_title(card)]
    undated = [
        Skipped(card.line, "no such day in the calendar; the date is left out")
        for card in cards
        if _has_title(card) and card.head.date and resolved_date(card.head.date, year=year) is None
    ]
    return untitled + undated
