"""arXiv's pages of new and recent papers: "[1] arXiv:2505.08001 [pdf, html, other]", then lines with labels."""

import re
from datetime import date

from vectorstore.listings.arxiv_marks import ARXIV_ID, arxiv_entry, dated, joined_lines, labelled, without
from vectorstore.listings.entry import Entry, ProfileFigures, Skipped
from vectorstore.listings.furniture import ARXIV_LIST
from vectorstore.listings.listing_page import Page, left_out
from vectorstore.listings.printed_dates import DAY_FIRST, day_first
from vectorstore.listings.source import Line, one_spaced

_HEAD = re.compile(
    rf"\[\d{{1,5}}\]\s*arXiv:(?P<id>{ARXIV_ID})(?P<marks>(?:\s*\([^()]*\))*)\s*(?:\[.*\])?\s*(?:\(.*\))?"
)
_DAY_HEADING = re.compile(
    r"(?:Showing new listings for |Authors and titles for )?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, "
    rf"{DAY_FIRST}\b.{{0,80}}"
)
_HEADING = re.compile(r"(?:New submissions|Cross[- ](?:submissions|lists)|Replacement(?: submission)?s)\b.{0,80}", re.I)
_LONGEST_HEAD = 300


def is_arxiv_list(lines: tuple[Line, ...]) -> bool:
    """Tell arXiv's list by a number, an identifier and the links to the paper."""
    return any(_head(line) for line in lines)


def read_arxiv_list(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the papers of a list of arXiv; new ones are dated by the list, others by their identifier's month."""
    entries: list[Entry] = []
    strays: list[Line] = []
    faults: list[Skipped] = []
    day: date | None = None
    starts = [place for place, line in enumerate(lines) if _head(line) or _is_heading(line)]
    strays += lines[: starts[0] if starts else len(lines)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        head, body = _head(lines[start]), lines[start + 1 : end]
        if head is None:
            day = day_first(lines[start].text) or day
            strays += body
            continue
        fields, rest = _fields(body)
        strays += rest
        if not fields.get("title"):
            faults.append(Skipped(lines[start].number, "a paper of arXiv's list without a title"))
            continue
        published, precision = dated(head["id"], None if "replaced" in head["marks"] else day)
        entries.append(arxiv_entry(lines[start].number, head["id"], fields, day=published, precision=precision))
    unknown = strays[1:] if strays and strays[0].number == lines[0].number else strays  # the first names the field
    skipped = sorted([*left_out(without(unknown, ARXIV_LIST)), *faults], key=lambda each: each.line)
    return Page(None, ProfileFigures(), tuple(entries), tuple(skipped))


def _head(line: Line) -> re.Match[str] | None:
    return _HEAD.fullmatch(one_spaced(line.text)) if len(line.text) < _LONGEST_HEAD else None


def _is_heading(line: Line) -> bool:
    return len(line.text) < _LONGEST_HEAD and bool(_DAY_HEADING.fullmatch(line.text) or _HEADING.fullmatch(line.text))


def _fields(body: tuple[Line, ...]) -> tuple[dict[str, str], tuple[Line, ...]]:
    """Return what stands behind labels, the authors and the abstract, which have none, and the lines below them."""
    fields: dict[str, str] = {}
    waiting = ""  # for its value on the next line
    for place, line in enumerate(body):
        known = labelled(line.text)
        if known and known[0] not in fields and known[0] != "abstract":
            waiting = "" if known[1] else known[0]
            fields |= {known[0]: known[1]} if known[1] else {}
        elif waiting:
            fields[waiting], waiting = one_spaced(line.text), ""
        elif "title" in fields and "author" not in fields:
            fields["author"] = line.text
        else:
            end = next((at for at in range(place, len(body)) if ARXIV_LIST.fullmatch(body[at].text[:300])), len(body))
            if "title" in fields:
                fields["abstract"] = joined_lines(body[place:end]).removeprefix("Abstract:").strip()
                place = end
            return fields, body[place:]
    return fields, ()
