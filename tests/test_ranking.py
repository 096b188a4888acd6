"""From the values of candidates to ranked papers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vectorstore.library import Library
from vectorstore.papers.passages import Passage
from vectorstore.search.ranking import REFINED, SMOOTHING, RetrievedPassage, by_values, similarity, smoothed

KEYS = [f"p{paper}:{number}" for paper in range(5) for number in range(3)]
PASSAGES = {key: Passage(key, key.split(":")[0], "T", "text", 0, 4) for key in KEYS}
COSINES = st.dictionaries(st.sampled_from(KEYS), st.floats(-1, 1, width=32))
BM25S = st.dictionaries(st.sampled_from(KEYS), st.floats(0, 50, width=32))


def ranked_by(
    passages: dict[str, Passage], cosines: dict[str, float], bm25s: dict[str, float]
) -> list[RetrievedPassage]:
    return by_values(passages, cosines, bm25s, highest_bm25=max(bm25s.values(), default=0.0))


def known(*values: dict[str, float]) -> dict[str, Passage]:
    return {key: PASSAGES[key] for one in values for key in one}


@given(COSINES, BM25S)
def test_each_paper_is_ranked_once_by_descending_similarity(cosines: dict[str, float], bm25s: dict[str, float]) -> None:
    ranked = ranked_by(known(cosines, bm25s), cosines, bm25s)
    papers = [found.passage.paper_id for found in ranked]
    assert len(papers) == len(set(papers))
    assert set(papers) == {passage.paper_id for passage in known(cosines, bm25s).values()}
    similarities = [found.similarity for found in ranked]
    assert similarities == sorted(similarities, reverse=True)
    assert all(-1 <= similarity <= 1 + 1e-9 for similarity in similarities)


@given(COSINES, BM25S)
def test_a_paper_has_the_best_values_of_its_passages(cosines: dict[str, float], bm25s: dict[str, float]) -> None:
    highest = max(bm25s.values(), default=0) or 1
    for found in ranked_by(known(cosines, bm25s), cosines, bm25s):
        mine = [key for key in known(cosines, bm25s) if PASSAGES[key].paper_id == found.passage.paper_id]
        if of_mine := [cosines[key] for key in mine if key in cosines]:
            assert found.cosine == max(of_mine)
        assert found.bm25 == max(bm25s.get(key, 0.0) for key in mine)
        assert found.similarity == similarity(found.bm25 / highest, found.cosine, None)


@given(COSINES, BM25S, st.randoms(use_true_random=False))
def test_the_ranking_does_not_depend_on_the_order_of_what_is_found(
    cosines: dict[str, float], bm25s: dict[str, float], random: object
) -> None:
    passages = known(cosines, bm25s)
    turned = dict(reversed(passages.items()))
    assert ranked_by(turned, dict(reversed(cosines.items())), dict(reversed(bm25s.items()))) == ranked_by(
        passages, cosines, bm25s
    )


@given(COSINES, BM25S, st.sampled_from(KEYS), st.floats(0, 1))
def test_a_closer_passage_never_ranks_its_paper_lower(
    cosines: dict[str, float], bm25s: dict[str, float], key: str, more: float
) -> None:
    cosines = {key: 0.0, **cosines}
    closer = {**cosines, key: min(1.0, cosines[key] + more)}
    passages = known(cosines, bm25s, closer)
    paper = PASSAGES[key].paper_id

    def place(values: dict[str, float]) -> int:
        return [found.passage.paper_id for found in ranked_by(passages, values, bm25s)].index(paper)

    assert place(closer) <= place(cosines)


@given(st.floats(0, 1), st.floats(-1, 1), st.floats(0, 1) | st.none(), st.floats(0, 1))
def test_more_of_anything_is_more_similar(share: float, cosine: float, words: float | None, more: float) -> None:
    before = similarity(share, cosine, words)
    assert similarity(min(1.0, share + more), cosine, words) >= before
    assert similarity(share, min(1.0, cosine + more), words) >= before
    assert words is None or similarity(share, cosine, min(1.0, words + more)) >= before
    assert -1 <= before <= 1


VALUES = arrays(np.float64, st.integers(2, 12), elements=st.floats(-1, 1))


@given(VALUES, st.integers(0, 2**32 - 1))
def test_smoothing_stays_within_the_values(values: np.ndarray, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(len(values), 8)).astype(np.float32)
    mixed = smoothed(values, vectors)
    assert mixed.min() >= values.min() - 1e-12
    assert mixed.max() <= values.max() + 1e-12


def test_a_paper_among_its_like_gains_from_them() -> None:
    near, far = [[1.0, 0.01 * number] for number in range(6)], [[0.01 * number, 1.0] for number in range(6)]
    vectors = np.array(near + far, np.float32)
    values = np.array([0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1])
    mixed = smoothed(values, vectors)
    assert mixed[0] == pytest.approx((1 - SMOOTHING) * 0.5 + SMOOTHING * 0.6)
    assert mixed[6] == pytest.approx((1 - SMOOTHING) * 0.5 + SMOOTHING * 0.1)


def test_two_papers_are_smoothed_towards_each_other() -> None:
    mixed = smoothed(np.array([1.0, 0.0]), np.eye(2, dtype=np.float32))
    assert mixed.tolist() == pytest.approx([1 - SMOOTHING, SMOOTHING])


def test_the_words_of_the_best_papers_are_compared(seeds_library: Library) -> None:
    found = seeds_library.search("quantisation of large language models to 4-bit weights", top_k=65)
    compared = [one.words for one in found if one.words is not None]
    assert len(found) == 65
    assert len(compared) == REFINED
    assert found[0].words is not None and found[0].words > sorted(compared)[REFINED // 2]
    assert all(-0.5 < value <= 1 for value in compared)
    assert all(one.similarity <= 1 for one in found)


def test_a_query_without_content_words_is_ranked_by_its_meaning(seeds_library: Library) -> None:
    assert all(one.words is None for one in seeds_library.search("is this it", top_k=5))
