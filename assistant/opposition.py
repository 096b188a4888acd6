"""Two sentences -> whether they clearly say opposite things of the same, and the part of each that does.

Silence is right unless it is clear: two papers that only speak of different methods, settings or conditions do not
disagree. So the words around what is opposed must meet on both sides of it, and every name must stand in both.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product, starmap

from assistant.plain_text import plain_text
from assistant.polarity import cues, lines_of, negated
from assistant.quantities import Quantity, quantities
from assistant.wording import Word, words_of
from vectorstore.lexical import terms

_AROUND = 8  # words on each side of a word of direction that say what it is about
_LEAST_SHARED, _LEAST_SHARE = 3, 0.6  # of the content words around
_LEAST_SHARED_WITH_NUMBERS, _LEAST_SHARE_WITH_NUMBERS = 4, 0.75  # of the content words of the sentences
# The ways to point that a finding may have; "sparse" and "dense" rather tell two things apart.
_FINDINGS = frozenset(
    line for word in words_of("increase improve necessary positively faster robust") for line, _ in lines_of(word)
)
_ORDERS = re.compile(r"(?:outperform|surpass|outstrip)\w*|exceed\w*|beats?", re.I)
# Who says so only supposes it, limits it, tells what others say, or speaks of their own method.
_NOT_PLAINLY = re.compile(
    r"(?<![\w-])(?:whether|if|unless|when|whenever|only|may|might|could|can|would|should|sometimes|often|depend(?:s|ing)?"
    r"|believed|(?:is|are|was|were|been|widely) thought|assum\w+|hypothes\w+|expect\w+|suppos\w+|contrary|unlike"
    r"|prior|previous\w*|existing|conventional\w*|traditional\w*|aims?|goal|challeng\w+|how|why|our|ours|propos\w+"
    r"|novel|new|introduc\w+|this|these|they|it|such|both|trade-?offs?"
    r"|the (?:method|approach|framework|algorithm|technique|system|pipeline|strategy))\b|\?",
    re.I,
)
_REPORTS = frozenset(terms(
    "experiments demonstrate extensive empirical empirically evaluations observe observed reveal suggest indicate"
    " confirm significantly substantially considerably strongly strong evidence find found show shown report study"
    " studies paper work works results analysis analyses examine investigate conclude however moreover furthermore also"
    " we our has have had does do did use used using been being up down"
))  # fmt: skip
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
class Read:
    """A sentence as printed, with its words."""

    printed: str
    words: tuple[Word, ...]
    content: tuple[str | None, ...]  # the stem of each word that says what is spoken of
    names: frozenset[str]  # the stems of its names
    quantities: tuple[Quantity, ...]
    is_plain: bool  # neither supposed nor somebody else's

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(filter(None, self.content))


@dataclass(frozen=True, slots=True)
class _Point:
    """A word that points somewhere: which line and side of the table of opposites, or a negated word as such."""

    place: int
    stem: str
    kind: int | str
    sign: int


def read(sentence: str) -> Read:
    plain = plain_text(sentence)
    words = tuple(words_of(plain))
    content = tuple(None if word.stem in _REPORTS else word.stem for word in words)
    names = frozenset(word.stem for place, word in enumerate(words) if word.stem and _is_name(words, place))
    return Read(sentence, words, content, names, tuple(quantities(plain, words)), not _NOT_PLAINLY.search(plain))


def opposed(one: Read, other: Read) -> tuple[Part, Part] | None:
    """Return where, in each of two printed sentences, stands what they clearly disagree on; None if they do not."""
    if not (one.is_plain and other.is_plain) or len(one.stems & other.stems) < _LEAST_SHARED:
        return None
    if not (one.names <= _all_stems(other) and other.names <= _all_stems(one)):
        return None
    return _directions_differ(one, other) or _orders_differ(one, other) or _numbers_differ(one, other)


def _is_name(words: Sequence[Word], place: int) -> bool:
    """Tell a name by its capitals and digits; a number is one where it is joined to a word ("GPT-4", "4-bit")."""
    text = words[place].text
    if text.isdigit():
        return words[place].joined or (
            place + 1 < len(words) and words[place + 1].joined and words[place + 1].text.isalpha()
        )
    return any(letter.isupper() or letter.isdigit() for letter in text[1:]) or (place > 0 and text[0].isupper())


def _all_stems(sentence: Read) -> frozenset[str]:
    return frozenset(word.stem for word in sentence.words if word.stem)


def _directions_differ(one: Read, other: Read) -> tuple[Part, Part] | None:
    ours, theirs = _without_shared(_points(one), _points(other))
    meeting = [(a, b) for a, b in product(ours, theirs) if _meet(a, b)]
    opposite = [(a, b) for a, b in meeting if a.sign != b.sign and _is_of_the_same(one, a.place, other, b.place)]
    if any(negated(one.words)) and any(negated(other.words)):
        opposite = [(a, b) for a, b in opposite if isinstance(a.kind, int) and isinstance(b.kind, int)]
    if not opposite or any(a.sign == b.sign for a, b in meeting):
        return None
    return _part(one, opposite[0][0].place), _part(other, opposite[0][1].place)


def _orders_differ(one: Read, other: Read) -> tuple[Part, Part] | None:
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


def _points(sentence: Read) -> list[_Point]:
    """Return what points somewhere; every other word points as such, the other way if it is negated."""
    words, turned = sentence.words, negated(sentence.words)
    found = {
        cue.place: _Point(cue.place, words[cue.place].stem or "", cue.line, -cue.side if cue.negated else cue.side)
        for cue in cues(words)
        if cue.line in _FINDINGS
    }
    for place, word in enumerate(words):
        sign = -1 if turned[place] else 1
        if word.lower in _RELATIONS:  # "effect" has the stem of "effective"
            found[place] = _Point(place, word.stem or "", _RELATED, sign)
        elif word.stem and place not in found:
            found[place] = _Point(place, word.stem, word.stem, sign)
    return list(found.values())


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


def _is_of_the_same(one: Read, ours: int, other: Read, theirs: int) -> bool:
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


def _sides(one: Read, ours: int, other: Read, theirs: int) -> tuple[_Sides, _Sides]:
    """Return the content before and behind two places, as if neither or both of the sentences were passive."""
    sides, other_sides = _around(one, ours), _around(other, theirs)
    if bool(_PASSIVE.search(one.printed)) != bool(_PASSIVE.search(other.printed)):
        other_sides = other_sides[1], other_sides[0]
    return sides, other_sides


def _around(sentence: Read, place: int) -> tuple[frozenset[str], frozenset[str]]:
    before = sentence.content[max(0, place - _AROUND) : place]
    behind = sentence.content[place + 1 : place + 1 + _AROUND]
    return frozenset(filter(None, before)), frozenset(filter(None, behind))


def _numbers_differ(one: Read, other: Read) -> tuple[Part, Part] | None:
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
    return _part(one, 0), _part(other, 0)


def _opening(sentence: Read) -> frozenset[str]:
    """Return the names with which a sentence begins: a result is theirs."""
    first = frozenset(word.stem for word in sentence.words[:_OPENING] if word.stem)
    return first & sentence.names


def _part(sentence: Read, place: int) -> Part:
    """Return the clauses around a word, without the full stop; the whole sentence if it is short or has LaTeX."""
    words, printed = sentence.words, sentence.printed
    whole = 0, len(printed.rstrip(" ."))
    if len(words) <= _SHORT or printed != plain_text(printed):
        return whole
    first = max((n for n in range(max(0, place - _AROUND) + 1) if words[n].opens), default=0)
    last = next((n for n in range(place + _AROUND, len(words)) if words[n].opens), len(words))
    return words[first].start, words[last - 1].end
