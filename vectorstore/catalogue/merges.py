"""Which entries are one paper and why, and those that the user keeps apart from theirs."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection, Engine

from vectorstore.catalogue import tables
from vectorstore.catalogue.ingestion import merge
from vectorstore.catalogue.stored_entries import apart_in, entries_apart, printed_in, removed_in
from vectorstore.errors import MergeError, NotInLibrary
from vectorstore.listings.entry import Entry
from vectorstore.papers.field_conflicts import PrintedEntry
from vectorstore.papers.grouping import EntryKey, Provenance, same_papers
from vectorstore.papers.matching import Likeness, alike
from vectorstore.papers.title_spellings import spelling_key, title_key

_FIRST = "The other entries were compared with this one, which has the longest abstract."
_ALONE = "No other entry is taken for this paper."
_NAMES_SAID = 3


@dataclass(frozen=True, slots=True)
class MergedEntry:
    """An entry, and why it was taken for the paper it is in.

    It was compared with the entry at `like`; None: with no other. One that is kept `apart` is a paper of its own, and
    `reason` says why it would be in the other.
    """

    place: Provenance
    kind: str  # of the listing: "profile", "daily", "bibtex"
    entry: Entry
    reason: str
    like: Provenance | None = None
    apart: bool = False


class Merges:
    """The entries of one catalogue's papers. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def reasons(self, paper_id: str) -> tuple[MergedEntry, ...]:
        """Return the entries of a paper, the one that the others were compared with first; then those that are kept
        apart from it. Raises NotInLibrary if there is no such paper."""
        with self._engine.connect() as connection:
            row = connection.execute(tables.selected_papers.where(tables.papers.c.paper_id == paper_id)).one_or_none()
            if row is None:
                raise NotInLibrary(f"The library has no paper {paper_id!r}; name one by its id.")
            paper = tables.paper_of(row)
            group = _group_of(connection, row.cluster, paper.entries[0].key)
        if paper.entries[0].key in group.apart:
            return tuple(group.why_alike(one) for one in group.kept_apart() if one.place in paper.entries)
        return tuple(group.why_alike(one) for one in [*group.together(), *group.kept_apart()])

    def would_join(self, paper_id: str, entry: Entry) -> bool:
        """Tell whether an entry that is not stored yet would be taken for this paper, and for no other of its title."""
        with self._engine.connect() as connection:
            row = connection.execute(tables.selected_papers.where(tables.papers.c.paper_id == paper_id)).one_or_none()
            if row is None:
                return False
            first = tables.paper_of(row).entries[0]
            if first.key in apart_in(connection, [row.cluster]):
                return False
            printed = [(one.place, one.entry) for one in printed_in(connection, [row.cluster])]
        new = Provenance("", 0, "")
        mine, *others = sorted(same_papers([*printed, (new, entry)]), key=lambda group: (new, entry) not in group)
        is_like_others = any(alike(entry, other) for group in others for _, other in group)
        return any(place == first for place, _ in mine) and not is_like_others

    def keep_apart(self, listing_sha256: str, line: int) -> str:
        """Decide that an entry is no entry of the paper it is in; return the id of the paper that it is now.

        Raises NotInLibrary if there is no such entry, MergeError if it is a paper of its own already.
        """
        with self._engine.begin() as connection:
            cluster = _cluster_of(connection, listing_sha256, line)
            group = _group_of(connection, cluster, (listing_sha256, line))
            if (listing_sha256, line) in group.apart or len(group.together()) == 1:
                raise MergeError(f"The entry at line {line} is a paper of its own; nothing was merged with it.")
            connection.execute(insert(entries_apart).values(listing_sha256=listing_sha256, line=line))
            merge(connection, [cluster])
            return _paper_with(connection, cluster, (listing_sha256, line))

    def rejoin(self, listing_sha256: str, line: int) -> str:
        """Undo `keep_apart`; return the id of the paper that the entry is in again.

        Raises NotInLibrary if there is no such entry, MergeError if it is not kept apart.
        """
        mine = (entries_apart.c.listing_sha256 == listing_sha256, entries_apart.c.line == line)
        with self._engine.begin() as connection:
            cluster = _cluster_of(connection, listing_sha256, line)
            if not connection.execute(delete(entries_apart).where(*mine)).rowcount:
                raise MergeError(f"The entry at line {line} is not kept apart; there is nothing to undo.")
            merge(connection, [cluster])
            return _paper_with(connection, cluster, (listing_sha256, line))


