"""Thoughts of a model are left out however they come; its words for a refusal are known in their variations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.thinking import ThinkingFilter
from assistant.writing.model_abstention import declines, may_decline, undeclined


def filtered(*pieces: str) -> str:
    thinking = ThinkingFilter()
    return "".join([*map(thinking.feed, pieces), thinking.flush()])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<think>a</think>b", "b"),
        ("<THINK>a</THINK>b", "b"),
        ("<think>a<think>b</think>c</think>d", "d"),
        ("a<think>b", "a"),
        ("a [1]. <thinking>b</thinking>c", "a [1]. c"),
        ("[THINK]a[/THINK]b", "b"),
        ("◁think▷a◁/think▷b", "b"),
        ("<reasoning>a</reasoning>b", "b"),
        ("a < b [1] and <b>", "a < b [1] and <b>"),
        ("They print `<think>` and “</think>” [1].", "They print `<think>` and “</think>” [1]."),
        ("a<thin", "a<thin"),
        ("a [", "a ["),
    ],
)
def test_thoughts_are_left_out(text: str, shown: str) -> None:
    assert filtered(text) == shown
    assert filtered(*text) == shown  # a character at a time


def test_where_only_the_end_is_marked_all_before_it_was_thought() -> None:
    thinking = ThinkingFilter()
    thinking.feed("a [2].</thi")
    assert thinking.restarts == 0
    assert thinking.feed("nk>b") == "b"
    assert thinking.restarts == 1


PIECES = st.lists(
    st.sampled_from(["<think>", "</think>", "<thi", "nk>", "[1]", "[", "◁", "word ", "<", "`", "]"]), max_size=12
)


@given(PIECES)
def test_it_does_not_matter_how_a_text_is_cut(pieces: list[str]) -> None:
    whole = ThinkingFilter()
    after = [whole.feed("".join(pieces)), whole.flush()]
    if not whole.restarts:  # else what was passed on before is void
        assert filtered(*"".join(pieces)) == "".join(after)
        assert filtered(*pieces) == "".join(after)


@given(st.lists(st.sampled_from(["word ", "[1]", "<b>", "< ", "\n"]), max_size=9), st.text("ab <>/", max_size=9))
def test_what_is_thought_never_shows_and_the_rest_always_does(words: list[str], thought: str) -> None:
    assert filtered(*words, "<think>", *thought, "secret", "</think>", *words) == "".join(words) * 2


@pytest.mark.parametrize(
    "text",
    [
        "NOT IN THE LIBRARY",
        "not in the library.",
        "**Not in the Library**",
        '"NOT IN THE LIBRARY."',
        "NOT_IN_THE_LIBRARY",
        "> Not in the library!\n",
        "Not in the library: the passages speak of padding.",
        "Not in the library.\n\nNo passage gives a learning rate.",
        "The answer is not in the library.",
    ],
)
def test_a_refusal_is_known_in_its_variations(text: str) -> None:
    assert declines(text)
    if not text.startswith("The"):
        assert all(may_decline(text[:end]) for end in range(len(text) + 1))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("NOT IN THE LIBRARY", ""),
        ("The answer is not in the library.", ""),
        ("Not in the library: the passages speak of padding.", "the passages speak of padding."),
        ("Not in the library.\n\nHowever, padding helps [1].", "However, padding helps [1]."),
        ("**Not in the library.** Still, padding helps [1].", "Still, padding helps [1]."),
    ],
)
def test_what_a_refusal_says_of_the_passages_is_kept(text: str, kept: str) -> None:
    assert (declines(text), undeclined(text)) == (True, kept)


@pytest.mark.parametrize(
    "text",
    [
        "NOT INSTANT: it is slow [1].",
        "Not in the library of Babel, says Borges.",
        "Padding helps [1]. The rest is not in the library.",
    ],
)
def test_an_answer_with_citations_is_no_refusal(text: str) -> None:
    assert (declines(text), undeclined(text)) == (False, text)


@given(st.text(max_size=30))
def test_a_text_without_those_words_stays(text: str) -> None:
    assert undeclined(text) == text
