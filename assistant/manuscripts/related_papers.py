"""Topic or draft -> the papers that its related work is about."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.manuscripts.drafts import Draft
from assistant.searching.evidence_search import whole_abstracts
from assistant.searching.nearness import on_topic
from assistant.searching.topic_papers import paper_ids
from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.papers import Paper

_CANDIDATES = 20  # papers found for each paragraph of a draft
_COMPARED = 60  # papers that are compared with a topic
# A paper is related to a draft if a paragraph is this near to it in meaning, and nearly as near as the nearest is.
_COSINE, _OF_THE_NEAREST = 0.45, 0.82
_ITSELF = 0.85  # cosine above which a paper is the draft's own


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a related-work section is to be about: a topic, a draft or both, and the user's own choice of papers."""

    topic: str = ""
    draft: Draft | None = None
    most_papers: int = 12
    pinned: tuple[str, ...] = ()  # ids of papers that are in it whatever is found, in their order
    dropped: tuple[str, ...] = ()  # ids of papers that are not
    order: tuple[str, ...] = ()  # ids of papers that come in this order, before the others of their theme
    words: int | None = None  # about as many as the section may have
    lumped: bool = False  # a sentence may cite all papers of a theme
    filters: Filters = field(default_factory=Filters)  # that the papers must meet


def related_papers(wanted: Wanted, library: Library) -> tuple[list[Paper], list[Paper]]:
    """Return the papers, those pinned, then the topic's, then the draft's, the closest first; and those beyond the
    number that is wanted."""
    found = list(wanted.pinned)
    if wanted.topic:
        found += _on(wanted.topic, library, wanted.filters)
    if wanted.draft:
        found += _near(wanted.draft, library, wanted.filters)
    kept = [paper_id for paper_id in dict.fromkeys(found) if paper_id not in wanted.dropped]
    papers = {paper.paper_id: paper for paper in library.catalogue.papers(kept)}
    there = [papers[paper_id] for paper_id in kept if paper_id in papers]
    most = max(wanted.most_papers, sum(paper_id in papers for paper_id in wanted.pinned))
    return there[:most], there[most:]


def _on(topic: str, library: Library, filters: Filters) -> list[str]:
    """Return the ids of the papers on a topic, the most similar first."""
    found = whole_abstracts(library.search(topic, top_k=_COMPARED, filters=filters), library)
    return paper_ids(on_topic(topic, found, library))


def _near(draft: Draft, library: Library, filters: Filters) -> Iterable[str]:
    """Return the ids of the papers near to a paragraph of a draft, the most similar first."""
    nearest: dict[str, tuple[float, float]] = {}
    for window in draft.windows:
        for found in library.search(window, top_k=_CANDIDATES, filters=filters):
            values = found.similarity, found.cosine
            nearest[found.passage.paper_id] = max(nearest.get(found.passage.paper_id, values), values)
    others = {paper_id: values for paper_id, values in nearest.items() if values[1] < _ITSELF}
    highest = max((similarity for similarity, _ in others.values()), default=0.0)
    related = [
        paper_id
        for paper_id, (similarity, cosine) in others.items()
        if cosine >= _COSINE and similarity >= _OF_THE_NEAREST * highest
    ]
    return sorted(related, key=lambda paper_id: (-others[paper_id][0], paper_id))
