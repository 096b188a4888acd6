"""The conversations of the page: a question goes in, its exchange comes out as it grows, and the history keeps it.

Knows nothing of Gradio, and nothing of a browser's session: whoever has the number of a conversation goes on with it.
"""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Thread

from assistant.conversations.history import History
from assistant.conversations.limits import Limits
from assistant.conversations.records import StoredConversation
from assistant.manuscripts.kept_sections import KeptSections
from assistant.pipeline import Assistant
from assistant.planning.local import LocalPlanner
from assistant.planning.plan import Turn
from assistant.records import Answer, Stage
from assistant.ui import labels
from assistant.ui.examples import example_questions
from assistant.ui.model_picker import Keys, Pick
from assistant.ui.problems import sentence_of
from assistant.ui.transcript import Exchange, as_shown, exchange_html, transcript_html
from vectorstore.errors import AssistantError
from vectorstore.filters import Filters
from vectorstore.papers import Paper
from vectorstore.removals import Removal

_log = logging.getLogger(__name__)
_MISSPELT = "Who wrote wrds taht no titel has?"  # has the names looked up by their spelling, too
_SECONDS_BETWEEN_UPDATES = 0.05  # a reader sees no difference, and a fast model does not flood the browser
_SECONDS_BETWEEN_KEPT = 1.0  # what a killed process loses of an answer at most


