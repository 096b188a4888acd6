"""Two sentences that say opposite things, and many that only look as if they did."""

import json
from pathlib import Path

import pytest
from assistant.answering.opposition import opposed
from assistant.answering.statements import statement_of
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.library import Library
from vectorstore.sentences import sentence_spans

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "opposed.jsonl").read_text(encoding="utf-8").splitlines()
]


def are_opposed(one: str, other: str) -> bool:
    return opposed(statement_of(one), statement_of(other)) is not None


def test_nearly_all_opposite_sentences_are_found() -> None:
    opposite = [pair for pair in PAIRS if pair["opposed"]]
    missed = [pair for pair in opposite if not are_opposed(pair["one"], pair["other"])]
    assert len(opposite) == 39
    assert len(missed) <= 5, missed


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if not pair["opposed"]], ids=lambda pair: pair["other"])
def test_what_only_looks_opposite_is_passed_over(pair: dict[str, str]) -> None:
    assert not are_opposed(pair["one"], pair["other"])


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['one'][:30]} / {pair['other'][:30]}")
def test_it_goes_both_ways(pair: dict[str, str]) -> None:
    assert are_opposed(pair["one"], pair["other"]) == are_opposed(pair["other"], pair["one"])


def test_no_two_sentences_of_the_seeds_are_taken_for_opposite(seeds_library: Library) -> None:
    statements = [
        (paper.paper_id, statement_of(paper.abstract[start:end]))
        for paper in seeds_library.papers()
        for start, end in sentence_spans(paper.abstract)
    ]
    assert len(statements) > 500
    for place, (paper_id, one) in enumerate(statements):
        assert not any(opposed(one, other) for other_id, other in statements[:place] if other_id != paper_id)


def test_of_a_long_sentence_the_clause_is_the_part() -> None:
    long = (
        "After a training run of nine weeks on a mixture of web pages, books, code and dialogues, which we describe in"
        " the appendix, instruction tuning increases the diversity of generated text, as judged by a panel of readers."
    )
    parts = opposed(statement_of(long), statement_of("Instruction tuning reduces the diversity of generated text."))

    assert parts is not None
    assert long[slice(*parts[0])] == "instruction tuning increases the diversity of generated text"


WORDS = st.sampled_from(
    "dropout improves degrades does not the accuracy of GPT-4 by 12% 2x and , . no effect on outperforms 2.16m is $x$"
    " \\alpha [1] “ ” Ünïcode 好".split()
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=25), st.lists(WORDS, max_size=25))
def test_any_two_texts_are_compared_alike_both_ways_and_parts_lie_inside(one: list[str], other: list[str]) -> None:
    first, second = " ".join(one), " ".join(other)
    parts = opposed(statement_of(first), statement_of(second))

    assert (parts is None) == (opposed(statement_of(second), statement_of(first)) is None)
    assert opposed(statement_of(first), statement_of(first)) is None
    for text, part in zip((first, second), parts or (), strict=False):
        assert 0 <= part[0] < part[1] <= len(text)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert statement_of(text).printed == text
