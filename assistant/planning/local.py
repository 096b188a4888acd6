"""LocalPlanner: question and earlier turns -> Plan, by a grammar of names, dates, kinds and references. No model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from assistant.planning import kinds
from assistant.planning.decisions_asked import decision_asked
from assistant.planning.form import form_of, without_courtesy, without_shorthand
from assistant.planning.kinds import Cues
from assistant.planning.named_filters import NamedFilters, named_filters
from assistant.planning.operands import operands_of
from assistant.planning.parts import parts_of
from assistant.planning.plan import (
    Arguments,
    AuthorWork,
    ByAuthors,
    Coauthors,
    Compare,
    Correction,
    Counts,
    Decide,
    Form,
    LibraryFacts,
    Order,
    PaperFacts,
    Papers,
    Passages,
    Plan,
    RelatedWork,
    Rework,
    Similar,
    Step,
    Survey,
    Table,
    Talk,
    Turn,
    UnknownAuthor,
)
from assistant.planning.references import PERSON, Context, Meaning, Reference, reference_in, refers_back
from assistant.planning.topics import PAPERS, excluded_topics, limit_of, order_of, topic_of
from assistant.planning.vocabulary import Vocabulary, without
from assistant.text.words import content_words
from vectorstore.errors import QuestionError
from vectorstore.filters import Filters
from vectorstore.lexical import terms

MAX_CHARACTERS = 4000
_TAG = re.compile(r"</?(?:a|b|i|u|p|br|em|strong|span|div|script|style|img|h\d)(?:\s[^>]*)?/?>", re.I)  # not "<eos>"
_GOING_ON = re.compile(r"^(?:and|but|or|what about|how about|what of|and what about|same for|also)\s+(?=\S)", re.I)
_ONES = re.compile(r"\bones?\b", re.I)
_NARROWS = re.compile(
    r"^(?:and |but |now |show |keep |give |me )*(?:only|just|exclude|excluding|except|without|drop"
    r"|remove|hide|leave out|not|filter|restrict|limit)\b",
    re.I,
)
# Where a question that wants no list speaks of some papers: "What do the papers from 2025 say about ..."
_OF_PAPERS = re.compile(rf"\b{PAPERS}\b(?! (?:propose|about|on)\b)", re.I)
_OF_ONE_WORK = re.compile(r"^(?:did|do|does|has|have|is|was)\b.+\b(?:write|wrote|written|author\w*|publish\w*)\b", re.I)


def cleaned(question: str) -> str:
    """Return the question without control characters and superfluous white space.

    Raises QuestionError if nothing is left, or if it is longer than MAX_CHARACTERS.
    """
    if len(question) > MAX_CHARACTERS:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {MAX_CHARACTERS:,} are read. Ask it more briefly."
        )
    text = " ".join("".join(c if c.isprintable() else " " for c in question).split())
    if not text:
        raise QuestionError("The question is empty; type what you want to know.")
    return text


class LocalPlanner:
    """Plans by rules alone: what is exact in a question is read, and what is not is a search."""

    def __init__(self, vocabulary: Vocabulary, *, today: date | None = None) -> None:
        self._vocabulary = vocabulary
        self._today = today or date.today()

    def plan(self, question: str, *, history: Sequence[Turn] = (), limited: Sequence[str] = ()) -> Plan:
        """Return the plan of a question after earlier turns, in a conversation that is `limited` to papers, if it is.

        Raises QuestionError if it is empty, too long, or names nothing to look for.
        """
        text = _TAG.sub(" ", cleaned(question)).strip() or cleaned(question)
        context = Context(history, tuple(limited))
        if plan := self._talk(text, context):
            return plan
        form, rest = form_of(without_courtesy(without_shorthand(text)).strip(" ?.!"))
        drafted = _Drafted(form, context)
        if not any(map(str.isalnum, rest)):
            return self._reworked(drafted, text)
        for part in self._parts(rest.strip(" :;,-–")):
            self._add(part.strip(" ?.!,;"), drafted)
        return drafted.plan()

    # -- whole questions

    def _talk(self, text: str, context: Context) -> Plan | None:
        offered = context.history[-1].plan.offered if context.history else ()
        if kinds.YES.match(text) and offered:
            return Plan(steps=offered)
        if kinds.GREETING.match(text) or kinds.NO.match(text):
            return _one(Talk(about="greeting"))
        if kinds.ABILITIES.search(text):
            return _one(Talk(about="abilities"))
        decision = decision_asked(text, self._vocabulary.people, self._vocabulary.papers_in)
        if decision:
            return _one(Decide(kind=decision.kind, names=decision.names, papers=decision.paper_ids))
        return None

    def _reworked(self, drafted: "_Drafted", text: str) -> Plan:
        """Return the plan of a question that only wants another form: "shorter", "as bullets"."""
        if drafted.context.last is None and not drafted.context.several:
            if drafted.form.language:  # a question in other letters, of which the rules read nothing
                step = Step.of(Passages(query=text, question=text))
                return Plan(steps=(step,), form=drafted.form, not_understood=tuple(text.split()))
            if not terms(text) and not drafted.form:
                raise QuestionError(f"“{text}” names nothing to look for; ask about a topic, a paper or an author.")
            return _one(Talk(about="unclear"))
        drafted.steps.append(Step.of(Rework()))
        drafted.refers_to += drafted.context.last.paper_ids if drafted.context.last else drafted.context.several
        return drafted.plan()

    def _parts(self, text: str) -> list[str]:
        """Return the questions that a question is made of; a title that has a question mark is not split."""
        parts = parts_of(text)
        named = [said.strip("?.,!:;") for _, said in self._vocabulary.papers_in(text)] if len(parts) > 1 else []
        return parts if all(any(said in part for part in parts) for said in named) else [text]

    # -- one part of a question

    def _add(self, text: str, drafted: "_Drafted") -> None:
        """Add the step that answers one part of a question."""
        if not drafted.context.history and not drafted.steps and not any(map(str.isalpha, text)):
            raise QuestionError(f"“{text}” names nothing to look for; ask about a topic, a paper or an author.")
        going_on = _GOING_ON.match(text) if not drafted.steps else None
        said = text[going_on.end() :] if going_on else text
        named = named_filters(said, self._vocabulary, today=self._today)
        if named.unknown_author or named.namesakes:
            self._unknown(said, named, drafted)
            return
        drafted.corrections += [Correction(typed=typed, meant=meant) for typed, meant in named.corrections]
        part = _Part.of(said, named, drafted, goes_on=bool(going_on))
        step = _continued(part, drafted) or _step(part, drafted)
        if isinstance(step, (Papers, Passages)) and _names_nothing(part, drafted):
            step = Talk(about="unclear")
        if isinstance(step, AuthorWork) and named.corrections:  # whose work is summed up is never guessed
            typed, _ = named.corrections[0]
            drafted.offered.append(Step.of(step))
            step = UnknownAuthor(name=typed, near=(step.name,))
            drafted.corrections.clear()
        drafted.steps.append(Step.of(step))
        drafted.not_understood += part.leftover

    def _unknown(self, text: str, named: NamedFilters, drafted: "_Drafted") -> None:
        """Add the step that says that nobody, or several people, are called so, and offer the nearest one."""
        people = self._vocabulary.people
        if named.namesakes:
            drafted.steps.append(Step.of(UnknownAuthor(name="", near=named.namesakes, ambiguous=True)))
            return
        name = named.unknown_author or ""
        near = tuple(people.alike(name))
        drafted.steps.append(Step.of(UnknownAuthor(name=name, near=near)))
        if near and name in text:
            meant = _Drafted(drafted.form, Context())
            self._add(text.replace(name, near[0], 1), meant)
            drafted.offered += meant.steps


@dataclass
class _Drafted:
    """A plan as it grows."""

    form: Form
    context: Context
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
class _Part:
    """A part of a question with what it names, what it refers to, and what of it is a topic."""

    text: str
    named: NamedFilters
    cues: Cues
    rest: str  # without what filters, and what is left out
    filters: Filters
    subjects: tuple[str, ...]
    reference: Reference | None
    of_step: int | None  # the step before that a pronoun refers to
    topic: str
    own: str  # its words without the papers that it names or refers to
    goes_on: bool
    leftover: list[str]  # words that were not understood

    @classmethod
    def of(cls, text: str, named: NamedFilters, drafted: _Drafted, *, goes_on: bool) -> "_Part":
        context = drafted.context
        chooses = _OF_PAPERS.search(text) or named.filters.authors or not Cues(text, named.bare).is_sentence
        rest, excluded = excluded_topics(named.rest) if chooses else (named.rest, ())
        filters = replace(named.filters, excluding=named.filters.excluding + tuple(Filters(saying=t) for t in excluded))
        reference = of_step = None
        bare = without(rest, named.paper_words)
        if drafted.steps and refers_back(bare) and not named.papers:
            of_step = len(drafted.steps)
        elif not drafted.steps:
            reference = reference_in(bare, context)
        if PERSON.search(text) and not filters.authors and (author := _author_of(context)):
            filters, reference = replace(filters, authors=(author,)), None
        if reference:
            drafted.refers_to += reference.paper_ids
            bare = bare.replace(reference.said, " ", 1)
        topic = topic_of(PERSON.sub(" ", bare))
        own = filters != Filters(has_code=True) and filters  # "is code available?" chooses no papers
        if drafted.steps and not (named.papers or own or _without_fields(topic)):
            of_step, filters = len(drafted.steps), Filters()
        return cls(
            text,
            named,
            Cues(text, named.bare),
            rest,
            filters,
            named.papers,
            reference,
            of_step,
            topic,
            bare,
            goes_on,
            [],
        )

    @property
    def papers(self) -> tuple[str, ...]:
        """The papers that are meant: those named, else those referred to."""
        return self.subjects or (self.reference.paper_ids if self.reference else ())

    @property
    def refers_to_several(self) -> bool:
        return self.reference is not None and self.reference.meaning is Meaning.SEVERAL

    @property
    def is_elliptic(self) -> bool:
        """Whether it names nothing of its own."""
        return not (self.subjects or self.reference or self.of_step or self.topic)


def _one(arguments: Arguments) -> Plan:
    return Plan(steps=(Step.of(arguments),))


def _author_of(context: Context) -> str:
    """Return the author whom the latest turns were about, "" if none."""
    for turn in reversed(context.history):
        for step in turn.plan.steps:
            if isinstance(step.arguments, AuthorWork | Coauthors):
                return step.arguments.name
        if turn.plan.filters.authors:
            return turn.plan.filters.authors[0]
    return ""


# -- questions that go on from the one before


def _continued(part: _Part, drafted: _Drafted) -> Arguments | None:
    """Return what a question wants that only changes the one before: "more", "newest first", "and in 2025?"."""
    context = drafted.context
    if drafted.steps or not context.history:
        return None
    before = next((turn.plan for turn in reversed(context.history) if turn.plan.steps), Plan())
    last = before.steps[-1].arguments if before.steps else None
    if kinds.MORE.match(part.text):
        drafted.refers_to += context.last.paper_ids if context.last else ()
        if isinstance(last, Papers):
            shown = len(context.history[-1].paper_ids) if last.limit is None else last.limit
            return last.model_copy(update={"offset": last.offset + min(shown, last.limit or 50)})
        if context.last is None:
            return None
        drafted.form = drafted.form.model_copy(update={"length": "long"})
        return Rework()
    for pattern, how in ((kinds.SURE, "sure"), (kinds.QUOTES, "quotes"), (kinds.SOURCES, "sources")):
        if pattern.search(part.text) and context.last and not part.subjects:
            drafted.refers_to += context.last.paper_ids
            return Rework.model_validate({"how": how})
    if part.is_elliptic:
        if isinstance(last, Papers | Counts | Survey) and (part.filters or order_of(part.rest)):
            return _changed(last, part)
        if part.filters and isinstance(last, AuthorWork | Coauthors | RelatedWork):
            return last.model_copy(update={"filters": _merged(last.filters, part.filters)})
        return None
    if part.goes_on and part.subjects and last and "papers" in type(last).model_fields and not part.topic:
        return last.model_copy(update={"papers": part.subjects, "of_step": None, **_of(last, part)})
    if part.topic and isinstance(last, Papers | Counts) and (part.goes_on or _ONES.search(part.text)):
        if part.cues.is_sentence and not part.goes_on and part.cues.field_names():
            return None
        topic = f"{part.topic} {last.topic}".strip() if _ONES.search(part.text) else part.topic
        return last.model_copy(update={"topic": topic, "filters": _merged(last.filters, part.filters), "offset": 0})
    if part.topic and _NARROWS.match(part.text) and context.several:
        drafted.refers_to += context.several
        filters = replace(part.filters, paper_ids=context.several)
        return Papers(topic=part.topic, filters=filters, order=order_of(part.rest), limit=limit_of(part.rest))
    return None


def _of(last: Arguments, part: _Part) -> dict[str, str]:
    """Return the words of a question before, put of another paper."""
    if isinstance(last, Passages):
        if last.seeks == "definition":
            return {"query": part.text, "question": f"What is {part.text}?"}
        return {"query": f"{last.query} {part.text}", "question": f"{last.question} ({part.text})"}
    return {"topic": ""} if "topic" in type(last).model_fields else {}


def _changed(last: "Papers | Counts | Survey", part: _Part) -> Arguments:
    """Return a list with other filters or in another order."""
    update: dict[str, Any] = {"filters": _merged(last.filters, part.filters)}
    if isinstance(last, Papers):
        update |= {"offset": 0}
        if order := order_of(part.rest):
            update |= {"order": order, "limit": limit_of(part.rest) or last.limit}
    return last.model_copy(update=update)


def _merged(before: Filters, now: Filters) -> Filters:
    """Return the filters before with those now in their place, and beside them."""
    said = {one.name: value for one in fields(Filters) if (value := getattr(now, one.name)) not in (None, ())}
    kept = tuple(excluded for excluded in before.excluding if excluded != now)
    return replace(before, **{"excluding": kept, **said})


# -- questions of their own


def _step(part: _Part, drafted: _Drafted) -> Arguments:
    """Return what a part of a question asks for."""
    cues, context = part.cues, drafted.context
    scope = {"papers": part.papers, "filters": part.filters, "of_step": part.of_step}
    person = part.filters.authors[0] if len(part.filters.authors) == 1 else ""
    if kinds.RELATED_WORK.search(cues.bare):
        return RelatedWork(topic=_topic_of_section(part), **scope)
    if kinds.BIBTEX.search(cues.bare):
        topic = _without_fields(part.topic)
        papers = part.papers or (() if topic or part.filters or part.of_step else context.several)
        drafted.refers_to += () if part.papers else papers
        topic = "" if papers else topic
        return PaperFacts(fields=("bibtex",), topic=topic, **{**scope, "papers": papers})
    if cues.is_similar and (part.papers or part.of_step or (context.one and not part.topic)):
        drafted.refers_to += () if part.papers or part.of_step else context.one
        papers = part.papers or (() if part.of_step else context.one)
        return Similar(limit=limit_of(part.rest), **{**scope, "papers": papers})
    if kinds.BY_ITS_AUTHORS.search(part.text) and (part.papers or part.of_step):
        return ByAuthors(**{**scope, "papers": part.papers[:1]})
    if person and not part.subjects and not _OF_ONE_WORK.match(part.text):
        if cues.is_coauthors:
            return Coauthors(name=person, topic="", **scope)
        if _is_author(part):
            return AuthorWork(name=person, topic=_topic_of_work(part), **scope)
    if drafted.form.layout == "table" and not kinds.COMPARE.search(cues.bare) and (part.topic or part.papers):
        return Table(topic="" if part.papers else part.topic, **scope)
    if comparison := _comparison(part, scope):
        return comparison
    if asked := _of_the_catalogue(part, drafted, scope):
        return asked
    if kinds.SURVEY.search(part.text) and len(part.subjects) < 2 and not (part.papers and not _many(part)):
        topic = topic_of(kinds.SURVEY.sub(" ", part.own)) or part.topic
        return Survey(topic=topic, **_among(part, scope))
    if part.is_elliptic and not part.filters and not order_of(part.rest) and not cues.is_list and context.one:
        return _about_the_last(part, drafted)
    if _wants_papers(part):
        return _papers(part, scope)
    return _passages(part, drafted, scope)


def _is_author(part: _Part) -> bool:
    if order_of(part.rest) or part.reference:
        return False
    text = part.cues.bare
    if re.search(rf"\b{PAPERS}\b", text) and not re.search(r"\bsumm|\boverview|\bwork\b|\brecap|\bsum up", text, re.I):
        return False
    summed_up = re.search(r"\bsum up\b|\bsummar", text, re.I)
    wrote = re.search(r"\bpublish\w*|\bwrote\b|\bwritten\b", text, re.I)
    return bool(kinds.AUTHOR.search(text)) and bool(summed_up or not wrote)


def _topic_of_work(part: _Part) -> str:
    """Return which part of someone's work is meant: "unlearning" of "the work on unlearning"; "" if all of it is."""
    _, _, topic = re.sub(r"\b(?:about|regarding|in the (?:area|field) of)\b", "on", part.rest, flags=re.I).partition(
        " on "
    )
    return topic_of(topic)


