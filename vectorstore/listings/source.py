"""A listing's file as numbered lines of text, or the reason why it cannot be one."""

import codecs
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from charset_normalizer import from_bytes

from vectorstore.errors import ListingError
from vectorstore.listings.file_kinds import kind_of_file
from vectorstore.listings.web_page import WebPage, is_web_page, read_web_page

MAX_LISTING_MIB = 20
_MOST_BYTES_GUESSED_FROM = 100_000

_MARKED_ENCODINGS = {
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What Windows-1252 has beyond ASCII in a text that is one: letters alone or in twos, quotation marks and dashes.
_OTHER_WESTERN = re.compile(r"[^\x00-\x7f‘’“”„‚–—…•·€£§©®°±×µ½ªº\xa0À-ÖØ-öø-ÿŠšŽžŒœŸ]|[À-ÖØ-öø-ÿ]{3}")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # no text of bytes has these, whatever its encoding
_BINARY = "{} is a binary file; a listing is text: copy the text of the page into a .txt file."
_UNSEEN = dict.fromkeys((0xAD, 0x200B, 0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F), *range(0x2060, 0x206A)))
_INVISIBLE = " \t\u00a0\u200b\u200e\u200f\ufeff\x0b\x0c"


@dataclass(frozen=True, slots=True)
class Line:
    """One line that holds text, without the space around it. `number` counts from 1."""

    number: int
    text: str


@dataclass(frozen=True)
class Source:
    """A listing's file and its bytes. What asks for its text raises ListingError if it is none."""

    path: Path
    content: bytes

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def text(self) -> str:
        """The text as it is in the file, its lines ended by a line feed alone; of a web page, what a browser shows."""
        # str.splitlines() would also break at form feeds and U+2028, where no editor counts a line.
        page = self.page
        text = page.text if page else self._decoded[0].replace("\r\n", "\n").replace("\r", "\n")
        if not text.strip(_INVISIBLE + "\n"):
            raise ListingError(f"{self.path} is empty; copy the text of the page into it and save it again.")
        return text

    @property
    def doubt(self) -> str | None:
        """How the text was read, where that is a guess."""
        return None if self.page else self._decoded[1]

    @cached_property
    def _decoded(self) -> tuple[str, str | None]:
        return _decoded(self.path, self.content)

    @cached_property
    def page(self) -> WebPage | None:
        """The web page in the file; None if it is none."""
        try:
            return read_web_page(self.content) if is_web_page(self.content) else None
        except ListingError as error:
            raise ListingError(f"{self.path}: {error}") from error

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines that hold text."""
        stripped = ((number, line.strip(_INVISIBLE)) for number, line in enumerate(self.text.split("\n"), start=1))
        return tuple(Line(number, line) for number, line in stripped if line and not line.isspace())


def read_source(path: Path, content: bytes | None = None) -> Source:
    """Return a file, or what was read from it. Raises ListingError if it is missing, unreadable or too large, or if its
    name is not UTF-8 text."""
    if any("\ud800" <= c <= "\udfff" for c in path.name):  # how Python spells bytes that are no UTF-8
        raise ListingError(f"The name of {path} is not UTF-8 text; rename the file.")
    return Source(path, _bytes_of(path) if content is None else content)


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
    if known := kind_of_file(content):
        what, way_out = known
        raise ListingError(f"{path} is {what}, no listing; {way_out}.")
    try:
        text, doubt = text_in(content)
    except UnicodeDecodeError as error:
        if _CONTROLS.search(content) and not content.startswith(tuple(_MARKED_ENCODINGS)):
            raise ListingError(_BINARY.format(path)) from error
        likely = from_bytes(content[:_MOST_BYTES_GUESSED_FROM]).best()
        guess = f" but, it seems, {likely.encoding}" if likely else ""
        raise ListingError(
            f"{path} is not UTF-8 text (byte {error.start}){guess}; save the listing as UTF-8 text."
        ) from error
    if "\0" in text:
        raise ListingError(_BINARY.format(path))
    return text, doubt
