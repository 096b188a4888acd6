"""Why entries are one paper, and entries that are kept apart from theirs and joined to them again."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import embed_beforehand
from tests.test_catalogue import PAGES, listing
from tests.test_papers import ENGINES, LAMPS
from tests.test_removals import SHUFFLED, chosen_removal, everything, numbered, whole
from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.catalogue.merges import MergedEntry
from vectorstore.errors import MergeError, NotInLibrary
from vectorstore.library import Library
from vectorstore.listings.entry import Entry, Publication
from vectorstore.papers.paper import Paper
from vectorstore.text.folding import folded

LONG = LAMPS + " They last."
FIRST = Entry(1, "Bright Lamps", LONG, ("Ada Lovelace", "Bo Kim", "Soeun Kim", "Wan Choi"))


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue(sqlite_url(tmp_path / "catalogue.sqlite3"))) as catalogue:
        yield catalogue


def reasons_of(catalogue: Catalogue, *entries: Entry) -> list[str]:
    """Return the reasons of the one paper that the entries, each of a page of its own, are."""
    catalogue.add([listing(entry, name=f"{number}.txt") for number, entry in enumerate(entries)])
    (paper,) = catalogue.papers()
    return [one.reason for one in catalogue.merges.reasons(paper.paper_id)]


# -- why


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "The same title, and the same abstract."),
        ({"title": "BRIGHT LAMPS!"}, "The same title up to case and punctuation, and the same abstract."),
        ({"title": "Bright Lämps"}, "The same title up to case, accents and punctuation, and the same abstract."),
        ({"abstract": LAMPS}, "The same title; 88 % of the words of the abstracts are shared."),
        ({"abstract": ""}, "The same title, and one listing prints no abstract."),
        (
            {"abstract": ENGINES, "authors": ("Nobody", "BO KIM")},
            "The same title, and both print the author BO KIM; the abstracts differ.",
        ),
        (
            {"abstract": ENGINES, "authors": FIRST.authors[::-1]},
            "The same title, and both print the authors Wan Choi, Soeun Kim, Bo Kim and 1 more; the abstracts differ.",
        ),
    ],
)
def test_a_reason_says_what_is_alike(catalogue: Catalogue, changes: dict[str, object], reason: str) -> None:
    first, second = reasons_of(catalogue, FIRST, replace(FIRST, **changes))  # type: ignore[arg-type]
    assert first == "The other entries were compared with this one, which has the longest abstract."
    assert second == reason


def test_two_entries_without_an_abstract_say_so(catalogue: Catalogue) -> None:
    nothing = replace(FIRST, abstract="")
    assert reasons_of(catalogue, nothing, nothing)[1] == "The same title, and neither listing prints an abstract."


def test_a_paper_of_one_entry_says_that_it_is_alone(catalogue: Catalogue) -> None:
    assert reasons_of(catalogue, FIRST) == ["No other entry is taken for this paper."]


def test_every_entry_of_the_seeds_is_told_as_it_is_printed(seeds_library: Library) -> None:
    merged = [paper for paper in seeds_library.papers() if len(paper.entries) > 1]
    assert [len(paper.entries) for paper in merged].count(2) == 3
    assert len(merged) == 4
    for paper in merged:
        told = seeds_library.merge_reasons(paper.paper_id)
        assert sorted(one.place for one in told) == list(paper.entries)
        assert [one.like is None for one in told] == [True] + [False] * (len(told) - 1)
        assert told[0].entry.abstract == paper.abstract
        assert not any(one.apart for one in told)
        assert {one.entry.line for one in told} == {one.place.line for one in told}


def claims(one: MergedEntry, other: Entry) -> bool:
    """Tell whether what a reason claims of two entries is so, as they are printed."""
    entry, (words, others) = one.entry, (set(folded(text.abstract).split()) for text in (one.entry, other))
    names, other_names = ({folded(name) for name in each.authors} for each in (entry, other))
    if ("up to" in one.reason) == (entry.title == other.title):
        return False
    if "no abstract" in one.reason or "neither listing" in one.reason:
        return not words or not others
    share = len(words & others) / len(words | others)
    if "both print" in one.reason:
        return share < 0.4 and bool(names & other_names)
    if percent := re.search(r"(\d+) % of the words", one.reason):
        return share >= 0.4 and abs(int(percent[1]) - 100 * share) <= 0.5
    return "the same abstract" in one.reason and entry.abstract == other.abstract


@settings(max_examples=100, deadline=None)
@given(PAGES)
def test_every_reason_holds(pages: Sequence[tuple[str | None, Sequence[Entry]]]) -> None:
    with closing(Catalogue("sqlite://")) as catalogue:
        catalogue.add(numbered(pages))
        for paper in catalogue.papers():
            told = catalogue.merges.reasons(paper.paper_id)
            assert sorted(one.place for one in told) == list(paper.entries)
            entries = {one.place: one.entry for one in told}
            assert all(one.like and claims(one, entries[one.like]) for one in told[1:])


def test_a_reason_says_when_what_it_rests_on_is_deleted_or_kept_apart(catalogue: Catalogue) -> None:
    middle = replace(FIRST, abstract=ENGINES, authors=("Bo Kim", "Eva"))
    last = replace(FIRST, abstract="Boats float.", authors=("Eva",))
    told = reasons_of(catalogue, FIRST, middle, last, replace(last, abstract="Boats."))
    assert told[2].startswith("The same title, and both print the author Eva")
    (paper,) = catalogue.papers()
    bridge = next(one.place for one in catalogue.merges.reasons(paper.paper_id) if one.entry.abstract == ENGINES)

    removal = catalogue.removals.remove_listing(bridge.listing_sha256)
    _, second, third = catalogue.merges.reasons(paper.paper_id)
    assert second.reason.endswith(f"compared with the entry at line 1 of {bridge.listing}, which is deleted now.")
    assert (second.like, third.like) == (bridge, second.place)
    catalogue.removals.restore(removal.removal_id)
    catalogue.merges.keep_apart(*bridge.key)
    _, second, _, fourth = catalogue.merges.reasons(paper.paper_id)
    assert second.reason.endswith(f"compared with the entry at line 1 of {bridge.listing}, which is kept apart now.")
    assert (fourth.place, fourth.apart) == (bridge, True)


def test_a_reason_rests_on_what_is_in_the_paper_if_it_can(catalogue: Catalogue) -> None:
    reasons_of(catalogue, FIRST, replace(FIRST, abstract=LAMPS), replace(FIRST, abstract=LAMPS[:-1]))
    (paper,) = catalogue.papers()
    first, second, third = catalogue.merges.reasons(paper.paper_id)
    assert third.like == first.place
    catalogue.removals.remove_listing(first.place.listing_sha256)

    told = catalogue.merges.reasons(paper.paper_id)
    assert [(one.place, one.like) for one in told] == [(second.place, None), (third.place, second.place)]
    assert "deleted" not in told[1].reason


# -- kept apart


def pair(catalogue: Catalogue) -> tuple[Paper, MergedEntry]:
    """Return a paper of two entries, and the second of them."""
    catalogue.add([listing(FIRST, name="a.txt"), listing(replace(FIRST, abstract=LAMPS), name="b.txt")])
    (paper,) = catalogue.papers()
    return paper, catalogue.merges.reasons(paper.paper_id)[1]


def test_an_entry_that_is_kept_apart_is_a_paper_of_its_own(catalogue: Catalogue) -> None:
    paper, second = pair(catalogue)
    own = catalogue.merges.keep_apart(*second.place.key)

    papers = {one.paper_id: one for one in catalogue.papers()}
    assert papers.keys() == {paper.paper_id, own}
    assert (papers[own].entries, papers[own].abstract) == ((second.place,), LAMPS)
    assert papers[paper.paper_id].entries == tuple(place for place in paper.entries if place != second.place)
    (told,) = catalogue.merges.reasons(own)
    assert (told.apart, told.reason) == (True, second.reason)
    assert [(one.place, one.apart) for one in catalogue.merges.reasons(paper.paper_id)][1:] == [(second.place, True)]
    keys = catalogue.citation_keys(papers)
    assert len(set(keys.values())) == 2


def test_the_paper_keeps_its_id_when_its_first_entry_is_kept_apart(catalogue: Catalogue) -> None:
    paper, second = pair(catalogue)
    (first,) = [place for place in paper.entries if place != second.place]
    own = catalogue.merges.keep_apart(*first.key)

    assert {one.paper_id: one.entries for one in catalogue.papers()} == {paper.paper_id: (second.place,), own: (first,)}


def test_entries_of_one_listing_that_are_kept_apart_are_two_papers(catalogue: Catalogue) -> None:
    page = listing(*(replace(FIRST, line=line) for line in (1, 2, 3)))
    catalogue.add([page])
    own = {catalogue.merges.keep_apart(page.sha256, line) for line in (1, 2)}
    assert own < {paper.paper_id for paper in catalogue.papers()}
    assert len(catalogue.papers()) == 3


def test_an_entry_stays_apart_when_it_is_read_again_and_when_others_come(catalogue: Catalogue) -> None:
    paper, second = pair(catalogue)
    own = catalogue.merges.keep_apart(*second.place.key)
    catalogue.add([listing(FIRST, name="c.txt"), listing(replace(FIRST, abstract=LAMPS), name="b.txt")])

    assert {one.paper_id: len(one.entries) for one in catalogue.papers()} == {paper.paper_id: 2, own: 1}
    catalogue.removals.restore(catalogue.removals.remove_papers([own]).removal_id)
    assert {one.paper_id: len(one.entries) for one in catalogue.papers()} == {paper.paper_id: 2, own: 1}


def test_what_cannot_be_kept_apart_or_rejoined_is_refused(catalogue: Catalogue) -> None:
    paper, second = pair(catalogue)
    (first,) = [place for place in paper.entries if place != second.place]
    with pytest.raises(MergeError, match="is not kept apart"):
        catalogue.merges.rejoin(*first.key)
    catalogue.merges.keep_apart(*second.place.key)
    for place in (first, second.place):
        with pytest.raises(MergeError, match="a paper of its own"):
            catalogue.merges.keep_apart(*place.key)
    catalogue.removals.remove_listing(second.place.listing_sha256)
    for key in (second.place.key, ("0" * 64, 1), (first.listing_sha256, 2)):
        for change in (catalogue.merges.keep_apart, catalogue.merges.rejoin):
            with pytest.raises(NotInLibrary, match="has no entry at line"):
                change(*key)
    with pytest.raises(NotInLibrary, match="has no paper 'unknown'"):
        catalogue.merges.reasons("unknown")


def test_a_forgotten_entry_is_not_kept_apart_when_it_is_read_again(catalogue: Catalogue) -> None:
    _, second = pair(catalogue)
    catalogue.merges.keep_apart(*second.place.key)
    catalogue.removals.forget(catalogue.removals.remove_listing(second.place.listing_sha256).removal_id)
    catalogue.add([listing(replace(FIRST, abstract=LAMPS), name="b.txt")])
    assert [len(paper.entries) for paper in catalogue.papers()] == [2]


def chosen_decision(catalogue: Catalogue, chance: Random) -> None:
    """Keep an entry apart, or rejoin one, as far as that can be."""
    told = [one for paper in catalogue.papers() for one in catalogue.merges.reasons(paper.paper_id)]
    together = [one for one in told if not one.apart]
    if together and chance.random() < 0.7:
        one = chance.choice(together)
        if len([paper for paper in catalogue.papers() if one.place in paper.entries and len(paper.entries) > 1]):
            catalogue.merges.keep_apart(*one.place.key)
    elif apart := [one for one in told if one.apart]:
        catalogue.merges.rejoin(*chance.choice(apart).place.key)


@settings(max_examples=40, deadline=None)
@given(PAGES, SHUFFLED, st.integers(1, 8))
def test_any_decisions_keep_the_ids_of_all_other_papers_and_leave_no_trace_when_they_are_undone(
    pages: list[tuple[str | None, list[Entry]]], chance: Random, steps: int
) -> None:
    with closing(Catalogue("sqlite://")) as catalogue:
        catalogue.add(numbered(pages))
        before = everything(catalogue)
        id_of = {entry: paper.paper_id for paper in catalogue.papers() for entry in paper.entries}
        for _ in range(steps):
            chosen_removal(catalogue, chance) if chance.random() < 0.3 else chosen_decision(catalogue, chance)
            placed = [(entry, paper.paper_id) for paper in catalogue.papers() for entry in paper.entries]
            assert len(placed) == len(dict(placed)) == sum(count for *_, count in catalogue.listings())
            apart = {one.place for _, paper_id in placed for one in catalogue.merges.reasons(paper_id) if one.apart}
            assert all((id_of[entry] == paper_id) != (entry in apart) for entry, paper_id in placed)
        for removal in catalogue.removals.all():
            catalogue.removals.restore(removal.removal_id)
        for place in {
            one.place for paper in catalogue.papers() for one in catalogue.merges.reasons(paper.paper_id) if one.apart
        }:
            assert catalogue.merges.rejoin(*place.key) == id_of[place]

        assert everything(catalogue) == before


@settings(max_examples=25, deadline=None)
@given(PAGES.filter(lambda pages: len(pages) > 1), SHUFFLED)
def test_an_entry_kept_apart_gives_one_library_whatever_is_read_before_or_after_it(
    pages: list[tuple[str | None, list[Entry]]], chance: Random
) -> None:
    twin = replace(FIRST, line=1)
    first, *others = [listing(twin, replace(twin, line=2), name="twins"), *numbered(pages)]
    early, late = Catalogue("sqlite://"), Catalogue("sqlite://")
    early.add([first])
    early.merges.keep_apart(first.sha256, 2)
    for one in others:
        early.add([one])
    chance.shuffle(others)
    late.add([first, *others])
    late.merges.keep_apart(first.sha256, 2)

    assert everything(early) == everything(late)
    early.close()
    late.close()


def test_a_library_finds_both_papers_and_is_as_it_was_when_they_are_rejoined(tmp_path: Path) -> None:
    pages = [listing(FIRST, name="a.txt"), listing(replace(FIRST, abstract=LAMPS), name="b.txt")]
    with Library(tmp_path / "library") as library:
        for page in pages:
            embed_beforehand(library.catalogue, page)
        library.add(pages)
        before = whole(library)
        (paper,) = library.papers()
        second = library.merge_reasons(paper.paper_id)[1].place
        revision = library.revision
        own = library.keep_apart(*second.key)
        assert library.revision > revision
    with Library(tmp_path / "library") as library:
        assert {one.passage.paper_id for one in library.search("lamps")} == {paper.paper_id, own}
        assert library.rejoin(*second.key) == paper.paper_id
        assert whole(library) == before
        assert library.embeddings.embedded == 0


def test_a_library_of_the_version_before_opens(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.sqlite3"
    with closing(Catalogue(sqlite_url(file))) as catalogue:
        pair(catalogue)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE entries_apart")
        connection.commit()
    with closing(Catalogue(sqlite_url(file))) as catalogue:
        (paper,) = catalogue.papers()
        catalogue.merges.keep_apart(*paper.entries[0].key)
        assert len(catalogue.papers()) == 2


# -- by identifiers and spellings, in the catalogue


def test_what_joins_two_papers_later_makes_them_one_and_forgetting_it_two_again(catalogue: Catalogue) -> None:
    one = Entry(1, "Bright Lamps", LAMPS, publication=Publication(arxiv_id="2405.00001v1"))
    two = Entry(1, "Lamps That Shine", ENGINES, publication=Publication(doi="10.1000/x"))
    bridge = Entry(1, "Lamps", "", publication=Publication(arxiv_id="2405.00001v2", doi="10.1000/x"))
    catalogue.add([listing(one, name="a.txt"), listing(two, name="b.txt")])
    assert len(catalogue.papers()) == 2
    joining = listing(bridge, name="c.txt")
    catalogue.add([joining])
    papers = catalogue.papers()
    assert len(papers[0].entries) + (len(papers[1].entries) if len(papers) > 1 else 0) == 3
    assert any(
        "arXiv id 2405.00001" in one.reason or "DOI 10.1000/x" in one.reason
        for paper in papers
        for one in catalogue.merges.reasons(paper.paper_id)
    )
    removal = catalogue.removals.remove_listing(joining.sha256)
    catalogue.removals.forget(removal.removal_id)
    assert sorted(len(paper.entries) for paper in catalogue.papers()) == [1, 1]


def test_entries_with_one_identifier_can_be_kept_apart_and_joined_again(catalogue: Catalogue) -> None:
    one = Entry(1, "Bright Lamps", LAMPS, publication=Publication(doi="10.1000/x"))
    other = Entry(1, "Lamps That Shine", "", publication=Publication(doi="10.1000/x"))
    assert reasons_of(catalogue, one, other)[1] == "Both have the DOI 10.1000/x."
    (paper,) = catalogue.papers()
    second = catalogue.merges.reasons(paper.paper_id)[1]
    apart = catalogue.merges.keep_apart(*second.place.key)
    assert {paper.title for paper in catalogue.papers()} == {"Bright Lamps", "Lamps That Shine"}
    assert catalogue.merges.reasons(apart)[0].apart
    catalogue.merges.rejoin(*second.place.key)
    assert len(catalogue.papers()) == 1


def test_the_spelling_is_named_as_a_reason(catalogue: Catalogue) -> None:
    assert reasons_of(catalogue, FIRST, replace(FIRST, title="Bright Lamps (v2)"))[1] == (
        "The same title, spelt otherwise, and the same abstract."
    )


def test_a_library_in_any_order_of_listings_has_the_same_papers() -> None:
    entries = [
        Entry(1, "Lamps", LAMPS, publication=Publication(arxiv_id="2405.00001")),
        Entry(1, "Lamps (v2)", LAMPS + " They last."),
        Entry(1, "Shining", "", publication=Publication(arxiv_id="2405.00001v2", doi="10.1000/x")),
        Entry(1, "Engines", ENGINES, publication=Publication(doi="10.1000/x")),
        Entry(1, "Lamps: A View", LAMPS),
    ]
    found = []
    for seed in range(5):
        listings = [listing(entry, name=f"{number}.txt") for number, entry in enumerate(entries)]
        Random(seed).shuffle(listings)
        with closing(Catalogue("sqlite://")) as catalogue:
            for each in listings:
                catalogue.add([each])
            found.append(catalogue.papers())
    assert all(papers == found[0] for papers in found)


# -- ids


@pytest.mark.parametrize(
    ("one", "other"),
    [("Fast Lamps (v2)", "Fast Lamps v2"), ("Q&A Lamps", "QA Lamps"), (r"R\&D of Lamps", "RD of Lamps")],
)
def test_two_papers_whose_titles_have_the_same_letters_have_two_ids(catalogue: Catalogue, one: str, other: str) -> None:
    first, second = replace(FIRST, title=one), replace(FIRST, title=other, abstract=ENGINES, authors=("Nobody",))
    catalogue.add([listing(first, name="a.txt")])
    catalogue.add([listing(second, name="b.txt")])
    assert len({paper.paper_id for paper in catalogue.papers()}) == len(catalogue.papers()) == 2


def test_a_paper_keeps_its_key_and_what_was_decided_of_it_when_its_whole_title_is_read(catalogue: Catalogue) -> None:
    short = replace(FIRST, title="Lantern Padding", published=date(2025, 1, 1))
    catalogue.add([listing(short, name="a.txt")])
    (before,) = catalogue.papers()
    other = replace(FIRST, title="Moths", abstract=ENGINES)
    catalogue.add([listing(other, name="c.txt")])
    key = catalogue.citation_keys([before.paper_id])[before.paper_id]
    catalogue.namesakes.split("Bo Kim", [before.paper_id])
    (decision,) = catalogue.namesakes.decisions()
    assert (before.paper_id,) in decision.papers

    catalogue.add([listing(replace(short, title="Lantern Padding: Brighter at Dusk"), name="b.txt")])

    (after,) = [paper for paper in catalogue.papers() if paper.title.startswith("Lantern")]
    assert after.paper_id != before.paper_id
    assert catalogue.citation_keys([after.paper_id]) == {after.paper_id: key}
    (decision,) = catalogue.namesakes.decisions()
    assert (after.paper_id,) in decision.papers


def test_one_doi_of_many_abstracts_makes_no_paper_of_them(catalogue: Catalogue) -> None:
    supplement = Publication(doi="10.1000/supplement")
    entries = [
        replace(FIRST, publication=supplement),
        replace(FIRST, title="Moths", abstract=ENGINES, publication=supplement),
    ]
    catalogue.add([listing(entry, name=f"{number}.txt") for number, entry in enumerate(entries)])
    assert len(catalogue.papers()) == 2