@dataclass(frozen=True, slots=True)
class _Group:
    """The stored entries that are one paper by what they print, in the order in which they were compared."""

    printed: Sequence[PrintedEntry]
    removed: AbstractSet[EntryKey]
    apart: AbstractSet[EntryKey]

    def together(self) -> list[PrintedEntry]:
        return [one for one in self.printed if one.place.key not in self.removed | self.apart]

    def kept_apart(self) -> list[PrintedEntry]:
        return [one for one in self.printed if one.place.key in self.apart - self.removed]

    def why_alike(self, one: PrintedEntry) -> MergedEntry:
        """Return an entry with the reason why it is in this group."""
        is_apart, together = one.place.key in self.apart, self.together()
        if not is_apart and one == together[0]:
            return MergedEntry(one.place, one.kind, one.entry, _FIRST if len(together) > 1 else _ALONE)
        before = self.printed if is_apart else self.printed[: self.printed.index(one)]
        # What it is in one paper with is told rather than what is not in it, or no longer.
        ranked = sorted(before, key=lambda other: other not in together)
        like, likeness = next(
            (other, found) for other in ranked if other != one and (found := alike(one.entry, other.entry))
        )
        reason = _sentence(one.entry, like.entry, likeness) + self._whereabouts(like)
        return MergedEntry(one.place, one.kind, one.entry, reason, like.place, is_apart)

    def _whereabouts(self, one: PrintedEntry) -> str:
        """Say of an entry that is not in the paper where it is."""
        if one.place.key not in self.removed | self.apart:
            return ""
        now = "is deleted now" if one.place.key in self.removed else "is kept apart now"
        return f" It was compared with the entry at line {one.place.line} of {one.place.listing}, which {now}."


def _sentence(entry: Entry, other: Entry, likeness: Likeness) -> str:
    """Say why two entries are the same paper: "The same title, and the same abstract."."""
    if likeness.identifier:
        return f"Both have {likeness.identifier}."
    title = "The same title"
    if spelling_key(entry.title) != spelling_key(other.title):
        title = "The same title but for its subtitle"
    elif title_key(entry.title) != title_key(other.title):
        title = "The same title, spelt otherwise"
    elif entry.title != other.title:
        same_letters = _letters(entry.title) == _letters(other.title)
        title += " up to case and punctuation" if same_letters else " up to case, accents and punctuation"
    if likeness.shared_words is None and likeness.authors:
        return f"{title}, and both print the {_names(likeness.authors)}; an abstract is missing."
    if likeness.shared_words is None:
        which = "one listing prints no" if entry.abstract or other.abstract else "neither listing prints an"
        return f"{title}, and {which} abstract."
    if likeness.authors:
        return f"{title}, and both print the {_names(likeness.authors)}; the abstracts differ."
    if entry.abstract == other.abstract:
        return f"{title}, and the same abstract."
    return f"{title}; {round(100 * likeness.shared_words)} % of the words of the abstracts are shared."


def _letters(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))


def _names(names: Sequence[str]) -> str:
    said = [*names[:_NAMES_SAID], *([f"{len(names) - _NAMES_SAID} more"] if len(names) > _NAMES_SAID else [])]
    if len(said) == 1:
        return f"author {said[0]}"
    return f"authors {', '.join(said[:-1])} and {said[-1]}"


def _cluster_of(connection: Connection, listing_sha256: str, line: int) -> str:
    entry = tables.entries.c
    mine = select(entry.cluster).where(entry.listing_sha256 == listing_sha256, entry.line == line)
    cluster: str | None = connection.scalar(mine)
    if cluster is None or (listing_sha256, line) in removed_in(connection, [cluster]):
        raise NotInLibrary(f"The library has no entry at line {line} of listing {listing_sha256[:12]!r}.")
    return cluster


def _group_of(connection: Connection, cluster: str, entry: EntryKey) -> _Group:
    printed = {one.place: one for one in printed_in(connection, [cluster])}
    groups = same_papers([(one.place, one.entry) for one in printed.values()])
    group = next(group for group in groups if any(place.key == entry for place, _ in group))
    removed, apart = removed_in(connection, [cluster]), apart_in(connection, [cluster])
    return _Group([printed[place] for place, _ in group], removed, apart)


def _paper_with(connection: Connection, cluster: str, entry: EntryKey) -> str:
    """Return the id of the paper that an entry is in."""
    rows = connection.execute(tables.selected_papers.where(tables.papers.c.cluster == cluster))
    papers = map(tables.paper_of, rows)
    return next(paper.paper_id for paper in papers if any(place.key == entry for place in paper.entries))
