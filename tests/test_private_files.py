"""Who can read what the program keeps: its user alone. Temporary files too, and they are gone at the end."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import ROOT, run
from tests.page_client import PageClient
from tests.served_page import Server
from vectorstore.library import Library

PROFILE = ROOT / "seeds" / "profile_kyelim_lee.txt"


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Return what in a folder, or the folder, somebody else may read, write or enter."""
    there = [folder, *folder.rglob("*")]
    assert len(there) > 1
    return [str(path) for path in there if stat.S_IMODE(path.lstat().st_mode) & 0o077]


def test_what_a_command_makes_is_its_users_alone(tmp_path: Path) -> None:
    assert run("ingest", PROFILE, "--library", tmp_path / "library", cwd=tmp_path).returncode == 0
    assert not open_to_others(tmp_path / "library")


def test_a_library_that_was_open_to_others_is_closed_to_them(seeds_folder: Path, tmp_path: Path) -> None:
    folder, other = tmp_path / "library", tmp_path / "other"
    shutil.copytree(seeds_folder, folder)
    other.write_text("a file elsewhere")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (folder / "link").symlink_to(other)
    with Library(folder) as library:
        assert open_to_others(folder) == [str(folder / "link")]  # a link has no permissions of its own
        library.ingest([PROFILE])
        assert library.search("pruning")
    assert open_to_others(folder) == [str(folder / "link")]
    assert other.stat().st_mode & 0o777 == 0o644


def test_what_the_user_asks_for_is_as_other_files_of_theirs(seeds_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(seeds_folder, tmp_path / "library")
    topic = "masked diffusion language models"
    done = run("related-work", topic, "--bib", "out.bib", "--library", tmp_path / "library", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.bib").stat().st_mode & 0o777 == 0o644


def test_uploads_are_their_users_alone_and_gone_at_the_end(
    seeds_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    shutil.copytree(seeds_folder, tmp_path / "library")
    with Server(tmp_path / "library", tmp_path / "log") as server, PageClient(server.url) as page:
        (uploaded,) = page.http.post("/gradio_api/upload", files={"files": ("x.txt", b"a listing")}).json()
        assert Path(uploaded).read_bytes() == b"a listing"
        assert tmp_path / "temporary" in Path(uploaded).parents
        (folder,) = (tmp_path / "temporary").glob("research-assistant-*")
        assert not open_to_others(folder)
        assert page.ask("What is Rainbow Padding?")
        assert not open_to_others(tmp_path / "library")
    assert not list((tmp_path / "temporary").iterdir())
    assert not (tmp_path / "library" / "lock.owner").exists()
