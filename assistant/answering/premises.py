"""What a question takes for granted of a named paper -> what its listing says instead."""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import takewhile

from assistant.searching.relevance import has_name, names_in
from assistant.text.evidence import short_title, shown_title
from assistant.text.plain_text import plain_text
from assistant.text.words import content_words
from assistant.planning.chips import joined
from vectorstore.lexical import terms
from vectorstore.names import folded
from vectorstore.papers import Paper
from vectorstore.sentences import sentence_spans

_PARTICLES = frozenset(terms("down up"))
_PERSON = r"[A-Z][\w.-]+(?: [A-Z][\w.-]*){0,3}"
_PEOPLE = rf"(?P<people>{_PERSON}(?:(?:, (?:and )?| and | & ){_PERSON})*)(?: et al\.?| and colleagues)?"
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
_SHARE = re.compile(r"(?<![\w.,-])(?P<number>\d+(?:\.\d+)?)\s?(?:%|percent\b)")
_PRINTED_SHARE = re.compile(rf"(?:\b(?:up to|at least|about|over|nearly|by) )*{_SHARE.pattern}", re.I)
_YES_OR_NO = re.compile(
    r"^(?:and |so |but )?(?:is|are|was|were|does|do|did|can|could|will|would|has|have|should)\b", re.I
)
_ENDS_A_PHRASE = frozenset("and as at by compared for from in into of on or over than that to when while with".split())
_LACKS = re.compile(r"\b(?:without|no|not|never|neither|avoid\w*|free of)\b", re.I)
_NEEDS = frozenset(terms("need require use rely depend involve suffer"))
_WORSE = frozenset(terms("worse inferior weaker slower poorer"))
_BETTER = frozenset(terms("better outperforms outperforming superior surpasses surpassing exceeds stronger faster"))
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

    That is who wrote it, its year, how many there are of something, or whether something is more or less, which a
    question that wants yes or no does not take for granted.
    """
    if len(papers) != 1:
        return None
    (paper,) = papers
    checks = [_not_by, _not_of, _not_so_many, _not_that_share]
    if not _YES_OR_NO.match(question):
        checks += [_not_that_way, _not_at_all, _not_worse]
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


def _not_that_share(question: str, paper: Paper) -> str | None:
    asked = _SHARE.search(question)
    text = plain_text(paper.abstract)
    if not asked or any(asked["number"] == match["number"] for match in _SHARE.finditer(text)):
        return None
    things = content_words(_SHARE.sub(" ", question)).keys() - frozenset(terms(plain_text(paper.title)))
    best, shared = None, 0
    for sentence in _sentences(paper):
        common = len(things & frozenset(terms(sentence)))
        if common > shared and _SHARE.search(sentence):
            best, shared = sentence, common
    if best is None or 2 * shared < len(things):
        return None
    said = _nearest_share(best, things)
    return f"The abstract of “{shown_title(paper.title)}” does not say {asked.group()}; it says “{said}”: “{best}”"


def _nearest_share(sentence: str, things: Set[str]) -> str:
    """Return the percentage of a sentence, as printed, that stands nearest to a word of `things`."""
    places = [match.start() for match in re.finditer(r"[\w-]+", sentence) if things & frozenset(terms(match.group()))]
    shares = _PRINTED_SHARE.finditer(sentence)
    return min(shares, key=lambda share: min(abs(share.start() - place) for place in places)).group().strip()


def _sentences(paper: Paper) -> list[str]:
    return [plain_text(paper.abstract[start:end]) for start, end in sentence_spans(paper.abstract)]


def _opposite(paper: Paper, sentence: str) -> str:
    return f"The abstract of “{shown_title(paper.title)}” says the opposite: “{sentence}”"


def _not_that_way(question: str, paper: Paper) -> str | None:
    words = _words(question)
    for said, opposite in (pair[::step] for pair in _OPPOSITES for step in (1, -1)):
        for place, word in enumerate(words):
            if said.isdisjoint(terms(word)):
                continue
            about = _subject(question, words[:place], paper)
            if sentence := _with_opposite(about, _object(words[place + 1 :]), said, opposite, paper):
                return _opposite(paper, sentence)
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", text)


def _subject(question: str, before: Sequence[str], paper: Paper) -> frozenset[str]:
    """Return the stems of what a question says something of, without the names that mean the paper."""
    named = {
        stem for name in names_in(question) if has_name(name, paper.title + paper.abstract) for stem in terms(name)
    }
    return frozenset(content_words(" ".join(before)).keys() - named)


def _object(behind: Sequence[str]) -> frozenset[str]:
    """Return the stems of what a verb is said to do something to: the words behind it up to a small word."""
    behind = behind[1:] if behind[:1] in (["on"], ["from"]) else behind  # "rely on", "suffer from"
    phrase = takewhile(lambda word: word.lower() not in _ENDS_A_PHRASE, behind[:5])
    return frozenset(stem for stem in content_words(" ".join(phrase)) if not stem.isdigit()) - _PARTICLES


def _with_opposite(
    subject: frozenset[str], things: frozenset[str], said: frozenset[str], opposite: frozenset[str], paper: Paper
) -> str | None:
    """Return the sentence on `subject` that has all `things` just behind a word of `opposite`, None if one has them
    behind `said`."""
    found = None
    for sentence in _sentences(paper):
        words = terms(sentence)
        if 2 * len(subject & set(words)) < len(subject):
            continue
        for place, word in enumerate(words):
            if things and things <= set(words[place + 1 : place + 4 + len(things)]):
                if word in said:
                    return None
                if word in opposite:
                    found = sentence
    return found


def _not_at_all(question: str, paper: Paper) -> str | None:
    """Return what denies that a paper's own thing needs something, or does it harm or good, as a question has it."""
    words = _words(question)
    for place, word in enumerate(words):
        harms = any(not said.isdisjoint(terms(word)) for pair in _OPPOSITES for said in pair)
        needs = not _NEEDS.isdisjoint(terms(word))
        things = _object(words[place + 1 :])
        if not (harms or needs) or not things:
            continue
        verb = frozenset(terms(word)) if harms else frozenset()
        mentions = [sentence for sentence in _sentences(paper) if _together(verb | things, terms(sentence))]
        if mentions and all(_denies(sentence, verb | things) for sentence in mentions):
            return _opposite(paper, mentions[0])
    return None


def _together(stems: frozenset[str], words: Sequence[str]) -> bool:
    reach = len(stems) + 1
    return any(stems <= set(words[start : start + reach]) for start in range(len(words)))


def _denies(sentence: str, stems: frozenset[str]) -> bool:
    """Tell whether all `stems` stand just behind a word such as "without"."""
    reach = 4 + len(stems)
    return any(stems <= set(terms(sentence[match.end() :])[:reach]) for match in _LACKS.finditer(sentence))


def _not_worse(question: str, paper: Paper) -> str | None:
    """Return what says that a paper's own thing is better than what a question takes it to be worse than."""
    words = _words(question)
    place = next((at for at, word in enumerate(words) if not _WORSE.isdisjoint(terms(word))), None)
    if place is None or words[place + 1 : place + 2] not in (["than"], ["to"]):
        return None
    other = content_words(" ".join(words[place + 2 : place + 5])).keys()
    subject = [name for name in words[:place] if has_name(name, short_title(paper.title)) and content_words(name)]
    for sentence in _sentences(paper):
        stems = set(terms(sentence))
        named = subject and other and other <= stems and all(has_name(name, sentence) for name in subject)
        if named and stems & _BETTER and not stems & _WORSE:
            return _opposite(paper, sentence)
    return None
