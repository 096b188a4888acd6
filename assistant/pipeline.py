"""The way of a question: plan | gather | write | check. Each part is a LangChain Runnable, and the chain is the four.

plan    question, earlier turns, names in the library -> Planned
gather  the plan's operations, carried out -> Gathered
write   computed lines, and a text by the local composer or a chat model -> Draft
check   citations, quotes and verdicts -> Answer

What a part yields before its own result, stages and pieces of text, the next ones pass on.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event as Stop
from threading import Lock
from typing import Any, TypeVar, cast

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.runnables import Runnable, RunnableConfig, RunnableSequence
from langchain_core.tools import BaseTool

from assistant.answering.conflicts import with_conflicts
from assistant.answering.judge import Judge, may_be_judged
from assistant.checking.verification import checked
from assistant.facts.replies import Reply, said, sum_of, together
from assistant.manuscripts.manuscripts import Manuscripts
from assistant.manuscripts.reference_list import references
from assistant.models.providers import LOCAL, ModelChoice
from assistant.operations.outside_limits import outside
from assistant.operations.registry import carried_out
from assistant.operations.results import Asked, Gathered, Planned, Refusal, Result, Sources
from assistant.planning.by_model import ModelPlanner, needs_a_model
from assistant.planning.chips import chips
from assistant.planning.local import LocalPlanner, cleaned
from assistant.planning.plan import Plan, Rework, Scope, Step, Talk, Turn
from assistant.planning.vocabulary import Vocabulary
from assistant.prompts import load_prompt
from assistant.proofreading.reports import DraftReport, Progress
from assistant.records import Abstention, Answer, By, Sentence, Stage, Usage, filters_record
from assistant.searching.answerability import LearnedReading
from assistant.settings import Settings
from assistant.text.citations import without_markers
from assistant.text.words import matched_words
from assistant.tools import tools
from assistant.writing.draft import Draft, Written
from assistant.writing.writer import drafted
from vectorstore.catalogue.filters import Filters
from vectorstore.errors import ModelError
from vectorstore.library import Library
from vectorstore.search.retriever import RetrievedPassage
from vectorstore.servers import served_model

Event = Stage | str | Planned | Gathered | Draft | Answer
_In, _Out = TypeVar("_In"), TypeVar("_Out")
_NOTHING_LEFT = "Nothing is left of the answer: nothing that was written was found in the passages it cites."
_NOT_EMBEDDED = "{} still being embedded, and found by words alone until then."
_NOT_READ = "{} still being read: papers may be missing here."
_FOR_A_MODEL = 16  # passages of a search, of which a chat model gets as many as it reads


class Part(Runnable[Any, Any]):
    """One part of the chain. Its stream ends with its result; what it is not made for, it passes on."""

    def __init__(self, name: str, takes: type, run: Callable[[Any], Iterator[Any]]) -> None:
        self.name = name
        self._takes, self._run = takes, run

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Any:
        *_, result = self._run(input)
        return result

    def stream(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Any]:
        return self._run(input)

    def transform(self, input: Iterator[Any], config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Any]:
        for item in input:
            if isinstance(item, self._takes):
                yield from self._run(item)
            else:
                yield item


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A query as understood, and the best passage of each paper found."""

    query: str
    filters: Filters
    found: list[RetrievedPassage]

    def record(self) -> dict[str, Any]:
        """Return the JSON of the command line."""
        results = [
            {
                "rank": rank,
                "paper_id": item.passage.paper_id,
                "title": item.passage.title,
                "passage_id": item.passage.passage_id,
                "text": item.passage.text,
                "similarity": round(item.similarity, 4),
                "why": {
                    "words": matched_words(self.query, item.passage.embedded_text),
                    "rank_by_words": item.bm25_rank,
                    "rank_by_meaning": item.cosine_rank,
                },
            }
            for rank, item in enumerate(self.found, 1)
        ]
        return {"query": self.query, "filters": filters_record(self.filters), "results": results}


