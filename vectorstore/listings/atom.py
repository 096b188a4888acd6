"""What arXiv's API answers, in Atom. No entity is resolved and nothing is fetched."""

from collections.abc import Iterator

from lxml import etree

from vectorstore.errors import ListingError
from vectorstore.listings.entry import Entry, Skipped
from vectorstore.listings.page import Page
from vectorstore.listings.source import Source
from vectorstore.listings.values import BadRecord, entry_of, page_of, publication_of, read_date

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_MOST_PROBLEMS = 20


def is_atom(source: Source) -> bool:
    return "http://www.w3.org/2005/Atom" in source.text[:2_000] and "<entry" in source.text


def read_atom(source: Source) -> Page:
    """Return the papers of a feed; what is damaged is reported, and read as far as it can be."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    root = etree.fromstring(source.text.encode("utf-8", "replace"), parser)
    if root is None:
        raise ListingError(f"{source.path} cannot be read as XML; save the answer of arXiv's API again.")
    skipped = [Skipped(error.line, f"is no XML ({error.message})") for error in parser.error_log][:_MOST_PROBLEMS]
    entries: list[Entry] = []
    for element in root.iter(f"{_ATOM}entry"):
        line = element.sourceline or 1
        try:
            entries.append(_entry(element, line))
        except BadRecord as error:
            skipped.append(Skipped(line, str(error)))
    return page_of(entries, skipped)


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
