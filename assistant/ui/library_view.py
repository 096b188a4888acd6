"""The view of the library: the table of papers, the map, the timeline and what was deleted; a paper at the right."""

from dataclasses import dataclass

import gradio as gr

from assistant.ui import labels
from assistant.ui.gradio_parts import box, html, landmark
from assistant.ui.papers_html import SHELF_BOX, TURNED_BOX

SHOWN_BOX, OF_LISTING_BOX = "paper-shown", "papers-of"  # which paper, and which listing, was clicked
ANY = ""
NO_PAPER = f'<p class="quiet">{labels.NO_PAPER_SHOWN}</p>'
_CHOSEN = (
    f'<div id="chosen" role="status" data-said="{labels.CHOSEN}" hidden><span class="count"></span>'
    f'<button type="button" data-chosen="about">{labels.ASK_ABOUT_CHOSEN}</button>'
    f'<button type="button" data-chosen="remove">{labels.DELETE}</button>'
    f'<button type="button" data-chosen="clear">{labels.CLEAR_CHOICE}</button></div>'
)


@dataclass(frozen=True, slots=True)
class LibraryView:
    """The components that change."""

    words: gr.Textbox
    listing: gr.Dropdown
    year: gr.Dropdown
    category: gr.Dropdown
    code: gr.Dropdown
    turned: gr.Textbox
    shelf: gr.Textbox
    shown: gr.Textbox
    of_listing: gr.Textbox
    table: gr.HTML
    drawn: gr.State  # the library's revision that the map shows
    drawing: gr.HTML
    map: gr.Plot
    timeline: gr.Plot
    map_tab: gr.Tab
    timeline_tab: gr.Tab
    removals: gr.HTML
    paper: gr.HTML

    @property
    def choices(self) -> list[gr.Dropdown]:
        return [self.listing, self.year, self.category, self.code]

    @property
    def filters(self) -> list[gr.Textbox | gr.Dropdown]:
        return [self.words, *self.choices]


def library_view() -> LibraryView:
    """Place the view; the page of a paper is placed by whoever calls."""
    with gr.Column(elem_id="library", elem_classes="view wide"):
        html(f'<h2 class="view-title">{labels.LIBRARY}</h2><p class="quiet">{labels.LIBRARY_LEDE}</p>{_CHOSEN}')
        turned, shelf, shown, of_listing = map(box, (TURNED_BOX, SHELF_BOX, SHOWN_BOX, OF_LISTING_BOX))
        with gr.Tabs(elem_id="shelves"):
            with gr.Tab(labels.TABLE_OF_PAPERS):
                with gr.Row(elem_classes="asked"):
                    words = gr.Textbox(
                        "",
                        label=labels.SEARCH_PAPERS,
                        placeholder=labels.SEARCH_PAPERS,
                        container=False,
                        max_length=300,
                        elem_id="search-papers",
                    )
                    listing = _choice(labels.LISTING, labels.ANY_LISTING)
                    year = _choice(labels.YEAR, labels.ANY_YEAR)
                    category = _choice(labels.CATEGORY, labels.ANY_CATEGORY)
                    code = _choice(labels.CODE, labels.ANY_CODE, labels.ONLY_CODE)
                table = html(template=landmark("section", labels.PAPERS), elem_id="papers")
            with gr.Tab(labels.MAP) as map_tab:
                html(f'<p class="quiet">{labels.MAP_LEDE}</p>')
                drawn, drawing = gr.State(-1), html()
                plot = gr.Plot(label=labels.MAP, show_label=False, visible=False, elem_classes="plot", elem_id="map")
            with gr.Tab(labels.TIMELINE) as timeline_tab:
                dated = gr.Plot(label=labels.TIMELINE, show_label=False, visible=False, elem_classes="plot")
            with gr.Tab(labels.DELETED):
                removals = html(template=landmark("section", labels.DELETED))
    return LibraryView(
        *(words, listing, year, category, code, turned, shelf, shown, of_listing, table),
        *(drawn, drawing, plot, dated, map_tab, timeline_tab, removals),
        paper=html(
            NO_PAPER,
            template=landmark("aside", labels.PAPER),
            elem_id="sources-of-library",
            render=False,
        ),
    )


def _choice(label: str, any_of_them: str, *others: str) -> gr.Dropdown:
    choices = [(any_of_them, ANY), *((other, other) for other in others)]
    return gr.Dropdown(choices, value=ANY, label=label, container=False, filterable=not others)
