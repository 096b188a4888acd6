"""What day a printed date means on its page: the year left out, the day that "3 days ago" counts from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from vectorstore.listings.entry import Precision
from vectorstore.listings.printed_dates import Ago, PrintedDate

_DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30.44, "year": 365.24}
_DAY_IN_NAME = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<mark>[-_.]?)(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?!\d)")
_NO_SUCH_DAY = "no such day in the calendar; the date is left out"
_EITHER_ORDER = "its date may begin with the day or with the month; it is read with the day first"
_FROM_TODAY = "its date counts back from when the page was saved, which nothing says; it is counted from today"


@dataclass(frozen=True, slots=True)
class PageTime:
    """What the dates of a page are read by.

    `year` is that of dates without one; relative ones count back from `saved`, or from today. `first` is what other
    dates of the page begin with that are as 14/05/2025 or as 05/14/2025, None without such a date, or with both.
    """

    year: int
    saved: date | None
    first: Literal["day", "month"] | None


@dataclass(frozen=True, slots=True)
class Published:
    """When a paper appeared; `doubt` says what was guessed, or why there is no day."""

    day: date | None = None
    precision: Precision = "day"
    year_inferred: bool = False
    doubt: str | None = None


def day_in_name(name: str) -> date | None:
    """Return the day that a file is named after, "2025-05-21.txt" or "daily_20250521.html"; None if there is none."""
    for found in _DAY_IN_NAME.finditer(name):
        try:
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            continue
        if day <= date.today():
            return day
    return None


def page_time(printed: Iterable[PrintedDate | None], *, as_of: date | None, page: PrintedDate | None) -> PageTime:
    """Return what the dates `printed` on a page are read by; `page` is the page's own date."""
    dates = [each for each in printed if each is not None]
    year = _listing_year(dates, as_of=as_of, page=page)
    own_day = _calendar_day(page, year) if page and page.day else None
    firsts = {each.first for each in dates if each.first in ("day", "month")}
    return PageTime(year, as_of or own_day, firsts.pop() if len(firsts) == 1 else None)


def published(printed: PrintedDate | None, time: PageTime) -> Published:
    """Return the day itself, the first of its month or year where no more is printed."""
    if printed is None:
        return Published()
    if printed.ago:
        return _counted_back(printed.ago, time)
    if printed.first == "either" and time.first == "month":
        printed = PrintedDate(printed.day, printed.month, printed.year)
    day = _calendar_day(printed, time.year)
    if day is None:
        return Published(doubt=_NO_SUCH_DAY)
    precision: Precision = "day" if printed.day else "month" if printed.month else "year"
    doubt = _EITHER_ORDER if printed.first == "either" and time.first is None else None
    return Published(day, precision, printed.year is None, doubt)


def _counted_back(ago: Ago, time: PageTime) -> Published:
    """Return the day that is as long ago; of weeks and months only the month is known, of years only the year."""
    saved = time.saved or date.today()
    try:
        day = saved - timedelta(days=int(ago.count * _DAYS[ago.unit]))
    except OverflowError:
        return Published(doubt=_NO_SUCH_DAY)
    doubt = None if time.saved else _FROM_TODAY
    if ago.unit == "year":
        return Published(date(max(saved.year - ago.count, 1), 1, 1), "year", True, doubt)
    if ago.unit == "month":
        months = saved.year * 12 + saved.month - 1 - ago.count
        return Published(date(max(months // 12, 1), months % 12 + 1, 1), "month", True, doubt)
    if ago.unit == "week":
        return Published(day.replace(day=1), "month", True, doubt)
    return Published(day, "day", True, doubt)


def _listing_year(dates: Sequence[PrintedDate], *, as_of: date | None, page: PrintedDate | None) -> int:
    """Return the year that a listing's dates without a year belong to.

    That is the year of the page's own date if it has one, else the year of `as_of`, else the year after the
    newest explicit year (a page prints no year for the year it was saved in), else this year.
    """
    if page is not None and page.year is not None:
        return page.year
    if as_of is not None:
        return as_of.year
    years = [each.year for each in dates if each.year is not None]
    return max(years) + 1 if years else date.today().year


def _calendar_day(printed: PrintedDate, year: int) -> date | None:
    try:
        return date(printed.year or year, printed.month or 1, printed.day or 1)
    except ValueError:
        return None
