"""PubMed's "Abstract (text)": "1. J Lamps. 2024 May 14;7(2):17-25. doi: ...", title, authors, abstract, identifiers."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from vectorstore.authors.author_line import author_line
from vectorstore.listings.entry import Entry, ProfileFigures, Skipped
from vectorstore.listings.listing_page import Page, left_out, one_line, paragraphs
from vectorstore.listings.printed_dates import read_date
from vectorstore.listings.source import Line
from vectorstore.listings.values import BadRecord, entry_of, initials_first, pages_of, publication_of

_HEAD = re.compile(
    r"\d{1,5}\. (?P<venue>[^;]{2,200}?)\. (?P<date>(?:19|20)\d\d\b[^;:.]{0,30})"
    r"(?:;(?P<volume>[^(:.;]{0,20})(?:\((?P<issue>[^()]{1,30})\))?(?::(?P<pages>[^.;]{1,40}))?)?(?P<rest>\..*|)",
    re.DOTALL,
)
_IDENTIFIER = re.compile(r"(?P<name>DOI|PMCID|PMID): (?P<value>\S+)(?: \[.{0,60}\])?")
_MOST_OF_HEAD = 4  # lines that it is wrapped over
# What stands between the authors and the abstract, or behind that: "Author information:", "Comment in", "Copyright ©".
_ASIDE = re.compile(
    r"(?:Author information|Collaborators):|[A-Z][A-Za-z ]{2,40} (?:in|for|on|of|from)$|(?:Copyright )?(?:©|\(c\))"
    r"|Conflict of interest statement:",
    re.IGNORECASE,
)

Paragraph = tuple[Line, ...]


def is_pubmed_text(lines: tuple[Line, ...]) -> bool:
    """Tell it by the heads of its records and the identifiers below them."""
    has_pmid = any((found := _IDENTIFIER.fullmatch(line.text)) and found["name"] == "PMID" for line in lines)
    return has_pmid and any(map(_is_head, paragraphs(lines)))


def read_pubmed_text(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the papers of the records."""
    parts = paragraphs(lines)
    starts = [place for place, part in enumerate(parts) if _is_head(part)]
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    for start, end in pairwise([*starts, len(parts)]):
        try:
            entries.append(_entry(parts[start:end]))
        except BadRecord as error:
            skipped.append(Skipped(parts[start][0].number, str(error)))
    above = [line for part in parts[: starts[0]] for line in part]
    return Page(None, ProfileFigures(), tuple(entries), (*left_out(above), *skipped))


def _is_head(part: Paragraph) -> bool:
    return len(part) <= _MOST_OF_HEAD and part[0].text[:1].isdigit() and _HEAD.fullmatch(one_line(part)) is not None


def _entry(parts: Sequence[Paragraph]) -> Entry:
    head = _HEAD.fullmatch(one_line(parts[0]))
    said = [part for part in parts[1:] if not (_are_identifiers(part) or _ASIDE.match(part[0].text))]
    title, *below = map(one_line, said) if said else ("",)
    assert head is not None
    ids = {found["name"]: found["value"] for part in parts for line in part if (found := _identifier(line))}
    named = _names(below[0]) if below else []
    return entry_of(
        parts[0][0].number,
        title=title.removesuffix("."),
        abstract=" ".join(below[bool(named) :]),
        authors=named,
        dated=read_date(head["date"]),
        publication=publication_of(
            kind="article",
            venue=head["venue"],
            volume=head["volume"],
            issue=head["issue"],
            pages=pages_of(head["pages"]),
            doi=ids.get("DOI") or head["rest"],
            pmid=ids.get("PMID"),
        ),
    )


def _identifier(line: Line) -> re.Match[str] | None:
    return _IDENTIFIER.fullmatch(line.text)


def _are_identifiers(part: Paragraph) -> bool:
    return all(map(_identifier, part))


def _names(text: str) -> list[str]:
    """Return the authors of "Lovelace A(1)(2), Turing AM(1); Lamp Study Group."; none if the text is something else."""
    listed = author_line(text.removesuffix(".").replace(";", ",")).names
    turned = [initials_first([name])[0] for name in listed]
    are_turned = sum(name != before for name, before in zip(turned, listed, strict=True))
    return turned if 2 * are_turned >= len(listed) else []
