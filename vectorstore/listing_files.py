"""Paths -> the listings in the files there, and the lines and files that were left out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from vectorstore.errors import ListingError
from vectorstore.folder import LibraryFolder
from vectorstore.listings import read_listing
from vectorstore.listings.entry import Listing
from vectorstore.listings.source import one_spaced, text_in


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A line (None: the whole file) that was left out of the library, and why."""

    file: str
    line: int | None
    reason: str


def listings_at(
    paths: Iterable[Path], *, as_of: date | None, kept: LibraryFolder, skipping: bool = False
) -> tuple[list[Listing], list[SkippedLine]]:
    """Return the listings at files, or in folders with .txt files, and what was left out.

    Raises ListingError if a path holds no listing; with `skipping` such a path is left out, unless there is no other.
    """
    listings: list[Listing] = []
    skipped: list[SkippedLine] = []
    for path in paths:
        of_copy = kept if path.resolve() == kept.listings else None
        try:
            found, unreadable = _listings_in(_dated_files(path, as_of, kept), path, of_copy)
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


def _dated_files(path: Path, as_of: date | None, kept: LibraryFolder) -> list[tuple[Path, date | None]]:
    """Return the files at `path`: itself, or those of a folder, each with the day it was saved if known."""
    if not _is_folder(path):
        return [(path, as_of)]
    if path.resolve() == kept.listings:
        return [(file, as_of or day) for file, day in kept.kept_listings()]
    return [(file, as_of) for file in sorted(path.rglob("*")) if file.is_file() and file.suffix.lower() == ".txt"]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # as with a name that is too long: whoever reads it says so
        return False


def _listings_in(
    files: Iterable[tuple[Path, date | None]], path: Path, of_copy: LibraryFolder | None
) -> tuple[list[tuple[Path, Listing]], list[SkippedLine]]:
    """Return the listings among `files`, and those of a folder that are none; without any, raise ListingError."""
    found: list[tuple[Path, Listing]] = []
    skipped: list[SkippedLine] = []
    for file, as_of in files:
        try:
            found.append((file, _of_copy(of_copy, file, as_of) if of_copy else read_listing(file, as_of=as_of)))
        except ListingError as error:
            if file == path:
                raise
            skipped.append(SkippedLine(str(file), None, str(error)))
    if not found:
        reason = f"; {skipped[0].reason}" if skipped else "; name a listing, or a folder with some (.txt)."
        raise ListingError(f"{path} holds no listing{reason}")
    return found, skipped


def kept_listings(kept: LibraryFolder) -> tuple[list[Listing], list[SkippedLine]]:
    """Return the listings of which a library has whole copies, those that were removed too; and the damaged copies."""
    listings: list[Listing] = []
    damaged: list[SkippedLine] = []
    for file, as_of in [*kept.kept_listings(), *kept.removed_listings()]:
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
    text = text_in(listing.content)[0].replace("\r\n", "\n").replace("\r", "\n").split("\n")
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
