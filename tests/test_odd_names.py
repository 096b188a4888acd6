"""Names and characters that are not what they seem: file names, escape sequences, terminals, links and devices."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from assistant.commands.terminal import printable
from tests.command_line import ROOT, environment, problem, run
from vectorstore.errors import LibraryError
from vectorstore.library import Library
from vectorstore.listing_files import kept_listings

PROFILE = ROOT / "seeds" / "profile_kyelim_lee.txt"
DAILY = ROOT / "seeds" / "daily_papers_apr_15.txt"
NO_UTF8 = os.fsdecode(b"\xff\xfebad.txt")


@pytest.fixture(scope="module")
def library(seeds_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the seeds that only commands open."""
    folder = tmp_path_factory.mktemp("odd") / "library"
    shutil.copytree(seeds_folder, folder)
    return folder


# -- names of files


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with a listing, the same under a name that is no UTF-8, and one whose name is an escape sequence."""
    folder = tmp_path / "pages"
    folder.mkdir()
    shutil.copy(PROFILE, folder / "kyelim.txt")
    shutil.copy(PROFILE, folder / NO_UTF8)
    (folder / "\x1b]0;title\x07.txt").write_text("no listing")
    return folder


def test_a_folder_is_read_but_for_the_name_that_is_no_utf8(pages: Path, tmp_path: Path) -> None:
    done = run("ingest", pages, "--library", tmp_path / "library", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 listings with 3 entries: 3 papers added")
    assert f"Skipped {pages}/\\xff\\xfebad.txt: The name of {pages}/\\xff\\xfebad.txt is not UTF-8 text" in done.stderr
    assert f"Skipped {pages}/\\x1b]0;title\\x07.txt:" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert [path.name for path in (tmp_path / "library" / "listings").glob("*/*")] == ["kyelim.txt"]


def test_the_report_names_the_file_exactly(pages: Path, tmp_path: Path) -> None:
    report = json.loads(run("ingest", pages, "--library", tmp_path / "library", "--json", cwd=tmp_path).stdout)
    assert {line["file"] for line in report["skipped"]} == {
        str(pages / NO_UTF8),
        str(pages / "\x1b]0;title\x07.txt"),
    }


def test_a_name_that_is_no_utf8_is_refused_alone(pages: Path, tmp_path: Path) -> None:
    said = problem(run("ingest", pages / NO_UTF8, "--library", tmp_path / "library", cwd=tmp_path))
    assert said == f"The name of {pages}/\\xff\\xfebad.txt is not UTF-8 text; rename the file."


def test_a_copy_that_cannot_be_kept_is_said_and_every_copy_is_of_a_listing_that_was_stored(
    tmp_path: Path, seeds_folder: Path
) -> None:
    with Library(tmp_path / "library") as library:
        library.ingest([PROFILE])
        with Library(seeds_folder) as seeds:
            (sha256,) = (one for one, name, *_ in seeds.catalogue.listings() if name == DAILY.name)
        in_the_way = library.path / "listings" / sha256[:12]
        in_the_way.write_text("a file in the place of the folder")
        other = tmp_path / "other.txt"
        other.write_text(PROFILE.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        with pytest.raises(LibraryError, match="cannot be written"):
            library.ingest([PROFILE, other, DAILY])
        stored = {sha256[:12] for sha256, *_ in library.catalogue.listings()}
        assert {copy.parent.name for copy in library.path.glob("listings/*/*")} <= stored
        assert sha256[:12] not in stored
        assert not list(library.path.glob("removed/*"))


TWO = """@article{a, title={Bright Lamps}, author={Ada Quill}, abstract={Lamps shine for years.}}
@article{b, title={Dark Lamps}, author={Ada Quill}, abstract={Dark lamps shine for no one.}}
"""


@pytest.mark.parametrize(
    "name", ["x" * 251 + ".txt", "é" * 125 + ".txt", "c.shortened", ".shortened", "-rf", "a\nb.txt"]
)
def test_a_listing_of_any_name_is_kept_and_shortened(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TWO)
    with Library(tmp_path / "library") as library:
        library.ingest([tmp_path / name])
        (gone,) = (one for one in library.papers() if one.title == "Dark Lamps")
        for forgets in (False, True):
            if forgets:
                library.forget(library.remove_papers([gone.paper_id]).removal_id)
            copies, damaged = kept_listings(library._folder)
            assert [(copy.name, damaged) for copy in copies] == [(name, [])]
            assert len(copies[0].entries) == 2 - forgets
        assert library.ingest([tmp_path / name]).papers_added == 1


def test_a_listing_that_is_read_again_under_another_name_keeps_its_copy(tmp_path: Path) -> None:
    for name in ("a.bib", "b.bib"):
        (tmp_path / name).write_text(TWO)
    with Library(tmp_path / "library") as library:
        for name in ("a.bib", "b.bib", "a.bib"):
            for as_of in (date(2024, 1, 1), None):
                library.ingest([tmp_path / name], as_of=as_of)
                assert [copy.name for copy in library.path.glob("listings/*/*")] == ["a.bib"]


# -- what a terminal obeys


def test_titles_are_shown_not_obeyed(tmp_path: Path) -> None:
    text = PROFILE.read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("Slower Generaliz"))
    assert title in text
    page = tmp_path / "page.txt"
    page.write_text(text.replace(title, f"\x1b[31m{title} \u202egnp.exe\x9b2J"), encoding="utf-8")
    assert run("ingest", page, "--library", tmp_path / "library", cwd=tmp_path).returncode == 0
    for command in (
        ("papers",),
        ("search", "grokking"),
        ("ask", "What is the critical data size?"),
        ("papers", "--json"),
    ):
        done = run(*command, "--library", tmp_path / "library", cwd=tmp_path)
        assert title in done.stdout
        assert not set(done.stdout + done.stderr) & set("\x1b\x9b\x07\u202e") or "--json" in command
        assert not set(done.stdout) & set("\x1b\x9b\x07")
    assert json.loads(done.stdout)  # of papers --json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("a\tb\u00a0c\u2009d", "a b c d"),
        ("a\u202eb\u2028c\rd\x00", r"a\u202eb\u2028c\rd\x00"),
        ("soft\xadhyphen 👩\u200d🔬\n", "soft\xadhyphen 👩\u200d🔬\n"),
        (NO_UTF8 + "\ud800", r"\xff\xfebad.txt\ud800"),
    ],
)
def test_what_a_terminal_obeys_is_spelled_out(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_terminal_of_ascii_gets_all_of_an_answer(library: Path, tmp_path: Path) -> None:
    """In a process of its own, whose streams are made by the environment."""
    for command, is_json in (("ask", True), ("ask", False), ("papers", False), ("papers", True), ("--help", False)):
        arguments = [command, *(["What is Rainbow Padding? — “é”"] if command == "ask" else [])]
        arguments += [] if command == "--help" else ["--library", str(library), *(["--json"] if is_json else [])]
        done = subprocess.run(
            [sys.executable, "-m", "assistant", *arguments],
            capture_output=True,
            timeout=60,
            cwd=tmp_path,
            env=environment(PYTHONIOENCODING="ascii"),
        )
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr
        assert done.stdout.decode("ascii")
        if is_json:
            assert "—" in str(json.loads(done.stdout)) or command == "papers"


# -- a library without a name


@pytest.mark.parametrize(
    "command", [("papers",), ("ask", "x"), ("ingest", str(PROFILE)), ("author", "x"), ("table", "--topic", "x")]
)
def test_a_library_without_a_name_is_refused(tmp_path: Path, command: tuple[str, ...]) -> None:
    assert "--library is empty" in problem(run(*command, "--library", "", cwd=tmp_path))
    assert "The setting library is wrong" in problem(run(*command, cwd=tmp_path, ASSISTANT_LIBRARY=""))
    assert not list(tmp_path.iterdir())


def test_the_current_folder_may_be_the_library_by_its_name(library: Path) -> None:
    assert run("papers", "--library", ".", cwd=library).returncode == 0


# -- files that are written


def bib(path: Path, library: Path, tmp_path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    topic = "masked diffusion language models"
    return run("related-work", topic, "--bib", path, *options, "--library", library, cwd=tmp_path)


def test_what_is_no_file_is_never_replaced(library: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    for name in ("pipe", "link", "round", "/dev/full"):
        for options in ((), ("--force",)):
            assert "is no regular file" in problem(bib(tmp_path / name, library, tmp_path, *options))
    assert (tmp_path / "pipe").is_fifo()
    assert (tmp_path / "link").is_symlink()
    assert Path("/dev/full").is_char_device()


def test_a_link_is_followed_and_stays(library: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "real.bib", tmp_path / "link.bib"
    link.symlink_to(target)
    assert bib(link, library, tmp_path).returncode == 0
    target.write_text("old")
    target.chmod(0o640)
    assert "--force" in problem(bib(link, library, tmp_path))
    assert bib(link, library, tmp_path, "--force").returncode == 0
    assert link.is_symlink()
    assert "@" in target.read_text(encoding="utf-8")
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["elsewhere", "link.bib", "real.bib"]
