"""Where a title ends and its first author begins, on pages that print them without a space between.

"...Diversification for RLVRSoeun Kim, Albert No" could be cut before any capital inside a word. Each such cut is
rated by what it makes of the line: the form of the name, the form of the title's last word and whether the abstract
knows that word, and how many names the list then has. The names that other lines of the page print settle the rest.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vectorstore.listings.names import author_line, can_be_name, folded, name_form, names_end, split_names

# Log-odds, fitted by conditional logistic regression on the titles and authors of 20,000 arXiv records.
_POINTS: dict[str, float] = {
    "et al. list of 1": -1.8,
    "et al. list of 2": -2.2,
    "et al. list of 3": 2.6,
    "et al. list of 4": -0.5,
    "given name camel": -1.2,
    "given name capitals": -0.8,
    "given name initial": -0.9,
    "given name other": -1.8,
    "given name plain": 1.3,
    "middle name camel": -1.5,
    "middle name capitals": -0.6,
    "middle name initial": 0.5,
    "middle name lower": -1.1,
    "middle name particle": 0.1,
    "middle name plain": -1.0,
    "name in abstract": -2.4,
    "name of 1 words": -1.6,
    "name of 2 words": 1.1,
    "name of 3 words": -0.2,
    "name of 4 words": -1.1,
    "name of 5 words": -1.1,
    "name of 6 words": -1.1,
    "name of two capitals": -2.3,
    "surname camel": 0.5,
    "surname initial": 0.1,
    "surname lower": -0.6,
    "surname plain": 1.7,
    "title in camel": -1.1,
    "title in capitals": -1.7,
    "title in digits": -0.3,
    "title in joiner": -2.9,
    "title in known camel": 3.9,
    "title in known capitals": 3.2,
    "title in known digits": 1.3,
    "title in known letter": -0.6,
    "title in known lower": 0.6,
    "title in known nothing": -0.1,
    "title in known plain": 1.7,
    "title in letter": -1.8,
    "title in lower": 1.1,
    "title in mark": 2.7,
    "title in nothing": -0.8,
    "title in plain": 1.8,
    "whole list of 1": -1.2,
    "whole list of 2": 0.1,
    "whole list of 3": 1.6,
    "whole list of 4": -0.5,
}
_KNOWN_NAME_POINTS = 6.0

_LONGEST_LINE = 2_000
_LONGEST_LIST = 600
_MOST_NAMES = 12
_MOST_WORDS = 7
_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Glued:
    """A title with its authors glued to it, and the abstract under it."""

    text: str
    abstract: str


@dataclass(frozen=True, slots=True)
class Cut:
    """One way to cut a line: where, the first author it makes, and the evidence for and against it."""

    position: int
    first_author: str
    evidence: tuple[str, ...]

    @property
    def points(self) -> float:
        return sum(_POINTS.get(each, 0.0) for each in self.evidence)


def unglued(lines: Sequence[Glued]) -> list[tuple[str, str]]:
    """Return each line's title and its authors as printed, "" if the line shows no authors.

    The lines are those of one page: a name that one line prints is looked for in the others.
    """
    cuts = [possible_cuts(line) for line in lines]
    offers = Counter(name for each in cuts for name in {folded(cut.first_author) for cut in each})
    listed = Counter(name for line in lines for name in _later_names(line.text))

    def rating(cut: Cut) -> float:
        name = folded(cut.first_author)
        return cut.points + _KNOWN_NAME_POINTS * (listed[name] > 0 or offers[name] > 1)

    best = [max(each, key=rating, default=None) for each in cuts]
    positions = [cut.position if cut else len(line.text) for cut, line in zip(best, lines, strict=True)]
    return [(line.text[:end], line.text[end:]) for line, end in zip(lines, positions, strict=True)]


def possible_cuts(line: Glued) -> tuple[Cut, ...]:
    """Return every place where the line can be cut into a title and names."""
    if len(line.text) > _LONGEST_LINE:
        return ()
    listed = line.text[: names_end(line.text)]
    ending = "whole" if author_line(line.text).complete else "et al."
    words = frozenset(_WORD.findall(f"{line.abstract} {line.text.rpartition(' ')[0]}"))
    cuts: list[Cut] = []
    for count, (start, end) in enumerate(_segments(listed), start=1):
        for position, word_start in _boundaries(listed, start, end):
            evidence = (
                f"{ending} list of {min(count, 4)}",
                *_name_evidence(listed[position:end], words),
                *_title_evidence(listed[word_start:position], words),
            )
            cuts.append(Cut(position, listed[position:end].strip(), evidence))
        if not can_be_name(listed[start:end]):
            break
    return tuple(cuts)


def _segments(listed: str) -> Iterator[tuple[int, int]]:
    """Yield the spans between commas, the last one first."""
    end = len(listed)
    for _ in range(_MOST_NAMES):
        start = listed.rfind(",", max(0, len(listed) - _LONGEST_LIST), end) + 1
        yield start, end
        if start == 0:
            return
        end = start - 1


def _boundaries(listed: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield (where a name could begin, where its word begins), for words that only words of a name follow."""
    tokens = list(_TOKEN.finditer(listed, max(start, end - _LONGEST_LIST), end))[-_MOST_WORDS:]
    for token in reversed(tokens):
        for position in range(token.start() + 1, token.end()):
            if listed[position].isupper():
                yield position, token.start()
        if name_form(token[0]) == "other":
            return


def _name_evidence(name: str, words: frozenset[str]) -> Iterator[str]:
    """Yield what the name of the first author looks like."""
    first, *rest = name.split()
    yield f"given name {name_form(first)}"
    yield f"name of {min(len(rest) + 1, 6)} words"
    yield from (f"middle name {name_form(word)}" for word in rest[:-1])
    yield from (f"surname {name_form(word)}" for word in rest[-1:])
    if len(first) > 2 and first[:2].isupper() and not first.isupper():
        yield "name of two capitals"
    if first in words:
        yield "name in abstract"


def _title_evidence(fragment: str, words: frozenset[str]) -> Iterator[str]:
    """Yield what the last word of the title looks like, given as the part of the glued word before the name."""
    if not fragment[-1].isalnum():
        yield "title in joiner" if fragment[-1] in "-/([{:&'’\"" else "title in mark"
    found = _WORD.findall(fragment)
    word = found[-1] if found else ""
    form = _title_form(word)
    yield f"title in {form}"
    if word in words or word.lower() in words or f"{word}s" in words or word.removesuffix("s") in words:
        yield f"title in known {form}"


def _title_form(word: str) -> str:
    if not word or not word.isalpha():
        return "digits" if word else "nothing"
    if len(word) == 1:
        return "letter"
    if word.isupper():
        return "capitals"
    if any(letter.isupper() for letter in word[1:]):
        return "camel"
    return "lower" if word[0].islower() else "plain"


def _later_names(text: str) -> Iterator[str]:
    """Yield, folded, the names that commas set apart beyond doubt: the last two before "et al.", else the last."""
    names = split_names(text[: names_end(text)])
    sure = names[-1:] if author_line(text).complete else names[-2:]
    return (folded(name) for name in sure[-(len(names) - 1) :] if len(names) > 1)
