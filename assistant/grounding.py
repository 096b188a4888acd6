"""Sentence and cited passages -> verdict, and for each passage the span that supports it best."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from assistant.alignment import Wording
from assistant.citations import without_markers
from assistant.claims import Claim, actor, names_a_topic
from assistant.doubts import Comparison
from assistant.evidence import Evidence
from assistant.plain_text import plain_text
from assistant.records import Verdict
from assistant.wording import MOST_WORDS
from vectorstore.lexical import terms
from vectorstore.passages import Passage
from vectorstore.sentences import sentence_spans

_SAID, _SAID_AROUND = 0.75, 1.0  # shares of a claim's words that its span, and its passage, have if they support it
_CLEAR = 0.9  # share of a claim's words from which what speaks against it is no mere mistake of reading
_WORTH_ASKING = 0.5
_WEAK = 0.45  # share that a passage has if it says part of a claim
_COMPARED = 6  # spans of a passage, those with most of a claim's words, that are compared with it
_PASSAGES_KEPT = 64
_MOST_WORDS_AROUND = 2_000  # of a passage; it has at most 320 tokens, unless it is of one endless word


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
    contradicts: bool = False
    all_around: bool = False  # the passage has all of the claim's words, be it in several sentences

    @property
    def rank(self) -> tuple[int, bool, float, int]:
        """A span that supports a claim counts before one that contradicts it, and that before one that does neither."""
        order = (Verdict.UNSUPPORTED, Verdict.WEAK, Verdict.SUPPORTED)
        place = order.index(Verdict.WEAK if self.contradicts else self.verdict)
        return place, self.contradicts, self.share, self.span.start - self.span.end


def grounded(sentence: str, cited: Mapping[int, tuple[Evidence, Passage]]) -> Grounded:
    """Return how `sentence` rests on the passages it cites, given by reference number."""
    plain = plain_text(without_markers(sentence))
    if cited and plain.strip(" .") in {evidence.date for evidence, _ in cited.values()}:
        return Grounded(Verdict.COMPUTED, {number: Span(passage, 0, 0) for number, (_, passage) in cited.items()})
    evidence = {number: item for number, (item, _) in cited.items()}
    claims = {number: Claim.of(plain, number, evidence) for number in cited or (0,)}
    if not any(claim.asserts for claim in claims.values()):
        return Grounded(Verdict.NOT_A_CLAIM, {})
    if not cited:
        return Grounded(Verdict.UNSUPPORTED, {}, "cites nothing")
    findings = {number: _finding(claims[number], passage) for number, (_, passage) in cited.items()}
    best = _decisive(plain, findings, evidence)
    return Grounded(best.verdict, {number: finding.span for number, finding in findings.items()}, best.reason)


def _decisive(plain: str, findings: Mapping[int, _Finding], evidence: Mapping[int, Evidence]) -> _Finding:
    best = max(findings.values(), key=lambda finding: finding.rank)
    if names_a_topic(plain):
        verdict = Verdict.SUPPORTED if all(finding.all_around for finding in findings.values()) else Verdict.WEAK
        return replace(best, verdict=verdict, reason="" if verdict is Verdict.SUPPORTED else "not all of them say so")
    author = actor(plain, evidence)
    if best.verdict is Verdict.SUPPORTED and author and findings[author].verdict is not Verdict.SUPPORTED:
        return replace(best, verdict=Verdict.WEAK, reason=f"the passage of {evidence[author].people} does not say so")
    return best


def may_support(sentence: str, passage: Passage) -> bool:
    """Tell whether a passage has so many of a sentence's words that it is worth asking whether it supports it."""
    asked = frozenset(terms(plain_text(without_markers(sentence))))
    return len(asked & frozenset(_read(passage).context.places)) >= _WORTH_ASKING * len(asked)


def _finding(claim: Claim, passage: Passage) -> _Finding:
    read = _read(passage)
    if not read.spans:
        return _Finding(Verdict.UNSUPPORTED, "the passage says nothing", Span(passage, 0, 0), 0.0)
    stems = claim.stems
    best = sorted(read.spans, key=lambda item: (-len(stems & item[2]), item[1] - item[0]))[:_COMPARED]
    found = (
        _judged(
            Comparison(claim.text, text, read.context, claim.ignored),
            Span(passage, passage.start + start, passage.start + end),
        )
        for start, end, _, text in best
    )
    return max(found, key=lambda finding: finding.rank)


def _judged(comparison: Comparison, span: Span) -> _Finding:
    doubts = comparison.doubts()
    said, around = comparison.share_said, comparison.share_in_context
    finding = _Finding(Verdict.WEAK, "", span, said, all_around=around >= _SAID_AROUND)
    contradicted = next((doubt for doubt in doubts if doubt.contradicts), None)
    if contradicted and (comparison.is_close_copy or said >= _CLEAR):
        return replace(finding, verdict=Verdict.UNSUPPORTED, reason=contradicted.reason, contradicts=True)
    if around < _WEAK:
        return replace(finding, verdict=Verdict.UNSUPPORTED, reason=_lacking(comparison))
    if len(comparison.claim.words) >= MOST_WORDS:
        return replace(finding, reason="too long to be checked whole")
    if doubts:
        return replace(finding, reason=doubts[0].reason)
    if around < _SAID_AROUND or said < _SAID or (comparison.is_close_copy and comparison.missing):
        return replace(finding, reason=_lacking(comparison))
    return replace(finding, verdict=Verdict.SUPPORTED)


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
    return _Read(read, Wording(plain_text(passage.embedded_text), _MOST_WORDS_AROUND))
