"""Where a title ends and its first author begins, on pages that print them without a space between.

"...Diversification for RLVRSoeun Kim, Albert No" could be cut before any capital inside a word. Each such cut is
rated by what it makes of the line (see cut_evidence.py); what other lines of the same page print settles the rest.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vectorstore.authors.author_line import (
    author_line,
    can_be_name,
    is_caseless,
    is_lower_name,
    name_form,
    names_end,
    plainly,
)
from vectorstore.authors.personal_names import split_names
from vectorstore.listings.cut_evidence import abstract_words, evidence, odd_words, points
from vectorstore.text.folding import folded

# A name set apart by commas anywhere on the page is sure; one that was itself cut out of another line, less so.
_LISTED_POINTS = 6.0
_CUT_ELSEWHERE_POINTS = 3.0

# What would be a single author needs as much: a title without authors ("On ImageNet") stays whole.
_FEWEST_POINTS_ALONE = -1.0

_LONGEST_LIST = 600
_LONGEST_WORD = 100
_MOST_NAMES = 12
_MOST_WORDS = 7
_SHOWN_BEFORE_ET_AL = 3
_JOINERS = "-‐–—/([{:&"
_GLUED_PARTICLES = ("van", "von")  # "...Networksvan den Oord"; "de" or "der" end too many words of titles
_TOKEN = re.compile(r"\S+")
_SHORTEST_KNOWN_WORD = 4


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
    is_only_author: bool
    evidence: tuple[str, ...]


def unglued(lines: Sequence[Glued]) -> list[tuple[str, str]]:
    """Return each line's title and its authors as printed, "" if the line shows no authors.

    The lines are those of one page: a name that one line prints is looked for in the others.
    """
    cuts = [possible_cuts(line) for line in lines]
    firsts = [max(each, key=lambda cut: points(cut.evidence), default=None) for each in cuts]
    listed = Counter(name for line in lines for name in _later_names(line.text))
    cut_out = Counter(folded(cut.first_author) for cut in firsts if cut)
    ends = []
    for line, each, first in zip(lines, cuts, firsts, strict=True):
        own = folded(first.first_author) if first else ""
        best = max(each, key=lambda cut: _rating(cut, own, listed, cut_out), default=None)
        ends.append(best.position if best and _is_convincing(best) else len(line.text))
    return [(line.text[:end], line.text[end:]) for line, end in zip(lines, ends, strict=True)]


def possible_cuts(line: Glued) -> tuple[Cut, ...]:
    """Return every place where the line can be cut into a title and names; a line is at most LONGEST_AUTHOR_LINE."""
    listed = plainly(line.text[: names_end(line.text)])
    hidden = not author_line(line.text).complete
    words = abstract_words(line.abstract)
    cuts: list[Cut] = []
    spans = _first_spans(listed, hidden)
    odd = odd_words(listed[: spans[0][2]], max(0, spans[0][2] - _LONGEST_LIST), words)
    for count, start, end in spans:
        shown = f"{'et al.' if hidden else 'whole'} list of {min(count, 4)}"
        for word_start, position in _boundaries(listed, start, end, words):
            signs = list(evidence(listed, word_start, position, end, words))
            if any(word < word_start for word in odd):
                signs.append("odd word in title")
            if start and not listed[start:word_start].strip():
                signs.append("title in one word after a comma")
            alone = count == 1 and not hidden
            cuts.append(Cut(position, listed[position:end].strip(), alone, (shown, *signs)))
    return tuple(cuts)


def may_end_in_names(title: str) -> bool:
    """Tell whether a title that was not cut ends as a list of authors does: "et al.", or a name behind a comma."""
    listed = plainly(title[: names_end(title)])
    *before, last = listed.split(",")
    forms = {name_form(word) for word in last.split()}
    is_name = forms <= {"plain", "initial", "particle"} and (
        len(last.split()) > 1 or is_caseless(last.strip()[:1] or "a")
    )
    return not author_line(title).complete or (bool(before) and bool(forms) and is_name)


def _rating(cut: Cut, own: str, listed: Counter[str], cut_out: Counter[str]) -> float:
    """Return the points of a cut; `own` is the name that the line itself added to those cut out of the page."""
    name = folded(cut.first_author)
    cut_elsewhere = cut_out[name] > (name == own)
    return points(cut.evidence) + _LISTED_POINTS * (listed[name] > 0) + _CUT_ELSEWHERE_POINTS * cut_elsewhere


def _is_convincing(cut: Cut) -> bool:
    return not cut.is_only_author or points(cut.evidence) > _FEWEST_POINTS_ALONE


def _later_names(text: str) -> Iterator[str]:
    """Yield, folded, the names that commas set apart beyond doubt: the last two before "et al.", else the last."""
    _, *later = split_names(plainly(text[: names_end(text)])) or ("",)
    return (folded(name) for name in later[-1 if author_line(text).complete else -2 :])


def _first_spans(listed: str, hidden: bool) -> list[tuple[int, int, int]]:
    """Return (count, start, end) of what stands between commas, the last first, back to what can be no later name.

    Of a list of many names only those are returned that stand at its beginning.
    """
    spans: list[tuple[int, int, int]] = []
    end = len(listed)
    while True:
        start = listed.rfind(",", 0, end) + 1
        spans.append((len(spans) + 1, start, end))
        # "et al." follows three names, so that even "xia zhou" among them must be one.
        is_first = not _may_be_listed(listed[start:end]) and not (hidden and len(spans) < _SHOWN_BEFORE_ET_AL)
        if start == 0 or is_first:
            return spans[-_MOST_NAMES:]
        end = start - 1


def _boundaries(listed: str, start: int, end: int, words: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield (where a word begins, where in it a name could begin), for words that only words of a name follow."""
    tokens = list(_TOKEN.finditer(listed, max(start, end - _LONGEST_LIST), end))[-_MOST_WORDS:]
    for token in reversed(tokens):
        word_start = max(token.start(), token.end() - _LONGEST_WORD)
        for position in range(word_start + 1, token.end()):
            letter, before = listed[position], listed[position - 1]
            if (letter.isupper() and before not in _JOINERS) or (is_caseless(letter) and not is_caseless(before)):
                yield word_start, position
        if token is not tokens[-1] and token[0].endswith(_GLUED_PARTICLES) and token[0] not in _GLUED_PARTICLES:
            yield word_start, token.end() - len(_GLUED_PARTICLES[0])
        if tokens[-2:-1] == [token]:
            yield from _lower_boundaries(token, tokens[-1][0], words)
        if name_form(token[0]) == "other":
            return


def _lower_boundaries(token: re.Match[str], surname: str, words: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield where "Forestsdanah boyd" can be cut: behind a word that the abstract has, before a lower-case name."""
    word = token[0]
    if name_form(surname) != "lower" or word.lower() in words:
        return
    for length in range(_SHORTEST_KNOWN_WORD, min(len(word) - 1, _LONGEST_WORD)):
        if word[length:].islower() and word[:length].lower() in words:
            yield token.start(), token.start() + length


def _may_be_listed(name: str) -> bool:
    """Tell whether the text between two commas may be a later name: "Kim Lee", ":", "Smith1", and even "xia zhou"."""
    words = name.split()
    return can_be_name(name) or is_lower_name(name) or (len(words) == 1 and name_form(words[0]) == "lower") or not words
