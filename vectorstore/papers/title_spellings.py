"""The spellings of one title: in capitals or not, with accents or LaTeX, entities, a mark of its version, without its
subtitle."""

import re
import unicodedata
from functools import lru_cache

from vectorstore.listings.values import without_markup
from vectorstore.text.folding import folded
from vectorstore.text.latex_text import latex_letters

_VERSION = re.compile(
    r"[\s:,-]*[(\[](?:(?:v|ver\.?|version) ?(?P<number>\d{1,2})(?:\.\d)?"
    r"|preprint|(?:extended|full|long|short|revised|updated|preprint|arxiv|camera[- ]ready) version)[)\]]\s*$",
    re.I,
)
_BREAK = re.compile(r"[:?!.] | [-\u2013] |\u2014")
# What makes of a title the title of another paper: a part of a series, and what is written about a paper.
_OTHER_PAPER = re.compile(
    r"(?:part|vol(?:ume)?|chapter|book|episode) (?:[ivx]+|\d+|[a-d]|one|two|three|four)\b|(?:[ivx]+|\d+)(?= *$|[.:])"
    r"|(?:an? |the |author |publisher )?(?:errat(?:um|a)|corrigend(?:um|a)|correction|addendum|retraction|repl(?:y|ies)"
    r"|response|comments?|commentary|rejoinder|discussion|supplement|editorial)(?= *$| (?:to|on|of|for|from|by)\b)",
    re.I,
)
_SEQUEL = re.compile(r"\s(?:I{2,3}|IV|[2-9])\s*$")
_GREEK = {code: unicodedata.name(chr(code)).split()[-1].lower() for code in range(ord("α"), ord("ω") + 1)}
_FEWEST_LETTERS = 3  # of a title without its subtitle


def title_key(title: str) -> str:
    """Return what two titles of the same letters share: these, folded, and the digits."""
    return folded(title).replace(" ", "") or title.strip()


def spelling_key(title: str) -> str:
    """Return what all spellings of a whole title share: "αpruning" and "$\\alpha$-Pruning (v2)" are "alphapruning"."""
    return _keys(title)[0]


def beginning_key(title: str) -> str | None:
    """Return the key of a title without its subtitle, None if it has none, or one that makes it another paper."""
    return _keys(title)[1]


@lru_cache(maxsize=1 << 14)
def _keys(title: str) -> tuple[str, str | None]:
    shown = _unversioned(_shown(title))
    whole = _key(shown) or title_key(title)
    parts = _BREAK.split(shown)
    if len(parts) == 1 or any(map(_OTHER_PAPER.match, parts)) or _SEQUEL.search(shown):
        return whole, None
    beginning = _key(parts[0])
    return whole, beginning if len(beginning) >= _FEWEST_LETTERS and beginning != whole else None


def _unversioned(title: str) -> str:
    while title.endswith((")", "]")) and (shorter := _VERSION.sub("", title)) != title:
        title = shorter
    return title


def version_number(title: str) -> str | None:
    """Return the number of the version that a title says it is of."""
    found = _VERSION.search(title)
    return found["number"] if found else None


def is_plain(title: str) -> bool:
    """Tell a title that is written as it is read from one with entities, markup or a mark of its version."""
    return without_markup(title) == title == _unversioned(title)


def _shown(title: str) -> str:
    text = without_markup(title) if "&" in title or "<" in title else title
    return latex_letters(text) if "\\" in text else text


def _key(text: str) -> str:
    return folded(text.replace("&", " and ")).translate(_GREEK).replace(" ", "")
