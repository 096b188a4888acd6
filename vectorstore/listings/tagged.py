"""RIS and PubMed's nbib, by rispy: a tag, a hyphen and a value a line; lines without a tag go on with the value before.

A file is taken apart into its records first, so that each has a line and a damaged one costs no other.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from rispy import RisParser

from vectorstore.listings.entry import Entry, Skipped
from vectorstore.listings.listing_page import Page
from vectorstore.listings.printed_dates import read_date
from vectorstore.listings.source import Source
from vectorstore.listings.values import (
    BadRecord,
    entry_of,
    initials_first,
    kind_of,
    page_of,
    pages_of,
    publication_of,
    split_authors,
)

_RIS_LINE = re.compile(r"\s{0,3}([A-Z][A-Z0-9])(?: {1,3}[-–]|  ?-)(?: (.*))?")
_NBIB_LINE = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)")
_BROKEN_TAG = re.compile(r"\s{0,3}[^\s-]{1,4} {2}- ")
_RIS_BEGINS = re.compile(r"^\s{0,3}TY {1,3}[-–] ?[A-Z]{2,}", re.M)
_RIS_IN_SMALL_LETTERS = re.compile(r"^[ \t]{0,3}ty {1,3}[-–] ?([A-Za-z]{2,5})[ \t]*$", re.M)
_TAG_IN_SMALL_LETTERS = re.compile(r"^[ \t]{0,3}[a-z][a-z0-9](?= {1,3}[-–])", re.M)
_NBIB_BEGINS = re.compile(r"^PMID ?- ?\d+", re.M)
_RIS_ENDS = re.compile(r"\s{0,3}ER {1,3}[-–]")
_ENDS = "ER  - "


class _NbibParser(RisParser):  # type: ignore[misc]
    """Fields by their own tags, each a list of lines."""

    START_TAG = "PMID"
    DEFAULT_MAPPING: ClassVar[dict[str, str]] = {"PMID": "PMID", "UK": "UK"}

    def parse_line(self, line: str) -> tuple[str, str] | tuple[None, str]:
        found = _NBIB_LINE.fullmatch(line)
        return (found[1], found[2].strip()) if found else (None, line.strip())


_RIS, _NBIB = RisParser(), _NbibParser()


def is_ris(source: Source) -> bool:
    small = _RIS_IN_SMALL_LETTERS.search(source.text)
    return _RIS_BEGINS.search(source.text) is not None or (small is not None and kind_of(small[1]) is not None)


def is_nbib(source: Source) -> bool:
    return _NBIB_BEGINS.search(source.text) is not None


def read_ris(source: Source) -> Page:
    text = source.text
    if not _RIS_BEGINS.search(text):
        text = _TAG_IN_SMALL_LETTERS.sub(_in_capitals, _RIS_IN_SMALL_LETTERS.sub(_in_capitals, text))
    return _read(text, _RIS_BEGINS, _ris_entry, _unlike_ris)


def _in_capitals(found: re.Match[str]) -> str:
    return found[0].upper()


def read_nbib(source: Source) -> Page:
    return _read(source.text, _NBIB_BEGINS, _nbib_entry, _unlike_nbib)


def _read(
    text: str,
    begins: re.Pattern[str],
    entry: Callable[[int, Sequence[str]], Entry],
    unlike: Callable[[Sequence[str]], dict[int, str]],
) -> Page:
    """Return the page of the records that begin so; `unlike` says what is wrong in one, by the place of the line."""
    lines = text.split("\n")
    starts = [place for place, line in enumerate(lines) if begins.match(line)]
    entries: list[Entry] = []
    skipped = [Skipped(place + 1, "not part of a record") for place, line in enumerate(lines[: starts[0]]) if line]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        record = lines[start:end]
        wrong = unlike(record)
        try:
            whole = [line for place, line in enumerate(record) if place not in wrong]
            entries.append(entry(start + 1, whole))
        except BadRecord as error:
            skipped.append(Skipped(start + 1, str(error)))
        skipped += [Skipped(start + place + 1, reason) for place, reason in wrong.items() if reason]
    return page_of(entries, skipped)


def _unlike_ris(record: Sequence[str]) -> dict[int, str]:
    ends = next((place for place, line in enumerate(record) if _RIS_ENDS.match(line)), None)
    broken = {
        place: f"{line[:30]!r} has no tag of RIS"
        for place, line in enumerate(record[:ends])
        if _BROKEN_TAG.match(line) and not _RIS_LINE.fullmatch(line)
    }
    if ends is None:
        return {**broken, len(record): "the record before is not ended by ER; it may be cut"}
    return broken | _behind(record, ends, "no record of RIS: it does not begin with TY")


def _unlike_nbib(record: Sequence[str]) -> dict[int, str]:
    ends = next((place for place, line in enumerate(record) if not line.strip()), None)
    if ends is None:
        return {len(record): "no empty line ends the record before; it may be cut"}
    return _behind(record, ends, "no record of PubMed: it does not begin with PMID")


def _behind(record: Sequence[str], ends: int, reason: str) -> dict[int, str]:
    """Return what is wrong with the lines behind the end of a record, said of the first of them."""
    left = [place for place, line in enumerate(record) if place > ends and line.strip()]
    return {place: reason if place == left[0] else "" for place in left}


def _ris_entry(line: int, record: Sequence[str]) -> Entry:
    matches = (_RIS_LINE.fullmatch(each) for each in record)
    tagged = [f"{found[1]}  - {found[2] or ''}" if found else each for found, each in zip(matches, record, strict=True)]
    said = _parsed(_RIS, tagged)
    others: dict[str, list[str]] = said.get("unknown_tag", {})

    def first(*names: str) -> str:
        return next((value for name in names if (value := " ".join(_listed(said.get(name))).strip())), "")

    title = first("title", "primary_title") or " ".join(others.get("CT", ()))
    of_book = " ".join(others.get("BT", ()))  # the title of a book, or of what a chapter is in
    urls = _listed(said.get("urls"))
    authors = [name for tag in ("authors", "first_authors") for name in _listed(said.get(tag))]
    pages = first("start_page"), first("end_page")
    return entry_of(
        line,
        title=title or of_book,
        abstract=first("abstract", "notes_abstract"),
        authors=split_authors(authors[0]) if len(authors) == 1 and ";" in authors[0] else authors,
        dated=max(
            (read_date(first(name)) for name in ("date", "year", "publication_year")),
            key=lambda dated: (dated.day is not None, -("day", "month", "year").index(dated.precision)),
        ),
        publication=publication_of(
            *[first(name) for name in ("note", "notes", "label", "accession_number", "custom1")],
            *urls,
            kind=kind_of(said["type_of_reference"]),
            venue=first("secondary_title", "alternate_title3", "journal_name", "alternate_title2", "alternate_title1")
            or (of_book if title else ""),
            volume=first("volume"),
            issue=first("number"),
            pages=pages_of(pages[0]) if "-" in pages[0] else pages_of(*pages),
            publisher=first("publisher"),
            doi=first("doi"),
            url=next(iter(urls), None),
        ),
        keywords=_listed(said.get("keywords")),
    )


def _nbib_entry(line: int, record: Sequence[str]) -> Entry:
    said: dict[str, list[str]] = _parsed(_NBIB, record).get("UK", {})

    def first(*tags: str) -> str:
        return next((value for tag in tags if (value := " ".join(said.get(tag, ())).strip())), "")

    named = [*said.get("FAU", initials_first(said.get("AU", []))), *said.get("CN", ())]
    known_as = [each for tag in ("AID", "LID") for each in said.get(tag, ())]
    dois = [each.removesuffix("[doi]").strip() for each in known_as if each.endswith("[doi]")]
    title = first("TI", "BTI", "TT")
    return entry_of(
        line,
        title=_untranslated(title.removesuffix(".") if not title.endswith("..") else title),
        abstract=first("AB"),
        authors=named,
        dated=read_date(first("DP", "DEP", "EDAT")),
        publication=publication_of(
            kind="article" if said.get("JT") or said.get("TA") else None,
            venue=first("JT", "TA"),
            volume=first("VI"),
            issue=first("IP"),
            pages=pages_of(first("PG")),
            publisher=first("PB"),
            doi=next(iter(dois), None),
            pmid=record[0].partition("-")[2],
        ),
        keywords=[keyword.strip("*") for keyword in said.get("OT", ())],
    )


def _untranslated(title: str) -> str:
    """Return a title without the brackets that PubMed puts around the translation of one."""
    return title[1:-1] if title.startswith("[") and title.find("]") == len(title) - 1 else title


def _parsed(parser: RisParser, record: Sequence[str]) -> dict[str, Any]:
    """Return the one record as rispy has it. Raises BadRecord if it has none."""
    own = [line for line in record if not line.strip().startswith("ER  -")]
    try:
        (said,) = parser.parse_lines(iter([*own, _ENDS]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:  # of a line that goes on with nothing
        raise BadRecord("the record cannot be read; its first lines have no tags") from error
    return dict(said)


def _listed(value: Iterable[str] | str | None) -> list[str]:
    values = [value] if isinstance(value, str) else value or ()
    return [each for each in values if each.strip()]
