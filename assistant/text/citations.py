"""An answer's text -> its sentences, each with the numbers of the references that its markers name."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.text.blocks import CODE_SPAN, Block, blocks
from vectorstore.text.sentences import sentence_spans

_CODE_OR_MARKER = re.compile(rf"{CODE_SPAN.pattern}|\[(?P<number>\d{{1,9}})\]")
_CITED_END = re.compile(r"(?<=\d\][.!?])\s{1,9}(?!\[\d)")
_LEADING_MARKERS = re.compile(r"(?:\s*\[\d+\])+[.,;]?\s*")
_YEAR = re.compile(r"\((?:19|20)\d\d\)")
_LONGEST_LABEL = 4  # words
_SHARE = re.compile(r"\d\s?(?:%|percent|x\b|×)", re.I)
_ASKS = re.compile(r"\W*(?:how|what|why|when|where|which|who)\b", re.I)
# What a sentence may begin with that is a label, and no part of what it claims.
_LABEL_WORD = (
    r"(?:problems?|challenges?|methods?|methodology|approach(?:es)?|results?|findings?|motivation|background|context"
    r"|contributions?|limitations?|conclusions?|evaluation|experiments?|goals?|aims?|ideas?|insights?|summary|overview"
    r"|solutions?|mechanism|effects?|impact|causes?|implications?|takeaways?|purpose|tasks?|techniques?|answer"
    r"|definition|observations?|differences?|similarit(?:y|ies)|advantages?|benefits?|evidence|performance|efficiency"
    r"|key|main|core|proposed|root|central|major|final|short|brief|the|in|of|and|how|why|what|it|is|works|matters)"
)
_LABEL = re.compile(
    rf"\s*(?:\*\*|__)?{_LABEL_WORD}(?: {_LABEL_WORD}){{0,3}}(?::(?:\*\*|__)?|[.:]?(?:\*\*|__):?)(?=\s|$)", re.I
)
_INTRODUCES = re.compile(
    r"\b(?:here|following|follows?|below|summary|overview|points?|details|steps|findings|answer|passages?|papers?"
    r"|abstracts?|comparison|differences?|similarities|components|parts|aspects|contributions|results)\b",
    re.I,
)
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """Where a sentence stands in a text, its markers included, the reference numbers that these name, and in what kind
    of block it stands."""

    start: int
    end: int
    numbers: tuple[int, ...]
    block: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Marker:
    """Where [n] stands in a text, and n."""

    start: int
    end: int
    number: int


def cited_sentences(text: str) -> Iterator[CitedSentence]:
    """Yield the sentences of an answer, in order.

    Code is none, and neither is a heading that only labels, or the bullet or the number of a list item. A cell of a
    table is a sentence; its header and its row labels are not. A marker behind the full stop belongs to the sentence
    before it, and one in code is no marker.
    """
    cited = list(markers(text))
    place = 0
    for start, end, block in _sentence_spans(text):
        while place < len(cited) and cited[place].start < start:
            place += 1
        first = place
        while place < len(cited) and cited[place].end <= end:
            place += 1
        yield CitedSentence(start, end, tuple(dict.fromkeys(marker.number for marker in cited[first:place])), block)


def markers(text: str) -> Iterator[Marker]:
    """Yield the markers of an answer, in order. What stands in code is none."""
    for block in blocks(text):
        if block.kind != "code":
            for found in _CODE_OR_MARKER.finditer(text, block.start, block.end):
                if found["number"]:
                    yield Marker(found.start(), found.end(), int(found["number"]))


def _sentence_spans(text: str) -> Iterator[tuple[int, int, str]]:
    found = list(blocks(text))
    for place, block in enumerate(found):
        if block.kind == "row":
            following = found[place + 1 : place + 2]
            if not _is_rule(text, block) and not any(_is_rule(text, below) for below in following):
                yield from _moved(_cells(text[block.start : block.end]), block)
        elif block.kind == "heading" and _claims(text[block.start : block.end]):
            yield block.start, block.start + len(text[block.start : block.end].rstrip()), block.kind
        elif block.kind in ("paragraph", "item"):
            start = block.start
            for line in text[block.start : block.end].split("\n"):
                if line.strip():
                    yield from _moved(_line_sentences(line), replace(block, start=start))
                start += len(line) + 1


def _moved(spans: Iterable[tuple[int, int]], block: Block) -> Iterator[tuple[int, int, str]]:
    return ((start + block.start, end + block.start, block.kind) for start, end in spans)


def _claims(heading: str) -> bool:
    """Tell a heading that is a sentence from one that labels or asks."""
    plain = without_markers(heading)
    is_label = len(re.findall(r"\w[\w'’-]*", plain)) <= _LONGEST_LABEL and not _SHARE.search(plain)
    return not (is_label or _ASKS.match(plain) or plain.rstrip("*_# ").endswith(("?", ":")))


def without_markers(sentence: str) -> str:
    """Return a sentence as it reads without its citations. Code stays as it is."""
    words = _CODE_OR_MARKER.sub(lambda found: "" if found["number"] else found.group(), sentence)
    return re.sub(r"\s{1,9}([.,;:!?])", r"\1", words).strip()


def without_label(sentence: str) -> str:
    """Return a sentence without the label that it begins with: "**Problem:** It stops early." """
    return _LABEL.sub("", sentence, count=1).lstrip() if _LABEL.match(sentence) else sentence


def introduces(sentence: str) -> bool:
    """Tell whether a sentence only says what follows it: "Here is a summary of the paper:"."""
    return (
        sentence.rstrip("*_ ").endswith(":") and bool(_INTRODUCES.search(sentence)) and not re.search(r"\d", sentence)
    )


def _is_rule(text: str, block: Block) -> bool:
    return block.kind == "row" and bool(_TABLE_RULE.match(text[block.start : block.end]))


def _cells(line: str) -> Iterator[tuple[int, int]]:
    """Yield where the cells of a row stand, without its first one, which says what the row is about; a cell of
    several sentences that each have a marker is as many."""
    edges = [match.start() for match in re.finditer(r"\|", line)] + [len(line)]
    for left, right in pairwise(edges[1:] if not line[: edges[0]].strip() else edges):
        cell = line[left + 1 : right]
        if cell.strip():
            start, end = left + 1 + len(cell) - len(cell.lstrip()), left + 1 + len(cell.rstrip())
            yield from _cut_behind_markers(line, start, end)


def _cut_behind_markers(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a span that end in a marker and a stop: so much ends a sentence whatever follows."""
    for stop in _CITED_END.finditer(line, start, end):
        yield start, stop.start()
        start = stop.end()
    if start < end:
        yield start, end


def _line_sentences(line: str) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    spans = [part for start, end in sentence_spans(line) for part in _cut_behind_markers(line, start, end)]
    opened = 0  # quotations that the last part has not closed
    for start, end in spans:
        if parts and (leading := _LEADING_MARKERS.match(line, start, end)):
            parts[-1] = parts[-1][0], leading.start() + len(leading.group().rstrip())
            start = leading.end()
        # A break inside a title is none: "the authors of “Who? What?” (2024) propose".
        titled = opened > 0 or (line[parts[-1][1] - 1] == "”" and _YEAR.match(line, start)) if parts else False
        if start < end:
            opened = (opened if titled else 0) + line.count("“", start, end) - line.count("”", start, end)
            parts[len(parts) - bool(titled) :] = [(parts[-1][0] if titled else start, end)]
    return parts
