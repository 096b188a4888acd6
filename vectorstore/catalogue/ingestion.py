"""Listings -> the catalogue's rows: entries, the papers merged from them, their people, names and passages.

A listing is stored a batch of entries a transaction. One of which not all entries are stored yet is noted, so that
whoever opens the library next goes on with it.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Column, String, Table, delete, exists, func, select, update
from sqlalchemy.engine import Connection

from vectorstore.catalogue import author_decisions, tables
from vectorstore.catalogue.citation_keys import keep_keys, store_keys
from vectorstore.catalogue.clusters import clusters_for, store_links
from vectorstore.catalogue.moved_papers import note_moved
from vectorstore.catalogue.seals import insert_sealed
from vectorstore.catalogue.stored_entries import apart_in, clusters_with, printed_in, removals, removed_in
from vectorstore.catalogue.tables import chunks
from vectorstore.listings.entry import Entry, Listing
from vectorstore.papers.coined_names import coined_names
from vectorstore.papers.field_conflicts import PrintedEntry
from vectorstore.papers.grouping import Provenance
from vectorstore.papers.paper import Paper, merged
from vectorstore.papers.passages import Passage, split_paper

OF_PAPERS = ("papers", "people", "coined_names", "citation_keys")  # the tables of what is made anew with each paper
ENTRIES_A_BATCH = 2000  # stored in about a second
unfinished = Table("unfinished_listings", tables.schema, Column("listing_sha256", String(64), primary_key=True))
Transaction = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class Change:
    """The ids of the papers that came and of those that are gone, the passages to be indexed, and how many entries
    were stored."""

    came: AbstractSet[str] = frozenset()
    gone: AbstractSet[str] = frozenset()
    passages: Sequence[Passage] = ()
    entries: int = 0

    def and_then(self, later: "Change") -> "Change":
        """Return what this change did and a later one, together."""
        return Change(
            (self.came - later.gone) | (later.came - self.gone),
            (self.gone - later.came) | (later.gone - self.came),
            [*self.passages, *later.passages],
            self.entries + later.entries,
        )


def announce(connection: Connection, listings: Iterable[Listing]) -> None:
    """Store those of the listings that are not stored, as yet without their entries."""
    stored = set(connection.scalars(select(tables.listings.c.sha256)))
    new = {listing.sha256: listing for listing in listings if listing.sha256 not in stored}
    insert_sealed(connection, tables.listings, [_listing_row(listing) for listing in new.values()])
    insert_sealed(connection, unfinished, [{"listing_sha256": sha256} for sha256 in new])


def unfinished_in(connection: Connection) -> set[str]:
    """Return the SHA-256 of the listings of which not all entries are stored."""
    return set(connection.scalars(select(unfinished.c.listing_sha256)))


def take_for_finished(connection: Connection, sha256s: Collection[str]) -> None:
    for chunk in chunks(sorted(sha256s)):
        connection.execute(delete(unfinished).where(unfinished.c.listing_sha256.in_(chunk)))


def give_up(connection: Connection, sha256s: Collection[str]) -> None:
    """Leave those of the listings that are unfinished as they are; one without any entry is none."""
    left = sorted(unfinished_in(connection).intersection(sha256s))
    take_for_finished(connection, left)
    listed = tables.listings.c
    is_empty = ~exists().where(tables.entries.c.listing_sha256 == listed.sha256)
    for chunk in chunks(left):
        connection.execute(delete(tables.listings).where(listed.sha256.in_(chunk), is_empty))


def stored_in_batches(begin: Transaction, listing: Listing) -> Iterator[tuple[Change, int]]:
    """Store those entries of a listing, which was announced, that are not stored; replace it if it is read again with
    another date, bring it back if it was removed. Yield each change once it is stored, and how many entries are left.
    """
    with begin() as connection:
        change, lacking = _begun(connection, listing)
        if not lacking:
            take_for_finished(connection, [listing.sha256])
    yield change, len(lacking)
    while lacking:
        batch, lacking = lacking[:ENTRIES_A_BATCH], lacking[ENTRIES_A_BATCH:]
        with begin() as connection:
            change = _store_entries(connection, listing, batch)
            if not lacking:
                take_for_finished(connection, [listing.sha256])
        yield change, len(lacking)


def _begun(connection: Connection, listing: Listing) -> tuple[Change, Sequence[Entry]]:
    """Return what of a listing changes at once, and which of its entries are still to be stored."""
    undone = connection.execute(delete(removals).where(removals.c.listing_sha256 == listing.sha256)).rowcount
    stored = _stored_lines(connection, listing)
    is_partly_stored = stored is not None and listing.sha256 in unfinished_in(connection)
    if stored is None or (len(stored) != len(listing.entries) and not is_partly_stored):
        change = merge(connection, _replace_listing(connection, listing))
        return replace(change, entries=len(listing.entries)), ()
    change = merge(connection, _clusters_of(connection, listing)) if undone else Change()
    lacking = [entry for entry in listing.entries if entry.line not in stored]
    return replace(change, entries=len(stored) if undone else 0), lacking


def store_again(connection: Connection, listing: Listing) -> None:
    """Store a listing that is not stored as it is read now. Its entries are still to be merged."""
    stored = _stored_lines(connection, listing)
    if stored is None or len(stored) != len(listing.entries):
        _replace_listing(connection, listing)
        take_for_finished(connection, [listing.sha256])


def _stored_lines(connection: Connection, listing: Listing) -> set[int] | None:
    """Return the lines of the entries of a listing that are stored; None if it is not stored as it is dated now."""
    listed, entry = tables.listings.c, tables.entries.c
    dates = connection.execute(select(listed.as_of).where(listed.sha256 == listing.sha256)).all()
    if not dates or listing.as_of not in (None, dates[0].as_of):
        return None
    return set(connection.scalars(select(entry.line).where(entry.listing_sha256 == listing.sha256)))


def _clusters_of(connection: Connection, listing: Listing) -> set[str]:
    return clusters_with(connection, tables.entries.c.listing_sha256 == listing.sha256)


def _listing_row(listing: Listing) -> dict[str, Any]:
    return {
        "sha256": listing.sha256,
        "name": listing.name,
        "kind": listing.kind,
        "as_of": listing.as_of,
        "owner": listing.owner,
        "figures": json.dumps(asdict(listing.figures)),
    }


def _replace_listing(connection: Connection, listing: Listing) -> set[str]:
    """Store a listing and its entries anew; return the clusters of those that it has now and had before."""
    before = _clusters_of(connection, listing)
    connection.execute(delete(tables.listings).where(tables.listings.c.sha256 == listing.sha256))
    insert_sealed(connection, tables.listings, [_listing_row(listing)])
    return before.union(one.cluster for one in _insert_entries(connection, listing, listing.entries))


def _insert_entries(connection: Connection, listing: Listing, entries: Sequence[Entry]) -> list[PrintedEntry]:
    """Store entries of a listing that is stored, and return them with their clusters."""
    keyed = {(listing.sha256, entry.line): entry for entry in entries}
    clusters = clusters_for(connection, keyed)
    rows = [
        {"listing_sha256": key[0], "line": key[1], "cluster": clusters[key], "record": tables.record_of(entry)}
        for key, entry in keyed.items()
    ]
    insert_sealed(connection, tables.entries, rows)
    store_links(connection, keyed)
    return [
        PrintedEntry(
            Provenance(listing.name, entry.line, listing.sha256, listing.owner), listing.kind, entry, clusters[key]
        )
        for key, entry in keyed.items()
    ]


def _store_entries(connection: Connection, listing: Listing, entries: Sequence[Entry]) -> Change:
    """Store entries of a listing and merge their papers. Those of a paper that is new are not read to be merged."""
    printed: defaultdict[str, list[PrintedEntry]] = defaultdict(list)
    for one in _insert_entries(connection, listing, entries):
        printed[one.cluster].append(one)
    change = merge(connection, printed, all_of=_wholly_in(connection, printed))
    return replace(change, entries=len(entries))


def _wholly_in(
    connection: Connection, printed: Mapping[str, Sequence[PrintedEntry]]
) -> dict[str, Sequence[PrintedEntry]]:
    """Return those of the clusters that have no other entries than these."""
    cluster = tables.entries.c.cluster
    counted = select(cluster, func.count()).group_by(cluster)
    return {
        name: printed[name]
        for chunk in chunks(sorted(printed))
        for name, count in connection.execute(counted.where(cluster.in_(chunk)))
        if count == len(printed[name])
    }


def merge(
    connection: Connection, clusters: Collection[str], *, all_of: Mapping[str, Sequence[PrintedEntry]] | None = None
) -> Change:
    """Merge all entries in these clusters anew. `all_of` has those of clusters that are new."""
    change = Change()
    for chunk in chunks(sorted(clusters)):
        change = change.and_then(_merge(connection, chunk, all_of or {}))
    author_decisions.renew(connection)
    return change


def _merge(connection: Connection, clusters: Sequence[str], all_of: Mapping[str, Sequence[PrintedEntry]]) -> Change:
    read = [cluster for cluster in clusters if cluster not in all_of]
    printed = [one for cluster in clusters for one in all_of.get(cluster, ())] + printed_in(connection, read)
    removed, apart = removed_in(connection, clusters), apart_in(connection, clusters)
    papers = merged(((one.place, one.entry) for one in printed), removed=removed, apart=apart)
    of_before = select(tables.papers.c.paper_id, tables.papers.c.entries).where(tables.papers.c.cluster.in_(read))
    printed_before = {row.paper_id: tables.provenances_of(row.entries) for row in connection.execute(of_before)}
    before = set(printed_before)
    connection.execute(delete(tables.papers).where(tables.papers.c.cluster.in_(read)))
    of_entry = {one.place.key: one.cluster for one in printed}
    rows = [tables.paper_row(paper, of_entry[paper.entries[0].key]) for paper in papers]
    insert_sealed(connection, tables.papers, rows)
    moved = _moved(printed_before, papers)
    note_moved(connection, moved, [paper.paper_id for paper in papers])
    keep_keys(connection, moved)
    author_decisions.keep_papers(connection, moved)
    store_keys(connection, papers)
    insert_sealed(connection, tables.people, [row for paper in papers for row in tables.people_rows(paper)])
    coined = [{"paper_id": paper.paper_id, "name": name} for paper in papers for name in sorted(coined_names(paper))]
    insert_sealed(connection, tables.coined, coined)
    after = {paper.paper_id for paper in papers}
    return Change(after - before, before - after, _store_passages(connection, papers, before))


def _moved(before: Mapping[str, Collection[Provenance]], papers: Sequence[Paper]) -> dict[str, str]:
    """Return the new ids of papers whose id is another now, since a longer title was read, by the old ones."""
    ids = {paper.paper_id for paper in papers}
    by_entry = {provenance.key: paper.paper_id for paper in papers for provenance in paper.entries}
    gone = {paper_id: entries for paper_id, entries in before.items() if paper_id not in ids}
    now = {
        old: next((by_entry[one.key] for one in entries if one.key in by_entry), None) for old, entries in gone.items()
    }
    return {old: new for old, new in now.items() if new}


def _store_passages(connection: Connection, papers: Sequence[Paper], before: Collection[str]) -> list[Passage]:
    """Bring the passages of `papers` up to date, and return those to be indexed; those whose text is as before keep
    their place in the indexes."""
    ids = sorted({paper.paper_id for paper in papers} | set(before))
    stored = {
        row.passage_id: row
        for chunk in chunks(ids)
        for row in connection.execute(select(tables.passages).where(tables.passages.c.paper_id.in_(chunk)))
    }
    wanted = {passage.passage_id: passage for paper in papers for passage in split_paper(paper)}
    stale = [key for key, row in stored.items() if row.state == "gone" or wanted.get(key) != tables.passage_of(row)]
    for chunk in chunks([key for key in stale if key in wanted]):
        connection.execute(delete(tables.passages).where(tables.passages.c.passage_id.in_(chunk)))
    for chunk in chunks([key for key in stale if key not in wanted]):
        connection.execute(update(tables.passages).where(tables.passages.c.passage_id.in_(chunk)).values(state="gone"))
    new = [passage for key, passage in wanted.items() if key not in stored or key in stale]
    insert_sealed(connection, tables.passages, [{**tables.fields_of(passage), "state": "new"} for passage in new])
    return new
