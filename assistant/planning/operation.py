"""A part of a question -> the operation that answers it, with its arguments.

What is asked for is the small model's word (intents.py): the likeliest intent that names enough to be answered. What it
is asked of, the names, dates, orders and numbers, is read by grammar.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast, get_args

from assistant.planning.intents import INTENTS
from assistant.planning.operands import columns_of, operands_of
from assistant.planning.part import OF_PAPERS, SENTENCE, Drafted, Part, without_fields
from assistant.planning.plan import (
    MOST_NAMED,
    Arguments,
    AuthorFigures,
    AuthorWork,
    ByAuthors,
    Coauthors,
    Compare,
    Counts,
    LibraryFacts,
    Order,
    PaperFacts,
    PaperField,
    Papers,
    Passages,
    RelatedWork,
    Rework,
    Similar,
    Survey,
    SurveyAspect,
    Table,
    Talk,
)
from assistant.planning.references import refers_back
from assistant.planning.topics import limit_of, order_of, title_in, topic_of
from assistant.planning.vocabulary import without
from assistant.text.words import content_words
from vectorstore.catalogue.filters import Filters

_FACTS = frozenset(get_args(PaperField))
_COUNTED = frozenset(name for name in INTENTS if name == "count" or name.startswith("by_")) - {"by_authors"}
_OF_THE_ANSWER_BEFORE = frozenset("form sure sources quotes more narrow".split())
_SEARCHES = frozenset("content define figure papers".split())  # what nothing is lost by, whatever is asked for
_IN_TEXTS = ("content", "figure")
_SURE, _LEAST, _LEAST_BESIDE = 0.5, 0.03, 0.2  # probability of an intent, of the next ones, and of a fact beside it
_LEAST_OF_A_TOPIC = 0.01  # that some word of a question is one
_SURE_FOREIGN = 0.7  # of a question in another language than most that the small model learnt from
_SURE_OF_LIBRARY = 0.8  # where words are left that may be a topic
_BY_RANK = (Order.MOST_AUTHORS, Order.FEWEST_AUTHORS, Order.HIGHEST_SCORE)  # no paper is asked for these otherwise
_NOTHING = re.compile(r"\W*(?:\b(?:of|on|for|about|in|to|from|the|a|an|and|paper)\b\W*)*", re.I)
_SECTION = re.compile(
    r"\b(?:(?:related|prior|previous)[- ]work|literature reviews?|background|state[- ]of[- ]the[- ]art|sections?"
    r"|paragraphs?|compose|latex)\b",
    re.I,
)
_OF_WORK = re.compile(r"\b(?:on|about|regarding|in the (?:area|field) of)\b", re.I)  # which part of it is meant
_MEASURED = re.compile(r"\bh[- ]?index\b|\bcitations?\b|\bcited\b", re.I)  # what a profile page gives of a person
_JOINS_SIDES = re.compile(r"\b(?:vs|versus|differ\w*|side by side|opposed|related?|common|share[ds]?)\b", re.I)
_LEADING = re.compile(r"^(?:\W|\b(?:or|and|with|on|in|for|of|regarding|concerning|wrt|in terms of)\b)+", re.I)
_QUOTED = re.compile(r"[\"“”„]([^\"“”„]{2,})[\"“”„]")
_ASIDE = re.compile(r"\([^()]*\)|[\"“”„]")
_SHARE = re.compile(r"\b(?:fraction|share|percentage|percent|proportion) (?:of|has|have|comes?|is|are|with)\b", re.I)


def step_for(part: Part, drafted: Drafted) -> Arguments:
    """Return what a part of a question asks for."""
    return _Asked(part, drafted).step()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A part of a question, and a way to answer each thing that it may ask for."""

    part: Part
    drafted: Drafted

    def step(self) -> Arguments:
        step = self._likeliest()
        is_no_list = self._likeliest_intent[0] != "papers" and not content_words(self.part.text)
        looks = isinstance(step, Passages) or (isinstance(step, Papers) and is_no_list)
        if looks and self.part.names_nothing and not (self.drafted.steps or self.drafted.context.one):
            return Talk(about="unclear")
        return step

    @property
    def _is_sure(self) -> bool:
        return self._likeliest_intent[1] > (_SURE_FOREIGN if self.drafted.foreign else _SURE)

    @property
    def _likeliest_intent(self) -> tuple[str, float]:
        return self.part.intent.likeliest(but=self._impossible)

    @property
    def _impossible(self) -> frozenset[str]:
        """What cannot be asked for: anything of an answer before, where there is none."""
        goes_on = self.drafted.context.history and not self.drafted.steps
        return frozenset() if goes_on else _OF_THE_ANSWER_BEFORE

    def _likeliest(self) -> Arguments:
        before = self.drafted.refers_to
        for name in self._names():
            if step := self._asked_for(name):
                return step
            self.drafted.refers_to = before  # what is not taken has referred to nothing
        return self._passages("content")

    def _names(self) -> list[str]:
        """Return what may be asked for, the likeliest first; where none is likely, by which search it is looked for."""
        part = self.part
        if part.subjects and _NOTHING.fullmatch(part.own):  # a name and nothing else
            return ["define"]
        if part.filters and _NOTHING.fullmatch(part.named.bare.replace("⟦⟧", " ")):
            return ["papers"]
        if self._person and _MEASURED.search(part.text):
            return ["author_figures"]
        if order_of(part.rest) in _BY_RANK:
            return ["papers"]
        ranked = [one for one in self._ranked if one not in self._impossible]
        if self._is_sure:
            names = [name for name in ranked if part.intent.probabilities[name] > _LEAST]
        else:
            part.leftover.extend(content_words(part.own).values())
            names = [name for name in ranked if name in _SEARCHES]
        are_words = not (part.papers or part.of_step or SENTENCE.search(part.named.bare))
        if are_words and (not self._is_sure or names[0] in _IN_TEXTS):  # the papers, and what each says
            names = ["papers", *names]
        if names[0] in _IN_TEXTS and OF_PAPERS.search(part.text) and part.intent.topic and not part.papers:
            names = ["survey_findings", *names]  # what the papers say, not one of them
        if order_of(part.rest) and names[0] in _FACTS:  # a fact has no order
            return ["papers", *names]
        of_before = part.is_elliptic and self.drafted.context.several
        is_other = names[0] in _COUNTED | {"compare"} and not of_before
        is_table = self.drafted.form.layout == "table" and not is_other
        return ["table", *names] if is_table else names

    @property
    def _ranked(self) -> list[str]:
        """All intents, the likeliest first."""
        return sorted(self.part.intent.probabilities, key=lambda name: -self.part.intent.probabilities[name])

    def _asked_for(self, name: str) -> Arguments | None:
        """Return the step for an intent, None if too little is named for it."""
        match name:
            case "papers":
                return self._papers()
            case "narrow":
                return self._narrow()
            case "count":
                return self._count()
            case "author_figures":
                return AuthorFigures(name=self._person)
            case "author_work":
                return self._author_work()
            case "coauthors":
                return self._coauthors()
            case "by_authors":
                return self._by_authors()
            case "compare":
                return self._compare()
            case "related_work":
                return self._related_work()
            case "table":
                return self._table()
            case "similar":
                return self._similar()
            case "more":
                return self._more()
            case "sure" | "sources" | "quotes" | "form":
                return self._rework(name)
            case "greeting" | "abilities":
                return self._talk(name)
            case "listings" | "themes" | "overview":
                return self._library(name)
            case _ if name in _FACTS:
                return self._facts(name)
            case _ if name in _COUNTED:
                return self._grouped(name.removeprefix("by_"))
            case _ if name.startswith("survey_"):
                return self._survey(name)
        return self._passages(name)

    # -- what is asked of

    @property
    def _scope(self) -> dict[str, Any]:
        return {"papers": self.part.papers, "filters": self.part.filters, "of_step": self.part.of_step}

    @property
    def _among(self) -> dict[str, Any]:
        """The scope with the papers referred to as a filter: a list is made among them. Those of the limits need none,
        which nothing passes anyway."""
        if not self.part.papers:
            return self._scope
        if self.part.is_of_limits:
            return {**self._scope, "papers": ()}
        return {**self._scope, "papers": (), "filters": replace(self.part.filters, paper_ids=self.part.papers)}

    @property
    def _is_own(self) -> bool:
        """Whether nothing is named: it is asked of the library, or of nothing."""
        part = self.part
        return not (part.papers or part.of_step or part.filters or part.intent.topic)

    @property
    def _person(self) -> str:
        authors = self.part.filters.authors
        return authors[0] if len(authors) == 1 and not self.part.subjects else ""

    def _one(self) -> tuple[str, ...]:
        """Return the papers meant, or that spoken of last."""
        part, context = self.part, self.drafted.context
        if part.papers or part.of_step or part.filters:
            return part.papers
        self.drafted.refers_to += context.one
        return context.one

    def _those(self) -> tuple[str, ...]:
        """Return the papers meant, or all those spoken of last."""
        part, context = self.part, self.drafted.context
        if part.papers or part.of_step or part.filters:
            return part.papers
        self.drafted.refers_to += context.several
        return context.several[:MOST_NAMED]

    # -- facts of papers and of the library

    def _facts(self, name: str) -> Arguments | None:
        part = self.part
        if _names_one(part.filters, name):  # "papers in category CL": it is told, not asked for
            return None
        also = [one for one, probability in part.intent.probabilities.items() if probability > _LEAST_BESIDE]
        fields = cast(tuple[PaperField, ...], (name, *(one for one in also if one in _FACTS and one != name)))
        if part.papers or part.of_step:
            return PaperFacts(fields=fields, **{**self._scope, "filters": Filters()})
        if topic := title_in(part.rest) or without_fields(part.topic):
            return PaperFacts(fields=fields, topic=topic, **self._scope)
        papers = self._those() if name == "bibtex" else self._one()
        return PaperFacts(fields=fields, **{**self._scope, "papers": papers}) if papers or part.filters else None

    def _count(self) -> Arguments | None:
        is_share = bool(_SHARE.search(self.part.text))
        if len(self.part.papers) == 1 or (is_share and not self.part.filters):  # what is counted is in the papers
            return None
        by = _span_of_alternatives(self.part.filters)
        return Counts.model_validate({"by": by, "topic": self._topic, "share": is_share, **self._among})

    def _grouped(self, by: str) -> Arguments | None:
        if _names_one(self.part.filters, by):  # nothing to group
            return None
        topic = self.part.intent.topic
        return Counts.model_validate({"by": by, "top": _top(self.part), "topic": topic, **self._among})

    def _library(self, name: str) -> Arguments | None:
        may_be_topic = self.part.topic and self.part.intent.probabilities[name] < _SURE_OF_LIBRARY
        return LibraryFacts.model_validate({"aspect": name}) if self._is_own and not may_be_topic else None

    # -- people

    def _author_work(self) -> Arguments | None:
        if not self._person:
            return None
        topic = self.part.intent.topic if _OF_WORK.search(self.part.rest) else ""
        return AuthorWork(name=self._person, topic=topic, **self._scope)

    def _coauthors(self) -> Arguments | None:
        return Coauthors(name=self._person, topic="", **self._scope) if self._person else None

    def _by_authors(self) -> Arguments | None:
        papers = self._one()
        if not (papers or self.part.of_step):
            return None
        return ByAuthors(**{**self._scope, "papers": papers[:1]})

    # -- papers

    @property
    def _topic(self) -> str:
        """What is counted; of a question in another language the grammar tells no topic, nor of "that altogether"."""
        intent = self.part.intent
        may_be = intent.topical > _LEAST_OF_A_TOPIC and not self.drafted.foreign
        return self.part.topic and (intent.topic or (self.part.topic if may_be else ""))

    def _papers(self) -> Arguments | None:
        part = self.part
        if part.subjects or (part.reference and not self._are_many):
            return None
        return self._list(**(self._among if part.of_step is None else self._scope))

    def _list(self, **scope: Any) -> Papers:
        part, order = self.part, order_of(self.part.rest)
        read = sum(part.intent.probabilities[name] for name in ("content", "define", "figure"))
        is_asked = part.topic and not order and (scope["filters"].paper_ids or read > _LEAST)
        question = part.text if is_asked else ""
        is_read = bool(question) and not self.drafted.foreign  # by the reader, which reads English
        answer = is_read and self._likeliest_intent[0] in _IN_TEXTS
        limit = limit_of(part.rest)
        spoken_of = self.drafted.context.one if answer else ()  # "avg gain over the baseline?"
        told = {"question": question, "answer": answer, "spoken_of": spoken_of}
        return Papers(topic=part.topic, order=order, limit=limit, **told, **scope)

    @property
    def _are_many(self) -> bool:
        """Whether several papers are referred to."""
        part = self.part
        return part.refers_to_several or len(part.papers) > 2 or part.of_step is not None

    def _narrow(self) -> Arguments | None:
        part, context = self.part, self.drafted.context
        if part.reference or not context.several:
            return self._papers()
        if part.subjects:
            return None
        self.drafted.refers_to += context.several
        return self._list(filters=replace(part.filters, paper_ids=context.several))

    def _similar(self) -> Arguments | None:
        part = self.part
        papers = part.papers or (() if part.topic or part.of_step else self.drafted.context.one)
        if not (papers or part.of_step):
            return None
        self.drafted.refers_to += papers
        return Similar(limit=limit_of(self.part.rest), **{**self._scope, "papers": papers})

    def _table(self) -> Arguments | None:
        part = self.part
        topic = "" if part.papers else part.intent.topic or without_fields(part.topic)
        papers = part.papers if topic else self._those()
        if not (topic or papers or part.filters or part.of_step):
            return None
        columns = columns_of(part.named.bare)
        return Table(topic=topic, columns=columns, **{**self._scope, "papers": papers})

    def _related_work(self) -> Arguments | None:
        said = topic_of(_SECTION.sub(" ", self.part.rest))
        topic = "" if self.part.papers else self.part.intent.topic or said
        if self._is_own and not (topic or self.drafted.context.limited):
            return None
        return RelatedWork(topic=topic, **(self._among if self.part.is_of_limits else self._scope))

    # -- what papers say

    def _survey(self, name: str) -> Arguments | None:
        part = self.part
        topic = "" if part.papers else part.intent.topic or part.topic
        if len(part.papers) == 1 or not (topic or part.papers or part.filters or part.of_step):
            return None
        # What is told if nothing else is asked for gives way to what may well be.
        aspects = [one for one in self._ranked if one.startswith("survey_") and one != "survey_approaches"]
        name = next((one for one in aspects if part.intent.probabilities[one] > _LEAST_BESIDE), name)
        aspect = cast(SurveyAspect, name.removeprefix("survey_"))
        return Survey(topic=topic, aspect=aspect, **self._among)

    def _compare(self) -> Arguments | None:
        part = self.part
        together = tuple(dict.fromkeys((*(part.reference.paper_ids if part.reference else ()), *part.subjects)))
        sides = operands_of(part.rest) or (() if together else part.intent.topics)
        sides = tuple(side for side in sides if self._is_side(side))
        if len(together) + len(sides) < 2:
            return None
        said = (*sides, *part.named.paper_words, *([part.reference.said] if part.reference else []))
        _, behind = _around(part.text, said)
        question = _LEADING.sub("", behind) if content_words(_JOINS_SIDES.sub(" ", behind)) else ""
        return Compare(**{**self._scope, "papers": together[:8]}, sides=sides[:8], question=question)

    def _is_side(self, side: str) -> bool:
        """Tell whether one side of a comparison is more than a paper's name or a word that refers back."""
        named = any(words.strip(" ,.?!") in side for words in self.part.named.paper_words)
        refers = self.part.reference and (refers_back(side) or self.part.reference.said in side)
        return bool(topic_of(side)) and not named and not refers

    def _passages(self, name: str) -> Arguments:
        part, drafted = self.part, self.drafted
        if part.is_elliptic and not part.filters and drafted.context.one:
            return _about_the_last(part, drafted)
        filters, text, scope = part.filters, part.text, self._scope
        if not OF_PAPERS.search(text):
            # "Is there code for X?" and "the role of memory in AI" ask for something; they do not choose papers.
            filters = replace(filters, has_code=None, category=None, any_of=(), also=())
        if filters == part.filters:
            text = part.rest or text
        if not (part.papers or part.of_step is not None or filters):
            scope |= _scope_before(drafted)
        if part.papers:
            filters = replace(filters, authors=(), since=None, until=None, organization=None, venue=None, listing=None)
        left = content_words(part.own)
        not_read = bool(part.papers) and bool(drafted.foreign)  # what is asked is not understood, but of which paper
        bare = part.papers and _NOTHING.fullmatch(part.own)  # a paper and nothing else
        seeks = "definition" if not_read or bare or name == "define" else "figure" if name == "figure" else "fact"
        if not_read:
            part.leftover.extend(left.values())
        subject = ""
        if seeks == "definition":
            own = without(text, part.named.paper_words)
            quoted = _QUOTED.search(own)
            said = topic_of(quoted[1]) if quoted else part.intent.topic or topic_of(_ASIDE.sub(" ", own))
            subject = ("" if not_read else said) or " ".join(part.named.paper_words[:1])
            subject = subject.strip(" ?.,!")
        return Passages.model_validate(
            {
                **scope,
                "filters": filters,
                "query": text,
                "question": f"What is {subject}?" if not_read or bare else _alone(text, part, drafted),
                "seeks": seeks,
                "subject": subject,
            }
        )

    # -- the answer before, and the assistant

    def _more(self) -> Arguments | None:
        context = self.drafted.context
        last = context.history[-1].plan.steps[-1].arguments if context.history[-1].plan.steps else None
        if isinstance(last, Papers) and not (self.part.subjects or self.part.topic):
            shown = len(context.history[-1].paper_ids) if last.limit is None else last.limit
            return last.model_copy(update={"offset": last.offset + min(shown, last.limit or 50)})
        if context.last is None or self.part.subjects:
            return None
        self.drafted.refers_to += context.last.paper_ids
        self.drafted.form = self.drafted.form.model_copy(update={"length": "long"})
        return Rework()

    def _rework(self, name: str) -> Arguments | None:
        last = self.drafted.context.last
        if last is None or self.part.subjects:
            return None
        self.drafted.refers_to += last.paper_ids
        return Rework.model_validate({"how": name})

    def _talk(self, name: str) -> Arguments | None:
        return Talk.model_validate({"about": name}) if self._is_own else None


