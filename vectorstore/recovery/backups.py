"""Copies of the catalogue, made while it is in use: a few in the library's folder, one archive to keep elsewhere."""

import json
import logging
import shutil
import sqlite3
import stat
import zipfile
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from vectorstore.catalogue.seals import add_functions, is_as_sealed, seal_file
from vectorstore.errors import LibraryError, LibraryUnwritable, OutputError
from vectorstore.folder import LibraryFolder
from vectorstore.recovery.mending import damage_of, opened_to_read

_log = logging.getLogger(__name__)
_KEPT = 3
_EVERY = timedelta(days=1)
_TIME = "%Y-%m-%dT%H-%M-%S-%f"
_MANIFEST = "manifest.json"
_FORMAT = 1
_FOLDERS = ("listings", "removed")
_BLOCK_BYTES = 1 << 20


class Backups:
    """The latest copies of a catalogue in a folder, each with its seal; without vectors, which can be made again."""

    def __init__(self, folder: Path, catalogue: Path) -> None:
        self._folder, self._catalogue = folder, catalogue

    def all(self) -> list[Path]:
        """Return the copies that are as they were made, the newest first."""
        return [file for file in self._files() if is_as_sealed(file)]

    def damaged(self) -> list[Path]:
        return [file for file in self._files() if not is_as_sealed(file)]

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("catalogue-*.sqlite3"), reverse=True)

    def make(self) -> None:
        """Make a copy, and remove the oldest but a few. Raises LibraryUnwritable."""
        name = f"catalogue-{datetime.now(UTC).strftime(_TIME)}"
        partial = self._folder / f"{name}.partial"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            copy_catalogue(self._catalogue, partial, with_vectors=False)
            whole = partial.replace(self._folder / f"{name}.sqlite3")
            seal_file(whole)
            for file in (whole, whole.with_suffix(".seal")):
                file.chmod(0o600)
            for file in [*self._files()[_KEPT:], *self._folder.glob("*.partial")]:
                file.unlink()
                file.with_suffix(".seal").unlink(missing_ok=True)
        except (OSError, sqlite3.OperationalError) as error:
            with suppress(OSError):
                partial.unlink()
            raise LibraryUnwritable(f"{partial} cannot be written ({error}); free or unlock the disk.") from error

    def make_if_due(self) -> None:
        """Make a copy unless there is one of the last day."""
        newest = max(self._files(), default=None)
        if newest is not None and datetime.now(UTC) - made(newest) <= _EVERY:
            return
        try:
            self.make()
        except LibraryUnwritable as error:
            _log.warning("There is no backup of this day: %s", error)

    def clear(self) -> None:
        """Remove all copies."""
        if self._folder.is_dir():
            shutil.rmtree(self._folder)


