"""Two sentences -> whether they clearly say opposite things of the same, and the part of each that does.

Silence is right unless it is clear: two papers that only speak of different methods, settings or conditions do not
disagree. So the words around what is opposed must meet on both sides of it, and every name must stand in both.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product, starmap

from assistant.answering.statements import Statement
from assistant.checking.polarity import Cue, cues, negated
from assistant.checking.quantities import Quantity
from assistant.text.plain_text import plain_text
from assistant.text.wording import words_of

_AROUND = 8  # words on each side of a word of direction that say what it is about
_LEAST_SHARED, _LEAST_SHARE = 3, 0.6  # of the content words around
_LEAST_SHARED_WITH_NUMBERS, _LEAST_SHARE_WITH_NUMBERS = 4, 0.75  # of the content words of the sentences


def _lines_of(words: str) -> frozenset[int]:
    return frozenset(line for cue in cues(words_of(words)) for line, _ in cue.lines)


# Lines of the table of opposites that a finding may be on; "sparse" and "dense" rather tell two things apart.
_FINDINGS = _lines_of("increase prevent degrade necessary positively faster sensitive")
_QUALITY = _lines_of("degrade")  # what is better may be more or less
_ORDERS = re.compile(r"(?:outperform|surpass|outstrip)\w*|exceed\w*|beats?", re.I)
_RELATED = "related"
_RELATIONS = frozenset(
    "effect effects affect affects affected impact impacts influence influences association associations associated"
    " relation relations relationship related linked link links correlation correlations correlate correlates"
    " correlated involved".split()
)
# Who is first in a result of their own speaks of what they made, named or not.
_OWN_RESULT = re.compile(
    r"\b(?:achiev|reach|attain|obtain|experiment|evaluat|result|outperform|state[- ]of[- ]the[- ]art|sota|perform|score"
    r"|accura|yield|benchmark)\w*",
    re.I,
)
_OPENING = 4  # words
_SHORT = 30  # words of a sentence that is quoted whole
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being|be)\b.*\bby\b", re.I)

Part = tuple[int, int]  # where it begins and ends in the printed sentence
_Sides = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Point:
    """A word that points somewhere: which line and side of the table of opposites, or a negated word as such."""

    place: int
    stem: str
    kind: int | str
    sign: int


def opposed(one: Statement, other: Statement) -> tuple[Part, Part] | None:
    """Return where, in each of two printed sentences, stands what they clearly disagree on; None if they do not."""
    if not (one.is_plain and other.is_plain) or len(one.stems & other.stems) < _LEAST_SHARED:
        return None
    if not (one.names <= _all_stems(other) and other.names <= _all_stems(one)):
        return None
    return _directions_differ(one, other) or _orders_differ(one, other) or _numbers_differ(one, other)


def _all_stems(sentence: Statement) -> frozenset[str]:
    return frozenset(word.stem for word in sentence.words if word.stem)


def _directions_differ(one: Statement, other: Statement) -> tuple[Part, Part] | None:
    ours, theirs = _without_shared(_points(one), _points(other))
    meeting = [(a, b) for a, b in product(ours, theirs) if _meet(a, b)]
    opposite = [(a, b) for a, b in meeting if a.sign != b.sign and _is_of_the_same(one, a.place, other, b.place)]
    if any(negated(one.words)) and any(negated(other.words)):
        opposite = [(a, b) for a, b in opposite if isinstance(a.kind, int) and isinstance(b.kind, int)]
    if not opposite or any(a.sign == b.sign for a, b in meeting):
        return None
    return _part(one, opposite[0][0].place), _part(other, opposite[0][1].place)


def _orders_differ(one: Statement, other: Statement) -> tuple[Part, Part] | None:
    """Return where one says that A outperforms B, the other that B outperforms A."""
    places = [[place for place, word in enumerate(each.words) if _ORDERS.fullmatch(word.text)] for each in (one, other)]
    if [len(found) for found in places] != [1, 1] or any(negated(one.words)) or any(negated(other.words)):
        return None
    ((ours,), (theirs,)) = places
    (before, behind), (other_before, other_behind) = _sides(one, ours, other, theirs)
    named = one.names | other.names  # the first word of a sentence is not known to be one
    crossed = bool(before & other_behind & named) and bool(behind & other_before & named)
    replaced = _replaced(before | behind, other_before | other_behind)
    if crossed and not replaced and not before & other_before & named:
        return _part(one, ours), _part(other, theirs)
    return None


def _points(sentence: Statement) -> list[_Point]:
    """Return what points somewhere; every other word points as such, the other way if it is negated."""
    words, turned = sentence.words, negated(sentence.words)
    directed = {cue.place: cue for cue in cues(words)}
    points: list[_Point] = []
    for place, word in enumerate(words):
        sign = -1 if turned[place] else 1
        lines = _finding_lines(directed[place]) if place in directed else []
        if word.lower in _RELATIONS:  # "effect" has the stem of "effective"
            points.append(_Point(place, word.stem or "", _RELATED, sign))
        elif lines:
            points += [_Point(place, word.stem or "", line, side * sign) for line, side in lines]
        elif word.stem:
            points.append(_Point(place, word.stem, word.stem, sign))
    return points


def _finding_lines(cue: Cue) -> list[tuple[int, int]]:
    found = [(line, side) for line, side in cue.lines if line in _FINDINGS]
    return [(line, side) for line, side in found if line in _QUALITY] or found


def _without_shared(ours: Sequence[_Point], theirs: Sequence[_Point]) -> tuple[list[_Point], list[_Point]]:
    """Return the points but for the words that both have, pointing the same way: they are what is spoken of."""
    shared = {(point.stem, point.sign) for point in ours} & {(point.stem, point.sign) for point in theirs}
    return (
        [point for point in ours if (point.stem, point.sign) not in shared],
        [point for point in theirs if (point.stem, point.sign) not in shared],
    )


def _meet(one: _Point, other: _Point) -> bool:
    """Tell whether two points are of one kind; "no effect" is against any."""
    if one.kind == other.kind:
        return True
    return any(a.kind == _RELATED and a.sign < 0 and isinstance(b.kind, int) for a, b in ((one, other), (other, one)))


def _is_of_the_same(one: Statement, ours: int, other: Statement, theirs: int) -> bool:
    """Tell whether the words at two places are said by the same of the same."""
    (before, behind), (other_before, other_behind) = _sides(one, ours, other, theirs)
    meet_before = bool(before & other_before) or not (before or other_before)
    around, other_around = before | behind, other_before | other_behind
    if any(starmap(_replaced, ((before, other_before), (behind, other_behind), (around, other_around)))):
        return False
    shared = len(around & other_around)
    enough = max(_LEAST_SHARED, _LEAST_SHARE * max(len(around), len(other_around)))
    return meet_before and bool(behind & other_behind) and shared >= enough


def _replaced(words: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether each has what the other has not: "early stopping" and "late stopping"."""
    return bool(words - others) and bool(others - words)


