"""Sentence and cited passages -> verdict, with the span that supports it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence import Evidence
from assistant.grounding import grounded
from assistant.records import Verdict
from vectorstore.passages import Passage

TEXT = (
    "Diffusion models stop early. We introduce Rainbow Padding, a simple remedy for early termination."
    " Experiments on LLaDA show that seven padding tokens improve accuracy by 12.5%. It costs 1,942 GPU hours."
)


def cited(text: str = TEXT, start: int = 0) -> dict[int, tuple[Evidence, Passage]]:
    evidence = Evidence(1, "Rainbow Padding", ("Bumjun Kim", "Albert No"), True, None, "2025-10-04", text)
    return {1: (evidence, Passage("p:0", "p", "Rainbow Padding", text, start, start + len(text)))}


def verdict(sentence: str) -> Verdict:
    return grounded(sentence, cited()).verdict


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Kim and No (2025) introduce Rainbow Padding, a simple remedy for early termination [1].", Verdict.SUPPORTED),
        ("Experiments show that seven padding tokens improve accuracy by 12.5% [1].", Verdict.SUPPORTED),
        ("Experiments show that seven padding tokens improve accuracy by 13.5% [1].", Verdict.UNSUPPORTED),
        ("It costs 1942 GPU hours [1].", Verdict.SUPPORTED),
        ("It costs 1,943 GPU hours [1].", Verdict.UNSUPPORTED),
        ("Seven padding tokens improve accuracy on LLaDA, robustness, speed and memory [1].", Verdict.WEAK),
        ("Malaria is cured by quinine in most tropical regions [1].", Verdict.UNSUPPORTED),
        ("2025-10-04 [1]", Verdict.COMPUTED),
        ("2025-10-05 [1]", Verdict.UNSUPPORTED),
        ("The authors report that [1].", Verdict.NOT_A_CLAIM),
        ("Kim and No (2025) [1].", Verdict.NOT_A_CLAIM),
    ],
)
def test_the_verdict_of_a_sentence(sentence: str, expected: Verdict) -> None:
    assert verdict(sentence) is expected


def test_a_claim_that_cites_nothing_is_unsupported() -> None:
    assert grounded("Rainbow Padding is a simple remedy.", {}).verdict is Verdict.UNSUPPORTED
    assert grounded("Rainbow Padding is a simple remedy.", {}).spans == {}


def test_the_span_is_the_sentence_that_says_it() -> None:
    span = grounded("Rainbow Padding is a simple remedy for early termination [1].", cited()).spans[1]
    assert TEXT[span.start : span.end].startswith("We introduce Rainbow Padding")
    assert TEXT[span.start : span.end].endswith("early termination.")


def test_two_neighbours_may_say_it_together() -> None:
    said = "Rainbow Padding, a remedy for early termination, improves accuracy by 12.5% with seven padding tokens [1]."
    span = grounded(said, cited()).spans[1]
    assert TEXT[span.start : span.end].startswith("We introduce")
    assert TEXT[span.start : span.end].endswith("12.5%.")


def test_offsets_count_in_the_abstract_not_in_the_passage() -> None:
    before = "𝔸𝕀 🦄 An earlier passage. "
    span = grounded("It costs 1,942 GPU hours [1].", cited(start=len(before))).spans[1]
    assert (before + TEXT)[span.start : span.end] == "It costs 1,942 GPU hours."


@given(st.text(max_size=100), st.text(max_size=200), st.integers(0, 50))
def test_a_span_always_lies_in_its_passage(sentence: str, text: str, start: int) -> None:
    found = grounded(sentence, cited(text, start))
    for span in found.spans.values():
        assert (span.start, span.end) == (0, 0) or start <= span.start <= span.end <= start + len(text)
