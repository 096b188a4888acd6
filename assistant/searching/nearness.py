"""Topic -> which of the papers found are on it.

A paper is the nearer to a topic the better it has each of the topic's words, in their context (`words` of the
ranking), the nearer its title or a sentence is in meaning, and the less it falls behind the paper that is most
similar. The weights are those of a logistic regression on 44 topics over the seeds, rounded. Below the bound on the
nearest paper are all of 200 questions on aerodynamics and medicine over the seeds, and of 32 of the topics over papers
on aerodynamics.
"""

from collections.abc import Mapping, Sequence
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from assistant.searching.relevance import coverage
from assistant.text.words import content_words
from vectorstore.library import Library
from vectorstore.passages import Passage
from vectorstore.retriever import RetrievedPassage
from vectorstore.sentences import sentence_spans

_WORDS, _BEHIND = 2.0, 3.0  # weights beside the sentence's, which is 1
_NEAR, _PARTLY = 1.25, 1.0  # nearness of a paper that is on the topic, or partly
_ANY = 1.5  # nearness of the nearest one, if any is
_LEAST_SENTENCE, _MOST_SENTENCE = 0.3, 0.85  # cosines: where neither would change what is found, no sentence is read
_READ_WHOLE = 10  # papers, the nearest, of which all sentences are read; of others that with most words of the topic


class Nearness(Enum):
    """How a paper stands to a topic."""

    ON = "on it"
    PARTLY = "partly on it"
    OFF = "off it"


def nearness(topic: str, found: Sequence[RetrievedPassage], library: Library) -> list[Nearness]:
    """Return how each of the papers found stands to `topic`. Their passages are whole abstracts.

    All are off a topic that none of them is near to.
    """
    if not found or not content_words(topic):
        return [Nearness.OFF] * len(found)
    without = _without_sentences(found)
    nearest = set(np.argsort(-without, kind="stable")[:_READ_WHOLE].tolist())
    doubtful = (without >= _NEAR - _MOST_SENTENCE) & (without < _NEAR - _LEAST_SENTENCE)
    weights = library.term_weights(content_words(topic))
    read = {
        place: _sentences(item.passage, None if place in nearest else weights)
        for place, item in enumerate(found)
        if doubtful[place] or place in nearest
    }
    values = without + _LEAST_SENTENCE
    values[list(read)] = without[list(read)] + _highest_cosines(topic, list(read.values()), library)
    if values[list(read)].max() < _ANY:
        return [Nearness.OFF] * len(found)
    return [_standing(value) for value in values]


def _standing(value: float) -> Nearness:
    if value >= _NEAR:
        return Nearness.ON
    return Nearness.PARTLY if value >= _PARTLY else Nearness.OFF


def _without_sentences(found: Sequence[RetrievedPassage]) -> NDArray[np.float64]:
    """Return the nearness of papers but for their sentences'; words that were not compared are as they mostly are."""
    words = [0.2 + 0.5 * item.cosine if item.words is None else item.words for item in found]
    similarities = np.array([item.similarity for item in found])
    values: NDArray[np.float64] = _WORDS * np.array(words) + _BEHIND * (similarities - similarities.max())
    return values


def _sentences(passage: Passage, weights: Mapping[str, float] | None) -> list[str]:
    """Return the title and the sentence that has most of the words weighted, or all sentences without weights."""
    sentences = [passage.text[start:end] for start, end in sentence_spans(passage.text)]
    if weights and sentences:
        sentences = [max(sentences, key=lambda sentence: coverage(weights, sentence, weights))]
    return [passage.title, *sentences]


def _highest_cosines(topic: str, papers: Sequence[Sequence[str]], library: Library) -> NDArray[np.float64]:
    """Return for each paper the cosine of that of its texts which is nearest to `topic`."""
    texts = [text for paper in papers for text in paper]
    asked = np.array(library.embeddings.embed_query(topic), np.float32)
    cosines = np.empty(len(texts))
    for places, vectors in library.embeddings.model.batches(texts):  # not remembered: sentences are many
        cosines[places] = vectors @ asked
    starts = np.cumsum([0, *map(len, papers[:-1])])
    highest: NDArray[np.float64] = np.maximum.reduceat(cosines, starts)
    return highest
