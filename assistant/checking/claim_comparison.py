"""A claim beside a span of a passage: what the span has of the claim, and what it lacks."""

from dataclasses import dataclass
from functools import cached_property

from assistant.checking.alignment import Alignment, Wording, aligned, says
from assistant.checking.named_entities import Name
from assistant.text.words import ASKING
from vectorstore.text.terms import terms

# Words that report what is claimed and claim nothing themselves: a span need not have them.
_REPORTING = ASKING | frozenset(terms(
    "according authors paper papers both deal propose proposes present introduce show shows report reports find found"
    " study studies work works abstract state states describe demonstrate reveal observe suggest indicate identify"
    " effect phenomenon ones relative compared neither nor already still"
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
# words on each side of a word of direction that it may be about
_CLOSE_COPY = 0.75  # share of a claim's words that stand in the span in the same order


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks against a claim, in a few plain words; a contradiction is more than something missing."""

    reason: str
    contradicts: bool = False


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
        return frozenset(
            place
            for letters, phrases in self.claim.phrases.items()
            if letters in self.context.acronyms
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
            if not has_name(name, self.span)
            and not has_name(name, self.context)
            and not self.spelled_out.issuperset(name.places)
        ]

    @cached_property
    def names_elsewhere(self) -> list[Name]:
        return [name for name in self.names if not has_name(name, self.span) and name not in self.names_unknown]

    @property
    def is_close_copy(self) -> bool:
        return self.alignment.share_in_order >= _CLOSE_COPY


def has_name(name: Name, text: Wording) -> bool:
    return name.key in text.keys or name.key in text.phrases
