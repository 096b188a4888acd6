"""The filters that a question names: authors, period, category, organisation, listing, code, and what it excludes."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import reduce

from assistant.finders import (
    categories_in,
    code_in,
    listings_in,
    organizations_in,
    papers_in,
    periods_in,
    person_mention,
    surnames_in,
    unknown_author,
)
from assistant.mentions import Group, Kind, Skeleton
from assistant.vocabulary import Vocabulary
from vectorstore.filters import Filters


@dataclass(frozen=True, slots=True)
class NamedFilters:
    """Filters, the question without the words that said them, and what of its names is not settled."""

    filters: Filters
    rest: str
    papers: tuple[str, ...]  # by id: the papers that are named, in the order of the question
    paper_words: tuple[str, ...]  # the words that name them
    unknown_author: str | None = None  # a name that nobody has
    namesakes: tuple[str, ...] = ()  # whom an ambiguous name may mean
    corrections: tuple[tuple[str, str], ...] = ()  # (name as typed, the author taken for it)


def named_filters(text: str, vocabulary: Vocabulary, *, today: date) -> NamedFilters:
    """Return the filters that a question names."""
    skeleton = Skeleton(text)
    skeleton.put(papers_in(skeleton.text, vocabulary))
    people = list(vocabulary.people.named_in(skeleton.text))
    skeleton.put(map(person_mention, people))
    surnames = list(surnames_in(skeleton.text, vocabulary))
    skeleton.put(map(person_mention, surnames))
    skeleton.put(listings_in(skeleton, vocabulary))
    skeleton.put(periods_in(skeleton.text, today))
    skeleton.put(code_in(skeleton.text))
    skeleton.put(organizations_in(skeleton.text, vocabulary))
    skeleton.put(categories_in(skeleton.text, vocabulary))
    unknown, corrected = unknown_author(skeleton, vocabulary)
    everybody = [*people, *surnames, *corrected]
    groups, rest = skeleton.groups()
    named = [
        mention for group in groups if group.kind is Kind.PAPER and not group.negated for mention in group.mentions
    ]
    return NamedFilters(
        filters=filters_of(groups),
        rest=rest,
        papers=tuple(dict.fromkeys(ids[0] for mention in named if len(ids := mention.filters.paper_ids or ()) == 1)),
        paper_words=tuple(mention.said for mention in named if len(mention.filters.paper_ids or ()) == 1),
        unknown_author=unknown,
        namesakes=next((person.names for person in everybody if len(person.names) > 1), ()),
        corrections=tuple((person.said, person.names[0]) for person in everybody if person.misspelt),
    )


# -- from mentions to filters


def filters_of(groups: Sequence[Group]) -> Filters:
    """Return the filters that groups of mentions say together."""
    filters, choices = Filters(), [Filters()]
    excluding: list[Filters] = []
    for group in groups:
        if group.negated:
            excluding += [mention.filters for mention in group.mentions]
            continue
        if group.kind is Kind.PAPER:
            continue  # a paper that is named is a subject, no filter
        wanted = [[mention] for mention in group.mentions] if _is_one_of(group) else group.alternatives()
        parts = [reduce(merged, (mention.filters for mention in mentions)) for mentions in wanted]
        if len(parts) == 1:
            filters = merged(filters, parts[0])
        else:
            choices = [merged(choice, part) for choice in choices for part in parts]
    any_of = tuple(choices) if len(choices) > 1 else ()
    return replace(filters, any_of=filters.any_of + any_of, excluding=tuple(excluding))


def _is_one_of(group: Group) -> bool:
    """Tell whether a paper can meet only one of the mentions: it has one category, and appears on one day."""
    if group.kind is Kind.PERIOD:
        return all(mention.filters.since and mention.filters.until for mention in group.mentions)
    return group.kind in (Kind.CATEGORY, Kind.ORGANIZATION, Kind.LISTING)


def merged(one: Filters, other: Filters) -> Filters:
    """Return the filters that hold where both do; of two categories or listings the latter."""
    said = {field.name: value for field in fields(Filters) if (value := getattr(other, field.name)) not in (None, ())}
    for name in ("authors", "any_of", "excluding"):
        if name in said:
            said[name] = tuple(dict.fromkeys(getattr(one, name) + said[name]))
    since = [day for day in (one.since, other.since) if day]
    until = [day for day in (one.until, other.until) if day]
    said |= {"since": max(since, default=None), "until": min(until, default=None)}
    return replace(one, **said)
