"""The table of papers: what is found while typing, how it is filtered and sorted, and how it is turned over."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.catalogue.paper_table import COLUMNS, PaperTable, TableRow
from vectorstore.library import Library
from vectorstore.listings.entry import Entry, Listing, ProfileFigures
from vectorstore.text.folding import folded


def table_of(folder: Path, *entries: Entry) -> PaperTable:
    catalogue = Catalogue(sqlite_url(folder / "catalogue.sqlite3"))
    catalogue.add([Listing("lamps.txt", "0" * 64, "profile", None, "Ada Quill", ProfileFigures(), entries)])
    return PaperTable(catalogue)


def titles(rows: tuple[TableRow, ...]) -> list[str]:
    return [row.title for row in rows]


@pytest.fixture(scope="module")
def table(seeds_library: Library) -> PaperTable:
    return seeds_library.table


def test_all_papers_are_in_the_table_the_newest_first(table: PaperTable, seeds_library: Library) -> None:
    page = table.page(limit=1000)

    assert page.total == len(page.rows) == len(seeds_library.papers())
    dates = [row.published for row in page.rows if row.published]
    assert dates == sorted(dates, reverse=True)


def test_words_are_found_as_they_are_typed(table: PaperTable) -> None:
    assert titles(table.page("rainb pad").rows) == titles(table.page("RAINBOW PADDING").rows)
    assert table.page("rainb pad").total == 1
    assert table.page("bumjun rainbow").total == 1
    assert table.page("no such words").total == 0


def test_an_affiliation_is_found(tmp_path: Path) -> None:
    table = table_of(tmp_path, Entry(line=1, title="Lamps", abstract="They glow.", affiliation="stanford"))

    assert table.page("Stanf").total == 1


def test_accents_do_not_matter(tmp_path: Path) -> None:
    table = table_of(tmp_path, Entry(line=1, title="Glühlampen", abstract="They glow.", authors=("Zoë Müller",)))

    assert table.page("muller gluh").total == 1


@given(st.text(max_size=12))
def test_what_is_found_has_each_word(table: PaperTable, words: str) -> None:
    for row in table.page(words, limit=1000).rows:
        said = folded(" ".join([row.title, *row.authors, row.category or ""]))
        for word in folded(words).split():
            assert word in said or table.page(word).total  # the organisation is not shown


@given(st.sampled_from(COLUMNS), st.booleans(), st.integers(1, 20))
def test_pages_together_are_the_whole_table_once(table: PaperTable, sort: str, descending: bool, limit: int) -> None:
    found = []
    for offset in range(0, 65, limit):
        found += table.page(sort=sort, descending=descending, offset=offset, limit=limit).rows

    assert tuple(found) == table.page(sort=sort, descending=descending, limit=1000).rows
    assert len({row.paper_id for row in found}) == 65


@pytest.mark.parametrize("descending", [True, False])
def test_what_has_no_value_comes_last(tmp_path: Path, descending: bool) -> None:
    table = table_of(
        tmp_path,
        Entry(line=1, title="Undated", abstract=""),
        Entry(line=2, title="Old", abstract="", published=date(2020, 1, 1)),
        Entry(line=3, title="New", abstract="", published=date(2024, 1, 1)),
    )

    assert titles(table.page(descending=descending).rows)[-1] == "Undated"
    assert titles(table.page(descending=descending).rows)[0] == ("New" if descending else "Old")


def test_a_paper_without_printed_authors_shows_the_owner_of_its_page(tmp_path: Path) -> None:
    (row,) = table_of(tmp_path, Entry(line=1, title="Lamps", abstract="")).page().rows

    assert row.authors == ("Ada Quill",)
    assert not row.authors_complete


def test_filters_hold_together(table: PaperTable, seeds_library: Library) -> None:
    page = table.page(year=2025, listing="Bumjun Kim", limit=1000)

    wanted = {
        paper.paper_id
        for paper in seeds_library.papers()
        if paper.published and paper.published.year == 2025 and any(one.owner == "Bumjun Kim" for one in paper.entries)
    }
    assert {row.paper_id for row in page.rows} == wanted != set()
    assert all(row.has_code for row in table.page(has_code=True, limit=1000).rows)


def test_the_filters_that_are_offered_lead_to_papers(table: PaperTable) -> None:
    facets = table.facets()

    assert all(table.page(year=year).total == count for year, count in facets.years)
    assert all(table.page(category=name).total == count for name, count in facets.categories)
    assert {one.name for one in facets.listings if table.page(listing=one.name).total} == {
        one.name for one in facets.listings
    }


def test_the_table_follows_what_is_deleted(seeds_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(seeds_folder, tmp_path / "library")
    with Library(tmp_path / "library") as library:
        first = library.table.page().rows[0]
        removal = library.remove_papers([first.paper_id])
        assert first not in library.table.page(limit=1000).rows
        library.restore(removal.removal_id)
        assert library.table.page().rows[0] == first
