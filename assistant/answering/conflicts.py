"""Says after an answer where the listings contradict each other on what it was asked, or on what it says."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from assistant.facts.replies import Reply, added
from assistant.planning.chips import joined
from assistant.planning.plan import AuthorWork, Coauthors, Counts, Order, PaperFacts, Papers, Plan, Scope
from assistant.records import Citation, Verdict
from assistant.text.evidence import short_title, shown_title, unmarked
from vectorstore.authors.personal_names import surname
from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.catalogue.filters import Filters
from vectorstore.listings.entry import Entry
from vectorstore.papers.field_conflicts import (
    Conflict,
    Field,
    PrintedValue,
    author_count,
    contradicted_names,
    people_of,
)
from vectorstore.papers.grouping import Provenance
from vectorstore.papers.paper import Paper
from vectorstore.papers.partial_dates import iso_date
from vectorstore.text.folding import folded

_MOST_SAID = 5  # sentences about a list
_MOST_READ = 100_000  # characters of an answer
_ASKED = {
    "authors": frozenset({Field.AUTHORS, Field.AUTHOR_COUNT}),
    "date": frozenset({Field.DATE}),
    "code": frozenset({Field.CODE}),
    "organization": frozenset({Field.ORGANIZATION, Field.AFFILIATION}),
}
_LISTS = (Papers, Counts, Coauthors, AuthorWork)


def with_conflicts(reply: Reply, plan: Plan, catalogue: Catalogue) -> Iterator[str | Reply]:
    """Yield a sentence for each conflict that bears on an answer, as it goes on, then the reply with them."""
    for number, sentence in _sentences(plan, reply, catalogue):
        paper_id = reply.papers[number - 1].paper_id
        source = Citation(number, paper_id, f"{paper_id}:0", "", 0, 0)
        before, reply = reply, added(reply, sentence, Verdict.COMPUTED, [source])
        yield reply.text[len(before.text) :]
    yield reply


def _sentences(plan: Plan, reply: Reply, catalogue: Catalogue) -> list[tuple[int, str]]:
    """Return the sentences, each with the number of the reference that it is about."""
    asked = _asked_fields(plan)
    is_list = any(isinstance(step.arguments, _LISTS) for step in plan.steps)
    if is_list and not (asked or plan.filters.authors):
        return []  # nothing is asked of one of its papers
    found = [
        (number, _sentence(conflict, paper, number, is_only=len(reply.papers) == 1))
        for number, paper in enumerate(reply.papers, 1)
        for conflict in catalogue.conflicts_of(paper)
        if conflict.field in asked or _is_used(conflict, plan.filters.authors if is_list else _said_of(number, reply))
    ]
    return found[:_MOST_SAID] if is_list else found


def _asked_fields(plan: Plan) -> frozenset[Field]:
    fields: frozenset[Field] = frozenset()
    for step in plan.steps:
        arguments = step.arguments
        if isinstance(arguments, PaperFacts):
            fields = fields.union(*(_ASKED.get(name, frozenset()) for name in arguments.fields))
        if isinstance(arguments, _LISTS) and isinstance(arguments, Scope):
            fields |= _chosen_by(arguments.filters)
        if isinstance(arguments, Papers):
            fields |= {Field.DATE} if arguments.order in (Order.NEWEST, Order.OLDEST) else frozenset()
            if arguments.order in (Order.MOST_AUTHORS, Order.FEWEST_AUTHORS):
                fields |= {Field.AUTHOR_COUNT}
    return fields


def _chosen_by(filters: Filters) -> frozenset[Field]:
    """Return the fields by which filters choose papers."""
    chosen = {
        Field.DATE: filters.since or filters.until,
        Field.ORGANIZATION: filters.organization,
        Field.CODE: filters.has_code is not None,
    }
    own = frozenset(field for field, is_chosen in chosen.items() if is_chosen)
    return own.union(*map(_chosen_by, (*filters.any_of, *filters.also, *filters.excluding)))


# -- what an answer says already


def _said_of(number: int, reply: Reply) -> list[str]:
    """Return what a reply says of a paper: the sentences that cite it, or all if it is the only one."""
    alone = len(reply.papers) == 1
    return [one.text for one in reply.sentences if alone or number in one.citations]


def _is_used(conflict: Conflict, texts: Iterable[str]) -> bool:
    said = folded("\n".join(texts)[:_MOST_READ])
    forms = {folded(form) for form in _FORMS[conflict.field]([value.entry for value in conflict.values])}
    return any(re.search(rf"\b{re.escape(form)}\b", said) for form in forms if form)


def _date_forms(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield what tells the dates of `entries` from each other, as people write it."""
    dates = [entry.published for entry in entries if entry.published and entry.precision == "day"]
    explicit = {entry.published.year for entry in entries if entry.published and not entry.year_inferred}
    for day in dates:
        for month in (f"{day:%B}", f"{day:%b}"):
            yield from (f"{day.day} {month}", f"{month} {day.day}", f"{day.day} of {month}")
            if len({one.month for one in dates}) > 1:
                yield f"{month} {day.year}"
        yield day.isoformat()
    if len(explicit) > 1:
        yield from map(str, explicit)


