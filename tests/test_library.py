"""The library: what goes in comes out, whatever happens to the process and its files in between."""

import json
import os
import random
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.facts.papers_json import paper_record
from tests.fakes import RandomEmbeddings, embed_beforehand, listing_of, wait_until
from vectorstore.catalogue.filters import Filters
from vectorstore.embedders.embeddings import text_key
from vectorstore.errors import EmbeddingError, LibraryDamaged, LibraryError, LibraryLocked, ListingError
from vectorstore.library import Library
from vectorstore.listings.entry import Entry
from vectorstore.search.indexes import _SEAL, Indexes, _checksums, is_sealed

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
QUERIES = ("early termination of diffusion LLMs", "low-rank quantization", "lamp colour3", "grokking")
PAGE = """Ada Lovelace

2 Papers

22.6LGMay 14
Sketch of the Analytical Engine

Luigi Menabrea, Ada Lovelace

The engine weaves algebraic patterns. It does so with cards.

CLJun 2, 2025
Notes on Bernoulli Numbers

Ada Lovelace, Charles Babbage

We compute numbers by a machine. Nobody did so before.
"""


@pytest.fixture
def folder(seeds_folder: Path, tmp_path: Path) -> Path:
    """A closed library of the seeds that a test may change."""
    return Path(shutil.copytree(seeds_folder, tmp_path / "library"))


@pytest.fixture(scope="module")
def big_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed library of so many papers that Chroma writes its graph to files."""
    folder = tmp_path_factory.mktemp("big") / "library"
    with Library(folder) as library:
        embed_beforehand(library.catalogue, listing_of(1100))
        library.add([listing_of(1100)])
        library.search("lamp")
    return folder


@pytest.fixture
def page(tmp_path: Path) -> Path:
    page = tmp_path / "ada.txt"
    page.write_text(PAGE)
    return page


def papers_json(library: Library) -> str:
    return json.dumps([paper_record(paper) for paper in library.papers()], ensure_ascii=False)


def found(library: Library) -> list[list[tuple[str, float]]]:
    return [
        [(one.passage.passage_id, round(one.similarity, 4)) for one in library.search(query, top_k=5)]
        for query in QUERIES
    ]


class Steps:
    """Collects what a library reports of its progress."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, step: str, _done: int, _total: int) -> None:
        self.seen.append(step)

    @property
    def rebuilt(self) -> bool:
        return "Rebuilding the index" in self.seen


# -- in and out


def test_a_listing_goes_in_once(tmp_path: Path, page: Path) -> None:
    with Library(tmp_path / "library") as library:
        report = library.ingest([page])
        before = papers_json(library), library.catalogue.passages()
        again = library.ingest([page])

        assert (report.listings, report.entries, report.papers_added, report.papers_merged) == (1, 2, 2, 0)
        assert (report.passages_embedded, report.skipped) == (2, ())
        assert (again.listings, again.entries, again.papers_added, again.papers_merged) == (1, 2, 0, 0)
        assert again.passages_embedded == 0
        assert (papers_json(library), library.catalogue.passages()) == before
        assert len(library.retriever.dense) == len(library.retriever.lexical) == 2


def test_the_seeds_go_in_in_any_order_with_one_outcome(seeds_library: Library, tmp_path: Path) -> None:
    texts = [passage.embedded_text for passage in seeds_library.catalogue.passages()]
    keys = [text_key(text) for text in texts]
    vectors = seeds_library.catalogue.known("minilm", keys)
    steps = Steps()
    with Library(tmp_path / "library", on_progress=steps) as library:
        library.catalogue.remember("minilm", vectors, seeds_library.catalogue.known_words("minilm", keys))
        reports = [library.ingest([file]) for file in sorted(SEEDS.glob("*_*.txt"), reverse=True)]
        again = library.ingest([SEEDS])

        assert sum(report.papers_added for report in reports) == 65
        assert sum(report.papers_merged for report in reports) == 5
        assert (again.listings, again.entries, again.papers_added, again.passages_embedded) == (5, 70, 0, 0)
        assert papers_json(library) == papers_json(seeds_library)
        assert library.catalogue.passages() == seeds_library.catalogue.passages()
        assert len(library.retriever.dense) == len(library.retriever.lexical) == 79
        assert found(library) == found(seeds_library)
        assert set(steps.seen) == {"Storing papers", "Embedding passages"}


