r"""Section: a text of several paragraphs, a theme each, with what it rests on, its LaTeX and its .bib.

A related-work section is one, and so is the summary of an author's work.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from assistant.manuscripts.bibliography import bibtex
from assistant.manuscripts.citation_rendering import Citing, latex_text, plain_manuscript
from assistant.manuscripts.reference_list import references
from assistant.records import By, Citation, Reference, Sentence, Usage, Verdict
from vectorstore.errors import QuestionError
from vectorstore.library import Library

_MARKER = re.compile(r"(?<!`)\[(\d+)\](?!`)")  # in code it is none
_MARKERS = re.compile(r"(?<!`)(?:\[\d+\]\s*)+\[\d+\](?!`)")


class Form(StrEnum):
    """What a section is."""

    SUMMARY = "summary"  # of an author's own work
    RELATED = "related"  # the related work of somebody else's paper


@dataclass(frozen=True, slots=True)
class SectionSentence:
    """A sentence of a paragraph, its markers included, with the quotes that it rests on."""

    text: str
    verdict: Verdict
    numbers: tuple[int, ...] = ()  # of references
    citations: tuple[Citation, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What is said of one theme."""

    theme: str
    paper_ids: tuple[str, ...]
    sentences: tuple[SectionSentence, ...]
    terms: tuple[tuple[str, tuple[int, ...]], ...] = ()  # of `Theme`

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def by_mention(self) -> "Paragraph":
        """The paragraph with the same numbers given out to its papers anew, in the order of their first mention."""
        mentioned = dict.fromkeys(int(number) for number in _MARKER.findall(self.text))
        new = dict(zip(mentioned, sorted(mentioned), strict=True))
        return replace(self, sentences=tuple(_renumbered(sentence, new) for sentence in self.sentences))


def _renumbered(told: SectionSentence, new: Mapping[int, int]) -> SectionSentence:
    return replace(
        told,
        text=_MARKER.sub(lambda match: f"[{new[int(match[1])]}]", told.text),
        numbers=tuple(new[number] for number in told.numbers),
        citations=tuple(replace(citation, number=new[citation.number]) for citation in told.citations),
    )


