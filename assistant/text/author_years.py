"""Citations by authors and year as texts print them: "(see Kim and No, 2025; van den Oord et al. 2018a)"."""

import re

from vectorstore.authors.personal_names import PARTICLES

_SURNAME = rf"(?<!\w)(?:(?:{'|'.join(sorted(PARTICLES))}) ){{0,3}}[^\W\d_a-z][\w'’-]+"
# Two and more authors; "May (2025)" is a date.
AUTHORS = rf"{_SURNAME}(?:(?:, {_SURNAME}){{0,20}},? (?:and|&) {_SURNAME}| et al\.?| and colleagues)"
YEAR = r"(?:19|20)\d\d[a-z]?"
YEARS = rf"{YEAR}(?:, {YEAR})*"
_OF_YEARS = rf"(?:{AUTHORS},?|{_SURNAME},) {YEARS}"
IN_BRACKETS = rf"\((?:e\.g\.,? |see(?: also)? |cf\.? )?{_OF_YEARS}(?:[;,] {_OF_YEARS}){{0,40}}\)"
_FIRST = re.compile(rf"(?P<surname>{_SURNAME})[^;\d]*? \(?(?P<years>{YEARS})")


def author_years(citation: str) -> list[tuple[str, str]]:
    """Return the surname of the first author, as printed, and the year of each work that a citation names."""
    return [(one["surname"], year) for one in _FIRST.finditer(citation) for year in re.findall(YEAR, one["years"])]
