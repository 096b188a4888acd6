"""A file of the user's, line by line; every problem is one sentence with the file, the line and the way out."""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, cast

from vectorstore.errors import CollectionError

_GZIP = b"\x1f\x8b"


def text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (number, text) of the lines that are not blank, unpacked if the file is gzip, whatever its name is."""
    number = 0
    try:
        with path.open("rb") as file:
            packed = file.peek(len(_GZIP)).startswith(_GZIP)
            lines = cast(IO[bytes], gzip.GzipFile(fileobj=file)) if packed else file
            for number, line in enumerate(lines, 1):
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
                if text:
                    yield number, text
    except FileNotFoundError as error:
        raise CollectionError(f"{path} does not exist; check the name.") from error
    except IsADirectoryError as error:
        raise CollectionError(f"{path} is a folder; name the file in it.") from error
    except UnicodeDecodeError as error:
        raise CollectionError(f"{path}, line {number}: this is not UTF-8; save the file as UTF-8 text.") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise CollectionError(
            f"{path}, after line {number}: the gzip file is damaged ({error}); get it again."
        ) from error
    except (OSError, ValueError) as error:
        raise CollectionError(f"{path} cannot be read ({error}); check its name and permissions.") from error


def json_object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CollectionError(
            f"{path}, line {number}: this is no JSON ({error}); write one JSON object a line."
        ) from error
    if not isinstance(row, dict):
        raise CollectionError(f"{path}, line {number}: this is no JSON object; write one a line.")
    return row


def row_id(path: Path, number: int, row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    value = next((row[name] for name in names if row.get(name) is not None), None)
    text = utf8(value).strip() if isinstance(value, str) else str(value) if type(value) is int else ""
    if not text:
        raise CollectionError(f"{path}, line {number}: no id; write a string or a whole number as {names[0]}.")
    return text


def new_id(path: Path, number: int, key: str, seen: dict[str, int]) -> str:
    """Return the id `key` of this line, noting the line in `seen`. Raises CollectionError if an earlier one has it."""
    if seen.setdefault(key, number) != number:
        raise CollectionError(
            f"{path}, line {number}: the id {key!r} is that of line {seen[key]} too; give each an id of its own."
        )
    return key


def utf8(text: str) -> str:
    """Return `text` with "?" for half a surrogate pair, which JSON can spell and no file can hold."""
    return text.encode("utf-8", "replace").decode()
