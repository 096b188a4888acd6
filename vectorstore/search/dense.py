"""Passage <-> Chroma: the passages closest to a query in meaning. The only module that knows Chroma.

Chroma searches everything. Among given papers it takes 35 ms and more whatever their number, so their vectors are read
from a file of their own, and the result is exact.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from vectorstore.allocator import fill_new_memory
from vectorstore.papers.passages import Passage
from vectorstore.search.vectors import VectorFile, VectorMatrix

_LOOKED_AT = 2  # times as many as are wanted: of 200 the graph then misses fewer
_ROWS_A_BATCH = 4000  # Chroma takes at most 5,461
T = TypeVar("T")


class ExactIndex:
    """Vectors of passages, all of which a query is compared with, by cosine."""

    def __init__(self, vectors: VectorMatrix, embeddings: Embeddings) -> None:
        self._matrix, self._embeddings = vectors, embeddings

    def __len__(self) -> int:
        return len(self._matrix)

    def vectors_of(self, passage_ids: Iterable[str]) -> list[NDArray[np.float32] | None]:
        """Return the unit vector of each passage, None for those that are not in the index."""
        return self._matrix.of(passage_ids)

    def closest(
        self, query: str, *, top_k: int | None, among: Collection[str] | None = None, exact: bool = True
    ) -> dict[str, float]:
        """Return the cosine similarity of the `top_k` closest passages by id, closest first; None: of all.

        `among` limits the search to the passages of these papers; papers that are not in the index are passed over.
        """
        vector = np.array(self._embeddings.embed_query(query), np.float32)
        return self._matrix.closest(vector, top_k=top_k, among=among)


class DenseIndex(ExactIndex):
    """A folder with a Chroma collection of passages, compared by cosine."""

    def __init__(self, folder: Path, embeddings: Embeddings) -> None:
        # Imported when an index is opened: it takes half a second, and listing papers needs no index.
        from chromadb import PersistentClient
        from chromadb.api.client import Client
        from chromadb.config import Settings as ChromaSettings
        from langchain_chroma import Chroma

        fill_new_memory()
        try:
            # Chroma would read any `.env` of the current folder, with addresses to send things to.
            settings = ChromaSettings(_env_file=None, anonymized_telemetry=False)
            # PersistentClient is declared as the interface, which has no close().
            self._client = cast(Client, PersistentClient(str(folder), settings))
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
        self._vectors = VectorFile(folder)
        super().__init__(self._vectors, embeddings)

    def close(self) -> None:
        self._client.close()

    def __len__(self) -> int:
        return self._collection.count()

    def add(self, passages: Sequence[Passage]) -> None:
        """Add passages, or replace those that have the same id."""
        for batch in _batches(passages):
            texts = [passage.embedded_text for passage in batch]
            vectors = np.array(self._embeddings.embed_documents(texts), np.float32)
            self._collection.upsert([passage.passage_id for passage in batch], embeddings=vectors)
            self._vectors.add(batch, vectors)

    def remove(self, passage_ids: Sequence[str]) -> None:
        for batch in _batches(passage_ids):
            self._store.delete(list(batch))
            self._vectors.remove(batch)

    def settle(self) -> None:
        """Have Chroma rewrite its files now, as it does at the first search, without embedding a query."""
        stored = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
        if stored is not None and len(stored):
            self._collection.query(query_embeddings=np.asarray(stored, np.float32), n_results=1, include=[])

    def closest(
        self, query: str, *, top_k: int | None, among: Collection[str] | None = None, exact: bool = False
    ) -> dict[str, float]:
        """Return the cosine similarity as an ExactIndex does.

        Of all passages Chroma's graph finds most of the closest, and `exact` compares them all.
        """
        if among is not None or exact or top_k is None:
            return super().closest(query, top_k=top_k, among=among)
        vector = np.array(self._embeddings.embed_query(query), np.float32)
        found = self._collection.query(vector, n_results=_LOOKED_AT * top_k, include=["distances"])
        (ids,), (distances,) = found["ids"], found["distances"] or [[]]
        # Rounding takes some distances a hair below 0.
        values = (max(-1.0, min(1.0, 1.0 - distance)) for distance in distances)
        return dict(islice(zip(ids, values, strict=True), top_k))


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _ROWS_A_BATCH):
        yield values[start : start + _ROWS_A_BATCH]
