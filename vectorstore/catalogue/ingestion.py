"""Listings -> the catalogue's rows: entries, the papers merged from them, their people, names and passages."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from vectorstore.catalogue import author_decisions, tables
from vectorstore.catalogue.citation_keys import keep_keys, store_keys
from vectorstore.catalogue.clusters import clusters_for, store_links
from vectorstore.catalogue.moved_papers import note_moved
from vectorstore.catalogue.stored_entries import apart_in, clusters_with, printed_in, removals, removed_in
from vectorstore.catalogue.tables import chunks
from vectorstore.listings.entry import Listing
from vectorstore.papers.coined_names import coined_names
from vectorstore.papers.grouping import Provenance
from vectorstore.papers.paper import Paper, merged
from vectorstore.papers.passages import split_paper

OF_PAPERS = ("papers", "people", "coined_names", "citation_keys")  # the tables of what is made anew with each paper


def add_listing(connection: Connection, listing: Listing) -> tuple[int, int]:
    """Store one listing, replace it if it is read again with another date, bring it back if it was removed.

    Return how many papers are new, and how many entries joined a paper that was there.
    """
    undone = connection.execute(delete(removals).where(removals.c.listing_sha256 == listing.sha256)).rowcount
    if not _is_stored(connection, listing):
        new = merge(connection, _store_listing(connection, listing))
    elif undone:
        new = merge(connection, _clusters_of(connection, listing))
    else:
        return 0, 0
    return new, len(listing.entries) - new


def store_again(connection: Connection, listing: Listing) -> None:
    """Store a listing that is not stored as it is read now. Its entries are still to be merged."""
    if not _is_stored(connection, listing):
        _store_listing(connection, listing)


def _is_stored(connection: Connection, listing: Listing) -> bool:
    """Tell whether a listing is stored as it is read now, with none of its entries forgotten."""
    stored = select(tables.listings.c.as_of, func.count(tables.entries.c.line)).outerjoin(tables.entries)
    mine = stored.where(tables.listings.c.sha256 == listing.sha256).group_by(tables.listings.c.sha256)
    row = connection.execute(mine).one_or_none()
    return row is not None and row[1] == len(listing.entries) and listing.as_of in (None, row[0])


def _clusters_of(connection: Connection, listing: Listing) -> set[str]:
    return clusters_with(connection, tables.entries.c.listing_sha256 == listing.sha256)


def _store_listing(connection: Connection, listing: Listing) -> set[str]:
    """Store a listing and its entries; return the clusters of those that it has now and had before."""
    before = _clusters_of(connection, listing)
    connection.execute(delete(tables.listings).where(tables.listings.c.sha256 == listing.sha256))
    connection.execute(
        insert(tables.listings).values(
            sha256=listing.sha256,
            name=listing.name,
            kind=listing.kind,
            as_of=listing.as_of,
            owner=listing.owner,
            figures=json.dumps(asdict(listing.figures)),
        )
    )
    entries = {(listing.sha256, entry.line): entry for entry in listing.entries}
    clusters = clusters_for(connection, entries)
    rows = [
        {"listing_sha256": key[0], "line": key[1], "cluster": clusters[key], "record": tables.record_of(entry)}
        for key, entry in entries.items()
    ]
    if rows:
        connection.execute(insert(tables.entries), rows)
    store_links(connection, entries)
    return before | set(clusters.values())


def merge(connection: Connection, clusters: Collection[str]) -> int:
    """Merge all entries in these clusters anew; return how many papers were not there before."""
    new = sum(_merge(connection, chunk) for chunk in chunks(sorted(clusters)))
    author_decisions.renew(connection)
    return new


def _merge(connection: Connection, clusters: Sequence[str]) -> int:
    printed = printed_in(connection, clusters)
    removed, apart = removed_in(connection, clusters), apart_in(connection, clusters)
    papers = merged(((one.place, one.entry) for one in printed), removed=removed, apart=apart)
    of_before = select(tables.papers.c.paper_id, tables.papers.c.entries).where(tables.papers.c.cluster.in_(clusters))
    printed_before = {row.paper_id: tables.provenances_of(row.entries) for row in connection.execute(of_before)}
    before = set(printed_before)
    connection.execute(delete(tables.papers).where(tables.papers.c.cluster.in_(clusters)))
    if papers:
        of_entry = {one.place.key: one.cluster for one in printed}
        rows = [tables.paper_row(paper, of_entry[paper.entries[0].key]) for paper in papers]
        connection.execute(insert(tables.papers), rows)
    moved = _moved(printed_before, papers)
    note_moved(connection, moved, [paper.paper_id for paper in papers])
    keep_keys(connection, moved)
    author_decisions.keep_papers(connection, moved)
    store_keys(connection, papers)
    people = [row for paper in papers for row in tables.people_rows(paper)]
    if people:
        connection.execute(insert(tables.people), people)
    coined = [{"paper_id": paper.paper_id, "name": name} for paper in papers for name in sorted(coined_names(paper))]
    if coined:
        connection.execute(insert(tables.coined), coined)
    _store_passages(connection, papers, before)
    return len({paper.paper_id for paper in papers} - before)


def _moved(before: Mapping[str, Collection[Provenance]], papers: Sequence[Paper]) -> dict[str, str]:
    """Return the new ids of papers whose id is another now, since a longer title was read, by the old ones."""
    ids = {paper.paper_id for paper in papers}
    by_entry = {provenance.key: paper.paper_id for paper in papers for provenance in paper.entries}
    gone = {paper_id: entries for paper_id, entries in before.items() if paper_id not in ids}
    now = {
        old: next((by_entry[one.key] for one in entries if one.key in by_entry), None) for old, entries in gone.items()
    }
    return {old: new for old, new in now.items() if new}


def _store_passages(connection: Connection, papers: Sequence[Paper], before: Collection[str]) -> None:
    """Bring the passages of `papers` up to date; those whose text is as before keep their place in the indexes."""
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
    rows = [
        {**tables.fields_of(passage), "state": "new"}
        for key, passage in wanted.items()
        if key not in stored or key in stale
    ]
    if rows:
        connection.execute(insert(tables.passages), rows)
