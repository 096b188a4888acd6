"""Answerability: whether papers answer a question, and which of their sentences do."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Event
from typing import Protocol, TypeVar

from assistant.searching.query_expansion import wordings
from assistant.searching.term_overlap import has_name, is_name
from assistant.text.abstract_sentences import AbstractSentence, abstract_sentences
from assistant.text.evidence import Evidence
from vectorstore.embedders.minilm import minilm
from vectorstore.errors import STOPPED, AnswerStopped
from vectorstore.library import Library
from vectorstore.text.terms import terms

_READ_AT_ONCE = 4  # papers, of which each takes a tenth of a second
_Paper = TypeVar("_Paper")
_LEAST_TO_SHOW = 0.3  # of a sentence that is shown where none is an answer
# "GPT-4o", "gsm8k", "70b", "WebArena": what an abstract prints so or does not speak of; not "2x", "3rd" and "10%".
_OF_LETTERS_AND_DIGITS = re.compile(r"\b(?:[a-z]+-?\d[\w.]*\w|[a-z]+-?\d|\d+(?:\.\d+)?[bmk])\b", re.I)
_WORD = re.compile(r"(?<![\w-])(?:[A-Za-z]{3,}|[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)+)(?![\w-])")
_LOOKED_AT = 30  # passages that have a word
_KEPT = 512


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
        values = self._library.reader.answers(question, [(item.title, item.text) for item in papers])
        names = names_in(question, self._library)
        return [float(value) * speaks_of(names, item) for value, item in zip(values, papers, strict=True)]

    def says(self, question: str, paper: Evidence, sentences: Sequence[str]) -> list[float]:
        return list(map(float, self._library.reader.says(question, paper.title, sentences)))


class StoppableReading:
    """Reads as another one does. Raises AnswerStopped between a few papers and the next ones, once `stop` is set."""

    def __init__(self, reading: Reading, stop: Event) -> None:
        self.least = reading.least
        self._reading, self._stop = reading, stop

    def answers(self, question: str, papers: Sequence[Evidence]) -> list[float]:
        return read_until(self._stop, lambda some: self._reading.answers(question, some), papers)

    def says(self, question: str, paper: Evidence, sentences: Sequence[str]) -> list[float]:
        if self._stop.is_set():
            raise AnswerStopped(STOPPED)
        return self._reading.says(question, paper, sentences)


def read_until(
    stop: Event, read: Callable[[Sequence[_Paper]], Iterable[float]], papers: Sequence[_Paper]
) -> list[float]:
    """Return what `read` says of papers, which it is given a few at a time. Raises AnswerStopped once `stop` is set."""
    values: list[float] = []
    for first in range(0, len(papers), _READ_AT_ONCE):
        if stop.is_set():
            raise AnswerStopped(STOPPED)
        values += map(float, read(papers[first : first + _READ_AT_ONCE]))
    return values


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


def names_in(question: str, library: Library) -> list[str]:
    """Return what a question calls by letters and digits, or by a word that has capitals inside, in it or in papers.

    A paper that has none of it is about another model or data set, which the reader hardly notices. 267 of 2,149
    questions that an abstract does not answer are known by it, and 19 of 3,746 that it answers are lost.
    """
    words = [word for word in _WORD.findall(question) if _is_name(word, library, library.revision)]
    return [*_OF_LETTERS_AND_DIGITS.findall(question), *words]


def speaks_of(names: Iterable[str], paper: Evidence) -> bool:
    """Tell whether a paper has all these names, however they are joined, or the words that they are short for."""
    text = f"{paper.title} {paper.text}"
    return all(_squeezed(name).removesuffix("s") in _squeezed(text) or has_name(name, text) for name in names)


@lru_cache(_KEPT)
def _is_name(word: str, library: Library, _revision: int) -> bool:
    if minilm().knows(word.removesuffix("s")) or minilm().knows(word) or len(wordings(word)) > 1:
        return False
    if is_name(word):
        return True
    stems, found = terms(word), library.retriever.lexical.best(word, top_k=_LOOKED_AT)
    texts = (passage.embedded_text for passage in library.catalogue.passages_by_id(list(found)).values())
    printed = {said for text in texts for said in _WORD.findall(text) if terms(said) == stems}
    return bool(printed) and all(map(is_name, printed))


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))
