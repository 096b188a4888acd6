"""The command `check-draft`: what a draft says of the papers that it cites, held against their abstracts."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.terminal import (
    NOTHING_WRITTEN,
    EnvFileOption,
    JsonOption,
    LibraryOption,
    check_new,
    opened,
    print_json,
    print_text,
    progress,
    say,
    write_new,
)

_FINDINGS = 1  # the exit code


def check_draft(
    draft: Annotated[Path, typer.Argument(help="Your draft: .tex, .md, .txt or .docx.")],
    bib: Annotated[
        Path | None, typer.Option("--bib", help="Its bibliography; without it the one that the draft names.")
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option("--judge", help="A chat model that reads what no exact check decides; the sentences go to it."),
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write the report to this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    library: LibraryOption = None,
    env_file: EnvFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hold each sentence that cites against its paper's abstract. Exit code 0: nothing is wrong, 1: something is."""
    from assistant.proofreading.report_html import report_html
    from assistant.proofreading.report_text import report_text
    from assistant.proofreading.reports import DraftReport, Progress
    from assistant.records import Stage

    check_new(html, force=force)
    with opened(library, env_file, if_stopped=NOTHING_WRITTEN, to_read=True) as assistant:
        choice = assistant.choice(judge) if judge else None
        if choice and choice.host:
            say(f"The draft's citing sentences and the abstracts that they cite are sent to {choice.host}.")
        with progress() as on_progress:
            for event in assistant.check_draft_events(draft, bib=bib, judge=choice):
                if isinstance(event, Progress):
                    on_progress(event.step, event.done, event.total)
                elif isinstance(event, Stage):
                    say(event.doing)
    assert isinstance(event, DraftReport)
    if html:
        write_new(html, report_html(event), force=force)
    if as_json:
        print_json(event.record())
    else:
        print_text(report_text(event))
    if event.has_findings:
        raise typer.Exit(_FINDINGS)
