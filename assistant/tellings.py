"""A sentence of an abstract -> the ways in which a text can tell it of a paper that it names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.abstract_sentences import AbstractSentence
from assistant.evidence import Evidence, printed_surname, short_title, shown_title
from assistant.plain_text import plain_text
from assistant.rewriting import has_second_verb, is_singular, third_person, without_lead

_PRESENTS = (
    r"(?P<verb>propose|introduce|present|develop|design|release|describe|build|construct|create|contribute|devise)s?"
)
_PAST = {"build": "built", "design": "designed", "present": "presented", "develop": "developed", "construct": "constructed"}
_COINED = re.compile(
    rf"^(?:(?:in|with) [^,]+, )?(?:we|this (?:paper|work|study)) (?:\w+ly |first |also |further |then |therefore |thus )?{_PRESENTS}"
    r" (?P<name>[A-Z0-9][^,;:]{1,90}?(?: \([^()]+\))?), (?P<rest>(?:(?P<what>an?|the first|the) |(?P<which>which|that) ).+)$",
    re.I | re.S,
)
_CLAUSE_BEHIND = re.compile(
    r",? and (?:also |then |further )?(?:we|our|they|show|demonstrate|evaluate|analy[sz]e|investigate|study|release|propose|provide|present|find)\b.*$",
    re.S,
)
# A subordinate clause or a purpose in front of the authors' own one, which stands well without it.
_IN_FRONT = re.compile(
    r"^(?:While|Although|Though|Since|As|Because|Motivated|Inspired|Building|Based|Guided|Given|Recogni[sz]ing|Unlike|Despite"
    r"|Following|Leveraging|Considering|Rather than|Instead of|In contrast to|To|Toward|Towards|In response to|In light of"
    r"|Through|By)\b.*?,\s+(?=(?:we|this (?:paper|work|study|article))\b)",
    re.I | re.S,
)


@dataclass(frozen=True, slots=True)
class Telling:
    """A way to tell a sentence, and how it is built."""

    text: str
    frame: str
    cost: float = 0.0


def people(evidence: Evidence, author: str | None) -> str:
    """Return how a sentence names who wrote a paper: "Kim et al. (2025)", of an author's own work "Kim and colleagues (2025)"."""
    if author is None:
        return evidence.source
    year = f" ({evidence.date[:4]})" if evidence.date else ""
    own = printed_surname(author)
    if evidence.authors_complete and len(evidence.authors) <= 1:
        return f"{own}{year}"
    if evidence.authors_complete and len(evidence.authors) == 2:
        return f"{' and '.join(map(printed_surname, evidence.authors))}{year}"
    return f"{own} and colleagues{year}"


def first_tellings(sentence: AbstractSentence, source: str) -> Iterator[Telling]:
    """Yield ways to tell a sentence that is the first one of its paper: it names who wrote it."""
    evidence = sentence.evidence
    text = " ".join(plain_text(sentence.text).split())
    bare = without_lead(text)
    cut = _IN_FRONT.sub("", bare)
    for number, own in enumerate(dict.fromkeys((bare, cut))):
        told = third_person(own, source=source, named=False, abstract=evidence.text)
        if is_singular(source) and has_second_verb(told):
            continue
        begins = told.startswith(source)
        if told.startswith("According to"):
            yield Telling(told, "according", 3)
        else:
            yield Telling(told, "subject" if begins else "front", (0.5 if begins else 0) + 0.3 * number)
        name = short_title(shown_title(evidence.title))
        if begins and name != shown_title(evidence.title) and _is_name(name) and name not in told:
            yield Telling(f"In {name}, {told}", "in")
    if match := _COINED.match(cut):
        yield from _coined(match, source, evidence.text)


def _coined(match: re.Match[str], source: str, abstract: str) -> Iterator[Telling]:
    """Yield "X, proposed by Kim et al. (2025), is a ..." from "We propose X, a ..."."""
    verb = match["verb"].lower()
    past = _PAST.get(verb, verb + ("d" if verb.endswith("e") else "ed"))
    rest = _CLAUSE_BEHIND.sub(".", match["rest"])
    if match["which"]:
        rest = rest.partition(" ")[2]
        if not re.match(r"[a-z]+s\b", rest):
            return
    name = third_person(match["name"], source=source, named=True)
    plural = bool(re.search(r"[a-z]s\)?$", name)) and not name.endswith(("ss", "ss)"))
    if plural:
        return
    rest = third_person(rest, source=source, named=True, abstract=abstract)
    rest = rest[:1].lower() + rest[1:]
    predicate = rest if match["which"] else f"is {rest}"
    yield Telling(f"{name}, {past} by {source}, {predicate}", "coined")


def _is_name(name: str) -> bool:
    return len(name.split()) <= 2 and any(letter.isupper() for letter in name[1:])


def later_tellings(sentence: AbstractSentence, source: str) -> Iterator[Telling]:
    """Yield ways to tell a sentence that follows one of the same paper, so that "they" are its authors."""
    text = " ".join(plain_text(sentence.text).split())
    bare = without_lead(text)
    group = re.sub(r" \(\d{4}\)$", "", source)
    for number, own in enumerate(dict.fromkeys((bare, _IN_FRONT.sub("", bare)))):
        told = third_person(own, source=group, named=True, abstract=sentence.evidence.text)
        yield Telling(told, "they" if told.startswith(("They", "Their")) else "plain", 0.3 * number)
        if told.startswith("They ") and not (is_singular(group) and has_second_verb(told)):
            named = third_person(own, source=group, named=False, abstract=sentence.evidence.text)
            if named.startswith(group):
                yield Telling(named, "subject", 1 + 0.3 * number)
