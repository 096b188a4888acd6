"""Listings -> the catalogue's rows: entries, the papers merged from them, their people, names and passages."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from vectorstore import decisions, tables
from vectorstore.citation_keys import store_keys
from vectorstore.coined_names import coined_names
from vectorstore.listings.entry import Listing
from vectorstore.papers import Paper, Provenance, merged, title_key
from vectorstore.passages import split_paper
from vectorstore.tables import chunks


def is_stored(connection: Connection, listing: Listing) -> bool:
    row = connection.execute(select(tables.listings).where(tables.listings.c.sha256 == listing.sha256)).one_or_none()
    return row is not None and (listing.as_of is None or row.as_of == listing.as_of)


def store_listing(connection: Connection, listing: Listing) -> int:
    """Store one listing, or replace it if it is read again with another date; return the number of new papers."""
    mine = tables.entries.c.listing_sha256 == listing.sha256
    keys = set(connection.scalars(select(tables.entries.c.title_key).where(mine)))
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
    rows = [
        {
            "listing_sha256": listing.sha256,
            "line": entry.line,
            "title_key": title_key(entry.title),
            "record": tables.record_of(entry),
        }
        for entry in listing.entries
    ]
    if rows:
        connection.execute(insert(tables.entries), rows)
    keys |= {title_key(entry.title) for entry in listing.entries}
    return sum(_merge(connection, chunk) for chunk in chunks(sorted(keys)))


def _merge(connection: Connection, keys: Sequence[str]) -> int:
    """Merge all entries with these title keys anew; return how many papers were not there before."""
    joined = select(tables.entries.c.record, tables.entries.c.line, tables.listings).join(tables.listings)
    papers = merged(
        (Provenance(row.name, row.line, row.sha256, row.owner), tables.entry_of(row.record))
        for row in connection.execute(joined.where(tables.entries.c.title_key.in_(keys)))
    )
    before = set(connection.scalars(select(tables.papers.c.paper_id).where(tables.papers.c.title_key.in_(keys))))
    connection.execute(delete(tables.papers).where(tables.papers.c.title_key.in_(keys)))
    if papers:
        connection.execute(insert(tables.papers), [tables.paper_row(paper) for paper in papers])
    store_keys(connection, papers)
    people = [row for paper in papers for row in tables.people_rows(paper)]
    if people:
        connection.execute(insert(tables.people), people)
        decisions.renew(connection)
    coined = [{"paper_id": paper.paper_id, "name": name} for paper in papers for name in sorted(coined_names(paper))]
    if coined:
        connection.execute(insert(tables.coined), coined)
    _store_passages(connection, papers, before)
    return len({paper.paper_id for paper in papers} - before)


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
