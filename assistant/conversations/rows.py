"""What is written to the tables of the conversations: each function is a part of a transaction."""

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, true, update
from sqlalchemy.engine import Connection

from assistant.conversations.limits import Limits
from assistant.conversations.tables import (
    conversations,
    exchanges,
    is_shown,
    limits_row,
    versions,
    with_versions,
    words_of,
)
from assistant.conversations.tables import place as in_place
from vectorstore.errors import HistoryError

_LONGEST_TITLE = 60  # characters, of a conversation that its first question names
_UNANSWERED = {"text": "", "answer": None, "problem": "", "stopped": False, "rating": 0, "reason": ""}
_NUMBERED = re.compile(r" \(\d+\)\Z")


def begun(connection: Connection, limits: Limits) -> str:
    """Add a conversation and return its id."""
    conversation_id = _token()
    row = {"title": "", "renamed": False, "pinned": False, "deleted": False, "words": "", "limits": limits_row(limits)}
    connection.execute(insert(conversations).values(id=conversation_id, changed=_now(), **row))
    return conversation_id


def asked(connection: Connection, conversation_id: str, *, before: str = "", **question: Any) -> str:
    """Add an exchange that has no answer yet and return its id; it takes the place of the one `before` it, if that is
    named. Raises HistoryError if its conversation was deleted."""
    exchange_id, now = _token(), _now()
    change(connection, conversation_id, {"changed": now}, only=conversations.c.deleted.is_(False))
    row = {"id": exchange_id, "conversation_id": conversation_id, "asked": now, **_UNANSWERED, **question}
    connection.execute(insert(exchanges).values(row))
    if before:
        _add_version(connection, exchange_id, before)
    if connection.scalar(_of(conversation_id, func.count())) == 1:
        name(connection, conversation_id)
    index(connection, conversation_id)
    return exchange_id


def _add_version(connection: Connection, exchange_id: str, before: str) -> None:
    """Put an exchange into the place of another one, which stays as an earlier version of it."""
    _, of_before = place(connection, before)
    there = connection.scalar(select(func.count()).where(versions.c.exchange_id == before))
    shown = [exchange_id] if there else [before, exchange_id]
    connection.execute(insert(versions), [{"exchange_id": one, "place": of_before, "shown": True} for one in shown])
    show(connection, exchange_id)


def show(connection: Connection, exchange_id: str) -> str:
    """Show an exchange in the place of its other versions; return its conversation. Raises HistoryError if it is
    gone."""
    conversation_id, number = place(connection, exchange_id)
    is_it = versions.c.exchange_id == exchange_id
    connection.execute(update(versions).where(versions.c.place == number).values(shown=is_it))
    return conversation_id


def version_groups(connection: Connection, conversation_id: str) -> dict[str, tuple[str, ...]]:
    """Return the versions of each exchange of a conversation that has more than itself, oldest first."""
    placed = select(versions.c.place, exchanges.c.id).join_from(versions, exchanges).order_by(exchanges.c.number)
    rows = connection.execute(placed.where(exchanges.c.conversation_id == conversation_id)).all()
    groups = {place: tuple(one.id for one in rows if one.place == place) for place in {row.place for row in rows}}
    return {exchange_id: group for group in groups.values() for exchange_id in group if len(group) > 1}


def change(
    connection: Connection, conversation_id: str, values: Mapping[str, Any], *, only: ColumnElement[bool] | None = None
) -> None:
    """Change a conversation, `only` if it meets that. Raises HistoryError if there is none such."""
    chosen = (conversations.c.id == conversation_id, true() if only is None else only)
    if not connection.execute(update(conversations).where(*chosen).values(values)).rowcount:
        raise HistoryError("This conversation was deleted; take it back, or begin another.")


def name(connection: Connection, conversation_id: str) -> None:
    """Title a conversation by its first question, unless it was renamed."""
    questions = _of(conversation_id, exchanges.c.question).order_by(in_place).limit(1)
    title = _title(connection.scalar(questions) or "")
    chosen = (conversations.c.id == conversation_id, conversations.c.renamed.is_(False))
    connection.execute(update(conversations).where(*chosen).values(title=title))


