"""Whether a question can be answered within the limits of its conversation."""

from dataclasses import replace

from assistant.operations.results import Refusal
from assistant.planning.chips import joined
from assistant.planning.plan import Arguments, Decide, Plan, Scope, Talk
from assistant.records import Abstention
from assistant.text.evidence import shown_title
from vectorstore.catalogue.filters import Filters
from vectorstore.library import Library

_NOTHING_LEFT = (
    "The library has no paper within the limits of this conversation now; widen these, or take them away, to ask."
)


def outside(plan: Plan, within: Filters, library: Library) -> Refusal | None:
    """Return that no paper lies within the limits, or that papers named lie outside of them; None if neither is so."""
    if not within:
        return None
    if any(_asks(step.arguments) for step in plan.steps) and not library.count(within):
        return Refusal(Abstention.OUTSIDE_LIMITS, _NOTHING_LEFT)
    named = {one for step in plan.steps if isinstance(step.arguments, Scope) for one in step.arguments.papers}
    chosen = replace(Filters(paper_ids=tuple(sorted(named))), also=(within,))
    inside = {paper.paper_id for paper in library.papers(chosen)}
    beyond = library.catalogue.papers(named - inside)
    if not beyond:
        return None
    papers = joined([f"“{shown_title(paper.title)}”" for paper in beyond])
    lie, them = ("lies", "it") if len(beyond) == 1 else ("lie", "them")
    text = f"{papers} {lie} outside of the limits of this conversation; widen these to ask about {them}."
    return Refusal(Abstention.OUTSIDE_LIMITS, text)


def _asks(arguments: Arguments) -> bool:
    """Tell whether an operation asks something of papers; "these" of which there are none are unclear."""
    return not isinstance(arguments, Decide) and (not isinstance(arguments, Talk) or arguments.about == "unclear")
