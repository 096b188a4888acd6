"""Whether a paper answers a question: not if it lacks what is called there by letters and digits, or capitals."""

import pytest

from assistant.searching.answerability import names_in, speaks_of
from assistant.text.evidence import Evidence
from vectorstore.library import Library

PAPER = Evidence(
    1,
    "LampNet v2: Bright Lamps",
    ("Ada Quill",),
    True,
    None,
    None,
    "We train a 7B model on GSM8K with two H100s. It beats small street bulbs, "
    "is 2.5x faster than GPT-4o and better by 3 points.",
)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("how fast is the 7b one on gsm-8k", ["gsm-8k", "7b"]),
        ("better than GPT-4o by 3x, 2% or the 2nd in 2025?", ["GPT-4o"]),
        ("SPDP score of the authors on WebArena", ["SPDP", "WebArena"]),
        ("efficientad latency", ["efficientad"]),  # printed EfficientAD
        ("Who compares LLMs, RAG and APIs on hyperfitting or Quantization?", []),  # words, or short for words
        ("", []),
    ],
)
def test_the_names_of_a_question_have_digits_or_capitals_inside(
    seeds_library: Library, question: str, names: list[str]
) -> None:
    assert sorted(names_in(question, seeds_library)) == sorted(names)


@pytest.mark.parametrize("name", ["7b", "gpt 4o", "gsm-8k", "lampnet-v2", "H100s", "SSB"])
def test_a_name_is_known_however_it_is_joined(name: str) -> None:
    assert speaks_of([name], PAPER)


def test_another_model_or_data_set_is_not_spoken_of() -> None:
    assert [name for name in ("70b", "GPT-5", "gsm1k", "WebArena") if speaks_of([name], PAPER)] == []
    assert not speaks_of(["7b", "WebArena"], PAPER)
    assert speaks_of([], PAPER)
