"""A plan in words: its steps, and its filters one by one, so that each can be shown and taken away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from assistant.planning.plan import Plan, Step
from vectorstore.catalogue.filters import Filters

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that filters ask for: how it is shown, and the filters without it."""

    label: str
    without: Filters


def chips(filters: Filters) -> list[Chip]:
    """Return what `filters` ask for, one by one. The papers of the answer before are one chip."""
    return [Chip(_described(part).strip(), rest) for part, rest in _parts(filters)]


def described(filters: Filters) -> str:
    """Return filters in words, to stand behind "papers": " by Bumjun Kim from 2025, not about pruning"."""
    text = _described(replace(filters, excluding=()))
    for excluded in filters.excluding:
        text += f", {_negated(excluded)}"
    return text


_DOES = {
    "passages": "read abstracts",
    "papers": "list papers",
    "count": "count papers",
    "library": "look over the library",
    "facts": "look up",
    "compare": "compare",
    "survey": "survey",
    "author": "sum up an author's work",
    "coauthors": "find co-authors",
    "author_figures": "look up a profile page",
    "by_authors": "list papers by its authors",
    "related_work": "write related work",
    "table": "make a table",
    "similar": "find similar papers",
    "rework": "put the answer otherwise",
}


def steps_in_words(plan: Plan) -> list[str]:
    """Return what a plan does, a few words a step: "count papers by year: quantization"; talk is no step."""
    return [_step_in_words(step) for step in plan.steps if step.operation in _DOES]


def _step_in_words(step: Step) -> str:
    arguments = step.arguments
    words = _DOES[step.operation]
    if by := getattr(arguments, "by", ""):
        words += f" by {by}"
    if names := getattr(arguments, "fields", ()):
        words += f" {joined(names)}"
    topic = getattr(arguments, "topic", "")
    return f"{words}: {topic}" if topic else words


def _parts(filters: Filters) -> Iterator[tuple[Filters, Filters]]:
    """Yield (a filter that asks for one thing, all the others)."""
    for name in filters.authors:
        yield Filters(authors=(name,)), replace(filters, authors=_but(filters.authors, name))
    if filters.since or filters.until:
        yield Filters(since=filters.since, until=filters.until), replace(filters, since=None, until=None)
    for field in ("dated", "category", "organization", "venue", "has_code", "listing", "text", "saying", "paper_ids"):
        if (value := getattr(filters, field)) is not None:
            alone: dict[str, Any] = {field: value}
            others: dict[str, Any] = {field: None}
            yield Filters(**alone), replace(filters, **others)
    if filters.any_of:
        yield Filters(any_of=filters.any_of), replace(filters, any_of=())
    for other in filters.also:
        yield other, replace(filters, also=_but(filters.also, other))
    for excluded in filters.excluding:
        yield Filters(excluding=(excluded,)), replace(filters, excluding=_but(filters.excluding, excluded))


def _but(values: Sequence[T], gone: T) -> tuple[T, ...]:
    return tuple(value for value in values if value != gone)


def _described(filters: Filters) -> str:
    parts = [f"by {joined(filters.authors)}"] if filters.authors else []
    if filters.since or filters.until:
        parts.append(_period(filters.since, filters.until))
    if filters.dated is not None:
        parts.append("with a date" if filters.dated else "without a date")
    if filters.category:
        parts.append(f"in category {filters.category}")
    if filters.organization:
        parts.append(f"from {filters.organization}")
    if filters.venue:
        parts.append(f"in {filters.venue}")
    if filters.has_code is not None:
        parts.append("with code" if filters.has_code else "without code")
    if filters.listing:
        parts.append(f"on the page {filters.listing}")
    if filters.text or filters.saying:
        parts.append(f"with “{filters.text or filters.saying}”")
    if filters.paper_ids is not None:
        parts.append("among those of the answer before")
    if filters.any_of:
        parts.append(" or ".join(_described(choice).strip() for choice in filters.any_of))
    parts += [_described(other).strip() for other in filters.also]
    parts += [_negated(excluded) for excluded in filters.excluding]
    return "".join(f" {part}" for part in parts)


def _negated(excluded: Filters) -> str:
    if excluded.saying:
        return f"not about {excluded.saying}"
    if excluded.paper_ids is not None:
        count = len(excluded.paper_ids)
        return "except the named paper" if count == 1 else f"except {count} named papers"
    return f"not {_described(excluded).strip()}"


def _period(since: date | None, until: date | None) -> str:
    if since and until:
        if since == until:
            return f"from {_day(since)}"
        if since.day == 1 and _ends_month(until):
            if (since.month, until.month) == (1, 12):
                return f"from {since.year}" if since.year == until.year else f"from {since.year} to {until.year}"
            if (since.year, since.month) == (until.year, until.month):
                return f"from {since:%B %Y}"
            return f"from {since:%B %Y} to {until:%B %Y}"
        return f"from {_day(since)} to {_day(until)}"
    return f"from {_starting(since)} on" if since else f"up to {_ending(until or date.max)}"


def _starting(day: date) -> str:
    if day.day != 1:
        return _day(day)
    return str(day.year) if day.month == 1 else f"{day:%B %Y}"


def _ending(day: date) -> str:
    if not _ends_month(day):
        return _day(day)
    return str(day.year) if day.month == 12 else f"{day:%B %Y}"


def _ends_month(day: date) -> bool:
    return day == date.max or (day + timedelta(1)).day == 1


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def joined(names: Sequence[str]) -> str:
    """Return "A", "A and B", "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
