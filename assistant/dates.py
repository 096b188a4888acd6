"""Dates in a question: "in 2025", "since March 2024", "between 2019 and 2022", "last year"."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MOMENT = rf"(?:(?P<m{{0}}>{_MONTH})\.?,?\s+)?(?P<y{{0}}>(?:19|20)\d\d)"
_PUBLISHED = (
    r"(?:(?:published|released|written|came out|out|dated|posted|appear(?:ed|ing)|that (?:appeared|came out))\s+)?"
)
_BETWEEN = re.compile(
    rf"\b{_PUBLISHED}(?:between|from)\s+{_MOMENT.format(1)}\s*(?:and|to|until|-|–)\s*{_MOMENT.format(2)}\b", re.I
)
_MONTHS_OF_A_YEAR = re.compile(
    rf"\b{_PUBLISHED}(?:between|from)\s+(?P<m1>{_MONTH})\.?\s*(?:and|to|until|-|–)\s*(?P<m2>{_MONTH})\.?,?\s+"
    r"(?P<y2>(?:19|20)\d\d)\b",
    re.I,
)
_SINCE = re.compile(
    rf"\b{_PUBLISHED}(?P<word>since|from|after|later than|newer than)\s+{_MOMENT.format(1)}(?:\s+on(?:wards?)?)?\b",
    re.I,
)
_BEFORE = re.compile(
    rf"\b{_PUBLISHED}(?P<word>before|until|till|up to|earlier than|older than|by)\s+{_MOMENT.format(1)}\b",
    re.I,
)
_IN = re.compile(
    rf"\b{_PUBLISHED}(?:in|of|during|for|from)\s+(?:the year\s+)?{_MOMENT.format(1)}\b(?!\s+(?-i:[A-Z]\w+))", re.I
)
_BARE = re.compile(
    rf"(?<![-\d])\b{_MOMENT.format(1)}\b(?=\s+(?:papers?|works?|publications?|articles?))"
    rf"|\b(?<=papers )(?<![-\d]){_MOMENT.format(2)}\W*$",
    re.I,
)
_RELATIVE = re.compile(rf"\b{_PUBLISHED}(?:in |from |of )?(?P<which>last|this) (?P<unit>year|month)\b", re.I)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` to `until`, both included; None is open. `words` say it in the question."""

    since: date | None
    until: date | None
    words: str


def period_in(question: str, *, today: date) -> Period | None:
    """Return the period that a question names, if it names one."""
    if match := _BETWEEN.search(question):
        return Period(_first(match, 1), _last(match, 2), match.group())
    if match := _MONTHS_OF_A_YEAR.search(question):
        since = date(int(match["y2"]), _MONTHS[match["m1"].lower()], 1)
        return Period(since, _last(match, 2), match.group())
    if match := _RELATIVE.search(question):
        return _relative(match, today)
    if (match := _SINCE.search(question)) and match["word"].lower() != "from":
        after = match["word"].lower() in ("after", "later than", "newer than")
        since = _last(match, 1) if after else _first(match, 1)
        return Period(date.fromordinal(since.toordinal() + 1) if after else since, None, match.group())
    if match := _BEFORE.search(question):
        inclusive = match["word"].lower() in ("until", "till", "up to", "by")
        until = _last(match, 1) if inclusive else date.fromordinal(_first(match, 1).toordinal() - 1)
        return Period(None, until, match.group())
    if match := _IN.search(question):
        return Period(_first(match, 1), _last(match, 1), match.group())
    if match := _BARE.search(question):
        group = 1 if match["y1"] else 2
        return Period(_first(match, group), _last(match, group), match.group())
    return None


def _relative(match: re.Match[str], today: date) -> Period:
    back = 1 if match["which"].lower() == "last" else 0
    if match["unit"].lower() == "year":
        year = today.year - back
        return Period(date(year, 1, 1), date(year, 12, 31), match.group())
    months = today.year * 12 + today.month - 1 - back
    year, month = divmod(months, 12)
    return Period(date(year, month + 1, 1), _end_of_month(year, month + 1), match.group())


def _first(match: re.Match[str], group: int) -> date:
    month = match[f"m{group}"]
    return date(int(match[f"y{group}"]), _MONTHS[month.lower()] if month else 1, 1)


def _last(match: re.Match[str], group: int) -> date:
    month = match[f"m{group}"]
    return _end_of_month(int(match[f"y{group}"]), _MONTHS[month.lower()] if month else 12)


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
