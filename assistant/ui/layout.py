"""Where everything stands on the page. Each function places its part in the Blocks that are being built."""

from dataclasses import dataclass

import gradio as gr
from gradio.components import Component

from assistant.answering.verdict_labels import COUNTED, EXPLAINED, SIGNS
from assistant.settings import Settings
from assistant.ui import labels
from assistant.ui.authors_view import AuthorsView, authors_view
from assistant.ui.check_view import CheckView, check_view
from assistant.ui.examples import MOST_EXAMPLES
from assistant.ui.footers import fold_button
from assistant.ui.gradio_parts import box, html, landmark
from assistant.ui.library_view import LibraryView, library_view
from assistant.ui.limits_panel import LimitControls, limit_controls
from assistant.ui.model_picker import HINTS, KINDS, WITH_KEYS, pick_of, privacy
from assistant.ui.related_view import RelatedView, related_view
from assistant.ui.tab import Tab

_SCHEMES = " ".join(f'data-on{scheme}="{said}"' for scheme, said in labels.SCHEMES.items())
# Where the pane slides in.
_CLOSE_PANE = f'<button type="button" class="close-pane" aria-label="{labels.CLOSE}">×</button>'
# The script puts a copy of an answer's evidence there.
_EVIDENCE = f'<div class="shown-sources"></div><p class="quiet">{labels.NO_EVIDENCE_YET}</p>'
_KEYS = "".join(f"<dt><kbd>{keys}</kbd></dt><dd>{does}</dd>" for keys, does in labels.KEYS.items())
_MARKS = "".join(
    f'<dt class="{verdict}">{SIGNS[verdict]} {COUNTED[verdict].capitalize()}</dt><dd>{EXPLAINED[verdict]}</dd>'
    for verdict in COUNTED
)
_ABOVE_COMPOSER = (
    f'<p class="editing" hidden><span>{labels.EDITING}</span>'
    f' <button type="button" class="linklike" data-cancels-edit>{labels.CANCEL}</button></p>'
    f'<p class="pasted" role="status" hidden><span></span>'
    f' <button type="button" class="linklike" data-pasted="add">{labels.ADD_PASTED}</button>'
    f' <button type="button" class="linklike" data-pasted="ask">{labels.PUT_INTO_QUESTION}</button>'
    f' <button type="button" class="linklike" data-pasted="">{labels.CANCEL}</button></p>'
    f'<button type="button" class="to-newest" hidden aria-label="{labels.TO_NEWEST}">↓</button>'
)
# What the script opens: a look at a citation's source, why an answer is good or bad, where a listing is pasted, the
# keys and the marks.
_FURNITURE = f"""
<div id="peek" role="tooltip" hidden></div>
<dialog id="reason" aria-label="{labels.WHY}"><form method="dialog">
  <label for="reason-text">{labels.WHY}</label><textarea id="reason-text" rows="3" maxlength="1000"></textarea>
  <p class="buttons"><button value="">{labels.SKIP}</button><button value="keep" class="main">{labels.KEEP}</button></p>
</form></dialog>
<dialog id="paste" aria-label="{labels.PASTE_LISTING}"><form method="dialog">
  <label for="paste-text">{labels.PASTE_HERE}</label><textarea id="paste-text" rows="8"></textarea>
  <p class="buttons"><button value="">{labels.CANCEL}</button>
  <button value="add" class="main">{labels.ADD_PASTED}</button></p></form></dialog>
<dialog id="keys" aria-label="{labels.KEYS_AND_MARKS}"><h2>{labels.KEYS_LABEL}</h2><dl>{_KEYS}</dl>
  <h2>{labels.MARKS_LABEL}</h2><dl class="legend">{_MARKS}</dl>
  <form method="dialog"><p class="buttons"><button class="main">{labels.CLOSE}</button></p></form></dialog>
"""


@dataclass(frozen=True, slots=True)
class Picker:
    """The model picker in the header."""

    panel: gr.Accordion
    kind: gr.Radio
    name: gr.Textbox
    key: gr.Textbox  # as it is typed
    keys: gr.State  # the visitor's, in the server's memory and never in the page
    test: gr.Button
    stop: gr.Button  # the test
    tried: gr.HTML
    note: gr.HTML
    strict: gr.Checkbox
    kept: gr.Textbox  # the name of the model that the browser remembers, hidden

    @property
    def picked(self) -> list[Component]:
        """What says which model is asked."""
        return [self.kind, self.name, self.keys]


