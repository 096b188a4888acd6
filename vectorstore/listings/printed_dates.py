"""Dates as pages print them: "Oct 25, 2022", "Apr 3", "2025-02-02", "14. Mai 2025", "on 14 May", "3 days ago"; and as
fields and lines hold them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from vectorstore.listings.entry import Precision
from vectorstore.listings.source import one_spaced
from vectorstore.listings.time_words import AGO, MONTHS, ONE, TODAY, UNITS, YESTERDAY, Unit, unaccented

_LONGEST_DATE = 80
_MOST_LEADING_WORDS = 3  # "First published online"
_TIME = re.compile(
    r"(?:,|t| at| um)? ?\(?\d{1,2}[:h]\d\d(?::\d\d(?:\.\d{1,9})?)? ?(?:[ap]\.?m\.?)?"
    r" ?(?:z|utc|gmt|[a-z]{3,4}|[+-]\d\d:?\d\d)?\)?$"
)
_VERSION = re.compile(r"[ ,]*\(?\bv\d{1,2}\)?$")
_YEAR_FIRST = re.compile(r"(?P<year>(?:19|20)\d\d) ?([-/.]) ?(?P<month>\d{1,2})(?: ?\2 ?(?P<day>\d{1,2}))?")
_YEAR_LAST = re.compile(r"(?P<one>\d{1,2})(?P<mark>[-/.]) ?(?P<two>\d{1,2})(?P=mark) ?(?P<year>(?:19|20)\d\d|\d\d)")
_IN_CHARACTERS = re.compile(  # "2025年5月14日", "2025년 5월 14일", "5月14日"
    r"(?:(?P<year>(?:19|20)\d\d) ?[年년] ?)?(?P<month>\d{1,2}) ?[月월](?: ?(?P<day>\d{1,2}) ?[日号號일])?"
)
_SHORT_YEAR = re.compile(r"['’](\d\d)\b|(?<=[^\W\d_]-)(\d\d)$")  # "May '25", "14-May-25"
_OUTER_MARKS = " ,.:;|/·•–—-()"
_ODD_MARK = re.compile(r"[^\w\s.,:;/|'’()·•–—+-]")
_ODD_CAPITALS = re.compile(r"[A-Z]{2}[a-z]|[a-z][A-Z]")  # the end of "DINOv3" is not the third of November
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)*")
# What stands between the parts: "14th of May", "14 de mayo de 2025", "2025 m. gegužės 14 d.", "14 мая 2025 г."
_FILLERS = frozenset(
    unaccented(
        "st nd rd th er ere eme e o a of the de del d di den der le el am on in at m g gada г года року р й го"
    ).split()
)
_ABOUT = frozenset("about over almost nearly more less than around environ etwa circa y".split())
_LEADS = frozenset(
    "published publication posted submitted updated revised released announced added created uploaded accepted online"
    " first last date dated on at since submission".split()
)
_ORDERS = frozenset({"dm", "md", "dmy", "mdy", "ymd", "my", "ym"})
_WITHOUT_NUMBER = AGO | TODAY | YESTERDAY
_NEWEST_SHORT_YEAR = 68  # as POSIX reads "%y"
# As a field has them among other things: "2025-05-14T10:00:00Z", "Epub 2024 Apr 1", "May-Jun 2025".
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_NUMBERED = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)")
_DAY = re.compile(r"(?<![\d/-])(\d{1,2})(?:st|nd|rd|th)?(?![\d/-])")
_LONGEST_FIELD = 100
DAY_FIRST = (
    r"(?P<day>\d{1,2})\s+(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
    r"\s+(?P<year>(?:19|20)?\d\d)"
)
_DAY_FIRST = re.compile(DAY_FIRST)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as far as a record says it."""

    day: date | None = None
    precision: Precision = "day"


@dataclass(frozen=True, slots=True)
class Ago:
    """How long before the page was saved: (3, "day")."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed; None stands for what the page leaves out. The day may not exist ("Feb 30").

    `first` says of a date in numbers, "14/05/2025", what its first one is; in "02/03/2025" either may be the day. A
    date that counts back from the day when the page was saved is `ago`, and nothing else.
    """

    month: int | None = None
    day: int | None = None
    year: int | None = None
    first: Literal["day", "month", "either"] | None = None
    ago: Ago | None = None


def printed_date(text: str, *, led: bool = False) -> PrintedDate | None:
    """Return the date that the whole text is; None if it is none.

    "Published on" may stand before it; if it may be `led`, two words of any kind may: "lundi 14 octobre 2025".
    """
    if len(text) > _LONGEST_DATE or _ODD_CAPITALS.search(text):
        return None
    said = unaccented(one_spaced(text))
    if _ODD_MARK.search(said):
        return None
    said = _VERSION.sub("", _TIME.sub("", said)).strip(_OUTER_MARKS)
    tokens = list(_TOKEN.finditer(said))
    if not any(token[0].isdigit() or token[0] in _WITHOUT_NUMBER for token in tokens):
        return None
    for place, token in enumerate(tokens[: _MOST_LEADING_WORDS + 1]):
        leading = [before[0] for before in tokens[:place]]
        if any(word.isdigit() for word in leading):
            return None
        rest = said[token.start() :]
        # "3d ago" before the Italian for 3 August, which has no unit.
        printed = _in_numbers(rest) or _relative([later[0] for later in tokens[place:]]) or _in_words(rest)
        is_whole = bool(printed and printed.day and printed.year)
        if printed and (_LEADS.issuperset(leading) or (led and is_whole and place < _MOST_LEADING_WORDS)):
            return printed
    return None


