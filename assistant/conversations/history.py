"""History: the conversations of a library, kept in its catalogue's database.

A question is kept before it is answered, and its answer while it grows, so that a killed process loses neither.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Engine, Label, and_, delete, exists, func, or_, select, update

from assistant.answering.answer_json import stored
from assistant.conversations import rows
from assistant.conversations.limits import Limits
from assistant.conversations.records import ConversationLine, StoredConversation, StoredExchange
from assistant.conversations.tables import (
    conversations,
    exchange_of,
    exchanges,
    is_over,
    is_shown,
    limits_of,
    limits_row,
    line_of,
    place,
    schema,
    selected_exchanges,
    with_versions,
)
from assistant.records import Answer
from vectorstore.catalogue.seals import create_sealed, sound, verified
from vectorstore.catalogue.tables import chunks
from vectorstore.listings.values import storable
from vectorstore.text.folding import folded

_NO_LIMITS = Limits()


class History:
    """The conversations of one library. Every method is one transaction; threads may share it.

    Make one for each library that is opened: it takes what it finds unfinished for cut off by the end of the program.
    """

    def __init__(self, engine: Engine) -> None:
        """Take the history in a catalogue's database (`library.catalogue.engine`), creating its tables if need be."""
        self._engine = engine
        with engine.begin() as connection:
            create_sealed(connection, schema)
            rows.stop_unfinished(connection)
            connection.execute(delete(conversations).where(_is_empty()))

    # -- conversations

    def begin(self, limits: Limits = _NO_LIMITS) -> str:
        """Return the id of a new conversation. It has no title, and is in no list, until something is asked in it."""
        with self._engine.begin() as connection:
            return rows.begun(connection, limits)

    def conversations(self, words: str = "", *, deleted: bool = False) -> list[ConversationLine]:
        """Return the conversations, or those that were deleted and can be taken back; pinned ones first, then those
        changed last.

        With `words` those alone that have each of them, or a longer word with it inside, in their title, a question or
        an answer, whatever its case and accents. One in which nothing was asked is listed if it was renamed or pinned.
        """
        table = conversations.c
        of_it = (exchanges.c.conversation_id == table.id, is_shown)
        count = select(func.count()).select_from(with_versions).where(*of_it).scalar_subquery()
        with_words = [table.words.contains(word) for word in folded(words).split()]
        statement = (
            select(table.id, table.title, table.pinned, table.changed, count.label("exchanges"), _whole())
            .where(table.deleted.is_(deleted), ~_is_empty(), *with_words)
            .order_by(table.pinned.desc(), table.changed.desc(), table.number.desc())
        )
        with self._engine.connect() as connection:
            return [line_of(row) for row in connection.execute(statement)]

    def conversation(self, conversation_id: str) -> StoredConversation | None:
        """Return a conversation, or None if there is none with this id, or it was deleted."""
        shown = selected_exchanges.select_from(with_versions).where(*_shown_in(conversation_id)).order_by(place)
        with self._engine.connect() as connection:
            statement = select(conversations, _whole()).where(_is_there(conversation_id))
            row = connection.execute(statement).first()
            if row is None:
                return None
            verified(row, "a conversation")
            groups = rows.version_groups(connection, conversation_id)
            found = tuple(exchange_of(one, groups.get(one.id, ())) for one in connection.execute(shown))
        return StoredConversation(row.id, row.title, row.pinned, limits_of(row.limits), found)

    def limits(self, conversation_id: str) -> Limits | None:
        """Return the limits of a conversation, or None if there is none with this id, or it was deleted."""
        statement = select(conversations, _whole()).where(_is_there(conversation_id))
        with self._engine.connect() as connection:
            row = connection.execute(statement).first()
            return limits_of(verified(row, "a conversation").limits) if row else None

    def shown_ids(self, conversation_id: str) -> list[str]:
        """Return the ids of the exchanges that a conversation shows, oldest first."""
        ids = select(exchanges.c.id).select_from(with_versions)
        with self._engine.connect() as connection:
            return list(connection.scalars(ids.where(*_shown_in(conversation_id)).order_by(place)))

    def latest(self, conversation_id: str, most: int, *, before: str = "") -> tuple[list[StoredExchange], int]:
        """Return at most `most` of the exchanges that a conversation shows and that are over, oldest first: the last
        ones, or those before another one; and how many are before these.

        A conversation may be long: what is not wanted of it is not read.
        """
        with self._engine.connect() as connection:
            wanted = [*_shown_in(conversation_id), is_over]
            if before:
                number = connection.scalar(select(place).select_from(with_versions).where(exchanges.c.id == before))
                wanted.append(place < (number or 0))  # of one that is gone there is none before
            count = select(func.count()).select_from(with_versions).where(*wanted)
            last = selected_exchanges.select_from(with_versions).where(*wanted).order_by(place.desc()).limit(most)
            groups = rows.version_groups(connection, conversation_id)
            found = [exchange_of(one, groups.get(one.id, ())) for one in connection.execute(last)]
            return found[::-1], (connection.scalar(count) or 0) - len(found)

    def rename(self, conversation_id: str, title: str) -> None:
        """Name a conversation; an empty title names it after its first question again."""
        given = " ".join(storable(title).split())
        with self._engine.begin() as connection:
            rows.change(connection, conversation_id, {"title": given, "renamed": bool(given)})
            rows.name(connection, conversation_id)
            rows.index(connection, conversation_id)

    def pin(self, conversation_id: str, pinned: bool) -> None:
        with self._engine.begin() as connection:
            rows.change(connection, conversation_id, {"pinned": pinned})

    def limit(self, conversation_id: str, limits: Limits) -> None:
        """Limit what is asked from now on; the answers that are there stay as they are."""
        with self._engine.begin() as connection:
            rows.change(connection, conversation_id, {"limits": limits_row(limits)})

    def delete(self, conversation_id: str) -> None:
        """Take a conversation out of every list. Until it is forgotten it can be taken back."""
        with self._engine.begin() as connection:
            rows.change(connection, conversation_id, {"deleted": True})

    def undelete(self, conversation_id: str) -> None:
        with self._engine.begin() as connection:
            rows.change(connection, conversation_id, {"deleted": False})

    def forget(self, conversation_id: str) -> None:
        """Make the deletion of a conversation final."""
        mine = (conversations.c.id == conversation_id, conversations.c.deleted)
        with self._engine.begin() as connection:
            connection.execute(delete(conversations).where(*mine))

    # -- exchanges

    def ask(self, conversation_id: str, question: str, model: str, *, before: str = "") -> str:
        """Keep a question that is about to be answered by `model`; return the id of its exchange.

        It takes the place of the exchange `before` it, if that is named; that stays as an earlier version.
        """
        with self._engine.begin() as connection:
            given = {"question": storable(question), "model": storable(model)}
            return rows.asked(connection, conversation_id, before=before, **given)

    def show(self, exchange_id: str) -> None:
        """Let an exchange stand in the place that it has had before, or has, among its versions."""
        with self._engine.begin() as connection:
            rows.index(connection, rows.show(connection, exchange_id))

    def exchange(self, exchange_id: str) -> StoredExchange | None:
        """Return an exchange, or None if it is gone, or its conversation was deleted."""
        found = (exchanges.c.conversation_id == conversations.c.id, conversations.c.deleted.is_(False))
        with self._engine.connect() as connection:
            row = connection.execute(selected_exchanges.where(exchanges.c.id == exchange_id, *found)).first()
            if row is None:
                return None
            return exchange_of(row, rows.version_groups(connection, row.conversation_id).get(exchange_id, ()))

    def keep(self, exchange_id: str, *, text: str, answer: Answer | None, problem: str, stopped: bool) -> None:
        """Keep what there is of an answer so far. What belongs to an exchange that is gone is gone with it."""
        values = {"text": storable(text), "problem": storable(problem), "stopped": stopped}
        values |= {"answer": stored(answer) if answer else None}
        with self._engine.begin() as connection:
            is_there = connection.execute(
                update(exchanges).where(exchanges.c.id == exchange_id).values(values)
            ).rowcount
            if is_there and (answer or problem or stopped):  # what still grows is not searched
                rows.index(connection, rows.place(connection, exchange_id)[0])

    def withdraw(self, paper_ids: Collection[str], problem: str) -> None:
        """Put `problem` in the place of every answer that says something of one of these papers, and of every text
        without an answer: what it was to rest on is not known."""
        withdrawn = {"text": "", "answer": None, "problem": problem, "stopped": False}
        with self._engine.begin() as connection:
            for chunk in chunks(sorted(paper_ids)):
                unfinished = and_(exchanges.c.answer.is_(None), exchanges.c.text != "")
                of_them = or_(unfinished, *(exchanges.c.answer.contains(paper_id) for paper_id in chunk))
                where = connection.scalars(select(exchanges.c.conversation_id).where(of_them).distinct()).all()
                connection.execute(update(exchanges).where(of_them).values(withdrawn))
                for conversation_id in where:
                    rows.index(connection, conversation_id)

    def rate(self, exchange_id: str, rating: int, reason: str = "") -> None:
        """Keep what the user thinks of an answer, 1 good, -1 bad, 0 neither, and why. Raises ValueError for others."""
        if rating not in (-1, 0, 1):
            raise ValueError(f"{rating} is no rating; give -1, 0 or 1.")
        with self._engine.begin() as connection:
            rows.place(connection, exchange_id)
            mine = exchanges.c.id == exchange_id
            connection.execute(update(exchanges).where(mine).values(rating=rating, reason=storable(reason)))

    def branch(self, exchange_id: str) -> str:
        """Return the id of a new conversation with copies of the exchanges before this one, and the same limits.

        Its title is that of the first with a number: "Rainbow Padding (2)".
        """
        with self._engine.begin() as connection:
            return rows.copied(connection, *rows.place(connection, exchange_id))


def _is_there(conversation_id: str) -> ColumnElement[bool]:
    return and_(conversations.c.id == conversation_id, conversations.c.deleted.is_(False))


def _shown_in(conversation_id: str) -> tuple[ColumnElement[bool], ...]:
    return exchanges.c.conversation_id == conversation_id, is_shown


def _whole() -> Label[bool]:
    return sound(*conversations.c).label("sound")


def _is_empty() -> ColumnElement[bool]:
    """Say in SQL of a conversation that nothing was asked in it, and that nobody named or pinned it."""
    asked = exists().where(exchanges.c.conversation_id == conversations.c.id)
    return ~(asked | conversations.c.renamed | conversations.c.pinned)
