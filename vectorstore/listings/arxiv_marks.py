"""What all of arXiv's pages and e-mails print alike: identifiers, categories, days, lines with a label, authors."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vectorstore.listings.entry import Entry, Precision, Publication, Skipped
from vectorstore.listings.identifiers import doi as doi_of
from vectorstore.listings.latex_text import latex_as_text
from vectorstore.listings.source import Line, one_spaced
from vectorstore.listings.values import short_category
from vectorstore.personal_names import split_names

ARXIV_ID = r"(?:\d{4}\.\d{4,5}|[a-z]{2,9}(?:-[a-z]{2,4})?(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?"
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DAY = rf"(?P<day>\d{{1,2}})\s+(?P<month>{MONTHS})[a-z]{{0,6}}\.?\s+(?P<year>(?:19|20)?\d\d)"

_LABEL = re.compile(
    r"(?P<label>Title|Authors?|Abstract|Comments?|Subjects?|Categories|Date|Journal[- ]ref(?:erence)?|Report-no"
    r"|(?:MSC|ACM)[- ][Cc]lass(?:es)?|(?:Related )?DOI|Cite as|Proxy|License)\s*:\s*(?P<value>.*)",
    re.DOTALL,
)
_DAY = re.compile(DAY)
_CATEGORY = re.compile(r"\((?P<code>[a-z-]+(?:\.[A-Za-z-]+)?)\)")  # "Computation and Language (cs.CL)"
_FIRST_CATEGORY = re.compile(r"(?P<code>[a-z-]+(?:\.[A-Za-z-]+)?)(?:\s|$)")  # "cs.CL cs.LG"
_HIDDEN = re.compile(r"\(?(?P<count>\d{1,5}) (?:additional|other|more) authors?(?: not shown)?\)?")
_AND = re.compile(r"\s+(?:and|&)\s+")
_LONGEST_LIST = 200_000  # of authors; 50,000 have less


@dataclass(frozen=True, slots=True)
class Authors:
    """Authors as printed, whether they are all of them, and how many there are as far as that is said."""

    names: tuple[str, ...] = ()
    complete: bool = False
    count: int | None = None


def labelled(text: str) -> tuple[str, str] | None:
    """Return the label, in small letters and in the singular, and what stands behind it: "Authors: A, B"."""
    match = _LABEL.fullmatch(text) if ":" in text[:40] else None
    if match is None:
        return None
    label = match["label"].lower().replace(" ", "-").removeprefix("related-").removesuffix("erence")
    return label.removesuffix("s"), one_spaced(match["value"])


def day_first(text: str) -> date | None:
    """Return the first day in the text that is printed as "12 May 2025"; None if there is none in the calendar."""
    match = _DAY.search(text[:500])
    if match is None:
        return None
    year = match["year"] if len(match["year"]) == 4 else f"20{match['year']}"
    try:
        return datetime.strptime(f"{match['day']} {match['month']} {year}", "%d %b %Y").date()
    except ValueError:
        return None


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


def authors_of(text: str) -> Authors:
    """Return the authors of a line: "Alice Brown (1), Wan Choi and D. Weiss ((1) Example University)"."""
    text = one_spaced(text[:_LONGEST_LIST])
    hidden = _HIDDEN.search(text)
    shown = _without_notes(latex_as_text(text[: hidden.start()] if hidden else text)).rstrip(" .,;…(")
    complete = not hidden and not text.rstrip().endswith(("...", "…", "et al.", "et al"))
    names = split_names(", ".join(_parted(shown.replace(";", ",").replace("|", ","))))
    count = len(names) + int(hidden["count"]) if hidden else len(names) if complete and names else None
    return Authors(names, complete and bool(names), count)


def arxiv_entry(line: int, arxiv_id: str, fields: dict[str, str], *, day: date | None, precision: Precision) -> Entry:
    """Return the entry of a paper whose `fields` are known by their labels."""
    authors = authors_of(fields.get("author", ""))
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


def text_of(lines: Iterable[Line]) -> str:
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


def _parted(text: str) -> Iterable[str]:
    """Yield the names between commas; "and" joins two names that have several words each, or follows a comma."""
    for part in text.split(","):
        name = part.strip().removeprefix("and ")
        sides = _AND.split(name) if len(name) < 200 else [name]
        yield from sides if all(" " in side.strip() for side in sides) else [name]


def _without_notes(text: str) -> str:
    """Return the text without what stands in brackets behind a name; what stands within a name is part of it."""
    kept, depth, opened = [], 0, 0
    for place, character in enumerate(text):
        if character == "(":
            opened = place if depth == 0 else opened
            depth += 1
        elif character == ")" and depth:
            depth -= 1
            behind = text[place + 1 : place + 3].lstrip()
            if depth == 0 and behind and behind[0].isalpha() and not text.startswith(" and ", place + 1):
                kept.append(text[opened : place + 1])
        elif depth == 0:
            kept.append(character)
    return one_spaced("".join(kept)).replace(" ,", ",")
