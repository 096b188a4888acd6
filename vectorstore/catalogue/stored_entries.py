"""The entries as they are stored, and what the user said of single ones.

An entry is known by the SHA-256 of its listing and its line there: a listing that is read again prints it at the same
place. So what was said of it outlives any ingest. Entries that are removed stay stored, until they are forgotten.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    ForeignKey,
    Integer,
    Select,
    String,
    Table,
    Text,
    and_,
    exists,
    func,
    select,
)
from sqlalchemy.engine import Connection

from vectorstore.catalogue import tables
from vectorstore.catalogue.seals import sound, verified
from vectorstore.catalogue.tables import chunks
from vectorstore.papers.field_conflicts import PrintedEntry
from vectorstore.papers.grouping import EntryKey, Provenance

removals = Table(
    "removals",
    tables.schema,
    Column("removal_id", Integer, primary_key=True),
    Column("made", DateTime, nullable=False),  # UTC
    Column("listing_sha256", String(64)),  # NULL: papers were removed
    Column("names", Text, nullable=False),
    Column("papers", Integer, nullable=False),
    sqlite_autoincrement=True,  # an id that was given is never another removal's
)
removed_entries = Table(
    "removed_entries",
    tables.schema,
    Column("listing_sha256", String(64), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("removal_id", ForeignKey("removals.removal_id", ondelete="CASCADE"), primary_key=True, index=True),
)
entries_apart = Table(  # that are papers of their own
    "entries_apart",
    tables.schema,
    Column("listing_sha256", String(64), primary_key=True),
    Column("line", Integer, primary_key=True),
)
removed_listings = select(removals.c.listing_sha256).where(removals.c.listing_sha256.is_not(None))


def is_removed() -> ColumnElement[bool]:
    """Return the SQL condition on the entries table that the entry is removed."""
    return _is_in(removed_entries)


def _is_in(marked: Table) -> ColumnElement[bool]:
    entry = tables.entries.c
    return exists().where(marked.c.listing_sha256 == entry.listing_sha256, marked.c.line == entry.line)


def stored_listings() -> Select[Any]:
    """Select (sha256, name, owner, number of entries) of every listing in the library, sorted by name."""
    listing, entry = tables.listings.c, tables.entries.c
    printed = and_(entry.listing_sha256 == listing.sha256, ~is_removed())
    return (
        select(listing.sha256, listing.name, listing.owner, func.count(entry.line))
        .outerjoin_from(tables.listings, tables.entries, printed)
        .where(listing.sha256.not_in(removed_listings))
        .group_by(listing.sha256)
        .order_by(listing.name, listing.sha256)
    )


def printed_in(connection: Connection, clusters: Collection[str]) -> list[PrintedEntry]:
    """Return all entries in these clusters, those that are removed too."""
    whole = and_(sound(*tables.entries.c), sound(*tables.listings.c)).label("sound")
    entry = tables.entries.c
    joined = select(entry.record, entry.line, entry.cluster, tables.listings, whole).join(tables.listings)
    return [
        PrintedEntry(
            Provenance(row.name, row.line, row.sha256, row.owner), row.kind, tables.entry_of(row.record), row.cluster
        )
        for chunk in chunks(sorted(clusters))
        for row in connection.execute(joined.where(tables.entries.c.cluster.in_(chunk)))
        if verified(row, "an entry of a listing")
    ]


def removed_in(connection: Connection, clusters: Collection[str]) -> set[EntryKey]:
    """Return those of the entries in these clusters that are removed."""
    return _marked_in(connection, clusters, removed_entries)


def apart_in(connection: Connection, clusters: Collection[str]) -> set[EntryKey]:
    """Return those of the entries in these clusters that the user keeps apart from the paper they are like."""
    return _marked_in(connection, clusters, entries_apart)


def _marked_in(connection: Connection, clusters: Collection[str], marked: Table) -> set[EntryKey]:
    if connection.scalar(select(marked.c.line).limit(1)) is None:  # as in most libraries
        return set()
    entry = tables.entries.c
    chosen = select(entry.listing_sha256, entry.line).where(_is_in(marked))
    return {
        (row.listing_sha256, row.line)
        for chunk in chunks(sorted(clusters))
        for row in connection.execute(chosen.where(entry.cluster.in_(chunk)))
    }


def clusters_with(connection: Connection, *conditions: ColumnElement[bool]) -> set[str]:
    """Return the clusters of the entries that meet SQL `conditions` on the entries table."""
    return set(connection.scalars(select(tables.entries.c.cluster).where(*conditions)))
