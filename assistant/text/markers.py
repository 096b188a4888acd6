"""The forms in which models cite, as text -> the numbers of evidence that they name."""

import re
import unicodedata
from collections.abc import Collection, Iterator

from assistant.text.evidence import Evidence
from vectorstore.authors.personal_names import surname
from vectorstore.text.folding import folded

_THING = (
    r"(?:passages?|sources?|docs?|documents?|refs?\.?|references?|evidence|citations?|cite|papers?|nos?\.?|numbers?"
    r"|excerpts?|p(?=\d))"
)
_NUMBER = rf"(?:{_THING}\s*)?[#^]?\d+"
_LIST = re.compile(rf"\s*(?:{_THING}\s*:?\s*)?{_NUMBER}(?:\s*(?:,|;|&|\band\b|-|\s)\s*{_NUMBER})*\s*")
_TAIL = re.compile(r"(?:†|[:|]\D|[:|]\d+\s*†|,\s*[^\W\d]).*", re.DOTALL)  # "1†source", "1: Kim et al.", "1, p. 3"
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_DECORATION = dict.fromkeys(map(ord, "[]【】［］〔〕*_\\\u200c\u200d"), " ")
_INTERVAL = re.compile(r"\s*0+\s*,\s*\d+\s*")
_NAME = r"[^\W\d_][\w'’.-]*(?:\s+(?!et\b|and\b)[^\W\d_][\w'’.-]*){0,4}"
_AUTHOR_YEAR = re.compile(
    rf"\s*(?:see(?: also)?|e\.g\.,?|cf\.)?\s*(?P<names>{_NAME}(?:\s*(?:,|&|\band\b)+\s*{_NAME}){{0,3}}?)"
    r"(?P<others>,?\s+et\.?\s+al\.?)?\s*,?\s*\(?(?P<year>(?:19|20)\d\d)[a-z]?\)?\s*"
)
_SEVERAL = re.compile(r"&|\band\b")
_KEY = re.compile(r"@?(?P<name>[^\W\d_]+(?:[-_:][^\W\d_]+)*)[-_:]?(?P<year>(?:19|20)\d\d)[\w:-]*")
_MOST_OF_A_RANGE = 50


def marker_numbers(inside: str) -> list[int] | None:
    """Return the numbers that the words inside brackets name, or None if these are no marker.

    Figures too large to be a passage's become 0, which is no passage's number.
    """
    plain = unicodedata.normalize("NFKC", inside.translate(_DASHES)).translate(_DECORATION).casefold()
    found = _LIST.match(plain)
    if (
        found is None
        or _INTERVAL.fullmatch(plain)
        or (found.end() < len(plain) and not _TAIL.match(plain, found.end()))
    ):
        return None
    return list(listed_numbers(found.group()))


def listed_numbers(listed: str) -> Iterator[int]:
    """Yield the numbers of "1, 3-5"."""
    for first, last in re.findall(r"(\d+)(?:\s*-\s*\D{0,12}?(\d+))?", listed.translate(_DASHES)):
        begin, end = _small(first), _small(last or first)
        yield begin
        yield from range(begin + 1, min(end, begin + _MOST_OF_A_RANGE) + 1)
        if end < begin:
            yield end


def _small(digits: str) -> int:
    return int(digits) if len(digits) < 7 else 0


class Names:
    """Evidence by its authors' surnames and years."""

    def __init__(self, evidence: Collection[Evidence]) -> None:
        self._evidence = evidence

    def number(self, name: str, year: str) -> int | None:
        """Return the number of the one paper with an author or organization of that name in that year."""
        wanted = folded(name)
        found = [item for item in self._evidence if item.date and item.date[:4] == year and _names(item, wanted)]
        return found[0].number if len({item.title for item in found}) == 1 else None

    def author_year(self, part: str) -> tuple[int | None, bool] | None:
        """Return the paper that "Kim et al., 2025" names, and whether the words can be nothing but a citation;
        None if they are no author and year."""
        found = _AUTHOR_YEAR.fullmatch(part)
        if found is None or not found["names"].strip()[0].isalpha():
            return None
        first = re.split(r",|&|\band\b", found["names"])[0].strip()
        return self.number(first, found["year"]), bool(found["others"] or _SEVERAL.search(found["names"]))

    def key(self, key: str) -> int | None:
        """Return the paper that a key such as kim2025rainbow names."""
        found = _KEY.fullmatch(key)
        return self.number(found["name"], found["year"]) if found else None


def is_key(text: str) -> bool:
    """Tell whether text is such a key as bibliographies have: letters, a year, letters."""
    return bool(_KEY.fullmatch(text))


def _names(item: Evidence, wanted: str) -> bool:
    if item.organization and folded(item.organization) == wanted:
        return True
    first = item.authors[0] if item.authors else ""
    return bool(wanted) and wanted.replace(" ", "") in {surname(first), folded(first).replace(" ", "")} | {
        "".join(folded(first).split()[start:]) for start in range(1, 4)
    } - {""}
