"""Answerability: whether papers answer a question, and which of their sentences do."""

from collections.abc import Sequence
from typing import Protocol

from assistant.text.evidence import Evidence
from vectorstore.library import Library


class Reading(Protocol):
    """Reads questions against papers; values are probabilities."""

    least: float  # of a paper that answers

    def answers(self, question: str, papers: Sequence[Evidence]) -> list[float]: ...

    def says(self, question: str, paper: Evidence, sentences: Sequence[str]) -> list[float]: ...


class LearnedReading:
    """Reads with the library's reader, a small cross-encoder that runs in this process."""

    least = 0.5

    def __init__(self, library: Library) -> None:
        self._library = library

    def answers(self, question: str, papers: Sequence[Evidence]) -> list[float]:
        return list(map(float, self._library.reader.answers(question, [(item.title, item.text) for item in papers])))

    def says(self, question: str, paper: Evidence, sentences: Sequence[str]) -> list[float]:
        return list(map(float, self._library.reader.says(question, paper.title, sentences)))
