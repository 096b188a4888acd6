"""Numbers with their units and things."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.quantities import quantities


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("12.5%", 12.5, 12.5, "%"),
        ("12.5 percent", 12.5, 12.5, "%"),
        ("ten per cent", 10, 10, "%"),
        ("2–3 percentage points", 2, 3, "%"),
        ("76.3% to 85.4%", 76.3, 85.4, "%"),
        ("3x", 3, 3, "times"),
        ("4.2×", 4.2, 4.2, "times"),
        ("10-fold", 10, 10, "times"),
        ("three times", 3, 3, "times"),
        ("twice", 2, 2, "times"),
        ("half", 0.5, 0.5, "times"),
        ("1,942 GPU hours", 1942, 1942, ""),
        ("1.5 million images", 1.5e6, 1.5e6, ""),
        ("1.5\xa0million images", 1.5e6, 1.5e6, ""),
        ("7B parameters", 7e9, 7e9, ""),
        ("100K steps", 1e5, 1e5, ""),
        ("1-3M tokens", 1e6, 3e6, ""),
        ("seven tokens", 7, 7, ""),
        ("twenty-five tasks", 25, 25, ""),
        ("three hundred tasks", 300, 300, ""),
        ("4-bit weights", 4, 4, ""),
        ("−1.29", -1.29, -1.29, ""),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, low: float, high: float, unit: str) -> None:
    (found,) = quantities(text)
    assert (found.low, found.high, found.unit) == (low, high, unit)


@pytest.mark.parametrize("text", ["GPT-4", "Qwen2.5", "IL-10", "p53", "16S", "Kim et al. (2025)", "one of them"])
def test_a_number_of_a_name_is_none(text: str) -> None:
    assert quantities(text) == []


def test_the_thing_stands_beside_the_number_in_its_clause() -> None:
    tokens, accuracy = quantities("Seven padding tokens improve accuracy by 12.5%, at no cost.")
    assert {"pad", "token"} <= tokens.behind
    assert "accuraci" in accuracy.before
    assert "cost" not in accuracy.before | accuracy.behind


def test_a_half_is_fifty_percent_and_a_third_in_a_list_is_no_number() -> None:
    half, percent = quantities("Half of it, that is 50%.")
    assert half.equals(percent)
    assert quantities("A third is speed.") == []


def test_the_same_number_of_another_unit_is_another() -> None:
    percent, times, bare, words = quantities("3%, 3x, 3 tasks, three tasks")
    assert not percent.equals(times)
    assert not percent.equals(bare)
    assert bare.equals(words)


@pytest.mark.parametrize(("claimed", "exact", "rounded"), [
    ("76–85%", "76.3% to 85.4%", True),
    ("76%", "76.3%", True),
    ("1.5 million", "1,512,345", True),
    ("77%", "76.3%", False),
    ("1,943", "1,942", False),
    ("76.3%", "76%", False),
])  # fmt: skip
def test_a_number_with_fewer_digits_rounds_another(claimed: str, exact: str, rounded: bool) -> None:
    (one,), (other,) = quantities(claimed), quantities(exact)
    assert one.rounds(other) is rounded


@given(st.text(alphabet="0123456789.,-%xKMB to–and twenty()", max_size=200))
def test_any_row_of_digits_and_marks_can_be_read(text: str) -> None:
    for quantity in quantities(text):
        assert quantity.low <= quantity.high or quantity.low < 0
        assert 0 <= quantity.start < quantity.end <= len(text)


@pytest.mark.parametrize("part", ["1,", "1-", "twenty ", "9", ".9", "1 - "])
def test_long_rows_of_digits_take_no_time(part: str) -> None:
    start = time.perf_counter()
    quantities(part * 50_000)
    assert time.perf_counter() - start < 1
