"""Where the listings of one paper contradict each other, in what they print.

What they merely put differently, shorten or leave out is no conflict.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from vectorstore.authors.same_people import MOST_COMPARED, same_person
from vectorstore.listings.entry import Entry
from vectorstore.listings.paper_identifiers import PREPRINT_DOIS
from vectorstore.papers.grouping import Provenance
from vectorstore.papers.paper import Paper
from vectorstore.papers.partial_dates import within
from vectorstore.text.folding import folded

_LEAST_ALIKE = 75  # percent; of two spellings of one name
_MARKING_CODE = ("profile", "headerless")
_NUMBER_OR_SIGN = re.compile(r"\d+(?:[.,]\d+)*|(?<=\w)[+#]+")


class Field(StrEnum):
    """What listings can disagree on: fields of an Entry, or of its publication, and so of the Paper."""

    DATE = "published"
    TITLE = "title"
    AUTHORS = "authors"
    AUTHOR_COUNT = "author_count"
    ORGANIZATION = "organization"
    AFFILIATION = "affiliation"
    CODE = "has_code"
    DOI = "doi"
    PAGES = "pages"

    def of(self, record: Entry | Paper) -> object:
        """Return what an entry or a paper says."""
        said: object = getattr(record if hasattr(record, self) else record.publication, self)
        return said


@dataclass(frozen=True, slots=True)
class PrintedEntry:
    """An entry, where it is printed, the kind of that listing ("profile", "bibtex", ...), and the entry's cluster."""

    place: Provenance
    kind: str
    entry: Entry
    cluster: str = ""


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """One value of a field, as `entry` prints it, and all places that print it or a variant of it."""

    entry: Entry
    places: tuple[Provenance, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field of one paper with its values, two at least, in the order of their first places."""

    field: Field
    values: tuple[PrintedValue, ...]


def conflicts(printed: Iterable[PrintedEntry]) -> tuple[Conflict, ...]:
    """Return the fields in which the entries of one paper contradict each other."""
    entries = sorted(printed, key=lambda one: one.place)
    found = []
    for field, rule in _RULES.items():
        # What says more opens a group of variants; what says less then joins it.
        stating = sorted(filter(rule.is_stated, entries), key=lambda one: not rule.is_full(one.entry))
        values = _values(stating, rule.agree)
        if len(values) > 1:
            found.append(Conflict(field, values))
    return tuple(found)


def _values(entries: Iterable[PrintedEntry], agree: Callable[[Entry, Entry], bool]) -> tuple[PrintedValue, ...]:
    groups: list[list[PrintedEntry]] = []
    for one in entries:
        fitting = (group for group in groups if all(agree(one.entry, other.entry) for other in group))
        if (group := next(fitting, None)) is not None:
            group.append(one)
        else:
            groups.append([one])
    values = [PrintedValue(group[0].entry, tuple(sorted(one.place for one in group))) for group in groups]
    return tuple(sorted(values, key=lambda value: value.places))


# -- one field each


def _dates_agree(one: Entry, other: Entry) -> bool:
    if one.published is None or other.published is None:
        return True
    coarse, fine = sorted((one, other), key=lambda entry: entry.precision, reverse=True)  # year, month, day
    if one.year_inferred or other.year_inferred:
        parts = {"day": slice(1, 3), "month": slice(1, 2), "year": slice(0, 0)}[coarse.precision]
        return one.published.timetuple()[parts] == other.published.timetuple()[parts]
    return (
        coarse.published is None or fine.published is None or within(coarse.published, coarse.precision, fine.published)
    )


def _titles_agree(one: Entry, other: Entry) -> bool:
    """Titles of one paper have the same letters and digits; a point between digits can still make other numbers."""
    return _numbers(one.title) == _numbers(other.title)


def _numbers(title: str) -> list[str]:
    found = _NUMBER_OR_SIGN.findall(unicodedata.normalize("NFKC", title))
    return [number if "." in number else number.replace(",", "") for number in found]


def _counts_agree(one: Entry, other: Entry) -> bool:
    if one.authors_complete and other.authors_complete:
        return True  # what differs is who they are
    return author_count(one) == author_count(other)


def author_count(entry: Entry) -> int | None:
    """Return the number of authors that an entry prints, or has names for; None if it ends in "et al."."""
    return len(people_of(entry)) if entry.authors_complete else entry.author_count


def _authors_agree(one: Entry, other: Entry) -> bool:
    return not (contradicted_names(one, other) or contradicted_names(other, one))


def people_of(entry: Entry) -> tuple[str, ...]:
    """Return the printed authors that are names: a team's name may be followed by a lone ":"."""
    return tuple(name for name in entry.authors if folded(name))


def contradicted_names(entry: Entry, other: Entry) -> tuple[str, ...]:
    """Return the authors of `entry` whom `other` leaves out of its whole list, or spells as somebody else.

    Of long lists the first `MOST_COMPARED` are compared. A list that ends in "et al." may go on with anyone: against
    it speaks only a similar name in the same place.
    """
    names, others = people_of(entry), people_of(other)
    if not others:
        return ()
    exact = {folded(one) for one in others}
    compared = [(place, name) for place, name in enumerate(names[:MOST_COMPARED]) if folded(name) not in exact]
    missing = [
        (place, name) for place, name in compared if not any(same_person(name, one) for one in others[:MOST_COMPARED])
    ]
    if other.authors_complete:
        return tuple(name for _, name in missing)
    return tuple(
        name
        for place, name in missing
        if place < len(others)
        and not any(same_person(others[place], one) for one in names)
        and fuzz.ratio(folded(name), folded(others[place])) >= _LEAST_ALIKE
    )


def _names_agree(one: str | None, other: str | None) -> bool:
    """Tell whether two names of organisations may be one's: "NVIDIA" and "Nvidia Research", or an acronym."""
    words, others = folded(one or "").split(), folded(other or "").split()
    if set(words) <= set(others) or set(others) <= set(words) or "".join(words) == "".join(others):
        return True
    fewer, more = sorted((words, others), key=len)
    return len(fewer) == 1 and fewer[0] in (_initials(more), _initials([word for word in more if len(word) > 3]))


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words)


