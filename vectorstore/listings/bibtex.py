"""BibTeX and biblatex, by bibtexparser: what Scholar, Zotero, JabRef, Mendeley, DBLP, ACL, Scopus and others export.

An entry that does not close ends where the next one begins, so that one mistake costs one entry.
"""

import logging
import re
from collections.abc import Iterator, Mapping

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    ImplicitComment,
    ParsingFailedBlock,
)
from bibtexparser.model import Entry as BibEntry

from vectorstore.listings.entry import Entry, Skipped
from vectorstore.listings.listing_page import Page
from vectorstore.listings.printed_dates import read_date
from vectorstore.listings.source import Source, one_spaced
from vectorstore.listings.values import BadRecord, entry_of, kind_of, page_of, pages_of, publication_of
from vectorstore.text.latex_text import latex_as_text

_TYPES = (
    "article|book|booklet|collection|conference|dataset|inbook|incollection|inproceedings|inreference|manual"
    "|mastersthesis|misc|mvbook|online|patent|phdthesis|preprint|proceedings|report|software|techreport|thesis"
    "|unpublished"
)
_ENTRY = re.compile(rf"^[ \t]*@(?:{_TYPES})\s*[{{(]", re.I | re.M)
_JOINS = re.compile(r'["}]\s*#|#\s*["{]')  # "arXiv" # { preprint}
_AND_OR_BRACE = re.compile(r"\\.|[{}]|(?<=\s)and(?=\s)", re.I)
_KEYWORDS = re.compile("[;,]")
_KEYS = re.compile(r"\s*,\s*")
_VENUES = "journal journaltitle booktitle maintitle school institution organization howpublished series".split()
_VENUES_OF_THESES = ("school", "institution")
# What an entry has of the one that it names in `crossref`: what is said of the whole is said of its parts.
_OF_A_WHOLE = frozenset(
    "booktitle maintitle journal journaltitle series volume number publisher organization institution school year month"
    " day date".split()
)
_MOST_ANCESTORS = 20
# What an entry of no type in particular is, by the field that has its venue.
_KIND_BY_VENUE = {
    "journal": "article",
    "journaltitle": "article",
    "booktitle": "inproceedings",
    "school": "phdthesis",
    "institution": "techreport",
}
_MONTHS = {name: name for name in "jan feb mar apr may jun jul aug sep oct nov dec".split()}
_LONGEST_KEY = 60
_NEXT_FIELD = re.compile(r"\s+([A-Za-z][\w-]*)\s*=\s*(?=[{\"\w])")
_PLAIN_VALUE = re.compile(r'"[^"{}]*"|\d+')
_BRACE = re.compile(r"(?<!\\)[{}]")
_COMMENT = re.compile(r"[ \t]*%")
_COMMAND = re.compile(r"[ \t]*@(?:string|preamble|comment)\b", re.I)
_MOST_LINES_ABOVE, _LONGEST_LINE_ABOVE = 5, 200


def is_bibtex(source: Source) -> bool:
    """Tell a .bib by its first entry, above which stand at most comments, other commands and a few short lines."""
    first = _ENTRY.search(source.text) if "@" in source.text else None
    if first is None:
        return False
    above = [line for line in source.text[: first.start()].split("\n") if line.strip() and not _COMMENT.match(line)]
    is_short = len(above) <= _MOST_LINES_ABOVE and all(len(line) <= _LONGEST_LINE_ABOVE for line in above)
    return is_short or any(_COMMAND.match(line) for line in above)


def read_bibtex(source: Source) -> Page:
    """Return the papers of a .bib. Of two fields of a name in an entry the first counts, as for BibTeX."""
    logging.getLogger("bibtexparser").setLevel(logging.ERROR)  # what it warns of is told here
    read = parse_string(source.text, parse_stack=[])
    strings = _MONTHS | {string.key.lower(): _value(string.value, _MONTHS) for string in read.strings}
    blocks = [_whole(block) for block in read.blocks]
    values = {block.key.lower(): _values(block, strings) for block in reversed(blocks) if isinstance(block, BibEntry)}
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    for block in blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, ParsingFailedBlock):
            skipped.append(Skipped(line, f"{_named(block)} is not closed, or lacks a comma"))
        elif isinstance(block, ImplicitComment):
            skipped += _left_over(block.comment or "", line)
        elif isinstance(block, BibEntry) and block.entry_type.lower() != "xdata":  # it is a part of others
            try:
                if block.entry_type.lower() in ("proceedings", "mvproceedings"):
                    raise BadRecord("proceedings as a whole are no paper")
                raw = _with_inherited(_values(block, strings), values)
                entries.append(_entry(block.entry_type.lower(), line, raw))
            except BadRecord as error:
                skipped.append(Skipped(line, f"{block.key[:_LONGEST_KEY] or 'an entry'}: {error}"))
    return page_of(entries, skipped)


def _left_over(text: str, line: int) -> list[Skipped]:
    """Return the report on what stands between entries and is no comment."""
    return [
        Skipped(number, f"{one[:_LONGEST_KEY]!r} is in no entry")
        for number, one in enumerate(text.split("\n"), line)
        if one.strip() and not _COMMENT.match(one)
    ]


def _whole(block: Block) -> Block:
    """Return the entry in a block that is only wrong in that it says something twice."""
    while isinstance(block, DuplicateFieldKeyBlock | DuplicateBlockKeyBlock) and block.ignore_error_block:
        block = block.ignore_error_block
    return block


def _named(block: ParsingFailedBlock) -> str:
    found = re.match(r"@\w+\s*[{(]\s*([^\s,{}]+)", block.raw or "")
    return found[1][:_LONGEST_KEY] if found else "an entry"


