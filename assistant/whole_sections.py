"""Themes -> a whole section: its paragraphs by local code or a chat model, put together, or one of them anew."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice

import numpy as np
from numpy.typing import NDArray

from assistant.citations import without_markers
from assistant.models import ModelChoice
from assistant.paragraph_by_model import ByModel, model_paragraph
from assistant.prose import Draft
from assistant.records import Stage, Usage, Verdict
from assistant.section_writing import Given, Style, given_papers, local_paragraph, local_paragraphs
from assistant.sections import Form, Paragraph, Section, Told, heading, put_together
from assistant.serving import ServedModel, as_served
from assistant.settings import Settings
from assistant.stopwatch import Stopwatch
from assistant.themes import Theme
from vectorstore.errors import QuestionError
from vectorstore.lexical import terms
from vectorstore.library import Library
from vectorstore.papers import Paper
from vectorstore.passages import split_paper

MOST_EACH = 3  # sentences a paper, by local code
WORDS_A_PAPER = 45
FEWEST_WORDS_A_PAPER = 28  # one sentence
FEW_PAPERS = 12  # which have two sentences each


@dataclass(frozen=True, slots=True)
class Plan:
    """What a section is to say: its themes in their order, in about how many words, and what closes it."""

    about: str
    themes: tuple[Theme, ...]
    style: Style
    words: int | None = None
    closing: Paragraph | None = None


def paper_vectors(papers: Sequence[Paper], library: Library) -> NDArray[np.float32]:
    """Return a unit vector a paper, float32: the mean of its passages', which are embedded already."""
    passages = [(place, passage) for place, paper in enumerate(papers) for passage in split_paper(paper)]
    vectors = library.embeddings.embed([passage.embedded_text for _, passage in passages])
    sums = np.zeros((len(papers), vectors.shape[1] if len(vectors) else 0), np.float32)
    np.add.at(sums, [place for place, _ in passages], vectors)
    unit: NDArray[np.float32] = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return unit


def written_section(
    plan: Plan, library: Library, choice: ModelChoice, settings: Settings, watch: Stopwatch
) -> Iterator[Stage | str | Section]:
    """Yield stages and the text paragraph by paragraph, then the section. Raises ModelError if the model fails."""
    paragraphs: list[Paragraph] = []
    made: list[ByModel] = []
    for event in _paragraphs(plan, choice, settings, watch):
        if isinstance(event, Stage):
            yield event
            continue
        if isinstance(event, ByModel):
            made.append(event)
        paragraph = (event.paragraph if isinstance(event, ByModel) else event).by_mention
        yield ("\n\n" if paragraphs else "") + heading(plan.style.form, paragraph) + paragraph.text
        paragraphs.append(paragraph)
    section = put_together(plan.style.form, plan.about, paragraphs, library)
    yield replace(
        section,
        notes=tuple(_notes(made)),
        incomplete=any(one.broken_off for one in made),
        model=choice.name,
        usage=_total(one.usage for one in made),
        timings_ms=watch.timings(),
    )


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
    if not 1 <= number <= len(section.themes) or not section.themes[number - 1].paper_ids:
        raise QuestionError(
            f"There is no paragraph {number} on papers to write anew; choose one of"
            f" {', '.join(str(place) for place, theme in enumerate(section.themes, 1) if theme.paper_ids)}."
        )
    author = section.about if section.form is Form.SUMMARY else None
    few = len(section.references) <= FEW_PAPERS
    style = Style(section.form, author, sentences_each=2 if few else 1, lumped=lumped)
    watch = Stopwatch()
    papers = {paper.paper_id: paper for paper in library.catalogue.papers(section.paper_ids)}
    themes = [
        Theme(theme.name, tuple(papers[paper_id] for paper_id in theme.paper_ids), theme.terms)
        for theme in section.themes
    ]
    numbers = {reference.paper_id: reference.number for reference in section.references}
    mine = [numbers[paper_id] for paper_id in section.themes[number - 1].paper_ids]
    theme, old = themes[number - 1], section.paragraphs[number - 1]
    notes: list[str] = []
    made: list[ByModel] = []
    with watch.measure("generate"):
        new = _in_other_words(old, theme, themes[: number - 1], mine, style, words)
        if choice.base_url is not None:
            written = _by_model([theme], [new], style, words, choice, settings, numbers=mine)
            made = [event for event in written if isinstance(event, ByModel)]
            new = made[0].paragraph
        elif new.text == old.text:
            notes.append("The abstracts have no other sentences for this paragraph; it is as it was.")
    paragraphs = [*section.paragraphs[: number - 1], new, *section.paragraphs[number:]]
    whole = put_together(section.form, section.about, paragraphs, library)
    return replace(
        whole,
        left_out=section.left_out,
        notes=(*notes, *_notes(made)),
        model=choice.name,
        usage=_total(one.usage for one in made),
        timings_ms=watch.timings(),
    )


