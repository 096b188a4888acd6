"""The catalogue: what is stored, in any order and any state of its file."""

import json
import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.facts.papers_json import paper_record
from tests.test_papers import ENTRIES
from vectorstore.catalogue.catalogue import SCHEMA_VERSION, Catalogue, sqlite_url
from vectorstore.errors import LibraryDamaged, LibraryError, LibraryTooNew
from vectorstore.listings.entry import Entry, Listing, ProfileFigures
from vectorstore.listings.readers import read_listing
from vectorstore.papers.passages import Passage

SEEDS = [read_listing(path) for path in sorted((Path(__file__).parent.parent / "seeds").glob("*_*.txt"))]


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    catalogue = Catalogue(sqlite_url(tmp_path / "catalogue.sqlite3"))
    yield catalogue
    catalogue.close()


def listing(*entries: Entry, name: str = "page.txt", as_of: date | None = None, owner: str | None = None) -> Listing:
    return Listing(name, (name.encode().hex() * 64)[:64], "profile", as_of, owner, ProfileFigures(), entries)


def content(catalogue: Catalogue) -> tuple[str, list[Passage], list[tuple[str, str]], dict[str, str]]:
    papers = json.dumps([paper_record(paper) for paper in catalogue.papers()], ensure_ascii=False)
    return papers, catalogue.passages(), catalogue.coined_names(), catalogue.people()


# -- what it keeps


def test_papers_and_passages_are_the_same_in_any_order_of_listings(tmp_path: Path) -> None:
    orders = [*list(permutations(SEEDS))[::17], SEEDS[::-1]]
    contents = []
    for number, order in enumerate(orders):
        one_by_one = Catalogue(sqlite_url(tmp_path / f"{number}.sqlite3"))
        for one in order:
            one_by_one.add([one])
        contents.append(content(one_by_one))
        one_by_one.close()
    at_once = Catalogue(sqlite_url(tmp_path / "once.sqlite3"))
    assert at_once.add(SEEDS) == (65, 5)
    contents.append(content(at_once))
    at_once.close()

    assert len(orders) == 9
    assert all(one == contents[0] for one in contents)


PAGES = st.lists(st.tuples(st.none() | st.sampled_from(["Ada", "Bo Kim"]), st.lists(ENTRIES, max_size=3)), max_size=4)


@settings(max_examples=40, deadline=None)
@given(PAGES, st.randoms(use_true_random=False))
def test_any_listings_give_one_catalogue_whatever_their_order(
    pages: list[tuple[str | None, list[Entry]]], chance: random.Random
) -> None:
    listings = [
        listing(*(_at(line, entry) for line, entry in enumerate(entries, 1)), name=f"page{number}", owner=owner)
        for number, (owner, entries) in enumerate(pages)
    ]
    shuffled = listings.copy()
    chance.shuffle(shuffled)
    at_once, one_by_one = Catalogue("sqlite://"), Catalogue("sqlite://")
    at_once.add(listings)
    for one in shuffled:
        one_by_one.add([one])

    assert content(one_by_one) == content(at_once)
    for paper in at_once.papers():
        found = at_once.conflicts_of(paper)
        assert found == one_by_one.conflicts_of(paper)
        places = {place for conflict in found for value in conflict.values for place in value.places}
        assert places <= set(paper.entries)
    at_once.close()
    one_by_one.close()


def _at(line: int, entry: Entry) -> Entry:
    fields = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    return Entry(**{**fields, "line": line})


def test_a_listing_stored_twice_changes_nothing(catalogue: Catalogue) -> None:
    catalogue.add(SEEDS)
    catalogue.mark_indexed([passage.passage_id for passage in catalogue.passages()])
    before = content(catalogue)

    assert catalogue.add(SEEDS[::-1]) == (0, 0)
    assert content(catalogue) == before
    assert catalogue.count_passages() == {"new": 0, "indexed": 79, "gone": 0}


def test_a_paper_comes_back_as_it_was_merged(catalogue: Catalogue) -> None:
    catalogue.add(SEEDS)
    for paper in catalogue.papers():
        assert catalogue.papers([paper.paper_id, "unknown"]) == [paper]


