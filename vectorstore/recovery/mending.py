"""Damage of the catalogue: found, and mended where nothing is lost by it.

What is derived (papers, passages, people) is made anew from the entries, entries are read again from the kept copies of
the listings, and vectors are embedded again.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Connection, Engine

from vectorstore.catalogue import tables
from vectorstore.catalogue.catalogue import read_only_uri
from vectorstore.catalogue.clusters import link_again
from vectorstore.catalogue.ingestion import OF_PAPERS, merge, store_again
from vectorstore.catalogue.seals import add_functions, is_sealed_in_sql, schema_is_as_sealed
from vectorstore.catalogue.stored_entries import clusters_with
from vectorstore.catalogue.tables import chunks
from vectorstore.embedders.embeddings import text_key
from vectorstore.listings.entry import Listing

DERIVED = frozenset((*OF_PAPERS, "passages", "author_aliases", "entry_links", "lookups"))
_VECTORS = frozenset(("embeddings", "word_codes"))
_MENDABLE = DERIVED | _VECTORS | {"entries"}
_OF_AN_INDEX = ("missing from index", "in index", "entry in index")  # what SQLite says of an index alone
_MOST_SAID = 3


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a catalogue: what SQLite says, and how many rows of which tables are not as they were."""

    pages: tuple[str, ...]
    rows: Mapping[str, int]

    @property
    def is_mendable(self) -> bool:
        """Tell whether all that is damaged can be made again."""
        of_indexes = all(any(part in said for part in _OF_AN_INDEX) for said in self.pages)
        return of_indexes and _MENDABLE.issuperset(self.rows)

    def __str__(self) -> str:
        rows = [f"{count} {'row' if count == 1 else 'rows'} of {name}" for name, count in sorted(self.rows.items())]
        said = [*self.pages[:_MOST_SAID], *([f"not as they were written: {', '.join(rows)}"] if rows else [])]
        return "; ".join(said)


def damage_of(file: Path) -> Damage | None:
    """Return what is damaged in a catalogue's file, or None. It is read as a whole: 300 MB take some seconds."""
    try:
        with closing(opened_to_read(file)) as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
            pages = [] if said == ["ok"] else said
            if not schema_is_as_sealed(connection):
                pages.append("its schema is not as it was written")
            if not _has_version(connection):
                pages.append("the version that wrote it is no number")
            rows = dict(_unsound_rows(connection))
    except sqlite3.Error as error:
        return Damage((str(error),), {})
    return Damage(tuple(pages), rows) if pages or rows else None


def _has_version(connection: sqlite3.Connection) -> bool:
    """Tell whether what stands as the version is a number; nothing does before anything was stored."""
    name = tables.versions.name
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone():
        return True
    return not connection.execute(f"SELECT 1 FROM \"{name}\" WHERE typeof(version) <> 'integer'").fetchone()


def opened_to_read(file: Path) -> sqlite3.Connection:
    """Return a connection that writes nothing. Raises sqlite3.Error."""
    connection = sqlite3.connect(read_only_uri(file), uri=True)
    add_functions(connection)
    return connection


def opened_to_write(file: Path) -> sqlite3.Connection:
    """Return a connection that heeds no foreign keys. Raises sqlite3.Error."""
    connection = sqlite3.connect(file)
    add_functions(connection)
    return connection


def sealed_tables(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield the tables whose rows are sealed, each with the SQL condition that a row is as it was written."""
    names = connection.execute("SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1")
    for (name,) in names.fetchall():
        columns = [(row[1], row[2]) for row in connection.execute(f'PRAGMA table_info("{name}")') if row[1] != "seal"]
        yield name, is_sealed_in_sql(name, columns)


def _unsound_rows(connection: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    for name, sealed in sealed_tables(connection):
        (count,) = connection.execute(f'SELECT count(*) FROM "{name}" WHERE NOT {sealed}').fetchone()
        if count:
            yield name, count


def mend(engine: Engine, damage: Damage, listings: Sequence[Listing]) -> bool:
    """Mend damage that is mendable; `listings` are those that were kept. Return whether all is there again: if not,
    nothing was changed."""
    with engine.begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        before = connection.scalar(select(func.count()).select_from(tables.entries))
        if damage.pages:
            connection.exec_driver_sql("REINDEX")
        _delete_unsound(connection, damage.rows)
        if not _VECTORS.isdisjoint(damage.rows):
            embed_again(connection)
        if not _VECTORS.issuperset(damage.rows):
            make_again(connection, listings)
        whole = connection.scalar(select(func.count()).select_from(tables.entries)) == before
        if not whole:
            connection.rollback()
        return whole


def make_again(connection: Connection, listings: Sequence[Listing]) -> None:
    """Read again the listings whose entries are not all there, and make anew what is derived from the entries."""
    for listing in listings:
        store_again(connection, listing)
    link_again(connection)
    merge(connection, clusters_with(connection))


def _delete_unsound(connection: Connection, damaged: Mapping[str, int]) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    for name, sealed in list(sealed_tables(driver)):
        if name in damaged:
            connection.exec_driver_sql(f'DELETE FROM "{name}" WHERE NOT {sealed}')


def embed_again(connection: Connection) -> None:
    """Have those passages indexed again of which a vector, or the words, were deleted: both are embedded at once."""
    vectors, words = tables.embeddings.c, tables.word_codes.c
    models_with_words = select(words.model).distinct()
    whole = select(words.text_sha256).where(words.model == vectors.model)
    lacking = vectors.model.in_(models_with_words) & vectors.text_sha256.not_in(whole)
    connection.execute(delete(tables.embeddings).where(lacking))
    known = set(connection.scalars(select(vectors.text_sha256)))
    passages = connection.execute(select(tables.passages).where(tables.passages.c.state == "indexed"))
    lost = [row.passage_id for row in passages if text_key(tables.passage_of(row).embedded_text) not in known]
    for chunk in chunks(lost):
        connection.execute(update(tables.passages).where(tables.passages.c.passage_id.in_(chunk)).values(state="new"))
