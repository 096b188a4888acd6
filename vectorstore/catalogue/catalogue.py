"""The catalogue: every listing, entry, paper, passage and embedding, in SQLite (or PostgreSQL by URL).

It is the source of truth. Chroma and tantivy are indexes of its passages and can be rebuilt from it.
"""

import json
import re
import shlex
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    URL,
    Table,
    and_,
    case,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    make_url,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, ExceptionContext
from sqlalchemy.schema import CreateIndex

from vectorstore.catalogue import tables
from vectorstore.catalogue.citation_keys import fill_if_empty, given_keys, keys_of
from vectorstore.catalogue.clusters import link_again
from vectorstore.catalogue.ingestion import (
    OF_PAPERS,
    Change,
    announce,
    give_up,
    merge,
    stored_in_batches,
    unfinished,
    unfinished_in,
)
from vectorstore.catalogue.lookups import Lookups
from vectorstore.catalogue.merges import Merges
from vectorstore.catalogue.moved_papers import former_in, moved_in
from vectorstore.catalogue.namesakes import Namesakes
from vectorstore.catalogue.removals import Removals
from vectorstore.catalogue.seals import add_functions, create_sealed, has_log, seal_schema, sound, verified
from vectorstore.catalogue.stored_entries import clusters_with, printed_in, removed_listings, stored_listings
from vectorstore.catalogue.tables import chunks
from vectorstore.errors import LibraryDamaged, LibraryError, LibraryTooNew, LibraryUnwritable
from vectorstore.listings.entry import Listing, ProfileFigures, Publication
from vectorstore.papers.field_conflicts import Conflict, conflicts
from vectorstore.papers.paper import Paper, PaperText
from vectorstore.papers.passages import Passage

# 2: embeddings come with word codes; 3: rows are sealed; 4: papers say where they appeared; 5: former ids are kept
SCHEMA_VERSION = 5
WITH_WORD_CODES = 2
WITH_PUBLICATIONS = 4
# What SQLite says where it cannot get at a file; all else that it says of one is damage.
_NO_ACCESS = ("unable to open", "readonly", "disk is full", "disk I/O error", "locked", "interrupted")
_LOCK_SECONDS = 60  # how long a thread waits for another one's transaction


