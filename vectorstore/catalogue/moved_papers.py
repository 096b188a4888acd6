"""The ids that papers had before: a longer title was read, or two papers turned out to be one.

What names papers by their ids and is not made anew with them, such as the limits of a conversation, finds them by it.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import Column, String, Table, delete, insert, select, update
from sqlalchemy.engine import Connection

from vectorstore.catalogue import tables
from vectorstore.catalogue.seals import sound, verified
from vectorstore.catalogue.tables import chunks

moved_papers = Table(
    "moved_papers",
    tables.schema,
    Column("paper_id", String(12), primary_key=True),  # that no paper has now
    Column("new_id", String(12), nullable=False, index=True),
)


def note_moved(connection: Connection, moved: Mapping[str, str], there: Collection[str]) -> None:
    """Note the new ids of papers by the old ones; those that are `there` are papers' own, whatever was noted before."""
    for chunk in chunks(sorted({*there, *moved})):
        connection.execute(delete(moved_papers).where(moved_papers.c.paper_id.in_(chunk)))
    for old, new in moved.items():
        connection.execute(update(moved_papers).where(moved_papers.c.new_id == old).values(new_id=new))
        connection.execute(insert(moved_papers).values(paper_id=old, new_id=new))


def moved_in(connection: Connection, paper_ids: Collection[str]) -> dict[str, str]:
    """Return the new ids of those of the papers that have one, by the old ones."""
    columns = select(moved_papers, sound(*moved_papers.c).label("sound"))
    return {
        row.paper_id: row.new_id
        for chunk in chunks(sorted(set(paper_ids)))
        for row in connection.execute(columns.where(moved_papers.c.paper_id.in_(chunk)))
        if verified(row, "the former id of a paper")
    }


def former_in(connection: Connection, paper_ids: Collection[str]) -> set[str]:
    """Return the ids that papers had before."""
    former = select(moved_papers.c.paper_id)
    return {
        paper_id
        for chunk in chunks(sorted(set(paper_ids)))
        for paper_id in connection.scalars(former.where(moved_papers.c.new_id.in_(chunk)))
    }
