"""The view of authors: a name -> profile, plots and summary, and the user's decisions on who is who."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import gradio as gr
from gradio.components import Component

from assistant.facts.author_disambiguation import merge_authors, split_author, undo_decision
from assistant.facts.author_plots import coauthor_graph, papers_a_year
from assistant.facts.authors import AuthorProfile, author_profile
from assistant.html.sanitizing import escaped
from assistant.manuscripts.author_summary import summary
from assistant.manuscripts.sections import Section
from assistant.pipeline import Assistant
from assistant.records import Stage
from assistant.text.plain_text import plain_text
from assistant.ui import labels
from assistant.ui.author_html import DECISION_BOX, SHOWN_BOX, facts_html, names_html, profile_html, summary_footer_html
from assistant.ui.gradio_parts import QUIET, WRITING, Updates, box, html, landmark, named_in_address, plotted, said_in
from assistant.ui.model_picker import Keys, Pick, picked
from assistant.ui.problems import problem_html
from assistant.ui.section_html import growing_html, section_html, section_sources_html
from vectorstore.catalogue.author_decisions import Decision
from vectorstore.errors import AssistantError, AuthorError

TEXT_ID = "author"
_NO_SUMMARY = f'<p class="quiet">{labels.NO_AUTHOR_EVIDENCE}</p>'
_MOST_STARTS = 12  # names offered before one is asked for


@dataclass(frozen=True, slots=True)
class AuthorsView:
    """The components that change. `author` is the name that is shown, "" before there is one."""

    author: gr.State
    name: gr.Textbox
    show: gr.Button
    stop: gr.Button
    names: gr.HTML
    shown_box: gr.Textbox
    decision_box: gr.Textbox
    profile: gr.HTML
    timeline: gr.Plot
    summary: gr.HTML
    facts: gr.HTML
    graph_panel: gr.Accordion
    graph: gr.Plot
    apart: gr.Dropdown
    split: gr.Button
    other: gr.Textbox
    merge: gr.Button
    sources: gr.HTML


def authors_view() -> AuthorsView:
    """Place the view; its evidence is placed by whoever calls."""
    author = gr.State("")
    with gr.Column(elem_id="authors", elem_classes="view"):
        html(f'<h2 class="view-title">{labels.VIEWS["authors"]}</h2><p class="quiet">{labels.AUTHORS_LEDE}</p>')
        with gr.Row(elem_classes="asked"):
            name = gr.Textbox(
                "", label=labels.AUTHOR_NAME, placeholder=labels.AUTHOR_HINT, container=False, max_length=300
            )
            show = gr.Button(labels.SHOW_AUTHOR, variant="primary", elem_classes="go")
            stop = gr.Button(labels.STOP, visible=False, elem_classes="go")
        names = html()
        shown_box, decision_box = box(SHOWN_BOX), box(DECISION_BOX)
        profile = html(template=landmark("section", labels.PROFILE))
        dated = gr.Plot(
            label=labels.OVER_TIME, show_label=False, visible=False, elem_id="author-years", elem_classes="plot"
        )
        text = html(template=landmark("section", labels.SUMMARY))
        with gr.Column(elem_id="author-more"):  # the style sheet hides it while the profile is empty
            facts = html()
            with gr.Accordion(labels.COAUTHOR_GRAPH, open=False, elem_id="coauthors") as graph_panel:
                graph = gr.Plot(label=labels.COAUTHOR_GRAPH, show_label=False, elem_classes="plot")
            html(f'<h3 class="section">{labels.WHO_IS_WHO}</h3>')
            with gr.Row(elem_classes="asked"):
                apart = gr.Dropdown([], value=[], label=labels.APART, multiselect=True)
                split = gr.Button(labels.APART_BUTTON, elem_classes="go")
            with gr.Row(elem_classes="asked"):
                other = gr.Textbox("", label=labels.MERGE, max_length=300)
                merge = gr.Button(labels.MERGE_BUTTON, elem_classes="go")
    return AuthorsView(
        *(author, name, show, stop, names, shown_box, decision_box, profile, dated, text, facts, graph_panel, graph),
        *(apart, split, other, merge),
        sources=html(
            _NO_SUMMARY,
            template=landmark("aside", labels.EVIDENCE),
            elem_id="sources-of-authors",
            render=False,
        ),
    )


def wire_authors(
    page: gr.Blocks, assistant: Assistant, view: AuthorsView, model: Sequence[Component], *, listings: gr.HTML
) -> None:
    """Show an author on Enter, by the button and by a click on a name; decide who is who; stop.

    `model` are the components that say which model writes: its kind, its name and the visitor's keys. `listings`
    changes with what is in the library.
    """
    changed = [
        *(view.author, view.name, view.show, view.stop, view.names, view.profile, view.timeline, view.summary),
        *(view.facts, view.graph_panel, view.graph, view.apart, view.other, view.sources),
    ]

    def show(name: str, kind: str, typed: str, keys: Keys) -> Iterator[Updates]:
        yield {view.other: ""}  # a generator that yields nothing would empty the page
        if name.strip():
            yield from _shown(assistant, view, name, model=picked(kind, typed, keys))
        else:
            yield {**_nobody(view), view.names: _most_papers_html(assistant)}  # what is typed meanwhile stays

    def show_clicked(said: str, kind: str, typed: str, keys: Keys) -> Iterator[Updates]:
        yield from show(said_in(said), kind, typed, keys)

    def decide(said: str, author: str, kind: str, typed: str, keys: Keys) -> Iterator[Updates]:
        decision = partial(undo_decision, author) if said_in(said) == "undo" else partial(split_author, author, ())
        yield from show(after(decision, author), kind, typed, keys)

    def split(papers: list[str], author: str, kind: str, typed: str, keys: Keys) -> Iterator[Updates]:
        yield from show(after(partial(split_author, author, papers), author), kind, typed, keys)

    def merge(other: str, author: str, kind: str, typed: str, keys: Keys) -> Iterator[Updates]:
        yield from show(after(partial(merge_authors, author, other), author), kind, typed, keys)

    def after(decide: Callable[..., Decision], author: str) -> str:
        """Return whom a decision leaves to be shown: the author as before if it cannot be made, and why is said."""
        try:
            decision = decide(library=assistant.library, people=assistant.vocabulary().people)
        except AssistantError as error:
            gr.Warning(escaped(str(error)))
            return author
        there = assistant.vocabulary().people.meant(decision.name)
        return there[0] if there else decision.name

    named, clicked = [view.name.submit, view.show.click], [view.other.submit, view.merge.click]
    showing = [
        gr.on(named, show, [view.name, *model], changed, **WRITING),
        view.shown_box.change(show_clicked, [view.shown_box, *model], changed, **WRITING),
        view.decision_box.change(decide, [view.decision_box, view.author, *model], changed, **WRITING),
        view.split.click(split, [view.apart, view.author, *model], changed, **WRITING),
        gr.on(clicked, merge, [view.other, view.author, *model], changed, **WRITING),
    ]
    view.stop.click(lambda: _at_rest(view), None, [view.show, view.stop], cancels=showing, **QUIET)
    begun = [page.load, listings.change]
    gr.on(begun, lambda author: gr.skip() if author else _most_papers_html(assistant), view.author, view.names, **QUIET)
    view.graph_panel.expand(lambda author: _graph(assistant, author), view.author, view.graph, **QUIET)
    page.load(None, None, view.shown_box, js=named_in_address("authors"), **QUIET)  # whose change shows the author


def _shown(assistant: Assistant, view: AuthorsView, name: str, *, model: Pick) -> Iterator[Updates]:
    """Yield what changes: the profile, then the growing summary, then the whole."""
    yield {view.name: name, view.show: gr.Button(visible=False), view.stop: gr.Button(visible=True)}
    try:
        profile = author_profile(name, assistant.library, assistant.vocabulary().people)
        yield _profile_shown(view, profile)
        yield from _summarised(assistant, view, profile, model)
    except AuthorError as error:
        yield {**_nobody(view), view.names: names_html(str(error), error.nearest)}
    except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
        yield {view.summary: problem_html(error)}
    yield _at_rest(view)


def _profile_shown(view: AuthorsView, profile: AuthorProfile) -> Updates:
    return {
        view.author: profile.author,
        view.name: profile.author,
        view.names: "",
        view.profile: profile_html(profile),
        view.timeline: plotted(papers_a_year(profile), visible=bool(profile.years)),
        view.summary: "",
        view.facts: facts_html(profile),
        view.graph_panel: gr.Accordion(open=False, visible=bool(profile.coauthors)),
        view.graph: gr.Plot(None),
        view.apart: gr.Dropdown([(plain_text(paper.title), paper.paper_id) for paper in profile.papers], value=[]),
    }


def _summarised(assistant: Assistant, view: AuthorsView, profile: AuthorProfile, model: Pick) -> Iterator[Updates]:
    text = ""
    choice = model.choice(assistant.settings)
    for event in summary(profile.papers, profile.author, assistant.library, choice, assistant.settings):
        if isinstance(event, Section):
            copied = event.with_natbib() if assistant.settings.natbib else event
            yield {
                view.summary: section_html(event, TEXT_ID) + summary_footer_html(copied),
                view.sources: section_sources_html(event, assistant.library, TEXT_ID),
            }
            continue
        doing = event.doing if isinstance(event, Stage) else labels.WRITING
        text += event if isinstance(event, str) else ""
        yield {view.summary: growing_html(text, doing)}


def _graph(assistant: Assistant, author: str) -> Updates:
    """Return the graph of an author's co-authors: it is large, and drawn for whoever wants it."""
    if not author:
        return {}
    return plotted(coauthor_graph(author_profile(author, assistant.library, assistant.vocabulary().people)))


def _nobody(view: AuthorsView) -> Updates:
    return {
        view.author: "",
        view.profile: "",
        view.timeline: gr.Plot(visible=False),
        view.summary: "",
        view.sources: _NO_SUMMARY,
    }


def _at_rest(view: AuthorsView) -> Updates:
    return {view.show: gr.Button(visible=True), view.stop: gr.Button(visible=False)}


def _most_papers_html(assistant: Assistant) -> str:
    names = assistant.library.catalogue.namesakes.most_papers(_MOST_STARTS)
    return names_html(labels.MOST_PAPERS, names) if names else ""
