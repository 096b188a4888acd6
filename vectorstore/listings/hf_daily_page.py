"""Hugging Face's page of daily papers as it looks today: who submitted it, upvotes, title, "2 authors", comments."""

import re
from datetime import date

from vectorstore.listings.entry import Entry, ProfileFigures, Skipped
from vectorstore.listings.furniture import HF_DAILY
from vectorstore.listings.listing_page import LONGEST_TITLE_LINE, Page, left_out
from vectorstore.listings.page_time import Published, page_time, published
from vectorstore.listings.printed_dates import printed_date
from vectorstore.listings.source import Line, one_spaced

_SUBMITTED = re.compile(r"Submitted by(?: (?P<by>\S.{0,80}))?", re.IGNORECASE)
_COUNT = re.compile(r"(?:[·•] ?)?(?P<count>\d{1,5}) authors?(?: (?P<comments>\d{1,6}))?", re.IGNORECASE)
_ORGANIZATION = re.compile(
    r"(?P<name>\S.{0,80}?) ?[·•] ?(?P<count>\d{1,5}) authors?(?: (?P<comments>\d{1,6}))?", re.IGNORECASE
)
_NUMBER = re.compile(r"\d[\d,.]{0,8}k?|-")


def is_hf_daily(lines: tuple[Line, ...]) -> bool:
    """Tell today's page by "Submitted by" and a count of authors."""
    texts = [one_spaced(line.text) for line in lines if len(line.text) < 200]
    return any(map(_SUBMITTED.fullmatch, texts)) and any(map(_ORGANIZATION.fullmatch, texts)) | any(
        map(_COUNT.fullmatch, texts)
    )


def read_hf_daily(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the papers, all of the page's day."""
    starts = [place for place, line in enumerate(lines) if _SUBMITTED.fullmatch(one_spaced(line.text[:200]))]
    above = lines[: starts[0]]
    printed = next((day for line in above if (day := printed_date(line.text, led=True))), None)
    when = published(printed, page_time([printed], as_of=as_of, page=printed))
    entries: list[Entry] = []
    faults: list[Skipped] = []
    strays = [line for line in above if not printed_date(line.text, led=True)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        entry, rest = _card(lines[start:end], when)
        strays += rest
        if entry:
            entries.append(entry)
        else:
            faults.append(Skipped(lines[start].number, "a paper of the page without a title"))
    unknown = [line for line in strays if not HF_DAILY.fullmatch(line.text[:200]) and not _is_number(line)]
    skipped = sorted([*left_out(unknown), *faults], key=lambda each: each.line)
    return Page(None, ProfileFigures(), tuple(entries), tuple(skipped))


def _is_number(line: Line) -> bool:
    return _NUMBER.fullmatch(line.text[:20]) is not None


def _card(lines: tuple[Line, ...], when: Published) -> tuple[Entry | None, tuple[Line, ...]]:
    """Return the paper between two "Submitted by", and the lines below that are not its own."""
    named = _SUBMITTED.fullmatch(one_spaced(lines[0].text[:200]))
    body = lines[1 if named and named["by"] else 2 :]
    counted = next((place for place, line in enumerate(body) if _count(line)), len(body))
    upvoted = next((place for place, line in enumerate(body[:counted]) if _is_number(line)), -1)
    texts = [line for line in body[upvoted + 1 : counted] if line.text not in ("·", "•", "Upvote")]
    if not texts or len(texts[0].text) > LONGEST_TITLE_LINE:
        return None, ()
    title, *others = texts if counted < len(body) else texts[:1]
    figures = [line for line in body[counted + 1 :] if _is_number(line)]
    found = _count(body[counted]) if counted < len(body) else None
    group = found.groupdict().get("name") if found else None
    comments = found["comments"] if found and found["comments"] else figures[-1].text if figures else ""
    after_number = body.index(figures[-1]) + 1 if figures else min(counted + 1, len(body))
    return (
        Entry(
            line=title.number,
            title=one_spaced(title.text),
            abstract="",
            author_count=int(found["count"]) if found else None,
            organization=group or (one_spaced(others[-1].text).rstrip(" ·•") if others else None),
            published=when.day,
            precision=when.precision,
            year_inferred=when.year_inferred,
            comments=int(comments) if comments.isdigit() else None,
        ),
        body[after_number:],
    )


def _count(line: Line) -> re.Match[str] | None:
    text = one_spaced(line.text[:200])
    return _COUNT.fullmatch(text) or _ORGANIZATION.fullmatch(text)
