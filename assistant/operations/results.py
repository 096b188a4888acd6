"""What an operation finds, and what it may look at."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from threading import Event
from typing import TypeVar, cast

from assistant.facts.catalogue_answers import Line
from assistant.manuscripts.related_papers import Related, Wanted
from assistant.models.providers import LOCAL, ModelChoice
from assistant.planning.plan import Plan, Step, Turn
from assistant.planning.vocabulary import Vocabulary
from assistant.records import Abstention, Closest, Usage
from assistant.stopwatch import Stopwatch
from vectorstore.catalogue.filters import Filters
from vectorstore.errors import STOPPED, AnswerStopped
from vectorstore.library import Library
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import Passage
from vectorstore.search.retriever import RetrievedPassage

_Event = TypeVar("_Event")
_End = TypeVar("_End")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is put: after which turns, to which model, within which limits, and how strictly checked.

    `filters` take the place of those that the question names. Once `stop` is set, no more of the answer is written.
    """

    question: str
    choice: ModelChoice
    history: Sequence[Turn] = ()
    filters: Filters | None = None
    within: Filters = field(default_factory=Filters)
    strict: bool = False
    watch: Stopwatch = field(default_factory=Stopwatch)
    stop: Event = field(default_factory=Event)

    def until_stopped(self, events: Generator[_Event, None, _End]) -> Generator[_Event, None, _End]:
        """Pass on what is done for the answer. Raises AnswerStopped, and closes it, at the next step after `stop`."""
        with closing(events):
            while True:
                try:
                    event = next(events)
                except StopIteration as end:
                    return cast("_End", end.value)
                if self.stop.is_set():
                    raise AnswerStopped(STOPPED)
                yield event


@dataclass(frozen=True, slots=True)
class Planned:
    """A question and its plan."""

    asked: Asked
    plan: Plan
    usage: Usage = field(default_factory=Usage)  # of a model that planned


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step finds nothing, for programs and for readers."""

    why: Abstention
    text: str
    closest: tuple[Closest, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What a step found: lines that are computed, or passages that a text is to be written from.

    `papers` are all papers found, also those that a list does not show. `is_final`: no model is asked about it.
    """

    step: Step
    lines: tuple[Line, ...] = ()
    passages: tuple[RetrievedPassage, ...] = ()
    papers: tuple[Paper, ...] = ()
    refusal: Refusal | None = None
    is_final: bool = False
    missing: tuple[str, ...] = ()  # sides of a comparison that no paper is about
    wanted: Wanted | None = None  # of a related-work section
    related: Related | None = None
    notes: tuple[str, ...] = ()
    again: tuple["Result", ...] = ()  # of the plan before, where its answer is to be put otherwise


@dataclass(frozen=True, slots=True)
class Gathered:
    """A plan and what its steps found, in their order."""

    asked: Asked
    plan: Plan
    results: tuple[Result, ...]
    usage: Usage = field(default_factory=Usage)  # of a model that planned


@dataclass(frozen=True, slots=True)
class Sources:
    """What an operation may look at: the library, its names, the limits of the conversation, and what came before."""

    library: Library
    vocabulary: Vocabulary
    question: str = ""
    within: Filters = field(default_factory=Filters)
    history: Sequence[Turn] = ()
    results: tuple[Result, ...] = ()  # of the steps before
    top_k: int = 8  # passages of a search
    model: str = LOCAL  # that writes
    stop: Event = field(default_factory=Event)  # of the answer: once it is set, nothing more is read for it

    @property
    def among(self) -> str:
        """That there are limits, in words to stand behind "papers"; nothing without any."""
        return " within the limits of this conversation" if self.within else ""

    def limited(self, filters: Filters) -> Filters:
        """Return filters that nothing outside of the limits meets."""
        return replace(filters, also=(*filters.also, self.within)) if self.within else filters

    def papers_of(self, step: int | None) -> tuple[str, ...]:
        """Return the ids of the papers that an earlier step found, () if there is no such step."""
        if step is None or step > len(self.results):
            return ()
        return tuple(paper.paper_id for paper in self.results[step - 1].papers)


def whole(paper: Paper) -> Passage:
    """Return a paper's whole abstract as a passage."""
    return Passage(f"{paper.paper_id}:0", paper.paper_id, paper.title, paper.abstract, 0, len(paper.abstract))


def read_whole(papers: Sequence[Paper]) -> tuple[RetrievedPassage, ...]:
    """Return the whole abstracts of papers that were not searched for."""
    return tuple(RetrievedPassage(whole(paper), 0.0, 0.0, 0.0) for paper in papers)
