"""What happens on the page: every handler, and what it changes."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.answering.answer import Assistant
from assistant.models.choices import LOCAL
from assistant.prompts import packaged
from assistant.settings import Settings
from assistant.ui import labels
from assistant.ui.asking import answered, sentence_of
from assistant.ui.examples import MOST_EXAMPLES, example_questions
from assistant.ui.gradio_parts import QUIET, WRITING, Updates, said_in
from assistant.ui.layout import NOTHING_CITED_YET, Panels
from assistant.ui.library_panel import Step, ingest_steps, library_html, refusal_html, report_html, step_html
from assistant.ui.model_picker import picked_model, privacy
from assistant.ui.transcript import Conversation
from vectorstore.library import Library

# -- the chat


def wire_chat(assistant: Assistant, panels: Panels) -> None:
    """Ask on Enter, Send and the examples; stop; begin anew."""
    changed = [
        *(panels.chat.transcript, panels.chat.live, panels.sources, panels.chat.welcome.whole),
        *(panels.chat.question, panels.chat.send, panels.chat.stop, panels.chat.ask_local),
    ]

    def ask(question: str, conversation: Conversation, kind: str, name: str, strict: bool) -> Iterator[Updates]:
        yield {panels.chat.live: ""}  # a generator that yields nothing would empty the buttons
        if question.strip():
            yield from _ask(assistant, panels, conversation, question, picked_model(kind, name), strict=strict)

    def ask_local(conversation: Conversation, strict: bool) -> Iterator[Updates]:
        last = conversation.exchanges[-1].question if conversation.exchanges else ""
        yield from ask(last, conversation, labels.LOCAL_MODEL, "", strict)

    def ask_without(removed: str, conversation: Conversation, kind: str, name: str, strict: bool) -> Iterator[Updates]:
        yield {panels.chat.live: ""}
        if chip := _clicked(removed, conversation):
            model = picked_model(kind, name)
            yield from _ask(assistant, panels, conversation, "", model, strict=strict, without=chip)

    def stop(conversation: Conversation) -> Updates:
        conversation.stop()
        return _settled(panels, conversation)

    def begin_anew(conversation: Conversation) -> Updates:
        conversation.stop()
        conversation.exchanges.clear()
        return {**_settled(panels, conversation), panels.sources: NOTHING_CITED_YET, panels.chat.question: ""}

    state = [panels.conversation, panels.picker.kind, panels.picker.name, panels.picker.strict]
    sent = [panels.chat.question.submit, panels.chat.send.click]
    asking = [gr.on(sent, ask, [panels.chat.question, *state], changed, **WRITING)]
    asking.append(panels.chat.removed.change(ask_without, [panels.chat.removed, *state], changed, **WRITING))
    asking += [example.click(ask, [example, *state], changed, **WRITING) for example in panels.chat.welcome.examples]
    switched = panels.chat.ask_local.click(lambda: labels.LOCAL_MODEL, None, panels.picker.kind, **QUIET)
    asking.append(switched.then(ask_local, [panels.conversation, panels.picker.strict], changed, **WRITING))
    panels.chat.stop.click(stop, panels.conversation, changed, cancels=asking, **QUIET)
    panels.side.new_chat.click(begin_anew, panels.conversation, changed, cancels=asking, **QUIET)


def _clicked(removed: str, conversation: Conversation) -> tuple[int, int] | None:
    """Return the turn and the chip that the page's script names, if there are such."""
    match = re.fullmatch(r"(\d{1,6}) (\d{1,3})", said_in(removed))
    if not match:
        return None
    turn, chip = int(match[1]), int(match[2])
    answer = conversation.exchanges[turn].answer if turn < len(conversation.exchanges) else None
    return (turn, chip) if answer and chip < len(answer.chips) else None


