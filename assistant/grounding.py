"""Sentence and cited passages -> verdict, and for each passage the span that supports it best."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.citations import without_markers
from assistant.evidence import Evidence
from assistant.plain_text import plain_text
from assistant.records import Verdict
from vectorstore.lexical import terms
from vectorstore.passages import Passage
from vectorstore.sentences import sentence_spans

_SUPPORTED, _WEAK = 0.75, 0.45  # shares of a sentence's words that its span must have
_YEAR = re.compile(r"\((?:19|20)\d\d\)")  # of "Kim et al. (2025)"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Words that report and claim nothing themselves.
_REPORTING = frozenset(terms(
    "according authors paper papers both deal propose proposes present introduce show shows report reports find study"
    " work abstract state states describe not stated they their"
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A span of a passage, in characters of the abstract."""

    passage: Passage
    start: int
    end: int
    overlap: float


@dataclass(frozen=True, slots=True)
class Grounded:
    """A verdict, and the best span of each cited passage by reference number."""

    verdict: Verdict
    spans: dict[int, Span]


def grounded(sentence: str, cited: Mapping[int, tuple[Evidence, Passage]]) -> Grounded:
    """Return how `sentence` rests on the passages it cites, given by reference number."""
    claim = plain_text(without_markers(sentence))
    if cited and claim.strip(" .") in {evidence.date for evidence, _ in cited.values()}:
        return Grounded(Verdict.COMPUTED, {number: Span(passage, 0, 0, 1.0) for number, (_, passage) in cited.items()})
    asserted = _asserted(claim, [evidence for evidence, _ in cited.values()])
    if not asserted:
        return Grounded(Verdict.NOT_A_CLAIM, {})
    if not cited:
        return Grounded(Verdict.UNSUPPORTED, {})
    spans = {number: _best_span(asserted, passage) for number, (_, passage) in cited.items()}
    overlap = max(span.overlap for span in spans.values())
    numbers_found = _numbers(_YEAR.sub("", claim)) <= {
        number for _, passage in cited.values() for number in _numbers(plain_text(passage.text))
    }
    if overlap >= _SUPPORTED and numbers_found:
        return Grounded(Verdict.SUPPORTED, spans)
    return Grounded(Verdict.WEAK if overlap >= _WEAK and numbers_found else Verdict.UNSUPPORTED, spans)


def _asserted(claim: str, evidence: Sequence[Evidence]) -> frozenset[str]:
    named = frozenset(term for item in evidence for name in (*item.authors, item.source) for term in terms(name))
    return frozenset(terms(claim)) - named - _REPORTING


def _numbers(text: str) -> set[str]:
    return {number.rstrip(".,").replace(",", "") for number in _NUMBER.findall(text)}


def _best_span(asserted: frozenset[str], passage: Passage) -> Span:
    """Return the sentence, or the two neighbours, of a passage that has most of the words; the shortest of equals."""
    spans = list(sentence_spans(passage.text))
    windows = spans + [(one[0], other[1]) for one, other in pairwise(spans)]
    candidates = [
        Span(passage, passage.start + start, passage.start + end, _overlap(asserted, passage.text[start:end]))
        for start, end in windows
    ]
    return max(candidates, key=lambda span: (span.overlap, span.start - span.end), default=Span(passage, 0, 0, 0.0))


def _overlap(asserted: frozenset[str], text: str) -> float:
    return len(asserted & frozenset(terms(plain_text(text)))) / len(asserted)
