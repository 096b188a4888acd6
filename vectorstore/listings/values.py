"""What the fields of all bibliographic formats hold: marked-up text, names, dates, pages; and the entry of a record."""

import ast
import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from vectorstore.authors.personal_names import named, personal_name
from vectorstore.listings.entry import Entry, ProfileFigures, Publication, Skipped
from vectorstore.listings.listing_page import LONGEST_TITLE_LINE, Page
from vectorstore.listings.paper_identifiers import arxiv_id, doi, openreview_id
from vectorstore.listings.printed_dates import Dated
from vectorstore.listings.source import one_spaced

MOST_AUTHORS = 10_000  # that are kept; the largest collaborations have half of it
# The elements of HTML, JATS and MathML that texts have. Others, such as "<eos>", are what a paper writes about.
_ELEMENTS = (
    r"(?:jats|mml|m|ns\d):[\w-]+|i|b|u|em|strong|italic|bold|sub|sup|inf|sc|scp|tt|small|big|font|span|a|code|mark|s|q|cite"
    r"|monospace|underline|roman|label|xref|ext-link|named-content|styled-content|inline-formula|disp-formula|tex-math"
    r"|alternatives|inline-graphic|abstract|math|m(?:i|n|o|row|sup|sub|subsup|frac|text|space|over|under|sqrt|style|table|tr"
    r"|td|fenced|stack)|semantics|annotation|p|br|div|li|ul|ol|sec|title|list|list-item|h\d|img|blockquote"
)
_TAG = re.compile(rf"</?(?:{_ELEMENTS})(?:\s[^<>]{{0,2000}})?/?>|<!--.{{0,2000}}?-->", re.S | re.I)
_BLOCK_TAG = re.compile(r"</?(?:\w+:)?(?:p|br|div|li|ul|ol|sec|title|list|list-item|h\d)(?:\s[^<>]{0,2000})?/?>", re.I)
_HEADING = re.compile(r"<(?:\w+:)?title>\s*(?:abstract|summary)\s*</(?:\w+:)?title>", re.I)
_TEX_OF_MATH = re.compile(r"<(?:\w+:)?tex-math[^<>]*>(.{0,5000}?)</(?:\w+:)?tex-math>", re.S | re.I)
_MATHML = re.compile(r"<(?:mml:)?annotation[^<>]*>.{0,5000}?</(?:mml:)?annotation>", re.S)
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_DASHES = re.compile(r"\s*(?:-|\u2010|\u2011|\u2012|\u2013|\u2014|\u2212)+\s*")
_NUMBERED_NAME = re.compile(r"(?:\s\d{4}|\s*\(\d{5,}\))$")  # "Wei Wang 0001" of DBLP, "Brown, Alice (57190)" of Scopus
_INITIALS_BEHIND = re.compile(r"([^\W\d_](?:[\w'’ -]{0,80})) ([A-Z]{1,3})(?: (Jr|Sr|[23](?:rd|nd)|III))?\.?")
_LONGEST_NAME = 200
_PAPERS_OF_AUTHORS = re.compile(r";|\n|(?:,[ \t]{0,3})?(?<!\S)(?:and|&)(?!\S)")
# What databases put in the place of an abstract, and whose it is behind one.
_NO_ABSTRACT = re.compile(
    r"\A\[?no abstract(?: (?:is )?available)?\.?\]?\Z"
    r"| ?(?:©|\(c\)|copyright ©?) ?(?:19|20)\d\d\b[^.]{0,80}\.?[^.]{0,60}\.?\Z",
    re.I,
)
_NAME_PARTS = re.compile(r"\b(given|prefix|family|suffix) ?= ?([^,=]{1,200})(?=,|$)")
_ET_AL = re.compile(r",?[ \t](?:et al\.?|and others)\s{0,9}\Z")
_OWN_DOI = re.compile(r"\s{0,9}((?:https?://|10\.)\S+)\s{0,9}", re.I)
_DOI_LINE = re.compile(r"^[ \t]{0,9}DOI[: ] {0,9}(\S+)", re.I | re.M)
_LONGEST_HINT = 10_000
_COMMA = re.compile(r",(?=[^\W\d_])")  # "Doe,J.,Jr."
_LONGEST_LIST = 100_000
_REFERENCE = re.compile(r"https?://\S+")

