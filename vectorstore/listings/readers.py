"""Listings: files that enumerate papers. One reader per format; READERS says which, `detect` picks one by content."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vectorstore.errors import ListingError
from vectorstore.listings.atom import is_atom, read_atom
from vectorstore.listings.bibtex import is_bibtex, read_bibtex
from vectorstore.listings.cards import CardLine, card_line
from vectorstore.listings.copied_pages import COPIED_PAGES, NOTES, CopiedPage
from vectorstore.listings.daily_page import is_daily_page, read_daily_page
from vectorstore.listings.delimited import is_delimited, read_delimited
from vectorstore.listings.entry import Entry, Listing, ProfileFigures, Skipped
from vectorstore.listings.json_fields import read_json, read_json_lines
from vectorstore.listings.json_text import is_json, is_json_lines
from vectorstore.listings.listing_page import Page
from vectorstore.listings.page_time import day_in_name
from vectorstore.listings.paper_page import is_paper_page, read_paper_page
from vectorstore.listings.pdf_paper import is_pdf, read_pdf_paper
from vectorstore.listings.profile_page import read_profile_page, split_header
from vectorstore.listings.source import Source, read_source
from vectorstore.listings.tagged import is_nbib, is_ris, read_nbib, read_ris
from vectorstore.listings.values import storable, storable_entry

__all__ = ["READERS", "Entry", "Listing", "ProfileFigures", "Reader", "Skipped", "detect", "read_listing"]

_WOULD_BE_READ = (
    "what is read: pages of Google Scholar, arXiv, OpenReview, DBLP, the ACL Anthology and daily papers, author"
    " profiles, BibTeX, RIS, nbib, CSV, JSON of the usual services, Atom, PDF."
)


@dataclass(frozen=True, slots=True)
class Reader:
    """A format of listings: how a file of it is told by its content, and read.

    Dates without a year belong to the year of the day given. What is read may have no entries.
    """

    kind: str
    recognises: Callable[[Source], bool]
    read: Callable[[Source, date | None], Page]


def _is_daily(source: Source) -> bool:
    return is_daily_page(source.lines)


def _is_profile(source: Source) -> bool:
    return bool(split_header(source.lines)[0]) and any(_dated_heads(source))


def _has_cards(source: Source) -> bool:
    return any(head.category for head in _dated_heads(source))


def _dated_heads(source: Source) -> Iterator[CardLine]:
    """Yield the lines that may open a card and name a day, or how long ago it was."""
    heads = (head for line in source.lines if (head := card_line(line.text)))
    return (head for head in heads if head.date and (head.date.day or head.date.ago))


def _copied(page: CopiedPage) -> Reader:
    return Reader(
        page.kind,
        lambda source: page.is_one(source.lines),
        lambda source, as_of: page.read(source.lines, as_of=as_of),
    )


# The first that recognises a file reads it. Those that look at `content` alone stand before those that look at `text`
# or `lines`, which raise ListingError for what is no text; what is told by little stands last.
READERS: tuple[Reader, ...] = (
    Reader("pdf", is_pdf, read_pdf_paper),
    Reader("paper-page", is_paper_page, read_paper_page),
    Reader("atom", is_atom, lambda source, _: read_atom(source)),
    Reader("jsonl", is_json_lines, lambda source, _: read_json_lines(source)),
    Reader("json", is_json, lambda source, _: read_json(source)),
    Reader("nbib", is_nbib, lambda source, _: read_nbib(source)),
    Reader("ris", is_ris, lambda source, _: read_ris(source)),
    Reader("bibtex", is_bibtex, lambda source, _: read_bibtex(source)),
    Reader("csv", is_delimited, lambda source, _: read_delimited(source)),
    *map(_copied, COPIED_PAGES),
    Reader("daily", _is_daily, lambda source, as_of: read_daily_page(source.lines, as_of=as_of)),
    Reader("profile", _is_profile, lambda source, as_of: read_profile_page(source.lines, as_of=as_of)),
    Reader("headerless", _has_cards, lambda source, as_of: read_profile_page(source.lines, as_of=as_of)),
    _copied(NOTES),
)


def read_listing(path: Path, *, as_of: date | None = None, content: bytes | None = None) -> Listing:
    """Return the listing in a file, or in the `content` that was read from it.

    Dates without a year belong to the year of `as_of`, the day it was saved, by default the day that the file is named
    after. Raises ListingError if the file cannot be read or is no listing. Lines without a place in a listing do not
    raise; they are in `skipped`.
    """
    source = read_source(path, content)
    reader = detect(source)
    if reader is None:
        raise ListingError(_not_read(source))
    page = reader.read(source, as_of or day_in_name(source.name))
    if not page.entries:
        reason = f": line {page.skipped[0].line}, {page.skipped[0].reason}" if page.skipped else ""
        raise ListingError(f"{path} lists no papers{reason}; copy the whole page, with titles and abstracts.")
    return Listing(
        name=source.name,
        sha256=source.sha256,
        kind=reader.kind,
        as_of=as_of,
        owner=storable(page.owner) if page.owner else None,
        figures=page.figures,
        entries=tuple(map(storable_entry, page.entries)),
        skipped=(*([Skipped(1, source.doubt)] if source.doubt else ()), *page.skipped),
        content=source.content,
    )


def detect(source: Source) -> Reader | None:
    """Return the reader for a file; None if there is none."""
    return next((reader for reader in READERS if reader.recognises(source)), None)


def _not_read(source: Source) -> str:
    """Say of a file that no reader is for what it is, and what would be read."""
    what = "a web page without papers in a known form" if source.page else "no listing that can be read"
    return f"{source.path} is {what}; {_WOULD_BE_READ}"
