"""The table of papers as a person looks through it: searched while typing, filtered, sorted, a page at a time.

What a row shows is kept in memory, without abstracts, so that 60,000 papers follow each letter that is typed.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from vectorstore.authors.personal_names import personal_name
from vectorstore.catalogue import tables
from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.catalogue.filters import Filters
from vectorstore.catalogue.seals import verified
from vectorstore.listings.entry import Precision
from vectorstore.text.folding import folded


@dataclass(frozen=True, slots=True)
class TableRow:
    """What the table shows of a paper; `authors` are as printed, page owners where none is."""

    paper_id: str
    title: str
    authors: tuple[str, ...]
    authors_complete: bool
    author_count: int | None
    organization: str | None
    published: date | None
    year_inferred: bool
    category: str | None
    has_code: bool
    score: float | None
    entries: int  # of listings, that it was merged from
    precision: Precision  # of `published`


@dataclass(frozen=True, slots=True)
class TablePage:
    """Some rows, and how many there are on all pages."""

    rows: tuple[TableRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ListingFacet:
    sha256: str
    name: str
    owner: str | None
    entries: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What the table can be filtered by, each with the number of papers: years newest first, categories by name."""

    listings: tuple[ListingFacet, ...]
    years: tuple[tuple[int, int], ...]
    categories: tuple[tuple[str, int], ...]


def _by_surname(name: str) -> tuple[str, str]:
    """Return what a name is sorted by, as in a bibliography: "van den Oord" under its particle."""
    return folded(personal_name(name).surname), folded(name)


# What rows are sorted by; None comes last in both directions.
_KEYS: dict[str, Callable[[TableRow], Any]] = {
    "published": lambda row: row.published,
    "title": lambda row: folded(row.title) or None,
    "author": lambda row: _by_surname(row.authors[0]) if row.authors else None,
    "category": lambda row: row.category,
    "score": lambda row: row.score,
}
COLUMNS = tuple(_KEYS)
_NAMES = (
    "paper_id title authors page_owners authors_complete author_count organization affiliation published year_inferred"
    " category has_code links_code score entries precision"
)
_COLUMNS = tuple(tables.papers.c[name] for name in _NAMES.split())


class PaperTable:
    """The papers of a catalogue as they were when it was made."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        with catalogue.engine.connect() as connection:
            lines = [
                _line(verified(row, tables.A_PAPER))
                for row in connection.execute(select(*_COLUMNS, tables.papers_sound))
            ]
        self._lines = sorted(lines, key=lambda line: (folded(line.row.title), line.row.paper_id))
        self._sorted: dict[tuple[str, bool], list[_Line]] = {}

    def page(
        self,
        words: str = "",
        *,
        listing: str | None = None,
        year: int | None = None,
        category: str | None = None,
        has_code: bool | None = None,
        sort: str = "published",
        descending: bool = True,
        offset: int = 0,
        limit: int = 50,
    ) -> TablePage:
        """Return rows `offset` to `offset + limit` of those that meet everything.

        Each of the `words` is a part of the title, of an author's name, of the organisation or of the category,
        whatever its case and accents. `listing` is a file's name or a page's owner. Rows are sorted by one of
        `COLUMNS`, what has no value last, equal ones by title.
        """
        found = self._in_order(sort, descending)
        for word in sorted(folded(words).split(), key=len, reverse=True):  # the longest leaves the fewest
            found = [line for line in found if word in line.said]
        if listing is not None:
            on_it = set(self._catalogue.paper_ids(Filters(listing=listing).conditions()))
            found = [line for line in found if line.row.paper_id in on_it]
        if year is not None:
            found = [line for line in found if line.row.published is not None and line.row.published.year == year]
        if category is not None:
            found = [line for line in found if line.row.category == category]
        if has_code is not None:
            found = [line for line in found if line.row.has_code is has_code]
        return TablePage(tuple(line.row for line in found[offset : offset + limit]), len(found))

    def facets(self) -> Facets:
        rows = [line.row for line in self._lines]
        years = Counter(row.published.year for row in rows if row.published)
        categories = Counter(row.category for row in rows if row.category)
        listings = tuple(ListingFacet(*listing) for listing in self._catalogue.listings())
        return Facets(listings, tuple(sorted(years.items(), reverse=True)), tuple(sorted(categories.items())))

    def _in_order(self, sort: str, descending: bool) -> "Sequence[_Line]":
        column = sort if sort in _KEYS else "published"
        if (column, descending) not in self._sorted:
            self._sorted[column, descending] = list(_ordered(self._lines, _KEYS[column], descending))
        return self._sorted[column, descending]


@dataclass(frozen=True, slots=True)
class _Line:
    """A row, and what the words that are typed are looked for in."""

    said: str
    row: TableRow


def _ordered(lines: Sequence[_Line], key: Callable[[TableRow], Any], descending: bool) -> Iterator[_Line]:
    """Yield lines, which are sorted by title, by another key; sorting keeps the order of equal ones."""
    keyed = [(key(line.row), line) for line in lines]
    with_value = [pair for pair in keyed if pair[0] is not None]
    yield from (line for _, line in sorted(with_value, key=lambda pair: pair[0], reverse=descending))
    yield from (line for value, line in keyed if value is None)


def _line(row: Any) -> _Line:
    shown = _row(row)
    more = filter(None, (row.organization, row.affiliation, row.category))
    return _Line(folded(" ".join([row.title, *shown.authors, *more])), shown)


def _row(row: Any) -> TableRow:
    authors = tuple(json.loads(row.authors))
    return TableRow(
        row.paper_id,
        row.title,
        authors or tuple(json.loads(row.page_owners)),
        bool(authors) and row.authors_complete,
        row.author_count,
        row.organization,
        row.published,
        row.year_inferred,
        row.category,
        bool(row.has_code or row.links_code),
        row.score,
        row.entries.count('"listing_sha256"'),
        row.precision,
    )
