"""The view of related work: a topic or a draft -> a section, its LaTeX and .bib, and the choice of its papers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import gradio as gr
from gradio.components import Component

from assistant.manuscripts.bib_format import BibFormat
from assistant.manuscripts.drafts import draft_of, read_draft
from assistant.manuscripts.related_papers import Wanted
from assistant.manuscripts.related_work import related_work
from assistant.manuscripts.sections import Section
from assistant.pipeline import Assistant
from assistant.records import Stage
from assistant.ui import labels
from assistant.ui.footers import slug
from assistant.ui.gradio_parts import QUIET, WRITING, Updates, box, html, landmark, said_in
from assistant.ui.markup import escaped
from assistant.ui.model_picker import Keys, Pick, picked
from assistant.ui.problems import problem_html, sentence_of
from assistant.ui.related_html import BOX, Choice, papers_html, related_footer_html, source_html, table_html
from assistant.ui.section_html import growing_html, section_html, section_sources_html

TEXT_ID = "related"
_PAPERS, _WORDS = (6, 12, 20, 40), (150, 300, 600)
_OTHER_FORMATS = {BibFormat.BIBLATEX: "-biblatex", BibFormat.RIS: "", BibFormat.CSL_JSON: ""}  # what a file's name has
_MOST_CHARACTERS = 100_000  # of a draft that is pasted


@dataclass(frozen=True)
class Desk:
    """What lies on one visitor's desk: the section, and the choice of papers for the next one."""

    section: Section | None = None
    choice: Choice = field(default_factory=Choice)
    natbib: bool = False
    asked: tuple[str, str] = ("", "")  # the topic and the draft that the choice is for


@dataclass(frozen=True, slots=True)
class RelatedView:
    """The components that change."""

    desk: gr.State
    topic: gr.Textbox
    papers: gr.Dropdown
    words: gr.Dropdown
    go: gr.Button
    stop: gr.Button
    draft: gr.Textbox
    file: gr.File
    lumped: gr.Checkbox
    natbib: gr.Checkbox
    clicked: gr.Textbox
    live: gr.HTML
    text: gr.HTML
    latex: gr.HTML
    bibtex: gr.HTML
    table: gr.HTML
    sources: gr.HTML


def related_view(*, natbib: bool) -> RelatedView:
    """Place the view; its papers and evidence are placed by whoever calls."""
    desk = gr.State(Desk(natbib=natbib))
    with gr.Column(elem_id="related", elem_classes="view"):
        html(f'<h2 class="view-title">{labels.VIEWS["related"]}</h2><p class="quiet">{labels.RELATED_LEDE}</p>')
        with gr.Row(elem_classes="asked"):
            topic = gr.Textbox("", label=labels.TOPIC, placeholder=labels.TOPIC_HINT, container=False, max_length=2000)
            papers = gr.Dropdown(
                [(labels.UP_TO.format(number), number) for number in _PAPERS],
                value=12,
                label=labels.MOST,
                container=False,
                filterable=False,
            )
            words = gr.Dropdown(
                [(labels.ANY_LENGTH, 0), *((labels.ABOUT_WORDS.format(number), number) for number in _WORDS)],
                value=0,
                label=labels.LENGTH,
                container=False,
                filterable=False,
            )
            go = gr.Button(labels.DRAFT_IT, variant="primary", elem_classes="go")
            stop = gr.Button(labels.STOP, visible=False, elem_classes="go")
        with gr.Accordion(labels.DRAFT, open=False):
            draft = gr.Textbox(
                "",
                label=labels.DRAFT,
                show_label=False,
                placeholder=labels.DRAFT_HINT,
                lines=5,
                max_lines=12,
                max_length=_MOST_CHARACTERS,
            )
            kinds = [".txt", ".md", ".tex"]
            file = gr.File(label=labels.DRAFT_FILE, file_types=kinds, elem_id="draft-file", elem_classes="drop")
            lumped = gr.Checkbox(False, label=labels.LUMPED, container=False)
            cites = gr.Checkbox(natbib, label=labels.NATBIB, container=False)
        clicked = box(BOX)
        live = html()
        with gr.Tabs(elem_id="made"):  # the style sheet hides it while its text is empty
            with gr.Tab(labels.TEXT):
                text = html(template=landmark("section", labels.TEXT))
            with gr.Tab(labels.LATEX):
                latex = html()
            with gr.Tab(labels.BIBTEX):
                bibtex = html()
            with gr.Tab(labels.TABLE):
                table = html()
    return RelatedView(
        *(desk, topic, papers, words, go, stop, draft, file, lumped, cites, clicked, live, text, latex, bibtex, table),
        sources=html(
            f'<p class="quiet">{labels.NO_RELATED_EVIDENCE}</p>',
            template=landmark("aside", labels.PAPERS_AND_EVIDENCE),
            elem_id="sources-of-related",
            render=False,
        ),
    )


