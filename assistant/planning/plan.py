"""Plan: what a question asks for, as operations with typed arguments. After it nobody looks at the question's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, model_validator

from vectorstore.catalogue.author_decisions import Kind
from vectorstore.catalogue.filters import Filters

MOST_LISTED = 50  # papers of a list
MOST_WORDINGS = 4  # of a search
MOST_STEPS = 10
MOST_NAMED = 100  # papers or people of a step

Text = Annotated[str, Field(max_length=4000)]
Count = Annotated[int, Field(ge=1, le=1000)]
Names = Annotated[tuple[Text, ...], Field(max_length=MOST_NAMED)]


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    MOST_AUTHORS = "most authors"
    FEWEST_AUTHORS = "fewest authors"
    HIGHEST_SCORE = "highest score"


class Arguments(BaseModel):
    """What an operation is asked with."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Scope(Arguments):
    """Which papers an operation looks at: all, or those named, or those that meet filters."""

    papers: Names = Field((), description="the papers meant, by id or title")
    filters: Filters = Field(Filters(), description="what each paper must meet")
    of_step: Annotated[int, Field(ge=1, le=MOST_STEPS)] | None = Field(
        None, description="the papers found by this earlier step, counted from 1"
    )


class Topical(Scope):
    topic: Text = Field("", description="what the papers are about, in a few words")


class Passages(Scope):
    """Read what papers say, to answer a question about their contents."""

    query: Text = Field(description="what is searched for")
    question: Text = Field("", description="the question, so that it can be understood alone")
    wordings: tuple[Text, ...] = Field((), max_length=MOST_WORDINGS, description="other wordings of the search")
    seeks: Literal["fact", "figure", "definition"] = "fact"
    subject: Text = Field("", description="what is to be defined, where a definition is sought")


class Papers(Topical):
    """List papers, the closest or the newest first."""

    order: Order | None = None
    limit: Count | None = Field(None, description="how many papers at most")
    question: Text = Field(
        "", description="what is asked of each paper, where its line is to say more than its subject"
    )
    answer: bool = Field(False, description="whether the question is answered where there is one paper alone")
    spoken_of: tuple[Text, ...] = Field(
        (), description="ids of papers that such a question is answered from if they do"
    )
    offset: Annotated[int, Field(ge=0)] = Field(0, description="how many were shown before")


class Counts(Topical):
    """Count papers, all together or in groups."""

    by: Literal["", "year", "month", "author", "category", "listing", "organization", "code"] = ""
    top: Count | None = Field(None, description="how many of the largest groups")
    share: bool = Field(False, description="say what part of the library they are")


class LibraryFacts(Arguments):
    """Say what the library holds: how many papers from when, its listings, its themes."""

    aspect: Literal["overview", "listings", "themes"] = "overview"


PaperField = Literal[
    "authors", "date", "code", "bibtex", "category", "organization", "venue", "doi", "arxiv_id", "listing", "address"
]


class PaperFacts(Topical):
    """Look up what the catalogue knows of papers. `topic` finds the paper where none is named."""

    fields: tuple[PaperField, ...] = Field(min_length=1)


class Compare(Scope):
    """Set papers, or the papers on several things, side by side."""

    question: Text = Field("", description="what is asked of each, where it is more than how they differ")
    sides: tuple[Text, ...] = Field((), max_length=8, description="what is compared, where it is no paper's name")


SurveyAspect = Literal["approaches", "reading_order", "trends", "findings", "limitations"]


class Survey(Topical):
    """Read all papers on a topic, for an overview: approaches, trends, findings, disagreements, what to read first."""

    aspect: SurveyAspect = Field(
        "approaches", description="what of them is told; findings also for what they agree or disagree on"
    )


class AuthorWork(Topical):
    """Sum up the work of an author."""

    name: Text


class Coauthors(Topical):
    """Say with whom an author wrote papers."""

    name: Text


class AuthorFigures(Arguments):
    """Say what an author's profile page gives: h-index, citations, number of papers."""

    name: Text


class ByAuthors(Scope):
    """List the other papers by the authors of a paper."""


class RelatedWork(Topical):
    """Write a related-work section."""


class Table(Topical):
    """Make a table of papers: problem, method, result, data, code, date."""

    columns: Names = Field((), description="what is asked of each paper, a column each, in place of these")


class Similar(Scope):
    """List the papers closest to given ones."""

    limit: Count | None = None


class Rework(Arguments):
    """Do something to the answer before: put it otherwise, or show what it rests on."""

    how: Literal["form", "sure", "sources", "quotes"] = Field(
        "form", description="form: shorter, simpler, longer, as bullets, in another language; quotes: the exact words"
    )


class Decide(Arguments):
    """Decide that an author's name is two people (split), or two names one person (merge), or undo that (None)."""

    kind: Kind | None
    names: Names = ()
    papers: Names = ()


class Talk(Arguments):
    """Answer a greeting, a question about the assistant itself, or one that names nothing to look for."""

    about: Literal["greeting", "abilities", "unclear"]


class UnknownAuthor(Arguments):
    """Say that nobody, or several people, are called so."""

    name: Text
    near: Names = Field((), description="whom it may mean")
    ambiguous: bool = False


class UnknownName(Arguments):
    """Say that no paper of the library has an identifier, or appeared in a venue."""

    kind: Literal["DOI", "arXiv id", "venue"]
    name: Text


