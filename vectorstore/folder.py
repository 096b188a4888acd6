"""The library's folder on disk, held by one process at a time, and its owner's alone."""

import os
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.errors import LibraryError, LibraryLocked
from vectorstore.listings.entry import Listing
from vectorstore.minilm import MiniLM


class LibraryFolder:
    """A folder that this process holds from construction to `release`."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        self.catalogue = self.path / "catalogue.sqlite3"
        self.listings = self.path / "listings"
        self._removed = self.path / "removed"
        self._owner = self.path / "lock.owner"
        self._lock = FileLock(self.path / "lock", timeout=0)
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire()
            self._owner.write_text(f"process {os.getpid()}", encoding="utf-8")
            self._make_private()
        except Timeout as error:
            raise LibraryLocked(
                f"The library {self.path} is open in {self._holder()}; close that first,"
                " or choose another with --library."
            ) from error
        except (OSError, NotImplementedError) as error:
            self._lock.release()
            raise LibraryError(
                f"The library folder {self.path} cannot be written ({error}); make it writable,"
                " or choose another with --library."
            ) from error

    def index(self, embedder: str) -> Path:
        """Return the folder of the indexes made with an embedding model."""
        hashed = f"index-{sha256(embedder.encode()).hexdigest()[:12]}"
        return self.path / ("index" if embedder == MiniLM.name else hashed)

    def indexes(self) -> list[Path]:
        """Return the folders of indexes that there are, finished or not."""
        return sorted(path for path in self.path.glob("index*") if path.is_dir())

    def release(self) -> None:
        self._make_private()
        self._owner.unlink(missing_ok=True)
        self._lock.release()

    def _make_private(self) -> None:
        """Take the permissions of everybody but the owner from the folder and from what is in it."""
        for path in (self.path, *self.path.rglob("*")):
            # A file of another user is theirs to close, and SQLite deletes its own meanwhile.
            with suppress(PermissionError, FileNotFoundError):
                mode = path.lstat().st_mode
                if not stat.S_ISLNK(mode) and mode & 0o077:
                    path.chmod(mode & 0o700)

    def _holder(self) -> str:
        try:
            return self._owner.read_text(encoding="utf-8") or "another process"
        except (OSError, ValueError):
            return "another process"

    def keep_listing(self, file: Path, listing: Listing) -> bool:
        """Keep a copy of a listing as SHA/NAME, or SHA@AS_OF/NAME, so that the library can be made again from it.

        Return whether there was none of it before.
        """
        self.bring_back(listing.sha256)
        dated = f"@{listing.as_of}" if listing.as_of else ""
        earlier = [file for folder in _copies(self.listings, listing.sha256) for file in _files(folder, "*")]
        copy = self.listings / f"{listing.sha256[:12]}{dated}" / listing.name
        if copy in earlier or (earlier and not dated):
            return False
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            partial = copy.parent.with_suffix(".partial")  # what a killed process leaves is never taken for a copy
            shutil.copyfile(file, partial)
            partial.replace(copy)
            for other in earlier:
                other.unlink()
                other.parent.rmdir()
        except OSError as error:
            raise _unwritable(copy, error) from error
        return not earlier

    def put_away(self, sha256s: Iterable[str]) -> None:
        """Put the copies of listings where a library that is made again from `listings` does not read them."""
        for listing_sha256 in sha256s:
            _move(_copies(self.listings, listing_sha256), self._removed)

    def bring_back(self, sha256: str) -> None:
        """Put the copy of a listing that was put away back among the others."""
        _move(_copies(self._removed, sha256), self.listings)

    def discard(self, sha256: str) -> None:
        """Delete the copy of a listing that was put away."""
        for folder in _copies(self._removed, sha256):
            try:
                shutil.rmtree(folder)
            except OSError as error:
                raise _unwritable(folder, error) from error

    def kept_listings(self) -> list[tuple[Path, date | None]]:
        """Return the copies of listings, each with the day it was saved as far as that was given."""
        return [(copy, _as_of(copy.parent.name)) for copy in _files(self.listings, "*/*")]


def _files(folder: Path, pattern: str) -> list[Path]:
    return sorted(path for path in folder.glob(pattern) if path.is_file())


def _copies(folder: Path, sha256: str) -> list[Path]:
    """Return the folders, in `folder`, with copies of a listing."""
    return sorted(path for path in folder.glob(f"{sha256[:12]}*") if path.is_dir())


def _move(folders: Iterable[Path], place: Path) -> None:
    for folder in folders:
        kept = place / folder.name
        try:
            kept.mkdir(parents=True, exist_ok=True)
            for file in _files(folder, "*"):
                file.replace(kept / file.name)
            folder.rmdir()
        except OSError as error:
            raise _unwritable(kept, error) from error


def _unwritable(path: Path, error: OSError) -> LibraryError:
    return LibraryError(f"{path} cannot be written ({error}); free or unlock the disk.")


def _as_of(name: str) -> date | None:
    _, _, day = name.partition("@")
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None
