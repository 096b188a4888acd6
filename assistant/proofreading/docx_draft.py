"""A draft in Word's .docx -> its paragraphs and citations: numbers, with a list of references, or pandoc's keys.

A .docx is a ZIP of XML. Both are read in bounded steps, and XML that declares entities is refused, so that no small
file becomes a large one.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from assistant.proofreading.cited_text import REFERENCES, CitedText, Flow, ListedReference
from assistant.proofreading.inline_citations import listed_number, say_citing
from vectorstore.errors import DraftError

_MOST_MIB = 20  # of the file
_MOST_XML_MIB = 40  # of a part of it, unpacked
_MOST_RATIO = 200  # of unpacked to packed: text in XML has at most some 50
_STEP = 1 << 16
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main "
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_INSTEAD = "save it anew from your word processor, or give it as .tex or .md"


@dataclass
class _Paragraph:
    text: list[str] = field(default_factory=list)
    style: str = ""
    numbered: bool = False

    @property
    def words(self) -> str:
        return "".join(self.text).strip()


class _Refused(Exception):
    """XML that no word processor writes."""


def read_docx(path: Path) -> CitedText:
    """Return what a draft says and cites; its lines are its paragraphs, counted from 1. Raises DraftError."""
    try:
        if path.stat().st_size > _MOST_MIB * 2**20:
            raise DraftError(f"{path} has more than {_MOST_MIB} MiB; give the draft without its pictures.")
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
            if _PARTS[0] not in names:
                raise DraftError(f"{path} cannot be read (it is no document of Word); {_INSTEAD}.")
            body, *notes = [list(_paragraphs(packed, name, path)) for name in _PARTS if name in names]
    except OSError as error:
        raise DraftError(f"{path} cannot be read ({error.strerror}); give a .tex, .md or .docx.") from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, expat.ExpatError) as error:
        raise DraftError(f"{path} cannot be read (it is no sound .docx); {_INSTEAD}.") from error
    except _Refused as error:
        raise DraftError(f"{path} is refused ({error}); {_INSTEAD}.") from error
    return _cited(path.name, body, [paragraph for part in notes for paragraph in part])


def _cited(name: str, body: list[_Paragraph], notes: list[_Paragraph]) -> CitedText:
    starts = [place for place, one in enumerate(body) if REFERENCES.fullmatch(one.words)]
    end = starts[-1] if starts else len(body)
    references = tuple(_listed(body[end + 1 :], end + 2))
    numbered = {one.key for one in references}
    flow = Flow(name)
    for line, paragraph in [*enumerate(body[:end], 1), *((end, note) for note in notes)]:
        flow.end_paragraph()
        say_citing(flow, paragraph.words, line, numbered=numbered)
    flow.end_paragraph()
    return CitedText(name, tuple(flow.paragraphs), tuple(flow.marks), references)


def _listed(paragraphs: list[_Paragraph], line: int) -> Iterator[ListedReference]:
    """Yield the entries of a reference list, by their printed numbers, or as Word itself numbers them."""
    count = 0
    for place, paragraph in enumerate(paragraphs, line):
        if not paragraph.words:
            continue
        if paragraph.style.lower().startswith("heading"):
            return
        if numbered := listed_number(paragraph.words):
            yield ListedReference(*numbered, place)
        elif paragraph.numbered:
            count += 1
            yield ListedReference(str(count), " ".join(paragraph.words.split()), place)


def _paragraphs(packed: zipfile.ZipFile, name: str, path: Path) -> list[_Paragraph]:
    """Return the paragraphs of a part. Raises _Refused, or expat's and zipfile's errors."""
    info = packed.getinfo(name)
    too_large = f"{name} unpacks to more than {_MOST_XML_MIB} MiB, or to more than {_MOST_RATIO} times its size"
    most = min(_MOST_XML_MIB * 2**20, _MOST_RATIO * max(info.compress_size, _STEP))
    handler = _Handler()
    read = 0
    with packed.open(info) as part:
        while step := part.read(_STEP):
            read += len(step)
            if read > most:
                raise _Refused(too_large)
            handler.parser.Parse(step, False)
    handler.parser.Parse(b"", True)
    return handler.done


class _Handler:
    """Gathers paragraphs as expat goes through a part."""

    def __init__(self) -> None:
        self.done: list[_Paragraph] = []
        self._open: list[_Paragraph] = []  # a text box has paragraphs within a paragraph
        self._in_text = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise _Refused("its XML declares a document type, which no word processor writes")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "p":
            self._open.append(_Paragraph())
        elif not self._open:
            return
        elif name == "t":
            self._in_text = True
        elif name in ("tab", "br", "cr"):
            self._open[-1].text.append(" ")
        elif name == "noBreakHyphen":
            self._open[-1].text.append("-")
        elif name == "pStyle":
            self._open[-1].style = next((value for key, value in attributes.items() if key.endswith("val")), "")
        elif name == "numPr":
            self._open[-1].numbered = True

    def _end(self, tag: str) -> None:
        name = _local(tag)
        if name == "t":
            self._in_text = False
        elif name == "p" and self._open:
            self.done.append(self._open.pop())

    def _characters(self, text: str) -> None:
        if self._in_text and self._open:
            self._open[-1].text.append(text)


def _local(tag: str) -> str:
    """Return an element's name if it is one of Word's, "" if not."""
    return re.sub(f"^(?:{re.escape(_WORD)}|{re.escape(_STRICT)})", "", tag) if tag.startswith((_WORD, _STRICT)) else ""
