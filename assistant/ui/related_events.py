"""What happens in the view of related work: a section is drafted, rewritten, edited and kept, its papers are chosen."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import gradio as gr
from gradio.components import Component

from assistant.html.sanitizing import cleaned, escaped
from assistant.manuscripts.bib_format import BibFormat
from assistant.manuscripts.drafts import draft_of, read_draft
from assistant.manuscripts.related_papers import Wanted
from assistant.manuscripts.related_work import related_work
from assistant.manuscripts.section_store import KeptSections
from assistant.manuscripts.sections import Section
from assistant.pipeline import Assistant
from assistant.records import Stage
from assistant.ui import labels
from assistant.ui.footers import slug
from assistant.ui.gradio_parts import QUIET, WRITING, Updates, named_in_address, said_in
from assistant.ui.model_picker import Keys, Pick, picked
from assistant.ui.problems import problem_html, sentence_of
from assistant.ui.related_html import (
    BOX,
    kept_html,
    papers_html,
    related_footer_html,
    source_html,
    table_html,
    versions_html,
)
from assistant.ui.related_view import RelatedView, Workspace, columns_offered
from assistant.ui.section_html import growing_html, section_html, section_sources_html

TEXT_ID = "related"
_OTHER_FORMATS = {BibFormat.BIBLATEX: "-biblatex", BibFormat.RIS: "", BibFormat.CSL_JSON: ""}  # what a file's name has
# What is shown has its place in the address without a step in the history, as a conversation has.
_NAMED = "if (id && location.hash.startsWith('#related')) history.replaceState(null, '', `#related/${id}`);"


def wire_related(page: gr.Blocks, assistant: Assistant, view: RelatedView, model: Sequence[Component]) -> None:
    """Draft on Enter and by the button; read a draft's file; pin, drop, move, rewrite, edit; stop; show what is kept.

    `model` are the components that say which model writes: its kind, its name and the visitor's keys.
    """
    shown = _Shown(assistant, KeptSections(assistant.library.catalogue.engine), view)
    kept = shown.kept
    kept.purge()  # what was deleted when the program ran before
    changed = [
        *(view.workspace, view.go, view.stop, view.live, view.text, view.latex, view.bibtex, view.table, view.sources),
        *(view.editor, view.edited, view.kept, view.address, view.columns),
    ]

    def draft(
        topic: str,
        own: str,
        papers: int,
        words: int,
        lumped: bool,
        workspace: Workspace,
        kind: str,
        typed: str,
        keys: Keys,
    ) -> Iterator[Updates]:
        yield {view.go: gr.Button(visible=False), view.stop: gr.Button(visible=True)}
        if workspace.asked != (topic, own):
            workspace = Workspace(
                asked=(topic, own), natbib=workspace.natbib, columns=workspace.columns
            )  # the choice was for another topic
        try:
            wanted = Wanted(
                topic=" ".join(topic.split()),
                draft=draft_of(own) if own.strip() else None,
                most_papers=papers,
                words=words or None,
                lumped=lumped,
                pinned=workspace.choice.pinned,
                dropped=workspace.choice.dropped,
                order=workspace.choice.order,
            )
            yield from shown.drafted(wanted, workspace, picked(kind, typed, keys))
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            yield {view.live: problem_html(error)}
        yield _at_rest(view)

    def click(said: str, lumped: bool, workspace: Workspace, kind: str, typed: str, keys: Keys) -> Iterator[Updates]:
        act, _, which = said_in(said).partition(" ")
        yield {view.live: ""}
        if workspace.section and act == "rewrite" and re.fullmatch(r"\d{1,3}", which):
            yield from shown.rewritten(workspace, int(which), picked(kind, typed, keys), lumped=lumped)
        elif workspace.section and act == "edit" and re.fullmatch(r"\d{1,3}", which):
            yield shown.editor(workspace, int(which))
        elif act == "version" and re.fullmatch(r"\d{1,6}", which):
            yield shown.version(workspace, int(which))
        elif act in ("delete", "undelete"):
            kept.delete(which, deleted=act == "delete")
            yield {view.kept: shown.kept_list()}
        elif workspace.section:
            choice = workspace.choice.after(act, which, workspace.section.paper_ids)
            workspace = replace(workspace, choice=choice)
            yield {view.workspace: workspace, view.sources: shown.sources(workspace, changed=True)}

    def save(text: str, workspace: Workspace) -> Updates:
        if workspace.section is None:
            return {view.editor: gr.Column(visible=False)}
        try:
            section = assistant.paragraph_edited(workspace.section, workspace.editing, text)
            return shown.made(workspace, section)
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            return {view.live: problem_html(error)}

    def show(said: str, workspace: Workspace) -> Updates:
        return shown.version(replace(workspace, kept=said_in(said)))

    def cite(natbib: bool, workspace: Workspace) -> Updates:
        workspace = replace(workspace, natbib=natbib)
        return {view.workspace: workspace, **(shown.written(workspace) if workspace.section else {})}

    def choose(columns: list[str], workspace: Workspace) -> Updates:
        workspace = replace(workspace, columns=tuple(columns))
        return {view.workspace: workspace, **({view.table: shown.table(workspace)} if workspace.section else {})}

    def ask_each(asked: str, workspace: Workspace) -> Updates:
        columns = dict.fromkeys((*workspace.columns, *filter(None, [" ".join(asked.split())])))
        offered = gr.CheckboxGroup(columns_offered(list(columns)), value=list(columns))
        return {view.own_column: "", view.columns: offered, **choose(list(columns), workspace)}

    view.own_column.submit(
        ask_each,
        [view.own_column, view.workspace],
        [view.own_column, view.columns, view.workspace, view.table],
        **QUIET,
    )
    view.columns.input(choose, [view.columns, view.workspace], [view.workspace, view.table], **QUIET)
    view.natbib.input(
        cite, [view.natbib, view.workspace], [view.workspace, view.text, view.latex, view.bibtex], **QUIET
    )
    state = [view.lumped, view.workspace, *model]
    asked = [view.topic, view.draft, view.papers, view.words]
    drafting = [
        gr.on([view.topic.submit, view.go.click], draft, [*asked, *state], changed, **WRITING),
        view.clicked.change(click, [view.clicked, *state], changed, **WRITING),
    ]
    view.save.click(save, [view.edited, view.workspace], changed, **WRITING)
    view.cancel.click(lambda: gr.Column(visible=False), None, view.editor, **QUIET)
    view.shown.change(show, [view.shown, view.workspace], changed, **QUIET)
    page.load(shown.kept_list, None, view.kept, **QUIET)
    page.load(None, None, view.shown, js=named_in_address("related"), **QUIET)  # whose change shows the section
    view.address.change(None, view.address, None, js=f"(id) => {{ {_NAMED} }}", **QUIET)
    view.stop.click(lambda: _at_rest(view), None, [view.go, view.stop], cancels=drafting, **QUIET)
    view.file.upload(_read, view.file, [view.draft, view.file], **QUIET)


def _read(file: str) -> tuple[str, None]:
    try:
        return "\n\n".join(read_draft(Path(file)).paragraphs), None
    except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
        gr.Warning(escaped(sentence_of(error)))
        return "", None


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is shown of the section in a workspace."""

    assistant: Assistant
    kept: KeptSections
    view: RelatedView

    def drafted(self, wanted: Wanted, workspace: Workspace, model: Pick) -> Iterator[Updates]:
        assistant, text = self.assistant, ""
        for event in related_work(wanted, assistant.library, model.choice(assistant.settings), assistant.settings):
            if isinstance(event, Section):
                yield self.made(workspace, event)
                continue
            doing = event.doing if isinstance(event, Stage) else labels.WRITING
            text += event if isinstance(event, str) else ""
            yield {self.view.live: growing_html(text, doing), self.view.text: ""}

    def rewritten(self, workspace: Workspace, number: int, model: Pick, *, lumped: bool) -> Iterator[Updates]:
        assert workspace.section is not None
        yield {self.view.live: growing_html("", labels.WRITING), self.view.stop: gr.Button(visible=True)}
        try:
            choice = model.choice(self.assistant.settings)
            yield self.made(
                workspace, self.assistant.paragraph_anew(workspace.section, number, lumped=lumped, model=choice)
            )
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            yield {self.view.live: problem_html(error)}
        yield _at_rest(self.view)

    def editor(self, workspace: Workspace, number: int) -> Updates:
        assert workspace.section is not None
        if not 1 <= number <= len(workspace.section.paragraphs):
            return {}
        text = workspace.section.paragraphs[number - 1].text
        opened = {self.view.edited: text, self.view.editor: gr.Column(visible=True)}
        return {self.view.workspace: replace(workspace, editing=number), **opened}

    def made(self, workspace: Workspace, section: Section) -> Updates:
        """Keep a section that was just made as the last version of what is in the workspace, and show it."""
        if section.abstained:
            text = section_html(section, TEXT_ID)
            workspace = replace(workspace, section=section)
            return {self.view.workspace: workspace, self.view.live: text, self.view.text: "", self.view.sources: ""}
        last = self.kept.version(self.kept.keep(section, workspace.kept))
        assert last is not None
        return self._whole(replace(workspace, section=section, kept=last.id, version=last.of, versions=last.of))

    def version(self, workspace: Workspace, number: int | None = None) -> Updates:
        """Show a version of the kept section, the last one without a number."""
        found = self.kept.version(workspace.kept, number)
        if found is None:
            return {self.view.live: cleaned(f'<p class="problem" role="alert">{labels.KEPT_GONE}</p>')}
        made = Workspace(found.section, natbib=workspace.natbib, columns=workspace.columns, kept=found.id)
        return self._whole(replace(made, version=found.number, versions=found.of))

    def kept_list(self) -> str:
        return kept_html(self.kept.all(), self.kept.all(deleted=True))

    def _whole(self, workspace: Workspace) -> Updates:
        section = workspace.section
        assert section is not None
        return {
            self.view.workspace: workspace,
            self.view.live: "",
            **self.written(workspace),
            self.view.editor: gr.Column(visible=False),
            self.view.kept: self.kept_list(),
            self.view.address: workspace.kept,
            self.view.columns: gr.CheckboxGroup(columns_offered(workspace.columns), value=list(workspace.columns)),
            self.view.table: self.table(workspace),
            self.view.sources: self.sources(workspace, changed=False),
        }

    def written(self, workspace: Workspace) -> Updates:
        """Return the text with what is copied from it, its LaTeX and its bibliography in each format."""
        assert workspace.section is not None
        if workspace.section.abstained:
            return {}
        section = workspace.section.with_natbib() if workspace.natbib else workspace.section
        name = slug(section.about)
        others = [
            (self.assistant.bibliography(section, bib_format), f"{name}{added}{bib_format.ending}")
            for bib_format, added in _OTHER_FORMATS.items()
        ]
        return {
            self.view.text: versions_html(workspace.version, workspace.versions)
            + section_html(section, TEXT_ID, rewritten_by=BOX)
            + related_footer_html(section),
            self.view.latex: source_html(section.latex, f"{name}.tex"),
            self.view.bibtex: source_html(section.bibtex, f"{name}.bib", others),
        }

    def table(self, workspace: Workspace) -> str:
        """Return the table of the section's papers with the columns that were chosen."""
        assert workspace.section is not None
        made = self.assistant.table(workspace.section.paper_ids, columns=workspace.columns)
        return table_html(made, TEXT_ID, slug(workspace.section.about))

    def sources(self, workspace: Workspace, *, changed: bool) -> str:
        assert workspace.section is not None
        papers = papers_html(workspace.section, workspace.choice, self.assistant.library, changed=changed)
        return papers + section_sources_html(workspace.section, self.assistant.library, TEXT_ID)


def _at_rest(view: RelatedView) -> Updates:
    return {view.go: gr.Button(visible=True), view.stop: gr.Button(visible=False)}
