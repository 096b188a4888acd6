"""The command `author`: an author's profile, and the decisions on who is who."""

from pathlib import Path
from textwrap import fill, wrap
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.terminal import (
    EnvFileOption,
    JsonOption,
    LibraryOption,
    ModelOption,
    check_new,
    columns,
    opened,
    print_filled,
    print_json,
    print_text,
    printable,
    write_new,
)

if TYPE_CHECKING:  # imported where it is used: --help needs neither Chroma nor LangChain
    from assistant.manuscripts.manuscripts import AuthorWork
    from vectorstore.catalogue.author_decisions import Decision
    from vectorstore.library import Library

_LABEL_WIDTH = 14  # columns


def author(
    name: Annotated[str, typer.Argument(help="However it is written: Bumjun Kim, Kim, Bumjun or B. Kim.")],
    papers: Annotated[list[str] | None, typer.Argument(metavar="PAPER_ID", help="With --split.")] = None,
    split: Annotated[
        bool, typer.Option("--split", help="The given papers, or those shown apart, are another author's.")
    ] = False,
    merge: Annotated[str | None, typer.Option(metavar="OTHER", help="The author OTHER is this one.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Undo the latest --split or --merge of this name.")] = False,
    words: Annotated[int | None, typer.Option("--words", min=20, help="About how many words the summary has.")] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.html", help="Draw the papers over time and the co-authors.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    model: ModelOption = None,
    library: LibraryOption = None,
    env_file: EnvFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the library knows of an author, and sum up the work; keep two of one name apart, or put two names
    together."""
    from assistant.facts.author_record import decision_record

    if split + undo + (merge is not None) > 1 or (papers and not split):
        raise typer.BadParameter("give one of --split, --merge and --undo; papers go with --split")
    if plot and plot.suffix.lower() not in (".html", ".htm"):
        raise typer.BadParameter(f"{plot} must end in .html: the plots are a page", param_hint="--plot")
    check_new(plot, force=force)
    deciding = split or undo or merge is not None
    with opened(library, env_file, to_read=not deciding) as assistant:
        if deciding:
            decision = _decided(assistant.library, name, papers or [], merge=merge, undo=undo)
            print_json(decision_record(decision)) if as_json else _print_decision(decision, undone=undo)
            return
        work = assistant.author(name, words=words, model=model)
    if plot:
        from assistant.facts.author_plots import plots_page

        write_new(plot, plots_page(work.profile), force=force)
    print_json(work.record()) if as_json else _print_work(work)


def _decided(library: "Library", name: str, papers: list[str], *, merge: str | None, undo: bool) -> "Decision":
    from assistant.facts.author_disambiguation import merge_authors, split_author, undo_decision
    from assistant.planning.people import People

    people = People.of(library.catalogue)
    if undo:
        return undo_decision(name, library, people)
    if merge is not None:
        return merge_authors(name, merge, library, people)
    return split_author(name, papers, library, people)


def _print_decision(decision: "Decision", *, undone: bool) -> None:
    from assistant.facts.author_record import explained

    print_text(f"Undone: {explained(decision)}" if undone else explained(decision))
    if not undone:
        print_text(f'To undo it: author "{decision.name}" --undo')


def _print_work(work: "AuthorWork") -> None:
    """Print labels in a column, what they label beside it, and the summary with its references below."""
    from assistant.answering.answer_markdown import reference_lines
    from assistant.facts.author_text import profile_lines

    width = columns() - _LABEL_WIDTH
    print_text(work.profile.author)
    for label, text in profile_lines(work.profile):
        for number, line in enumerate(wrap(printable(text), width) or [""]):
            print_text(f"{'' if number else printable(label):<{_LABEL_WIDTH}}{line}".rstrip())
    print_text("\nSummary (its numbers are those of the references below it)\n")
    print_filled(work.summary.plain.rstrip("\n"))
    print_text("")
    for line in reference_lines(work.summary):
        print_text(fill(line, columns(), subsequent_indent="    "))
