"""Sentence and cited passages -> verdict, and for each passage the span that supports it best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.alignment import Wording
from assistant.citations import without_markers
from assistant.doubts import Comparison
from assistant.evidence import Evidence
from assistant.plain_text import plain_text
from assistant.records import Verdict
from assistant.wording import MOST_WORDS
from vectorstore.lexical import terms
from vectorstore.passages import Passage
from vectorstore.sentences import sentence_spans

_SAID, _SAID_AROUND = 0.75, 1.0  # shares of a claim's words that its span, and its passage, have if they support it
_WEAK = 0.45  # share that a passage has if it says part of a claim
_COMPARED = 6  # spans of a passage, those with most of a claim's words, that are compared with it
_PASSAGES_KEPT = 64


@dataclass(frozen=True, slots=True)
class Span:
    """A span of a passage, in characters of the abstract."""

    passage: Passage
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Grounded:
    """A verdict, the best span of each cited passage by reference number, and why it is not supported."""

    verdict: Verdict
    spans: dict[int, Span]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Finding:
    verdict: Verdict
    reason: str
    span: Span
    share: float

    @property
    def rank(self) -> tuple[int, float, int]:
        order = (Verdict.UNSUPPORTED, Verdict.WEAK, Verdict.SUPPORTED)
        return order.index(self.verdict), self.share, self.span.start - self.span.end


def grounded(sentence: str, cited: Mapping[int, tuple[Evidence, Passage]]) -> Grounded:
    """Return how `sentence` rests on the passages it cites, given by reference number."""
    plain = plain_text(without_markers(sentence))
    if cited and plain.strip(" .") in {evidence.date for evidence, _ in cited.values()}:
        return Grounded(Verdict.COMPUTED, {number: Span(passage, 0, 0) for number, (_, passage) in cited.items()})
    claim = Wording(plain)
    ignored = _named_sources(claim, [evidence for evidence, _ in cited.values()])
    if not _asserts(claim, ignored):
        return Grounded(Verdict.NOT_A_CLAIM, {})
    if not cited:
        return Grounded(Verdict.UNSUPPORTED, {}, "cites nothing")
    findings = {number: _finding(claim, ignored, passage) for number, (_, passage) in cited.items()}
    best = max(findings.values(), key=lambda finding: finding.rank)
    return Grounded(best.verdict, {number: finding.span for number, finding in findings.items()}, best.reason)


def _asserts(claim: Wording, ignored: frozenset[int]) -> bool:
    comparison = Comparison(claim, Wording(""), Wording(""), ignored)
    return bool(comparison.content or comparison.names or claim.quantities)


def _named_sources(claim: Wording, evidence: Sequence[Evidence]) -> frozenset[int]:
    named = {term for item in evidence for name in (*item.authors, item.source) for term in terms(name)} | {"et", "al"}
    return frozenset(
        place for place, word in enumerate(claim.words) if word.stem in named or word.lower in ("et", "al")
    )


def _finding(claim: Wording, ignored: frozenset[int], passage: Passage) -> _Finding:
    read = _read(passage)
    if not read.spans:
        return _Finding(Verdict.UNSUPPORTED, "the passage says nothing", Span(passage, 0, 0), 0.0)
    stems = frozenset(word.stem for place, word in enumerate(claim.words) if word.stem and place not in ignored)
    best = sorted(read.spans, key=lambda item: (-len(stems & item[2]), item[1] - item[0]))[:_COMPARED]
    found = []
    for start, end, _, text in best:
        comparison = Comparison(claim, text, read.context, ignored)
        verdict, reason = _judged(comparison)
        found.append(
            _Finding(verdict, reason, Span(passage, passage.start + start, passage.start + end), comparison.share_said)
        )
    return max(found, key=lambda finding: finding.rank)


def _judged(comparison: Comparison) -> tuple[Verdict, str]:
    doubts = comparison.doubts()
    around = comparison.share_in_context
    contradicted = next((doubt for doubt in doubts if doubt.contradicts), None)
    if contradicted and (comparison.is_close_copy or comparison.share_said >= _SAID):
        return Verdict.UNSUPPORTED, contradicted.reason
    if around < _WEAK:
        return Verdict.UNSUPPORTED, _lacking(comparison)
    if len(comparison.claim.words) >= MOST_WORDS:
        return Verdict.WEAK, "too long to be checked whole"
    if doubts:
        return Verdict.WEAK, doubts[0].reason
    if around < _SAID_AROUND or comparison.share_said < _SAID or (comparison.is_close_copy and comparison.missing):
        return Verdict.WEAK, _lacking(comparison)
    return Verdict.SUPPORTED, ""


def _lacking(comparison: Comparison) -> str:
    places = comparison.missing_everywhere or comparison.missing
    words = [name.printed for name in comparison.names_unknown] or [comparison.claim.words[p].text for p in places]
    quoted = ", ".join(f"“{word}”" for word in dict.fromkeys(words[:3]))
    return f"the passage does not say {quoted}" if quoted else "the passage says it in part"


@dataclass(frozen=True, slots=True)
class _Read:
    spans: list[tuple[int, int, frozenset[str], Wording]]  # start and end in the passage
    context: Wording


@lru_cache(maxsize=_PASSAGES_KEPT)
def _read(passage: Passage) -> _Read:
    """Return the sentences of a passage, and each two neighbours, with their stems."""
    spans = list(sentence_spans(passage.text))
    windows = spans + [(one[0], other[1]) for one, other in pairwise(spans)]
    read = []
    for start, end in windows:
        text = Wording(plain_text(passage.text[start:end]))
        read.append((start, end, frozenset(text.places), text))
    return _Read(read, Wording(plain_text(passage.embedded_text)))
