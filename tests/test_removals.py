"""What is deleted leaves the library everywhere, and comes back exactly as it was."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.damage import rebuilt
from tests.fakes import embed_beforehand, listing_of
from tests.test_catalogue import PAGES, _at, content, listing
from tests.test_library import PAGE, papers_json, run_together
from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.catalogue.filters import Filters
from vectorstore.errors import NotInLibrary
from vectorstore.library import Library
from vectorstore.listings.entry import Entry, Listing
from vectorstore.papers.paper import Paper

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
PROFILE = "profile_kyelim_lee.txt"


@pytest.fixture
def folder(seeds_folder: Path, tmp_path: Path) -> Path:
    """A closed library of the seeds that a test may change."""
    return Path(shutil.copytree(seeds_folder, tmp_path / "library"))


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    with Library(folder) as library:
        yield library


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue(sqlite_url(tmp_path / "catalogue.sqlite3"))) as catalogue:
        yield catalogue


def everything(catalogue: Catalogue) -> tuple[object, ...]:
    """Return all that a catalogue says of the papers and listings in it."""
    papers = catalogue.papers()
    ids = [paper.paper_id for paper in papers]
    return (
        content(catalogue),
        catalogue.citation_keys(ids),
        catalogue.namesakes.people_on(ids),
        catalogue.namesakes.called(),
        catalogue.namesakes.decisions(),
        catalogue.listings(),
        [catalogue.listings_of_kind(kind) for kind in ("profile", "headerless", "daily")],
        [catalogue.conflicts_of(paper) for paper in papers],
        [catalogue.paper_ids(Filters(listing=name).conditions()) for _, name, _, _ in catalogue.listings()],
    )


def whole(library: Library) -> tuple[object, ...]:
    """Return all that a library says, and finds."""
    found = [
        [(one.passage.passage_id, round(one.similarity, 4)) for one in library.search(query, top_k=20)]
        for query in ("early termination of diffusion LLMs", "low-rank quantization", "reversal curse")
    ]
    retriever = library.retriever
    return everything(library.catalogue), papers_json(library), found, len(retriever.dense), len(retriever.lexical)


def sha_of(catalogue: Catalogue, name: str) -> str:
    return next(sha256 for sha256, listed, _, _ in catalogue.listings() if listed == name)


def printed_in(papers: Sequence[Paper], name: str) -> set[str]:
    return {paper.paper_id for paper in papers if any(entry.listing == name for entry in paper.entries)}


# -- a listing


def test_a_deleted_listing_leaves_with_the_papers_that_only_it_prints(library: Library) -> None:
    before = {paper.paper_id: paper for paper in library.papers()}
    theirs = printed_in(library.papers(), PROFILE)
    alone = {key for key in theirs if {entry.listing for entry in before[key].entries} == {PROFILE}}
    assert 0 < len(alone) < len(theirs)
    removal = library.remove_listing(sha_of(library.catalogue, PROFILE))

    after = {paper.paper_id: paper for paper in library.papers()}
    assert before.keys() - after.keys() == alone
    assert (removal.names, removal.papers) == ((PROFILE,), len(alone))
    assert printed_in(library.papers(), PROFILE) == set()
    for key in theirs - alone:
        assert after[key].entries == tuple(one for one in before[key].entries if one.listing != PROFILE)
        assert "Kyelim Lee" not in after[key].page_owners
    assert all(after[key] == before[key] for key in after.keys() - theirs)


def test_a_deleted_listing_is_in_no_list_count_filter_or_search(library: Library) -> None:
    catalogue = library.catalogue
    profiles, counts = catalogue.listings_of_kind("profile"), {row[0]: row[3] for row in catalogue.listings()}
    titles = {paper.paper_id: paper.title for paper in library.papers()}
    sha256 = sha_of(catalogue, PROFILE)
    library.remove_listing(sha256)

    gone = titles.keys() - {paper.paper_id for paper in library.papers()}
    assert {row[0]: row[3] for row in catalogue.listings()} == {one: counts[one] for one in counts if one != sha256}
    assert catalogue.listings_of_kind("profile") == [name for name in profiles if name != PROFILE]
    for name in (PROFILE, "Kyelim Lee"):
        assert library.count(Filters(listing=name)) == 0
    assert library.count(Filters(text="diffusion")) == len(library.papers(Filters(text="diffusion")))
    assert library.count(Filters(saying="diffusion")) == len(library.papers(Filters(saying="diffusion")))
    assert {paper_id for paper_id, _ in catalogue.titles()} == titles.keys() - gone
    assert gone.isdisjoint(one.passage.paper_id for key in gone for one in library.search(titles[key], top_k=65))
    assert gone.isdisjoint(catalogue.citation_keys(titles))
    assert len(library.retriever.dense) == len(library.retriever.lexical) == len(catalogue.passages())


def test_undoing_brings_every_byte_back_and_embeds_nothing(library: Library) -> None:
    bumjun = library.papers(Filters(authors=("Bumjun Kim",)))
    library.decide(lambda people: people.split("Bumjun Kim", [bumjun[0].paper_id, bumjun[1].paper_id]))
    before = whole(library)
    removals = [library.remove_listing(row[0]) for row in library.catalogue.listings()]
    assert library.papers() == []
    assert library.search("diffusion") == []
    for removal in removals:
        assert library.restore(removal.removal_id) == removal

    assert whole(library) == before
    assert library.embeddings.embedded == 0
    assert library.removals() == []


def test_a_deletion_outlives_a_restart_and_other_listings(library: Library, folder: Path, tmp_path: Path) -> None:
    other = replace(listing_of(3), name="other.txt")
    embed_beforehand(library.catalogue, other)
    removal = library.remove_listing(sha_of(library.catalogue, PROFILE))
    left = whole(library)
    library.close()
    with Library(folder) as again:
        assert whole(again) == left
        again.add([other])
        assert library_names(again) == library_names(again) - {PROFILE} | {"other.txt"}
        assert again.restore(removal.removal_id) == removal
        with_both = whole(again)
    shutil.rmtree(folder / "index")
    with Library(folder) as rebuilt:
        assert whole(rebuilt) == with_both
        assert rebuilt.embeddings.embedded == 0


def library_names(library: Library) -> set[str]:
    return {name for _, name, _, _ in library.catalogue.listings()}


def test_a_deleted_listing_comes_back_when_its_file_is_read_again(library: Library) -> None:
    before = whole(library)
    removal = library.remove_listing(sha_of(library.catalogue, PROFILE))
    report = library.ingest([SEEDS / PROFILE])

    assert (report.papers_added, report.passages_embedded) == (removal.papers, 0)
    assert report.papers_merged == report.entries - removal.papers
    assert library.removals() == []
    assert whole(library) == before
    assert library.ingest([SEEDS / PROFILE]).papers_added == 0


def test_a_deleted_listing_keeps_its_day_when_it_is_read_again_without_one(catalogue: Catalogue) -> None:
    dated = listing(Entry(1, "Lamps", "", published=date(2024, 5, 14), year_inferred=True), as_of=date(2024, 7, 1))
    catalogue.add([dated])
    before = everything(catalogue)
    catalogue.removals.remove_listing(dated.sha256)

    assert catalogue.add([replace(dated, as_of=None)]) == (1, 0)
    assert everything(catalogue) == before


def test_a_listing_that_is_not_there_cannot_be_deleted(library: Library) -> None:
    sha256 = sha_of(library.catalogue, PROFILE)
    library.remove_listing(sha256)
    for unknown in (sha256, "0" * 64, ""):
        with pytest.raises(NotInLibrary, match="has no listing"):
            library.remove_listing(unknown)


# -- papers


def test_deleted_papers_leave_with_all_their_entries(library: Library) -> None:
    before = whole(library)
    papers = sorted(library.papers(), key=lambda paper: (-len(paper.entries), paper.title))[:3]
    ids = [paper.paper_id for paper in papers]
    assert len(papers[0].entries) > 1
    counts = sum(row[3] for row in library.catalogue.listings())
    removal = library.remove_papers(ids)

    assert set(removal.names) == {paper.title for paper in papers}
    assert (removal.listing_sha256, removal.papers) == (None, 3)
    assert {paper.paper_id for paper in library.papers()}.isdisjoint(ids)
    assert not any(one.passage.paper_id in ids for paper in papers for one in library.search(paper.title, top_k=65))
    assert sum(row[3] for row in library.catalogue.listings()) == counts - sum(len(paper.entries) for paper in papers)
    assert library.ingest([SEEDS]).papers_added == 0  # their listings are there
    assert library.restore(removal.removal_id) == removal
    assert whole(library) == before


def test_papers_that_are_not_there_cannot_be_deleted(library: Library) -> None:
    (one, *_) = library.papers()
    with pytest.raises(NotInLibrary, match="has no paper 'unknown'"):
        library.remove_papers([one.paper_id, "unknown"])
    with pytest.raises(NotInLibrary, match="No paper is named"):
        library.remove_papers([])
    assert library.removals() == []
    assert one in library.papers()


def test_the_id_of_a_namesake_stays_when_the_first_of_its_title_is_deleted(catalogue: Catalogue) -> None:
    catalogue.add(
        [
            listing(
                Entry(1, "Attention", "Engines weave patterns with cards. Nobody did.", ("Ada Lovelace",)),
                Entry(2, "Attention", "Lamps are dim at night.", ("Soeun Kim",)),
            )
        ]
    )
    first, second = sorted(catalogue.papers(), key=lambda paper: -len(paper.abstract))
    catalogue.removals.remove_papers([first.paper_id])
    assert catalogue.papers() == [second]


def test_a_paper_deleted_alone_stays_deleted_when_its_listing_comes_back(catalogue: Catalogue) -> None:
    pages = [listing(Entry(1, "Lamps", ""), Entry(2, "Cards", "")), listing(Entry(1, "Cards", ""), name="b.txt")]
    catalogue.add(pages)
    before = everything(catalogue)
    (cards,) = [paper.paper_id for paper in catalogue.papers() if paper.title == "Cards"]
    alone = catalogue.removals.remove_papers([cards])
    listed = catalogue.removals.remove_listing(pages[0].sha256)
    assert listed.papers == 1
    catalogue.removals.restore(listed.removal_id)

    assert [paper.title for paper in catalogue.papers()] == ["Lamps"]
    catalogue.removals.restore(alone.removal_id)
    assert everything(catalogue) == before


# -- the bin


def test_deletions_are_listed_the_newest_first_with_their_time(library: Library) -> None:
    started = datetime.now(UTC) - timedelta(seconds=1)
    first = library.remove_papers([library.papers()[0].paper_id])
    second = library.remove_listing(sha_of(library.catalogue, PROFILE))

    assert library.removals() == [second, first]
    assert all(started < removal.made <= datetime.now(UTC) for removal in library.removals())
    library.restore(second.removal_id)
    third = library.remove_papers([library.papers()[0].paper_id])
    assert third.removal_id not in (first.removal_id, second.removal_id)
    assert library.removals() == [third, first]


def test_a_deletion_is_undone_once(library: Library) -> None:
    removal = library.remove_papers([library.papers()[0].paper_id])
    library.restore(removal.removal_id)
    for undo in (library.restore, library.forget):
        with pytest.raises(NotInLibrary, match=f"no deletion {removal.removal_id}"):
            undo(removal.removal_id)


def test_what_is_forgotten_is_gone_until_it_is_read_again(library: Library, folder: Path) -> None:
    before = whole(library)
    copies = len(list(folder.glob("*/*/*.txt")))
    sha256 = sha_of(library.catalogue, PROFILE)
    removal = library.remove_listing(sha256)
    left = whole(library)
    library.forget(removal.removal_id)

    assert whole(library) == left
    assert library.removals() == []
    assert len(list(folder.glob("*/*/*.txt"))) == copies - 1
    with closing(sqlite3.connect(folder / "catalogue.sqlite3")) as connection:
        stored = connection.execute("SELECT count(*) FROM entries WHERE listing_sha256 = ?", (sha256,)).fetchone()
    assert stored == (0,)
    assert library.ingest([SEEDS / PROFILE]).papers_added == removal.papers
    assert whole(library) == before


def test_a_forgotten_paper_comes_back_with_its_listing(library: Library) -> None:
    before = whole(library)
    (paper, *_) = [paper for paper in library.papers() if len(paper.entries) > 1]
    removal = library.remove_papers([paper.paper_id])
    library.forget(removal.removal_id)
    assert library.count(Filters(paper_ids=(paper.paper_id,))) == 0

    assert library.ingest([SEEDS]).papers_added == 1
    assert whole(library) == before


def test_forgetting_a_listing_forgets_what_was_deleted_from_it_alone(catalogue: Catalogue) -> None:
    page = listing(Entry(1, "Lamps", ""), Entry(2, "Cards", ""))
    catalogue.add([page])
    catalogue.removals.remove_papers([catalogue.papers()[0].paper_id])
    catalogue.removals.forget(catalogue.removals.remove_listing(page.sha256).removal_id)

    assert catalogue.removals.all() == []
    assert catalogue.add([page]) == (2, 0)


# -- whatever happens


SHUFFLED = st.randoms(use_true_random=False)


def numbered(pages: Sequence[tuple[str | None, Sequence[Entry]]]) -> list[Listing]:
    return [
        listing(*(_at(line, entry) for line, entry in enumerate(entries, 1)), name=f"page{number}", owner=owner)
        for number, (owner, entries) in enumerate(pages)
    ]


def chosen_removal(catalogue: Catalogue, chance: Random) -> None:
    """Delete something, or undo a deletion."""
    removals, papers, listings = catalogue.removals, catalogue.papers(), catalogue.listings()
    if (undone := removals.all()) and chance.random() < 0.3:
        removals.restore(chance.choice(undone).removal_id)
    elif papers and chance.random() < 0.5:
        removals.remove_papers([paper.paper_id for paper in chance.sample(papers, chance.randint(1, len(papers)))])
    elif listings:
        removals.remove_listing(chance.choice(listings)[0])


@settings(max_examples=40, deadline=None)
@given(PAGES, SHUFFLED, st.integers(1, 6))
def test_undoing_all_deletions_restores_everything(
    pages: list[tuple[str | None, list[Entry]]], chance: Random, steps: int
) -> None:
    with closing(Catalogue("sqlite://")) as catalogue:
        catalogue.add(numbered(pages))
        before = everything(catalogue)
        id_of = {entry: paper.paper_id for paper in catalogue.papers() for entry in paper.entries}
        for _ in range(steps):
            chosen_removal(catalogue, chance)
            entries = [(entry, paper.paper_id) for paper in catalogue.papers() for entry in paper.entries]
            assert all(id_of[entry] == paper_id for entry, paper_id in entries)
            assert len(entries) == sum(count for *_, count in catalogue.listings())
        removals = catalogue.removals.all()
        chance.shuffle(removals)
        for removal in removals:
            catalogue.removals.restore(removal.removal_id)

        assert everything(catalogue) == before


@settings(max_examples=25, deadline=None)
@given(PAGES.filter(lambda pages: len(pages) > 1), SHUFFLED)
def test_a_deletion_gives_one_library_whatever_is_read_before_or_after_it(
    pages: list[tuple[str | None, list[Entry]]], chance: Random
) -> None:
    first, *others = numbered(pages)
    early, late = Catalogue("sqlite://"), Catalogue("sqlite://")
    early.add([first])
    early.removals.remove_listing(first.sha256)
    for one in others:
        early.add([one])
    chance.shuffle(others)
    late.add([first, *others])
    late.removals.remove_listing(first.sha256)

    assert everything(early) == everything(late)
    early.close()
    late.close()


@settings(max_examples=25, deadline=None)
@given(PAGES.filter(lambda pages: len(pages) > 0))
def test_the_papers_of_a_removal_are_those_whose_text_restoring_it_brings_back(
    pages: list[tuple[str | None, list[Entry]]],
) -> None:
    catalogue = Catalogue("sqlite://")
    catalogue.add(numbered(pages))
    for page in numbered(pages)[:2]:
        catalogue.removals.remove_listing(page.sha256)
    for removal in catalogue.removals.all():
        before = {(paper.paper_id, paper.title, paper.abstract) for paper in catalogue.papers()}
        held_back = catalogue.removals.papers_of(removal.removal_id)
        catalogue.removals.restore(removal.removal_id)
        after = {(paper.paper_id, paper.title, paper.abstract) for paper in catalogue.papers()}
        assert {paper_id for paper_id, _, _ in after - before} == held_back
    catalogue.close()


@settings(max_examples=25, deadline=None)
@given(PAGES.filter(lambda pages: len(pages) > 0))
def test_forgetting_a_listing_is_never_having_read_it(pages: list[tuple[str | None, list[Entry]]]) -> None:
    first, *others = numbered(pages)
    forgetful, fresh = Catalogue("sqlite://"), Catalogue("sqlite://")
    fresh.add(others)
    forgetful.add([first, *others])
    forgetful.removals.forget(forgetful.removals.remove_listing(first.sha256).removal_id)

    assert everything(forgetful) == everything(fresh)
    forgetful.close()
    fresh.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from vectorstore.folder import LibraryFolder
from vectorstore.search.indexes import Indexes
from vectorstore.library import Library

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

folder, when, sha256 = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
library = Library(folder)
if when == "before the index":
    Indexes.remove = die
elif when == "before the seal":
    Indexes.seal = die
else:
    LibraryFolder.put_away = die
library.remove_listing(sha256)
"""