_SECTION = re.compile(
    r"^.*?\b(?:related[- ]work|literature review|(?:background|state[- ]of[- ]the[- ]art"
    r"|prior[- ]work) (?:section|paragraph))\b"
    r"(?: (?:section|paragraph|chapter))?:?|\b(?:in|with|as|using) (?:latex|bibtex|markdown"
    r"|plain text|cite commands|citations|references)\b"
    r"(?:(?: and| with|,) (?:a )?(?:latex|bibtex|bib file|citations))?(?: format)?"
    r"|\b(?:for|in) (?:my|our|the|a) (?:own |next |new )?(?:paper|article|thesis|dissertation"
    r"|draft|manuscript|survey|submission|report)\b",
    re.I,
)


def _topic_of_section(part: _Part) -> str:
    """Return what a related-work section is to be on, without what it is for: "in LaTeX", "for my thesis"."""
    if part.papers:
        return ""
    text = without(part.rest, part.named.paper_words)
    return topic_of(_SECTION.sub(" ", text)) or topic_of(text)


def _comparison(part: _Part, scope: dict[str, Any]) -> Arguments | None:
    if not (part.subjects or part.reference) and (kinds.FIGURE.search(part.text) or part.filters.authors):
        return None
    against = part.subjects and part.reference and kinds.SET_AGAINST.search(part.text)
    if not (kinds.COMPARE.search(part.text) or against) or (
        kinds.SURVEY.search(part.text) and not (part.subjects or part.reference)
    ):
        return None
    together = tuple(dict.fromkeys((*(part.reference.paper_ids if part.reference else ()), *part.subjects)))
    sides = operands_of(part.rest)
    unnamed = tuple(
        side
        for side in sides
        if topic_of(side) and not any(words.strip(" ,.?!") in side for words in part.named.paper_words)
    )
    if part.reference and any(reference_like(side) for side in unnamed):
        unnamed = tuple(side for side in unnamed if not reference_like(side))
    if len(together) + len(unnamed) > 1:
        return Compare(**{**scope, "papers": together[:8]}, sides=unnamed[:8])
    return None


