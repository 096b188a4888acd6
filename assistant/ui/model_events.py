"""What happens in the model picker."""

from collections.abc import Iterator

import gradio as gr
from pydantic import SecretStr

from assistant.html.sanitizing import cleaned, escaped
from assistant.models.trial import trial
from assistant.records import Stage
from assistant.ui import labels
from assistant.ui.chats import Chats
from assistant.ui.gradio_parts import QUIET, WRITING, Updates
from assistant.ui.layout import Panels
from assistant.ui.model_picker import HINTS, WITH_KEYS, Keys, pick_of, picked, picked_model, privacy
from assistant.ui.problems import problem_html
from vectorstore.servers import origin_of

# The browser remembers a model by its name and never a key.
_REMEMBERED = "(_, keys) => [localStorage.getItem('model') ?? '', keys]"
_REMEMBER = "(name) => { if (name) localStorage.setItem('model', name); return []; }"


def wire_model(page: gr.Blocks, chats: Chats, panels: Panels) -> None:
    """Say what leaves the machine as soon as the choice changes, remember it in the browser, keep a key for the server
    that it was typed for, and try a model when that is wanted."""
    picker, settings = panels.picker, chats.assistant.settings

    def say(kind: str, name: str, keys: Keys) -> Updates:
        said = privacy(kind, name, settings, keys, failing=chats.failing)
        is_local = kind == labels.LOCAL_MODEL
        return {
            picker.name: gr.Textbox(visible=not is_local, placeholder=HINTS.get(kind, "")),
            picker.key: gr.Textbox(visible=kind in WITH_KEYS),  # what was typed there was kept when it was left
            picker.test: gr.Button(visible=not is_local),
            picker.panel: gr.Accordion(label=said.line, elem_classes=[said.kind]),
            picker.note: said.html,
            picker.tried: "",
        }

    def say_of_server(kind: str, name: str, keys: Keys) -> Updates:
        said = privacy(kind, name, settings, keys, failing=chats.failing)
        return {picker.panel: gr.Accordion(label=said.line, elem_classes=[said.kind]), picker.note: said.html}

    def remembered(name: str, keys: Keys) -> Updates:
        """Draw all of the choice: on a busy machine what it changes is not noticed while the page is built."""
        kind, typed = pick_of(name or settings.model)
        is_local = kind == labels.LOCAL_MODEL
        named = gr.Textbox(value=typed, visible=not is_local, placeholder=HINTS.get(kind, ""))
        return {**say(kind, typed, keys), picker.kind: kind, picker.name: named}

    def keep(key: str, kind: str, name: str, keys: Keys) -> Updates:
        if not key.strip():
            return {picker.key: ""}
        try:
            choice = picked(kind, name).choice(settings)
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            return {picker.key: "", picker.tried: problem_html(error)}
        if choice.base_url is None:  # no server that takes a key from here
            return {picker.key: ""}
        keys = {**keys, origin_of(choice.base_url): SecretStr(key.strip())}
        note = privacy(kind, name, settings, keys).html
        kept = _said_html(labels.KEY_KEPT.format(choice.address))
        return {picker.key: "", picker.keys: keys, picker.note: note, picker.tried: kept}

    def test(kind: str, name: str, keys: Keys) -> Iterator[Updates]:
        model = picked(kind, name, keys)
        yield {picker.test: gr.Button(visible=False), picker.stop: gr.Button(visible=True)}
        try:
            for event in trial(model.choice(settings), settings):
                yield {picker.tried: _said_html(f"{event.doing}…" if isinstance(event, Stage) else event)}
            chats.failing.discard(model.name)
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            chats.failing.add(model.name)
            yield {picker.tried: problem_html(error)}
        yield {**at_rest(), **say_of_server(kind, name, keys)}

    def at_rest() -> Updates:
        return {picker.test: gr.Button(visible=True), picker.stop: gr.Button(visible=False)}

    def stopped() -> Updates:
        return {**at_rest(), picker.tried: _said_html(labels.STOPPED)}

    changed = [picker.name, picker.key, picker.test, picker.panel, picker.note, picker.tried]
    gr.on([picker.kind.change, picker.name.change], say, picker.picked, changed, trigger_mode="always_last", **QUIET)
    kept = [picker.key, picker.keys, picker.note, picker.tried]
    gr.on([picker.key.blur, picker.key.submit], keep, [picker.key, *picker.picked], kept, **QUIET)
    # A click leaves the box, too: whichever of the two events comes first, the key is kept before it is tried.
    tested = [picker.tried, picker.test, picker.stop, picker.panel, picker.note]
    testing = picker.test.click(keep, [picker.key, *picker.picked], kept, **QUIET).then(
        test, picker.picked, tested, **WRITING
    )
    picker.stop.click(stopped, None, tested, cancels=testing, **QUIET)
    panels.boxes.failing.change(say_of_server, picker.picked, [picker.panel, picker.note], **QUIET)
    # What was chosen by hand is remembered, and nothing that the page itself chose.
    chosen = [picker.kind.input, picker.name.change]
    gr.on(chosen, picked_model, [picker.kind, picker.name], picker.kept, trigger_mode="always_last", **QUIET)
    picker.kept.change(None, picker.kept, None, js=_REMEMBER, **QUIET)
    page.load(remembered, [picker.kept, picker.keys], [picker.kind, *changed], js=_REMEMBERED, **QUIET)


def _said_html(text: str) -> str:
    return cleaned(f'<p class="quiet" role="status">{escaped(text)}</p>')
