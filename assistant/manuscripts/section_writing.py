"""Themes and their papers -> paragraphs whose sentences are cited and checked, by local code or by a chat model."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice

from assistant.checking.grounding import grounded
from assistant.checking.quoting import Placed, quoting
from assistant.manuscripts.discourse import Discourse
from assistant.manuscripts.extractive_paragraph import ComposedSentence, paragraph
from assistant.manuscripts.referring_expressions import as_mentioned
from assistant.manuscripts.sections import Form, Paragraph, SectionSentence
from assistant.manuscripts.themes import Theme
from assistant.records import Citation, Verdict
from assistant.text.citations import cited_sentences
from assistant.text.evidence import Evidence, numbered
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import Passage, split_paper

Given = tuple[Evidence, Passage]
Cited = Mapping[int, Given]
MOST_MARKERS = 3  # of a sentence; more are lumped citations


@dataclass(frozen=True, slots=True)
class Style:
    """How paragraphs are written. `author` is whose work a summary tells; `lumped` lets a sentence cite many papers."""

    form: Form
    author: str | None = None
    sentences_each: int = 2
    lumped: bool = False


def given_papers(papers: Sequence[Paper], numbers: Iterable[int], *, author: str | None = None) -> list[Given]:
    """Return papers as evidence with their whole abstracts, by their `numbers`; as the work of `author` if given."""
    given = []
    for number, paper in zip(numbers, papers, strict=False):
        whole = Passage(f"{paper.paper_id}:0", paper.paper_id, paper.title, paper.abstract, 0, len(paper.abstract))
        evidence = numbered(number, whole, paper)
        given.append((as_mentioned(evidence, author=author), whole))
    return given


def local_paragraphs(themes: Sequence[Theme], style: Style) -> list[Paragraph]:
    """Return a paragraph a theme by local code. Acronyms are expanded once, in the first that has them."""
    discourse, numbers = Discourse(), count(1)
    found = []
    for theme in themes:
        given = given_papers(theme.papers, islice(numbers, len(theme.papers)), author=style.author)
        found.append(local_paragraph(theme, given, style, discourse))
    return found


def local_paragraph(theme: Theme, given: Sequence[Given], style: Style, discourse: Discourse) -> Paragraph:
    """Return the paragraph on a theme by local code, `discourse` being what the text has said before it."""
    evidence, terms = [item for item, _ in given], theme.terms
    if style.form is Form.RELATED:
        theme = replace(theme, terms=_apart(theme, style))
    written = paragraph(theme, evidence, sentences_each=style.sentences_each, discourse=discourse)
    told = tuple(one for sentence in written for one in _told(sentence, by_number(given), theme.papers))
    return Paragraph(theme.name, tuple(paper.paper_id for paper in theme.papers), told, terms)


def by_number(given: Iterable[Given]) -> Cited:
    return {evidence.number: (evidence, passage) for evidence, passage in given}


def _apart(theme: Theme, style: Style) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return the terms that a paragraph may begin with: a sentence that cites many papers at once is lumped."""
    return tuple(term for term in theme.terms if style.lumped or len(term[1]) <= MOST_MARKERS)


def _told(sentence: ComposedSentence, cited: Cited, papers: Sequence[Paper]) -> Iterator[SectionSentence]:
    """Yield a sentence as it is checked; one that is computed cites the catalogue itself."""
    parts = list(cited_sentences(sentence.text))
    if sentence.computed:
        numbers = tuple(dict.fromkeys(number for part in parts for number in part.numbers))
        passages = ((number, cited[number][1]) for number in numbers)
        citations = tuple(Citation(number, one.paper_id, one.passage_id, "", 0, 0) for number, one in passages)
        yield SectionSentence(sentence.text, Verdict.COMPUTED, numbers, citations)
        return
    for part in parts:
        yield checked_sentence(sentence.text[part.start : part.end], part.numbers, cited, papers)


def checked_sentence(
    text: str, numbers: Iterable[int], cited: Cited, papers: Sequence[Paper], *, quotes: Iterable[Placed] = ()
) -> SectionSentence:
    """Return a sentence with its verdict and the quotes that it rests on, those that the model gave if it did; `papers`
    are those that are cited."""
    known = tuple(number for number in numbers if number in cited)
    found = quoting(grounded(text, {number: cited[number] for number in known}), quotes, cited).found
    by_id = {paper.paper_id: paper for paper in papers}
    spans = ((number, by_id[span.passage.paper_id], span.start, span.end) for number, span in found.spans.items())
    citations = tuple(_quote(*span) for span in spans)
    return SectionSentence(text, found.verdict, known, citations, found.reason)


def _quote(number: int, paper: Paper, start: int, end: int) -> Citation:
    passage_id = next(passage.passage_id for passage in split_paper(paper) if start <= passage.end)
    return Citation(number, paper.paper_id, passage_id, paper.abstract[start:end], start, end)
