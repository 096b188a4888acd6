"""The command `author`: an author's profile, and the decisions on who is who."""

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.terminal import JsonOption, opened, out, print_json, print_text, printable

if TYPE_CHECKING:  # imported where it is used: --help needs neither Chroma nor LangChain
    from assistant.facts.authors import AuthorProfile
    from vectorstore.decisions import Decision
    from vectorstore.library import Library

_WIDTH, _LABEL_WIDTH = 100, 14  # columns


def author(
    name: Annotated[str, typer.Argument(help="However it is written: Bumjun Kim, Kim, Bumjun or B. Kim.")],
    papers: Annotated[list[str] | None, typer.Argument(metavar="PAPER_ID", help="With --split.")] = None,
    split: Annotated[
        bool, typer.Option("--split", help="The given papers, or those shown apart, are another author's.")
    ] = False,
    merge: Annotated[str | None, typer.Option(metavar="OTHER", help="The author OTHER is this one.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Undo the latest --split or --merge of this name.")] = False,
    library: Annotated[
        Path | None, typer.Option("--library", help="The library's folder (or ASSISTANT_LIBRARY).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the library knows of an author; keep two of one name apart, or put two names together."""
    from assistant.facts.author_record import author_record, decision_record
    from assistant.facts.authors import author_profile
    from assistant.understanding.people import People

    if split + undo + (merge is not None) > 1 or (papers and not split):
        raise typer.BadParameter("give one of --split, --merge and --undo; papers go with --split")
    with opened(library) as assistant:
        if split or undo or merge is not None:
            decision = _decided(assistant.library, name, papers or [], merge=merge, undo=undo)
            print_json(decision_record(decision)) if as_json else _print_decision(decision, undone=undo)
            return
        profile = author_profile(name, assistant.library, People.of(assistant.library.catalogue))
    print_json(author_record(profile)) if as_json else _print_profile(profile)


def _decided(library: "Library", name: str, papers: list[str], *, merge: str | None, undo: bool) -> "Decision":
    from assistant.facts.who_is_who import merge_authors, split_author, undo_decision
    from assistant.understanding.people import People

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


def _print_profile(profile: "AuthorProfile") -> None:
    """Print labels in a column, and what they label beside it."""
    from assistant.facts.author_text import profile_lines

    width = min(_WIDTH, max(out.width, 2 * _LABEL_WIDTH)) if out.is_terminal else _WIDTH
    print_text(profile.author)
    for label, text in profile_lines(profile):
        for number, line in enumerate(wrap(printable(text), width - _LABEL_WIDTH) or [""]):
            print_text(f"{'' if number else printable(label):<{_LABEL_WIDTH}}{line}".rstrip())
