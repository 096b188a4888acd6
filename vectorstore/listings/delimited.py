"""CSV and TSV with a header, as Zotero, Scopus, Web of Science, IEEE, PubMed, Scholar and spreadsheets write them."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vectorstore.listings.entry import Entry, Skipped
from vectorstore.listings.listing_page import Page
from vectorstore.listings.printed_dates import read_date
from vectorstore.listings.source import Source
from vectorstore.listings.values import BadRecord, entry_of, kind_of, page_of, pages_of, publication_of, split_authors
from vectorstore.text.folding import folded

# What columns are called, folded; the first that has a value counts. Two letters are Web of Science's.
_COLUMNS = {
    "title": "titel|titre|título|titulo|titolo|title|article title|document title|paper title|dc title|ti",
    "authors": "autor|autoren|autor en|auteur|auteurs|autores|autori"
    "|author full names|authors full names|author|authors|author names|creators|creator|af|au",
    "abstract": "zusammenfassung|résumé|resumen|resumo|abstract note|abstract|summary|abstracts|ab",
    "date": "date|publication date|date published|published|published date|online date|submitted",
    "year": "jahr|année|annee|año|ano|anno|publication year|year|pub year|year published|py",
    "kind": "item type|document type|type|publication type|entry type|dt",
    "venue": "zeitschrift|quelle|revue|revista|rivista"
    "|publication title|source title|journal|journal book|venue|conference|conference name|booktitle"
    "|book title|proceedings title|publication|container title|source|so",
    "volume": "volume|vl",
    "issue": "issue|number|issue number|is",
    "pages": "pages|page|page numbers",
    "first_page": "page start|start page|first page|bp",
    "last_page": "page end|end page|last page|ep",
    "publisher": "publisher|pu",
    "doi": "doi|di|item doi",
    "arxiv_id": "arxiv id|arxiv|eprint|arxivid",
    "pmid": "pmid|pubmed id|pm",
    "url": "url|link|urls|pdf url|article url|pdf link",
    "keywords": "author keywords|keywords|manual tags|tags|de",
    "category": "primary category|category|categories|primary subject",
    "extra": "extra|notes|archive location|report number",
}
_FIELD_OF = {folded(name): field for field, names in _COLUMNS.items() for name in names.split("|")}
_DELIMITERS = ",\t;|"
# What papers have and films, books and songs do not: a table with a title and none of these is of something else.
_OF_PAPERS = frozenset(("authors", "abstract", "doi", "arxiv_id", "pmid", "venue"))
_NEVER_ALONE = 3  # columns, below which a row of one cell is no record
_MOST_LINES = 200  # of a record; what is longer is a quote that nobody closed
_LONGEST_CELL = 2_000_000
_TAGS = re.compile("[;,]")


@dataclass(frozen=True, slots=True)
class _Header:
    delimiter: str
    line: int  # counted from 0
    fields: tuple[str | None, ...]  # what each column is


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of a record and the lines, counted from 0, that it is on."""

    cells: Sequence[str]
    start: int
    end: int


def is_delimited(source: Source) -> bool:
    """Tell a table by its header. A page whose table shows titles, authors and venues one below the other is none."""
    lines = source.text.split("\n", 20)[:20]
    header = _header(lines)
    if header is None:
        return False
    below = next((line for line in lines[header.line + 1 :] if line.strip()), header.delimiter)
    return len(header.fields) < _NEVER_ALONE or header.delimiter in below or below.startswith('"')


def read_delimited(source: Source) -> Page:
    """Return the papers of the rows below the header. A row that does not fit it is reported; what is quoted and not
    closed costs one row, and the next line is read as one again."""
    lines = source.text.split("\n")
    header = _header(lines[:20])
    assert header is not None
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    width = len(header.fields)
    for row in _rows(lines, header):
        if len(row.cells) != width:
            skipped.append(Skipped(row.start + 1, _unfitting(row, width)))
            is_alone = len(row.cells) == 1 and width >= _NEVER_ALONE
            if (
                len(row.cells) > width or is_alone or '"' in lines[row.start]
            ):  # else empty cells at its end were left out
                continue
        said: dict[str, str] = {}
        for field, cell in zip(header.fields, row.cells, strict=False):
            if field and cell.strip():
                said.setdefault(field, cell)
        try:
            entries.append(_entry(row.start + 1, said))
        except BadRecord as error:
            skipped.append(Skipped(row.start + 1, str(error)))
    return page_of(entries, skipped)


def _unfitting(row: _Row, width: int) -> str:
    if not row.cells:
        return "the quotes of the row do not close as they should"
    return f"has {len(row.cells)} cells where the header has {width}"


def _header(lines: Sequence[str]) -> _Header | None:
    """Return the first line if it names columns: a title and something that papers have."""
    line = next((number for number, text in enumerate(lines) if text.strip() and not text.startswith("sep=")), None)
    if line is None or len(lines[line]) > 20_000:
        return None
    for delimiter in _DELIMITERS:
        names = next(csv.reader([lines[line]], delimiter=delimiter), [])
        fields = _fields(names)
        if "title" in fields and not _OF_PAPERS.isdisjoint(fields):
            return _Header(delimiter, line, fields)
    return None


def _fields(names: Sequence[str]) -> tuple[str | None, ...]:
    """Return the field of each column; of several that hold one field, those named first above go first."""
    known = [_FIELD_OF.get(folded(name)) for name in names]
    order = {name: place for place, name in enumerate(_FIELD_OF)}
    best: dict[str, int] = {}
    for field, name in zip(known, names, strict=True):
        if field:
            best[field] = min(best.get(field, len(order)), order[folded(name)])
    return tuple(
        field if field and order[folded(name)] == best[field] else None
        for field, name in zip(known, names, strict=True)
    )


def _rows(lines: Sequence[str], header: _Header) -> Iterator[_Row]:
    csv.field_size_limit(_LONGEST_CELL)
    start = header.line + 1
    while start < len(lines):
        if not lines[start].strip():
            start += 1
            continue
        row = _row(lines, start, header.delimiter)
        if row.end - row.start > 1 and len(row.cells) != len(header.fields):
            row = _Row(row.cells[:0], start, start + 1)
        yield row
        start = row.end


def _row(lines: Sequence[str], start: int, delimiter: str) -> _Row:
    taken = (f"{line}\n" for line in lines[start : start + _MOST_LINES])
    reader = csv.reader(taken, delimiter=delimiter, strict=True)
    try:
        cells = next(reader, [])
    except csv.Error:  # a quote inside a cell, or a cell that is longer than any can be
        cells = []
    return _Row(cells, start, start + max(1, reader.line_num))


def _entry(line: int, said: Mapping[str, str]) -> Entry:
    dates = [read_date(said.get(name, "")) for name in ("date", "year")]
    return entry_of(
        line,
        title=said.get("title", ""),
        abstract=said.get("abstract", ""),
        authors=split_authors(said.get("authors", "")),
        dated=next((dated for dated in dates if dated.day), None),
        publication=publication_of(
            said.get("extra", ""),
            said.get("venue", ""),
            kind=kind_of(said.get("kind", "")),
            venue=said.get("venue"),
            volume=said.get("volume"),
            issue=said.get("issue"),
            pages=pages_of(said.get("pages")) or pages_of(said.get("first_page"), said.get("last_page")),
            publisher=said.get("publisher"),
            doi=said.get("doi"),
            arxiv_id=said.get("arxiv_id"),
            pmid=said.get("pmid"),
            url=said.get("url"),
        ),
        keywords=_TAGS.split(said.get("keywords", "")),
        category=next(iter(said.get("category", "").split()), None),
    )
