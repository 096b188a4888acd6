"""The two indexes of a library's passages, in one folder."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from langchain_core.embeddings import Embeddings

from vectorstore.dense import DenseIndex
from vectorstore.lexical import LexicalIndex
from vectorstore.passages import Passage

_log = logging.getLogger(__name__)


class Indexes:
    """Chroma and tantivy over the same passages."""

    def __init__(self, folder: Path, embeddings: Embeddings) -> None:
        self.lexical = LexicalIndex(folder / "tantivy")
        self.dense = DenseIndex(folder / "chroma", embeddings)

    @classmethod
    def open(cls, folder: Path, embeddings: Embeddings) -> Self | None:
        """Return the indexes in `folder`, or None if it is missing or either cannot be opened."""
        if not folder.is_dir():
            return None
        try:
            return cls(folder, embeddings)
        except Exception as error:  # Chroma and tantivy raise their own, unrelated kinds for damaged files
            _log.warning("The index in %s cannot be opened: %s", folder, error)
            return None

    def close(self) -> None:
        self.dense.close()

    def hold(self, passages: int) -> bool:
        """Tell whether both indexes hold at least so many passages."""
        return len(self.lexical) >= passages and len(self.dense) >= passages

    def add(self, passages: Sequence[Passage]) -> None:
        self.dense.add(passages)
        self.lexical.add(passages)

    def remove(self, passage_ids: Sequence[str]) -> None:
        self.lexical.remove(passage_ids)
        self.dense.remove(passage_ids)