def _published_doi(entry: Entry) -> str | None:
    """Return the DOI under which a paper was published: that of a preprint is another one, and no contradiction."""
    doi = entry.publication.doi
    return None if doi is None or doi.startswith(PREPRINT_DOIS) else doi


def _first_page(entry: Entry) -> str | None:
    """Return the page that pages begin with: "123--30" and "123-130" say the same."""
    found = re.search(r"\w+", entry.publication.pages or "")
    return found.group() if found else None


def _same(value: Callable[[Entry], str | None]) -> Callable[[Entry, Entry], bool]:
    return lambda one, other: value(one) == value(other)


@dataclass(frozen=True, slots=True)
class _Rule:
    """Whether an entry states a field, how fully (the fullest first), and whether two that do agree on it."""

    is_stated: Callable[[PrintedEntry], bool]
    agree: Callable[[Entry, Entry], bool]
    is_full: Callable[[Entry], bool] = lambda _: True


_RULES = {
    Field.DATE: _Rule(
        lambda one: one.entry.published is not None,
        _dates_agree,
        is_full=lambda entry: not entry.year_inferred and entry.precision == "day",
    ),
    Field.TITLE: _Rule(lambda _: True, _titles_agree),
    Field.AUTHORS: _Rule(
        lambda one: bool(people_of(one.entry)), _authors_agree, is_full=lambda entry: entry.authors_complete
    ),
    Field.AUTHOR_COUNT: _Rule(lambda one: author_count(one.entry) is not None, _counts_agree),
    Field.ORGANIZATION: _Rule(
        lambda one: bool(one.entry.organization),
        lambda one, other: _names_agree(one.organization, other.organization),
    ),
    Field.AFFILIATION: _Rule(
        lambda one: bool(one.entry.affiliation),
        lambda one, other: _names_agree(one.affiliation, other.affiliation),
    ),
    # All but profile pages mark no code, whether there is some or not.
    Field.CODE: _Rule(lambda one: one.kind in _MARKING_CODE, lambda one, other: one.has_code == other.has_code),
    Field.DOI: _Rule(lambda one: _published_doi(one.entry) is not None, _same(_published_doi)),
    Field.PAGES: _Rule(lambda one: bool(one.entry.publication.pages), _same(_first_page)),
}
