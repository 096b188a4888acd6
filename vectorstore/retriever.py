"""Query and filters -> passages found by the words (BM25) and the meaning (embeddings), ranked."""

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from vectorstore.dense import DenseIndex
from vectorstore.lexical import LexicalIndex
from vectorstore.passages import Passage
from vectorstore.ranking import Ranking, RetrievedPassage

__all__ = ["CANDIDATES", "PassageRetriever", "RetrievedPassage"]

CANDIDATES = 200  # passages taken from each index before the fusion


class _Search(Protocol):
    def __call__(self, query: str, *, top_k: int, among: Collection[str]) -> dict[str, float]: ...


class PassageRetriever(BaseRetriever):
    """A LangChain retriever over the two indexes; one passage a paper.

    `invoke` returns documents whose metadata has paper_id, passage_id, title, start, end and similarity.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    dense: DenseIndex
    lexical: LexicalIndex
    ranking: Ranking
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
        passages = self.passages_by_id(cosines.keys() | bm25s.keys())
        return self.ranking.ranked(query, passages, cosines, bm25s)[:top_k]

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