def reference_like(side: str) -> bool:
    """Tell whether one side of a comparison only refers back."""
    return refers_back(side) or bool(re.fullmatch(r"(?:it|this|that|this one|that one|them)", side.strip(), re.I))


def _of_the_catalogue(part: _Part, drafted: _Drafted, scope: dict[str, Any]) -> Arguments | None:
    """Return a count, a fact of the library, or facts of papers, if that is what is asked."""
    cues = part.cues
    if not part.subjects:
        if by := cues.grouping():
            return Counts.model_validate(
                {"by": by, "top": _top(part), "topic": _counted_topic(part), **_among(part, scope)}
            )
        if cues.is_count and not (part.reference and not _many(part)):
            share = bool(kinds.SHARE.search(part.text))
            if not share or part.filters:
                return Counts(topic=part.topic, share=share, **_among(part, scope))
    is_own = not (part.subjects or part.reference or part.of_step or part.filters)
    if is_own and kinds.LISTINGS.search(cues.bare) and not _without_library(part.topic):
        return LibraryFacts(aspect="listings")
    if is_own and cues.is_about_library and not _without_library(part.topic) and not order_of(part.rest):
        return LibraryFacts(aspect="themes" if cues.asks_themes else "overview")
    if is_own and cues.asks_themes and not _without_library(part.topic):
        return LibraryFacts(aspect="themes")
    names = tuple(name for name in cues.field_names() if name != "authors" or not _orders_by_authors(part))
    if not names or (_many(part) and (part.filters.has_code is not None or cues.is_list)):
        return None
    if part.papers or part.of_step:
        said = without(part.rest, part.named.paper_words)
        if _beyond(said, names):
            return None
        return PaperFacts(fields=names, **{**scope, "filters": Filters()})
    if part.filters.has_code is not None or (cues.is_list and "authors" not in names and "date" not in names):
        return None
    if topic := _without_fields(part.topic):
        if part.filters and "authors" not in names:
            return None
        return PaperFacts(fields=names, topic=topic)
    if drafted.context.one and not part.filters:
        drafted.refers_to += drafted.context.one
        return PaperFacts(fields=names, papers=drafted.context.one)
    return None


