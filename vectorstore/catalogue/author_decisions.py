"""The user's decisions on who is who, and the people of the papers as they are after them.

The people of a paper are what the listings print, with all decisions applied in their order. So a decision outlives
any ingest, and undoing it leaves no trace.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import Column, Date, Integer, String, Table, Text, delete, insert, select, update
from sqlalchemy.engine import Connection

from vectorstore.catalogue import tables
from vectorstore.catalogue.seals import insert_sealed, sound, verified
from vectorstore.catalogue.tables import chunks
from vectorstore.papers.paper import Paper
from vectorstore.text.folding import folded

decisions = Table(
    "author_decisions",
    tables.schema,
    Column("number", Integer, primary_key=True),
    Column("kind", String(5), nullable=False),
    Column("made", Date, nullable=False),
    Column("name", Text, nullable=False),
    Column("names", Text, nullable=False),
    Column("papers", Text, nullable=False),
)
# Derived from the decisions: the people that a name stands for, where they are not those of that printed name.
called = Table(
    "author_aliases",
    tables.schema,
    Column("folded_name", Text, primary_key=True),
    Column("person", Text, primary_key=True),  # folded
    Column("name", Text, nullable=False),
)


class Kind(StrEnum):
    SPLIT = "split"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the user decided: that `name` is the two people `names`, or that the author `names` is `name`, too.

    `papers` are those of each of the two when they were split, by id. A paper that came later is the second's if its
    co-authors are on papers of the second and on none of the first; else it is the first's.
    """

    number: int
    kind: Kind
    made: date
    name: str
    names: tuple[str, ...]
    papers: tuple[tuple[str, ...], ...] = ()

    @property
    def keys(self) -> set[str]:
        return {folded(name) for name in (self.name, *self.names)}


@dataclass(frozen=True, slots=True)
class PersonOnPaper:
    """One author of a paper. `key` is the same on all of the person's papers, `name` as it is printed on this one,
    or as the person is called since a decision. Not `printed`: known as the owner of a page alone."""

    paper_id: str
    key: str
    name: str
    printed: bool


def decided(connection: Connection, decision: Decision) -> Decision:
    """Store a decision and apply it; return it with its number."""
    names, papers = (json.dumps(value, ensure_ascii=False) for value in (decision.names, decision.papers))
    stored = connection.execute(
        insert(decisions).values(
            kind=decision.kind.value, made=decision.made, name=decision.name, names=names, papers=papers
        )
    )
    renew(connection)
    number = stored.inserted_primary_key
    return replace(decision, number=number[0] if number else 0)


def decisions_in(connection: Connection) -> Iterator[Decision]:
    columns = select(decisions, sound(*decisions.c).label("sound"))
    for row in connection.execute(columns.order_by(decisions.c.number)):
        verified(row, "a decision on an author")
        papers = tuple(tuple(ids) for ids in json.loads(row.papers))
        yield Decision(row.number, Kind(row.kind), row.made, row.name, tuple(json.loads(row.names)), papers)


def papers_with(connection: Connection, keys: Iterable[str]) -> list[str]:
    """Return the ids of the papers by any of some people; a paper by two of them comes twice."""
    columns = select(tables.people.c.paper_id)
    return [
        paper_id
        for chunk in chunks(sorted(keys))
        for paper_id in connection.scalars(columns.where(tables.people.c.folded_name.in_(chunk)))
    ]


def people_with(connection: Connection, paper_ids: Collection[str]) -> Iterator[PersonOnPaper]:
    people = select(tables.people).order_by(tables.people.c.paper_id, tables.people.c.folded_name)
    for chunk in chunks(sorted(paper_ids)):
        for row in connection.execute(people.where(tables.people.c.paper_id.in_(chunk))):
            yield PersonOnPaper(row.paper_id, row.folded_name, row.name, row.printed)


