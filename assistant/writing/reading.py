"""What answers a question: whether papers do, and which sentence says it."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from assistant.text.evidence import Evidence
from vectorstore.library import Library


class Reading(Protocol):
    """Reads questions against papers; values are from 0 to 1."""

    least: float  # value of a paper that answers

    def answers(self, question: str, papers: Sequence[Evidence]) -> list[float]: ...

    def says(self, question: str, paper: Evidence, sentences: Sequence[str]) -> list[float]: ...


class CosineReading:
    """Stands in for the reader."""

    least = 0.4

    def __init__(self, library: Library) -> None:
        self._library = library

    def answers(self, question: str, papers: Sequence[Evidence]) -> list[float]:
        return self._cosines(question, [f"{item.title}. {item.text}" for item in papers])

    def says(self, question: str, paper: Evidence, sentences: Sequence[str]) -> list[float]:
        return self._cosines(question, sentences)

    def _cosines(self, question: str, texts: Sequence[str]) -> list[float]:
        asked = np.array(self._library.embeddings.embed_query(question), np.float32)
        model = self._library.embeddings.model
        values = np.empty(len(texts))
        for places, vectors in model.batches(list(texts)):
            values[places] = vectors @ asked
        return list(values.tolist())
