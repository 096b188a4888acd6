"""Whether a paper answers a question: not if it has nothing of what is called by letters and digits there."""

import pytest

from assistant.searching.answerability import speaks_of
from assistant.text.evidence import Evidence

PAPER = Evidence(
    1,
    "LampNet v2: Bright Lamps",
    ("Ada Quill",),
    True,
    None,
    None,
    "We train a 7B model on GSM8K with two H100s. It is 2.5x faster than GPT-4o and better by 3 points.",
)


@pytest.mark.parametrize(
    "question",
    [
        "how fast is the 7b one",
        "better than gpt 4o on gsm-8k?",
        "is lampnet-v2 3x as fast in 2025?",
        "the 2nd result",
        "",
    ],
)
def test_names_are_known_however_they_are_joined_and_numbers_are_none(question: str) -> None:
    assert speaks_of(question, PAPER)


@pytest.mark.parametrize("question", ["how fast is the 70b one", "better than GPT-5?", "on gsm1k", "with h200"])
def test_another_model_or_data_set_is_not_spoken_of(question: str) -> None:
    assert not speaks_of(question, PAPER)
