"""Dates as the pages print them, "Oct 25, 2022" or "Apr 3", and the year that the short form leaves out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

DATE_PATTERN = (
    r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? "
    r"(?P<day>\d{1,2})(?:, (?P<year>(?:19|20)\d\d))?"
)


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed; `year` is None where the page leaves it out. The day may not exist ("Feb 30")."""

    month: int
    day: int
    year: int | None


def printed_date(match: re.Match[str]) -> PrintedDate:
    """Return the date in a match of a pattern that contains DATE_PATTERN."""
    year = match["year"]
    month = _MONTHS.index(match["month"].lower()) + 1
    return PrintedDate(month, int(match["day"]), int(year) if year else None)


def listing_year(printed: Iterable[PrintedDate | None], *, as_of: date | None, page: PrintedDate | None) -> int:
    """Return the year that a listing's dates without a year belong to.

    That is the year of `as_of`, else the year of the page's own date if it has one, else the year after the
    newest explicit year (a page prints no year for the year it was saved in), else this year.
    """
    if as_of is not None:
        return as_of.year
    if page is not None and page.year is not None:
        return page.year
    years = [each.year for each in printed if each is not None and each.year is not None]
    return max(years) + 1 if years else date.today().year


def resolved_date(printed: PrintedDate | None, *, year: int) -> date | None:
    """Return the day itself, `year` filling in for a year left out; None if the calendar has no such day."""
    if printed is None:
        return None
    try:
        return date(printed.year or year, printed.month, printed.day)
    except ValueError:
        return None
