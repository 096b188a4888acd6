"""A sentence of an answer -> what it claims of each passage that it cites."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.acronyms import in_short
from assistant.alignment import Wording
from assistant.comparing import Comparison
from assistant.doubts import turns_round
from assistant.evidence import Evidence
from assistant.rewriting import SIMILARLY
from vectorstore.lexical import terms

_TOPIC = re.compile(r"^Both (?:papers|abstracts|studies|works) (?:deal with|address|concern|are about)\b")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence as it is held against one of the passages."""

    text: Wording
    ignored: frozenset[int]  # places of words that name authors

    @classmethod
    def of(cls, plain: str, number: int, evidence: Mapping[int, Evidence]) -> "Claim":
        """Return the claim without the name of its source; another cited source is called by its paper's name."""
        for other, item in evidence.items():
            name = "the authors" if other == number else item.short_title
            for printed in (item.source, item.people):
                for form in (printed, printed[:1].lower() + printed[1:], printed[:1].upper() + printed[1:]):
                    plain = plain.replace(form, name)
        plain = plain.removeprefix(SIMILARLY)
        text = Wording(in_short(plain, evidence[number].text) if number in evidence else plain)
        named = {term for item in evidence.values() for name in item.authors for term in terms(name)} | {"et", "al"}
        return cls(text, frozenset(n for n, word in enumerate(text.words) if (word.stem or word.lower) in named))

    @property
    def asserts(self) -> bool:
        comparison = Comparison(self.text, Wording(""), Wording(""), self.ignored)
        return bool(comparison.content or comparison.names or self.text.quantities)

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(word.stem for n, word in enumerate(self.text.words) if word.stem and n not in self.ignored)


def names_a_topic(plain: str) -> bool:
    """Tell whether a sentence only says what two papers are about, which no single sentence of theirs needs to say."""
    return bool(_TOPIC.match(plain))


def actor(plain: str, evidence: Mapping[int, Evidence]) -> int | None:
    """Return the reference whose authors a sentence says to have done it, if it names any authors.

    "Kim et al. outperform Lee et al." has to stand in the paper of Kim et al., "... is outperformed by ..." in the
    other one.
    """
    named = sorted((plain.find(item.people), number) for number, item in evidence.items() if item.people in plain)
    if len(named) < 2:
        return named[0][1] if named else None
    (start, first), (end, second) = named[0], named[1]
    return second if turns_round(plain[start:end]) else first
