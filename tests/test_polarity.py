"""Words of direction and negations."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.polarity import cues, negated, opposite, signs
from assistant.text.wording import words_of


def turned(sentence: str) -> list[str]:
    words = words_of(sentence)
    return [word.text for word, negation in zip(words, negated(words), strict=True) if negation]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("improves", "degraded"),
        ("improvement", "degradation"),
        ("higher", "lower"),
        ("outperforms", "underperforms"),
        ("upregulated", "downregulates"),
        ("stable", "unstable"),
        ("inactive", "active"),
        ("independent", "dependent"),
        ("most", "least"),
        ("accelerates", "slows"),
        ("fast", "slow"),
    ],
)
def test_opposites_are_known_by_their_stems_and_prefixes(one: str, other: str) -> None:
    assert opposite(one, other)
    assert opposite(other, one)
    assert not opposite(one, one)


@pytest.mark.parametrize(
    ("one", "other"), [("improves", "table"), ("lower", "reduced"), ("improves", "proves"), ("increase", "crease")]
)
def test_other_words_are_no_opposites(one: str, other: str) -> None:
    assert not opposite(one, other)


def test_synonyms_of_direction_are_on_one_side() -> None:
    assert {sign for sign in signs("reduces") & signs("lower") if not isinstance(sign, str)}


@pytest.mark.parametrize(
    ("sentence", "scope"),
    [
        ("It does not improve accuracy, but speed.", ["improve", "accuracy"]),
        ("It doesn't improve accuracy.", ["improve", "accuracy"]),
        ("Training without noise works", ["noise", "works"]),
        ("It fails to converge.", ["to", "converge"]),
        ("It is not without noise.", ["without"]),
        ("It is not only fast.", []),
        ("It uses masks rather than noise.", ["noise"]),
    ],
)
def test_a_negation_reaches_to_the_end_of_its_clause_and_two_cancel_out(sentence: str, scope: list[str]) -> None:
    assert turned(sentence) == scope


def test_a_cue_knows_its_side_and_whether_it_is_negated() -> None:
    up, down = cues(words_of("Padding increases accuracy; it does not lower speed."))
    assert (up.negated, down.negated) == (False, True)
    assert up.agreement(down) == 0  # "does not lower" may be "increases", or not
    assert up.agreement(replace(up, negated=True)) == -1
    assert up.agreement(replace(down, negated=False)) == -1
    assert up.agreement(up) == 1


def test_regulated_up_or_down() -> None:
    (down,), (up,) = cues(words_of("down-regulated")), cues(words_of("up-regulated"))
    assert down.agreement(up) == -1
    assert cues(words_of("up to ten")) == []


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    words = words_of(text)
    assert len(negated(words)) == len(words)
    assert all(0 <= cue.place < len(words) for cue in cues(words))
    assert all(text[word.start : word.end] == word.text for word in words)