def _orders_by_authors(part: _Part) -> bool:
    return order_of(part.rest) in (Order.MOST_AUTHORS, Order.FEWEST_AUTHORS)


_FIELD_WORDS = re.compile(
    r"\b(?:bib\s?(?:tex|latex)|bibliograph\w+|citation keys?|cite|entr(?:y|ies)|wrote|authored"
    r"|authors?|writers?|written|published?|publication|release[ds]?|made|created|developed"
    r"|proposed"
    r"|introduced|invented|date|year|month|day|when|who|whom|whose|behind|out|come|came"
    r"|appear(?:ed|s)?|code|github|repo(?:sitory)?|implementation|open[- ]?sourced?|available"
    r"|availability|publicly|public"
    r"|link|url|doi|address|arxiv|pdf|first|last|senior|names?|order|newer|older|earlier|later"
    r"|before|after|organi[sz]ation|company|lab|institut\w+|universit\w+|affiliation|category"
    r"|listing|page|file|source"
    r"|exported?|export|format|there|full|list|people|person|main|corresponding|old|recent)\b",
    re.I,
)


def _without_fields(topic: str) -> str:
    """Return which paper is meant by a question for its authors or date: "gradient noise" of "the paper on it"."""
    return topic_of(_FIELD_WORDS.sub(" ", topic))


