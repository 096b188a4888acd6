"""Which entries are one paper, and what that paper is."""

import json
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.facts.papers_json import paper_record
from vectorstore.library import Library
from vectorstore.listings.entry import Entry, Publication
from vectorstore.listings.readers import read_listing
from vectorstore.papers.grouping import Provenance
from vectorstore.papers.paper import Paper, merged
from vectorstore.papers.title_spellings import title_key

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*_*.txt"))
LAMPS = "Lamps are dim at night and cost too much. We propose bright lamps that cost little."
ENGINES = "Engines weave algebraic patterns with cards. Nobody computed numbers by machine before us."


def paper_with(*, title: str = "A Title", abstract: str = "") -> Paper:
    (paper,) = merged([(Provenance("page.txt", 1, "0" * 64), Entry(line=1, title=title, abstract=abstract))])
    return paper


def records(*entries: Entry, listing: str = "page.txt", owner: str | None = None) -> list[tuple[Provenance, Entry]]:
    return [(Provenance(listing, number, listing * 8, owner), entry) for number, entry in enumerate(entries, 1)]


def entry(title: str = "Bright Lamps", abstract: str = LAMPS, **fields: object) -> Entry:
    return Entry(line=1, title=title, abstract=abstract, **fields)  # type: ignore[arg-type]


def record_json(papers: list[Paper]) -> str:
    return json.dumps([paper_record(paper) for paper in papers], ensure_ascii=False)


TITLES = st.sampled_from(["Bright Lamps", "bright lamps!", "BRIGHT-LAMPS", "Engines", "Éngines", "???", "!!!"])
ABSTRACTS = st.sampled_from([LAMPS, LAMPS + " They last.", LAMPS[:41], ENGINES, ENGINES.upper(), "", "Lamps."])
NAMES = st.sampled_from(["Bumjun Kim", "BumJun Kim", "Soeun Kim", "Söeun Kim", "Ada Lovelace"])
ENTRIES = st.builds(
    Entry,
    line=st.just(1),
    title=TITLES,
    abstract=ABSTRACTS,
    authors=st.lists(NAMES, max_size=3).map(tuple),
    authors_complete=st.booleans(),
    author_count=st.none() | st.integers(1, 4),
    organization=st.none() | st.sampled_from(["Lab A", "Lab B"]),
    affiliation=st.none() | st.sampled_from(["turin", "seoul"]),
    published=st.none() | st.dates(date(2024, 1, 1), date(2024, 1, 4)),
    year_inferred=st.booleans(),
    category=st.none() | st.sampled_from(["LG", "CV"]),
    has_code=st.booleans(),
    score=st.none() | st.sampled_from([1.5, 22.6]),
    comments=st.none() | st.integers(0, 3),
)
PAGES = st.lists(st.tuples(st.none() | NAMES, st.lists(ENTRIES, max_size=4)), max_size=4)


@settings(max_examples=300, deadline=None)
@given(PAGES, st.randoms(use_true_random=False))
def test_papers_are_the_same_in_any_order_of_entries(
    pages: list[tuple[str | None, list[Entry]]], random: Random
) -> None:
    printed = [
        record
        for number, (owner, entries) in enumerate(pages)
        for record in records(*entries, listing=f"page{number}.txt", owner=owner)
    ]
    shuffled = printed.copy()
    random.shuffle(shuffled)

    assert merged(shuffled) == merged(printed)
    assert record_json(merged(shuffled)) == record_json(merged(printed))


@settings(max_examples=100, deadline=None)
@given(PAGES)
def test_every_entry_is_kept_in_exactly_one_paper(pages: list[tuple[str | None, list[Entry]]]) -> None:
    printed = [
        record
        for number, (owner, entries) in enumerate(pages)
        for record in records(*entries, listing=f"page{number}.txt", owner=owner)
    ]
    papers = merged(printed)

    assert sorted(place for paper in papers for place in paper.entries) == sorted(place for place, _ in printed)
    assert len({paper.paper_id for paper in papers}) == len(papers)
    assert papers == sorted(papers, key=lambda paper: paper.paper_id)


def test_the_seeds_are_70_entries_of_65_papers() -> None:
    listings = [read_listing(path) for path in SEEDS]
    printed = [
        (Provenance(listing.name, entry.line, listing.sha256, listing.owner), entry)
        for listing in listings
        for entry in listing.entries
    ]
    papers = merged(printed)

    assert (len(listings), len(printed), len(papers)) == (5, 70, 65)
    assert sorted(place for paper in papers for place in paper.entries) == sorted(place for place, _ in printed)


def test_a_paper_on_two_pages_is_kept_once_with_both_places(seeds_library: Library) -> None:
    twice = [paper for paper in seeds_library.papers() if len({entry.listing for entry in paper.entries}) > 1]
    (decoding,) = [paper for paper in twice if "Reversal Curse" in paper.title]

    assert len(twice) >= 4
    assert len({paper.title for paper in seeds_library.papers()}) == 65
    assert {"profile_kyelim_lee.txt", "headerless_bumjun_kim.txt"} <= {entry.listing for entry in decoding.entries}
    assert {"Kyelim Lee", "BumJun Kim"} <= {*decoding.page_owners} | {*decoding.authors}


