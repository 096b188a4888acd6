"""Paper, and which entries are the same paper."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from vectorstore.listings.entry import Entry, Precision, Publication
from vectorstore.papers.grouping import EntryKey, Provenance, Record, clustered, same_papers
from vectorstore.papers.partial_dates import iso_date, within
from vectorstore.papers.publications import merged_publication
from vectorstore.papers.title_spellings import is_plain, spelling_key, title_key
from vectorstore.text.folding import folded

_REPOSITORY = re.compile(r"https?://(?:www\.)?(?:github|gitlab|bitbucket|codeberg)\.(?:com|org)/[\w.~/-]+")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, merged from all entries that print it.

    `authors` are names as printed; `page_owners` are the owners of the profile pages that list the paper,
    who count as authors but may not be among the printed names. `sources` says for each field of the publication which
    of the entries it is taken from, by its place among them.
    """

    paper_id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    authors_complete: bool
    author_count: int | None
    organization: str | None
    page_owners: tuple[str, ...]
    published: date | None
    year_inferred: bool
    category: str | None
    has_code: bool
    score: float | None
    comments: int | None
    affiliation: str | None
    url: str | None
    entries: tuple[Provenance, ...]
    precision: Precision = "day"  # of `published`
    publication: Publication = field(default_factory=Publication)
    sources: tuple[tuple[str, int], ...] = ()

    @property
    def iso_date(self) -> str | None:
        """The date as far as it is known: "2024-05-14", "2024-05" or "2024"."""
        return iso_date(self.published, self.precision)

    @property
    def people(self) -> tuple[str, ...]:
        """All known authors: the printed names, then page owners that are not among them."""
        if not self.page_owners:
            return self.authors
        printed = {folded(name) for name in self.authors}
        return self.authors + tuple(name for name in self.page_owners if folded(name) not in printed)

    @property
    def code_url(self) -> str | None:
        """The address of the code that a listing gives, else the first of a code repository in the abstract."""
        if self.publication.code_url:
            return self.publication.code_url
        match = _REPOSITORY.search(self.abstract)
        return match.group().rstrip(".,;:") if match else None


@dataclass(frozen=True, slots=True)
class PaperText:
    """What a paper says of itself, and when it appeared."""

    paper_id: str
    title: str
    abstract: str
    published: date | None
    precision: Precision = "day"


def merged(
    records: Iterable[Record], *, removed: Collection[EntryKey] = (), apart: Collection[EntryKey] = ()
) -> list[Paper]:
    """Return the papers that `records` print, sorted by id. The order of `records` does not matter.

    Entries that are `removed` print nothing, and each that is kept `apart` is a paper of its own. Both go on telling
    which of the others are one paper, as they did before: ids stay what they were.
    """
    papers: list[Paper] = []
    for cluster in clustered(list(records)):
        numbers: Counter[str] = Counter()
        for group in same_papers(cluster):
            key = title_key(_naming(entry.title for _, entry in group))
            paper_id = _paper_id(key, numbers[key])
            numbers[key] += 1
            printed = [record for record in group if record[0].key not in removed]
            if together := [record for record in printed if record[0].key not in apart]:
                papers.append(_paper(together, paper_id=paper_id))
            papers += [_paper([one], paper_id=id_apart(one[0].key)) for one in printed if one[0].key in apart]
    return sorted(papers, key=lambda paper: paper.paper_id)


def _paper_id(key: str, number: int) -> str:
    # Only the rare second paper of the same title has a number: ids stay what they were as listings are added.
    return hashlib.sha256(f"{key}#{number}".encode() if number else key.encode()).hexdigest()[:12]


def id_apart(key: EntryKey) -> str:
    """Return the id of the paper that an entry is when it is kept apart. It is the same whatever else is merged."""
    sha256, line = key
    return hashlib.sha256(f"{sha256}:{line}".encode()).hexdigest()[:12]


def _naming(titles: Iterable[str]) -> str:
    """Return the title that names a paper: the whole one, as plainly written as any."""
    several = set(titles)
    if len(several) == 1:
        return several.pop()
    return min(
        sorted(several),
        key=lambda title: (
            -len(spelling_key(title)),
            title_key(title) != spelling_key(title),
            not is_plain(title),
            title_key(title),
        ),
    )


def _fullness(entry: Entry) -> tuple[bool, int, int, tuple[str, ...]]:
    """Return how an entry's authors rank: all of them first, then the most, then names that are spelled out."""
    return not entry.authors_complete, -len(entry.authors), -sum(map(len, entry.authors)), entry.authors


def _paper(records: Sequence[Record], *, paper_id: str) -> Paper:
    """Return the paper of `records`, which are sorted: the one with the longest abstract first."""
    entries = [entry for _, entry in records]
    fullest = min(entries, key=_fullness)
    dated = _dated(entries)
    publication, sources = merged_publication([entry.publication for entry in entries])
    places = sorted(provenance for provenance, _ in records)
    return Paper(
        paper_id=paper_id,
        title=_title(entries),
        abstract=entries[0].abstract,
        authors=fullest.authors,
        authors_complete=fullest.authors_complete,
        author_count=len(fullest.authors) if fullest.authors_complete else _best(max, entries, "author_count"),
        organization=_best(min, entries, "organization"),
        page_owners=_owners(provenance.owner for provenance, _ in records),
        published=dated.published,
        year_inferred=dated.year_inferred,
        category=_best(min, entries, "category"),
        has_code=any(entry.has_code for entry in entries),
        score=_best(max, entries, "score"),
        comments=_best(max, entries, "comments"),
        affiliation=_best(min, entries, "affiliation"),
        url=publication.url,
        entries=tuple(places),
        precision=dated.precision,
        publication=publication,
        sources=tuple((name, places.index(records[at][0])) for name, at in sources.items()),
    )


def _title(entries: Sequence[Entry]) -> str:
    """Return the title as the longest abstract has it, unless another spelling is the whole one or a plainer one."""
    if len(entries) == 1:
        return entries[0].title
    name = title_key(_naming(entry.title for entry in entries))
    return next(entry.title for entry in entries if title_key(entry.title) == name)


def _dated(entries: Sequence[Entry]) -> Entry:
    """Return the entry whose date is believed: a printed year before an inferred one, then the most exact, then the
    first. A day whose year was inferred is sure where another entry prints that year, or that month of it."""
    confirmed = [
        replace(entry, year_inferred=False)
        for entry in entries
        if entry.published and entry.year_inferred and any(_confirms(other, entry.published) for other in entries)
    ]
    order = ("day", "month", "year")
    return min(
        [*entries, *confirmed],
        key=lambda entry: (
            entry.published is None,
            entry.year_inferred,
            order.index(entry.precision),
            str(entry.published),
        ),
    )


def _confirms(entry: Entry, day: date) -> bool:
    is_coarse = entry.published is not None and not entry.year_inferred and entry.precision != "day"
    return is_coarse and entry.published is not None and within(entry.published, entry.precision, day)


def _owners(owners: Iterable[str | None]) -> tuple[str, ...]:
    by_name = {folded(owner): owner for owner in sorted(filter(None, owners), reverse=True)}
    return tuple(sorted(by_name.values()))


def _best(choose: Callable[[list[T]], T], entries: Iterable[Entry], field: str) -> T | None:
    values = [value for entry in entries if (value := getattr(entry, field)) is not None]
    return choose(values) if values else None
