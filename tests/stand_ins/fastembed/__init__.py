"""A stand-in for fastembed 0.9 with its signatures, and models that need no weights."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from tests.openai_server import vector_of


class TextEmbedding:
    def __init__(self, model_name: str = "BAAI/bge-small-en-v1.5") -> None:
        if model_name != "known/model":
            raise ValueError(f"Model {model_name} is not supported in TextEmbedding.")

    def passage_embed(self, texts: Iterable[str], *, batch_size: int = 256) -> Iterator[NDArray[np.float32]]:
        for text in texts:
            yield np.array(vector_of(text), np.float32)

    def query_embed(self, query: str | Iterable[str]) -> Iterator[NDArray[np.float32]]:
        yield from self.passage_embed([query] if isinstance(query, str) else query)