def index(connection: Connection, conversation_id: str) -> None:
    """Make a conversation be found by the words that it has now."""
    mine = conversations.c.id == conversation_id
    titles = connection.scalars(select(conversations.c.title).where(mine))
    texts = connection.execute(_of(conversation_id, exchanges.c.question, exchanges.c.text))
    words = words_of(*titles, *(part for row in texts for part in row))
    connection.execute(update(conversations).where(mine).values(words=words))


def place(connection: Connection, exchange_id: str) -> tuple[str, int]:
    """Return the conversation of an exchange, and its place there. Raises HistoryError if it is gone."""
    columns = select(exchanges.c.conversation_id, in_place.label("place")).select_from(with_versions)
    row = connection.execute(columns.where(exchanges.c.id == exchange_id)).first()
    if row is None:
        raise HistoryError("This question is no longer in its conversation; ask it again.")
    return row.conversation_id, row.place


def copied(connection: Connection, conversation_id: str, number: int) -> str:
    """Add a conversation that is a copy of another one, as it is shown, up to a place; return its id."""
    source = connection.execute(select(conversations).where(conversations.c.id == conversation_id)).one()
    copy_id = _token()
    own = {"id": copy_id, "title": _numbered(connection, source.title), "pinned": False, "deleted": False}
    row = {**source._mapping, **own, "changed": _now()}
    del row["number"]
    connection.execute(insert(conversations).values(row))
    before = _of(conversation_id, exchanges).where(in_place < number).order_by(in_place)
    for exchange in connection.execute(before).all():
        values = {**exchange._mapping, "id": _token(), "conversation_id": copy_id}
        del values["number"]
        connection.execute(insert(exchanges).values(values))
    index(connection, copy_id)
    return copy_id


def stop_unfinished(connection: Connection) -> None:
    """Mark as stopped what has neither an answer nor a problem: the program ended while it was answered."""
    of_them = (exchanges.c.answer.is_(None), exchanges.c.problem == "", exchanges.c.stopped.is_(False))
    where = connection.scalars(select(exchanges.c.conversation_id).where(*of_them).distinct()).all()
    connection.execute(update(exchanges).where(*of_them).values(stopped=True))
    for conversation_id in where:
        index(connection, conversation_id)  # with what had been written


def adopt_orphans(connection: Connection) -> int:
    """Give the exchanges whose conversation is lost a new one each of its id, named after the first of its questions;
    make all be found by their words. Return how many conversations are new."""
    lost = select(exchanges.c.conversation_id).where(exchanges.c.conversation_id.not_in(select(conversations.c.id)))
    latest = func.max(exchanges.c.asked)
    orphans = connection.execute(lost.add_columns(latest).group_by(exchanges.c.conversation_id)).all()
    for conversation_id, asked_last in orphans:
        row = {"id": conversation_id, "title": "", "words": "", "limits": limits_row(Limits()), "changed": asked_last}
        flags = dict.fromkeys(("renamed", "pinned", "deleted"), False)
        connection.execute(insert(conversations).values(**row, **flags))
        name(connection, conversation_id)
    for conversation_id in connection.scalars(select(conversations.c.id)).all():
        index(connection, conversation_id)
    return len(orphans)


def _of(conversation_id: str, *columns: Any) -> Any:
    """Return the statement that selects columns of the exchanges that a conversation shows."""
    return select(*columns).select_from(with_versions).where(exchanges.c.conversation_id == conversation_id, is_shown)


def _title(question: str) -> str:
    line = " ".join("".join(one if one.isprintable() else " " for one in question).split())
    if len(line) <= _LONGEST_TITLE:
        return line
    cut = line[:_LONGEST_TITLE]
    return (cut.rpartition(" ")[0] or cut[:-1]).rstrip(" ,;:–-") + "…"


def _numbered(connection: Connection, title: str) -> str:
    """Return a title with the first number that no other conversation of this title has: "Rainbow Padding (2)"."""
    base = _NUMBERED.sub("", title)
    taken = set(
        connection.scalars(select(conversations.c.title).where(conversations.c.title.startswith(base, autoescape=True)))
    )
    return next(numbered for number in count(2) if (numbered := f"{base} ({number})") not in taken)


def _token() -> str:
    return secrets.token_hex(8)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
