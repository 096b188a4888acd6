"""Sentences of an abstract -> those that say what its thing is, the problem it solves, and the main result."""

import re
from collections.abc import Iterable, Sequence

from assistant.text.abstract_sentences import AbstractSentence, by_contribution
from assistant.text.plain_text import plain_text
from assistant.text.sentence_roles import Role, contributes, reports_result
from assistant.text.third_person import dangles, leans_on_context
from vectorstore.text.folding import folded

_MOST_SENTENCES = 3
_EVALUATES = re.compile(r"(?:\w+ )?we (?:\w+ly )?(?:evaluate|test|validate|apply|compare|demonstrate|show)\b", re.I)


def definition(subject: str, sentences: Sequence[AbstractSentence]) -> list[AbstractSentence]:
    """Return what the asked thing is, the problem it solves, and the main result, all from one paper."""
    about = _paper_about(subject, sentences)
    named = [sentence for sentence in about if folded(subject) in folded(plain_text(sentence.text))]
    defining = [sentence for sentence in named if _defines(subject, plain_text(sentence.text))]
    defining = [sentence for sentence in defining if not _EVALUATES.match(sentence.text)]
    is_paper = folded(subject) in folded(plain_text(about[0].evidence.title))
    described = [sentence for sentence in named if sentence.role is not Role.RESULT and not is_paper]
    first = next(iter([*_own(defining), *defining, *_own(named), *described, *by_contribution(about)]))
    others = [sentence for sentence in about if sentence is not first and not leans_on_context(sentence.text)]
    problem = [sentence for sentence in others if sentence.role is Role.PROBLEM]
    problem.sort(key=lambda sentence: (dangles(sentence.text), -sentence.position))
    result = [sentence for sentence in others if sentence.role is Role.RESULT]
    result.sort(
        key=lambda sentence: (
            dangles(sentence.text),
            sentence not in named,
            not reports_result(sentence.text),
            not sentence.has_figure,
            -sentence.position,
        )
    )
    chosen = [first, *problem[:1], *result[:1]]
    if dangles(first.text):  # "they study this phenomenon" wants the phenomenon before it
        before = [sentence for sentence in others if sentence.position < first.position]
        before.sort(
            key=lambda sentence: (dangles(sentence.text), sentence.role is not Role.PROBLEM, -sentence.position)
        )
        chosen = list(dict.fromkeys([*before[:1], *chosen]))[:_MOST_SENTENCES]
    return chosen if len(chosen) > 1 else [*chosen, *by_contribution(others)[:1]]


def _own(sentences: Iterable[AbstractSentence]) -> list[AbstractSentence]:
    return [sentence for sentence in sentences if contributes(sentence.text)]


def _paper_about(subject: str, sentences: Sequence[AbstractSentence]) -> list[AbstractSentence]:
    """Return the sentences of the first passage that names `subject`, in its title if possible."""
    key = folded(subject)
    in_title = [s for s in sentences if key and key in folded(plain_text(s.evidence.title))]
    in_text = [s for s in sentences if key and key in folded(plain_text(s.text))]
    number = next(iter([*in_title, *in_text, *sentences])).evidence.number
    return [sentence for sentence in sentences if sentence.evidence.number == number]


def _defines(subject: str, sentence: str) -> bool:
    x = re.escape(subject) + r"s?(?: \([^)]*\))?"
    return bool(
        re.search(
            rf"\b(?:term(?:ed)?|call(?:ed|s)?|dub(?:bed)?|named?|known as|refer(?:red)? to as|defin\w+"
            rf"|introduc\w+|propos\w+"
            rf"|present\w*|develop\w*)\b[^.]{{0,60}}{x}|{x}[\"”’']?(?: [\w-]+){{0,5}}: "
            rf"|{x},? (?:(?:is|are|refers?|means|that is|an?|the)\b|i\.e\.)"
            rf"|\({re.escape(subject)}\)",
            sentence,
            re.IGNORECASE,
        )
    )
