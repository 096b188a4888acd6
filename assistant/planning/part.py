"""A part of a question with what it names and refers to, and the plan as it grows from the parts."""

import re
from dataclasses import dataclass, field, replace

from assistant.planning.intents import PAPER_MARK, Intent, IntentReader
from assistant.planning.named_filters import NamedFilters
from assistant.planning.plan import MOST_NAMED, AuthorWork, Coauthors, Correction, Form, Plan, Step
from assistant.planning.references import PERSON, Context, Meaning, Reference, reference_in, refers_back
from assistant.planning.topics import PAPERS, excluded_topics, order_of, topic_of
from assistant.planning.vocabulary import without
from vectorstore.catalogue.filters import Filters

# Where a question that wants no list speaks of some papers: "What do the papers from 2025 say about ..."
OF_PAPERS = re.compile(rf"\b{PAPERS}\b(?! (?:propose|about|on)\b)", re.I)
_ASIDE = re.compile(r"\([^()]*\)")
_PAPERS = re.compile(rf"\b{PAPERS}\b", re.I)
FIELD_WORDS = re.compile(
    r"\b(?:bib\s?(?:tex|latex)|bibliograph\w+|citation keys?|cite|entr(?:y|ies)|wrote|authored"
    r"|authors?|writers?|written|published?|publication|release[ds]?|made|created|developed"
    r"|proposed"
    r"|introduced|invented|date|year|month|day|when|who|whom|whose|behind|out|come|came"
    r"|appear(?:ed|s)?|code|github|repo(?:sitory)?|implementation|open[- ]?sourced?|available"
    r"|availability|publicly|public"
    r"|link|url|doi|address|arxiv|pdf|first|last|senior|names?|order|newer|older|earlier|later"
    r"|before|after|organi[sz]ation|company|lab|institut\w+|universit\w+|affiliation|category"
    r"|listing|page|file|source|venue|journal|conference|proceedings|workshop|id|number|identifier"
    r"|exported?|export|format|there|full|list|people|person|main|corresponding|old|recent)\b",
    re.I,
)


SENTENCE = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|should|has|have|had|will"
    r"|would|isn['’]t|doesn['’]t|don['’]t)\b",
    re.I,
)


def without_fields(topic: str) -> str:
    """Return which paper is meant by a question for its authors or date: "gradient noise" of "the paper on it"."""
    return topic_of(FIELD_WORDS.sub(" ", topic))


@dataclass
class Drafted:
    """A plan as it grows."""

    form: Form
    context: Context
    intents: IntentReader
    foreign: str = ""  # the question, if it is in another language than the abstracts
    goes_on: bool = False  # and begins with "and" in it
    steps: list[Step] = field(default_factory=list)
    refers_to: tuple[str, ...] = ()
    not_understood: list[str] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    offered: list[Step] = field(default_factory=list)

    def plan(self) -> Plan:
        return Plan(
            steps=tuple(self.steps),
            form=self.form,
            refers_to=tuple(dict.fromkeys(self.refers_to)),
            not_understood=tuple(dict.fromkeys(self.not_understood)),
            corrections=tuple(self.corrections),
            offered=tuple(self.offered),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question with what it names, what it refers to, and what of it is a topic."""

    text: str
    named: NamedFilters
    rest: str  # without what filters, and what is left out
    filters: Filters
    subjects: tuple[str, ...]
    reference: Reference | None
    of_step: int | None  # the step before that a pronoun refers to
    topic: str
    intent: Intent
    own: str  # its words without the papers that it names or refers to
    goes_on: bool
    leftover: list[str]  # words that were not understood
    is_of_limits: bool  # it refers to all papers that the conversation is limited to

    @classmethod
    def of(cls, text: str, named: NamedFilters, drafted: Drafted, *, whole: NamedFilters, goes_on: bool) -> "Part":
        """Return a part with what it names; `whole` has the small words, too, of a question in another language."""
        context = drafted.context
        chooses = OF_PAPERS.search(text) or named.filters.authors or not SENTENCE.search(named.bare)
        rest, excluded = excluded_topics(named.rest) if chooses else (named.rest, ())
        intent = _intent(whole, drafted.intents)
        if chooses and not excluded:
            excluded = intent.excluded
            rest = without(rest, excluded)
        filters = replace(named.filters, excluding=named.filters.excluding + tuple(Filters(saying=t) for t in excluded))
        reference = of_step = None
        bare = without(rest, named.paper_words)
        if drafted.steps and refers_back(bare) and not named.papers:
            of_step = len(drafted.steps)
        elif not drafted.steps:
            reference = reference_in(bare, context)
            if drafted.goes_on and not (reference or named.papers) and context.one:
                reference = Reference(Meaning.ONE, "", context.one)
        if PERSON.search(text) and not filters.authors and (author := _author_of(drafted)):
            filters, reference, of_step = replace(filters, authors=(author,)), None, None
        if reference:
            drafted.refers_to += reference.paper_ids
            if reference.meaning is Meaning.DESCRIBED:  # its words stay: they tell which
                filters, reference = replace(filters, paper_ids=reference.paper_ids), None
            else:
                bare = bare.replace(reference.said, " ", 1)
        topic = topic_of(PERSON.sub(" ", bare))
        own = filters != Filters(has_code=True) and filters  # "is code available?" chooses no papers
        if drafted.steps and not (named.papers or own or without_fields(topic)):
            of_step, filters = len(drafted.steps), Filters()
        return cls(
            text,
            named,
            rest,
            filters,
            named.papers,
            reference,
            of_step,
            topic,
            intent,
            bare,
            goes_on,
            [],
            reference is not None and context.is_all(reference.paper_ids),
        )

    @property
    def papers(self) -> tuple[str, ...]:
        """The papers that are meant: those named, else those referred to."""
        return self.subjects or (self.reference.paper_ids[:MOST_NAMED] if self.reference else ())

    @property
    def names_nothing(self) -> bool:
        """Whether it only asks: no topic, paper, filter or order."""
        return not (self.topic or self.papers or self.filters or self.of_step or order_of(self.rest))

    @property
    def refers_to_several(self) -> bool:
        return self.reference is not None and self.reference.meaning is Meaning.SEVERAL

    @property
    def is_elliptic(self) -> bool:
        """Whether it names nothing of its own: "newest first", but not "What are the three newest papers?"."""
        names_papers = _PAPERS.search(self.text) and not self.goes_on
        return not (self.subjects or self.reference or self.of_step or self.topic or names_papers)


def _intent(named: NamedFilters, intents: IntentReader) -> Intent:
    """Return what a question asks for, and of what stands in it beside filters what it is about."""
    rest = named.rest
    for words in named.paper_words:
        rest = rest.replace(words, PAPER_MARK, 1)
    read = intents.read(rest)
    topics = intents.read(_ASIDE.sub(" ", rest)).topics or read.topics  # "llm safety (refusal, jailbreaks, etc.)"
    return replace(intents.read(named.marked), topics=topics, excluded=read.excluded, topical=read.topical)


def _author_of(drafted: Drafted) -> str:
    """Return the author whom the parts before, or the latest turns, were about, else whom the conversation is limited
    to, "" if none."""
    for plan in (drafted.plan(), *(turn.plan for turn in reversed(drafted.context.history))):
        for step in plan.steps:
            if isinstance(step.arguments, AuthorWork | Coauthors):
                return step.arguments.name
        if plan.filters.authors:
            return plan.filters.authors[0]
    return drafted.context.author
