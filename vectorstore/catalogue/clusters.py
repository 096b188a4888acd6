"""The clusters of the catalogue's entries: those of one paper are in one, those of two in one or in two.

An entry is linked to others by each of its identifiers and by its title; see `likeness`. Clusters are only ever joined:
where the entry that linked two of them is gone they stay one, which says nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.engine import Connection

from vectorstore.catalogue import tables
from vectorstore.catalogue.seals import insert_sealed
from vectorstore.catalogue.tables import chunks
from vectorstore.listings.entry import Entry
from vectorstore.papers.grouping import EntryKey, joined
from vectorstore.papers.matching import links_of

# Derived from the entries, so that those that are linked are found without reading all.
entry_links = Table(
    "entry_links",
    tables.schema,
    Column("listing_sha256", String(64), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("link", Text, primary_key=True, index=True),
    ForeignKeyConstraint(("listing_sha256", "line"), ("entries.listing_sha256", "entries.line"), ondelete="CASCADE"),
)


def clusters_for(connection: Connection, entries: Mapping[EntryKey, Entry]) -> dict[EntryKey, str]:
    """Return the clusters that entries, not stored yet, belong to; stored clusters that they link become one."""
    links = {key: set(links_of(entry)) for key, entry in entries.items()}
    stored = _stored_links(connection, {link for own in links.values() for link in own})
    numbers = joined([*links.values(), *stored.values()])
    names: dict[int, str] = {}
    for cluster, number in zip(stored, numbers[len(links) :], strict=True):
        if names.setdefault(number, cluster) != cluster:
            for table in (tables.entries, tables.papers):
                connection.execute(update(table).where(table.c.cluster == cluster).values(cluster=names[number]))
    for own, number in zip(links.values(), numbers, strict=False):
        names.setdefault(number, sha256(min(own).encode()).hexdigest()[:16])
    return {key: names[number] for key, number in zip(links, numbers, strict=False)}


def store_links(connection: Connection, entries: Mapping[EntryKey, Entry]) -> None:
    """Store what links entries that are stored."""
    rows = [
        {"link": link, "listing_sha256": sha256, "line": line}
        for (sha256, line), entry in entries.items()
        for link in sorted(set(links_of(entry)))
    ]
    insert_sealed(connection, entry_links, rows)


def link_again(connection: Connection) -> None:
    """Make all links and clusters anew."""
    connection.execute(delete(entry_links))
    columns = select(tables.entries.c.listing_sha256, tables.entries.c.line, tables.entries.c.record)
    entries = {(row.listing_sha256, row.line): tables.entry_of(row.record) for row in connection.execute(columns)}
    rows = [
        {"of_listing": sha256, "at_line": line, "named": cluster}
        for (sha256, line), cluster in clusters_for(connection, entries).items()
    ]
    store_links(connection, entries)
    entry = tables.entries.c
    mine = update(tables.entries).where(
        entry.listing_sha256 == bindparam("of_listing"), entry.line == bindparam("at_line")
    )
    if rows:
        connection.execute(mine.values(cluster=bindparam("named")), rows)


def _stored_links(connection: Connection, links: Iterable[str]) -> dict[str, set[str]]:
    """Return the stored clusters that have any of these links, each with those that it has."""
    entry = tables.entries.c
    one_entry = and_(entry_links.c.listing_sha256 == entry.listing_sha256, entry_links.c.line == entry.line)
    linked = select(entry.cluster, entry_links.c.link).join_from(entry_links, tables.entries, one_entry).distinct()
    found: defaultdict[str, set[str]] = defaultdict(set)
    for chunk in chunks(sorted(links)):
        for cluster, link in connection.execute(linked.where(entry_links.c.link.in_(chunk))):
            found[cluster].add(link)
    return found
