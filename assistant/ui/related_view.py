"""The view of related work: a topic or a draft -> a section, its LaTeX and .bib, and the choice of its papers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import gradio as gr

from assistant.manuscripts.literature_table import ASPECTS
from assistant.manuscripts.sections import Section
from assistant.ui import labels
from assistant.ui.gradio_parts import box, html, landmark
from assistant.ui.related_html import BOX, Choice

_PAPERS, _WORDS = (6, 12, 20, 40), (150, 300, 600)
_MOST_CHARACTERS = 100_000  # of a draft that is pasted
_LONGEST_COLUMN = 200  # characters of a question that is a column of the table


@dataclass(frozen=True)
class Workspace:
    """What one visitor works on: the section, and the choice of papers for the next one."""

    section: Section | None = None
    choice: Choice = field(default_factory=Choice)
    natbib: bool = False
    asked: tuple[str, str] = ("", "")  # the topic and the draft that the choice is for
    kept: str = ""  # the id that the section is kept by
    version: int = 1
    versions: int = 1
    columns: tuple[str, ...] = ASPECTS  # of the table
    editing: int = 0  # the number of the paragraph that is being edited


@dataclass(frozen=True, slots=True)
class RelatedView:
    """The components that change."""

    workspace: gr.State
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
    shown: gr.Textbox  # the id of the kept section that the address names
    address: gr.Textbox  # the id that the address is to name
    editor: gr.Column
    edited: gr.Textbox
    save: gr.Button
    cancel: gr.Button
    live: gr.HTML
    text: gr.HTML
    latex: gr.HTML
    bibtex: gr.HTML
    columns: gr.CheckboxGroup
    own_column: gr.Textbox
    table: gr.HTML
    kept: gr.HTML
    sources: gr.HTML


def columns_offered(columns: Sequence[str]) -> list[tuple[str, str]]:
    """Return the columns of a table to choose from: the aspects, and those of one's own."""
    return [(labels.ASPECTS.get(column, column), column) for column in dict.fromkeys((*ASPECTS, *columns))]


def related_view(*, natbib: bool) -> RelatedView:
    """Place the view; its papers and evidence are placed by whoever calls."""
    workspace = gr.State(Workspace(natbib=natbib))
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
        clicked, shown, address = box(BOX), box("related-shown"), box("related-address")
        live = html()
        with gr.Column(visible=False) as editor:
            edited = gr.Textbox("", label=labels.EDITED_PARAGRAPH, lines=5, max_lines=14, max_length=_MOST_CHARACTERS)
            with gr.Row():
                save = gr.Button(labels.SAVE_AND_CHECK, variant="primary", size="sm")
                cancel = gr.Button(labels.CANCEL, size="sm")
        with gr.Tabs(elem_id="made"):  # the style sheet hides it while its text is empty
            with gr.Tab(labels.TEXT):
                text = html(template=landmark("section", labels.TEXT))
            with gr.Tab(labels.LATEX):
                latex = html()
            with gr.Tab(labels.BIBTEX):
                bibtex = html()
            with gr.Tab(labels.TABLE):
                columns = gr.CheckboxGroup(
                    columns_offered(ASPECTS), value=list(ASPECTS), label=labels.COLUMNS, elem_id="table-columns"
                )
                own_column = gr.Textbox("", label=labels.OWN_COLUMN, max_lines=1, max_length=_LONGEST_COLUMN)
                table = html()
        kept = html(elem_id="related-kept")
    return RelatedView(
        *(workspace, topic, papers, words, go, stop, draft, file, lumped, cites, clicked, shown, address),
        *(editor, edited, save, cancel, live, text, latex, bibtex, columns, own_column, table, kept),
        sources=html(
            f'<p class="quiet">{labels.NO_RELATED_EVIDENCE}</p>',
            template=landmark("aside", labels.PAPERS_AND_EVIDENCE),
            elem_id="sources-of-related",
            render=False,
        ),
    )
