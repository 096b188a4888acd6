"""Which of the retrieved papers are about a topic, and whether the evidence can answer a question at all."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.plain_text import plain_text
from assistant.words import content_words
from vectorstore.lexical import terms
from vectorstore.retriever import RetrievedPassage

# A paper is about a topic if its title says it, or if it has the topic's words side by side and is not far in meaning,
# or all its words and is near, or most of them and is nearer, or is very near. Found by hand on topics of the seeds.
_WORD_COSINE, _PHRASE_COSINE, _ALL_COSINE, _MOST_COSINE, _COSINE = 0.17, 0.13, 0.38, 0.42, 0.55
_ALL, _MOST, _TITLE = 0.99, 0.6, 0.85
_TITLE_COSINE = 0.13
_PHRASE_GAP = 2  # words that may stand between two words of a phrase
_LEADING = re.compile(
    r"^(?:(?:What|Which|Who|When|Where|Why|How|Is|Are|Does|Do|Did|The|In|On|Compare|Explain|Define) )+"
)
# A question can be answered if a passage has this share of its words; fewer suffice if the meaning is near.
_COVERED, _COVERED_AND_NEAR, _QUESTION_NEAR = 0.6, 0.4, 0.5
_SAID = 0.5  # share of what is asked about a named paper that its abstract must have

Weights = Callable[[Iterable[str]], dict[str, float]]  # Library.term_weights


@dataclass(frozen=True, slots=True)
class Gap:
    """Why the evidence does not answer: what is asked and stands in no passage."""

    missing: tuple[str, ...]  # words of the question, as typed


def coverage(asked: Iterable[str], text: str, weights: Mapping[str, float]) -> float:
    """Return the share by weight of the stems `asked` that `text` has; 1.0 if nothing is asked."""
    present = frozenset(terms(plain_text(text)))
    total = sum(weights[stem] for stem in asked)
    return sum(weights[stem] for stem in asked if stem in present) / total if total else 1.0


def about(topic: str, found: Sequence[RetrievedPassage], weights: Weights) -> list[RetrievedPassage]:
    """Return the retrieved passages whose papers are about `topic`."""
    asked = list(content_words(topic))
    weight = weights(asked)
    return [passage for passage in found if _is_about(asked, passage, weight)]


def _is_about(asked: Sequence[str], found: RetrievedPassage, weight: Mapping[str, float]) -> bool:
    share = coverage(asked, found.passage.embedded_text, weight)
    cosine = found.cosine
    side_by_side = _PHRASE_COSINE if len(asked) > 1 else _WORD_COSINE
    return (
        cosine >= _COSINE
        or (coverage(asked, found.passage.title, weight) >= _TITLE and cosine >= _TITLE_COSINE)
        or (share >= _MOST and cosine >= _MOST_COSINE)
        or (share >= _ALL and cosine >= _ALL_COSINE)
        or (share >= _ALL and cosine >= side_by_side and _has_phrase(asked, found.passage.embedded_text))
    )


def _has_phrase(asked: Sequence[str], text: str) -> bool:
    """Tell whether the stems `asked` stand in `text` in their order, side by side but for a word or two."""
    words = terms(plain_text(text))
    return any(_follows(asked, words, start) for start, word in enumerate(words) if asked and word == asked[0])


def _follows(asked: Sequence[str], words: Sequence[str], start: int) -> bool:
    place = start
    for stem in asked[1:]:
        window = words[place + 1 : place + 1 + _PHRASE_GAP]
        if stem not in window:
            return False
        place += 1 + window.index(stem)
    return True


def gap(question: str, found: Sequence[RetrievedPassage], weights: Weights, *, named: Iterable[str] = ()) -> Gap | None:
    """Return what the passages lack to answer `question`, or None if they can.

    `named` are titles that the question names: what is left of it must be said in those papers' abstracts.
    """
    if unknown := unknown_name(question, found):
        return Gap((unknown,))
    asked = content_words(question)
    titles = frozenset(terms(plain_text(" ".join(named))))
    if titles:
        wanted = {stem: word for stem, word in asked.items() if stem not in titles}
        texts = " ".join(passage.passage.text for passage in found)
        covered = coverage(wanted, texts, weights(wanted)) >= _SAID
        return None if covered else _gap(wanted, texts)
    weight = weights(asked)
    for passage in found:
        share = coverage(asked, passage.passage.embedded_text, weight)
        if share >= _COVERED or (share >= _COVERED_AND_NEAR and passage.cosine >= _QUESTION_NEAR):
            return None
    return _gap(asked, " ".join(passage.passage.embedded_text for passage in found[:1]))


def fits(text: str, found: Sequence[RetrievedPassage], weights: Weights) -> list[RetrievedPassage]:
    """Return the passages that have what `text` names, those first that have most of its words."""
    asked = list(content_words(text))
    weight = weights(asked)
    fitting = [passage for passage in found if gap(text, [passage], weights) is None]
    return sorted(fitting, key=lambda passage: -coverage(asked, passage.passage.embedded_text, weight))


# Three capitalised words or more, with small words between them: the name of something.
_SMALL = "a an and as at by for from in of on or the to with".split()
_NAME = re.compile(rf"[A-Z][\w-]+(?: (?:(?:{'|'.join(_SMALL)}) )*[A-Z][\w-]+){{2,}}")


def unknown_name(question: str, found: Sequence[RetrievedPassage], *, in_titles: bool = False) -> str | None:
    """Return a name of three words or more that the question has and no passage: "Attention Is All You Need".

    With `in_titles` it is a paper's: that an abstract speaks of it does not count.
    """
    if all(word[:1].isupper() or word in _SMALL for word in question.split()):
        return None  # A Question in Capitals names nothing by them
    for match in _NAME.finditer(question):
        name = _LEADING.sub("", match.group())
        asked = terms(name)
        texts = (item.passage.title if in_titles else item.passage.embedded_text for item in found)
        if len(name.split()) > 2 and not any(_has_phrase(asked, text) for text in texts):
            return name
    return None


def _gap(asked: Mapping[str, str], texts: str) -> Gap:
    present = frozenset(terms(plain_text(texts)))
    return Gap(tuple(dict.fromkeys(word for stem, word in asked.items() if stem not in present)))
