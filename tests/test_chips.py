"""Filters in words, and one by one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.planning.chips import chips, described
from vectorstore.catalogue.filters import Filters

YEAR = Filters(since=date(2025, 1, 1), until=date(2025, 12, 31))


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (Filters(), ""),
        (Filters(authors=("A", "B", "C")), " by A, B and C"),
        (YEAR, " from 2025"),
        (Filters(since=date(2019, 1, 1), until=date(2021, 12, 31)), " from 2019 to 2021"),
        (Filters(since=date(2025, 6, 1), until=date(2025, 6, 30)), " from June 2025"),
        (Filters(since=date(2025, 3, 1), until=date(2025, 5, 31)), " from March 2025 to May 2025"),
        (Filters(since=date(2025, 6, 12), until=date(2025, 6, 12)), " from 12 June 2025"),
        (Filters(since=date(2025, 6, 12), until=date(2025, 7, 1)), " from 12 June 2025 to 1 July 2025"),
        (Filters(since=date(2024, 1, 1)), " from 2024 on"),
        (Filters(since=date(2024, 3, 1)), " from March 2024 on"),
        (Filters(until=date(2019, 12, 31)), " up to 2019"),
        (Filters(until=date(2019, 2, 28)), " up to February 2019"),
        (Filters(category="LG", organization="NVIDIA", has_code=False), " in category LG from NVIDIA without code"),
        (Filters(any_of=(Filters(authors=("A",)), Filters(authors=("B",)))), " by A or by B"),
        (Filters(authors=("A",), excluding=(Filters(authors=("B",)),)), " by A, not by B"),
        (Filters(excluding=(Filters(saying="vision"), YEAR)), ", not about vision, not from 2025"),
        (Filters(excluding=(Filters(paper_ids=("p",)),)), ", except the named paper"),
        (Filters(any_of=(YEAR,), also=(Filters(authors=("A",)),)), " from 2025 by A"),
    ],
    ids=str,
)
def test_filters_are_told_in_words(filters: Filters, words: str) -> None:
    assert described(filters) == words


LEAVES = st.one_of(
    st.builds(Filters, authors=st.lists(st.sampled_from("ABC"), min_size=1, unique=True).map(tuple)),
    st.just(YEAR),
    st.builds(Filters, category=st.sampled_from(["LG", "CV"])),
    st.builds(Filters, has_code=st.booleans()),
    st.builds(Filters, saying=st.just("vision")),
)
FILTERS = st.builds(
    lambda leaf, any_of, also, excluding: Filters(
        authors=leaf.authors,
        since=leaf.since,
        until=leaf.until,
        category=leaf.category,
        has_code=leaf.has_code,
        saying=leaf.saying,
        any_of=tuple(any_of),
        also=tuple(also),
        excluding=tuple(excluding),
    ),
    LEAVES,
    st.lists(LEAVES, max_size=3, unique=True),
    st.lists(LEAVES, max_size=2, unique=True),
    st.lists(LEAVES, max_size=2, unique=True),
)


@given(FILTERS)
def test_taking_away_every_chip_leaves_no_filter(filters: Filters) -> None:
    count = len(chips(filters))
    for left in range(count - 1, -1, -1):
        chip = chips(filters)[0]
        assert chip.label
        filters = chip.without
        assert len(chips(filters)) == left
    assert filters == Filters()
