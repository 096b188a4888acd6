"""What speaks against a claim in the order of its words: the span says them of one another the other way round."""

from collections.abc import Iterator, Sequence

from assistant.checking.claim_comparison import Comparison, Doubt
from assistant.text.wording import Word

_ADJUNCTS = frozenset("on in at under across during within with for when while".split())
_EXCHANGES = frozenset("replac substitut swap exchang convert transform".split())  # A with B is not B with A


def doubts_of_order(pair: Comparison) -> Iterator[Doubt]:
    """Yield one doubt if the span has the claim's words in another order, but for one clause moved as a whole, or if
    a passive has its two sides where the active would have them."""
    turned = _turned(pair)
    if turned is False or (turned is None and not pair.is_close_copy and not _in_one_order(pair)):
        yield Doubt("the passage says this in another order")


def _turned(pair: Comparison) -> bool | None:
    """Tell whether the two sides of a passive that is an active in the span, or the reverse, have changed places; None
    if both are passive, or neither."""
    for place, said in enumerate(pair.alignment.places):
        if said is None or place in pair.ignored or not pair.claim.words[place].stem:
            continue
        claimed, there = _agent(pair.claim.words, place), _agent(pair.span.words, said)
        if (claimed is None) == (there is None):
            continue
        if claimed is None and pair.is_close_copy:
            continue
        weighed = [other for other in _weighed(pair) if other != place]
        before = [_spots(pair, other) for other in weighed if other < place]
        behind = [_spots(pair, other) for other in weighed if place < other < _end_of_side(pair.claim.words, place)]
        if not before and not behind:
            continue
        return all(max(spots) > said for spots in before) and all(min(spots) < said for spots in behind)
    return None


def _agent(words: Sequence[Word], place: int) -> int | None:
    """Return where the agent of a passive begins, if the word at `place` is its verb: "outperformed by SNIP"."""
    if place + 2 >= len(words) or words[place + 1].lower != "by" or not words[place].lower.endswith(("ed", "en", "wn")):
        return None
    behind = words[place + 2]
    return None if behind.text[0].isdigit() or behind.lower in ("up", "as", "at", "nearly", "about") else place + 2


def _end_of_side(words: Sequence[Word], place: int) -> int:
    """Return where the clause or the phrase ends that stands behind a verb."""
    ends = (end for end in range(place + 2, len(words)) if words[end].opens or words[end].lower in _ADJUNCTS)
    return next(ends, len(words))


def _in_one_order(pair: Comparison) -> bool:
    weighed = _weighed(pair)
    spots = [_spots(pair, place) for place in weighed]
    if not spots or _rising(spots):
        return True
    cuts = [number for number in range(1, len(weighed)) if _begins_part(pair, weighed[number - 1], weighed[number])]
    return any(
        _moved_whole(spots[start:end], spots[:start] + spots[end:])
        for start in (0, *cuts)
        for end in (*cuts, len(weighed))
        if start < end
    )


def _moved_whole(part: Sequence[Sequence[int]], rest: Sequence[Sequence[int]]) -> bool:
    """Tell whether a part of the claim stands in the span in its order, in one piece, and so does the rest."""
    moved, others = _rising(part), _rising(rest)
    return bool(moved and others) and not any(moved[0] < other < moved[-1] for other in others)


def _weighed(pair: Comparison) -> list[int]:
    """Return the places of the claim's content words, names and words of direction that the span has."""
    names = (place for name in pair.names for place in name.places)
    cues = (cue.place for cue in pair.claim.cues if cue.place not in pair.ignored)
    return [place for place in sorted({*pair.content, *names, *cues}) if pair.alignment.places[place] is not None]


def _spots(pair: Comparison, place: int) -> list[int]:
    """Return where the span has a word of the claim; `place` is one that it has."""
    said = pair.alignment.places[place]
    assert said is not None
    return sorted({said, *pair.span.places.get(pair.claim.words[place].stem or "", ())})


def _rising(spots: Sequence[Sequence[int]]) -> list[int]:
    """Return one spot of each in rising order, none if there is no such order."""
    chosen: list[int] = []
    for found in spots:
        later = [spot for spot in found if not chosen or spot >= chosen[-1]]
        if not later:
            return []
        chosen.append(min(later))
    return chosen


def _begins_part(pair: Comparison, before: int, place: int) -> bool:
    """Tell whether a clause or an adjunct ("on GLUE") begins between two words of the claim."""
    words = pair.claim.words[before + 1 : place + 1]
    exchanges = any(word.stem in _EXCHANGES for word in pair.claim.words)
    return any(word.opens or (word.lower in _ADJUNCTS and not exchanges) for word in words)
