"""Notes in plain text: title, abstract, authors and day of each paper, one a paragraph, in any of the usual orders."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from vectorstore.authors.author_line import author_line, looks_like_authors
from vectorstore.listings.arxiv_marks import joined_lines
from vectorstore.listings.entry import Entry, ProfileFigures, Publication
from vectorstore.listings.listing_page import Page, is_abstract, left_out, paragraphs
from vectorstore.listings.page_time import PageTime, page_time, published
from vectorstore.listings.paper_identifiers import doi as doi_of
from vectorstore.listings.printed_dates import printed_date
from vectorstore.listings.source import Line, one_spaced

Kind = Literal["date", "abstract", "authors", "link", "title"]

_SEVERAL = re.compile(r",|;| and | et al")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Lines without a blank one between them, and what they are by their form."""

    lines: tuple[Line, ...]
    kind: Kind

    @property
    def text(self) -> str:
        return joined_lines(self.lines)


def is_plain_notes(lines: tuple[Line, ...]) -> bool:
    """Tell notes of papers by a title over an abstract, with authors or a day beside; nothing else stands there."""
    if not any(is_abstract(line.text) for line in lines):
        return False
    papers, strays = _papers(_paragraphs(lines))
    told = [paper for paper in papers if {"authors", "date"} & {part.kind for part in paper}]
    return bool(told) and len(strays) * 4 <= len(papers)


def read_plain_notes(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the papers of the notes."""
    papers, strays = _papers(_paragraphs(lines))
    dates = [printed_date(part.text) for paper in papers for part in paper if part.kind == "date"]
    time = page_time(dates, as_of=as_of, page=None)
    entries = tuple(_entry(paper, time) for paper in papers)
    return Page(None, ProfileFigures(), entries, tuple(left_out(line for stray in strays for line in stray.lines)))


def _paragraphs(lines: tuple[Line, ...]) -> list[_Paragraph]:
    return [part for group in paragraphs(lines) for part in _told(group)]


def _told(lines: tuple[Line, ...]) -> list[_Paragraph]:
    """Return a paragraph by its form; one of short lines, as of a title with its authors, line by line."""
    if len(lines) > 1 and (is_abstract(lines[0].text) or not any(_kind(line.text) != "title" for line in lines)):
        return [_Paragraph(lines, "abstract" if is_abstract(one_spaced(joined_lines(lines))) else "title")]
    return [_Paragraph((line,), _kind(line.text)) for line in lines]


def _kind(text: str) -> Kind:
    if printed_date(text):
        return "date"
    if text.startswith(("http://", "https://", "doi:", "arXiv:")) and " " not in text.strip():
        return "link"
    if is_abstract(text):
        return "abstract"
    return "authors" if looks_like_authors(text) and (_SEVERAL.search(text) or len(text.split()) < 4) else "title"


def _papers(parts: Sequence[_Paragraph]) -> tuple[list[list[_Paragraph]], list[_Paragraph]]:
    """Return the papers, each a title with an abstract, and what belongs to none.

    A short title may have the form of a name: what stands over an abstract, under another paper's, is a title.
    """
    papers: list[list[_Paragraph]] = []
    strays: list[_Paragraph] = []
    for place, part in enumerate(parts):
        under = parts[place + 1].kind if place + 1 < len(parts) else None
        current = papers[-1] if papers else []
        kinds = {one.kind for one in current}
        is_over_a_paper = under == "abstract" or (under == "authors" and (not current or "authors" in kinds))
        is_named_like_one = part.kind == "authors" and is_over_a_paper and (not current or "abstract" in kinds)
        if part.kind == "title" or is_named_like_one:
            papers.append([_Paragraph(part.lines, "title")])
        elif current and (part.kind not in kinds or part.kind == "abstract"):
            current.append(part)
        else:
            strays.append(part)
    strays += [part for paper in papers if not _is_paper(paper) for part in paper]
    return [paper for paper in papers if _is_paper(paper)], strays


def _is_paper(parts: Sequence[_Paragraph]) -> bool:
    return any(part.kind == "abstract" for part in parts)


def _entry(parts: Sequence[_Paragraph], time: PageTime) -> Entry:
    said = {
        kind: "\n".join(part.text for part in parts if part.kind == kind)
        for kind in ("abstract", "authors", "date", "link")
    }
    authors = author_line(said["authors"]) if said["authors"] else author_line("")
    when = published(printed_date(said["date"]), time)
    return Entry(
        line=parts[0].lines[0].number,
        title=one_spaced(parts[0].text),
        abstract=said["abstract"],
        authors=authors.names,
        authors_complete=authors.complete,
        author_count=authors.count,
        published=when.day,
        precision=when.precision,
        year_inferred=when.year_inferred,
        publication=Publication(
            doi=doi_of(said["link"]), url=said["link"] if said["link"].startswith("http") else None
        ),
    )