def wire_related(assistant: Assistant, view: RelatedView, model: Sequence[Component]) -> None:
    """Draft on Enter and by the button; read a draft's file; pin, drop, move, rewrite; stop.

    `model` are the components that say which model writes: its kind, its name and the visitor's keys.
    """
    changed = [
        *(view.desk, view.go, view.stop, view.live, view.text, view.latex, view.bibtex, view.table),
        view.sources,
    ]

    def draft(
        topic: str, own: str, papers: int, words: int, lumped: bool, desk: Desk, kind: str, typed: str, keys: Keys
    ) -> Iterator[Updates]:
        yield {view.go: gr.Button(visible=False), view.stop: gr.Button(visible=True)}
        if desk.asked != (topic, own):
            desk = Desk(asked=(topic, own), natbib=desk.natbib)  # the choice was for another topic
        try:
            wanted = Wanted(
                topic=" ".join(topic.split()),
                draft=draft_of(own) if own.strip() else None,
                most_papers=papers,
                words=words or None,
                lumped=lumped,
                pinned=desk.choice.pinned,
                dropped=desk.choice.dropped,
                order=desk.choice.order,
            )
            yield from _drafted(assistant, view, wanted, desk, picked(kind, typed, keys))
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            yield {view.live: problem_html(error)}
        yield _at_rest(view)

    def click(said: str, lumped: bool, desk: Desk, kind: str, typed: str, keys: Keys) -> Iterator[Updates]:
        act, _, which = said_in(said).partition(" ")
        yield {view.live: ""}
        if desk.section and act == "rewrite" and re.fullmatch(r"\d{1,3}", which):
            yield from _rewritten(assistant, view, desk, int(which), picked(kind, typed, keys), lumped=lumped)
        elif desk.section:
            choice = desk.choice.after(act, which, desk.section.paper_ids)
            desk = replace(desk, choice=choice)
            yield {view.desk: desk, view.sources: _sources_html(assistant, desk, changed=True)}

    def cite(natbib: bool, desk: Desk) -> Updates:
        desk = replace(desk, natbib=natbib)
        return {view.desk: desk, **(_written(assistant, view, desk) if desk.section else {})}

    view.natbib.input(cite, [view.natbib, view.desk], [view.desk, view.text, view.latex, view.bibtex], **QUIET)
    state = [view.lumped, view.desk, *model]
    asked = [view.topic, view.draft, view.papers, view.words]
    drafting = [
        gr.on([view.topic.submit, view.go.click], draft, [*asked, *state], changed, **WRITING),
        view.clicked.change(click, [view.clicked, *state], changed, **WRITING),
    ]
    view.stop.click(lambda: _at_rest(view), None, [view.go, view.stop], cancels=drafting, **QUIET)
    view.file.upload(_read, view.file, [view.draft, view.file], **QUIET)


def _read(file: str) -> tuple[str, None]:
    try:
        return "\n\n".join(read_draft(Path(file)).paragraphs), None
    except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
        gr.Warning(escaped(sentence_of(error)))
        return "", None


def _drafted(assistant: Assistant, view: RelatedView, wanted: Wanted, desk: Desk, model: Pick) -> Iterator[Updates]:
    text = ""
    for event in related_work(wanted, assistant.library, model.choice(assistant.settings), assistant.settings):
        if isinstance(event, Section):
            yield _section_shown(assistant, view, replace(desk, section=event))
            continue
        doing = event.doing if isinstance(event, Stage) else labels.WRITING
        text += event if isinstance(event, str) else ""
        yield {view.live: growing_html(text, doing), view.text: ""}


def _rewritten(
    assistant: Assistant, view: RelatedView, desk: Desk, number: int, model: Pick, *, lumped: bool
) -> Iterator[Updates]:
    assert desk.section is not None
    yield {view.live: growing_html("", labels.WRITING), view.stop: gr.Button(visible=True)}
    try:
        section = assistant.paragraph_anew(desk.section, number, lumped=lumped, model=model.choice(assistant.settings))
        yield _section_shown(assistant, view, replace(desk, section=section))
    except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
        yield {view.live: problem_html(error)}
    yield _at_rest(view)


def _section_shown(assistant: Assistant, view: RelatedView, desk: Desk) -> Updates:
    section = desk.section
    assert section is not None
    name = slug(section.about)
    if section.abstained:
        return {
            view.desk: desk,
            view.live: section_html(section, TEXT_ID),
            view.text: "",
            view.sources: "",
        }
    table = assistant.table(section.paper_ids)
    return {
        view.desk: desk,
        view.live: "",
        **_written(assistant, view, desk),
        view.table: table_html(table, TEXT_ID, name),
        view.sources: _sources_html(assistant, desk, changed=False),
    }


def _written(assistant: Assistant, view: RelatedView, desk: Desk) -> Updates:
    """Return the text with what is copied from it, its LaTeX and its bibliography in each format."""
    assert desk.section is not None
    if desk.section.abstained:
        return {}
    section = desk.section.with_natbib() if desk.natbib else desk.section
    name = slug(section.about)
    others = [
        (assistant.bibliography(section, bib_format), f"{name}{added}{bib_format.ending}")
        for bib_format, added in _OTHER_FORMATS.items()
    ]
    return {
        view.text: section_html(section, TEXT_ID, rewritten_by=BOX) + related_footer_html(section),
        view.latex: source_html(section.latex, f"{name}.tex"),
        view.bibtex: source_html(section.bibtex, f"{name}.bib", others),
    }


def _sources_html(assistant: Assistant, desk: Desk, *, changed: bool) -> str:
    assert desk.section is not None
    papers = papers_html(desk.section, desk.choice, assistant.library, changed=changed)
    return papers + section_sources_html(desk.section, assistant.library, TEXT_ID)


def _at_rest(view: RelatedView) -> Updates:
    return {view.go: gr.Button(visible=True), view.stop: gr.Button(visible=False)}
