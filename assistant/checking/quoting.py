"""The words that a model quotes, and a passage -> where they stand in it."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.checking.grounding import Grounded, Span
from assistant.records import Verdict
from assistant.text.citations import markers
from assistant.text.evidence import Evidence
from assistant.text.plain_text import plain_text
from vectorstore.papers.passages import Passage

Quotes = Mapping[tuple[int, int], Sequence[str]]  # by number and which of its markers, from 0
Placed = tuple[int, int, str]  # where a marker stands in a text, its number, and a quote
_MISSING = "the words it quotes are not in the passage"
_PASSAGES_KEPT = 64
_LATEX = re.compile(
    r"\$(?!\s)[^$\n]{1,400}(?<!\s)\$(?!\d)"
    r"|\\{1,2}(?:[A-Za-z]{1,30}\*?(?:\{[^{}\n]{0,200}\}){0,2}|[`'^\"~=.]\s?\{?\\?[A-Za-z]\}?)"
    r"|.",
    re.DOTALL,
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
# Quotation marks and the signs of Markdown and LaTeX say nothing of the words.
_SIGNS = dict.fromkeys(map(ord, "\"'“”„‟‘’‚‛«»‹›′″`´*_\\${}~^"), "")
_LETTER_OR_DIGIT = "[A-Za-z0-9]"  # scripts without spaces have no ends of words
_ELLIPSIS = re.compile(r"[\[(]?\.{3,}[\])]?")
_EDGES = " .,;:!?"


@dataclass(frozen=True, slots=True)
class Quoting:
    """How a sentence rests on what it quotes, and how many of its quotes are not in the passage they name."""

    found: Grounded
    missing: int


@dataclass(frozen=True, slots=True)
class _Shown:
    """The characters that a reader compares, and where each of them begins and ends in the text."""

    characters: str
    starts: Sequence[int]
    ends: Sequence[int]


def located(quote: str, passage: Passage) -> Span | None:
    """Return where a quote stands in a passage, None if it is nowhere.

    White space, the case of the first letter, typographic signs, quotation marks and markup may differ, LaTeX may be
    shown or raw, and what an ellipsis parts need only stand in that order: the span is from the first part to the last.
    """
    span = _span(quote, _passage_shown(passage.text))
    return Span(passage, passage.start + span[0], passage.start + span[1]) if span else None


def is_known(quote: str, evidence: Evidence) -> bool:
    """Tell whether a quote is of what is known of a paper beside its abstract."""
    known = (evidence.title, ", ".join(evidence.authors), evidence.organization, evidence.date, evidence.category)
    return any(_span(quote, _shown(text)) for text in (*known, evidence.code) if text)


def quotes_by_marker(text: str, quotes: Quotes) -> list[Placed]:
    """Return each quote with its marker's place in the text and number, in order."""
    times: Counter[int] = Counter()
    placed: list[Placed] = []
    for marker in markers(text) if quotes else ():
        own = quotes.get((marker.number, times[marker.number]), ())
        placed += ((marker.start, marker.number, quote) for quote in own)
        times[marker.number] += 1
    return placed


def quotes_within(placed: Sequence[Placed], start: int, end: int) -> Sequence[Placed]:
    """Return those quotes whose markers stand in text[start:end]."""
    return placed[bisect_left(placed, (start,)) : bisect_left(placed, (end,))]


def quoting(found: Grounded, quotes: Iterable[Placed], cited: Mapping[int, tuple[Evidence, Passage]]) -> Quoting:
    """Return how a sentence rests on the passages it cites, with the words that a model quotes as its spans.

    The first quote of a passage counts. In other words than the passage's, with a quote that is not in it, a sentence
    is unsupported.
    """
    spans, missing = dict[int, Span](), 0
    for _, number, quote in quotes:
        if number not in found.spans or found.verdict is Verdict.COMPUTED:
            continue
        evidence, passage = cited[number]
        if where := located(quote, passage):
            spans.setdefault(number, where)
        elif not is_known(quote, evidence):
            missing += 1
    found = replace(found, spans=found.spans | spans)
    if missing and found.verdict is Verdict.QUOTED:
        found = replace(found, verdict=Verdict.UNSUPPORTED, reason=_MISSING)
    return Quoting(found, missing)


def _span(quote: str, text: _Shown) -> tuple[int, int] | None:
    whole = _shown(quote).characters
    parts = [part for part in (part.strip(_EDGES) for part in _ELLIPSIS.split(whole)) if re.search(r"\w", part)]
    if not parts:
        return None
    for wanted in ([whole], [whole.strip(_EDGES)], parts):
        if places := _in_order(wanted, text.characters):
            return text.starts[places[0]], text.ends[places[1] - 1]
    return None


def _in_order(parts: Sequence[str], text: str) -> tuple[int, int] | None:
    """Return where the first part begins and the last one ends, if all stand in the text one behind the other."""
    start, end = -1, 0
    for part in parts:
        match = _pattern(part).search(text, end)
        if match is None:
            return None
        start, end = match.start() if start < 0 else start, match.end()
    return start, end


def _pattern(part: str) -> re.Pattern[str]:
    """Return what finds the part as whole words, its first letter in either case."""
    first = re.escape(part[0].lower()) + "|" + re.escape(part[0].upper())
    before = f"(?<!{_LETTER_OR_DIGIT})" if re.match(_LETTER_OR_DIGIT, part[0]) else ""
    behind = f"(?!{_LETTER_OR_DIGIT})" if re.match(_LETTER_OR_DIGIT, part[-1]) else ""
    return re.compile(f"{before}(?:{first}){re.escape(part[1:])}{behind}")


@lru_cache(maxsize=_PASSAGES_KEPT)
def _passage_shown(text: str) -> _Shown:
    return _shown(text)


def _shown(text: str) -> _Shown:
    characters, starts, ends = list[str](), list[int](), list[int]()
    space = False
    for piece in _LATEX.finditer(text):
        for character in _plain(piece.group()):
            if character.isspace():
                space = True
                continue
            if character == "-" and characters[-1:] == ["-"]:
                continue
            if space and character.isalnum() and characters and characters[-1].isalnum():
                characters.append(" ")
                starts.append(piece.start())
                ends.append(piece.start())
            space = False
            characters.append(character)
            starts.append(piece.start())
            ends.append(piece.end())
    return _Shown("".join(characters), starts, ends)


def _plain(piece: str) -> str:
    if len(piece) > 1:
        piece = plain_text(piece.replace("\\\\", "\\"))
    shown = unicodedata.normalize("NFKD", piece).translate(_DASHES).translate(_SIGNS)
    return "".join(character for character in shown if unicodedata.category(character) != "Cf")