def _ask(
    assistant: Assistant,
    panels: Panels,
    conversation: Conversation,
    question: str,
    model: str,
    *,
    strict: bool,
    without: tuple[int, int] | None = None,
) -> Iterator[Updates]:
    """Yield what changes: first the whole page, then the growing answer alone, then the whole page again."""
    steps = answered(assistant, conversation, question, model=model, strict=strict, without=without)
    exchange = next(steps)
    yield {
        panels.chat.transcript: conversation.settled_html(),
        panels.chat.live: conversation.live_html(),
        panels.chat.welcome.whole: gr.Group(visible=False),
        panels.chat.question: "",
        panels.chat.send: gr.Button(visible=False),
        panels.chat.stop: gr.Button(visible=True),
        panels.chat.ask_local: gr.Button(visible=False),
    }
    for exchange in steps:
        if not exchange.is_over:
            yield {panels.chat.live: conversation.live_html()}
    if exchange.stopped:  # what the page shows then is the business of whoever stopped it
        return
    settled = _settled(panels, conversation)
    if exchange.problem:  # the question is not lost: it can be mended and sent again
        settled[panels.chat.question] = exchange.question
        settled[panels.chat.ask_local] = gr.Button(visible=model != LOCAL)
    yield settled


def _settled(panels: Panels, conversation: Conversation) -> Updates:
    """Return the page as it is while nothing is being answered."""
    return {
        panels.chat.transcript: conversation.settled_html(),
        panels.chat.live: "",
        panels.sources: conversation.sources_html(),
        panels.chat.welcome.whole: gr.Group(visible=not conversation.exchanges),
        panels.chat.send: gr.Button(visible=True),
        panels.chat.stop: gr.Button(visible=False),
        panels.chat.ask_local: gr.Button(visible=False),
    }


# -- the model


def wire_model(settings: Settings, panels: Panels) -> None:
    """Say what leaves the machine as soon as the choice changes."""

    def say(kind: str, name: str) -> Updates:
        said = privacy(kind, name, settings)
        return {
            panels.picker.name: gr.Textbox(visible=kind == labels.OTHER_MODEL),
            panels.picker.panel: gr.Accordion(label=said.line, elem_classes=[said.kind]),
            panels.picker.note: said.html,
        }

    gr.on(
        [panels.picker.kind.change, panels.picker.name.change],
        say,
        [panels.picker.kind, panels.picker.name],
        [panels.picker.name, panels.picker.panel, panels.picker.note],
        trigger_mode="always_last",
        **QUIET,
    )


# -- the library


def wire_library(page: gr.Blocks, library: Library, panels: Panels) -> None:
    """Show what is there; read listings."""
    shown = [panels.side.library, panels.side.read_seeds, panels.chat.welcome.hint, *panels.chat.welcome.examples]

    def read(files: Sequence[str] | None) -> Iterator[Updates]:
        yield from _read(library, panels, [Path(file) for file in files or ()])

    def read_seeds() -> Iterator[Updates]:
        yield from _read(library, panels, [packaged("seeds")])

    one_at_a_time: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "ingest", **QUIET}
    page.load(lambda: _library_shown(library, panels), None, shown, **QUIET)
    panels.side.files.upload(read, panels.side.files, [*shown, panels.side.files, panels.side.report], **one_at_a_time)
    panels.side.read_seeds.click(read_seeds, None, [*shown, panels.side.files, panels.side.report], **one_at_a_time)


def _read(library: Library, panels: Panels, paths: Sequence[Path]) -> Iterator[Updates]:
    yield {panels.side.report: step_html(None)}
    try:
        for step in ingest_steps(library, paths):
            yield {panels.side.report: step_html(step) if isinstance(step, Step) else report_html(step)}
    except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
        yield {panels.side.report: refusal_html(sentence_of(error), paths)}
    yield {**_library_shown(library, panels), panels.side.files: None}


def _library_shown(library: Library, panels: Panels) -> Updates:
    questions = example_questions(library.catalogue)
    blank = [""] * (MOST_EXAMPLES - len(questions))
    buttons = [gr.Button(question, visible=bool(question)) for question in [*questions, *blank]]
    return {
        panels.side.library: library_html(library.catalogue),
        panels.side.read_seeds: gr.Button(visible=library.catalogue.is_empty()),
        panels.chat.welcome.hint: f"<p>{labels.EXAMPLES if questions else labels.EMPTY_LIBRARY}</p>",
        **dict(zip(panels.chat.welcome.examples, buttons, strict=True)),
    }
