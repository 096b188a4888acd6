"""The text of a PDF's first pages, as a program of its own: a PDF on standard input, JSON on standard output.

It is run by its path with little memory and little time, so that a hostile file harms nothing but itself. It imports
nothing of the package.
"""

import json
import logging
import re
import sys
from collections import Counter
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError
from pypdf.generic import DictionaryObject, NameObject

_PAGES = 2
_LARGEST_PAGE_BYTES = 5_000_000  # of drawing; more takes too much time and memory
_FONT = re.compile(rb"/([^\s/<>()\[\]{}%]{1,100})\s+[\d.]+\s+Tf")
_HELVETICA = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}


def limit(*, memory_bytes: int, seconds: int) -> None:
    """Take from this process what it may not have, where the system can."""
    try:
        import resource
    except ImportError:  # there is no such thing on Windows, where only the caller's clock limits
        return
    for what, most in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, seconds)):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue


def first_pages(content: bytes) -> dict[str, Any]:
    """Return what a PDF says of itself, and the lines of its first pages: [text, size in points, is turned]."""
    if b"startxref" not in content:  # what it would point to is then looked for
        content += b"\nstartxref\n0\n%%EOF\n"
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"problem": "encrypted"}
    said: Mapping[str, Any] = reader.metadata or {}
    pages = reader.pages[: min(_PAGES, len(reader.pages))]
    if any(len(_drawing(page)) > _LARGEST_PAGE_BYTES for page in pages):
        return {"problem": "large"}
    return {
        "title": str(said.get("/Title") or ""),
        "author": str(said.get("/Author") or ""),
        "lines": [line for page in pages for line in _lines(page)],
        "spaced": _spaced(pages[0]) if pages else [],
        "has_pictures": any(_has_pictures(page) for page in pages),
    }


def _drawing(page: Any) -> bytes:
    contents = page.get_contents()
    return b"" if contents is None else bytes(contents.get_data())


def _lines(page: Any) -> list[tuple[str, float, bool]]:
    """Return the lines of a page, each with the size of most of its letters."""
    _add_fonts(page, {f"/{name.decode('latin-1')}" for name in _FONT.findall(_drawing(page))})
    pieces: list[tuple[str, float, bool]] = []

    def seen(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        across = abs(tm[0] * cm[0] + tm[1] * cm[2])
        up = abs(tm[0] * cm[1] + tm[1] * cm[3])
        pieces.append((text, round(float(size) * max(across, up), 1), up > across))

    page.extract_text(visitor_text=seen)
    lines: list[tuple[str, float, bool]] = []
    text, sizes, turned = "", Counter[float](), Counter[bool]()
    for piece, size, is_turned in [*pieces, ("\n", 0.0, False)]:
        for place, part in enumerate(piece.split("\n")):
            if place and text.strip():
                lines.append((text.strip(), sizes.most_common(1)[0][0], turned.most_common(1)[0][0]))
            if place:
                text, sizes, turned = "", Counter(), Counter()
            text += part
            letters = sum(map(str.isalnum, part))
            sizes[size] += letters
            turned[is_turned] += letters
    return lines


def _spaced(page: Any) -> list[str]:
    """Return the lines of a page with the gaps between their words, which tell the names of authors apart."""
    try:
        return [line.strip() for line in page.extract_text(extraction_mode="layout").split("\n") if line.strip()]
    except Exception:  # it is a help, and fails where the plain text is read well
        return []


def _add_fonts(page: Any, names: set[str]) -> None:
    """Have what is written in fonts that the page names and has not read as Helvetica."""
    resources = page.setdefault(NameObject("/Resources"), DictionaryObject()).get_object()
    fonts = resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object()
    for name in names - set(fonts):
        fonts[NameObject(name)] = DictionaryObject(
            {NameObject(key): NameObject(value) for key, value in _HELVETICA.items()}
        )


def _has_pictures(page: Any) -> bool:
    try:
        return any(one.get_object().get("/Subtype") == "/Image" for one in page["/Resources"]["/XObject"].values())
    except (KeyError, AttributeError, TypeError):
        return False


def main() -> None:
    """Answer with the first pages, or with what the problem is."""
    logging.disable()
    limit(memory_bytes=int(sys.argv[1]), seconds=int(sys.argv[2]))
    try:
        answer = first_pages(sys.stdin.buffer.read())
    except (DependencyError, FileNotDecryptedError):
        answer = {"problem": "encrypted"}
    except MemoryError:
        answer = {"problem": "large"}
    except Exception as error:  # whatever a hostile file makes of the parser
        answer = {"problem": "damaged", "reason": type(error).__name__}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
