"""Paths -> the listings in the files there, and the lines and files that were left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vectorstore.errors import ListingError
from vectorstore.folder import LibraryFolder
from vectorstore.listings import read_listing
from vectorstore.listings.entry import Listing


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A line (None: the whole file) that was left out of the library, and why."""

    file: str
    line: int | None
    reason: str


def listings_at(
    paths: Iterable[Path], *, as_of: date | None, kept: LibraryFolder, skipping: bool = False
) -> tuple[list[tuple[Path, Listing]], list[SkippedLine]]:
    """Return the listings at files, or in folders with .txt files, each with its file, and what was left out.

    Raises ListingError if a path holds no listing; with `skipping` such a path is left out, unless there is no other.
    """
    listings: list[tuple[Path, Listing]] = []
    skipped: list[SkippedLine] = []
    for path in paths:
        try:
            found, unreadable = _listings_in(_dated_files(path, as_of, kept), path)
        except ListingError as error:
            if not skipping:
                raise
            found, unreadable = [], [SkippedLine(str(path), None, str(error))]
        listings += found
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
    files: Iterable[tuple[Path, date | None]], path: Path
) -> tuple[list[tuple[Path, Listing]], list[SkippedLine]]:
    """Return the listings among `files`, and those of a folder that are none; without any, raise ListingError."""
    found: list[tuple[Path, Listing]] = []
    skipped: list[SkippedLine] = []
    for file, as_of in files:
        try:
            found.append((file, read_listing(file, as_of=as_of)))
        except ListingError as error:
            if file == path:
                raise
            skipped.append(SkippedLine(str(file), None, str(error)))
    if not found:
        reason = f"; {skipped[0].reason}" if skipped else "; name a listing, or a folder with some (.txt)."
        raise ListingError(f"{path} holds no listing{reason}")
    return found, skipped
