"""The library's folder on disk: one process at a time writes it, others may read beside it; its owner's alone."""

import os
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.embedders.minilm import MiniLM
from vectorstore.errors import LibraryLocked, LibraryUnwritable
from vectorstore.listings.entry import Listing

CATALOGUE = "catalogue.sqlite3"
_SHORTENED = ".shortened"  # how the name ends of the file that says so of a copy
_LONGEST_NAME = 255  # bytes, on most systems


class LibraryFolder:
    """A folder that this process holds from construction to `release`; with `read_only` it holds and writes nothing."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path.expanduser().resolve()
        self.catalogue = self.path / CATALOGUE
        self.listings = self.path / "listings"
        self.backups = self.path / "backups"
        self.damaged = self.path / "damaged"
        self.read_only = read_only
        self._removed = self.path / "removed"
        self._owner = self.path / "lock.owner"
        self._lock = FileLock(self.path / "lock", timeout=0)
        if not read_only:
            self._hold()

    def _hold(self) -> None:
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
            raise LibraryUnwritable(
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
        if not self.read_only:
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

    def keep_listing(self, listing: Listing) -> None:
        """Keep a copy of a listing as SHA/NAME, or SHA@AS_OF/NAME, so that the library can be made again from it.

        What is kept are the bytes that were read: the file may have grown since. A damaged copy is replaced.
        """
        self.bring_back(listing.sha256)
        dated = f"@{listing.as_of}" if listing.as_of else ""
        earlier = [file for folder in _copies(self.listings, listing.sha256) for file in _files(folder, "*")]
        copy = self.listings / f"{listing.sha256[:12]}{dated}" / listing.name
        same = [file for file in earlier if file.parent == copy.parent or not dated]  # under another name, perhaps
        if same:
            copy = copy if copy in same else same[0]
            if copy.read_bytes() == listing.content:
                return
        try:
            _write(copy, listing.content)
            _shortened(copy).unlink(missing_ok=True)
            for other in earlier:
                if other != copy:
                    shutil.rmtree(other.parent)
        except OSError as error:
            raise _unwritable(copy, error) from error

    def shorten_listing(self, sha256: str, left: bytes | None) -> None:
        """Replace the copy of a listing by what is left of it, or remove it if nothing is.

        It stays the copy of the same listing: beside it stands which, and the SHA-256 of what is left.
        """
        for folder in [*_copies(self.listings, sha256), *_copies(self._removed, sha256)]:
            for copy in _files(folder, "*"):
                try:
                    if left is None:
                        shutil.rmtree(folder)
                    else:
                        _write(_shortened(copy), f"{sha256} {_sha256(left)}".encode())
                        _write(copy, left)
                except OSError as error:
                    raise _unwritable(copy, error) from error

    def listing_in(self, copy: Path, content_sha256: str) -> str | None:
        """Return the SHA-256 of the listing that a copy is of, whose own is given; None if the copy is damaged."""
        if content_sha256.startswith(_sha_in(copy.parent.name)):
            return content_sha256
        try:
            listing, _, left = _shortened(copy).read_text(encoding="utf-8").partition(" ")
        except (OSError, ValueError):
            return None
        return listing if left == content_sha256 else None

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

    def discard_damaged(self) -> None:
        """Delete a damaged catalogue that was put aside."""
        try:
            if self.damaged.exists():
                shutil.rmtree(self.damaged)
        except OSError as error:
            raise _unwritable(self.damaged, error) from error

    def has_copy(self, sha256: str) -> bool:
        """Tell whether there is a copy of a listing, put away or not."""
        return bool(_copies(self.listings, sha256) or _copies(self._removed, sha256))

    def kept_listings(self) -> list[tuple[Path, date | None]]:
        """Return the copies of listings, each with the day it was saved as far as that was given."""
        return [(copy, _as_of(copy.parent.name)) for copy in _files(self.listings, "*/*")]

    def removed_listings(self) -> list[tuple[Path, date | None]]:
        """Return the copies of listings that were put away, as `kept_listings` does the others."""
        return [(copy, _as_of(copy.parent.name)) for copy in _files(self._removed, "*/*")]


def _files(folder: Path, pattern: str) -> list[Path]:
    """Return the copies of listings among the files of a folder: one stands in its own alone, or beside its note."""
    return sorted(path for path in folder.glob(pattern) if path.is_file() and not _is_note(path))


def _is_note(file: Path) -> bool:
    return file.suffix == _SHORTENED and any(file == _shortened(other) for other in file.parent.iterdir())


def _shortened(copy: Path) -> Path:
    """Return the note beside a copy that says of which listing it is what is left."""
    name = copy.name + _SHORTENED
    is_long = len(os.fsencode(name)) > _LONGEST_NAME
    return copy.with_name(f"{_sha256(os.fsencode(copy.name))[:12]}{_SHORTENED}" if is_long else name)


def _sha256(content: bytes) -> str:
    return sha256(content).hexdigest()


def _sha_in(folder: str) -> str:
    return folder.partition("@")[0]


def _write(file: Path, content: bytes) -> None:
    """Write a whole file or none; what a killed process leaves is never taken for a copy."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.parent.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(file)


def _copies(folder: Path, sha256: str) -> list[Path]:
    """Return the folders, in `folder`, with copies of a listing."""
    return sorted(path for path in folder.glob(f"{sha256[:12]}*") if path.is_dir())


def _move(folders: Iterable[Path], place: Path) -> None:
    for folder in folders:
        kept = place / folder.name
        try:
            kept.mkdir(parents=True, exist_ok=True)
            for file in folder.iterdir():
                file.replace(kept / file.name)
            folder.rmdir()
        except OSError as error:
            raise _unwritable(kept, error) from error


def _unwritable(path: Path, error: OSError) -> LibraryUnwritable:
    return LibraryUnwritable(f"{path} cannot be written ({error}); free or unlock the disk.")


def _as_of(name: str) -> date | None:
    _, _, day = name.partition("@")
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None
