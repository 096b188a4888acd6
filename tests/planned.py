"""What the first step of a plan asks for, in one view: its kind, its filters, and what else tests look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.planning.local import LocalPlanner
from assistant.planning.plan import Order, PaperFacts, Passages, Plan, Talk, Turn, UnknownAuthor
from assistant.planning.vocabulary import Vocabulary
from vectorstore.catalogue.filters import Filters

TODAY = date(2026, 7, 1)


@dataclass(frozen=True)
class Understood:
    """The first step of a plan. Its `kind` is the operation, what is sought of passages, or the field that is asked."""

    plan: Plan
    kind: str
    topic: str
    filters: Filters
    papers: tuple[str, ...]
    order: Order | None
    limit: int | None

    @property
    def unknown_author(self) -> str | None:
        found = self.plan.steps[0].arguments
        return found.name if isinstance(found, UnknownAuthor) and not found.ambiguous else None

    @property
    def namesakes(self) -> tuple[str, ...]:
        found = self.plan.steps[0].arguments
        return found.near if isinstance(found, UnknownAuthor) and found.ambiguous else ()


def understood(
    question: str, vocabulary: Vocabulary, *, history: Sequence[Turn] = (), today: date | None = None
) -> Understood:
    """Return what the local planner makes of a question."""
    plan = LocalPlanner(vocabulary, today=today).plan(question, history=history)
    arguments = plan.steps[0].arguments
    return Understood(
        plan,
        kind_of(plan),
        getattr(arguments, "topic", ""),
        getattr(arguments, "filters", Filters()),
        getattr(arguments, "papers", ()),
        getattr(arguments, "order", None),
        getattr(arguments, "limit", None),
    )


def kind_of(plan: Plan) -> str:
    """Return the operation of the first step, what is sought of passages, or the field that is asked."""
    arguments = plan.steps[0].arguments
    if isinstance(arguments, Passages):
        return arguments.seeks
    if isinstance(arguments, PaperFacts):
        return arguments.fields[0]
    if isinstance(arguments, Talk):
        return arguments.about
    return plan.steps[0].operation


class Understand:
    """Understands questions on the seeds, on a fixed day."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def __call__(self, question: str, history: Sequence[Turn] = ()) -> Understood:
        return understood(question, self.vocabulary, history=history, today=TODAY)