def _beyond(said: str, names: Sequence[str]) -> bool:
    """Tell whether a question for "the authors of X", or for its code, wants more than the catalogue has."""
    if re.match(r"^(?:and )?(?:why|how (?!many (?:co-?)?authors|old|recent))\b", said, re.I):
        return True
    rest = _FIELD_WORDS.sub(" ", said)
    if "authors" in names and re.match(r"^(?:and )?(?:what|which|how)\b", said, re.I) and "organization" not in names:
        rest = re.sub(r"\bmany\b", " ", rest)
    return bool(topic_of(rest)) and not re.match(r"^(?:and )?(?:who|when|whose)\b", said, re.I)


_LIBRARY_WORDS = re.compile(
    r"\b(?:library|collection|corpus|database|listings?|files?|sources?|feeds?|pages?|papers?|here"
    r"|loaded|load|uploaded|topics?|themes?|subjects?|fields?|areas?|come|from|data|inside|overall"
    r"|far|big|large|currently|covered?|held|whole|entire|give|quick|info\w*|stats|statistics)\b",
    re.I,
)


def _without_library(topic: str) -> str:
    return topic_of(_LIBRARY_WORDS.sub(" ", topic))


_GROUP_WORDS = re.compile(
    r"\b(?:per|by|each|every|top|prolific|productive|frequent|active|common|largest|biggest"
    r"|smallest|fewest|years?|months?|authors?|co-?authors?|people|persons?|researchers?"
    r"|categor(?:y|ies)|organi[sz]ations?"
    r"|compan(?:y|ies)|labs?|institut\w+|universit\w+|groups?|grouped|affiliations?|listings?"
    r"|files?|pages?|sources?|feeds?|broken|down|split|distribution|histogram|breakdown"
    r"|distributed|published|rank\w*|different|distinct|over|across|has|have|had)\b",
    re.I,
)


