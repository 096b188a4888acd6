"""What a question takes for granted of a named paper -> what its listing says instead."""

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.chips import joined
from assistant.evidence import shown_title
from assistant.plain_text import plain_text
from assistant.relevance import has_name
from vectorstore.lexical import terms
from vectorstore.names import folded
from vectorstore.papers import Paper
from vectorstore.sentences import sentence_spans

_PARTICLES = frozenset(terms("down up"))
_PERSON = r"[A-Z][\w.-]+(?: [A-Z][\w.-]*){0,3}"
_PEOPLE = rf"(?P<people>{_PERSON}(?:(?:, (?:and )?| and | & ){_PERSON})*)"
_WRITES = (
    r"(?:write|wrote|say|said|propose|proposed|publish|published|introduce|introduced|find|found|claim|claimed|show)"
)
# Where a question says who wrote a paper.
_AUTHORSHIP = (
    re.compile(rf"\b{_PEOPLE}['’]s? (?:[\w-]+ ){{0,3}}?(?:paper|work|study|article)\b"),
    re.compile(rf"\b(?:did|do|does|have|has) {_PEOPLE} {_WRITES}\b"),
    re.compile(rf"\b(?:paper|work|study|article|written|published|proposed|introduced) by {_PEOPLE}"),
)
_YEAR = re.compile(r"(?<![\d.,-])(?:19|20)\d\d(?![\d.,%-]*\d)")
_WORDS = "two three four five six seven eight nine ten eleven twelve".split()
_COUNTED = re.compile(
    rf"(?<![\w.,-])(?P<number>\d[\d,]*(?![\d.]*[%\w-])|{'|'.join(_WORDS)})"
    r" (?P<things>[A-Za-z][\w-]*(?: [A-Za-z][\w-]*){0,2})",
    re.I,
)
_TRAILING = re.compile(r"(?: (?:a|an|and|as|are|by|for|from|in|is|of|on|or|that|the|to|was|were|which|with))+$", re.I)
# Verbs that say the opposite of each other.
_OPPOSITES = tuple(
    (frozenset(terms(one)), frozenset(terms(other)))
    for one, other in (
        ("increase raise grow double enlarge worsen", "reduce lower decrease cut shrink halve mitigate suppress"),
        ("slow delay decelerate", "accelerate speed speedup hasten"),
        ("degrade worsen harm hurt damage", "improve boost enhance help benefit"),
    )
)


def contradiction(question: str, papers: Sequence[Paper]) -> str | None:
    """Return what the listing says of the one paper asked about where the question says something else of it.

    That is who wrote it, its year, how many there are of something, or whether something is more or less.
    """
    if len(papers) != 1:
        return None
    (paper,) = papers
    checks = (_not_by, _not_of, _not_so_many, _not_that_way)
    return next((said for check in checks if (said := check(question, paper))), None)


def _not_by(question: str, paper: Paper) -> str | None:
    words = {word for name in paper.people for word in folded(name).split()}
    printed = f"{paper.title} {paper.abstract} {paper.organization or ''} {paper.affiliation or ''}"
    people = [
        name
        for pattern in _AUTHORSHIP
        for match in pattern.finditer(question)
        for name in re.split(r", (?:and )?| and | & ", match["people"])
    ]
    strangers = [name for name in people if folded(name).split()[-1] not in words and not has_name(name, printed)]
    if not strangers:
        return None
    title, others = f"“{shown_title(paper.title)}”", " or ".join(dict.fromkeys(strangers))
    if not paper.people:
        return f"The listing names no author of {title}, and nothing in it speaks of {others}."
    if not paper.authors_complete:
        return f"The listing does not name {others} as an author of {title}; it names {', '.join(paper.people)} et al."
    return f"{title} is not by {others}: the listing names {joined(paper.people)}."


def _not_of(question: str, paper: Paper) -> str | None:
    text = f"{paper.title} {paper.abstract}"
    years = [year for year in _YEAR.findall(question) if year not in text]
    if not years or paper.published is None or str(paper.published.year) in years:
        return None
    return f"“{shown_title(paper.title)}” is not from {years[0]}: the listing dates it {paper.published.year}."


def _not_so_many(question: str, paper: Paper) -> str | None:
    text = plain_text(paper.abstract)
    for number, things in _counted(question):
        if any(number == other for other, _ in _counted(text)) or has_name(number, text):
            continue
        alike = (match for match in _COUNTED.finditer(text) if _same_things(things, match["things"]))
        if match := next(alike, None):
            said = f"{match['number']} {_TRAILING.sub('', match['things'])}"
            return f"The abstract of “{shown_title(paper.title)}” does not say {number}; it says “{said}”."
    return None


def _counted(text: str) -> Iterator[tuple[str, str]]:
    for match in _COUNTED.finditer(text):
        number = match["number"].lower().replace(",", "")
        yield (str(_WORDS.index(number) + 2) if number in _WORDS else number), match["things"]


def _same_things(one: str, other: str) -> bool:
    """Tell whether two things that are counted are the same: "padding tokens" and "distinct padding tokens"."""
    asked, said = terms(one), terms(other)
    return bool(asked) and bool(said) and len(set(asked[:2]) & set(said)) >= min(2, len(set(asked[:2])))


def _not_that_way(question: str, paper: Paper) -> str | None:
    asked = terms(question)
    for said, opposite in (pair[::step] for pair in _OPPOSITES for step in (1, -1)):
        for place, word in enumerate(asked):
            things = frozenset(asked[place + 1 : place + 3]) - _PARTICLES
            if word in said and (sentence := _with_opposite(things, said, opposite, paper)):
                return f"The abstract of “{shown_title(paper.title)}” says the opposite: “{sentence}”"
    return None


def _with_opposite(things: Iterable[str], said: frozenset[str], opposite: frozenset[str], paper: Paper) -> str | None:
    """Return the sentence that has `things` just behind a word of `opposite`, None if one has them behind `said`."""
    found = None
    for start, end in sentence_spans(paper.abstract):
        words = terms(plain_text(paper.abstract[start:end]))
        for place, word in enumerate(words):
            behind = set(words[place + 1 : place + 4])
            if things and set(things) & behind:
                if word in said:
                    return None
                if word in opposite:
                    found = plain_text(paper.abstract[start:end])
    return found
