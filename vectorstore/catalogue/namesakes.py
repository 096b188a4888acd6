"""Namesakes: two people of one printed name kept apart, or two printed names of one person put together."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Connection, Engine

from vectorstore.catalogue import tables
from vectorstore.catalogue.author_decisions import (
    Decision,
    Kind,
    PersonOnPaper,
    called,
    decided,
    decisions,
    decisions_in,
    papers_with,
    people_with,
    related,
    renew,
)
from vectorstore.catalogue.tables import chunks
from vectorstore.errors import AuthorError
from vectorstore.text.folding import folded

_LONGEST_LABEL = 40  # characters of a co-author's name or a category that can tell namesakes apart


class Namesakes:
    """The decisions of one catalogue. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def decisions(self, name: str | None = None) -> list[Decision]:
        """Return all decisions, or those that `name` comes from or led to, in the order in which they were made."""
        with self._engine.connect() as connection:
            made = list(decisions_in(connection))
        return made if name is None else related(made, folded(name))

    def called(self) -> dict[str, tuple[str, ...]]:
        """Return whom a folded name stands for since a decision: several for one that was split."""
        people: dict[str, tuple[str, ...]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(select(called).order_by(called.c.folded_name, called.c.name)):
                people[row.folded_name] = (*people.get(row.folded_name, ()), row.name)
        return people

    def people_on(self, paper_ids: Collection[str]) -> list[PersonOnPaper]:
        """Return the authors of papers, sorted by paper and key."""
        with self._engine.connect() as connection:
            return list(people_with(connection, paper_ids))

    def papers_of(self, keys: Collection[str], *, at_most: int) -> dict[str, list[str]]:
        """Return the ids of the papers of each person, without people who have more than `at_most`."""
        papers: dict[str, list[str]] = {}
        columns = select(tables.people.c.folded_name, tables.people.c.paper_id)
        with self._engine.connect() as connection:
            for chunk in chunks(sorted(keys)):
                for row in connection.execute(columns.where(tables.people.c.folded_name.in_(chunk))):
                    papers.setdefault(row.folded_name, []).append(row.paper_id)
        return {key: ids for key, ids in papers.items() if len(ids) <= at_most}

    def most_papers(self, top_k: int) -> list[str]:
        """Return those with the most papers, the most first, each by the most frequent spelling."""
        key, name = tables.people.c.folded_name, tables.people.c.name
        most = select(key).group_by(key).order_by(func.count().desc(), key).limit(top_k)
        with self._engine.connect() as connection:
            keys = list(connection.scalars(most))
            spellings = select(key, name).where(key.in_(keys)).group_by(key, name).order_by(func.count(), name.desc())
            names = {row.folded_name: row.name for row in connection.execute(spellings)}
        return [names[one] for one in keys]

    def split(self, name: str, paper_ids: Iterable[str], *, today: date | None = None) -> Decision:
        """Decide that the papers `paper_ids` of the person called `name` are another one's.

        Raises AuthorError if some are not theirs, or if none is left.
        """
        with self._engine.begin() as connection:
            theirs = set(papers_with(connection, [folded(name)]))
            taken = set(paper_ids)
            if unknown := sorted(taken - theirs):
                raise AuthorError(f"{name} has no paper {unknown[0]!r}; name those that are listed with the author.")
            if not taken or taken == theirs:
                raise AuthorError(f"To split {name}, name some of the {len(theirs)} papers, not none and not all.")
            groups = (tuple(sorted(theirs - taken)), tuple(sorted(taken)))
            names = _labels(connection, name, groups)
            return decided(connection, Decision(0, Kind.SPLIT, today or date.today(), name, names, groups))

    def merge(self, name: str, other: str, *, today: date | None = None) -> Decision:
        """Decide that the person called `other` is the one called `name`.

        Raises AuthorError if one is unknown, if they are one already, or if a paper names both.
        """
        if folded(name) == folded(other):
            raise AuthorError(f"{name} and {other} are one author already.")
        with self._engine.begin() as connection:
            papers = [_papers_printing(connection, one) for one in (name, other)]
            if both := sorted(papers[0] & papers[1]):
                raise AuthorError(f"Paper {both[0]} names both {name} and {other}, so they are two people.")
            return decided(connection, Decision(0, Kind.MERGE, today or date.today(), name, (other,)))

    def undo(self, name: str) -> Decision:
        """Undo the latest decision that has to do with `name`, and return it. Raises AuthorError if there is none."""
        with self._engine.begin() as connection:
            made = related(list(decisions_in(connection)), folded(name))
            if not made:
                raise AuthorError(f"Nothing was decided about {name}; there is nothing to undo.")
            undone = made[-1]
            connection.execute(delete(decisions).where(decisions.c.number == undone.number))
            renew(connection, undone.keys)
            return undone


def _papers_printing(connection: Connection, name: str) -> set[str]:
    """Return the papers that print a person, and do not know them as the owner of a page alone."""
    papers = papers_with(connection, [folded(name)])
    if not papers:
        raise AuthorError(f"No paper in the library is by {name}; give a name as it is printed.")
    people = people_with(connection, papers)
    return {one.paper_id for one in people if one.key == folded(name) and one.printed}


def _labels(connection: Connection, name: str, groups: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return what the authors of two groups of papers are called: "Bumjun Kim (with Wan Choi)".

    They are told apart by a co-author that the other has not, else by a category, else by number.
    """
    made = list(decisions_in(connection))
    base = name
    while split := next((one for one in made if one.kind is Kind.SPLIT and base in one.names), None):
        base = split.name
    told = [_told_by(connection, folded(name), ids) for ids in groups]
    names: list[str] = []
    for mine, others in (told, reversed(told)):
        theirs = set(others)
        told_apart = [f"{base} ({label})" for label in mine if label not in theirs and len(label) <= _LONGEST_LABEL]
        numbered = (f"{base} ({number})" for number in range(1, len(made) + 100))
        used = {key for one in made for key in one.keys}.union(map(folded, names))
        free = (label for label in (*told_apart, *numbered) if folded(label) not in used)
        names.append(next(label for label in free if not papers_with(connection, [folded(label)])))
    return tuple(names)


def _told_by(connection: Connection, key: str, paper_ids: Sequence[str]) -> list[str]:
    """Return the co-authors on papers, then their categories, the most frequent first."""
    people = Counter(one.name for one in people_with(connection, paper_ids) if one.key != key)
    categories = Counter(
        category
        for chunk in chunks(paper_ids)
        for category in connection.scalars(select(tables.papers.c.category).where(tables.papers.c.paper_id.in_(chunk)))
        if category
    )
    ranked = [sorted(counts, key=lambda one: (-counts[one], one)) for counts in (people, categories)]
    return [f"with {one}" for one in ranked[0]] + ranked[1]
