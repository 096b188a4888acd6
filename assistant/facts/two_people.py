"""Whether the papers of one name speak for several people: groups with no co-authors in common, on distant topics.

Precision comes first: what speaks for one person, such as a profile page that lists papers of both groups, joins them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vectorstore.library import Library

# How alike two groups may be at most, by the number of papers of the smaller one: few papers look distant by chance.
# Chosen on the 20,000 names with four papers and more in 60,000 of arXiv: 8 in 1,000 are taken for several people, and
# 1 in 1,000 of those with a rare surname, who are hardly two; see tests/benchmarks/authors.py.
_MOST_ALIKE = {2: 0.1, 3: 0.15}
_MOST_ALIKE_OF_MANY = 0.4
_SAME_CATEGORIES = 0.3  # what having all categories in common adds to a likeness
KNOWN_WELL = 20  # papers; a co-author with more may be several people, and joins nothing by other papers


Vectors = Mapping[str, NDArray[np.float32]]  # a unit vector of each paper, by its id


@dataclass(frozen=True, slots=True)
class Work:
    """What a paper tells of who wrote it: its other authors, and the pages of this author that list it."""

    paper_id: str
    coauthors: frozenset[str]
    pages: frozenset[str] = frozenset()
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Papers that may be one person's, and how alike those of the closest other group are: the mean cosine similarity
    of a paper here and a paper there."""

    paper_ids: tuple[str, ...]
    similarity: float


def several_people(works: Sequence[Work], library: Library) -> list[Group]:
    """Return the groups of works that speak for several people, the largest first; none if they may be one's."""
    if len(connected(works)) < 2:
        return []
    everybody = frozenset[str]().union(*(work.coauthors for work in works))
    groups = connected(works, library.catalogue.namesakes.papers_of(everybody, at_most=KNOWN_WELL))
    if len(groups) < 2:
        return []
    passages = library.catalogue.passages_by_id([f"{work.paper_id}:0" for group in groups for work in group])
    vectors = library.embeddings.embed([passage.embedded_text for passage in passages.values()])
    of_paper = {passage.paper_id: vector for passage, vector in zip(passages.values(), vectors, strict=True)}
    return apart(groups, of_paper)


def connected(works: Sequence[Work], papers_of: Mapping[str, Iterable[str]] | None = None) -> list[list[Work]]:
    """Return works in groups that share co-authors, pages, or co-authors who wrote together; the largest first.

    `papers_of` are the papers of co-authors, for the last of these. A group of one paper tells nothing: it is left out.
    """
    by_clue: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, work in enumerate(works):
        written = {paper_id for coauthor in work.coauthors for paper_id in (papers_of or {}).get(coauthor, ())}
        for kind, clues in (("author", work.coauthors), ("page", work.pages), ("paper", written)):
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
    found = [works for works in groups.values() if len(works) > 1]
    return sorted(found, key=lambda works: (-len(works), works[0].paper_id))


def apart(groups: Sequence[Sequence[Work]], vectors: Vectors) -> list[Group]:
    """Return the groups of works that are on distant topics, the largest first; none if not even two are."""
    distant: list[Sequence[Work]] = []
    for group in groups:
        if all(_is_distant(group, other, vectors) for other in distant):
            distant.append(group)
    if len(distant) < 2:
        return []
    return [
        Group(
            tuple(work.paper_id for work in group),
            max(_similarity(group, other, vectors) for other in distant if other is not group),
        )
        for group in distant
    ]


def _is_distant(one: Sequence[Work], other: Sequence[Work], vectors: Vectors) -> bool:
    likeness = _similarity(one, other, vectors) + _SAME_CATEGORIES * _shared_categories(one, other)
    return likeness < _MOST_ALIKE.get(min(len(one), len(other)), _MOST_ALIKE_OF_MANY)


def _similarity(one: Sequence[Work], other: Sequence[Work], vectors: Vectors) -> float:
    mine, theirs = (np.stack([vectors[work.paper_id] for work in works]) for works in (one, other))
    return float((mine @ theirs.T).mean())


def _shared_categories(one: Sequence[Work], other: Sequence[Work]) -> float:
    """Return how much two groups' shares of each category overlap, from 0 to 1."""
    mine, theirs = (Counter(work.category for work in works) for works in (one, other))
    return sum(min(mine[name] / len(one), theirs[name] / len(other)) for name in mine if name is not None)