def test_papers_are_newest_first_and_undated_last(seeds_library: Library) -> None:
    days = [paper.published for paper in seeds_library.papers()]
    dated = [day for day in days if day]
    assert dated == sorted(dated, reverse=True)
    assert days == dated + [None] * (len(days) - len(dated))


def test_a_day_given_later_reads_the_listing_again(tmp_path: Path, page: Path) -> None:
    with Library(tmp_path / "library") as library:
        library.ingest([page], as_of=date(2026, 1, 1))
        report = library.ingest([page], as_of=date(2024, 7, 1))
        days = {paper.title.split()[0]: (paper.published, paper.year_inferred) for paper in library.papers()}
        library.ingest([page])

        assert days == {"Sketch": (date(2024, 5, 14), True), "Notes": (date(2025, 6, 2), False)}
        assert (report.papers_added, report.passages_embedded) == (0, 0)
        assert {paper.title.split()[0]: (paper.published, paper.year_inferred) for paper in library.papers()} == days


# -- files that are no listings


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe", b"%PDF-1.7", b"<html>", b"a\0b", None], ids=str)
def test_what_is_no_listing_leaves_the_library_as_it_was(
    folder: Path, page: Path, tmp_path: Path, content: bytes | None
) -> None:
    bad = tmp_path / "bad.txt"
    if content is not None:
        bad.write_bytes(content)
    with Library(folder) as library:
        before = papers_json(library), library.catalogue.passages(), library.catalogue.listings()
        copies = sorted(library.path.joinpath("listings").rglob("*"))

        for paths in ([bad], [page, bad], [bad, page]):
            with pytest.raises(ListingError, match=r"bad\.txt"):
                library.ingest(paths)

        assert (papers_json(library), library.catalogue.passages(), library.catalogue.listings()) == before
        assert sorted(library.path.joinpath("listings").rglob("*")) == copies


