"""A question of one conversation -> its exchange, as it grows. Knows nothing of Gradio."""

import logging
import time
from collections.abc import Iterator

from assistant.answering.answer import Assistant
from assistant.records import Answer, Stage
from assistant.ui import labels
from assistant.ui.sources import sources_html
from assistant.ui.transcript import Conversation, Exchange
from vectorstore.errors import AssistantError

_log = logging.getLogger(__name__)
_SECONDS_BETWEEN_UPDATES = 0.05  # a reader sees no difference, and a fast model does not flood the browser


def answered(
    assistant: Assistant,
    conversation: Conversation,
    question: str,
    *,
    model: str,
    strict: bool = False,
    without: tuple[int, int] | None = None,
) -> Iterator[Exchange]:
    """Yield the exchange on this question each time there is more to show of it; at the end it is over.

    With `strict` what no passage supports is left out. `without` (turn, chip) asks the question of that turn again
    without one of the filters that it had.
    A problem becomes a sentence in the exchange. An exchange that was stopped from elsewhere stays as it was then.
    """
    history, filters = conversation.turns(), None
    if without is not None:
        turn, chip = without
        before = conversation.exchanges[turn]
        assert before.answer is not None
        question, filters = before.question, before.answer.chips[chip].without
        history = conversation.turns(before=turn)
    exchange = conversation.begin(question)
    turn = len(conversation.exchanges) - 1
    yield exchange
    try:
        shown = time.monotonic()
        for event in assistant.stream(question, history=history, model=model, filters=filters, strict=strict):
            if exchange.stopped:
                return
            _add(exchange, event)
            if isinstance(event, Answer):
                papers = assistant.library.catalogue.papers([reference.paper_id for reference in event.references])
                exchange.sources = sources_html(event, {paper.paper_id: paper for paper in papers}, text_id=str(turn))
            elif isinstance(event, Stage) or time.monotonic() - shown > _SECONDS_BETWEEN_UPDATES:
                shown = time.monotonic()
                yield exchange
    except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
        exchange.problem = sentence_of(error)
    yield exchange


def _add(exchange: Exchange, event: Stage | str | Answer) -> None:
    if isinstance(event, Stage):
        exchange.doing = event.doing
    elif isinstance(event, str):
        exchange.text += event
        exchange.doing = labels.WRITING
    else:
        exchange.answer = event


def sentence_of(error: Exception) -> str:
    """Return what a reader is told of a problem; one that was not foreseen goes to the log as a whole."""
    if isinstance(error, AssistantError):
        return str(error)
    _log.error("Unexpected problem on the page", exc_info=error)
    return labels.UNEXPECTED
