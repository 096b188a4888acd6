"""What happens in the model picker."""

from collections.abc import Iterator

import gradio as gr
from pydantic import SecretStr

from assistant.models.trial import trial
from assistant.records import Stage
from assistant.settings import Settings
from assistant.ui import labels
from assistant.ui.gradio_parts import QUIET, WRITING, Updates
from assistant.ui.layout import Panels
from assistant.ui.markup import cleaned, escaped
from assistant.ui.model_picker import HINTS, WITH_KEYS, Keys, picked, privacy
from assistant.ui.problems import problem_html
from vectorstore.servers import origin_of


def wire_model(settings: Settings, panels: Panels) -> None:
    """Say what leaves the machine as soon as the choice changes, keep a key for the server that it was typed for, and
    try a model when that is wanted."""
    picker = panels.picker

    def say(kind: str, name: str, keys: Keys) -> Updates:
        said = privacy(kind, name, settings, keys)
        is_local = kind == labels.LOCAL_MODEL
        return {
            picker.name: gr.Textbox(visible=not is_local, placeholder=HINTS.get(kind, "")),
            picker.key: gr.Textbox(visible=kind in WITH_KEYS),  # what was typed there was kept when it was left
            picker.test: gr.Button(visible=not is_local),
            picker.panel: gr.Accordion(label=said.line, elem_classes=[said.kind]),
            picker.note: said.html,
            picker.tried: "",
        }

    def keep(key: str, kind: str, name: str, keys: Keys) -> Updates:
        if not key.strip():
            return {picker.key: ""}
        try:
            choice = picked(kind, name).choice(settings)
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            return {picker.key: "", picker.tried: _problem_html(error)}
        if choice.base_url is None:  # no server that takes a key from here
            return {picker.key: ""}
        keys = {**keys, origin_of(choice.base_url): SecretStr(key.strip())}
        note = privacy(kind, name, settings, keys).html
        kept = _said_html(labels.KEY_KEPT.format(choice.address))
        return {picker.key: "", picker.keys: keys, picker.note: note, picker.tried: kept}

    def test(kind: str, name: str, keys: Keys) -> Iterator[Updates]:
        try:
            for event in trial(picked(kind, name, keys).choice(settings), settings):
                yield {picker.tried: _said_html(f"{event.doing}…" if isinstance(event, Stage) else event)}
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            yield {picker.tried: _problem_html(error)}

    changed = [picker.name, picker.key, picker.test, picker.panel, picker.note, picker.tried]
    gr.on([picker.kind.change, picker.name.change], say, picker.picked, changed, trigger_mode="always_last", **QUIET)
    kept = [picker.key, picker.keys, picker.note, picker.tried]
    gr.on([picker.key.blur, picker.key.submit], keep, [picker.key, *picker.picked], kept, **QUIET)
    # A click leaves the box, too: whichever of the two events comes first, the key is kept before it is tried.
    picker.test.click(keep, [picker.key, *picker.picked], kept, **QUIET).then(
        test, picker.picked, picker.tried, **WRITING
    )


def _said_html(text: str) -> str:
    return cleaned(f'<p class="quiet" role="status">{escaped(text)}</p>')


def _problem_html(error: Exception) -> str:
    return problem_html(error)
