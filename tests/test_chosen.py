"""Which papers meet a filter, and that a search among them is the search of all with the others dropped."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes import RandomEmbeddings
from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.catalogue.filters import Filters
from vectorstore.embedders.embeddings import CachedEmbeddings
from vectorstore.embedders.minilm import MiniLM
from vectorstore.library import Library
from vectorstore.listings.entry import Entry, Listing, ProfileFigures
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import split_paper
from vectorstore.search.filtered_papers import ChosenPapers
from vectorstore.search.indexes import Indexes
from vectorstore.search.ranking import Ranking
from vectorstore.search.retriever import Candidates, PassageRetriever
from vectorstore.text.terms import terms

COUNT = 700
WORDS = ("lamps", "engines", "dragons", "rivers", "clocks")
AUTHORS = tuple(f"Author {number}" for number in range(5))


def entry(number: int) -> Entry:
    said = [word for place, word in enumerate(WORDS) if number % (place + 2) == 0]
    abstract = f"We look at {' and '.join(said) or 'nothing'} for number{number}. It shines {number % 11} times."
    return Entry(
        line=number,
        title=f"Study {number}",
        abstract=abstract if number % 9 else f"{abstract} We say it again. " * 20,  # two passages
        authors=tuple(AUTHORS[place] for place in range(5) if number % (place + 3) < 2),
        authors_complete=True,
        published=date(2024, 1, 1) + timedelta(days=number) if number % 13 else None,
        category=("LG", "CV", None)[number % 3],
        has_code=number % 4 == 0,
    )


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    catalogue = Catalogue(sqlite_url(tmp_path_factory.mktemp("chosen") / "catalogue.sqlite3"))
    entries = tuple(entry(number) for number in range(1, COUNT + 1))
    catalogue.add([Listing("studies.txt", "a" * 64, "daily", None, None, ProfileFigures(), entries)])
    yield catalogue
    catalogue.close()


@pytest.fixture(scope="module")
def indexes(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexes]:
    indexes = Indexes(tmp_path_factory.mktemp("indexes"), RandomEmbeddings())
    indexes.add_words(catalogue.passages())
    indexes.add_vectors(catalogue.passages())
    yield indexes
    indexes.close()


def chosen(filters: Filters, catalogue: Catalogue, indexes: Indexes) -> ChosenPapers:
    return ChosenPapers(filters, catalogue, lambda: indexes.lexical)


def meets(paper: Paper, filters: Filters) -> bool:
    """What `Filters` says of its fields, in Python."""
    wanted = set(terms(filters.saying or ""))
    return (
        set(filters.authors) <= set(paper.authors)
        and (filters.since is None or (paper.published is not None and paper.published >= filters.since))
        and (filters.until is None or (paper.published is not None and paper.published <= filters.until))
        and (filters.category is None or paper.category == filters.category)
        and (filters.has_code is None or paper.has_code == filters.has_code)
        and (not wanted or any(wanted <= set(terms(passage.embedded_text)) for passage in split_paper(paper)))
        and (not filters.any_of or any(meets(paper, part) for part in filters.any_of))
        and not any(says_something(part) and meets(paper, part) for part in filters.excluding)
    )


def says_something(filters: Filters) -> bool:
    return filters != Filters(saying=filters.saying) or bool(terms(filters.saying or ""))


DATES = st.dates(date(2023, 12, 1), date(2026, 1, 1))
SAID = st.lists(st.sampled_from([*WORDS, "engine", "CLOCKED", "the", "unknownword"]), max_size=2).map(" ".join)
PLAIN = st.builds(
    Filters,
    authors=st.lists(st.sampled_from(AUTHORS), max_size=2, unique=True).map(tuple),
    since=st.none() | DATES,
    until=st.none() | DATES,
    category=st.sampled_from([None, "LG", "CV"]),
    has_code=st.sampled_from([None, True, False]),
    saying=st.none() | SAID,
) | st.builds(Filters, saying=SAID)
FILTERS = st.recursive(
    PLAIN,
    lambda inner: st.builds(
        Filters,
        authors=st.lists(st.sampled_from(AUTHORS), max_size=1).map(tuple),
        saying=st.none() | SAID,
        any_of=st.lists(inner, max_size=2).map(tuple),
        excluding=st.lists(inner.filter(says_something), max_size=2).map(tuple),
    ),
    max_leaves=4,
)
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@MANY
@given(filters=FILTERS, few=st.integers(0, COUNT))
def test_the_papers_that_meet_a_filter(catalogue: Catalogue, indexes: Indexes, filters: Filters, few: int) -> None:
    expected = {paper.paper_id for paper in catalogue.papers() if meets(paper, filters)}
    papers = chosen(filters, catalogue, indexes)
    some = set(catalogue.paper_ids([])[:few])

    assert papers.ids(among=some) == expected & some
    assert papers.ids() == expected
    assert papers.ids(among=some) == expected & some  # now out of what was listed


def test_what_says_nothing_excludes_nothing(catalogue: Catalogue, indexes: Indexes) -> None:
    everything = Filters(excluding=(Filters(), Filters(saying="the"), Filters(saying="")))
    assert len(chosen(everything, catalogue, indexes).ids()) == COUNT


@pytest.fixture(scope="module")
def retriever(catalogue: Catalogue, indexes: Indexes) -> PassageRetriever:
    return PassageRetriever(
        dense=indexes.dense,
        lexical=indexes.lexical,
        ranking=Ranking(CachedEmbeddings(MiniLM(), catalogue), indexes.dense, indexes.lexical),
        passages_by_id=catalogue.passages_by_id,
        candidates=2 * COUNT,
    )


def all_ranked(
    query: str, kept: set[str], catalogue: Catalogue, retriever: PassageRetriever
) -> list[tuple[str, float]]:
    """Rank every paper that is to be kept by all values of all its passages."""
    bm25s = retriever.lexical.best(query, top_k=None)
    return retriever.ranking.ranked(
        query,
        {passage.passage_id: passage for passage in catalogue.passages() if passage.paper_id in kept},
        retriever.dense.closest(query, top_k=None, among=kept),
        bm25s,
        highest_bm25=max(bm25s.values(), default=0.0),
    )


QUERIES = ("lamps", "number33 engines", "rivers and clocks that shine", "shines 7 times", "nothing known here", "the")


@settings(MANY, max_examples=100)
@given(query=st.sampled_from(QUERIES), filters=FILTERS)
def test_a_search_with_filters_is_the_search_of_all_without_the_others(
    catalogue: Catalogue, indexes: Indexes, retriever: PassageRetriever, query: str, filters: Filters
) -> None:
    kept = {paper.paper_id for paper in catalogue.papers() if meets(paper, filters)}

    found = retriever.retrieve(query, top_k=10, chosen=chosen(filters, catalogue, indexes))

    expected = all_ranked(query, kept, catalogue, retriever)[:10]
    assert [one.passage.paper_id for one in found] == [one.passage.paper_id for one in expected]
    assert [one.similarity for one in found] == pytest.approx([one.similarity for one in expected], abs=1e-6)


WIDE = (
    Filters(has_code=False),
    Filters(category="CV"),
    Filters(excluding=(Filters(authors=AUTHORS[:1]),)),
    Filters(excluding=(Filters(saying="lamp"),)),
    Filters(since=date(2024, 3, 1), until=date(2024, 11, 1)),
    Filters(saying="engines"),
    Filters(any_of=(Filters(saying="rivers"), Filters(authors=AUTHORS[1:2]))),
)


@pytest.mark.parametrize("filters", WIDE, ids=str)
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("candidates", [10, 120])
def test_a_wide_filter_finds_as_much_out_of_the_best_of_all(
    catalogue: Catalogue,
    indexes: Indexes,
    retriever: PassageRetriever,
    filters: Filters,
    query: str,
    candidates: int,
) -> None:
    papers = chosen(filters, catalogue, indexes)
    assert len(papers.ids()) > 20
    wide = retriever.model_copy(update={"candidates": candidates, "narrow": 20})

    found = wide.candidates_for(query, candidates, papers)

    cosines = retriever.dense.closest(query, top_k=None, among=papers.ids())
    bm25s = {key: value for key, value in retriever.lexical.best(query, top_k=None).items() if key in cosines}
    assert found.cosines == pytest.approx({key: cosines[key] for key in found.cosines}, abs=1e-6)
    assert found.bm25s == pytest.approx({key: bm25s[key] for key in found.bm25s}, abs=1e-6)
    assert len(wide.retrieve(query, top_k=5, chosen=papers)) == 5
    if candidates == 120:
        assert found.best(5) == Candidates(cosines, bm25s, found.highest_bm25).best(5)


SEED_FILTERS = (
    Filters(category="LG"),
    Filters(excluding=(Filters(category="LG"),)),
    Filters(since=date(2025, 1, 1)),
    Filters(authors=("Bumjun Kim",)),
    Filters(saying="diffusion language models"),
    Filters(excluding=(Filters(saying="diffusion"),)),
    Filters(has_code=True),
)


@pytest.mark.parametrize("filters", SEED_FILTERS, ids=str)
def test_a_filter_drops_the_others_and_changes_no_value_on_the_seeds(seeds_library: Library, filters: Filters) -> None:
    kept = {paper.paper_id for paper in seeds_library.papers(filters)}
    assert 0 < len(kept) < len(seeds_library.papers())
    for query in ("diffusion language models", "quantization with few bits", "what is Rainbow Padding?"):
        everything = seeds_library.search(query, top_k=100)
        found = seeds_library.search(query, top_k=100, filters=filters)
        values = {one.passage: [one.cosine, one.bm25] for one in everything if one.passage.paper_id in kept}
        assert {one.passage for one in found} == values.keys()
        for one in found:
            assert [one.cosine, one.bm25] == pytest.approx(values[one.passage], abs=1e-6)
