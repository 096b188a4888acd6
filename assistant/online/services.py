"""The services that know of papers: how each is asked, what it is good for, and which reader reads its answers."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.settings import Settings
from vectorstore.errors import ListingError, OnlineError
from vectorstore.listings.atom import read_atom
from vectorstore.listings.entry import Entry, Publication
from vectorstore.listings.json_fields import read_json
from vectorstore.listings.listing_page import Page
from vectorstore.listings.paper_identifiers import arxiv_id, without_version
from vectorstore.listings.source import Source
from vectorstore.text.folding import folded

Parameters = Mapping[str, str]
_OF_ARXIV = "10.48550/arxiv."
_FOUND_BY_TITLE = 5
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """One service at its address. `known_as` is the identifier that it has a paper under, if any; requests for several
    of these, or for a title, are its parameters. `gives` are the gaps that its answers fill; `mark` is in each of them,
    in one without papers, too."""

    name: str
    address: str
    ending: str  # of a file with an answer
    seconds_between: float  # requests, as it asks for
    gives: frozenset[str]
    known_as: Callable[[Publication], str | None]
    by_ids: Callable[[Sequence[str]], Parameters]
    by_title: Callable[[str], Parameters]
    reader: Callable[[Source], Page]
    mark: str

    def entries(self, content: bytes) -> tuple[Entry, ...]:
        """Return the papers in an answer. Raises OnlineError if it is none."""
        source = Source(Path(f"answer{self.ending}"), content)
        try:
            if self.mark in source.text:
                return self.reader(source).entries
        except ListingError as error:
            _log.debug("an answer of %s: %s", self.name, error)
        raise OnlineError(f"{self.name} did not answer in its usual form; try again later.")


def services(settings: Settings) -> tuple[Service, ...]:
    """Return the services in the order in which they are asked: each fills what the ones before it left open."""
    return (
        Service(
            name="arXiv",
            address=settings.arxiv_url,
            ending=".xml",
            seconds_between=3.0,
            gives=frozenset(("identifier", "abstract", "authors", "date")),
            known_as=_arxiv_id,
            by_ids=lambda ids: {"id_list": ",".join(ids), "max_results": str(len(ids))},
            by_title=lambda title: {"search_query": f'ti:"{folded(title)}"', "max_results": str(_FOUND_BY_TITLE)},
            reader=read_atom,
            mark="http://www.w3.org/2005/Atom",
        ),
        Service(
            name="Crossref",
            address=settings.crossref_url,
            ending=".json",
            seconds_between=1.0,
            gives=frozenset(("identifier", "venue", "authors", "date")),
            known_as=_published_doi,
            by_ids=lambda ids: {"filter": ",".join(f"doi:{one}" for one in ids), "rows": str(len(ids))},
            by_title=lambda title: {"query.bibliographic": folded(title), "rows": str(_FOUND_BY_TITLE)},
            reader=read_json,
            mark='"work-list"',
        ),
        Service(
            name="OpenAlex",
            address=settings.openalex_url,
            ending=".json",
            seconds_between=1.0,
            gives=frozenset(("identifier", "venue", "abstract", "authors", "date")),
            known_as=_any_doi,
            by_ids=lambda ids: {"filter": f"doi:{'|'.join(ids)}", "per-page": str(len(ids))},
            by_title=lambda title: {"filter": f"title.search:{folded(title)}", "per-page": str(_FOUND_BY_TITLE)},
            reader=read_json,
            mark='"results"',
        ),
    )


def _arxiv_id(publication: Publication) -> str | None:
    known = publication.arxiv_id or arxiv_id(publication.doi or "")
    return without_version(known) if known else None


def _published_doi(publication: Publication) -> str | None:
    """Return the DOI that Crossref may know. Those of arXiv are another registry's; a filter parts values by commas."""
    doi = publication.doi
    return doi if doi and not arxiv_id(doi) and "," not in doi and "|" not in doi else None


def _any_doi(publication: Publication) -> str | None:
    arxiv = _arxiv_id(publication)
    return _published_doi(publication) or (arxiv and f"{_OF_ARXIV}{arxiv}")
