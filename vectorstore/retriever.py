"""Query and filters -> ranked passages, by the words (BM25) and the meaning (embeddings) together."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from vectorstore.dense import DenseIndex
from vectorstore.lexical import LexicalIndex
from vectorstore.passages import Passage

# Weight of the cosine beside BM25 over its maximum, found on SciFact's training queries (1.2 to 2.5 differ by 0.003).
COSINE_WEIGHT = 2.0
CANDIDATES = 200  # passages taken from each index before the fusion


@dataclass(frozen=True, slots=True)
class RetrievedPassage:
    """The passage of a paper that is closest in meaning, with how close the paper is to the query.

    `similarity` is that of the ranking, at most 1, and negative only for what is opposite in meaning;
    `cosine` and `bm25` are the best of the paper's passages.
    """

    passage: Passage
    similarity: float
    cosine: float
    bm25: float


class _Search(Protocol):
    def __call__(self, query: str, *, top_k: int, among: Collection[str]) -> dict[str, float]: ...


class PassageRetriever(BaseRetriever):
    """A LangChain retriever over the two indexes; one passage a paper.

    `invoke` returns documents whose metadata has paper_id, passage_id, title, start, end and similarity.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    dense: DenseIndex
    lexical: LexicalIndex
    passages_by_id: Callable[[Collection[str]], Mapping[str, Passage]]
    top_k: int = 10

    def retrieve(self, query: str, *, top_k: int, among: Collection[str] | None = None) -> list[RetrievedPassage]:
        """Return a passage of each of the `top_k` closest papers, among the given passage ids if any."""
        if among is not None and not among:
            return []
        candidates = max(CANDIDATES, 2 * top_k)
        cosines = self.dense.closest(query, top_k=candidates, among=among)
        bm25s = self.lexical.best(query, top_k=candidates, among=among)
        # What one index did not return is asked of it by name, so that both values of every candidate are exact.
        cosines |= self._missing(self.dense.closest, query, bm25s.keys() - cosines.keys())
        bm25s |= self._missing(self.lexical.best, query, cosines.keys() - bm25s.keys())
        return _ranked(self.passages_by_id(cosines.keys() | bm25s.keys()), cosines, bm25s)[:top_k]

    @staticmethod
    def _missing(search: _Search, query: str, passage_ids: Collection[str]) -> dict[str, float]:
        return search(query, top_k=len(passage_ids), among=passage_ids) if passage_ids else {}

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                found.passage.text,
                id=found.passage.passage_id,
                metadata={
                    "paper_id": found.passage.paper_id,
                    "passage_id": found.passage.passage_id,
                    "title": found.passage.title,
                    "start": found.passage.start,
                    "end": found.passage.end,
                    "similarity": found.similarity,
                },
            )
            for found in self.retrieve(query, top_k=self.top_k)
        ]


def _ranked(
    passages: Mapping[str, Passage], cosines: Mapping[str, float], bm25s: Mapping[str, float]
) -> list[RetrievedPassage]:
    """Return the papers of `passages` by descending similarity: BM25 over its maximum plus COSINE_WEIGHT x cosine."""
    highest = max(bm25s.values(), default=0.0) or 1.0
    papers: defaultdict[str, list[str]] = defaultdict(list)
    for key, passage in passages.items():
        papers[passage.paper_id].append(key)
    ranked = []
    for keys in papers.values():
        closest = max(keys, key=lambda key: (cosines.get(key, 0.0), key))
        cosine, bm25 = cosines.get(closest, 0.0), max(bm25s.get(key, 0.0) for key in keys)
        similarity = (bm25 / highest + COSINE_WEIGHT * cosine) / (1.0 + COSINE_WEIGHT)
        ranked.append(RetrievedPassage(passages[closest], similarity, cosine, bm25))
    return sorted(ranked, key=lambda found: (-found.similarity, found.passage.passage_id))