@pytest.fixture(scope="module")
def before_and_after(
    seeds_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """What a library of the seeds says with the profile, and without it."""
    with Library(Path(shutil.copytree(seeds_folder, tmp_path_factory.mktemp("calm") / "library"))) as library:
        before = whole(library)
        library.remove_listing(sha_of(library.catalogue, PROFILE))
        return before, whole(library)


@pytest.mark.parametrize("when", ["before the index", "before the seal", "before the copy"])
def test_a_deletion_of_a_killed_process_holds(
    folder: Path, before_and_after: tuple[tuple[object, ...], tuple[object, ...]], when: str
) -> None:
    with closing(Catalogue(sqlite_url(folder / "catalogue.sqlite3"))) as catalogue:
        sha256 = sha_of(catalogue, PROFILE)
    process = subprocess.run([sys.executable, "-c", KILLED, str(folder), when, sha256], cwd=ROOT, capture_output=True)
    assert process.returncode == -signal.SIGKILL, process.stderr.decode()

    before, after = before_and_after
    with Library(folder) as library:
        assert not list((folder / "listings").glob(f"{sha256[:12]}*"))
        assert library.count(Filters(saying="diffusion")) == len(library.papers(Filters(saying="diffusion")))
        assert whole(library) == after
        library.restore(library.removals()[0].removal_id)
        assert whole(library) == before
        assert library.embeddings.embedded == 0
        assert list((folder / "listings").glob(f"{sha256[:12]}*"))


def test_a_library_made_again_from_its_copies_leaves_a_deleted_listing_out(tmp_path: Path) -> None:
    pages = [tmp_path / "ada.txt", tmp_path / "bo.txt"]
    for page, name in zip(pages, ("Ada Lovelace", "Bo Kim"), strict=True):
        page.write_text(PAGE.replace("Ada Lovelace", name).replace("Notes", f"Notes of {name}"))
    folder = tmp_path / "library"
    with Library(folder) as library:
        library.ingest(pages)
        library.remove_listing(sha_of(library.catalogue, "ada.txt"))
        left = papers_json(library)
    (folder / "catalogue.sqlite3").unlink()
    rebuilt(folder)
    with Library(folder) as library:
        assert papers_json(library) == left
        assert library.ingest([pages[0]]).papers_added == 1
    assert len(list((folder / "listings").iterdir())) == 2
    assert not list((folder / "removed").iterdir())


def test_a_library_of_the_version_before_deletions_opens(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "catalogue.sqlite3")) as connection:
        connection.execute("DROP TABLE removed_entries")
        connection.execute("DROP TABLE removals")
        connection.execute("PRAGMA user_version = 0")  # no checksum of the schema
        connection.commit()
    with Library(folder) as library:
        before = whole(library)
        library.restore(library.remove_listing(sha_of(library.catalogue, PROFILE)).removal_id)
        assert whole(library) == before


