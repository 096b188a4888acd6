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
        gr.HTML(
            f'<h1>{labels.TITLE}</h1><button type="button" class="toggle" data-opens="side" aria-expanded="false">'
            f'{labels.LIBRARY}</button><button type="button" class="toggle" data-opens="evidence"'
            f' aria-expanded="false">{labels.EVIDENCE}</button>',
            elem_id="masthead",
        )
        kind, name, model_panel, privacy_note = _model_picker(settings)
    with gr.Row(elem_id="panes"):
        with gr.Column(elem_id="side"):
            new_chat = gr.Button(labels.NEW_CHAT, elem_id="new-chat")
            library = gr.HTML(html_template=_landmark("nav", labels.LIBRARY))
            read_seeds = gr.Button(labels.READ_SEEDS, visible=False)
            files = gr.File(label=labels.ADD_LISTINGS, file_count="multiple", height=120, elem_id="upload")
            report = gr.HTML(elem_id="report")
        with gr.Column(elem_id="chat"):
            with gr.Column(elem_id="scroll"):
                transcript = gr.HTML(html_template=_landmark("section", labels.CONVERSATION), elem_id="transcript")
                live = gr.HTML(html_template='<div aria-live="polite">${value}</div>', elem_id="live")
                ask_local = gr.Button(labels.ASK_LOCAL_MODEL, visible=False, elem_id="ask-local")
                with gr.Group(elem_id="welcome") as welcome:
                    gr.HTML(f"<h2>{labels.LEDE}</h2><p>{labels.EXAMPLES}</p>")
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
            sources = gr.HTML(
                f'<p class="quiet">{labels.NO_EVIDENCE_YET}</p>', html_template=_landmark("aside", labels.EVIDENCE)
            )
    return Panels(
        conversation=conversation,
        transcript=transcript,
        live=live,
        welcome=welcome,
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
        note = gr.HTML(said.html)
    return kind, name, panel, note


def _landmark(tag: str, label: str) -> str:
    """Return a template whose value is set inside it as it is; Gradio evaluates the template, never the value."""
    return f'<{tag} aria-label="{escaped(label)}">${{value}}</{tag}>'
