"""What a filter keeps."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.catalogue.filters import Filters
from vectorstore.listings.entry import Entry, Listing, ProfileFigures

ENTRIES = (
    Entry(
        line=1,
        title="Bright Lamps",
        abstract="They use 100% of the power. Code: https://github.com/a/lamps.",
        authors=("Zoë Müller", "Bumjun Kim"),
        published=date(2024, 5, 14),
        category="LG",
        organization="École Normale",
    ),
    Entry(
        line=2,
        title="Dim_Lamps",
        abstract="They use 1000 times the power.",
        authors=("BumJun Kim",),
        published=date(2025, 1, 1),
        category="cs.CV",
        has_code=True,
    ),
    Entry(line=3, title="DimXLamps of Ünits", abstract="Nothing \\ more.", authors=("Kim Bumjun",)),
)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    catalogue = Catalogue(sqlite_url(tmp_path_factory.mktemp("filters") / "catalogue.sqlite3"))
    figures = ProfileFigures()
    catalogue.add(
        [
            Listing("Lamps 100%.txt", "a" * 64, "profile", None, "Émile Zola", figures, ENTRIES[:2]),
            Listing("others.txt", "b" * 64, "headerless", None, None, figures, ENTRIES[2:]),
        ]
    )
    yield catalogue
    catalogue.close()


def titles(catalogue: Catalogue, filters: Filters) -> set[str]:
    return {paper.title for paper in catalogue.papers(catalogue.paper_ids(filters.conditions()))}


BRIGHT, DIM, UNITS = (entry.title for entry in ENTRIES)


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (Filters(), {BRIGHT, DIM, UNITS}),
        (Filters(authors=("BUMJUN  kim",)), {BRIGHT, DIM}),
        (Filters(authors=("zoe muller",)), {BRIGHT}),
        (Filters(authors=("Zoë Müller", "Bumjun Kim")), {BRIGHT}),
        (Filters(authors=("Zoë Müller", "Kim Bumjun")), set()),
        (Filters(authors=("Kim",)), set()),
        (Filters(authors=("emile zola",)), {BRIGHT, DIM}),
        (Filters(since=date(2024, 5, 14)), {BRIGHT, DIM}),
        (Filters(since=date(2024, 5, 15)), {DIM}),
        (Filters(until=date(2024, 5, 14)), {BRIGHT}),
        (Filters(since=date(2024, 1, 1), until=date(2024, 12, 31)), {BRIGHT}),
        (Filters(category="lg"), {BRIGHT}),
        (Filters(category="CS.cv"), {DIM}),
        (Filters(organization="école normale"), {BRIGHT}),
        (Filters(organization="ÉCOLE NORMALE"), {BRIGHT}),
        (Filters(has_code=True), {BRIGHT, DIM}),
        (Filters(has_code=False), {UNITS}),
        (Filters(listing="LAMPS 100%.TXT"), {BRIGHT, DIM}),
        (Filters(listing="Lamps 1000.txt"), set()),
        (Filters(listing="émile zola"), {BRIGHT, DIM}),
        (Filters(listing="others.txt"), {UNITS}),
        (Filters(text="lamps power"), {BRIGHT, DIM}),
        (Filters(text="100%"), {BRIGHT}),
        (Filters(text="dim_lamps"), {DIM}),
        (Filters(text="ünits"), {UNITS}),
        (Filters(text="ÜNITS"), {UNITS}),
        (Filters(text="\\"), {UNITS}),
        (Filters(text="' OR 1=1 --"), set()),
        (Filters(paper_ids=()), set()),
        (Filters(paper_ids=("unknown",)), set()),
        (Filters(authors=("Bumjun Kim",), has_code=True, since=date(2025, 1, 1)), {DIM}),
        (Filters(any_of=(Filters(authors=("Zoë Müller",)), Filters(authors=("Kim Bumjun",)))), {BRIGHT, UNITS}),
        (Filters(since=date(2025, 1, 1), any_of=(Filters(category="LG"), Filters(category="cs.CV"))), {DIM}),
        (Filters(excluding=(Filters(category="LG"),)), {DIM, UNITS}),
        (Filters(excluding=(Filters(category="LG"), Filters(has_code=True))), {UNITS}),
        (Filters(authors=("Bumjun Kim",), excluding=(Filters(authors=("Zoë Müller",)),)), {DIM}),
        (Filters(excluding=(Filters(since=date(2024, 6, 1)),)), {BRIGHT, UNITS}),
        (Filters(excluding=(Filters(any_of=(Filters(category="LG"), Filters(listing="others.txt"))),)), {DIM}),
    ],
    ids=lambda given: str(sorted(given) if isinstance(given, set) else given),
)
def test_a_filter_keeps_the_papers_that_meet_it(catalogue: Catalogue, filters: Filters, kept: set[str]) -> None:
    assert titles(catalogue, filters) == kept


def test_ids_keep_their_papers(catalogue: Catalogue) -> None:
    (chosen,) = catalogue.paper_ids(Filters(text="100%").conditions())
    assert titles(catalogue, Filters(paper_ids=(chosen, "unknown"))) == {BRIGHT}


def test_a_filter_that_asks_nothing_is_false() -> None:
    assert not Filters()
    assert Filters(paper_ids=())
    assert Filters(has_code=False)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(codec=None)))
@example("\ud800")
@example("\0")
@example("100%_\\/")
@example(" ".join(["word"] * 2000))
@example("x" * 100_000)
def test_any_text_is_taken_literally(catalogue: Catalogue, text: str) -> None:
    assume(text.lower() not in {"lg", "cs.cv"})
    for field in ("listing", "organization", "category") if text else ():
        assert titles(catalogue, Filters(**{field: text})) == set()
    assert titles(catalogue, Filters(authors=(text,))) == set()
    words = text.lower().split()
    expected = {e.title for e in ENTRIES if all(w in f"{e.title}\n{e.abstract}".lower() for w in words)}
    assert titles(catalogue, Filters(text=text)) == expected


def test_more_ids_than_a_statement_takes_are_no_error(catalogue: Catalogue) -> None:
    chosen = catalogue.paper_ids([])
    many = (*chosen, *(f"{number:012x}" for number in range(30_000)))
    assert titles(catalogue, Filters(paper_ids=many)) == {BRIGHT, DIM, UNITS}


def test_a_listing_has_no_namesake_of_what_it_prints() -> None:
    catalogue = Catalogue("sqlite://")
    abstracts = {"a.txt": "Lamps are dim at night.", "b.txt": "Engines weave algebraic patterns."}
    for name, abstract in abstracts.items():
        entry = Entry(line=1, title="Attention", abstract=abstract, authors=(f"Author of {name}",))
        catalogue.add([Listing(name, name[0] * 64, "profile", None, None, ProfileFigures(), (entry,))])

    for name, abstract in abstracts.items():
        chosen = catalogue.papers(catalogue.paper_ids(Filters(listing=name).conditions()))
        assert [paper.abstract for paper in chosen] == [abstract]
    catalogue.close()
