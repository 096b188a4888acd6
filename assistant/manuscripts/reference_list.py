"""Papers -> the lines of a list of references."""

from collections.abc import Iterable, Mapping

from assistant.records import Reference
from vectorstore.catalogue.citation_keys import short_key
from vectorstore.papers.paper import Paper


def references(papers: Iterable[Paper], keys: Mapping[str, str]) -> tuple[Reference, ...]:
    r"""Return the references of papers, numbered in their order; `keys` holds the key for \cite of each by its id.

    One without a key, since it was deleted meanwhile, has one that no paper will be given.
    """
    return tuple(
        Reference(
            number=number,
            paper_id=paper.paper_id,
            title=paper.title,
            authors=paper.people,
            authors_complete=paper.authors_complete,
            published=paper.iso_date,
            key=keys.get(paper.paper_id) or f"{short_key(paper)}-{paper.paper_id}",
        )
        for number, paper in enumerate(papers, 1)
    )
