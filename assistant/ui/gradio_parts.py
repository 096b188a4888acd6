"""Gradio's parts as this page uses them."""

from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.components.plot import PlotData

from assistant.html.sanitizing import escaped
from assistant.ui.problems import sentence_of

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

# Nothing here is a public API, and the page shows by itself what it is doing. Values go to the browser as they are:
# what Gradio postprocesses it keeps for the whole session, anew for each copy that it makes of a part left unchanged.
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "postprocess": False}
# Each of them counts: Gradio drops an event, or all but the last, while the one before goes on.
EACH: dict[str, Any] = {"trigger_mode": "multiple", **QUIET}
# What a tab shows is followed for as long as anything runs, and what is clicked meanwhile is done at once; in the order
# of the clicks, which Gradio keeps among events of one id.
FOLLOWED: dict[str, Any] = {"concurrency_limit": None, "concurrency_id": "followed", **EACH}
# Texts are written side by side, for several visitors.
WRITING: dict[str, Any] = {"concurrency_limit": 8, "concurrency_id": "answers", **QUIET}

Updates = dict[Any, Any]  # Gradio's: component -> its new value or properties


class Page(gr.Blocks):
    """Blocks whose updates of properties all reach the browser, and whose faults are said in a line.

    Gradio sends the properties of a part as what to change in those sent before, and the browser changes them in place:
    on a busy machine those that it had not yet shown are lost. Here each set of properties is sent whole.
    """

    async def process_api(self, *given: Any, **named: Any) -> dict[str, Any]:
        """Return what an event gives. Gradio would print a traceback of values that are of the wrong kind."""
        try:
            return await super().process_api(*given, **named)
        except gr.Error as error:
            error.print_exception = False
            raise
        except Exception as error:
            raise gr.Error(sentence_of(error), print_exception=False) from error

    def handle_streaming_diffs(
        self,
        block_fn: BlockFunction,
        data: list[Any],
        session_hash: str | None,
        run: str | None,
        final: bool,
        simple_format: bool = False,
    ) -> list[Any]:
        """Return what is sent of the values of one step of a run."""
        values = list(data)
        sent = super().handle_streaming_diffs(block_fn, data, session_hash, run, final, simple_format)
        if final or simple_format:
            return sent
        return [
            [["replace", [], value]] if isinstance(value, dict) and isinstance(change, list) and change else change
            for value, change in zip(values, sent, strict=True)
        ]


def html(value: str = "", *, template: str = "${value}", elem_id: str | None = None, render: bool = True) -> gr.HTML:
    """Return a place for HTML in the page's own style. Gradio evaluates the template, never the value.

    Without `render` it stands where `render()` is called.
    """
    return gr.HTML(
        value, html_template=template, elem_id=elem_id, apply_default_css=False, js_on_load=None, render=render
    )


def plotted(figure: "Figure", *, visible: bool = True) -> dict[str, Any]:
    """Return the update that shows a figure in a gr.Plot."""
    return gr.update(value=PlotData(type="plotly", plot=figure.to_json()).model_dump(), visible=visible)


def landmark(opening: str, label: str) -> str:
    """Return the template of a part of the page that a screen reader can jump to."""
    return f'<{opening} aria-label="{escaped(label)}">${{value}}</{opening.split()[0]}>'


def box(name: str) -> gr.Textbox:
    """Return the hidden box into which the page's script writes the data-value of a clicked data-box="name"."""
    return gr.Textbox(visible="hidden", elem_id=name)


def named_in_address(view: str) -> str:
    """Return the script that tells a box at first which thing of a view the page's address names: #ask/3f09."""
    return (
        f"() => location.hash.startsWith('#{view}/')"
        f" ? decodeURIComponent(location.hash.slice({len(view) + 2})) + ' 0' : ''"
    )


def said_in(written: str) -> str:
    """Return what was written into a box, without the time that makes each click a change."""
    return written.rpartition(" ")[0]
