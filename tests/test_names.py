"""Names are compared without case, accents and punctuation."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vectorstore.authors.personal_names import surname
from vectorstore.text.folding import folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BumJun Kim", "Bumjun  KIM"),
        ("Jürgen Schmidhuber", "Jurgen Schmidhuber"),
        ("Ju\u0308rgen", "J\u00fcrgen"),
        ("O’Brien", "O'Brien"),
        ("O'Brien", "OBrien"),
        ("Kyle-Lee Ng", "Kyle Lee Ng"),
        ("Łukasz Kaiser", "Lukasz Kaiser"),
        ("Søren Æsø", "Soren Aeso"),
        ("Weiß", "WEISS"),
        ("İlker Işık", "Ilker Isik"),
        ("J. Smith", "J Smith"),
        ("ﬁnn", "Finn"),
    ],
)
def test_spellings_of_one_name_are_equal(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("Bumjun Kim", "Bum Jun Kim"), ("Kim Lee", "Lee Kim"), ("李明", "李名")])
def test_different_names_stay_different(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(st.text())
@example("㎆ ℌ")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_unicode_forms_of_one_text_are_equal(text: str) -> None:
    forms = {folded(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert len(forms) == 1


@given(st.text())
def test_a_folded_text_is_words_of_letters_and_digits(text: str) -> None:
    assert all(word.isalnum() for word in folded(text).split(" ") if folded(text))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bumjun Kim", "kim"),
        ("Kim, Bumjun", "kim"),
        ("Kim", "kim"),
        ("Ludwig van Beethoven", "beethoven"),
        ("Gödel", "godel"),
        ("", ""),
        (", ", ""),
    ],
)
def test_the_surname_is_the_last_word_or_stands_before_the_comma(name: str, expected: str) -> None:
    assert surname(name) == expected
