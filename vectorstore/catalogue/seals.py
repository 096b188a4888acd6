"""Seals against damage: of each row of the catalogue, and of whole files.

SQLite's integrity check knows pages and keys, not what a text said. So each row has the CRC-32 of its values beside
them: triggers seal it whenever it is written, and `sound` tells in a query whether it is still what was sealed.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, Row, Table, insert
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from vectorstore.errors import LibraryDamaged

_BLOCK_BYTES = 1 << 20
_NO_TEXT = ("INT", "BOOL", "FLOAT", "BLOB")  # how the declared types begin whose values need no decoding
_UNLESS_SEALED = "WHEN NEW.seal IS NULL"
_SCHEMA = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
R = TypeVar("R", bound=Sequence[Any])


def row_seal(table: str, *values: bytes | str | float | None) -> int:
    """Return the CRC-32 of a row's values, texts as their bytes in UTF-8. Rows of two tables have different ones."""
    parts = [value if isinstance(value, bytes) else _bytes_of(value) for value in (table, *values)]
    return zlib.crc32(b"\x1f".join(parts))


def _bytes_of(value: str | float | None) -> bytes:
    if value is None:
        return b"\0"
    return (value if isinstance(value, str) else repr(value)).encode("utf-8", "surrogatepass")


def add_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that the schema of a catalogue uses."""
    connection.create_function("row_seal", -1, row_seal, deterministic=True)
    # SQLite's own knows ASCII alone: "É" would not be the capital of "é".
    connection.create_function("lower", 1, lambda text: text and text.lower(), deterministic=True)


class sound(FunctionElement[bool]):
    """SQL: whether a row is as it was written; made of all columns of its table."""

    type = Boolean()
    name = "sound"
    inherit_cache = True


@compiles(sound)
def _trusted(_element: sound, _compiler: Any, **_options: Any) -> str:
    return "TRUE"  # another database has checksums of its own


@compiles(sound, "sqlite")
def _compared(element: sound, _compiler: Any, **_options: Any) -> str:
    columns: list[Column[Any]] = list(element.clauses)  # type: ignore[arg-type]
    table = columns[0].table
    return is_sealed_in_sql(str(table.description), ((column.name, str(column.type)) for column in columns))


def verified(row: R, what: str) -> R:
    """Return a row that was selected with `sound`. Raises LibraryDamaged if it is not as it was written."""
    if not cast(Row[Any], row)._mapping["sound"]:
        raise LibraryDamaged(
            f"The catalogue is damaged: {what} is not as it was written; close the library and mend it with"
            " python -m assistant check --rebuild (and the same --library)."
        )
    return row


def is_sealed_in_sql(table: str, columns: Iterable[tuple[str, str]]) -> str:
    """Return the SQL condition that a row is as it was written; `columns` are all, each with its declared type."""
    return f'("{table}"."seal" IS {_seal_in_sql(table, columns)})'


def _seal_in_sql(table: str, columns: Iterable[tuple[str, str]]) -> str:
    return _sealing_call(table, ((f'"{table}"."{name}"', kind) for name, kind in columns))


def _sealing_call(table: str, values: Iterable[tuple[str, str]]) -> str:
    # As bytes, since a text that is damaged need not be UTF-8.
    taken = (value if kind.upper().startswith(_NO_TEXT) else f"CAST({value} AS BLOB)" for value, kind in values)
    return f"row_seal('{table}', {', '.join(taken)})"


def insert_sealed(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows, which give all columns of the table, each sealed as it is written.

    A row that the trigger seals is written twice, and SQLAlchemy takes as long to bind a row as SQLite to write it.
    """
    if not rows:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(insert(table), rows)
        return
    bound = [(column.name, column.type.dialect_impl(connection.dialect)) for column in table.columns]
    made = [(name, kind.bind_processor(connection.dialect)) for name, kind in bound]
    values = [tuple(as_bound(row[name]) if as_bound else row[name] for name, as_bound in made) for row in rows]
    connection.exec_driver_sql(_sealed_insert(table), values)


