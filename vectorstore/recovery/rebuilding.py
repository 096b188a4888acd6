"""A catalogue made anew out of what is left of a damaged one, its newest backup and the kept listings."""

import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, MetaData, Table

from vectorstore.catalogue import tables
from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.catalogue.seals import create_sealed, seal_file
from vectorstore.folder import LibraryFolder
from vectorstore.listing_files import SkippedLine, kept_listings
from vectorstore.recovery.backups import Backups, made
from vectorstore.recovery.mending import (
    DERIVED,
    Damage,
    damage_of,
    embed_again,
    make_again,
    opened_to_read,
    opened_to_write,
)
from vectorstore.recovery.salvage import SoundRow, Value, sound_rows
from vectorstore.search.indexes import is_sealed

_Key = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What is damaged in a library: its catalogue, copies of listings, backups, and indexes, which are made again.

    `uncopied` are the names of listings of which there is no copy; nothing is lost while the catalogue is whole.
    """

    catalogue: Damage | None
    listings: tuple[SkippedLine, ...]
    uncopied: tuple[str, ...]
    backups: tuple[str, ...]
    indexes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many rows of each table were taken from where. `lost` counts those that are in neither, by table; a table
    whose keys could not be read either is in `unknown`: more of its rows may be lost."""

    salvaged: Mapping[str, int]
    from_backup: Mapping[str, int]
    lost: Mapping[str, int]
    unknown: tuple[str, ...]
    backup_made: datetime | None
    damaged_file: Path


def check(folder: LibraryFolder) -> Checked:
    """Check all that a library keeps, whatever its seals say."""
    file = folder.catalogue
    damage = damage_of(file) if file.exists() else Damage(("it is missing",), {})
    _, listings = kept_listings(folder)
    backups = Backups(folder.backups, file).damaged()
    indexes = [path for path in folder.indexes() if not is_sealed(path)]
    return Checked(
        catalogue=damage,
        listings=tuple(listings),
        uncopied=() if damage else _uncopied(folder),
        backups=tuple(one.name for one in backups),
        indexes=tuple(map(str, indexes)),
    )


def _uncopied(folder: LibraryFolder) -> tuple[str, ...]:
    with closing(opened_to_read(folder.catalogue)) as connection:
        stored = connection.execute("SELECT sha256, name FROM listings ORDER BY name, sha256").fetchall()
    return tuple(name for sha256, name in stored if not folder.has_copy(sha256))


def rebuild(folder: LibraryFolder, schemas: Sequence[MetaData]) -> Rebuilt:
    """Make the catalogue anew; `schemas` are those of all that is kept in it. The damaged file is put into `damaged/`.

    What is in the backup alone is taken from it if it was in the damaged file, too, as far as that can be told.
    """
    stored = [table for schema in schemas for table in schema.sorted_tables if table.name not in DERIVED]
    file, backup = folder.catalogue, next(iter(Backups(folder.backups, folder.catalogue).all()), None)
    salvaged = _by_key(sound_rows(file, stored), stored) if file.is_file() else {table.name: {} for table in stored}
    of_backup = _by_key(sound_rows(backup, stored), stored) if backup else {table.name: {} for table in stored}
    expected = {table.name: _keys_in(file, table) for table in stored}
    filled = {
        name: {key: row for key, row in rows.items() if key not in salvaged[name] and _was_there(key, expected[name])}
        for name, rows in of_backup.items()
    }
    listings, _ = kept_listings(folder)
    new = folder.path / "catalogue.rebuilt"
    for leftover in folder.path.glob(f"{new.name}*"):
        leftover.unlink()
    with closing(Catalogue(sqlite_url(new))) as catalogue:
        for schema in schemas:
            with catalogue.engine.begin() as connection:
                create_sealed(connection, schema)
        _insert(new, stored, {name: [*salvaged[name].values(), *rows.values()] for name, rows in filled.items()})
        with catalogue.engine.begin() as connection:
            embed_again(connection)
            make_again(connection, listings)
        put_away = {copy.parent.name.partition("@")[0] for copy, _ in folder.removed_listings()}
        for listing in listings:  # that it was removed may be known by the place of its copy alone
            if listing.sha256[:12] in put_away and listing.sha256 not in catalogue.removals.listings():
                catalogue.removals.remove_listing(listing.sha256)
        there = {table.name: _keys_in(new, table) or set() for table in stored}
    kept = _put_aside(folder)
    new.replace(file)
    seal_file(file)
    lost = {name: len(keys - there[name]) for name, keys in expected.items() if keys is not None}
    return Rebuilt(
        salvaged={name: len(rows) for name, rows in salvaged.items()},
        from_backup={name: len(rows) for name, rows in filled.items() if rows},
        lost={name: count for name, count in lost.items() if count},
        unknown=tuple(name for name, keys in expected.items() if keys is None),
        backup_made=made(backup) if backup else None,
        damaged_file=kept,
    )


def _was_there(key: _Key, expected: set[_Key] | None) -> bool:
    return expected is None or key in expected


def _identity(table: Table) -> list[Column[Any]]:
    """Return the columns that a row is known by: not its number where it has an id."""
    unique = [column for column in table.columns if column.unique]
    number = table.autoincrement_column is not None
    return unique if number and unique else list(table.primary_key)


def _by_key(rows: Mapping[str, Sequence[SoundRow]], stored: Sequence[Table]) -> dict[str, dict[_Key, SoundRow]]:
    return {
        table.name: {tuple(row[column.name] for column in _identity(table)): row for row in rows[table.name]}
        for table in stored
    }


def _keys_in(file: Path, table: Table) -> set[_Key] | None:
    """Return what rows a database has by its keys, which an index may tell where the rows are damaged; None if even
    that cannot be read."""
    if not file.exists():
        return None
    columns = ", ".join(f'"{column.name}"' for column in _identity(table))
    try:
        with closing(opened_to_read(file)) as connection:
            connection.text_factory = lambda content: content.decode("utf-8", "replace")
            names = set(connection.execute("SELECT name FROM sqlite_master").fetchall())
            if (table.name,) not in names:  # it was not made yet, or the schema is lost
                return set() if (tables.versions.name,) in names else None
            return set(connection.execute(f'SELECT {columns} FROM "{table.name}"'))
    except sqlite3.Error:
        return None


def _insert(file: Path, stored: Sequence[Table], rows: Mapping[str, Sequence[SoundRow]]) -> None:
    """Insert rows as they are; what belongs to a listing or a deletion that is lost is left out."""
    with closing(opened_to_write(file)) as connection:
        for table in stored:
            names = [column.name for column in table.columns]
            places = ", ".join("?" * len(names))
            columns = ", ".join(f'"{name}"' for name in names)
            statement = f'INSERT OR IGNORE INTO "{table.name}" ({columns}) VALUES ({places})'
            connection.executemany(statement, ([row[name] for name in names] for row in rows[table.name]))
        for name, rowid, *_ in connection.execute("PRAGMA foreign_key_check").fetchall():
            if name in tables.schema.tables:
                connection.execute(f'DELETE FROM "{name}" WHERE rowid = ?', (rowid,))
        connection.commit()


def _put_aside(folder: LibraryFolder) -> Path:
    """Move the damaged file, and the log beside it, out of the way; an earlier one is removed."""
    place = folder.damaged
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for file in folder.path.glob(f"{folder.catalogue.name}*"):
        file.replace(place / file.name)
    return place / folder.catalogue.name
