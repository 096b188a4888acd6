"""Which of the retrieved papers are about a topic, and whether the evidence can answer a question at all."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.plain_text import plain_text
from vectorstore.lexical import terms
from vectorstore.retriever import RetrievedPassage

# A paper is about a topic if it has all its words and is not far in meaning, or some and is near, or is very near.
_FAR, _NEAR, _VERY_NEAR = 0.25, 0.35, 0.50
_SOME = 0.6
# A question can be answered if a passage has this share of its words; fewer suffice if the meaning is near.
_COVERED, _COVERED_AND_NEAR, _QUESTION_NEAR = 0.6, 0.4, 0.5
_SAID = 0.5  # share of what is asked about a named paper that its abstract must have

# Words that ask, or that any question about papers has; they say nothing of the subject.
_GENERIC = frozenset(terms(
    "what which who whom whose when where why how many much does do did is are was were can could would should paper"
    " papers work works study studies author authors propose proposes proposed report reports reported introduce present"
    " presents describe describes show shows shown find finds found say says said tell give get make made use used uses"
    " using mean means difference differences compare comparison between main key result results improvement improve"
    " improves better best perform performs performance method methods approach approaches strategy strategies technique"
    " metric metrics metric's problem solve solves idea contribution evaluate evaluated evaluates achieve achieves"
    " explain explains work's about library collection research recent new novel call called name named help helps"
    " relation relationship people write wrote written publish published also different way ways kind kinds type types"
    " exactly really actually there any some all other one two three happen happens become need needs"
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """Why the evidence does not answer: what is asked and stands in no passage."""

    missing: tuple[str, ...]  # words of the question, as typed


def content_words(text: str) -> dict[str, str]:
    """Return the words of `text` that say what it is about, by their stem."""
    words: dict[str, str] = {}
    for word in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", plain_text(text)):
        for stem in terms(word):
            if stem not in _GENERIC:
                words.setdefault(stem, word)
    return words


def coverage(asked: Iterable[str], text: str) -> float:
    """Return the share of the stems `asked` that `text` has; 1.0 if nothing is asked."""
    wanted = frozenset(asked)
    return len(wanted & frozenset(terms(plain_text(text)))) / len(wanted) if wanted else 1.0


def about(topic: str, found: Sequence[RetrievedPassage]) -> list[RetrievedPassage]:
    """Return the retrieved passages whose papers are about `topic`."""
    asked = content_words(topic)
    return [passage for passage in found if _is_about(asked.keys(), passage)]


def _is_about(asked: Iterable[str], found: RetrievedPassage) -> bool:
    share = coverage(asked, found.passage.embedded_text)
    cosine = found.cosine or 0.0
    return (
        (share == 1.0 and cosine >= _FAR) or (share >= _SOME and cosine >= _NEAR) or cosine >= _VERY_NEAR
    )


def gap(question: str, found: Sequence[RetrievedPassage], *, named: Iterable[str] = ()) -> Gap | None:
    """Return what the passages lack to answer `question`, or None if they can.

    `named` are titles that the question names: what is left of it must be said in those papers' abstracts.
    """
    asked = content_words(question)
    titles = " ".join(named)
    if titles:
        wanted = {stem: word for stem, word in asked.items() if stem not in frozenset(terms(plain_text(titles)))}
        texts = " ".join(passage.passage.text for passage in found)
        if coverage(wanted, texts) >= _SAID:
            return None
        return _gap(wanted, texts)
    for passage in found:
        share = coverage(asked, passage.passage.embedded_text)
        if share >= _COVERED or (share >= _COVERED_AND_NEAR and (passage.cosine or 0.0) >= _QUESTION_NEAR):
            return None
    return _gap(asked, " ".join(passage.passage.embedded_text for passage in found[:1]))


def _gap(asked: dict[str, str], texts: str) -> Gap:
    present = frozenset(terms(plain_text(texts)))
    return Gap(tuple(word for stem, word in asked.items() if stem not in present))
