"""A part of a question -> the operation that answers it, by what the small model takes it to ask for."""

from dataclasses import replace
from typing import Any, cast

from assistant.planning.intents import Intent
from assistant.planning.operands import operands_of
from assistant.planning.part import Drafted, Part
from assistant.planning.plan import (
    Arguments,
    AuthorWork,
    ByAuthors,
    Coauthors,
    Compare,
    Counts,
    LibraryFacts,
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
from assistant.planning.topics import limit_of, order_of
from vectorstore.catalogue.filters import Filters

_OF_THE_ANSWER_BEFORE = frozenset("form sure sources quotes more narrow".split())
_FACTS = frozenset("authors date code category organization listing address bibtex".split())


def intent_of(intent: Intent, drafted: Drafted) -> tuple[str, float]:
    """Return the likeliest intent, and its probability, of those that there can be at this place in a conversation."""
    goes_on = bool(drafted.context.history) and not drafted.steps
    return intent.likeliest(but=() if goes_on else _OF_THE_ANSWER_BEFORE)


def needed(step: Arguments) -> float:
    """Return how likely an intent must be to be taken against a step by the rules: less against one that they take a
    question for in which they see no other."""
    if isinstance(step, Papers) and step.order is None:
        return 0.9 if step.filters else 0.75
    if isinstance(step, Passages | Table):  # a table may be of counts
        return 0.85
    if isinstance(step, Talk) and step.about == "unclear":
        return 0.75
    return 0.97


def step_by_intent(name: str, part: Part, drafted: Drafted) -> Arguments | None:
    """Return what a part of a question asks for if its intent is `name`, None if it names too little for that."""
    context = drafted.context
    topic, filters = part.intent.topic, part.filters
    subject = topic or part.topic  # where there must be one
    scope: dict[str, Any] = {"papers": part.papers, "filters": filters, "of_step": part.of_step}
    among = scope if not part.papers else {**scope, "papers": (), "filters": replace(filters, paper_ids=part.papers)}
    person = filters.authors[0] if len(filters.authors) == 1 else ""
    is_own = not (part.papers or part.of_step or filters or topic)

    def named(side: str) -> bool:
        return any(words.strip(" ,.?!") in side for words in part.named.paper_words)

    def one() -> tuple[str, ...]:
        """Return the papers meant, or that spoken of last."""
        if part.papers or part.of_step or filters:
            return part.papers
        drafted.refers_to += context.one
        return context.one

    if name in _FACTS:
        papers = part.papers if topic else one()
        fields = (cast(PaperField, name),)
        if papers or part.of_step or topic:
            kept = Filters() if papers else filters
            return PaperFacts(
                fields=fields, topic="" if papers else topic, **{**scope, "papers": papers, "filters": kept}
            )
    elif name == "count":
        return Counts(topic=topic, **among)
    elif name.startswith("by_") and name != "by_authors" and not _names_one(filters, name.removeprefix("by_")):
        return Counts.model_validate({"by": name.removeprefix("by_"), "topic": topic, **among})
    elif name in ("listings", "themes", "overview") and is_own:
        return LibraryFacts.model_validate({"aspect": name})
    elif name.startswith("survey_") and len(part.papers) != 1 and (subject or part.papers or filters):
        aspect = cast(SurveyAspect, name.removeprefix("survey_"))
        return Survey(topic="" if part.papers else subject, aspect=aspect, **among)
    elif name == "compare" and len(part.subjects) < 2:  # of several the rules see what each is asked
        together = tuple(dict.fromkeys((*(part.reference.paper_ids if part.reference else ()), *part.subjects)))
        sides = tuple(side for side in operands_of(part.rest) if not named(side)) if len(together) < 2 else ()
        if len(together) + len(sides) > 1:
            return Compare(**{**scope, "papers": together[:8]}, sides=sides[:8])
    elif name == "author_work" and person:
        return AuthorWork(name=person, topic=topic, **scope)
    elif name == "coauthors" and person:
        return Coauthors(name=person, topic="", **scope)
    elif name == "by_authors" and (papers := one()):
        return ByAuthors(**{**scope, "papers": papers[:1]})
    elif name == "similar" and (papers := one()):
        return Similar(limit=limit_of(part.rest), **{**scope, "papers": papers})
    elif name == "related_work" and not is_own:
        return RelatedWork(topic=topic, **scope)
    elif name == "table" and not is_own:
        return Table(topic="" if part.papers else topic, **scope)
    elif name in ("greeting", "abilities") and is_own:
        return Talk.model_validate({"about": name})
    elif name in ("sure", "sources", "quotes", "form") and context.last and not part.subjects:
        drafted.refers_to += context.last.paper_ids
        return Rework.model_validate({"how": name})
    elif name == "narrow" and context.several and not part.subjects:
        drafted.refers_to += context.several
        filters = replace(filters, paper_ids=context.several)
        return Papers(topic=topic, filters=filters, order=order_of(part.rest), limit=limit_of(part.rest))
    return None


def _names_one(filters: Filters, group: str) -> bool:
    """Tell whether filters name a group, or some, of a kind: what is left is not counted by it."""
    return any(getattr(one, group, None) for one in (filters, *filters.any_of))
