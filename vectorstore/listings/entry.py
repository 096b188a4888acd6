"""What a reader makes of a listing: a header, entries, and the lines it could not place."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Precision = Literal["day", "month", "year"]


@dataclass(frozen=True, slots=True)
class Publication:
    """Where a paper appeared and the identifiers that name it; None where the listing does not say."""

    doi: str | None = None  # "10.1000/xyz123", in lower case, without the address of a resolver
    arxiv_id: str | None = None  # "2505.08001v2" or "cs/0112017", with its version where one is printed
    pmid: str | None = None
    openreview_id: str | None = None
    url: str | None = None
    code_url: str | None = None
    kind: str | None = None  # BibTeX's type of entry: "article", "inproceedings", "phdthesis"
    venue: str | None = None  # the journal, the proceedings or the book that it is in
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None  # "17-25"
    publisher: str | None = None
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One raw record of a listing, as printed there.

    `line` is that of its first line, counted from 1; in a file whose records do not begin at lines of their own, the
    number of the record. No two entries of a listing have the same.
    """

    line: int
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    authors_complete: bool = False  # False for "et al.", a bare count, or no authors at all
    author_count: int | None = None  # a count that the page prints ("5 authors"), or that of a complete list
    organization: str | None = None  # stands where a daily page has an author count
    affiliation: str | None = None  # "stanford" in "A, B et al. · stanford"
    published: date | None = None  # the first day of the month or year where no more is known
    precision: Precision = "day"  # of `published`
    year_inferred: bool = False
    category: str | None = None  # "LG", "CV"
    has_code: bool = False  # the page marks it "Code"
    score: float | None = None
    comments: int | None = None
    publication: Publication = Publication()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that the reader could not place, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ProfileFigures:
    """What the header of a profile page says of its owner. These are the page's figures, not ours."""

    h_index: int | None = None
    papers: int | None = None
    citations: int | None = None
    novelty_percent: int | None = None
    ai_score: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing as read: who owns the page, its entries in their order, and what was left out."""

    name: str  # the file's name without its folder
    sha256: str  # of the file's bytes
    kind: str  # of the reader that read it: "profile", "daily", "bibtex"
    as_of: date | None  # as given at ingest
    owner: str | None
    figures: ProfileFigures
    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...] = ()
    content: bytes = field(default=b"", repr=False, compare=False)  # of the file, as it was read
