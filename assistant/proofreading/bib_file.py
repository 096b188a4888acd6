"""A .bib file as people have them -> its entries, and the lines that cannot be read.

An entry that does not close ends where the next one begins, so that one mistake costs one entry.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.text.plain_text import plain_text
from vectorstore.names import folded
from vectorstore.personal_names import surname

_ENTRY = re.compile(r"^[ \t]*@[ \t]*(?P<kind>[A-Za-z]+)[ \t\n]*(?P<opens>[{(])", re.MULTILINE)
_KEY = re.compile(r"\s*(?P<key>[^\s,{}\"#%'()=]+(?:[ \t]+[^\s,{}\"#%'()=]+)*)\s*(?P<end>,|[})])")
_FIELD = re.compile(r"\s*(?:,\s*)*(?P<name>[A-Za-z][\w+.:/-]*)\s*=\s*")
_END = re.compile(r"\s*(?:,\s*)*[})]")
_WORD = re.compile(r"[^\s,{}\"#()=]+")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_NO_ENTRIES = ("comment", "preamble")
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


class _Wrong(ValueError):
    """What keeps an entry from being read."""


def read_bib(text: str, name: str) -> Bibliography:
    """Return the entries of a .bib. Of two that share a key the first counts, as for BibTeX."""
    strings: dict[str, str] = {}
    entries: dict[str, BibEntry] = {}
    notes: list[str] = []
    starts = list(_ENTRY.finditer(text))
    line, counted, done = 1, 0, 0
    for number, start in enumerate(starts):
        line, counted = line + text.count("\n", counted, start.start("kind")), start.start("kind")
        kind = start["kind"].lower()
        if kind in _NO_ENTRIES or start.start() < done:
            continue
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        parser = _Parser(text, start.end(), end)
        try:
            if kind == "string":
                strings |= {key.lower(): value for key, value in parser.fields(strings)}
                continue
            key = parser.key()
            entry = BibEntry(key, dict(parser.fields(strings)), line)
        except _Wrong as wrong:
            notes.append(f"{name}, line {line}: {wrong}.")
            continue
        if first := entries.get(key):
            notes.append(f"{name}, line {line}: the key {key} is that of line {first.line} already, which counts.")
        else:
            entries[key] = entry
    if text.strip() and not starts:
        notes.append(f"{name} has no entries; it is read as BibTeX.")
    return Bibliography(tuple(entries.values()), tuple(notes))


class _Parser:
    """One entry, between its opening brace and the beginning of the next entry."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.place, self.end = text, start, end
        self.named = "the entry"

    def key(self) -> str:
        found = _KEY.match(self.text, self.place, self.end)
        if not found:
            raise _Wrong("the entry has no key")
        self.place = found.end() - (found["end"] != ",")
        self.named = found["key"]
        return found["key"]

    def fields(self, strings: dict[str, str]) -> Iterator[tuple[str, str]]:
        while not (closed := _END.match(self.text, self.place, self.end)):
            found = _FIELD.match(self.text, self.place, self.end)
            if not found:
                rest = " ".join(self.text[self.place : self.end].split())[:40]
                raise _Wrong(f"{self.named} is not closed" if not rest else f"{self.named} cannot be read at “{rest}”")
            self.place = found.end()
            yield found["name"].lower(), self._value(strings)
        self.place = closed.end()

    def _value(self, strings: dict[str, str]) -> str:
        parts = [self._part(strings)]
        while joined := re.compile(r"\s*#\s*").match(self.text, self.place, self.end):
            self.place = joined.end()
            parts.append(self._part(strings))
        return "".join(parts)

    def _part(self, strings: dict[str, str]) -> str:
        opens = self.text[self.place : self.place + 1]
        if opens == "{":
            return self._braced()
        if opens == '"':
            return self._quoted()
        found = _WORD.match(self.text, self.place, self.end)
        if not found:
            raise _Wrong(f"{self.named} has a field without a value")
        self.place = found.end()
        return strings.get(found.group().lower(), found.group())

    def _braced(self) -> str:
        depth, start = 0, self.place + 1
        for found in _BRACE.finditer(self.text, self.place, self.end):
            depth += {"{": 1, "}": -1}.get(found.group(), 0)
            if not depth:
                self.place = found.end()
                return self.text[start : found.start()]
        raise _Wrong(f"{self.named} is not closed: a brace is missing")

    def _quoted(self) -> str:
        depth, start = 0, self.place + 1
        for found in re.compile(r"\\.|[{}\"]", re.DOTALL).finditer(self.text, start, self.end):
            depth += {"{": 1, "}": -1}.get(found.group(), 0)
            if found.group() == '"' and not depth:
                self.place = found.end()
                return self.text[start : found.start()]
        raise _Wrong(f"{self.named} is not closed: a quotation mark is missing")
