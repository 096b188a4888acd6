"""Topic -> which of the papers found are on it.

A paper is the nearer to a topic the more its similarity stands out among those of the papers found, the better it has
each of the topic's words, in their context (`words` of the ranking), and the nearer its title or a sentence is in
meaning; words that it has to the letter count less, for they count in the similarity too.

The weights are those of a logistic regression on 72 topics over the seeds, rounded. Fitted on eight ninths of the
topics and tried on the last, at the bound that is best for the former, it recalls 83 % of the papers with 11 % of those
chosen unrelated; how far a paper falls behind the most similar one, in place of how it stands out, gives 75 % and 14 %.
The bound on a paper was lowered, for recall, when 24 topics that nothing was fitted on had been tried: at it, 84 % of
the papers on all 96 are recalled, and 16 % of those chosen are unrelated.

Below the bound on the nearest paper are all of 300 questions on aerodynamics and medicine over the seeds, and 68 of the
72 topics over papers on aerodynamics.
"""

from collections.abc import Mapping, Sequence
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from assistant.searching.query_expansion import wordings
from assistant.searching.term_overlap import coverage, has_phrase
from assistant.text.words import content_words
from vectorstore.library import Library
from vectorstore.papers.passages import Passage
from vectorstore.search.retriever import RetrievedPassage
from vectorstore.text.sentences import sentence_spans

_STANDING_OUT, _WORDS, _TO_THE_LETTER = 0.5, 2.0, -0.25  # weights beside the sentence's, which is 1
_NEAR, _PARTLY = 2.5, 2.25  # nearness of a paper that is on the topic, or partly
_ANY = 1.5  # what words and sentence are worth together in one of the papers that are on it, if any is
_MANY = 60  # papers found, whose similarities tell what those of papers off the topic are
_MEAN, _SPREAD = 0.24, 0.08  # what they mostly are, as far as fewer were found
_HIGHEST_MEAN, _SPREADS = 0.4, (0.06, 0.12)  # bounds, for where many or most of those found are on the topic
_LEAST_SENTENCE, _MOST_SENTENCE = 0.3, 0.85  # cosines: where neither would change what is found, no sentence is read
_LISTED = 5.0  # of a paper in a list, by its words alone
_READER = 0.63  # weight of the reader's logit
_IN_A_LIST, _ALONE = -0.85, 0.4  # logits of a paper in a list, and of one on a topic that no paper is near to
_AGREES, _SURELY = 0.4, 3.0  # logits of a reader who agrees, and the highest that is looked for
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
    weights = library.term_weights(content_words(topic))
    words = _WORDS * _words(found)
    without = words + _STANDING_OUT * _standing_out(found) + _TO_THE_LETTER * _to_the_letter(found, weights)
    nearest = set(np.argsort(-without, kind="stable")[:_READ_WHOLE].tolist())
    doubtful = (without >= _NEAR - _MOST_SENTENCE) & (without < _NEAR - _LEAST_SENTENCE)
    read = {
        place: _sentences(item.passage, None if place in nearest else weights)
        for place, item in enumerate(found)
        if doubtful[place] or place in nearest
    }
    sentences = np.full(len(found), _LEAST_SENTENCE)
    sentences[list(read)] = _highest_cosines(topic, list(read.values()), library)
    values = without + sentences
    if (words + sentences)[values >= _NEAR].max(initial=0.0) < _ANY:
        return [Nearness.OFF] * len(found)
    return [_standing(value) for value in values]


def listed(topic: str, found: Sequence[RetrievedPassage], library: Library) -> list[bool]:
    """Return which of the papers found belong in a list on `topic`: more of those partly on it than `nearness` takes.

    Those are on it that the words say with the reader, by weights of a logistic regression on 96 topics over the seeds;
    cross-validated it recalls 85 % of the papers with 15 % of those chosen unrelated, and 84 % with 21 % without the
    reader. So are those that have its words to the letter, where the reader agrees; of a topic that no paper is near
    to more is asked. That makes it 86 % with 14 %, on the topics that the weights were fitted on.
    """
    if not found or not content_words(topic):
        return [False] * len(found)
    stems = list(content_words(topic))
    weights = library.term_weights(stems)
    words, standing_out = _words(found), _standing_out(found)
    phrases = np.array([has_phrase(stems, item.passage.embedded_text) for item in found], float)
    titled = np.array([coverage(stems, item.passage.title, weights) for item in found])
    is_there = any(how is Nearness.ON for how in nearness(topic, found, library))
    by_words = 2 * words + 2 * standing_out + 2 * phrases + 1.5 * titled >= _LISTED
    logits = 4.4 * words + 1.5 * standing_out + 0.4 * phrases + 2.4 * titled - 0.6 * is_there - 6.4
    read = np.flatnonzero(by_words | (logits + _READER * _SURELY >= _IN_A_LIST)).tolist()
    texts = [(found[place].passage.title, found[place].passage.text) for place in read]
    about = np.full(len(found), -np.inf)
    about[read] = _logit(np.max([library.reader.about(wording, texts) for wording in wordings(topic)], axis=0))
    least = _IN_A_LIST if is_there else _ALONE
    return list(((logits + _READER * about >= least) | (is_there & by_words & (about >= _AGREES))).tolist())


def _logit(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    clipped = np.clip(probabilities.astype(float), 0.001, 0.999)
    values: NDArray[np.float64] = np.log(clipped / (1 - clipped))
    return values


def _standing(value: float) -> Nearness:
    if value >= _NEAR:
        return Nearness.ON
    return Nearness.PARTLY if value >= _PARTLY else Nearness.OFF


def _words(found: Sequence[RetrievedPassage]) -> NDArray[np.float64]:
    """Return how well papers have the words of the topic; words that were not compared are as they mostly are."""
    return np.array([0.2 + 0.5 * item.cosine if item.words is None else item.words for item in found])


def _standing_out(found: Sequence[RetrievedPassage]) -> NDArray[np.float64]:
    """Return by how many spreads of all similarities each is above their mean: a topic in general words is as similar
    to many papers as one in rare words is to the few that are on it."""
    similarities = np.array([item.similarity for item in found])
    share = min(len(found) / _MANY, 1.0)
    mean = share * similarities.mean() + (1 - share) * _MEAN
    spread = share * similarities.std() + (1 - share) * _SPREAD
    values: NDArray[np.float64] = (similarities - min(mean, _HIGHEST_MEAN)) / np.clip(spread, *_SPREADS)
    return values


def _to_the_letter(found: Sequence[RetrievedPassage], weights: Mapping[str, float]) -> NDArray[np.float64]:
    """Return the share by weight of the topic's words that each paper has."""
    return np.array([coverage(weights, item.passage.embedded_text, weights) for item in found])


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
