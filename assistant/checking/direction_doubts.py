"""What speaks against a claim in the words of direction: the span says the opposite, or of something else."""

from collections.abc import Iterator, Sequence

from assistant.checking.alignment import says_opposite
from assistant.checking.claim_comparison import Comparison, Doubt
from assistant.checking.polarity import Cue

_NEAR = 8  # words within which a word of direction belongs to a thing
_REACH = 4  # words on each side of a word of direction that it may be about
_MARGIN = 4  # a word that points the other way is as near as the one found if it is so little farther


def doubts_of_direction(pair: Comparison) -> list[Doubt]:
    return [*_of_opposites(pair), *_of_words(pair), *_of_things(pair)]


def _of_opposites(pair: Comparison) -> Iterator[Doubt]:
    """Yield what says the opposite of a word that the span lacks: "inactive" where it has "active"."""
    for place, word in enumerate(pair.claim.words):
        if pair.alignment.places[place] is None and place not in pair.ignored:
            other = says_opposite(word, pair.span)
            if other:
                yield Doubt(f"the passage says “{other.text}”", contradicts=True)
                return


def _of_words(pair: Comparison) -> Iterator[Doubt]:
    for cue in pair.claim.cues:
        if cue.place in pair.ignored:
            continue
        found = _cue_for(pair, cue)
        if found is None:
            word = pair.claim.words[cue.place]
            if cue.place in pair.missing or not word.stem:
                yield Doubt(f"the passage does not say “{word.text}”")
            continue
        agreement = cue.agreement(found)
        if agreement == 1 and not pair.alignment.in_order[cue.place] and _is_opposed(pair, cue, found):
            agreement = 0
        if agreement == 1 and (nearer := _nearer_to_thing(pair, cue, found)):
            yield Doubt(f"the passage says “{_printed(pair, nearer)}”", contradicts=True)
        if agreement == -1:
            yield Doubt(f"the passage says “{_printed(pair, found)}”", contradicts=True)
        elif agreement == 0:
            yield Doubt(f"the passage says “{_printed(pair, found)}”, which may be something else")


def _of_things(pair: Comparison) -> Iterator[Doubt]:
    """Yield a thing that the span lacks, right behind a word of direction: "reduces the severity"."""
    for cue in pair.claim.cues:
        thing = next((place for place in pair.content if place > cue.place), None)
        if thing is not None and thing in pair.missing and cue.place not in pair.ignored:
            yield Doubt(f"the passage does not say “{pair.claim.words[thing].text}”")
            return


def _cue_for(pair: Comparison, cue: Cue) -> Cue | None:
    """Return the span's word of direction about the same things, the nearest to what the claim's one is about."""
    place = pair.alignment.places[cue.place]
    if place is not None and pair.alignment.in_order[cue.place]:
        return next((other for other in pair.span.cues if other.place == place), None)
    copied = {said for said, copy in zip(pair.alignment.places, pair.alignment.in_order, strict=True) if copy}
    comparable = [other for other in pair.span.cues if cue.agreement(other) is not None and other.place not in copied]
    things = _things(pair, cue)
    return min(comparable, key=lambda other: _distance(pair, other.place, things, cue.place), default=None)


def _nearer_to_thing(pair: Comparison, cue: Cue, found: Cue) -> Cue | None:
    """Return a word that points the other way between `found` and what the claim's word of direction is about:
    "increases recall and decreases noise" does not say "increases noise"."""
    thing = next((place for place in pair.content if place > cue.place), None)
    said = None if thing is None else pair.alignment.places[thing]
    if said is None:
        return None
    copied = frozenset(pair.alignment.places)
    between = (other for other in pair.span.cues if found.place < other.place < said and other.place not in copied)
    return next((other for other in between if cue.agreement(other) == -1), None)


def _is_opposed(pair: Comparison, cue: Cue, found: Cue) -> bool:
    """Tell whether a word that points the other way is hardly farther from the same things than `found`."""
    things = _things(pair, cue)
    limit = _distance(pair, found.place, things, cue.place) + _MARGIN
    return any(
        cue.agreement(other) == -1 and _distance(pair, other.place, things, cue.place) <= limit
        for other in pair.span.cues
    )


def _printed(pair: Comparison, cue: Cue) -> str:
    return ("not " if cue.negated else "") + pair.span.words[cue.place].text


def _things(pair: Comparison, cue: Cue) -> list[int]:
    """Return the places of the claim's words around a word of direction that the span has."""
    reach = range(max(0, cue.place - _REACH), min(len(pair.claim.words), cue.place + _REACH + 1))
    return [
        place
        for place in reach
        if place != cue.place and pair.alignment.places[place] is not None and pair.claim.words[place].stem
    ]


def _distance(pair: Comparison, place: int, things: Sequence[int], cue_place: int) -> float:
    """Return how far a place of the span is from what says `things`; those behind the claim's cue count twice."""
    total = 0.0
    for thing in things:
        stem = pair.claim.words[thing].stem or ""
        nearest = min(
            (abs(place - other) for other in pair.span.places.get(stem, ())),
            default=abs(place - (pair.alignment.places[thing] or 0)),
        )
        total += min(nearest, _NEAR) * (2 if thing > cue_place else 1)
    return total
