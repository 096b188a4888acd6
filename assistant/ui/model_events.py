"""What happens in the model picker."""

import gradio as gr

from assistant.settings import Settings
from assistant.ui import labels
from assistant.ui.gradio_parts import QUIET, Updates
from assistant.ui.layout import Panels
from assistant.ui.model_picker import privacy


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
