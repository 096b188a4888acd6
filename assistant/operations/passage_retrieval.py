"""Passages to write from: on a question, of papers that are compared, of all papers on a topic."""

from collections.abc import Callable, Sequence

from assistant.models.providers import LOCAL
from assistant.operations.papers import nothing_about, scoped
from assistant.operations.results import Refusal, Result, Sources, read_whole
from assistant.planning.plan import Compare, Passages, Step, Survey
from assistant.records import Abstention
from assistant.searching.query_expansion import expanded_query
from assistant.searching.topic_papers import paper_meant, papers_about, whole_abstracts
from vectorstore.catalogue.filters import Filters
from vectorstore.papers.paper import Paper
from vectorstore.search.retriever import RetrievedPassage

_FUSION = 60  # of reciprocal rank fusion (Cormack et al. 2009)
_ALSO_READ = 16  # papers closest to a topic, which a model reads whether they were found to be on it or not


def passages(asked: Passages, sources: Sources) -> Result:
    """Return the passages closest to a question, or those of the papers that it is about."""
    library = sources.library
    ids = asked.papers or sources.papers_of(asked.of_step)
    filters = scoped(asked, sources)
    queries = dict.fromkeys(expanded_query(query, library) for query in (asked.query, *asked.wordings) if query)
    searches = [library.search(query, top_k=max(sources.top_k, len(ids)), filters=filters) for query in queries]
    found = whole_abstracts(_fused(searches)[: max(sources.top_k, len(ids))], library)
    if ids:
        there = {item.passage.paper_id for item in found}
        inside = {paper.paper_id: paper for paper in library.papers(filters)} if sources.within else None
        missing = [
            paper for paper in library.catalogue.papers(set(ids) - there) if inside is None or paper.paper_id in inside
        ]
        found += read_whole(missing)
        found.sort(key=lambda item: ids.index(item.passage.paper_id))
    papers = _in_order([item.passage.paper_id for item in found], library.catalogue.papers)
    return Result(Step.of(asked), passages=tuple(found), papers=papers)


def _fused(searches: Sequence[Sequence[RetrievedPassage]]) -> list[RetrievedPassage]:
    """Return what several wordings of a search found, best first, by the ranks that they gave it."""
    if len(searches) == 1:
        return list(searches[0])
    ranks: dict[str, float] = {}
    best: dict[str, RetrievedPassage] = {}
    for found in searches:
        for rank, item in enumerate(found, 1):
            key = item.passage.paper_id
            ranks[key] = ranks.get(key, 0.0) + 1 / (_FUSION + rank)
            if key not in best or item.similarity > best[key].similarity:
                best[key] = item
    return sorted(best.values(), key=lambda item: -ranks[item.passage.paper_id])


def _in_order(ids: Sequence[str], papers_of: Callable[[Sequence[str]], list[Paper]]) -> tuple[Paper, ...]:
    known = {paper.paper_id: paper for paper in papers_of(ids)}
    return tuple(known[one] for one in dict.fromkeys(ids) if one in known)


def compare(asked: Compare, sources: Sources) -> Result:
    """Return the abstracts of the papers that are set side by side, and which sides no paper is about."""
    library = sources.library
    ids = list(asked.papers or sources.papers_of(asked.of_step))
    missing = []
    for side in asked.sides:
        filters = sources.limited(Filters(excluding=(Filters(paper_ids=tuple(ids)),)) if ids else asked.filters)
        saying = sources.limited(Filters(saying=side))
        is_named = " " not in side and library.count(saying) == 1
        papers_named = library.papers(saying) if is_named else []
        meant = tuple(one.paper_id for one in papers_named) or paper_meant(side, library, filters=filters)
        if meant:
            ids += meant
        else:
            missing.append(side)
    papers = _in_order(ids, library.catalogue.papers)
    step = Step.of(asked)
    if not papers:
        sides = " or ".join(f"“{side}”" for side in missing)
        text = f"The library has no paper on {sides}{sources.among}, so there is nothing to compare."
        found = library.search(" ".join(asked.sides), top_k=sources.top_k, filters=sources.limited(asked.filters))
        return Result(
            step, tuple(), tuple(whole_abstracts(found, library)), refusal=Refusal(Abstention.NOT_IN_LIBRARY, text)
        )
    return Result(step, passages=read_whole(papers), papers=papers, missing=tuple(missing))


def survey(asked: Survey, sources: Sources) -> Result:
    """Return the abstracts of all papers on a topic, of those chosen, or of the whole library."""
    library = sources.library
    filters = scoped(asked, sources)
    if asked.topic:
        papers, _ = papers_about(asked.topic, library, filters=filters)
    else:
        papers = library.papers(filters)
    step = Step.of(asked)
    if asked.topic and sources.model != LOCAL:  # a model can tell which of the next closest belong to them
        closest = library.search(expanded_query(asked.topic, library), top_k=_ALSO_READ, filters=filters)
        there = {paper.paper_id for paper in papers}
        also = [item.passage.paper_id for item in closest if item.passage.paper_id not in there]
        papers = [*papers, *_in_order(also, library.catalogue.papers)]
    if not papers:
        return nothing_about(step, asked.topic, asked.filters, sources)
    return Result(step, passages=read_whole(papers), papers=tuple(papers))