@cache
def _sealed_insert(table: Table) -> str:
    columns = [(column.name, str(column.type)) for column in table.columns]
    names = ", ".join(f'"{name}"' for name, _ in columns)
    places = [f"?{place}" for place in range(1, len(columns) + 1)]
    # A whole number is stored as a float where the column is of floats.
    stored = [
        f"CAST({place} AS REAL)" if isinstance(column.type, Float) else place
        for place, column in zip(places, table.columns, strict=True)
    ]
    seal = _sealing_call(table.name, ((value, kind) for value, (_, kind) in zip(stored, columns, strict=True)))
    return f'INSERT INTO "{table.name}" ({names}, seal) VALUES ({", ".join(places)}, {seal})'


def create_sealed(connection: Connection, schema: MetaData) -> None:
    """Create the tables of a schema that are missing, and seal the rows of all, now and whenever they are written.

    It must be the first that a transaction does.
    """
    if connection.dialect.name != "sqlite":
        schema.create_all(connection)
        return
    _with_seals(schema).create_all(connection)
    with_triggers = connection.exec_driver_sql("SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'")
    unsealed = set(schema.tables).difference(with_triggers.scalars())
    if unsealed:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # Python begins no transaction by itself to change a schema
    for name in sorted(unsealed):
        columns = connection.exec_driver_sql(f'PRAGMA table_info("{name}")').all()
        for statement in _sealing(schema.tables[name], is_new="seal" in [column.name for column in columns]):
            connection.exec_driver_sql(statement)
    if unsealed:
        seal_schema(connection)


@cache
def _with_seals(schema: MetaData) -> MetaData:
    """Return a schema with a column for the seal in each table, which no query is to give."""
    sealed = MetaData()
    for table in schema.sorted_tables:
        table.to_metadata(sealed).append_column(Column("seal", Integer))
    return sealed


def _sealing(table: Table, *, is_new: bool) -> Iterable[str]:
    name, columns = table.name, [(column.name, str(column.type)) for column in table.columns]
    update = f'UPDATE "{name}" SET seal = {_seal_in_sql(name, columns)}'
    if not is_new:
        yield f'ALTER TABLE "{name}" ADD COLUMN seal INTEGER'
        yield update
    written = ", ".join(f'"{column}"' for column, _ in columns)
    for moment, when in (("INSERT", f" {_UNLESS_SEALED}"), (f"UPDATE OF {written}", "")):
        trigger = f"{name}_{moment[:6].lower()}_sealed"
        yield f'CREATE TRIGGER "{trigger}" AFTER {moment} ON "{name}"{when} BEGIN {update} WHERE rowid = NEW.rowid; END'


def seal_schema(connection: Connection) -> None:
    """Write the checksum of the schema into the header of the database."""
    if connection.dialect.name == "sqlite":
        seal = _schema_seal(connection.exec_driver_sql(_SCHEMA).scalars())
        if seal != connection.exec_driver_sql("PRAGMA user_version").scalar():
            connection.exec_driver_sql(f"PRAGMA user_version = {seal}")


def schema_is_as_sealed(connection: sqlite3.Connection) -> bool:
    """Tell whether the tables and triggers are those that were created; so are they if that was never written down."""
    (seal,) = connection.execute("PRAGMA user_version").fetchone()
    return seal in (0, _schema_seal(row[0] for row in connection.execute(_SCHEMA)))


def _schema_seal(statements: Iterable[str]) -> int:
    return row_seal("", *statements) & 0x7FFFFFFF  # it is a signed number there


# -- files


def checksum(path: Path) -> int:
    """Return the CRC-32 of a file. Half a gigabyte takes 0.3 s."""
    value = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            value = zlib.crc32(block, value)
    return value


def seal_file(path: Path) -> None:
    """Write the checksum of a file beside it."""
    _seal_of(path).write_text(f"{checksum(path):08x}", encoding="utf-8")


def is_as_sealed(path: Path) -> bool:
    """Tell whether a file has a seal, and is as it was when it was sealed."""
    try:
        return _seal_of(path).read_text(encoding="utf-8") == f"{checksum(path):08x}"
    except (OSError, ValueError):
        return False


def has_log(catalogue: Path) -> bool:
    """Tell whether a process ended, or goes on, without having brought all it wrote into the catalogue's one file."""
    log = catalogue.with_name(catalogue.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _seal_of(path: Path) -> Path:
    return path.with_suffix(".seal")
