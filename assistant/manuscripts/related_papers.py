"""Topic or draft -> the papers that its related work is about, and those left out, with the reason."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.manuscripts.drafts import Draft
from assistant.searching.term_overlap import has_name
from assistant.searching.topic_papers import whole_abstracts
from assistant.searching.topic_relevance import Nearness, nearness
from assistant.text.words import content_words
from vectorstore.catalogue.filters import Filters
from vectorstore.library import Library
from vectorstore.papers.paper import Paper
from vectorstore.search.retriever import RetrievedPassage

_COMPARED = 60  # papers that are compared with a topic
_CANDIDATES = 20  # papers found for each paragraph of a draft
# A paper is related to a draft if a paragraph is this near to it in meaning, and nearly as near as the nearest is.
_COSINE, _OF_THE_NEAREST = 0.45, 0.82
_RUN, _SAME_TEXT = 5, 0.3  # words; share of an abstract's runs of so many words, above which a draft is its text
ITSELF = "the draft has the same text"
DROPPED = "dropped by you"
PARTLY = "only partly on the topic"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a related-work section is to be about: a topic, a draft or both, and the user's own choice of papers."""

    topic: str = ""  # what is searched for
    draft: Draft | None = None
    most_papers: int = 12
    pinned: tuple[str, ...] = ()  # ids of papers that are in it whatever is found, in their order
    dropped: tuple[str, ...] = ()  # ids of papers that are not
    order: tuple[str, ...] = ()  # ids of papers that come in this order, before the others of their theme
    words: int | None = None  # about as many as the section may have
    lumped: bool = False  # a sentence may cite all papers of a theme
    filters: Filters = field(default_factory=Filters)  # that the papers must meet
    like: tuple[str, ...] = ()  # ids of papers that the section is about, with those near to them
    asked: str = ""  # the topic as it was typed, if its words are not those searched for


@dataclass(frozen=True, slots=True)
class Left:
    """A paper that was found and is not cited. `beyond`: for no other reason than the number of papers."""

    paper: Paper
    reason: str
    beyond: bool = False


Related = tuple[list[Paper], list[Left]]  # the papers, and those left out


def related_papers(wanted: Wanted, library: Library) -> Related:
    """Return the papers, those pinned, then the topic's, then the draft's, the closest first; and those left out."""
    reasons: dict[str, str] = {}
    found = list(dict.fromkeys(_found(wanted, library, reasons)))
    found = list(dict.fromkeys((*wanted.pinned, *(key for key in found if reasons.get(key) != ITSELF))))
    reasons |= {paper_id: DROPPED for paper_id in wanted.dropped if paper_id in found or paper_id in reasons}
    kept = [paper_id for paper_id in found if paper_id not in wanted.dropped]
    papers = {paper.paper_id: paper for paper in library.catalogue.papers({*kept, *reasons})}
    there = [papers[paper_id] for paper_id in kept if paper_id in papers]
    most = max(wanted.most_papers, sum(paper_id in papers for paper_id in wanted.pinned))
    ranked = wanted.topic or wanted.like or wanted.draft
    less = f"{'less close' if ranked else 'older'} than the {most} chosen"
    left = [Left(paper, less, beyond=True) for paper in there[most:]]
    others = ((papers[paper_id], why) for paper_id, why in reasons.items() if paper_id not in kept)
    return there[:most], [*left, *(Left(paper, why) for paper, why in others)]


def _found(wanted: Wanted, library: Library, reasons: dict[str, str]) -> Iterator[str]:
    """Yield the ids of papers that are found; `reasons` gets those of papers that are nearly, and are left out."""
    if wanted.topic:
        yield from _on(wanted.topic, library, wanted.filters, reasons)
    subjects = library.catalogue.papers(wanted.like) if wanted.like else []
    yield from (paper.paper_id for paper in subjects)
    for paper in subjects:
        yield from _on(paper.title, library, wanted.filters, {}, besides=wanted.like)
    if wanted.draft:
        yield from _near(wanted.draft.windows, library, wanted.filters, reasons)
    if wanted.filters and not (wanted.topic or wanted.like or wanted.draft):
        yield from (paper.paper_id for paper in library.papers(wanted.filters))


def _on(
    topic: str, library: Library, filters: Filters, reasons: dict[str, str], *, besides: Sequence[str] = ()
) -> list[str]:
    """Return the ids of the papers on a topic `besides` given ones, the most similar first."""
    found = whole_abstracts(library.search(topic, top_k=_COMPARED, filters=filters), library)
    found = [item for item in found if item.passage.paper_id not in besides]
    ranked = list(zip(found, nearness(topic, found, library), strict=True))
    if any(how is Nearness.ON for _, how in ranked):
        partly = [item for item, how in ranked if how is Nearness.PARTLY]
        reasons |= {item.passage.paper_id: _lacking(topic, item, library) for item in partly}
    return [item.passage.paper_id for item, how in ranked if how is Nearness.ON]


def _lacking(topic: str, found: RetrievedPassage, library: Library) -> str:
    """Return why a paper is only partly on a topic: the rarest word of it that the paper does not say."""
    words = content_words(topic)
    weights = library.term_weights(words)
    absent = [stem for stem, word in words.items() if not has_name(word, found.passage.embedded_text)]
    return f"does not say “{words[max(absent, key=weights.__getitem__)]}”" if absent else PARTLY


def _near(texts: Iterable[str], library: Library, filters: Filters, reasons: dict[str, str]) -> list[str]:
    """Return the ids of the papers near to one of the texts of a draft, the most similar first."""
    texts = tuple(texts)
    nearest: dict[str, tuple[float, float]] = {}
    for text in texts:
        for found in library.search(text, top_k=_CANDIDATES, filters=filters):
            values = found.similarity, found.cosine
            nearest[found.passage.paper_id] = max(nearest.get(found.passage.paper_id, values), values)
    runs = _runs(" ".join(texts))
    same = {paper.paper_id for paper in library.catalogue.papers(nearest) if _is_text_of(runs, paper)}
    reasons |= dict.fromkeys(sorted(same), ITSELF)
    others = {paper_id: values for paper_id, values in nearest.items() if paper_id not in same}
    highest = max((similarity for similarity, _ in others.values()), default=0.0)
    related = [
        paper_id
        for paper_id, (similarity, cosine) in others.items()
        if cosine >= _COSINE and similarity >= _OF_THE_NEAREST * highest
    ]
    return sorted(related, key=lambda paper_id: (-others[paper_id][0], paper_id))


def _is_text_of(draft: set[tuple[str, ...]], paper: Paper) -> bool:
    runs = _runs(paper.abstract)
    return bool(runs) and len(runs & draft) >= _SAME_TEXT * len(runs)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)}
