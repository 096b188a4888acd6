"""Acronyms are expanded where a text says them first, as the abstract expands them, and short after that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.acronyms import ExpandedAcronyms, expansions, in_full_once, in_short, key


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We study large language models (LLMs).", {"LLM": "large language model"}),
        ("Large language models (LLMs) work.", {"LLM": "large language model"}),
        ("Gaussian splatting (GS) works.", {"GS": "Gaussian splatting"}),
        ("A Clinical Coherence Score (CCS) is used.", {"CCS": "Clinical Coherence Score"}),
        ("a multi-modal large language model (MLLM)", {"MLLM": "multi-modal large language model"}),
        ("the DAPD (Dependency-Aware Parallel Decoding) method", {"DAPD": "Dependency-Aware Parallel Decoding"}),
        (
            "automatic speech recognition (ASR) and elderly ASR (EASR)",
            {"ASR": "automatic speech recognition", "EASR": "elderly automatic speech recognition"},
        ),
        ("It is fast (GPU only) and small (Table 2).", {}),
        ("a method (XYZ) without a name", {}),
    ],
)
def test_what_an_abstract_expands(text: str, found: dict[str, str]) -> None:
    assert expansions(text) == found


KNOWN = {"LLM": "large language model"}


def test_the_first_mention_is_in_full_and_the_next_is_short() -> None:
    first, said = in_full_once("An LLM helps LLMs.", KNOWN, ExpandedAcronyms())
    second, _ = in_full_once("Large Language Models (LLMs) and a large language model (LLM) differ.", KNOWN, said)
    assert first == "A large language model (LLM) helps LLMs."
    assert second == "LLMs and an LLM differ."


def test_a_sentence_that_does_not_say_it_leaves_the_text_as_it_was() -> None:
    assert in_full_once("MLLM-Bench is new.", KNOWN, ExpandedAcronyms()) == ("MLLM-Bench is new.", ExpandedAcronyms())


def test_another_meaning_is_expanded_again() -> None:
    _, said = in_full_once("The RL works.", {"RL": "reinforcement learning"}, ExpandedAcronyms())
    text, _ = in_full_once("The RL works.", {"RL": "representation length"}, said)
    assert text == "The representation length (RL) works."


def test_a_sentence_expanded_by_its_abstract_reads_as_the_short_one() -> None:
    text = "Large language models (LLMs) fail. We fix LLMs."
    assert in_short("They fix large language models (LLMs).", text) == "They fix LLMs."
    assert in_short("They fix long lovely maps (LLMs).", text) == "They fix long lovely maps (LLMs)."


@given(st.text(max_size=200), st.text(alphabet="ABC (s)-ab.", max_size=60))
def test_any_text_is_taken(text: str, other: str) -> None:
    known = expansions(other)
    full, said = in_full_once(text, known, ExpandedAcronyms())
    assert set(said.expansions) <= set(known)
    assert in_full_once(full, known, said)[1] == said
    in_short(text, other)
    assert key(key(text)) == key(text) or key(text).endswith("s")
