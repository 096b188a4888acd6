"""Question, form and evidence -> an answer made of the evidence's own sentences, in the third person, each cited.

This is what the local model writes. It invents nothing: every sentence is one of an abstract, its subject renamed.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.evidence import Evidence
from assistant.plain_text import plain_text
from assistant.rewriting import leans_on_context, third_person
from assistant.roles import Role, contributes, roles
from vectorstore.lexical import terms
from vectorstore.names import folded
from vectorstore.sentences import sentence_spans

NOT_IN_THE_LIBRARY = "NOT IN THE LIBRARY"
_MOST_SENTENCES = 3
_FIGURE = re.compile(
    r"(?<![\w-])[~≈]?\d[\d.,]*\s?(?:%|x\b|×|[KMBT]\b|[a-z]+)?|\b(?:two|three|four|five|six|seven|eight|nine|ten)\b"
)
_HOW_MANY = re.compile(r"\bhow (?:many|much) (.+)", re.I)
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
    _cue(r"code|repository|github|available|released?", role=Role.CODE),
)
_CUE_BONUS = 0.15


@dataclass(frozen=True)
class _Sentence:
    """A sentence of a passage, with where it stands and what it does there."""

    evidence: Evidence
    position: int
    text: str
    role: Role

    @cached_property
    def terms(self) -> frozenset[str]:
        return frozenset(terms(plain_text(self.text)))

    @cached_property
    def has_figure(self) -> bool:
        return bool(_FIGURE.search(plain_text(self.text)))

    @property
    def place(self) -> tuple[int, int]:
        return self.evidence.number, self.position


def composed_answer(question: str, form: str, evidence: Sequence[Evidence]) -> Iterator[str]:
    """Yield the answer piece by piece: sentences that end in " [n].", or the lines of a table."""
    sentences = [sentence for item in evidence for sentence in _sentences(item)]
    if not sentences:
        yield NOT_IN_THE_LIBRARY
    elif form == "compare" and len({item.title for item in evidence}) > 1:
        yield from _comparison(evidence[0], next(item for item in evidence if item.title != evidence[0].title))
    elif form == "define":
        yield from _prose(_definition(question, sentences))
    else:
        yield from _prose(_closest(question, sentences, wants_figure=form == "figure"))


def contribution(evidence: Evidence) -> str | None:
    """Return the sentence of a passage that says what its paper brings, or None if it has no sentence."""
    sentences = list(_sentences(evidence))
    ranked = sorted(
        sentences,
        key=lambda sentence: (
            not contributes(sentence.text),
            sentence.role is not Role.METHOD,
            sentence.role is not Role.RESULT,
            leans_on_context(sentence.text),
            sentence.position,
        ),
    )
    return ranked[0].text if ranked else None


def _sentences(evidence: Evidence) -> Iterator[_Sentence]:
    texts = [evidence.text[start:end] for start, end in sentence_spans(evidence.text)]
    for position, (text, role) in enumerate(zip(texts, roles(texts), strict=True)):
        yield _Sentence(evidence, position, text, role)


# -- choosing sentences


def _definition(question: str, sentences: Sequence[_Sentence]) -> list[_Sentence]:
    """Return what the asked thing is, the problem it solves, and the main result, all from one paper."""
    subject = defined_subject(question)
    about = _paper_about(subject, sentences)
    named = [sentence for sentence in about if folded(subject) in folded(plain_text(sentence.text))]
    defining = [sentence for sentence in named if _defines(subject, plain_text(sentence.text))]
    first = next(iter([*_own(defining), *defining, *_own(named), *_own(about), *named, *about]))
    problem = [
        sentence
        for sentence in about
        if sentence.role is Role.PROBLEM and sentence is not first and not leans_on_context(sentence.text)
    ]
    result = [
        sentence
        for sentence in about
        if sentence.role is Role.RESULT and sentence is not first and not leans_on_context(sentence.text)
    ]
    result.sort(key=lambda sentence: (sentence not in named, not sentence.has_figure, -sentence.position))
    return [first, *problem[-1:], *result[:1]]


def _own(sentences: Iterable[_Sentence]) -> list[_Sentence]:
    return [sentence for sentence in sentences if contributes(sentence.text)]


def defined_subject(question: str) -> str:
    """Return X of "What is X?", "Explain X", "Tell me about the X method"."""
    subject = re.sub(
        r"^(?:what|who)(?:'s| is| are| was| were| does| do)\b|^(?:please\s+)?(?:define|explain|describe|summari[sz]e"
        r"|tell me about|introduce)\b|\b(?:mean|stand for|all about|about)\s*\??$|[?.!]+$",
        "",
        question.strip(),
        flags=re.IGNORECASE,
    ).strip(" ?.!\"'“”")
    subject = re.sub(r"^(?:what|meant by|the term|the idea of|the concept of)\s+", "", subject, flags=re.IGNORECASE)
    return re.sub(r"^(?:a|an|the)\s+|\s+(?:mean|do|method|paper|approach)$", "", subject, flags=re.IGNORECASE)


def _paper_about(subject: str, sentences: Sequence[_Sentence]) -> list[_Sentence]:
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
            rf"|present\w*|develop\w*)\b[^.]{{0,60}}{x}|{x},? (?:is|are|refers?|means|i\.e\.|that is|an?|the)\b"
            rf"|\({re.escape(subject)}\)",
            sentence,
            re.IGNORECASE,
        )
    )


def _closest(question: str, sentences: Sequence[_Sentence], *, wants_figure: bool) -> list[_Sentence]:
    """Return the sentences that say most of what is asked, the best first, at most three."""
    asked = frozenset(terms(question))
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
    if leans_on_context(best.text) and best.position:
        chosen = [next(s for s in same_paper if s.position == best.position - 1), *chosen]
    return list(dict.fromkeys(chosen))[:_MOST_SENTENCES]


def _relevance(
    question: str, asked: frozenset[str], sentences: Sequence[_Sentence], *, wants_figure: bool
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


def _figure_bonus(question: str, sentence: _Sentence) -> float:
    """Prefer sentences with a figure, and above all those that count the thing asked for: "1,942 architectures"."""
    if not sentence.has_figure:
        return 0.0
    asked = _HOW_MANY.search(question)
    things = frozenset(terms(" ".join(asked.group(1).split()[:3]))) if asked else frozenset()
    counted = (terms(behind) for behind in _COUNTED.findall(plain_text(sentence.text)))
    return 0.9 if any(things & frozenset(thing) for thing in counted) else 0.3


def _cues(question: str) -> list[_Cue]:
    return [cue for cue in _CUES if cue.asks.search(question)]


def _answers(cue: _Cue, sentence: _Sentence) -> bool:
    return sentence.role is cue.role or bool(cue.says and cue.says.search(sentence.text))


# -- writing them down


def _prose(sentences: Sequence[_Sentence]) -> Iterator[str]:
    """Yield the sentences in the third person; authors are named where a paper is first mentioned."""
    named: set[int] = set()
    written: set[str] = set()
    last = None
    for sentence in sentences:
        number = sentence.evidence.number
        # After another paper came between, "they" would be the wrong authors.
        rewritten = third_person(
            sentence.text,
            source=sentence.evidence.source,
            named=number in named and last == number,
            abstract=sentence.evidence.text,
        )
        if rewritten.text not in written:
            yield cited(rewritten.text, number) + " "
        named.add(number)
        written.add(rewritten.text)
        last = number


def cited(sentence: str, number: int) -> str:
    """Return a sentence with its marker before the full stop: "... by 8 % [2]."."""
    body, end = re.fullmatch(r"(.*?)([.!?]*)", sentence.strip(), re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{body} [{number}]{end or '.'}"


def _comparison(one: Evidence, other: Evidence) -> Iterator[str]:
    """Yield what two papers share, then a table of problem, method, result and date."""
    if shared := _shared_phrases(one, other):
        yield f"Both papers deal with {' and '.join(shared)} [{one.number}][{other.number}].\n\n"
    yield f"| | {_heading(one)} | {_heading(other)} |\n|---|---|---|\n"
    for name, role in (("Problem", Role.PROBLEM), ("Method", Role.METHOD), ("Result", Role.RESULT)):
        yield f"| {name} | {_cell(one, role)} | {_cell(other, role)} |\n"
    yield f"| Date | {_date_cell(one)} | {_date_cell(other)} |\n"


def _heading(evidence: Evidence) -> str:
    by = f", {evidence.source}" if evidence.authors else f" ({evidence.date[:4]})" if evidence.date else ""
    return f"{evidence.short_title}{by}".replace("|", "/")


def _cell(evidence: Evidence, role: Role) -> str:
    sentences = [sentence for sentence in _sentences(evidence) if sentence.role is role]
    if not sentences:
        return "not stated"
    best = min(
        sentences,
        key=lambda sentence: (
            leans_on_context(sentence.text),
            role is Role.METHOD and not contributes(sentence.text),
            role is Role.RESULT and not sentence.has_figure,
            sentence.position,
        ),
    )
    text = third_person(best.text, source=evidence.source, named=True, abstract=evidence.text).text
    return cited(text, evidence.number).replace("|", "/").replace("\n", " ")


def _date_cell(evidence: Evidence) -> str:
    return f"{evidence.date} [{evidence.number}]" if evidence.date else "not stated"


def _shared_phrases(one: Evidence, other: Evidence) -> list[str]:
    """Return at most two phrases that both papers use: those of their titles first, then the longest."""
    phrases, others = _phrases(one), _phrases(other)
    in_titles = frozenset(terms(plain_text(f"{one.title} {other.title}")))
    shared = sorted(
        phrases.keys() & others.keys(),
        key=lambda key: (-len(in_titles & set(key)), -len(key), -phrases[key][1] - others[key][1], key),
    )
    kept: list[tuple[str, ...]] = []
    for key in shared:
        if not any(set(key) & set(better) for better in kept):
            kept.append(key)
    return [phrases[key][0] for key in kept[:2]]


_PHRASE_WORD = re.compile(r"[A-Za-z][A-Za-z-]*")
_VAGUE = frozenset(terms(
    "model models method methods approach paper work result results performance propose show experiments learning data"
    " training novel existing significant various using based new study large different across improve task tasks"
))  # fmt: skip


def _phrases(evidence: Evidence) -> dict[tuple[str, ...], tuple[str, int]]:
    """Return the phrases of up to three content words by their stems, as first printed, with their frequency.

    A single word counts if it is in the title.
    """
    in_title = frozenset(terms(plain_text(evidence.title)))
    found: dict[tuple[str, ...], tuple[str, int]] = {}
    for part in re.split(r"[^\w\s-]+", plain_text(evidence.text)):
        words = _PHRASE_WORD.findall(part)
        for size in (3, 2, 1):
            for start in range(len(words) - size + 1):
                run = words[start : start + size]
                stems = [terms(word) for word in run]
                key = tuple(stem for word in stems for stem in word)
                telling = all(stems) and not all(stem in _VAGUE for stem in key)
                if telling and (len(key) > 1 or key[0] in in_title):
                    printed, count = found.get(key, (" ".join(run), 0))
                    found[key] = (printed, count + 1)
    return found
