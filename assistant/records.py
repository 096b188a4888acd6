"""What an answer is made of. `asdict(answer)` is the JSON of the command line."""

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from assistant.planning.chips import Chip
from assistant.planning.plan import Plan, Quote, Turn
from vectorstore.catalogue.filters import Filters


class Verdict(StrEnum):
    """How a sentence rests on what it cites."""

    SUPPORTED = "supported"  # a passage says it, nearly word for word
    QUOTED = "quoted"  # it cites a passage, against which nothing speaks that can be checked exactly
    CONTRADICTED = "contradicted"  # a passage speaks against it
    UNSUPPORTED = "unsupported"  # it cites nothing, or a number or name of it is in none of the passages it cites
    COMPUTED = "computed"  # from the catalogue
    NOT_A_CLAIM = "not_a_claim"

    @property
    def is_marked(self) -> bool:
        """Whether a sentence of this verdict is marked where it is read, and left out of strict answers."""
        return self in (Verdict.CONTRADICTED, Verdict.UNSUPPORTED)

    @classmethod
    def _missing_(cls, value: object) -> "Verdict | None":
        return cls.QUOTED if value == "weak" else None  # as older answers were kept


class By(StrEnum):
    """Who came to a verdict."""

    NOBODY = ""  # nothing decided it: it is quoted, computed or no claim
    WORDS = "words"  # the passage's own
    EXACT = "exact"  # a check of numbers, names, opposites and negations
    JUDGE = "judge"  # a model

    @classmethod
    def of(cls, verdict: Verdict) -> "By":
        """Return what came to a verdict that no judge gave."""
        if verdict is Verdict.SUPPORTED:
            return cls.WORDS
        return cls.EXACT if verdict.is_marked else cls.NOBODY


class Abstention(StrEnum):
    """Why a question was not answered."""

    NONE = ""  # it was
    OFF_TOPIC = "off_topic"  # it is about nothing that the library's papers are about
    NOT_IN_LIBRARY = "not_in_library"  # other papers might answer it
    NOT_STATED = "not_stated"  # the paper is there, and its abstract does not say it
    OUTSIDE_LIMITS = "outside_limits"  # it names a paper outside of its conversation's limits, or none lies within them
    UNCLEAR = "unclear"  # it names nothing to look for, or several authors at once


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being done, for the reader who waits: "searching", "reading 8 passages", "writing", "checking".

    Once the passages for a text are chosen, `read` are the ids of their papers, and `cited` those that the text cites
    so far, in the order of its numbers: [1] is the first of them.
    """

    doing: str
    read: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer, `answer.text[start:end] == text`, its verdict and what it rests on."""

    text: str
    verdict: Verdict
    citations: tuple[int, ...] = ()  # numbers of references
    start: int = 0
    end: int = 0
    quotes: tuple[int, ...] = ()  # the places in `answer.citations` of its quotes
    reason: str = ""  # why it is contradicted or unsupported, or that its citation was moved, in a few words
    by: By = By.NOBODY


@dataclass(frozen=True, slots=True)
class Citation:
    """What a reference is cited for: `abstract[start:end] == quote`, always. The quote is empty where the
    catalogue itself, and no sentence of the abstract, is the evidence."""

    number: int
    paper_id: str
    passage_id: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited paper's line in the list of references."""

    number: int
    paper_id: str
    title: str
    authors: tuple[str, ...]
    authors_complete: bool
    published: str | None  # ISO 8601
    key: str  # for \cite


@dataclass(frozen=True, slots=True)
class Closest:
    """A paper that is close to a question which the library does not answer."""

    paper_id: str
    title: str  # as the listing prints it


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that the chat model read and wrote; `estimated` if the server did not count them."""

    input_tokens: int = 0
    output_tokens: int = 0
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with everything that it rests on."""

    question: str
    query: str
    intent: str  # the operation of the plan's first step
    filters: dict[str, Any]
    text: str  # Markdown; [n] is a citation of reference n
    abstained: bool
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    references: tuple[Reference, ...]
    model: str
    usage: Usage
    timings_ms: dict[str, float]
    incomplete: bool = False  # the model broke off; what it had written stays
    notes: tuple[str, ...] = ()  # what was dropped, moved or left out of the model's text, a sentence each
    papers: tuple[str, ...] = ()  # ids of all papers that a list found, also of those that it does not show
    chips: tuple[Chip, ...] = ()  # the filters one by one
    topic: str = ""
    subjects: tuple[str, ...] = ()  # ids of the papers that were asked about
    also_read: tuple[str, ...] = ()  # ids of papers that the model was given and that are not cited
    abstention: Abstention = Abstention.NONE
    closest: tuple[Closest, ...] = ()  # what is nearest to a question that is not answered
    plan: Plan = field(default_factory=Plan)

    @property
    def turn(self) -> Turn:
        """What a follow-up question needs to know of this answer."""
        referred = tuple(reference.paper_id for reference in self.references)
        quotes = tuple(Quote(one.paper_id, one.quote) for one in self.citations)
        return Turn(self.question, self.plan, self.papers or referred or self.subjects, self.text, quotes)

    def record(self) -> dict[str, Any]:
        """Return the JSON of the command line."""
        record = asdict(replace(self, plan=Plan()))
        for name in ("papers", "chips", "topic", "subjects", "also_read"):
            del record[name]
        return record | {"plan": self.plan.record()}


def filters_record(filters: Filters) -> dict[str, Any]:
    """Return the filters that say something, for JSON."""
    values = ((field.name, getattr(filters, field.name)) for field in fields(filters))
    return {name: _jsonable(value) for name, value in values if value not in (None, ())}


def _jsonable(value: Any) -> Any:
    if isinstance(value, Filters):
        return filters_record(value)
    if isinstance(value, tuple):
        return [_jsonable(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
