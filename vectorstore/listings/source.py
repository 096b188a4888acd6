"""A listing's file as numbered lines of text, or the reason why it cannot be one."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from vectorstore.errors import ListingError

MAX_LISTING_MIB = 20

_HTML_STARTS = ("<!doctype html", "<html", "<?xml", "<head", "<body")
_INVISIBLE = " \t\u00a0\u200b\u200e\u200f\ufeff\x0b\x0c"


@dataclass(frozen=True, slots=True)
class Line:
    """One line that holds text, without the space around it. `number` counts from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A listing's file: its name without the folder, its bytes, their SHA-256, its lines that hold text."""

    name: str
    content: bytes
    sha256: str
    lines: tuple[Line, ...]


def read_source(path: Path, content: bytes | None = None) -> Source:
    """Return the lines of a file, or of what was read from it. Raises ListingError if it is missing, unreadable, too
    large or not UTF-8 text, its name neither."""
    if any("\ud800" <= c <= "\udfff" for c in path.name):  # how Python spells bytes that are no UTF-8
        raise ListingError(f"The name of {path} is not UTF-8 text; rename the file.")
    content = _bytes_of(path) if content is None else content
    lines = _text_lines(_decoded(path, content))
    if not lines:
        raise ListingError(f"{path} is empty; copy the text of the page into it and save it again.")
    return Source(path.name, content, hashlib.sha256(content).hexdigest(), lines)


def one_spaced(text: str) -> str:
    """Return the text with every run of white space, non-breaking ones too, as one plain space."""
    return " ".join(text.split())


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ListingError(f"{path} is a folder; name the listing files in it.")
        if path.exists() and not path.is_file():
            raise ListingError(f"{path} is no regular file; name a text file.")
        with path.open("rb") as file:
            content = file.read(MAX_LISTING_MIB * 1024 * 1024 + 1)
    except FileNotFoundError as error:
        raise ListingError(f"{path} does not exist; check the name.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ListingError(f"{path} cannot be read ({reason}); check its permissions.") from error
    if len(content) > MAX_LISTING_MIB * 1024 * 1024:
        raise ListingError(f"{path} is larger than {MAX_LISTING_MIB} MiB; split it into smaller listings.")
    return content


def _decoded(path: Path, content: bytes) -> str:
    if content.startswith(b"%PDF"):
        raise ListingError(f"{path} is a PDF; a listing is text: copy the text of the page into a .txt file.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListingError(f"{path} is not UTF-8 text (byte {error.start}); save the listing as UTF-8 text.") from error
    if "\0" in text:
        raise ListingError(f"{path} is a binary file; a listing is text: copy the text of the page into a .txt file.")
    if text[:200].lstrip().lower().startswith(_HTML_STARTS):
        raise ListingError(f"{path} is HTML; open it in a browser and copy the text of the page into a .txt file.")
    return text


def _text_lines(text: str) -> tuple[Line, ...]:
    # str.splitlines() would also break at form feeds and U+2028, where no editor counts a line.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    stripped = ((number, line.strip(_INVISIBLE)) for number, line in enumerate(lines, start=1))
    return tuple(Line(number, line) for number, line in stripped if line and not line.isspace())
