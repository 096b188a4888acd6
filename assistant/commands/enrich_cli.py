"""The command `enrich`: papers are looked up at arXiv, Crossref and OpenAlex, and what they lack is written."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.terminal import (
    EnvFileOption,
    JsonOption,
    LibraryOption,
    opened,
    paper_id,
    print_json,
    print_text,
    say,
)
from vectorstore.errors import NotInLibrary, OnlineError

if TYPE_CHECKING:  # imported where it is used: --help needs neither Chroma nor LangChain
    from assistant.online.enriching import Finding, Outlook

_LONGEST_SHOWN = 100  # characters of a value


def enrich(
    paper_ids: Annotated[
        list[str] | None,
        typer.Argument(parser=paper_id, help="Papers by their ids; without any, all that lack something."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Ask, and show what would change; write nothing.")] = False,
    library: LibraryOption = None,
    env_file: EnvFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look papers up at arXiv, Crossref and OpenAlex, and write what they lack."""
    from assistant.online.enriching import Enrichment
    from assistant.online.services import services

    findings: list[Finding] = []

    def on_finding(finding: "Finding") -> None:
        findings.append(finding)
        if not as_json:
            for line in _lines(finding):
                print_text(line)

    with opened(library, env_file) as assistant:
        known = {paper.paper_id for paper in assistant.library.catalogue.papers(paper_ids or ())}
        if unknown := set(paper_ids or ()) - known:
            raise NotInLibrary(f"The library has no paper {min(unknown)!r}; name papers by their ids.")
        enrichment = Enrichment(assistant.library, services(assistant.settings), today=date.today(), dry_run=dry_run)
        due = enrichment.due(known)
        for outlook in enrichment.outlook(due):
            say(_announced(outlook))
        enrichment.run(due, on_finding)
    changed = len({finding.paper.paper_id for finding in findings if finding.new})
    if as_json:
        print_json({"written": not dry_run, "papers": changed, "findings": [one.record() for one in findings]})
    say(f"{changed} {'paper' if changed == 1 else 'papers'} {'would be' if dry_run else 'were'} added to.")
    _raise(enrichment.problems.values())


def _raise(problems: Iterable[OnlineError]) -> None:
    if said := [str(problem) for problem in problems]:
        raise OnlineError(" ".join(said))


def _announced(outlook: "Outlook") -> str:
    parts = []
    if outlook.identifiers:
        parts.append(f"the identifiers of {outlook.identifiers}")
    if outlook.titles:
        parts.append(f"the titles of {'at most ' if outlook.identifiers else ''}{outlook.titles}")
    return f"{outlook.host} gets {' and '.join(parts)} {'paper' if parts[-1].endswith(' 1') else 'papers'}."


def _lines(finding: "Finding") -> list[str]:
    """Say what a service knows of a paper: what is new, what differs, or what it may be."""
    said = finding.answer.publication
    told = [
        f"+ {name} {value[:_LONGEST_SHOWN]}{'…' * (len(value) > _LONGEST_SHOWN)}" for name, value in finding.changes
    ]
    told += [f"{one.field} is {one.theirs} there and {one.ours} here; it stays" for one in finding.differing]
    if finding.doubt:
        told.append(f"perhaps {said.doi or said.arxiv_id or finding.answer.title}: {finding.doubt}; nothing is written")
    return [finding.paper.title, *(f"    {finding.service}: {line}" for line in told)]
