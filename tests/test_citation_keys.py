r"""Keys for \\cite: readable, and one a paper in the whole library."""

import re
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete

from tests.fakes import listing_of
from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.catalogue.citation_keys import given_keys, short_key, short_keys, told_apart
from vectorstore.library import Library
from vectorstore.listings.entry import Entry, Listing, ProfileFigures
from vectorstore.papers.paper import Paper

PAPER = Paper(
    *("p", "Rainbow Padding", "", ("Bumjun Kim", "Albert No"), True, 2, None, (), date(2025, 10, 4), False),
    *("LG", False, None, None, None, None, ()),
)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({}, "kim2025rainbow"),
        ({"authors": ("Aäron van den Oord",), "title": "On the Størm"}, "oord2025storm"),
        ({"authors": ("Martin Luther King, Jr.", "Alice Brown")}, "king2025rainbow"),
        ({"authors": ("Guy Steele Jr.",)}, "steele2025rainbow"),
        ({"authors": ("DeepSeek-AI", "Aixin Liu")}, "deepseekai2025rainbow"),
        ({"authors": ("Gemini Team",)}, "gemini2025rainbow"),
        ({"authors": ("The ATLAS Collaboration",)}, "atlas2025rainbow"),
        ({"authors": (":", "Aaron Blakeman")}, "blakeman2025rainbow"),
        ({"authors": ("Mary-Kate Smith-Jones",)}, "smithjones2025rainbow"),
        ({"authors": (), "organization": "Google DeepMind"}, "googledeepmind2025rainbow"),
        ({"authors": (), "published": None}, "anonndrainbow"),
        ({"authors": ("王伟",), "title": "图"}, "anon2025"),
    ],
)
def test_a_key_is_readable(changes: dict[str, object], key: str) -> None:
    assert short_key(replace(PAPER, **changes)) == key  # type: ignore[arg-type]


def test_papers_that_share_a_key_have_more_words_of_their_titles() -> None:
    titles = {"p": "Rainbow Padding", "q": "The Rainbow of Attention", "r": "Rainbow Padding for All"}
    assert told_apart(titles, "kim2025rainbow") == {
        "p": "kim2025rainbow-padding",  # r begins with it, and has more
        "q": "kim2025rainbow-attention",
        "r": "kim2025rainbow-padding-all",
    }
    assert told_apart({"p": "Rainbow Padding"}, "kim2025rainbow") == {"p": "kim2025rainbow"}
    same = {"p": "Rainbow Padding", "q": "The Rainbow Padding"}
    assert told_apart(same, "kim2025rainbow") == {"p": "kim2025rainbow-p", "q": "kim2025rainbow-q"}


def test_a_key_that_another_paper_was_given_is_not_taken_by_a_title_that_it_begins_with() -> None:
    titles = {"p": "Rainbow Padding", "q": "Rainbow Padding for All"}
    assert told_apart(titles, "kim2025rainbow", {"kim2025rainbow-padding": "q"})["p"] == "kim2025rainbow-p"


@given(st.lists(st.text(st.sampled_from("ab -é王"), max_size=12), max_size=8))
def test_keys_are_unique_and_plain(titles: list[str]) -> None:
    papers = [replace(PAPER, paper_id=f"{number:012x}", title=title) for number, title in enumerate(titles)]
    groups: dict[str, dict[str, str]] = {}
    for paper in papers:
        groups.setdefault(short_key(paper), {})[paper.paper_id] = paper.title
    keys = {paper_id: key for short, titles in groups.items() for paper_id, key in told_apart(titles, short).items()}
    assert len(set(keys.values())) == len(papers)
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", key) for key in keys.values())


def test_every_paper_of_a_library_has_a_key_of_its_own(seeds_library: Library) -> None:
    catalogue = seeds_library.catalogue
    ids = [paper.paper_id for paper in catalogue.papers()]
    keys = catalogue.citation_keys(ids)
    assert keys.keys() == set(ids)
    assert len(set(keys.values())) == len(ids)
    assert {paper_id: catalogue.citation_keys([paper_id])[paper_id] for paper_id in ids} == keys
    assert catalogue.citation_keys(["unknown"]) == {}


def test_a_library_of_an_earlier_version_gets_its_keys(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "catalogue.sqlite3")
    catalogue = Catalogue(url)
    catalogue.add([listing_of(3)])
    ids = [paper_id for paper_id, _ in catalogue.titles()]
    keys = catalogue.citation_keys(ids)
    assert len(set(keys.values())) == 3
    with create_engine(url).begin() as connection:
        connection.execute(delete(short_keys))
        connection.execute(delete(given_keys))
    assert catalogue.citation_keys(ids) == {}
    catalogue.close()
    catalogue = Catalogue(url)
    assert catalogue.citation_keys(ids) == keys
    catalogue.close()


def listings_of(*titles: str) -> list[Listing]:
    """A listing for each title, of papers by one author from one year."""
    entry = Entry(line=1, title="", abstract="", authors=("Bumjun Kim",), published=date(2025, 10, 4))
    return [
        Listing(title, title, "profile", None, None, ProfileFigures(), (replace(entry, title=title),))
        for title in titles
    ]


def keys_by_title(catalogue: Catalogue) -> dict[str, str]:
    titles = dict(catalogue.titles())
    return {titles[paper_id]: key for paper_id, key in catalogue.citation_keys(list(titles)).items()}


def test_a_given_key_stays_when_papers_are_added(tmp_path: Path) -> None:
    catalogue = Catalogue(sqlite_url(tmp_path / "catalogue.sqlite3"))
    catalogue.add(listings_of("Rainbow Padding"))
    assert keys_by_title(catalogue) == {"Rainbow Padding": "kim2025rainbow"}
    catalogue.add(listings_of("Rainbow Attention"))
    expected = {"Rainbow Padding": "kim2025rainbow", "Rainbow Attention": "kim2025rainbow-attention"}
    assert keys_by_title(catalogue) == expected
    catalogue.close()
    catalogue = Catalogue(sqlite_url(tmp_path / "catalogue.sqlite3"))
    assert keys_by_title(catalogue) == expected
    catalogue.close()


def test_a_given_key_stays_when_another_listing_knows_more_of_the_paper(tmp_path: Path) -> None:
    catalogue = Catalogue(sqlite_url(tmp_path / "catalogue.sqlite3"))
    (known,) = listings_of("Rainbow Padding")
    (entry,) = known.entries
    catalogue.add([replace(known, sha256="x", name="daily", entries=(replace(entry, authors=(), published=None),))])
    assert keys_by_title(catalogue) == {"Rainbow Padding": "anonndrainbow"}
    catalogue.add([known])
    assert keys_by_title(catalogue) == {"Rainbow Padding": "anonndrainbow"}
    catalogue.close()


def test_keys_do_not_depend_on_the_order_of_ingest(tmp_path: Path) -> None:
    found = []
    for number, order in enumerate(permutations(listings_of("Rainbow Padding", "Rainbow Attention", "DUSK"))):
        catalogue = Catalogue(sqlite_url(tmp_path / f"{number}.sqlite3"))
        for listing in order:
            catalogue.add([listing])
        found.append(keys_by_title(catalogue))
        catalogue.close()
    assert len(found) == 6
    assert all(keys == found[0] for keys in found)
