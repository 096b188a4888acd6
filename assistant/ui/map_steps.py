"""The map of the library and its timeline, drawn in a thread of their own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.ui import labels
from assistant.ui.background_steps import Step, Work
from vectorstore.library import Library

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def map_steps(library: Library) -> "Iterator[str | tuple[Figure, Figure]]":
    """Yield what is being done, then the map and the timeline."""
    from assistant.facts.library_map import library_map
    from assistant.facts.map_plots import map_figure, papers_over_time

    yield labels.DRAWING
    for step in Work(lambda on_progress: library_map(library, on_progress=on_progress)).steps():
        if isinstance(step, Step):
            yield f"{step.doing} {step.done:,}/{step.total:,}"
        else:
            yield map_figure(step), papers_over_time(step)
