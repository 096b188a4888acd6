"""The chain: question -> query -> evidence -> prompt -> model -> citations -> verdicts."""

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage

from assistant.bibliography import citation_key
from assistant.catalogue_answers import Line, described, in_order, listed, when_published, who_wrote
from assistant.citations import MarkerFilter, cited_sentences
from assistant.composition import NOT_IN_THE_LIBRARY
from assistant.evidence import Evidence, evidence_lines, numbered
from assistant.followups import is_pronoun
from assistant.grounding import grounded
from assistant.models import ModelChoice, chat_model, model_choice, model_error
from assistant.plain_text import plain_text
from assistant.prompts import load_prompt
from assistant.query import Intent, Query, Turn
from assistant.question import understood
from assistant.records import Answer, Citation, Reference, Sentence, Usage, Verdict, filters_record
from assistant.relevance import about, gap
from assistant.settings import Settings
from assistant.vocabulary import Vocabulary
from vectorstore.errors import AssistantError
from vectorstore.library import Library
from vectorstore.papers import Paper
from vectorstore.passages import Passage, split_paper
from vectorstore.retriever import RetrievedPassage
from vectorstore.tokens import count_tokens

_LIST_CANDIDATES = 60
_LONGEST_EVIDENCE = 8000  # characters of an abstract that is given whole
_FORMS = {Intent.DEFINE: "define", Intent.FIGURE: "figure", Intent.COMPARE: "compare"}
_ALTERNATIVES = re.compile(r"\s*(?:,|;|\bor\b|\band/or\b)\s*")


@dataclass(frozen=True, slots=True)
class Stage:
    """What the chain is doing, for the reader who waits: "searching", "reading 8 passages", "writing", "checking"."""

    doing: str


@dataclass(frozen=True, slots=True)
class _Reply:
    """A text with what it rests on, before it becomes an Answer."""

    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...] = ()
    papers: tuple[Paper, ...] = ()  # in the order of their reference numbers
    abstained: bool = False
    usage: Usage = field(default_factory=Usage)


@dataclass
class _Stopwatch:
    """Milliseconds by what they were spent on."""

    spent: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.spent[name] = round(self.spent.get(name, 0.0) + (time.perf_counter() - begun) * 1000, 1)

    def timings(self) -> dict[str, float]:
        return {**self.spent, "total": round((time.perf_counter() - self.started) * 1000, 1)}


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
            }
            for rank, item in enumerate(self.found, 1)
        ]
        return {"query": self.query.text, "filters": filters_record(self.query.filters), "results": results}


