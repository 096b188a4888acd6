"""A question for related work, or for an author's work -> a reply in the chat, by the same code as the section."""

from collections.abc import Iterator

from assistant.answering.lists import list_reply
from assistant.facts.authors import author_profile
from assistant.facts.replies import Reply, said
from assistant.manuscripts.author_summary import summary
from assistant.manuscripts.related_papers import Wanted, related_papers
from assistant.manuscripts.related_work import related_work
from assistant.manuscripts.sections import Section
from assistant.models.choices import ModelChoice
from assistant.records import Abstention, Stage
from assistant.searching.topic_papers import papers_about
from assistant.settings import Settings
from assistant.stopwatch import Stopwatch
from assistant.planning.people import People
from assistant.planning.query import Intent, Query
from vectorstore.library import Library
from vectorstore.papers import Paper

SECTIONS = (Intent.RELATED_WORK, Intent.AUTHOR_SUMMARY)
_MORE = "{} more papers are on this; ask for related work on a part of it, or list them."


def section_reply(
    query: Query, library: Library, people: People, choice: ModelChoice, settings: Settings, watch: Stopwatch
) -> Iterator[Stage | str | Reply]:
    """Yield what is asked for, paragraph by paragraph, then the reply; or the list's answer where no paper is meant."""
    if query.intent is Intent.AUTHOR_SUMMARY and query.corrections:  # whose work is summed up is never guessed
        (typed, meant), *_ = query.corrections
        yield from said(
            f"Nobody in the library is called “{typed}”. Did you mean {meant}?", why=Abstention.NOT_IN_LIBRARY
        )
        return
    section: Section | None = None
    for event in _section(query, library, choice, settings) or list_reply(query, library, watch):
        if isinstance(event, Section):
            section = event
        else:
            yield event
    if section is None:
        return
    watch.spent.update({name: spent for name, spent in section.timings_ms.items() if name != "total"})
    papers = {paper.paper_id: paper for paper in library.catalogue.papers(section.paper_ids)}
    more = section.more if query.intent is Intent.RELATED_WORK else 0
    yield Reply(
        text=section.text,
        sentences=section.sentences,
        citations=section.citations,
        papers=tuple(papers[paper_id] for paper_id in section.paper_ids),
        found=(*section.paper_ids, *(paper.paper_id for paper in section.left_out)),
        usage=section.usage,
        incomplete=section.incomplete,
        notes=(*section.notes, *([_MORE.format(more)] if more else []), *_namesakes(query, library, people)),
    )


def _namesakes(query: Query, library: Library, people: People) -> Iterator[str]:
    """Yield what speaks for the author whose work is summed up being several people."""
    if query.intent is Intent.AUTHOR_SUMMARY:
        profile = author_profile(query.filters.authors[0], library, people, within=query.within)
        if profile.possibly_two:
            yield f"{profile.namesakes} To keep them apart, say “split {profile.author}”."


def _section(
    query: Query, library: Library, choice: ModelChoice, settings: Settings
) -> Iterator[Stage | str | Section] | None:
    """Return the events of a section, or None where a list answers better: nothing is found, or the whole is asked."""
    if query.similar_to or query.authors_of:
        return None
    if query.intent is Intent.RELATED_WORK and query.topic:
        wanted = Wanted(topic=query.topic, filters=query.searched)
        found = related_papers(wanted, library)
        return related_work(wanted, library, choice, settings, found=found) if found[0] else None
    papers = _papers(query, library) if query.intent is Intent.AUTHOR_SUMMARY else []
    who = query.filters.authors[0] if len(query.filters.authors) == 1 else ""
    return summary(papers, who, library, choice, settings, among=query.among) if papers and who else None


def _papers(query: Query, library: Library) -> list[Paper]:
    if query.topic:
        return papers_about(query.topic, library, filters=query.searched)[0]
    return library.papers(query.searched)