@dataclass
class Chats:
    """Asks, stops and shows. `live` are the exchanges that are being answered, by conversation."""

    assistant: Assistant
    history: History
    live: dict[str, Exchange] = field(default_factory=dict)
    opened: int = 0  # how often a transcript was shown

    def warm_up(self) -> None:
        """Read the names in the library beside whatever goes on, so that the next question need not wait for them."""
        Thread(
            target=lambda: LocalPlanner(self.assistant.vocabulary()).plan(_MISSPELT), name="warm-up", daemon=True
        ).start()

    # -- asking

    def asked(
        self, conversation_id: str, question: str, *, model: Pick, strict: bool, edited: str = ""
    ) -> Iterator[Exchange]:
        """Yield the exchange on a question each time there is more to show of it; at the end it is over.

        `edited` is the exchange whose question this one replaces: of the last one it takes the place, an earlier one
        stays, and the conversation goes on as a new one from before it. With `strict` what is contradicted or
        unsupported is left out.
        """
        if edited:
            conversation_id = self._before(conversation_id, edited)
        yield from self._answered(conversation_id, question, model=model, strict=strict)

    def asked_without(
        self, conversation_id: str, exchange_id: str, chip: int, *, model: Pick, strict: bool
    ) -> Iterator[Exchange]:
        """Ask a question again, as a new one, without one of the filters that were understood."""
        asked = self._exchange(conversation_id, exchange_id)
        if asked is None or asked.answer is None or chip >= len(asked.answer.chips):
            return
        filters = asked.answer.chips[chip].without
        yield from self._answered(
            conversation_id, asked.question, model=model, strict=strict, filters=filters, before=exchange_id
        )

    def asked_again(self, conversation_id: str, exchange_id: str, *, model: Pick, strict: bool) -> Iterator[Exchange]:
        """Answer a question anew: the last one in its place, an earlier one in a conversation that branches off."""
        asked = self._exchange(conversation_id, exchange_id)
        if asked is not None:
            yield from self.asked(conversation_id, asked.question, model=model, strict=strict, edited=exchange_id)

    def judged(self, conversation_id: str, exchange_id: str, *, keys: Keys) -> Iterator[Exchange]:
        """Yield an exchange each time the model that answered has judged a claim more of its answer."""
        exchange = self._exchange(conversation_id, exchange_id)
        if exchange is None or exchange.answer is None:
            return
        self.stop(conversation_id)
        exchange.being_judged = True
        self.live[conversation_id] = exchange
        yield exchange
        try:
            model = Pick(exchange.answer.model, keys).choice(self.assistant.settings)
            for event in self.assistant.judged(exchange.answer, model=model):
                if exchange.stopped:
                    return
                _add(exchange, event)
                yield exchange
        except AssistantError as error:
            exchange.answer = replace(exchange.answer, notes=(*exchange.answer.notes, str(error)))
        finally:
            exchange.being_judged = False
            if self.live.get(conversation_id) is exchange:
                del self.live[conversation_id]
                self._keep(exchange)
        yield exchange

    def stop(self, conversation_id: str) -> Exchange | None:
        """Stop the answer that a conversation waits for, if any; what was written of it stays."""
        exchange = self.live.pop(conversation_id, None)
        if exchange is None or exchange.is_over:
            return None
        exchange.stopped = True
        self._keep(exchange)
        return exchange

    def _answered(
        self,
        conversation_id: str,
        question: str,
        *,
        model: Pick,
        strict: bool,
        filters: Filters | None = None,
        before: str = "",
    ) -> Iterator[Exchange]:
        """Yield the growing exchange. A problem becomes a sentence in it; one that was stopped stays as it was then.

        `before` is the exchange whose history this one has, if not all exchanges so far.
        """
        self.stop(conversation_id)
        conversation = self.history.conversation(conversation_id)
        if conversation is None:  # deleted, perhaps in another tab
            conversation_id = self.history.begin()
        history = _turns(conversation, before=before)
        within = conversation.limits.filters() if conversation and conversation.limits else None
        exchange = Exchange(self.history.ask(conversation_id, question, model.name), conversation_id, question)
        self.live[conversation_id] = exchange
        yield exchange
        try:
            yield from self._grown(exchange, history, model=model, strict=strict, filters=filters, within=within)
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            exchange.problem = sentence_of(error)
        finally:
            if self.live.get(conversation_id) is exchange:
                del self.live[conversation_id]
                exchange.stopped = not exchange.is_over  # the browser left in the middle
                self._keep(exchange)
        yield exchange

    def _grown(
        self,
        exchange: Exchange,
        history: Sequence[Turn],
        *,
        model: Pick,
        strict: bool,
        filters: Filters | None,
        within: Filters | None,
    ) -> Iterator[Exchange]:
        shown = kept = time.monotonic()
        events = self.assistant.stream(
            exchange.question,
            history=history,
            model=model.choice(self.assistant.settings),
            filters=filters,
            strict=strict,
            within=within,
        )
        for event in events:
            if exchange.stopped:
                return
            first = not exchange.text and isinstance(event, str)
            _add(exchange, event)
            now = time.monotonic()
            if isinstance(event, Stage) or first or now - shown > _SECONDS_BETWEEN_UPDATES:
                shown = now
                if not exchange.is_over:
                    yield exchange
            if now - kept > _SECONDS_BETWEEN_KEPT:
                kept = now
                self._keep(exchange)
        exchange.being_judged = False

    def _keep(self, exchange: Exchange) -> None:
        self.history.keep(
            exchange.exchange_id,
            text=exchange.text,
            answer=exchange.answer,
            problem=exchange.problem,
            stopped=exchange.stopped,
        )

    def _before(self, conversation_id: str, exchange_id: str) -> str:
        """Return the conversation in which a question takes the place of an exchange."""
        conversation = self.history.conversation(conversation_id)
        places = [one.id for one in conversation.exchanges] if conversation else []
        if exchange_id not in places:
            return conversation_id
        if exchange_id == places[-1]:
            self.stop(conversation_id)
            self.history.drop_from(exchange_id)
            return conversation_id
        return self.history.branch(exchange_id)

    def _exchange(self, conversation_id: str, exchange_id: str) -> Exchange | None:
        conversation = self.history.conversation(conversation_id)
        exchanges = conversation.exchanges if conversation else ()
        return next((as_shown(one) for one in exchanges if one.id == exchange_id), None)

    def last(self, conversation_id: str) -> Exchange | None:
        """Return the latest exchange of a conversation."""
        conversation = self.history.conversation(conversation_id)
        return as_shown(conversation.exchanges[-1]) if conversation and conversation.exchanges else None

    # -- forgetting

    def forget(self, removal_id: int) -> Removal:
        """Make a deletion final: no answer or section that is kept tells any more of what is in no listing now.

        Raises NotInLibrary if there is no deletion of this id.
        """
        library = self.assistant.library
        gone = library.catalogue.removals.papers_of(removal_id)
        self.history.withdraw(gone, labels.WITHDRAWN)
        KeptSections(library.catalogue.engine).withdraw(gone)
        return library.forget(removal_id)

    # -- showing

    def transcript_html(self, conversation_id: str) -> str:
        """Return what is over in a conversation, each time as something new (see `transcript_html`)."""
        self.opened += 1
        conversation = self.history.conversation(conversation_id) if conversation_id else None
        answers = [one.answer for one in conversation.exchanges if one.answer] if conversation else []
        return transcript_html(conversation, self._papers(answers), opened=self.opened)

    def exchange_html(self, exchange: Exchange) -> str:
        answer = exchange.answer
        examples = example_questions(self.assistant.library.catalogue) if answer and not answer.references else ()
        return exchange_html(exchange, self._papers([answer] if answer else []), goes_on=True, examples=examples)

    def _papers(self, answers: Sequence[Answer]) -> Mapping[str, Paper]:
        cited = {reference.paper_id for answer in answers for reference in answer.references}
        ids = cited.union(*(answer.also_read for answer in answers))
        ids |= {paper.paper_id for answer in answers for paper in answer.closest}
        return {paper.paper_id: paper for paper in self.assistant.library.catalogue.papers(ids)}

    def going_on(self, conversation_id: str) -> str:
        """Return a conversation that can be gone on with: this one, or a new one if it was deleted in another tab."""
        return conversation_id if self.history.conversation(conversation_id) else self.history.begin()

    def limits(self, conversation_id: str) -> Limits:
        conversation = self.history.conversation(conversation_id) if conversation_id else None
        return conversation.limits if conversation else Limits()


def _turns(conversation: StoredConversation | None, *, before: str) -> list[Turn]:
    """Return what a follow-up question needs to know of the exchanges, or of those before one of them."""
    turns = []
    for exchange in conversation.exchanges if conversation else ():
        if exchange.id == before:
            break
        if exchange.answer:
            turns.append(exchange.answer.turn)
    return turns


def _add(exchange: Exchange, event: Stage | str | Answer) -> None:
    if isinstance(event, Stage):
        exchange.doing = event.doing
        exchange.being_judged = exchange.answer is not None
    elif isinstance(event, str):
        exchange.text += event
        exchange.doing = labels.WRITING
    else:
        exchange.answer = event
