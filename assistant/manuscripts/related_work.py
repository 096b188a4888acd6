"""Topic or draft -> a related-work section: the papers, grouped in themes, and a paragraph on each."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from assistant.facts.replies import closest_titles
from assistant.manuscripts.own_contributions import own_contributions
from assistant.manuscripts.related_papers import ITSELF, Left, Related, Wanted, related_papers
from assistant.manuscripts.section_assembly import (
    FEW_PAPERS,
    FEWEST_WORDS_A_PAPER,
    Plan,
    paper_vectors,
    written_section,
)
from assistant.manuscripts.section_writing import Style
from assistant.manuscripts.sections import Form, LeftOut, Paragraph, Section
from assistant.manuscripts.themes import Theme, themes
from assistant.models.providers import ModelChoice
from assistant.records import Sentence, Stage, Verdict
from assistant.settings import Settings
from assistant.stopwatch import Stopwatch
from assistant.text.evidence import short_title, shown_title
from vectorstore.errors import QuestionError
from vectorstore.library import Library
from vectorstore.papers.paper import Paper

_ABOUT = 80  # characters of a draft that say what it is about
_ITSELF = "“{}” is in the library with the same text as the draft; it is not cited (pin it to cite it)."
_NOTHING_SAID = "The draft says in no sentence that can be told alone what its work brings; add that yourself."


def related_work(
    wanted: Wanted, library: Library, choice: ModelChoice, settings: Settings, *, found: Related | None = None
) -> Generator[Stage | str | Section, None, None]:
    """Yield stages and paragraphs, then the section. It abstains, with the closest papers, if there is none to cite.

    `found` are the papers, if the caller has searched for them already.
    Raises QuestionError if neither a topic nor a draft is given, ModelError if the model fails.
    """
    if not (wanted.topic or wanted.draft or wanted.pinned or wanted.like or wanted.filters):
        raise QuestionError("Related work needs a topic or a draft; give one of them.")
    watch = Stopwatch()
    yield Stage("searching")
    with watch.measure("retrieve"):
        if wanted.words:
            wanted = replace(wanted, most_papers=min(wanted.most_papers, max(1, wanted.words // FEWEST_WORDS_A_PAPER)))
        papers, left = found or related_papers(wanted, library)
    if not papers:
        yield from _nothing(wanted, library, choice, watch)
        return
    with watch.measure("group"):
        grouped = in_order(_themes(wanted, papers, library), wanted.order)
    closing = own_contributions(wanted.draft) if wanted.draft else None
    plan = Plan(_about(wanted), tuple(grouped), _style(wanted, len(papers)), wanted.words, closing)
    for event in written_section(plan, library, choice, settings, watch):
        if isinstance(event, Section):
            left_out = tuple(LeftOut(one.paper.paper_id, one.paper.title, one.reason, one.beyond) for one in left)
            notes = (*event.notes, *_notes(wanted, left, closing))
            event = replace(event, left_out=left_out, notes=notes)
        yield event


def _themes(wanted: Wanted, papers: Sequence[Paper], library: Library) -> list[Theme]:
    """Return the themes of the papers; a single one is called what was asked for."""
    found = themes(papers, paper_vectors(papers, library), topic=wanted.topic)
    if len(found) > 1 or not wanted.topic:
        return found
    return [replace(found[0], name=wanted.topic[:1].upper() + wanted.topic[1:])]


def _notes(wanted: Wanted, left: Sequence[Left], closing: Paragraph | None) -> Iterator[str]:
    """Yield what a user should know of a draft, a sentence each."""
    for one in left:
        if one.reason == ITSELF:
            yield _ITSELF.format(short_title(shown_title(one.paper.title)))
    if wanted.draft and not closing:
        yield _NOTHING_SAID


def in_order(found: Sequence[Theme], order: Sequence[str]) -> list[Theme]:
    """Return themes whose papers come in a given order of ids, those that it does not name behind; so do the themes."""
    if not order:
        return list(found)
    rank = {paper_id: place for place, paper_id in enumerate(order)}
    reordered = []
    for theme in found:
        places = sorted(range(len(theme.papers)), key=lambda place: rank.get(theme.papers[place].paper_id, len(rank)))
        now = {before: place for place, before in enumerate(places)}
        terms = tuple((term, tuple(sorted(now[place] for place in said))) for term, said in theme.terms)
        first, *_ = papers = tuple(theme.papers[place] for place in places)
        if first.paper_id in rank and not _begin_with_the_first(terms):
            terms = ()  # the sentence that they make would name another paper before it
        reordered.append(replace(theme, papers=papers, terms=terms))
    return sorted(reordered, key=lambda theme: rank.get(theme.papers[0].paper_id, len(rank)))


def _begin_with_the_first(terms: Sequence[tuple[str, tuple[int, ...]]]) -> bool:
    """Tell whether the terms that a paragraph opens with, the shared ones, else all, are the first paper's."""
    said = [places for _, places in terms if len(places) > 1][:1] or [places for _, places in terms]
    return any(0 in places for places in said)


def _style(wanted: Wanted, papers: int) -> Style:
    return Style(Form.RELATED, sentences_each=2 if papers <= FEW_PAPERS else 1, lumped=wanted.lumped)


def _about(wanted: Wanted) -> str:
    if wanted.asked or wanted.topic or wanted.draft is None:
        return wanted.asked or wanted.topic
    text = wanted.draft.paragraphs[0]
    return text if len(text) <= _ABOUT else f"{text[:_ABOUT].rsplit(' ', 1)[0]} …"


def _nothing(wanted: Wanted, library: Library, choice: ModelChoice, watch: Stopwatch) -> Iterator[str | Section]:
    asked = wanted.asked or wanted.topic
    about = f"“{asked}”" if asked else "what the draft is about"
    query = wanted.topic or (wanted.draft.windows[0] if wanted.draft else "")
    closest = library.search(query, top_k=2) if query else []
    text = f"The library has no paper on {about}.{closest_titles(closest)}"
    yield text
    sentences = (Sentence(text, Verdict.NOT_A_CLAIM, end=len(text)),)
    yield Section(
        Form.RELATED,
        _about(wanted),
        text,
        True,
        sentences,
        plain=f"{text}\n",
        model=choice.name,
        timings_ms=watch.timings(),
    )
