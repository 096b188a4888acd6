"""Periods in a question: "in 2025", "since March 2024", "2025-06", "between 2019 and 2022", "this spring"."""

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_VERBS = ("may", "march", "mar")
_FIRST_MONTHS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # northern, meteorological
_SEASON = rf"(?:{'|'.join(_FIRST_MONTHS)})"
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(_NUMBERS)}|couple of)"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"

_PAPERS = r"(?:papers?|works?|publications?|articles?|preprints?|studies|ones?)"
_PUBLISHED = (
    r"(?:(?:(?:that|which) )?(?:(?:was|were|are|is|been|be|first) )*"
    r"(?:published|released|written|came out|come out|out|dated|posted|made|appear(?:s|ed|ing)?)\s+)?"
)
# What German, French, Spanish, Italian, Portuguese and Dutch put before a year.
_SINCE_ELSEWHERE = r"seit|ab|depuis|à partir de|desde|a partir (?:de|del|dal)|dal|sinds|vanaf"
_UNTIL_ELSEWHERE = r"bis|jusqu['’](?:en|à)|hasta|até|fino al|tot"
_IN_ELSEWHERE = r"im jahre?|aus(?: dem jahre?)?|von|en|de|nel|del|em|van|uit"
_BEGINNING = re.compile(
    rf"\b{_PUBLISHED}(?P<cue>since|{_SINCE_ELSEWHERE}|from|(?<!no )(?<!not )(?:after|later than|newer than)"
    r"|more recent than|starting (?:in|from|with)|as of|at least from"
    r"|not (?:published )?before|no(?:t)? earlier than|not older than)\s+(?:the\s+)?$",
    re.I,
)
_END = re.compile(
    rf"\b{_PUBLISHED}(?P<cue>(?<!no )(?<!not )(?:before|earlier than|older than)|until|till|up to|through|prior to|by"
    rf"|{_UNTIL_ELSEWHERE}|no(?:t)? later than"
    r"|not (?:published )?after|not newer than)\s+(?:the\s+)?(?:end of\s+)?$",
    re.I,
)
_WITHIN = re.compile(
    rf"\b{_PUBLISHED}(?:in|of|on|during|for|within|over|from|throughout)\s+"
    r"(?:the\s+)?(?:(?:years?|month|season) (?:of )?)?$"
    rf"|\b(?:published|released|dated|posted|appeared|year:?|are|were)\s+$",
    re.I,
)
_RANGE = re.compile(rf"\b{_PUBLISHED}(?:between|from|in|during)\s+(?:the\s+)?$", re.I)
_RANGE_SIGN = re.compile(r"\s*(?:-|–|—|\bto|\buntil|\btill|\bthrough)\s*", re.I)
_JOINED = re.compile(r"\s*(?:,|,?\s(?:and|or|vs\.?|versus)(?: in)?)\s*", re.I)
_ONWARDS = re.compile(r"\s+(?:on(?:wards?)?|(?:and|or) (?:later|after|newer|onwards?|since|up))\b", re.I)
_BACKWARDS = re.compile(r"\s+(?:and|or) (?:earlier|before|older)\b", re.I)
_AFTER = ("after", "later than", "newer than", "more recent than")
_BEFORE = ("before", "earlier than", "older than", "prior to")
# "the 2022 World Cup", "ImageNet-2012": a year that stands for no date of publication.
_NAMES_SOMETHING = re.compile(r"\s+(?-i:[A-Z]\w)")
_FOLLOWED_BY_PAPERS = re.compile(rf"(?:\s+[\w-]+){{0,2}}?\s+{_PAPERS}\b", re.I)
_BEHIND_PAPERS = re.compile(
    rf"(?:\b{_PAPERS}|⟧|,|\bof (?:them|these|those)"
    r"|\b(?:only|just|exclude|excluding|except|without|not|drop|remove|show))\s*\(?$",
    re.I,
)