def _names_one(filters: Filters, kind: str) -> bool:
    """Tell whether filters name one of a kind, or some: a category, a listing, an organisation."""
    return any(getattr(one, kind, None) for one in (filters, *filters.any_of))


def _span_of_alternatives(filters: Filters) -> str:
    """Return "year" or "month" if filters leave a choice of several such periods, to be told apart; else ""."""
    spans = [(one.since, one.until) for one in filters.any_of if one.since and one.until]
    if len(spans) < 2 or len(spans) < len(filters.any_of):
        return ""
    in_a_month = all((since.year, since.month) == (until.year, until.month) for since, until in spans)
    return "month" if in_a_month else "year"


def _top(part: Part) -> int | None:
    """Return how many groups are wanted: 5 of "top 5 authors", 1 of "which month had the most"."""
    if match := re.search(r"\btop (\d{1,3}|two|three|four|five|six|seven|eight|nine|ten)\b", part.rest, re.I):
        words = "one two three four five six seven eight nine ten".split()
        return int(match[1]) if match[1].isdigit() else words.index(match[1].lower()) + 1
    return 1 if re.search(r"\bmost\b", part.rest, re.I) and not re.search(r"\bauthors\b|\byears\b", part.rest) else None


def _about_the_last(part: Part, drafted: Drafted) -> Arguments:
    """Return a question without a subject, "why?", as one about the paper spoken of last."""
    context = drafted.context
    drafted.refers_to += context.one
    before = next((turn for turn in reversed(context.history) if turn.paper_ids), None)
    asked = before.question if before else ""
    return Passages(query=f"{part.text} {asked}".strip(), question=f"{part.text} ({asked})", papers=context.one)


