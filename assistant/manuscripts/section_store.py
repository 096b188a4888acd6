"""Sections that were made, kept in the library's catalogue with all their versions."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from assistant.manuscripts.sections import Section
from vectorstore.catalogue.removals import forgotten_of
from vectorstore.catalogue.seals import create_sealed, sound, verified
from vectorstore.catalogue.tables import chunks
from vectorstore.errors import HistoryError
from vectorstore.listings.values import storable

schema = MetaData()
_sections = Table(
    "kept_sections",
    schema,
    Column("number", Integer, primary_key=True),  # in the order in which they were begun
    Column("id", String(16), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
)
_versions = Table(
    "section_versions",
    schema,
    Column("number", Integer, primary_key=True),  # in the order in which they were made
    Column("id", String(16), nullable=False, unique=True),
    Column("section_id", ForeignKey("kept_sections.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("made", DateTime, nullable=False),  # UTC
    Column("section", Text, nullable=False),  # JSON
)


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A kept section in the list of all; it `changed` when its last version was made."""

    id: str
    name: str
    changed: datetime  # UTC
    versions: int


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """One version of a kept section, the `number`th of `of`, counted from 1."""

    id: str  # of the section
    name: str
    number: int
    of: int
    section: Section


class KeptSections:
    """The kept sections of one library. Every method is one transaction; threads may share it."""

    def __init__(self, engine: Engine) -> None:
        """Take those in a catalogue's database, creating their tables if need be."""
        self._engine = engine
        with engine.begin() as connection:
            create_sealed(connection, schema)

    def purge(self) -> None:
        """Remove what was deleted for good."""
        with self._engine.begin() as connection:
            connection.execute(delete(_sections).where(_sections.c.deleted))

    def keep(self, section: Section, section_id: str = "") -> str:
        """Keep a section as a new version of the one with this id, or else as one of its own; return the id.

        Raises HistoryError if it cites a paper that was deleted for good since.
        """
        record = storable(_adapter().dump_json(section).decode())
        now = datetime.now(UTC).replace(tzinfo=None)
        with self._engine.begin() as connection:
            mine = _sections.c.id == section_id
            if not connection.execute(update(_sections).where(mine).values(deleted=False)).rowcount:
                section_id = secrets.token_hex(8)
                name = storable(" ".join(section.about.split()))
                connection.execute(insert(_sections).values(id=section_id, name=name, deleted=False))
            version = {"id": secrets.token_hex(8), "section_id": section_id, "made": now, "section": record}
            connection.execute(insert(_versions).values(version))
            # Now that the database is written nobody else forgets anything until this is over.
            if forgotten_of(connection, section.paper_ids):
                raise HistoryError("A paper that this text cites was deleted for good meanwhile; write the text anew.")
        return section_id

    def all(self, *, deleted: bool = False) -> list[KeptLine]:
        """Return what is kept, or what was `deleted` and can be taken back, the one changed last first."""
        last = func.max(_versions.c.number)
        statement = (
            select(_sections.c.id, _sections.c.name, func.max(_versions.c.made), func.count())
            .join(_versions)
            .where(_sections.c.deleted.is_(deleted))
            .group_by(_sections.c.id, _sections.c.name)
            .order_by(last.desc())
        )
        with self._engine.connect() as connection:
            return [
                KeptLine(row[0], row[1], row[2].replace(tzinfo=UTC), row[3]) for row in connection.execute(statement)
            ]

    def version(self, section_id: str, number: int | None = None) -> KeptVersion | None:
        """Return a version, the last without a `number`; None if there is none, or none that can be read any more."""
        mine = _versions.c.section_id == section_id
        whole = select(_versions, sound(*_versions.c).label("sound")).where(mine).order_by(_versions.c.number)
        with self._engine.connect() as connection:
            name = connection.scalar(select(_sections.c.name).where(_sections.c.id == section_id))
            versions = connection.scalar(select(func.count()).where(mine)) or 0
            number = versions if number is None else number
            if name is None or not 1 <= number <= versions:
                return None
            row = connection.execute(whole.limit(1).offset(number - 1)).one()
        section = _read(verified(row, "a kept section").section)
        return KeptVersion(section_id, name, number, versions, section) if section else None

    def delete(self, section_id: str, deleted: bool = True) -> None:
        """Take a section out of the list, or back into it; `purge` removes it."""
        with self._engine.begin() as connection:
            connection.execute(update(_sections).where(_sections.c.id == section_id).values(deleted=deleted))

    def withdraw(self, paper_ids: Collection[str]) -> None:
        """Delete every version that cites one of these papers; others do not name it any more as left out."""
        gone = frozenset(paper_ids)
        with self._engine.begin() as connection:
            for chunk in chunks(sorted(gone)):
                of_them = or_(*(_versions.c.section.contains(paper_id) for paper_id in chunk))
                for row in connection.execute(select(_versions).where(of_them)).all():
                    mine = _versions.c.number == row.number
                    section = _read(row.section)
                    if section is None or gone.intersection(section.paper_ids):
                        connection.execute(delete(_versions).where(mine))
                        continue
                    left = tuple(one for one in section.left_out if one.paper_id not in gone)
                    record = _adapter().dump_json(replace(section, left_out=left)).decode()
                    connection.execute(update(_versions).where(mine).values(section=record))
            without = ~exists().where(_versions.c.section_id == _sections.c.id)
            connection.execute(delete(_sections).where(without))


def _read(record: str) -> Section | None:
    """Return a section as it was kept, or None if it is none that this version can read."""
    try:
        return _adapter().validate_json(record)
    except ValidationError:
        return None


@cache
def _adapter() -> TypeAdapter[Section]:
    return TypeAdapter(Section)
