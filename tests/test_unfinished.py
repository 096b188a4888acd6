"""A listing that was stored in part: nothing of it is lost, and whoever opens the library next goes on with it."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.ui.background_steps import Step, Work
from assistant.ui.library_panel import Readings, step_html
from tests.fakes import embed_beforehand, listing_of
from vectorstore.library import IngestReport, Library
from vectorstore.listings.readers import read_listing
from vectorstore.search.current_indexes import OnProgress

ROOT = Path(__file__).parent.parent
PAPERS, FIRST = 2100, 2000  # papers in the file, and in the first batch
KILLED = """
import os, signal, sys
from pathlib import Path
from vectorstore.library import Library

def die(step, done, total):
    os.kill(os.getpid(), signal.SIGKILL)

Library(Path(sys.argv[1])).ingest([Path(sys.argv[2])], on_progress=die)
"""


class Stop(Exception):
    pass


def stop(step: str, _done: int, _total: int) -> None:
    if step == "Storing papers":
        raise Stop


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("file") / "many.jsonl"
    entries = listing_of(PAPERS).entries
    file.write_text("".join(json.dumps({"title": one.title, "abstract": one.abstract}) + "\n" for one in entries))
    return file


@pytest.fixture(scope="module")
def prepared(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty library that knows the vectors of all papers of the file."""
    folder = tmp_path_factory.mktemp("prepared") / "library"
    with Library(folder) as library:
        embed_beforehand(library.catalogue, read_listing(file))
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "library"))


def stopped(folder: Path, file: Path) -> None:
    """Ingest a file and stop after the first batch."""
    with Library(folder) as library, pytest.raises(Stop):
        library.ingest([file], on_progress=stop)


def all_is_there(library: Library) -> bool:
    return library.catalogue.count_passages() == {"new": 0, "indexed": PAPERS, "gone": 0}


def test_what_was_stored_outlives_a_kill_and_the_next_start_goes_on(folder: Path, file: Path) -> None:
    process = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(file)], cwd=ROOT, capture_output=True)
    assert process.returncode == -signal.SIGKILL, process.stderr.decode()

    steps: list[tuple[str, int, int]] = []
    with Library(folder, on_progress=lambda *step: steps.append(step)) as library:
        assert [step for step in steps if step[0] == "Storing papers"] == [("Storing papers", PAPERS, PAPERS)]
        assert len({paper.title for paper in library.papers()}) == len(library.papers()) == PAPERS
        library.search("lamp")
        assert all_is_there(library)
        assert [len(index) for index in (library.retriever.dense, library.retriever.lexical)] == [PAPERS, PAPERS]
        assert library.embeddings.embedded == 0


def test_what_is_stored_is_found_by_its_words_before_the_rest_is(folder: Path, file: Path) -> None:
    seen: list[tuple[int, int]] = []

    with Library(folder) as library:

        def look(step: str, done: int, _total: int) -> None:
            if step == "Storing papers":
                seen.append((done, len(library.retriever.lexical)))

        report = library.ingest([file], on_progress=look)

    assert seen == [(FIRST, FIRST), (PAPERS, PAPERS)]
    assert (report.papers_added, report.papers_merged, report.passages_embedded) == (PAPERS, 0, 0)


def test_the_same_file_goes_on_where_it_was_stopped(folder: Path, file: Path) -> None:
    with Library(folder, in_background=True) as library:
        with pytest.raises(Stop):
            library.ingest([file], on_progress=stop)
        assert library.is_unfinished
        report = library.ingest([file])
        assert report.papers_added == PAPERS - FIRST
        assert all_is_there(library)
        assert not library.is_unfinished


def test_what_has_no_copy_stays_as_it_was_stored(folder: Path, file: Path) -> None:
    with Library(folder) as library, pytest.raises(Stop):
        library.add([read_listing(file)], on_progress=stop)
    with Library(folder) as library:
        assert len(library.papers()) == FIRST
        assert library.catalogue.unfinished() == set()
        library.add([read_listing(file)])
        assert len(library.papers()) == PAPERS


def test_a_listing_that_is_removed_is_not_gone_on_with_until_it_is_back(folder: Path, file: Path) -> None:
    with Library(folder, in_background=True) as library:
        with pytest.raises(Stop):
            library.ingest([file], on_progress=stop)
        removal = library.remove_listing(read_listing(file).sha256)
    with Library(folder) as library:
        assert library.papers() == []
        library.restore(removal.removal_id)
    with Library(folder) as library:
        assert len(library.papers()) == PAPERS


def test_an_answer_says_that_a_listing_is_still_being_read(folder: Path, file: Path) -> None:
    with Library(folder, in_background=True) as library:
        with pytest.raises(Stop):
            library.ingest([file], on_progress=stop)
        said = Assistant(library, Settings()).ask("How many papers are there?")
        library.finish()
        later = Assistant(library, Settings()).ask("How many papers are there?")

    assert "1 listing is still being read: papers may be missing here." in said.notes
    assert not any("still being read" in note for note in later.notes)


def test_the_page_goes_on_with_what_was_stopped_and_shows_it(folder: Path, file: Path) -> None:
    stopped(folder, file)
    with Library(folder, in_background=True) as library:
        readings = Readings(library)
        readings.go_on()
        assert readings.latest
        *_, report = readings.latest.steps()
        assert isinstance(report, IngestReport)
        assert report.papers_added == PAPERS - FIRST
        assert all_is_there(library)
        readings.latest = None
        readings.go_on()
        assert readings.latest is None


def test_progress_tells_how_fast_it_goes_and_how_long_it_will() -> None:
    seen = Event()

    def work(report: OnProgress) -> str:
        report("Embedding passages", 100, 1000)
        seen.wait()
        report("Embedding passages", 400, 1000)
        over.wait()
        return "done"

    over = Event()
    steps = Work(work).steps()
    first = next(steps)
    seen.set()
    second = next(steps)
    over.set()

    assert isinstance(first, Step)
    assert isinstance(second, Step)
    assert (first.per_second, first.seconds_left) == (None, None)
    assert second.per_second is not None
    assert second.seconds_left == pytest.approx(600 / second.per_second)
    assert list(steps)[-1] == "done"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step("Embedding passages", 128, 10_000), "Embedding passages 128 of 10,000</p>"),
        (Step("Embedding passages", 128, 10_000, 28.0), "128 of 10,000 · 28 a second · 6 minutes left"),
        (Step("Embedding passages", 128, 130, 2.25), "128 of 130 · 2.2 a second · less than a minute left"),
        (Step("Embedding passages", 0, 60_000, 5.0), "0 of 60,000 · 5.0 a second · 3 hours left"),
    ],
)
def test_the_page_shows_the_pace(step: Step, said: str) -> None:
    assert said in step_html(step)
