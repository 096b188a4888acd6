"""A paper as the command line prints it."""

from typing import Any

from vectorstore.papers.paper import Paper


def paper_record(paper: Paper) -> dict[str, Any]:
    """Return the JSON of a paper, with the listing and line of each entry that it was merged from."""
    return {
        "paper_id": paper.paper_id,
        "title": paper.title,
        "authors": list(paper.authors),
        "authors_complete": paper.authors_complete,
        "author_count": paper.author_count,
        "organization": paper.organization,
        "page_owners": list(paper.page_owners),
        "published": paper.iso_date,
        "year_inferred": paper.year_inferred,
        "category": paper.category,
        "has_code": paper.has_code,
        "score": paper.score,
        "comments": paper.comments,
        "affiliation": paper.affiliation,
        "url": paper.url,
        "abstract": paper.abstract,
        "entries": [{"listing": entry.listing, "line": entry.line} for entry in paper.entries],
        "publication": _publication(paper),
    }


def _publication(paper: Paper) -> dict[str, Any]:
    """Return where a paper appeared and what names it, as far as that is known, and the entry that each value is of."""
    said = {name: getattr(paper.publication, name) for name, _ in paper.sources}
    places = {name: paper.entries[at] for name, at in paper.sources}
    sources = {name: {"listing": place.listing, "line": place.line} for name, place in places.items()}
    return {**said, "sources": sources} if said else {}
