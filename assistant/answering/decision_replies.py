"""A decision on who is who, told in the chat -> made, and said with how to undo it."""

from collections.abc import Iterator

from assistant.facts.author_record import explained
from assistant.facts.catalogue_answers import Line
from assistant.facts.replies import Reply, computed, said
from assistant.facts.who_is_who import merge_authors, split_author, undo_decision
from assistant.records import Abstention
from assistant.planning.decisions_asked import DecisionAsked
from assistant.planning.people import People
from vectorstore.decisions import Decision, Kind
from vectorstore.errors import AuthorError
from vectorstore.library import Library


def decision_reply(asked: DecisionAsked, library: Library, people: People) -> Iterator[str | Reply]:
    """Make a decision, or undo one, and yield what was decided; or why it cannot be."""
    try:
        decision = _made(asked, library, people)
    except AuthorError as error:
        yield from said(str(error), why=Abstention.UNCLEAR)
        return
    if asked.kind is None:
        yield from computed([Line(f"Undone: {explained(decision)}")])
        return
    yield from computed([Line(f"{explained(decision)} Every later answer keeps to it; say “undo” to take it back.")])


def _made(asked: DecisionAsked, library: Library, people: People) -> Decision:
    if asked.kind is None:
        return undo_decision(asked.names[0] if asked.names else None, library, people)
    if asked.kind is Kind.MERGE:
        return merge_authors(asked.names[0], asked.names[1], library, people)
    return split_author(asked.names[0], asked.paper_ids, library, people)
