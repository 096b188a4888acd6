"""An embedding model by name, and the cache that keeps a text from being embedded twice."""

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from langchain_core.embeddings import Embeddings

from vectorstore.catalogue import Catalogue
from vectorstore.errors import EmbeddingError
from vectorstore.minilm import MiniLM, Reading, Vectors
from vectorstore.word_vectors import packed

_MODELS = {MiniLM.name: MiniLM}
_QUERIES_KEPT = 256


def embedding_model(name: str) -> MiniLM:
    """Return the embedding model called `name`. Raises EmbeddingError that lists the names there are."""
    if name not in _MODELS:
        raise EmbeddingError(f"There is no embedding model {name!r}; choose one of: {', '.join(_MODELS)}")
    return _MODELS[name]()


def text_key(text: str) -> str:
    """Return the SHA-256, in hex, under which the vectors of `text` are kept; lone surrogates count as "?"."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


class CachedEmbeddings(Embeddings):
    """A model whose vectors of documents are kept in the catalogue, batch by batch, and those of queries in memory."""

    def __init__(self, model: MiniLM, catalogue: Catalogue) -> None:
        self.embedded = 0  # texts that the model really embedded, queries left out
        self._model = model
        self._catalogue = catalogue
        self._query = lru_cache(maxsize=_QUERIES_KEPT)(self._read)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return list(self.embed(texts).tolist())

    def embed_query(self, text: str) -> list[float]:
        return list(self.read_query(text).vector.tolist())

    def read_query(self, text: str) -> Reading:
        """Return how the model reads a query: its vector and its words."""
        return self._query(text)

    def _read(self, text: str) -> Reading:
        ((_, (reading,)),) = self._model.readings([text])
        return reading

    def known(self, texts: Sequence[str]) -> list[Vectors | None]:
        """Return the vector of each text, None for those that were never embedded."""
        keys = [text_key(text) for text in texts]
        vectors = self._catalogue.known(self._model.name, keys)
        return [vectors.get(key) for key in keys]

    def known_words(self, texts: Sequence[str]) -> list[bytes | None]:
        """Return the word codes of each text, None for those whose words were never read."""
        keys = [text_key(text) for text in texts]
        codes = self._catalogue.known_words(self._model.name, keys)
        return [codes.get(key) for key in keys]

    def embed(self, texts: Sequence[str], *, on_progress: Callable[[int, int], None] | None = None) -> Vectors:
        """Return unit vectors, float32 of shape (len(texts), dimensions), embedding only what is not known yet.

        `on_progress(done, total)` is told after each batch how many of the unknown texts are embedded and remembered;
        when it raises, or the process is killed, the batches before are kept.
        """
        keys = [text_key(text) for text in texts]
        distinct = dict(zip(keys, texts, strict=True))
        vectors = self._catalogue.known(self._model.name, list(distinct))
        unknown = [key for key in distinct if key not in vectors]
        done = 0
        for indices, batch in self._model.readings([distinct[key] for key in unknown]):
            readings = {unknown[index]: reading for index, reading in zip(indices, batch, strict=True)}
            fresh = {key: reading.vector for key, reading in readings.items()}
            words = {key: packed(reading) for key, reading in readings.items()}
            self._catalogue.remember(self._model.name, fresh, words)
            vectors.update(fresh)
            done += len(fresh)
            self.embedded += len(fresh)
            if on_progress is not None:
                on_progress(done, len(unknown))
        return np.array([vectors[key] for key in keys], np.float32).reshape(len(keys), self._model.dimensions)
