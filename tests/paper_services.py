"""A server on this machine that answers as arXiv, Crossref and OpenAlex do."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from assistant.online.services import Service, services
from assistant.settings import Settings
from vectorstore.text.folding import folded


@dataclass(frozen=True)
class Work:
    """A paper that the services know of; each knows it only if it has an identifier there."""

    title: str
    authors: tuple[str, ...]
    published: str = "2024-05-14"
    abstract: str = ""
    arxiv_id: str = ""
    doi: str = ""
    venue: str = ""
    pages: str = ""


@dataclass
class Served:
    """What the server knows, what it was asked, and what it answers instead: (status, headers, body), each once."""

    works: tuple[Work, ...] = ()
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    faults: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    base_url: str = ""

    def services(self) -> tuple[Service, ...]:
        """Return the services at this server, which may be asked as fast as one can."""
        return tuple(replace(one, seconds_between=0.0) for one in services(Settings(**self.environment_fields())))

    def environment_fields(self) -> dict[str, Any]:
        return {f"{name}_url": f"{self.base_url}/{name}" for name in ("arxiv", "crossref", "openalex")}

    def environment(self) -> dict[str, str]:
        return {f"ASSISTANT_{name.upper()}": url for name, url in self.environment_fields().items()}

    def asked_of(self, service: str) -> list[dict[str, str]]:
        return [parameters for name, parameters in self.asked if name == service]


@contextmanager
def paper_services(*works: Work) -> Iterator[Served]:
    served = Served(works)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            service = parts.path.strip("/")
            parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
            served.asked.append((service, parameters))
            served.headers.append(dict(self.headers))
            if served.faults:
                status, headers, body = served.faults.pop(0)
            else:
                status, headers, body = 200, {}, _ANSWERS[service](served.works, parameters).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.base_url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


def _titled(works: tuple[Work, ...], words: str) -> list[Work]:
    """Return what a search for a title gives: all that share half of its words, as a search of words does."""
    typed = set(folded(words).split())
    return [work for work in works if 2 * len(typed & set(folded(work.title).split())) >= len(typed)]


def _arxiv(works: tuple[Work, ...], parameters: dict[str, str]) -> str:
    known = tuple(work for work in works if work.arxiv_id)
    if "id_list" in parameters:
        wanted = parameters["id_list"].split(",")
        found = [work for work in known if work.arxiv_id in wanted]
    else:
        found = _titled(known, parameters["search_query"].removeprefix("ti:"))
    entries = "".join(
        f"""  <entry>
    <id>http://arxiv.org/abs/{work.arxiv_id}v2</id>
    <title>{escape(work.title)}</title>
    <updated>2024-06-01T00:00:00Z</updated>
    <link href="https://arxiv.org/abs/{work.arxiv_id}v2" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/{work.arxiv_id}v2" rel="related" type="application/pdf" title="pdf"/>
    <summary>{escape(work.abstract)}</summary>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <published>{work.published}T17:59:59Z</published>
    <arxiv:comment>9 pages</arxiv:comment>
    <arxiv:primary_category term="cs.LG"/>
{"".join(f"    <author><name>{escape(name)}</name></author>{chr(10)}" for name in work.authors)}  </entry>
"""
        for work in found
    )
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"\
 xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <title>arXiv Query: search_query=&amp;id_list=&amp;start=0&amp;max_results=10</title>
  <updated>2026-07-01T00:00:00Z</updated>
  <link href="https://arxiv.org/api/query?search_query=" type="application/atom+xml"/>
  <opensearch:itemsPerPage>10</opensearch:itemsPerPage>
  <opensearch:totalResults>{len(found)}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
{entries}</feed>
"""


def _crossref(works: tuple[Work, ...], parameters: dict[str, str]) -> str:
    known = tuple(work for work in works if work.doi)
    if "filter" in parameters:
        wanted = [one.removeprefix("doi:") for one in parameters["filter"].split(",")]
        found = [work for work in known if work.doi in wanted]
    else:
        found = _titled(known, parameters["query.bibliographic"])
    items = [
        {
            "indexed": {"date-parts": [[2026, 7, 1]], "date-time": "2026-07-01T00:00:00Z", "timestamp": 1782864000000},
            "reference-count": 30,
            "publisher": "Light Press",
            "content-domain": {"domain": [], "crossmark-restriction": False},
            "short-container-title": ["J Lamps"],
            "published-print": {"date-parts": [[int(part) for part in work.published.split("-")]]},
            "DOI": work.doi,
            "type": "journal-article",
            "source": "Crossref",
            "page": work.pages,
            "title": [work.title],
            "author": [
                {
                    "given": name.rpartition(" ")[0],
                    "family": name.rpartition(" ")[2],
                    "sequence": "additional",
                    "affiliation": [],
                }
                for name in work.authors
            ],
            "container-title": [work.venue],
            "link": [{"URL": f"https://press.example/{work.doi}.pdf", "intended-application": "text-mining"}],
            "score": 30.1,
            "resource": {"primary": {"URL": "https://press.example/lamps"}},
            "issued": {"date-parts": [[int(part) for part in work.published.split("-")]]},
            "URL": f"https://doi.org/{work.doi}",
            "ISSN": ["1234-5678"],
            "subject": [],
        }
        for work in found
    ]
    message = {
        "facets": {},
        "total-results": len(items),
        "items": items,
        "items-per-page": 5,
        "query": {"start-index": 0, "search-terms": parameters.get("query.bibliographic")},
    }
    return json.dumps({"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message})


def _openalex(works: tuple[Work, ...], parameters: dict[str, str]) -> str:
    key, _, value = parameters["filter"].partition(":")
    found = [work for work in works if _doi_of(work) in value.split("|")] if key == "doi" else _titled(works, value)
    results = [
        {
            "id": "https://openalex.org/W2741809807",
            "doi": f"https://doi.org/{_doi_of(work)}" if _doi_of(work) else None,
            "title": work.title,
            "display_name": work.title,
            "publication_year": int(work.published[:4]),
            "publication_date": work.published,
            "ids": {"openalex": "https://openalex.org/W2741809807"},
            "language": "en",
            "primary_location": {
                "is_oa": True,
                "landing_page_url": f"https://doi.org/{_doi_of(work)}",
                "pdf_url": None,
                "source": {"id": "https://openalex.org/S1", "display_name": work.venue, "type": "journal"}
                if work.venue
                else None,
            },
            "type": "article",
            "authorships": [
                {"author_position": "middle", "author": {"id": "https://openalex.org/A1", "display_name": name}}
                for name in work.authors
            ],
            "biblio": {"volume": None, "issue": None, "first_page": None, "last_page": None},
            "keywords": [{"id": "https://openalex.org/keywords/guess", "display_name": "Guess", "score": 0.5}],
            "abstract_inverted_index": _inverted(work.abstract),
        }
        for work in found
    ]
    meta = {"count": len(results), "db_response_time_ms": 20, "page": 1, "per_page": 5, "groups_count": None}
    return json.dumps({"meta": meta, "results": results, "group_by": []})


def _doi_of(work: Work) -> str:
    return work.doi or (f"10.48550/arxiv.{work.arxiv_id}" if work.arxiv_id else "")


def _inverted(abstract: str) -> dict[str, list[int]] | None:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(abstract.split()):
        places.setdefault(word, []).append(place)
    return places or None


_ANSWERS = {"arxiv": _arxiv, "crossref": _crossref, "openalex": _openalex}
