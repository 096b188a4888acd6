"""A whole conversation -> Markdown and JSON, with its bibliography."""

import json
import re
from collections.abc import Iterator
from typing import Any

from assistant.answering.answer_bibtex import references_bibliography
from assistant.answering.answer_markdown import answer_markdown
from assistant.conversations.limits import Limits
from assistant.conversations.records import StoredConversation, StoredExchange
from assistant.records import Reference
from assistant.text.safe_markdown import safe_markdown
from vectorstore.catalogue.catalogue import Catalogue

_UNTITLED = "Conversation"
STOPPED = "This answer was stopped."


def as_markdown(conversation: StoredConversation, catalogue: Catalogue) -> str:
    """Return the questions and answers, each with its references, and the BibTeX of all at the end.

    Nothing in it loads or runs anything where it is rendered.
    """
    parts = [f"# {safe_markdown(name_of(conversation))}", *map(safe_markdown, facts(conversation))]
    for number, exchange in enumerate(conversation.exchanges, 1):
        parts += [
            f"## Question {number}",
            _quoted(exchange.question),
            *_replied(exchange),
            f"*{safe_markdown(source(exchange))}*",
        ]
    if bibtex := bibliography(conversation, catalogue):
        parts += ["## Bibliography", _fenced(bibtex, "bibtex")]
    return "\n\n".join(parts) + "\n"


def as_json(conversation: StoredConversation, catalogue: Catalogue) -> str:
    return json.dumps(_record(conversation, catalogue), ensure_ascii=False, indent=2) + "\n"


def bibliography(conversation: StoredConversation, catalogue: Catalogue) -> str:
    """Return a .bib of all papers that the answers cite."""
    return references_bibliography(references(conversation), catalogue)


def references(conversation: StoredConversation) -> Iterator[Reference]:
    """Yield the references of all answers, in their order."""
    for exchange in conversation.exchanges:
        yield from exchange.answer.references if exchange.answer else ()


def name_of(conversation: StoredConversation) -> str:
    """Return the title on one line."""
    return " ".join(conversation.title.split()) or _UNTITLED


def facts(conversation: StoredConversation) -> Iterator[str]:
    """Yield when a conversation was held, and what it is limited to, a line each."""
    days = sorted({f"{exchange.asked:%Y-%m-%d}" for exchange in conversation.exchanges})
    if days:
        yield days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    if conversation.limits:
        yield f"Limited to papers {', '.join(_limits(conversation.limits))}."


def source(exchange: StoredExchange) -> str:
    """Return who answered, and when it was asked."""
    return f"{exchange.model}, {exchange.asked:%Y-%m-%d %H:%M} UTC"


def _limits(limits: Limits) -> Iterator[str]:
    if limits.listings:
        yield f"on {' or '.join(limits.listings)}"
    if limits.authors:
        yield f"by {' or '.join(limits.authors)}"
    if limits.since_year is not None:
        yield f"since {limits.since_year}"
    if limits.until_year is not None:
        yield f"until {limits.until_year}"
    if limits.paper_ids:
        yield f"among {len(limits.paper_ids):,} chosen"


def _replied(exchange: StoredExchange) -> Iterator[str]:
    if exchange.answer:
        yield answer_markdown(exchange.answer)
        return
    if exchange.text:
        yield safe_markdown(exchange.text)
    if exchange.problem:
        yield safe_markdown(exchange.problem)
    elif exchange.stopped:
        yield STOPPED


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in safe_markdown(text).split("\n"))


def _fenced(text: str, language: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _record(conversation: StoredConversation, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "title": conversation.title,
        "limits": conversation.limits.record(),
        "exchanges": [_exchange_record(exchange) for exchange in conversation.exchanges],
        "bibtex": bibliography(conversation, catalogue),
    }


def _exchange_record(exchange: StoredExchange) -> dict[str, Any]:
    return {
        "question": exchange.question,
        "asked": exchange.asked.isoformat(),
        "model": exchange.model,
        "text": exchange.text,
        "answer": exchange.answer.record() if exchange.answer else None,
        "problem": exchange.problem,
        "stopped": exchange.stopped,
        "rating": exchange.rating,
        "reason": exchange.reason,
    }
