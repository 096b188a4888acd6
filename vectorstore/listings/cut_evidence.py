"""What speaks for and against cutting a glued line at one place: "title in known capitals", "given name camel".

The form of the name, the form of the title's last word, whether the abstract knows that word, and what the cut goes
through. No list of names is needed.
"""

import re
from collections.abc import Iterator

from vectorstore.authors.author_line import is_caseless, name_form
from vectorstore.authors.personal_names import PARTICLES

# Log-odds, fitted by conditional logistic regression on the titles and authors of 20,000 arXiv records; those of the
# particle and of another script are set by hand, as hardly any record has one. What has no line here says nothing.
_POINTS: dict[str, float] = {
    "cut at another script": 6.0,
    "cut in capitals": -3.3,
    "cut in known word": -3.8,
    "et al. list of 1": -0.4,
    "et al. list of 2": -1.0,
    "et al. list of 3": 1.6,
    "et al. list of 4": -0.2,
    "given name camel": -0.3,
    "given name capitals": -1.3,
    "given name digits": -0.9,
    "given name initial": 0.6,
    "given name other": -0.6,
    "given name particle": -3.0,
    "given name plain": 3.1,
    "middle name camel": -3.4,
    "middle name capitals": -0.2,
    "middle name digits": -0.5,
    "middle name lower": -0.6,
    "middle name plain": -0.5,
    "name begins in abstract": -4.6,
    "name in abstract": -1.0,
    "name of 1 words": -1.0,
    "name of 2 words": 2.0,
    "name of 3 words": 1.4,
    "name of 5 words": -0.8,
    "name of 6 words": -1.5,
    "name of two capitals": -2.3,
    "odd word in title": -1.9,
    "surname camel": 0.6,
    "surname lower": -0.2,
    "surname plain": 0.6,
    "title in camel": -2.4,
    "title in capitals": -1.1,
    "title in digits": 0.2,
    "title in known camel": 6.2,
    "title in known capitals": 1.9,
    "title in known digits": 0.8,
    "title in known lower": 1.0,
    "title in known nothing": -0.2,
    "title in known plain": 3.0,
    "title in known plural capitals": 1.2,
    "title in letter": -1.5,
    "title in lower": 0.7,
    "title in mark": 1.1,
    "title in nothing": -0.2,
    "title in one word after a comma": -2.2,
    "title in plain": 1.3,
    "title in plural capitals": 3.0,
    "title in quote": -0.3,
    "title in start of a surname": -1.0,
    "whole list of 1": -0.7,
    "whole list of 3": 0.8,
    "whole list of 4": -0.2,
}

_LONGEST_ABSTRACT = 20_000
_QUOTES = "'’\""
_SURNAME_STARTS = PARTICLES | {"mc", "mac"}
_TEAM = re.compile(r".*team|team .*|.* (?:group|labs?|consortium|collaboration)", re.IGNORECASE)
_TEAM_MARK = ", :"
_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"\S+")
_FIRST_PIECE = re.compile(r"[^\W\d_][^\W\d_A-Z]*")
_TWO_CAPITALS = re.compile(r"[A-Z]{2}")
_INNER_CAPITAL = re.compile(r"[a-z\d][A-Z]|[A-Z]{2}[a-z]{2}")


def points(signs: tuple[str, ...]) -> float:
    """Return the log-odds that the signs add up to."""
    return sum(_POINTS.get(sign, 0.0) for sign in signs)


def abstract_words(abstract: str) -> frozenset[str]:
    """Return the words of an abstract in lower case."""
    return frozenset(word.lower() for word in _WORD.findall(abstract[:_LONGEST_ABSTRACT]))


def odd_words(listed: str, start: int, words: frozenset[str]) -> list[int]:
    """Return where words begin that have an inner capital and are not in the abstract: one of them is glued."""
    return [
        token.start()
        for token in _TOKEN.finditer(listed, start)
        if any(_INNER_CAPITAL.search(word) and not _is_known(word, words) for word in _WORD.findall(token[0]))
    ]


def evidence(listed: str, word_start: int, position: int, end: int, words: frozenset[str]) -> Iterator[str]:
    """Yield the signs of a cut at `position`, in the word at `word_start`, of a name that ends at `end`."""
    name = listed[position:end]
    first, *rest = name.split()
    yield f"name of {min(len(rest) + 1, 6)} words"
    if not (_TEAM.fullmatch(name.strip()) or listed.startswith(_TEAM_MARK, end)):
        yield from _person_evidence(first, rest, words)
    if _TWO_CAPITALS.search(first) and not first.isupper():
        yield "name of two capitals"
    yield from _title_evidence(listed[word_start:position], words)
    yield from _cut_evidence(listed, word_start, position, words)


def _person_evidence(first: str, rest: list[str], words: frozenset[str]) -> Iterator[str]:
    """Yield what the name of a person looks like; a team may be called anything."""
    yield f"given name {name_form(first)}"
    yield from (f"middle name {name_form(word)}" for word in rest[:-1])
    yield from (f"surname {name_form(word)}" for word in rest[-1:])
    piece = _FIRST_PIECE.match(first)
    if first.lower() in words:
        yield "name in abstract"
    elif piece and len(piece[0]) > 2 and piece[0].lower() in words:
        yield "name begins in abstract"


def _title_evidence(fragment: str, words: frozenset[str]) -> Iterator[str]:
    """Yield what the title's last word looks like: `fragment` is the part of the glued word before the name."""
    if fragment.lower() in _SURNAME_STARTS:
        yield "title in start of a surname"
    if fragment[-1] in _QUOTES:
        yield "title in quote"
    elif not fragment[-1].isalnum():
        yield "title in mark"
    *_, word = ["", *_WORD.findall(fragment)]
    yield f"title in {_title_form(word)}"
    if _is_known(word, words):
        yield f"title in known {_title_form(word)}"


def _cut_evidence(listed: str, word_start: int, position: int, words: frozenset[str]) -> Iterator[str]:
    """Yield what the cut goes through: "UMM|PK", or a word that the abstract has whole."""
    follower = listed[position + 1 : position + 2]
    if listed[position - 1].isupper() and not (follower.islower() or follower in ".'’"):
        yield "cut in capitals"
    if is_caseless(listed[position]) != is_caseless(listed[position - 1]) and listed[position - 1].isalnum():
        yield "cut at another script"
    whole = next((word for word in _WORD.finditer(listed, word_start) if word.end() > position), None)
    if whole and whole.start() < position and _is_known(whole[0], words):
        yield "cut in known word"


def _is_known(word: str, words: frozenset[str]) -> bool:
    """Tell whether the abstract has the word, in the singular or the plural."""
    lower = word.lower()
    return lower in words or f"{lower}s" in words or lower.removesuffix("s") in words


def _title_form(word: str) -> str:
    if not word.isalpha():
        return "digits" if word else "nothing"
    if len(word) == 1:
        return "letter"
    if word.isupper():
        return "capitals"
    if word.removesuffix("s").isupper():
        return "plural capitals"
    if any(letter.isupper() for letter in word[1:]):
        return "camel"
    return "lower" if word[0].islower() else "plain"
