"""Which entries are one paper: those that are alike, directly or by way of others."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from vectorstore.listings.entry import Entry
from vectorstore.papers.matching import alike, are_different, links_of
from vectorstore.papers.title_spellings import spelling_key

_MOST_COMPARED = 20  # entries of one paper, the fullest, that another is held against
EntryKey = tuple[str, int]  # the SHA-256 of a listing, and the line of one of its entries


@dataclass(frozen=True, slots=True, order=True)
class Provenance:
    """Where a paper was printed: the listing's name, the line of the entry, and the listing's SHA-256."""

    listing: str
    line: int
    listing_sha256: str
    owner: str | None = None

    @property
    def key(self) -> EntryKey:
        return self.listing_sha256, self.line


Record = tuple[Provenance, Entry]


def same_papers(records: Sequence[Record]) -> list[list[Record]]:
    """Return entries in groups, one a paper. In each the first has the longest abstract, any other is like one before
    it, and none is known to be another paper than one of them."""
    if len(records) == 1:
        return [list(records)]
    groups: dict[int, list[Record]] = {}
    by_link: defaultdict[str, set[int]] = defaultdict(set)  # the groups that have it
    for number, record in enumerate(sorted(records, key=lambda record: (_content(record[1]), record[0]))):
        links = set(links_of(record[1]))
        near = sorted({place for link in links for place in by_link[link]})
        compared = {place: [entry for _, entry in groups[place][:_MOST_COMPARED]] for place in near}
        fitting = _fitting(record[1], compared)
        place = fitting[0] if fitting else number
        groups.setdefault(place, []).append(record)
        for link in links:
            by_link[link].add(place)
        for other in fitting[1:]:
            groups[place] += groups.pop(other)
            for link in {link for _, entry in groups[place] for link in links_of(entry)}:
                by_link[link] = by_link[link] - {other} | {place}
        if len(fitting) > 1:
            groups[place] = _each_like_one_before(groups[place])
    return list(groups.values())


def _fitting(entry: Entry, groups: Mapping[int, Sequence[Entry]]) -> list[int]:
    """Return which of the groups an entry is of: several if it tells that they are one paper.

    That takes an identifier, or the words of the abstracts. Else it is of the first that has its title, or of the one
    that has a longer title; of several that do it cannot be told.
    """
    likeness = {
        place: found
        for place, others in groups.items()
        if (found := [alike(entry, other) for other in others]) and any(found)
        if not any(are_different(entry, other) for other in others)
    }
    certain = [place for place, found in likeness.items() if any(one and one.is_certain for one in found)]
    if certain:
        first, *more = certain
        return [first, *(place for place in more if not _different(groups[first], groups[place]))]
    titled = [place for place, others in groups.items() if place in likeness and _has_title(entry, others)]
    return titled[:1] or (list(likeness) if len(likeness) == 1 else [])


def _has_title(entry: Entry, others: Sequence[Entry]) -> bool:
    return any(spelling_key(entry.title) == spelling_key(other.title) for other in others)


def _different(entries: Sequence[Entry], others: Sequence[Entry]) -> bool:
    return any(are_different(one, other) for one in entries for other in others)


def _each_like_one_before(group: Sequence[Record]) -> list[Record]:
    """Return a group in its order as far as each is like one before it."""
    left = sorted(group, key=lambda record: (_content(record[1]), record[0]))
    ordered = [left.pop(0)]
    while left:
        like = (one for one in left if any(alike(one[1], other) for _, other in ordered))
        following = next(like, left[0])
        left.remove(following)
        ordered.append(following)
    return ordered


def clustered(records: Sequence[Record]) -> list[list[Record]]:
    """Return the records that are linked, by way of others, too, together."""
    clusters = joined([set(links_of(entry)) for _, entry in records])
    found: defaultdict[int, list[Record]] = defaultdict(list)
    for record, cluster in zip(records, clusters, strict=True):
        found[cluster].append(record)
    return list(found.values())


def joined(links: Sequence[Collection[str]]) -> list[int]:
    """Return a number for each of several sets of links: those that share a link, by way of others, too, have one."""
    parents = list(range(len(links)))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    first: dict[str, int] = {}
    for place, own in enumerate(links):
        for link in own:
            parents[root(place)] = root(first.setdefault(link, place))
    return [root(place) for place in range(len(links))]


def _content(entry: Entry) -> tuple[int, str, str]:
    return (-len(entry.abstract), entry.title, entry.abstract)
