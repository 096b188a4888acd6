"""What speaks exactly against a clause in the author's own words, which stands in no single sentence of the abstract.

The checks of answers look at sentences near to the passage's. Here whole abstracts are compared, and only what leaves
little doubt counts. Measured on 1,361 true and 1,880 false claims in a strong model's words over 288 abstracts and
those of the project, none of them from the held-out drafts; new beside the checks of answers, true / false: counts
2 / 24, bounds 0 / 9, exchanged numbers 5 / 16, opposites 9 / 34, absolutes 1 / 22. With
those checks 4 % of the true ones are marked, and 21 % of the false ones.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from assistant.checking.alignment import Wording
from assistant.checking.claim_comparison import Doubt
from assistant.checking.quantities import Quantity
from assistant.text.wording import Word, read_plain
from vectorstore.papers.paper import Paper

_MOST_WORDS = 2_000  # of an abstract
_REACH = 4  # words around a word of direction that it is about
_LEAST_SHARED = 3  # of these, that an opposite must stand beside
_COUNTED = 3  # words behind a number, of which one is what it counts
_AROUND_NUMBER = 30  # characters
_TOGETHER = 220  # characters of an abstract that two numbers stand within
_BEFORE = 30  # characters before a number that may bound it
_BOUNDS = {
    "most": re.compile(r"\b(?:up to|as much as|as many as|at most|no more than|maximum of)\W{0,3}(?:\w+\W{1,2})?$"),
    "least": re.compile(
        r"\b(?:at least|more than|over|no less than|no fewer than|exceed\w*|above)\W{0,3}(?:\w+\W{1,2})?$"
    ),
}
_ABSOLUTE = frozenset(
    "completely entirely fully eliminates prove proves proven guarantees perfectly invariably".split()
)


def spoken_against(text: str, papers: Sequence[Paper]) -> Doubt | None:
    """Return what in the abstracts speaks against a clause, None if nothing does."""
    claim = Wording(read_plain(text))
    abstracts = [Wording(read_plain(f"{paper.title}. {paper.abstract}"), _MOST_WORDS) for paper in papers]
    checks = (_of_counts, _of_bounds, _of_exchanged_numbers, _of_opposites, _of_absolutes)
    return next((doubt for check in checks for doubt in check(claim, abstracts)), None)


def _of_counts(claim: Wording, abstracts: Sequence[Wording]) -> Iterator[Doubt]:
    """Yield a count of what the abstracts count otherwise: "five datasets" of "three retrieval datasets"."""
    for quantity in claim.quantities:
        counted = _counted(claim, quantity, _COUNTED) if _is_count(quantity) else []
        noun = next((word for word in counted if word.lower.endswith("s") and word.stem), None)
        if noun is None:
            continue
        others = [
            other
            for abstract in abstracts
            for other in abstract.quantities
            if _is_count(other) and noun.stem in {word.stem for word in _counted(abstract, other, _COUNTED + 2)}
        ]
        if others and not any(other.low <= quantity.low <= other.high or quantity.rounds(other) for other in others):
            yield Doubt(f"the abstract counts {others[0].printed} {noun.text}", contradicts=True)


def _is_count(quantity: Quantity) -> bool:
    return quantity.low == quantity.high and float(quantity.low).is_integer() and "%" not in quantity.printed


def _counted(text: Wording, quantity: Quantity, most: int) -> list[Word]:
    """Return the words behind a number, up to the end of its clause."""
    behind = [word for word in text.words if word.start >= quantity.end][:most]
    end = next((place for place, word in enumerate(behind) if place and word.opens), len(behind))
    return behind[:end]


def _of_bounds(claim: Wording, abstracts: Sequence[Wording]) -> Iterator[Doubt]:
    """Yield a number that the abstracts bound from the other side: "at least 33%" of "up to 33%"."""
    for quantity in claim.quantities:
        bound = _bound(claim, quantity)
        there = [_bound(one, other) for one in abstracts for other in one.quantities if other.equals(quantity)]
        if bound and there and all(other and other != bound for other in there):
            yield Doubt(
                f"the abstract has {quantity.printed} as the {'most' if bound == 'least' else 'least'}",
                contradicts=True,
            )


def _bound(text: Wording, quantity: Quantity) -> str:
    before = text.plain[max(0, quantity.start - _BEFORE) : quantity.start].lower()
    return next((bound for bound, pattern in _BOUNDS.items() if pattern.search(before)), "")


def _of_exchanged_numbers(claim: Wording, abstracts: Sequence[Wording]) -> Iterator[Doubt]:
    """Yield two numbers whose things have changed places: "2.5% in A and 3% in B" of "A by 3%, B by 2.5%"."""
    for one, two in combinations(claim.quantities, 2):
        for abstract in abstracts:
            first = [other for other in abstract.quantities if other.equals(one)]
            second = [other for other in abstract.quantities if other.equals(two)]
            if len(first) != 1 or len(second) != 1 or one.equals(two) or one.printed.isalpha() or two.printed.isalpha():
                continue
            if one.unit != two.unit or abs(first[0].start - second[0].start) > _TOGETHER:
                continue
            things = _thing(claim, one, two, abstract), _thing(claim, two, one, abstract)
            if not things[0] or not things[1] or things[0].lower == things[1].lower:
                continue
            places = [next(w.start for w in abstract.words if w.lower == thing.lower) for thing in things if thing]
            in_order = (things[0].start < things[1].start) == (one.start < two.start)
            there = (places[0] < places[1]) == (first[0].start < second[0].start)
            if in_order and not there:
                yield Doubt(f"the abstract has {one.printed} and {two.printed} the other way round", contradicts=True)


def _thing(claim: Wording, quantity: Quantity, other: Quantity, abstract: Wording) -> Word | None:
    """Return the word nearest to a number that is nearer to it than to the other, and stands once in either text."""
    near = [
        word
        for word in claim.words
        if (word.stem or word.text[0].isdigit())
        and abs(word.start - quantity.start) <= min(_AROUND_NUMBER, abs(word.start - other.start))
        and not any(number.start <= word.start < number.end for number in claim.quantities)
        and sum(word.lower == one.lower for one in claim.words) == 1
        and sum(word.lower == one.lower for one in abstract.words) == 1
    ]
    return min(near, key=lambda word: abs(word.start - quantity.start), default=None)


def _of_opposites(claim: Wording, abstracts: Sequence[Wording]) -> Iterator[Doubt]:
    """Yield a word that points the other way in the abstracts, beside the same things, and never this way."""
    for cue in claim.cues:
        around = range(max(0, cue.place - _REACH), min(len(claim.words), cue.place + _REACH + 1))
        stems = {claim.words[place].stem for place in around if place != cue.place} - {None}
        shared = {-1: 0, 0: 0, 1: 0}
        found = ""
        for abstract in abstracts:
            for other in abstract.cues:
                agreement = cue.agreement(other)
                if agreement is None:
                    continue
                count = sum(
                    any(abs(place - other.place) <= _REACH + 2 for place in abstract.places.get(stem or "", ()))
                    for stem in stems
                )
                if agreement == -1 and count > shared[-1]:
                    found = ("not " if other.negated else "") + abstract.words[other.place].text
                shared[agreement] = max(shared[agreement], count + 1)
        if shared[-1] > _LEAST_SHARED and not shared[0] and not shared[1]:
            yield Doubt(f"the abstract says “{found}”", contradicts=True)


def _of_absolutes(claim: Wording, abstracts: Sequence[Wording]) -> Iterator[Doubt]:
    """Yield a word that leaves no exception, which the abstracts do not have."""
    there = {word.lower for abstract in abstracts for word in abstract.words}
    for word in claim.words:
        if word.lower in _ABSOLUTE and word.lower not in there:
            yield Doubt(f"the abstract does not say “{word.text}”")