@dataclass(frozen=True, slots=True)
class Side:
    """The left pane: a new chat, the conversations, the library, and what adds to it."""

    words: gr.Textbox  # that conversations are searched for
    conversations: gr.HTML
    library: gr.HTML
    read_seeds: gr.Button
    files: gr.File
    report: gr.HTML
    stop: gr.Button  # the reading


@dataclass(frozen=True, slots=True)
class Welcome:
    """What stands in an empty chat."""

    whole: gr.Group
    hint: gr.HTML
    examples: tuple[gr.Button, ...]


@dataclass(frozen=True, slots=True)
class Chat:
    """The middle: exchanges that are over, the one that is being answered, and the composer.

    The page's script moves what is `placed` into the `transcript`, so that nothing in it is sent again.
    """

    transcript: gr.HTML
    placed: gr.HTML
    live: gr.HTML
    evidence: gr.HTML  # of the one that is being answered, hidden; the script shows a copy
    welcome: Welcome
    waiting: gr.HTML
    question: gr.Textbox
    send: gr.Button
    stop: gr.Button
    limits: LimitControls


@dataclass(frozen=True, slots=True)
class Boxes:
    """What the page's script and the server tell each other, hidden. They live in the browser: the server may be
    started again without a conversation being lost."""

    tab: gr.State  # a Tab, on the server
    conversation: gr.Textbox  # the number of the one that is shown; empty: a new one
    shown: gr.HTML  # the same for the script, told anew each time
    opened: gr.Textbox  # the number of the one that was clicked
    edited: gr.Textbox  # the number of the exchange whose question is in the composer
    repeat: gr.Textbox  # what is asked again: "again 3f09", "without 3f09 0"
    act: gr.Textbox  # what else was clicked: "pin 77ab", "rate 3f09 1 clear and short"
    toast: gr.HTML  # what was just done, and how to undo it
    failing: gr.Textbox  # names of the models that failed when they were asked last


@dataclass(frozen=True, slots=True)
class Panels:
    """The components that change."""

    boxes: Boxes
    picker: Picker
    side: Side
    chat: Chat
    authors: AuthorsView
    related: RelatedView
    check: CheckView
    library: LibraryView


def laid_out(settings: Settings) -> Panels:
    """Return the whole page."""
    views = "".join(f'<a href="#{view}" data-view="{view}">{label}</a>' for view, label in labels.VIEWS.items())
    with gr.Row(elem_id="top"):
        html(
            f'<h1>{labels.TITLE}</h1><nav aria-label="{labels.VIEWS_LABEL}">{views}</nav>'
            f'<button type="button" class="toggle" data-opens="side" aria-expanded="false">'
            f'{labels.SIDE}</button><button type="button" class="toggle" data-opens="evidence"'
            f' aria-expanded="false">{labels.EVIDENCE}</button>'
            f'<button type="button" class="help scheme" aria-label="{labels.SCHEMES["system"]}" {_SCHEMES}></button>'
            f'<button type="button" class="help" data-dialog="keys" aria-label="{labels.KEYS_AND_MARKS}"'
            f' title="{labels.KEYS_AND_MARKS}">?</button>',
            elem_id="masthead",
        )
        picker = _picker(settings)
    with gr.Row(elem_id="panes"):
        side, chat = _side(), _chat()
        authors, library = authors_view(), library_view()
        related, check = related_view(natbib=settings.natbib), check_view()
        with gr.Column(elem_id="evidence"):
            html(_CLOSE_PANE)
            html(_EVIDENCE, template=landmark("aside", labels.EVIDENCE), elem_id="sources-of-ask")
            authors.sources.render()  # type: ignore[no-untyped-call]  # Gradio gives no types here
            related.sources.render()  # type: ignore[no-untyped-call]
            check.legend.render()  # type: ignore[no-untyped-call]
            library.paper.render()  # type: ignore[no-untyped-call]
    html(_FURNITURE, elem_id="furniture")
    return Panels(_boxes(), picker, side, chat, authors, related, check, library)


