"""What arXiv's API answers, in Atom. No entity is resolved and nothing is fetched."""

import re
from bisect import bisect
from collections.abc import Iterator
from itertools import pairwise

from lxml import etree

from vectorstore.listings.entry import Entry, Skipped
from vectorstore.listings.listing_page import Page
from vectorstore.listings.printed_dates import read_date
from vectorstore.listings.source import Source
from vectorstore.listings.values import BadRecord, entry_of, page_of, publication_of

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_ATOM_ROOT = '<feed xmlns="http://www.w3.org/2005/Atom">'
_ROOT = re.compile(r"<feed\b[^<>]{0,2000}>")
_BEGINS = re.compile(r"<entry\b")
_ENDS = "</entry>"
_LEFT_OVER = re.compile(r"\s*(?!</feed>)(?=\S)")


def is_atom(source: Source) -> bool:
    return "http://www.w3.org/2005/Atom" in source.text[:2_000] and "<entry" in source.text


def read_atom(source: Source) -> Page:
    """Return the papers of a feed. Each entry is read by itself, so that a damaged one costs no other."""
    text = source.text
    root = _ROOT.search(text)
    starts = [found.start() for found in _BEGINS.finditer(text)]
    line_ends = [found.start() for found in re.finditer("\n", text)]
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    for start, end in pairwise([*starts, len(text)]):
        line = bisect(line_ends, start) + 1
        closed = text.find(_ENDS, start, end)
        if closed >= 0 and (left := _LEFT_OVER.match(text, closed + len(_ENDS), end)):
            skipped.append(Skipped(bisect(line_ends, left.end()) + 1, "is in no entry"))
        try:
            if closed < 0:
                raise BadRecord("the entry is not closed")
            feed = f"{root[0] if root else _ATOM_ROOT}{text[start:closed]}{_ENDS}</feed>"
            entries.append(_entry(etree.fromstring(feed, _parser())[0], line))
        except (etree.XMLSyntaxError, ValueError) as error:
            skipped.append(Skipped(line, f"is no XML ({error})"))
        except BadRecord as error:
            skipped.append(Skipped(line, str(error)))
    return page_of(entries, skipped)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _entry(element: etree._Element, line: int) -> Entry:
    address = _text(element, f"{_ATOM}id")
    category = element.find(f"{_ARXIV}primary_category")
    if category is None:
        category = element.find(f"{_ATOM}category")
    return entry_of(
        line,
        title=_text(element, f"{_ATOM}title"),
        abstract=_text(element, f"{_ATOM}summary"),
        authors=_names(element),
        dated=read_date(_text(element, f"{_ATOM}published")),
        publication=publication_of(
            _text(element, f"{_ATOM}link"),
            venue=_text(element, f"{_ARXIV}journal_ref"),
            doi=_text(element, f"{_ARXIV}doi"),
            url=address,
        ),
        category=category.get("term") if category is not None else None,
    )


def _names(element: etree._Element) -> Iterator[str]:
    for author in element.iter(f"{_ATOM}author"):
        yield _text(author, f"{_ATOM}name")


def _text(element: etree._Element, name: str) -> str:
    """Return the text in a part of an element, "" if it has none."""
    part = element.find(name)
    return "".join(part.itertext(with_tail=False)) if part is not None else ""
