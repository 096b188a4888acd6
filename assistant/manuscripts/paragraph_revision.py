"""A section -> the same with one paragraph written anew, by a model or by its reader."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from assistant.facts.replies import sum_of
from assistant.manuscripts.discourse import Discourse
from assistant.manuscripts.paragraph_by_model import ByModel, checked_text
from assistant.manuscripts.section_assembly import FEW_PAPERS, FEWEST_WORDS_A_PAPER, MOST_EACH, by_model, notes_on
from assistant.manuscripts.section_writing import Given, Style, given_papers, local_paragraph
from assistant.manuscripts.sections import (
    Form,
    LeftOut,
    Paragraph,
    Section,
    SectionSentence,
    numbered_anew,
    put_together,
)
from assistant.manuscripts.themes import Theme
from assistant.models.providers import ModelChoice
from assistant.records import Verdict
from assistant.settings import Settings
from assistant.stopwatch import Stopwatch
from assistant.text.citations import without_markers
from vectorstore.errors import QuestionError
from vectorstore.library import Library
from vectorstore.text.terms import terms


def paragraph_anew(
    section: Section,
    number: int,
    library: Library,
    choice: ModelChoice,
    settings: Settings,
    *,
    words: int | None = None,
    lumped: bool = False,
) -> Section:
    """Return the section with its paragraph `number`, counted from 1, written anew in about `words`; the others stay
    byte for byte.

    The local model takes other sentences for it where the abstracts have some. Raises QuestionError if there is no
    such paragraph, or if it is not on papers, ModelError if the model fails.
    """
    themes = _themes(section, number, library)
    author = section.about if section.form is Form.SUMMARY else None
    few = len(section.references) <= FEW_PAPERS
    style = Style(section.form, author, sentences_each=2 if few else 1, lumped=lumped)
    watch = Stopwatch()
    numbers = {reference.paper_id: reference.number for reference in section.references}
    mine = [numbers[paper_id] for paper_id in section.themes[number - 1].paper_ids]
    theme, old = themes[number - 1], section.paragraphs[number - 1]
    notes: list[str] = []
    made: list[ByModel] = []
    with watch.measure("generate"):
        new = _in_other_words(old, theme, themes[: number - 1], mine, style, words)
        if not choice.is_extractive:
            written = by_model([theme], [new], style, words, choice, settings, numbers=mine)
            made = [event for event in written if isinstance(event, ByModel)]
            new = made[0].paragraph
        elif new.text == old.text:
            notes.append("The abstracts have no other sentences for this paragraph; it is as it was.")
    paragraphs = [*section.paragraphs[: number - 1], new, *section.paragraphs[number:]]
    whole = put_together(section.form, section.about, paragraphs, library)
    return replace(
        whole,
        left_out=section.left_out,
        notes=(*notes, *notes_on(made)),
        model=choice.name,
        usage=sum_of(one.usage for one in made),
        timings_ms=watch.timings(),
    )


def paragraph_edited(section: Section, number: int, text: str, library: Library) -> Section:
    """Return the section with `text` as its paragraph `number`, counted from 1, each sentence held against what it
    cites. [n] is a reference of the section, or one of the papers left out, which have the numbers after these. The
    references are numbered anew by their first mention.

    Raises QuestionError if there is no such paragraph, or if the text cites nothing.
    """
    themes = _themes(section, number, library)
    name = themes[number - 1].name
    there = {paper.paper_id: paper for paper in library.catalogue.papers(section.citable)}
    numbers = [place for place, paper_id in enumerate(section.citable, 1) if paper_id in there]
    citable = Theme(name, tuple(there[section.citable[place - 1]] for place in numbers))
    author = section.about if section.form is Form.SUMMARY else None
    sentences, removed = checked_text(text, citable, given_papers(citable.papers, numbers, author=author))
    cited = dict.fromkeys(one.paper_id for told in sentences for one in told.citations)
    if not cited:
        raise QuestionError("The paragraph cites no paper; write [1] for the first of the references.")
    new = Paragraph(name, tuple(cited), tuple(sentences))
    paragraphs = [*section.paragraphs[: number - 1], new, *section.paragraphs[number:]]
    made = put_together(section.form, section.about, numbered_anew(paragraphs), library)
    dropped = [LeftOut(one.paper_id, one.title) for one in section.references]
    left_out = tuple(one for one in [*section.left_out, *dropped] if one.paper_id not in made.paper_ids)
    notes = ("What cited no paper of this text was taken out.",) if removed else ()
    return replace(made, left_out=left_out, notes=notes, model=section.model)


def _themes(section: Section, number: int, library: Library) -> list[Theme]:
    """Return the themes of a section with their papers, if its paragraph `number` is on papers."""
    if not 1 <= number <= len(section.themes) or not section.themes[number - 1].paper_ids:
        raise QuestionError(
            f"There is no paragraph {number} on papers to write anew; choose one of"
            f" {', '.join(str(place) for place, theme in enumerate(section.themes, 1) if theme.paper_ids)}."
        )
    papers = {paper.paper_id: paper for paper in library.catalogue.papers(section.paper_ids)}
    if len(papers) < len(section.paper_ids):
        raise QuestionError("A paper of this text is no longer in the library; write the whole anew.")
    return [
        Theme(theme.name, tuple(papers[paper_id] for paper_id in theme.paper_ids), theme.terms)
        for theme in section.themes
    ]


def _in_other_words(
    old: Paragraph, theme: Theme, before: Sequence[Theme], numbers: Sequence[int], style: Style, words: int | None
) -> Paragraph:
    """Return the local paragraph on a theme with other sentences than `old` has, as far as there are some."""
    given = given_papers(theme.papers, numbers, author=style.author)
    quoted = [one for one in old.sentences if one.verdict is not Verdict.COMPUTED]
    firsts = {one.numbers: one for one in reversed(quoted)}.values()  # the first one of each paper
    later = [one for one in quoted if one not in firsts]
    fitting = _each(style, words, len(given))
    for avoided in (quoted, later):
        discourse = Discourse()
        for earlier in before:
            local_paragraph(earlier, given_papers(earlier.papers, count(1), author=style.author), style, discourse)
        discourse.sentences |= {_essence(told, given) for told in avoided}
        new = local_paragraph(theme, given, fitting, discourse)
        if not _falls_back(new) and new.text != old.text:
            return new
    return old


def _essence(told: SectionSentence, given: Sequence[Given]) -> str:
    """Return what a discourse remembers of a sentence: its stems without those of who is named."""
    text = without_markers(told.text)
    for evidence, _ in given:
        text = text.replace(evidence.source, "")
    return " ".join(terms(text))


def _each(style: Style, words: int | None, papers: int) -> Style:
    if words is None:
        return style
    return replace(style, sentences_each=max(1, min(MOST_EACH, words // (FEWEST_WORDS_A_PAPER * max(papers, 1)))))


def _falls_back(paragraph: Paragraph) -> bool:
    """Tell whether a paper is only named, since no sentence of its abstract is told."""
    return any(one.verdict is Verdict.COMPUTED and len(one.numbers) == 1 for one in paragraph.sentences)
