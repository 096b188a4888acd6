"""The filters that a question names: authors, period, category, organisation, venue, listing, code, exclusions."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import reduce

from assistant.planning.finders import (
    UnknownKind,
    categories_in,
    code_in,
    identified_in,
    listings_in,
    misspelt_papers_in,
    organizations_in,
    papers_in,
    periods_in,
    person_mention,
    surname_alone,
    surnames_in,
    undated_in,
    unknown_author,
    unknown_identifier,
    unknown_venue,
    venues_in,
    year_at_end,
)
from assistant.planning.mentions import Group, Kind, Skeleton
from assistant.planning.vocabulary import Vocabulary
from vectorstore.catalogue.filters import Filters


@dataclass(frozen=True, slots=True)
class NamedFilters:
    """Filters, the question without the words that said them, and what of its names is not settled."""

    filters: Filters
    rest: str
    papers: tuple[str, ...]  # by id: the papers that are named, in the order of the question
    paper_words: tuple[str, ...]  # the words that name them
    bare: str = ""  # the question with ⟦⟧ in the place of each paper and person, and without what filters
    marked: str = ""  # the question with one and the same words for each paper, and for each person
    unknown_author: str | None = None  # a name that nobody has
    unknown_name: tuple[UnknownKind, str] | None = None  # an identifier or a venue that no paper has
    namesakes: tuple[str, ...] = ()  # whom an ambiguous name may mean
    corrections: tuple[tuple[str, str], ...] = ()  # (name as typed, the author taken for it)


def named_filters(text: str, vocabulary: Vocabulary, *, today: date) -> NamedFilters:
    """Return the filters that a question names."""
    skeleton = Skeleton(text)
    unidentified = unknown_identifier(skeleton.text, vocabulary)
    skeleton.put(identified_in(skeleton.text, vocabulary))
    skeleton.put(papers_in(skeleton.text, vocabulary))
    people = list(vocabulary.people.named_in(skeleton.text))
    skeleton.put(map(person_mention, people))
    surnames = list(surnames_in(skeleton.text, vocabulary))
    skeleton.put(map(person_mention, surnames))
    skeleton.put(misspelt_papers_in(skeleton.text, vocabulary))
    skeleton.put(listings_in(skeleton, vocabulary))
    skeleton.put(venues_in(skeleton.text, vocabulary))
    skeleton.put(organizations_in(skeleton.text, vocabulary))
    skeleton.put(undated_in(skeleton.text))
    skeleton.put(periods_in(skeleton.text, today))
    skeleton.put(year_at_end(skeleton.text, vocabulary))
    alone = list(surname_alone(skeleton.text, vocabulary))
    skeleton.put(map(person_mention, alone))
    skeleton.put(code_in(skeleton.text))
    skeleton.put(categories_in(skeleton.text, vocabulary))
    unknown, corrected = unknown_author(skeleton, vocabulary)
    skeleton.put(periods_in(skeleton.text, today))  # a bare year is one beside a person: "mosbach 2026"
    unknown_name = unidentified or unknown_venue(skeleton.text)
    everybody = [*people, *surnames, *alone, *corrected]
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
        unknown_name=unknown_name,
        namesakes=next((person.names for person in everybody if len(person.names) > 1), ()),
        corrections=tuple((person.said, person.names[0]) for person in everybody if person.misspelt),
        bare=skeleton.bare,
        marked=skeleton.marked,
    )


# -- from mentions to filters


def filters_of(groups: Sequence[Group]) -> Filters:
    """Return the filters that groups of mentions say together."""
    clauses: list[list[Group]] = [[]]
    for group in groups:
        if group.kind is Kind.PAPER and not group.negated:
            continue  # a paper that is named is a subject, no filter
        if group.after_or and clauses[-1]:
            clauses.append([])
        clauses[-1].append(group)
    parts = tuple(dict.fromkeys(map(_all_of, clauses)))
    return parts[0] if len(parts) == 1 else Filters(any_of=parts)


def _all_of(groups: Sequence[Group]) -> Filters:
    filters = Filters()
    for group in groups:
        if group.negated:
            filters = merged(filters, Filters(excluding=tuple(mention.filters for mention in group.mentions)))
            continue
        wanted = [[mention] for mention in group.mentions] if _is_one_of(group) else group.alternatives()
        parts = tuple(dict.fromkeys(reduce(merged, (mention.filters for mention in mentions)) for mentions in wanted))
        filters = merged(filters, parts[0] if len(parts) == 1 else Filters(any_of=parts))
    return filters


def _is_one_of(group: Group) -> bool:
    """Tell whether a paper can meet only one of the mentions: it has one category and venue, and appears on one day."""
    if group.kind is Kind.PERIOD:
        return all(mention.filters.since and mention.filters.until for mention in group.mentions)
    return group.kind in (Kind.CATEGORY, Kind.ORGANIZATION, Kind.VENUE, Kind.LISTING)


def merged(one: Filters, other: Filters) -> Filters:
    """Return the filters that hold where both do; of two categories or listings the latter."""
    if one.any_of and other.any_of:
        choice, other = Filters(any_of=other.any_of), replace(other, any_of=())
        if choice.any_of != one.any_of:
            one = merged(one, Filters(also=(choice,)))
    said = {field.name: value for field in fields(Filters) if (value := getattr(other, field.name)) not in (None, ())}
    for name in ("authors", "also", "excluding"):
        if name in said:
            said[name] = tuple(dict.fromkeys(getattr(one, name) + said[name]))
    since = [day for day in (one.since, other.since) if day]
    until = [day for day in (one.until, other.until) if day]
    said |= {"since": max(since, default=None), "until": min(until, default=None)}
    return replace(one, **said)