def _picker(settings: Settings) -> Picker:
    picked, typed = pick_of(settings.model)
    said = privacy(picked, typed, settings)
    with gr.Accordion(said.line, open=False, elem_id="model", elem_classes=[said.kind]) as panel:
        kind = gr.Radio(list(KINDS), value=picked, label=labels.MODEL)
        is_local = picked == labels.LOCAL_MODEL
        name = gr.Textbox(
            typed, label=labels.MODEL_NAME, placeholder=HINTS.get(picked, ""), visible=not is_local, max_length=500
        )
        key = gr.Textbox(
            label=labels.MODEL_KEY,
            placeholder=labels.KEY_HINT,
            type="password",
            visible=picked in WITH_KEYS,
            max_length=500,
            html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
            elem_id="model-key",
        )
        note = html(said.html)
        test = gr.Button(labels.TEST_MODEL, visible=not is_local, elem_id="test-model")
        stop = gr.Button(labels.STOP, visible=False, elem_id="stop-test")
        tried = html()
        strict = gr.Checkbox(settings.strict, label=labels.STRICT, container=False, elem_id="strict")
    return Picker(panel, kind, name, key, gr.State({}), test, stop, tried, note, strict, box("kept-model"))


def _side() -> Side:
    with gr.Column(elem_id="side"):
        html(_CLOSE_PANE)
        gr.Button(labels.NEW_CHAT, elem_id="new-chat")
        words = gr.Textbox(
            "",
            label=labels.SEARCH_CONVERSATIONS,
            placeholder=labels.SEARCH_CONVERSATIONS,
            container=False,
            max_length=200,
            elem_id="search-conversations",
        )
        html(f'<h3 class="section">{fold_button("chats", labels.CONVERSATIONS)}</h3>', elem_id="chats-head")
        conversations = html(template=landmark("nav", labels.CONVERSATIONS), elem_id="conversations")
        library = html(template=landmark("nav", labels.LIBRARY), elem_id="listings")
        read_seeds = gr.Button(labels.READ_SEEDS, visible=False)
        head = fold_button("adding", labels.ADD_LISTINGS)
        paste = f'<button type="button" class="linklike" data-dialog="paste">{labels.PASTE_LISTING}</button>'
        html(f'<h3 class="section">{head}</h3><p class="quiet">{labels.ADD_HINT} {paste}</p>', elem_id="adding")
        files = gr.File(
            label=labels.ADD_LISTINGS, show_label=False, file_count="multiple", elem_id="upload", elem_classes="drop"
        )
        report = html(elem_id="report")
        stop = gr.Button(labels.STOP_READING, visible=False, elem_id="stop-reading")
    return Side(words, conversations, library, read_seeds, files, report, stop)


def _chat() -> Chat:
    with gr.Column(elem_id="chat"):
        with gr.Column(elem_id="scroll"):
            transcript = html(
                '<div class="turns"></div>',
                template=landmark('section role="log"', labels.CONVERSATION),
                elem_id="transcript",
            )
            placed, live, evidence = html(elem_id="placed"), html(elem_id="live"), html(elem_id="evidence-so-far")
            welcome = _welcome()
        with gr.Column(elem_id="composer"):
            html(_ABOVE_COMPOSER, elem_id="above-composer")
            waiting = html(elem_id="waiting")
            chips = html(elem_id="limits")
            with gr.Row(elem_id="composing"):
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
                stop = gr.Button(labels.STOP, elem_id="stop")  # the style sheet shows it while an answer grows
            with gr.Row(elem_id="limiting"):
                limits = limit_controls(chips)
    return Chat(transcript, placed, live, evidence, welcome, waiting, question, send, stop, limits)


def _boxes() -> Boxes:
    return Boxes(
        tab=gr.State(Tab()),
        conversation=box("conversation"),
        shown=html(elem_id="shown"),
        opened=box("opened"),
        edited=box("edited"),
        repeat=box("repeat"),
        act=box("act"),
        toast=html(elem_id="toast"),
        failing=box("failing"),
    )


def _welcome() -> Welcome:
    with gr.Group(elem_id="welcome") as whole:
        html(f"<h2>{labels.LEDE}</h2>")
        hint = html()
        examples = tuple(gr.Button(visible=False, elem_classes="example") for _ in range(MOST_EXAMPLES))
    return Welcome(whole, hint, examples)
