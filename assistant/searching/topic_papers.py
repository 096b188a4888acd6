"""Topic -> the papers about it."""

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.searching.evidence_search import whole_abstracts
from assistant.searching.relevance import about
from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.papers import Paper
from vectorstore.retriever import RetrievedPassage

_CANDIDATES = 60  # papers that are compared with a topic
_LAST = 10  # of them; if one of these is about it still, others may be
_ALTERNATIVES = re.compile(r"\s*(?:,|;|\bor\b|\band/or\b)\s*")


def papers_about(topic: str, library: Library, *, filters: Filters) -> tuple[list[Paper], bool]:
    """Return the papers about any of the topic's alternatives ("a, b or c"), closest first.

    Where they are more than a search compares, all that have the topic's words follow, and True is returned.
    """
    best: dict[str, float] = {}
    others: dict[str, Paper] = {}
    for part in dict.fromkeys(filter(None, [topic, *_ALTERNATIVES.split(topic)])):
        found = whole_abstracts(library.search(part, top_k=_CANDIDATES, filters=filters), library)
        fitting = about(part, found, library.term_weights)
        for passage in fitting:
            paper_id = passage.passage.paper_id
            best[paper_id] = max(best.get(paper_id, 0.0), passage.similarity)
        if {item.passage.paper_id for item in fitting} & set(paper_ids(found[_CANDIDATES - _LAST :])):
            saying = library.papers(replace(filters, also=(*filters.also, Filters(saying=part))))
            others |= {paper.paper_id: paper for paper in saying}
    papers = {paper.paper_id: paper for paper in library.catalogue.papers(best)}
    closest = [papers[paper_id] for paper_id in sorted(best, key=lambda key: (-best[key], key))]
    return closest + [paper for paper_id, paper in others.items() if paper_id not in best], bool(others)


def paper_ids(found: Iterable[RetrievedPassage]) -> list[str]:
    return [item.passage.paper_id for item in found]