def test_fifty_megabytes_are_refused_at_once(folder: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_text(PAGE + "x" * 50_000_000)
    started = time.perf_counter()
    with Library(folder) as library, pytest.raises(ListingError, match="larger than 20 MiB; split it"):
        library.ingest([large])
    assert time.perf_counter() - started < 2


def test_a_folder_is_read_with_what_is_in_it(tmp_path: Path, page: Path) -> None:
    pages = tmp_path / "pages"
    (pages / "deeper").mkdir(parents=True)
    (pages / "README.md").write_text("About these pages.")
    (pages / "deeper" / "ADA.TXT").write_text(PAGE)
    (pages / "bad.txt").write_text("hello")
    with Library(tmp_path / "library") as library:
        report = library.ingest([pages])

        assert (report.listings, report.papers_added) == (1, 2)
        assert [(line.file, line.line) for line in report.skipped] == [(str(pages / "bad.txt"), None)]
        assert "bad.txt is no listing" in report.skipped[0].reason


def test_a_folder_without_a_listing_says_why(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    with Library(tmp_path / "library") as library:
        with pytest.raises(ListingError, match=r"pages holds no listing; name a listing"):
            library.ingest([tmp_path / "pages"])
        (tmp_path / "pages" / "bad.txt").write_text("hello")
        with pytest.raises(ListingError, match=r"pages holds no listing; .*bad.txt is no listing"):
            library.ingest([tmp_path / "pages"])


def test_a_line_without_a_place_is_reported_with_its_number(tmp_path: Path, page: Path) -> None:
    page.write_text(PAGE.replace("2 Papers\n", "2 Papers\n\nA stray line that belongs to nothing\n"))
    with Library(tmp_path / "library") as library:
        report = library.ingest([page])
    assert [(line.file, line.line) for line in report.skipped] == [(str(page), 5)]
    assert report.papers_added == 2


# -- folders and processes


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match=r"cannot be written .*--library"):
        Library(tmp_path / "file" / "library")


@pytest.mark.parametrize(
    ("damage", "kind", "error"),
    [
        (lambda folder: (folder / "catalogue.sqlite3").write_bytes(b"garbage" * 999), "minilm", LibraryDamaged),
        (lambda folder: (folder / "catalogue.sqlite3").write_bytes(b""), "minilm", LibraryDamaged),
        (lambda folder: None, "unknown", EmbeddingError),
    ],
    ids=["garbage", "empty", "unknown embedder"],
)
def test_a_library_that_does_not_open_is_left_unlocked(
    folder: Path, damage: Callable[[Path], object], kind: str, error: type[Exception]
) -> None:
    damage(folder)
    for _ in range(2):
        with pytest.raises(error):
            Library(folder, embedder=kind)
    assert not (folder / "lock.owner").exists()


def test_a_library_open_here_is_locked_for_others(folder: Path) -> None:
    with Library(folder), pytest.raises(LibraryLocked, match=f"{folder} is open in process {os.getpid()}"):
        Library(folder)
    Library(folder).close()


def test_opening_and_listing_papers_needs_neither_chroma_nor_the_model(folder: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from vectorstore.library import Library
with Library(Path({str(folder)!r})) as library:
    print(len(library.papers()))
print([name for name in ("chromadb", "langchain_chroma", "onnxruntime") if name in sys.modules])
"""
    printed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert printed.stdout.split("\n")[:2] == ["65", "[]"]


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.fakes import listing_of
from vectorstore.library import Library
from vectorstore.listings.entry import Entry

folder, when = Path(sys.argv[1]), sys.argv[2]

def die(step, done, total):
    if when == f"{step} {done}":
        os.kill(os.getpid(), signal.SIGKILL)

library = Library(folder)
if when == "add":
    library.catalogue.add([listing_of(1100)])
elif when == "search":
    library.search("lamp")
else:
    library.add([listing_of(1100)], on_progress=die)
os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(folder: Path, when: str) -> None:
    process = subprocess.run([sys.executable, "-c", KILLED, str(folder), when], cwd=ROOT, capture_output=True)
    assert process.returncode == -signal.SIGKILL, process.stderr.decode()


@pytest.fixture(scope="module")
def prepared_folder(big_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty library that knows the vectors of 1,100 papers to come."""
    folder = tmp_path_factory.mktemp("prepared") / "library"
    with Library(folder) as library:
        embed_beforehand(library.catalogue, listing_of(1100))
    return folder


@pytest.mark.parametrize(
    "when", ["add", "Embedding passages 512", "Embedding passages 1024", "Embedding passages 1100"]
)
def test_a_killed_ingest_loses_nothing(prepared_folder: Path, big_folder: Path, tmp_path: Path, when: str) -> None:
    folder = Path(shutil.copytree(prepared_folder, tmp_path / "library"))
    killed(folder, when)
    whole = Path(shutil.copytree(big_folder, tmp_path / "whole"))

    with Library(folder) as library, Library(whole) as never_killed:
        assert papers_json(library) == papers_json(never_killed)
        assert len(library.search("lamp", filters=Filters(category="LG"))) == 10
        assert found(library) == found(never_killed)
        assert library.catalogue.count_passages() == {"new": 0, "indexed": 1100, "gone": 0}
        assert [len(index) for index in (library.retriever.dense, library.retriever.lexical)] == [1100, 1100]
        assert library.embeddings.embedded == 0
        assert library.add([listing_of(1100)]) == (0, 0, 0)


def test_a_killed_ingest_is_finished_by_the_same_command(prepared_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(prepared_folder, tmp_path / "library"))
    killed(folder, "Embedding passages 0")
    with Library(folder) as library:
        library.add([listing_of(1100)])
        assert library.catalogue.count_passages()["indexed"] == 1100
        assert len(library.retriever.dense) == 1100


@pytest.mark.parametrize("when", ["search", "close"])
@pytest.mark.parametrize("size", ["small", "big"])
def test_an_index_as_it_was_left_is_not_built_again(
    seeds_folder: Path, big_folder: Path, tmp_path: Path, size: str, when: str
) -> None:
    folder = Path(shutil.copytree(big_folder if size == "big" else seeds_folder, tmp_path / "library"))
    if when == "search":
        killed(folder, "search")
    steps = Steps()
    for _ in range(2):
        with Library(folder, on_progress=steps) as library:
            found(library)
    assert steps.seen == []


def test_a_search_changes_no_file_of_the_index(folder: Path, page: Path) -> None:
    shutil.rmtree(folder / "index")
    with Library(folder) as library:
        found(library)
        assert is_sealed(folder / "index")
        library.ingest([page])
        found(library)
        assert is_sealed(folder / "index")
    assert is_sealed(folder / "index")


# -- damage

INDEX_DAMAGE: dict[str, Callable[[Path], object]] = {
    "missing": shutil.rmtree,
    "emptied": lambda index: (shutil.rmtree(index), index.mkdir()),
    "no chroma": lambda index: shutil.rmtree(index / "chroma"),
    "no tantivy": lambda index: shutil.rmtree(index / "tantivy"),
    "no seal": lambda index: (index / "seal.json").unlink(),
    "a garbled seal": lambda index: (index / "seal.json").write_bytes(b"\xff{"),
    "a seal of another kind": lambda index: (index / "seal.json").write_text("[1]"),
    "a file more": lambda index: (index / "tantivy" / "more").write_text(""),
}
FILES = ["chroma.sqlite3", "data_level0.bin", "header.bin", "length.bin", "link_lists.bin", "index_metadata.pickle"]
FILES += ["vectors.f32", "rows.tsv"]
FILES += ["meta.json", ".managed.json", "*.idx", "*.term", "*.store", "*.fieldnorm"]


def overwrite(file: Path) -> None:
    file.write_bytes(random.Random(file.name).randbytes(file.stat().st_size))


def overwrite_middle(file: Path) -> None:
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 40] = random.Random(1).randbytes(len(content[middle : middle + 40]))
    file.write_bytes(content)


FILE_DAMAGE = {
    "cut": lambda file: os.truncate(file, file.stat().st_size // 2),
    "overwritten": overwrite,
    "overwritten in the middle": overwrite_middle,
}


@pytest.mark.parametrize("damage", INDEX_DAMAGE.values(), ids=INDEX_DAMAGE)
def test_a_damaged_index_is_rebuilt_from_the_catalogue(
    seeds_library: Library, folder: Path, damage: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    damage(folder / "index")
    steps = Steps()
    with Library(folder, on_progress=steps) as library:
        assert found(library) == found(seeds_library)
        assert library.embeddings.embedded == 0
    assert steps.rebuilt
    assert "it is rebuilt from the catalogue" in caplog.text


@pytest.mark.parametrize("damage", FILE_DAMAGE.values(), ids=FILE_DAMAGE)
@pytest.mark.parametrize("name", FILES)
def test_no_damaged_file_of_the_index_is_ever_searched(
    big_folder: Path, tmp_path: Path, name: str, damage: Callable[[Path], object]
) -> None:
    index = Path(shutil.copytree(big_folder / "index", tmp_path / "index"))
    (*_, file) = sorted(index.rglob(name))
    damage(file)
    assert Indexes.open(index, RandomEmbeddings()) is None


@pytest.mark.parametrize("name", ["data_level0.bin", "header.bin", "chroma.sqlite3", "*.store"])
def test_a_damaged_big_index_is_rebuilt_with_nothing_embedded(big_folder: Path, tmp_path: Path, name: str) -> None:
    with Library(Path(shutil.copytree(big_folder, tmp_path / "whole"))) as library:
        expected = found(library)
    folder = Path(shutil.copytree(big_folder, tmp_path / "library"))
    (*_, file) = sorted((folder / "index").rglob(name))
    overwrite(file)
    with Library(folder) as library:
        assert found(library) == expected
        assert library.embeddings.embedded == 0


def test_an_index_that_is_whole_but_does_not_open_is_rebuilt(seeds_library: Library, folder: Path) -> None:
    overwrite(folder / "index" / "chroma" / "chroma.sqlite3")
    (folder / "index" / _SEAL).write_text(json.dumps(_checksums(folder / "index")))
    with Library(folder) as library:
        assert found(library) == found(seeds_library)
    assert found(seeds_library)


def test_the_way_out_of_a_damaged_catalogue_works(tmp_path: Path, page: Path) -> None:
    folder = tmp_path / "my library"
    page = page.rename(tmp_path / "ada.md")
    with Library(folder) as library:
        library.ingest([page], as_of=date(2024, 7, 1))
        expected = papers_json(library)
    (folder / "catalogue.sqlite3").write_bytes(b"garbage" * 1000)
    with pytest.raises(LibraryDamaged) as caught:
        Library(folder)
    _, _, command = str(caught.value).partition("lost: ")

    python, *arguments = shlex.split(command)
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True)

    assert (python, done.returncode) == ("python", 0), done.stderr
    with Library(folder) as library:
        assert papers_json(library) == expected
        assert [one.passage.title for one in library.search("bernoulli", top_k=1)] == ["Notes on Bernoulli Numbers"]


def test_a_library_of_the_first_version_is_upgraded_at_its_first_search(tmp_path: Path, page: Path) -> None:
    with Library(tmp_path / "library") as library:
        library.ingest([page])
        before = library.search("a machine that computes numbers", top_k=2)
    with closing(sqlite3.connect(tmp_path / "library" / "catalogue.sqlite3")) as connection:
        connection.execute("UPDATE schema_version SET version = 1")
        connection.execute("DROP TABLE word_codes")
        connection.execute("PRAGMA user_version = 0")  # no checksum of the schema
        connection.commit()

    with Library(tmp_path / "library") as library:
        after = library.search("a machine that computes numbers", top_k=2)
        assert [one.passage for one in after] == [one.passage for one in before]
        assert [one.words for one in after] == pytest.approx([one.words for one in before], abs=1e-4)
        assert library.embeddings.embedded == 2
    with Library(tmp_path / "library") as library:
        assert library.search("a machine that computes numbers", top_k=2) == after
        assert library.embeddings.embedded == 0


def test_papers_whose_words_were_never_read_are_ranked_all_the_same(tmp_path: Path) -> None:
    listing = listing_of(30)
    with Library(tmp_path / "library") as library:
        embed_beforehand(library.catalogue, listing)
        library.add([listing])
        found = library.search("colour3", top_k=5)

    assert all(one.words is None for one in found)
    assert all("colour3" in one.passage.text for one in found[:4])


def test_an_index_of_another_catalogue_is_not_taken_for_ours(folder: Path, page: Path) -> None:
    (folder / "catalogue.sqlite3").unlink()
    for kept in ("listings", "backups"):
        shutil.rmtree(folder / kept, ignore_errors=True)
    with Library(folder) as library:
        library.ingest([page])
        assert {one.passage.paper_id for one in library.search("early termination of diffusion LLMs")} == {
            paper.paper_id for paper in library.papers()
        }
        assert len(library.retriever.dense) == 2


# -- threads


def run_together(*tasks: Callable[[], object]) -> list[BaseException]:
    """Run the tasks in threads at once; return what they raised."""
    errors: list[BaseException] = []
    ready = threading.Barrier(len(tasks))

    def run(task: Callable[[], object]) -> None:
        ready.wait()
        try:
            task()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.parametrize("start", ["empty", "seeds"])
def test_threads_search_while_another_ingests(seeds_folder: Path, tmp_path: Path, start: str) -> None:
    folder = tmp_path / "library"
    if start == "seeds":
        shutil.copytree(seeds_folder, folder)
    listings = [listing_of(300, name=f"{number}.txt") for number in range(3)]
    with Library(folder) as library:
        for listing in listings:
            embed_beforehand(library.catalogue, listing)
        done = threading.Event()
        searches = []

        def ingest() -> None:
            try:
                for listing in listings:
                    library.add([listing])
                # Read again, a listing prints fewer papers: passages go while they are searched.
                library.add([replace(listings[0], as_of=date(2024, 1, 1), entries=listings[0].entries[:100])])
            finally:
                done.set()

        def search() -> None:
            while not done.is_set():
                searches.append(len(library.search("lamp colour3", top_k=5)))
                library.search("lamp", filters=Filters(category="LG"))
                library.papers(Filters(text="lamp"))

        assert run_together(ingest, search, search) == []
        assert len(searches) >= 2
        assert len(library.search("lamp colour3", top_k=300)) == 300
        assert len(library.papers(Filters(text="lamp"))) == 700
        assert len(library.retriever.dense) == len(library.retriever.lexical) == len(library.catalogue.passages())


def test_threads_may_ingest_the_same_listing(tmp_path: Path, page: Path) -> None:
    with Library(tmp_path / "library") as library:
        reports = []
        assert run_together(*[lambda: reports.append(library.ingest([page]))] * 3) == []
        assert sum(report.papers_added for report in reports) == 2
        assert sum(report.passages_embedded for report in reports) == 2
        assert len(library.papers()) == len(library.retriever.dense) == 2


def test_threads_may_embed_the_same_texts(tmp_path: Path) -> None:
    with Library(tmp_path / "library") as library:
        texts = [f"A text about lamp number {number}." for number in range(20)]
        assert run_together(*[lambda: library.embeddings.embed_documents(texts)] * 3) == []


def test_the_first_searches_may_come_at_once(folder: Path) -> None:
    shutil.rmtree(folder / "index")
    with Library(folder) as library:
        results: list[int] = []
        assert run_together(*[lambda: results.append(len(library.search("diffusion")))] * 4) == []
        assert results == [10] * 4


def test_papers_listed_for_a_filter_while_others_go_in_are_listed_anew(tmp_path: Path) -> None:
    listing = listing_of(30, name="lamps.txt")
    said = Filters(saying="lamp")
    with Library(tmp_path / "library") as library:
        library.add([listing_of(2, name="first.txt")])
        library.search("lamp")
        library.add([listing], on_progress=lambda *_step: library.papers(said) and None)
        assert len(library.papers(said)) == len(library.papers(Filters(text="lamp")))


def test_words_find_what_is_not_embedded_yet(folder: Path) -> None:
    seen: list[tuple[int, list[str]]] = []

    with Library(folder, in_background=True) as library, ThreadPoolExecutor(1) as another:
        library.search("lamp")

        def look(step: str, done: int, _total: int) -> None:
            if step == "Embedding passages" and not done:
                search = another.submit(library.search, "zyzzyva glowworms", top_k=1)
                seen.append((library.catalogue.papers_not_embedded(), [one.passage.title for one in search.result()]))

        glowing = Entry(1, "Zyzzyva glowworms", "They glow at night.")
        library.add([replace(listing_of(1, name="more.txt"), entries=(glowing,))], on_progress=look)

        assert seen == [(1, ["Zyzzyva glowworms"])]
        assert library.catalogue.papers_not_embedded() == 0


def test_what_was_stopped_is_embedded_in_the_background_of_the_next_start(folder: Path) -> None:
    class Stop(Exception):
        pass

    def stop(step: str, _done: int, _total: int) -> None:
        if step == "Embedding passages":
            raise Stop

    with Library(folder) as library, pytest.raises(Stop):
        library.add([listing_of(20, name="more.txt")], on_progress=stop)

    with Library(folder, in_background=True) as library:
        assert library.catalogue.papers_not_embedded() == 20
        library.search("lamp")
        wait_until(lambda: library.catalogue.papers_not_embedded() == 0)
        assert len(library.retriever.dense) == len(library.retriever.lexical)
