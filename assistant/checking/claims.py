"""A sentence of an answer -> what it claims of each passage that it cites."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.alignment import Wording
from assistant.checking.claim_comparison import Comparison
from assistant.checking.doubts import turns_round
from assistant.text.acronyms import in_short
from assistant.text.evidence import Evidence, shown_title
from assistant.text.plain_text import plain_text
from assistant.text.third_person import SIMILARLY
from vectorstore.papers.partial_dates import read_iso_date
from vectorstore.text.terms import terms

_TOPIC = re.compile(r"^Both (?:papers|abstracts|studies|works) (?:deal with|address|concern|are about)\b")

_MARKER = re.compile(r"\[(\d{1,9})\]")
_HALVES = re.compile(
    r"(?P<one>[^\[\]]{1,2000}(?:\[\d{1,9}\])+)(?:,|;)? ?(?:and|but|while|whereas|though|although|;),? "
    r"(?!(?:on|in|at|by|with|for|to|from|of|also)\b)(?P<other>[^\[\]]{1,2000}(?:\[\d{1,9}\])+\W*)$"
)
_FEWEST_OF_A_HALF = 4  # words
_TELLS = (
    r"(?:give|say|mention|state|specif(?:y|ie)|report|provide|describe|name|discuss|tell|include|reveal|explain|indicate"
    r"|detail)"
)
_LEFT_OPEN = (
    rf"(?:(?:(?:do|does|did) not|doesn['’]t|don['’]t) (?:\w+ly )?{_TELLS}\b"
    rf"|{_TELLS}s? no\b|(?:is|are) not {_TELLS}[dn]?\b)"
)
_GAP = re.compile(
    r"^(?:However, )?(?:the|this|these|its|their|neither of the) (?:cited |given |provided )?"
    rf"(?:abstract|passage|excerpt|text|evidence|listing)s? {_LEFT_OPEN}(?!.*[,;])"
    rf"|^(?:no|neither|none of)\b[^,;]{{1,200}} (?:(?:is|are) {_TELLS}[dn]?|appears?)\b(?!.*[,;])",
    re.I,
)
_SOURCES = r"(?:papers?|abstracts?|passages?|works?|studies|articles)"
_SOME = r"(?:the|these|those|all|both|no|(?:none|neither|most|one) of the|only one|two|three|four|five|six)"
_WHOLE = re.compile(
    rf"(?:[\w ]{{1,30}}, )?(?:{_SOME} (?:\w+ ){{0,2}}?{_SOURCES}\b|the (?:two|three|others?)\b|both\b|neither\b)", re.I
)
_GAP_OF_WHAT_WAS_SAID = re.compile(rf"^[^,;]{{1,200}}? {_LEFT_OPEN}(?!.*[,;])", re.I)


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
            if other == number:
                plain = plain.removeprefix(f"In “{shown_title(item.title).rstrip('.')}”, ")
            name = "the authors" if other == number else item.short_title
            for printed in (item.source, item.people):
                for form in (printed, printed[:1].lower() + printed[1:], printed[:1].upper() + printed[1:]):
                    plain = plain.replace(form, name)
        plain = plain.removeprefix(SIMILARLY)
        if number in evidence and (place := evidence[number].organization):
            plain = re.sub(rf"(?:^|(?<=\bby )){re.escape(place)}(?: \(\d{{4}}\))?(?=\s)", "the authors", plain)
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
    day, precision = read_iso_date(iso or None)
    if day is None:
        return re.compile(r"(?!)")
    month = rf"{day:%b}(?:{f'{day:%B}'[3:]}|\.)?"
    numbered = rf"0?{day.day}(?:st|nd|rd|th)?"
    of_a_day = (
        rf"{numbered} (?:of )?{month},? {day.year}",
        rf"{month} {numbered},? {day.year}",
        rf"{numbered} (?:of )?{month}",
        rf"{month} {numbered}",
    )
    of_a_month = (rf"{month},? {day.year}",)
    known = {"day": (*of_a_day, *of_a_month), "month": of_a_month, "year": ()}[precision]
    forms = (iso, *known, f"{day.year}")
    said = (
        r"(?:which |that )?(?:(?:was|is|were) )?(?:(?:first )?(?:published|released|posted|dated|appeared|submitted) )?"
    )
    return re.compile(rf",? ?\(?{said}(?:on|in|from|of) (?:{'|'.join(forms)})\b\)?,?", re.I)


def wrong_year(plain: str, evidence: Mapping[int, Evidence]) -> str:
    """Return why the year behind the name of a source is wrong, "" if none is: "Kim et al. (2024)" of a paper of 2025.

    A name that two sources share may have the year of either.
    """
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for item in evidence.values():
        for name in filter(None, (item.people, item.organization)):
            by_name[name].add((item.date or "")[:4])
    for name, years in by_name.items():
        for said in re.findall(rf"{re.escape(name)}(?:['’]s?)?,? \((\d{{4}})\)", plain):
            if said not in years:
                dated = " or ".join(sorted(filter(None, years)))
                return f"the listing dates it {dated}" if dated else f"the listing does not date it {said}"
    return ""


def tells_a_gap(plain: str, *, cites: bool) -> bool:
    """Tell whether a sentence only says what a passage leaves open: "The abstract does not give the rate".

    One that cites nothing may call the passage by what was said before: "It gives no rate".
    """
    return bool((_GAP if cites else _GAP_OF_WHAT_WAS_SAID).match(plain))


def speaks_of_the_whole(plain: str) -> bool:
    """Tell whether a sentence speaks of what was read as a whole, and gives no figure: "The papers differ in scope"."""
    return bool(_WHOLE.match(plain)) and not any(map(str.isdigit, plain))


def halves_of(sentence: str) -> list[tuple[str, tuple[int, ...]]]:
    """Return the two clauses of "... [1], whereas ... [2].", each with the references that it cites; none if a sentence
    has no two clauses that each cite others."""
    parts = _HALVES.match(sentence)
    if not parts:
        return []
    halves = [(parts[side], tuple(int(n) for n in _MARKER.findall(parts[side]))) for side in ("one", "other")]
    long_enough = all(len(_MARKER.sub("", half).split()) >= _FEWEST_OF_A_HALF for half, _ in halves)
    return halves if long_enough and not set(halves[0][1]) & set(halves[1][1]) else []


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
