"""An embedding model by name, and the cache that keeps a text from being embedded twice.

minilm                    all-MiniLM-L6-v2, built in
openai:NAME               the OpenAI API, or OPENAI_BASE_URL where that is set
ollama:NAME               Ollama on this machine
http://HOST:PORT/v1#NAME  any OpenAI-compatible server
fastembed:NAME            a model of the package fastembed, if that is installed
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from langchain_core.embeddings import Embeddings

from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.embedders.bert import Vectors
from vectorstore.embedders.fastembed_models import FastembedEmbeddings
from vectorstore.embedders.minilm import MiniLM, Reading, minilm
from vectorstore.embedders.served_embeddings import ServedEmbeddings
from vectorstore.embedders.word_vectors import packed
from vectorstore.errors import EmbeddingError
from vectorstore.servers import Access, served_model

_QUERIES_KEPT = 256


class EmbeddingModel(Protocol):
    """A model that gives unit vectors, float32, all of one size."""

    @property
    def name(self) -> str:
        """Its full name, which tells its vectors from those of others; `embedding_model` takes it."""

    @property
    def host(self) -> str | None:
        """The host that texts are sent to, or None if they stay on this machine."""

    def embed_query(self, text: str) -> list[float]: ...

    def batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield the vectors of all `texts` batch by batch, each with the indices of its texts."""


def embedding_model(name: str, access: Access | None = None) -> EmbeddingModel:
    """Return the embedding model called `name`; nothing is loaded or sent yet.

    Raises EmbeddingError if there is none, its package is not installed, or its key is missing.
    """
    if name == MiniLM.name:
        return minilm()
    access = access or Access()
    if served := served_model(name, access):
        return ServedEmbeddings(served, access)
    kind, _, model = name.partition(":")
    if kind.lower() == "fastembed" and model:
        return FastembedEmbeddings(model)
    raise EmbeddingError(
        f"There is no embedding model {name!r}; choose minilm, openai:NAME, ollama:NAME, fastembed:NAME"
        " or the base URL of a server such as http://127.0.0.1:8000/v1#NAME."
    )


def embedding_privacy(host: str) -> str:
    """Return one plain sentence on what leaves the machine to be embedded at `host`."""
    return f"The title and abstract of every paper, and every question, are sent to {host} to be embedded."


def text_key(text: str) -> str:
    """Return the SHA-256, in hex, under which the vectors of `text` are kept; lone surrogates count as "?"."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


class CachedEmbeddings(Embeddings):
    """A model whose vectors of documents are kept in the catalogue, batch by batch, and those of queries in memory."""

    def __init__(self, model: EmbeddingModel, catalogue: Catalogue) -> None:
        self.embedded = 0  # texts that the model really embedded, queries left out
        self.model = model
        self._catalogue = catalogue
        self._dimensions: int | None = None
        self._query = lru_cache(maxsize=_QUERIES_KEPT)(self._read)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return list(self.embed(texts).tolist())

    def embed_query(self, text: str) -> list[float]:
        return list(self.read_query(text).vector.tolist())

    def read_query(self, text: str) -> Reading:
        """Return how the model reads a query: its vector and its words."""
        return self._query(text)

    def _read(self, text: str) -> Reading:
        if isinstance(self.model, MiniLM):
            ((_, (reading,)),) = self.model.readings([text])
            return reading
        vector = self.model.embed_query(text)
        self._check(len(vector))
        return _without_words(np.array(vector, np.float32))

    def _readings(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[Reading]]]:
        """Yield how the model reads texts, batch by batch; only the built-in one tells of their words."""
        if isinstance(self.model, MiniLM):
            yield from self.model.readings(texts)
            return
        for indices, batch in self.model.batches(texts):
            self._check(batch.shape[1])
            yield indices, [_without_words(vector) for vector in batch]

    def known_words(self, texts: Sequence[str]) -> list[bytes | None]:
        """Return the word codes of each text, None for those whose words were never read."""
        keys = [text_key(text) for text in texts]
        codes = self._catalogue.known_words(self.model.name, keys)
        return [codes.get(key) for key in keys]

    def embed(self, texts: Sequence[str], *, on_progress: Callable[[int, int], None] | None = None) -> Vectors:
        """Return unit vectors, float32 of shape (len(texts), dimensions), embedding only what is not known yet.

        `on_progress(done, total)` is told after each batch how many of the unknown texts are embedded and remembered;
        when it raises, or the process is killed, the batches before are kept. Raises EmbeddingError.
        """
        keys = [text_key(text) for text in texts]
        distinct = dict(zip(keys, texts, strict=True))
        vectors = self._catalogue.known(self.model.name, list(distinct))
        unknown = [key for key in distinct if key not in vectors]
        done = 0
        for indices, batch in self._readings([distinct[key] for key in unknown]):
            readings = {unknown[index]: reading for index, reading in zip(indices, batch, strict=True)}
            fresh = {key: reading.vector for key, reading in readings.items()}
            words = {key: packed(reading) for key, reading in readings.items() if reading.words}
            self._catalogue.remember(self.model.name, fresh, words)
            vectors.update(fresh)
            done += len(fresh)
            self.embedded += len(fresh)
            if on_progress is not None:
                on_progress(done, len(unknown))
        return np.stack([vectors[key] for key in keys]) if keys else np.empty((0, 0), np.float32)

    def _check(self, dimensions: int) -> None:
        """Raise EmbeddingError unless the model gives vectors of the size it always gave: a server can change it."""
        if self._dimensions is None:
            self._dimensions = self._catalogue.dimensions(self.model.name) or dimensions
        if dimensions != self._dimensions:
            raise EmbeddingError(
                f"{self.model.name} gave a vector of {dimensions} numbers where it gave {self._dimensions} before:"
                " its server runs another model under that name; run the former one, or choose another embedder"
                " in ASSISTANT_EMBEDDER."
            )


def _without_words(vector: Vectors) -> Reading:
    return Reading(vector, (), np.empty((0, len(vector)), np.float32))
