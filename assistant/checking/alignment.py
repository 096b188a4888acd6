"""A claim and a span of a passage, read for comparison: which word says which."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from rapidfuzz.distance import Indel

from assistant.checking.named_entities import Name, key_of, known_names, names_of, phrases_by_initials
from assistant.checking.polarity import Cue, Sign, counter_signs, cues, negated, opposite, scopes, signs
from assistant.checking.quantities import Quantity, quantities
from assistant.text.wording import MOST_WORDS, Word, words_of

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_SHARED_LETTERS = 5  # at the front of "metabolize" and "metabolic"
_SHARED_PART = 0.6  # of the longer word
_SPELT_ALIKE = 0.85


@dataclass(frozen=True)
class Wording:
    """A plain text with all that a comparison asks of it; only so many of its words are looked at."""

    plain: str
    most_words: int = MOST_WORDS

    @cached_property
    def words(self) -> list[Word]:
        return words_of(self.plain, most=self.most_words)

    @cached_property
    def negated(self) -> list[bool]:
        return negated(self.words)

    @cached_property
    def scopes(self) -> list[range]:
        return scopes(self.words)

    @cached_property
    def signs(self) -> Mapping[Sign, list[int]]:
        """Where each sign of direction, and each form of a word, stands."""
        return _places((sign, place) for place, word in enumerate(self.words) for sign in signs(word.lower))

    @cached_property
    def similar(self) -> Mapping[str, list[str]]:
        """The stems by their first two letters."""
        return _places((stem[:2], stem) for stem in self.places)

    @cached_property
    def cues(self) -> list[Cue]:
        return cues(self.words)

    @cached_property
    def quantities(self) -> list[Quantity]:
        return quantities(self.plain, self.words)

    @cached_property
    def names(self) -> list[Name]:
        return names_of(self.plain, self.words)

    @cached_property
    def acronyms(self) -> frozenset[str]:
        return frozenset(key_of((word.text,)) for word in self.words if not word.text[1:].islower() and word.stem)

    @cached_property
    def keys(self) -> frozenset[str]:
        return known_names(self.words)

    @cached_property
    def phrases(self) -> Mapping[str, list[range]]:
        return phrases_by_initials(self.words)

    @cached_property
    def places(self) -> Mapping[str, list[int]]:
        """Where each stem stands."""
        return _places((word.stem, place) for place, word in enumerate(self.words) if word.stem)


def _places(pairs: Iterable[tuple[K, V]]) -> Mapping[K, list[V]]:
    places: defaultdict[K, list[V]] = defaultdict(list)
    for key, place in pairs:
        places[key].append(place)
    return dict(places)


@dataclass(frozen=True, slots=True)
class Alignment:
    """For each word of a claim the place of the span's word that says it, and whether both stand in one order."""

    places: Sequence[int | None]
    in_order: Sequence[bool]

    @property
    def share_in_order(self) -> float:
        return sum(self.in_order) / len(self.in_order) if self.in_order else 0.0

    def in_place(self, place: int, said: int | None = None) -> bool:
        """Tell whether a claim's word, or what stands at `said`, is where the words beside it would have it."""
        said = self.places[place] if said is None else said
        if said is None:
            return False
        before = next((self.places[other] for other in range(place - 1, -1, -1) if self.in_order[other]), None)
        behind = next(
            (self.places[other] for other in range(place + 1, len(self.places)) if self.in_order[other]), None
        )
        return (before is None or before < said) and (behind is None or said < behind)


def related(one: str, other: str) -> bool:
    """Tell whether two stems seem forms or spellings of one word: "metabol" and "metabolit", "fiber" and "fibr"."""
    if one[:_SHARED_LETTERS] != other[:_SHARED_LETTERS]:
        return one[:2] == other[:2] and Indel.normalized_similarity(one, other) >= _SPELT_ALIKE
    shared = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return shared >= _SHARED_PART * max(len(one), len(other))


def aligned(claim: Wording, span: Wording) -> Alignment:
    """Align what stands in the same order in both; then each word that is left with the nearest that says the same."""
    places: list[int | None] = [None] * len(claim.words)
    for block in Indel.opcodes([_key(word) for word in claim.words], [_key(word) for word in span.words]):
        if block.tag == "equal":
            places[block.src_start : block.src_end] = range(block.dest_start, block.dest_end)
    in_order = [place is not None for place in places]
    last = -1
    for number, word in enumerate(claim.words):
        place = places[number]
        if place is None and word.stem:
            place = places[number] = _nearest(word, span, last)
        last = last if place is None else place
    return Alignment(places, in_order)


def _key(word: Word) -> str:
    return word.stem or word.lower


def _nearest(word: Word, span: Wording, last: int) -> int | None:
    assert word.stem
    found = span.places.get(word.stem) or [
        place
        for stem in span.similar.get(word.stem[:2], ())
        if related(word.stem, stem)
        for place in span.places[stem]
        if not opposite(word.lower, span.words[place].lower)
    ]
    if not found:
        lines = (sign for sign in signs(word.lower) if not isinstance(sign, str))
        found = [place for sign in lines for place in span.signs.get(sign, ())]
    return min(found, key=lambda place: abs(place - last - 1) + (place <= last), default=None)


def says(word: Word, text: Wording) -> bool:
    """Tell whether a text has a word in any of its forms, or one that points the same way."""
    return _key(word) in text.places or (word.stem is not None and _nearest(word, text, -1) is not None)


def says_opposite(word: Word, span: Wording) -> Word | None:
    """Return a word of the span that says the opposite of `word`, if there is one."""
    places = [place for sign in counter_signs(word.lower) for place in span.signs.get(sign, ())]
    return span.words[min(places)] if places else None