@dataclass(frozen=True, slots=True)
class SectionTheme:
    """A theme, its papers, and where its paragraph stands: `section.text[start:end]`. "This work" has no papers."""

    name: str
    paper_ids: tuple[str, ...]
    start: int
    end: int
    terms: tuple[
        tuple[str, tuple[int, ...]], ...
    ] = ()  # the phrases of the name, and the places of papers that say them


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A paper that belongs to the subject, or nearly does, and is not in the section. `beyond`: for no other reason
    than the number of papers that is wanted."""

    paper_id: str
    title: str
    reason: str = ""
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A text with everything that it rests on. The references are exactly the papers cited, in order of mention."""

    form: Form
    about: str  # a topic, the beginning of a draft, an author
    text: str  # Markdown; [n] is a citation of reference n
    abstained: bool = False
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    references: tuple[Reference, ...] = ()
    themes: tuple[SectionTheme, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    plain: str = ""
    latex: str = ""
    bibtex: str = ""
    notes: tuple[str, ...] = ()  # what was left out of a model's text, and what a reader should know; a sentence each
    incomplete: bool = False  # the model broke off; local sentences stand in for what it did not write
    model: str = ""
    usage: Usage = field(default_factory=Usage)
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def paper_ids(self) -> tuple[str, ...]:
        return tuple(reference.paper_id for reference in self.references)

    @property
    def citable(self) -> tuple[str, ...]:
        """The papers that an edited paragraph may cite by their places, counted from 1: the references, then what was
        left out."""
        return (*self.paper_ids, *(paper.paper_id for paper in self.left_out))

    @property
    def more(self) -> int:
        """How many papers are on the subject beyond the number that is wanted."""
        return sum(paper.beyond for paper in self.left_out)

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs that the section was put together from."""
        return tuple(
            Paragraph(
                theme.name,
                theme.paper_ids,
                tuple(
                    SectionSentence(
                        one.text,
                        one.verdict,
                        one.citations,
                        tuple(map(self.citations.__getitem__, one.quotes)),
                        one.reason,
                    )
                    for one in self.sentences
                    if theme.start <= one.start < theme.end
                ),
                theme.terms,
            )
            for theme in self.themes
        )

    def with_natbib(self) -> "Section":
        r"""Return the section with \citet and \citep in its LaTeX in the place of \cite."""
        return replace(self, latex=latex_text(self.text, Citing.of(self.references, natbib=True)))

    def record(self) -> dict[str, Any]:
        """Return the JSON of the command line."""
        return asdict(self)


def _citing_once(told: SectionSentence) -> SectionSentence:
    """Return a sentence in which no place cites a paper twice: "[1][1][2]" is "[1][2]"."""
    text = _MARKERS.sub(lambda found: "".join(dict.fromkeys(re.findall(r"\[\d+\]", found.group()))), told.text)
    return replace(told, text=text, numbers=tuple(dict.fromkeys(told.numbers)))


def heading(form: Form, paragraph: Paragraph) -> str:
    """Return the heading of a paragraph. A summary is read as one text; related work names its themes."""
    return f"### {paragraph.theme}\n\n" if form is Form.RELATED else ""


def numbered_anew(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs with the numbers from 1 on in the order of their first mention, those with quotes first."""
    sentences = [told for paragraph in paragraphs for told in paragraph.sentences]
    quoted = (citation.number for told in sentences for citation in told.citations)
    mentioned = dict.fromkeys([*quoted, *(number for told in sentences for number in told.numbers)])
    new = {number: place for place, number in enumerate(mentioned, 1)}
    return [
        replace(paragraph, sentences=tuple(_renumbered(told, new) for told in paragraph.sentences))
        for paragraph in paragraphs
    ]


def put_together(form: Form, about: str, paragraphs: Sequence[Paragraph], library: Library) -> Section:
    """Return the section of paragraphs, whose papers have the numbers from 1 on.

    Raises QuestionError if one of them is no longer in the library.
    """
    parts: list[str] = []
    length = 0
    sentences: list[Sentence] = []
    places: dict[Citation, int] = {}
    found: list[SectionTheme] = []
    for given in paragraphs:
        paragraph = replace(given, sentences=tuple(map(_citing_once, given.sentences)))
        opening = ("\n\n" if parts else "") + heading(form, paragraph)
        start = length + len(opening)
        end = start + len(paragraph.text)
        found.append(SectionTheme(paragraph.theme, paragraph.paper_ids, start, end, paragraph.terms))
        for told in paragraph.sentences:
            quotes = tuple(places.setdefault(citation, len(places)) for citation in told.citations)
            end = start + len(told.text)
            by = By.of(told.verdict)
            sentences.append(Sentence(told.text, told.verdict, told.numbers, start, end, quotes, told.reason, by))
            start = end + 1
        parts += [opening, paragraph.text]
        length += len(opening) + len(paragraph.text)
    text = "".join(parts)
    numbered = {citation.number: citation.paper_id for citation in places}
    if len(set(numbered.values())) < len(numbered):
        raise ValueError("a section has two numbers for one paper")
    papers = {paper.paper_id: paper for paper in library.catalogue.papers(numbered.values())}
    if not papers.keys() >= set(numbered.values()):
        raise QuestionError("A paper that the text cites left the library while it was written; ask for it again.")
    ordered = [papers[numbered[number]] for number in sorted(numbered)]
    keys = library.catalogue.citation_keys(papers)
    cited = references(ordered, keys)
    return Section(
        form=form,
        about=about,
        text=text,
        sentences=tuple(sentences),
        citations=tuple(places),
        references=cited,
        themes=tuple(found),
        plain=plain_manuscript(text),
        latex=latex_text(text, Citing.of(cited, natbib=False)),
        bibtex=bibtex(ordered, keys),
    )
