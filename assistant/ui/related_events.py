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
from assistant.manuscripts.kept_sections import KeptSections
from assistant.manuscripts.related_papers import Wanted
from assistant.manuscripts.related_work import related_work
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
from assistant.ui.related_view import Desk, RelatedView
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
        *(view.desk, view.go, view.stop, view.live, view.text, view.latex, view.bibtex, view.table, view.sources),
        *(view.editor, view.edited, view.kept, view.address, view.columns),
    ]

    def draft(
        topic: str, own: str, papers: int, words: int, lumped: bool, desk: Desk, kind: str, typed: str, keys: Keys
    ) -> Iterator[Updates]:
        yield {view.go: gr.Button(visible=False), view.stop: gr.Button(visible=True)}
        if desk.asked != (topic, own):
            desk = Desk(
                asked=(topic, own), natbib=desk.natbib, columns=desk.columns
            )  # the choice was for another topic
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
            yield from shown.drafted(wanted, desk, picked(kind, typed, keys))
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            yield {view.live: problem_html(error)}
        yield _at_rest(view)

    def click(said: str, lumped: bool, desk: Desk, kind: str, typed: str, keys: Keys) -> Iterator[Updates]:
        act, _, which = said_in(said).partition(" ")
        yield {view.live: ""}
        if desk.section and act == "rewrite" and re.fullmatch(r"\d{1,3}", which):
            yield from shown.rewritten(desk, int(which), picked(kind, typed, keys), lumped=lumped)
        elif desk.section and act == "edit" and re.fullmatch(r"\d{1,3}", which):
            yield shown.editor(desk, int(which))
        elif act == "version" and re.fullmatch(r"\d{1,6}", which):
            yield shown.version(desk, int(which))
        elif act in ("delete", "undelete"):
            kept.delete(which, deleted=act == "delete")
            yield {view.kept: shown.kept_list()}
        elif desk.section:
            choice = desk.choice.after(act, which, desk.section.paper_ids)
            desk = replace(desk, choice=choice)
            yield {view.desk: desk, view.sources: shown.sources(desk, changed=True)}

    def save(text: str, desk: Desk) -> Updates:
        if desk.section is None:
            return {view.editor: gr.Column(visible=False)}
        try:
            section = assistant.paragraph_edited(desk.section, desk.editing, text)
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            return {view.live: problem_html(error)}
        return shown.made(desk, section)

    def show(said: str, desk: Desk) -> Updates:
        return shown.version(replace(desk, kept=said_in(said)))

    def cite(natbib: bool, desk: Desk) -> Updates:
        desk = replace(desk, natbib=natbib)
        return {view.desk: desk, **(shown.written(desk) if desk.section else {})}

    def choose(columns: list[str], desk: Desk) -> Updates:
        desk = replace(desk, columns=tuple(columns))
        return {view.desk: desk, **({view.table: shown.table(desk)} if desk.section else {})}

    view.columns.input(choose, [view.columns, view.desk], [view.desk, view.table], **QUIET)
    view.natbib.input(cite, [view.natbib, view.desk], [view.desk, view.text, view.latex, view.bibtex], **QUIET)
    state = [view.lumped, view.desk, *model]
    asked = [view.topic, view.draft, view.papers, view.words]
    drafting = [
        gr.on([view.topic.submit, view.go.click], draft, [*asked, *state], changed, **WRITING),
        view.clicked.change(click, [view.clicked, *state], changed, **WRITING),
    ]
    view.save.click(save, [view.edited, view.desk], changed, **WRITING)
    view.cancel.click(lambda: gr.Column(visible=False), None, view.editor, **QUIET)
    view.shown.change(show, [view.shown, view.desk], changed, **QUIET)
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
    """What is shown of the section on a desk."""

    assistant: Assistant
    kept: KeptSections
    view: RelatedView

    def drafted(self, wanted: Wanted, desk: Desk, model: Pick) -> Iterator[Updates]:
        assistant, text = self.assistant, ""
        for event in related_work(wanted, assistant.library, model.choice(assistant.settings), assistant.settings):
            if isinstance(event, Section):
                yield self.made(desk, event)
                continue
            doing = event.doing if isinstance(event, Stage) else labels.WRITING
            text += event if isinstance(event, str) else ""
            yield {self.view.live: growing_html(text, doing), self.view.text: ""}

    def rewritten(self, desk: Desk, number: int, model: Pick, *, lumped: bool) -> Iterator[Updates]:
        assert desk.section is not None
        yield {self.view.live: growing_html("", labels.WRITING), self.view.stop: gr.Button(visible=True)}
        try:
            choice = model.choice(self.assistant.settings)
            yield self.made(desk, self.assistant.paragraph_anew(desk.section, number, lumped=lumped, model=choice))
        except Exception as error:  # whatever it is, the reader gets a sentence and the log the rest
            yield {self.view.live: problem_html(error)}
        yield _at_rest(self.view)

    def editor(self, desk: Desk, number: int) -> Updates:
        assert desk.section is not None
        if not 1 <= number <= len(desk.section.paragraphs):
            return {}
        text = desk.section.paragraphs[number - 1].text
        opened = {self.view.edited: text, self.view.editor: gr.Column(visible=True)}
        return {self.view.desk: replace(desk, editing=number), **opened}

    def made(self, desk: Desk, section: Section) -> Updates:
        """Keep a section that was just made as the last version of what lies on the desk, and show it."""
        if section.abstained:
            text = section_html(section, TEXT_ID)
            desk = replace(desk, section=section)
            return {self.view.desk: desk, self.view.live: text, self.view.text: "", self.view.sources: ""}
        last = self.kept.version(self.kept.keep(section, desk.kept))
        assert last is not None
        return self._whole(replace(desk, section=section, kept=last.id, version=last.of, versions=last.of))

    def version(self, desk: Desk, number: int | None = None) -> Updates:
        """Show a version of the kept section, the last one without a number."""
        found = self.kept.version(desk.kept, number)
        if found is None:
            return {self.view.live: cleaned(f'<p class="problem" role="alert">{labels.KEPT_GONE}</p>')}
        made = Desk(found.section, natbib=desk.natbib, columns=desk.columns, kept=found.id)
        return self._whole(replace(made, version=found.number, versions=found.of))

    def kept_list(self) -> str:
        return kept_html(self.kept.all(), self.kept.all(deleted=True))

    def _whole(self, desk: Desk) -> Updates:
        section = desk.section
        assert section is not None
        return {
            self.view.desk: desk,
            self.view.live: "",
            **self.written(desk),
            self.view.editor: gr.Column(visible=False),
            self.view.kept: self.kept_list(),
            self.view.address: desk.kept,
            self.view.columns: list(desk.columns),
            self.view.table: self.table(desk),
            self.view.sources: self.sources(desk, changed=False),
        }

    def written(self, desk: Desk) -> Updates:
        """Return the text with what is copied from it, its LaTeX and its bibliography in each format."""
        assert desk.section is not None
        if desk.section.abstained:
            return {}
        section = desk.section.with_natbib() if desk.natbib else desk.section
        name = slug(section.about)
        others = [
            (self.assistant.bibliography(section, bib_format), f"{name}{added}{bib_format.ending}")
            for bib_format, added in _OTHER_FORMATS.items()
        ]
        return {
            self.view.text: versions_html(desk.version, desk.versions)
            + section_html(section, TEXT_ID, rewritten_by=BOX)
            + related_footer_html(section),
            self.view.latex: source_html(section.latex, f"{name}.tex"),
            self.view.bibtex: source_html(section.bibtex, f"{name}.bib", others),
        }

    def table(self, desk: Desk) -> str:
        """Return the table of the section's papers with the columns that were chosen."""
        assert desk.section is not None
        made = self.assistant.table(desk.section.paper_ids).only(desk.columns)
        return table_html(made, TEXT_ID, slug(desk.section.about))

    def sources(self, desk: Desk, *, changed: bool) -> str:
        assert desk.section is not None
        papers = papers_html(desk.section, desk.choice, self.assistant.library, changed=changed)
        return papers + section_sources_html(desk.section, self.assistant.library, TEXT_ID)


def _at_rest(view: RelatedView) -> Updates:
    return {view.go: gr.Button(visible=True), view.stop: gr.Button(visible=False)}
