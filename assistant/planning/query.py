"""Query: a question as understood."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from assistant.planning.decisions_asked import DecisionAsked
from vectorstore.filters import Filters


class Intent(StrEnum):
    """What kind of answer a question wants. `authors` to `decision` are computed from the catalogue."""

    FACT = "fact"
    FIGURE = "figure"
    DEFINE = "define"
    COMPARE = "compare"
    AUTHORS = "authors"
    DATE = "date"
    CODE = "code"
    COUNT = "count"
    LIST = "list"
    COAUTHORS = "coauthors"
    AUTHOR_SUMMARY = "author_summary"
    RELATED_WORK = "related_work"
    DECISION = "decision"
    SMALL_TALK = "small_talk"
    ABOUT = "about"


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    MOST_AUTHORS = "most authors"
    FEWEST_AUTHORS = "fewest authors"
    HIGHEST_SCORE = "highest score"


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question, and the papers that its answer referred to, in the order of its references."""

    question: str
    topic: str
    paper_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched, which filters hold, and what kind of answer is wanted."""

    question: str  # as typed, white space and control characters cleaned
    text: str  # what is searched
    asked: str  # the question without the words that only name a paper: what its abstract must say
    topic: str  # the words asked about, without those that became filters; may be empty
    intent: Intent
    filters: Filters = field(default_factory=Filters)  # that it names itself
    within: Filters = field(default_factory=Filters)  # the limits of its conversation
    order: Order | None = None
    limit: int | None = None
    subjects: tuple[str, ...] = ()  # papers that the question is about, by id
    from_before: bool = False  # the subjects come from an earlier turn
    operands: tuple[str, ...] = ()  # the two sides of a comparison
    authors_of: tuple[str, ...] = ()  # papers whose authors' other papers are wanted, by id
    similar_to: tuple[str, ...] = ()  # papers whose like is wanted, by id
    unknown_author: str | None = None  # a name that was asked for and is not in the library
    namesakes: tuple[str, ...] = ()  # whom an ambiguous name may mean
    corrections: tuple[tuple[str, str], ...] = ()  # (a name as typed, the author or title taken for it)
    decision: DecisionAsked | None = None  # on who is who

    @property
    def searched(self) -> Filters:
        """What each paper of the answer meets: the filters, and the limits."""
        return self.limited(self.filters)

    @property
    def among(self) -> str:
        """That there are limits, in words to stand behind "papers"; nothing without any."""
        return " within the limits of this conversation" if self.within else ""

    def limited(self, filters: Filters) -> Filters:
        """Return filters that nothing outside of the limits meets."""
        return replace(filters, also=(*filters.also, self.within)) if self.within else filters