def _paragraphs(
    plan: Plan, choice: ModelChoice, settings: Settings, watch: Stopwatch
) -> Iterator[Stage | ByModel | Paragraph]:
    with watch.measure("generate"):
        local = _within(plan)
        if choice.base_url is None:
            yield from local
        else:
            yield from _by_model(plan.themes, local, plan.style, plan.words, choice, settings, numbers=count(1))
    if plan.closing:
        yield plan.closing


def _within(plan: Plan) -> list[Paragraph]:
    """Return the local paragraphs with as many sentences a paper as the words allow."""
    if plan.words is None:
        return local_paragraphs(plan.themes, plan.style)
    for each in range(MOST_EACH, 0, -1):
        paragraphs = local_paragraphs(plan.themes, replace(plan.style, sentences_each=each))
        if sum(len(paragraph.text.split()) for paragraph in paragraphs) <= plan.words:
            break
    return paragraphs


def _by_model(
    themes: Sequence[Theme],
    local: Sequence[Paragraph],
    style: Style,
    words: int | None,
    choice: ModelChoice,
    settings: Settings,
    *,
    numbers: Iterable[int],
) -> Iterator[Stage | ByModel]:
    """Yield stages and a paragraph a theme by a chat model; `numbers` are those of the papers, in order."""
    model = ServedModel(choice)
    for told in as_served(choice, settings):
        if told is None:
            yield Stage("reaching the model")
        else:
            model = told
    a_paper = words // sum(len(theme.papers) for theme in themes) if words else WORDS_A_PAPER
    left = iter(numbers)
    for theme, paragraph in zip(themes, local, strict=True):
        given = given_papers(theme.papers, islice(left, len(theme.papers)), author=style.author)
        yield from model_paragraph(theme, given, paragraph, style, model, settings, words=a_paper * len(given))


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
        draft = Draft()
        for earlier in before:
            local_paragraph(earlier, given_papers(earlier.papers, count(1), author=style.author), style, draft)
        draft.sentences |= {_essence(told, given) for told in avoided}
        new = local_paragraph(theme, given, fitting, draft)
        if not _falls_back(new) and new.text != old.text:
            return new
    return old


def _essence(told: Told, given: Sequence[Given]) -> str:
    """Return what a draft remembers of a sentence: its stems without those of who is named."""
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


def _notes(made: Sequence[ByModel]) -> Iterator[str]:
    """Yield what a reader should know of the model's text, a sentence each."""
    left_out, stood_in = sum(one.left_out for one in made), sum(one.stood_in for one in made)
    if left_out:
        yield f"{_counted(left_out, 'sentence')} of the model that no paper supports {_was(left_out)} left out."
    if stood_in:
        yield f"{_counted(stood_in, 'paper')} that its text does not speak of {_was(stood_in)} told by the local model."
    yield from dict.fromkeys(one.broken_off for one in made if one.broken_off)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _total(usages: Iterable[Usage]) -> Usage:
    total = Usage()
    for usage in usages:
        total = Usage(
            total.input_tokens + usage.input_tokens,
            total.output_tokens + usage.output_tokens,
            total.estimated or usage.estimated,
        )
    return total
