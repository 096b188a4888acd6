"""The commands `related-work` and `table`: what goes into a manuscript."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.terminal import (
    NOTHING_WRITTEN,
    EnvFileOption,
    JsonOption,
    LibraryOption,
    ModelOption,
    check_new,
    opened,
    paper_id,
    print_json,
    print_text,
    say,
    write_new,
)
from assistant.manuscripts.bib_format import BibFormat

if TYPE_CHECKING:  # imported where it is used: --help needs neither Chroma nor LangChain
    from assistant.manuscripts.literature_table import LiteratureTable
    from assistant.manuscripts.sections import Section

PapersOption = Annotated[int, typer.Option("--papers", min=1, max=100, help="The most papers.")]
MOST_PAPERS = 12
MOST_NEARLY = 3  # papers, left out, that are told of


class TextFormat(StrEnum):
    MARKDOWN = "markdown"
    LATEX = "latex"
    PLAIN = "plain"
    DOCX = "docx"


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
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the text to this file; --format docx wants one.")
    ] = None,
    natbib: Annotated[
        bool | None,
        typer.Option(
            "--natbib/--cite",
            help="LaTeX with citet and citep in the place of names and cite; as ASSISTANT_NATBIB says without it.",
        ),
    ] = None,
    bib: Annotated[
        Path | None,
        typer.Option("--bib", help="Write the cited papers to this file: a .bib, or RIS or CSL-JSON by .ris or .json."),
    ] = None,
    bib_format: Annotated[
        BibFormat | None, typer.Option("--bib-format", help="What the file of --bib is, if its ending does not say it.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    papers: PapersOption = MOST_PAPERS,
    words: Annotated[int | None, typer.Option("--words", min=20, help="About how many words.")] = None,
    pin: Annotated[
        list[str] | None,
        typer.Option("--pin", parser=paper_id, metavar="ID", help="The id of a paper that must be in it."),
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option("--drop", parser=paper_id, metavar="ID", help="The id of a paper that must not.")
    ] = None,
    order: Annotated[
        list[str] | None,
        typer.Option(
            "--order", parser=paper_id, metavar="ID", help="The id of a paper; those given come first, in this order."
        ),
    ] = None,
    lumped: Annotated[bool, typer.Option("--lumped", help="A sentence may cite all papers of a theme.")] = False,
    model: ModelOption = None,
    library: LibraryOption = None,
    env_file: EnvFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draft a related-work section, with citations."""
    from assistant.manuscripts.drafts import read_draft

    if topic is None and draft is None:
        raise typer.BadParameter("give TOPIC, or your own text with --draft")
    if text_format is TextFormat.DOCX and output is None and sys.stdout.isatty():
        raise typer.BadParameter("a Word document goes into a file; name it with --output FILE.docx")
    check_new(bib, force=force)
    check_new(output, force=force)
    read = read_draft(draft) if draft else None
    with opened(library, env_file, if_stopped=NOTHING_WRITTEN, to_read=True) as assistant:
        section = assistant.related_work(
            topic or "",
            draft=read,
            papers=papers,
            words=words,
            pin=pin or (),
            drop=drop or (),
            order=order or (),
            lumped=lumped,
            model=model,
        )
        cited = assistant.bibliography(section, bib_format or BibFormat.of(bib)) if bib else ""
        if assistant.settings.natbib if natbib is None else natbib:
            section = section.with_natbib()
    if output:
        write_new(output, _written(section, text_format), force=force)
    if bib and not section.abstained:
        write_new(bib, cited, force=force)
    if as_json:
        print_json(section.record())
        return
    if output is None:
        written = _written(section, text_format)
        print_text(written) if isinstance(written, str) else sys.stdout.buffer.write(written)
    if section.abstained and bib:
        say(f"Nothing is cited, so {bib} was not written.")
    for note in (*section.notes, *_nearly(section)):
        say(note)
    if more := section.more:
        papers_are = "One more paper is" if more == 1 else f"{more} more papers are"
        say(f"{papers_are} on this; take more with --papers.")


def _nearly(section: "Section") -> Iterator[str]:
    """Yield the closest papers that are only partly on the topic: whoever wants one of them can pin it."""
    from assistant.manuscripts.related_papers import DROPPED, ITSELF
    from assistant.text.evidence import shown_title

    nearly = [one for one in section.left_out if not one.beyond and one.reason not in (DROPPED, ITSELF)]
    for one in nearly[:MOST_NEARLY]:
        yield f"Left out: “{shown_title(one.title)}” ({one.reason}); to cite it, --pin {one.paper_id}."


def _written(section: "Section", text_format: TextFormat) -> str | bytes:
    from assistant.answering.answer_markdown import with_references
    from assistant.manuscripts.docx_export import docx
    from assistant.text.safe_markdown import safe_markdown

    markdown = with_references(safe_markdown(section.text), section)
    if text_format is TextFormat.DOCX:
        return docx(markdown)
    if section.abstained or text_format is TextFormat.MARKDOWN:
        return markdown
    if text_format is TextFormat.LATEX:
        return section.latex.rstrip("\n")
    return with_references(section.plain.rstrip("\n"), section)


def table(
    topic: Annotated[str | None, typer.Option("--topic", help="The papers on this.")] = None,
    paper: Annotated[
        list[str] | None,
        typer.Option("--paper", parser=paper_id, metavar="ID", help="The id of a paper; give it for each."),
    ] = None,
    papers: PapersOption = MOST_PAPERS,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="NAME|QUESTION",
            help="problem, method, result, data, code, date, or what you ask of each paper; give it for each column.",
        ),
    ] = None,
    table_format: Annotated[TableFormat, typer.Option("--format")] = TableFormat.MARKDOWN,
    by_paper: Annotated[bool, typer.Option("--by-paper", help="A row a paper instead of a column.")] = False,
    library: LibraryOption = None,
    env_file: EnvFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lay papers side by side: problem, method, result, data, code and date, or what you ask, each a quote."""
    from assistant.manuscripts.literature_table import ASPECTS

    if bool(topic) == bool(paper):
        raise typer.BadParameter("give --topic, or --paper for each paper")
    with opened(library, env_file, if_stopped=NOTHING_WRITTEN, to_read=True) as assistant:
        made = assistant.table(paper or (), topic=topic or "", papers=papers, columns=column or ASPECTS)
    if as_json or table_format is TableFormat.JSON:
        print_json(made.record())
    else:
        print_text(_formatted(made, table_format, by_paper=by_paper).rstrip("\n"))


def _formatted(made: "LiteratureTable", table_format: TableFormat, *, by_paper: bool) -> str:
    from assistant.manuscripts.literature_table import as_csv, as_latex, as_markdown

    written = {TableFormat.CSV: as_csv, TableFormat.LATEX: as_latex}.get(table_format, as_markdown)
    return written(made, by_paper=by_paper)
