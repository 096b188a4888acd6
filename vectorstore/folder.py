"""The library's folder on disk, held by one process at a time."""

import os
import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.errors import LibraryError, LibraryLocked
from vectorstore.listings.entry import Listing


class LibraryFolder:
    """A folder that this process holds from construction to `release`."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        self.catalogue = self.path / "catalogue.sqlite3"
        self.index = self.path / "index"
        self._listings = self.path / "listings"
        self._owner = self.path / "lock.owner"
        self._lock = FileLock(self.path / "lock", timeout=0)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            self._owner.write_text(f"process {os.getpid()}", encoding="utf-8")
        except Timeout as error:
            owner = self._owner.read_text(encoding="utf-8") if self._owner.exists() else "another process"
            raise LibraryLocked(
                f"The library {self.path} is open in {owner}; close that first, or choose another with --library."
            ) from error
        except (OSError, NotImplementedError) as error:
            raise LibraryError(
                f"The library folder {self.path} cannot be written ({error}); make it writable,"
                " or choose another with --library."
            ) from error

    def release(self) -> None:
        self._owner.unlink(missing_ok=True)
        self._lock.release()

    def keep_listing(self, file: Path, listing: Listing) -> None:
        """Keep a copy of a listing, so that the library can be made again from its own folder."""
        copy = self._listings / listing.sha256[:12] / listing.name
        if not copy.exists():
            try:
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
            except OSError as error:
                raise LibraryError(f"{copy} cannot be written ({error}); free or unlock the disk.") from error
