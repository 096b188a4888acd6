"""Filters on the catalogue: authors, dates, category, venue, listing -> paper ids."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select, true, union_all

from vectorstore.catalogue import tables
from vectorstore.catalogue.author_decisions import called
from vectorstore.listings.values import storable
from vectorstore.text.folding import folded

# What SQLite takes: an expression 1,000 deep, a pattern of 50,000 bytes. No search comes near these.
_MOST_WORDS = 300
_LONGEST_WORD = 1000


@dataclass(frozen=True, slots=True)
class Filters:
    """What a paper must meet; fields that are None or empty say nothing. All of `authors` must have written it.

    Three fields hold filters themselves: one of `any_of` must hold, all of `also`, and none of `excluding`.
    """

    authors: tuple[str, ...] = ()
    since: date | None = None  # inclusive
    until: date | None = None  # inclusive
    dated: bool | None = None  # whether its date is known
    category: str | None = None
    organization: str | None = None
    venue: str | None = None  # as the library prints it
    has_code: bool | None = None
    listing: str | None = None
    text: str | None = None  # every word is in the title or the abstract
    paper_ids: tuple[str, ...] | None = None
    saying: str | None = None  # a passage has all of its words, however inflected: the lexical index knows which
    any_of: tuple[Filters, ...] = ()
    also: tuple[Filters, ...] = ()
    excluding: tuple[Filters, ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield the SQL conditions on the papers table; `saying` is not among them (see `chosen`)."""
        papers, people = tables.papers.c, tables.people.c
        for author in self.authors:
            key = folded(author)
            person = union_all(select(literal(key)), select(called.c.person).where(called.c.folded_name == key))
            written = select(people.paper_id).where(people.folded_name.in_(person))
            yield papers.paper_id.in_(written)
        if self.since:
            yield papers.published >= self.since
        if self.until:
            yield papers.last_day <= self.until
        if self.dated is not None:
            yield papers.published.is_not(None) if self.dated else papers.published.is_(None)
        if self.category:
            yield func.lower(papers.category) == _lower(self.category)
        if self.organization:
            yield func.lower(papers.organization) == _lower(self.organization)
        if self.venue:
            said = json.dumps({"venue": storable(self.venue)}, ensure_ascii=False)[1:-1]  # as the row has it
            yield papers.publication.contains(said, autoescape=True)
        if self.has_code is not None:
            yield or_(papers.has_code, papers.links_code).is_(self.has_code)
        if self.listing:
            yield papers.paper_id.in_(_papers_of_listing(self.listing))
        if self.text:
            for word in list(dict.fromkeys(_lower(self.text).split()))[:_MOST_WORDS]:
                part = word[:_LONGEST_WORD]
                yield or_(
                    papers.title.icontains(part, autoescape=True), papers.abstract.icontains(part, autoescape=True)
                )
        if self.paper_ids is not None:
            yield papers.paper_id.in_(self.paper_ids) if self.paper_ids else false()
        if self.any_of:
            yield or_(*(and_(true(), *filters.conditions()) for filters in self.any_of))
        for filters in self.also:
            yield from filters.conditions()
        for filters in filter(None, self.excluding):  # what says nothing excludes nothing
            # As a set of ids: a paper without a category is not in the excluded one, and SQL's NOT would drop it.
            yield papers.paper_id.not_in(select(papers.paper_id).where(*filters.conditions()))


def _lower(text: str) -> str:
    return storable(text).lower()


def _papers_of_listing(name: str) -> Select[tuple[str]]:
    """Select the papers that a listing prints, by the listing's file name or by the owner of the page."""
    papers, entries, listings = tables.papers.c, tables.entries.c, tables.listings.c
    return (
        select(papers.paper_id)
        .join(tables.entries, entries.cluster == papers.cluster)
        .join(tables.listings, listings.sha256 == entries.listing_sha256)
        .where(or_(func.lower(listings.name) == _lower(name), func.lower(listings.owner) == _lower(name)))
        # Not a namesake of what it prints, nor a paper that lost the listing's entry.
        .where(papers.entries.contains(listings.sha256))
    )