KINDS = {  # what other formats call the types of BibTeX, folded to letters
    "article": "article journalarticle articlejournal jour jfull ejour mgzn articlemagazine review letter journal",
    "inproceedings": "inproceedings conference conferencepaper paperconference conf cpaper proceedingsarticle"
    " conferenceproceedings proceedingspaper",
    "incollection": "incollection booksection chapter chap bookchapter echap",
    "book": "book ebook edbook monograph mvbook collection",
    "proceedings": "proceedings",
    "phdthesis": "phdthesis thesis thes dissertation",
    "mastersthesis": "mastersthesis",
    "techreport": "techreport report rprt",
    "misc": "misc preprint online unpb unpublished manuscript postedcontent gen elec webpage software dataset data",
}
_KIND_OF = {name: kind for kind, names in KINDS.items() for name in names.split()}
_OF_A_SCHOOL = frozenset(("phdthesis", "mastersthesis", "techreport"))  # other formats call it the publisher


class BadRecord(Exception):
    """A record that no entry can be made of; its text says why."""


def storable(text: str) -> str:
    """Return `text` as a database can take it: U+FFFD stands for lone surrogates and NUL."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def storable_entry(entry: Entry) -> Entry:
    """Return an entry with all its texts as a database can take them."""
    return replace(entry, **_storable_texts(entry), publication=Publication(**_storable_texts(entry.publication)))


def _storable_texts(record: Entry | Publication) -> dict[str, Any]:
    said = {field.name: getattr(record, field.name) for field in fields(record)}
    texts = {name: storable(value) for name, value in said.items() if isinstance(value, str)}
    return texts | {name: tuple(map(storable, value)) for name, value in said.items() if isinstance(value, tuple)}


def without_markup(text: str) -> str:
    """Return text without its HTML, JATS and entities, in one line, mathematics kept."""
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _HEADING.sub(" ", _MATHML.sub("", _TEX_OF_MATH.sub(r" \1 ", text)))
        text = _TAG.sub("", _BLOCK_TAG.sub(" ", text))
    if "&" in text:
        text = html.unescape(text)  # of what was escaped to be put into XML
    return one_spaced(_HIDDEN.sub("", storable(text)))


def web_address(text: str) -> str | None:
    """Return the address of the web in a field; None if it is none, or one that a browser would run."""
    found = _REFERENCE.search(text)
    return found.group() if found else None


def natural_name(text: str) -> str:
    """Return a name as people say it: "Alice Brown" of "Brown, Alice" and of "Brown, Alice (57190)", with "Jr." behind
    it wherever that stands. What stands in braces is one name, as it is."""
    if text.startswith("{") and text.endswith("}"):
        return without_markup(text[1:-1])
    name = _NUMBERED_NAME.sub("", without_markup(text).strip(" ,;")).strip(" ,;")
    if "=" in name and (parts := dict(_NAME_PARTS.findall(name))).get(
        "family"
    ):  # as biblatex has it: "given=Edgar Allan, family=Poe"
        whole = " ".join(parts.get(part, "") for part in ("given", "prefix", "family"))
        return one_spaced(", ".join(filter(None, (whole, parts.get("suffix")))))
    name = _COMMA.sub(", ", name)
    if "," not in name or (said := personal_name(name)).is_group:
        return name
    whole = ", ".join(filter(None, (f"{said.given} {said.surname}", said.suffix)))
    return one_spaced(f"{whole} {said.note}")


def initials_first(names: Sequence[str]) -> list[str]:
    """Return names as PubMed has them, "Brown A", with the initials before the family name, if all are like that."""
    found = [_INITIALS_BEHIND.fullmatch(name.strip()) for name in names]
    turned = [" ".join(filter(None, (match[2], match[1], match[3]))) for match in found if match]
    return turned if len(turned) == len(names) else list(names)


def split_authors(text: str) -> list[str]:
    """Return the names in one field: parted by semicolons, line breaks, "and" or "&", and by commas unless these stand
    between a family name and the given one. "et al." at the end is one of them. A list as programs print it has its
    own names: "['Jane Doe', 'Max Roe']"."""
    if text.startswith("[") and text.endswith("]") and (printed := _printed_list(text)):
        return printed
    named = _ET_AL.sub("", text)
    parts = [part.strip() for part in _PAPERS_OF_AUTHORS.split(named) if part.strip()]
    by_comma = [part.strip() for part in ",".join(parts).split(",") if part.strip()]
    if ";" not in named and len(parts) == 1:
        several = len(by_comma) > 2 or all(" " in part for part in by_comma)
        parts = initials_first(by_comma) if len(by_comma) > 1 and several else parts
    elif parts and ";" not in named and "," not in parts[-1] and all(" " in part for part in by_comma):
        parts = by_comma  # "Jane Doe, Max Power and Li Na"
    return [*parts, "et al."] if named != text else parts


def _printed_list(text: str) -> list[str]:
    """Return the texts in a list that Python or JSON printed, none if it is no such list."""
    try:
        values = ast.literal_eval(text[:_LONGEST_LIST])
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return []
    return [one for one in values if isinstance(one, str)] if isinstance(values, list) else []


def pages_of(*parts: str | None) -> str | None:
    """Return pages as "17-25", of "17--25", "17 – 25" or of the first and the last."""
    known = [_DASHES.sub("-", without_markup(part)).strip("-") for part in parts if part]
    return "-".join(dict.fromkeys(filter(None, known))) or None


def kind_of(text: str) -> str | None:
    """Return the type of BibTeX that another format's is: "article" of "journal-article" and "JOUR"."""
    return _KIND_OF.get("".join(filter(str.isalpha, text.lower())))


