"""Question and sentences -> the sentences that answer it."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.text.abstract_sentences import AbstractSentence, by_contribution
from assistant.text.plain_text import plain_text
from assistant.text.rewriting import dangles, leans_on_context
from assistant.text.roles import Role, contributes, reports_result
from assistant.text.words import ASKING
from vectorstore.lexical import terms
from vectorstore.names import folded

_MOST_SENTENCES = 3
_HOW_MANY = re.compile(r"\bhow (?:many|much) (.+)", re.I)
_WHAT_QUANTITY = re.compile(r"\b(?:what|which) (?:is the |was the )?(.+)", re.I)
_COUNTED = re.compile(
    r"(?<![\w-])(?:\d[\d.,]*[KMB]?|two|three|four|five|six|seven|eight|nine|ten)((?: [A-Za-z][\w-]*){1,4})", re.I
)


@dataclass(frozen=True, slots=True)
class _Cue:
    """What a question asks for, and what a sentence that answers it has: a role, or words."""

    asks: re.Pattern[str]
    role: Role | None = None
    says: re.Pattern[str] | None = None


def _cue(asks: str, *, role: Role | None = None, says: str | None = None) -> _Cue:
    return _Cue(re.compile(rf"\b(?:{asks})\b", re.I), role, re.compile(says, re.I) if says else None)


_CUES = (
    _cue(r"why|causes?|reasons?", says=r"\bbecause|due to|caus|stem|aris|since|attribut|root|drive"),
    _cue(
        r"results?|perform\w*|accura\w*|improve\w*|better|gains?|speed\w*|outperform\w*|find\w*|show\w*",
        role=Role.RESULT,
    ),
    _cue(r"results?|report|experiments?|evaluat\w*", says=r"\bexperiment|\bresults?\b|\d%|outperform|improv|achiev"),
    _cue(r"problems?|challenges?|issues?|limitations?|gaps?|motivat\w*", role=Role.PROBLEM),
    _cue(r"propos\w*|methods?|approach\w*|strateg\w*|techniques?|solution|fix\w*|mitigat\w*|solves?", role=Role.METHOD),
    _cue(r"data ?sets?|benchmarks?|corpora", says=r"(?-i:\bon (?:[\w-]+ ){0,4}[A-Z][\w+-]*[A-Z\d])"),
    _cue(r"(?:which|what) models", says=r"(?-i:\b\d+(?:\.\d+)?[BM]\b)|\bmodels (?:such as|including|like)\b"),
    _cue(r"code|repository|github|available|released?", role=Role.CODE),
)
_CUE_BONUS = 0.15
_EVALUATES = re.compile(r"(?:\w+ )?we (?:\w+ly )?(?:evaluate|test|validate|apply|compare|demonstrate|show)\b", re.I)


_DEFINING_WORDS = re.compile(
    r"^(?:(?:and|so|please|(?:can|could|would|will) you)\s+)*(?:(?:what|who)(?:['’]s| is| are| was| were| does| do)\b"
    r"|(?:define|explain|describe|introduce|summari[sz]e|tell me (?:more |something )?about)\b"
    r"|(?:give me )?(?:an? |the )?(?:(?:short|brief|quick) )*(?:summary|overview|description) of\b)"
    r"|\b(?:mean|stand for\b.*|all about|about)\s*\??$|[?.!]+$",
    re.I,
)
_OF_A_TERM = re.compile(
    r"^\s*(?:what|meant by|the (?:term|(?:(?:main|key|central|core) )*(?:idea|concept|notion|gist) (?:of|behind)))\s+",
    re.I,
)


def definition(question: str, sentences: Sequence[AbstractSentence]) -> list[AbstractSentence]:
    """Return what the asked thing is, the problem it solves, and the main result, all from one paper."""
    subject = defined_subject(question)
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


def defined_subject(question: str) -> str:
    """Return X of "What is X?", "Explain X", "Tell me about the X method"."""
    subject = _DEFINING_WORDS.sub("", question.strip()).strip(" ?.!\"'“”")
    subject = _OF_A_TERM.sub("", subject)
    return re.sub(r"^(?:an?|the)\s+|\s+(?:mean|do|method|paper|approach)$", "", subject, flags=re.IGNORECASE)


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


def closest(question: str, sentences: Sequence[AbstractSentence], *, wants_figure: bool) -> list[AbstractSentence]:
    """Return the sentences that say most of what is asked, the best first, at most three."""
    asked = frozenset(terms(question)) - ASKING
    relevance = _relevance(question, asked, sentences, wants_figure=wants_figure)
    ranked = sorted(sentences, key=lambda sentence: (-relevance[sentence.place], sentence.position))
    best = ranked[0]
    chosen = [best]
    same_paper = [sentence for sentence in ranked if sentence.evidence.number == best.evidence.number]
    for cue in _cues(question):  # "why ..., and what fixes it?" wants a sentence for each
        if not any(_answers(cue, sentence) for sentence in chosen):
            chosen += sorted(
                (sentence for sentence in same_paper if _answers(cue, sentence)),
                key=lambda sentence: not contributes(sentence.text),
            )[:1]
    missing = asked - best.terms
    for sentence in ranked:
        enough = relevance[sentence.place] >= (0.6 if sentence in same_paper else 1.0)
        if enough and missing & sentence.terms and sentence not in chosen:
            chosen.append(sentence)
            missing -= sentence.terms
    if leans_on_context(best.text) and best.position and not wants_figure:  # a figure stands in the first sentence
        chosen = [next(s for s in same_paper if s.position == best.position - 1), *chosen]
    return list(dict.fromkeys(chosen))[:_MOST_SENTENCES]


def _relevance(
    question: str, asked: frozenset[str], sentences: Sequence[AbstractSentence], *, wants_figure: bool
) -> dict[tuple[int, int], float]:
    """Return how much of the question each sentence answers.

    That is the share by weight of the question's words that it has, half as much for those that only its passage has,
    and a bonus if it does what the question asks for.
    """
    frequency = Counter(term for sentence in sentences for term in sentence.terms)
    weight = {term: math.log1p(len(sentences) / (1 + frequency[term])) for term in asked}
    total = sum(weight.values()) or 1.0
    passages: dict[int, set[str]] = {}
    for sentence in sentences:
        titled = passages.setdefault(sentence.evidence.number, set(terms(plain_text(sentence.evidence.title))))
        titled |= sentence.terms
    return {
        sentence.place: sum(weight[term] for term in asked & sentence.terms) / total
        + 0.5 * sum(weight[term] for term in asked & passages[sentence.evidence.number]) / total
        + (_figure_bonus(question, sentence) if wants_figure else 0.0)
        + _CUE_BONUS * sum(_answers(cue, sentence) for cue in _cues(question))
        - 0.05 * (sentence.evidence.number - 1)  # as retrieved: the closest first
        for sentence in sentences
    }


def _figure_bonus(question: str, sentence: AbstractSentence) -> float:
    """Prefer sentences with a figure, and above all those that count the thing asked for: "1,942 architectures"."""
    if not sentence.has_figure:
        return 0.0
    quantity = _WHAT_QUANTITY.search(question)
    if quantity and frozenset(terms(" ".join(quantity.group(1).split()[:2]))) & sentence.terms:
        return 0.6  # "what reduction ...": the sentence that has the reduction and a figure
    asked = _HOW_MANY.search(question)
    things = frozenset(terms(" ".join(asked.group(1).split()[:3]))) if asked else frozenset()
    counted = (terms(behind) for behind in _COUNTED.findall(plain_text(sentence.text)))
    return 0.9 if any(things & frozenset(thing) for thing in counted) else 0.3


def _cues(question: str) -> list[_Cue]:
    return [cue for cue in _CUES if cue.asks.search(question)]


def _answers(cue: _Cue, sentence: AbstractSentence) -> bool:
    return sentence.role is cue.role or bool(cue.says and cue.says.search(sentence.text))
