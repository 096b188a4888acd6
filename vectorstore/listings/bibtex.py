"""BibTeX and biblatex, by bibtexparser: what Scholar, Zotero, JabRef, Mendeley, DBLP, ACL, Scopus and others export.

An entry that does not close ends where the next one begins, so that one mistake costs one entry.
"""

import logging
import re
from collections.abc import Mapping

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
from vectorstore.listings.latex_text import latex_as_text
from vectorstore.listings.page import Page
from vectorstore.listings.source import Source, one_spaced
from vectorstore.listings.values import BadRecord, entry_of, kind_of, page_of, pages_of, publication_of, read_date

_TYPES = (
    "article|book|booklet|collection|conference|dataset|inbook|incollection|inproceedings|inreference|manual"
    "|mastersthesis|misc|mvbook|online|patent|phdthesis|preprint|proceedings|report|software|techreport|thesis"
    "|unpublished"
)
_ENTRY = re.compile(rf"^[ \t]*@(?:{_TYPES})\s*[{{(]", re.I | re.M)
_JOINS = re.compile(r'["}]\s*#|#\s*["{]')  # "arXiv" # { preprint}
_AND = re.compile(r"\s+and\s+", re.I)
_KEYWORDS = re.compile("[;,]")
_VENUES = "journal journaltitle booktitle maintitle school institution organization howpublished series".split()
_MONTHS = {name: name for name in "jan feb mar apr may jun jul aug sep oct nov dec".split()}
_LONGEST_KEY = 60
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
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    for block in map(_whole, read.blocks):
        line = (block.start_line or 0) + 1
        if isinstance(block, ParsingFailedBlock):
            skipped.append(Skipped(line, f"{_named(block)} is not closed, or lacks a comma"))
        elif isinstance(block, ImplicitComment):
            skipped += _left_over(block.comment or "", line)
        elif isinstance(block, BibEntry):
            try:
                entries.append(_entry(block, line, strings))
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


def _entry(block: BibEntry, line: int, strings: Mapping[str, str]) -> Entry:
    raw: dict[str, str] = {}
    for field in block.fields:
        raw.setdefault(field.key.lower(), _value(field.value, strings))
    said = {name: latex_as_text(value) for name, value in raw.items() if name not in ("author", "editor", "file")}
    title, subtitle = said.get("title", ""), said.get("subtitle", "")
    eprint, server = said.get("eprint", ""), said.get("archiveprefix") or said.get("eprinttype") or ""
    in_arxiv = server.lower() == "arxiv" or (not server and "arxiv" in said.get("journal", "").lower())
    venue = next((said[name] for name in _VENUES if said.get(name)), None)
    of_series = (said.get(name, "") for name in ("journal", "journaltitle", "volume", "howpublished", "note", "eprint"))
    return entry_of(
        line,
        title=f"{title}: {subtitle}" if subtitle else title,
        abstract=said.get("abstract") or said.get("annotation") or "",
        authors=map(latex_as_text, _AND.split(one_spaced(raw.get("author") or raw.get("editor") or ""))),
        dated=read_date(said.get("date") or " ".join(said.get(part, "") for part in ("day", "month", "year"))),
        publication=publication_of(
            *of_series,
            kind=kind_of(block.entry_type) or block.entry_type.lower(),
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
        category=said.get("primaryclass") or said.get("eprintclass"),
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