def _name_forms(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield the names on which `entries` differ, and those surnames that only some of them print."""
    surnames = [{surname(name) for name in people_of(entry)} for entry in entries]
    for name in [name for entry in entries for name in _own_names(entry, entries)]:
        yield name
        if not all(surname(name) in printed for printed in surnames):
            yield surname(name)


def _own_names(entry: Entry, entries: Iterable[Entry]) -> list[str]:
    """Return the authors of `entry` whom another of the entries contradicts."""
    return list(dict.fromkeys(name for other in entries for name in contradicted_names(entry, other)))


_FORMS: dict[Field, Callable[[Sequence[Entry]], Iterable[str]]] = {
    Field.DATE: _date_forms,
    Field.TITLE: lambda entries: [shown_title(entry.title) for entry in entries],
    Field.AUTHORS: _name_forms,
    Field.AUTHOR_COUNT: lambda entries: [f"{author_count(entry)} authors" for entry in entries],
    Field.ORGANIZATION: lambda entries: [entry.organization or "" for entry in entries],
    Field.AFFILIATION: lambda entries: [entry.affiliation or "" for entry in entries],
    Field.CODE: lambda _: [],  # who is told of code asked for it
    Field.DOI: lambda entries: [entry.publication.doi or "" for entry in entries],
    Field.PAGES: lambda entries: [entry.publication.pages or "" for entry in entries],
}


# -- how it is said


def _sentence(conflict: Conflict, paper: Paper, number: int, *, is_only: bool) -> str:
    of_paper = "" if is_only else f" of “{short_title(shown_title(paper.title))}”"
    files = [place.listing for value in conflict.values for place in value.places]
    with_line = len(set(files)) < len(files)
    said = [
        f"{joined([_file(place, with_line=with_line) for place in value.places])} {does}"
        for value, does in sorted(_printed(conflict), key=lambda pair: _rank(conflict.field, paper, *pair))
    ]
    separator = "; " if any("," in part for part in said) else ", "
    return f"The listings{of_paper} differ: {separator.join(said)} [{number}]."


def _rank(field: Field, paper: Paper, value: PrintedValue, does: str) -> tuple[bool, bool]:
    """Put what the answers use first, and "does not" behind what is done."""
    return does.endswith(" not"), field.of(value.entry) != field.of(paper)


def _file(place: Provenance, *, with_line: bool) -> str:
    return unmarked(place.listing) + (f" (line {place.line})" if with_line else "")


def _printed(conflict: Conflict) -> Iterator[tuple[PrintedValue, str]]:
    """Yield each value with what its places do: "gives 2025-10-04", "names Bo Kim", "does not"."""
    entries = [value.entry for value in conflict.values]
    verb, printed = _SAID[conflict.field]
    for value in conflict.values:
        s = "" if len(value.places) > 1 else "s"
        said = printed(value.entry, entries)
        yield value, f"{verb}{s} {unmarked(said)}" if said else f"{'does' if s else 'do'} not"


def _printed_date(entry: Entry) -> str:
    day = entry.published or date.min
    return f"{day.day} {day:%B} without a year" if entry.year_inferred else iso_date(day, entry.precision) or ""


# How a listing is said to print a field, and what of it; nothing if it is another one that says more.
_SAID: dict[Field, tuple[str, Callable[[Entry, Sequence[Entry]], str]]] = {
    Field.DATE: ("give", lambda entry, _: _printed_date(entry)),
    Field.TITLE: ("give", lambda entry, _: f"“{shown_title(entry.title)}”"),
    Field.AUTHORS: ("name", lambda entry, entries: joined(own) if (own := _own_names(entry, entries)) else ""),
    Field.AUTHOR_COUNT: (
        "count",
        lambda entry, _: f"{author_count(entry)} author{'' if author_count(entry) == 1 else 's'}",
    ),
    Field.ORGANIZATION: ("give", lambda entry, _: entry.organization or ""),
    Field.AFFILIATION: ("give", lambda entry, _: entry.affiliation or ""),
    Field.CODE: ("mark", lambda entry, _: "code" if entry.has_code else ""),
    Field.DOI: ("give", lambda entry, _: f"the DOI {entry.publication.doi}"),
    Field.PAGES: ("give", lambda entry, _: f"the pages {entry.publication.pages}"),
}
