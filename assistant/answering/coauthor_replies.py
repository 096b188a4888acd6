"""A question for someone's co-authors -> whom the listings print with them, as computed lines. No model writes them."""

from collections.abc import Iterator

from assistant.answering.lists import list_reply
from assistant.facts.authors import AuthorProfile, author_profile
from assistant.facts.catalogue_answers import MOST_LISTED, Line
from assistant.facts.replies import Reply, computed
from assistant.stopwatch import Stopwatch
from assistant.planning.chips import described
from assistant.planning.people import People
from assistant.planning.query import Query
from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.papers import Paper


def coauthor_reply(query: Query, library: Library, people: People, watch: Stopwatch) -> Iterator[str | Reply]:
    """Yield with whom an author wrote the papers that are meant; the list of them if they are not one author's."""
    if len(query.filters.authors) != 1 or query.topic:
        yield from list_reply(query, library, watch)
        return
    with watch.measure("retrieve"):
        profile = author_profile(query.filters.authors[0], library, people)
        papers = library.papers(query.searched)
    if papers:
        yield from computed(_lines(query, profile, papers), found=papers)
    else:
        yield from list_reply(query, library, watch)


def _lines(query: Query, profile: AuthorProfile, papers: list[Paper]) -> Iterator[Line]:
    chosen = {paper.paper_id: paper for paper in papers}
    shared = [(one.name, [chosen[key] for key in one.paper_ids if key in chosen]) for one in profile.coauthors]
    shared = sorted((one for one in shared if one[1]), key=lambda one: (-len(one[1]), one[0]))
    narrowed = query.filters != Filters(authors=query.filters.authors)
    scope = (described(query.filters) if narrowed else f" by {profile.author}") + query.among
    on = "1 paper" if len(papers) == 1 else f"{len(papers):,} papers"
    printed = (
        "1 co-author is" if len(shared) == 1 else f"{len(shared):,} co-authors are" if shared else "No co-author is"
    )
    yield Line(f"{printed} known of {on}{scope}{':' if shared else '.'}")
    numbers: dict[str, int] = {}
    for place, (name, theirs) in enumerate(shared[:MOST_LISTED], 1):
        markers = "".join(f"[{numbers.setdefault(paper.paper_id, len(numbers) + 1)}]" for paper in theirs)
        count = "1 paper" if len(theirs) == 1 else f"{len(theirs)} papers"
        yield Line(f"{place}. **{name}**, {count} {markers}", tuple(theirs))
    if len(shared) > MOST_LISTED:
        yield Line(f"And {len(shared) - MOST_LISTED:,} more.")
    if hidden := sum(not paper.authors_complete for paper in papers):
        yield Line(f"The listings hide some authors of {hidden:,} of these papers.")
