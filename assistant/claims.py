"""A sentence of an answer -> what it claims of each passage that it cites."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.acronyms import in_short
from assistant.alignment import Wording
from assistant.comparing import Comparison
from assistant.doubts import turns_round
from assistant.evidence import Evidence
from assistant.plain_text import plain_text
from assistant.rewriting import SIMILARLY
from vectorstore.lexical import terms

_TOPIC = re.compile(r"^Both (?:papers|abstracts|studies|works) (?:deal with|address|concern|are about)\b")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence as it is held against one of the passages."""

    text: Wording
    ignored: frozenset[int]  # places of words that name authors
    only_dates: bool = False  # it says when a paper appeared, and nothing else of it

    @classmethod
    def of(cls, plain: str, number: int, evidence: Mapping[int, Evidence]) -> "Claim":
        """Return the claim without what the catalogue says of its source: its name, its date. Another cited source is
        called by its paper's name."""
        undated = _dated(evidence[number].date or "").sub("", plain) if number in evidence else plain
        is_dated, plain = undated != plain, undated
        for other, item in evidence.items():
            name = "the authors" if other == number else item.short_title
            for printed in (item.source, item.people):
                for form in (printed, printed[:1].lower() + printed[1:], printed[:1].upper() + printed[1:]):
                    plain = plain.replace(form, name)
        plain = plain.removeprefix(SIMILARLY)
        text = Wording(in_short(plain, evidence[number].text) if number in evidence else plain)
        named = {term for item in evidence.values() for name in item.authors for term in terms(name)} | {"et", "al"}
        ignored = frozenset(n for n, word in enumerate(text.words) if (word.stem or word.lower) in named)
        titled = frozenset(terms(plain_text(evidence[number].title))) if is_dated else frozenset()
        said = {word.stem for n, word in enumerate(text.words) if word.stem and n not in ignored}
        return cls(text, ignored, only_dates=is_dated and said <= titled | {"paper"})

    @property
    def asserts(self) -> bool:
        comparison = Comparison(self.text, Wording(""), Wording(""), self.ignored)
        return bool(comparison.content or comparison.names or self.text.quantities)

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(word.stem for n, word in enumerate(self.text.words) if word.stem and n not in self.ignored)


@lru_cache(maxsize=256)
def _dated(iso: str) -> re.Pattern[str]:
    """Return what finds "published on 4 October 2025", ", which appeared in 2025," and the like, of one date."""
    if not iso:
        return re.compile(r"(?!)")
    day = date.fromisoformat(iso)
    month = rf"{day:%b}(?:{f'{day:%B}'[3:]}|\.)?"
    numbered = rf"0?{day.day}(?:st|nd|rd|th)?"
    forms = (
        iso,
        rf"{numbered} (?:of )?{month},? {day.year}",
        rf"{month} {numbered},? {day.year}",
        rf"{month},? {day.year}",
        rf"{numbered} (?:of )?{month}",
        rf"{month} {numbered}",
        f"{day.year}",
    )
    said = (
        r"(?:which |that )?(?:(?:was|is|were) )?(?:(?:first )?(?:published|released|posted|dated|appeared|submitted) )?"
    )
    return re.compile(rf",? ?\(?{said}(?:on|in|from|of) (?:{'|'.join(forms)})\b\)?,?", re.I)


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
