"""Changes to a model's text: markers renumbered, sentences left out, and where everything stands afterwards."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from assistant.text.blocks import blocks
from assistant.text.citations import markers

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d+[.)]|#{1,6})?\s*$")
_LEFT_OUT = "–"


@dataclass(frozen=True, slots=True)
class Edit:
    """What is put in the place of text[start:end]."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A text after its edits."""

    text: str
    _ends: Sequence[int]  # of the edits, in the old text
    _shifts: Sequence[int]  # of what stands behind each of them

    def place(self, old: int) -> int:
        """Return where a character that no edit touched stands now."""
        behind = bisect_right(self._ends, old)
        return old + (self._shifts[behind - 1] if behind else 0)


def edited(text: str, edits: Iterable[Edit]) -> Edited:
    """Return `text` with edits that do not overlap, in order."""
    pieces, last, ends, growths = [], 0, [], []
    for edit in edits:
        pieces += [text[last : edit.start], edit.text]
        last = edit.end
        ends.append(edit.end)
        growths.append(len(edit.text) - (edit.end - edit.start))
    return Edited("".join([*pieces, text[last:]]), ends, list(accumulate(growths)))


def lines_of(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each line, without its line break."""
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def removals(text: str, dropped: Sequence[tuple[int, int]]) -> list[Edit]:
    """Return the edits that take sentences out: a cell of a table becomes "–"; a list item goes with its bullet,
    a heading with all that stood under it, and a blank line with the one before that it parted from."""
    edits: list[Edit] = []
    emptied: list[tuple[int, int]] = []
    remaining = iter([*dropped, (len(text) + 1, len(text) + 1)])
    start, end = next(remaining)
    for first, last in lines_of(text):
        here = []
        while start < last:
            here.append((start, end))
            start, end = next(remaining)
        if not here:
            continue
        if text[first:last].lstrip().startswith("|"):
            edits += [Edit(*span, _LEFT_OUT) for span in here]
        elif _BULLET.match(_without(text, first, last, here)):
            emptied.append((first, last))
        else:
            edits += [Edit(begin, stop + _blanks(text, stop, last), "") for begin, stop in here]
    emptied += _bare_headings(text, emptied)
    emptied += _spare_blank_lines(text, emptied)
    return sorted([*edits, *(Edit(a, min(b + 1, len(text)), "") for a, b in emptied)], key=lambda edit: edit.start)


def _spare_blank_lines(text: str, emptied: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the blank lines behind those that go, where a blank line or none stands before them."""
    gone, behind, blank_before = set(emptied), False, True
    for line in lines_of(text):
        if line in gone:
            behind = True
        elif text[slice(*line)].strip():
            behind = blank_before = False
        elif behind and blank_before:
            yield line
        else:
            blank_before = True


def _without(text: str, first: int, last: int, spans: Sequence[tuple[int, int]]) -> str:
    return edited(text[first:last], [Edit(start - first, end - first, "") for start, end in spans]).text


def _blanks(text: str, start: int, end: int) -> int:
    return len(text[start:end]) - len(text[start:end].lstrip())


def _bare_headings(text: str, emptied: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the headings under which something stood, and nothing is left."""
    if not emptied:
        return
    gone = set(emptied)
    headings = {block.end for block in blocks(text) if block.kind == "heading"}
    left, lost = [False] * 7, [False] * 7  # by level of heading: whether something under it is left, or was lost
    for line in reversed(list(lines_of(text))):
        heading = _HEADING.match(text[slice(*line)]) if line[1] in headings else None
        if heading and line not in gone:
            level = len(heading.group(1))
            if lost[level] and not left[level]:
                yield line
            left[level:], lost[level:] = [False] * (7 - level), [False] * (7 - level)
        elif line in gone:
            lost = [True] * 7
        elif text[slice(*line)].strip():
            left = [True] * 7


def numbered_anew(edits: Iterable[Edit]) -> tuple[list[Edit], list[int]]:
    """Return edits whose markers count in the order of first mention, and the former numbers in that order."""
    order: dict[int, int] = {}
    renumbered = []
    for edit in edits:
        anew = [
            Edit(marker.start, marker.end, f"[{order.setdefault(marker.number, len(order) + 1)}]")
            for marker in markers(edit.text)
        ]
        renumbered.append(Edit(edit.start, edit.end, edited(edit.text, anew).text))
    return renumbered, list(order)


def kept_markers(text: str, known: Collection[int], *, outside: Sequence[Edit]) -> Iterator[Edit]:
    """Yield each marker of a text as it is, but for those that other edits cover; one that is not `known` goes."""
    starts = [edit.start for edit in outside]
    for marker in markers(text):
        before = bisect_right(starts, marker.start)
        if not before or outside[before - 1].end <= marker.start:
            yield Edit(marker.start, marker.end, f"[{marker.number}]" if marker.number in known else "")
