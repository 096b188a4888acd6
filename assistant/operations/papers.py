"""Lists and counts of papers, from the catalogue; no model writes them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.facts.authors import AuthorProfile, author_profile
from assistant.facts.catalogue_answers import (
    Line,
    contribution_of,
    count,
    in_order,
    lead_by_authors,
    lead_of_similar,
    listed,
)
from assistant.facts.replies import closest_papers, without_each
from assistant.operations.results import Refusal, Result, Sources, read_whole
from assistant.planning.chips import chips, described
from assistant.planning.plan import MOST_LISTED, ByAuthors, Coauthors, Counts, Papers, Passages, Scope, Similar, Step
from assistant.records import Abstention
from assistant.searching.answerability import read_until
from assistant.searching.off_topic import is_off_topic
from assistant.searching.topic_papers import papers_about
from assistant.text.evidence import unmarked
from vectorstore.catalogue.filters import Filters
from vectorstore.papers.paper import Paper
from vectorstore.text.sentences import sentence_spans

_SIMILAR = 5  # papers, when "more like this" names no number
_MOST_GROUPS = 20
_READ_CLOSELY = 5  # papers at the top of a list, whose lines say what is asked
_SAYS = 0.5  # of a paper or a sentence that says it, by the reader
_MOST_ASKED = 50  # papers of an answer before, of which each is asked
_CLOSEST = 8  # papers that a model is shown where none was found to be on a topic
_NAMED = 2  # papers that a reader is shown then


def scoped(arguments: Scope, sources: Sources) -> Filters:
    """Return what each paper of an operation meets."""
    filters = arguments.filters
    chosen = arguments.papers or sources.papers_of(arguments.of_step)
    if chosen:
        filters = replace(filters, paper_ids=chosen)
    return sources.limited(filters)


def list_papers(asked: Papers, sources: Sources) -> Result:
    """Return the papers that are wanted, or what there is instead of them."""
    if asked.spoken_of:
        filters = sources.limited(Filters(paper_ids=asked.spoken_of))
        if told := _answering(asked.question, sources.library.papers(filters), sources):
            return _told(asked, told)
    papers, by_words = _found(asked, asked.topic, sources)
    if not papers and asked.question and asked.filters.paper_ids:
        papers = _answering(asked.question, sources.library.papers(scoped(asked, sources))[:_MOST_ASKED], sources)
    papers = in_order(asked.order, papers)
    if not papers:
        return nothing_about(Step.of(asked), asked.topic, asked.filters, sources)
    if asked.answer and len(papers) == 1:
        return _told(asked, papers)
    shown = papers[asked.offset :][: asked.limit or MOST_LISTED]
    lines = listed(
        asked, papers, among=sources.among, by_words=by_words, best_sentences=_best_sentences(asked, shown, sources)
    )
    return Result(Step.of(asked), tuple(lines), papers=_shown_first(papers, asked), is_final=True)


def _told(asked: Papers, papers: Sequence[Paper]) -> Result:
    """Return what papers say in place of a list of them."""
    ids = tuple(paper.paper_id for paper in papers)
    step = Step.of(Passages(papers=ids, query=asked.question, question=asked.question))
    return Result(step, passages=read_whole(papers), papers=tuple(papers))


def _answering(question: str, papers: Sequence[Paper], sources: Sources) -> list[Paper]:
    """Return those of a few papers that answer a question: "which of these comes with a benchmark"."""
    given = [(paper.title, paper.abstract) for paper in papers]
    values = read_until(sources.stop, lambda some: sources.library.reader.answers(question, some), given)
    return [paper for paper, value in zip(papers, values, strict=True) if value >= _SAYS]


def _best_sentences(asked: Papers, papers: Sequence[Paper], sources: Sources) -> dict[str, str]:
    """Return by paper id the sentence that says what is asked, of those of the closest papers that have one."""
    best = {}
    for paper in papers[:_READ_CLOSELY] if asked.question else ():
        sentences = [paper.abstract[start:end] for start, end in sentence_spans(paper.abstract)]
        values = sources.library.reader.says(asked.question, paper.title, sentences)
        usual = contribution_of(paper)
        is_said_anyway = usual in sentences and values[sentences.index(usual)] >= _SAYS
        if len(values) and values.max() >= _SAYS and not is_said_anyway:
            best[paper.paper_id] = sentences[int(values.argmax())]
    return best


def _shown_first(papers: Sequence[Paper], asked: Papers) -> tuple[Paper, ...]:
    """Return the papers found, those that are shown first: "the second one" is the second that was shown."""
    if asked.limit:
        return tuple(papers[asked.offset :][: asked.limit])
    return (*papers[asked.offset :], *papers[: asked.offset])


def _found(asked: Scope, topic: str, sources: Sources) -> tuple[list[Paper], bool]:
    filters = scoped(asked, sources)
    if topic:
        return papers_about(topic, sources.library, filters=filters)
    return sources.library.papers(filters), False


def nothing_about(step: Step, topic: str, filters: Filters, sources: Sources) -> Result:
    """Return that no paper is on a topic, or meets filters; with a topic a model may look at the closest."""
    library = sources.library
    why = Abstention.NOT_IN_LIBRARY
    about = f" about “{topic}”" if topic else ""
    text = f"The library has no paper{described(filters)}{about}{sources.among}."
    found = library.search(topic, top_k=_CLOSEST, filters=sources.limited(filters)) if topic else []
    if topic:
        left = library.count(sources.limited(filters)) if filters else 0
        if not filters.authors and is_off_topic(topic, found, library, searched=sources.limited(filters)):
            why = Abstention.OFF_TOPIC
        text += without_each([(topic, left)] if left else [])
    elif len(asked := chips(filters)) > 1:
        counts = ((chip.label, library.count(sources.limited(chip.without))) for chip in asked)
        text += without_each([(label, number) for label, number in counts if number])
    refusal = Refusal(why, text, closest_papers(found[:_NAMED]))
    return Result(step, passages=tuple(found), refusal=refusal, is_final=not found)


# -- counts


def count_papers(asked: Counts, sources: Sources) -> Result:
    """Return how many papers there are, in groups or with a line a paper."""
    papers, by_words = _found(asked, asked.topic, sources)
    if asked.by:
        return Result(Step.of(asked), tuple(_grouped(asked, papers, sources)), papers=tuple(papers), is_final=True)
    if not papers and asked.topic:
        return nothing_about(Step.of(asked), asked.topic, asked.filters, sources)
    as_list = Papers(topic=asked.topic, filters=asked.filters)
    lines = list(listed(as_list, papers, among=sources.among, by_words=by_words))
    if asked.share:
        lines[0] = _share(asked, papers, sources)
    return Result(Step.of(asked), tuple(lines), papers=tuple(papers), is_final=True)


def _share(asked: Counts, papers: Sequence[Paper], sources: Sources) -> Line:
    total = sources.library.count(sources.limited(Filters()))
    part = f"{len(papers) / total:.0%}" if total else "0%"
    what = f"{described(asked.filters)}{f' about {unmarked(asked.topic)}' if asked.topic else ''}"
    verb = "is" if len(papers) == 1 else "are"
    return Line(f"{len(papers):,} of the {count(total, 'paper')}{sources.among} ({part}) {verb} papers{what}:")


_BY: dict[str, tuple[str, Callable[[Paper], Iterable[str]]]] = {
    "year": ("year", lambda paper: [str(paper.published.year)] if paper.published else []),
    "month": (
        "month",
        lambda paper: [f"{paper.published:%Y-%m}"] if paper.published and paper.precision != "year" else [],
    ),
    "category": ("category", lambda paper: [paper.category] if paper.category else []),
    "organization": ("organisation", lambda paper: filter(None, [paper.organization or paper.affiliation])),
    "listing": ("listing", lambda paper: dict.fromkeys(entry.listing for entry in paper.entries)),
    "code": ("code", lambda paper: ["with code" if paper.has_code or paper.code_url else "without code"]),
}


def _grouped(asked: Counts, papers: Sequence[Paper], sources: Sources) -> Iterator[Line]:
    """Yield how many papers each year, author or other group has, the largest first, years in their order."""
    if asked.by == "author":
        name, groups = "author", _by_author(papers, sources)
    else:
        name, values_of = _BY[asked.by]
        groups = _groups((value, paper) for paper in papers for value in values_of(paper))
    without = len({paper.paper_id for paper in papers}) - len({p.paper_id for _, ps in groups for p in ps})
    in_time = asked.by in ("year", "month") and not asked.top
    groups.sort(key=lambda group: group[0] if in_time else (-len(group[1]), group[0]))
    most = asked.top or (len(groups) if in_time else _MOST_GROUPS)
    if asked.top and len(groups) > most:  # those that share the last place are all shown
        most = sum(len(group) >= len(groups[most - 1][1]) for _, group in groups)
    about = f"{f' about {unmarked(asked.topic)}' if asked.topic else ''}{described(asked.filters)}"
    plural = {"category": "categories"}.get(name, f"{name}s")
    yield Line(f"{count(len(papers), 'paper')} in the library{sources.among}{about}, by {name}:" if len(groups) else
               f"None of the {count(len(papers), 'paper')}{about}{sources.among} has a known {name}.")  # fmt: skip
    for number, (value, group) in enumerate(groups[:most], 1):
        shown = f"{date.fromisoformat(f'{value}-01'):%B %Y}" if asked.by == "month" else value
        yield Line(f"{number}. **{shown}**: {count(len(group), 'paper')}")
    if len(groups) > most and not asked.top:
        yield Line(f"And {len(groups) - most:,} more {plural}.")
    if without:
        yield Line(f"{count(without, 'paper')} {'has' if without == 1 else 'have'} no known {name}.")


def _groups(values: Iterable[tuple[str, Paper]]) -> list[tuple[str, list[Paper]]]:
    groups: defaultdict[str, list[Paper]] = defaultdict(list)
    for value, paper in values:
        groups[value].append(paper)
    return list(groups.items())


def _by_author(papers: Sequence[Paper], sources: Sources) -> list[tuple[str, list[Paper]]]:
    """Return people with their papers; page owners are authors of what their pages list."""
    by_id = {paper.paper_id: paper for paper in papers}
    people = sources.vocabulary.people
    written: defaultdict[str, dict[str, Paper]] = defaultdict(dict)
    for one in sources.library.catalogue.namesakes.people_on(list(by_id)):
        name = next(iter(people.named(one.key)), one.name)
        written[name][one.paper_id] = by_id[one.paper_id]
    return [(name, list(theirs.values())) for name, theirs in written.items()]


# -- by others, like others, with others


def list_by_authors(asked: ByAuthors, sources: Sources) -> Result:
    """Return the other papers that an author of the first one meant has written."""
    library = sources.library
    ids = asked.papers or sources.papers_of(asked.of_step)
    if not (found := library.catalogue.papers(ids[:1])):  # it was deleted since it was told of
        return nothing_about(Step.of(asked), "", asked.filters, sources)
    paper = found[0]
    written = {
        other.paper_id: other
        for person in library.catalogue.namesakes.people_on([paper.paper_id])
        for other in library.papers(sources.limited(Filters(authors=(person.key,))))
        if other.paper_id != paper.paper_id
    }
    others = sorted(written.values(), key=lambda other: (-(other.published or date.min).toordinal(), other.title))
    lead = lead_by_authors(others, paper, among=sources.among)
    return _listed_or_not(Step.of(asked), Papers(), others, lead)


def list_similar(asked: Similar, sources: Sources) -> Result:
    """Return the papers closest to the first one meant."""
    library = sources.library
    ids = asked.papers or sources.papers_of(asked.of_step)
    if not (meant := library.catalogue.papers(ids[:1])):  # it was deleted since it was told of
        return nothing_about(Step.of(asked), "", asked.filters, sources)
    paper = meant[0]
    filters = replace(asked.filters, paper_ids=None, excluding=(*asked.filters.excluding, Filters(paper_ids=ids)))
    found = library.search(
        f"{paper.title}. {paper.abstract}", top_k=asked.limit or _SIMILAR, filters=sources.limited(filters)
    )
    papers = {other.paper_id: other for other in library.catalogue.papers({one.passage.paper_id for one in found})}
    closest = [papers[one.passage.paper_id] for one in found if one.passage.paper_id in papers]
    lead = lead_of_similar(asked.filters, closest, paper, among=sources.among)
    return _listed_or_not(Step.of(asked), Papers(), closest, lead)


def _listed_or_not(step: Step, asked: Papers, papers: Sequence[Paper], lead: str) -> Result:
    if not papers:
        return Result(step, refusal=Refusal(Abstention.NOT_IN_LIBRARY, lead), is_final=True)
    return Result(step, tuple(listed(asked, papers, lead=lead)), papers=tuple(papers), is_final=True)


def list_coauthors(asked: Coauthors, sources: Sources) -> Result:
    """Return with whom an author wrote the papers that are meant."""
    library = sources.library
    profile = author_profile(asked.name, library, sources.vocabulary.people)
    filters = replace(asked.filters, authors=tuple(dict.fromkeys((*asked.filters.authors, profile.author))))
    papers = library.papers(sources.limited(filters))
    if not papers:
        return nothing_about(Step.of(asked), "", filters, sources)
    lines = tuple(_coauthor_lines(filters, profile, papers, sources))
    return Result(Step.of(asked), lines, papers=tuple(papers), is_final=True)


def _coauthor_lines(
    filters: Filters, profile: AuthorProfile, papers: Sequence[Paper], sources: Sources
) -> Iterator[Line]:
    chosen = {paper.paper_id: paper for paper in papers}
    shared = [(one.name, [chosen[key] for key in one.paper_ids if key in chosen]) for one in profile.coauthors]
    shared = sorted((one for one in shared if one[1]), key=lambda one: (-len(one[1]), one[0]))
    narrowed = filters != Filters(authors=filters.authors)
    scope = (described(filters) if narrowed else f" by {profile.author}") + sources.among
    printed = (
        "1 co-author is" if len(shared) == 1 else f"{len(shared):,} co-authors are" if shared else "No co-author is"
    )
    yield Line(f"{printed} known of {count(len(papers), 'paper')}{scope}{':' if shared else '.'}")
    numbers: dict[str, int] = {}
    for place, (name, theirs) in enumerate(shared[:MOST_LISTED], 1):
        markers = "".join(f"[{numbers.setdefault(paper.paper_id, len(numbers) + 1)}]" for paper in theirs)
        yield Line(f"{place}. **{name}**, {count(len(theirs), 'paper')} {markers}", tuple(theirs))
    if len(shared) > MOST_LISTED:
        yield Line(f"And {len(shared) - MOST_LISTED:,} more.")
    if hidden := sum(not paper.authors_complete for paper in papers):
        yield Line(f"The listings hide some authors of {hidden:,} of these papers.")
