"""A question that only changes the one before, and what it wants then: "more", "newest first", "and in 2025?"."""

import re
from dataclasses import fields, replace
from typing import Any

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
    Survey,
)
from assistant.planning.topics import limit_of, order_of
from vectorstore.catalogue.filters import Filters

_ONES = re.compile(r"\bones?\b", re.I)


def continued(part: Part, drafted: Drafted) -> Arguments | None:
    """Return what a question wants that only changes the one before: "more", "newest first", "and in 2025?"."""
    context = drafted.context
    if drafted.steps or not context.history:
        return None
    before = next((turn.plan for turn in reversed(context.history) if turn.plan.steps), Plan())
    last = before.steps[-1].arguments if before.steps else None
    if part.is_elliptic:
        if isinstance(last, Papers | Counts | Survey) and (part.filters or order_of(part.rest)):
            return _changed(last, part)
        if part.filters and isinstance(last, AuthorWork | Coauthors | RelatedWork):
            return last.model_copy(update={"filters": _merged(last.filters, part.filters)})
        return None
    if part.goes_on and part.subjects and last and "papers" in type(last).model_fields and not part.topic:
        return last.model_copy(update={"papers": part.subjects, "of_step": None, **_of(last, part)})
    chosen = part.filters.paper_ids or part.reference  # "the Chinese one", "the second one": of those, and no list
    if part.topic and isinstance(last, Papers | Counts) and not chosen and (part.goes_on or _ONES.search(part.text)):
        topic = f"{part.topic} {last.topic}".strip() if _ONES.search(part.text) else part.topic
        return last.model_copy(update={"topic": topic, "filters": _merged(last.filters, part.filters), "offset": 0})
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
