r"""Names that a text gives its papers, for natbib: "Kim et al. (2025) show ... [1]" is "\\citet{kim2025} show ...".

A name is a paper's own where the sentence cites the paper: all its authors, the first one with "et al." or "and
colleagues", its title where the listing prints no name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assistant.records import Reference
from assistant.text.evidence import printed_surname, short_title, shown_title
from vectorstore.authors.personal_names import named

_REST = r",? (?:et al\.|and (?:colleagues|others|co-?authors))"
_ORGANISATION = r"[A-Z0-9][^\s()\[\]'’]*(?: [A-Z0-9&][^\s()\[\]'’]*)*"
_MARKER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Named:
    """A name of the paper with `number` at text[start:end]; `own`: in the possessive; `again`: not the first time."""

    start: int
    end: int
    number: int
    own: bool
    again: bool


def paper_names(references: Iterable[Reference]) -> dict[int, re.Pattern[str]]:
    """Return what names the paper of each reference in a text, by its number."""
    return {reference.number: re.compile(_name(reference)) for reference in references}


def named_papers(sentence: str, names: Mapping[int, re.Pattern[str]]) -> Iterator[Named]:
    """Yield the names of the papers that a sentence cites, in its order."""
    cited = dict.fromkeys(int(marker[1]) for marker in _MARKER.finditer(sentence))
    found = sorted(
        (match.start(), -match.end(), place, number, bool(match["own"]))
        for place, number in enumerate(cited)
        if number in names
        for match in names[number].finditer(sentence)
    )
    end, before = 0, set[int]()
    for start in dict.fromkeys(one[0] for one in found):
        if start < end or _in_bold_or_code(sentence, start):
            continue
        alike = [one for one in found if one[0] == start]
        # Papers by the same people in one year have one name: each is named once.
        _, minus_end, _, number, own = next((one for one in alike if one[3] not in before), alike[0])
        end = -minus_end
        yield Named(start, end, number, own, number in before)
        before.add(number)


def _in_bold_or_code(sentence: str, start: int) -> bool:
    return sentence.count("**", 0, start) % 2 == 1 or sentence.count("`", 0, start) % 2 == 1


def _name(reference: Reference) -> str:
    authors = list(named(reference.authors))
    year = rf" \({reference.published[:4]}\)" if reference.published else r"(?!)"
    dated = rf"(?P<own>['’]s?(?!\w))?(?:{year})?(?!\w)"
    if not authors:
        titled = rf"“{re.escape(short_title(shown_title(reference.title)))}”"
        return rf"(?:(?:[Tt]he authors (?:of {titled}|at {_ORGANISATION})|{titled}(?={year}))){dated}"
    forms = [rf"(?:{re.escape(name)}|{re.escape(printed_surname(name))})" for name in authors]
    everyone = forms[0] if len(forms) == 1 else rf"{', '.join(forms[:-1])},? (?:and|&) {forms[-1]}"
    several = rf"(?:{'|'.join(forms)})(?:, (?:{'|'.join(forms)}))*{_REST}"
    if len(authors) == 1 and reference.authors_complete:
        # A surname alone may be anybody's: it is the paper's where the year or the marker stands behind it.
        several = rf"{forms[0]}(?=['’]?s?(?:{year}|\s*\[{reference.number}\]))"
    elif reference.authors_complete:
        several = rf"{several}|{everyone}"
    return rf"(?<!\w)(?:[Tt]he )?(?:{several}){dated}"
