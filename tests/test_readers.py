"""A library that is read beside its writer, and where nothing can be written."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import problem, run
from tests.damage import QUERIES
from vectorstore.errors import LibraryUnwritable
from vectorstore.library import Library

ROOT = Path(__file__).parent.parent
READING = (
    ("papers", "--json"),
    ("search", QUERIES[0], "--json"),
    ("author", "Albert No", "--json"),
    ("ask", "What is Rainbow Padding?", "--json"),
    ("table", "--topic", "unlearning", "--format", "json"),
)


@pytest.fixture
def folder(seeds_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(seeds_folder, tmp_path / "library"))


def told(*command: str, library: Path) -> object:
    done = run(*command, "--library", library, cwd=library.parent)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    if isinstance(answer, dict):
        answer.pop("timings_ms", None)
    return answer


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_what_only_reads_works_while_the_library_is_open(folder: Path, command: tuple[str, ...]) -> None:
    alone = told(*command, library=folder)
    with Library(folder) as library:
        library.search("lamp")
        assert told(*command, library=folder) == alone


def test_a_reader_sees_what_the_writer_added(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "ada.txt"
    page.write_text("Notes on Engines\\n\\nThe engine weaves.\\n")
    with Library(folder) as writer:
        sha256 = writer.catalogue.listings()[0][0]
        with Library(folder, read_only=True) as reader:
            before = len(reader.papers())
        removal = writer.remove_listing(sha256)
        with Library(folder, read_only=True) as reader:
            assert len(reader.papers()) == before - removal.papers
            assert len(reader.retriever.dense) == len(reader.catalogue.passages())
        writer.restore(removal.removal_id)


def test_what_writes_is_refused_while_the_library_is_open(folder: Path) -> None:
    with Library(folder):
        for command in (("ingest", str(ROOT / "seeds")), ("author", "Albert No", "--undo")):
            assert "is open in process" in problem(run(*command, "--library", folder, cwd=folder))


def test_a_reader_changes_no_file(folder: Path) -> None:
    def content() -> dict[str, bytes]:
        files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
        return {str(path): path.read_bytes() for path in files}

    before = content()
    with Library(folder, read_only=True) as library:
        library.search(QUERIES[0])
        assert len(library.catalogue.citation_keys(library.catalogue.paper_ids([]))) == 65
        with pytest.raises(LibraryUnwritable):
            library.ingest([ROOT / "seeds" / "profile_moongyu_jeon.txt"], as_of=None)
            library.remove_papers([library.papers()[0].paper_id])
    assert content() == before


def test_a_folder_without_a_library_is_said(tmp_path: Path) -> None:
    said = problem(run("papers", "--library", "/proc/library", cwd=tmp_path))
    assert "cannot be written" in said


# -- a disk that cannot be written: real mounts, in a namespace of their own

MOUNTS = ["unshare", "--user", "--map-root-user", "--mount"]
HAS_MOUNTS = shutil.which("unshare") and not subprocess.run([*MOUNTS, "true"], capture_output=True).returncode
needs_mounts = pytest.mark.skipif(not HAS_MOUNTS, reason="this machine lets no user mount")


def mounted(script: str, folder: Path, disk: Path) -> "subprocess.CompletedProcess[str]":
    """Run commands in which `assistant` is the command line, with the library `$L` copied to the tmpfs `$D`."""
    disk.mkdir()
    prepared = f'set -e; D={disk}; L=$D/library; A="{sys.executable} -m assistant"; export ASSISTANT_LIBRARY=$L; '
    script = f"{prepared}mount -t tmpfs -o size=24m tmpfs $D; cp -r {folder} $L; {script}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([*MOUNTS, "bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.fixture
def whole_answers(folder: Path) -> Iterator[list[object]]:
    yield [told(*command, library=folder) for command in READING[:2]]


@needs_mounts
def test_a_library_on_a_locked_disk_is_read(folder: Path, tmp_path: Path, whole_answers: list[object]) -> None:
    script = f"mount -o remount,ro $D; $A papers --json; echo @@@@; $A search '{QUERIES[0]}' --json"
    done = mounted(script, folder, tmp_path / "disk")
    assert done.returncode == 0, done.stderr
    assert [json.loads(part) for part in done.stdout.split("@@@@\n")] == whole_answers
    assert "Traceback" not in done.stderr


@needs_mounts
def test_a_library_on_a_full_disk_is_read(folder: Path, tmp_path: Path, whole_answers: list[object]) -> None:
    fill = "dd if=/dev/zero of=$D/fill bs=4k 2>/dev/null || true"
    script = f"rm -r $L/index; {fill}; $A papers --json; echo @@@@; {fill}; $A search '{QUERIES[0]}' --json"
    done = mounted(script, folder, tmp_path / "disk")
    assert done.returncode == 0, done.stderr
    assert [json.loads(part) for part in done.stdout.split("@@@@\n")] == whole_answers
    assert "Traceback" not in done.stderr


@needs_mounts
def test_what_writes_says_that_the_disk_is_full(folder: Path, tmp_path: Path) -> None:
    page = ROOT / "seeds" / "headerless_soeun_kim.txt"
    script = f"dd if=/dev/zero of=$D/fill bs=4k 2>/dev/null || true; $A ingest {page} --as-of 2020-01-01"
    done = mounted(script, folder, tmp_path / "disk")
    assert done.returncode == 1
    assert "Unexpected problem" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if line.strip()]) <= 2, done.stderr