class Assistant(Manuscripts):
    """Answers questions on one library."""

    def __init__(self, library: Library, settings: Settings) -> None:
        super().__init__(library, settings)
        self._vocabulary: tuple[int, Vocabulary] | None = None
        self._reading_names = Lock()
        self._reading = LearnedReading(library)
        self._judge = Judge(settings)

    # -- asking

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        model: str | ModelChoice | None = None,
        filters: Filters | None = None,
        within: Filters | None = None,
        strict: bool | None = None,
    ) -> Answer:
        """Answer a question in the light of earlier turns. `model` is a name; the settings' one without it.

        `filters` take the place of those that the question names. Nothing that does not meet `within`, the limits of a
        conversation, is used. `strict` leaves out what a passage speaks against; the settings say so without it.
        Raises QuestionError if it cannot be asked, ModelError if the model fails.
        """
        *_, answer = self.stream(question, history=history, model=model, filters=filters, within=within, strict=strict)
        return cast(Answer, answer)

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        model: str | ModelChoice | None = None,
        filters: Filters | None = None,
        within: Filters | None = None,
        strict: bool | None = None,
        stop: Stop | None = None,
    ) -> Iterator[Stage | str | Answer]:
        """Yield stages and pieces of text while the answer is made, and the whole Answer last.

        Once `stop` is set the model writes no more: what it has written is checked and is the answer. Raises
        AnswerStopped if that is nothing.
        """
        asked = Asked(
            cleaned(question),
            self.choice(model),
            history,
            filters,
            within or Filters(),
            self.settings.strict if strict is None else strict,
            stop=stop or Stop(),
        )
        return cast(Iterator[Stage | str | Answer], self.chain.stream(asked))

    @property
    def chain(self) -> Runnable[Any, Any]:
        """The chain of the four parts. `invoke` takes a question, a dict with "question" and "history", or messages."""
        return RunnableSequence(
            Part("ask", object, self._put),
            Part("plan", Asked, self._plan),
            Part("gather", Planned, self._gather),
            Part("write", Gathered, self._write),
            Part("check", Draft, self._judged),
        )

    def _put(self, given: Any) -> Iterator[Asked]:
        """Yield a question as it is put, from whatever LangChain hands on."""
        if isinstance(given, Asked):
            yield given
            return
        options: Mapping[str, Any] = {}
        if isinstance(given, Mapping):
            options, given = given, [*given.get("history", ()), given["question"]]
        turns, question = self._turns_of([given] if isinstance(given, str | BaseMessage) else list(given))
        yield Asked(
            cleaned(question),
            self.choice(options.get("model")),
            turns,
            options.get("filters"),
            options.get("within") or Filters(),
            bool(options.get("strict", self.settings.strict)),
        )

    def _turns_of(self, messages: Sequence[Any]) -> tuple[list[Turn], str]:
        """Return the turns that messages make, and the question that is the last of them."""
        turns: list[Turn] = []
        *earlier, last = messages
        for message in earlier:
            if isinstance(message, Turn):
                turns.append(message)
            elif isinstance(message, AIMessage):
                if turns:
                    turns[-1] = replace(turns[-1], text=str(message.text))
            elif isinstance(message, str | HumanMessage):
                turns += self.turns([_text_of(message)], before=turns)
        return turns, _text_of(last)

    # -- the parts

    def _plan(self, asked: Asked) -> Iterator[Event]:
        with asked.watch.measure("understand"):
            asked = replace(asked, history=self._with_ids_of_now(asked.history))
            planner = LocalPlanner(self.vocabulary())
            limited = [paper.paper_id for paper in self.library.papers(asked.within)] if asked.within else ()
            author = asked.within.authors[0] if len(asked.within.authors) == 1 else ""
            plan = planner.plan(asked.question, history=asked.history, limited=limited, author=author)
            usage = Usage()
        has_none = self.library.catalogue.is_empty() or bool(asked.within and not limited)
        if not asked.choice.is_extractive and not has_none and needs_a_model(plan, asked.question, asked.history):
            by_model = ModelPlanner(self.vocabulary(), self.library.catalogue, asked.choice, self.settings)
            papers = self.library.count(Filters())
            with asked.watch.measure("plan"):
                planning = by_model.plan(asked.question, plan, history=asked.history, papers=papers)
                plan, usage = yield from asked.until_stopped(planning)
        if asked.filters is not None:
            plan = _with_filters(plan, asked.filters)
        yield Planned(asked, plan, usage)

    def _with_ids_of_now(self, history: Sequence[Turn]) -> Sequence[Turn]:
        """Return earlier turns with the ids that their papers have now."""
        moved = self.library.catalogue.moved([paper_id for turn in history for paper_id in turn.paper_ids])
        return [turn.moved(moved) for turn in history] if moved else history

    def _gather(self, planned: Planned) -> Iterator[Event]:
        asked, plan = planned.asked, planned.plan
        yield Stage("searching")
        with asked.watch.measure("retrieve"):
            refusal = self._unasked(planned)
            results = (
                (Result(plan.steps[0], refusal=refusal, is_final=True),)
                if refusal
                else self._carried_out(plan.steps, asked)
            )
        yield Gathered(asked, plan, results, planned.usage)

    def _unasked(self, planned: Planned) -> Refusal | None:
        """Return why nothing is looked for at all: the library is empty, or the papers lie outside of the limits."""
        plan, asked = planned.plan, planned.asked
        is_talk = all(isinstance(step.arguments, Talk) for step in plan.steps) and plan.steps
        if not is_talk and self.library.catalogue.is_empty():
            return Refusal(Abstention.NOT_IN_LIBRARY, load_prompt("reply_empty"))
        return outside(plan, asked.within, self.library)

    def _carried_out(self, steps: Sequence[Step], asked: Asked, *, again: bool = True) -> tuple[Result, ...]:
        sources = replace(
            self._sources(),
            question=asked.question,
            within=asked.within,
            history=asked.history,
            top_k=self.settings.evidence_passages if asked.choice.is_extractive else _FOR_A_MODEL,
            model=asked.choice.name,
            stop=asked.stop,
        )
        for step in steps:
            result = carried_out(step, sources)
            if isinstance(step.arguments, Rework) and step.arguments.how == "form" and again:
                before = next((t.plan for t in reversed(asked.history) if _is_own(t.plan)), Plan())
                result = replace(result, again=self._carried_out(before.steps, asked, again=False))
            sources = replace(sources, results=(*sources.results, result))
        return sources.results

    def _write(self, gathered: Gathered) -> Iterator[Event]:
        return drafted(gathered, self.library, self.settings, self._reading)

    def _judged(self, draft: Draft) -> Iterator[Event]:
        asked = draft.gathered.asked
        if any(isinstance(block, Written) for block in draft.blocks):
            yield Stage("checking")
        is_judged = may_be_judged(asked.choice, self.settings) and not asked.stop.is_set()
        answer = yield from self._checked(draft, strict=asked.strict and not is_judged)
        if not (asked.strict and is_judged):
            yield answer
        if not is_judged:
            return
        papers = self.library.catalogue.papers([one.paper_id for one in answer.references])
        judged = answer
        with asked.watch.measure("judge"):
            for event in asked.until_stopped(self._judge.judged(answer, papers, asked.choice)):
                if isinstance(event, Answer):
                    judged = event
                if not (asked.strict and isinstance(event, Answer)):
                    yield event
        if asked.strict:
            by_judge = {without_markers(one.text): one for one in judged.sentences if one.by is By.JUDGE}
            checked_anew = yield from self._checked(draft, strict=True, judged=by_judge)
            said_of_judge = judged.notes[len(answer.notes) :]
            judged = replace(checked_anew, usage=judged.usage, notes=(*checked_anew.notes, *said_of_judge))
        yield replace(judged, timings_ms=asked.watch.timings())

    def _checked(
        self, draft: Draft, *, strict: bool, judged: Mapping[str, Sentence] | None = None
    ) -> Generator[Event, None, Answer]:
        """Yield what is shown beyond the draft; return the answer with the verdicts of the exact checks."""
        asked, plan = draft.gathered.asked, draft.gathered.plan
        with asked.watch.measure("check"):
            replies = [
                block if isinstance(block, Reply) else self._reply(block, strict=strict, judged=judged or {})
                for block in draft.blocks
            ]
        reply = together(replies) if replies else _nothing()
        for piece in with_conflicts(reply, plan, self.library.catalogue):
            if isinstance(piece, Reply):
                reply = piece
            elif judged is None:  # else it was shown before
                yield piece
        return self._answer(draft.gathered, reply)

    def _reply(self, written: Written, *, strict: bool, judged: Mapping[str, Sentence]) -> Reply:
        reply = checked(
            written.text,
            written.cited,
            written.papers,
            written.usage,
            strict=strict,
            given=written.given,
            broken_off=bool(written.broken_off),
            quotes=written.quotes,
            judged=judged,
        )
        if not reply.text.strip():
            *_, refused = said(_NOTHING_LEFT, why=Abstention.NOT_STATED, usage=written.usage)
            reply = cast(Reply, refused)
        notes = (*written.notes, *reply.notes, *([written.broken_off] if written.broken_off else []))
        why = Abstention.NOT_STATED if written.declined else reply.abstention
        return replace(reply, incomplete=bool(written.broken_off), notes=notes, abstention=why)

    def _answer(self, gathered: Gathered, reply: Reply) -> Answer:
        asked, plan = gathered.asked, gathered.plan
        keys = self.library.catalogue.citation_keys([paper.paper_id for paper in reply.papers])
        cited = {paper.paper_id for paper in reply.papers}
        read = dict.fromkeys(passage.paper_id for passage in reply.evidence if passage.paper_id not in cited)
        searched = replace(plan.filters, also=(*plan.filters.also, asked.within)) if asked.within else plan.filters
        subjects = next((step.arguments.papers for step in plan.steps if isinstance(step.arguments, Scope)), ())
        return Answer(
            question=asked.question,
            query=plan.topic or asked.question,
            intent=plan.steps[0].operation if plan.steps else "talk",
            filters=filters_record(searched),
            text=reply.text,
            abstained=bool(reply.abstention),
            sentences=reply.sentences,
            citations=reply.citations,
            references=references(reply.papers, keys),
            model=asked.choice.name,
            usage=sum_of([gathered.usage, reply.usage]),
            timings_ms=asked.watch.timings(),
            incomplete=reply.incomplete,
            notes=(*reply.notes, *_corrected(plan), *self._not_seen(plan)),
            papers=reply.found,
            chips=tuple(chips(plan.filters)),
            topic=plan.topic,
            subjects=subjects,
            also_read=tuple(read),
            abstention=reply.abstention,
            closest=reply.closest,
            plan=plan,
        )

    def _not_seen(self, plan: Plan) -> Iterator[str]:
        """Say what of the library an answer may not see yet."""
        if listings := len(self.library.catalogue.unfinished()):
            yield _NOT_READ.format("1 listing is" if listings == 1 else f"{listings:,} listings are")
        if plan.topic and (papers := self.library.catalogue.papers_not_embedded()):
            yield _NOT_EMBEDDED.format(f"{papers:,} paper is" if papers == 1 else f"{papers:,} papers are")

    # -- beside the chain

    def tools(self) -> list[BaseTool]:
        """Return the operations as LangChain tools: each takes typed arguments and returns JSON as text."""
        return tools(self._sources)

    def _sources(self) -> Sources:
        return Sources(self.library, self.vocabulary(), top_k=self.settings.evidence_passages)

    def search(self, question: str, *, top_k: int) -> SearchResult:
        """Return the passages closest to a question, among those that meet the filters it names."""
        text = cleaned(question)
        plan = LocalPlanner(self.vocabulary()).plan(text)
        filters = plan.filters
        query = plan.topic or text if filters else text  # without filters a typed title stays whole
        return SearchResult(query, filters, self.library.search(query, top_k=top_k, filters=filters))

    def judged(self, answer: Answer, *, model: str | ModelChoice) -> Generator[Stage | Answer, None, None]:
        """Yield stages, and the answer each time a model has judged a claim more of those that no exact check decides.

        A judge that fails leaves the answer as it is, with a note. Raises ModelError if there is no such model.
        """
        papers = self.library.catalogue.papers([one.paper_id for one in answer.references])
        yield from self._judge.judged_whole(answer, papers, self.choice(model))

    def check_draft(
        self,
        draft: Path | str,
        *,
        bib: Path | None = None,
        judge: str | ModelChoice | None = None,
        on_progress: Callable[[str, int, int], None] | None = None,
    ) -> DraftReport:
        """Hold each citing sentence of a draft against the abstracts of the papers that it cites.

        `draft` is a file (.tex, .md, .txt, .docx) or its text, `bib` its bibliography if not the one that it names,
        `judge` the model that reads what no exact check decides; without it no word of the draft leaves the machine.
        Raises DraftError if a file cannot be read, ModelError if there is no such model.
        """
        for event in self.check_draft_events(draft, bib=bib, judge=judge):
            if isinstance(event, Progress) and on_progress:
                on_progress(event.step, event.done, event.total)
        return cast(DraftReport, event)

    def check_draft_events(
        self, draft: Path | str, *, bib: Path | None = None, judge: str | ModelChoice | None = None
    ) -> Iterator[Progress | Stage | DraftReport]:
        """Yield how far the check of a draft is, and its report last; else as `check_draft`."""
        from assistant.proofreading.draft_check import DraftCheck
        from assistant.proofreading.draft_file import bibliography_of, pasted, read_cited

        choice = None if judge is None else self.choice(judge)
        if choice and choice.is_extractive:
            raise ModelError(f"{choice.name} is no chat model and judges nothing; name another one, or none.")
        cited = pasted(draft) if isinstance(draft, str) else read_cited(draft)
        folder = None if isinstance(draft, str) else draft.parent
        bibliography, is_there = bibliography_of(cited, bib=bib, folder=folder)
        embedder = served_model(self.settings.embedder, self.settings.access)
        check = DraftCheck(self.library, self._judge, searches_here=not (embedder and embedder.host))
        yield from check.checked(cited, bibliography, has_bibliography=is_there, judge=choice)

    def turns(self, questions: Iterable[str], *, before: Sequence[Turn] = ()) -> list[Turn]:
        """Return earlier questions as turns, answered anew by the local model, for follow-ups to refer to."""
        turns = list(before)
        for question in questions:
            plan = LocalPlanner(self.vocabulary()).plan(question, history=turns)
            if not any(step.operation == "decide" for step in plan.steps):  # what was decided is not decided again
                turns.append(self.ask(question, history=turns, model=LOCAL).turn)
        return turns[len(before) :]

    def vocabulary(self) -> Vocabulary:
        """Return the names in the library, read again after it has changed, once for all who wait for them."""
        with self._reading_names:
            revision = self.library.revision
            if self._vocabulary is None or self._vocabulary[0] != revision:
                self._vocabulary = revision, Vocabulary.of(self.library)
            return self._vocabulary[1]


def _text_of(message: Any) -> str:
    return message if isinstance(message, str) else str(message.text)


def _is_own(plan: Plan) -> bool:
    return any(not isinstance(step.arguments, Rework | Talk) for step in plan.steps)


def _with_filters(plan: Plan, filters: Filters) -> Plan:
    """Return a plan whose steps have other filters than the question names."""
    steps = tuple(
        step.model_copy(update={"arguments": step.arguments.model_copy(update={"filters": filters})})
        if isinstance(step.arguments, Scope)
        else step
        for step in plan.steps
    )
    return plan.model_copy(update={"steps": steps})


def _corrected(plan: Plan) -> Iterator[str]:
    for one in plan.corrections:
        yield f"“{one.typed}” was read as {one.meant}."


def _nothing() -> Reply:
    *_, reply = said(load_prompt("reply_unclear"), why=Abstention.UNCLEAR)
    return cast(Reply, reply)