def read_date(text: str) -> Dated:
    """Return the date in a field, whole or among other things: "2025", "2025-05", "2025/05/12/", "14. Mai 2025",
    "2025 May 12", "May-Jun 2025". Of "02/03/2025", where either may be the day, it is the year."""
    text = text[:_LONGEST_FIELD]
    printed = printed_date(text)
    if printed and printed.year and printed.first != "either":
        return date_of(printed.year, printed.month or 0, printed.day or 0)
    if numbered := _NUMBERED.search(text):
        return date_of(*(int(part) for part in numbered.groups(default="0")))
    year = _YEAR.search(text)
    if not year:
        return Dated()
    rest = unaccented(text[: year.start()] + " " + text[year.end() :])
    month = next((MONTHS[token] for token in _TOKEN.findall(rest) if token in MONTHS), 0)
    day = _DAY.search(rest) if month else None
    return date_of(int(year[1]), month, int(day[1]) if day else 0)


def date_of(year: int, month: int = 0, day: int = 0) -> Dated:
    """Return a date of which the month, or the day, may be 0 or one that the calendar has not: not known."""
    for parts, precision in (((year, month, day), "day"), ((year, month, 1), "month"), ((year, 1, 1), "year")):
        try:
            return Dated(date(*parts), precision)  # type: ignore[arg-type]
        except (ValueError, OverflowError):
            continue
    return Dated()


def day_first(text: str) -> date | None:
    """Return the first day in a line that is printed as "12 May 2025"; None if there is none in the calendar."""
    match = _DAY_FIRST.search(text[:500])
    if match is None:
        return None
    dated = date_of(_whole_year(match["year"]), MONTHS[match["month"].lower()], int(match["day"]))
    return dated.day if dated.precision == "day" else None


def looks_dated(text: str) -> bool:
    """Tell whether a text has a year, or a number and the name of a month or a unit of time: it may be a date."""
    tokens = [token[0] for token in _TOKEN.finditer(unaccented(one_spaced(text[:_LONGEST_DATE])))]
    parts = [_part(token) for token in tokens]
    named = any((token in MONTHS or token in UNITS) and len(token) > 2 for token in tokens)
    return "y" in parts or ("d" in parts and (named or any(mark in text for mark in "月日前年월일전")))


def _in_numbers(text: str) -> PrintedDate | None:
    if match := _YEAR_FIRST.fullmatch(text) or _IN_CHARACTERS.fullmatch(text):
        year, month, day = (int(match[part]) if match[part] else None for part in ("year", "month", "day"))
        return PrintedDate(month, day, year) if _is_month(month) and (year or day) else None
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        return None
    one, two, year = int(match["one"]), int(match["two"]), _whole_year(match["year"])
    if match["mark"] == "." or one > 12:
        return PrintedDate(two, one, year, first="day") if _is_month(two) else None
    if two > 12:
        return PrintedDate(one, two, year, first="month") if _is_month(one) else None
    return PrintedDate(two, one, year, first="either" if one != two else None)


def _in_words(text: str) -> PrintedDate | None:
    """Return a date with the name of a month: "14. mai 2025", "may 14th", "may 2025"."""
    tokens = _TOKEN.findall(_SHORT_YEAR.sub(lambda short: f" {_whole_year(short[1] or short[2])}", text))
    parts = {_part(token): int(token) if token.isdigit() else MONTHS[token] for token in tokens if _part(token)}
    order = "".join(part for token in tokens if (part := _part(token)))
    others = [token for token in tokens if not _part(token)]
    if order not in _ORDERS or not _FILLERS.issuperset(others):
        return None
    return PrintedDate(parts["m"], parts.get("d"), parts.get("y"))


def _part(token: str) -> str:
    """Return "y", "m" or "d" for a token that is the year, the month or the day, "?" for another number."""
    if not token.isdigit():
        return "m" if token in MONTHS else ""
    if len(token) <= 2:
        return "d"
    return "y" if len(token) == 4 and token.startswith(("19", "20")) else "?"


def _relative(tokens: Sequence[str]) -> PrintedDate | None:
    """Return a date like "3 days ago", "vor einem Monat", "3天前" or "yesterday"."""
    said = [token for token in tokens if token not in _LEADS or token == "last"]
    if len(said) == 1 and said[0] in TODAY | YESTERDAY:
        return PrintedDate(ago=Ago(int(said[0] in YESTERDAY), "day"))
    counts = [token for token in said if token.isdigit()]
    units = [token for token in said if token in UNITS and token not in ONE] or [t for t in said if t in UNITS]
    others = {token for token in said if not token.isdigit()} - {*units}
    is_past = bool(others & AGO) or any(unit.endswith(("前", "전")) for unit in units)
    if not is_past or len(units) != 1 or len(counts) > 1 or not others <= AGO | ONE | _ABOUT | _FILLERS:
        return None
    if not counts and not others & (ONE | {"last"}):
        return None
    return PrintedDate(ago=Ago(int(counts[0][:4]) if counts else 1, UNITS[units[0]]))


def _is_month(number: int | None) -> bool:
    return number is not None and 1 <= number <= 12


def _whole_year(printed: str) -> int:
    year = int(printed)
    return year if year > 99 else year + (2000 if year <= _NEWEST_SHORT_YEAR else 1900)
