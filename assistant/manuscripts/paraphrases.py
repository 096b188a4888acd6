"""A sentence of an abstract -> its paraphrases: the ways in which a text can tell it of a paper that it names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.manuscripts.referring_expressions import OwnWork, Titled
from assistant.manuscripts.sentence_cleaning import cleaned_sentence
from assistant.text.abstract_sentences import AbstractSentence
from assistant.text.evidence import Evidence, short_title, shown_title
from assistant.text.third_person import has_second_verb, has_singular_verb, is_singular, third_person, without_lead
from vectorstore.text.folding import folded

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
    r"^(?:(?:in|with) [^,]+, )?(?:we|this (?:paper|work|study)) "
    r"(?:\w+ly |first |also |further |then |therefore |thus )?"
    rf"{_PRESENTS} (?P<name>(?-i:(?!A |An |The )[a-z]?[A-Z0-9])[^,;:]{{1,90}}?(?: \([^()]+\))?), "
    r"(?P<rest>(?:(?:an?|the first|the) |(?P<which>which|that) ).+)$",
    re.I | re.S,
)
_CLAUSE_BEHIND = re.compile(
    r",? and (?:also |then |further )?(?:we|our|they|show|demonstrate|evaluate|analy[sz]e|investigate|study|release"
    r"|propose|provide|present|find|conduct|perform|develop|introduce|apply|prove|examine|discuss|construct|explore|identify"
    r"|design|train|curate|collect|report|compare|use|establish)\b.*$",
    re.S,
)
# A subordinate clause or a purpose in front of the authors' own one, which stands well without it.
_IN_FRONT = re.compile(
    r"^(?:While|Although|Though|Since|As|Because|Motivated|Inspired|Building|Based|Guided|Given|Recogni[sz]ing|Unlike"
    r"|Despite|Following|Leveraging|Considering|Rather than|Instead of|In contrast to|To|Toward|Towards|In response to"
    r"|In light"
    r" of|Through|By)\b.*?,\s+(?=(?:we|this (?:paper|work|study|article))\b)",
    re.I | re.S,
)

_NAMES_ITS_OWN = re.compile(
    r"\b(?:propose|introduce|present|develop|release)s? (?:the )?[A-Z0-9]\w*[A-Z]|\([A-Z][\w-]*[A-Z]\w*\)"
)

# "We are building ever more models" is said of everybody.
_IS_DOING = re.compile(r" (?:is|are) \w+ing\b")
_EVERYBODY = re.compile(r"[Ww]e (?:are|may be|can be) \w+ing\b")
# "By simulation, we", not "Non-uniformity, we", which is left of "Inspired by this".
_STANDS_IN_FRONT = re.compile(
    r"(?:\w+ly |(?:\w+ly|\w+ing|\w+ed|In|On|At|By|With|To|For|From|Given|Through|Via|Under|Within|Unlike|Beyond|As"
    r"|After|Before|Across|Against|Among|Without|Towards?|Contrary|Despite|Instead|Rather|When|While|Since|Because|If"
    r"|Although|Though|Here|Over|Upon|Due|Along|Both)\b.*, )$",
    re.S,
)
_SINGULAR = re.compile(
    r" (?:(?:\w+ly|also|first|further|then),? )*"
    r"(?:\w+s|\w+ed|can|could|may|might|will|would|must|found|built|made|took|gave)\b"
)
_PASSIVE = re.compile(
    r"^(?P<what>An? [^.]{5,160}?) (?:is|are|was|were) (?:therefore |thus |also |then |first )?"
    r"(?P<verb>proposed|introduced|presented|developed|designed|described)(?P<rest>(?: .*)?[.])$",
    re.S,
)
_FOUND = re.compile(
    r"^(?:Extensive |Comprehensive |Empirical |Experimental )*experiment(?:s|al)?(?: results)? "
    r"(?:show|demonstrate|indicate|reveal|confirm) that (?P<what>.+)$",
    re.I | re.S,
)
# "They fail to say why": not the authors.
_OF_SOMETHING_ELSE = re.compile(r"(?:They|Their|Them|It|Its)\b")
_LONGEST_TITLE = 18  # words
_NAMED_AGAIN = 2  # cost of "“dLLM” introduces dLLM"


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """A way to tell a sentence, and how it is built."""

    text: str
    frame: str
    cost: float = 0.0


def first_paraphrases(sentence: AbstractSentence) -> Iterator[Paraphrase]:
    """Yield ways to tell a sentence that is the first one of its paper: it names who wrote it."""
    evidence = sentence.evidence
    source = evidence.source
    text = cleaned_sentence(sentence.text)
    bare = without_lead(text)
    if isinstance(evidence, Titled):
        bare = re.sub(r"\b[Oo]ur\b", "its", bare)
    cut = _capitalised(_IN_FRONT.sub("", bare))
    name = short_title(shown_title(evidence.title))
    named = not isinstance(evidence, Titled) and name != shown_title(evidence.title) and _is_name(name)
    for number, clause in enumerate(dict.fromkeys((bare, cut))):
        for told in _with_subject(clause, source, evidence.text):
            begins = told.startswith(_capitalised(source))
            if told.startswith("According to"):
                yield Paraphrase(told, "according", 3)
            else:
                again = isinstance(evidence, Titled) and folded(name) in folded(told.replace(source, "", 1))
                cost = (0.5 if begins else 0) + (_NAMED_AGAIN if again else 0) + 0.3 * number
                yield Paraphrase(told, "subject" if begins else "front", cost)
            if begins and named and not _NAMES_ITS_OWN.search(told) and folded(name) not in folded(told):
                yield Paraphrase(f"In {name}, {source}{told[len(source) :]}", "in")
    yield from _with_title(bare, cut, evidence)
    if match := _FOUND.match(bare):
        yield Paraphrase(
            f"In experiments, {_inside(source)} {_agreeing('find', source)} that {match['what']}", "found", 0.6
        )
    if match := _PASSIVE.match(bare):
        verb = next((base for base, past in _PAST.items() if past == match["verb"]), match["verb"][:-1])
        verb = verb + "s" if is_singular(source) else verb
        yield Paraphrase(
            f"{source} {verb} {match['what'][0].lower()}{match['what'][1:]}{match['rest']}", "subject", 0.5
        )
    if match := _COINED.match(cut):
        yield from _coined(match, evidence)


def _with_title(bare: str, cut: str, evidence: Evidence) -> Iterator[Paraphrase]:
    """Yield a sentence with the title of its paper in front, which says what "the mitigation" is."""
    title = shown_title(evidence.title).rstrip(".")
    if isinstance(evidence, Titled) or len(title.split()) > _LONGEST_TITLE or re.search(r"[“”\"]", title):
        return
    source = evidence.source
    for number, clause in enumerate(dict.fromkeys((bare, cut))):
        for told in _with_subject(clause, source, evidence.text):
            said = told.removeprefix(f"According to {_inside(source)}, ")
            if told.startswith(_capitalised(source)):
                yield Paraphrase(f"In “{title}”, {_inside(source)}{told[len(source) :]}", "title", 4 + 0.3 * number)
            elif said != told:
                verb = _agreeing("report", source)
                yield Paraphrase(f"In “{title}”, {_inside(source)} {verb} that {said}", "title", 5)


def _inside(source: str) -> str:
    return f"the {source[4:]}" if source.startswith("The ") else source


def _agreeing(verb: str, source: str) -> str:
    return f"{verb}s" if is_singular(source) else verb


def _with_subject(clause: str, source: str, abstract: str) -> Iterator[str]:
    """Yield a clause of the authors' own with `source` as its subject, if its verbs then agree."""
    told = third_person(clause, source=source, named=False, abstract=abstract)
    by_itself = not re.search(r"\b[Ww]e\b", clause)  # "This paper proposes"
    behind = told.partition(source)[2]
    if _IS_DOING.match(behind) or (
        is_singular(source) and not told.startswith("According") and not _SINGULAR.match(behind)
    ):
        return
    agrees = not has_second_verb(told) if is_singular(source) else not (by_itself and has_singular_verb(told))
    front = told[: told.find(source)]
    stands_apart = front in ("", "According to ") or _STANDS_IN_FRONT.match(front)
    if agrees and stands_apart and not re.search(r"\b(?:their|they)\b", front):
        yield _capitalised(told) if told.startswith(source) else told  # "Van Stein et al. propose"


