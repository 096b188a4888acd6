"""The chain: question -> query -> evidence -> prompt -> model -> citations -> verdicts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from assistant.answering.abstention import beyond_authors, outside, refusal, refused, unanswered
from assistant.answering.coauthor_replies import coauthor_reply
from assistant.answering.conflicts import with_conflicts
from assistant.answering.decision_replies import decision_reply
from assistant.answering.disagreement import with_disagreement
from assistant.answering.lists import list_reply
from assistant.answering.section_replies import SECTIONS, section_reply
from assistant.answering.writing import written
from assistant.facts.catalogue_answers import (
    Line,
    has_code,
    when_published,
    who_wrote,
)
from assistant.facts.replies import Reply, computed, said
from assistant.manuscripts.desk import Manuscripts
from assistant.manuscripts.references import references
from assistant.models.choices import LOCAL, ModelChoice
from assistant.prompts import load_prompt
from assistant.records import Abstention, Answer, Stage, filters_record
from assistant.searching.evidence_search import Found, evidence_for
from assistant.searching.relevance import fits, unknown_name
from assistant.settings import Settings
from assistant.stopwatch import Stopwatch
from assistant.text.citations import without_markers
from assistant.text.words import matched_words
from assistant.planning.chips import chips
from assistant.planning.intents import LISTS
from assistant.planning.people import shown_names
from assistant.planning.query import Intent, Query, Turn
from assistant.planning.question import asks_nothing, understood
from assistant.planning.vocabulary import Vocabulary
from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.papers import Paper
from vectorstore.retriever import RetrievedPassage

# What the catalogue says of a paper: how it is put, and whether it says it at all.
_LOOKED_UP: dict[Intent, tuple[Callable[[Sequence[Paper]], Iterator[Line]], Callable[[Paper], bool]]] = {
    Intent.AUTHORS: (who_wrote, lambda paper: bool(paper.people or paper.author_count or paper.organization)),
    Intent.DATE: (when_published, lambda paper: paper.published is not None),
    Intent.CODE: (has_code, lambda paper: paper.has_code or paper.code_url is not None),
}


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A query as understood, and the best passage of each paper found."""

    query: Query
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
                    "words": matched_words(self.query.text, item.passage.embedded_text),
                    "rank_by_words": item.bm25_rank,
                    "rank_by_meaning": item.cosine_rank,
                },
            }
            for rank, item in enumerate(self.found, 1)
        ]
        return {"query": self.query.text, "filters": filters_record(self.query.filters), "results": results}


