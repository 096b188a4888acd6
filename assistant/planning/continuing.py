"""A question that only changes the one before, and what it wants then: "more", "newest first", "and in 2025?"."""

import re
from dataclasses import fields, replace
from typing import Any

from assistant.planning import kinds
from assistant.planning.part import Drafted, Part
from assistant.planning.plan import (
    Arguments,
    AuthorWork,
    Coauthors,
    Counts,
    Papers,
    Passages,
    Plan,
    RelatedWork,
    Rework,
    Survey,
)
from assistant.planning.topics import limit_of, order_of
from vectorstore.catalogue.filters import Filters

_ONES = re.compile(r"\bones?\b", re.I)
_NARROWS = re.compile(
    r"^(?:and |but |now |show |keep |give |me )*(?:only|just|exclude|excluding|except|without|drop"
    r"|remove|hide|leave out|not|filter|restrict|limit)\b",
    re.I,
)


def continued(part: Part, drafted: Drafted) -> Arguments | None:
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


def _of(last: Arguments, part: Part) -> dict[str, str]:
    """Return the words of a question before, put of another paper."""
    if isinstance(last, Passages):
        if last.seeks == "definition":
            return {"query": part.text, "question": f"What is {part.text}?"}
        return {"query": f"{last.query} {part.text}", "question": f"{last.question} ({part.text})"}
    return {"topic": ""} if "topic" in type(last).model_fields else {}


def _changed(last: "Papers | Counts | Survey", part: Part) -> Arguments:
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
