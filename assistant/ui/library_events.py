"""What happens in the library: its table, a paper's page, the map; papers and listings that go and come back."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import gradio as gr
from gradio.components import Component
from gradio.events import Dependency

from assistant.html.sanitizing import cleaned, escaped
from assistant.text.plain_text import plain_text
from assistant.ui import labels
from assistant.ui.background_steps import Step, Work
from assistant.ui.chats import Chats
from assistant.ui.conversation_list import toast_html
from assistant.ui.gradio_parts import EACH, QUIET, Updates, named_in_address, plotted, said_in
from assistant.ui.layout import Panels
from assistant.ui.library_view import ANY, NO_PAPER, LibraryView
from assistant.ui.limits_panel import limits_html
from assistant.ui.listing_events import listings_shown
from assistant.ui.paper_html import paper_html
from assistant.ui.papers_html import PAGE, SHELF_BOX, table_html
from assistant.ui.problems import problem_html
from vectorstore.errors import AssistantError
from vectorstore.library import Library

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_ORDER = ("published", "desc", "0")


def wire_library(page: gr.Blocks, chats: Chats, panels: Panels) -> None:
    """Show the table as its filters say; show a paper; delete, restore, keep apart and join; draw the map."""
    library, view = chats.assistant.library, panels.library
    picked = [view.listing, view.year, view.category]
    offered = [*picked, view.removals]

    def filtered(*filters: str) -> Updates:
        return {view.table: _table(library, *filters, turned="")}

    def turned(said: str, *filters: str) -> Updates:
        return {view.table: _table(library, *filters, turned=said_in(said))}

    def of_listing(said: str) -> Updates:
        name = said_in(said)
        values = {view.words: "", view.listing: name, view.year: ANY, view.category: ANY, view.code: ANY}
        return {**values, view.table: _table(library, "", name, ANY, ANY, ANY, turned="")}

    def show(said: str) -> Updates:
        return {view.paper: _paper(library, said_in(said))}

    begun = [page.load, panels.side.report.change]  # or something was read
    typed = [view.words.change, *(one.input for one in view.choices)]
    # one event for all that fill the table, so that what was typed last is shown last
    gr.on([*begun, *typed], filtered, view.filters, view.table, trigger_mode="always_last", **QUIET)
    gr.on(begun, lambda *them: _offered(chats, view, *them), picked, offered, trigger_mode="always_last", **QUIET)
    view.turned.change(turned, [view.turned, *view.filters], view.table, **QUIET)
    view.of_listing.change(of_listing, view.of_listing, [*view.filters, view.table], **QUIET)
    view.shown.change(show, view.shown, view.paper, **QUIET)
    page.load(None, None, view.shown, js=named_in_address("library"), **QUIET)  # whose change shows the paper
    _wire_shelf(chats, panels, picked, offered).then(filtered, view.filters, view.table, **QUIET)
    _wire_map(library, view)


def _offered(chats: Chats, view: LibraryView, listing: str, year: str, category: str) -> Updates:
    """Return the filters that this library offers, each as picked if that is still there, and what was deleted."""
    facets = chats.assistant.library.table.facets()
    listings = [(f"{one.owner or one.name} ({one.entries:,})", one.name) for one in facets.listings]
    years = [(f"{year} ({count:,})", str(year)) for year, count in facets.years]
    categories = [(f"{name} ({count:,})", name) for name, count in facets.categories]
    return {
        view.listing: _choices((labels.ANY_LISTING, ANY), *listings, picked=listing),
        view.year: _choices((labels.ANY_YEAR, ANY), *years, picked=year),
        view.category: _choices((labels.ANY_CATEGORY, ANY), *categories, picked=category),
        view.removals: chats.removals_html(),
    }


def _choices(*offered: tuple[str, str], picked: str) -> gr.Dropdown:
    return gr.Dropdown(offered, value=picked if any(picked == value for _, value in offered) else ANY)


def _table(library: Library, words: str, listing: str, year: str, category: str, code: str, *, turned: str) -> str:
    """Return a page of the table; `turned` is "title asc 50", as its headers and arrows say it."""
    sort, order, offset = turned.split(" ") if turned.count(" ") == 2 else _ORDER
    first = int(offset) if offset.isdecimal() else 0
    found = library.table.page(
        words,
        listing=listing or None,
        year=int(year) if year else None,
        category=category or None,
        has_code=True if code else None,
        sort=sort,
        descending=order == "desc",
        offset=first,
        limit=PAGE,
    )
    is_filtered = bool(words.strip() or listing or year or category or code)
    return table_html(found, sort=sort, descending=order == "desc", offset=first, is_filtered=is_filtered)


def _paper(library: Library, paper_id: str) -> str:
    papers = library.catalogue.papers([paper_id])
    if not papers:
        return cleaned(f'<p class="quiet">{labels.PAPER_GONE}</p>')
    return paper_html(papers[0], library.merge_reasons(paper_id), library.catalogue.conflicts_of(papers[0]))


# -- what goes and comes back


def _wire_shelf(chats: Chats, panels: Panels, picked: list[gr.Dropdown], offered: list[Component]) -> Dependency:
    library, view = chats.assistant.library, panels.library

    def act(said: str, shown: str, conversation_id: str, *them: str) -> Updates:
        what, _, which = said_in(said).partition(" ")
        try:
            toast = _done(chats, what, which)
        except AssistantError as error:
            return {panels.boxes.toast: toast_html(str(error))}
        return {
            **_offered(chats, view, *them),
            **listings_shown(library, panels),
            panels.boxes.toast: toast,
            view.paper: _paper(library, said_in(shown)) if shown else NO_PAPER,
            panels.chat.limits.chips: limits_html(chats.limits(conversation_id), library),
        }

    side = [panels.side.library, panels.side.read_seeds, panels.chat.welcome.hint, *panels.chat.welcome.examples]
    changed = [*offered, *side, panels.boxes.toast, view.paper, panels.chat.limits.chips]
    return view.shelf.change(act, [view.shelf, view.shown, panels.boxes.conversation, *picked], changed, **EACH)


def _done(chats: Chats, what: str, which: str) -> str:
    """Do what was clicked; return the line that says so, with the way back, as HTML."""
    library = chats.assistant.library
    if what in ("remove-papers", "remove-listing"):
        removal = library.remove_listing(which) if what == "remove-listing" else library.remove_papers(which.split())
        return toast_html(labels.DELETED_NOW.format(_named(removal.names)), f"restore {removal.removal_id}", SHELF_BOX)
    if what in ("restore", "forget") and which.isdecimal():
        forgets = what == "forget"
        removal = chats.forget(int(which)) if forgets else library.restore(int(which))
        return toast_html((labels.FORGOTTEN_NOW if forgets else labels.RESTORED_NOW).format(_named(removal.names)))
    sha256, _, line = which.partition(" ")
    if what in ("apart", "rejoin") and line.isdecimal():
        if what == "apart":
            library.keep_apart(sha256, int(line))
            return toast_html(labels.KEPT_APART_NOW, f"rejoin {which}", SHELF_BOX)
        library.rejoin(sha256, int(line))
        return toast_html(labels.REJOINED_NOW)
    return ""


def _named(names: tuple[str, ...]) -> str:
    return plain_text(names[0]) if len(names) == 1 else labels.counted(len(names), "paper")


# -- the map


def _wire_map(library: Library, view: LibraryView) -> None:
    """Draw the map and the timeline when they are first looked at, and again after the library has changed."""

    def draw(drawn: int) -> Iterator[Updates]:
        revision, plots = library.revision, (view.map, view.timeline)
        if drawn == revision:
            yield {view.drawing: ""}
            return
        try:
            for step in _map_steps(library):
                if isinstance(step, str):
                    yield {view.drawing: cleaned(f'<p class="doing" role="status">{escaped(step)}…</p>')}
                    continue
                if library.catalogue.is_empty():
                    empty = cleaned(f'<p class="quiet" role="status">{labels.EMPTY_LIBRARY}</p>')
                    yield {view.drawing: empty, view.drawn: revision, **dict.fromkeys(plots, gr.Plot(visible=False))}
                    continue
                plot, dated = step
                shown = {view.map: plotted(plot), view.timeline: plotted(dated)}
                yield {view.drawing: "", view.drawn: revision, **shown}
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            yield {view.drawing: problem_html(error)}

    changed = [view.drawn, view.drawing, view.map, view.timeline]
    for tab in (view.map_tab, view.timeline_tab):
        tab.select(draw, view.drawn, changed, concurrency_limit=1, concurrency_id="map", **QUIET)


def _map_steps(library: Library) -> "Iterator[str | tuple[Figure, Figure]]":
    """Yield what is being done, then the map and the timeline."""
    from assistant.facts.library_map import library_map
    from assistant.facts.map_plots import map_figure, papers_over_time

    yield labels.DRAWING
    for step in Work(lambda on_progress: library_map(library, on_progress=on_progress)).steps():
        if isinstance(step, Step):
            yield f"{step.doing} {step.done:,}/{step.total:,}"
        else:
            yield map_figure(step), papers_over_time(step)
