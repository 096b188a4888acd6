"""The library's folder: who holds it, and the listings kept in it."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from vectorstore.errors import LibraryError, LibraryLocked
from vectorstore.folder import LibraryFolder
from vectorstore.listings.entry import Listing, ProfileFigures

ROOT = Path(__file__).parent.parent
LISTING = Listing("page.txt", "ab" * 32, "profile", None, None, ProfileFigures(), (), content=b"a listing")
HOLD = """
import sys
from pathlib import Path
from vectorstore.folder import LibraryFolder
folder = LibraryFolder(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
folder.release()
"""


def holder(folder: Path) -> "subprocess.Popen[str]":
    """Start a process that holds `folder` until its standard input ends."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    process = holder(tmp_path)
    try:
        with pytest.raises(LibraryLocked, match=rf"{tmp_path} is open in process {process.pid}; .*--library"):
            LibraryFolder(tmp_path)
    finally:
        process.communicate("")
    LibraryFolder(tmp_path).release()


def test_the_folder_is_free_after_a_kill(tmp_path: Path) -> None:
    process = holder(tmp_path)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    folder = LibraryFolder(tmp_path)
    with pytest.raises(LibraryLocked, match=f"process {os.getpid()};"):
        LibraryFolder(tmp_path)
    folder.release()


def test_a_released_folder_can_be_held_again(tmp_path: Path) -> None:
    first = LibraryFolder(tmp_path)
    first.release()
    second = LibraryFolder(tmp_path)
    second.release()
    assert first.path == second.path


def test_the_holder_is_another_process_when_it_left_no_name(tmp_path: Path) -> None:
    folder = LibraryFolder(tmp_path)
    for name in (b"", b"\xff\xfe"):
        (tmp_path / "lock.owner").write_bytes(name)
        with pytest.raises(LibraryLocked, match="open in another process;"):
            LibraryFolder(tmp_path)
    folder.release()
    assert not (tmp_path / "lock.owner").exists()


@pytest.mark.parametrize("name", ["file", "file/library", "dangling/x", "/proc/library", "x" * 300])
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("a regular file")
    (tmp_path / "dangling").symlink_to("/dev/null")

    with pytest.raises(LibraryError, match=r"cannot be written .*--library"):
        LibraryFolder(tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dangling", "file"]


def test_a_folder_whose_owner_file_cannot_be_written_stays_free(tmp_path: Path) -> None:
    (tmp_path / "lock.owner").mkdir()
    with pytest.raises(LibraryError, match="cannot be written") as caught:
        LibraryFolder(tmp_path)
    (tmp_path / "lock.owner").rmdir()
    LibraryFolder(tmp_path).release()
    assert caught.value  # it holds the frames, and with them the first lock, until here


def test_a_home_folder_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = LibraryFolder(Path("~/library"))
    assert folder.path == tmp_path / "library"
    folder.release()


# -- copies of listings


def kept(folder: LibraryFolder) -> dict[str, date | None]:
    return {str(path.relative_to(folder.listings)): day for path, day in folder.kept_listings()}


def test_a_listing_is_kept_once_with_its_day(tmp_path: Path) -> None:
    folder = LibraryFolder(tmp_path / "library")
    folder.keep_listing(LISTING)
    folder.keep_listing(LISTING)
    assert kept(folder) == {"abababababab/page.txt": None}

    folder.keep_listing(replace(LISTING, as_of=date(2024, 7, 1)))
    folder.keep_listing(LISTING)
    assert kept(folder) == {"abababababab@2024-07-01/page.txt": date(2024, 7, 1)}

    folder.keep_listing(replace(LISTING, as_of=date(2025, 7, 1)))
    assert kept(folder) == {"abababababab@2025-07-01/page.txt": date(2025, 7, 1)}
    assert folder.kept_listings()[0][0].read_text() == "a listing"
    folder.release()


def test_two_listings_of_one_name_are_both_kept(tmp_path: Path) -> None:
    folder = LibraryFolder(tmp_path / "library")
    folder.keep_listing(LISTING)
    folder.keep_listing(replace(LISTING, sha256="cd" * 32))
    assert len(kept(folder)) == 2
    folder.release()


def test_a_copy_that_is_put_away_is_not_read_until_it_is_brought_back(tmp_path: Path) -> None:
    folder = LibraryFolder(tmp_path / "library")
    folder.keep_listing(replace(LISTING, as_of=date(2024, 7, 1)))
    folder.keep_listing(replace(LISTING, sha256="cd" * 32))
    before = kept(folder)
    for _ in range(2):
        folder.put_away([LISTING.sha256])
        assert kept(folder) == {"cdcdcdcdcdcd/page.txt": None}
    for _ in range(2):
        folder.bring_back(LISTING.sha256)
        assert kept(folder) == before

    folder.put_away([LISTING.sha256])
    folder.keep_listing(LISTING)  # read again
    assert kept(folder) == before
    folder.release()


def test_a_copy_is_discarded_once_it_is_put_away(tmp_path: Path) -> None:
    folder = LibraryFolder(tmp_path / "library")
    folder.keep_listing(LISTING)
    folder.discard(LISTING.sha256)
    assert kept(folder) == {"abababababab/page.txt": None}
    folder.put_away([LISTING.sha256])
    folder.discard(LISTING.sha256)
    folder.bring_back(LISTING.sha256)
    assert kept(folder) == {}
    folder.release()


def test_a_half_written_copy_is_no_copy(tmp_path: Path) -> None:
    folder = LibraryFolder(tmp_path / "library")
    (folder.listings / "abababababab").mkdir(parents=True)
    (folder.listings / "abababababab.partial").write_text("a li")
    assert kept(folder) == {}

    folder.keep_listing(LISTING)
    assert [path.read_text() for path, _ in folder.kept_listings()] == ["a listing"]
    assert [path.name for path in folder.listings.iterdir()] == ["abababababab"]
    folder.release()


def test_a_copy_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    folder = LibraryFolder(tmp_path / "library")
    folder.listings.write_text("a file in the place of the folder")
    with pytest.raises(LibraryError, match=r"page.txt cannot be written .*disk"):
        folder.keep_listing(LISTING)
    folder.release()