def test_an_entry_says_the_line_of_its_listing(seeds_library: Library) -> None:
    lines = {path.name: path.read_text(encoding="utf-8").split("\n") for path in SEEDS}
    for paper in seeds_library.papers():
        for place in paper.entries:
            printed = "\n".join(lines[place.listing][place.line - 1 : place.line + 3])
            assert paper.title[:30] in printed, f"{place}: {printed[:200]}"


def test_titles_differing_in_case_accents_and_marks_are_one_paper() -> None:
    (paper,) = merged(records(entry("Bright Lamps: A Study"), entry("BRIGHT LAMPS -- a stüdy")))
    assert len(paper.entries) == 2


def test_titles_of_signs_alone_are_told_apart() -> None:
    assert title_key("???") != title_key("!!!")
    assert len(merged(records(entry("???"), entry("!!!")))) == 2


def test_one_title_with_other_abstract_and_authors_is_two_papers() -> None:
    papers = merged(
        records(
            entry("Attention", LAMPS, authors=("Ada Lovelace",)), entry("Attention", ENGINES, authors=("Soeun Kim",))
        )
    )
    assert len(papers) == 2
    assert len({paper.paper_id for paper in papers}) == 2


@pytest.mark.parametrize(
    "other",
    [
        entry("Attention", ENGINES, authors=("Ada LOVELACE", "Soeun Kim")),
        entry("Attention", LAMPS + " They last.", authors=("Soeun Kim",)),
        entry("Attention", "", authors=("Soeun Kim",)),
    ],
    ids=["an author in common", "a version of the abstract", "no abstract"],
)
def test_one_title_is_one_paper_unless_text_and_authors_speak_against_it(other: Entry) -> None:
    assert len(merged(records(entry("Attention", LAMPS, authors=("Ada Lovelace",)), other))) == 1


def test_the_id_of_a_paper_does_not_change_when_a_namesake_comes() -> None:
    first = entry("Attention", LAMPS, authors=("Ada Lovelace",))
    namesake = entry("Attention", ENGINES[:50], authors=("Soeun Kim",))
    (alone,) = merged(records(first))

    assert alone.paper_id in {paper.paper_id for paper in merged(records(first, namesake)) if paper.abstract == LAMPS}


def test_a_merged_paper_has_the_best_of_its_entries() -> None:
    (paper,) = merged(
        records(
            entry(authors=("Ada Lovelace",), published=date(2024, 5, 14), year_inferred=True, score=1.0, comments=2),
            entry(
                abstract=LAMPS + " They last.",
                authors=("Ada Lovelace", "Soeun Kim"),
                authors_complete=True,
                author_count=2,
                published=date(2023, 5, 14),
                has_code=True,
                category="LG",
            ),
            entry(authors=("A", "B", "C"), score=22.6, organization="Lab"),
        )
    )
    assert paper.abstract == LAMPS + " They last."
    assert (paper.authors, paper.authors_complete, paper.author_count) == (("Ada Lovelace", "Soeun Kim"), True, 2)
    assert (paper.published, paper.year_inferred) == (date(2023, 5, 14), False)
    assert (paper.has_code, paper.category, paper.organization) == (True, "LG", "Lab")
    assert (paper.score, paper.comments) == (22.6, 2)


def test_names_that_are_spelled_out_win_over_their_initials() -> None:
    short = entry(abstract="", authors=("A Lovelace", "C Babbage"), authors_complete=True)
    spelled = entry(authors=("Ada Lovelace", "Charles Babbage"), authors_complete=True)
    for entries in ((short, spelled), (spelled, short)):
        (paper,) = merged(records(*entries))
        assert paper.authors == ("Ada Lovelace", "Charles Babbage")


def test_a_missing_date_stays_missing() -> None:
    (paper,) = merged(records(entry(), entry()))
    assert paper.published is None


def test_page_owners_are_kept_apart_from_the_printed_names() -> None:
    printed = records(entry(authors=("Ada Lovelace",)), listing="a.txt", owner="Soeun Kim")
    printed += records(entry(authors=("Ada Lovelace",)), listing="b.txt", owner="ADA LOVELACE")
    (paper,) = merged(printed)

    assert paper.authors == ("Ada Lovelace",)
    assert paper.page_owners == ("ADA LOVELACE", "Soeun Kim")
    assert paper.people == ("Ada Lovelace", "Soeun Kim")


def test_an_owner_spelled_in_two_ways_is_one_owner() -> None:
    printed = records(entry(), listing="a.txt", owner="BumJun Kim") + records(
        entry(), listing="b.txt", owner="Bumjun Kim"
    )
    assert merged(printed)[0].page_owners == merged(printed[::-1])[0].page_owners == ("BumJun Kim",)


