"""Citation markers in a model's text -> the numbers of references; what cites nothing known is dropped."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from vectorstore.sentences import sentence_spans

_OPEN, _CLOSE = "[【", "]】"
_INSIDE = re.compile(r"\s*\d+(?:\s*(?:,|;|-|–|and)\s*\d+)*\s*")
_LONGEST_MARKER = 40  # characters
_MARKER = re.compile(r"\[(\d+)\]")
_LEADING_MARKERS = re.compile(r"^(?:\s*\[\d+\])+[.,;]?\s*")
_YEAR = re.compile(r"\((?:19|20)\d\d\)")
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")


class MarkerFilter:
    """Passes a model's text on as it streams, with each marker renumbered in the order of first mention.

    [3], [1, 2], [1-3] and 【2】 are markers; numbers that are not evidence are dropped and counted.
    """

    def __init__(self, known: Collection[int]) -> None:
        self._known = frozenset(known)
        self._numbers: dict[int, int] = {}  # evidence number -> reference number
        self._held = ""
        self.dropped = 0

    @property
    def cited(self) -> list[int]:
        """The evidence numbers in the order of their references."""
        return list(self._numbers)

    def feed(self, text: str) -> str:
        """Return what can be shown; the start of a possible marker is held back."""
        shown = []
        for character in text:
            if self._held and character in _OPEN:  # "[[7]]": the inner one may be a marker
                shown.append(self._held)
                self._held = character
            elif self._held:
                self._held += character
                if character in _CLOSE:
                    shown.append(self._marker(self._held))
                    self._held = ""
                elif not self._may_become_marker():
                    shown.append(self._held)
                    self._held = ""
            elif character in _OPEN:
                self._held = character
            else:
                shown.append(character)
        return "".join(shown)

    def flush(self) -> str:
        held, self._held = self._held, ""
        return held

    def _may_become_marker(self) -> bool:
        inside = self._held[1:].strip()
        return inside.isdigit() or (
            len(self._held) <= _LONGEST_MARKER and all(c.isdigit() or c in " ,;-–and" for c in inside)
        )

    def _marker(self, printed: str) -> str:
        inside = printed[1:-1]
        if not _INSIDE.fullmatch(inside):
            return printed
        return "".join(f"[{self._number(number)}]" for number in self._evidence_numbers(inside))

    def _evidence_numbers(self, inside: str) -> Iterator[int]:
        for part in re.split(r"\s*(?:,|;|and)\s*", inside.strip()):
            ends = [int(number) for number in re.findall(r"\d+", part)]
            for number in range(ends[0], min(ends[-1], ends[0] + 50) + 1) if ends else ():
                if number in self._known:
                    yield number
                else:
                    self.dropped += 1

    def _number(self, evidence_number: int) -> int:
        return self._numbers.setdefault(evidence_number, len(self._numbers) + 1)


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """Where a sentence stands in a text, its markers included, and the reference numbers that these name."""

    start: int
    end: int
    numbers: tuple[int, ...]


def cited_sentences(text: str) -> Iterator[CitedSentence]:
    """Yield the sentences of an answer, in order.

    A cell of a table is a sentence; its header and its row labels are not. A marker behind the full stop belongs
    to the sentence before it.
    """
    lines = text.split("\n")
    begins = 0  # of the line
    for number, line in enumerate(lines):
        row = line.lstrip().startswith("|")
        header = number + 1 < len(lines) and row and _TABLE_RULE.match(lines[number + 1])
        if line.strip() and not header and not _TABLE_RULE.match(line):
            for start, end in _cells(line) if row else _line_sentences(line):
                numbers = tuple(dict.fromkeys(int(found) for found in _MARKER.findall(line, start, end)))
                yield CitedSentence(begins + start, begins + end, numbers)
        begins += len(line) + 1


def without_markers(sentence: str) -> str:
    return re.sub(r"\s+([.,;:!?])", r"\1", _MARKER.sub("", sentence)).strip()


def _cells(line: str) -> Iterator[tuple[int, int]]:
    """Yield where the cells of a row stand, without its first one, which says what the row is about."""
    edges = [match.start() for match in re.finditer(r"\|", line)] + [len(line)]
    for left, right in pairwise(edges[1:] if not line[: edges[0]].strip() else edges):
        cell = line[left + 1 : right]
        if cell.strip():
            yield left + 1 + len(cell) - len(cell.lstrip()), left + 1 + len(cell.rstrip())


def _line_sentences(line: str) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    for start, end in sentence_spans(line):
        if parts and (leading := _LEADING_MARKERS.match(line[start:end])):
            parts[-1] = parts[-1][0], start + len(leading.group().rstrip())
            start += leading.end()
        if parts and _inside_title(line[slice(*parts[-1])], line[start:end]):
            parts[-1] = parts[-1][0], end
        elif start < end:
            parts.append((start, end))
    return parts


def _inside_title(before: str, part: str) -> bool:
    """Tell whether the break in front of `part` is one of a title: "the authors of “Who? What?” (2024) propose"."""
    return before.count("“") > before.count("”") or bool(before.endswith("”") and _YEAR.match(part))
