"""Which papers were looked up online, where and when: what was asked is not asked again soon."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Column, Date, String, Table, delete, insert, select
from sqlalchemy.engine import Engine

from vectorstore.catalogue import tables
from vectorstore.catalogue.tables import chunks

lookups = Table(
    "lookups",
    tables.schema,
    Column("paper_id", String(12), primary_key=True),
    Column("service", String(20), primary_key=True),
    Column("made", Date, nullable=False),
)


class Lookups:
    """What one catalogue knows of earlier lookups. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def since(self, service: str, day: date) -> set[str]:
        """Return the ids of the papers that a service was asked for on `day` or later."""
        mine = select(lookups.c.paper_id).where(lookups.c.service == service, lookups.c.made >= day)
        with self._engine.connect() as connection:
            return set(connection.scalars(mine))

    def keep(self, service: str, paper_ids: Collection[str], day: date) -> None:
        """Record that a service was asked for these papers."""
        rows = [{"paper_id": paper_id, "service": service, "made": day} for paper_id in sorted(set(paper_ids))]
        with self._engine.begin() as connection:
            for chunk in chunks([row["paper_id"] for row in rows]):  # type: ignore[misc]
                asked = (lookups.c.service == service, lookups.c.paper_id.in_(chunk))
                connection.execute(delete(lookups).where(*asked))
            if rows:
                connection.execute(insert(lookups), rows)
