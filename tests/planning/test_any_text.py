"""Any text is understood or refused."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.planning.local import cleaned
from assistant.planning.plan import Plan, Turn
from assistant.planning.vocabulary import Vocabulary
from assistant.text.words import content_words
from tests.planned import TODAY, understood
from vectorstore.errors import QuestionError


def test_content_words_are_those_of_the_subject() -> None:
    assert content_words("How many papers are about machine unlearning?") == {
        "machin": "machine",
        "unlearn": "unlearning",
    }
    assert content_words("What does it mean, and which one is better?") == {}


def test_control_characters_and_white_space_are_cleaned() -> None:
    assert cleaned(" What\tis\x00 it?\n ") == "What is it?"


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_is_understood_or_refused(vocabulary: Vocabulary, text: str) -> None:
    try:
        query = understood(text, vocabulary, today=TODAY)
    except QuestionError:
        return
    assert query.plan.steps


@settings(max_examples=150, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(
            "what which papers by Kim Soeun Bumjun No and the of is are between in 2025 since compare it them paper"
            " about with who wrote how many code DAPD Rainbow Padding ? , latest 3".split()
        ),
        max_size=14,
    )
)
def test_any_order_of_words_is_understood_or_refused(vocabulary: Vocabulary, words: list[str]) -> None:
    text = " ".join(words)
    history = [Turn("What is DAPD?", Plan(), ("e60203e0dfe1", "426ade3bcb70"))]
    for turns in ((), history):
        try:
            understood(text, vocabulary, history=turns, today=TODAY)
        except QuestionError:
            continue
