"""Sentence and cited passages -> verdict, and for each passage the span that supports it best.

Words alone do not tell a good paraphrase from a false one. So only what can be checked exactly is marked: a number or a
name that no cited passage has, and an opposite or a negation in a sentence that is otherwise the passage's own.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from assistant.checking.alignment import Wording
from assistant.checking.claim_comparison import Comparison
from assistant.checking.claims import (
    Claim,
    actor,
    halves_of,
    names_a_topic,
    speaks_of_the_whole,
    tells_a_gap,
    wrong_year,
)
from assistant.checking.doubts import doubts
from assistant.checking.missing_terms import found_nowhere
from assistant.checking.number_doubts import counted_otherwise
from assistant.checking.order_doubts import doubts_of_order
from assistant.checking.subject_doubts import Place, doubts_of_subject
from assistant.records import Verdict
from assistant.text.citations import without_markers
from assistant.text.evidence import Evidence, short_title
from assistant.text.wording import LONGEST, MOST_WORDS, read_plain
from assistant.text.words import foreign_language
from vectorstore.papers.passages import Passage
from vectorstore.text.sentences import sentence_spans

_SAID, _SAID_AROUND = 0.75, 1.0  # shares of a claim's words that its span, and its passage, have if they support it
_CLEAR = 0.9  # share of a claim's words from which what speaks against it is no mere mistake of reading
_WORTH_ASKING = 0.5
_LACKING = 0.45  # share of its words below which a claim may be of another passage
_OF_ANOTHER_PAPER = 0.25  # below which it is: of 375 true claims in other words than the passage's, none has fewer
_COMPARED = 4  # spans of a passage, those with most of a claim's words, that are compared with it
_ASIDE = re.compile(r"\([^()]*\)")  # "2025-10-04 (year inferred)"
_NOTHING_OF_IT = "the passage says nothing of this"
_PASSAGES_KEPT = 64
_ORDER = (Verdict.UNSUPPORTED, Verdict.QUOTED, Verdict.CONTRADICTED, Verdict.SUPPORTED)  # the last speaks for a claim
_WORST_FIRST = (Verdict.CONTRADICTED, Verdict.UNSUPPORTED, Verdict.QUOTED, Verdict.SUPPORTED, *Verdict)
_MOST_WORDS_AROUND = 2_000  # of a passage; it has at most 320 tokens, unless it is of one endless word


@dataclass(frozen=True, slots=True)
class Span:
    """A span of a passage, in characters of the abstract."""

    passage: Passage
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Grounded:
    """A verdict, the best span of each cited passage by reference number, and why it is marked."""

    verdict: Verdict
    spans: dict[int, Span]
    reason: str = ""
    is_lacking: bool = False  # the passages have few of its words


@dataclass(frozen=True, slots=True)
class _Finding:
    verdict: Verdict
    reason: str
    span: Span
    share: float
    around: float = 0.0  # share of the claim's words that the passage has, be it in several sentences

    @property
    def rank(self) -> tuple[int, float, int]:
        return _ORDER.index(self.verdict), self.share, self.span.start - self.span.end


def grounded(sentence: str, cited: Mapping[int, tuple[Evidence, Passage]]) -> Grounded:
    """Return how `sentence` rests on the passages it cites, given by reference number.

    Of a sentence like "A does this [1], whereas B does that [2]" each half has to rest on the passages that it cites.
    """
    halves = halves_of(sentence) if len(cited) > 1 else []
    found = [_grounded(half, {n: cited[n] for n in numbers if n in cited}) for half, numbers in halves]
    if found and all(half.spans for half in found):
        worst = min(found, key=lambda half: _WORST_FIRST.index(half.verdict))
        return replace(worst, spans=found[0].spans | found[1].spans)
    return _grounded(sentence, cited)


def _grounded(sentence: str, cited: Mapping[int, tuple[Evidence, Passage]]) -> Grounded:
    plain = read_plain(without_markers(sentence))
    evidence = {number: item for number, (item, _) in cited.items()}
    claims = {number: Claim.of(plain, number, evidence) for number in cited or (0,)}
    is_date = _ASIDE.sub("", plain).strip(" .") in {item.date for item in evidence.values()}
    if cited and (is_date or any(claim.only_dates for claim in claims.values())):
        return Grounded(Verdict.COMPUTED, {number: Span(passage, 0, 0) for number, (_, passage) in cited.items()})
    if wrong := wrong_year(plain, evidence):
        spans = {n: Span(passage, 0, 0) for n, (_, passage) in cited.items()}
        return Grounded(Verdict.CONTRADICTED, spans, wrong)
    if tells_a_gap(plain, cites=bool(cited)) or not any(claim.asserts for claim in claims.values()):
        return Grounded(Verdict.NOT_A_CLAIM, {})
    if not cited and speaks_of_the_whole(plain):
        return Grounded(Verdict.NOT_A_CLAIM, {})
    if not cited:
        return Grounded(Verdict.UNSUPPORTED, {}, "cites nothing")
    findings = {number: _finding(claims[number], passage) for number, (_, passage) in cited.items()}
    best = _decisive(plain, claims, findings, cited)
    if names_a_topic(plain):  # its words may stand far apart
        spans = {number: _covering(claims[number].stems, finding.span) for number, finding in findings.items()}
    else:
        spans = {number: finding.span for number, finding in findings.items()}
    return Grounded(best.verdict, spans, best.reason, best.around < _LACKING)


def _decisive(
    plain: str,
    claims: Mapping[int, Claim],
    findings: Mapping[int, _Finding],
    cited: Mapping[int, tuple[Evidence, Passage]],
) -> _Finding:
    best = max(findings.values(), key=lambda finding: finding.rank)
    if names_a_topic(plain):
        said_by_all = all(finding.around >= _SAID_AROUND for finding in findings.values())
        return replace(best, verdict=Verdict.SUPPORTED if said_by_all else Verdict.QUOTED, reason="")
    if best.verdict is Verdict.SUPPORTED:
        author = actor(plain, {number: item for number, (item, _) in cited.items()})
        is_said = not author or findings[author].verdict is Verdict.SUPPORTED
        return best if is_said else replace(best, verdict=Verdict.QUOTED)
    if best.verdict is Verdict.QUOTED and (reason := _reason_to_mark(plain, best, claims, cited)):
        return replace(best, verdict=Verdict.UNSUPPORTED, reason=reason)
    return best


def _reason_to_mark(
    plain: str, best: _Finding, claims: Mapping[int, Claim], cited: Mapping[int, tuple[Evidence, Passage]]
) -> str:
    contexts = {number: _read(passage).context for number, (_, passage) in cited.items()}
    absent = found_nowhere([Comparison(claims[n].text, text, text, claims[n].ignored) for n, text in contexts.items()])
    if absent:
        return f"{absent} is not in the passage{'s' if len(cited) > 1 else ''}"
    if other := counted_otherwise(next(iter(claims.values())).text, list(contexts.values())):
        return f"the passage{'s have' if len(cited) > 1 else ' has'} {other} of what it counts"
    return _NOTHING_OF_IT if best.around < _OF_ANOTHER_PAPER and not foreign_language(plain) else ""


def _covering(stems: frozenset[str], span: Span) -> Span:
    """Return the fewest sentences in a row that have all of the stems that a passage has."""
    read = _read(span.passage)
    sentences, there = read.spans[: read.sentences], stems & read.stems
    if not sentences:
        return span
    best = (0, len(sentences) - 1)
    for first in range(len(sentences)):
        seen: set[str] = set()
        for last in range(first, len(sentences)):
            seen |= sentences[last][2] & there
            if seen == there:
                best = min(best, (first, last), key=lambda ends: ends[1] - ends[0])
                break
    start, end = sentences[best[0]][0], sentences[best[1]][1]
    return Span(span.passage, span.passage.start + start, span.passage.start + end)


def may_support(sentence: str, passage: Passage) -> bool:
    """Tell whether a passage has so many of a sentence's words that it is worth asking whether it supports it."""
    asked = frozenset(Wording(read_plain(without_markers(sentence))).places)
    return len(asked & _read(passage).stems) >= _WORTH_ASKING * len(asked)