OPERATIONS: Mapping[str, type[Arguments]] = {
    "passages": Passages,
    "papers": Papers,
    "count": Counts,
    "library": LibraryFacts,
    "facts": PaperFacts,
    "compare": Compare,
    "survey": Survey,
    "author": AuthorWork,
    "coauthors": Coauthors,
    "author_figures": AuthorFigures,
    "by_authors": ByAuthors,
    "related_work": RelatedWork,
    "table": Table,
    "similar": Similar,
    "rework": Rework,
    "decide": Decide,
    "talk": Talk,
    "unknown_author": UnknownAuthor,
    "unknown_name": UnknownName,
}
_NAMES = {arguments: name for name, arguments in OPERATIONS.items()}


class Step(BaseModel):
    """One operation and what it is asked with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    operation: str
    arguments: SerializeAsAny[Arguments]

    @model_validator(mode="before")
    @classmethod
    def _typed(cls, given: Any) -> Any:
        """Read the arguments as those of the operation. Raises ValueError if there is no such operation."""
        if isinstance(given, Mapping) and isinstance(given.get("arguments"), Mapping):
            operation = str(given.get("operation"))
            if operation not in OPERATIONS:
                raise ValueError(f"there is no operation {operation!r}")
            return {**given, "arguments": OPERATIONS[operation].model_validate(given["arguments"])}
        return given

    @classmethod
    def of(cls, arguments: Arguments) -> "Step":
        return cls(operation=_NAMES[type(arguments)], arguments=arguments)


class Form(BaseModel):
    """The form that a question wants its answer in; what is empty is left to the answer."""

    model_config = ConfigDict(frozen=True)

    sentences: Annotated[int, Field(ge=1, le=100)] | None = None
    words: Annotated[int, Field(ge=1, le=5000)] | None = None
    length: Literal["", "short", "long"] = ""
    layout: Literal["", "bullets", "table"] = ""
    language: Annotated[str, Field(max_length=40)] = ""
    reader: Annotated[str, Field(max_length=80)] = ""  # for whom it is: "a beginner"

    def __bool__(self) -> bool:
        return self != Form()


class Correction(BaseModel):
    """A name as it was typed, and the author or title that it was taken for."""

    model_config = ConfigDict(frozen=True)

    typed: str
    meant: str


class Plan(BaseModel):
    """The steps that answer a question, the form wanted, and what of the question was understood."""

    model_config = ConfigDict(frozen=True)

    steps: Annotated[tuple[Step, ...], Field(max_length=MOST_STEPS)] = ()
    form: Form = Form()
    refers_to: tuple[str, ...] = ()  # papers of earlier turns that "it", "those", "the second one" mean, by id
    not_understood: tuple[str, ...] = ()  # words of the question
    corrections: tuple[Correction, ...] = ()
    offered: tuple[Step, ...] = ()  # what "yes" to the answer asks for
    planner: str = "local"

    def record(self) -> dict[str, Any]:
        """Return the plan for JSON: what is not said is left out."""
        record = self.model_dump(mode="json", exclude_defaults=True)
        steps = [{"arguments": {}, **step} for step in record.get("steps", ())]
        kept = {"form": {}, "refers_to": [], "not_understood": [], **record, "steps": steps}
        return {name: kept[name] for name in ("steps", *(name for name in kept if name != "steps"))}

    @property
    def filters(self) -> Filters:
        """The filters of its first step that has any."""
        scopes = (step.arguments for step in self.steps if isinstance(step.arguments, Scope))
        return next((scope.filters for scope in scopes if scope.filters), Filters())

    @property
    def topic(self) -> str:
        """What its first step is about, in words."""
        for step in self.steps:
            words = getattr(step.arguments, "topic", "") or getattr(step.arguments, "query", "")
            if words:
                return str(words)
        return ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an abstract that an answer rested on."""

    paper_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question and what became of it: its plan, its answer, and the papers that this referred to, in the
    order of its references."""

    question: str
    plan: Plan = field(default_factory=Plan)
    paper_ids: tuple[str, ...] = ()
    text: str = ""
    quotes: tuple[Quote, ...] = ()

    @property
    def told_of(self) -> tuple[str, ...]:
        """The ids of the papers that it says anything of."""
        named = (step.arguments.papers for step in self.plan.steps if isinstance(step.arguments, Scope))
        quoted = (one.paper_id for one in self.quotes)
        return (*self.paper_ids, *self.plan.refers_to, *quoted, *(paper_id for papers in named for paper_id in papers))

    def moved(self, ids: Mapping[str, str]) -> "Turn":
        """Return the turn with the ids that papers have now; `ids` has these by the former ones."""

        def now(paper_ids: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(ids.get(one, one) for one in paper_ids))

        def of_now(step: Step) -> Step:
            if not isinstance(step.arguments, Scope):
                return step
            return Step.of(step.arguments.model_copy(update={"papers": now(step.arguments.papers)}))

        plan = self.plan.model_copy(
            update={
                "steps": tuple(map(of_now, self.plan.steps)),
                "offered": tuple(map(of_now, self.plan.offered)),
                "refers_to": now(self.plan.refers_to),
            }
        )
        quotes = tuple(replace(one, paper_id=ids.get(one.paper_id, one.paper_id)) for one in self.quotes)
        return replace(self, plan=plan, paper_ids=now(self.paper_ids), quotes=quotes)
