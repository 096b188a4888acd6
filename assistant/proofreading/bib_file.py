"""A .bib file as people have them -> its entries, and the lines that cannot be read, by bibtexparser.

An entry that does not close ends where the next one begins, so that one mistake costs one entry.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock

from assistant.text.plain_text import plain_text
from vectorstore.authors.personal_names import surname
from vectorstore.text.folding import folded

_KEY = re.compile(r"@\w+\s*[{(]\s*([^\s,{}]+)")
_JOINS = re.compile(r'["}]\s*#|#\s*["{]')  # "arXiv" # { preprint}
_JOINED = re.compile(r"\s*#\s*")
_ARXIV = re.compile(r"(?<![\w.])(\d{4}\.\d{4,5})(?:v\d+)?(?!\d|\.\d)")
_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>{}]+)", re.IGNORECASE)
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


@dataclass(frozen=True)
class BibEntry:
    """An entry of a bibliography: fields by their names in small letters, LaTeX as written. One of a reference list has
    the field `text` alone, as printed."""

    key: str
    fields: dict[str, str]
    line: int

    @cached_property
    def title(self) -> str:
        return shown(self.fields.get("title", ""))

    @property
    def text(self) -> str:
        return self.fields.get("text", "")

    @cached_property
    def year(self) -> int | None:
        found = _YEAR.search(self.fields.get("year") or self.fields.get("date") or self.text)
        return int(found[1]) if found else None

    @cached_property
    def surnames(self) -> frozenset[str]:
        """The folded surnames of its authors."""
        names = _AND.split(shown(self.fields.get("author", "")))
        return frozenset(filter(None, (surname(name) for name in names if folded(name) != "others")))

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """Its DOI and arXiv id, in small letters."""
        names = ("doi", "eprint", "url", "journal", "note", "howpublished", "text")
        return identifiers(" ".join(self.fields.get(name, "") for name in names))


def identifiers(text: str) -> frozenset[str]:
    """Return the DOIs and arXiv ids in a text, in small letters, without versions."""
    dois = [doi.rstrip(".,;)").lower() for doi in _DOI.findall(text)]
    arxiv = [doi.rpartition("arxiv.")[2] for doi in dois if "arxiv." in doi]
    return frozenset([*(doi for doi in dois if "arxiv." not in doi), *arxiv, *_ARXIV.findall(_DOI.sub(" ", text))])


def shown(value: str) -> str:
    """Return the value of a field as a reader sees it."""
    return " ".join(plain_text(value).replace("{", "").replace("}", "").split())


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The entries of a .bib, and what is wrong with the others, a sentence each."""

    entries: tuple[BibEntry, ...]
    notes: tuple[str, ...] = ()


def read_bib(text: str, name: str) -> Bibliography:
    """Return the entries of a .bib. Of two that share a key, and of two fields of a name, the first counts, as for
    BibTeX."""
    logging.getLogger("bibtexparser").setLevel(logging.ERROR)  # what it warns of is told here
    read = parse_string(text, parse_stack=[])
    strings = {string.key.lower(): _value(string.value, {}) for string in read.strings}
    entries: dict[str, BibEntry] = {}
    notes: list[str] = []
    for block in read.blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, DuplicateFieldKeyBlock):
            block = block.ignore_error_block or block
        if isinstance(block, DuplicateBlockKeyBlock):
            first = (block.previous_block.start_line or 0) + 1
            notes.append(f"{name}, line {line}: the key {block.key} is that of line {first} already, which counts.")
        elif isinstance(block, ParsingFailedBlock):
            notes.append(f"{name}, line {line}: {_named(block.raw)} is not closed, or lacks a comma.")
        elif isinstance(block, Entry):
            fields: dict[str, str] = {}
            for field in block.fields:
                fields.setdefault(field.key.lower(), _value(field.value, strings))
            if not block.key:
                notes.append(f"{name}, line {line}: the entry has no key.")
            elif not all(field.value for field in block.fields):
                notes.append(f"{name}, line {line}: {block.key} has a field without a value.")
            else:
                entries[block.key] = BibEntry(block.key, fields, line)
    if text.strip() and not (entries or notes or strings):
        notes.append(f"{name} has no entries; it is read as BibTeX.")
    return Bibliography(tuple(entries.values()), tuple(notes))


def _named(raw: str | None) -> str:
    found = _KEY.match(raw or "")
    return found[1] if found else "the entry"


def _value(raw: str, strings: Mapping[str, str]) -> str:
    """Return what a field says: its parts without their braces or quotes, and what the names among them stand for."""
    is_one = _is_enclosed(raw) and not _JOINS.search(raw)
    return "".join(
        part[1:-1] if _is_enclosed(part) else strings.get(part.lower(), part)
        for part in ([raw] if is_one else _JOINED.split(raw))
    )


def _is_enclosed(part: str) -> bool:
    return len(part) > 1 and part[0] + part[-1] in ("{}", '""')
