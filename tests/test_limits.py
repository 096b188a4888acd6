"""What a conversation is limited to, as filters on the library and as JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversations.limits import Limits
from vectorstore.library import Library

_NAMES = st.lists(st.text(), max_size=3).map(tuple)
_YEARS = st.none() | st.integers(1, 9999)


def titles(library: Library, limits: Limits) -> set[str]:
    return {paper.title for paper in library.papers(limits.filters())}


def test_no_limits_are_no_filters(seeds_library: Library) -> None:
    assert not Limits()
    assert not Limits().filters()
    assert titles(seeds_library, Limits()) == {paper.title for paper in seeds_library.papers()}


def test_listings_are_alternatives_and_so_are_authors(seeds_library: Library) -> None:
    names = [name for _, name, _, _ in seeds_library.catalogue.listings()][:2]
    one, two = (titles(seeds_library, Limits(listings=(name,))) for name in names)
    assert one and two and one != two
    assert titles(seeds_library, Limits(listings=tuple(names))) == one | two

    kim, no = (titles(seeds_library, Limits(authors=(name,))) for name in ("Bumjun Kim", "Albert No"))
    assert kim and no - kim
    assert titles(seeds_library, Limits(authors=("Bumjun Kim", "Albert No"))) == kim | no


def test_all_limits_hold_at_once(seeds_library: Library) -> None:
    listing = seeds_library.catalogue.listings()[0][1]
    limits = Limits(listings=(listing,), authors=("Bumjun Kim", "Albert No"), since_year=2025, until_year=2025)
    expected = titles(seeds_library, Limits(listings=(listing,)))
    expected &= titles(seeds_library, Limits(authors=("Bumjun Kim", "Albert No")))
    expected &= {paper.title for paper in seeds_library.papers() if paper.published and paper.published.year == 2025}

    assert titles(seeds_library, limits) == expected


def test_years_are_included(seeds_library: Library) -> None:
    dated = [paper for paper in seeds_library.papers() if paper.published]
    for year in {paper.published.year for paper in dated if paper.published}:
        of_it = {paper.title for paper in dated if paper.published and paper.published.year == year}
        assert titles(seeds_library, Limits(since_year=year, until_year=year)) == of_it


def test_papers_can_be_named(seeds_library: Library) -> None:
    some = seeds_library.papers()[:3]
    assert titles(seeds_library, Limits(paper_ids=tuple(one.paper_id for one in some))) == {one.title for one in some}


@given(st.builds(Limits, listings=_NAMES, authors=_NAMES, since_year=_YEARS, until_year=_YEARS, paper_ids=_NAMES))
def test_limits_survive_json(limits: Limits) -> None:
    assert Limits.of(json.loads(json.dumps(limits.record()))) == limits
    limits.filters()


@pytest.mark.parametrize("year", [0, -1, 20255])
def test_a_year_is_one_that_there_is(year: int) -> None:
    with pytest.raises(ValueError, match="is no year"):
        Limits(since_year=year)
    with pytest.raises(ValueError):
        Limits.of({"until_year": year})


@pytest.mark.parametrize("record", [{"listings": "a"}, {"since_year": "soon"}, {"authors": [1]}])
def test_what_is_no_limits_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Limits.of(record)
