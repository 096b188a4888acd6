"""A long sentence is shortened at the end of a clause; what cannot be read alone is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.manuscripts.readability import is_readable
from assistant.text.sentence_compression import is_balanced, within_length

LONG = " ".join(["word"] * 40)


@pytest.mark.parametrize(
    ("sentence", "shortened"),
    [
        ("They propose X for fast and cheap tests, which helps all.", "They propose X for fast and cheap tests."),
        (f"They propose a way for the cheap tests, enabling {LONG}.", "They propose a way for the cheap tests."),
        (f"They propose a way for all the tests with three parts: {LONG}.", "They propose a way for all the tests."),
    ],
)
def test_a_clause_at_the_end_is_left_out(sentence: str, shortened: str) -> None:
    assert shortened in list(within_length(sentence))


def test_a_sentence_that_is_short_enough_comes_first_as_it_is() -> None:
    sentence = "They propose a method, which helps."
    assert next(within_length(sentence)) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Kim et al. (2025) propose a method for the tests of today.",
        "The method has two parts, namely (1) a reader and (2) a writer.",
        "Experiments show that a method works on these tests if the tests of today are easy.".replace("these ", ""),
        "According to Kim et al. (2025), models fail on “what we call hard” tests.",
        "The US and the EU have laws on models that people use.",
        "In contrast to earlier rules, the one of Kim et al. (2025) needs no training.",
    ],
)
def test_a_whole_sentence_is_readable(sentence: str) -> None:
    assert is_readable(sentence, opens=True)


@pytest.mark.parametrize(
    "sentence",
    [
        "Kim et al. (2025) propose our method for the tests of today.",
        "However, the method of Kim et al. (2025) fails on the tests.",
        "They propose a method for the tests of today and tomorrow.",
        "Kim et al. (2025) evaluate this across the tests of today.",
        "Kim et al. (2025) propose a method to solve these hard riddles.",
        "Kim et al. (2025) provide the first survey to systematically investigate.",
        "The method has two parts, namely (1) a reader of the text.",
        "Kim et al. (2025) propose $x$ for the tests of today.",
        "Kim et al. (2025) propose a method (for the tests of today.",
        "kim et al. (2025) propose a method for the tests of today.",
        "According to Kim et al. (2025), they can be adapted to all tests.",
        "Across the tests of today, it is the best of all methods.",
        "In contrast, the method of Kim et al. (2025) needs no training.",
        "In this respect the assistant joins the advantages of all others.",
        "At last the robustness of the models is tested on noisy lamps.",
        "Kim et al. (2025) ask: can models pass the tests of today?",
    ],
)
def test_what_is_cut_or_leans_is_not(sentence: str) -> None:
    assert not is_readable(sentence, opens=True)


def test_these_models_may_stand_in_the_sentence_before() -> None:
    sentence = "They train these models on all of the tests of today."
    assert is_readable(sentence, before="Kim et al. (2025) propose two models.")
    assert not is_readable(sentence, before="Kim et al. (2025) propose two lamps.")


@given(st.text(alphabet="ab ,;:()which and ", max_size=400))
def test_what_is_left_is_the_beginning_of_the_sentence_and_not_too_long(sentence: str) -> None:
    for text in within_length(sentence):
        assert len(text.split()) <= 45
        assert is_balanced(text) or len(sentence.split()) <= 45
