"""The address of a paper -> its identifiers, where it is one of arXiv's or a DOI's."""

import re
from dataclasses import dataclass

from vectorstore.papers import Paper

_ARXIV = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf|html)/|10\.48550/arxiv\.)"
    r"((?:[a-z-]+(?:\.[a-z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?)",
    re.I,
)
_DOI = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\d{4,9}/[^\s?#]+)", re.I)


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What a paper is known by elsewhere; "" for what is not known."""

    arxiv: str = ""  # "2501.00001v2"
    doi: str = ""  # "10.48550/arXiv.2501.00001"


def identifiers(paper: Paper) -> Identifiers:
    arxiv, doi = _ARXIV.search(paper.url or ""), _DOI.match(paper.url or "")
    return Identifiers(arxiv[1] if arxiv else "", doi[1] if doi else "")