def test_a_day_given_later_dates_the_listing_anew(catalogue: Catalogue) -> None:
    undated = Entry(line=1, title="Lamps", abstract="Bright.", published=date(2025, 5, 14), year_inferred=True)
    catalogue.add([listing(undated)])
    dated = Entry(line=1, title="Lamps", abstract="Bright.", published=date(2024, 5, 14), year_inferred=True)

    assert catalogue.add([listing(dated, as_of=date(2024, 7, 1))]) == (0, 1)
    (paper,) = catalogue.papers()
    assert paper.published == date(2024, 5, 14)
    assert len(paper.entries) == 1

    assert catalogue.add([listing(undated)]) == (0, 0)  # without a day, the known one stays
    assert catalogue.papers() == [paper]


def test_a_listing_read_anew_leaves_no_paper_that_it_no_longer_prints(catalogue: Catalogue) -> None:
    catalogue.add(
        [listing(Entry(line=1, title="Lamps", abstract="Bright."), Entry(line=2, title="Cards", abstract=""))]
    )
    catalogue.mark_indexed([passage.passage_id for passage in catalogue.passages()])
    catalogue.add([listing(Entry(line=1, title="Lamps", abstract="Bright."), as_of=date(2024, 1, 1))])

    assert [paper.title for paper in catalogue.papers()] == ["Lamps"]
    assert [passage.title for passage in catalogue.passages(state="gone")] == ["Cards"]
    assert catalogue.passages_by_id([passage.passage_id for passage in catalogue.passages(state="gone")]) == {}
    catalogue.mark_indexed([passage.passage_id for passage in catalogue.passages(state="gone")])
    assert catalogue.count_passages() == {"new": 0, "indexed": 1, "gone": 0}


def test_only_the_passages_whose_text_changes_are_new(catalogue: Catalogue) -> None:
    cards = Entry(line=2, title="Cards", abstract="Cards weave.")
    catalogue.add([listing(Entry(line=1, title="Lamps", abstract="Lamps are bright."), cards)])
    catalogue.mark_indexed([passage.passage_id for passage in catalogue.passages()])
    catalogue.add([listing(Entry(line=1, title="Lamps", abstract="Lamps are bright, we say."), name="other.txt")])

    assert [passage.text for passage in catalogue.passages(state="new")] == ["Lamps are bright, we say."]
    assert [passage.text for passage in catalogue.passages(state="indexed")] == ["Cards weave."]


def test_page_owners_are_people(catalogue: Catalogue) -> None:
    catalogue.add([listing(Entry(line=1, title="Lamps", abstract="", authors=("Bo Kim",)), owner="Ada Lovelace")])
    assert catalogue.people() == {"bo kim": "Bo Kim", "ada lovelace": "Ada Lovelace"}


def test_listings_are_listed_with_their_entries(catalogue: Catalogue) -> None:
    catalogue.add(SEEDS)
    assert [(name, entries) for _, name, _, entries in catalogue.listings()] == [
        (one.name, len(one.entries)) for one in SEEDS
    ]
    assert catalogue.distinct("category") == sorted({paper.category for paper in catalogue.papers() if paper.category})


# -- the cache of embeddings


def test_vectors_are_kept_by_model_and_text(catalogue: Catalogue) -> None:
    vector = np.arange(384, dtype=np.float32)
    catalogue.remember("one", {"a": vector})
    catalogue.remember("one", {})

    assert np.array_equal(catalogue.known("one", ["a", "b"])["a"], vector)
    assert catalogue.known("other", ["a"]) == {}


def test_threads_may_remember_the_same_text(catalogue: Catalogue) -> None:
    errors: list[BaseException] = []
    ready = threading.Barrier(8)

    def remember(number: int) -> None:
        ready.wait()
        try:
            for key in range(30):
                catalogue.remember("one", {str(key): np.full(384, number, np.float32)})
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=remember, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert len(catalogue.known("one", [str(key) for key in range(30)])) == 30


