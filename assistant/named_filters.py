"""The filters that a question names: authors, period, category, organisation, code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.dates import period_in
from assistant.intents import PAPERS
from assistant.vocabulary import Vocabulary, without
from vectorstore.filters import Filters
from vectorstore.names import folded

_CODE = re.compile(
    r"\b(?:with|have|has|having|release[sd]?|releasing|provid\w+|publish\w*|come with|link(?:s|ed)? to|offer)\s+"
    r"(?:(?:public|available|their|open|source|the|its|any|a|published|released)\s+)*"
    r"(?:code|implementations?|repositor(?:y|ies)|github)\b|\b(?:open[- ]source[d]?|code available)\b",
    re.I,
)
_CATEGORY = re.compile(
    r"\b(?:in|from|of|category|under)\s+(?:the\s+)?(?:category\s+)?(?:cs|stat|eess|math|q-bio"
    r"|physics)?\.?(?P<a>[A-Z]{2})"
    r"(?:\s+category)?\b|\bcs\.(?P<b>[A-Z]{2})\b|\b(?P<c>[A-Z]{2}) papers\b"
)
_ORGANIZATION = re.compile(r"\b(?:by|from|at|of|did|has|have)\s+(?:the\s+)?(\S+(?:\s+\S+){0,3})", re.I)
_CUE = r"(?:by|from|of|with|and|did|does|has|have|together with|as well as|author)"
_HONORIFIC = r"(?:professor|prof\.?|dr\.?|mr\.?|ms\.?)"
# A word of a name. What can follow a name in a question is none.
_WORD = (
    r"(?!(?:in|from|since|about|on|after|before|that|with|and|or|published|have|has|had|write|wrote|written|publish|are"
    r"|is|work|works|been|author|there)\b)[^\W\d_][\w.'’-]*"
)
_NAME = rf"{_WORD}(?:\s+{_WORD}){{0,3}}"
_ASKED_AUTHOR = re.compile(
    rf"\b{PAPERS}\s+(?:(?:published|written|authored)\s+)?(?:by|from)\s+(?P<a>{_NAME})"
    rf"|\bwhat (?:did|has|have)\s+(?P<b>{_NAME})\s+(?:publish|wr[io]t|author|work|been)"
    rf"|\bhow many {PAPERS} (?:are (?:there )?)?(?:did|does|has|have|by|from)\s+(?P<c>{_NAME})"
    rf"|\b(?:which|what) {PAPERS} (?:did|has|have)\s+(?P<d>{_NAME})\s+(?:publish|wr[io]t|author)",
    re.I,
)
_SURNAME = re.compile(
    rf"\b(?:by|from|did|does|has|have|with|and|author|of)\s+(?:{_HONORIFIC}\s+)?(?P<name>{_WORD})"
    rf"(?:['’]s?)?(?=\W|$)|\b(?P<own>{_WORD})['’]s?\s+(?:\w+\s+){{0,2}}{PAPERS}|\b(?P<etal>{_WORD})\s+et al",
    re.I,
)
_SURE_CUES = ("by ", "did ")
# Words that stand where a name could, and are none.
_NO_NAMES = frozenset(
    "the a an this that these those it its them they their he she his her my your all any each some you i we me library"
    " collection papers paper authors author people who whom which what year code list show find last".split()
)


@dataclass(frozen=True, slots=True)
class NamedFilters:
    """Filters, the words that said them, a name that nobody in the library has, and whom a surname may mean."""

    filters: Filters
    words: tuple[str, ...]
    unknown_author: str | None
    namesakes: tuple[str, ...]


def named_filters(text: str, vocabulary: Vocabulary, *, today: date) -> NamedFilters:
    """Return the filters that a question names. `text` is the question without titles of papers."""
    period = period_in(text, today=today)
    rest = without(text, [period.words]) if period else text
    people = [(name, _with_cue(rest, said)) for name, said in vocabulary.people_in(rest)]
    rest = without(rest, (said for _, said in people))
    surnames = list(_surnames(rest, vocabulary))
    people += [(names[0], _with_cue(rest, said)) for names, said in surnames if len(names) == 1]
    namesakes = next((tuple(names) for names, _ in surnames if len(names) > 1), ())
    organization = _organization(rest, vocabulary)
    code, category = _CODE.search(text), _category(text, vocabulary)
    words = [said for _, said in people]
    words += [match.group() for match in (code, category[1] if category else None) if match]
    words += [organization[1]] if organization else []
    filters = Filters(
        authors=tuple(dict.fromkeys(name for name, _ in people)),
        since=period.since if period else None,
        until=period.until if period else None,
        category=category[0] if category else None,
        organization=organization[0] if organization else None,
        has_code=True if code else None,
    )
    unknown = None if people or namesakes or organization else _unknown_author(rest)
    return NamedFilters(filters, ((period.words,) if period else ()) + tuple(words), unknown, namesakes)


def _with_cue(text: str, name: str) -> str:
    """Return a name as it stands in `text` together with the "by", "with" or "did" and the title in front of it."""
    cue = re.search(rf"(?:\b{_CUE}\s+)?(?:\b{_HONORIFIC}\s+)?{re.escape(name)}", text, re.I)
    return cue.group() if cue else name


def _surnames(text: str, vocabulary: Vocabulary) -> Iterator[tuple[list[str], str]]:
    """Yield (people of that surname, its word) for each surname that stands where only a name can."""
    lower_case = text == text.lower()
    for match in _SURNAME.finditer(text):
        word = match["name"] or match["own"] or match["etal"]
        known = vocabulary.surnames.get(folded(word))
        behind = text[match.end() :].split()
        part_of_longer_name = bool(match["name"] and behind) and behind[0][:1].isupper()
        sure = match["own"] or match["etal"] or match.group().lower().startswith(_SURE_CUES)
        written_as_name = word[0].isupper() or (lower_case and sure)
        if known and written_as_name and not part_of_longer_name and folded(word) not in _NO_NAMES:
            yield known, word


def _unknown_author(text: str) -> str | None:
    match = _ASKED_AUTHOR.search(text)
    name = next((group for group in match.groups() if group), None) if match else None
    if not name or set(folded(name).split()) & _NO_NAMES:
        return None
    words = name.split()
    capitals = words[0][0].isupper() and words[-1][0].isupper()
    return name if capitals or (len(words) in (2, 3) and text == text.lower()) else None


def _organization(text: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    for match in _ORGANIZATION.finditer(text):
        words = match.group(1).split()
        for size in range(len(words), 0, -1):
            said = " ".join(words[:size])
            if name := vocabulary.organizations.get(folded(said)):
                return name, match.group().split(said)[0] + said
    return None


def _category(text: str, vocabulary: Vocabulary) -> tuple[str, re.Match[str]] | None:
    match = _CATEGORY.search(text)
    letters = next(filter(None, match.groups()), None) if match else None
    return (letters, match) if match and letters and letters in vocabulary.categories else None