class Assistant:
    """Answers questions on one library."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self.library = library
        self.settings = settings
        self._vocabulary: tuple[int, Vocabulary] | None = None

    def ask(self, question: str, *, history: Sequence[Turn] = (), model: str | None = None) -> Answer:
        """Answer a question in the light of earlier turns. `model` is a name; the settings' one without it.

        Raises QuestionError if it cannot be asked, ModelError if the model fails.
        """
        *_, answer = self.stream(question, history=history, model=model)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), model: str | None = None
    ) -> Iterator[Stage | str | Answer]:
        """Yield stages and pieces of text while the answer is made, and the whole Answer last."""
        watch = _Stopwatch()
        choice = model_choice(model or self.settings.model, self.settings)
        with watch.measure("understand"):
            query = understood(question, self.vocabulary(), history=history)
        yield Stage("searching")
        reply: _Reply | None = None
        for event in self._reply(query, choice, watch):
            if isinstance(event, _Reply):
                reply = event
            else:
                yield event
        assert reply is not None
        yield _answer(query, reply, choice, watch)

    def search(self, question: str, *, top_k: int) -> "SearchResult":
        """Return the passages closest to a question, among those that meet the filters it names."""
        query = understood(question, self.vocabulary())
        return SearchResult(query, self.library.search(query.text, top_k=top_k, filters=query.filters))

    def turns(self, questions: Iterable[str]) -> list[Turn]:
        """Return earlier questions as turns, answered anew by the local model, so that a follow-up can refer to "
        "them."""
        turns: list[Turn] = []
        for question in questions:
            turns.append(self.ask(question, history=turns, model="local:extractive").turn)
        return turns

    def vocabulary(self) -> Vocabulary:
        """Return the names in the library, read again after it has changed."""
        revision = self.library.revision
        if self._vocabulary is None or self._vocabulary[0] != revision:
            self._vocabulary = revision, Vocabulary.of(self.library.catalogue)
        return self._vocabulary[1]

    # -- which kind of answer

    def _reply(self, query: Query, choice: ModelChoice, watch: _Stopwatch) -> Iterator[Stage | str | _Reply]:
        if query.intent in (Intent.SMALL_TALK, Intent.ABOUT):
            yield from _said(load_prompt(f"reply_{query.intent}", papers=str(len(self.library.catalogue.titles()))))
        elif query.unknown_author or query.namesakes:
            yield from _said(self._which_author(query), abstained=True)
        elif query.intent in (Intent.LIST, Intent.COUNT):
            yield from self._listed(query, watch)
        elif query.intent in (Intent.AUTHORS, Intent.DATE):
            yield from self._looked_up(query, watch)
        else:
            yield from self._written(query, choice, watch)

    def _which_author(self, query: Query) -> str:
        if query.namesakes:
            return f"Several authors have that name: {', '.join(query.namesakes)}. Ask again with the full name."
        text = f"No paper in the library is by {query.unknown_author}."
        near = self.vocabulary().closest_people(query.unknown_author or "")
        return f"{text} Did you mean {' or '.join(near)}?" if near else text

    # -- from the catalogue

    def _listed(self, query: Query, watch: _Stopwatch) -> Iterator[Stage | str | _Reply]:
        with watch.measure("retrieve"):
            papers = self._papers_about(query) if query.topic else self.library.papers(query.filters)
        papers = in_order(query, papers)
        if papers or (query.intent is Intent.COUNT and not query.topic):
            yield from _computed(listed(query, papers))
        else:
            yield from _said(self._nothing_about(query), abstained=True)

    def _papers_about(self, query: Query) -> list[Paper]:
        """Return the papers about any of the topic's alternatives ("a, b or c"), closest first."""
        best: dict[str, float] = {}
        for topic in dict.fromkeys(filter(None, [query.topic, *_ALTERNATIVES.split(query.topic)])):
            found = self.library.search(topic, top_k=_LIST_CANDIDATES, filters=query.filters)
            for passage in about(topic, found, self.library.term_weights):
                paper_id = passage.passage.paper_id
                best[paper_id] = max(best.get(paper_id, 0.0), passage.similarity)
        papers = {paper.paper_id: paper for paper in self.library.catalogue.papers(best)}
        return [papers[paper_id] for paper_id in sorted(best, key=lambda key: (-best[key], key))]

    def _nothing_about(self, query: Query) -> str:
        topic = f" about “{query.topic}”" if query.topic else ""
        text = f"The library has no paper{described(query.filters)}{topic}."
        if not query.topic:
            return text
        closest = self.library.search(query.topic, top_k=2, filters=query.filters)
        return text + _closest(closest)

    def _looked_up(self, query: Query, watch: _Stopwatch) -> Iterator[Stage | str | _Reply]:
        with watch.measure("retrieve"):
            found, named = self._evidence(query, top_k=self.settings.evidence_passages)
        lacking = None if query.subjects else gap(query.text, found, self.library.term_weights)
        if not found or lacking:
            yield from _said(_refusal(query, found, named, lacking.missing if lacking else ()), abstained=True)
            return
        ids = query.subjects or (found[0].passage.paper_id,)
        papers = {paper.paper_id: paper for paper in self.library.catalogue.papers(ids)}
        chosen = [papers[paper_id] for paper_id in ids if paper_id in papers]
        undated = query.intent is Intent.DATE and all(paper.published is None for paper in chosen)
        lines = who_wrote(chosen) if query.intent is Intent.AUTHORS else when_published(chosen)
        yield from _computed(lines, abstained=undated)

    # -- by a chat model

    def _written(self, query: Query, choice: ModelChoice, watch: _Stopwatch) -> Iterator[Stage | str | _Reply]:
        with watch.measure("retrieve"):
            found, named = self._evidence(query, top_k=self.settings.evidence_passages)
            lacking = (
                None
                if query.intent is Intent.COMPARE
                else gap(query.asked, found, self.library.term_weights, named=named)
            )
        if not found or lacking:
            yield from _said(_refusal(query, found, named, lacking.missing if lacking else ()), abstained=True)
            return
        papers = {p.paper_id: p for p in self.library.catalogue.papers({f.passage.paper_id for f in found})}
        evidence = {
            number: (numbered(number, passage.passage, papers[passage.passage.paper_id]), passage.passage)
            for number, passage in enumerate(found, 1)
        }
        evidence = self._within_budget(evidence)
        yield Stage(f"reading {len(evidence)} passages")
        messages = _messages(query, [item for item, _ in evidence.values()])
        markers = MarkerFilter(evidence.keys())
        pieces: list[str] = []
        usage = Usage()
        with watch.measure("generate"):
            for event in _generated(messages, choice, self.settings):
                if isinstance(event, Usage):
                    usage = event
                elif shown := markers.feed(event):
                    pieces.append(shown)
                    if NOT_IN_THE_LIBRARY[:8] not in "".join(pieces)[:40]:
                        yield shown
            pieces.append(markers.flush())
        text = "".join(pieces).strip()
        if NOT_IN_THE_LIBRARY in text or not text:
            yield from _said(_refusal(query, found, named, ()), abstained=True, usage=usage)
            return
        yield Stage("checking")
        with watch.measure("check"):
            cited = {number: evidence[key] for number, key in enumerate(markers.cited, 1)}
            yield _checked(text, cited, papers, usage)

    def _evidence(self, query: Query, *, top_k: int) -> tuple[list[RetrievedPassage], list[str]]:
        """Return the passages for a question, and the titles that it names. A named paper is the only evidence."""
        if query.operands:
            return self._whole(self._operands(query)), []
        if query.subjects:
            filters = replace(query.filters, paper_ids=query.subjects)
            found = self._whole(self.library.search(query.text, top_k=top_k, filters=filters))
            return found, [passage.passage.title for passage in found]
        return self._whole(self.library.search(query.text, top_k=top_k, filters=query.filters)), []

    def _whole(self, found: Sequence[RetrievedPassage]) -> list[RetrievedPassage]:
        """Return the passages widened to the whole abstract: what is asked may stand in its other passage."""
        abstracts = {
            paper.paper_id: paper.abstract
            for paper in self.library.catalogue.papers({item.passage.paper_id for item in found})
            if len(paper.abstract) <= _LONGEST_EVIDENCE
        }
        return [
            replace(item, passage=replace(item.passage, text=abstract, start=0, end=len(abstract)))
            if (abstract := abstracts.get(item.passage.paper_id))
            else item
            for item in found
        ]

    def _operands(self, query: Query) -> list[RetrievedPassage]:
        """Return one passage for each side of a comparison: of the paper it names, or of the closest one."""
        chosen: dict[str, RetrievedPassage] = {}
        for operand in query.operands:
            named = [ids[0] for ids, _ in self.vocabulary().papers_in(operand) if len(ids) == 1]
            ids = tuple(named) or (query.subjects[:1] if is_pronoun(operand) else None)
            filters = replace(query.filters, paper_ids=ids) if ids else query.filters
            for passage in self.library.search(operand, top_k=3, filters=filters):
                answerable = ids or gap(operand, [passage], self.library.term_weights) is None
                if passage.passage.paper_id not in chosen and answerable:
                    chosen[passage.passage.paper_id] = passage
                    break
        return list(chosen.values()) if len(chosen) == len(query.operands) else []

    def _within_budget(self, evidence: dict[int, tuple[Evidence, Passage]]) -> dict[int, tuple[Evidence, Passage]]:
        """Return the strongest evidence that fits the token budget; the first passage always does."""
        kept: dict[int, tuple[Evidence, Passage]] = {}
        tokens = 0
        for number, item in evidence.items():
            tokens += count_tokens(evidence_lines([item[0]]))
            if kept and tokens > self.settings.evidence_tokens:
                break
            kept[number] = item
        return kept


