"""Passage <-> Chroma: the passages closest to a query in meaning. The only module that knows Chroma."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
from langchain_core.embeddings import Embeddings

from vectorstore.passages import Passage

_ROWS_A_BATCH = 4000  # Chroma takes at most 5,461
T = TypeVar("T")


class DenseIndex:
    """A folder with a Chroma collection of passages, compared by cosine."""

    def __init__(self, folder: Path, embeddings: Embeddings) -> None:
        # Imported when an index is opened: it takes half a second, and listing papers needs no index.
        from chromadb import PersistentClient
        from chromadb.api.client import Client
        from chromadb.config import Settings as ChromaSettings
        from langchain_chroma import Chroma

        self._embeddings = embeddings
        try:
            # PersistentClient is declared as the interface, which has no close().
            self._client = cast(Client, PersistentClient(str(folder), ChromaSettings(anonymized_telemetry=False)))
        except BaseException:
            Client.clear_system_cache()  # it keeps a client that failed to open, and would give it out again
            raise
        self._store = Chroma(
            collection_name="passages",
            embedding_function=embeddings,
            client=self._client,
            # Chroma defaults to L2; the similarity below assumes cosine.
            collection_metadata={"hnsw:space": "cosine"},
        )
        self._collection = self._client.get_collection("passages")

    def close(self) -> None:
        self._client.close()

    def __len__(self) -> int:
        return self._collection.count()

    def add(self, passages: Sequence[Passage]) -> None:
        """Add passages, or replace those that have the same id."""
        for batch in _batches(passages):
            self._store.add_texts(
                [passage.embedded_text for passage in batch], ids=[passage.passage_id for passage in batch]
            )

    def remove(self, passage_ids: Sequence[str]) -> None:
        for batch in _batches(passage_ids):
            self._store.delete(list(batch))

    def settle(self) -> None:
        """Have Chroma rewrite its files now, as it does at the first search, without embedding a query."""
        stored = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
        if stored is not None and len(stored):
            self._collection.query(query_embeddings=np.asarray(stored, np.float32), n_results=1, include=[])

    def closest(self, query: str, *, top_k: int, among: Collection[str] | None = None) -> dict[str, float]:
        """Return the cosine similarity of the `top_k` closest passages by id, closest first.

        `among` limits the search to these passage ids; those that are not in the index are passed over.
        """
        from chromadb.errors import InternalError

        vector = self._embeddings.embed_query(query)
        if among is None:
            return self._closest(vector, top_k, None)
        try:
            return self._closest(vector, top_k, list(among))
        except InternalError:  # so it treats an id that it does not hold, as while another thread adds or removes
            held = [
                key for batch in _batches(list(among)) for key in self._collection.get(list(batch), include=[])["ids"]
            ]
            return self._closest(vector, top_k, held) if held else {}

    def _closest(self, vector: list[float], top_k: int, ids: list[str] | None) -> dict[str, float]:
        found = self._store.similarity_search_by_vector_with_relevance_scores(vector, k=top_k, ids=ids)
        # Rounding takes some distances a hair below 0.
        return {document.id: max(-1.0, min(1.0, 1.0 - distance)) for document, distance in found if document.id}


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _ROWS_A_BATCH):
        yield values[start : start + _ROWS_A_BATCH]
