"""The numbers of a text, each with its unit and with the words of the thing that it counts or measures."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.text.wording import Word, shown, words_of

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_NAMED = {word: float(value) for value, word in enumerate([*_ONES.split(), *"seventeen eighteen nineteen".split()])} | {
    word: 10.0 * value for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_LETTERS = {"K": 1e3, "k": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
_MULTIPLES = {"twice": 2.0, "thrice": 3.0, "double": 2.0, "doubles": 2.0, "doubled": 2.0, "triple": 3.0, "tripled": 3.0}
_PARTS = {"half": 0.5, "halves": 0.5, "third": 1 / 3, "quarter": 0.25}

_NAME = "|".join(_NAMED)
_WRITTEN = rf"(?:(?:{_NAME})(?:[- ](?:{_NAME}))?)"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.·]\d+)?|\.\d+"
_ONE = rf"[-−+~≈]?(?:{_DIGITS})(?:[KkMBT]\b)?|\b{_WRITTEN}\b"
# Not inside a name: "GPT-4", "Qwen2.5", "IL-10", "v2", "H3K4", or "4-bit"'s own hyphen behind it, which is a unit.
_QUANTITY = re.compile(
    rf"(?<![\w.])(?<![A-Za-z]-)(?P<low>{_ONE})"
    rf"(?:(?:\s?%)?\s?(?:–|-|−|to\b)\s?(?P<high>(?:{_DIGITS})(?:[KkMBT]\b)?|{_WRITTEN}\b)(?=[\s%×x.,;)]|-fold|$))?"
    r"(?P<scale>[\s-](?:hundred|thousand|million|billion|trillion)\b)?"
    r"(?P<unit>\s?%|\s?(?:per ?cent\b|percentage points?\b|points?\b)|\s?[×x]\b|×|\s?-?\s?fold\b|\s(?:times)\b)?",
    re.I,
)
_WORDY = re.compile(
    rf"\b(?:(?:{'|'.join(_MULTIPLES)}|hal(?:f|ves))|(?:(?<=one )|(?<=by a ))(?:third|quarter)"
    r"|(?:third|quarter)(?= of\b))\b(?!-)",
    re.I,
)
_YEAR = re.compile(r"\((?:19|20)\d\d\)")  # of "Kim et al. (2025)"
_THING_BEFORE, _THING_BEHIND = 4, 4  # words around a number, of its clause, that may say what it is of


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, or the two ends of a range, with its unit ("%", "times" or "") and the stems before and behind it."""

    low: float
    high: float
    unit: str
    before: frozenset[str]
    behind: frozenset[str]
    printed: str
    start: int  # in the plain text
    end: int

    def equals(self, other: "Quantity") -> bool:
        units = {self.unit, other.unit}
        if units == {"%", "times"} and self.low != other.low:  # "half" of "50%"
            share, times = (self, other) if self.unit == "%" else (other, self)
            return share.low == share.high == 100 * times.low < 100
        return (self.low, self.high) == (other.low, other.high) and (len(units) == 1 or "%" not in units)

    def rounds(self, other: "Quantity") -> bool:
        """Tell whether this is the other number with fewer digits: "76%" of "76.3%"."""
        digits = _digits(self.printed)
        ends = ((self.low, other.low), (self.high, other.high))
        return digits < _digits(other.printed) and all(own == float(f"{exact:.{digits}g}") for own, exact in ends)

    def is_of_the_same(self, other: "Quantity") -> bool:
        """Tell whether two numbers may be of one thing: the words around them meet, or one has none."""
        own, others = self.before | self.behind, other.before | other.behind
        return not own or not others or bool(own & others)

    def counts_same(self, other: "Quantity") -> bool:
        return self.unit == other.unit and bool(self.behind & other.behind)


def quantities(plain: str, words: Sequence[Word] | None = None) -> list[Quantity]:
    """Return the numbers of a plain text in order; "GPT-4" and the year of "Kim (2025)" are none, nor is "one"."""
    words = words_of(plain) if words is None else words
    limit = words[-1].end + 2 if words else 0
    text = _YEAR.sub(lambda year: " " * len(year.group()), plain[:limit])
    found = sorted([*_numbers(text), *_wordy(text)])
    return [
        Quantity(low, high, unit, *_around(words, start, end), shown(text[start:end]), start, end)
        for start, end, low, high, unit in found
    ]


def _numbers(text: str) -> Iterator[tuple[int, int, float, float, str]]:
    for match in _QUANTITY.finditer(text):
        low, high = match.group("low"), match.group("high")
        if low.lower() in ("one", "zero") and not (high or match.group("scale") or match.group("unit")):
            continue
        if text[match.end() : match.end() + 1].isalpha():  # "4D", "16S": part of a name
            continue
        scale = _SCALES[match.group("scale")[1:].lower()] if match.group("scale") else 1.0
        ends = [_value(part) * scale for part in (low, high or low)]
        if high and _letter(low) == 1.0:
            ends[0] *= _letter(high)  # "1-3M"
        yield match.start(), match.end(), min(ends), max(ends), _unit(match.group("unit"))


def _unit(printed: str | None) -> str:
    unit = (printed or "").strip(" -").lower()
    return "%" if unit.startswith(("%", "per", "point")) else "times" if unit else ""


def _wordy(text: str) -> Iterator[tuple[int, int, float, float, str]]:
    for match in _WORDY.finditer(text):
        word = match.group().lower()
        value = _MULTIPLES.get(word) or _PARTS[word]
        yield match.start(), match.end(), value, value, "times"


def _digits(printed: str) -> int:
    """Return how many digits tell a number apart, those of the first end of a range."""
    number = re.search(r"\d[\d.,·]*", printed)
    return max(1, len(re.sub(r"\D", "", number.group()).lstrip("0"))) if number else 1


def _letter(printed: str) -> float:
    return _LETTERS.get(printed[-1], 1.0) if printed[0].isdigit() else 1.0


def _value(printed: str) -> float:
    number = printed.strip("+~≈").replace("−", "-").replace("·", ".")
    if any(character.isdigit() for character in number):
        return round(float(number.rstrip("KkMmBbTt").replace(",", "")) * _LETTERS.get(number[-1], 1.0), 9)
    return sum(_NAMED[part] for part in re.split(r"[- ]", number.lower()))


def _around(words: Sequence[Word], start: int, end: int) -> tuple[frozenset[str], frozenset[str]]:
    """Return the stems of the words before and behind a number that may say what it is of."""
    first = bisect_right(words, start, key=lambda word: word.end)
    behind = bisect_left(words, end, key=lambda word: word.start)
    after, kept = [], []
    for word in words[behind : behind + _THING_BEHIND]:
        if word.opens or _is_number(word):
            break
        after.append(word)
    inside_clause = not (first < len(words) and words[first].opens)
    for word in reversed(words[max(0, first - _THING_BEFORE) : first] if inside_clause else ()):
        if _is_number(word):
            break
        kept.append(word)
        if word.opens:
            break
    return _stems(kept), _stems(after)


def _is_number(word: Word) -> bool:
    return word.text[0].isdigit() or word.text.lower() in _NAMED


def _stems(words: Sequence[Word]) -> frozenset[str]:
    return frozenset(word.stem for word in words if word.stem)
