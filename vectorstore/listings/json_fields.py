"""Records of papers in JSON: Semantic Scholar, OpenAlex, Crossref, Hugging Face's daily papers, arXiv's metadata,
CSL-JSON, Zotero, and what people write themselves.

They differ in how their fields are called, hardly in what they say.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from vectorstore.listings.entry import Entry, Skipped
from vectorstore.listings.json_text import JsonRecords, Record, json_lines_records, json_records
from vectorstore.listings.listing_page import Page
from vectorstore.listings.printed_dates import Dated, date_of, read_date
from vectorstore.listings.source import Source
from vectorstore.listings.values import BadRecord, entry_of, kind_of, page_of, pages_of, publication_of, split_authors

_INSIDE = ("paper", "citingPaper", "citedPaper", "bib", "data", "attributes")
_MOST_WORDS = 100_000  # of an abstract in an inverted index
_DATES = (
    "publicationDate publication_date published issued published-print published-online publishedAt published_at date"
    " submittedDate pub_date versions update_date"
).split()
_ABSTRACTS = "abstract abstractNote summary abstractText description".split()
_LINKS = "url URL link pdf_url pdfUrl openreview note extra archiveLocation archive_location number journal-ref".split()
_SPLIT = re.compile("[;,]")


def read_json(source: Source) -> Page:
    return _page(json_records(source))


def read_json_lines(source: Source) -> Page:
    return _page(json_lines_records(source))


def _page(found: JsonRecords) -> Page:
    entries: list[Entry] = []
    skipped = list(found.skipped)
    for line, record in found.records:
        try:
            entries.append(_entry(line, _unwrapped(record)))
        except BadRecord as error:
            skipped.append(Skipped(line, str(error)))
    return page_of(entries, skipped)


def _unwrapped(record: Record) -> Record:
    """Return a record with what stands in a record inside it: {"paper": {...}, "numComments": 3}. A field that begins
    with a capital, "Summary", is the one without."""
    for name in _INSIDE:
        if isinstance(inner := record.get(name), dict) and (inner.get("title") or inner.get("display_name")):
            record = {**record, **inner}
            break
    in_small = {f"{name[:1].lower()}{name[1:]}": value for name, value in record.items() if name[:1].isupper()}
    return {**in_small, **record}


def _entry(line: int, record: Record) -> Entry:
    title, subtitle = _first(record, "title", "display_name"), _first(record, "subtitle")
    journal, place = _dict(record.get("journal")), _dict(record.get("primary_location"))
    of_place = _dict(place.get("source"))
    numbers = _dict(record.get("biblio"))
    ids = {name.lower(): _text(value) for name, value in _dict(record.get("externalIds")).items()}
    ids |= {name.lower(): _text(value) for name, value in _dict(record.get("ids")).items()}
    own_id = _first(record, "id", "arxiv_id", "arxivId", "arxiv")
    pmid = _first(record, "PMID", "pmid") or ids.get("pubmed") or ids.get("pmid", "")
    links = [_first(record, name) for name in _LINKS]
    links += [_text(place.get("landing_page_url")), _text(place.get("pdf_url"))]
    links.append(_text(_dict(record.get("openAccessPdf")).get("url")))
    url = _first(record, "url", "URL", "link", "pdf_url") or _text(place.get("landing_page_url"))
    venue = (
        _first(record, "container-title", "publicationTitle", "proceedingsTitle", "bookTitle", "booktitle", "venue")
        or _text(journal.get("name"))
        or _first(record, "journal", "conference", "journal-ref", "container_title")
        or _text(of_place.get("display_name"))
    )
    # OpenAlex calls a conference's paper an article, Semantic Scholar both: there the place says what it is.
    of_venue = _text(_dict(record.get("publicationVenue")).get("type")) or _text(of_place.get("type"))
    kind = kind_of(_first(record, "type_crossref", "itemType", "type", "publicationTypes", "ENTRYTYPE"))
    if kind in ("article", None) and kind_of(of_venue) in ("article", "inproceedings"):
        kind = kind_of(of_venue)
    categories = _first(record, "primary_category", "category", "categories")
    return entry_of(
        line,
        title=f"{title}: {subtitle}" if subtitle and subtitle not in title else title,
        abstract=_first(record, *_ABSTRACTS) or _inverted(record.get("abstract_inverted_index")),
        authors=_authors(record),
        dated=_dated(record),
        publication=publication_of(
            *links,
            kind=kind,
            venue=venue,
            volume=_first(record, "volume") or _text(journal.get("volume")) or _text(numbers.get("volume")),
            issue=_first(record, "issue") or _text(numbers.get("issue")),
            pages=pages_of(_first(record, "page", "pages") or _text(journal.get("pages")))
            or pages_of(_text(numbers.get("first_page")), _text(numbers.get("last_page"))),
            publisher=_first(record, "publisher"),
            doi=_first(record, "DOI", "doi") or ids.get("doi"),
            arxiv_id=ids.get("arxiv") or own_id,
            pmid=pmid.rstrip("/").rpartition("/")[2],
            url=url,
            code_url=_first(record, "githubRepo", "github_url", "code_url", "codeRepository", "repo_url"),
        ),
        keywords=_keywords(record),
        category=next(iter(categories.replace(",", " ").split()), None),
    )


def _authors(record: Record) -> Iterator[str]:
    """Yield the names, whatever form each has."""
    for name in ("author", "authors", "authorships", "creators"):
        if value := record.get(name):
            if isinstance(value, str):
                yield from split_authors(value)
            elif isinstance(value, list):
                yield from filter(None, (_name(one) for one in value))
            if record.get("is_authors_truncated") or record.get("has_more_authors"):
                yield "et al."
            return


def _name(value: Any) -> str:
    if isinstance(value, list):  # ["Brown", "Alice", ""], as arXiv's metadata has it
        return " ".join(filter(None, [*map(_text, value[1:2]), *map(_text, value[:1])]))
    if not isinstance(value, dict):
        return _text(value)
    if value.get("creatorType") not in (None, "author"):
        return ""
    inner = _dict(value.get("author")) or _dict(value.get("user"))
    whole = _first(value, "name", "literal", "fullName", "display_name") or _first(inner, "display_name", "name")
    given = _first(value, "given", "firstName", "first_name", "first")
    family = _first(value, "family", "lastName", "last_name", "last")
    if family and not (whole and not given):
        particle = _first(value, "non-dropping-particle") or _first(value, "dropping-particle")
        name = " ".join(filter(None, (given, particle, family)))
        suffix = _first(value, "suffix")
        return f"{family}, {suffix}, {given}" if suffix else name
    return whole or _first(value, "raw_author_name")


def _dated(record: Record) -> Dated:
    """Return the most exact of the dates that a record gives, of equal ones the first."""
    dates = [dated for name in _DATES if (dated := _date(record.get(name))).day]
    dates += [dated for name in ("year", "publication_year") if (dated := _date(record.get(name))).day]
    if not dates:
        return Dated()
    years = dates[0].day.year if dates[0].day else 0
    same = [dated for dated in dates if dated.day and dated.day.year == years]
    return min(same, key=lambda dated: ("day", "month", "year").index(dated.precision))


def _date(value: Any) -> Dated:
    if isinstance(value, dict):  # of CSL and Crossref; the second date of a range is when it ended
        parts = value.get("date-parts")
        if isinstance(parts, list) and parts and isinstance(parts[0], list):
            numbers = [int(part) for part in parts[0][:3] if str(part).isdecimal() and len(str(part)) < 5]
            return date_of(*numbers) if numbers else Dated()
        return _date(value.get("raw") or value.get("literal"))
    if isinstance(value, int | float) and not isinstance(value, bool) and 1e9 < value < 1e14:  # of the Unix epoch
        moment = datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
        return Dated(moment.date())
    if isinstance(value, list):  # of arXiv's metadata: [{"version": "v1", "created": "Mon, 2 Apr 2007 ..."}]
        return _date(_dict(value[0]).get("created")) if value else Dated()
    text = _text(value)  # of most fields there is none
    return read_date(text) if text else Dated()


def _inverted(index: Any) -> str:
    """Return the abstract in OpenAlex's index of its words, which says at which places each stands."""
    words: dict[int, str] = {}
    for word, places in _dict(index).items():
        for place in places if isinstance(places, list) else ():
            if isinstance(place, int) and 0 <= place < _MOST_WORDS:
                words[place] = word
    return " ".join(words[place] for place in sorted(words))


def _keywords(record: Record) -> Iterator[str]:
    for name in ("keywords", "keyword", "tags", "subject"):
        value = record.get(name)
        if isinstance(value, str):
            yield from _SPLIT.split(value)
        elif isinstance(value, list):
            records = (one if isinstance(one, dict) else {"name": one} for one in value)
            yield from (_first(one, "display_name", "tag", "name") for one in records)
        if value:
            return


def _first(record: Record, *names: str) -> str:
    """Return the first text among fields; of a list its first text."""
    return next((text for name in names if (text := _text(record.get(name)))), "")


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = next((each for each in value if isinstance(each, str)), "")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
