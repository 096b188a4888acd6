"""What the sentences of an abstract do there, and which of them says what the paper brings."""

import pytest

from assistant.text.abstract_sentences import abstract_sentences, contribution
from assistant.text.evidence import Evidence, numbered
from assistant.text.sentence_roles import Role, contributes, leads, presents, reports_result, roles
from vectorstore.library import Library
from vectorstore.papers.passages import Passage

ABSTRACT = (
    "Diffusion models are popular. However, they remain slow. We propose FAST, a faster sampler."
    " It skips steps. Experiments show that FAST is 5 times faster. Code is available at https://github.com/x/fast."
)


def evidence(text: str) -> Evidence:
    return Evidence(1, "FAST: A Sampler", ("Ann Lee",), True, None, "2025-01-01", text)


def of_paper(library: Library, start: str) -> Evidence:
    (paper,) = [paper for paper in library.papers() if paper.title.startswith(start)]
    return numbered(1, Passage("", paper.paper_id, paper.title, paper.abstract, 0, len(paper.abstract)), paper)


def test_the_sentences_of_an_abstract_have_their_roles() -> None:
    assert [sentence.role for sentence in abstract_sentences(evidence(ABSTRACT))] == [
        *(Role.BACKGROUND, Role.PROBLEM, Role.METHOD, Role.METHOD, Role.RESULT, Role.CODE),
    ]


def test_a_reduction_to_another_problem_is_no_result() -> None:
    texts = ["We propose X.", "Decoding is then reduced to selecting a set.", "It reduces the error by 5%."]
    assert roles(texts)[1:] != [Role.RESULT, Role.METHOD]
    assert not reports_result(texts[1])
    assert not reports_result("It results in fewer steps.")
    assert reports_result("Results show fewer steps.")


@pytest.mark.parametrize(
    ("sentence", "brings"),
    [
        ("We introduce X.", True),
        ("This paper presents X.", True),
        ("The current study describes X.", True),
        ("To this end, we have developed X.", True),
        ("We study X.", False),
        ("Models introduce errors.", False),
    ],
)
def test_what_a_paper_brings(sentence: str, brings: bool) -> None:
    assert contributes(sentence) is brings


def test_what_a_paper_does_may_be_a_study_alone() -> None:
    assert presents("We study X.")
    assert presents("In this work, we discuss a technique.")
    assert not presents("We are building models every day.")
    assert leads("In this paper, we show that X holds.")
    assert not leads("We show that X holds.")


def test_sentences_know_their_place_and_figures() -> None:
    sentences = list(abstract_sentences(evidence(ABSTRACT)))
    assert [sentence.place for sentence in sentences] == [(1, position) for position in range(6)]
    assert [sentence.has_figure for sentence in sentences] == [False, False, False, False, True, False]
    assert "".join(sentence.text for sentence in sentences).replace(" ", "") == ABSTRACT.replace(" ", "")


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("IDER", "we propose idempotent experience replay (IDER)"),
        ("A Unit Enhancement", "we propose Parts-aware Audio-driven Human Animation"),
        ("A LoRA-Based", "The current study describes a cost-effective method"),
        ("Group Distributionally", "we propose Multi-Adversary Group Distributionally Robust Optimization"),
        ("Adding Gradient Noise", "we discuss a low-overhead and easy-to-implement technique"),
        ("Learning to summarize", "we show that it is possible to significantly improve summary quality"),
        ("Lottery Jackpots", "we show that high-performing and sparse sub-networks"),
        ("EfficientAD", "we focus on computational efficiency and propose a lightweight feature extractor"),
        ("SNIP", "this paper introduces SNIP"),
        ("DUSK", "we introduce DUSK, a benchmark"),
    ],
)
def test_the_contribution_of_a_paper_is_found(seeds_library: Library, title: str, says: str) -> None:
    assert says in (contribution(of_paper(seeds_library, title)) or "")


def test_every_paper_of_the_seeds_has_a_contribution(seeds_library: Library) -> None:
    for paper in seeds_library.papers():
        sentence = contribution(of_paper(seeds_library, paper.title))
        assert sentence
        assert sentence in paper.abstract


def test_what_is_proposed_goes_before_what_is_studied() -> None:
    text = "We study sampling in detail. We first analyse its steps. We propose FAST, a sampler."
    assert contribution(evidence(text)) == "We propose FAST, a sampler."
    dangling = "We propose a remedy for this problem. In this paper, we show that steps can be skipped."
    assert contribution(evidence(dangling)) == "In this paper, we show that steps can be skipped."


def test_no_text_has_no_contribution() -> None:
    assert contribution(evidence("")) is None
