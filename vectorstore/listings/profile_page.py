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
from vectorstore.listings.page import Page
from vectorstore.listings.source import Line, one_spaced

_FIGURE_LINE = re.compile(
    r"h-index ?(?P<h_index>[\d,]+)|(?P<papers>[\d,]+) ?papers?|(?P<citations>[\d,]+) ?citations?"
    r"|Novelty ?(?P<novelty_percent>[\d,]+) ?%|AI Score ?(?P<ai_score>[\d,]+)",
    re.IGNORECASE,
)
_LONGEST_HEADER_LINE = 100
_NO_AUTHORS = AuthorLine((), complete=False, affiliation=None)


@dataclass(frozen=True, slots=True)
class _Paper:
    """A card whose title and authors are told apart."""

    card: Card
    title: str
    authors: AuthorLine
    abstract: str


def read_profile_page(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the owner, the figures and the papers of a profile page, with or without its header."""
    header, rest = split_header(lines)
    before, cards = split_cards(rest)
    papers = _papers(cards)
    year = listing_year((paper.card.head.date for paper in papers), as_of=as_of, page=None)
    entries = tuple(_entry(paper, year=year) for paper in papers)
    owner = _header_owner(header) or inferred_owner(entries)
    unknown = tuple(line for line in header[1:] if not _is_figure_or_category(line))
    skipped = [*_unplaced(unknown), *_unplaced(before), *_faults(cards, papers, year=year)]
    return Page(owner, _figures(header), entries, tuple(sorted(skipped, key=lambda each: each.line)))


def split_header(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the header, empty if the page shows no figures, and the rest."""
    end = 0
    for index, line in enumerate(lines[:20]):
        if len(line.text) > _LONGEST_HEADER_LINE:
            break
        if _FIGURE_LINE.fullmatch(one_spaced(line.text)):
            end = index + 1
    return lines[:end], lines[end:]


def _header_owner(header: tuple[Line, ...]) -> str | None:
    if not header or _FIGURE_LINE.fullmatch(one_spaced(header[0].text)):
        return None
    return one_spaced(header[0].text)


def _figures(header: tuple[Line, ...]) -> ProfileFigures:
    found: dict[str, int] = {}
    for line in header:
        if match := _FIGURE_LINE.fullmatch(one_spaced(line.text)):
            found |= {name: int(text.replace(",", "") or 0) for name, text in match.groupdict().items() if text}
    return ProfileFigures(**found)


def _papers(cards: tuple[Card, ...]) -> tuple[_Paper, ...]:
    """Return the cards that hold a title. Glued titles are split together, as their names explain each other."""
    titled = [card for card in cards if card.body]
    separate = [len(card.body) > 1 and looks_like_authors(card.body[1].text) for card in titled]
    glued = [card for card, is_separate in zip(titled, separate, strict=True) if not is_separate]
    split = iter(unglued([Glued(one_spaced(card.body[0].text), _text(card.body[1:])) for card in glued]))
    papers = []
    for card, is_separate in zip(titled, separate, strict=True):
        if is_separate:
            title, authors = one_spaced(card.body[0].text), author_line(one_spaced(card.body[1].text))
            papers.append(_Paper(card, title, authors, _text(card.body[2:])))
        else:
            title, names = next(split)
            authors = author_line(names) if names else _NO_AUTHORS
            papers.append(_Paper(card, title, authors, _text(card.body[1:])))
    return tuple(papers)


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


def _unplaced(lines: tuple[Line, ...]) -> list[Skipped]:
    return [Skipped(line.number, f"not part of an entry: {line.text[:60]!r}") for line in lines]


def _is_figure_or_category(line: Line) -> bool:
    return bool(_FIGURE_LINE.fullmatch(one_spaced(line.text))) or card_line(line.text) is not None


def _faults(cards: tuple[Card, ...], papers: tuple[_Paper, ...], *, year: int) -> list[Skipped]:
    untitled = [Skipped(card.line, "a card without a title") for card in cards if not card.body]
    undated = [
        Skipped(paper.card.line, "no such day in the calendar; the date is left out")
        for paper in papers
        if paper.card.head.date and resolved_date(paper.card.head.date, year=year) is None
    ]
    return untitled + undated
