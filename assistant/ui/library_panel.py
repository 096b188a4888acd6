"""What the library holds, and what an upload did to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from assistant.html.sanitizing import cleaned, escaped
from assistant.ui import labels
from assistant.ui.background_steps import Step, Work
from assistant.ui.footers import fold_button, menu_html, told_button
from assistant.ui.library_view import OF_LISTING_BOX
from assistant.ui.papers_html import SHELF_BOX
from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.library import IngestReport, Library, SkippedLine
from vectorstore.search.current_indexes import OnProgress

_MOST_SKIPPED = 50


class Reading(Work[IngestReport]):
    """Listings that are being read from files, or what was left of some before; `steps` raises what that raises, and
    Stopped."""

    def __init__(
        self, work: Callable[[OnProgress], IngestReport], paths: Sequence[Path] = (), *, stopping: Event | None = None
    ) -> None:
        self.paths = paths
        super().__init__(work, stopping=stopping)


@dataclass
class Readings:
    """What is read into a library, and was read last."""

    library: Library
    stopping: Event = field(default_factory=Event)
    latest: Reading | None = None

    def begin(self, paths: Sequence[Path]) -> Reading:
        """Begin to read files: of several, those that are no listing are skipped."""
        return self._begun(
            lambda on_progress: self.library.ingest(paths, on_progress=on_progress, skipping=True), paths
        )

    def go_on(self) -> None:
        """Begin to read what a stop or a kill left, if it left something."""
        if self.library.is_unfinished:
            self._begun(lambda on_progress: self.library.finish(on_progress=on_progress))

    def _begun(self, work: Callable[[OnProgress], IngestReport], paths: Sequence[Path] = ()) -> Reading:
        self.stopping.clear()
        self.latest = Reading(work, paths, stopping=self.stopping)
        return self.latest


def library_html(catalogue: Catalogue) -> str:
    """Return the listings with the number of their entries; each leads to its papers."""
    rows = "".join(_listing(*listing) for listing in catalogue.listings())
    papers = labels.counted(len(catalogue.titles()), "paper")
    body = f'<ul class="listings">{rows}</ul>' if rows else ""
    head = fold_button("listings", f"{labels.LIBRARY} · {papers}")
    return cleaned(f'<h3 class="section">{head}</h3><p class="quiet">{labels.TICK_LISTINGS}</p>{body}')


def _listing(sha256: str, name: str, owner: str | None, entries: int) -> str:
    shown, called = escaped(owner or name), escaped(name)
    leads = f'href="#library" data-box="{OF_LISTING_BOX}" data-value="{called}"'
    acts = [
        f"<a {leads}>{labels.SHOW_PAPERS}</a>",
        f'<button type="button" data-act="limit {called}">{labels.LIMIT_TO_LISTING}</button>',
        told_button(SHELF_BOX, f"remove-listing {sha256}", labels.DELETE_LISTING, kind=""),
    ]
    menu = menu_html("⋯", acts, said=f"{labels.ACTIONS}: {owner or name}", kind="menu more")
    link = f'<a class="name" {leads} title="{called}">{shown}</a>'
    # The script ticks those that the chat is limited to, and tells the server of a tick.
    tick = f'<input type="checkbox" class="tick" data-listing="{called}" aria-label="{labels.ASK_ONLY}: {shown}">'
    return f'<li>{tick}{link}<span class="number" title="{labels.ENTRIES}">{entries:,}</span>{menu}</li>'


def step_html(step: Step | None) -> str:
    """Return a progress bar; without a known share while the files are read."""
    doing = escaped(step.doing if step else labels.READING)
    known = f' value="{step.done}" max="{step.total}"' if step else ""
    count = f" {step.done:,} of {step.total:,}{_pace(step)}" if step else ""
    return cleaned(
        f'<p class="quiet" role="status">{doing}{count}</p><progress{known} aria-label="{doing}"></progress>'
    )


def _pace(step: Step) -> str:
    """Return how fast it goes and how long it will go on, empty until that is known."""
    if not step.per_second or step.seconds_left is None:
        return ""
    return f" · {labels.rate(step.per_second)} · {labels.time_left(step.seconds_left)}"


def report_html(report: IngestReport) -> str:
    """Return what was added, merged and left out, each line with its reason."""
    counts = (
        f"{labels.counted(report.papers_added, 'paper')} added, {report.papers_merged:,} merged with others,"
        f" from {labels.counted(report.listings, 'listing')}."
    )
    if report.entries and not (report.papers_added or report.papers_merged):
        counts = labels.REST_READ if report.passages_embedded else labels.NOTHING_NEW
    return cleaned(f'<p role="status">{counts}</p>{_skipped(report.skipped)}')


def _skipped(lines: Sequence[SkippedLine]) -> str:
    if not lines:
        return ""
    first = sorted(lines, key=lambda line: line.line is not None)[:_MOST_SKIPPED]  # whole files before lines
    rows = "".join(f"<li>{escaped(_skipped_line(line))}</li>" for line in first)
    more = f"<li>and {len(lines) - _MOST_SKIPPED:,} more</li>" if len(lines) > _MOST_SKIPPED else ""
    files = sum(line.line is None for line in lines)
    counts = [(files, "file"), (len(lines) - files, "line")]
    said = " and ".join(labels.counted(count, noun) for count, noun in counts if count)
    return f"<details><summary>{said} left out</summary><ul>{rows}{more}</ul></details>"


def _skipped_line(line: SkippedLine) -> str:
    file = Path(line.file)
    archive = next((parent for parent in file.parents if parent.suffix.lower() == ".zip"), file)
    where = f"line {line.line}" if line.line else labels.WHOLE_FILE
    return f"{file.relative_to(archive.parent)}, {where}: {_without_folder(line.reason, file)}"


def refusal_html(sentence: str, paths: Sequence[Path]) -> str:
    """Return why nothing was read. The browser's files lie in a folder of no interest: their names say enough."""
    for path in paths:
        sentence = _without_folder(sentence, path)
    return cleaned(f'<p class="problem" role="alert">{escaped(sentence)}</p>')


def _without_folder(sentence: str, path: Path) -> str:
    return sentence.replace(f"{path.parent}/", "")
