"""Where everything stands on the page. Each function places its part in the Blocks that are being built."""

from dataclasses import dataclass

import gradio as gr

from assistant.settings import Settings
from assistant.ui import labels
from assistant.ui.authors_view import AuthorsView, authors_view
from assistant.ui.examples import MOST_EXAMPLES
from assistant.ui.gradio_parts import box, html, landmark
from assistant.ui.model_picker import first_pick, privacy
from assistant.ui.related_view import RelatedView, related_view
from assistant.ui.transcript import Conversation

NOTHING_CITED_YET = f'<p class="quiet">{labels.NO_EVIDENCE_YET}</p>'


@dataclass(frozen=True, slots=True)
class Picker:
    """The model picker in the header."""

    panel: gr.Accordion
    kind: gr.Radio
    name: gr.Textbox
    note: gr.HTML
    strict: gr.Checkbox


@dataclass(frozen=True, slots=True)
class Side:
    """The left pane: a new chat, the library, and what adds to it."""

    new_chat: gr.Button
    library: gr.HTML
    read_seeds: gr.Button
    files: gr.File
    report: gr.HTML


@dataclass(frozen=True, slots=True)
class Welcome:
    """What stands in an empty chat."""

    whole: gr.Group
    hint: gr.HTML
    examples: tuple[gr.Button, ...]


@dataclass(frozen=True, slots=True)
class Chat:
    """The middle: exchanges that are over, the one that is being answered, and the composer."""

    transcript: gr.HTML
    removed: gr.Textbox  # the page's script writes here which filter was clicked away: "turn chip"
    live: gr.HTML
    ask_local: gr.Button
    welcome: Welcome
    question: gr.Textbox
    send: gr.Button
    stop: gr.Button


@dataclass(frozen=True, slots=True)
class Panels:
    """The components that change; `sources` is the right pane of the chat."""

    conversation: gr.State
    picker: Picker
    side: Side
    chat: Chat
    sources: gr.HTML
    authors: AuthorsView
    related: RelatedView


def laid_out(settings: Settings) -> Panels:
    """Return the whole page."""
    conversation = gr.State(Conversation())
    views = "".join(f'<a href="#{view}">{label}</a>' for view, label in labels.VIEWS.items())
    with gr.Row(elem_id="top"):
        html(
            f'<h1>{labels.TITLE}</h1><nav aria-label="{labels.VIEWS_LABEL}">{views}</nav>'
            f'<button type="button" class="toggle" data-opens="side" aria-expanded="false">'
            f'{labels.LIBRARY}</button><button type="button" class="toggle" data-opens="evidence"'
            f' aria-expanded="false">{labels.EVIDENCE}</button>',
            elem_id="masthead",
        )
        picker = _picker(settings)
    with gr.Row(elem_id="panes"):
        side, chat = _side(), _chat()
        authors, related = authors_view(), related_view()
        with gr.Column(elem_id="evidence"):
            sources = html(NOTHING_CITED_YET, template=landmark("aside", labels.EVIDENCE), elem_id="sources-of-ask")
            authors.sources.render()  # type: ignore[no-untyped-call]  # Gradio gives no types here
            related.sources.render()  # type: ignore[no-untyped-call]
    return Panels(conversation, picker, side, chat, sources, authors, related)


def _picker(settings: Settings) -> Picker:
    picked, typed = first_pick(settings)
    said = privacy(picked, typed, settings)
    with gr.Accordion(said.line, open=False, elem_id="model", elem_classes=[said.kind]) as panel:
        kind = gr.Radio([labels.LOCAL_MODEL, labels.OTHER_MODEL], value=picked, label=labels.MODEL)
        name = gr.Textbox(
            typed, label=labels.MODEL_NAME, placeholder=labels.MODEL_HINT, visible=picked == labels.OTHER_MODEL
        )
        note = html(said.html)
        strict = gr.Checkbox(settings.strict, label=labels.STRICT, container=False, elem_id="strict")
    return Picker(panel, kind, name, note, strict)


def _side() -> Side:
    with gr.Column(elem_id="side"):
        new_chat = gr.Button(labels.NEW_CHAT, elem_id="new-chat")
        library = html(template=landmark("nav", labels.LIBRARY))
        read_seeds = gr.Button(labels.READ_SEEDS, visible=False)
        html(f'<h3 class="section">{labels.ADD_LISTINGS}</h3>')
        files = gr.File(label=labels.ADD_LISTINGS, show_label=False, file_count="multiple", height=88, elem_id="upload")
        report = html(elem_id="report")
    return Side(new_chat, library, read_seeds, files, report)


def _chat() -> Chat:
    with gr.Column(elem_id="chat"):
        with gr.Column(elem_id="scroll"):
            transcript = html(template=landmark('section role="log"', labels.CONVERSATION), elem_id="transcript")
            removed = box("removed")
            live = html(elem_id="live")
            ask_local = gr.Button(labels.ASK_LOCAL_MODEL, visible=False, elem_id="ask-local")
            welcome = _welcome()
        with gr.Row(elem_id="composer"):
            question = gr.Textbox(
                label=labels.COMPOSER,
                placeholder=labels.COMPOSER_HINT,
                lines=1,  # with one line Enter sends, and Shift+Enter begins the next
                max_lines=8,
                autofocus=True,
                container=False,
                elem_id="question",
            )
            send = gr.Button(labels.SEND, variant="primary", elem_id="send")
            stop = gr.Button(labels.STOP, visible=False, elem_id="stop")
    return Chat(transcript, removed, live, ask_local, welcome, question, send, stop)


def _welcome() -> Welcome:
    with gr.Group(elem_id="welcome") as whole:
        html(f"<h2>{labels.LEDE}</h2>")
        hint = html()
        examples = tuple(gr.Button(visible=False, elem_classes="example") for _ in range(MOST_EXAMPLES))
    return Welcome(whole, hint, examples)
