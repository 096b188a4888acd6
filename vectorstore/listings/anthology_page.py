"""The ACL Anthology: a volume's or a person's list ("pdf bib abs", title, "A | B"), or the page of one paper."""

import re
from datetime import date

from vectorstore.authors.author_line import author_line
from vectorstore.listings.arxiv_marks import joined_lines, without
from vectorstore.listings.entry import Entry, ProfileFigures, Publication, Skipped
from vectorstore.listings.furniture import ANTHOLOGY
from vectorstore.listings.listing_page import Page, left_out
from vectorstore.listings.paper_identifiers import doi as doi_of
from vectorstore.listings.printed_dates import read_date
from vectorstore.listings.source import Line, one_spaced
from vectorstore.listings.values import pages_of, web_address

_MARK = "pdf|bib|abs|code|data|dataset|datasets|software|video|poster|slides|presentation|optional|supplementary"
_MARKS = re.compile(
    rf"(?:(?:{_MARK}|note|notes|attachment|checklist|revisions?|errata|erratum|poster|optional supplementary material"
    r"|reproduction checklist|responsible nlp checklist|award)[\s|,]*){1,12}",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_FIELD = re.compile(
    r"(?P<label>Anthology ID|Volume|Month|Year|Address|Editors?|Venues?|SIGs?|Publisher|Note|Pages|Language|URL|DOI"
    r"|Bibkey|Cite \((?:ACL|Informal)\)|Copy Citation|PDF|Video|Code|Data|Awards?|Checklist|Software|Bib Export formats"
    r"|Export citation):(?:\s*(?P<value>.*))?"
)
_VOLUME = re.compile(
    r"(?:Proceedings|Findings|Transactions|Computational Linguistics|Companion|Actes|Traitement)\b.{0,300}"
)
_LONGEST_MARKS = 120
_LONGEST_TITLE = 1_000


def is_anthology(lines: tuple[Line, ...]) -> bool:
    """Tell the Anthology by its marks over a title with authors between bars, or by the fields of a paper's page."""
    marked = [place for place, line in enumerate(lines[:-1]) if _is_marks(line) and "bib" in line.text.lower()]
    return bool(marked) or any((field := _field(line)) and field["label"] == "Anthology ID" for line in lines)


def read_anthology(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the papers of a list, or that of a page of one."""
    starts = [
        place
        for place, line in enumerate(lines)
        if _is_marks(line) and place + 1 < len(lines) and not _is_marks(lines[place + 1])
    ]
    if not starts or not any("bib" in line.text.lower() for line in lines if _is_marks(line)):
        return _paper_page(lines)
    return _list(lines, starts)


def _is_marks(line: Line) -> bool:
    return len(line.text) < _LONGEST_MARKS and _MARKS.fullmatch(line.text) is not None


def _field(line: Line) -> re.Match[str] | None:
    return _FIELD.fullmatch(line.text) if ":" in line.text[:30] else None


def _list(lines: tuple[Line, ...], starts: list[int]) -> Page:
    first = next(place for place, line in enumerate(lines) if _is_marks(line))
    above = _fields(lines[:first])
    volume = next((one_spaced(line.text) for line in lines[:first] if _VOLUME.fullmatch(line.text)), None)
    volume = volume or above.get("Volume")
    year = next((line.text for line in lines[:first] if _YEAR.fullmatch(line.text)), above.get("Year", ""))
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        block = [line for line in lines[start + 1 : end] if not _is_marks(line)]
        years = [line for line in block if _YEAR.fullmatch(line.text)]
        texts = [line for line in block if line not in years]
        if not texts or len(texts[0].text) > _LONGEST_TITLE:
            skipped.append(Skipped(lines[start].number, "a paper of a volume without a title"))
        elif one_spaced(texts[0].text) == volume:
            skipped.append(Skipped(texts[0].number, "the volume itself, which is no paper"))
        else:
            entries.append(_listed(texts[0], tuple(texts[1:]), volume, {"Year": year, "Month": above.get("Month", "")}))
        year = years[-1].text if years else year  # of the papers below
    unknown = [line for line in lines[:first] if not _field(line) and not _VOLUME.fullmatch(line.text)]
    fields = set(above.values())
    skipped += left_out(without(unknown[1:] if volume is None else unknown, ANTHOLOGY, said=fields | {year}))
    return Page(None, ProfileFigures(), tuple(entries), tuple(sorted(skipped, key=lambda each: each.line)))


def _listed(title: Line, body: tuple[Line, ...], volume: str | None, when: dict[str, str]) -> Entry:
    """Return a paper of a list, whose authors stand under the title, then on a person's page the volume."""
    named, below = (body[0].text, body[1:]) if body and not _VOLUME.fullmatch(body[0].text) else ("", body)
    if below and _VOLUME.fullmatch(below[0].text):
        volume, below = one_spaced(below[0].text), below[1:]
    fields = {**when, "Volume": volume or ""}
    return _entry(title, named.replace("|", ","), joined_lines(below), fields)


def _paper_page(lines: tuple[Line, ...]) -> Page:
    """Return the paper of a page of one: title, authors, abstract, then the fields."""
    begins = next((place for place, line in enumerate(lines) if _field(line)), len(lines))
    head = without([line for line in lines[:begins] if not _is_marks(line)], ANTHOLOGY)
    fields = _fields(lines[begins:])
    if not head:
        return Page(None, ProfileFigures(), (), ())
    heading = next((place for place, line in enumerate(head) if line.text == "Abstract"), min(2, len(head)))
    title = head[max(heading - 2, 0)]
    named = head[heading - 1].text if heading >= 2 else ""
    abstract = tuple(line for line in head[heading:] if line.text != "Abstract")
    return Page(None, ProfileFigures(), (_entry(title, named, joined_lines(abstract), fields),), ())


def _fields(lines: tuple[Line, ...]) -> dict[str, str]:
    """Return the fields, whose values stand behind their labels or on the next line."""
    fields: dict[str, str] = {}
    waiting = ""
    for line in lines:
        field = _field(line)
        if field:
            waiting = "" if field["value"] else field["label"]
            fields.setdefault(field["label"], one_spaced(field["value"] or ""))
        elif waiting:
            fields[waiting], waiting = one_spaced(line.text), ""
    return fields


def _entry(title: Line, named: str, abstract: str, fields: dict[str, str]) -> Entry:
    authors = author_line(named)
    published = read_date(f"{fields.get('Month', '')} {fields.get('Year', '')}")
    return Entry(
        line=title.number,
        title=one_spaced(title.text),
        abstract=abstract,
        authors=authors.names,
        authors_complete=authors.complete,
        author_count=authors.count,
        published=published.day,
        precision=published.precision,
        publication=Publication(
            doi=doi_of(fields.get("DOI", "")),
            url=web_address(fields.get("URL", "")),
            kind="inproceedings" if fields.get("Volume", "").startswith(("Proceedings", "Findings")) else None,
            venue=fields.get("Volume") or None,
            pages=pages_of(fields.get("Pages")),
            publisher=fields.get("Publisher") or None,
        ),
    )
