"""arXiv's page of one paper, or several such pages one after the other."""

import re
from datetime import date

from vectorstore.listings.arxiv_marks import ARXIV_ID, arxiv_entry, dated, joined_lines, labelled, papers_of, without
from vectorstore.listings.entry import Entry, ProfileFigures
from vectorstore.listings.furniture import ARXIV_ABS
from vectorstore.listings.listing_page import Page, left_out
from vectorstore.listings.printed_dates import day_first
from vectorstore.listings.source import Line, one_spaced

_HEAD = re.compile(rf"arXiv:(?P<id>{ARXIV_ID}) ?\((?P<archive>[\w.-]{{2,20}})\)")
_CITED = re.compile(rf"arXiv:(?P<id>{ARXIV_ID})\b.*", re.DOTALL)
_SUBMITTED = re.compile(r"\[?\(?Submitted on (?P<days>[^\]]{5,200})\]?\)?")
_VERSION = re.compile(r"this version, (?P<version>v\d{1,3})")
_LINKS = re.compile(
    r"(?:View|Download) (?:a )?PDF(?: of the paper titled .*)?|(?:View |Download )?PDF ?(?:HTML \(experimental\))?"
    r"|HTML \(experimental\)|TeX Source|Other Formats|view license|No PDF available.*"
    r"|This (?:paper|article|submission) has been withdrawn by .{0,100}",
    re.DOTALL,
)
_LONGEST_LINK = 1_000
_LONGEST_HEAD = 300
_TABLE = frozenset(("comment", "subject", "journal-ref", "doi", "cite-a", "report-no", "msc-class", "acm-class"))


def is_arxiv_abs(lines: tuple[Line, ...]) -> bool:
    """Tell a paper's page by the day it was submitted and its identifier: with the archive in brackets above that, or
    in the table below, as a wide window has it."""
    has_id = any(_head(line) or _cited(line) for line in lines)
    return has_id and any(_submitted(line) for line in lines)


def read_arxiv_abs(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the papers, each with the day of its first version."""
    heads = [place for place, line in enumerate(lines) if _head(line)]
    starts = heads or [place for place, line in enumerate(lines) if _submitted(line)]
    entries, strays, faults = papers_of(lines, starts, _paper, untitled="a page of arXiv without a title")
    titles = {entry.title for entry in entries}
    skipped = sorted([*left_out(without(strays, ARXIV_ABS, said=titles)), *faults], key=lambda each: each.line)
    return Page(None, ProfileFigures(), tuple(entries), tuple(skipped))


def _head(line: Line) -> re.Match[str] | None:
    return _HEAD.fullmatch(one_spaced(line.text)) if len(line.text) < _LONGEST_HEAD else None


def _cited(line: Line) -> bool:
    known = labelled(line.text[:_LONGEST_HEAD])
    return known is not None and known[0] == "cite-a" and _CITED.fullmatch(known[1]) is not None


def _submitted(line: Line) -> re.Match[str] | None:
    return _SUBMITTED.fullmatch(line.text) if len(line.text) < _LONGEST_HEAD else None


def _paper(block: tuple[Line, ...]) -> tuple[Entry | None, tuple[Line, ...]]:
    """Return the paper of a block and the lines below it that are not its own; its identifier, or the day it was
    submitted, is the first line."""
    submitted = next((match for line in block[:6] if (match := _submitted(line))), None)
    body = tuple(line for line in block if not _submitted(line) and not _head(line))
    fields, end = _head_fields(body)
    below = _table_fields(body[end:], fields)
    named = _head(block[0]) or _CITED.fullmatch(fields.get("cite-a", ""))
    if not fields.get("title") or not named:
        return None, body
    version = _VERSION.search(submitted["days"]) if submitted else None
    arxiv_id = named["id"] + (version["version"] if version and "v" not in named["id"] else "")
    day = day_first(submitted["days"]) if submitted else None
    published, precision = (day, "day") if day else dated(arxiv_id, None)
    return arxiv_entry(block[0].number, arxiv_id, fields, day=published, precision=precision), below


def _head_fields(body: tuple[Line, ...]) -> tuple[dict[str, str], int]:
    """Return title, authors and abstract, and where the table below them begins."""
    end = next((place for place, line in enumerate(body) if _in_table(line)), len(body))
    shown = [line for line in body[:end] if not _LINKS.fullmatch(line.text[:_LONGEST_LINK])]
    labels = [(labelled(line.text) or ("", ""))[0] for line in shown]
    start = labels.index("abstract") if "abstract" in labels else 2
    title, authors = (_value(line) for line in (*shown[: min(start, 2)], None, None)[:2])
    return {
        "title": title,
        "author": authors,
        "abstract": joined_lines(shown[start:]).removeprefix("Abstract:").strip(),
    }, end


def _value(line: Line | None) -> str:
    """Return what a line says, without its label."""
    known = labelled(line.text) if line else None
    return known[1] if known else one_spaced(line.text) if line else ""


def _table_fields(table: tuple[Line, ...], fields: dict[str, str]) -> tuple[Line, ...]:
    """Add what the table says to the fields; return the lines that are not of it."""
    rest: list[Line] = []
    waiting = ""
    for line in table:
        known = labelled(line.text)
        if known and known[0] in _TABLE:
            waiting = "" if known[1] else known[0]
            fields.setdefault(known[0], known[1]) if known[1] else None
        elif waiting:
            fields[waiting], waiting = one_spaced(line.text), ""
        else:
            rest.append(line)
    return tuple(rest)


def _in_table(line: Line) -> bool:
    known = labelled(line.text)
    return known is not None and known[0] in _TABLE