def publication_of(*hints: str, **said: str | None) -> Publication:
    """Return what is `said` of a publication by the names of its fields, as text without markup; identifiers also
    from where `hints`, the address and the like, hold them."""
    known = {name: value for name, text in said.items() if text and (value := without_markup(text))}
    if known.get("kind") in _OF_A_SCHOOL and "venue" not in known and "publisher" in known:
        known["venue"] = known.pop("publisher")
    hints = (*hints, known.get("url", ""), known.get("doi", ""))
    arxiv = arxiv_id(known.get("arxiv_id", ""), alone=True) or next(filter(None, map(arxiv_id, hints)), None)
    known |= {
        "doi": doi(known.get("doi", "")) or next(filter(None, map(_own_doi, hints)), ""),
        "arxiv_id": arxiv or "",
        "openreview_id": known.get("openreview_id") or next(filter(None, map(openreview_id, hints)), None) or "",
        "url": web_address(known.get("url", "")) or "",
        "code_url": web_address(known.get("code_url", "")) or "",
    }
    return Publication(**{name: value for name, value in known.items() if value})  # type: ignore[arg-type]


def _own_doi(hint: str) -> str | None:
    """Return the DOI in a hint that is nothing else, or says "DOI: ..." in a line: others are of other works."""
    found = _OWN_DOI.fullmatch(hint[:_LONGEST_HINT]) or _DOI_LINE.search(hint[:_LONGEST_HINT])
    return doi(found[1]) if found else None


def entry_of(
    line: int,
    *,
    title: str,
    abstract: str = "",
    authors: Iterable[str] = (),
    dated: Dated | None = None,
    publication: Publication | None = None,
    keywords: Iterable[str] = (),
    category: str | None = None,
) -> Entry:
    """Return the entry of a record. Raises BadRecord if it has no title that can be one."""
    title, abstract = without_markup(title), _NO_ABSTRACT.sub("", without_markup(abstract))
    if not any(map(str.isalnum, title)):
        raise BadRecord("the record has no title")
    if len(title) > LONGEST_TITLE_LINE:
        raise BadRecord(f"the title has {len(title):,} characters")
    printed = [name for name in map(natural_name, authors) if name]
    names = [name for name in named(printed) if len(name) <= _LONGEST_NAME]
    complete = bool(names) and len(names) == len(printed) and len(names) <= MOST_AUTHORS
    dated = dated or Dated()
    said = tuple(dict.fromkeys(filter(None, map(without_markup, keywords))))
    return Entry(
        line=line,
        title=title,
        abstract=abstract,
        authors=tuple(names[:MOST_AUTHORS]),
        authors_complete=complete,
        author_count=len(names) if complete or len(names) > MOST_AUTHORS else None,
        published=dated.day,
        precision=dated.precision,
        category=short_category(category),
        publication=replace(publication or Publication(), keywords=said),
    )


def short_category(category: str | None) -> str | None:
    """Return arXiv's category as profile pages print it: "LG" of "cs.LG"; those outside computer science stay whole."""
    return without_markup(category).removeprefix("cs.")[:40] or None if category else None


def page_of(entries: Sequence[Entry], skipped: Iterable[Skipped]) -> Page:
    """Return what was read of a bibliography, which nobody owns. Where several records begin at one line, each has its
    number instead of a line."""
    if len({entry.line for entry in entries}) < len(entries):
        entries = [replace(entry, line=number) for number, entry in enumerate(entries, 1)]
    return Page(None, ProfileFigures(), tuple(entries), tuple(sorted(skipped, key=lambda each: each.line)))
