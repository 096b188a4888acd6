"""Whether an answer is of the paper that was asked for, and what of it the paper lacks."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from vectorstore.authors.same_people import shared_people
from vectorstore.listings.entry import Entry, Publication
from vectorstore.listings.paper_identifiers import PREPRINT_DOIS, without_version
from vectorstore.papers.matching import identifiers_of
from vectorstore.papers.paper import Paper
from vectorstore.papers.partial_dates import iso_date, within
from vectorstore.papers.publications import OF_A_VENUE, is_preprint
from vectorstore.papers.title_spellings import beginning_key, spelling_key
from vectorstore.text.folding import folded

_MOST_YEARS = 3  # between a preprint and the journal
_OF_PUBLICATION = tuple(field.name for field in fields(Publication))
_PRECISIONS = ("year", "month", "day")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of which a paper and an answer say different things."""

    field: str
    ours: str
    theirs: str


def gaps(paper: Paper) -> frozenset[str]:
    """Return what a paper lacks that can be looked up."""
    said = paper.publication
    lacking = {
        "identifier": not (said.doi or said.arxiv_id),
        "venue": is_preprint(said),
        "abstract": not paper.abstract,
        "authors": not paper.authors_complete,
        "date": paper.published is None or paper.year_inferred or paper.precision == "year",
    }
    return frozenset(name for name, lacks in lacking.items() if lacks)


def may_be(paper: Paper, answer: Entry) -> bool:
    """Tell whether an answer shares an identifier with a paper, or its title, in any spelling or without a subtitle."""
    return _shares_identifier(paper, answer) or bool(_title_keys(paper.title) & _title_keys(answer.title))


def doubt(paper: Paper, answer: Entry) -> str:
    """Return why an answer that may be of a paper is not surely of it; "" if it is.

    An identifier counts with the title or the authors, the whole title with the authors and the year; without names of
    authors with the very year, and their number.
    """
    authors, apart = _authors_agree(paper, answer), _years_apart(paper, answer)
    if _shares_identifier(paper, answer):
        same_title = _title_keys(paper.title) & _title_keys(answer.title)
        return "" if same_title or authors else "the identifier is the same, the title another"
    if spelling_key(paper.title) != spelling_key(answer.title):
        return "only the beginning of the title is the same"
    if authors is False:
        return "the authors are others"
    if apart is not None and apart > (_MOST_YEARS if authors else 0):
        return "the year is another"
    return "" if authors or apart is not None else "neither authors nor year can be compared"


def differences(paper: Paper, answer: Entry) -> Iterator[Difference]:
    """Yield what an answer says otherwise than a paper does, where both say it."""
    ours, theirs = paper.publication, answer.publication
    for name in ("doi", "arxiv_id", "venue", "pages"):
        mine, other = getattr(ours, name), getattr(theirs, name)
        of_preprint = name != "arxiv_id" and (is_preprint(ours) or is_preprint(theirs))
        if mine and other and not of_preprint and _plain(name, mine) != _plain(name, other):
            yield Difference(name, mine, other)
    if paper.published and answer.published and not _dates_agree(paper, answer):
        shown = iso_date(answer.published, answer.precision)
        yield Difference("published", paper.iso_date or "", shown or "")


def new_entry(paper: Paper, answer: Entry) -> Entry | None:
    """Return an entry of a paper with what of an answer the paper lacks, and the identifiers that both say; None if it
    lacks nothing of it."""
    new = Entry(1, paper.title, "", publication=_new_publication(paper.publication, answer.publication))
    if not paper.abstract:
        new = replace(new, abstract=answer.abstract)
    known = shared_people(paper.authors, answer.authors)
    if answer.authors_complete and not paper.authors_complete and len(known) == len(paper.authors):
        new = replace(new, authors=answer.authors, authors_complete=True, author_count=answer.author_count)
    if answer.published and _is_more_exact(paper, answer):
        new = replace(new, published=answer.published, precision=answer.precision)
    if not paper.category:
        new = replace(new, category=answer.category)
    return new if any(True for _ in changes(paper, new)) else None


