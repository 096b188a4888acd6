"""Paths -> the listings in the files there, and the lines and files that were left out."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from vectorstore.errors import ListingError
from vectorstore.folder import LibraryFolder
from vectorstore.listings.archive import is_archive, members
from vectorstore.listings.entry import Listing
from vectorstore.listings.readers import read_listing
from vectorstore.listings.source import one_spaced, read_source

_ABOUT_A_FOLDER = frozenset(("README", "LICENSE", "CHANGELOG"))
_LONGEST_FAULT = 200


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A line (None: the whole file) that was left out of the library, and why."""

    file: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class _File:
    """A file at a path that was named: itself, one of a folder, or one of an archive, which has been unpacked."""

    path: Path
    as_of: date | None = None
    content: bytes | None = None
    problem: str = ""  # why it cannot be unpacked


def listings_at(
    paths: Iterable[Path], *, as_of: date | None, kept: LibraryFolder, skipping: bool = False
) -> tuple[list[Listing], list[SkippedLine]]:
    """Return the listings at files, in folders and in archives, and what was left out.

    Raises ListingError if a path holds no listing; with `skipping` such a path is left out, unless there is no other.
    """
    listings: list[Listing] = []
    skipped: list[SkippedLine] = []
    for path in paths:
        of_copy = kept if path.resolve() == kept.listings else None
        try:
            found, unreadable = _listings_in(_files_at(path, as_of, kept), path, of_copy)
        except ListingError as error:
            if not skipping:
                raise
            found, unreadable = [], [SkippedLine(str(path), None, str(error))]
        listings += [listing for _, listing in found]
        skipped += unreadable
        skipped += [
            SkippedLine(str(file), line.line, line.reason) for file, listing in found for line in listing.skipped
        ]
    if skipping and skipped and not listings:
        raise ListingError(skipped[0].reason)
    return listings, skipped


def _files_at(path: Path, as_of: date | None, kept: LibraryFolder) -> Iterator[_File]:
    """Yield the files at `path`: itself, or those of a folder or an archive, each with the day it was saved."""
    if not _is_folder(path):
        yield from _unpacked(path, as_of)
    elif path.resolve() == kept.listings:
        yield from (_File(file, as_of or day) for file, day in kept.kept_listings())
    else:
        for file in sorted(path.rglob("*")):
            if not _is_folder(file) and _is_offered(file.relative_to(path)):
                yield from _unpacked(file, as_of)


def _unpacked(path: Path, as_of: date | None) -> Iterator[_File]:
    """Yield the file itself, or those of the archive that it is, up to where that is damaged."""
    if not is_archive(path):
        yield _File(path, as_of)
        return
    try:
        yield from (_File(one.path, as_of, one.content, one.problem) for one in members(path))
    except ListingError as error:
        yield _File(path, problem=str(error))


def _is_offered(path: Path) -> bool:
    """Tell a file that is meant to be read from a hidden one, and from one that is about its folder."""
    return not any(part.startswith(".") for part in path.parts) and path.stem.upper() not in _ABOUT_A_FOLDER


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # as with a name that is too long: whoever reads it says so
        return False


def _listings_in(
    files: Iterable[_File], path: Path, of_copy: LibraryFolder | None
) -> tuple[list[tuple[Path, Listing]], list[SkippedLine]]:
    """Return the listings among `files`, and those of them that are none; without any, raise ListingError."""
    found: list[tuple[Path, Listing]] = []
    skipped: list[SkippedLine] = []
    for file in files:
        try:
            found.append((file.path, _listing_in(file, of_copy)))
        except ListingError as error:
            if file.path == path:
                raise
            skipped.append(SkippedLine(str(file.path), None, str(error)))
    if not found:
        reason = f"; {skipped[0].reason}" if skipped else "; name a listing, or a folder or an archive with some."
        raise ListingError(f"{path} holds no listing{reason}")
    return found, skipped


def _listing_in(file: _File, of_copy: LibraryFolder | None) -> Listing:
    if file.problem:
        raise ListingError(file.problem)
    if of_copy:
        return _of_copy(of_copy, file.path, file.as_of)
    try:
        return read_listing(file.path, as_of=file.as_of, content=file.content)
    except ListingError:
        raise
    except Exception as error:  # of a reader: one file must not stop the others
        said = one_spaced(str(error))[:_LONGEST_FAULT] or type(error).__name__
        raise ListingError(f"{file.path} cannot be read: {said}.") from error


def kept_listings(kept: LibraryFolder, *, of: Collection[str] | None = None) -> tuple[list[Listing], list[SkippedLine]]:
    """Return the listings of which a library has whole copies, those that were removed too; and the damaged copies.

    With `of`, SHA-256s of listings, only the copies of these are read: a PDF takes half a second.
    """
    folders = None if of is None else {sha256[:12] for sha256 in of}
    listings: list[Listing] = []
    damaged: list[SkippedLine] = []
    for file, as_of in [*kept.kept_listings(), *kept.removed_listings()]:
        if folders is not None and file.parent.name.partition("@")[0] not in folders:
            continue
        try:
            listings.append(_of_copy(kept, file, as_of))
        except ListingError as error:
            damaged.append(SkippedLine(str(file), None, str(error)))
    return listings, damaged


def _of_copy(kept: LibraryFolder, file: Path, as_of: date | None) -> Listing:
    """Return the listing that a library kept in a file. Raises ListingError if the copy is damaged."""
    damaged = f"{file} is not the listing that was read; read it again from where you have it."
    try:
        listing = read_listing(file, as_of=as_of)
    except ListingError as error:
        raise ListingError(damaged) from error
    sha256 = kept.listing_in(file, listing.sha256)
    if sha256 is None:
        raise ListingError(damaged)
    return replace(listing, sha256=sha256)


def without_entries(listing: Listing, lines: Collection[int]) -> bytes | None:
    """Return a listing's text without the entries that begin at `lines`, the others as they were and at their lines.

    None if that cannot be: others would be read differently, or what was taken out still be there.
    """
    try:
        text = read_source(Path(listing.name), listing.content).text.split("\n")
    except ListingError:  # it is no text
        return None
    starts = [*(entry.line for entry in listing.entries), len(text) + 1]
    for start, end in pairwise(starts):
        if start in lines:
            text[start - 1 : end - 1] = [""] * (end - start)
    left = "\n".join(text)
    others = tuple(entry for entry in listing.entries if entry.line not in lines)
    try:
        read = read_listing(Path(listing.name), as_of=listing.as_of, content=left.encode())
    except ListingError:
        return None
    said_by_others = one_spaced(" ".join(f"{one.title} {one.abstract}" for one in others))
    gone = (one_spaced(part) for one in listing.entries if one.line in lines for part in (one.title, one.abstract))
    is_there = any(part in one_spaced(left) and part not in said_by_others for part in gone)
    return None if is_there or read.entries != others else left.encode()
