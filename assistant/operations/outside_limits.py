"""Whether a question names papers outside of the limits of its conversation."""

from dataclasses import replace

from assistant.operations.results import Refusal
from assistant.planning.chips import joined
from assistant.planning.plan import Plan, Scope
from assistant.records import Abstention
from assistant.text.evidence import shown_title
from vectorstore.catalogue.filters import Filters
from vectorstore.library import Library


def outside(plan: Plan, within: Filters, library: Library) -> Refusal | None:
    """Return that papers named lie outside of the limits, None if none does."""
    named = {one for step in plan.steps if isinstance(step.arguments, Scope) for one in step.arguments.papers}
    if not (within and named):
        return None
    chosen = replace(Filters(paper_ids=tuple(sorted(named))), also=(within,))
    inside = {paper.paper_id for paper in library.papers(chosen)}
    beyond = library.catalogue.papers(named - inside)
    if not beyond:
        return None
    papers = joined([f"“{shown_title(paper.title)}”" for paper in beyond])
    lie, them = ("lies", "it") if len(beyond) == 1 else ("lie", "them")
    text = f"{papers} {lie} outside of the limits of this conversation; widen these to ask about {them}."
    return Refusal(Abstention.OUTSIDE_LIMITS, text)