def changes(paper: Paper, new: Entry) -> Iterator[tuple[str, str]]:
    """Yield the fields of a new entry that the paper does not have, each with what it is to be."""
    for name in _OF_PUBLICATION:
        value = getattr(new.publication, name)
        if value and _plain(name, value) != _plain(name, getattr(paper.publication, name) or ""):
            yield name, value
    if new.published:
        yield "published", iso_date(new.published, new.precision) or ""
    if new.authors:
        yield "authors", ", ".join(new.authors)
    if new.category:
        yield "category", new.category
    if new.abstract:
        yield "abstract", new.abstract


def enriched(paper: Paper, new: Entry) -> Paper:
    """Return a paper with what a new entry says of it."""
    said = {name: value for name in _OF_PUBLICATION if (value := getattr(new.publication, name))}
    paper = replace(paper, publication=replace(paper.publication, **said), abstract=paper.abstract or new.abstract)
    if new.authors:
        paper = replace(paper, authors=new.authors, authors_complete=True, author_count=new.author_count)
    if new.published:
        finer = new if _is_finer(paper, new) else paper
        paper = replace(paper, published=finer.published, precision=finer.precision, year_inferred=False)
    return replace(paper, category=paper.category or new.category)


def _new_publication(ours: Publication, theirs: Publication) -> Publication:
    """Return what is new of where a paper appeared. Keywords are left out: services guess them from the text."""
    said = {
        name: value
        for name in ("doi", "arxiv_id", "pmid", "openreview_id")
        if (value := getattr(theirs, name)) and _plain(name, value) == _plain(name, getattr(ours, name) or value)
    }
    published = theirs.doi if theirs.doi and not theirs.doi.startswith(PREPRINT_DOIS) else None
    if published and (ours.doi or "").startswith(PREPRINT_DOIS):
        said["doi"] = published
    if not ours.url and theirs.url:
        said["url"] = theirs.url
    if is_preprint(theirs):
        return Publication(**said)
    if is_preprint(ours):
        said |= {name: value for name in OF_A_VENUE if (value := getattr(theirs, name))}
    elif folded(ours.venue or "") == folded(theirs.venue or ""):
        lacking = {n: value for n in OF_A_VENUE if not getattr(ours, n) and (value := getattr(theirs, n))}
        said |= lacking | ({"venue": theirs.venue} if lacking else {})
    return Publication(**said)


def _plain(name: str, value: str) -> str:
    """Return the form in which two values of a field are compared."""
    return without_version(value) if name == "arxiv_id" else folded(value) if isinstance(value, str) else str(value)


def _shares_identifier(paper: Paper, answer: Entry) -> bool:
    own = identifiers_of(Entry(1, paper.title, "", publication=paper.publication))
    return bool(own.items() & identifiers_of(answer).items())


def _title_keys(title: str) -> set[str]:
    return {spelling_key(title), beginning_key(title) or spelling_key(title)}


def _authors_agree(paper: Paper, answer: Entry) -> bool | None:
    """Tell whether half of the authors, of those that say fewer, are the same; None if either names none."""
    if paper.author_count and answer.author_count and paper.author_count != answer.author_count and not paper.authors:
        return False
    if not paper.people or not answer.authors:
        return None
    return 2 * len(shared_people(paper.people, answer.authors)) >= min(len(paper.people), len(answer.authors))


def _years_apart(paper: Paper, answer: Entry) -> int | None:
    if paper.published is None or answer.published is None or paper.year_inferred:
        return None
    return abs(paper.published.year - answer.published.year)


def _is_more_exact(paper: Paper, answer: Entry) -> bool:
    return (_is_finer(paper, answer) or paper.year_inferred) and _dates_agree(paper, answer)


def _is_finer(paper: Paper, answer: Entry) -> bool:
    return paper.published is None or _PRECISIONS.index(answer.precision) > _PRECISIONS.index(paper.precision)


def _dates_agree(paper: Paper, answer: Entry) -> bool:
    if paper.published is None or answer.published is None:
        return True
    days = (paper.published, paper.precision, answer.published), (answer.published, answer.precision, paper.published)
    return any(within(*one) for one in days)