def _values(block: BibEntry, strings: Mapping[str, str]) -> dict[str, str]:
    raw: dict[str, str] = {}
    for field in block.fields:
        for name, value in _apart(field.key, field.value if isinstance(field.value, str) else ""):
            raw.setdefault(name.lower(), _value(value, strings))
    return raw


def _apart(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield a field, and those that went into it where no comma is before them: 'title={A} author={B}'."""
    start = 0
    while following := _NEXT_FIELD.match(value, _end_of_value(value, start)):
        yield name, value[start : following.start()]
        name, start = following[1], following.end()
    yield name, value[start:]


def _end_of_value(text: str, start: int) -> int:
    """Return where the brace closes that a value begins with, or else its first quote or number ends."""
    if not text.startswith("{", start):
        plain = _PLAIN_VALUE.match(text, start)
        return plain.end() if plain else len(text)
    depth = 0
    for brace in _BRACE.finditer(text, start):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.end()
    return len(text)


def _with_inherited(raw: Mapping[str, str], entries: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return the fields of an entry with those that it has by `xdata`, which are all, and by `crossref`, which are
    those of the whole that it is in, whose title is the title of the book."""
    found: dict[str, str] = {}
    seen: set[str] = set()
    waiting = [(raw, False)]
    while waiting:
        one, is_whole = waiting.pop(0)
        title = {"booktitle": one["title"]} if is_whole and one.get("title") else {}
        found = title | {name: value for name, value in one.items() if not is_whole or name in _OF_A_WHOLE} | found
        parts = [(key, is_whole) for key in _KEYS.split(one.get("xdata", "").lower(), _MOST_ANCESTORS)]
        for key, of_whole in [*parts, (one.get("crossref", "").strip().lower(), True)]:
            if key in entries and key not in seen and entries[key] != raw and len(seen) < _MOST_ANCESTORS:
                seen.add(key)
                waiting.append((entries[key], of_whole))
    return found


def _names(text: str) -> list[str]:
    """Return the names between the words "and" that stand in no braces: "{Barnes and Noble} and Doe, Jane"."""
    parts, depth, start = [], 0, 0
    for found in _AND_OR_BRACE.finditer(text):
        if found[0] in "{}":
            depth = max(0, depth + (1 if found[0] == "{" else -1))
        elif depth == 0 and found[0][0] != "\\":
            parts.append(text[start : found.start()])
            start = found.end()
    return [part.strip() for part in [*parts, text[start:]]]


def _name(name: str) -> str:
    """Return a name as a reader sees it; one that braces hold together stays in them."""
    is_one = name.startswith("{") and name.find("}") == len(name) - 1
    return f"{{{latex_as_text(name)}}}" if is_one else latex_as_text(name)


def _entry(entry_type: str, line: int, raw: Mapping[str, str]) -> Entry:
    said = {name: latex_as_text(value) for name, value in raw.items() if name not in ("author", "editor", "file")}
    title, subtitle = said.get("title", ""), said.get("subtitle", "")
    eprint, server = said.get("eprint", ""), said.get("archiveprefix") or said.get("eprinttype") or ""
    in_arxiv = server.lower().startswith("arxiv") or not server
    kind = kind_of(entry_type) or entry_type
    if kind == "phdthesis" and said.get("type", "").lower().startswith("ma"):  # "mathesis", "Master's thesis"
        kind = "mastersthesis"
    of_kind = _VENUES_OF_THESES if kind.endswith("thesis") else ()
    field = next((name for name in (*of_kind, *_VENUES) if said.get(name)), "")
    venue = said.get(field)
    if kind == "misc":
        kind = _KIND_BY_VENUE.get(field, kind)
    of_series = (said.get(name, "") for name in ("journal", "journaltitle", "volume", "howpublished", "note", "eprint"))
    return entry_of(
        line,
        title=f"{title}: {subtitle}" if subtitle else title,
        abstract=said.get("abstract") or said.get("annotation") or "",
        authors=map(_name, _names(one_spaced(raw.get("author") or raw.get("editor") or ""))),
        dated=read_date(said.get("date") or " ".join(said.get(part, "") for part in ("day", "month", "year"))),
        publication=publication_of(
            *of_series,
            kind=kind,
            venue=None if re.match(r"https?:|\\url", venue or "") else venue,
            volume=said.get("volume"),
            issue=said.get("number") or said.get("issue"),
            pages=pages_of(said.get("pages")),
            publisher=said.get("publisher"),
            doi=said.get("doi"),
            arxiv_id=eprint if in_arxiv else said.get("arxivid") or said.get("arxiv"),
            pmid=eprint if server.lower() == "pubmed" else said.get("pmid"),
            url=raw.get("url") or raw.get("link") or venue,
        ),
        keywords=_KEYWORDS.split(said.get("keywords") or said.get("author_keywords") or said.get("keyword") or ""),
        category=next(iter((said.get("primaryclass") or said.get("eprintclass") or "").split()), None),
    )


def _value(raw: object, strings: Mapping[str, str]) -> str:
    """Return what a field says: its parts without their braces or quotes, and what the names among them stand for."""
    text = raw if isinstance(raw, str) else ""
    is_one = _is_enclosed(text) and not _JOINS.search(text)
    return "".join(
        part[1:-1] if _is_enclosed(part) else strings.get(part.lower(), part)
        for part in ([text] if is_one else map(str.strip, text.split("#")))
    )


def _is_enclosed(part: str) -> bool:
    return len(part) > 1 and part[0] + part[-1] in ("{}", '""')
