"""A paper as a PDF: title, authors and abstract of its first pages, read by pdf_text.py in a process of its own."""

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vectorstore.authors.author_line import author_line, can_be_name
from vectorstore.authors.personal_names import PARTICLES, split_names
from vectorstore.errors import ListingError
from vectorstore.listings.arxiv_marks import ARXIV_ID, category_of, dated
from vectorstore.listings.entry import Entry, ProfileFigures, Publication, Skipped
from vectorstore.listings.listing_page import Page
from vectorstore.listings.paper_identifiers import doi as doi_of
from vectorstore.listings.printed_dates import day_first
from vectorstore.listings.source import Source, one_spaced

_READER = Path(__file__).with_name("pdf_text.py")
_MEMORY_BYTES = 1_500_000_000
_SECONDS = 20
_LONGEST_TITLE = 400
_FEW_LINES = 8
_LARGER = 1.5  # points
_MOST_TITLE_LINES, _MOST_HEAD_LINES = 5, 80
_HEADING = re.compile(r"(?:abstract|a b s t r a c t|summary)\b\s*[.:—–-]*\s*", re.IGNORECASE)
_END = re.compile(
    r"(?:(?:\d|I)[. ]{0,3}\s?)?introduction\b.*|(?:key ?words|index terms|ccs concepts|acm reference format"
    r"|categories and subject descriptors|jel|pacs|msc|code|github|project page|correspondence)\b.*"
    r"|(?-i:\d\.?\s+[A-Z][A-Za-z]{3,}(?: [A-Z]\w+)?)",
    re.IGNORECASE,
)
_END_INSIDE = re.compile(r"\s(?:Key ?words|Index Terms|CCS Concepts)(?: and phrases)?\s*[:—–-].*", re.DOTALL)
_STAMP = re.compile(rf"arXiv:(?P<id>{ARXIV_ID})\s*(?:\[(?P<category>[\w.-]+)\])?\s*(?P<day>\d{{1,2}} \w+ \d{{4}})?")
_PLACES = re.compile(
    r"@|https?:|www\.|\b(?:universit\w*|institut\w*|department|dept|school|college|laborator\w*|labs?|research|center"
    r"|centre|inc|ltd|academy|faculty|hospital|corporation|google|microsoft|meta|openai|nvidia|equal contribution"
    r"|corresponding|preprint|published|conference|workshop|proceedings|journal|under review|draft|technical report"
    r"|volume|vol|january|february|march|april|may \d+|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"(?<=[^\W\d_])\s?[\d*†‡§¶∗⋆♠♣♢♡⋄✉][\d*†‡§¶∗⋆♠♣♢♡⋄✉,\s]*")
_GAP = re.compile(r"\s{3,}")
_ACCENTS = dict(zip("´`¨ˆ˜¯˘˙˚˝ˇ", "\u0301\u0300\u0308\u0302\u0303\u0304\u0306\u0307\u030a\u030b\u030c", strict=True))
_ACCENTED = re.compile(f"([{''.join(_ACCENTS)}]) ?([^\\W\\d_])")
# Ligatures of TeX's fonts that are printed as control characters.
_LIGATURES = str.maketrans(
    {"\x0b": "ff", "\x0c": "fi", "\r": "fl", "\x0e": "ffi", "\x0f": "ffl", "\x1b": "ff", "\x1c": "fi", "\x1d": "fl"}
    | {"\x1e": "ffi", "\x1f": "ffl", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"}
)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float  # of most of its letters, in points
    is_turned: bool


@dataclass(frozen=True, slots=True)
class _Pages:
    """The first pages: what the file says of itself, the lines, and those of the first page with their gaps."""

    title: str
    author: str
    lines: tuple[_Line, ...]
    spaced: tuple[str, ...]


def is_pdf(source: Source) -> bool:
    """Tell a PDF by its mark."""
    return source.content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-")


def read_pdf_paper(source: Source, as_of: date | None) -> Page:
    """Return the paper. Raises ListingError if the PDF is encrypted, scanned, damaged or takes too much to read."""
    pages = _first_pages(source)
    upright = [line for line in pages.lines if not line.is_turned]
    heading = next((place for place, line in enumerate(upright) if _HEADING.match(line.text)), None)
    title, below = _title(pages, upright, heading)
    if not title or (heading is None and len(upright) > _FEW_LINES and not _has_larger_title(upright)):
        raise ListingError(f"{source.path} {_PROBLEMS['other']}")
    names = _authors(pages, upright[below : heading if heading is not None else below + 3])
    stamp = next((match for line in pages.lines if (match := _STAMP.search(line.text))), None)
    day = day_first(stamp["day"] or "") if stamp else None
    published, precision = dated(stamp["id"], day) if stamp else (None, "day")
    first_page = " ".join(line.text for line in upright[:_MOST_HEAD_LINES])
    dois = {doi for line in upright[:_MOST_HEAD_LINES] if (doi := doi_of(line.text))}
    entry = Entry(
        line=1,
        title=title,
        abstract=_abstract(upright, heading),
        authors=names,
        authors_complete=bool(names) and "et al" not in first_page[:500],
        author_count=len(names) or None,
        published=day or published,
        precision="day" if day else precision,
        category=category_of(stamp["category"]) if stamp and stamp["category"] else None,
        publication=Publication(arxiv_id=stamp["id"] if stamp else None, doi=dois.pop() if len(dois) == 1 else None),
    )
    unsure = () if entry.abstract else (Skipped(1, "no abstract is found on the first pages; the title is kept"),)
    return Page(None, ProfileFigures(), (entry,), unsure)


def _first_pages(source: Source) -> _Pages:
    """Return what the program of its own says of the PDF."""
    command = [sys.executable, "-P", str(_READER), str(_MEMORY_BYTES), str(_SECONDS)]
    try:
        done = subprocess.run(command, input=source.content, capture_output=True, timeout=_SECONDS + 10, check=False)
        told = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        told = {"problem": "large"}
    except OSError as error:
        raise ListingError(f"{source.path} cannot be read ({error}); try again.") from error
    if problem := told.get("problem"):
        raise ListingError(f"{source.path} {_PROBLEMS[problem]}")
    lines = tuple(_Line(_printed(text), size, turned) for text, size, turned in told["lines"])
    if not any(line.text for line in lines):
        raise ListingError(f"{source.path} {_PROBLEMS['scanned' if told['has_pictures'] else 'blank']}")
    spaced = tuple(_printed(line) for line in told["spaced"])
    return _Pages(one_spaced(told["title"]), one_spaced(told["author"]), lines, spaced)


_PROBLEMS = {
    "encrypted": "is a PDF that only a password opens; save a copy without it, or add the paper's BibTeX.",
    "scanned": "is a scanned PDF, pictures without text; run text recognition (OCR) on it, or add the paper's BibTeX.",
    "blank": "is a PDF without text; add the paper's BibTeX, or copy its title and abstract into a .txt file.",
    "other": "is a PDF without an abstract or a title in larger letters, as papers have; add the paper's BibTeX.",
    "damaged": "is a damaged PDF; download it again.",
    "large": f"is a PDF that takes more than {_SECONDS} seconds or too much memory to read; add the paper's BibTeX.",
}


def _printed(text: str) -> str:
    """Return the text with ligatures and accents as letters."""
    text = text.translate(_LIGATURES).replace("\0", "")
    text = _ACCENTED.sub(lambda match: match[2].replace("ı", "i") + _ACCENTS[match[1]], text)
    return unicodedata.normalize("NFC", text)


def _title(pages: _Pages, lines: Sequence[_Line], heading: int | None) -> tuple[str, int]:
    """Return the title and where the lines below it begin: the largest letters above the abstract.

    The title that the file gives itself is taken if the page prints it.
    """
    above = lines[: heading if heading else _MOST_HEAD_LINES]
    largest = max((line.size for line in above if sum(map(str.isalpha, line.text)) > 3), default=0.0)
    start = next((place for place, line in enumerate(above) if line.size >= largest - 0.3), 0)
    end = start
    while end < len(above) and end - start < _MOST_TITLE_LINES and above[end].size >= largest - 0.3:
        end += 1
    if largest <= _body_size(lines) and len(above) > 1 and heading:  # all of one size: the first line is the title
        start, end = 0, 1
    shown = one_spaced(" ".join(line.text for line in above[start:end]))[:_LONGEST_TITLE]
    said = pages.title
    printed = _letters(" ".join(line.text for line in above))
    is_title = len(said) > 8 and _letters(said) in printed and len(said) >= len(shown) // 2
    return (said if is_title and _letters(said) != _letters(shown) else shown), end


def _has_larger_title(lines: Sequence[_Line]) -> bool:
    return max(line.size for line in lines[:_FEW_LINES]) > _body_size(lines) + _LARGER


def _body_size(lines: Sequence[_Line]) -> float:
    sizes = sorted(size for line in lines for size in [line.size] * len(line.text))
    return sizes[len(sizes) // 2] if sizes else 0.0


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _authors(pages: _Pages, lines: Sequence[_Line]) -> tuple[str, ...]:
    """Return the names under the title: what has the form of names before places and addresses.

    The names that the file gives itself are taken if all of them are printed there.
    """
    printed = _letters(" ".join(line.text for line in lines))
    shown: list[str] = []
    for line in lines:
        if _PLACES.search(line.text):
            if shown:
                break
            continue
        text = _MARKS.sub(", ", _GAP.sub(", ", _with_gaps(line.text, pages.spaced)))
        names = [name for name in author_line(text.replace("·", ",").replace("•", ",")).names if " " in name]
        if not names or not all(map(_is_name, names)):
            if shown:
                break
            continue
        shown += names
    said = split_names(pages.author.replace(";", ",").replace(" and ", ", "))
    is_said = len(said) > len(shown) and all(" " in name and _letters(name) in printed for name in said)
    return said if is_said else tuple(dict.fromkeys(shown))


def _is_name(text: str) -> bool:
    """Tell a name from a line of an address or a text: its words have capitals, where its script has them."""
    small = (word for word in text.split() if word[0].islower() or word[0].isdigit())
    return can_be_name(text) and all(word in PARTICLES for word in small)


def _with_gaps(text: str, spaced: Sequence[str]) -> str:
    """Return the line as it is on the page, with the gaps between names that stand in columns."""
    letters = _letters(text)
    return next((line for line in spaced if _letters(line) == letters), text)


def _abstract(lines: Sequence[_Line], heading: int | None) -> str:
    """Return what stands below "Abstract", up to the next heading, its lines joined."""
    if heading is None:
        return ""
    first = _HEADING.sub("", lines[heading].text, count=1)
    size = lines[heading + 1].size if heading + 1 < len(lines) else 0.0
    body = [first] if first else []
    for line in lines[heading + 1 : heading + _MOST_HEAD_LINES]:
        if _END.fullmatch(line.text) or (line.size > size + 1.5 and len(body) > 2):
            break
        body.append(line.text)
    return _END_INSIDE.sub("", _joined(body))


def _joined(lines: Sequence[str]) -> str:
    """Return the lines as one, a word that is hyphenated over two of them in one piece."""
    text = ""
    for line in lines:
        if text.endswith("-") and line[:1].islower() and text[-2:-1].isalpha():
            text = text[:-1] + line
        else:
            text = f"{text} {line}"
    return one_spaced(text)
