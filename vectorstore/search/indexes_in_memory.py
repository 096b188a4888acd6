"""The indexes of a process that only reads: made in memory from the catalogue, whatever those on the disk are."""

import threading
from dataclasses import dataclass
from functools import partial

from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.embedders.embeddings import CachedEmbeddings, EmbeddingModel
from vectorstore.search.current_indexes import OnProgress
from vectorstore.search.dense import ExactIndex
from vectorstore.search.lexical import LexicalIndex
from vectorstore.search.vectors import VectorMatrix


@dataclass(frozen=True, slots=True)
class Searched:
    """The two indexes that a search asks."""

    dense: ExactIndex
    lexical: LexicalIndex


class IndexesInMemory:
    """Makes the indexes when they are first asked for; what was embedded before is not embedded again. Threads may
    share it."""

    def __init__(self, catalogue: Catalogue, model: EmbeddingModel, on_progress: OnProgress) -> None:
        self.embeddings = CachedEmbeddings(model, catalogue)
        self._catalogue, self._on_progress = catalogue, on_progress
        self._making = threading.Lock()
        self._made: Searched | None = None

    def get(self) -> Searched:
        with self._making:
            if self._made is None:
                self._made = self._make()
        return self._made

    def close(self) -> None:
        self._made = None

    def _make(self) -> Searched:
        passages = self._catalogue.passages()
        texts = [passage.embedded_text for passage in passages]
        vectors = self.embeddings.embed(texts, on_progress=partial(self._on_progress, "Embedding passages"))
        lexical = LexicalIndex()
        lexical.add(passages)
        return Searched(ExactIndex(VectorMatrix.of_all(passages, vectors), self.embeddings), lexical)
