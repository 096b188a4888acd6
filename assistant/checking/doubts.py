"""A claim beside a span -> all that speaks against that the span says the claim, but for the words that it lacks."""

import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.checking.alignment import Wording
from assistant.checking.claim_comparison import Comparison, Doubt
from assistant.checking.direction_doubts import doubts_of_direction
from assistant.checking.named_entities import Name, abbreviates
from assistant.checking.number_doubts import doubts_of_numbers

# A span that only asks, plans or supposes says nothing, unless the claim does so too.
_ASKS = re.compile(
    r"\b(?:whether|hypothesi[sz]\w*|unclear|unknown|not (?:been )?(?:known|clear|understood)"
    r"|remains? (?:to be|elusive|controversial|unresolved)|may|might|could|possib\w+|potential(?:ly)?)\b"
    r"|(?:^|[.:] |OBJECTIVES?:? |\baims?(?:ed)?(?: was| is)? |\bpurpose[^.]{0,40} )[Tt]o (?:assess|determine"
    r"|investigate|evaluate|examine|explore|test|study|compare|understand|elucidate)\b"
    r"(?![^.]{0,200}, (?:we|this|our|the)\b)",
    re.I,
)
_HEDGES = re.compile(r"\b(?:may|might|could|can|possib\w+|potential(?:ly)?|suggest\w*|likely|appears?|seems?)\b", re.I)
# Between a thing and what did it to it: "B is inhibited by A", "B depends on A", "B is required for A".
_TURNS = re.compile(
    r"\b(?:by|via|upon|from|following|after|than|when|because|due to|thanks to|in response to|depend\w* (?:up)?on"
    r"|(?:required|necessary|essential|crucial|needed|responsible|dispensable) (?:for|to|in)|downstream)\b",
    re.I,
)
_SUPERLATIVES = frozenset(
    "best worst greatest largest smallest highest lowest fastest strongest only first always never every must".split()
)
_EITHER_WAY = re.compile(
    r"^\W*(?:(?:and|or|as well as|with|to|the|a|an|of|on|for|at|under|across|both|is|are|not|in|which|that"
    r"|interact\w*|associat\w*|correlat\w*"
    r"|bind\w*|bound|complex\w*|link\w*|between|compar\w*|versus|vs)\b\W*)*$",
    re.I,
)


def doubts(pair: Comparison) -> list[Doubt]:
    return [
        *doubts_of_numbers(pair),
        *(Doubt(f"names {name.printed}, which the passage does not") for name in pair.names_unknown),
        *doubts_of_direction(pair),
        *_of_negations(pair),
        *_of_unsaid_negations(pair),
        *_of_roles(pair),
        *_of_subjects(pair),
        *_of_names(pair),
        *_of_moved_words(pair),
        *_of_superlatives(pair),
        *_of_asking(pair),
    ]


def _of_negations(pair: Comparison) -> Iterator[Doubt]:
    for place, said in enumerate(pair.alignment.places):
        if said is None or place in pair.ignored or not pair.claim.words[place].stem:
            continue
        if pair.claim.negated[place] == pair.span.negated[said]:
            continue
        others = pair.span.places.get(pair.claim.words[place].stem or "", ())
        if not pair.is_close_copy and any(pair.span.negated[o] == pair.claim.negated[place] for o in others):
            continue  # it also stands there with the same sign
        word = pair.span.words[said].text
        yield Doubt(f"the passage {'negates' if pair.span.negated[said] else 'does not negate'} “{word}”", True)
        return


def _of_unsaid_negations(pair: Comparison) -> Iterator[Doubt]:
    """Yield a negation of which the span has nothing: "not a target" where it knows of no target."""
    for scope in pair.claim.scopes:
        stems = [place for place in scope if pair.claim.words[place].stem]
        if stems and all(pair.alignment.places[place] is None for place in stems):
            yield Doubt(f"the passage does not say “{pair.claim.words[scope.start - 1].text}”")


def _of_roles(pair: Comparison) -> Iterator[Doubt]:
    """Yield two names that stand the other way round in the span, with nothing that turns the sentence round."""
    for one, two in pairwise(pair.names):
        between = pair.claim.plain[pair.claim.words[one.places[-1]].end : pair.claim.words[two.places[0]].start]
        if one.key == two.key or _EITHER_WAY.match(between):
            continue
        orders = set(_orders(pair, one, two))
        if orders and orders != {turns_round(between)}:
            yield Doubt(f"the passage has {one.printed} and {two.printed} the other way round")
            return