def test_threads_never_find_what_is_gone(tmp_path: Path) -> None:
    kept, taken = listing_of(300, name="kept.txt"), listing_of(300, name="taken.txt")
    with Library(tmp_path / "library") as library:
        for one in (kept, taken):
            embed_beforehand(library.catalogue, one)
        library.add([kept, taken])
        gone = {paper_id for paper_id, title in library.catalogue.titles() if "taken.txt" in title}
        done = threading.Event()
        steps = [0]  # an odd number of them: the deletion has returned, and is not being undone
        compared: set[int] = set()

        def change() -> None:
            try:
                for step in (1, 3, 5):
                    removal = library.remove_listing(taken.sha256)
                    steps.append(step)
                    for _ in range(1000):  # 10 s at most
                        if step in compared:
                            break
                        time.sleep(0.01)
                    steps.append(step + 1)
                    library.restore(removal.removal_id)
                library.remove_listing(taken.sha256)
            finally:
                done.set()

        def search() -> None:
            while not done.is_set():
                step = steps[-1]
                found = {one.passage.paper_id for one in library.search("lamp colour3", top_k=50)}
                said = library.count(Filters(saying="lamp"))
                if step % 2 and steps[-1] == step:
                    assert not found & gone
                    assert said == 300
                    compared.add(step)

        assert run_together(change, search, search) == []
        assert compared == {1, 3, 5}
        assert library.count(Filters(saying="lamp")) == 300
        assert len(library.retriever.dense) == len(library.retriever.lexical) == 300
