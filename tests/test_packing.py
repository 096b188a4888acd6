"""Evidence is packed by tokens: the strongest first, cut only where it must be, with offsets that stay right."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.packing import Packed, packed, token_cost
from assistant.text.evidence import Evidence
from vectorstore.papers.passages import Passage

SENTENCE = "The lamp number {} shines on the striped zebra in the long and quiet night."


def evidence(number: int, text: str, *, start: int = 0) -> Packed:
    passage = Passage(f"p{number}:0", f"p{number}", f"Lamp {number}", text, start, start + len(text))
    return Evidence(number, passage.title, ("Ann Lee",), True, None, "2025-01-01", text), passage


def sentences(count: int) -> str:
    return " ".join(SENTENCE.format(number) for number in range(count))


def test_what_fits_is_kept_whole_and_in_order() -> None:
    items = [evidence(number, sentences(3)) for number in range(1, 5)]
    assert packed(items, asked="lamp", tokens=1000) == items


def test_the_strongest_comes_first_and_is_never_cut_for_others() -> None:
    items = [evidence(number, sentences(12)) for number in range(1, 9)]
    kept = packed(items, asked="lamp", tokens=500)
    assert kept[0] == items[0]
    assert sum(token_cost(item) for item, _ in kept) <= 500
    assert len(kept) == 2  # the second in part
    assert kept[1][1].text in items[1][1].text


def test_a_passage_that_is_too_long_is_cut_to_the_sentences_around_what_is_asked() -> None:
    abstract = sentences(30) + " Its learning rate is 0.001. " + sentences(30)
    ((item, passage),) = packed([evidence(1, abstract)], asked="What learning rate?", tokens=300)
    assert "Its learning rate is 0.001." in item.text
    assert token_cost(item) <= 300
    assert passage.text == item.text == abstract[passage.start : passage.end]
    assert item.text.startswith(("The lamp", "Its"))
    assert item.text.endswith(".")


def test_a_passage_that_is_no_whole_abstract_keeps_its_place_when_it_is_cut() -> None:
    abstract = "First things. " + sentences(60)
    ((_, passage),) = packed([evidence(1, abstract[14:], start=14)], asked="lamp 40", tokens=200)
    assert abstract[passage.start : passage.end] == passage.text


def test_a_sentence_without_end_is_cut_at_a_word() -> None:
    text = "zebra " * 20_000
    ((item, _),) = packed([evidence(1, text)], asked="zebra", tokens=400)
    assert item.text.replace("zebra", "").strip() == ""
    assert 100 < token_cost(item) <= 400


def test_both_sides_of_a_comparison_are_there() -> None:
    items = [evidence(1, sentences(40)), evidence(2, sentences(40)), evidence(3, sentences(2))]
    kept = packed(items, asked="lamp", tokens=400, needed=2)
    assert [item.number for item, _ in kept] == [1, 2]
    assert sum(token_cost(item) for item, _ in kept) <= 400


@pytest.mark.parametrize("text", ["", "   ", "。。。", "x" * 5000, "🦄" * 2000, "\ud800 a. B"])
def test_any_text_is_packed(text: str) -> None:
    ((item, passage),) = packed([evidence(1, text)], asked="", tokens=200)
    assert text[passage.start : passage.end] == item.text


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6), st.integers(100, 3000), st.integers(1, 3))
def test_the_budget_holds_and_offsets_are_right(counts: list[int], tokens: int, needed: int) -> None:
    items = [evidence(number, sentences(count)) for number, count in enumerate(counts, 1)]
    kept = packed(items, asked="lamp number 7", tokens=tokens, needed=needed)
    assert [item.number for item, _ in kept] == list(range(1, len(kept) + 1))
    assert len(kept) >= min(needed, len(items))
    for (item, passage), (_, whole) in zip(kept, items, strict=False):
        assert replace(whole, text=passage.text, start=passage.start, end=passage.end) == passage
        assert whole.text[passage.start : passage.end] == passage.text == item.text
    if tokens >= 600:
        assert sum(token_cost(item) for item, _ in kept) <= tokens