class Assistant(Manuscripts):
    """Answers questions on one library."""

    def __init__(self, library: Library, settings: Settings) -> None:
        super().__init__(library, settings)
        self._vocabulary: tuple[int, Vocabulary] | None = None
        self._reading_names = Lock()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        model: str | None = None,
        filters: Filters | None = None,
        within: Filters | None = None,
        strict: bool | None = None,
    ) -> Answer:
        """Answer a question in the light of earlier turns. `model` is a name; the settings' one without it.

        `filters` take the place of those that the question names. Nothing that does not meet `within`, the limits of a
        conversation, is used. `strict` leaves out what no passage supports; the settings say so without it.
        Raises QuestionError if it cannot be asked, ModelError if the model fails.
        """
        *_, answer = self.stream(question, history=history, model=model, filters=filters, within=within, strict=strict)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        model: str | None = None,
        filters: Filters | None = None,
        within: Filters | None = None,
        strict: bool | None = None,
    ) -> Iterator[Stage | str | Answer]:
        """Yield stages and pieces of text while the answer is made, and the whole Answer last."""
        watch = Stopwatch()
        choice = self.choice(model)
        with watch.measure("understand"):
            query = understood(question, self.vocabulary(), history=history)
            named = query.filters if filters is None else filters
            query = replace(query, filters=named, within=within or Filters())
        yield Stage("searching")
        strict = self.settings.strict if strict is None else strict
        reply: Reply | None = None
        events = with_disagreement(self._reply(query, choice, watch, strict=strict), query, self.library)
        for event in with_conflicts(events, query, self.library.catalogue):
            if isinstance(event, Reply):
                reply = event
            else:
                yield event
        assert reply is not None
        keys = self.library.catalogue.citation_keys([paper.paper_id for paper in reply.papers])
        yield _answer(query, reply, choice, watch, keys)

    def search(self, question: str, *, top_k: int) -> "SearchResult":
        """Return the passages closest to a question, among those that meet the filters it names."""
        query = understood(question, self.vocabulary())
        if not query.filters:  # then nothing of it is only an instruction: a typed title stays whole
            query = replace(query, text=query.question)
        return SearchResult(query, self.library.search(query.text, top_k=top_k, filters=query.filters))

    def turns(self, questions: Iterable[str]) -> list[Turn]:
        """Return earlier questions as turns, answered anew by the local model, for follow-ups to refer to."""
        turns: list[Turn] = []
        for question in questions:
            if understood(question, self.vocabulary()).decision is None:  # what was decided is not decided again
                turns.append(self.ask(question, history=turns, model=LOCAL).turn)
        return turns

    def vocabulary(self) -> Vocabulary:
        """Return the names in the library, read again after it has changed, once for all who wait for them."""
        with self._reading_names:
            revision = self.library.revision
            if self._vocabulary is None or self._vocabulary[0] != revision:
                self._vocabulary = revision, Vocabulary.of(self.library.catalogue)
            return self._vocabulary[1]

    # -- which kind of answer

    def _reply(
        self, query: Query, choice: ModelChoice, watch: Stopwatch, *, strict: bool
    ) -> Iterator[Stage | str | Reply]:
        if query.intent in (Intent.SMALL_TALK, Intent.ABOUT):
            yield from said(load_prompt(f"reply_{query.intent}", papers=str(len(self.library.catalogue.titles()))))
        elif query.decision:
            yield from decision_reply(query.decision, self.library, self.vocabulary().people)
        elif self.library.catalogue.is_empty():
            yield from said(load_prompt("reply_empty"), why=Abstention.NOT_IN_LIBRARY)
        elif asks_nothing(query):
            yield from said(load_prompt("reply_unclear"), why=Abstention.UNCLEAR)
        elif query.unknown_author or query.namesakes:
            why = Abstention.UNCLEAR if query.namesakes else Abstention.NOT_IN_LIBRARY
            yield from said(self._which_author(query), why=why)
        elif why_not := outside(query, self.library):
            yield from refused(why_not)
        elif query.intent is Intent.COAUTHORS:
            yield from coauthor_reply(query, self.library, self.vocabulary().people, watch)
        elif query.intent in SECTIONS:
            yield from section_reply(query, self.library, self.vocabulary().people, choice, self.settings, watch)
        elif query.intent in LISTS:
            yield from list_reply(query, self.library, watch)
        elif query.intent in _LOOKED_UP:
            yield from self._looked_up(query, watch)
        else:
            yield from self._written(query, choice, watch, strict=strict)

    def _which_author(self, query: Query) -> str:
        if query.namesakes:
            return f"Several authors have that name: {shown_names(query.namesakes)}. Ask again with the full name."
        text = f"No paper in the library is by {query.unknown_author}."
        near = self.vocabulary().people.alike(query.unknown_author or "")
        return f"{text} Did you mean {' or '.join(near)}?" if near else text

    # -- from the catalogue

    def _looked_up(self, query: Query, watch: Stopwatch) -> Iterator[Stage | str | Reply]:
        found = self._found(query, watch)
        fitting = fits(query.text, found.passages, self.library.term_weights)
        if not query.subjects and (not fitting or unknown_name(query.question, found.passages, in_titles=True)):
            yield from refused(unanswered(query, found, self.library, wrote=False))
            return
        if query.intent is Intent.AUTHORS and (why_not := beyond_authors(query, found, self.library)):
            yield from refused(why_not)
            return
        ids = query.subjects or (fitting[0].passage.paper_id,)
        papers = {paper.paper_id: paper for paper in self.library.catalogue.papers(ids)}
        chosen = [papers[paper_id] for paper_id in ids if paper_id in papers]
        lines, is_stated = _LOOKED_UP[query.intent]
        if any(map(is_stated, chosen)):
            yield from computed(lines(chosen))
        else:
            yield from said(" ".join(without_markers(line.text) for line in lines(chosen)), why=Abstention.NOT_STATED)

    # -- by a chat model

    def _written(
        self, query: Query, choice: ModelChoice, watch: Stopwatch, *, strict: bool
    ) -> Iterator[Stage | str | Reply]:
        found = self._found(query, watch)
        if why_not := refusal(query, found, self.library):  # no model is asked what the evidence cannot answer
            yield from refused(why_not)
            return
        yield from written(query, found, choice, self.settings, self.library, watch, strict=strict)

    def _found(self, query: Query, watch: Stopwatch) -> Found:
        with watch.measure("retrieve"):
            return evidence_for(query, self.library, self.vocabulary(), top_k=self.settings.evidence_passages)


def _answer(query: Query, reply: Reply, choice: ModelChoice, watch: Stopwatch, keys: Mapping[str, str]) -> Answer:
    cited = {paper.paper_id for paper in reply.papers}
    read = dict.fromkeys(passage.paper_id for passage in reply.evidence if passage.paper_id not in cited)
    return Answer(
        question=query.question,
        query=query.text,
        intent=query.intent,
        filters=filters_record(query.searched),
        text=reply.text,
        abstained=bool(reply.abstention),
        sentences=reply.sentences,
        citations=reply.citations,
        references=references(reply.papers, keys),
        model=choice.name,
        usage=reply.usage,
        timings_ms=watch.timings(),
        incomplete=reply.incomplete,
        notes=reply.notes,
        papers=reply.found,
        chips=tuple(chips(query.filters)),
        topic=query.topic or query.text,
        subjects=query.subjects,
        also_read=tuple(read),
        abstention=reply.abstention,
    )
