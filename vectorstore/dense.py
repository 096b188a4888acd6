"""Passage <-> Chroma: the passages closest to a query in meaning. The only module that knows Chroma."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import cast

from chromadb import PersistentClient
from chromadb.api.client import Client
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings

from vectorstore.passages import Passage

_ROWS_A_BATCH = 4000  # Chroma takes at most 5,461


class DenseIndex:
    """A folder with a Chroma collection of passages, compared by cosine."""

    def __init__(self, folder: Path, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        # PersistentClient is declared as the interface, which has no close().
        self._client = cast(Client, PersistentClient(str(folder), ChromaSettings(anonymized_telemetry=False)))
        self._store = Chroma(
            collection_name="passages",
            embedding_function=embeddings,
            client=self._client,
            # Chroma defaults to L2; the similarity below assumes cosine.
            collection_metadata={"hnsw:space": "cosine"},
        )

    def close(self) -> None:
        self._client.close()

    def __len__(self) -> int:
        return self._client.get_collection("passages").count()

    def add(self, passages: Sequence[Passage]) -> None:
        """Add passages, or replace those that have the same id."""
        for start in range(0, len(passages), _ROWS_A_BATCH):
            batch = passages[start : start + _ROWS_A_BATCH]
            self._store.add_texts(
                [passage.embedded_text for passage in batch], ids=[passage.passage_id for passage in batch]
            )

    def remove(self, passage_ids: Sequence[str]) -> None:
        for start in range(0, len(passage_ids), _ROWS_A_BATCH):
            self._store.delete(list(passage_ids[start : start + _ROWS_A_BATCH]))

    def closest(self, query: str, *, top_k: int, among: Collection[str] | None = None) -> dict[str, float]:
        """Return the cosine similarity of the `top_k` closest passages by id, closest first.

        `among` limits the search to these passage ids.
        """
        vector = self._embeddings.embed_query(query)
        found = self._store.similarity_search_by_vector_with_relevance_scores(
            vector, k=top_k, ids=None if among is None else list(among)
        )
        return {document.id: 1.0 - distance for document, distance in found if document.id}