def keep_papers(connection: Connection, moved: Mapping[str, str]) -> None:
    """Let decisions on papers hold under their new ids; `moved` has these by the old ones."""
    if not moved:
        return
    for row in connection.execute(select(decisions.c.number, decisions.c.papers)).all():
        then = json.loads(row.papers)
        now = [[moved.get(paper_id, paper_id) for paper_id in ids] for ids in then]
        if now != then:
            connection.execute(update(decisions).where(decisions.c.number == row.number).values(papers=json.dumps(now)))


def renew(connection: Connection, keys: Iterable[str] = ()) -> None:
    """Apply the decisions to what the listings print, after papers, or decisions with the people `keys`, changed."""
    made = list(decisions_in(connection))
    ids = sorted(set(papers_with(connection, {key for decision in made for key in decision.keys}.union(keys))))
    people = {
        row.paper_id: _printed_on(tables.paper_of(row))
        for chunk in chunks(ids)
        for row in connection.execute(tables.selected_papers.where(tables.papers.c.paper_id.in_(chunk)))
    }
    printed = {paper_id: frozenset(names) for paper_id, names in people.items()}
    for decision in made:
        _apply(decision, people, printed)
    for chunk in chunks(ids):
        connection.execute(delete(tables.people).where(tables.people.c.paper_id.in_(chunk)))
    rows = [
        {"paper_id": one.paper_id, "folded_name": key, "name": one.name, "printed": one.printed}
        for names in people.values()
        for key, one in names.items()
    ]
    insert_sealed(connection, tables.people, rows)
    if made or keys:
        connection.execute(delete(called))
    if made:
        connection.execute(insert(called), list(_aliases(made)))


# -- what decisions mean

_People = dict[str, PersonOnPaper]  # of one paper, by key


def _printed_on(paper: Paper) -> _People:
    return {
        row["folded_name"]: PersonOnPaper(paper.paper_id, row["folded_name"], row["name"], row["printed"])
        for row in tables.people_rows(paper)
    }


def _apply(decision: Decision, people: Mapping[str, _People], printed: Mapping[str, frozenset[str]]) -> None:
    """Rename the author of each paper that a decision is about; `printed` are the names on each paper, folded."""
    if decision.kind is Kind.MERGE:
        for names in people.values():
            _rename(names, folded(decision.names[0]), decision.name)
        return
    first, second = map(frozenset, decision.papers)
    names_on = [frozenset[str]().union(*(printed.get(paper_id, ()) for paper_id in ids)) for ids in (first, second)]
    of_first, of_second = names_on[0] - names_on[1], names_on[1] - names_on[0]
    for paper_id, names in people.items():
        came_later = paper_id not in first | second
        told_apart = bool(printed[paper_id] & of_second) and not printed[paper_id] & of_first
        is_second = paper_id in second or (came_later and told_apart)
        _rename(names, folded(decision.name), decision.names[is_second])


def _rename(names: _People, key: str, name: str) -> None:
    if one := names.pop(key, None):
        same = names.get(folded(name))
        printed = one.printed or (same is not None and same.printed)
        names[folded(name)] = replace(one, key=folded(name), name=name, printed=printed)


def _aliases(made: Sequence[Decision]) -> Iterator[dict[str, str]]:
    """Yield the rows of `called`. What a decision made of a name, a later one may have changed."""
    became: dict[str, tuple[str, ...]] = {}
    for decision in made:
        if decision.kind is Kind.SPLIT:
            became[folded(decision.name)] = decision.names
        else:
            became[folded(decision.names[0])] = (decision.name,)

    def people(name: str) -> list[str]:
        later = became.get(folded(name))
        return [name] if later is None else [one for other in later for one in people(other)]

    for key, names in became.items():
        for name in sorted({one for other in names for one in people(other)}):
            yield {"folded_name": key, "person": folded(name), "name": name}


def related(made: Sequence[Decision], key: str) -> list[Decision]:
    """Return the decisions that have to do with a name, directly or by way of others."""
    keys, found = {key}, set[int]()
    while more := {one.number for one in made if one.keys & keys} - found:
        found |= more
        keys = keys.union(*(one.keys for one in made if one.number in found))
    return [one for one in made if one.number in found]