@pytest.mark.parametrize(
    ("abstract", "address"),
    [
        ("Code: https://github.com/a/b-c.d.", "https://github.com/a/b-c.d"),
        ("Code at https://www.gitlab.com/a/b, and more", "https://www.gitlab.com/a/b"),
        ("See https://example.org/github.com/a", None),
        ("No code.", None),
    ],
)
def test_the_code_address_is_that_of_a_repository(abstract: str, address: str | None) -> None:
    assert paper_with(abstract=abstract).code_url == address


# -- identifiers, spellings, and what is another paper


def told(title: str, *authors: str, year: int | None = None, abstract: str = "", **publication: str) -> Entry:
    return Entry(
        1,
        title,
        abstract,
        authors,
        authors_complete=bool(authors),
        published=date(year, 1, 1) if year else None,
        precision="year",
        publication=Publication(**publication),  # type: ignore[arg-type]
    )


def papers_of(*entries: Entry) -> int:
    return len(merged(records(*entries)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("Bright Lamps"), told("Bright Lamps (v2)")),
        (told("Bright Lamps"), told("Bright Lamps [Extended Version]")),
        (told("Reading Q&A Logs"), told("Reading Q&amp;A Logs")),
        (told(r"$\alpha$-Pruning of $\mathcal{O}(n^2)$"), told("α-Pruning of O(n²)")),
        (told("Lämps in <i>Rooms</i>"), told(r"L{\"a}mps in Rooms")),
        (told("One", "A B", arxiv_id="2405.00001v1"), told("Called Otherwise", "A B", arxiv_id="2405.00001v3")),
        (told("One", doi="10.48550/arxiv.2405.00001"), told("Two", arxiv_id="2405.00001")),
        (told("One", doi="10.1000/x"), told("One: Two", doi="10.1000/x")),
        (told("Lamps", "Ada Quill", year=2024), told("Lamps: A Bright Light", "A. Quill", year=2024)),
        (told("Lamps", abstract=LAMPS), told("Lamps: A Bright Light", abstract=LAMPS)),
        (told("Lamps", "Ada Quill", year=2023), told("Lamps", "Quill, A.", year=2024)),
        (told("Lamps", arxiv_id="2405.00001"), told("Lamps", doi="10.1000/x")),
    ],
)
def test_versions_and_spellings_are_one_paper(one: Entry, other: Entry) -> None:
    assert papers_of(one, other) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("Lamps: Part I", "A B", abstract=LAMPS), told("Lamps: Part II", "A B", abstract=LAMPS)),
        (told("Lamps", "A B"), told("Lamps: Part II", "A B")),
        (told("Lamps", "A B", abstract=LAMPS), told("Erratum: Lamps", "A B", abstract=LAMPS)),
        (told("Lamps", "A B"), told("Lamps: Reply", "A B")),
        (told("Lamps", "A B"), told("Comment on “Lamps”", "A B")),
        (told("Lamps", "Ada Quill"), told("Lamps", "Ben Moss")),
        (told("Lamps", "Ada Quill", year=2010), told("Lamps", "Ada Quill", year=2024)),
        (told("Lamps", "Ada Quill", year=2024), told("Lamps: A Bright Light", "Ada Quill", year=2020)),
        (told("Lamps", "Ada Quill"), told("Lamps: A Bright Light", "Ben Moss")),
        (told("Lamps: One View", "A B"), told("Lamps: Another View", "A B")),
        (told("Lamps", abstract=LAMPS, arxiv_id="2405.00001"), told("Lamps", abstract=LAMPS, arxiv_id="2405.00002")),
        (told("Lamps", "A B", pmid="1"), told("Lamps", "A B", pmid="2")),
        (told("Lamps", "A B", doi="10.1000/x"), told("Lamps", "A B", doi="10.1000/y")),
        (
            told("YOLO (v2)", "A B", abstract=LAMPS),
            told("YOLO (v3)", "A B", abstract=ENGINES),
        ),
    ],
)
def test_parts_errata_replies_and_namesakes_are_other_papers(one: Entry, other: Entry) -> None:
    assert papers_of(one, other) == 2


def test_a_short_title_joins_one_of_the_long_ones() -> None:
    views = [told(title, "A B", year=2024) for title in ("Lamps: One View", "Lamps: Another View", "Lamps")]
    assert papers_of(*views) == 2


def test_a_paper_is_named_by_its_whole_and_plainest_title() -> None:
    (paper,) = merged(records(told("Lamps &amp; Light (v2)", abstract=LAMPS + " More."), told("Lamps & Light")))
    assert paper.title == "Lamps & Light"
    (alone,) = merged(records(told("Lamps & Light")))
    assert paper.paper_id == alone.paper_id
    (paper,) = merged(records(told("Lamps", "A B", year=2024), told("Lamps: A View", "A B", year=2024)))
    assert paper.title == "Lamps: A View"
