"""What an answer is read back from equals it; what cannot be read is no answer, and no crash."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.answer_json import read_stored, stored
from assistant.pipeline import Assistant
from assistant.planning.chips import Chip
from assistant.records import Answer, Citation, Reference, Sentence, Verdict
from assistant.settings import Settings
from vectorstore.catalogue.filters import Filters
from vectorstore.library import Library

QUESTIONS = (
    "What is Rainbow Padding?",
    "papers by Bumjun Kim not about pruning in 2025 or 2026",
    "compare Rainbow Padding and REFT",
    "How is the weather?",
    "Who wrote Rainbow Padding?",
    "What is the work of Albert No about?",
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=2).map(tuple)


_FILTERS = st.recursive(
    st.builds(Filters, any_of=st.just(()), also=st.just(()), excluding=st.just(())),
    lambda inner: st.builds(Filters, any_of=some(inner), also=some(inner), excluding=some(inner)),
    max_leaves=4,
)
_ANSWERS = st.builds(
    Answer,
    filters=st.dictionaries(st.text(), _JSON, max_size=3),
    sentences=some(st.from_type(Sentence)),
    citations=some(st.from_type(Citation)),
    references=some(st.from_type(Reference)),
    timings_ms=st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False), max_size=3),
    notes=some(st.text()),
    papers=some(st.text()),
    chips=some(st.builds(Chip, without=_FILTERS)),
    subjects=some(st.text()),
)


@pytest.fixture(scope="module")
def answers(seeds_library: Library) -> list[Answer]:
    assistant = Assistant(seeds_library, Settings())
    return [assistant.ask(question) for question in QUESTIONS]


def test_answers_come_back_as_they_were(answers: list[Answer]) -> None:
    assert any(answer.chips for answer in answers)
    assert any(answer.abstention for answer in answers)
    for answer in answers:
        assert read_stored(stored(answer)) == answer


@given(_ANSWERS)
def test_any_answer_comes_back_as_it_was(answer: Answer) -> None:
    back = read_stored(stored(answer))

    assert back == answer
    assert back is not None
    assert back.turn == answer.turn
    assert back.record() == answer.record()


def test_half_a_surrogate_pair_is_stored_as_a_sign_for_it(answers: list[Answer]) -> None:
    back = read_stored(stored(replace(answers[0], text="half \ud83d")))

    assert back == replace(answers[0], text="half \ufffd")


def test_a_verdict_of_an_earlier_version_is_read_as_what_it_is_called_now(answers: list[Answer]) -> None:
    record = json.loads(stored(answers[0]))
    record["sentences"][0]["verdict"] = "weak"

    back = read_stored(json.dumps(record))

    assert back is not None
    assert back.sentences[0].verdict is Verdict.QUOTED


def test_what_a_later_version_adds_is_left_out(answers: list[Answer]) -> None:
    later = json.loads(stored(answers[0])) | {"mood": "calm"}

    assert read_stored(json.dumps(later)) == answers[0]


@pytest.mark.parametrize(
    "change", [{"plan": {"steps": [{"operation": "sing"}]}}, {"sentences": 7}, {"citations": [{"number": 1}]}]
)
def test_what_a_later_version_writes_otherwise_is_no_answer(answers: list[Answer], change: dict[str, Any]) -> None:
    assert read_stored(json.dumps(json.loads(stored(answers[0])) | change)) is None


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "{}", "\0", "[" * 5000])
def test_what_is_no_answer_is_none(text: str) -> None:
    assert read_stored(text) is None
