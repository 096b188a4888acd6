"""A sentence of an abstract -> the ways in which a text can tell it of a paper that it names."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from assistant.abstract_sentences import AbstractSentence
from assistant.evidence import Evidence, printed_surname, short_title, shown_title
from assistant.plain_text import plain_text
from assistant.rewriting import has_second_verb, has_singular_verb, is_singular, third_person, without_lead
from vectorstore.names import folded

_PRESENTS = (
    r"(?P<verb>propose|introduce|present|develop|design|release|describe|build|construct|create|contribute|devise)s?"
)
_PAST = {
    "build": "built",
    "design": "designed",
    "present": "presented",
    "develop": "developed",
    "construct": "constructed",
}
_COINED = re.compile(
    rf"^(?:(?:in|with) [^,]+, )?(?:we|this (?:paper|work|study)) (?:\w+ly |first |also |further |then |therefore |thus )?{_PRESENTS}"
    r" (?P<name>(?-i:(?!A |An |The )[A-Z0-9])[^,;:]{1,90}?(?: \([^()]+\))?), (?P<rest>(?:(?P<what>an?|the first|the) |(?P<which>which|that) ).+)$",
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

_NAMES_ITS_OWN = re.compile(
    r"\b(?:propose|introduce|present|develop|release)s? (?:the )?[A-Z0-9]\w*[A-Z]|\([A-Z][\w-]*[A-Z]\w*\)"
)

# "3) Unified Framework: We show ..."
_HEADING = re.compile(
    r"^(?:\(?\w{1,3}\) )?(?:[A-Z][\w-]*|\([A-Z]\w+\)|and|of|the|for)(?: (?:[A-Z][\w-]*|\([A-Z]\w+\)|and|of|the|for))*: (?=[A-Z][a-z]* )"
)


@dataclass(frozen=True, slots=True)
class Telling:
    """A way to tell a sentence, and how it is built."""

    text: str
    frame: str
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class OwnWork(Evidence):
    """Evidence of a paper that is told as the work of one of its authors, be it the last one: "Lee, Kim and colleagues"."""

    author: str

    @property
    def people(self) -> str:
        if self.authors_complete and len(self.authors) == 1:
            return printed_surname(self.author)
        if self.authors_complete and len(self.authors) == 2:
            return " and ".join(printed_surname(name) for name in self.authors)
        own, first = printed_surname(self.author), printed_surname(self.authors[0])
        return f"{own} and colleagues" if first == own else f"{first}, {own} and colleagues"


def own_work(evidence: Evidence, author: str) -> OwnWork:
    return OwnWork(**asdict(evidence), author=author)


def first_tellings(sentence: AbstractSentence) -> Iterator[Telling]:
    """Yield ways to tell a sentence that is the first one of its paper: it names who wrote it."""
    evidence = sentence.evidence
    source = evidence.source
    text = _plain(sentence.text)
    bare = without_lead(text)
    cut = _capitalised(_IN_FRONT.sub("", bare))
    name = short_title(shown_title(evidence.title))
    named = name != shown_title(evidence.title) and _is_name(name)
    for number, clause in enumerate(dict.fromkeys((bare, cut))):
        for told in _with_subject(clause, source, evidence.text):
            begins = told.startswith(source)
            if told.startswith("According to"):
                yield Telling(told, "according", 3)
            else:
                yield Telling(told, "subject" if begins else "front", (0.5 if begins else 0) + 0.3 * number)
            if begins and named and not _NAMES_ITS_OWN.search(told) and folded(name) not in folded(told):
                yield Telling(f"In {name}, {told}", "in")
    if match := _COINED.match(cut):
        yield from _coined(match, evidence)


def _with_subject(clause: str, source: str, abstract: str) -> Iterator[str]:
    """Yield a clause of the authors' own with `source` as its subject, if its verbs then agree."""
    told = third_person(clause, source=source, named=False, abstract=abstract)
    by_itself = not re.search(r"\b[Ww]e\b", clause)  # "This paper proposes"
    agrees = not has_second_verb(told) if is_singular(source) else not (by_itself and has_singular_verb(told))
    front = told[: told.find(source)]
    stands_apart = front in ("", "According to ") or re.search(r"(?:, |^\w+ly )$", front)
    if agrees and stands_apart and not re.search(r"\b(?:their|they)\b", front):
        yield told


def _coined(match: re.Match[str], evidence: Evidence) -> Iterator[Telling]:
    """Yield "X, proposed by Kim et al. (2025), is a ..." from "We propose X, a ...", of own work "X (2025) is a ..."."""
    source = evidence.source
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
    rest = third_person(rest, source=source, named=True, abstract=evidence.text)
    rest = rest[:1].lower() + rest[1:]
    predicate = rest if match["which"] else f"is {rest}"
    yield Telling(f"{name}, {past} by {source}, {predicate}", "coined")
    if isinstance(evidence, OwnWork) and evidence.date and not name.endswith(")"):
        yield Telling(f"{name} ({evidence.date[:4]}) {predicate}", "name", 0.2)


def _is_name(name: str) -> bool:
    return len(name.split()) <= 2 and any(letter.isupper() for letter in name[1:])


def _plain(text: str) -> str:
    """Return a sentence as text: ties as spaces, no heading in front, dashes."""
    plain = re.sub(r"(?<=[^\s~])~(?=[^\s~])", " ", plain_text(text))
    plain = re.sub(r"(?<=[a-z])- (?!and\b|or\b|to\b)(?=[a-z])", "-", plain)
    plain = re.sub(r"\b(of|for|on|in) such (?=[\w-]+(?: [\w-]+)?s\b)(?!as\b)", r"\1 ", plain)
    plain = _HEADING.sub("", plain)
    return " ".join(plain.replace(" - ", " – ").split())


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def later_tellings(sentence: AbstractSentence, *, named: bool) -> Iterator[Telling]:
    """Yield ways to tell a sentence that follows one of the same paper. "They" are its authors if that `named` them."""
    text = _plain(sentence.text)
    bare = without_lead(text)
    group = sentence.evidence.people
    for number, own in enumerate(dict.fromkeys((bare, _capitalised(_IN_FRONT.sub("", bare))))):
        told = third_person(own, source=group, named=True, abstract=sentence.evidence.text)
        they = told.startswith(("They ", "Their "))
        if named or not they:
            yield Telling(told, "they" if they else "plain", 0.3 * number)
        if told.startswith("They ") and not (is_singular(group) and has_second_verb(told)):
            by_name = third_person(own, source=group, named=False, abstract=sentence.evidence.text)
            if by_name.startswith(group):
                yield Telling(by_name, "subject", 1 + 0.3 * number)