def _counted_topic(part: _Part) -> str:
    return topic_of(_GROUP_WORDS.sub(" ", part.topic))


def _top(part: _Part) -> int | None:
    """Return how many groups are wanted: 5 of "top 5 authors", 1 of "which month had the most"."""
    if match := re.search(r"\btop (\d{1,3}|two|three|four|five|six|seven|eight|nine|ten)\b", part.rest, re.I):
        words = "one two three four five six seven eight nine ten".split()
        return int(match[1]) if match[1].isdigit() else words.index(match[1].lower()) + 1
    return 1 if re.search(r"\bmost\b", part.rest, re.I) and not re.search(r"\bauthors\b|\byears\b", part.rest) else None


def _many(part: _Part) -> bool:
    """Tell whether several papers are referred to."""
    return part.refers_to_several or len(part.papers) > 2 or (part.of_step is not None)


def _among(part: _Part, scope: dict[str, Any]) -> dict[str, Any]:
    """Return the scope with the papers referred to as a filter: a list is made among them."""
    if not part.papers:
        return scope
    return {**scope, "papers": (), "filters": replace(part.filters, paper_ids=part.papers)}


def _about_the_last(part: _Part, drafted: _Drafted) -> Arguments:
    """Return a question without a subject, "why?", as one about the paper spoken of last."""
    context = drafted.context
    drafted.refers_to += context.one
    before = next((turn for turn in reversed(context.history) if turn.paper_ids), None)
    asked = before.question if before else ""
    return Passages(query=f"{part.text} {asked}".strip(), question=f"{part.text} ({asked})", papers=context.one)


