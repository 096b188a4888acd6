"""A claim and a span of a passage, read for comparison: which word says which."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Indel

from assistant.naming import Name, known_names, names_of, phrases_by_initials
from assistant.polarity import Cue, cues, negated, opposite, same_way
from assistant.quantities import Quantity, quantities
from assistant.wording import Word, words_of

_SHARED_LETTERS = 5  # at the front of "metabolize" and "metabolic"
_SHARED_PART = 0.6  # of the longer word
_SPELT_ALIKE = 0.85


@dataclass(frozen=True)
class Wording:
    """A plain text with all that a comparison asks of it."""

    plain: str

    @cached_property
    def words(self) -> list[Word]:
        return words_of(self.plain)

    @cached_property
    def negated(self) -> list[bool]:
        return negated(self.words)

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
    def keys(self) -> frozenset[str]:
        return known_names(self.words)

    @cached_property
    def phrases(self) -> Mapping[str, list[range]]:
        return phrases_by_initials(self.words)

    @cached_property
    def places(self) -> Mapping[str, list[int]]:
        """Where each stem stands."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self.words):
            if word.stem:
                places[word.stem].append(place)
        return places


@dataclass(frozen=True, slots=True)
class Alignment:
    """For each word of a claim the place of the span's word that says it, and whether both stand in one order."""

    places: Sequence[int | None]
    in_order: Sequence[bool]

    @property
    def share_in_order(self) -> float:
        return sum(self.in_order) / len(self.in_order) if self.in_order else 0.0


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
        place for stem, places in span.places.items() if related(word.stem, stem) for place in places
    ]
    found = [place for place in found if not opposite(word, span.words[place])]
    if not found:
        found = [place for place, other in enumerate(span.words) if same_way(word, other)]
    return min(found, key=lambda place: abs(place - last - 1) + (place <= last), default=None)
