"""The spellings of one title: in capitals or not, with accents or LaTeX, entities, a mark of its version, without its
subtitle."""

import re
import unicodedata
from functools import lru_cache

from vectorstore.listings.latex_text import latex_letters
from vectorstore.listings.values import plain
from vectorstore.names import folded

_VERSION = re.compile(
    r"[\s:,-]*[(\[](?:(?:v|ver\.?|version) ?(?P<number>\d{1,2})(?:\.\d)?"
    r"|preprint|(?:extended|full|long|short|revised|updated|preprint|arxiv|camera[- ]ready) version)[)\]]\s*$",
    re.I,
)
_BREAK = re.compile(r"(?::| [-\u2013\u2014]|[?!.]) +(?=\S)|\s*[\u2014]\s*")
# What makes of a title the title of another paper: a part of a series, and what is written about a paper.
_OTHER_PAPER = re.compile(
    r"(?:(?:part|vol(?:ume)?|chapter|book|episode)\b|[ivx]+\b|\d+\b|(?:an? |the |author |publisher )?(?:errat(?:um|a)"
    r"|corrigend(?:um|a)|correction|addendum|retraction|repl(?:y|ies)|response|comment(?:s|ary)?|rejoinder|discussion"
    r"|supplement(?:ary|al)?|appendix|editorial|tutorial|demo(?:nstration)?|poster|slides|code|dataset)\b)",
    re.I,
)
_GREEK = {code: unicodedata.name(chr(code)).split()[-1].lower() for code in range(ord("α"), ord("ω") + 1)}
_FEWEST_LETTERS = 3  # of a title without its subtitle


def title_key(title: str) -> str:
    """Return what two titles of the same letters share: these, folded, and the digits."""
    return folded(title).replace(" ", "") or title.strip()


@lru_cache(maxsize=4096)
def spelling_key(title: str) -> str:
    """Return what all spellings of a whole title share: "αpruning" and "$\\alpha$-Pruning (v2)" are "alphapruning"."""
    return _key(_VERSION.sub("", _shown(title))) or title_key(title)


@lru_cache(maxsize=4096)
def beginning_key(title: str) -> str | None:
    """Return the key of a title without its subtitle, None if it has none, or one that makes it another paper."""
    shown = _VERSION.sub("", _shown(title))
    at = _BREAK.search(shown)
    if at is None or _OTHER_PAPER.match(shown, at.end()) or _OTHER_PAPER.match(shown):
        return None
    key = _key(shown[: at.start()])
    return key if len(key) >= _FEWEST_LETTERS and key != _key(shown) else None


def version_number(title: str) -> str | None:
    """Return the number of the version that a title says it is of."""
    found = _VERSION.search(title)
    return found["number"] if found else None


def is_plain(title: str) -> bool:
    """Tell a title that is written as it is read from one with entities, markup or a mark of its version."""
    return plain(title) == title and not _VERSION.search(title)


def _shown(title: str) -> str:
    text = plain(title) if "&" in title or "<" in title else title
    return latex_letters(text) if "\\" in text else text


def _key(text: str) -> str:
    return folded(text.replace("&", " and ")).translate(_GREEK).replace(" ", "")
