"""The identifiers that addresses and notes hold: DOIs, arXiv's ids, those of OpenReview."""

import re

_OLD_OR_NEW = r"(?:[a-z-]+(?:\.[a-z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?"
_ARXIV = re.compile(
    rf"(?:arxiv\.org/(?:abs|pdf|html)/|alphaxiv\.org/abs/|10\.48550/arxiv\.|arxiv: ?|\babs/)({_OLD_OR_NEW})(?!\d)", re.I
)
_ARXIV_ALONE = re.compile(rf"({_OLD_OR_NEW})(?: ?\[[\w.-]+\])?", re.I)
_ON_HUGGING_FACE = re.compile(r"huggingface\.co/papers/(\d{4}\.\d{4,5}(?:v\d+)?)")
_DOI = re.compile(r"(?<![\w.])(10\.\d{4,9}/[^\s\"<>{}|\\^`]+)", re.I)
_OPENREVIEW = re.compile(r"openreview\.net/(?:forum|pdf|attachment)\?id=([\w-]{6,20})", re.I)
_VERSION = re.compile(r"v\d+$", re.I)
# How the DOIs begin of servers for preprints: arXiv, bioRxiv, SSRN, PsyArXiv, Zenodo, ChemRxiv, Preprints.org.
PREPRINT_DOIS = ("10.48550/", "10.1101/", "10.2139/", "10.31234/", "10.5281/", "10.26434/", "10.20944/")
_LONGEST = 300  # characters of an identifier


def arxiv_id(text: str, *, alone: bool = False) -> str | None:
    """Return the id in arXiv's address, in "arXiv:2505.08001v2 [cs.CL]" or in arXiv's DOI, its version kept; with
    `alone` also one that is all the text."""
    found = _ARXIV.search(text) or _ON_HUGGING_FACE.search(text)
    found = found or (_ARXIV_ALONE.fullmatch(text.strip()) if alone else None)
    return found[1] if found else None


def doi(text: str) -> str | None:
    """Return the DOI in a text or an address, in small letters. arXiv's DOIs are DOIs, too."""
    found = _DOI.search(text[: 10 * _LONGEST].replace("%2F", "/").replace("%2f", "/"))
    if not found or len(found[1]) > _LONGEST:
        return None
    name = found[1].rstrip(".,;:'”")
    while name.endswith((")", "]")) and name.count("(") + name.count("[") < name.count(")") + name.count("]"):
        name = name[:-1].rstrip(".,;:")
    return name.lower()


def openreview_id(text: str) -> str | None:
    found = _OPENREVIEW.search(text)
    return found[1] if found else None


def without_version(arxiv: str) -> str:
    """Return what all versions of a paper on arXiv are known by."""
    return _VERSION.sub("", arxiv).lower()
