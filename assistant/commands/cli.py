"""The command line. JSON goes to standard output alone, everything else to standard error."""

import logging
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from assistant import __version__
from assistant.commands import care_cli, evaluate_cli, related_cli
from assistant.commands.author_cli import author
from assistant.commands.batch import BatchOption, answer_batch, earlier_questions, text_of
from assistant.commands.check_cli import check_draft
from assistant.commands.enrich_cli import enrich
from assistant.commands.serve_cli import serve
from assistant.commands.terminal import (
    EnvFileOption,
    JsonOption,
    LibraryOption,
    ModelOption,
    opened,
    print_json,
    print_text,
    printable,
    progress,
    say,
)
from vectorstore.errors import AssistantError, ListingError

if TYPE_CHECKING:  # imported where it is used: --help needs neither Chroma nor LangChain
    from assistant.pipeline import SearchResult

app = typer.Typer(
    help="Ask questions of your paper listings; every answer cites them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(evaluate_cli.app, name="evaluate")
related_cli.add_to(app)
care_cli.add_to(app)
app.command()(author)
app.command()(check_draft)
app.command()(enrich)
app.command()(serve)


def _show_version(wanted: bool) -> None:
    if wanted:
        print_text(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Ask questions of your paper listings; every answer cites them."""


@app.command()
def ingest(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Files with papers, folders or .zip archives of them; or papers to look up online: doi:10.1000/x,"
            " arxiv:2505.08001, or an address of either."
        ),
    ],
    as_of: Annotated[str | None, typer.Option("--as-of", help="When the pages were saved: 2026-07-01 or 2026.")] = None,
    library: LibraryOption = None,
    env_file: EnvFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read listings into the library."""
    from assistant.online.fetching import askable, fetched, hosts, named_online
    from assistant.online.services import services

    saved = _date(as_of)
    named = {path: named_online(path) for path in paths}
    with opened(library, env_file) as assistant, progress() as on_progress:
        online = []
        for one in filter(None, named.values()):
            asked = askable(one, services(assistant.settings))
            say(f"{hosts(asked)} gets {one.arxiv_id or one.doi}.")
            online.append(fetched(one, asked, today=date.today()))
        files = [Path(path) for path, one in named.items() if one is None]
        try:
            report = assistant.library.ingest(files, as_of=saved, on_progress=on_progress, fetched=online)
        except ListingError as error:
            if as_json:
                print_json({"error": str(error)})
            raise
    if as_json:
        print_json(asdict(report))
        return
    print_text(
        f"{report.listings} listings with {report.entries} entries: {report.papers_added} papers added,"
        f" {report.papers_merged} entries merged, {report.passages_embedded} passages embedded, {report.seconds:.1f} s"
    )
    for line in report.skipped:
        say(f"Skipped {line.file}{f', line {line.line}' if line.line else ''}: {line.reason}")


@app.command()
def papers(
    author: Annotated[str | None, typer.Option(help="A full name; case and accents do not matter.")] = None,
    year: Annotated[int | None, typer.Option(min=1000, max=9999)] = None,
    category: Annotated[str | None, typer.Option(help="For example LG.")] = None,
    text: Annotated[str | None, typer.Option(help="Words that the title or the abstract has.")] = None,
    library: LibraryOption = None,
    env_file: EnvFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """List papers, newest first."""
    from assistant.facts.catalogue_answers import printed_authors, printed_date
    from assistant.facts.papers_json import paper_record
    from vectorstore.catalogue.filters import Filters

    filters = Filters(
        authors=(author,) if author else (),
        since=date(year, 1, 1) if year else None,
        until=date(year, 12, 31) if year else None,
        category=category,
        text=text,
    )
    with opened(library, env_file, to_read=True) as assistant:
        found = assistant.library.papers(filters)
    if as_json:
        print_json([paper_record(paper) for paper in found])
        return
    for paper in found:
        print_text(f"{paper.title}\n    {printed_authors(paper)}, {printed_date(paper)}")
    say(f"{len(found)} {'paper' if len(found) == 1 else 'papers'}")


@app.command()
def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    top_k: Annotated[int, typer.Option("--top-k", min=1, max=1000)] = 10,
    batch: BatchOption = None,
    library: LibraryOption = None,
    env_file: EnvFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the passages closest to a query."""
    query = None if batch else _required(query, "QUERY")
    with opened(library, env_file, to_read=True) as assistant:
        if batch:
            answer_batch(batch, lambda line: assistant.search(text_of(line, "query", "question"), top_k=top_k).record())
            return
        result = assistant.search(query or "", top_k=top_k)
    if as_json:
        print_json(result.record())
    else:
        _print_search(result)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.")] = None,
    model: ModelOption = None,
    strict: Annotated[
        bool | None, typer.Option("--strict/--no-strict", help="Leave out what is contradicted or unsupported.")
    ] = None,
    batch: BatchOption = None,
    library: LibraryOption = None,
    env_file: EnvFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question, with citations."""
    question = None if batch else _required(question, "QUESTION")
    with opened(library, env_file, to_read=True) as assistant:

        def answered(line: dict[str, Any]) -> dict[str, Any]:
            history = assistant.turns(earlier_questions(line))
            asked = text_of(line, "question", "query")
            return assistant.ask(asked, history=history, model=model, strict=strict).record()

        if batch:
            answer_batch(batch, answered)
            return
        record = answered({"question": question})
    if as_json:
        print_json(record)
        return
    _print_answer(record)


class _Printable(logging.Formatter):
    """Spells out in messages what a terminal would obey: they hold names of files."""

    def format(self, record: logging.LogRecord) -> str:
        return printable(super().format(record))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every problem becomes one line on standard error and exit code 1.

    `arguments` are those of the process if not given.
    """
    for stream, errors in ((sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, TextIOWrapper):  # a terminal of another encoding gets "?", not half an answer
            stream.reconfigure(errors=errors)
    handler = logging.StreamHandler()
    handler.setFormatter(_Printable("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("pylatexenc").setLevel(logging.ERROR)  # odd LaTeX in a listing is nobody's problem here
    try:
        app(args=arguments)
    except AssistantError as error:
        _fail(str(error))
    except ValidationError as error:
        first = error.errors()[0]
        _fail(
            f"The setting {'.'.join(map(str, first['loc']))} is wrong: {first['msg']}; correct it in the environment"
            " or the .env file."
        )
    except Exception as error:  # the last line of defence: no traceback ever reaches a user
        logging.getLogger(__name__).debug("unexpected", exc_info=True)
        _fail(f"Unexpected problem ({type(error).__name__}: {error}); please report it with the command you ran.")


def _print_search(result: "SearchResult") -> None:
    """Print what was found, and why: the filter, and for each paper its words of the query and its ranks."""
    from assistant.planning.chips import described

    if result.filters:
        print_text(f"Among the papers{described(result.filters)}:")
    if not result.found:
        print_text("No paper was found.")
    for found in result.record()["results"]:
        why = found["why"]
        words = f"{why['rank_by_words']} ({', '.join(why['words'])})" if why["rank_by_words"] else "none"
        print_text(f"{found['rank']:>2}  {found['similarity']:.3f}  {found['title']}")
        print_text(f"           by words: {words}; by meaning: {why['rank_by_meaning']}")


def _print_answer(record: dict[str, Any]) -> None:
    """Print an answer with its marks, notes and references; what it took goes to standard error."""
    from assistant.answering.answer_markdown import answer_markdown, read_answer, spent

    answer = read_answer(record)
    print_text(answer_markdown(answer).replace("**", ""))
    say(f"{answer.model} · {spent(answer)}")


def _fail(message: str) -> None:
    say(" ".join(message.split()))
    sys.exit(1)


def _required(value: str | None, name: str) -> str:
    if value is None:
        raise typer.BadParameter(f"give {name}, or a file of them with --batch")
    return value


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date(int(text), 12, 31) if text.isdigit() and len(text) == 4 else date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date; write 2026-07-01 or 2026", param_hint="--as-of") from error