# -- files that are not as they should be


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of a closed catalogue of the seeds."""
    path = tmp_path / "library" / "catalogue.sqlite3"
    path.parent.mkdir()
    catalogue = Catalogue(sqlite_url(path))
    catalogue.add(SEEDS)
    catalogue.close()
    return path


def test_a_catalogue_of_a_newer_version_is_refused_and_left_alone(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE schema_version SET version = ?", (SCHEMA_VERSION + 1,))
        connection.execute("DROP TABLE coined_names")
        connection.commit()
    before = file.read_bytes()

    with pytest.raises(LibraryTooNew, match=rf"format {SCHEMA_VERSION + 1}.*upgrade the program.*--library"):
        Catalogue(sqlite_url(file))
    assert file.read_bytes() == before


def test_a_catalogue_of_the_first_version_is_embedded_anew(file: Path) -> None:
    with closing(Catalogue(sqlite_url(file))) as catalogue:
        catalogue.remember("minilm", {"a": np.zeros(384, np.float32)})
        catalogue.mark_indexed([passage.passage_id for passage in catalogue.passages()])
        papers = catalogue.papers()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE schema_version SET version = 1")
        connection.execute("DROP TABLE word_codes")
        connection.commit()

    for _ in range(2):
        with closing(Catalogue(sqlite_url(file))) as upgraded:
            counts = upgraded.count_passages()
            assert upgraded.known("minilm", ["a"]) == {}
            assert upgraded.papers() == papers
    assert counts["new"] > 0
    assert counts["indexed"] == 0


def overwritten(start: int, length: int) -> Callable[[bytes], bytes]:
    noise = random.Random(start).randbytes
    return lambda content: content[:start] + noise(length) + content[start + length :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "the header is overwritten": overwritten(0, 100),
    "all but the header is overwritten": lambda content: overwritten(100, len(content) - 100)(content),
    "the second half is gone": lambda content: content[: len(content) // 2],
    "fifty bytes are left": lambda content: content[:50],
    "it is a text": lambda content: b"no database at all. " * 100,
    "a text is no UTF-8": lambda content: content.replace(b"Rainbow Padding", b"Rainbow \xff\xfe\xfd\xfc\xff\xff\xff"),
    "every page is hit": lambda content: b"".join(
        content[start : start + 4000] + b"\xff" * 96 for start in range(0, len(content), 4096)
    ),
}


def use(file: Path) -> None:
    catalogue = Catalogue(sqlite_url(file))
    try:
        content(catalogue)
    finally:
        catalogue.close()


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_catalogue_says_the_way_out_and_stays_as_it_is(file: Path, damage: Callable[[bytes], bytes]) -> None:
    damaged = damage(file.read_bytes())
    file.write_bytes(damaged)

    with pytest.raises(LibraryDamaged) as caught:
        use(file)

    assert file.read_bytes() == damaged
    message = str(caught.value)
    assert message.startswith(f"{file} is damaged (")
    assert f"python -m assistant check --rebuild --library {file.parent}" in message
    assert "\n" not in message


def test_garbage_in_the_middle_is_either_told_or_harmless(file: Path) -> None:
    whole = file.read_bytes()
    catalogue = Catalogue(sqlite_url(file))
    good = content(catalogue)
    catalogue.close()
    told = 0
    for start in range(4096, len(whole), len(whole) // 25):
        file.write_bytes(overwritten(start, 2000)(whole))
        try:
            damaged = Catalogue(sqlite_url(file))
            try:
                assert content(damaged) == good
            finally:
                damaged.close()
        except LibraryDamaged:
            told += 1
    assert told > 5


def test_a_folder_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"cannot be used .*--library"):
        Catalogue(sqlite_url(tmp_path / "missing" / "catalogue.sqlite3"))


def test_a_catalogue_that_is_written_by_another_is_waited_for(file: Path) -> None:
    other = sqlite3.connect(file, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("DELETE FROM embeddings")
    release = threading.Timer(0.5, other.commit)
    release.start()
    catalogue = Catalogue(sqlite_url(file))
    catalogue.remember("one", {"a": np.zeros(384, np.float32)})
    assert len(catalogue.known("one", ["a"])) == 1
    release.join()
    catalogue.close()
    other.close()


def test_a_failed_ingest_stores_nothing(catalogue: Catalogue) -> None:
    def listings() -> Iterator[Listing]:
        yield SEEDS[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        catalogue.add(listings())
    assert catalogue.is_empty()
    assert catalogue.listings() == []