class Catalogue:
    """The tables of one library. Every method but `add` is one transaction."""

    def __init__(self, url: str | URL, *, read_only: bool = False) -> None:
        """Open the catalogue at a SQLAlchemy `url`, creating its tables if they are missing.

        With `read_only` nothing is written: citation keys that a paper was not given yet, and vectors, are not kept.
        Raises LibraryTooNew if a newer version wrote it, LibraryDamaged if it cannot be read.
        """
        is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._read_only = read_only
        self._engine = create_engine(url, connect_args={"timeout": _LOCK_SECONDS} if is_sqlite else {})
        event.listen(self._engine, "handle_error", _translated)
        if is_sqlite:
            event.listen(self._engine, "connect", _tune_reader if read_only else _tune_sqlite)
        try:
            self._check_version() if read_only else self._create_tables()
        except BaseException:
            self.close()
            raise
        self.namesakes = Namesakes(self._engine)
        self.removals = Removals(self._engine)
        self.merges = Merges(self._engine)
        self.lookups = Lookups(self._engine)

    def _check_version(self) -> None:
        with self._engine.connect() as connection:
            version = _version_in(connection)
        if version is None or version < SCHEMA_VERSION:
            raise LibraryError(
                "The library was written by an older version; open it once where it can be written, while no other"
                " program has it open."
            )

    def _create_tables(self) -> None:
        with self._engine.begin() as connection:
            tables.versions.create(connection, checkfirst=True)
            version = _version_in(connection)
            if version is not None and version < WITH_PUBLICATIONS:
                _drop_papers(connection)
            create_sealed(connection, tables.schema)
            for index in tables.indexes:  # of a library that an earlier version made, too
                connection.execute(CreateIndex(index, if_not_exists=True))
            if version is None:
                connection.execute(insert(tables.versions).values(version=SCHEMA_VERSION))
            elif version < SCHEMA_VERSION:
                _upgrade(connection, version)
            fill_if_empty(connection)
            seal_schema(connection)

    @property
    def engine(self) -> Engine:
        """The database, for what else is kept in it."""
        return self._engine

    def close(self) -> None:
        self._engine.dispose()

    def empty_log(self) -> None:
        """Bring all that was written into the one file, so that nothing that was deleted stays in the log."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    # -- listings and papers

    def add(
        self, listings: Collection[Listing], *, on_stored: Callable[[Change, int, int], None] | None = None
    ) -> tuple[int, int]:
        """Store `listings` and merge their papers; return how many papers are new, and how many entries
        joined a paper that was already there. A listing that is stored already changes nothing, one that was removed
        comes back.

        It is a transaction a batch: after each, `on_stored(change, done, total)` is told of it, and how many entries
        are done. When it raises, or the process is killed, what was stored stays; `unfinished` has what was not.
        """
        self.announce(listings)
        total, done = sum(len(listing.entries) for listing in listings), 0
        added = joined = 0
        for listing in listings:
            of_listing = Change()
            done += len(listing.entries)
            for change, left in stored_in_batches(self._engine.begin, listing):
                if on_stored:
                    on_stored(change, done - left, total)
                of_listing = of_listing.and_then(replace(change, passages=()))
            added += len(of_listing.came)
            joined += of_listing.entries - len(of_listing.came)
        return added, joined

    def announce(self, listings: Collection[Listing]) -> None:
        """Store those of the listings that are not stored, as yet without their entries: they are unfinished."""
        with self._engine.begin() as connection:
            announce(connection, listings)

    def unfinished(self) -> set[str]:
        """Return the SHA-256 of the listings of which not all entries are stored, those that are removed left out."""
        with self._engine.connect() as connection:
            if self._read_only and not inspect(connection).has_table(unfinished.name):
                return set()  # an earlier version stored whole listings
            return unfinished_in(connection) - set(connection.scalars(removed_listings))

    def give_up(self, sha256s: Collection[str]) -> None:
        """Let listings of which not all entries are stored stay so; one without any entry is none."""
        with self._engine.begin() as connection:
            give_up(connection, sha256s)

    def is_empty(self) -> bool:
        with self._engine.connect() as connection:
            return connection.scalar(select(tables.papers.c.paper_id).limit(1)) is None

    def papers(self, ids: Collection[str] | None = None) -> list[Paper]:
        """Return all papers, or those with `ids` (unknown ids are left out), sorted by id."""
        statement = tables.selected_papers.order_by(tables.papers.c.paper_id)
        with self._engine.connect() as connection:
            if ids is None:
                return [tables.paper_of(row) for row in connection.execute(statement)]
            return [
                tables.paper_of(row)
                for chunk in chunks(sorted(set(ids)))
                for row in connection.execute(statement.where(tables.papers.c.paper_id.in_(chunk)))
            ]

    def moved(self, paper_ids: Collection[str]) -> dict[str, str]:
        """Return the ids that papers have now which had one of these before, by the former ones."""
        with self._engine.connect() as connection:
            return moved_in(connection, paper_ids)

    def former_ids(self, paper_ids: Collection[str]) -> set[str]:
        """Return the ids that these papers had before."""
        with self._engine.connect() as connection:
            return former_in(connection, paper_ids)

    def citation_keys(self, paper_ids: Collection[str]) -> dict[str, str]:
        r"""Return the key for \cite of each paper by its id. It is no other paper's, and stays what it is."""
        with self._engine.connect() as connection:
            given, new = keys_of(connection, paper_ids)
        if self._read_only:
            return given | new
        if new:
            with self._engine.begin() as connection:
                while new:  # again if another thread was first
                    self._insert(connection, given_keys, [{"paper_id": one, "key": key} for one, key in new.items()])
                    given, new = keys_of(connection, paper_ids)
        return given

    def papers_of_keys(self, keys: Collection[str]) -> dict[str, str]:
        r"""Return the ids of the papers that have these keys for \cite, or would be given them; none is given."""
        with self._engine.connect() as connection:
            ids = connection.scalars(select(tables.papers.c.paper_id)).all()
            given, new = keys_of(connection, ids)
        return {key: paper_id for paper_id, key in (given | new).items() if key in keys}

    def conflicts_of(self, paper: Paper) -> tuple[Conflict, ...]:
        """Return the fields in which the listings of `paper` contradict each other."""
        if len(paper.entries) < 2:
            return ()
        with self._engine.connect() as connection:
            mine = select(tables.papers.c.cluster).where(tables.papers.c.paper_id == paper.paper_id)
            printed = printed_in(connection, set(connection.scalars(mine)))
        return conflicts(one for one in printed if one.place in paper.entries)  # not those of a namesake

    def paper_ids(self, conditions: Iterable[Any], *, among: Collection[str] | None = None) -> list[str]:
        """Return the ids of the papers, of those `among` if given, that meet all SQL `conditions` on the tables of
        `filters`, sorted."""
        # All ids in one string: 20,000 rows take three times as long.
        ids = select(func.aggregate_strings(tables.papers.c.paper_id, " "))
        with self._engine.connect() as connection:
            if among is None:
                return sorted((connection.scalar(ids.where(*conditions)) or "").split())
            # CASE keeps the database from going through all papers of a category instead of the few that are asked for.
            met = case((and_(true(), *conditions), 1), else_=0) == 1
            found = [
                connection.scalar(ids.where(tables.papers.c.paper_id.in_(chunk), met))
                for chunk in chunks(sorted(set(among)))
            ]
        return sorted(paper_id for some in found if some for paper_id in some.split())

    def people(self) -> dict[str, str]:
        """Return every author's name by its folded form; of several spellings, the most frequent."""
        spelling = (tables.people.c.folded_name, tables.people.c.name)
        with self._engine.connect() as connection:
            rows = connection.execute(select(*spelling, func.count()).group_by(*spelling)).all()
        chosen: dict[str, tuple[int, str]] = {}
        for folded_name, name, count in rows:
            # Of equally frequent spellings the first in the alphabet.
            chosen[folded_name] = min(chosen.get(folded_name, (-count, name)), (-count, name))
        return {folded_name: name for folded_name, (_, name) in chosen.items()}

    def titles(self) -> list[tuple[str, str]]:
        """Return (paper_id, title) of all papers, sorted by id."""
        columns = select(tables.papers.c.paper_id, tables.papers.c.title, tables.papers_sound)
        with self._engine.connect() as connection:
            rows = connection.execute(columns.order_by(tables.papers.c.paper_id))
            return [(row.paper_id, row.title) for row in rows if verified(row, tables.A_PAPER)]

    def texts(self) -> list[PaperText]:
        """Return title, abstract and date of all papers, sorted by id: several times as fast as the papers."""
        statement = select(*tables.text_fields, tables.papers_sound).order_by(tables.papers.c.paper_id)
        with self._engine.connect() as connection:
            return [PaperText(*verified(row, tables.A_PAPER)[:-1]) for row in connection.execute(statement)]

    def coined_names(self) -> list[tuple[str, str]]:
        """Return (paper_id, name) of every name that a paper gives to what it brings."""
        statement = select(tables.coined).order_by(tables.coined.c.paper_id, tables.coined.c.name)
        with self._engine.connect() as connection:
            return [(row.paper_id, row.name) for row in connection.execute(statement)]

    def says_elsewhere(self, name: str, paper_id: str) -> bool:
        """Tell whether the abstract of another paper than `paper_id` has a name as it is printed, or its plural."""
        papers = tables.papers.c
        statement = select(papers.abstract).where(func.instr(papers.abstract, name) > 0, papers.paper_id != paper_id)
        word = re.compile(rf"(?<![\w+-]){re.escape(name)}s?(?![\w+-])")
        with self._engine.connect() as connection:
            return any(word.search(abstract) for (abstract,) in connection.execute(statement))

    def distinct(self, field: str) -> list[str]:
        """Return the values of a column of the papers ("category", "organization"), sorted."""
        column = tables.papers.c[field]
        statement = select(column).where(column.is_not(None)).distinct().order_by(column)
        with self._engine.connect() as connection:
            return list(connection.scalars(statement))

    def publications(self) -> list[tuple[str, Publication]]:
        """Return (paper_id, publication) of all papers that say where they appeared, sorted by id."""
        papers = tables.papers.c
        statement = select(papers.paper_id, papers.publication).where(papers.publication != "{}")
        with self._engine.connect() as connection:
            rows = connection.execute(statement.order_by(papers.paper_id))
            return [(row.paper_id, tables.publication_of(json.loads(row.publication))) for row in rows]

    def listings(self) -> list[tuple[str, str, str | None, int]]:
        """Return (sha256, name, owner, number of entries) of every listing, sorted by name."""
        with self._engine.connect() as connection:
            return [(row[0], row[1], row[2], row[3]) for row in connection.execute(stored_listings())]

    def listings_of_kind(self, kind: str) -> list[str]:
        """Return the names of the listings of a kind ("profile", "daily", "bibtex"), sorted."""
        listing = tables.listings.c
        statement = select(listing.name).where(listing.kind == kind, listing.sha256.not_in(removed_listings)).distinct()
        with self._engine.connect() as connection:
            return sorted(connection.scalars(statement))

    def page_headers(self, sha256s: Collection[str]) -> dict[str, tuple[date | None, ProfileFigures]]:
        """Return when a listing was saved, if that was told, and its header's figures, by the listing's SHA-256."""
        columns = select(tables.listings.c.sha256, tables.listings.c.as_of, tables.listings.c.figures)
        with self._engine.connect() as connection:
            rows = connection.execute(columns.where(tables.listings.c.sha256.in_(sorted(sha256s))))
            return {row.sha256: (row.as_of, ProfileFigures(**json.loads(row.figures))) for row in rows}

    # -- passages and their place in the indexes

    def passages(self, *, state: str | None = None) -> list[Passage]:
        """Return the passages in a `state` ("new", "indexed", "gone"), or all that are not gone."""
        wanted = tables.passages.c.state != "gone" if state is None else tables.passages.c.state == state
        statement = select(tables.passages, tables.passages_sound).where(wanted)
        with self._engine.connect() as connection:
            rows = connection.execute(statement.order_by(tables.passages.c.passage_id))
            return [tables.passage_of(verified(row, "a passage")) for row in rows]

    def count_passages(self) -> dict[str, int]:
        """Return how many passages there are in each state."""
        statement = select(tables.passages.c.state, func.count()).group_by(tables.passages.c.state)
        with self._engine.connect() as connection:
            return {"new": 0, "indexed": 0, "gone": 0} | {row[0]: row[1] for row in connection.execute(statement)}

    def papers_not_embedded(self) -> int:
        """Return how many papers have passages that are found by their words alone as yet."""
        new = tables.passages.c.state == "new"
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count(tables.passages.c.paper_id.distinct())).where(new)) or 0

    def gone_papers(self) -> set[str]:
        """Return the ids of papers that left the catalogue while the indexes still hold passages of theirs."""
        gone = select(tables.passages.c.paper_id).where(tables.passages.c.state == "gone")
        with self._engine.connect() as connection:
            return set(connection.scalars(gone.except_(select(tables.papers.c.paper_id))))

    def passages_by_id(self, ids: Collection[str]) -> dict[str, Passage]:
        """Return the passages with `ids` by their ids; unknown ones, and those that are gone, are left out."""
        found: dict[str, Passage] = {}
        with self._engine.connect() as connection:
            for chunk in chunks(sorted(ids)):
                chosen = (tables.passages.c.passage_id.in_(chunk), tables.passages.c.state != "gone")
                rows = connection.execute(select(tables.passages, tables.passages_sound).where(*chosen))
                found.update((row.passage_id, tables.passage_of(verified(row, "a passage"))) for row in rows)
        return found

    def mark_indexed(self, passage_ids: Collection[str]) -> None:
        """Record that the indexes hold these passages, or no longer hold those that were gone."""
        with self._engine.begin() as connection:
            for chunk in chunks(list(passage_ids)):
                chosen = tables.passages.c.passage_id.in_(chunk)
                connection.execute(delete(tables.passages).where(chosen, tables.passages.c.state == "gone"))
                connection.execute(update(tables.passages).where(chosen).values(state="indexed"))

    # -- the cache of embeddings

    def known(self, model: str, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return the stored vectors of `model` by the SHA-256 of their texts, without those that are damaged."""
        columns = select(tables.embeddings.c.text_sha256, tables.embeddings.c.vector).where(
            tables.embeddings.c.model == model, sound(*tables.embeddings.c)
        )
        found: dict[str, NDArray[np.float32]] = {}
        with self._engine.connect() as connection:
            for chunk in chunks(keys):
                for key, vector in connection.execute(columns.where(tables.embeddings.c.text_sha256.in_(chunk))):
                    found[key] = np.frombuffer(vector, dtype="<f4")
        return found

    def known_words(self, model: str, keys: Sequence[str]) -> dict[str, bytes]:
        """Return the stored word codes of `model` by the SHA-256 of their texts."""
        columns = select(tables.word_codes.c.text_sha256, tables.word_codes.c.codes)
        mine = columns.where(tables.word_codes.c.model == model, sound(*tables.word_codes.c))
        with self._engine.connect() as connection:
            return {
                row.text_sha256: row.codes
                for chunk in chunks(keys)
                for row in connection.execute(mine.where(tables.word_codes.c.text_sha256.in_(chunk)))
            }

    def dimensions(self, model: str) -> int | None:
        """Return the size of the stored vectors of `model`, or None if there are none."""
        one = select(tables.embeddings.c.vector).where(tables.embeddings.c.model == model).limit(1)
        with self._engine.connect() as connection:
            vector = connection.scalar(one)
        return None if vector is None else len(vector) // 4

    def remember(
        self, model: str, vectors: Mapping[str, NDArray[np.float32]], words: Mapping[str, bytes] | None = None
    ) -> None:
        """Store vectors and word codes of `model` by the SHA-256 of their texts.

        They take the place of those that are there: these may be damaged.
        """
        if self._read_only:
            return
        rows = [
            {"model": model, "text_sha256": key, "vector": np.asarray(vector, dtype="<f4").tobytes()}
            for key, vector in vectors.items()
        ]
        coded = [{"model": model, "text_sha256": key, "codes": codes} for key, codes in (words or {}).items()]
        with self._engine.begin() as connection:
            for table, values in ((tables.embeddings, rows), (tables.word_codes, coded)):
                if values:
                    self._insert(connection, table, values, replacing=True)

    def _insert(
        self,
        connection: Connection,
        table: Table,
        rows: Sequence[Mapping[str, Any]],
        *,
        replacing: bool = False,
    ) -> None:
        """Insert rows into a table; those that are there already stay as they are, or are replaced."""
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        new = dialect.insert(table)
        values = {column.name: new.excluded[column.name] for column in table.c if not column.primary_key}
        if replacing:
            connection.execute(new.on_conflict_do_update(index_elements=list(table.primary_key), set_=values), rows)
        else:
            connection.execute(new.on_conflict_do_nothing(), rows)


def _version_in(connection: Connection) -> int | None:
    """Return the version that wrote a catalogue, None for a new one. Raises LibraryTooNew."""
    version = connection.scalar(select(tables.versions.c.version))
    if version is not None and version > SCHEMA_VERSION:
        raise LibraryTooNew(
            f"The library was written by a newer version (format {version}, this program reads"
            f" {SCHEMA_VERSION}); upgrade the program, or choose another folder with --library."
        )
    return version


def _drop_papers(connection: Connection) -> None:
    """Drop the tables of papers as an older version made them; they are made anew from the entries, which had the key
    of a title where they have a cluster."""
    for name in reversed(OF_PAPERS):
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}"')
    if "title_key" in [column.name for column in connection.exec_driver_sql('PRAGMA table_info("entries")')]:
        connection.exec_driver_sql("DROP INDEX IF EXISTS ix_entries_title_key")
        connection.exec_driver_sql("ALTER TABLE entries RENAME COLUMN title_key TO cluster")


def _upgrade(connection: Connection, version: int) -> None:
    """Bring a library of an older version up to this one; one without word codes is embedded anew at the next use."""
    if version < WITH_WORD_CODES:
        connection.execute(delete(tables.embeddings))
        connection.execute(update(tables.passages).where(tables.passages.c.state == "indexed").values(state="new"))
    if version < WITH_PUBLICATIONS:
        link_again(connection)
        merge(connection, clusters_with(connection))
    connection.execute(update(tables.versions).values(version=SCHEMA_VERSION))


def is_older(file: Path) -> bool:
    """Tell whether an older version wrote a catalogue, which is not damaged: it is going to be changed."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            (version,) = connection.execute("SELECT version FROM schema_version").fetchone() or (SCHEMA_VERSION,)
        except sqlite3.OperationalError:  # it was left before anything was stored
            return False
    return bool(version < SCHEMA_VERSION)


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def read_only_url(path: Path) -> URL:
    """Return the URL of a catalogue that is only read, while another process may write it."""
    database, _, how = read_only_uri(path).partition("?")
    return URL.create("sqlite", database=database, query={**dict([how.split("=")]), "uri": "true"})


def read_only_uri(path: Path) -> str:
    """Return how SQLite opens a file without writing. Where it cannot even make the shared memory of the log beside it,
    nobody else can write either: without a log the file does not change."""
    reading = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(reading, uri=True)) as connection:
        try:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            return reading if has_log(path) else reading.replace("mode=ro", "immutable=1")
        except sqlite3.DatabaseError:  # it is damaged, which is said when it is used
            return reading
    return reading


def _tune_reader(connection: sqlite3.Connection, _record: object) -> None:
    add_functions(connection)


def _tune_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")  # readers go on while a writer works
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what a user deletes is overwritten
    add_functions(connection)


def _translated(context: ExceptionContext) -> None:
    error, engine = context.original_exception, context.engine
    place = unquote(str(engine.url.database).removeprefix("file://")) if engine is not None else "the catalogue"
    if isinstance(error, sqlite3.OperationalError) and any(reason in str(error) for reason in _NO_ACCESS):
        raise LibraryUnwritable(
            f"{place} cannot be used ({error}); check that its folder is writable and the disk is not full,"
            " or choose another folder with --library."
        ) from error
    if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
        raise damaged(Path(place), str(error)) from error


def damaged(catalogue: Path, reason: str) -> LibraryDamaged:
    """Return the error that says how to take out of a library what is left of it."""
    command = shlex.join(["python", "-m", "assistant", "check", "--rebuild", "--library", str(catalogue.parent)])
    return LibraryDamaged(
        f"{catalogue} is damaged ({reason}); this keeps all that can be read and says what was lost: {command}"
    )
