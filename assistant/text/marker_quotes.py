"""A marker with the words that it rests on, [2 "words"; 3 “words”], as text -> its numbers and its quotes."""

import re
from dataclasses import dataclass

from assistant.text.markers import listed_numbers, marker_numbers

LONGEST_QUOTED = 2000  # characters of a bracket with its quotes
_LONGEST_OPENING = 200
_MARK = '["“”„«»]'
_GAP = r"[^\S\n]{0,3}"
_NUMBER = r"[#^]?\d{1,6}"
_LIST = rf"(?:[A-Za-z]{{1,10}}[^\S\n])?{_NUMBER}(?:{_GAP}(?:[,;&–-]|and){_GAP}{_NUMBER}){{0,9}}"
_CLOSE = r"[\]】］〕]"
_OPENING = rf"[\[【［〔]{_GAP}(?P<first>{_LIST}){_GAP}[:,]?{_GAP}{_MARK}"
_OPENS = re.compile(_OPENING)
# What stands behind the words of a quote: the end of the bracket, the next item, or another bracket if it has no end.
_NEXT = re.compile(
    rf"{_MARK}{_GAP}(?:[.,;]?{_GAP}(?P<close>{_CLOSE})"
    rf"|[,;]{_GAP}(?:(?P<numbers>{_LIST}){_GAP}[:,]?{_GAP})?{_MARK}"
    rf"|[,;]{_GAP}(?P<last>{_LIST}){_GAP}(?P<close_last>{_CLOSE}))"
    rf"|{_OPENING}"
)
_BRACKET_OR_LINE = re.compile(r"[\[【［〔\]】］〕\n]")


@dataclass(frozen=True, slots=True)
class QuotedNumbers:
    """Numbers and a quote of the last of them; without numbers, it is one more of those before it."""

    numbers: tuple[int, ...]
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class QuotedMarker:
    """The items of a bracket and where it ends; if it is not closed, where the words of its last quote begin."""

    items: tuple[QuotedNumbers, ...]
    end: int
    is_closed: bool


def opens_quoted(text: str, at: int) -> bool:
    """Tell whether a bracket with numbers and a quotation mark begins at `at`."""
    opened = _OPENS.match(text, at, at + _LONGEST_OPENING)
    return bool(opened and marker_numbers(opened["first"]) is not None)


def quoted_marker(text: str, at: int, final: bool) -> QuotedMarker | None:
    """Return the bracket that opens at `at`; None while what comes, if not `final`, may close it.

    Its quotes may hold brackets and quotation marks: one ends where the bracket does, or where the next item begins.
    """
    opened = _OPENS.match(text, at, at + _LONGEST_OPENING)
    assert opened
    newline = text.find("\n", at, at + LONGEST_QUOTED)
    limit = newline if newline >= 0 else at + LONGEST_QUOTED
    items: list[QuotedNumbers] = []
    numbers, place = _numbers(opened["first"]), opened.end()
    while (found := _NEXT.search(text, place, limit)) and not found["first"]:
        items.append(QuotedNumbers(numbers, text[place : found.start()].strip()))
        numbers, place = _numbers(found["numbers"] or found["last"]), found.end()
        if found["last"]:
            items.append(QuotedNumbers(numbers))
        if found["close"] or found["close_last"]:
            return QuotedMarker(tuple(items), place, is_closed=True)
    if not (final or found or limit <= len(text)):
        return None
    return QuotedMarker((*items, QuotedNumbers(numbers)), place, is_closed=False)


def quote_left(text: str, at: int, depth: int, final: bool) -> tuple[int, int] | None:
    """Return where the words of a quote that is not closed end in `text`, as far as it goes, and in how many brackets
    they still stand there, 0 behind them; None while what comes decides it.

    They end with the bracket, the line, or where another bracket quotes.
    """
    for found in _BRACKET_OR_LINE.finditer(text, at):
        start = found.start()
        if found.group() == "\n" or opens_quoted(text, start):
            return start, 0
        if re.match(_CLOSE, found.group()):
            depth -= 1
            if not depth:
                return found.end(), 0
        elif not final and len(text) - start < _LONGEST_OPENING:
            return (start, depth) if start > at else None
        else:
            depth += 1
    return len(text), depth


def _numbers(listed: str | None) -> tuple[int, ...]:
    return tuple(listed_numbers(listed)) if listed else ()
