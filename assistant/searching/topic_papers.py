"""Topic -> the papers about it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.planning.topics import title_in
from assistant.searching.query_expansion import expanded_query, spelled_out
from assistant.searching.topic_relevance import listed
from vectorstore.catalogue.filters import Filters
from vectorstore.library import Library
from vectorstore.papers.paper import Paper
from vectorstore.search.retriever import RetrievedPassage
from vectorstore.text.folding import folded

_CANDIDATES = 60  # papers that are compared with a topic
_LAST = 10  # of them; if one of these is about it still, others may be
_ALTERNATIVES = re.compile(r"\s*(?:,|;|/|\bor\b|\band/or\b)\s*")
_LONGEST_WHOLE = 8000  # characters of an abstract that is read as a whole


def papers_about(topic: str, library: Library, *, filters: Filters) -> tuple[list[Paper], bool]:
    """Return the papers about any of the topic's alternatives ("a, b or c"), closest first.

    Where they are more than a search compares, all that have the topic's words follow, and True is returned.
    """
    best: dict[str, float] = {}
    others: dict[str, Paper] = {}
    for said in dict.fromkeys(filter(None, [topic, *_ALTERNATIVES.split(topic)])):
        part = spelled_out(said, library)
        asked = expanded_query(part, library)
        found = whole_abstracts(library.search(asked, top_k=_CANDIDATES, filters=filters), library)
        fitting = [item for item, is_on in zip(found, listed(part, found, library), strict=True) if is_on]
        for passage in fitting:
            paper_id = passage.passage.paper_id
            best[paper_id] = max(best.get(paper_id, 0.0), passage.similarity)
        if {item.passage.paper_id for item in fitting} & set(paper_ids(found[_CANDIDATES - _LAST :])):
            saying = library.papers(replace(filters, also=(*filters.also, Filters(saying=part))))
            others |= {paper.paper_id: paper for paper in saying}
    papers = {paper.paper_id: paper for paper in library.catalogue.papers(best)}
    closest = [papers[paper_id] for paper_id in sorted(best, key=lambda key: (-best[key], key))]
    return closest + [paper for paper_id, paper in others.items() if paper_id not in best], bool(others)


def paper_meant(topic: str, library: Library, *, filters: Filters) -> tuple[str, ...]:
    """Return the id of the paper that "the paper on ..." means, () if none is on it.

    A topic that is capitalised as a title is one: a paper of another title is not meant.
    """
    topic = spelled_out(topic, library)
    found = whole_abstracts(library.search(topic, top_k=_CANDIDATES, filters=filters), library)
    on = [item for item, is_on in zip(found, listed(topic, found, library), strict=True) if is_on]
    if title_in(f" {topic}"):
        on = [item for item in on if folded(topic) in folded(item.passage.title)]
    return tuple(paper_ids(on[:1]))


def paper_ids(found: Iterable[RetrievedPassage]) -> list[str]:
    return [item.passage.paper_id for item in found]


def whole_abstracts(found: Sequence[RetrievedPassage], library: Library) -> list[RetrievedPassage]:
    """Return the passages widened to the whole abstract: what is asked may stand in its other passage."""
    abstracts = {
        paper.paper_id: paper.abstract
        for paper in library.catalogue.papers({item.passage.paper_id for item in found})
        if len(paper.abstract) <= _LONGEST_WHOLE
    }
    return [
        replace(item, passage=replace(item.passage, text=abstract, start=0, end=len(abstract)))
        if (abstract := abstracts.get(item.passage.paper_id))
        else item
        for item in found
    ]
