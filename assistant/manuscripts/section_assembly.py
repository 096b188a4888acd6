"""Themes -> a whole section: its paragraphs by local code or a chat model, put together, or one of them anew."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice

import numpy as np
from numpy.typing import NDArray

from assistant.facts.replies import sum_of
from assistant.manuscripts.paragraph_by_model import ByModel, model_paragraph
from assistant.manuscripts.section_writing import Style, given_papers, local_paragraphs
from assistant.manuscripts.sections import Paragraph, Section, heading, put_together
from assistant.manuscripts.themes import Theme
from assistant.models.providers import ModelChoice
from assistant.models.served_model import as_served
from assistant.records import Stage
from assistant.settings import Settings
from assistant.stopwatch import Stopwatch
from vectorstore.errors import ModelError
from vectorstore.library import Library
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import split_paper

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
        notes=tuple(notes_on(made)),
        incomplete=any(one.broken_off for one in made),
        model=choice.name,
        usage=sum_of(one.usage for one in made),
        timings_ms=watch.timings(),
    )


def _paragraphs(
    plan: Plan, choice: ModelChoice, settings: Settings, watch: Stopwatch
) -> Iterator[Stage | ByModel | Paragraph]:
    with watch.measure("generate"):
        local = _within(plan)
        if choice.is_extractive:
            yield from local
        else:
            yield from by_model(plan.themes, local, plan.style, plan.words, choice, settings, numbers=count(1))
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


def by_model(
    themes: Sequence[Theme],
    local: Sequence[Paragraph],
    style: Style,
    words: int | None,
    choice: ModelChoice,
    settings: Settings,
    *,
    numbers: Iterable[int],
) -> Iterator[Stage | ByModel]:
    """Yield stages and a paragraph a theme by a chat model; `numbers` are those of the papers, in order.

    Raises ModelError if it fails at the first one; a later one then is local.
    """
    model = yield from as_served(choice, settings)
    a_paper = words // sum(len(theme.papers) for theme in themes) if words else WORDS_A_PAPER
    left = iter(numbers)
    for place, (theme, paragraph) in enumerate(zip(themes, local, strict=True)):
        given = given_papers(theme.papers, islice(left, len(theme.papers)), author=style.author)
        try:
            yield from model_paragraph(theme, given, paragraph, style, model, settings, words=a_paper * len(given))
        except ModelError as error:
            if place == 0:
                raise
            yield ByModel(paragraph, stood_in=len(given), broken_off=str(error))


def notes_on(made: Sequence[ByModel]) -> Iterator[str]:
    """Yield what a reader should know of the model's text, a sentence each."""
    removed, stood_in = sum(one.removed for one in made), sum(one.stood_in for one in made)
    if removed:
        yield f"{_counted(removed, 'citation')} by the model of what it was not given {_was(removed)} removed."
    if stood_in:
        yield f"{_counted(stood_in, 'paper')} that its text does not speak of {_was(stood_in)} told by the local model."
    yield from dict.fromkeys(one.broken_off for one in made if one.broken_off)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
