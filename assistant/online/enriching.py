"""The papers of a library -> what the services know of them and the library does not.

What is new is stored as a listing of its own, with the service and the day as its name: so each value has its source,
papers are merged as those of any listing are, and deleting the listing undoes it. Papers are asked for in batches; what
was found is stored after each service, and a paper is asked for again after a month at the earliest.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant.online.http_client import HttpClient
from assistant.online.record_matching import Difference, changes, differences, doubt, enriched, gaps, may_be, new_entry
from assistant.online.services import Service
from vectorstore.authors.personal_names import personal_name
from vectorstore.errors import OnlineError
from vectorstore.library import Library
from vectorstore.listings.entry import Entry
from vectorstore.listings.readers import read_listing
from vectorstore.papers.paper import Paper
from vectorstore.papers.partial_dates import iso_date

_ASKED_AGAIN = timedelta(days=30)
_A_BATCH = 50  # identifiers in one request, and papers that a stop may cost at most


@dataclass(frozen=True, slots=True)
class Finding:
    """What a service says of a paper. `new` is what the paper lacks of it, None if nothing is to be written; `doubt`
    says why it is not taken for the paper."""

    paper: Paper
    service: str
    answer: Entry
    new: Entry | None = None
    doubt: str = ""
    differing: tuple[Difference, ...] = ()

    @property
    def changes(self) -> list[tuple[str, str]]:
        return list(changes(self.paper, self.new)) if self.new else []

    def record(self) -> dict[str, Any]:
        """Return the JSON of the command line."""
        perhaps = None
        if self.doubt:
            said = self.answer
            perhaps = {
                "why": self.doubt,
                "title": said.title,
                "authors": list(said.authors),
                "published": iso_date(said.published, said.precision),
                "doi": said.publication.doi,
                "arxiv_id": said.publication.arxiv_id,
            }
        return {
            "paper_id": self.paper.paper_id,
            "title": self.paper.title,
            "service": self.service,
            "new": dict(self.changes),
            "differing": {one.field: {"library": one.ours, "service": one.theirs} for one in self.differing},
            "perhaps": perhaps,
        }


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a service is going to get: identifiers of some papers, titles of others at most."""

    host: str
    identifiers: int
    titles: int


