"""Answerability: whether papers answer a question, and which of their sentences do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.text.abstract_sentences import AbstractSentence, abstract_sentences
from assistant.text.evidence import Evidence
from vectorstore.library import Library

_LEAST_TO_SHOW = 0.3  # of a sentence that is shown where none is an answer


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


@dataclass(frozen=True, slots=True)
class Said:
    """The sentences of a paper, with how likely each says what is asked."""

    sentences: list[AbstractSentence]
    values: list[float]

    @classmethod
    def of(cls, question: str, paper: Evidence, reading: Reading) -> "Said":
        sentences = list(abstract_sentences(paper))
        return cls(sentences, reading.says(question, paper, [one.text for one in sentences]))

    @property
    def best(self) -> AbstractSentence | None:
        """The likeliest sentence, None of a paper without any."""
        return max(zip(self.values, self.sentences, strict=True), key=lambda one: one[0])[1] if self.values else None

    @property
    def closest(self) -> str:
        """The words of the likeliest sentence, "" if none is near to saying it."""
        return self.best.text if self.best and max(self.values) >= _LEAST_TO_SHOW else ""

    def is_answer(self, value: float, reading: Reading) -> bool:
        """Tell whether they answer, given how likely the paper does.

        The whole abstract and the likeliest sentence are asked: the one knows the context, the other the detail.
        """
        return bool(self.values) and (value + max(self.values)) / 2 >= reading.least


def answering_sentence(question: str, paper: Evidence, reading: Reading) -> AbstractSentence | None:
    """Return the sentence of a paper that answers a question, None if the abstract does not."""
    said = Said.of(question, paper, reading)
    (value,) = reading.answers(question, [paper])
    return said.best if said.is_answer(value, reading) else None
