"""A paper -> what it is known by elsewhere, as its listings say or its address has it."""

from dataclasses import dataclass

from vectorstore.listings.paper_identifiers import arxiv_id, doi
from vectorstore.papers.paper import Paper


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What a paper is known by elsewhere; "" for what is not known."""

    arxiv: str = ""  # "2501.00001v2"
    doi: str = ""  # "10.48550/arxiv.2501.00001"


def identifiers(paper: Paper) -> Identifiers:
    publication, url = paper.publication, paper.url or ""
    return Identifiers(publication.arxiv_id or arxiv_id(url) or "", publication.doi or doi(url) or "")
