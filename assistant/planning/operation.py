"""A part of a question -> the operation that answers it, with its arguments."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant.planning import kinds
from assistant.planning.operands import operands_of
from assistant.planning.part import FIELD_WORDS, OF_PAPERS, Drafted, Part, without_fields
from assistant.planning.plan import (
    MOST_NAMED,
    Arguments,
    AuthorWork,
    ByAuthors,
    Coauthors,
    Compare,
    Counts,
    LibraryFacts,
    Order,
    PaperFacts,
    Papers,
    Passages,
    RelatedWork,
    Similar,
    Survey,
    Table,
)
from assistant.planning.references import refers_back
from assistant.planning.topics import PAPERS, limit_of, order_of, title_in, topic_of
from assistant.planning.vocabulary import without
from assistant.text.words import content_words
from vectorstore.catalogue.filters import Filters

_QUOTED = re.compile(r"[\"“”„]([^\"“”„]{2,})[\"“”„]")
_ASIDE = re.compile(r"\([^()]*\)|[\"“”„]")
_OF_ONE_WORK = re.compile(r"^(?:did|do|does|has|have|is|was)\b.+\b(?:write|wrote|written|author\w*|publish\w*)\b", re.I)


def step_for(part: Part, drafted: Drafted) -> Arguments:
    """Return what a part of a question asks for."""
    cues, context = part.cues, drafted.context
    scope = {"papers": part.papers, "filters": part.filters, "of_step": part.of_step}
    person = part.filters.authors[0] if len(part.filters.authors) == 1 else ""
    if kinds.RELATED_WORK.search(cues.bare):
        return RelatedWork(topic=_topic_of_section(part), **(_among(part, scope) if part.is_of_limits else scope))
    if kinds.BIBTEX.search(cues.bare):
        topic = without_fields(part.topic)
        papers = part.papers or (() if topic or part.filters or part.of_step else context.several[:MOST_NAMED])
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
    if drafted.form.layout == "table" and not kinds.COMPARE.search(cues.bare):
        topic = without_fields(part.topic)
        if not (topic or part.papers or part.filters or part.of_step):
            drafted.refers_to += context.several
            return Table(papers=context.several[:MOST_NAMED])
        if part.topic or part.papers:
            return Table(topic="" if part.papers else part.topic, **scope)
    if comparison := _comparison(part, scope):
        return comparison
    if asked := _of_the_catalogue(part, drafted, scope):
        return asked
    if kinds.SURVEY.search(part.text) and len(part.subjects) < 2 and not (part.papers and not _many(part)):
        topic = topic_of(kinds.SURVEY.sub(" ", part.own)) or part.topic
        return Survey(topic=topic, aspect=kinds.aspect_of(part.text), **_among(part, scope))
    if part.is_elliptic and not part.filters and not order_of(part.rest) and not cues.is_list and context.one:
        return _about_the_last(part, drafted)
    if _wants_papers(part):
        return _papers(part, scope)
    return _passages(part, drafted, scope)


def _is_author(part: Part) -> bool:
    if order_of(part.rest) or part.reference:
        return False
    text = part.cues.bare
    if re.search(rf"\b{PAPERS}\b", text) and not re.search(r"\bsumm|\boverview|\bwork\b|\brecap|\bsum up", text, re.I):
        return False
    summed_up = re.search(r"\bsum up\b|\bsummar", text, re.I)
    wrote = re.search(r"\bpublish\w*|\bwrote\b|\bwritten\b", text, re.I)
    return bool(kinds.AUTHOR.search(text)) and bool(summed_up or not wrote)


def _topic_of_work(part: Part) -> str:
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


def _topic_of_section(part: Part) -> str:
    """Return what a related-work section is to be on, without what it is for: "in LaTeX", "for my thesis"."""
    if part.papers:
        return ""
    text = without(part.rest, part.named.paper_words)
    return topic_of(_SECTION.sub(" ", text)) or topic_of(text)


def _comparison(part: Part, scope: dict[str, Any]) -> Arguments | None:
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
    if part.reference and any(_only_refers(side) for side in unnamed):
        unnamed = tuple(side for side in unnamed if not _only_refers(side))
    if len(together) + len(unnamed) > 1:
        return Compare(**{**scope, "papers": together[:8]}, sides=unnamed[:8])
    return None


def _only_refers(side: str) -> bool:
    """Tell whether one side of a comparison only refers back."""
    return refers_back(side) or bool(re.fullmatch(r"(?:it|this|that|this one|that one|them)", side.strip(), re.I))


def _of_the_catalogue(part: Part, drafted: Drafted, scope: dict[str, Any]) -> Arguments | None:
    """Return a count, a fact of the library, or facts of papers, if that is what is asked."""
    cues = part.cues
    if not part.subjects:
        if by := cues.grouping() or (cues.is_count and _span_of_alternatives(part.filters)):
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
    names = tuple(name for name in cues.field_names() if not _orders_by(name, part))
    if not names or (_many(part) and (part.filters.has_code is not None or cues.is_list)):
        return None
    if part.papers or part.of_step:
        said = without(part.rest, part.named.paper_words)
        if _beyond(said, names):
            return None
        return PaperFacts(fields=names, **{**scope, "filters": Filters()})
    if part.filters.has_code is not None or (cues.is_list and "authors" not in names and "date" not in names):
        return None
    if topic := without_fields(part.topic):
        if part.filters and "authors" not in names:
            return None
        return PaperFacts(fields=names, topic=title_in(part.rest) or topic)
    if drafted.context.one and not part.filters:
        drafted.refers_to += drafted.context.one
        return PaperFacts(fields=names, papers=drafted.context.one)
    return None


def _span_of_alternatives(filters: Filters) -> str:
    """Return "year" or "month" if filters leave a choice of several such periods, to be told apart; else ""."""
    spans = [(one.since, one.until) for one in filters.any_of if one.since and one.until]
    if len(spans) < 2 or len(spans) < len(filters.any_of):
        return ""
    in_a_month = all((since.year, since.month) == (until.year, until.month) for since, until in spans)
    return "month" if in_a_month else "year"


def _orders_by(name: str, part: Part) -> bool:
    """Tell whether papers are to be in the order of a field, which then is not asked for itself."""
    by_authors = order_of(part.rest) in (Order.MOST_AUTHORS, Order.FEWEST_AUTHORS)
    by_date = order_of(part.rest) in (Order.NEWEST, Order.OLDEST) and not part.papers
    return {"authors": by_authors, "date": by_date}.get(name, False)


def _beyond(said: str, names: Sequence[str]) -> bool:
    """Tell whether a question for "the authors of X", or for its code, wants more than the catalogue has."""
    if re.match(r"^(?:and )?(?:why|how (?!many (?:co-?)?authors|old|recent))\b", said, re.I):
        return True
    rest = FIELD_WORDS.sub(" ", said)
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


def _counted_topic(part: Part) -> str:
    return topic_of(_GROUP_WORDS.sub(" ", part.topic))


def _top(part: Part) -> int | None:
    """Return how many groups are wanted: 5 of "top 5 authors", 1 of "which month had the most"."""
    if match := re.search(r"\btop (\d{1,3}|two|three|four|five|six|seven|eight|nine|ten)\b", part.rest, re.I):
        words = "one two three four five six seven eight nine ten".split()
        return int(match[1]) if match[1].isdigit() else words.index(match[1].lower()) + 1
    return 1 if re.search(r"\bmost\b", part.rest, re.I) and not re.search(r"\bauthors\b|\byears\b", part.rest) else None


def _many(part: Part) -> bool:
    """Tell whether several papers are referred to."""
    return part.refers_to_several or len(part.papers) > 2 or (part.of_step is not None)


def _among(part: Part, scope: dict[str, Any]) -> dict[str, Any]:
    """Return the scope with the papers referred to as a filter: a list is made among them. Those of the limits need
    none, which nothing passes anyway."""
    if not part.papers:
        return scope
    if part.is_of_limits:
        return {**scope, "papers": ()}
    return {**scope, "papers": (), "filters": replace(part.filters, paper_ids=part.papers)}


def _about_the_last(part: Part, drafted: Drafted) -> Arguments:
    """Return a question without a subject, "why?", as one about the paper spoken of last."""
    context = drafted.context
    drafted.refers_to += context.one
    before = next((turn for turn in reversed(context.history) if turn.paper_ids), None)
    asked = before.question if before else ""
    return Passages(query=f"{part.text} {asked}".strip(), question=f"{part.text} ({asked})", papers=context.one)


def names_nothing(part: Part, drafted: Drafted) -> bool:
    """Tell whether a part only asks: no list, topic, paper, filter or order, and no turn that it could go on from."""
    named = part.cues.is_list or part.topic or part.papers or part.filters or part.of_step or order_of(part.rest)
    return not named and not drafted.steps and not drafted.context.one


def _wants_papers(part: Part) -> bool:
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


def _content_question(part: Part) -> bool:
    return bool(re.search(r"\b(?:why|how|what)\b", part.text, re.I)) and bool(part.topic)


def _papers(part: Part, scope: dict[str, Any]) -> Arguments:
    topic = re.split(r"\bwith (?:their|its)\b", part.topic)[0].strip()
    if part.of_step is None:
        scope = _among(part, scope)
    order = order_of(part.rest)
    asks = topic and not order and (part.papers or not part.cues.is_list)
    question = part.text if asks else ""
    return Papers(topic=topic, order=order, limit=limit_of(part.rest), question=question, **scope)


def _passages(part: Part, drafted: Drafted, scope: dict[str, Any]) -> Arguments:
    filters, text = part.filters, part.text
    if not OF_PAPERS.search(text):
        # "Is there code for X?" and "the role of memory in AI" ask for something; they do not choose papers.
        filters = replace(filters, has_code=None, category=None, any_of=(), also=())
    if filters == part.filters:
        text = part.rest or text
    if not (part.papers or part.of_step is not None or filters):
        scope["papers"] = _papers_before(drafted)
    if part.papers:
        filters = replace(filters, authors=(), since=None, until=None, organization=None, venue=None, listing=None)
    left = content_words(part.own)
    seeks = "fact"
    not_read = bool(part.papers) and drafted.is_foreign  # what is asked is not understood, but of which paper
    if kinds.FIGURE.search(without(part.text, part.named.paper_words)):
        seeks = "figure"
    elif not_read or kinds.DEFINE.search(part.named.bare) or (part.papers and not left and not part.cues.is_sentence):
        seeks = "definition"
        part.leftover.extend(left.values() if not_read else ())
    elif part.subjects and left and not part.cues.is_sentence:
        part.leftover.extend(left.values())
    subject = ""
    if seeks == "definition":
        own = without(text, part.named.paper_words)
        quoted = _QUOTED.search(own)
        subject = "" if not_read else topic_of(quoted[1] if quoted else _ASIDE.sub(" ", own))
        subject = subject or " ".join(part.named.paper_words[:1])
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


def _papers_before(drafted: Drafted) -> tuple[str, ...]:
    """Return the paper that the part before named: "What is DUSK, and does it need retraining?" is about one."""
    before = drafted.steps[-1].arguments if drafted.steps else None
    return before.papers if isinstance(before, Passages) and len(before.papers) == 1 else ()


def _alone(text: str, part: Part, drafted: Drafted) -> str:
    """Return a question with what it refers to, in a form that can be understood alone; beside one paper it can.

    Where several papers are named it is what is asked of each: "needs training" of "which of A and B needs training".
    """
    if len(part.subjects) > 1:
        return part.topic or text
    if part.reference and drafted.context.last and len(part.papers) != 1:
        return f"{text} ({drafted.context.last.question})"
    return text
