"""The commands `related-work` and `table`: what goes into a manuscript."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.terminal import JsonOption, err, opened, print_json, print_text
from vectorstore.errors import QuestionError

if TYPE_CHECKING:  # imported where it is used: --help needs neither Chroma nor LangChain
    from assistant.manuscripts.literature_table import LiteratureTable

LibraryOption = Annotated[Path | None, typer.Option("--library", help="The library's folder (or ASSISTANT_LIBRARY).")]
PapersOption = Annotated[int, typer.Option("--papers", min=1, max=100, help="The most papers.")]
MOST_PAPERS = 12


class TextFormat(StrEnum):
    MARKDOWN = "markdown"
    LATEX = "latex"


class TableFormat(StrEnum):
    CSV = "csv"
    MARKDOWN = "markdown"
    LATEX = "latex"
    JSON = "json"


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("related-work")(related_work)
    app.command("table")(table)


def related_work(
    topic: Annotated[str | None, typer.Argument(help="What it is to be about; may be left out with --draft.")] = None,
    draft: Annotated[
        Path | None, typer.Option("--draft", help="Your abstract or introduction: text, Markdown or LaTeX.")
    ] = None,
    text_format: Annotated[TextFormat, typer.Option("--format")] = TextFormat.MARKDOWN,
    bib: Annotated[Path | None, typer.Option("--bib", help="Write the .bib of the cited papers to this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    papers: PapersOption = MOST_PAPERS,
    words: Annotated[int | None, typer.Option("--words", min=20, help="About how many words.")] = None,
    pin: Annotated[list[str] | None, typer.Option("--pin", help="The id of a paper that must be in it.")] = None,
    drop: Annotated[list[str] | None, typer.Option("--drop", help="The id of a paper that must not.")] = None,
    lumped: Annotated[bool, typer.Option("--lumped", help="A sentence may cite all papers of a theme.")] = False,
    model: Annotated[
        str | None, typer.Option("--model", help="local:extractive, openai:NAME, ollama:NAME, or a server's base URL.")
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draft a related-work section, with citations."""
    from assistant.manuscripts.drafts import read_draft

    if topic is None and draft is None:
        raise typer.BadParameter("give TOPIC, or your own text with --draft")
    read = read_draft(draft) if draft else None
    with opened(library) as assistant:
        section = assistant.related_work(
            topic or "",
            draft=read,
            papers=papers,
            words=words,
            pin=pin or (),
            drop=drop or (),
            lumped=lumped,
            model=model,
        )
    if bib and not section.abstained:
        _write(bib, section.bibtex, force=force)
    if as_json:
        print_json(section.record())
        return
    print_text(section.latex if text_format is TextFormat.LATEX and not section.abstained else section.text)
    for note in section.notes:
        err.print(note, markup=False, highlight=False)
    if section.more:
        err.print(f"{section.more} more papers are on this; take more with --papers.", markup=False)


def table(
    topic: Annotated[str | None, typer.Option("--topic", help="The papers on this.")] = None,
    paper: Annotated[list[str] | None, typer.Option("--paper", help="The id of a paper; give it for each.")] = None,
    papers: PapersOption = MOST_PAPERS,
    table_format: Annotated[TableFormat, typer.Option("--format")] = TableFormat.MARKDOWN,
    by_paper: Annotated[bool, typer.Option("--by-paper", help="A row a paper instead of a column.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lay papers side by side: problem, method, result, data, code and date, each a quote."""
    if bool(topic) == bool(paper):
        raise typer.BadParameter("give --topic, or --paper for each paper")
    with opened(library) as assistant:
        made = assistant.table(paper or (), topic=topic or "", papers=papers)
    if as_json or table_format is TableFormat.JSON:
        print_json(made.record())
    else:
        print_text(_formatted(made, table_format, by_paper=by_paper).rstrip("\n"))


def _formatted(made: "LiteratureTable", table_format: TableFormat, *, by_paper: bool) -> str:
    from assistant.manuscripts.literature_table import as_csv, as_latex, as_markdown

    written = {TableFormat.CSV: as_csv, TableFormat.LATEX: as_latex}.get(table_format, as_markdown)
    return written(made, by_paper=by_paper)


def _write(path: Path, text: str, *, force: bool) -> None:
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise QuestionError(f"{path} is there already; name another file, or write over it with --force.") from error
    except OSError as error:
        raise QuestionError(f"{path} cannot be written ({error.strerror}); name another file.") from error
