"""Author name ambiguity: whether the papers of one name speak for several people, who share no co-author and no topic.

Precision comes first: whatever joins papers, such as co-authors who wrote together elsewhere, joins them for good. A
profile page joins none: who collects one by the name takes in namesakes, too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from vectorstore.library import Library

# How alike two groups may be at most, by the number of papers of the smaller one: few papers look distant by chance.
# Chosen on one half of the authors of 60,000 papers of arXiv so that 2 in 100 of those with a rare surname, who are
# hardly two, are taken for several people; what the other half gives, see tests/benchmarks/authors.py.
_MOST_ALIKE = {2: 0.0, 3: 0.2, 4: 0.3, 5: 0.35}
_MOST_ALIKE_OF_ONE = 0.1  # a paper alone, which must meet `_speaks_alone`, and the others
_OTHERS_OF_ONE = 4  # papers at least, of which a single one is told apart
_SAME_CATEGORIES = 0.6  # what having all categories in common adds to a likeness
_OF_THE_FIRST = 0.15  # what may be more alike if the author is the first of all papers; less, if the last
_OF_HIDDEN = 0.15  # what may be less alike where some authors are not shown of any paper
KNOWN_WELL = 20  # papers; a co-author with more may be several people, and joins nothing by other papers
_SAMPLED = 300  # papers of others, whose mean vector is what all papers of the library have in common
_FEW = 10  # papers of others; where there are no more, half of their mean is taken


Vector = NDArray[np.float32]


class Place(IntEnum):
    """Where the author stands among those of a paper. The first chose its topic; the last goes along with many."""

    FIRST = 1
    BETWEEN = 0  # or alone, or not known
    LAST = -1


@dataclass(frozen=True, slots=True)
class Work:
    """What a paper tells of who wrote it: its other authors, and whether the listings hide some."""

    paper_id: str
    coauthors: frozenset[str]
    category: str | None = None
    hides_authors: bool = False
    place: Place = Place.BETWEEN


def several_people(works: Sequence[Work], library: Library) -> list[list[Work]]:
    """Return the groups of works that speak for several people, the largest first; none if they may be one's."""
    if len(connected(works)) < 2:
        return []
    everybody = frozenset[str]().union(*(work.coauthors for work in works))
    groups = connected(works, library.catalogue.namesakes.papers_of(everybody, at_most=KNOWN_WELL))
    if len(groups) < 2:
        return []
    own = [work.paper_id for work in works]
    others = sorted(set(library.catalogue.paper_ids([])).difference(own))
    others = others[:: len(others) // _SAMPLED + 1]
    vectors = _vectors([*own, *others], library)
    total: Vector = np.sum([vectors[paper_id] for paper_id in others], axis=0, dtype=np.float32)
    middle: Vector = total / np.float32(len(others) + _FEW)
    return apart(groups, {paper_id: vectors[paper_id] - middle for paper_id in own})


def _vectors(paper_ids: Iterable[str], library: Library) -> dict[str, Vector]:
    passages = library.catalogue.passages_by_id([f"{paper_id}:0" for paper_id in paper_ids])
    vectors = library.embeddings.embed([passage.embedded_text for passage in passages.values()])
    return {passage.paper_id: vector for passage, vector in zip(passages.values(), vectors, strict=True)}


def connected(works: Sequence[Work], papers_of: Mapping[str, Iterable[str]] | None = None) -> list[list[Work]]:
    """Return works in groups that share co-authors, or have co-authors who wrote together; the largest first.

    `papers_of` are the papers of co-authors, for the latter.
    """
    by_clue: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, work in enumerate(works):
        written = {paper_id for coauthor in work.coauthors for paper_id in (papers_of or {}).get(coauthor, ())}
        for kind, clues in (("author", work.coauthors), ("paper", written)):
            for clue in clues:
                by_clue[kind, clue].append(place)
    group = list(range(len(works)))
    for places in by_clue.values():
        joined = {group[place] for place in places}
        if len(joined) > 1:
            group = [min(joined) if one in joined else one for one in group]
    groups: defaultdict[int, list[Work]] = defaultdict(list)
    for place, work in enumerate(works):
        groups[group[place]].append(work)
    return sorted(groups.values(), key=lambda works: (-len(works), works[0].paper_id))


def apart(groups: Sequence[Sequence[Work]], vectors: Mapping[str, Vector]) -> list[list[Work]]:
    """Return groups of works joined until none is like another, the largest first; none if one is left.

    `vectors` are of the papers, by id, without what all papers of the library have in common.
    """
    left = [_Topics.of(group, vectors) for group in groups]
    nearness = np.full((len(left), len(left)), -np.inf)
    for place in range(len(left)):
        _measure(nearness, left, place)
    while len(left) > 1:
        one, other = sorted(map(int, np.unravel_index(nearness.argmax(), nearness.shape)))
        if nearness[one, other] < 0:
            break
        left[one] = left[one].joined(left.pop(other))
        nearness = np.delete(np.delete(nearness, other, axis=0), other, axis=1)
        _measure(nearness, left, one)
    found = [list(group.works) for group in left] if len(left) > 1 else []
    return sorted(found, key=lambda works: (-len(works), works[0].paper_id))


@dataclass(frozen=True, slots=True)
class _Topics:
    """A group of works, the sum of their vectors, and how many are in each category."""

    works: tuple[Work, ...]
    total: Vector
    categories: Mapping[str | None, int]

    @classmethod
    def of(cls, works: Sequence[Work], vectors: Mapping[str, Vector]) -> "_Topics":
        categories: defaultdict[str | None, int] = defaultdict(int)
        for work in works:
            categories[work.category] += 1
        return cls(tuple(works), np.sum([vectors[work.paper_id] for work in works], axis=0), categories)

    def joined(self, other: "_Topics") -> "_Topics":
        names = {*self.categories, *other.categories}
        categories = {name: self.categories.get(name, 0) + other.categories.get(name, 0) for name in names}
        return _Topics(self.works + other.works, self.total + other.total, categories)


def _measure(nearness: NDArray[np.float64], groups: Sequence[_Topics], place: int) -> None:
    """Note how much more alike one group is to each other than two people's would be."""
    for other, group in enumerate(groups):
        if other != place:
            small, large = sorted((groups[place], group), key=lambda one: len(one.works))
            nearness[place, other] = nearness[other, place] = _likeness(small, large) - _most_alike(small, large)


def _likeness(one: _Topics, other: _Topics) -> float:
    """Return the cosine of the groups' mean vectors, and more for the share of categories that they have in common."""
    cosine = float(one.total @ other.total) / (float(np.linalg.norm(one.total) * np.linalg.norm(other.total)) or 1)
    shared = sum(
        min(count / len(one.works), other.categories.get(name, 0) / len(other.works))
        for name, count in one.categories.items()
        if name is not None
    )
    return cosine + _SAME_CATEGORIES * shared


def _most_alike(small: _Topics, large: _Topics) -> float:
    """Return how alike two groups may be that are two people's."""
    count = len(small.works)
    if count == 1:
        alone = _speaks_alone(small.works[0]) and len(large.works) >= _OTHERS_OF_ONE
        return _MOST_ALIKE_OF_ONE if alone else -2  # a paper that tells nothing joins the group that it is most like
    first = sum(work.place for work in small.works) / count
    hidden = sum(work.hides_authors for work in small.works) / count
    return _MOST_ALIKE[min(count, max(_MOST_ALIKE))] + _OF_THE_FIRST * first - _OF_HIDDEN * hidden


def _speaks_alone(work: Work) -> bool:
    return work.place is Place.FIRST and bool(work.coauthors) and not work.hides_authors
