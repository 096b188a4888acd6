"""What all of arXiv's pages and e-mails print alike: identifiers, categories, days, lines with a label, authors."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from vectorstore.authors.author_line import author_line
from vectorstore.listings.entry import Entry, Precision, Publication, Skipped
from vectorstore.listings.paper_identifiers import doi as doi_of
from vectorstore.listings.source import Line, one_spaced
from vectorstore.listings.values import short_category

ARXIV_ID = r"(?:\d{4}\.\d{4,5}|[a-z]{2,9}(?:-[a-z]{2,4})?(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?"

_LABEL = re.compile(
    r"(?P<label>Title|Authors?|Abstract|Comments?|Subjects?|Categories|Date|Journal[- ]ref(?:erence)?|Report-no"
    r"|(?:MSC|ACM)[- ][Cc]lass(?:es)?|(?:Related )?DOI|Cite as|Proxy|License)\s*:\s*(?P<value>.*)",
    re.DOTALL,
)
_CATEGORY = re.compile(r"\((?P<code>[a-z-]+(?:\.[A-Za-z-]+)?)\)")  # "Computation and Language (cs.CL)"
_FIRST_CATEGORY = re.compile(r"(?P<code>[a-z-]+(?:\.[A-Za-z-]+)?)(?:\s|$)")  # "cs.CL cs.LG"


def labelled(text: str) -> tuple[str, str] | None:
    """Return the label, in small letters and in the singular, and what stands behind it: "Authors: A, B"."""
    match = _LABEL.fullmatch(text) if ":" in text[:40] else None
    if match is None:
        return None
    label = match["label"].lower().replace(" ", "-").removeprefix("related-").removesuffix("erence")
    return label.removesuffix("s"), one_spaced(match["value"])


def month_of(arxiv_id: str) -> date | None:
    """Return the month in which a paper came to arXiv, which its identifier tells, as its first day."""
    digits = arxiv_id.rpartition("/")[2][:4]
    year, month = int(digits[:2]), int(digits[2:])
    return date((1900 if year > 90 else 2000) + year, month, 1) if 1 <= month <= 12 else None


def dated(arxiv_id: str, announced: date | None) -> tuple[date | None, Precision]:
    """Return when a paper appeared: on the day when it was announced, unless its identifier is of an earlier month."""
    month = month_of(arxiv_id)
    if announced and (month is None or abs((announced - month).days) < 36):
        return announced, "day"
    return month, "month"


def category_of(text: str) -> str | None:
    """Return the first category of "Computation and Language (cs.CL); ..." or "cs.CL cs.LG": CL."""
    found = _FIRST_CATEGORY.match(text) or _CATEGORY.search(text)
    return short_category(found["code"]) if found else None


def arxiv_entry(line: int, arxiv_id: str, fields: dict[str, str], *, day: date | None, precision: Precision) -> Entry:
    """Return the entry of a paper whose `fields` are known by their labels."""
    authors = author_line(fields.get("author", ""))
    venue = fields.get("journal-ref") or None
    categories = fields.get("subject") or fields.get("categorie") or ""
    return Entry(
        line=line,
        title=fields["title"],
        abstract=fields.get("abstract", ""),
        authors=authors.names,
        authors_complete=authors.complete,
        author_count=authors.count,
        published=day,
        precision=precision,
        category=category_of(categories) if categories else None,
        publication=Publication(arxiv_id=arxiv_id, doi=doi_of(fields.get("doi", "")), venue=venue),
    )


def joined_lines(lines: Iterable[Line]) -> str:
    """Return the lines as one text."""
    return "\n".join(line.text for line in lines)


def without(lines: Iterable[Line], furniture: re.Pattern[str], *, said: Collection[str] = ()) -> tuple[Line, ...]:
    """Return the lines that are neither furniture of a page nor said elsewhere."""
    return tuple(line for line in lines if not furniture.fullmatch(line.text[:300]) and line.text not in said)


Block = tuple[Line, ...]


def papers_of(
    lines: Block, starts: Sequence[int], read: Callable[[Block], tuple[Entry | None, Block]], *, untitled: str
) -> tuple[list[Entry], list[Line], list[Skipped]]:
    """Return the papers of the blocks that begin at `starts`, the lines that are of none, and the blocks without one.

    `read` gives the paper of a block and those of its lines that are not its own.
    """
    entries: list[Entry] = []
    strays = [*lines[: starts[0]]]
    faults: list[Skipped] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        entry, rest = read(lines[start:end])
        strays += rest
        if entry:
            entries.append(entry)
        else:
            faults.append(Skipped(lines[start].number, untitled))
    return entries, strays, faults
