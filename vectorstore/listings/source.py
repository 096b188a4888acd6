"""A listing's file as numbered lines of text, or the reason why it cannot be one."""

import codecs
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from vectorstore.errors import ListingError

MAX_LISTING_MIB = 20
_MOST_BYTES_GUESSED_FROM = 100_000

_HTML_STARTS = ("<!doctype html", "<html", "<?xml", "<head", "<body")
_MARKED_ENCODINGS = {
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What Windows-1252 has beyond ASCII in a text that is one: letters alone or in twos, quotation marks and dashes.
_OTHER_WESTERN = re.compile(r"[^\x00-\x7f‘’“”„‚–—…•·€£§©®°±×µ½ªº\xa0À-ÖØ-öø-ÿŠšŽžŒœŸ]|[À-ÖØ-öø-ÿ]{3}")
_UNSEEN = dict.fromkeys((0xAD, 0x200B, 0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F), *range(0x2060, 0x206A)))
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
    doubt: str | None = None  # how it was read, where that is a guess


def read_source(path: Path, content: bytes | None = None) -> Source:
    """Return the lines of a file, or of what was read from it. Raises ListingError if it is missing, unreadable, too
    large or not UTF-8 text, its name neither."""
    if any("\ud800" <= c <= "\udfff" for c in path.name):  # how Python spells bytes that are no UTF-8
        raise ListingError(f"The name of {path} is not UTF-8 text; rename the file.")
    content = _bytes_of(path) if content is None else content
    text, doubt = _decoded(path, content)
    lines = _text_lines(text)
    if not lines:
        raise ListingError(f"{path} is empty; copy the text of the page into it and save it again.")
    return Source(path.name, content, hashlib.sha256(content).hexdigest(), lines, doubt)


def one_spaced(text: str) -> str:
    """Return the text with every run of white space, non-breaking ones too, as one plain space, and without characters
    that no one sees, such as a zero-width space."""
    return " ".join(text.translate(_UNSEEN).split())


def text_in(content: bytes) -> tuple[str, str | None]:
    """Return a file's text, and how it was read if that is a guess. Raises UnicodeDecodeError."""
    marked = (encoding for mark, encoding in _MARKED_ENCODINGS.items() if content.startswith(mark))
    if encoding := next(marked, None):
        return content.decode(encoding), None
    if b"\0" not in content[0:200:2] and content[1:200:2].count(0) > len(content[1:200:2]) // 2:
        return content.decode("utf-16-le"), "read as UTF-16, which it does not say that it is"
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        text = content.decode("cp1252")
        if _OTHER_WESTERN.search(text):
            raise
        return text, "read as Windows-1252, as it is not UTF-8; if letters are wrong, save it as UTF-8"


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


def _decoded(path: Path, content: bytes) -> tuple[str, str | None]:
    if content.startswith(b"%PDF"):
        raise ListingError(f"{path} is a PDF; a listing is text: copy the text of the page into a .txt file.")
    try:
        text, doubt = text_in(content)
    except UnicodeDecodeError as error:
        likely = from_bytes(content[:_MOST_BYTES_GUESSED_FROM]).best()
        guess = f" but, it seems, {likely.encoding}" if likely else ""
        raise ListingError(
            f"{path} is not UTF-8 text (byte {error.start}){guess}; save the listing as UTF-8 text."
        ) from error
    if "\0" in text:
        raise ListingError(f"{path} is a binary file; a listing is text: copy the text of the page into a .txt file.")
    if text[:200].lstrip().lower().startswith(_HTML_STARTS):
        raise ListingError(f"{path} is HTML; open it in a browser and copy the text of the page into a .txt file.")
    return text, doubt


def _text_lines(text: str) -> tuple[Line, ...]:
    # str.splitlines() would also break at form feeds and U+2028, where no editor counts a line.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    stripped = ((number, line.strip(_INVISIBLE)) for number, line in enumerate(lines, start=1))
    return tuple(Line(number, line) for number, line in stripped if line and not line.isspace())
