r"""The references of answers -> the bibliography whose keys are those of their \cite."""

from collections.abc import Iterable, Mapping

from assistant.manuscripts.bib_format import BibFormat
from assistant.manuscripts.bibliography_formats import bibliography
from assistant.records import Reference
from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.papers.paper import Paper
from vectorstore.papers.partial_dates import read_iso_date

_GONE = "% {}: no longer in the library; cited as the answer had it\n"


def references_bibliography(
    references: Iterable[Reference], catalogue: Catalogue, bib_format: BibFormat = BibFormat.BIBTEX
) -> str:
    """Return a bibliography with an entry for each paper that is cited, under the key of the first reference to it.

    A paper that left the library has what its reference says, and in a .bib a comment that says so.
    """
    cited: dict[str, Reference] = {}
    for reference in references:
        cited.setdefault(reference.paper_id, reference)
    keys = _keys(cited)
    there = {paper.paper_id: paper for paper in catalogue.papers(cited)}
    papers = [there.get(paper_id) or _paper(one) for paper_id, one in cited.items()]
    if bib_format.ending != ".bib":
        return bibliography(papers, keys, bib_format)
    gone = "".join(_GONE.format(keys[paper_id]) for paper_id in cited if paper_id not in there)
    return gone + bibliography(papers, keys, bib_format)


def _keys(cited: Mapping[str, Reference]) -> dict[str, str]:
    """Return the key of each paper by its id. A key that was given again when the library was made anew, to another
    paper, has that paper's id in it."""
    owners = {one.key: paper_id for paper_id, one in reversed(list(cited.items()))}
    return {
        paper_id: one.key if owners[one.key] == paper_id else f"{one.key}-{paper_id}" for paper_id, one in cited.items()
    }


def _paper(reference: Reference) -> Paper:
    """Return what a reference says of its paper."""
    published, precision = read_iso_date(reference.published)
    return Paper(
        paper_id=reference.paper_id,
        title=reference.title,
        abstract="",
        authors=reference.authors,
        authors_complete=reference.authors_complete,
        author_count=None,
        organization=None,
        page_owners=(),
        published=published,
        precision=precision,
        year_inferred=False,
        category=None,
        has_code=False,
        score=None,
        comments=None,
        affiliation=None,
        url=None,
        entries=(),
    )
