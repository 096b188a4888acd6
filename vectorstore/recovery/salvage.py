"""The rows that a damaged SQLite file still holds, read page by page.

SQLite finds a row by way of its schema and of the pages above the row's own; where one of these is damaged, all below
is lost to it. Here every page that is a leaf of a table is read by itself, as the file format describes it
(sqlite.org/fileformat2.html). A row's seal tells which table it is of, and that it is whole.
"""

import struct
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Float, Table

from vectorstore.catalogue.seals import row_seal

Value = bytes | str | float | None
SoundRow = dict[str, Value]
_HEADER_BYTES = 100  # of the file, before the first page's own
_LEAF_OF_TABLE = 0x0D
_LEAF_HEADER_BYTES = 8
_PAGE_BYTES = 4096  # where the header does not tell
_WAL_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24
_WAL_MAGIC = (0x377F0682, 0x377F0683)
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # by serial type


def sound_rows(file: Path, tables: Sequence[Table]) -> dict[str, list[SoundRow]]:
    """Return the rows of `tables` that a database's file, and the log beside it, hold whole, by the table's name."""
    by_width: defaultdict[int, list[Table]] = defaultdict(list)
    for table in tables:
        by_width[len(table.columns) + 1].append(table)
    found: dict[str, list[SoundRow]] = {table.name: [] for table in tables}
    for rowid, values in _records(_Pages(file)):
        *own, seal = values
        for table in by_width.get(len(values), ()):
            row = _row_of(table, rowid, own)
            if row_seal(table.name, *row.values()) == seal:
                found[table.name].append({name: _decoded(value, table, name) for name, value in row.items()})
                break
    return found


def _row_of(table: Table, rowid: int, values: Sequence[Value]) -> SoundRow:
    """Return the values by their columns, as SQLite gives them: it keeps a whole float as an integer, and an integer
    that is the primary key as the row's id alone."""
    row: SoundRow = {}
    for column, value in zip(table.columns, values, strict=True):
        if value is None and column is table.autoincrement_column:
            row[column.name] = rowid
        elif isinstance(value, int) and isinstance(column.type, Float):
            row[column.name] = float(value)
        else:
            row[column.name] = value
    return row


def _decoded(value: Value, table: Table, name: str) -> Value:
    is_text = isinstance(value, bytes) and table.columns[name].type.python_type is not bytes
    return value.decode("utf-8", "replace") if is_text and isinstance(value, bytes) else value


class _Pages:
    """The pages of a database, by their numbers from 1: those in the write-ahead log before those in the file."""

    def __init__(self, file: Path) -> None:
        self._content = file.read_bytes()
        (size,) = struct.unpack(">H", self._content[16:18].ljust(2, b"\0"))
        size = 65536 if size == 1 else size
        self.size = size if size >= 512 and size.bit_count() == 1 else _PAGE_BYTES
        log = file.with_name(file.name + "-wal")
        self._logged = self._committed(log.read_bytes() if log.exists() else b"")
        self._count = max([-(-len(self._content) // self.size), *self._logged])

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        for number in range(1, self._count + 1):
            yield number, self[number]

    def __getitem__(self, number: int) -> bytes:
        start = (number - 1) * self.size
        return self._logged.get(number) or self._content[start : start + self.size]

    def _committed(self, log: bytes) -> dict[int, bytes]:
        """Return the latest pages of a write-ahead log, up to the end of its last whole transaction."""
        if len(log) < _WAL_HEADER_BYTES or struct.unpack(">I", log[:4])[0] not in _WAL_MAGIC:
            return {}
        salts = log[16:24]
        pages: dict[int, bytes] = {}
        committed: dict[int, bytes] = {}
        for start in range(_WAL_HEADER_BYTES, len(log), _FRAME_HEADER_BYTES + self.size):
            header, page = log[start : start + 16], log[start + _FRAME_HEADER_BYTES :][: self.size]
            if header[8:16] != salts or len(page) < self.size:
                break
            number, ends = struct.unpack(">II", header[:8])
            pages[number] = page
            if ends:
                committed |= pages
        return committed


def _records(pages: _Pages) -> Iterator[tuple[int, list[Value]]]:
    """Yield the rowid and the values of every record that can be decoded, whatever its table; texts as bytes."""
    for number, page in pages:
        start = _HEADER_BYTES if number == 1 else 0
        if page[start : start + 1] != bytes([_LEAF_OF_TABLE]):
            continue
        (cells,) = struct.unpack(">H", page[start + 3 : start + 5].ljust(2, b"\0"))
        pointers = page[start + _LEAF_HEADER_BYTES :][: 2 * cells]
        for (offset,) in struct.iter_unpack(">H", pointers[: len(pointers) // 2 * 2]):
            try:
                yield _record(pages, page, offset)
            except (IndexError, ValueError, struct.error):  # it is damaged, or was none
                continue


def _record(pages: _Pages, page: bytes, offset: int) -> tuple[int, list[Value]]:
    length, offset = _varint(page, offset)
    rowid, offset = _varint(page, offset)
    most = pages.size - 35
    least = (pages.size - 12) * 32 // 255 - 23
    kept = length
    if length > most:
        kept = least + (length - least) % (pages.size - 4)
        kept = kept if kept <= most else least
    payload = page[offset : offset + kept]
    if kept < length:
        (following,) = struct.unpack(">I", page[offset + kept : offset + kept + 4])
        payload += _overflow(pages, following, length - kept)
    if len(payload) != length:
        raise ValueError("cut")
    return rowid - (1 << 64 if rowid >> 63 else 0), _values(payload)


def _overflow(pages: _Pages, number: int, length: int) -> bytes:
    parts: list[bytes] = []
    while length > 0:
        page = pages[number] if number else b""
        if len(page) < pages.size:
            raise ValueError("cut")
        (number,) = struct.unpack(">I", page[:4])
        parts.append(page[4 : 4 + length])
        length -= len(parts[-1])
    return b"".join(parts)


def _values(payload: bytes) -> list[Value]:
    end, at = _varint(payload, 0)
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    return values


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind in (0, 8, 9):
        return (None if kind == 0 else kind - 8), at
    if kind == 7:
        return struct.unpack(">d", payload[at : at + 8])[0], at + 8
    if kind in _INTEGER_BYTES:
        end = at + _INTEGER_BYTES[kind]
        return int.from_bytes(payload[at:end], "big", signed=True), end
    if kind < 12:
        raise ValueError("no type")
    end = at + (kind - 12) // 2
    return payload[at:end], end


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """Return SQLite's integer of 1 to 9 bytes at a place, and the place after it."""
    value = 0
    for count in range(8):
        byte = content[at + count]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    return value << 8 | content[at + 8], at + 9
