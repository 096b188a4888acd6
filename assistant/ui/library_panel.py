"""What the library holds, and what an upload did to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from assistant.ui import labels
from assistant.ui.markup import cleaned, escaped
from vectorstore.catalogue import Catalogue
from vectorstore.library import IngestReport, Library, SkippedLine

_MOST_SKIPPED = 50


@dataclass(frozen=True, slots=True)
class Step:
    """How far an ingest is."""

    doing: str
    done: int
    total: int


def ingest_steps(library: Library, paths: Sequence[Path]) -> Iterator[Step | IngestReport]:
    """Read listings in a thread of their own and yield the steps as they come, then the report.

    A browser that leaves in the middle stops nothing. Raises what `Library.ingest` raises.
    """
    steps: SimpleQueue[Step | IngestReport | Exception] = SimpleQueue()

    def work() -> None:
        try:
            steps.put(library.ingest(paths, on_progress=lambda doing, done, total: steps.put(Step(doing, done, total))))
        except Exception as error:  # raised again below, where it is waited for
            steps.put(error)

    Thread(target=work, name="ingest", daemon=True).start()
    while isinstance(step := steps.get(), Step):
        yield step
    if isinstance(step, Exception):
        raise step
    yield step


def library_html(catalogue: Catalogue) -> str:
    """Return the listings with the number of their entries."""
    rows = "".join(
        f'<li><span class="name" title="{escaped(name)}">{escaped(owner or name)}</span>'
        f'<span class="number" title="{labels.ENTRIES}">{entries:,}</span>'
        "</li>"
        for _, name, owner, entries in catalogue.listings()
    )
    papers = labels.counted(len(catalogue.titles()), "paper")
    body = f'<ul class="listings">{rows}</ul>' if rows else ""
    return cleaned(f'<h3 class="section">{labels.LIBRARY} · {papers}</h3>{body}')


def step_html(step: Step | None) -> str:
    """Return a progress bar; without a known share while the files are read."""
    doing = escaped(step.doing if step else labels.READING)
    known = f' value="{step.done}" max="{step.total}"' if step else ""
    count = f" {step.done:,} of {step.total:,}" if step else ""
    return cleaned(
        f'<p class="quiet" role="status">{doing}{count}</p><progress{known} aria-label="{doing}"></progress>'
    )


def report_html(report: IngestReport) -> str:
    """Return what was added, merged and left out, each line with its reason."""
    counts = (
        f"{labels.counted(report.papers_added, 'paper')} added, {report.papers_merged:,} merged with others,"
        f" from {labels.counted(report.listings, 'listing')}."
    )
    if report.entries and not (report.papers_added or report.papers_merged):
        counts = labels.NOTHING_NEW
    return cleaned(f'<p role="status">{counts}</p>{_skipped(report.skipped)}')


def _skipped(lines: Sequence[SkippedLine]) -> str:
    if not lines:
        return ""
    rows = "".join(
        f"<li>{escaped(Path(line.file).name)}{f', line {line.line}' if line.line else ''}: {escaped(line.reason)}</li>"
        for line in lines[:_MOST_SKIPPED]
    )
    more = f"<li>and {len(lines) - _MOST_SKIPPED:,} more</li>" if len(lines) > _MOST_SKIPPED else ""
    return f"<details><summary>{labels.counted(len(lines), 'line')} left out</summary><ul>{rows}{more}</ul></details>"


def refusal_html(sentence: str, paths: Sequence[Path]) -> str:
    """Return why nothing was read. The browser's files lie in a folder of no interest: their names say enough."""
    for path in paths:
        sentence = sentence.replace(f"{path.parent}/", "")
    return cleaned(f'<p class="problem" role="alert">{escaped(sentence)}</p>')
