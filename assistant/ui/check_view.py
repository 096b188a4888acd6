"""The view that checks a draft: a file or pasted text -> each citing sentence beside the closest words of its paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import gradio as gr
from gradio.components import Component

from assistant.html.sanitizing import cleaned
from assistant.pipeline import Assistant
from assistant.proofreading.report_html import report_body, report_html
from assistant.proofreading.reports import DraftReport, Progress
from assistant.ui import labels
from assistant.ui.footers import save_button, slug
from assistant.ui.gradio_parts import QUIET, WRITING, Updates, html, landmark
from assistant.ui.model_picker import Keys, picked
from assistant.ui.problems import problem_html
from assistant.ui.section_html import growing_html

_MOST_CHARACTERS = 400_000  # of a draft that is pasted
_EVERY = 10  # sentences, after which the page is told how far it is


@dataclass(frozen=True, slots=True)
class CheckView:
    """The components that change."""

    text: gr.Textbox
    file: gr.File
    bib: gr.File
    judged: gr.Checkbox
    go: gr.Button
    stop: gr.Button
    live: gr.HTML
    report: gr.HTML
    legend: gr.HTML


def check_view() -> CheckView:
    """Place the view; its legend is placed by whoever calls."""
    with gr.Column(elem_id="check", elem_classes="view"):
        html(f'<h2 class="view-title">{labels.CHECK_TITLE}</h2><p class="quiet">{labels.CHECK_LEDE}</p>')
        text = gr.Textbox(
            "",
            label=labels.CHECK_TEXT,
            placeholder=labels.CHECK_HINT,
            lines=5,
            max_lines=12,
            max_length=_MOST_CHARACTERS,
        )
        with gr.Row():
            kinds = [".tex", ".md", ".txt", ".docx"]
            file = gr.File(label=labels.CHECK_FILE, file_types=kinds, elem_id="check-file", elem_classes="drop")
            bib = gr.File(label=labels.CHECK_BIB, file_types=[".bib"], elem_id="check-bib", elem_classes="drop")
        with gr.Row(elem_classes="asked"):
            judged = gr.Checkbox(False, label=labels.CHECK_JUDGED, container=False)
            go = gr.Button(labels.CHECK_IT, variant="primary", elem_classes="go")
            stop = gr.Button(labels.STOP, visible=False, elem_classes="go")
        live = html()
        report = html(template=landmark("section", labels.CHECK_REPORT))
    legend = html(
        f'<p class="quiet">{labels.CHECK_LEGEND}</p>',
        template=landmark("aside", labels.CHECK_READING),
        elem_id="sources-of-check",
        render=False,
    )
    return CheckView(text, file, bib, judged, go, stop, live, report, legend)


def wire_check(assistant: Assistant, view: CheckView, model: Sequence[Component]) -> None:
    """Check by the button; stop. `model` are the components that say which model may judge."""

    def check(
        text: str, file: str | None, bib: str | None, judged: bool, kind: str, typed: str, keys: Keys
    ) -> Iterator[Updates]:
        yield {view.go: gr.Button(visible=False), view.stop: gr.Button(visible=True), view.report: ""}
        try:
            choice = picked(kind, typed, keys).choice(assistant.settings) if judged else None
            draft = Path(file) if file else text
            for event in assistant.check_draft_events(draft, bib=Path(bib) if bib else None, judge=choice):
                if isinstance(event, DraftReport):
                    yield {view.live: "", view.report: _report(event)}
                elif isinstance(event, Progress):
                    if event.done % _EVERY == 0:
                        yield {view.live: growing_html("", f"{event.step}: {event.done:,} of {event.total:,}")}
                else:
                    yield {view.live: growing_html("", event.doing)}
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            yield {view.live: problem_html(error)}
        yield _at_rest(view)

    asked = [view.text, view.file, view.bib, view.judged, *model]
    checking = view.go.click(check, asked, [view.go, view.stop, view.live, view.report], **WRITING)
    view.stop.click(lambda: _at_rest(view), None, [view.go, view.stop], cancels=[checking], **QUIET)


def _report(report: DraftReport) -> str:
    saved = save_button(report_html(report), f"check-{slug(report.draft)}.html")
    return f'<div class="answer checks">{report_body(report)}</div>{cleaned(f"<p>{saved}</p>")}'


def _at_rest(view: CheckView) -> Updates:
    return {view.go: gr.Button(visible=True), view.stop: gr.Button(visible=False)}
