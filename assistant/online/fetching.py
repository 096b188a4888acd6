"""Papers that the user names by an identifier or its address, fetched as listings."""

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from assistant.online.http_client import HttpClient
from assistant.online.services import Service
from vectorstore.errors import OnlineError
from vectorstore.listings.entry import Listing, Publication
from vectorstore.listings.paper_identifiers import arxiv_id, doi
from vectorstore.listings.readers import read_listing

_LEADS = ("arxiv:", "doi:", "http://", "https://")


def named_online(text: str) -> Publication | None:
    """Return the identifiers in "arxiv:2505.08001", "doi:10.1000/x" or an address of either; None for a file's name.

    Raises OnlineError for an address of anything else.
    """
    if not text.lower().startswith(_LEADS) or Path(text).exists():
        return None
    named = Publication(arxiv_id=arxiv_id(text), doi=doi(text))
    if not (named.arxiv_id or named.doi):
        raise OnlineError(f"{text} names no paper of arXiv and no DOI; save the page, and read the file.")
    return named


def askable(named: Publication, services: tuple[Service, ...]) -> list[Service]:
    """Return the services that may know a paper by its identifiers: arXiv alone what is its own."""
    known = [service for service in services if service.known_as(named)]
    return known[:1] if named.arxiv_id or arxiv_id(named.doi or "") else known


def fetched(named: Publication, services: list[Service], *, today: date) -> Listing:
    """Return what the first of `services` that knows a paper says of it. Raises OnlineError if none does."""
    for service in services:
        wanted = service.known_as(named) or ""
        client = HttpClient(service.address, seconds_between=service.seconds_between)
        try:
            content = client.get(service.by_ids([wanted]))
        finally:
            client.close()
        if any(service.known_as(entry.publication) == wanted for entry in service.entries(content)):
            name = f"{service.name} {wanted.replace('/', '_')} {today}{service.ending}"
            return read_listing(Path(name), as_of=today, content=content)
    asked = " and ".join(service.name for service in services)
    raise OnlineError(f"{named.arxiv_id or named.doi} is not known at {asked}; look whether it is spelled so.")


def hosts(services: list[Service]) -> str:
    return " and ".join(urlsplit(service.address).hostname or service.address for service in services)
