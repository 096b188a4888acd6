"""What a paragraph opens with is true of each paper that it cites, and says how they relate."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.manuscripts.referring_expressions import as_mentioned
from assistant.manuscripts.section_writing import given_papers
from assistant.manuscripts.themes import Theme, themes
from assistant.manuscripts.topic_sentences import topic_sentences
from assistant.text.evidence import Evidence
from tests.benchmarks.readability import vectors_of
from vectorstore.library import Library
from vectorstore.text.terms import terms

OTHERS = ("Al Lee", "Bo Ray", "Cy Orr")


def evidence(number: int, title: str, *, authors: tuple[str, ...] = OTHERS, year: int = 2025) -> Evidence:
    text = f"We study {title.lower()}. The result is good for quick sampling."
    return Evidence(number, title, authors, True, None, f"{year}-04-01", text)


ONE = evidence(1, "Curved Lattice Heating")
OTHER = evidence(2, "Frozen Pendulum Tracking", authors=("Di Fox", "Bo Ray"), year=2026)
SAMPLING = ("quick sampling", (0, 1))


def topic_sentence(
    *items: Evidence, terms: tuple[tuple[str, tuple[int, ...]], ...] = (SAMPLING,), number: int = 0
) -> str:
    return next(topic_sentences(Theme("Sampling", (), terms), items, number=number), "")


def test_papers_on_one_subject_are_set_apart_by_what_only_their_titles_name() -> None:
    assert topic_sentence(ONE, OTHER) == (
        "Two papers deal with quick sampling, one on curved lattice heating [1] and one on frozen pendulum"
        " tracking [2]."
    )
    third = evidence(3, "Woven Copper Bridges", authors=("Gil Ames",))
    assert topic_sentence(ONE, OTHER, third, terms=(("quick sampling", (0, 1, 2)),)) == (
        "Three papers deal with quick sampling, one on curved lattice heating [1], one on frozen pendulum tracking [2]"
        " and one on woven copper bridges [3]."
    )


def test_papers_that_nothing_sets_apart_need_no_lead() -> None:
    assert topic_sentence(ONE, replace(ONE, number=2)) == ""


def test_papers_that_share_nothing_need_no_lead() -> None:
    apart = (("curved lattice heating", (0,)), ("frozen pendulum tracking", (1,)))
    assert topic_sentence(ONE, OTHER, terms=apart) == ""
    assert topic_sentence(*(as_mentioned(item, author="Bo Ray") for item in (ONE, OTHER)), terms=apart) == ""


def test_one_paper_needs_no_lead() -> None:
    assert topic_sentence(ONE, terms=(("quick sampling", (0,)),)) == ""


@given(st.integers(0, 20))
def test_paragraphs_after_one_another_open_in_different_ways(number: int) -> None:
    own = [as_mentioned(item, author="Bo Ray") for item in (ONE, OTHER)]
    one, other = (topic_sentence(*own, number=place).split()[:3] for place in (number, number + 1))
    assert one != other


@pytest.mark.parametrize("author", [None, "Bumjun Kim"])
def test_what_leads_say_of_the_seeds_stands_in_the_papers_they_cite(seeds_library: Library, author: str | None) -> None:
    papers = seeds_library.papers()
    checked = 0
    for start in range(0, len(papers) - 8, 2):
        some = papers[start : start + 8]
        for theme in themes(some, vectors_of(seeds_library, some)):
            items = [item for item, _ in given_papers(theme.papers, range(1, 9), author=author)]
            words = {item.number: frozenset(terms(f"{item.title} {item.text}")) for item in items}
            for term, places in theme.terms:
                assert all(words[place + 1].issuperset(terms(term)) for place in places)
            for number, text in enumerate(topic_sentences(theme, items, number=0)):
                cited = {int(marker) for marker in re.findall(r"\[(\d+)\]", text)}
                assert cited <= words.keys(), number
                if match := re.search(r"deal with (.+?), (one on .+)\.$", text):
                    for focus, marker in re.findall(r"one on ([^\[\]]+) \[(\d+)\]", match[2]):
                        assert words[int(marker)].issuperset(terms(f"{match[1]} {focus}"))
                checked += 1
    assert checked > 10