def _sides(one: Statement, ours: int, other: Statement, theirs: int) -> tuple[_Sides, _Sides]:
    """Return the content before and behind two places, as if neither or both of the sentences were passive."""
    sides, other_sides = _around(one, ours), _around(other, theirs)
    if bool(_PASSIVE.search(one.printed)) != bool(_PASSIVE.search(other.printed)):
        other_sides = other_sides[1], other_sides[0]
    return sides, other_sides


def _around(sentence: Statement, place: int) -> _Sides:
    """Return the content before and behind a word, in its clause and near to it."""
    words = sentence.words
    first = max(
        (n for n in range(max(0, place - _AROUND), place + 1) if words[n].opens), default=max(0, place - _AROUND)
    )
    last = next((n for n in range(place + 1, len(words)) if words[n].opens), len(words))
    before, behind = sentence.content[first:place], sentence.content[place + 1 : min(last, place + 1 + _AROUND)]
    return frozenset(filter(None, before)), frozenset(filter(None, behind))


def _numbers_differ(one: Statement, other: Statement) -> tuple[Part, Part] | None:
    """Return where both measure the same, with one number each that could be it, and have another number."""
    shared = len(one.stems & other.stems)
    enough = max(_LEAST_SHARED_WITH_NUMBERS, _LEAST_SHARE_WITH_NUMBERS * max(len(one.stems), len(other.stems)))
    ours, theirs = (frozenset(stem for stem in each.stems if not stem[0].isdigit()) for each in (one, other))
    if _replaced(ours, theirs):
        return None
    own = _OWN_RESULT.search(one.printed) or _OWN_RESULT.search(other.printed)
    if shared < enough or (own and not _opening(one) & _opening(other)):
        return None
    pairs = [
        (number, another)
        for number, another in product(one.quantities, other.quantities)
        if number.unit == another.unit and number.thing & another.thing
    ]
    if len(pairs) != 1 or pairs[0][0].equals(pairs[0][1]):
        return None
    (number, another) = pairs[0]
    return _part(one, _place_of(one, number)), _part(other, _place_of(other, another))


def _place_of(sentence: Statement, number: Quantity) -> int:
    """Return the place of the first word of a number, or of the one behind it."""
    return next((n for n, word in enumerate(sentence.words) if word.end > number.start), len(sentence.words) - 1)


def _opening(sentence: Statement) -> frozenset[str]:
    """Return the names with which a sentence begins: a result is theirs."""
    first = frozenset(word.stem for word in sentence.words[:_OPENING] if word.stem)
    return first & sentence.names


def _part(sentence: Statement, place: int) -> Part:
    """Return the clauses around a word, without the full stop; the whole sentence if it is short or has LaTeX."""
    words, printed = sentence.words, sentence.printed
    whole = 0, len(printed.rstrip(" ."))
    if len(words) <= _SHORT or printed != plain_text(printed):
        return whole
    first = max((n for n in range(place + 1) if words[n].opens), default=0)
    last = next((n for n in range(place + 1, len(words)) if words[n].opens), len(words))
    return words[first].start, words[last - 1].end
