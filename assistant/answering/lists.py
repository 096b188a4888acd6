"""Query -> the papers that a list or a count is of, as computed lines. No model writes them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from assistant.answering.abstention import is_off_topic
from assistant.facts.catalogue_answers import Line, in_order, lead_by_authors, lead_of_similar, listed
from assistant.facts.replies import Reply, closest_titles, computed, language_hint, said, without_each
from assistant.records import Abstention
from assistant.searching.topic_papers import paper_ids, papers_about
from assistant.stopwatch import Stopwatch
from assistant.planning.chips import chips, described
from assistant.planning.query import Intent, Query
from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.papers import Paper

_SIMILAR = 5  # papers, when "more like this" names no number


def list_reply(query: Query, library: Library, watch: Stopwatch) -> Iterator[str | Reply]:
    """Yield the papers that are wanted, or their number, or what there is instead of them."""
    if query.authors_of:
        yield from _by_its_authors(query, library, watch)
        return
    if query.similar_to:
        yield from _similar(query, library, watch)
        return
    with watch.measure("retrieve"):
        papers, by_words = (
            papers_about(query.topic, library, filters=query.searched)
            if query.topic
            else (library.papers(query.searched), False)
        )
    papers = in_order(query, papers)
    lines = listed(query, papers, by_words=by_words)
    if query.corrections:
        yield from computed(chain(map(_correction, query.corrections), lines), found=papers)
    elif papers or (query.intent is Intent.COUNT and not query.topic):
        yield from computed(lines, found=papers)
    else:
        yield from _nothing_about(query, library)


def _by_its_authors(query: Query, library: Library, watch: Stopwatch) -> Iterator[str | Reply]:
    """Yield the other papers that an author of the first one meant has written."""
    (paper,) = library.catalogue.papers(query.authors_of)
    with watch.measure("retrieve"):
        written = {
            other.paper_id: other
            for person in library.catalogue.namesakes.people_on([paper.paper_id])
            for other in library.papers(query.limited(Filters(authors=(person.key,))))
            if other.paper_id != paper.paper_id
        }
    others = sorted(written.values(), key=lambda other: (-(other.published or date.min).toordinal(), other.title))
    lines = listed(query, others, lead=lead_by_authors(query, others, paper))
    yield from computed(lines, found=others, why=_unless(others))


def _similar(query: Query, library: Library, watch: Stopwatch) -> Iterator[str | Reply]:
    """Yield the papers closest to a given one."""
    (paper,) = library.catalogue.papers(query.similar_to[:1])
    itself = Filters(paper_ids=query.similar_to)
    filters = query.limited(replace(query.filters, paper_ids=None, excluding=(*query.filters.excluding, itself)))
    with watch.measure("retrieve"):
        found = library.search(f"{paper.title}. {paper.abstract}", top_k=query.limit or _SIMILAR, filters=filters)
        papers = {other.paper_id: other for other in library.catalogue.papers(paper_ids(found))}
    closest = in_order(query, [papers[paper_id] for paper_id in paper_ids(found) if paper_id in papers])
    lines = listed(query, closest, lead=lead_of_similar(query, closest, paper))
    yield from computed(lines, found=closest, why=_unless(closest))


def _nothing_about(query: Query, library: Library) -> Iterator[str | Reply]:
    why = Abstention.NOT_IN_LIBRARY
    topic = f" about “{query.topic}”" if query.topic else ""
    text = f"The library has no paper{described(query.filters)}{topic}{query.among}."
    if query.topic:
        found = library.search(query.topic, top_k=2, filters=query.searched)
        why = Abstention.OFF_TOPIC if is_off_topic(query, found, library) else why
        text += closest_titles(found)
    elif len(asked := chips(query.filters)) > 1:
        counts = ((chip.label, library.count(query.limited(chip.without))) for chip in asked)
        text += without_each([(label, count) for label, count in counts if count])
    return said(text + language_hint(query), why=why)


def _unless(papers: Sequence[Paper]) -> Abstention:
    return Abstention.NONE if papers else Abstention.NOT_IN_LIBRARY


def _correction(correction: tuple[str, str]) -> Line:
    said, meant = correction
    return Line(f"Nobody in the library is called “{said}”; did you mean {meant}?")
