"""Entries of a bibliography -> the papers of the library that they are, and which entries are one paper."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from rapidfuzz import fuzz

from assistant.proofreading.bib_file import BibEntry, identifiers
from assistant.proofreading.inline_citations import author_and_year
from assistant.text.plain_text import plain_text
from vectorstore.authors.personal_names import surname
from vectorstore.library import Library
from vectorstore.papers.paper import Paper
from vectorstore.papers.title_spellings import title_key
from vectorstore.search.typed_titles import Place
from vectorstore.text.folding import folded

_CLOSE = 0.9  # of a title's letters, that are the same, if the authors are too
_LIKE = 90.0  # percent of the letters of two titles that one paper may differ in, with the same authors
_SHORTEST_TITLE = 12  # letters, from which a title in a printed reference is no mere word
_LONG_TITLE = 30  # letters, from which it needs no author beside it
_YEARS = 1  # between a preprint and its publication
_HEAD = re.compile(r"[^:.?!]+")


class LibraryMatch:
    """Finds the papers of a library that entries are, by identifier, title, authors and year."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @cached_property
    def _papers(self) -> list[Paper]:
        return self._library.papers()

    @cached_property
    def _by_id(self) -> Mapping[str, Paper]:
        return {one: paper for paper in self._papers if paper.url for one in identifiers(paper.url)}

    @cached_property
    def _by_title(self) -> Mapping[str, list[Paper]]:
        titles: defaultdict[str, list[Paper]] = defaultdict(list)
        for paper in self._papers:
            titles[title_key(plain_text(paper.title))].append(paper)
        return titles

    @cached_property
    def _known(self) -> Mapping[str, Paper]:
        return {paper.paper_id: paper for paper in self._papers}

    def by_key(self, keys: Iterable[str]) -> dict[str, Paper]:
        """Return the papers that have these keys for \\cite in the library."""
        found = self._library.catalogue.papers_of_keys(set(keys))
        return {key: self._known[paper_id] for key, paper_id in found.items() if paper_id in self._known}

    def by_author_and_year(self, keys: Iterable[str]) -> dict[str, Paper]:
        """Return the papers that are cited by their first author and year, where these are of one paper alone."""
        named = {key: said for key in keys if (said := author_and_year(key))}
        found: defaultdict[tuple[str, int], list[Paper]] = defaultdict(list)
        for paper in self._papers if named else ():
            if paper.published and paper.people:
                found[surname(paper.people[0]), paper.published.year].append(paper)
        same = {key: found[surname(name), year] for key, (name, year) in named.items()}
        return {key: papers[0] for key, papers in same.items() if len(papers) == 1}

    def paper(self, entry: BibEntry) -> Paper | None:
        """Return the paper that an entry is; None if the library has none."""
        for one in entry.identifiers:
            if one in self._by_id:
                return self._by_id[one]
        if not entry.title:
            return self._printed(entry)
        same = [paper for paper in self._by_title.get(title_key(entry.title), ()) if not _is_by_others(entry, paper)]
        if same:
            return min(same, key=lambda paper: (_years_apart(entry, paper) > _YEARS, paper.paper_id))
        for found in self._library.titles.closest(entry.title):
            paper = self._known.get(found.paper_id)
            named = found.place in (Place.WHOLE, Place.NAME) and found.closeness >= _CLOSE
            if paper and named and _is_by(entry, paper) and _years_apart(entry, paper) <= _YEARS:
                return paper
        return None

    def _printed(self, entry: BibEntry) -> Paper | None:
        """Return the paper whose title stands in a printed reference, the longest if there are several."""
        printed = title_key(plain_text(entry.text))
        found = [key for key in self._by_title if len(key) >= _SHORTEST_TITLE and key in printed]
        words = frozenset(folded(entry.text).split())
        for key in sorted(found, key=len, reverse=True):
            for paper in self._by_title[key]:
                if len(key) >= _LONG_TITLE or not paper.people or words & _surnames(paper):
                    return paper
        return None


def _surnames(paper: Paper) -> frozenset[str]:
    return frozenset(filter(None, map(surname, paper.people)))


def _is_by(entry: BibEntry, paper: Paper) -> bool:
    return bool(entry.surnames & _surnames(paper)) or not (entry.surnames and paper.people)


def _is_by_others(entry: BibEntry, paper: Paper) -> bool:
    return bool(entry.surnames) and paper.authors_complete and bool(paper.authors) and not _is_by(entry, paper)


def _years_apart(entry: BibEntry, paper: Paper) -> int:
    return abs(entry.year - paper.published.year) if entry.year and paper.published else 0


def entries_by_author_and_year(keys: Iterable[str], entries: Sequence[BibEntry]) -> dict[str, list[BibEntry]]:
    """Return the entries, one or several, that each of the keys made of an author and a year may mean."""
    named = {key: said for key in keys if (said := author_and_year(key))}
    found = {
        key: [one for one in entries if surname(name) in one.surnames and one.year == year]
        for key, (name, year) in named.items()
    }
    return {key: same for key, same in found.items() if same}


def same_entries(entries: Sequence[BibEntry]) -> list[tuple[BibEntry, ...]]:
    """Return the groups of entries that are one paper: by identifier, or by title and author."""
    groups: dict[str, list[BibEntry]] = {}
    of_identifier: dict[str, str] = {}
    near: defaultdict[str, list[str]] = defaultdict(list)  # titles by how they begin
    for entry in entries:
        key = title_key(entry.title) if entry.title else title_key(entry.text[:300])
        known = next((of_identifier[one] for one in entry.identifiers if one in of_identifier), None)
        if known is None and key in groups and _may_be_one(entry, groups[key][0]):
            known = key
        if known is None:
            known = next((one for one in near[key[:12]] if _is_like(entry, key, one, groups[one][0])), None)
        name = known if known is not None else key if key not in groups else f"{key} {entry.key}"
        if not name:
            continue
        if name not in groups:
            near[key[:12]].append(name)
        groups.setdefault(name, []).append(entry)
        of_identifier |= dict.fromkeys(entry.identifiers, name)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _may_be_one(one: BibEntry, other: BibEntry) -> bool:
    return not (one.surnames and other.surnames) or bool(one.surnames & other.surnames)


def _is_like(entry: BibEntry, key: str, other_key: str, other: BibEntry) -> bool:
    if not (entry.surnames & other.surnames) or _digits(key) != _digits(other_key):
        return False
    return fuzz.ratio(key, other_key, score_cutoff=_LIKE) > 0


def _digits(key: str) -> str:
    return re.sub(r"\D", "", key)
