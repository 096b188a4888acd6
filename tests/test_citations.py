"""Markers in a model's text: renumbered as they stream, and nothing that was not retrieved survives."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations import MarkerFilter, cited_sentences, without_markers

KNOWN = frozenset({1, 2, 3, 12})
TEXTS = st.lists(
    st.sampled_from(
        [
            *(
                "[1]",
                "[2]",
                "[3][1]",
                "[1, 2]",
                "[1-3]",
                "【2】",
                "[7]",
                "[1,7]",
                "[2; 3]",
                "[1 and 2]",
                "[0]",
                "[99999]",
            ),
            *(
                "[",
                "]",
                "[[1]]",
                "[x]",
                "[1",
                "1]",
                "[MASK] is B",
                "[ 1 ]",
                "[-]",
                "[1-99]",
                "【",
                "】",
                "[12]",
                "[1–2]",
            ),
            *(" Padding works", ". ", "3.5 %", "\n", "| a | b |", "𝔸🦄", " and ", ", "),
        ]
    ),
    max_size=30,
).map("".join)


def filtered(chunks: list[str]) -> tuple[str, MarkerFilter]:
    markers = MarkerFilter(KNOWN)
    return "".join([*(markers.feed(chunk) for chunk in chunks), markers.flush()]), markers


@given(TEXTS, st.lists(st.integers(0, 200)))
def test_chunks_do_not_matter(text: str, cuts: list[int]) -> None:
    places = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    chunks = [text[start:end] for start, end in pairwise(places)]
    assert filtered(chunks)[0] == filtered([text])[0] == filtered(list(text))[0]


@given(TEXTS)
def test_every_marker_left_is_a_reference_in_order(text: str) -> None:
    shown, markers = filtered([text])
    numbers = [int(number) for number in re.findall(r"\[(\d+)\]", shown)]
    assert set(numbers) == set(range(1, len(markers.cited) + 1))
    assert list(dict.fromkeys(numbers)) == sorted(set(numbers))
    assert set(markers.cited) <= KNOWN


@given(st.text(alphabet=st.characters(exclude_characters="[]【】"), max_size=200))
def test_text_without_brackets_passes_unchanged(text: str) -> None:
    assert filtered(list(text))[0] == text


@pytest.mark.parametrize(
    ("text", "shown", "cited", "dropped"),
    [
        ("A [3]. B [1]. C [3].", "A [1]. B [2]. C [1].", [3, 1], 0),
        ("A [1, 2]. B [1-3].", "A [1][2]. B [1][2][3].", [1, 2, 3], 0),
        ("A 【2】.", "A [1].", [2], 0),
        ("A [7]. B [1, 7].", "A . B [1].", [1], 2),
        ("[MASK] is B [1].", "[MASK] is B [1].", [1], 0),
        ("See [von Oswald et al., 2022] [2].", "See [von Oswald et al., 2022] [1].", [2], 0),
        ("A [[2]]. B [[7]].", "A [[1]]. B [].", [2], 1),
        ("A [99999].", "A .", [], 1),
        ("An open [1", "An open [1", [], 0),
    ],
)
def test_what_becomes_of_markers(text: str, shown: str, cited: list[int], dropped: int) -> None:
    found, markers = filtered([text])
    assert (found, markers.cited, markers.dropped) == (shown, cited, dropped)


def test_a_range_without_end_does_not_count_for_ever() -> None:
    assert filtered(["[1-9999]"])[0] == "[1][2][3][4]"


def test_what_cannot_be_a_marker_is_shown_at_once() -> None:
    markers = MarkerFilter(KNOWN)
    assert markers.feed("a [") == "a "
    assert markers.feed("m") == "[m"
    assert markers.feed(" [1") == " "
    assert markers.feed("]") == "[1]"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One [1]. Two [2][1].", [("One [1].", (1,)), ("Two [2][1].", (2, 1))]),
        ("One. [1] Two. [2]", [("One. [1]", (1,)), ("Two. [2]", (2,))]),
        (
            "The authors of “Who? What?” (2024) find it [1].",
            [("The authors of “Who? What?” (2024) find it [1].", (1,))],
        ),
        ("They work at 3.5 % [1]. E.g. so [2].", [("They work at 3.5 % [1].", (1,)), ("E.g. so [2].", (2,))]),
        ("- first [1]\n- second [2]", [("- first [1]", (1,)), ("- second [2]", (2,))]),
        ("", []),
    ],
)
def test_the_sentences_of_an_answer(text: str, sentences: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(text[part.start : part.end], part.numbers) for part in cited_sentences(text)] == sentences


def test_the_cells_of_a_table_are_sentences_and_its_labels_are_not() -> None:
    rows = (
        "| | A | B |",
        "|---|---|---|",
        "| M | They do x [1]. | They do y [2]. |",
        "| D | 2025-01-01 [1] | not stated |",
    )
    table = "\n".join(rows)
    assert [table[part.start : part.end] for part in cited_sentences(table)] == [
        *("They do x [1].", "They do y [2].", "2025-01-01 [1]", "not stated")
    ]


def test_a_sentence_without_its_markers_keeps_its_punctuation() -> None:
    assert without_markers("It works [1][2], they say [3].") == "It works, they say."
