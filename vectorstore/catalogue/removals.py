"""Listings and papers that the user deleted. All that was stored stays, so that each deletion can be undone."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, func, insert, select, tuple_, update
from sqlalchemy.engine import Connection, Engine

from vectorstore.catalogue import tables
from vectorstore.catalogue.ingestion import merge
from vectorstore.catalogue.moved_papers import moved_in
from vectorstore.catalogue.stored_entries import (
    apart_in,
    clusters_with,
    entries_apart,
    is_removed,
    printed_in,
    removals,
    removed_entries,
    removed_in,
    removed_listings,
)
from vectorstore.catalogue.tables import chunks
from vectorstore.errors import NotInLibrary
from vectorstore.papers.grouping import EntryKey
from vectorstore.papers.paper import merged


@dataclass(frozen=True, slots=True)
class Removal:
    """One deletion. `names` is the name of the listing, or the titles of the papers if `listing_sha256` is None;
    `papers` says how many left the library: those that other listings print stayed."""

    removal_id: int
    made: datetime  # in UTC
    listing_sha256: str | None
    names: tuple[str, ...]
    papers: int


class Removals:
    """The deletions of one catalogue. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> list[Removal]:
        """Return what can be restored, the newest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(removals).order_by(removals.c.removal_id.desc()))
            return [_removal_of(row) for row in rows]

    def one(self, removal_id: int) -> Removal:
        """Return a removal. Raises NotInLibrary if there is none of this id."""
        with self._engine.connect() as connection:
            return _found(connection, removal_id)

    def listings(self) -> list[str]:
        """Return the SHA-256 of the listings that are removed."""
        with self._engine.connect() as connection:
            return [sha256 for (sha256,) in connection.execute(removed_listings)]

    def entries_of(self, removal_id: int) -> dict[str, set[int]]:
        """Return the lines of the entries that a removal took out, by the SHA-256 of their listings."""
        columns = select(removed_entries.c.listing_sha256, removed_entries.c.line)
        found: defaultdict[str, set[int]] = defaultdict(set)
        with self._engine.connect() as connection:
            for row in connection.execute(columns.where(removed_entries.c.removal_id == removal_id)):
                found[row.listing_sha256].add(row.line)
        return found

    def papers_of(self, removal_id: int) -> set[str]:
        """Return the ids of the papers that would be in the library, or would say something else in title or abstract,
        if this one removal were undone."""
        with self._engine.connect() as connection:
            clusters = clusters_with(connection, _is_of(removal_id))
            printed = [(one.place, one.entry) for one in printed_in(connection, clusters)]
            apart, removed = apart_in(connection, clusters), removed_in(connection, clusters)
        mine = {(sha256, line) for sha256, lines in self.entries_of(removal_id).items() for line in lines}
        without, there = (
            {(paper.paper_id, paper.title, paper.abstract) for paper in merged(printed, removed=gone, apart=apart)}
            for gone in (removed - mine, removed)
        )
        return {paper_id for paper_id, _, _ in without - there}

    def remove_listing(self, sha256: str) -> Removal:
        """Remove all entries of a listing. Raises NotInLibrary if the library has no such listing."""
        listing = tables.listings.c
        wanted = select(listing.name).where(listing.sha256 == sha256, listing.sha256.not_in(removed_listings))
        with self._engine.begin() as connection:
            name = connection.scalar(wanted)
            if name is None:
                raise NotInLibrary(f"The library has no listing {sha256!r}; name one by the SHA-256 it is listed with.")
            lines = connection.scalars(select(tables.entries.c.line).where(tables.entries.c.listing_sha256 == sha256))
            return _removed(connection, [name], [(sha256, line) for line in lines], listing_sha256=sha256)

    def remove_papers(self, paper_ids: Collection[str]) -> Removal:
        """Remove all entries of papers. Raises NotInLibrary if the library has not all of them, or if none is named."""
        wanted = tables.selected_papers.order_by(tables.papers.c.title, tables.papers.c.paper_id)
        ids = set(paper_ids)
        with self._engine.begin() as connection:
            papers = [
                tables.paper_of(row)
                for chunk in chunks(sorted(ids))
                for row in connection.execute(wanted.where(tables.papers.c.paper_id.in_(chunk)))
            ]
            if unknown := ids.difference(paper.paper_id for paper in papers):
                raise NotInLibrary(f"The library has no paper {min(unknown)!r}; name papers by their ids.")
            if not papers:
                raise NotInLibrary("No paper is named; name those to delete by their ids.")
            entries = [provenance.key for paper in papers for provenance in paper.entries]
            return _removed(connection, [paper.title for paper in papers], entries)

    def restore(self, removal_id: int) -> Removal:
        """Undo a removal: its entries are in the library again, but for those that another one has removed as well.

        Raises NotInLibrary if it was undone or forgotten before.
        """
        with self._engine.begin() as connection:
            removal = _found(connection, removal_id)
            clusters = clusters_with(connection, _is_of(removal_id))
            connection.execute(delete(removals).where(removals.c.removal_id == removal_id))
            merge(connection, clusters)
            return removal

    def forget(self, removal_id: int) -> Removal:
        """Drop for good what a removal took out. Citation keys stay given: they may stand in somebody's manuscript.

        Raises NotInLibrary if it was undone or forgotten before.
        """
        with self._engine.begin() as connection:
            removal = _found(connection, removal_id)
            clusters = clusters_with(connection, _is_of(removal_id))
            connection.execute(delete(tables.entries).where(_is_of(removal_id)))
            if removal.listing_sha256:
                connection.execute(delete(tables.listings).where(tables.listings.c.sha256 == removal.listing_sha256))
            connection.execute(delete(removals).where(removals.c.removal_id == removal_id))
            _drop_marks_without_entries(connection)
            merge(connection, clusters)  # what was one paper by way of these entries may be two now
            return removal


def forgotten_of(connection: Connection, paper_ids: Collection[str]) -> set[str]:
    """Return those of the ids that no paper has or had before, not even one that could be restored."""
    papers = select(tables.papers.c.paper_id)
    there = {
        paper_id
        for chunk in chunks(sorted(paper_ids))
        for paper_id in connection.scalars(papers.where(tables.papers.c.paper_id.in_(chunk)))
    }
    missing = set(paper_ids) - there - moved_in(connection, paper_ids).keys()
    if not missing:
        return set()
    clusters = clusters_with(connection, is_removed())
    printed = ((one.place, one.entry) for one in printed_in(connection, clusters))
    return missing - {paper.paper_id for paper in merged(printed, apart=apart_in(connection, clusters))}


def _removed(
    connection: Connection, names: Sequence[str], entries: Collection[EntryKey], *, listing_sha256: str | None = None
) -> Removal:
    """Store a removal of entries and apply it."""
    before = _count_papers(connection)
    values = {"made": datetime.now(UTC).replace(tzinfo=None), "listing_sha256": listing_sha256, "papers": 0}
    named = insert(removals).values(**values, names=json.dumps(names, ensure_ascii=False))
    (removal_id,) = connection.execute(named).inserted_primary_key or (0,)
    rows = [{"listing_sha256": sha256, "line": line, "removal_id": removal_id} for sha256, line in entries]
    if rows:
        connection.execute(insert(removed_entries), rows)
    merge(connection, clusters_with(connection, _is_of(removal_id)))
    mine = removals.c.removal_id == removal_id
    connection.execute(update(removals).where(mine).values(papers=before - _count_papers(connection)))
    return _found(connection, removal_id)


def _is_of(removal_id: int) -> ColumnElement[bool]:
    """Return the SQL condition on the entries table that a removal took the entry out."""
    entry, removed = tables.entries.c, removed_entries.c
    return tuple_(entry.listing_sha256, entry.line).in_(
        select(removed.listing_sha256, removed.line).where(removed.removal_id == removal_id)
    )


def _drop_marks_without_entries(connection: Connection) -> None:
    for marked in (removed_entries, entries_apart):
        entry = tables.entries.c
        stored = exists().where(entry.listing_sha256 == marked.c.listing_sha256, entry.line == marked.c.line)
        connection.execute(delete(marked).where(~stored))
    emptied = ~exists().where(removed_entries.c.removal_id == removals.c.removal_id)
    connection.execute(delete(removals).where(removals.c.listing_sha256.is_(None), emptied))


def _count_papers(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(tables.papers)) or 0


def _found(connection: Connection, removal_id: int) -> Removal:
    row = connection.execute(select(removals).where(removals.c.removal_id == removal_id)).one_or_none()
    if row is None:
        raise NotInLibrary(f"There is no deletion {removal_id}; it was undone or forgotten before.")
    return _removal_of(row)


def _removal_of(row: Row[Any]) -> Removal:
    names = tuple(json.loads(row.names))
    return Removal(row.removal_id, row.made.replace(tzinfo=UTC), row.listing_sha256, names, row.papers)
