"""Limits: the part of the library that a conversation is held on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import MAXYEAR, MINYEAR, date
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from vectorstore.catalogue.filters import Filters


@dataclass(frozen=True, slots=True)
class Limits:
    """What each paper of a conversation's answers meets; a field that is empty or None says nothing.

    It is on one of the listings (by file name or page owner), by one of the authors, of a year from `since_year` to
    `until_year`, both included, and one of the papers with `paper_ids`. Raises ValueError for a year that no calendar
    has.
    """

    listings: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    since_year: int | None = None
    until_year: int | None = None
    paper_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for year in (self.since_year, self.until_year):
            if year is not None and not MINYEAR <= year <= MAXYEAR:
                raise ValueError(f"{year} is no year; give one from {MINYEAR} to {MAXYEAR}.")

    def __bool__(self) -> bool:
        return self != Limits()

    def filters(self) -> Filters:
        """Return what a paper must meet to lie within the limits; no filters for no limits."""
        listed = Filters(any_of=tuple(Filters(listing=name) for name in self.listings))
        alone = len(self.authors) == 1
        written = Filters(any_of=() if alone else tuple(Filters(authors=(name,)) for name in self.authors))
        return Filters(
            authors=self.authors if alone else (),
            since=date(self.since_year, 1, 1) if self.since_year is not None else None,
            until=date(self.until_year, 12, 31) if self.until_year is not None else None,
            paper_ids=self.paper_ids or None,
            also=tuple(filter(None, (listed, written))),
        )

    def record(self) -> dict[str, Any]:
        """Return the limits for JSON; `Limits.of` reads them back."""
        return asdict(self)

    @staticmethod
    def of(record: Mapping[str, Any]) -> "Limits":
        """Return the limits whose `record()` this is, as JSON or before it became JSON.

        Raises ValueError if it is none.
        """
        return _limits().validate_python(record)


@cache
def _limits() -> TypeAdapter[Limits]:
    return TypeAdapter(Limits)
