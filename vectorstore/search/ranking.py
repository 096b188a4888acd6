"""The values of candidates -> ranked papers.

similarity = (BM25 over its maximum + 2.5 x cosine + 2 x closeness of the words) / 5.5, then smoothed among the papers
that were found: what the papers most like it are worth counts for a fifth (Diaz 2005). The weights were found on
SciFact's training queries; tests/benchmarks/RANKING.md says what else was tried.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedders.bert import Vectors
from vectorstore.embedders.embeddings import CachedEmbeddings
from vectorstore.embedders.word_vectors import closeness, content
from vectorstore.papers.passages import Passage, paper_of
from vectorstore.search.dense import ExactIndex
from vectorstore.search.lexical import LexicalIndex

COSINE_WEIGHT, WORDS_WEIGHT = 2.5, 2.0
_COSINE = (0.2, 0.15)  # and what a share of the BM25 adds: fitted on parts of titles, over 1,007 papers
REFINED = 50  # papers, the best by BM25 and cosine, that are compared by their words and smoothed
NEIGHBOURS, SMOOTHING = 5, 0.2


@dataclass(frozen=True, slots=True)
class RetrievedPassage:
    """The passage of a paper that is closest in meaning, with how close the paper is to the query.

    `similarity` is that of the ranking, at most 1, and negative only for what is opposite in meaning;
    `cosine` and `bm25` are the best of the paper's passages, `words` says how well they have the query's words, each in
    its context (about 1: as they are; None: not compared). The ranks, from 1, are those of BM25 and of the cosine alone
    among the papers that were found; None: the paper has no word of the query. Of a paper that is not embedded yet the
    cosine is the usual one for its BM25.
    """

    passage: Passage
    similarity: float
    cosine: float
    bm25: float
    words: float | None = None
    bm25_rank: int | None = None
    cosine_rank: int | None = None


def similarity(share: float, cosine: float, words: float | None) -> float:
    """Return the similarity of a paper whose BM25 is `share` of the highest.

    Words that were not compared are taken to be as close as those of papers with the same values usually are.
    """
    if words is None:
        words = 0.15 + 0.5 * cosine + 0.2 * share  # fitted on the candidates of SciFact's training queries
    return (share + COSINE_WEIGHT * cosine + WORDS_WEIGHT * words) / (1.0 + COSINE_WEIGHT + WORDS_WEIGHT)


class Ranking:
    """Ranks the papers that the indexes found."""

    def __init__(self, embeddings: CachedEmbeddings, dense: ExactIndex, lexical: LexicalIndex) -> None:
        self._embeddings, self._dense, self._lexical = embeddings, dense, lexical

    def ranked(
        self,
        query: str,
        passages: Mapping[str, Passage],
        cosines: Mapping[str, float],
        bm25s: Mapping[str, float],
        *,
        highest_bm25: float,
    ) -> list[RetrievedPassage]:
        """Return the papers of `passages` by descending similarity. Cosines and BM25 values are by passage id;
        `highest_bm25` is that of the whole library."""
        found = by_values(passages, cosines, bm25s, highest_bm25=highest_bm25)
        texts: defaultdict[str, list[str]] = defaultdict(list)
        for passage in passages.values():
            texts[passage.paper_id].append(passage.embedded_text)
        words = self._words(query, [texts[one.passage.paper_id] for one in found[:REFINED]])
        best = [_with_words(one, value, highest_bm25) for one, value in zip(found, words, strict=False)]
        return in_order(_with_ranks([*self._smoothed(best), *found[REFINED:]]))

    def _words(self, query: str, papers: Sequence[Sequence[str]]) -> list[float | None]:
        """Return how well each paper has the words of `query`, None where its words were not read."""
        stems, vectors = content(self._embeddings.read_query(query))
        if not stems:
            return [None] * len(papers)
        known = iter(self._embeddings.known_words([text for texts in papers for text in texts]))
        codes = [b"".join(next(known) or b"" for _ in texts) for texts in papers]
        read = [some for some in codes if some]
        if not read:
            return [None] * len(papers)
        rarity = self._lexical.weights(stems)
        values = iter(closeness(vectors, np.array([rarity[stem] for stem in stems], np.float32), read))
        return [next(values) if some else None for some in codes]

    def _smoothed(self, found: Sequence[RetrievedPassage]) -> list[RetrievedPassage]:
        """Return the papers with smoothed similarities; those without a known vector stay as they are."""
        vectors = self._dense.vectors_of(one.passage.passage_id for one in found)
        known = [place for place, vector in enumerate(vectors) if vector is not None]
        if len(known) < 2:
            return list(found)
        values = np.array([found[place].similarity for place in known])
        mixed = smoothed(values, np.stack([vector for vector in vectors if vector is not None])).tolist()
        new = dict(zip(known, mixed, strict=True))
        return [replace(one, similarity=new.get(place, one.similarity)) for place, one in enumerate(found)]


def most_similar(
    cosines: Mapping[str, float], bm25s: Mapping[str, float], *, highest_bm25: float, count: int
) -> set[str]:
    """Return the ids of the `count` papers that are most similar as far as BM25 and cosine, by passage id, tell it."""
    best_cosine: defaultdict[str, float] = defaultdict(lambda: -1.0)
    best_bm25: defaultdict[str, float] = defaultdict(float)
    for key, cosine in cosines.items():
        best_cosine[paper_of(key)] = max(best_cosine[paper_of(key)], cosine)
    for key, bm25 in bm25s.items():
        best_bm25[paper_of(key)] = max(best_bm25[paper_of(key)], bm25)
    values = {}
    for paper_id in best_cosine.keys() | best_bm25.keys():
        share = _share(best_bm25[paper_id], highest_bm25)
        values[paper_id] = similarity(share, best_cosine.get(paper_id, _usual_cosine(share)), None)
    return set(heapq.nlargest(count, values, key=lambda paper_id: (values[paper_id], paper_id)))


def by_values(
    passages: Mapping[str, Passage],
    cosines: Mapping[str, float],
    bm25s: Mapping[str, float],
    *,
    highest_bm25: float,
) -> list[RetrievedPassage]:
    """Return the papers of `passages` by descending similarity, as far as BM25 and cosine tell it."""
    papers: defaultdict[str, list[str]] = defaultdict(list)
    for key, passage in passages.items():
        papers[passage.paper_id].append(key)
    found = []
    for keys in papers.values():
        known = [key for key in keys if key in cosines]
        closest = max(known or keys, key=lambda key: (cosines.get(key, bm25s.get(key, 0.0)), key))
        bm25 = max(bm25s.get(key, 0.0) for key in keys)
        share = _share(bm25, highest_bm25)
        cosine = cosines.get(closest, _usual_cosine(share))
        found.append(RetrievedPassage(passages[closest], similarity(share, cosine, None), cosine, bm25))
    return in_order(found)


def smoothed(values: NDArray[np.float64], vectors: Vectors) -> NDArray[np.float64]:
    """Return each paper's value mixed with the mean value of the papers whose vectors are closest to its own."""
    likeness = (vectors @ vectors.T).astype(np.float64)
    np.fill_diagonal(likeness, -np.inf)
    nearest = np.argsort(-likeness, axis=1, kind="stable")[:, : min(NEIGHBOURS, len(values) - 1)]
    weights = np.maximum(np.take_along_axis(likeness, nearest, axis=1), 1e-6)
    around = (weights * values[nearest]).sum(axis=1) / weights.sum(axis=1)
    mixed: NDArray[np.float64] = (1 - SMOOTHING) * values + SMOOTHING * around
    return mixed


def _with_ranks(found: Sequence[RetrievedPassage]) -> list[RetrievedPassage]:
    by_bm25 = sorted(range(len(found)), key=lambda place: -found[place].bm25)
    by_cosine = sorted(range(len(found)), key=lambda place: -found[place].cosine)
    bm25_ranks = {place: rank for rank, place in enumerate(by_bm25, 1) if found[place].bm25}
    cosine_ranks = {place: rank for rank, place in enumerate(by_cosine, 1)}
    return [
        replace(one, bm25_rank=bm25_ranks.get(place), cosine_rank=cosine_ranks[place])
        for place, one in enumerate(found)
    ]


def _with_words(found: RetrievedPassage, words: float | None, highest_bm25: float) -> RetrievedPassage:
    share = _share(found.bm25, highest_bm25)
    return replace(found, similarity=similarity(share, found.cosine, words), words=words)


def _usual_cosine(share: float) -> float:
    return _COSINE[0] + _COSINE[1] * share


def _share(bm25: float, highest: float) -> float:
    return bm25 / highest if highest else 0.0


def in_order(found: Iterable[RetrievedPassage]) -> list[RetrievedPassage]:
    return sorted(found, key=lambda one: (-one.similarity, one.passage.passage_id))
