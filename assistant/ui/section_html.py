"""A section as HTML: its themes with their paragraphs, what is said below it, and the cards of what it cites."""

from collections.abc import Iterator
from dataclasses import replace

from assistant.html.markdown import References, answer_html
from assistant.html.sanitizing import cleaned, escaped
from assistant.manuscripts.sections import Section, SectionTheme
from assistant.text.plain_text import plain_text
from assistant.ui import labels
from assistant.ui.footers import counts_html
from assistant.ui.sources import sources_html
from vectorstore.library import Library

_NO_REFERENCES = References("", {})


def section_html(section: Section, text_id: str, *, rewritten_by: str = "") -> str:
    """Return the text; `rewritten_by` names the box that is told the number of a paragraph to write anew or edit."""
    titles = {reference.number: plain_text(reference.title) for reference in section.references}
    references = References(text_id, titles)
    paragraphs = "".join(
        _paragraph(section, theme, references, _rewrite(theme, number, rewritten_by))
        for number, theme in enumerate(section.themes, 1)
    )
    body = paragraphs or answer_html(section.text, references, section.sentences, section.citations)
    notes = "".join(f'<div class="quiet note">{answer_html(note, _NO_REFERENCES)}</div>' for note in section.notes)
    return cleaned(f'<div class="answer{" abstained" if section.abstained else ""}">{body}</div>{notes}')


def growing_html(text: str, doing: str) -> str:
    """Return a text that is being written."""
    status = f'<p class="doing" role="status">{escaped(doing)}…</p>' if doing else ""
    return cleaned(f'<div class="answer">{answer_html(text, _NO_REFERENCES)}</div>{status}')


def section_sources_html(section: Section, library: Library, text_id: str) -> str:
    papers = {paper.paper_id: paper for paper in library.catalogue.papers(section.paper_ids)}
    return sources_html(section, papers, text_id=text_id)


def counted_html(section: Section) -> Iterator[str]:
    """Yield what the footer of a section counts: verdicts, papers cited, papers left out."""
    yield counts_html(section.sentences)
    left_out = f", {len(section.left_out):,} {labels.LEFT_OUT}" if section.left_out else ""
    yield f"<span>{labels.counted(len(section.references), 'paper')} {labels.CITED}{left_out}</span>"


def _paragraph(section: Section, theme: SectionTheme, references: References, rewrite: str) -> str:
    inside = [one for one in section.sentences if theme.start <= one.start < theme.end]
    moved = [replace(one, start=one.start - theme.start, end=one.end - theme.start) for one in inside]
    text = answer_html(section.text[theme.start : theme.end], references, moved, section.citations)
    return f'<section><header class="theme"><h3>{escaped(theme.name)}</h3>{rewrite}</header>{text}</section>'


def _rewrite(theme: SectionTheme, number: int, box: str) -> str:
    if not box or not theme.paper_ids:
        return ""
    return "".join(
        f'<button type="button" class="quiet-button" data-box="{box}" data-value="{act} {number}"'
        f' aria-label="{label}: {escaped(theme.name)}">{label}</button>'
        for act, label in (("edit", labels.EDIT_PARAGRAPH), ("rewrite", labels.REWRITE))
    )
