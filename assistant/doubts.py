"""A claim, a span and the passage around it -> what speaks against that the span says the claim."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from assistant.alignment import Alignment, Wording, aligned, says, says_opposite
from assistant.naming import Name, abbreviates
from assistant.polarity import Cue
from assistant.quantities import Quantity
from assistant.words import ASKING
from vectorstore.lexical import terms

# Words that report what is claimed and claim nothing themselves: a span need not have them.
_REPORTING = ASKING | frozenset(terms(
    "according authors paper papers both deal propose proposes present introduce show shows report reports find found"
    " study studies work works abstract state states describe demonstrate reveal observe suggest indicate identify"
    " not stated they their them theirs themselves each other also because since while when where after"
))  # fmt: skip
# Words that link two things or say of what sort a thing is: another wording may do without them.
_LINKING = _REPORTING | frozenset(terms(
    "involve involved role play participate associate association related relation relationship link depend occur"
    " through via during between among use using based on contain include including provide various certain particular"
    " specific respectively due such given type kind level amount number degree rate result effect affect influence"
    " significantly substantially strongly important key characterized people patient individual human subject"
    " participant capacity ability potential property model method approach framework algorithm system gene protein"
    " factor pathway"
))  # fmt: skip
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
_EITHER_WAY = re.compile(
    r"^\W*(?:(?:and|or|as well as|with|to|the|a|an|of|on|for|at|under|across|both|is|are|not|in|which|that"
    r"|interact\w*|associat\w*|correlat\w*"
    r"|bind\w*|bound|complex\w*|link\w*|between|compar\w*|versus|vs)\b\W*)*$",
    re.I,
)
_NEAR = 8  # words within which a word of direction belongs to a thing
_MARGIN = 4
_REACH = 4  # words on each side of a word of direction that it may be about
_CLOSE_COPY = 0.75  # share of a claim's words that stand in the span in the same order


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks against a claim, in a few plain words; a contradiction is more than something missing.

    What speaks `plainly` does so whatever else the span has or lacks.
    """

    reason: str
    contradicts: bool = False
    plainly: bool = False