def _of_subjects(pair: Comparison) -> Iterator[Doubt]:
    """Yield a name of which the span does not say what the claim says: another one stands before the verb.

    "In COPD, RORG drives cancer" does not say "COPD drives cancer".
    """
    copied = frozenset(pair.alignment.places)
    for name in pair.names:
        behind = next((place for place in pair.content if place == name.places[-1] + 1), None)
        said = None if behind is None else pair.alignment.places[behind]
        if said is None or turns_round(pair.claim.plain):
            continue
        first = pair.alignment.places[name.places[0]]
        for other in pair.span.names if first is not None else ():
            start = other.places[0]
            between = first is not None and first < start < said and start not in copied
            if between and any(word.opens for word in pair.span.words[(first or 0) + 1 : start + 1]):
                yield Doubt(f"the passage says it of {other.printed}")
                return


def _orders(pair: Comparison, one: Name, two: Name) -> Iterator[bool]:
    """Yield for each pair of places of two names in the span whether the second one is what acts."""
    if pair.is_close_copy:  # of which a name that stands elsewhere is seen by itself
        copied = [pair.alignment.places[one.places[0]]], [pair.alignment.places[two.places[0]]]
    else:
        copied = _places_of(one, pair.span), _places_of(two, pair.span)
    for first in copied[0]:
        for second in copied[1]:
            if first is None or second is None or first == second:
                continue
            left, right = sorted((first, second))
            between = pair.span.plain[pair.span.words[left].end : pair.span.words[right].start]
            if not _EITHER_WAY.match(between):
                yield (first > second) != turns_round(between)


def _of_names(pair: Comparison) -> Iterator[Doubt]:
    """Yield a name that only the passage around the span has, unless the claim begins with it and the rest is
    said of "it"; and one in brackets that is not short for what stands before it."""
    for name in pair.names_elsewhere:
        if name != pair.names[0]:
            yield Doubt(f"{name.printed} stands elsewhere in the passage")
    for name in pair.names:
        start = pair.claim.words[name.places[0]].start
        if pair.claim.plain[start - 1 : start] == "(" and not pair.is_close_copy:
            before = pair.claim.words[: name.places[0]]
            together = (before[-1].lower if before else "") + name.key
            if not abbreviates(name.key, before) and together not in pair.context.keys:
                yield Doubt(f"{name.printed} is not short for what stands before it")


def _of_moved_words(pair: Comparison) -> Iterator[Doubt]:
    """Yield what stands elsewhere in a span that the claim copies: "weak" and "strong" have changed places."""
    if not pair.is_close_copy:
        return
    names = [place for name in pair.names for place in name.places]
    cues = [cue.place for cue in pair.claim.cues if cue.place not in pair.ignored]
    for place in sorted({*pair.content, *names, *cues}):
        if pair.alignment.places[place] is not None and not pair.alignment.in_place(place):
            yield Doubt(f"“{pair.claim.words[place].text}” stands elsewhere in the passage")
            return


def _of_superlatives(pair: Comparison) -> Iterator[Doubt]:
    """Yield a word such as "best" or "always" that the span does not have itself."""
    there = {other.lower for other in pair.span.words}
    for place, word in enumerate(pair.claim.words):
        if word.lower in _SUPERLATIVES and word.lower not in there and place not in pair.ignored:
            yield Doubt(f"the passage does not say “{word.text}”")
            return


def _of_asking(pair: Comparison) -> Iterator[Doubt]:
    asks = {match.group().lower() for match in _ASKS.finditer(pair.span.plain)}
    if asks and not _ASKS.search(pair.claim.plain) and not _HEDGES.search(pair.claim.plain):
        yield Doubt("the passage does not say so firmly")


def turns_round(between: str) -> bool:
    """Tell whether what stands second acts on what stands first, by the words between: "is outperformed by"."""
    return bool(_TURNS.search(between))


def _places_of(name: Name, text: Wording) -> list[int | None]:
    found: list[int | None] = [other.places[0] for other in text.names if other.key == name.key]
    return found or [phrase[0] for phrase in text.phrases.get(name.key, ())]
