"""Texts -> unit vectors, by a server that speaks OpenAI's protocol."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings

from vectorstore.embedders.bert import Vectors
from vectorstore.errors import EmbeddingError
from vectorstore.servers import OPENAI_URL, Access, NamedModel, openai_client

if TYPE_CHECKING:
    from openai import OpenAI

TEXTS_A_REQUEST = 64
_MOST_CHARACTERS = 8000  # of a text; OpenAI refuses more than 8,192 tokens
_RETRIES, _QUERY_RETRIES = 3, 1  # of a request that failed; somebody waits for the vector of a query
_WAY_OUT = "or choose another embedder in ASSISTANT_EMBEDDER"


class ServedEmbeddings(Embeddings):
    """An embedding model behind a server; safe to call from several threads. Nothing is sent before the first text."""

    def __init__(self, served: NamedModel, access: Access) -> None:
        """Raises EmbeddingError if the model has no name, or OpenAI is to run it and there is no key."""
        if served.model is None:
            raise EmbeddingError(
                f"{served.address} may serve several models; write the one to embed with as {served.address}#NAME,"
                f" {_WAY_OUT}."
            )
        if served.key is None:
            raise EmbeddingError(f"{served.name} needs a key: set OPENAI_API_KEY in the environment, {_WAY_OUT}.")
        self._served, self._model = served, served.model
        self._timeout_seconds = access.timeout_seconds

    @property
    def name(self) -> str:
        """The model's name, with its server's address unless the name implies that. It holds no password."""
        kind = self._served.name.partition(":")[0].lower()
        implied = kind == "ollama" or (kind == "openai" and self._served.base_url == OPENAI_URL)
        return f"{kind}:{self._model}" if implied else f"{self._served.address}#{self._model}"

    @property
    def host(self) -> str | None:
        return self._served.host

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [row for _, batch in self.batches(texts) for row in batch.tolist()]

    def embed_query(self, text: str) -> list[float]:
        return list(self._vectors([text], max_retries=_QUERY_RETRIES)[0].tolist())

    def batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield the unit vectors of all `texts` batch by batch, each with the indices of its texts.

        Raises EmbeddingError if the server fails, or its answer is not one vector of finite numbers for each text.
        """
        for start in range(0, len(texts), TEXTS_A_REQUEST):
            batch = texts[start : start + TEXTS_A_REQUEST]
            yield list(range(start, start + len(batch))), self._vectors(batch, max_retries=_RETRIES)

    @cached_property
    def _client(self) -> OpenAI:
        return openai_client(self._served, timeout_seconds=self._timeout_seconds, max_retries=_RETRIES)

    def _vectors(self, texts: Sequence[str], *, max_retries: int) -> Vectors:
        from openai import OpenAIError

        # The protocol is in UTF-8, which has no lone surrogates: "?" stands for them, as in the keys of the cache.
        readable = [text[:_MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8") for text in texts]
        client = self._client.with_options(max_retries=max_retries)
        try:
            answer = client.embeddings.create(model=self._model, input=readable)
            items = sorted(answer.data, key=lambda item: item.index)
            if [item.index for item in items] != list(range(len(texts))):
                raise ValueError(f"{len(items)} vectors for {len(texts)} texts")
            return unit_vectors([item.embedding for item in items])
        except OpenAIError as error:
            raise EmbeddingError(f"{self._served.problem(error)}, {_WAY_OUT}.") from error
        except (AttributeError, TypeError, ValueError) as error:  # an answer of another form than the protocol's
            raise EmbeddingError(
                f"{self.name} at {self._served.address} did not answer with one vector of finite numbers for each text;"
                f" check that it is an embedding model, {_WAY_OUT}."
            ) from error


def unit_vectors(rows: Sequence[Sequence[float]]) -> Vectors:
    """Return `rows` at length 1, float32. Raises ValueError if they differ in size, or one has no direction."""
    vectors = np.array(rows, np.float64)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.all(np.isfinite(lengths) & (lengths > 0)):
        raise ValueError("a vector without a direction")
    unit: Vectors = (vectors / lengths).astype(np.float32)
    return unit
