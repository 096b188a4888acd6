"""The saved web page of one paper, which says in `<meta>` elements what it is of: citation_title, or Dublin Core's.

https://scholar.google.com/intl/en/scholar/inclusion.html names those that publishers give.
"""

import re
from collections.abc import Mapping
from datetime import date

from vectorstore.listings.arxiv_marks import ARXIV_ID, category_of, joined_lines, labelled
from vectorstore.listings.entry import Entry, ProfileFigures, Publication
from vectorstore.listings.listing_page import Page, is_abstract
from vectorstore.listings.paper_identifiers import doi as doi_of
from vectorstore.listings.paper_identifiers import openreview_id
from vectorstore.listings.printed_dates import Dated, date_of
from vectorstore.listings.source import Line, Source, one_spaced
from vectorstore.listings.values import pages_of, web_address, without_markup

_TITLES = ("citation_title", "dc.title", "dcterms.title", "eprints.title", "bepress_citation_title", "prism.title")
_AUTHORS = ("citation_author", "citation_authors", "dc.creator", "dc.contributor", "eprints.creators_name")
_ABSTRACTS = (
    "citation_abstract",
    "dc.description",
    "dcterms.abstract",
    "eprints.abstract",
    "og:description",
    "description",
)
_DATES = (
    "citation_publication_date",
    "citation_date",
    "citation_online_date",
    "citation_year",
    "dc.date",
    "dc.date.issued",
    "dcterms.issued",
    "prism.publicationdate",
)
_VENUES = {
    "citation_journal_title": "article",
    "citation_conference_title": "inproceedings",
    "citation_conference": "inproceedings",
    "citation_book_title": "incollection",
    "citation_inbook_title": "incollection",
    "citation_dissertation_institution": "phdthesis",
    "citation_technical_report_institution": "techreport",
    "prism.publicationname": "article",
}
_DATE = re.compile(r"(?P<year>(?:19|20)\d\d)(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?(?!\d)")
_ID = re.compile(rf"(?:arXiv:)?(?P<id>{ARXIV_ID})")
_ARXIV_ADDRESS = re.compile(rf"arxiv\.org/(?:abs|pdf)/(?P<id>{ARXIV_ID})")
_HEADING = re.compile(r"abstract:?", re.IGNORECASE)
_LONGEST_TITLE = 1_000


def is_paper_page(source: Source) -> bool:
    """Tell the page of a paper by a title and an author in its `<meta>` elements."""
    meta = source.page.meta if source.page else {}
    return bool(_first(meta, _TITLES)) and any(name in meta for name in _AUTHORS)


def read_paper_page(source: Source, as_of: date | None) -> Page:
    """Return the paper, in the first line of the page's text that prints its title."""
    meta = source.page.meta if source.page else {}
    title = one_spaced(_first(meta, _TITLES))[:_LONGEST_TITLE]
    names = _authors(meta)
    published = _published(_first(meta, _DATES))
    lines = source.lines if source.page and source.page.text.strip() else ()
    subjects = [
        value for line in lines if (known := labelled(line.text)) for label, value in [known] if label == "subject"
    ]
    entry = Entry(
        line=next((line.number for line in lines if title in one_spaced(line.text[:_LONGEST_TITLE])), 1),
        title=title,
        abstract=_abstract(meta, lines),
        authors=names,
        authors_complete=bool(names),
        author_count=len(names) or None,
        published=published.day,
        precision=published.precision,
        category=category_of(subjects[0]) if subjects and subjects[0] else None,
        publication=_publication(meta),
    )
    return Page(None, ProfileFigures(), (entry,), ())


def _first(meta: Mapping[str, tuple[str, ...]], names: tuple[str, ...]) -> str:
    return next((value for name in names for value in meta.get(name, ())), "")


def _authors(meta: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the names, a "Brown, Alice" as Alice Brown; several may stand in one element."""
    named = next((meta[name] for name in _AUTHORS if meta.get(name)), ())
    apart = [name for value in named for name in value.split(";") if name.strip()]
    return tuple(_in_order(one_spaced(name)) for name in apart)


def _in_order(name: str) -> str:
    family, _, given = name.partition(", ")
    return name if not given or ", " in given else f"{given} {family}"


def _abstract(meta: Mapping[str, tuple[str, ...]], lines: tuple[Line, ...]) -> str:
    """Return the abstract that the page says it has, or what stands below "Abstract" in its text."""
    said = one_spaced(_first(meta, _ABSTRACTS[:-2]))
    below = next((lines[place + 1 :] for place, line in enumerate(lines) if _HEADING.fullmatch(line.text[:20])), ())
    end = next((place for place, line in enumerate(below) if not is_abstract(line.text)), len(below))
    shown = joined_lines(below[:end])
    short = said or one_spaced(_first(meta, _ABSTRACTS))
    is_cut = short.endswith(("...", "…"))
    return shown if shown and (not said or is_cut) else said or ("" if is_cut or not is_abstract(short) else short)


def _published(printed: str) -> Dated:
    match = _DATE.search(printed[:100])
    return date_of(int(match["year"]), int(match["month"] or 0), int(match["day"] or 0)) if match else Dated()


def _publication(meta: Mapping[str, tuple[str, ...]]) -> Publication:
    venue = next(((meta[name][0], kind) for name, kind in _VENUES.items() if meta.get(name)), None)
    addresses = " ".join(address for values in meta.values() for address in values if address.startswith("http"))
    arxiv = _ID.fullmatch(_first(meta, ("citation_arxiv_id",))) or _ARXIV_ADDRESS.search(addresses)
    first, last = _first(meta, ("citation_firstpage",)), _first(meta, ("citation_lastpage",))
    identifiers = _first(meta, ("citation_doi", "dc.identifier", "prism.doi", "dc.identifier.doi"))
    return Publication(
        doi=doi_of(identifiers),
        arxiv_id=arxiv["id"] if arxiv else None,
        pmid=_first(meta, ("citation_pmid",)) or None,
        openreview_id=openreview_id(addresses),
        url=web_address(_first(meta, ("citation_abstract_html_url", "citation_public_url", "og:url"))),
        kind=venue[1] if venue else None,
        venue=venue[0] if venue else None,
        volume=_first(meta, ("citation_volume",)) or None,
        issue=_first(meta, ("citation_issue",)) or None,
        pages=pages_of(first, last),
        publisher=_first(meta, ("citation_publisher", "dc.publisher")) or None,
        keywords=tuple(
            keyword
            for value in meta.get("citation_keywords", ())
            for word in re.split("[,;]", without_markup(value))
            if (keyword := word.strip())
        ),
    )