_GOES_ON = re.compile(r"\s*(?:,|⟦|\b(?:with|without|by|about|on|in|only)\b)", re.I)
_ALONE = re.compile(r"\s+(?:only|alone|uniquement|nur|seulement|solo)\b", re.I)
_ONLY_ASKED = re.compile(r"^(?:\s|and|or|what about|how about|only|just|the|year|in|now|,)+", re.I)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` to `until`, both included; None is open. `text[start:end]` says it in the question."""

    start: int
    end: int
    since: date | None
    until: date | None


class _Span(NamedTuple):
    first: date
    last: date


class _Moment(NamedTuple):
    """A span of days as the question says it. `clear`: it says by itself that it is one, as a bare year does not."""

    start: int
    end: int
    span: _Span
    clear: bool
    month_alone: int | None  # of "May": its year is still to be found


def periods_in(text: str, *, today: date) -> list[Period]:
    """Return the periods that a question names, in their order; they do not overlap."""
    moments = list(_moments(text, today))
    periods: list[Period] = []
    while moments:
        moment, *moments = moments
        if moments and (joined := _range(text, moment, moments[0])):
            moments.pop(0)
            periods.append(joined)
        elif period := _period(text, moment, after=periods[-1] if periods else None):
            periods.append(period)
    return periods


def _range(text: str, first: _Moment, last: _Moment) -> Period | None:
    before, between = text[: first.start], text[first.end : last.start]
    opening = _RANGE.search(before)
    bounded = opening and "between" in opening.group().lower() and between.strip().lower() == "and"
    if not (bounded or _RANGE_SIGN.fullmatch(between)):
        return None
    since = first.span.first
    if first.month_alone and not last.month_alone:  # "between May and July 2025"
        since = date(last.span.last.year, first.month_alone, 1)
        since = since if since <= last.span.last else since.replace(year=since.year - 1)
    if since > last.span.last:
        return None
    return Period(opening.start() if opening else first.start, last.end, since, last.span.last)


def _period(text: str, moment: _Moment, *, after: Period | None) -> Period | None:
    """Return the period of a moment; `after` is the one before it, of "in 2023 and 2025"."""
    before, behind = text[: moment.start], text[moment.end :]
    first, last = moment.span
    if onwards := _ONWARDS.match(behind):
        cue = _BEGINNING.search(before) or _WITHIN.search(before)
        return Period(cue.start() if cue else moment.start, moment.end + onwards.end(), first, None)
    if backwards := _BACKWARDS.match(behind):
        cue = _WITHIN.search(before)
        return Period(cue.start() if cue else moment.start, moment.end + backwards.end(), None, last)
    if (cue := _BEGINNING.search(before)) and cue["cue"].lower() != "from":
        since = last + timedelta(1) if cue["cue"].lower() in _AFTER else first
        return Period(cue.start(), moment.end, since, None)
    if cue := _END.search(before):
        until = first - timedelta(1) if cue["cue"].lower() in _BEFORE else last
        return Period(cue.start(), moment.end, None, until)
    cue = _WITHIN.search(before)
    joined = after and _JOINED.fullmatch(text[after.end : moment.start])
    if cue and not moment.clear and cue.group().split()[0].lower() == "on":  # "on the 2010 dataset"
        cue = None
    if not (moment.clear or cue or joined or _stands_by_papers(before, behind)):
        return None
    if not moment.clear and _NAMES_SOMETHING.match(behind) and not _FOLLOWED_BY_PAPERS.match(behind):
        return None
    return Period(cue.start() if cue else moment.start, moment.end, first, last)


def _stands_by_papers(before: str, behind: str) -> bool:
    """Tell whether a bare year belongs to papers: "2025 papers", "all papers 2025", "Soeun Kim, 2025"."""
    if before[-1:] in ("-", "/"):
        return False
    if _ALONE.match(behind):
        return True
    at_end = not behind.strip(" ?.!)") or bool(_GOES_ON.match(behind))
    alone = not _ONLY_ASKED.sub("", before).strip(" (") and at_end
    return alone or bool(_FOLLOWED_BY_PAPERS.match(behind) or (at_end and _BEHIND_PAPERS.search(before)))


# -- moments


def _moments(text: str, today: date) -> Iterator[_Moment]:
    for match in _MOMENT.finditer(text):
        kind = match.lastgroup or ""
        said = match.group()
        if kind == "month" and not _is_a_month(text, match):
            continue
        span = _READERS[kind](said, today)
        if span is not None:
            alone = _MONTHS[_words(said)[0]] if kind == "month" else None
            yield _Moment(match.start(), match.end(), span, kind not in ("year", "month"), alone)


def _is_a_month(text: str, match: re.Match[str]) -> bool:
    """Tell whether a month's name without a year is one: "may" and "march" are verbs too."""
    before = text[: match.start()]
    cue = any(pattern.search(before) for pattern in (_WITHIN, _BEGINNING, _END, _RANGE))
    as_noun = re.match(r"\W*$|\s+(?:by|on|about|with)\b", text[match.end() :])
    capital = match.group()[0].isupper() or _words(match.group())[0] not in _VERBS or bool(as_noun)
    return capital and (cue or bool(re.search(r"\b(?:and|to|until)\s+$", before, re.I)))


def _words(said: str) -> list[str]:
    return re.findall(r"\d+|[a-z]+", said.lower())


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS.index(word) + 1 if word in _NUMBERS else 2


def _months(year: int, first: int, count: int) -> _Span:
    """Return `count` months from `first` (1 to 12) of `year`."""
    years, month = divmod(first - 1 + count - 1, 12)
    return _Span(date(year, first, 1), _end_of_month(year + years, month + 1))


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _day(said: str, _today: date) -> _Span | None:
    words = [word for word in _words(said) if word not in ("of", "st", "nd", "rd", "th", "the")]
    if words[0].isdigit() and len(words[0]) == 4:
        year, month, day = (int(word) for word in words)
    else:
        month = next(_MONTHS[word] for word in words if word in _MONTHS)
        day, year = (int(word) for word in words if word.isdigit())
    try:
        return _Span(date(year, month, day), date(year, month, day))
    except ValueError:  # "31 June 2025"
        return None


def _month_of_year(said: str, today: date) -> _Span | None:
    words = _words(said)
    if words[-1] in ("year", "this", "last"):
        year = today.year - ("last" in words)
    else:
        year = next(int(word) for word in words if len(word) == 4 and word.isdigit())
    month = next((_MONTHS[word] for word in words if word in _MONTHS), None)
    month = month or next(int(word) for word in words if len(word) < 3)
    return _months(year, month, 1) if 1 <= month <= 12 else None


def _season_of_year(said: str, _today: date) -> _Span:
    season, *_, year = _words(said)
    return _months(int(year), _FIRST_MONTHS[season], 3)


def _part_of_year(said: str, _today: date) -> _Span:
    words = _words(said)
    year = next(int(word) for word in words if len(word) == 4 and word.isdigit())
    if "half" in words:
        return _months(year, 1 if "first" in words else 7, 6)
    if "quarter" in words:
        return _months(year, 3 * min(("first second third fourth last".split()).index(words[0]), 3) + 1, 3)
    if quarter := re.search(r"q([1-4])", said, re.I):
        return _months(year, 3 * int(quarter[1]) - 2, 3)
    return _months(year, {"early": 1, "mid": 5, "late": 9}[words[0]], 4)


def _years(said: str, _today: date) -> _Span | None:
    first, last = (int(word) for word in _words(said))
    return _Span(date(first, 1, 1), date(last, 12, 31)) if first <= last else None


def _decade(said: str, _today: date) -> _Span:
    first = int(_words(said)[0])
    return _Span(date(first, 1, 1), date(first + 9, 12, 31))


def _year(said: str, _today: date) -> _Span:
    return _months(int(said), 1, 12)


def _recent(said: str, today: date) -> _Span:
    """Return the days of "the last three months", up to today."""
    *_, number, unit = _words(said.replace("couple of", "two"))
    count = _number(number)
    if unit.startswith("day"):
        return _Span(today - timedelta(count), today)
    if unit.startswith("week"):
        return _Span(today - timedelta(7 * count), today)
    months = today.year * 12 + today.month - 1 - count * (12 if unit.startswith("year") else 1)
    year, month = divmod(months, 12)
    return _Span(date(year, month + 1, min(today.day, _end_of_month(year, month + 1).day)), today)


def _relative(said: str, today: date) -> _Span:
    """Return "this" or "last" year, month, week or season. The last season is the latest that is over."""
    words = _words(said)
    if words[0] in ("today", "yesterday"):
        day = today - timedelta(words[0] == "yesterday")
        return _Span(day, day)
    unit, back = words[-1], 1 if words[0] in ("last", "past", "previous") else 0
    if unit == "year":
        return _months(today.year - back, 1, 12)
    if unit == "month":
        year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
        return _months(year, month + 1, 1)
    if unit == "week":
        monday = today - timedelta(today.weekday() + 7 * back)
        return _Span(monday, monday + timedelta(6))
    season = _months(today.year, _FIRST_MONTHS[unit], 3)
    if unit == "winter" and today < date(today.year, 3, 1):  # the winter that began last year
        season = _months(today.year - 1, 12, 3)
    if back and season.last >= today:
        season = _months(season.first.year - 1, season.first.month, 3)
    return season


def _month_alone(said: str, today: date) -> _Span:
    """Return the latest month of that name that has begun."""
    month = _MONTHS[_words(said)[0]]
    return _months(today.year - (month > today.month), month, 1)


_READERS: dict[str, Callable[[str, date], _Span | None]] = {
    "day": _day,
    "month_of_year": _month_of_year,
    "season_of_year": _season_of_year,
    "part_of_year": _part_of_year,
    "years": _years,
    "decade": _decade,
    "recent": _recent,
    "relative": _relative,
    "year": _year,
    "month": _month_alone,
}
_WORDINGS: dict[str, Sequence[str]] = {
    "day": (
        rf"\b{_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}\b",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+(?:of\s+)?{_YEAR}\b",
        rf"\b{_MONTH}\s+(?:the\s+)?{_DAY},?\s+{_YEAR}\b",
    ),
    "month_of_year": (
        rf"\b{_YEAR}[-/]\d\d\b(?!-)",
        rf"\b\d{{1,2}}/{_YEAR}\b",
        rf"\b{_MONTH},?\s+(?:of\s+)?(?:{_YEAR}\b|(?:this|last) year\b)",
        rf"\b{_YEAR}\s+{_MONTH}",
    ),
    "season_of_year": (rf"\b{_SEASON}\s+(?:of\s+)?{_YEAR}\b",),
    "part_of_year": (
        rf"\b(?:first|second) half of\s+{_YEAR}\b",
        rf"\b(?:first|second|third|fourth|last) quarter of\s+{_YEAR}\b",
        rf"\bQ[1-4]\s*(?:of\s+)?{_YEAR}\b|\b{_YEAR}\s*Q[1-4]\b",
        rf"\b(?:early|mid|late)[ -]{_YEAR}\b",
    ),
    "years": (rf"(?<![-\w]){_YEAR}\s*[-–—]\s*{_YEAR}\b(?!-)",),
    "decade": (r"\b(?:19|20)\d0s\b",),
    "recent": (rf"\b(?:the\s+)?(?:last|past|previous)\s+{_NUMBER}\s+(?:year|month|week|day)s?\b",),
    "relative": (
        rf"\b(?:this|last|past|previous|the current|the last|the past)\s+(?:year|month|week|{_SEASON})\b",
        r"\b(?:today|yesterday)\b(?!['’])",
    ),
    "year": (rf"(?<![-\d.,/]){_YEAR}\b(?![-.,]\d)",),
    "month": (rf"\b{_MONTH}",),
}
_MOMENT = re.compile("|".join(f"(?P<{kind}>{'|'.join(wordings)})" for kind, wordings in _WORDINGS.items()), re.I)