@dataclass(frozen=True)
class Comparison:
    """A claim beside a span. `context` is the whole passage with the paper's title."""

    claim: Wording
    span: Wording
    context: Wording
    ignored: frozenset[int]  # places of words of the claim that name the source or report

    @cached_property
    def alignment(self) -> Alignment:
        return aligned(self.claim, self.span)

    @cached_property
    def content(self) -> list[int]:
        """The places of the claim's words that a passage must say; names and numbers are looked at by themselves."""
        apart = {place for name in self.claim.names for place in name.places} | {
            place
            for quantity in self.claim.quantities
            for place, word in enumerate(self.claim.words)
            if quantity.start <= word.start < quantity.end
        }
        idle = _REPORTING if self.is_close_copy else _LINKING
        return [
            place
            for place, word in enumerate(self.claim.words)
            if word.stem
            and place not in self.ignored
            and place not in apart
            and word.stem not in idle
            and not word.text[0].isdigit()
        ]

    @cached_property
    def names(self) -> list[Name]:
        return [name for name in self.claim.names if not self.ignored.issuperset(name.places)]

    @cached_property
    def spelled_out(self) -> frozenset[int]:
        """The places of words for which the passage has an acronym."""
        acronyms = {name.key for name in self.context.names}
        return frozenset(
            place
            for letters, phrases in self.claim.phrases.items()
            if letters in acronyms
            for phrase in phrases
            for place in phrase
        )

    @cached_property
    def missing(self) -> list[int]:
        """The places of the content words that the span does not have."""
        return [
            place for place in self.content if self.alignment.places[place] is None and place not in self.spelled_out
        ]

    @cached_property
    def missing_everywhere(self) -> list[int]:
        """Those that neither the passage nor its title has."""
        return [place for place in self.missing if not says(self.claim.words[place], self.context)]

    @property
    def share_said(self) -> float:
        """The share of the claim's content words and names that the span has."""
        asked = len(self.content) + len(self.names)
        return 1 - (len(self.missing) + len(self.names_elsewhere) + len(self.names_unknown)) / asked if asked else 1.0

    @cached_property
    def share_in_context(self) -> float:
        asked = len(self.content) + len(self.names)
        return 1 - (len(self.missing_everywhere) + len(self.names_unknown)) / asked if asked else 1.0

    @cached_property
    def names_unknown(self) -> list[Name]:
        return [
            name
            for name in self.names
            if not _has_name(name, self.span)
            and not _has_name(name, self.context)
            and not self.spelled_out.issuperset(name.places)
        ]

    @cached_property
    def names_elsewhere(self) -> list[Name]:
        return [name for name in self.names if not _has_name(name, self.span) and name not in self.names_unknown]

    @property
    def is_close_copy(self) -> bool:
        return self.alignment.share_in_order >= _CLOSE_COPY

    def doubts(self) -> list[Doubt]:
        """Return all that speaks against the claim but the words that the span lacks."""
        return [
            *self._of_numbers(),
            *(Doubt(f"names {name.printed}, which the passage does not") for name in self.names_unknown),
            *self._of_opposites(),
            *self._of_directions(),
            *self._of_things(),
            *self._of_negations(),
            *self._of_unsaid_negations(),
            *self._of_roles(),
            *self._of_names(),
            *self._of_moved_words(),
            *self._of_asking(),
        ]

    def _of_numbers(self) -> Iterator[Doubt]:
        for quantity in self.claim.quantities:
            same = [other for other in self.span.quantities if quantity.equals(other)]
            if not any(quantity.equals(other) for other in self.context.quantities):
                exact = next((other for other in self.context.quantities if quantity.rounds(other)), None)
                if exact:
                    yield Doubt(f"the passage says {exact.printed}")
                else:
                    yield Doubt(f"{quantity.printed} is not in the passage", contradicts=True, plainly=True)
            elif not same or (self.is_close_copy and not any(self._is_in_place(quantity, other) for other in same)):
                yield Doubt(f"{quantity.printed} stands elsewhere in the passage")
            elif not any(quantity.is_of_the_same(other) for other in same):
                yield Doubt(f"the passage has {quantity.printed} for something else")

    def _is_in_place(self, quantity: Quantity, other: Quantity) -> bool:
        claimed = next(place for place, word in enumerate(self.claim.words) if word.end > quantity.start)
        said = next(place for place, word in enumerate(self.span.words) if word.end > other.start)
        return self.alignment.in_place(claimed, said)

    def _of_opposites(self) -> Iterator[Doubt]:
        """Yield what says the opposite of a word that the span lacks: "inactive" where it has "active"."""
        for place, word in enumerate(self.claim.words):
            if self.alignment.places[place] is None and place not in self.ignored:
                other = says_opposite(word, self.span)
                if other:
                    yield Doubt(f"the passage says “{other.text}”", contradicts=True)
                    return

    def _of_directions(self) -> Iterator[Doubt]:
        for cue in self.claim.cues:
            if cue.place in self.ignored:
                continue
            found = self._cue_for(cue)
            if found is None:
                word = self.claim.words[cue.place]
                if cue.place in self.missing or not word.stem:
                    yield Doubt(f"the passage does not say “{word.text}”")
                continue
            agreement = cue.agreement(found)
            if agreement == 1 and not self.alignment.in_order[cue.place] and self._is_opposed(cue, found):
                agreement = 0
            if agreement == 1 and (nearer := self._nearer_to_thing(cue, found)):
                yield Doubt(f"the passage says “{self._printed(nearer)}”", contradicts=True)
            if agreement == -1:
                yield Doubt(f"the passage says “{self._printed(found)}”", contradicts=True)
            elif agreement == 0:
                yield Doubt(f"the passage says “{self._printed(found)}”, which may be something else")

    def _nearer_to_thing(self, cue: Cue, found: Cue) -> Cue | None:
        """Return a word that points the other way between `found` and what the claim's word of direction is about:
        "increases recall and decreases noise" does not say "increases noise"."""
        thing = next((place for place in self.content if place > cue.place), None)
        said = None if thing is None else self.alignment.places[thing]
        if said is None:
            return None
        copied = frozenset(self.alignment.places)
        between = (other for other in self.span.cues if found.place < other.place < said and other.place not in copied)
        return next((other for other in between if cue.agreement(other) == -1), None)

    def _is_opposed(self, cue: Cue, found: Cue) -> bool:
        """Tell whether a word that points the other way is hardly farther from the same things than `found`."""
        things = self._things(cue)
        limit = self._distance(found.place, things, cue.place) + _MARGIN
        return any(
            cue.agreement(other) == -1 and self._distance(other.place, things, cue.place) <= limit
            for other in self.span.cues
        )

    def _printed(self, cue: Cue) -> str:
        return ("not " if cue.negated else "") + self.span.words[cue.place].text

    def _cue_for(self, cue: Cue) -> Cue | None:
        """Return the span's word of direction about the same things, the nearest to what the claim's one is about."""
        place = self.alignment.places[cue.place]
        if place is not None and self.alignment.in_order[cue.place]:
            return next((other for other in self.span.cues if other.place == place), None)
        copied = {said for said, copy in zip(self.alignment.places, self.alignment.in_order, strict=True) if copy}
        comparable = [
            other for other in self.span.cues if cue.agreement(other) is not None and other.place not in copied
        ]
        things = self._things(cue)
        return min(comparable, key=lambda other: self._distance(other.place, things, cue.place), default=None)

    def _of_things(self) -> Iterator[Doubt]:
        """Yield a thing that the span lacks, right behind a word of direction: "reduces the severity"."""
        for cue in self.claim.cues:
            thing = next((place for place in self.content if place > cue.place), None)
            if thing is not None and thing in self.missing and cue.place not in self.ignored:
                yield Doubt(f"the passage does not say “{self.claim.words[thing].text}”")
                return

    def _things(self, cue: Cue) -> list[int]:
        """Return the places of the claim's words around a word of direction that the span has."""
        reach = range(max(0, cue.place - _REACH), min(len(self.claim.words), cue.place + _REACH + 1))
        return [
            place
            for place in reach
            if place != cue.place and self.alignment.places[place] is not None and self.claim.words[place].stem
        ]

    def _distance(self, place: int, things: Sequence[int], cue_place: int) -> float:
        """Return how far a place of the span is from what says `things`; those behind the claim's cue count twice."""
        total = 0.0
        for thing in things:
            stem = self.claim.words[thing].stem or ""
            nearest = min(
                (abs(place - other) for other in self.span.places.get(stem, ())),
                default=abs(place - (self.alignment.places[thing] or 0)),
            )
            total += min(nearest, _NEAR) * (2 if thing > cue_place else 1)
        return total

    def _of_negations(self) -> Iterator[Doubt]:
        for place, said in enumerate(self.alignment.places):
            if said is None or place in self.ignored or not self.claim.words[place].stem:
                continue
            if self.claim.negated[place] == self.span.negated[said]:
                continue
            others = self.span.places.get(self.claim.words[place].stem or "", ())
            if not self.is_close_copy and any(self.span.negated[o] == self.claim.negated[place] for o in others):
                continue  # it also stands there with the same sign
            word = self.span.words[said].text
            yield Doubt(f"the passage {'negates' if self.span.negated[said] else 'does not negate'} “{word}”", True)
            return

    def _of_unsaid_negations(self) -> Iterator[Doubt]:
        """Yield a negation of which the span has nothing: "not a target" where it knows of no target."""
        for scope in self.claim.scopes:
            stems = [place for place in scope if self.claim.words[place].stem]
            if stems and all(self.alignment.places[place] is None for place in stems):
                yield Doubt(f"the passage does not say “{self.claim.words[scope.start - 1].text}”")

    def _of_roles(self) -> Iterator[Doubt]:
        """Yield two names that stand the other way round in the span, with nothing that turns the sentence round."""
        for one, two in pairwise(self.names):
            between = self.claim.plain[self.claim.words[one.places[-1]].end : self.claim.words[two.places[0]].start]
            if one.key == two.key or _EITHER_WAY.match(between):
                continue
            orders = set(self._orders(one, two))
            if orders and orders != {turns_round(between)}:
                yield Doubt(f"the passage has {one.printed} and {two.printed} the other way round")
                return

    def _of_names(self) -> Iterator[Doubt]:
        """Yield a name that only the passage around the span has, unless the claim begins with it and the rest is
        said of "it"; and one in brackets that is not short for what stands before it."""
        for name in self.names_elsewhere:
            if name != self.names[0]:
                yield Doubt(f"{name.printed} stands elsewhere in the passage")
        for name in self.names:
            start = self.claim.words[name.places[0]].start
            if self.claim.plain[start - 1 : start] == "(" and not self.is_close_copy:
                before = self.claim.words[: name.places[0]]
                pair = (before[-1].lower if before else "") + name.key
                if not abbreviates(name.key, before) and pair not in self.context.keys:
                    yield Doubt(f"{name.printed} is not short for what stands before it")

    def _orders(self, one: Name, two: Name) -> Iterator[bool]:
        """Yield for each pair of places of two names in the span whether the second one is what acts."""
        if self.is_close_copy:  # of which a name that stands elsewhere is seen by itself
            copied = [self.alignment.places[one.places[0]]], [self.alignment.places[two.places[0]]]
        else:
            copied = _places_of(one, self.span), _places_of(two, self.span)
        for first in copied[0]:
            for second in copied[1]:
                if first is None or second is None or first == second:
                    continue
                left, right = sorted((first, second))
                between = self.span.plain[self.span.words[left].end : self.span.words[right].start]
                if not _EITHER_WAY.match(between):
                    yield (first > second) != turns_round(between)

    def _of_moved_words(self) -> Iterator[Doubt]:
        """Yield what stands elsewhere in a span that the claim copies: "weak" and "strong" have changed places."""
        if not self.is_close_copy:
            return
        names = [place for name in self.names for place in name.places]
        cues = [cue.place for cue in self.claim.cues if cue.place not in self.ignored]
        for place in sorted({*self.content, *names, *cues}):
            if self.alignment.places[place] is not None and not self.alignment.in_place(place):
                yield Doubt(f"“{self.claim.words[place].text}” stands elsewhere in the passage")
                return

    def _of_asking(self) -> Iterator[Doubt]:
        asks = {match.group().lower() for match in _ASKS.finditer(self.span.plain)}
        if asks and not _ASKS.search(self.claim.plain) and not _HEDGES.search(self.claim.plain):
            yield Doubt("the passage does not say so firmly")


def turns_round(between: str) -> bool:
    """Tell whether what stands second acts on what stands first, by the words between: "is outperformed by"."""
    return bool(_TURNS.search(between))


def _has_name(name: Name, text: Wording) -> bool:
    return name.key in text.keys or name.key in text.phrases


def _places_of(name: Name, text: Wording) -> list[int | None]:
    found: list[int | None] = [other.places[0] for other in text.names if other.key == name.key]
    return found or [phrase[0] for phrase in text.phrases.get(name.key, ())]