def made(backup: Path) -> datetime:
    """Return when a copy was made; one whose name was changed is of old."""
    try:
        return datetime.strptime(backup.stem.removeprefix("catalogue-"), _TIME).replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def copy_catalogue(catalogue: Path, copy: Path, *, with_vectors: bool) -> None:
    """Copy a catalogue as it is now, whoever writes it meanwhile. Raises sqlite3.Error and OSError."""
    copy.unlink(missing_ok=True)
    with closing(opened_to_read(catalogue)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it
        if not with_vectors:
            add_functions(target)
            for table in ("embeddings", "word_codes"):
                if target.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
                    target.execute(f"DELETE FROM {table}")
            target.commit()
            target.execute("VACUUM")


# -- one archive


def write_archive(folder: LibraryFolder, archive: Path) -> int:
    """Write the catalogue and the kept listings into a new zip archive; return how many files are in it.

    Indexes are left out: they are made again. Raises OutputError if it cannot be written.
    """
    partial = archive.with_name(f".{archive.name}.partial")
    try:
        with TemporaryDirectory(dir=archive.parent, prefix=".") as temporary:
            catalogue = Path(temporary) / folder.catalogue.name
            copy_catalogue(folder.catalogue, catalogue, with_vectors=True)
            files = {catalogue.name: catalogue} | {
                file.relative_to(folder.path).as_posix(): file
                for name in _FOLDERS
                for file in sorted((folder.path / name).rglob("*"))
                if file.is_file() and len(file.relative_to(folder.path).parts) == 3
            }
            with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed:
                listed = {}
                for name, file in files.items():
                    content = file.read_bytes()
                    listed[name] = {"bytes": len(content), "sha256": sha256(content).hexdigest()}
                    packed.writestr(name, content)
                packed.writestr(_MANIFEST, json.dumps({"format": _FORMAT, "files": listed}, indent=1))
            partial.replace(archive)
    except (OSError, sqlite3.Error, ValueError) as error:
        partial.unlink(missing_ok=True)
        raise OutputError(f"{archive} cannot be written ({error}); name another file.") from error
    return len(files)


def read_archive(archive: Path, folder: LibraryFolder) -> int:
    """Unpack an archive into a folder that has no library yet; return how many files it had.

    Nothing is taken over unless all is as it was written. Raises LibraryError if the archive is none, is damaged,
    or names files that are no part of a library.
    """
    if folder.catalogue.exists() or folder.kept_listings():
        raise LibraryError(f"{folder.path} has a library already; choose an empty folder with --library.")
    try:
        with zipfile.ZipFile(archive) as packed, TemporaryDirectory(dir=folder.path, prefix=".") as temporary:
            manifest = json.loads(packed.read(_MANIFEST))
            if manifest["format"] != _FORMAT:
                raise LibraryError(f"{archive} was written by a newer version; upgrade the program.")
            names = [name for name in packed.namelist() if name != _MANIFEST]
            listed = manifest["files"]
            if sorted(names) != sorted(listed) or folder.catalogue.name not in names:
                raise ValueError("its files are not those that it lists")
            for name in names:
                if not _is_of_a_library(packed.getinfo(name), folder):
                    raise ValueError(f"{name!r} is no file of a library")
                with packed.open(name) as source:
                    _unpack(source, Path(temporary) / name, listed[name]["bytes"], listed[name]["sha256"])
            if damage := damage_of(Path(temporary) / folder.catalogue.name):
                raise ValueError(str(damage))
            for path in sorted(Path(temporary).iterdir(), key=lambda path: path.name == folder.catalogue.name):
                shutil.rmtree(folder.path / path.name, ignore_errors=True)
                path.replace(folder.path / path.name)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise LibraryError(f"{archive} is no whole backup of a library ({reason}); choose another.") from error
    return len(names)


def _is_of_a_library(member: zipfile.ZipInfo, folder: LibraryFolder) -> bool:
    """Tell whether an archive's member has the name of a file that `write_archive` writes."""
    parts = PurePosixPath(member.filename).parts
    plain = all(part not in ("", ".", "..") and not set(part) & set("\\:\0") for part in parts)
    is_file = not member.is_dir() and stat.S_IFMT(member.external_attr >> 16) in (0, stat.S_IFREG)
    is_named = parts == (folder.catalogue.name,) or (len(parts) == 3 and parts[0] in _FOLDERS)
    return plain and is_file and is_named and member.filename == "/".join(parts)


def _unpack(source: IO[bytes], file: Path, length: int, expected_sha256: str) -> None:
    """Write what `source` holds to a file, never more than is expected. Raises ValueError if it is another."""
    file.parent.mkdir(parents=True, exist_ok=True)
    hashed, left = sha256(), length
    with file.open("xb") as unpacked:
        while block := source.read(_BLOCK_BYTES):
            left -= len(block)
            if left < 0:
                break
            hashed.update(block)
            unpacked.write(block)
    if left or hashed.hexdigest() != expected_sha256:
        raise ValueError(f"{file.name} is damaged")
