"""What speaks against a claim in its numbers: the passage has another one, of something else, or bounded otherwise."""

import re
from collections.abc import Iterator, Sequence

from assistant.checking.alignment import Wording
from assistant.checking.claim_comparison import Comparison, Doubt
from assistant.checking.quantities import Quantity

_BOUNDS = {  # what stands right before a number
    "most": r"up to|as (?:much|many) as|at most|no more than",
    "least": r"at least|more than|over|no (?:less|fewer) than|exceeding|above",
    "near": r"nearly|almost|about|approximately|around|roughly|close to",
    "under": r"(?:less|fewer) than|below|under",
}
_BOUND = re.compile(rf"\b(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _BOUNDS.items())})\W{{0,3}}$", re.I)
_BY_OR_TO = re.compile(r"\b(by|to)\W{0,3}$", re.I)
_LONGEST_BOUND = 24  # characters


def doubts_of_numbers(pair: Comparison) -> Iterator[Doubt]:
    for quantity in pair.claim.quantities:
        same = [other for other in pair.span.quantities if quantity.equals(other)]
        if not any(quantity.equals(other) for other in pair.context.quantities):
            yield Doubt(f"{quantity.printed} is not in the passage", contradicts=pair.is_close_copy)
        elif not (placed := [other for other in same if not pair.is_close_copy or _is_in_place(pair, quantity, other)]):
            yield Doubt(f"{quantity.printed} stands elsewhere in the passage", contradicts=True)
        elif not (alike := [other for other in placed if _is_of_the_same(pair, quantity, other)]):
            yield Doubt(f"the passage has {quantity.printed} for something else")
        elif not any(_is_bounded_alike(pair, quantity, other) for other in alike):
            yield Doubt(f"the passage says “{_bounded(pair, alike[0])}”")


def counted_otherwise(claim: Wording, contexts: Sequence[Wording]) -> str:
    """Return what the passages count of which a claim gives a number that they have of something else: "seven metrics"
    for nine of them, where seven methods are compared. "" if there is none."""
    said = [quantity for context in contexts for quantity in context.quantities]
    for quantity in claim.quantities:
        equal = [other for other in said if quantity.equals(other)]
        of_it = [other for other in said if quantity.counts_same(other)]
        if equal and of_it and not any(quantity.behind & (other.behind | other.before) for other in equal):
            return of_it[0].printed
    return ""


def _is_in_place(pair: Comparison, quantity: Quantity, other: Quantity) -> bool:
    claimed = next(place for place, word in enumerate(pair.claim.words) if word.end > quantity.start)
    said = next(place for place, word in enumerate(pair.span.words) if word.end > other.start)
    return pair.alignment.in_place(claimed, said)


def _is_of_the_same(pair: Comparison, quantity: Quantity, other: Quantity) -> bool:
    """Tell whether the words right before and behind a number stand beside it in the span too, no other number
    between."""
    if not quantity.is_of_the_same(other):
        return False
    words = pair.claim.words
    before = [n for n in pair.content if words[n].end <= quantity.start and pair.alignment.places[n] is not None]
    behind = [n for n in pair.content if words[n].start >= quantity.end and pair.alignment.places[n] is not None]
    if behind and any(word.opens for word in words[_first_behind(pair, quantity) : behind[0] + 1]):
        behind = []
    anchors = [*before[-1:], *behind[:1]]
    return all(_is_beside(pair, anchor, other, quantity) for anchor in anchors)


def _first_behind(pair: Comparison, quantity: Quantity) -> int:
    return next((n for n, word in enumerate(pair.claim.words) if word.start >= quantity.end), len(pair.claim.words))


def _is_beside(pair: Comparison, anchor: int, other: Quantity, quantity: Quantity) -> bool:
    said = pair.alignment.places[anchor]
    assert said is not None
    between_in_claim = _between(pair.claim.words[anchor].start, quantity, pair.claim.quantities)
    spots = {said, *pair.span.places.get(pair.claim.words[anchor].stem or "", ())}
    for spot in spots:
        word = pair.span.words[spot]
        if _between(word.start, other, pair.span.quantities) <= between_in_claim and not _is_only_part(
            pair, anchor, spot, quantity
        ):
            return True
    return False


def _between(start: int, quantity: Quantity, others: list[Quantity]) -> int:
    left, right = sorted((start, quantity.start))
    return sum(left < other.start < right for other in others)


def _is_only_part(pair: Comparison, anchor: int, spot: int, quantity: Quantity) -> bool:
    """Tell whether a noun that is counted is only part of a name of what the span counts: "three datasets" of "three
    dataset collections"."""
    claimed, said = pair.claim.words[anchor], pair.span.words[spot]
    behind = pair.span.words[spot + 1] if spot + 1 < len(pair.span.words) else None
    counted = claimed.start >= quantity.end and claimed.lower.endswith("s") and claimed.lower != said.lower
    return counted and behind is not None and behind.stem is not None and not behind.opens


def _is_bounded_alike(pair: Comparison, quantity: Quantity, other: Quantity) -> bool:
    one, two = _before(pair.claim.plain, quantity), _before(pair.span.plain, other)
    bounds = [match.lastgroup if (match := _BOUND.search(text)) else "" for text in (one, two)]
    ends = {found[1].lower() for text in (one, two) if (found := _BY_OR_TO.search(_BOUND.sub("", text)))}
    return bounds[0] == bounds[1] and len(ends) < 2


def _bounded(pair: Comparison, other: Quantity) -> str:
    match = _BOUND.search(_before(pair.span.plain, other))
    return f"{match.group().strip()} {other.printed}" if match else other.printed


def _before(plain: str, quantity: Quantity) -> str:
    return plain[max(0, quantity.start - _LONGEST_BOUND) : quantity.start]
