"""Whether two entries are one paper: by identifiers, else by title, in any spelling, with abstract, authors and year.

What identifiers say is believed before titles, both ways: two papers of arXiv are two papers, whatever they are called.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from vectorstore.authors.same_people import same_person, shared_people
from vectorstore.listings.entry import Entry
from vectorstore.listings.paper_identifiers import PREPRINT_DOIS, arxiv_id, without_version
from vectorstore.papers.title_spellings import beginning_key, spelling_key, title_key, version_number
from vectorstore.text.folding import folded

_SHARED_WORDS = 0.4  # Jaccard overlap above which two abstracts are versions of one text
_MOST_YEARS = 3  # between a preprint and the journal, where no abstract tells


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two entries are the same paper: by an `identifier`, "the DOI 10.1000/x", or else by their titles.

    `shared_words` is the share of the words of either abstract that are in both, None if one has no abstract. Where it
    does not tell, the `authors` that both print do.
    """

    shared_words: float | None
    authors: tuple[str, ...] = ()
    identifier: str = ""

    @property
    def is_certain(self) -> bool:
        """Tell whether an identifier or the words of the abstracts say it, and not the title alone with the authors."""
        return bool(self.identifier) or (self.shared_words is not None and self.shared_words >= _SHARED_WORDS)


def identifiers_of(entry: Entry) -> dict[str, str]:
    """Return what names an entry's paper, by what kind of name it is; arXiv's DOIs are arXiv's ids."""
    said = entry.publication
    if not (said.doi or said.arxiv_id or said.pmid):
        return {}
    arxiv = said.arxiv_id or arxiv_id(said.doi or "")
    doi = said.doi if said.doi and not arxiv_id(said.doi) else None
    found = {"arXiv id": arxiv and without_version(arxiv), "DOI": doi, "PMID": said.pmid}
    return {kind: value for kind, value in found.items() if value}


def links_of(entry: Entry) -> Iterator[str]:
    """Yield what an entry shares with any other that may be the same paper: nothing else is compared with it."""
    yield from (f"{kind} {value}" for kind, value in identifiers_of(entry).items())
    yield f"title {spelling_key(entry.title)}"
    yield f"letters {title_key(entry.title)}"  # which ids are made of: papers that could have one are told apart
    if beginning := beginning_key(entry.title):
        yield f"title {beginning}"


def alike(one: Entry, other: Entry) -> Likeness | None:
    """Return why two entries are the same paper; None if they are not, or nothing tells."""
    if identifier := _shared_identifier(one, other):
        return Likeness(None, identifier=identifier)
    if are_different(one, other):
        return None
    whole, beginning = spelling_key(one.title), beginning_key(one.title)
    other_whole, other_beginning = spelling_key(other.title), beginning_key(other.title)
    if whole == other_whole:
        return _alike_by_title(one, other)
    is_beginning = whole == other_beginning or beginning == other_whole
    return _alike_but_for_subtitle(one, other) if is_beginning else None


def are_different(one: Entry, other: Entry) -> bool:
    """Tell whether identifiers, or two subtitles of one title, say that two entries are two papers. A DOI more is no
    other paper, of a preprint and of what was published of it; nor do the same words under two DOIs make two papers."""
    known, others = identifiers_of(one), identifiers_of(other)
    both = known.keys() & others.keys()
    if any(known[kind] == others[kind] for kind in both):
        return False
    if not both.isdisjoint(("arXiv id", "PMID")):
        return True
    dois = known.get("DOI"), others.get("DOI")
    published = [doi for doi in dois if doi and not doi.startswith(PREPRINT_DOIS)]
    if len(published) == 2 and not (one.abstract and other.abstract):
        return True
    begins_alike = spelling_key(one.title) != spelling_key(other.title) and beginning_key(one.title) is not None
    if not begins_alike or beginning_key(one.title) != beginning_key(other.title):
        return False
    return (_shared_words(one, other) or 0.0) < _SHARED_WORDS


def _shared_identifier(one: Entry, other: Entry) -> str:
    others = identifiers_of(other)
    known = identifiers_of(one).items()
    shared = (f"the {kind} {value}" for kind, value in known if others.get(kind) == value)
    return "" if _have_one_of_many(one, other) else next(shared, "")


def _have_one_of_many(one: Entry, other: Entry) -> bool:
    """Tell whether two entries may have the DOI of a whole, such as a supplement of abstracts: their titles have
    nothing of each other, and their abstracts other words."""
    keys, others = ({spelling_key(entry.title), beginning_key(entry.title)} - {None} for entry in (one, other))
    shared = _shared_words(one, other)
    return keys.isdisjoint(others) and shared is not None and shared < _SHARED_WORDS


def _alike_by_title(one: Entry, other: Entry) -> Likeness | None:
    shared = _shared_words(one, other)
    if shared is None:
        if not (one.authors_complete and other.authors_complete):
            return Likeness(None)
        authors = _authors_of_both(one, other)
        return Likeness(None, authors) if authors and _years_apart(one, other) <= _MOST_YEARS else None
    if shared >= _SHARED_WORDS:
        return Likeness(shared)
    versions = version_number(one.title), version_number(other.title)
    if title_key(one.title) != title_key(other.title) and versions[0] != versions[1] and all(versions):
        return None
    authors = _authors_of_both(one, other)
    return Likeness(shared, authors) if authors else None


def _authors_of_both(one: Entry, other: Entry) -> tuple[str, ...]:
    """Return the authors that both print, none if these are few: a "Y. Li" is among the authors of many papers."""
    authors = shared_people(one.authors, other.authors)
    return authors if 2 * len(authors) >= min(len(one.authors), len(other.authors)) else ()


def _alike_but_for_subtitle(one: Entry, other: Entry) -> Likeness | None:
    """Return why a title is the beginning of the other: the abstracts say so, or, without one, all authors and the
    year."""
    shared = _shared_words(one, other)
    if shared is not None:
        return Likeness(shared) if shared >= _SHARED_WORDS else None
    if not (one.authors and other.authors and same_person(one.authors[0], other.authors[0])):
        return None
    fewer, more = sorted((one.authors, other.authors), key=len)
    authors = shared_people(fewer, more)
    complete = one.authors_complete and other.authors_complete
    whole = len(authors) == len(fewer) and (not complete or len(fewer) == len(more))
    return Likeness(None, authors) if whole and _years_apart(one, other) <= 1 else None


def _shared_words(one: Entry, other: Entry) -> float | None:
    if not one.abstract or not other.abstract:
        return None
    words, others = _words(one.abstract), _words(other.abstract)
    return len(words & others) / len(words | others) if words and others else None


@lru_cache(maxsize=1024)
def _words(abstract: str) -> frozenset[str]:
    return frozenset(folded(abstract).split())


def _years_apart(one: Entry, other: Entry) -> int:
    """Return how many years are between two dates, 0 where one is not known."""
    return abs(one.published.year - other.published.year) if one.published and other.published else 0
