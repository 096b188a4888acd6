"""Discourse: what a text has said so far, and whether a sentence can come next: sound, readable, nothing said twice."""

import re
from collections import deque
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from assistant.checking.grounding import grounded
from assistant.manuscripts.decontextualization import leaves_open, says_enough
from assistant.manuscripts.readability import is_readable
from assistant.records import Verdict
from assistant.text.abstract_sentences import AbstractSentence
from assistant.text.acronyms import ExpandedAcronyms
from assistant.text.evidence import Evidence, cited
from assistant.text.third_person import SIMILARLY
from vectorstore.papers.passages import Passage
from vectorstore.text.terms import terms

_BARE = 5  # words behind the names: "introduce a new framework"
_SAID_ALREADY = 85  # percent of a sentence that one before it has
_FEWEST_STEMS = 6  # of a sentence that another may have all of


@dataclass(slots=True)
class Discourse:
    """What a text of several paragraphs has said so far: acronyms, sentences, and how the last ones begin."""

    acronyms: ExpandedAcronyms = field(default_factory=ExpandedAcronyms)
    sentences: set[str] = field(default_factory=set)
    opening: str = ""
    frames: deque[str] = field(default_factory=lambda: deque(maxlen=3))
    topic_sentences: int = 0
    before: str = ""  # the first sentence on the paper before this one, in the same paragraph
    on_paper: str = ""  # what the text has said of this paper
    coined: set[str] = field(default_factory=set)  # names that the papers told so far have given to what they bring


def is_good(text: str, sentence: AbstractSentence, discourse: Discourse, first: AbstractSentence | None) -> bool:
    """Tell whether a paraphrase of a sentence can come next: readable, new, and said by the abstract.

    `first` is the sentence of the same abstract that was told before it.
    """
    follows = first is not None and sentence.position == first.position + 1
    return (
        (first is not None or len(text.replace(sentence.evidence.source, "").split()) > _BARE)
        and is_readable(
            text.removeprefix(SIMILARLY), before=first.text if first and follows else "", opens=first is None
        )
        and opening_of(text) != discourse.opening
        and not _is_said(essence_of(text, sentence.evidence), discourse)
        and _is_grounded(cited(text, sentence.evidence.number), sentence.evidence)
    )


def stands_alone(text: str, sentence: AbstractSentence, discourse: Discourse) -> bool:
    """Tell whether a reader of the text so far learns something from a paraphrase and need not ask what it is on."""
    evidence = sentence.evidence
    before = evidence.text.partition(sentence.text)[0]
    open_ = leaves_open(text, said=discourse.on_paper, before=before, source=evidence.source)
    return not open_ and (bool(discourse.on_paper) or says_enough(text, source=evidence.source))


def polished(text: str) -> str:
    """Return a sentence with one full stop, which stands outside of a quotation."""
    return re.sub(r"([.,])([\"”])\.?$", r"\2.", re.sub(r"\.{2,}$", ".", text))


def _is_grounded(sentence: str, evidence: Evidence) -> bool:
    whole = Passage("", "", evidence.title, evidence.text, 0, len(evidence.text))
    return grounded(sentence, {evidence.number: (evidence, whole)}).verdict is Verdict.SUPPORTED


def _is_said(essence: str, discourse: Discourse) -> bool:
    mine = frozenset(essence.split())
    return any(
        fuzz.ratio(essence, other, score_cutoff=_SAID_ALREADY)
        or 100 * len(mine.intersection(other.split())) > _SAID_ALREADY * max(len(mine), _FEWEST_STEMS)
        for other in discourse.sentences
    )


def essence_of(text: str, evidence: Evidence) -> str:
    """Return the stems of a sentence without those of who is named."""
    return " ".join(terms(text.removeprefix(SIMILARLY).replace(evidence.source, "")))


def opening_of(text: str) -> str:
    """Return the first two words, by which two sentences in a row must differ."""
    return " ".join(re.findall(r"[\w'’-]+", text)[:2]).casefold()
