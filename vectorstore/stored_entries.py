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

from vectorstore import tables
from vectorstore.conflicts import PrintedEntry
from vectorstore.papers import EntryKey, Provenance
from vectorstore.seals import sound, verified
from vectorstore.tables import chunks

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


def printed_with(connection: Connection, keys: Collection[str]) -> list[PrintedEntry]:
    """Return all entries with these title keys, those that are removed too."""
    whole = and_(sound(*tables.entries.c), sound(*tables.listings.c)).label("sound")
    joined = select(tables.entries.c.record, tables.entries.c.line, tables.listings, whole).join(tables.listings)
    return [
        PrintedEntry(Provenance(row.name, row.line, row.sha256, row.owner), row.kind, tables.entry_of(row.record))
        for chunk in chunks(sorted(keys))
        for row in connection.execute(joined.where(tables.entries.c.title_key.in_(chunk)))
        if verified(row, "an entry of a listing")
    ]


def removed_with(connection: Connection, keys: Collection[str]) -> set[EntryKey]:
    """Return those of the entries with these title keys that are removed."""
    return _marked_with(connection, keys, removed_entries)


def apart_with(connection: Connection, keys: Collection[str]) -> set[EntryKey]:
    """Return those of the entries with these title keys that the user keeps apart from the paper they are like."""
    return _marked_with(connection, keys, entries_apart)


def _marked_with(connection: Connection, keys: Collection[str], marked: Table) -> set[EntryKey]:
    entry = tables.entries.c
    chosen = select(entry.listing_sha256, entry.line).where(_is_in(marked))
    return {
        (row.listing_sha256, row.line)
        for chunk in chunks(sorted(keys))
        for row in connection.execute(chosen.where(entry.title_key.in_(chunk)))
    }


def title_keys(connection: Connection, *conditions: ColumnElement[bool]) -> set[str]:
    """Return the title keys of the entries that meet SQL `conditions` on the entries table."""
    return set(connection.scalars(select(tables.entries.c.title_key).where(*conditions)))
