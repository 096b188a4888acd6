"""Dates of which only the month or the year may be known: they are written, and compared, as far as they are known."""

from calendar import monthrange
from datetime import date

from vectorstore.listings.entry import Precision

_LENGTHS: dict[Precision, int] = {"day": 10, "month": 7, "year": 4}  # of an ISO date


def iso_date(day: date | None, precision: Precision) -> str | None:
    """Return a date as ISO 8601 writes it: "2024-05-14", "2024-05", "2024"."""
    return day.isoformat()[: _LENGTHS[precision]] if day else None


def read_iso_date(text: str | None) -> tuple[date | None, Precision]:
    """Return the date that `iso_date` wrote. Raises ValueError."""
    if text is None:
        return None, "day"
    precision = next((each for each, length in _LENGTHS.items() if length == len(text)), None)
    if precision is None:
        raise ValueError(f"{text!r} is no ISO date")
    return date.fromisoformat(text + "-01-01"[len(text) - 4 :]), precision


def shown_date(day: date, precision: Precision) -> str:
    """Return a date as people read it: "14 May 2024", "May 2024", "2024"."""
    if precision == "year":
        return str(day.year)
    return f"{day:%B} {day.year}" if precision == "month" else f"{day.day} {day:%B} {day.year}"


def last_day(day: date, precision: Precision) -> date:
    """Return the last day that a date can mean."""
    if precision == "day":
        return day
    month = 12 if precision == "year" else day.month
    return date(day.year, month, monthrange(day.year, month)[1])


def within(day: date, precision: Precision, other: date) -> bool:
    """Tell whether another date may be the very day that a date means."""
    return day <= other <= last_day(day, precision)