def _messages(query: Query, evidence: Sequence[Evidence]) -> list[BaseMessage]:
    form = _FORMS.get(query.intent, "fact")
    user = load_prompt(
        "answer_user",
        evidence=evidence_lines(evidence),
        form=form,
        form_instruction=load_prompt(f"form_{form}"),
        question=_standing_alone(query, evidence),
    )
    return [SystemMessage(load_prompt("answer_system")), HumanMessage(user)]


def _standing_alone(query: Query, evidence: Sequence[Evidence]) -> str:
    """Return the question as it can be understood without the turns before it."""
    if not query.from_before or query.operands:
        return query.question
    titles = " and ".join(f"“{title}”" for title in dict.fromkeys(item.short_title for item in evidence))
    return f"What is {titles}?" if query.intent is Intent.DEFINE else f"{query.question} (about {titles})"


def _generated(messages: list[BaseMessage], choice: ModelChoice, settings: Settings) -> Iterator[str | Usage]:
    """Yield the model's text as it comes, then its usage. A vendor's error becomes a ModelError."""
    model: BaseChatModel = chat_model(choice, settings)
    written: list[str] = []
    counted = None
    try:
        for chunk in model.stream(messages):
            written.append(chunk.text)
            counted = (chunk.usage_metadata if isinstance(chunk, AIMessageChunk) else None) or counted
            yield chunk.text
    except AssistantError:
        raise
    except Exception as error:  # LangChain hands on whatever the vendor's client raises
        if choice.base_url is None:
            raise
        raise model_error(error, choice) from error
    if counted:
        yield Usage(counted["input_tokens"], counted["output_tokens"])
    else:
        prompt = "".join(message.text for message in messages)
        yield Usage(count_tokens(prompt), count_tokens("".join(written)), estimated=True)


