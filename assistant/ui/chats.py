"""The conversations of the page: a question goes in, its exchange grows in the background, and the history keeps it.

Knows nothing of Gradio, and nothing of a browser's session: whoever has the number of a conversation goes on with it.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import takewhile
from threading import Lock, Thread

from assistant.conversations.history import History
from assistant.conversations.limits import Limits
from assistant.conversations.records import StoredExchange
from assistant.manuscripts.section_store import KeptSections
from assistant.pipeline import Assistant
from assistant.planning.local import LocalPlanner
from assistant.planning.plan import Turn
from assistant.records import Answer, Stage
from assistant.ui import labels
from assistant.ui.examples import example_questions, questions_on
from assistant.ui.follow_ups import follow_ups
from assistant.ui.model_picker import Keys, Pick
from assistant.ui.papers_html import removals_html
from assistant.ui.problems import sentence_of
from assistant.ui.running import Running, Task
from assistant.ui.sources import sources_so_far_html
from assistant.ui.transcript import (
    MOST_DRAWN,
    Drawn,
    Exchange,
    as_shown,
    earlier_html,
    exchange_html,
    placed_html,
    transcript_html,
)
from vectorstore.catalogue.filters import Filters
from vectorstore.catalogue.removals import Removal
from vectorstore.errors import AnswerStopped, HistoryError, ModelError, PromptTooLong
from vectorstore.papers.paper import Paper

_MISSPELT = "Who wrote wrds taht no titel has?"  # has the names looked up by their spelling, too
_MOST_TURNS = 50  # before a question, that it can refer to
_SECONDS_BETWEEN_KEPT = 1.0  # what a killed process loses of an answer at most


@dataclass
class Chats:
    """Asks, stops and shows."""

    assistant: Assistant
    history: History
    running: Running = field(default_factory=Running)
    failing: set[str] = field(default_factory=set)  # names of the models that failed when they were asked last
    drawn: int = 0  # how often something was drawn that must count as new
    _keeping: Lock = field(default_factory=Lock)  # held while something is kept, or taken from what is kept

    def warm_up(self) -> None:
        """Read the names in the library beside whatever goes on, so that the next question need not wait for them."""
        Thread(
            target=lambda: LocalPlanner(self.assistant.vocabulary()).plan(_MISSPELT), name="warm-up", daemon=True
        ).start()

    # -- asking

    def ask(self, conversation_id: str, question: str, *, model: Pick, strict: bool, edited: str = "") -> str:
        """Ask a question, after what is being answered in its conversation; return the conversation that it is in.

        `edited` is the exchange whose question this one replaces: the last one stays as an earlier version of it, and
        from before an earlier one the conversation goes on as a new one. With `strict` what is contradicted or
        unsupported is left out.
        """
        conversation_id, before = self._place(conversation_id, edited)
        self._start(conversation_id, question, model=model, strict=strict, before=before)
        return conversation_id

    def ask_without(self, conversation_id: str, exchange_id: str, chip: int, *, model: Pick, strict: bool) -> str:
        """Ask a question again, as a new one, without one of the filters that were understood."""
        asked = self._stored(exchange_id)
        if asked.answer and chip < len(asked.answer.chips):
            self._start(
                conversation_id,
                asked.question,
                model=model,
                strict=strict,
                filters=asked.answer.chips[chip].without,
                after=exchange_id,
            )
        return conversation_id

    def ask_again(self, conversation_id: str, exchange_id: str, *, model: Pick, strict: bool) -> str:
        """Answer a question anew, in its place or in a conversation that branches off, as `ask` does."""
        question = self._stored(exchange_id).question
        return self.ask(conversation_id, question, model=model, strict=strict, edited=exchange_id)

    def judge(self, conversation_id: str, exchange_id: str, *, keys: Keys) -> str:
        """Have the model that answered judge the claims of its answer."""
        asked = self._stored(exchange_id)

        def begun() -> Exchange:
            return replace(as_shown(self._stored(exchange_id)), is_over=False)

        if asked.answer:
            question = labels.TO_BE_CHECKED.format(asked.question)
            self.running.start(Task(conversation_id, question, begun, lambda exchange: self._judge(exchange, keys)))
        return conversation_id

    def stop(self, conversation_id: str) -> None:
        """Have the answer that a conversation waits for end; what was written of it is checked and stays."""
        self.running.stop(conversation_id)

    def _start(
        self,
        conversation_id: str,
        question: str,
        *,
        model: Pick,
        strict: bool,
        before: str = "",
        filters: Filters | None = None,
        after: str = "",
    ) -> None:
        """Start a question; in the place of the exchange `before` it, or in the light of those up to `after`."""

        def begun() -> Exchange:
            return as_shown(self._stored(self.history.ask(conversation_id, question, model.name, before=before)))

        def answered(exchange: Exchange) -> None:
            with self._ending(exchange):
                turns = self._turns(conversation_id, after, exchange.exchange_id)
                exchange.before = frozenset(paper_id for turn in turns for paper_id in turn.told_of)
                events = self.assistant.stream(
                    question,
                    history=turns,
                    model=model.choice(self.assistant.settings),
                    filters=filters,
                    strict=strict,
                    within=self.limits(conversation_id).filters(),
                    stop=exchange.stop,
                )
                self._take(exchange, events)

        self.running.start(Task(conversation_id, question, begun, answered))

    def _judge(self, exchange: Exchange, keys: Keys) -> None:
        assert exchange.answer is not None
        with self._ending(exchange):
            model = Pick(exchange.answer.model, keys).choice(self.assistant.settings)
            with closing(self.assistant.judged(exchange.answer, model=model)) as events:
                self._take(exchange, takewhile(lambda _: not exchange.stop.is_set(), events))

    def _take(self, exchange: Exchange, events: Iterable[Stage | str | Answer]) -> None:
        """Let an exchange grow by what comes of its answer."""
        kept = time.monotonic()
        for event in events:
            exchange.take(event)
            if time.monotonic() - kept > _SECONDS_BETWEEN_KEPT:
                kept = time.monotonic()
                self._keep(exchange)

    @contextmanager
    def _ending(self, exchange: Exchange) -> Iterator[None]:
        """Keep what an exchange came to, whatever that is: a problem becomes a sentence in it."""
        try:
            yield
            self.failing.discard(exchange.model)
        except AnswerStopped:
            exchange.stopped = exchange.answer is None and not exchange.is_withdrawn
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            if isinstance(error, ModelError) and not isinstance(error, PromptTooLong):
                self.failing.add(exchange.model)
            exchange.fail(sentence_of(error))
        self._keep(exchange)

    def _keep(self, exchange: Exchange) -> None:
        with self._keeping:
            self.history.keep(
                exchange.exchange_id,
                text=exchange.text,
                answer=exchange.answer,
                problem=exchange.problem,
                stopped=exchange.stopped,
            )

    def _place(self, conversation_id: str, edited: str) -> tuple[str, str]:
        """Return the conversation in which a question is asked, and the exchange whose place it takes there, if any."""
        if self.history.limits(conversation_id) is None:  # new, or deleted in another tab
            return self.history.begin(), ""
        places = self.history.shown_ids(conversation_id)
        if edited not in places:
            return conversation_id, ""
        return (conversation_id, edited) if edited == places[-1] else (self.history.branch(edited), "")

    def _stored(self, exchange_id: str) -> StoredExchange:
        stored = self.history.exchange(exchange_id)
        if stored is None:
            raise HistoryError("This question is no longer in its conversation; ask it again.")
        return stored

    # -- forgetting

    def removals_html(self) -> str:
        """Return what was deleted and can be brought back."""
        return removals_html(self.assistant.library.removals(), self.history.conversations(deleted=True))

    def forget(self, removal_id: int) -> Removal:
        """Make a deletion final: no answer or section that is kept, or being written, tells any more of what is in no
        listing now.

        Raises NotInLibrary if there is no deletion of this id.
        """
        return self.assistant.library.forget(removal_id, withdraw=self._withdraw)

    def _withdraw(self, gone: frozenset[str]) -> None:
        with self._keeping:
            self.history.withdraw(gone, labels.WITHDRAWN)
            KeptSections(self.assistant.library.catalogue.engine).withdraw(gone)
            for exchange in self.running.exchanges:
                exchange.forget(gone)

    # -- showing

    def transcript_html(self, conversation_id: str) -> str:
        """Return the latest of what is over in a conversation, each time as something new."""
        return transcript_html(self._drawn(conversation_id, *self.history.latest(conversation_id, MOST_DRAWN)))

    def earlier_html(self, conversation_id: str, exchange_id: str) -> str:
        """Return some of what stands above an exchange in its conversation."""
        above = self.history.latest(conversation_id, MOST_DRAWN, before=exchange_id)
        return earlier_html(self._drawn(conversation_id, *above))

    def placed_html(self, exchange_ids: Sequence[str]) -> str:
        """Return exchanges that have ended, or are chosen among versions, to be put in their places."""
        stored = filter(None, map(self.history.exchange, dict.fromkeys(exchange_ids)))
        return placed_html(self._drawn("", list(stored)[-MOST_DRAWN:]))

    def exchange_html(self, exchange: Exchange) -> str:
        return exchange_html(exchange, self._papers([exchange]))

    def evidence_html(self, exchange: Exchange) -> str:
        """Return the papers that an answer is being written from; "" once it has evidence of its own."""
        if exchange.answer or not exchange.read:
            return ""
        return sources_so_far_html(
            exchange.cited, exchange.read, self._papers([exchange]), text_id=exchange.exchange_id
        )

    def _drawn(self, conversation_id: str, latest: Iterable[StoredExchange], more: int = 0) -> Drawn:
        self.drawn += 1
        shown = [exchange for exchange in map(as_shown, latest) if exchange.is_over]
        papers = self._papers(shown)
        return Drawn(conversation_id, shown, papers, self.drawn, more, self._going_on_with(shown[-1:], papers))

    def _going_on_with(self, last: Sequence[Exchange], papers: Mapping[str, Paper]) -> Sequence[str]:
        """Return questions that go on from the last exchange and are answered within the limits of its conversation."""
        if not last or last[0].answer is None:
            return ()
        answer, library = last[0].answer, self.assistant.library
        within = self.limits(last[0].conversation_id).filters()
        if not within:
            return follow_ups(answer, papers) or ([] if answer.references else example_questions(library.catalogue))
        inside = library.papers(replace(within, also=(*within.also, Filters(paper_ids=tuple(papers)))))
        return follow_ups(answer, {paper.paper_id: paper for paper in inside}) or questions_on(library.papers(within))

    def _papers(self, exchanges: Sequence[Exchange]) -> Mapping[str, Paper]:
        ids = {paper_id for exchange in exchanges for paper_id in exchange.paper_ids}
        catalogue = self.assistant.library.catalogue
        moved = catalogue.moved(ids)  # since the answer was kept
        papers = {paper.paper_id: paper for paper in catalogue.papers({*ids, *moved.values()})}
        return papers | {former: papers[now] for former, now in moved.items() if now in papers}

    def going_on(self, conversation_id: str) -> str:
        """Return a conversation that can be gone on with: this one, or a new one if it was deleted in another tab."""
        return self.history.begin() if self.history.limits(conversation_id) is None else conversation_id

    def limits(self, conversation_id: str) -> Limits:
        return self.history.limits(conversation_id) or Limits()

    def _turns(self, conversation_id: str, after: str, exchange_id: str) -> list[Turn]:
        """Return what a follow-up question needs to know: the latest exchanges before its own, or before `after`."""
        before, _ = self.history.latest(conversation_id, _MOST_TURNS, before=after or exchange_id)
        return [one.answer.turn for one in before if one.answer]
