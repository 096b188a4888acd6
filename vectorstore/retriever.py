"""Query and filters -> ranked passages, by the words (BM25) and the meaning (embeddings) together."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from vectorstore.dense import DenseIndex
from vectorstore.lexical import LexicalIndex
from vectorstore.passages import Passage

# Weight of the cosine beside the min-max BM25, found on SciFact's training queries.
COSINE_WEIGHT = 1.6
CANDIDATES = 200  # passages taken from each index before the fusion


@dataclass(frozen=True, slots=True)
class RetrievedPassage:
    """A passage with how close it is to the query.

    `similarity` is the fused one, from 0 to 1; `cosine` and `bm25` are None where that index did not return it.
    """

    passage: Passage
    similarity: float
    cosine: float | None
    bm25: float | None


def fused(cosines: Mapping[str, float], bm25s: Mapping[str, float]) -> dict[str, float]:
    """Return ids by descending similarity: min-max BM25 plus COSINE_WEIGHT x cosine, scaled to at most 1.

    An id that one index did not return gets that index's lowest value.
    """
    lowest_cosine = min(cosines.values(), default=0.0)
    lowest, highest = min(bm25s.values(), default=0.0), max(bm25s.values(), default=0.0)
    spread = (highest - lowest) or 1.0
    similarity = {
        key: ((bm25s.get(key, lowest) - lowest) / spread + COSINE_WEIGHT * cosines.get(key, lowest_cosine))
        / (1.0 + COSINE_WEIGHT)
        for key in cosines.keys() | bm25s.keys()
    }
    return dict(sorted(similarity.items(), key=lambda item: (-item[1], item[0])))


class PassageRetriever(BaseRetriever):
    """A LangChain retriever over the two indexes; one passage a paper, the closest.

    `invoke` returns documents whose metadata has paper_id, passage_id, title, start, end and similarity.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    dense: DenseIndex
    lexical: LexicalIndex
    passages_by_id: Callable[[Collection[str]], Mapping[str, Passage]]
    top_k: int = 10

    def retrieve(
        self, query: str, *, top_k: int, among: Collection[str] | None = None
    ) -> list[RetrievedPassage]:
        """Return the best passage of each of the `top_k` closest papers, among the given passage ids if any."""
        if among is not None and not among:
            return []
        candidates = max(CANDIDATES, 2 * top_k)
        cosines = self.dense.closest(query, top_k=candidates, among=among)
        bm25s = self.lexical.best(query, top_k=candidates, among=among)
        similarities = fused(cosines, bm25s)
        passages = self.passages_by_id(similarities)
        best_of_paper: dict[str, RetrievedPassage] = {}
        for key, similarity in similarities.items():
            if (passage := passages.get(key)) and passage.paper_id not in best_of_paper:
                best_of_paper[passage.paper_id] = RetrievedPassage(
                    passage, similarity, cosines.get(key), bm25s.get(key)
                )
            if len(best_of_paper) == top_k:
                break
        return list(best_of_paper.values())

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
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
