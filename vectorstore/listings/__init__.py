"""Listings: files that enumerate papers. One reader per format; detect() picks it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from vectorstore.errors import ListingError
from vectorstore.listings.cards import card_line
from vectorstore.listings.daily_page import is_daily_page, read_daily_page
from vectorstore.listings.entry import Entry, Listing, ProfileFigures, Skipped
from vectorstore.listings.profile_page import read_profile_page, split_header
from vectorstore.listings.source import Line, read_source

__all__ = ["Entry", "Listing", "ProfileFigures", "Skipped", "detect", "read_listing"]

Kind = Literal["profile", "headerless", "daily"]


def read_listing(path: Path, *, as_of: date | None = None, content: bytes | None = None) -> Listing:
    """Return the listing in a file, or in the `content` that was read from it.

    Dates without a year belong to the year of `as_of`, the day it was saved. Raises ListingError if the file cannot be
    read or is no listing. Lines without a place in a listing do not raise; they are in `skipped`.
    """
    source = read_source(path, content)
    kind = detect(source.lines)
    if kind is None:
        raise ListingError(
            f"{path} is no listing that can be read; copy the text of a profile page or a daily-papers page into it."
        )
    read = read_daily_page if kind == "daily" else read_profile_page
    page = read(source.lines, as_of=as_of)
    if not page.entries:
        raise ListingError(f"{path} lists no papers; copy the whole page, with titles and abstracts.")
    return Listing(
        name=source.name,
        sha256=source.sha256,
        kind=kind,
        as_of=as_of,
        owner=page.owner,
        figures=page.figures,
        entries=page.entries,
        skipped=(*([Skipped(1, source.doubt)] if source.doubt else ()), *page.skipped),
        content=source.content,
    )


def detect(lines: Sequence[Line]) -> Kind | None:
    """Return which kind of listing the lines are; None if they are none."""
    lines = tuple(lines)
    if is_daily_page(lines):
        return "daily"
    header, _ = split_header(lines)
    heads = (head for line in lines if (head := card_line(line.text)))
    if not any(head.date and (head.date.day or head.date.ago) and (head.category or header) for head in heads):
        return None
    return "profile" if header else "headerless"
