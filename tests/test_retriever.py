"""The fused ranking."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.retrievers import BaseRetriever

from tests.fakes import RandomEmbeddings
from vectorstore.filters import Filters
from vectorstore.indexes import Indexes
from vectorstore.library import Library
from vectorstore.passages import Passage
from vectorstore.retriever import CANDIDATES, COSINE_WEIGHT, PassageRetriever, _ranked

KEYS = [f"p{paper}:{number}" for paper in range(5) for number in range(3)]
PASSAGES = {key: Passage(key, key.split(":")[0], "T", "text", 0, 4) for key in KEYS}
COSINES = st.dictionaries(st.sampled_from(KEYS), st.floats(-1, 1, width=32))
BM25S = st.dictionaries(st.sampled_from(KEYS), st.floats(0, 50, width=32))


def known(*values: dict[str, float]) -> dict[str, Passage]:
    return {key: PASSAGES[key] for one in values for key in one}


@given(COSINES, BM25S)
def test_each_paper_is_ranked_once_by_descending_similarity(cosines: dict[str, float], bm25s: dict[str, float]) -> None:
    ranked = _ranked(known(cosines, bm25s), cosines, bm25s)
    papers = [found.passage.paper_id for found in ranked]
    assert len(papers) == len(set(papers))
    assert set(papers) == {passage.paper_id for passage in known(cosines, bm25s).values()}
    similarities = [found.similarity for found in ranked]
    assert similarities == sorted(similarities, reverse=True)
    assert all(-1 <= similarity <= 1 + 1e-9 for similarity in similarities)


@given(COSINES, BM25S)
def test_a_paper_has_the_best_values_of_its_passages(cosines: dict[str, float], bm25s: dict[str, float]) -> None:
    highest = max(bm25s.values(), default=0) or 1
    for found in _ranked(known(cosines, bm25s), cosines, bm25s):
        mine = [key for key in known(cosines, bm25s) if PASSAGES[key].paper_id == found.passage.paper_id]
        assert found.cosine == max(cosines.get(key, 0.0) for key in mine)
        assert found.bm25 == max(bm25s.get(key, 0.0) for key in mine)
        expected = (found.bm25 / highest + COSINE_WEIGHT * found.cosine) / (1 + COSINE_WEIGHT)
        assert found.similarity == pytest.approx(expected)


@given(COSINES, BM25S, st.randoms(use_true_random=False))
def test_the_ranking_does_not_depend_on_the_order_of_what_is_found(
    cosines: dict[str, float], bm25s: dict[str, float], random: object
) -> None:
    passages = known(cosines, bm25s)
    turned = dict(reversed(passages.items()))
    assert _ranked(turned, dict(reversed(cosines.items())), dict(reversed(bm25s.items()))) == _ranked(
        passages, cosines, bm25s
    )


@given(COSINES, BM25S, st.sampled_from(KEYS), st.floats(0, 1))
def test_a_closer_passage_never_ranks_its_paper_lower(
    cosines: dict[str, float], bm25s: dict[str, float], key: str, more: float
) -> None:
    closer = {**cosines, key: min(1.0, cosines.get(key, 0.0) + more)}
    passages = known(cosines, bm25s, closer)
    paper = PASSAGES[key].paper_id

    def place(values: dict[str, float]) -> int:
        return [found.passage.paper_id for found in _ranked(passages, values, bm25s)].index(paper)

    assert place(closer) <= place(cosines)


def nearly(title: str) -> str:
    """Return a title as people type it from memory: lower case, no marks."""
    return re.sub(r"[^\w\s]", " ", title).lower()


def test_a_nearly_exact_title_finds_its_paper_first(seeds_library: Library) -> None:
    for paper in seeds_library.papers():
        for query in (paper.title, nearly(paper.title)):
            assert seeds_library.search(query, top_k=1)[0].passage.paper_id == paper.paper_id, query


def half(title: str, *, second: bool) -> str:
    words = title.split()
    middle = (len(words) + 1) // 2
    return " ".join(words[middle:] if second else words[:middle])


def test_half_a_title_finds_its_paper(seeds_library: Library) -> None:
    papers = seeds_library.papers()
    halves = [(half(paper.title, second=second), paper.paper_id) for paper in papers for second in (False, True)]
    found = [seeds_library.search(query, top_k=10) for query, _ in halves]
    ranks = [
        [one.passage.paper_id for one in results].index(paper_id)
        for results, (_, paper_id) in zip(found, halves, strict=True)
        if paper_id in {one.passage.paper_id for one in results}
    ]

    # 124 of 130 as this is written; "Diffusion" and "in Pre-trained Models" fit other papers as well.
    assert sum(rank == 0 for rank in ranks) >= 122
    assert len(ranks) >= 128


def test_a_paper_is_found_by_its_meaning_where_others_have_more_of_the_words(seeds_library: Library) -> None:
    query = "smaller numbers of bits for weights"
    (by_words,) = seeds_library.retriever.lexical.best(query, top_k=1)
    first = seeds_library.search(query, top_k=1)[0].passage
    assert "Quantized and Low-Rank Matrices" in first.title
    assert first.passage_id != by_words


def test_every_value_is_exact_where_there_are_more_passages_than_candidates(tmp_path: Path) -> None:
    passages = {
        f"p{number}:0": Passage(f"p{number}:0", f"p{number}", f"Lamp {number}", f"It shines {number % 7} times.", 0, 18)
        for number in range(3 * CANDIDATES)
    }
    indexes = Indexes(tmp_path, RandomEmbeddings())
    indexes.add(list(passages.values()))
    retriever = PassageRetriever(
        dense=indexes.dense,
        lexical=indexes.lexical,
        passages_by_id=lambda ids: {key: passages[key] for key in ids},
    )
    cosines = indexes.dense.closest("lamp 3", top_k=len(passages))
    bm25s = indexes.lexical.best("lamp 3", top_k=len(passages))

    found = retriever.retrieve("lamp 3", top_k=CANDIDATES)

    assert len(found) == CANDIDATES
    for one in found:
        assert one.bm25 == bm25s[one.passage.passage_id]
        assert one.cosine == pytest.approx(cosines[one.passage.passage_id], abs=1e-5)
    indexes.close()


def test_filters_limit_the_search_and_keep_its_order(seeds_library: Library) -> None:
    everything = [found.passage.paper_id for found in seeds_library.search("diffusion language models", top_k=65)]
    papers = {paper.paper_id for paper in seeds_library.papers(Filters(category="LG"))}
    found = seeds_library.search("diffusion language models", top_k=65, filters=Filters(category="LG"))

    assert len(everything) == 65
    assert 0 < len(papers) < 65
    assert {one.passage.paper_id for one in found} == papers


def test_a_filter_that_no_paper_meets_finds_nothing(seeds_library: Library) -> None:
    assert seeds_library.search("diffusion", filters=Filters(authors=("Nobody At All",))) == []


@pytest.mark.parametrize("query", ["", " ", "???", "\x00", "\ud800", "的", "x" * 50_000, "AND NOT (", "the of"])
def test_any_query_is_answered(seeds_library: Library, query: str) -> None:
    assert len(seeds_library.search(query, top_k=3)) == 3


def test_a_long_query_finds_what_it_is_about(seeds_library: Library) -> None:
    for paper in seeds_library.papers()[:10]:
        assert seeds_library.search(paper.abstract, top_k=1)[0].passage.paper_id == paper.paper_id


def test_it_is_a_retriever_of_langchain(seeds_library: Library) -> None:
    retriever = seeds_library.retriever
    assert isinstance(retriever, BaseRetriever)
    documents = retriever.invoke("early termination of diffusion LLMs")
    abstracts = {paper.paper_id: paper.abstract for paper in seeds_library.papers()}

    assert len(documents) == 10
    for document in documents:
        of = document.metadata
        assert abstracts[of["paper_id"]][of["start"] : of["end"]] == document.page_content
    assert "Rainbow Padding" in documents[0].metadata["title"]