def _checked(
    text: str, cited: Mapping[int, tuple[Evidence, Passage]], papers: Mapping[str, Paper], usage: Usage
) -> _Reply:
    """Return a model's text with the verdict of each sentence and the quotes that support it."""
    sentences: list[Sentence] = []
    citations: dict[tuple[int, int, int], Citation] = {}
    for sentence, numbers in cited_sentences(text):
        found = grounded(sentence, {number: cited[number] for number in numbers if number in cited})
        sentences.append(Sentence(sentence, found.verdict, numbers))
        for number, span in found.spans.items():
            paper = papers[span.passage.paper_id]
            citations[number, span.start, span.end] = Citation(
                number,
                paper.paper_id,
                next(part.passage_id for part in split_paper(paper) if span.start <= part.end),
                paper.abstract[span.start : span.end],
                span.start,
                span.end,
            )
    return _Reply(
        text=text,
        sentences=tuple(sentences),
        citations=tuple(citations.values()),
        papers=tuple(papers[passage.paper_id] for _, passage in cited.values()),
        usage=usage,
    )


def _computed(lines: Iterable[Line], *, abstained: bool = False) -> Iterator[str | _Reply]:
    """Yield computed lines as they come, then the reply. Each line with papers cites them by the next numbers."""
    shown: list[str] = []
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    papers: dict[str, Paper] = {}
    for line in lines:
        numbers = []
        for paper in line.papers:
            papers.setdefault(paper.paper_id, paper)
            number = list(papers).index(paper.paper_id) + 1
            start = paper.abstract.find(line.quote) if line.quote else 0
            citation = Citation(
                number, paper.paper_id, f"{paper.paper_id}:0", line.quote, start, start + len(line.quote)
            )
            numbers.append(number)
            if citation not in citations:
                citations.append(citation)
        separator = "\n\n" if len(shown) == 1 and re.match(r"\d+\. ", line.text) else "\n"
        piece = (separator if shown else "") + line.text
        shown.append(piece)
        sentences.append(Sentence(line.text, Verdict.COMPUTED, tuple(numbers)))
        yield piece
    yield _Reply("".join(shown), tuple(sentences), tuple(citations), tuple(papers.values()), abstained=abstained)


def _said(text: str, *, abstained: bool = False, usage: Usage | None = None) -> Iterator[str | _Reply]:
    yield text
    yield _Reply(text, (Sentence(text, Verdict.NOT_A_CLAIM),), abstained=abstained, usage=usage or Usage())


def _refusal(query: Query, found: Sequence[RetrievedPassage], named: Sequence[str], missing: Sequence[str]) -> str:
    """Return what was searched, what is missing, and what is closest."""
    if named:
        lacks = f"; it has nothing on “{' '.join(missing)}”" if missing else ""
        return f"The abstract of “{plain_text(named[0])}” does not say this{lacks}."
    text = f"The library does not answer this; I searched the papers{described(query.filters)} for “{query.text}”."
    return text + _closest(found[:2])


def _closest(found: Sequence[RetrievedPassage]) -> str:
    titles = [f"“{plain_text(passage.passage.title)}”" for passage in found]
    if not titles:
        return ""
    return f" The closest {'paper is' if len(titles) == 1 else 'papers are'} {' and '.join(titles)}."


def _answer(query: Query, reply: _Reply, choice: ModelChoice, watch: _Stopwatch) -> Answer:
    references = tuple(
        Reference(
            number=number,
            paper_id=paper.paper_id,
            title=paper.title,
            authors=paper.people,
            authors_complete=paper.authors_complete,
            published=paper.published.isoformat() if paper.published else None,
            key=citation_key(paper),
        )
        for number, paper in enumerate(reply.papers, 1)
    )
    return Answer(
        question=query.question,
        query=query.text,
        intent=query.intent,
        filters=filters_record(query.filters),
        text=reply.text,
        abstained=reply.abstained,
        sentences=reply.sentences,
        citations=reply.citations,
        references=references,
        model=choice.name,
        usage=reply.usage,
        timings_ms=watch.timings(),
        topic=query.topic or query.text,
    )