def _scope_before(drafted: Drafted) -> dict[str, Any]:
    """Return the paper of the part before: "What is DUSK, and does it need retraining?" is about one."""
    before = drafted.steps[-1].arguments if drafted.steps else None
    if isinstance(before, Passages | PaperFacts) and len(before.papers) == 1:
        return {"papers": before.papers}
    return {"of_step": len(drafted.steps)} if isinstance(before, PaperFacts) and before.topic else {}


def _around(text: str, names: Sequence[str]) -> tuple[str, str]:
    """Return what stands before all names in a text, and what stands behind them."""
    places = [(text.rfind(name), text.rfind(name) + len(name)) for name in names if name in text]
    return (text[: min(places)[0]], text[max(end for _, end in places) :]) if places else (text, "")


def _alone(text: str, part: Part, drafted: Drafted) -> str:
    """Return a question with what it refers to, in a form that can be understood alone; beside one paper it can.

    Where several papers are named it is what is asked of each: "how do they train" of "A or B, how do they train".
    """
    if len(part.subjects) > 1:
        before, behind = _around(text, part.named.paper_words)
        own = "" if topic_of(before) else _LEADING.sub("", behind)
        return (own if topic_of(own) else part.topic) or text
    if part.reference and drafted.context.last and len(part.papers) != 1:
        return f"{text} ({drafted.context.last.question})"
    return text
