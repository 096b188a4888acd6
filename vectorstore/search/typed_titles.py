"""Titles as people type them: from memory, half of them, misspelt."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from vectorstore.text.folding import folded

_BUCKETS = 1 << 16  # of hashed trigrams; numpy sorts 16 bits in linear time
_RAREST = 40  # trigrams of a text that choose the candidates
_CANDIDATES = 100
_TRIGRAMS_A_TYPO = 4  # that it breaks at most: two swapped letters are in four
_WHOLE_AHEAD = 0.03  # of closeness: about a typo in a title
_LETTERS_A_TYPO = 14  # of a whole title: as many letters allow one typo more
_LETTERS_A_TYPO_IN_PART = 24
_SHORTEST_PART = 8  # letters; fewer stand in too many words
_LEAST_SHARE = 0.3  # of a title's letters; half of its words can be so short
_FEW = 3  # titles that one text can mean; what more of them contain is a topic
_WORDS_OF_A_TOPIC = 3  # at most, as a rule
_MANY = 1000  # titles, of which only one has the words of a topic if they are its title's
_STYLE = re.compile(r"\\[a-zA-Z]+(?=\s*\{)|\\(?:it|bf|em|sc|tt|rm|sl)\b")
_GREEK = {code: unicodedata.name(chr(code)).split()[-1].lower() for code in range(ord("α"), ord("ω") + 1)}


class Place(IntEnum):
    """Where a typed text stands in a title."""

    MIDDLE = 0
    EDGE = 1  # its beginning or end
    NAME = 2  # all before its colon, letter for letter
    WHOLE = 3


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """A title that a typed text is, or is a part of, with a `closeness` of 0 to 1 (1: the same letters).

    `share` is the share of the title's letters that were typed.
    """

    paper_id: str
    closeness: float
    place: Place
    share: float


class TitleIndex:
    """The titles of a library by their trigrams of letters. Spaces, marks, case, accents and LaTeX's styles do not
    count; "α" is "alpha"."""

    def __init__(self, titles: Iterable[tuple[str, str]]) -> None:
        """Index (paper_id, title) pairs."""
        self._paper_ids: list[str] = []
        self._names: list[str] = []  # folded; empty without a colon
        self._keys: list[str] = []
        for paper_id, title in titles:
            name, colon, _ = title.partition(": ")
            self._paper_ids.append(paper_id)
            self._names.append(_worded(name) if colon else "")
            self._keys.append(_worded(title).replace(" ", ""))
        trigrams = _trigrams("\n".join([*self._keys, "\n"]))
        lengths = [len(key) + 1 for key in self._keys]
        owners = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)[: len(trigrams)]
        order = np.argsort(trigrams, kind="stable")
        trigrams, owners = trigrams[order], owners[order]
        new = np.ones(len(trigrams), bool)  # a trigram counts once a title
        new[1:] = (trigrams[1:] != trigrams[:-1]) | (owners[1:] != owners[:-1])
        self._owners = owners[new]
        self._starts = np.zeros(_BUCKETS + 1, np.int64)
        np.cumsum(np.bincount(trigrams[new], minlength=_BUCKETS), out=self._starts[1:])

    def closest(self, text: str, *, top_k: int = 5) -> list[TitleMatch]:
        """Return the titles that `text` is, or is a part of, but for some typos, closest first."""
        worded = _worded(text)
        numbers = self._candidates(worded.replace(" ", ""))
        found = [match for number in numbers if (match := self._compared(worded, number))]
        return sorted(found, key=lambda match: (-_weighed(match), -match.place, -match.share, match.paper_id))[:top_k]

    def meant(self, text: str) -> dict[str, float]:
        """Return the papers whose title `text` is, or is half of, with their closeness, closest first.

        It is none if `text` says no more than many titles do, as a topic does.
        """
        found = self.closest(text, top_k=_CANDIDATES)
        best = [match for match in found if _weighed(match) == _weighed(found[0])]
        wholes = [match for match in best if match.place is Place.WHOLE]
        if not wholes and not self._is_telling(text, best):
            return {}
        return {match.paper_id: match.closeness for match in wholes or best}

    def _is_telling(self, text: str, matches: Sequence[TitleMatch]) -> bool:
        """Whether a part of these titles is rather some half of one of them, or its name, than a topic."""
        words = len(folded(text).split())
        if len(matches) > _FEW or any(match.place is Place.NAME for match in matches):
            return len(matches) <= _FEW
        if words < 2 or max((match.share for match in matches), default=0) < _LEAST_SHARE:
            return False
        return words > _WORDS_OF_A_TOPIC or (len(matches) == 1 and len(self._keys) >= _MANY)

    def _candidates(self, typed: str) -> list[int]:
        """Return the numbers of the titles that share most of the rarest trigrams of `typed`."""
        trigrams = np.unique(_trigrams(typed))
        counts = self._starts[trigrams + 1] - self._starts[trigrams]
        rarest = trigrams[np.argsort(counts, kind="stable")]
        rarest = rarest[np.count_nonzero(counts == 0) :][:_RAREST]
        if not len(rarest):
            return []
        owners = np.concatenate([self._owners[self._starts[one] : self._starts[one + 1]] for one in rarest])
        shared = np.bincount(owners)
        found = np.flatnonzero(shared >= max(1, len(rarest) - _TRIGRAMS_A_TYPO * _typos(typed, _LETTERS_A_TYPO)))
        if len(found) > _CANDIDATES:
            found = found[np.argsort(-shared[found], kind="stable")[:_CANDIDATES]]
        return [int(number) for number in found]

    def _compared(self, worded: str, number: int) -> TitleMatch | None:
        typed, title, paper_id = worded.replace(" ", ""), self._keys[number], self._paper_ids[number]
        share = min(1.0, len(typed) / len(title))
        if whole := fuzz.ratio(typed, title, score_cutoff=_least(typed, _LETTERS_A_TYPO)):
            # A title without its last letter is as much a part of itself as of a longer one.
            part_of_it = fuzz.partial_ratio(typed, title) if len(typed) < len(title) else 0.0
            return TitleMatch(paper_id, max(whole, part_of_it) / 100, Place.WHOLE, share)
        if worded == self._names[number]:
            return TitleMatch(paper_id, 1.0, Place.NAME, share)
        if not _SHORTEST_PART <= len(typed) < len(title):
            return None
        part = fuzz.partial_ratio_alignment(typed, title, score_cutoff=_least(typed, _LETTERS_A_TYPO_IN_PART))
        if part is None:
            return None
        # A typo at an edge moves it by one letter.
        at_edge = part.dest_start <= 1 or part.dest_end >= len(title) - 1
        return TitleMatch(paper_id, part.score / 100, Place.EDGE if at_edge else Place.MIDDLE, share)


def _weighed(match: TitleMatch) -> float:
    """Return the closeness by which matches are compared: a whole title may be a little further than a part of one."""
    return match.closeness + (_WHOLE_AHEAD if match.place is Place.WHOLE else 0.0)


def _worded(text: str) -> str:
    return folded(_STYLE.sub(" ", text)).translate(_GREEK)


def _typos(typed: str, letters_a_typo: int) -> int:
    return 1 + len(typed) // letters_a_typo


def _least(typed: str, letters_a_typo: int) -> float:
    """Return the least ratio, in percent, of texts that differ by the typos allowed."""
    return max(0.1, 100 * (1 - _typos(typed, letters_a_typo) / len(typed)))


def _trigrams(text: str) -> NDArray[np.uint16]:
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    hashed: NDArray[np.uint16] = ((codes[:-2] * 961 + codes[1:-1] * 31 + codes[2:]) % 65521).astype(np.uint16)
    return hashed
