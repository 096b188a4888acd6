"""An author's papers -> a summary of the work in two to five paragraphs, a theme each, in order of time."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from assistant.manuscripts.section_assembly import FEW_PAPERS, MOST_EACH, Plan, paper_vectors, written_section
from assistant.manuscripts.section_writing import Style
from assistant.manuscripts.sections import Form, LeftOut, Paragraph, Section, SectionSentence
from assistant.manuscripts.themes import themes
from assistant.models.providers import ModelChoice
from assistant.records import Stage, Verdict
from assistant.settings import Settings
from assistant.stopwatch import Stopwatch
from assistant.text.evidence import printed_surname
from vectorstore.errors import QuestionError
from vectorstore.library import Library
from vectorstore.papers.paper import Paper

MOST_PAPERS = 25
_HANDFUL = 3  # papers that are told at length
_GROUPED = 400  # papers, the newest, of which those to tell are chosen


def summary(
    papers: Sequence[Paper],
    who: str,
    library: Library,
    choice: ModelChoice,
    settings: Settings,
    *,
    most_papers: int = MOST_PAPERS,
    words: int | None = None,
    among: str = "",
) -> Generator[Stage | str | Section, None, None]:
    """Yield stages and paragraphs, then the summary of the papers of `who`.

    All papers are told if they are at most `most_papers`; of more, those nearest to the middle of each theme, and the
    last sentence says how many there are besides; `among` are words on which are counted. Raises QuestionError without
    papers, ModelError if the model fails.
    """
    if not papers:
        raise QuestionError(f"The library has no paper by {who}; there is nothing to sum up.")
    watch = Stopwatch()
    yield Stage("grouping the papers")
    with watch.measure("group"):
        chosen = _typical(papers, library, most_papers)
        found = themes(chosen, paper_vectors(chosen, library))
    told = {paper.paper_id for paper in chosen}
    beyond = [paper for paper in papers if paper.paper_id not in told]
    style = Style(Form.SUMMARY, who, sentences_each=_sentences_each(len(chosen)))
    plan = Plan(who, tuple(found), style, words, _besides(who, chosen, beyond, among) if beyond else None)
    for event in written_section(plan, library, choice, settings, watch):
        if isinstance(event, Section):
            reason = f"less typical than the {len(chosen)} chosen"
            left_out = tuple(LeftOut(paper.paper_id, paper.title, reason, beyond=True) for paper in beyond)
            event = replace(event, left_out=left_out)
        yield event


def _sentences_each(papers: int) -> int:
    return MOST_EACH if papers <= _HANDFUL else 2 if papers <= FEW_PAPERS else 1


def _typical(papers: Sequence[Paper], library: Library, most: int) -> list[Paper]:
    """Return at most `most` papers: of each theme a share of those nearest to its middle, at least one."""
    if len(papers) <= most:
        return list(papers)
    newest = sorted(papers, key=lambda paper: (-(paper.published or date.min).toordinal(), paper.paper_id))[:_GROUPED]
    ranked: list[tuple[float, Paper]] = []  # by the share of their theme that comes before them
    for theme in themes(newest, paper_vectors(newest, library)):
        vectors = paper_vectors(theme.papers, library)
        nearness = vectors @ vectors.mean(axis=0)
        nearest = [theme.papers[int(place)] for place in np.argsort(-nearness, kind="stable")]
        ranked += [(place / len(nearest), paper) for place, paper in enumerate(nearest)]
    ranked.sort(key=lambda item: item[0])
    return [paper for _, paper in ranked[:most]]


def _besides(who: str, chosen: Sequence[Paper], beyond: Sequence[Paper], among: str) -> Paragraph:
    years = sorted(paper.published.year for paper in beyond if paper.published)
    span = (
        f" from {years[0]} to {years[-1]}" if years and years[0] < years[-1] else f" from {years[0]}" if years else ""
    )
    count = f"{len(beyond)} other papers" if len(beyond) > 1 else "one other paper"
    text = f"Besides these {len(chosen)} papers, the library has {count} by {printed_surname(who)}{span}{among}."
    return Paragraph("Other papers", (), (SectionSentence(text, Verdict.COMPUTED, reason="counted in the catalogue"),))