def _finding(claim: Claim, passage: Passage) -> _Finding:
    read = _read(passage)
    if not read.spans:
        return _Finding(Verdict.UNSUPPORTED, _NOTHING_OF_IT, Span(passage, 0, 0), 0.0)
    stems = claim.stems
    findings = []
    best = sorted(read.spans, key=lambda item: (-len(stems & item[2]), item[1] - item[0]))
    sentences = [text for *_, text in read.spans[: read.sentences]]
    for start, end, _, text in best[:_COMPARED]:
        span = Span(passage, passage.start + start, passage.start + end)
        starts = [item[0] for item in read.spans[: read.sentences]]
        place = Place(sentences, starts.index(start), bisect_left(starts, end) - 1, _head(passage.title))
        finding = _judged(Comparison(claim.text, text, read.context, claim.ignored), span, place)
        if finding.verdict is Verdict.SUPPORTED:
            return finding
        findings.append(finding)
    return max(findings, key=lambda finding: finding.rank)


def _head(title: str) -> str:
    """Return the name before the colon of a title, "" if there is none."""
    plain = read_plain(title)
    head = short_title(plain)
    return head if head != plain else ""


def _judged(comparison: Comparison, span: Span, place: Place) -> _Finding:
    said, around = comparison.share_said, comparison.share_in_context
    finding = _Finding(Verdict.QUOTED, "", span, said, around)
    if said < _SAID and not comparison.is_close_copy:
        return finding
    against = doubts(comparison)
    if not against:
        against = [*doubts_of_order(comparison), *doubts_of_subject(comparison, place)]
    worst = next((doubt for doubt in against if doubt.contradicts), None)
    if worst and (comparison.is_close_copy or said >= _CLEAR):
        return replace(finding, verdict=Verdict.CONTRADICTED, reason=worst.reason)
    is_cut = len(comparison.claim.words) >= MOST_WORDS or len(comparison.claim.plain) >= LONGEST
    lacks = around < _SAID_AROUND or said < _SAID or (comparison.is_close_copy and comparison.missing)
    return finding if against or is_cut or lacks else replace(finding, verdict=Verdict.SUPPORTED)


@dataclass(frozen=True, slots=True)
class _Read:
    spans: list[tuple[int, int, frozenset[str], Wording]]  # start and end in the passage, stems
    sentences: int  # so many of the spans, the first, are single sentences
    stems: frozenset[str]  # of all of it
    context: Wording


@lru_cache(maxsize=_PASSAGES_KEPT)
def _read(passage: Passage) -> _Read:
    """Return the sentences of a passage, and each two neighbours."""
    read = []
    for start, end in sentence_spans(passage.text):
        text = Wording(read_plain(passage.text[start:end]))
        read.append((start, end, frozenset(text.places), text))
    pairs = [
        (one[0], other[1], one[2] | other[2], Wording(f"{one[3].plain} {other[3].plain}"))
        for one, other in pairwise(read)
    ]
    context = Wording(
        " ".join([f"{read_plain(passage.title)}.", *(text.plain for *_, text in read)]), _MOST_WORDS_AROUND
    )
    return _Read(read + pairs, len(read), frozenset(stem for _, _, stems, _ in read for stem in stems), context)
