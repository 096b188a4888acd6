"""What happens at the left: listings are read, and what is there is shown."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.prompts import packaged
from assistant.ui import labels
from assistant.ui.background_steps import Step, Stopped
from assistant.ui.chats import Chats
from assistant.ui.examples import MOST_EXAMPLES, example_questions
from assistant.ui.gradio_parts import EACH, QUIET, Updates
from assistant.ui.layout import Panels
from assistant.ui.library_panel import Reading, Readings, library_html, refusal_html, report_html, step_html
from assistant.ui.problems import sentence_of
from vectorstore.library import Library


def wire_listings(page: gr.Blocks, chats: Chats, panels: Panels, readings: Readings) -> None:
    """Show what is there and what is being read; read listings."""
    library = chats.assistant.library
    side = panels.side
    shown = [side.library, side.read_seeds, panels.chat.welcome.hint, *panels.chat.welcome.examples]
    changed = [*shown, side.files, side.report, side.stop]

    def read(files: Sequence[str] | None) -> Iterator[Updates]:
        yield from _followed(readings.begin([Path(file) for file in files or ()]), chats, panels)

    def read_seeds() -> Iterator[Updates]:
        yield from _followed(readings.begin([packaged("seeds")]), chats, panels)

    def what_is_there() -> Iterator[Updates]:
        yield listings_shown(library, panels)
        if readings.latest and not readings.latest.is_over:
            yield from _followed(readings.latest, chats, panels)

    one_at_a_time: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "ingest", **EACH}
    page.load(what_is_there, None, changed, **QUIET)
    side.files.upload(read, side.files, changed, **one_at_a_time)
    side.read_seeds.click(read_seeds, None, changed, **one_at_a_time)
    side.stop.click(readings.stopping.set, None, None, **QUIET)


def _followed(reading: Reading, chats: Chats, panels: Panels) -> Iterator[Updates]:
    library = chats.assistant.library
    begun = {panels.side.report: step_html(None), panels.side.stop: gr.Button(visible=True)}
    yield {**begun, panels.side.files: None}  # the next ones can be chosen meanwhile
    try:
        for step in reading.steps():
            yield {panels.side.report: step_html(step) if isinstance(step, Step) else report_html(step)}
    except Stopped:
        yield {panels.side.report: f'<p role="status">{labels.READING_STOPPED}</p>'}
    except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
        yield {panels.side.report: refusal_html(sentence_of(error), reading.paths)}
    chats.warm_up()
    yield {**listings_shown(library, panels), panels.side.stop: gr.Button(visible=False)}


def listings_shown(library: Library, panels: Panels) -> Updates:
    """Return the listings at the left, and what an empty chat offers."""
    questions = example_questions(library.catalogue)
    blank = [""] * (MOST_EXAMPLES - len(questions))
    buttons = [gr.Button(question, visible=bool(question)) for question in [*questions, *blank]]
    return {
        panels.side.library: library_html(library.catalogue),
        panels.side.read_seeds: gr.Button(visible=library.catalogue.is_empty()),
        panels.chat.welcome.hint: f"<p>{labels.EXAMPLES if questions else labels.EMPTY_LIBRARY}</p>",
        **dict(zip(panels.chat.welcome.examples, buttons, strict=True)),
    }
