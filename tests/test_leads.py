"""What a paragraph opens with is true of each paper that it cites, and says how they relate."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.manuscripts.leads import leads, shares_authors
from assistant.manuscripts.section_writing import given_papers
from assistant.manuscripts.themes import Theme, themes
from assistant.manuscripts.told_evidence import as_told
from assistant.text.evidence import Evidence
from tests.benchmarks.readability import vectors_of
from vectorstore.lexical import terms
from vectorstore.library import Library

OTHERS = ("Al Lee", "Bo Ray", "Cy Orr")


def evidence(number: int, title: str, *, authors: tuple[str, ...] = OTHERS, year: int = 2025) -> Evidence:
    text = f"We study {title.lower()}. The result is good for quick sampling."
    return Evidence(number, title, authors, True, None, f"{year}-04-01", text)


ONE = evidence(1, "Curved Lattice Heating")
OTHER = evidence(2, "Frozen Pendulum Tracking", authors=("Di Fox", "Bo Ray"), year=2026)
SAMPLING = ("quick sampling", (0, 1))


def lead(*items: Evidence, terms: tuple[tuple[str, tuple[int, ...]], ...] = (SAMPLING,), number: int = 0) -> str:
    return next(leads(Theme("Sampling", (), terms), items, number=number), "")


def test_two_papers_on_one_subject_are_set_apart_by_what_only_their_titles_name() -> None:
    stranger = replace(OTHER, authors=("Di Fox", "Ed Poe"))
    assert lead(ONE, stranger) == (
        "Both Lee et al. (2025) [1] and Fox and Poe (2026) [2] deal with quick sampling, the former with regard to"
        " curved lattice heating and the latter to frozen pendulum tracking."
    )


def test_that_papers_share_authors_is_said_where_they_do() -> None:
    assert shares_authors(ONE, OTHER)
    assert lead(ONE, OTHER).startswith(
        "Lee et al. (2025) [1] and, with some of the same authors, Fox and Ray (2026) [2] deal with quick sampling"
    )
    assert "same authors" not in lead(ONE, replace(OTHER, authors=("Di Fox",)))


def test_three_papers_are_each_told_apart() -> None:
    third = evidence(3, "Woven Copper Bridges", authors=("Gil Ames",))
    assert lead(ONE, OTHER, third, terms=(("quick sampling", (0, 1, 2)),)) == (
        "Three papers deal with quick sampling: Lee et al. (2025) [1] look at curved lattice heating, Fox and Ray"
        " (2026) [2] consider frozen pendulum tracking and Ames (2025) [3] addresses woven copper bridges."
    )


def test_papers_known_by_long_titles_are_set_apart_by_their_markers() -> None:
    titles = ("Curved Lattice Heating of Many Lamps", "Frozen Pendulum Tracking in Old Clocks")
    some = [as_told(evidence(number, title, authors=())) for number, title in enumerate(titles, 1)]
    assert lead(*some) == (
        "Two papers deal with quick sampling, with regard to curved lattice heating [1] and frozen pendulum"
        " tracking [2]."
    )


def test_papers_that_share_nothing_are_introduced_by_a_subject_each() -> None:
    apart = (("curved lattice heating", (0,)), ("frozen pendulum tracking", (1,)))
    assert lead(ONE, OTHER, terms=apart) == (
        "Work in this area includes papers on curved lattice heating [1] and frozen pendulum tracking [2]."
    )
    own = [as_told(item, author="Bo Ray") for item in (ONE, OTHER)]
    assert lead(*own, terms=apart) == (
        "Ray’s work includes papers on curved lattice heating [1] and frozen pendulum tracking [2]."
    )
    assert lead(*own, terms=apart, number=1).startswith("Other papers concern")
    assert lead(*own, terms=apart[:1]) == ""


def test_one_paper_needs_no_lead() -> None:
    assert lead(ONE, terms=(("quick sampling", (0,)),)) == ""


@given(st.integers(0, 20))
def test_paragraphs_after_one_another_open_in_different_ways(number: int) -> None:
    own = [as_told(item, author="Bo Ray") for item in (ONE, OTHER)]
    apart = (("curved lattice heating", (0,)), ("frozen pendulum tracking", (1,)))
    for items, said in ((own, (SAMPLING,)), (own, apart), ((ONE, OTHER), apart)):
        one, other = (lead(*items, terms=said, number=place).split()[:3] for place in (number, number + 1))
        assert one != other
    assert lead(ONE, OTHER, terms=apart, number=number).startswith("A second") is (number == 1)


@pytest.mark.parametrize("author", [None, "Bumjun Kim"])
def test_what_leads_say_of_the_seeds_stands_in_the_papers_they_cite(seeds_library: Library, author: str | None) -> None:
    papers = seeds_library.papers()
    checked = 0
    for start in range(0, len(papers) - 8, 4):
        some = papers[start : start + 8]
        for theme in themes(some, vectors_of(seeds_library, some)):
            items = [item for item, _ in given_papers(theme.papers, range(1, 9), author=author)]
            words = {item.number: frozenset(terms(f"{item.title} {item.text}")) for item in items}
            for term, places in theme.terms:
                assert all(words[place + 1].issuperset(terms(term)) for place in places)
            for number, text in enumerate(leads(theme, items, number=0)):
                cited = {int(marker) for marker in re.findall(r"\[(\d+)\]", text)}
                assert cited <= words.keys(), number
                if match := re.search(
                    r"deal with (.+), the former with regard to (.+) and the latter to (.+)\.$", text
                ):
                    first, second = sorted(cited)
                    assert words[first].issuperset(terms(f"{match[1]} {match[2]}"))
                    assert words[second].issuperset(terms(f"{match[1]} {match[3]}"))
                if "same authors" in text:
                    assert shares_authors(*(item for item in items if item.number in cited))
                checked += 1
    assert checked > 10
