"""A zip archive of listings: its files one by one, as they would lie in a folder. Nothing is written anywhere."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from vectorstore.errors import ListingError
from vectorstore.listings.file_kinds import MOST_DIRECTORY_BYTES, directory_bytes, is_zip, kind_of_file
from vectorstore.listings.source import MAX_LISTING_MIB

_MEBIBYTE = 1024 * 1024
_MOST_FILES = 2_000
_MOST_UNPACKED_MIB = 300
_HIGHEST_RATIO = 200  # of listings' text it is 3 to 20
_RATIO_MATTERS_BYTES = _MEBIBYTE
_LONGEST_NAME_BYTES = 255
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of the others, a read of a few bytes may unpack gigabytes
_IS_UTF8, _IS_ENCRYPTED = 0x800, 0x1
_UNSEEN = frozenset(("__MACOSX", "Thumbs.db", "desktop.ini"))


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: where it is, and its bytes or why it is left out."""

    path: Path  # "papers.zip/2025/list.bib"
    content: bytes
    problem: str = ""


def is_archive(path: Path) -> bool:
    """Tell an archive of files by its bytes; a Word file or an e-book, which are packed as one, is none."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            if not is_zip(file.read(4)):
                return False
    except (OSError, ValueError):
        return False
    return path.stat().st_size > MAX_LISTING_MIB * _MEBIBYTE or kind_of_file(path.read_bytes()) is None


def members(path: Path) -> Iterator[Member]:
    """Yield the files of an archive. Raises ListingError if it is damaged, or too large as a whole."""
    try:
        if path.stat().st_size > _MOST_UNPACKED_MIB * _MEBIBYTE:
            raise ListingError(f"{path} is larger than {_MOST_UNPACKED_MIB} MiB; pack fewer files into it.")
        with path.open("rb") as file:
            is_bounded = directory_bytes(file) <= MOST_DIRECTORY_BYTES
        if not is_bounded:
            raise ListingError(f"{path} holds more than {_MOST_FILES:,} files; pack fewer files into it.")
        with zipfile.ZipFile(path) as archive:
            infos = [
                info for info in archive.infolist() if not info.filename.endswith("/") and not _is_unseen(info.filename)
            ]
            if len(infos) > _MOST_FILES:
                raise ListingError(f"{path} holds more than {_MOST_FILES:,} files; pack fewer files into it.")
            yield from _members(path, archive, infos)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, struct.error, ValueError, NotImplementedError) as error:
        raise ListingError(f"{path} is a damaged archive ({error}); pack it again.") from error
    except OSError as error:
        raise ListingError(f"{path} cannot be read ({error.strerror or error}); check its permissions.") from error


def _members(path: Path, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Iterator[Member]:
    left = _MOST_UNPACKED_MIB * _MEBIBYTE
    for info in infos:
        name = _name(info)
        member = path / _shown(name)
        problem = _refused(name, info)
        if not problem and left <= 0:
            problem = f"the files before it unpack to {_MOST_UNPACKED_MIB} MiB; pack fewer into an archive."
        content, problem = (b"", problem) if problem else _unpacked(archive, info)
        left -= len(content)
        if not problem and is_zip(content) and kind_of_file(content) is None:
            problem = "it is an archive in an archive; unpack it, or give it by itself."
        yield Member(member, b"" if problem else content, f"{member}: {problem}" if problem else "")


def _refused(name: str, info: zipfile.ZipInfo) -> str:
    """Return why a file is not even unpacked; empty if it is."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or (len(name) > 1 and name[1] == ":"):
        return "its name leads out of the archive; pack it again."
    if not parts:
        return "it has no name; pack it again."
    if info.compress_type not in _METHODS:
        return "it is packed in a way that is not read; pack it again with the usual one (deflate)."
    if len(parts[-1].encode("utf-8", "replace")) > _LONGEST_NAME_BYTES:
        return f"its name is longer than {_LONGEST_NAME_BYTES} bytes; rename it."
    if info.flag_bits & _IS_ENCRYPTED:
        return "only a password opens it; pack it without one."
    if (info.external_attr >> 16) & 0o170000 == 0o120000:
        return "it is a link to another file; pack that file itself."
    if info.file_size > MAX_LISTING_MIB * _MEBIBYTE:
        return f"it is larger than {MAX_LISTING_MIB} MiB; split it into smaller listings."
    if info.file_size > _RATIO_MATTERS_BYTES and info.file_size > info.compress_size * _HIGHEST_RATIO:
        return f"it unpacks to more than {_HIGHEST_RATIO} times its size, as no listing does; unpack it by hand."
    return ""


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[bytes, str]:
    """Return the bytes of a file, and why there are none; what the archive says of its size may be a lie."""
    try:
        with archive.open(info) as file:
            content = file.read(MAX_LISTING_MIB * _MEBIBYTE + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        return b"", f"it is damaged ({error}); pack it again."
    if len(content) > MAX_LISTING_MIB * _MEBIBYTE:
        return b"", f"it is larger than {MAX_LISTING_MIB} MiB; split it into smaller listings."
    return content, ""


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name of a file; many programs write UTF-8 and do not say so."""
    name = info.filename
    if not info.flag_bits & _IS_UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/").replace("\0", "")


def _shown(name: str) -> str:
    """Return a name as a relative path, in which nothing leads elsewhere."""
    parts = [part for part in PurePosixPath(name).parts if part not in ("/", "..")]
    return str(PurePosixPath(*parts)) if parts else "file"


def _is_unseen(name: str) -> bool:
    """Tell what a system puts into every archive and hides in folders."""
    return any(part in _UNSEEN or (part.startswith(".") and part != "..") for part in name.split("/"))