def _names_nothing(part: _Part, drafted: _Drafted) -> bool:
    """Tell whether a part only asks: no list, topic, paper, filter or order, and no turn that it could go on from."""
    named = part.cues.is_list or part.topic or part.papers or part.filters or part.of_step or order_of(part.rest)
    return not named and not drafted.steps and not drafted.context.several


def _wants_papers(part: _Part) -> bool:
    cues = part.cues
    if part.subjects:
        return False
    if part.reference and not _many(part):
        return False
    has_order = order_of(part.rest) is not None
    if part.reference or part.of_step:
        asks = cues.is_list or has_order or (bool(part.filters) and not _content_question(part))
        return bool(asks)
    if cues.is_list or (has_order and not _content_question(part)):
        return True
    if part.filters and not part.topic:
        return True
    return not cues.is_sentence and not kinds.FIGURE.search(part.text) and not kinds.DEFINE.search(part.text)


def _content_question(part: _Part) -> bool:
    return bool(re.search(r"\b(?:why|how|what)\b", part.text, re.I)) and bool(part.topic)


def _papers(part: _Part, scope: dict[str, Any]) -> Arguments:
    topic = re.split(r"\bwith (?:their|its)\b", part.topic)[0].strip()
    if part.of_step is None:
        scope = _among(part, scope)
    return Papers(topic=topic, order=order_of(part.rest), limit=limit_of(part.rest), **scope)


def _passages(part: _Part, drafted: _Drafted, scope: dict[str, Any]) -> Arguments:
    filters, text = part.filters, part.text
    if not _OF_PAPERS.search(text):
        # "Is there code for X?" and "the role of memory in AI" ask for something; they do not choose papers.
        filters = replace(filters, has_code=None, category=None, any_of=(), also=())
    if filters == part.filters:
        text = part.rest or text
    if part.papers:
        filters = replace(filters, authors=(), since=None, until=None, organization=None, listing=None)
    left = content_words(part.own)
    seeks = "fact"
    if kinds.FIGURE.search(without(part.text, part.named.paper_words)):
        seeks = "figure"
    elif kinds.DEFINE.search(part.named.bare) or (part.papers and not left and not part.cues.is_sentence):
        seeks = "definition"
    elif part.subjects and left and not part.cues.is_sentence:
        part.leftover.extend(left.values())
    subject = ""
    if seeks == "definition":
        subject = topic_of(without(text, part.named.paper_words)) or " ".join(part.named.paper_words[:1])
    return Passages.model_validate(
        {
            **scope,
            "filters": filters,
            "query": text,
            "question": _alone(text, part, drafted),
            "seeks": seeks,
            "subject": subject.strip(" ?.,!"),
        }
    )


def _alone(text: str, part: _Part, drafted: _Drafted) -> str:
    """Return a question with what it refers to, in a form that can be understood alone; beside one paper it can."""
    if part.reference and drafted.context.last and len(part.papers) != 1:
        return f"{text} ({drafted.context.last.question})"
    return text
