"""The tables of the conversations, in the catalogue's database; and how a row becomes a record."""

import json
from datetime import UTC
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    func,
    or_,
    select,
    true,
)

from assistant.answering.answer_json import read_stored
from assistant.conversations.limits import Limits
from assistant.conversations.records import ConversationLine, StoredExchange
from vectorstore.catalogue.seals import sound, verified
from vectorstore.listings.values import storable
from vectorstore.text.folding import folded

schema = MetaData()
conversations = Table(
    "conversations",
    schema,
    Column("number", Integer, primary_key=True),  # in the order in which they were begun
    Column("id", String(16), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("renamed", Boolean, nullable=False),  # by the user: then its first question does not name it
    Column("pinned", Boolean, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("changed", DateTime, nullable=False),  # UTC
    Column("limits", Text, nullable=False),
    Column("words", Text, nullable=False),  # derived: each word of its title and texts once, as they are compared
)
exchanges = Table(
    "exchanges",
    schema,
    Column("number", Integer, primary_key=True),  # in the order in which they were asked
    Column("id", String(16), nullable=False, unique=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("problem", Text, nullable=False),
    Column("stopped", Boolean, nullable=False),
    Column("rating", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked", DateTime, nullable=False),  # UTC
    Column("model", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("answer", Text),  # JSON
)
# An exchange that took another one's place is a version of it. What has no versions has no row here.
versions = Table(
    "versions",
    schema,
    Column("number", Integer, primary_key=True),
    Column("exchange_id", ForeignKey("exchanges.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("place", Integer, nullable=False, index=True),  # the number of the first of the versions
    Column("shown", Boolean, nullable=False),
)
selected_exchanges = select(exchanges, sound(*exchanges.c).label("sound"))
place = func.coalesce(versions.c.place, exchanges.c.number)  # of an exchange in its conversation
with_versions = exchanges.outerjoin(versions, versions.c.exchange_id == exchanges.c.id)
is_shown = func.coalesce(versions.c.shown, true())
is_over = or_(exchanges.c.answer.is_not(None), exchanges.c.problem != "", exchanges.c.stopped)


def limits_row(limits: Limits) -> str:
    return storable(json.dumps(limits.record(), ensure_ascii=False))


def limits_of(row: str) -> Limits:
    return Limits.of(json.loads(row))


def line_of(row: Row[Any]) -> ConversationLine:
    fields = dict(verified(row, "a conversation")._mapping)
    del fields["sound"]
    return ConversationLine(**{**fields, "changed": row.changed.replace(tzinfo=UTC)})


def exchange_of(row: Row[Any], versions: tuple[str, ...] = ()) -> StoredExchange:
    fields = dict(verified(row, "a question or its answer")._mapping)
    del fields["number"], fields["sound"]
    answer = read_stored(row.answer) if row.answer else None
    asked = row.asked.replace(tzinfo=UTC)
    return StoredExchange(**{**fields, "answer": answer, "asked": asked, "versions": versions})


def words_of(*texts: str) -> str:
    """Return each word of the texts once, in the form in which words are compared."""
    return " ".join(sorted({word for text in texts for word in folded(text).split()}))