def _coined(match: re.Match[str], evidence: Evidence) -> Iterator[Paraphrase]:
    """Yield "X, proposed by Kim et al. (2025), is a ..." from "We propose X, a ...", also "X (2025) is a ..."."""
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
    if not isinstance(evidence, Titled):
        by = source[0].lower() + source[1:] if source.startswith("The ") else source
        yield Paraphrase(f"{name}, {past} by {by}, {predicate}", "coined")
    if isinstance(evidence, OwnWork | Titled) and evidence.date:
        dated = f"{name[:-1]}, {evidence.date[:4]})" if name.endswith(")") else f"{name} ({evidence.date[:4]})"
        yield Paraphrase(f"{dated} {predicate}", "name", 0.2)


def _is_name(name: str) -> bool:
    return len(name.split()) <= 2 and any(letter.isupper() for letter in name[1:])


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def later_paraphrases(sentence: AbstractSentence, *, named: bool) -> Iterator[Paraphrase]:
    """Yield ways to tell a sentence that follows one of the same paper. "They" are its authors if that `named` them."""
    text = cleaned_sentence(sentence.text)
    bare = without_lead(text)
    if _OF_SOMETHING_ELSE.match(bare) or _EVERYBODY.match(bare):
        return
    group = sentence.evidence.people
    titled = isinstance(sentence.evidence, Titled)
    for number, own in enumerate(dict.fromkeys((bare, _capitalised(_IN_FRONT.sub("", bare))))):
        if titled:
            yield Paraphrase(_of_the_authors(own), "they" if re.match(r"We\b", own) else "plain", 0.3 * number)
            continue
        told = third_person(own, source=group, named=True, abstract=sentence.evidence.text)
        told = re.sub(r"^They (?:first|then) ", "They ", told)
        if told.startswith("They ") and has_singular_verb(told):
            continue
        they = told.startswith(("They ", "Their "))
        if named or not they:
            yield Paraphrase(told, "they" if they else "plain", 0.3 * number)
        if told.startswith("They ") and not (is_singular(group) and has_second_verb(told)):
            by_name = third_person(own, source=group, named=False, abstract=sentence.evidence.text)
            if by_name.startswith(group):
                yield Paraphrase(by_name, "subject", 1 + 0.3 * number)


def _of_the_authors(text: str) -> str:
    """Return a sentence of a paper that is known by its title alone, which no "they" can stand for."""
    text = re.sub(r"^(Our \w+) also\b", r"\1", text)
    text = re.sub(r"^Our\b(?! own\b)", "The paper’s", text)
    whose = "their" if re.search(r"\bwe\b", text, re.I) else "its"
    text = re.sub(r"\bours?\b", whose, text, flags=re.I)
    text = re.sub(r"\b(we|us)(?: also| further| first| then)?\b(?!-)", "the authors", text, flags=re.I)
    return _capitalised(text)
