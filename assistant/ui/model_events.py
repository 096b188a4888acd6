"""What happens in the model picker."""

from collections.abc import Iterator

import gradio as gr

from assistant.models.choices import model_choice
from assistant.models.trial import trial
from assistant.records import Stage
from assistant.settings import Settings
from assistant.ui import labels
from assistant.ui.asking import sentence_of
from assistant.ui.gradio_parts import QUIET, WRITING, Updates
from assistant.ui.layout import Panels
from assistant.ui.markup import cleaned, escaped
from assistant.ui.model_picker import HINTS, picked_model, privacy


def wire_model(settings: Settings, panels: Panels) -> None:
    """Say what leaves the machine as soon as the choice changes, and try a model when that is wanted."""
    picker = panels.picker

    def say(kind: str, name: str) -> Updates:
        said = privacy(kind, name, settings)
        is_local = kind == labels.LOCAL_MODEL
        return {
            picker.name: gr.Textbox(visible=not is_local, placeholder=HINTS.get(kind, "")),
            picker.test: gr.Button(visible=not is_local),
            picker.panel: gr.Accordion(label=said.line, elem_classes=[said.kind]),
            picker.note: said.html,
            picker.tried: "",
        }

    def test(kind: str, name: str) -> Iterator[Updates]:
        try:
            for event in trial(model_choice(picked_model(kind, name), settings), settings):
                text = f"{event.doing}…" if isinstance(event, Stage) else event
                yield {picker.tried: cleaned(f'<p class="quiet" role="status">{escaped(text)}</p>')}
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            yield {picker.tried: cleaned(f'<p class="problem" role="alert">{escaped(sentence_of(error))}</p>')}

    choice, changed = [picker.kind, picker.name], [picker.name, picker.test, picker.panel, picker.note, picker.tried]
    choosing = [picker.kind.change, picker.name.change]
    gr.on(choosing, say, choice, changed, trigger_mode="always_last", **QUIET)
    picker.test.click(test, choice, picker.tried, **WRITING)
