r"""arXiv's daily e-mail: papers between lines of dashes, each with a head and an abstract that begin with "\\"."""

import re
from datetime import date
from itertools import pairwise

from vectorstore.listings.arxiv_marks import ARXIV_ID, arxiv_entry, dated, labelled, papers_of, without
from vectorstore.listings.entry import Entry, ProfileFigures
from vectorstore.listings.furniture import ARXIV_EMAIL
from vectorstore.listings.listing_page import Page, left_out
from vectorstore.listings.printed_dates import day_first
from vectorstore.listings.source import Line, one_spaced

_HEAD = re.compile(rf"(?:Paper: |arXiv: ?)(?P<id>{ARXIV_ID})(?P<marks>.{{0,80}})")
_REPLACED = re.compile(r"replaced with revised version\b.*", re.IGNORECASE)
_BREAK = re.compile(r"-{20,}|(?:%%--){3,}.*|={20,}")
_MARK = "\\\\"


def is_arxiv_email(lines: tuple[Line, ...]) -> bool:
    r"""Tell the e-mail by an identifier of arXiv under a line with "\\" alone."""
    return any(before.text == _MARK and _head(line) for before, line in pairwise(lines))


def read_arxiv_email(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the papers of an e-mail; a new one has the day it was sent in, a replaced one its identifier's month."""
    starts = [place + 1 for place, line in enumerate(lines[:-1]) if line.text == _MARK and _head(lines[place + 1])]
    entries, strays, faults = papers_of(lines, starts, _paper, untitled="a paper of arXiv's e-mail without a title")
    archives = {line.text for before, line in pairwise(strays) if before.text == "Submissions to:"}
    unknown = without(strays, ARXIV_EMAIL, said=archives)
    skipped = sorted([*left_out(unknown), *faults], key=lambda each: each.line)
    return Page(None, ProfileFigures(), tuple(entries), tuple(skipped))


def _head(line: Line) -> re.Match[str] | None:
    return _HEAD.fullmatch(one_spaced(line.text)) if len(line.text) < 200 else None


def _paper(block: tuple[Line, ...]) -> tuple[Entry | None, tuple[Line, ...]]:
    """Return the paper whose head is the first line, and the lines below it that are not its own."""
    head = _head(block[0])
    assert head is not None
    marks = [place for place, line in enumerate(block) if line.text.startswith(_MARK)]
    breaks = [place for place, line in enumerate(block) if _BREAK.fullmatch(line.text)]
    end = next((place for place in breaks if not marks or place > marks[0]), len(block))
    head_end = min([*marks, *breaks, end])
    closing = next((place for place in marks if place > head_end), end)
    is_abstract = head_end in marks and block[head_end].text == _MARK
    fields = _fields(block[1:head_end])
    if not fields.get("title"):
        return None, block[1:]
    if is_abstract:
        fields["abstract"] = one_spaced(" ".join(line.text for line in block[head_end + 1 : min(closing, end)]))
    is_replaced = any(_REPLACED.fullmatch(line.text) for line in block[1:head_end])
    sent = None if is_replaced else day_first(fields.get("date", ""))
    published, precision = (sent, "day") if sent else dated(head["id"], None)
    below = max(min(closing, end) if is_abstract else head_end, head_end)
    return arxiv_entry(block[0].number, head["id"], fields, day=published, precision=precision), block[below:]


def _fields(lines: tuple[Line, ...]) -> dict[str, str]:
    """Return what stands behind the labels; a line without one goes on with the line above it."""
    fields: dict[str, list[str]] = {}
    label = ""
    for line in lines:
        known = labelled(line.text)
        if known:
            label, value = known
            fields.setdefault(label, [value])
        elif label and not _REPLACED.fullmatch(line.text):
            fields[label].append(line.text)
    return {label: one_spaced(" ".join(parts)) for label, parts in fields.items()}
