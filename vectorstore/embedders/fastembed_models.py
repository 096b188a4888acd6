"""Models of the package fastembed, an extra: embedding models and cross-encoders on ONNX Runtime.

fastembed downloads a model's weights from Hugging Face at its first use, and only then.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from langchain_core.embeddings import Embeddings

from vectorstore.embedders.bert import Vectors, turn_off_telemetry
from vectorstore.embedders.served_embeddings import unit_vectors
from vectorstore.errors import EmbeddingError

_log = logging.getLogger(__name__)
_INSTALL = 'pip install "fastembed>=0.9,<1"'
_TEXTS_A_BATCH = 32


class LoadedOnce:
    """A model of fastembed, loaded by the first who calls it."""

    def __init__(self, name: str, load: Callable[[str], Any]) -> None:
        """Raises EmbeddingError if fastembed is not installed."""
        if find_spec("fastembed") is None:
            raise EmbeddingError(f"fastembed:{name} needs the package fastembed; run: {_INSTALL}")
        self._name = name
        self._load = load
        self._loading = threading.Lock()
        self._model: Any = None

    def __call__(self) -> Any:
        with self._loading:
            if self._model is None:
                _log.warning("fastembed loads %s; it downloads it from Hugging Face if it is not here yet.", self._name)
                turn_off_telemetry()
                try:
                    self._model = self._load(self._name)
                except Exception as error:  # its own, those of the download, and those of ONNX Runtime
                    raise EmbeddingError(
                        f"fastembed cannot load {self._name} ({error}); correct the name, or check the network."
                    ) from error
            return self._model


class FastembedEmbeddings(Embeddings):
    """An embedding model of fastembed. Texts stay on this machine."""

    host = None

    def __init__(self, model: str) -> None:
        """Raises EmbeddingError if fastembed is not installed."""
        self.name = f"fastembed:{model}"
        self._model = LoadedOnce(model, _text_embedding)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [row for _, batch in self.batches(texts) for row in batch.tolist()]

    def embed_query(self, text: str) -> list[float]:
        (vector,) = self._unit(list(self._model().query_embed(_readable([text]))))
        return list(vector.tolist())

    def batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield the unit vectors of all `texts` batch by batch, each with the indices of its texts."""
        for start in range(0, len(texts), _TEXTS_A_BATCH):
            batch = _readable(texts[start : start + _TEXTS_A_BATCH])
            rows = list(self._model().passage_embed(batch, batch_size=_TEXTS_A_BATCH))
            yield list(range(start, start + len(batch))), self._unit(rows)

    def _unit(self, rows: Sequence[Sequence[float]]) -> Vectors:
        try:
            return unit_vectors(rows)
        except ValueError as error:
            raise EmbeddingError(f"{self.name} gave a vector without a direction; choose another embedder.") from error


def cross_encoder(model: str) -> LoadedOnce:
    """Return a cross-encoder of fastembed. Raises EmbeddingError if fastembed is not installed."""
    return LoadedOnce(model, _text_cross_encoder)


def _readable(texts: Sequence[str]) -> list[str]:
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]  # tokenizers refuse lone surrogates


def _text_embedding(model: str) -> Any:
    from fastembed import TextEmbedding

    return TextEmbedding(model_name=model)


def _text_cross_encoder(model: str) -> Any:
    from fastembed.rerank.cross_encoder import TextCrossEncoder

    return TextCrossEncoder(model_name=model)
