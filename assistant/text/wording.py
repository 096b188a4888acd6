"""A sentence -> its words, with what a check of meaning needs to know of each."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import islice

from assistant.text.plain_text import plain_text
from vectorstore.embedders.word_vectors import stem

_GREEK = str.maketrans(dict(zip(
    "αβγδεζηθικλμνξπρστυφχψωµß",
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi"
    " omega mu beta".split(), strict=True,
)))  # fmt: skip
MOST_WORDS = 400  # of a sentence; more is no sentence, and the rest is not looked at
LONGEST = 8_000  # characters that are looked at
_WORD = re.compile(r"[^\W_]+(?:['’](?:s|t|re|ve|ll|d|m)\b)?")
_CLAUSE_MARK = re.compile(r"[,;:.!?()\[\]{}–—|]|\s-\s")
_JOINTS = frozenset("-‐‑/.+·")
_CLAUSE_WORDS = frozenset(
    "but however although though whereas while which who whose because since if unless that when".split()
)


# What says the same in a summary: the words of a line count as one.
_SAME = """
sufficient enough suffice
replace swap substitute
collect gather
single one
evaluate test assess
prior previous earlier preceding
rarely seldom
entire whole
unchanged untouched
select choose
divide split
method approach technique
use employ
various diverse
""".strip()


@cache
def _one_of_the_same() -> dict[str, str]:
    """Return the stem of the first word of its line for each stem in it."""
    lines = ([stem(word) or word for word in line.split()] for line in _SAME.splitlines())
    return {other: line[0] for line in lines for other in line}


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters and digits; "TDP-43" is two of them, the second one `joined` to the first."""

    text: str
    lower: str
    stem: str | None  # None if it is a stop word
    start: int  # in the plain text of its sentence
    end: int
    joined: bool  # to the word before, by a hyphen, a slash or a full stop
    opens: bool  # a clause: a mark stands before it, or it is a word such as "but"


def words_of(plain: str, *, most: int = MOST_WORDS) -> list[Word]:
    """Return the words of a plain text, at most `most`."""
    words: list[Word] = []
    end = 0
    for match in islice(_WORD.finditer(plain), most):
        between, text = plain[end : match.start()], match.group()
        lower = text.lower()
        joined = between in _JOINTS and bool(words)
        opens = between != " " and not joined and bool(_CLAUSE_MARK.search(between))
        stemmed = stem(lower if lower.isascii() else spelled(lower))
        stemmed = _one_of_the_same().get(stemmed, stemmed) if stemmed else None
        words.append(Word(text, lower, stemmed, match.start(), match.end(), joined, opens or lower in _CLAUSE_WORDS))
        end = match.end()
    return words


def spelled(word: str) -> str:
    """Return a word with its Greek letters written out and a plain apostrophe: "κB" is "kappaB"."""
    return word.replace("’", "'").translate(_GREEK)


def read_plain(text: str) -> str:
    """Return the beginning of a text without its LaTeX."""
    return plain_text(text[:LONGEST])


def shown(text: str, *, longest: int = 60) -> str:
    """Return a text as a reason quotes it: plain, on one line, cut."""
    line = " ".join(plain_text(text).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
