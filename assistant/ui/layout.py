"""Where everything stands on the page."""

from dataclasses import dataclass

import gradio as gr

from assistant.settings import Settings
from assistant.ui import labels
from assistant.ui.examples import MOST_EXAMPLES
from assistant.ui.markup import escaped
from assistant.ui.model_picker import first_pick, privacy
from assistant.ui.transcript import Conversation


@dataclass(frozen=True, slots=True)
class Panels:
    """The components that change."""

    conversation: gr.State
    transcript: gr.HTML
    live: gr.HTML
    welcome: gr.Group
    hint: gr.HTML
    examples: tuple[gr.Button, ...]
    composer: gr.Textbox
    send: gr.Button
    stop: gr.Button
    ask_local: gr.Button
    new_chat: gr.Button
    sources: gr.HTML
    kind: gr.Radio
    name: gr.Textbox
    model_panel: gr.Accordion
    privacy: gr.HTML
    library: gr.HTML
    files: gr.File
    read_seeds: gr.Button
    report: gr.HTML


def laid_out(settings: Settings) -> Panels:
    """Return the components, placed in the Blocks that are being built."""
    conversation = gr.State(Conversation())
    with gr.Row(elem_id="top"):
        _html(
            f'<h1>{labels.TITLE}</h1><button type="button" class="toggle" data-opens="side" aria-expanded="false">'
            f'{labels.LIBRARY}</button><button type="button" class="toggle" data-opens="evidence"'
            f' aria-expanded="false">{labels.EVIDENCE}</button>',
            elem_id="masthead",
        )
        kind, name, model_panel, privacy_note = _model_picker(settings)
    with gr.Row(elem_id="panes"):
        with gr.Column(elem_id="side"):
            new_chat = gr.Button(labels.NEW_CHAT, elem_id="new-chat")
            library = _html(template=_landmark("nav", labels.LIBRARY))
            read_seeds = gr.Button(labels.READ_SEEDS, visible=False)
            _html(f'<h3 class="section">{labels.ADD_LISTINGS}</h3>')
            files = gr.File(
                label=labels.ADD_LISTINGS, show_label=False, file_count="multiple", height=88, elem_id="upload"
            )
            report = _html(elem_id="report")
        with gr.Column(elem_id="chat"):
            with gr.Column(elem_id="scroll"):
                transcript = _html(template=_landmark('section role="log"', labels.CONVERSATION), elem_id="transcript")
                live = _html(elem_id="live")
                ask_local = gr.Button(labels.ASK_LOCAL_MODEL, visible=False, elem_id="ask-local")
                with gr.Group(elem_id="welcome") as welcome:
                    _html(f"<h2>{labels.LEDE}</h2>")
                    hint = _html()
                    examples = tuple(gr.Button(visible=False, elem_classes="example") for _ in range(MOST_EXAMPLES))
            with gr.Row(elem_id="composer"):
                composer = gr.Textbox(
                    label=labels.COMPOSER,
                    placeholder=labels.COMPOSER_HINT,
                    lines=1,
                    max_lines=8,
                    autofocus=True,
                    container=False,
                    elem_id="question",
                )
                send = gr.Button(labels.SEND, variant="primary", elem_id="send")
                stop = gr.Button(labels.STOP, visible=False, elem_id="stop")
        with gr.Column(elem_id="evidence"):
            sources = _html(
                f'<p class="quiet">{labels.NO_EVIDENCE_YET}</p>', template=_landmark("aside", labels.EVIDENCE)
            )
    return Panels(
        conversation=conversation,
        transcript=transcript,
        live=live,
        welcome=welcome,
        hint=hint,
        examples=examples,
        composer=composer,
        send=send,
        stop=stop,
        ask_local=ask_local,
        new_chat=new_chat,
        sources=sources,
        kind=kind,
        name=name,
        model_panel=model_panel,
        privacy=privacy_note,
        library=library,
        files=files,
        read_seeds=read_seeds,
        report=report,
    )


def _model_picker(settings: Settings) -> tuple[gr.Radio, gr.Textbox, gr.Accordion, gr.HTML]:
    picked, typed = first_pick(settings)
    said = privacy(picked, typed, settings)
    with gr.Accordion(said.line, open=False, elem_id="model", elem_classes=[said.kind]) as panel:
        kind = gr.Radio([labels.LOCAL_MODEL, labels.OTHER_MODEL], value=picked, label=labels.MODEL)
        name = gr.Textbox(
            typed,
            label=labels.MODEL_NAME,
            placeholder=labels.MODEL_HINT,
            visible=picked == labels.OTHER_MODEL,
            elem_id="model-name",
        )
        note = _html(said.html)
    return kind, name, panel, note


def _html(value: str = "", *, template: str = "${value}", elem_id: str | None = None) -> gr.HTML:
    """Return a place for HTML in the page's own style. Gradio evaluates the template, never the value."""
    return gr.HTML(value, html_template=template, elem_id=elem_id, apply_default_css=False, js_on_load=None)


def _landmark(opening: str, label: str) -> str:
    """Return the template of a part of the page that a screen reader can jump to."""
    return f'<{opening} aria-label="{escaped(label)}">${{value}}</{opening.split()[0]}>'