class Enrichment:
    """The lookup of a library's papers. With `dry_run` nothing is stored."""

    def __init__(self, library: Library, services: Sequence[Service], *, today: date, dry_run: bool = False) -> None:
        self._library = library
        self._services = services
        self._today = today
        self._dry_run = dry_run
        self.problems: dict[str, OnlineError] = {}  # of services that are not asked any more, by name

    def due(self, paper_ids: Collection[str] = ()) -> dict[str, list[Paper]]:
        """Return the papers that each service is to be asked for, by its name: those named, else all that lack
        something and were not asked for in the last month. A service that is asked before may fill the gap."""
        papers = self._library.catalogue.papers(paper_ids or None)
        found: dict[str, list[Paper]] = {}
        for service in self._services:
            lookups = self._library.catalogue.lookups
            asked = set() if paper_ids else lookups.since(service.name, self._today - _ASKED_AGAIN)
            found[service.name] = [
                paper for paper in papers if paper.paper_id not in asked and gaps(paper) & service.gives
            ]
        return found

    def outlook(self, due: Mapping[str, Sequence[Paper]]) -> list[Outlook]:
        """Return what each service gets at most."""
        outlooks = []
        for service in self._services:
            papers = due[service.name]
            known = sum(service.known_as(paper.publication) is not None for paper in papers)
            if papers:
                host = urlsplit(service.address).hostname or service.address
                outlooks.append(Outlook(host, known, len(papers) - known))
        return outlooks

    def run(self, due: Mapping[str, Sequence[Paper]], on_finding: Callable[[Finding], None]) -> None:
        """Ask, and store what is new. A service that fails is told of in `problems` and asked no more."""
        papers = {paper.paper_id: paper for some in due.values() for paper in some}
        with ExitStack() as stack:
            wires = {
                service.name: stack.enter_context(
                    closing(HttpClient(service.address, seconds_between=service.seconds_between))
                )
                for service in self._services
            }
            ids = sorted(papers)
            for batch in (ids[start : start + _A_BATCH] for start in range(0, len(ids), _A_BATCH)):
                for service in self._services:
                    wanted = [papers[paper.paper_id] for paper in due[service.name] if paper.paper_id in batch]
                    wanted = [paper for paper in wanted if gaps(paper) & service.gives]
                    if wanted and service.name not in self.problems:
                        for finding in self._ask(service, wires[service.name], wanted, on_finding):
                            if finding.new:
                                before = papers[finding.paper.paper_id]
                                papers[before.paper_id] = enriched(before, finding.new)

    def _ask(
        self, service: Service, client: HttpClient, papers: Sequence[Paper], on_finding: Callable[[Finding], None]
    ) -> list[Finding]:
        """Ask one service for a batch. Whatever stops it, what was found is stored before."""
        findings: list[Finding] = []
        asked: list[str] = []
        try:
            for paper, answers in _answers(service, client, papers):
                finding = self._finding(paper, service, answers)
                if finding:
                    findings.append(finding)
                    on_finding(finding)
                asked.append(paper.paper_id)
        except OnlineError as error:
            self.problems[service.name] = error
        finally:
            if not self._dry_run:
                self._store(service, findings, asked)
        return findings

    def _finding(self, paper: Paper, service: Service, answers: Iterable[Entry]) -> Finding | None:
        """Return what is found of a paper: an answer that is surely of it, else one that may be."""
        judged = [(doubt(paper, answer), answer) for answer in answers if may_be(paper, answer)]
        if not judged:
            return None
        why, answer = min(judged, key=lambda one: bool(one[0]))
        if why:
            return Finding(paper, service.name, answer, doubt=why)
        new = new_entry(paper, answer)
        if new and not self._library.catalogue.merges.would_join(paper.paper_id, new):
            return Finding(paper, service.name, answer, doubt="it may be of another paper of this title, too")
        differing = tuple(differences(paper, answer))
        return Finding(paper, service.name, answer, new, differing=differing) if new or differing else None

    def _store(self, service: Service, findings: Sequence[Finding], asked: Collection[str]) -> None:
        new = [finding.new for finding in findings if finding.new]
        if new:
            content = "".join(f"{json.dumps(_record(entry), ensure_ascii=False)}\n" for entry in new).encode()
            name = Path(f"{service.name} {self._today}.jsonl")
            self._library.ingest([], fetched=[read_listing(name, as_of=self._today, content=content)])
        self._library.catalogue.lookups.keep(service.name, asked, self._today)


def _answers(service: Service, client: HttpClient, papers: Sequence[Paper]) -> Iterator[tuple[Paper, list[Entry]]]:
    """Yield papers, each with what a service answers: all that it knows by an identifier are asked for at once, the
    others by their titles, one by one."""
    by_id = {paper.paper_id: service.known_as(paper.publication) for paper in papers}
    ids = sorted({known for known in by_id.values() if known})
    answered: dict[str | None, list[Entry]] = {}
    if ids:
        for entry in service.entries(client.get(service.by_ids(ids))):
            answered.setdefault(service.known_as(entry.publication), []).append(entry)
    for paper in papers:
        known = by_id[paper.paper_id]
        yield (
            paper,
            answered.get(known, []) if known else list(service.entries(client.get(service.by_title(paper.title)))),
        )


def _record(entry: Entry) -> dict[str, Any]:
    """Return the JSON of which the reader of JSON makes this entry again."""
    said = entry.publication
    record = {
        "title": entry.title,
        "abstract": entry.abstract,
        "author": [_name(name) for name in entry.authors],
        "published": iso_date(entry.published, entry.precision),
        "category": entry.category,
        "type": said.kind,
        "container-title": said.venue,
        "volume": said.volume,
        "issue": said.issue,
        "page": said.pages,
        "publisher": said.publisher,
        "DOI": said.doi,
        "arxiv_id": said.arxiv_id,
        "PMID": said.pmid,
        "URL": said.url,
    }
    return {name: value for name, value in record.items() if value}


def _name(name: str) -> dict[str, str]:
    parts = personal_name(name)
    if parts.is_group or not parts.suffix:
        return {"name": name}
    return {"given": parts.given, "family": parts.surname, "suffix": parts.suffix}
