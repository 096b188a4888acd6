"""Answers that are computed from the catalogue: who, when, how many, which papers. No model writes them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.text.abstract_sentences import contribution
from assistant.text.evidence import Evidence, numbered, short_title, shown_title, unmarked
from assistant.text.rewriting import as_predicate, third_person
from assistant.planning.chips import described, joined
from assistant.planning.query import Order, Query
from vectorstore.filters import Filters
from vectorstore.papers import Paper
from vectorstore.passages import Passage
from vectorstore.sentences import sentence_spans

MOST_LISTED = 50
NAMES_IN_A_LINE = 3
_LONGEST_CLAUSE = 32  # words


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a computed answer: its text with markers, the papers it cites in the order of the markers,
    and a sentence of the (only) paper's abstract if the line says what is in it."""

    text: str
    papers: tuple[Paper, ...] = ()
    quote: str = ""


def listed(query: Query, papers: Sequence[Paper], *, lead: str = "", by_words: bool = False) -> Iterator[Line]:
    """Yield a lead with the number (or `lead`), then a line a paper: title, authors, date, what it does.

    `by_words`: some are papers that have the topic's words and were not found to be about it.
    """
    shown = papers[: query.limit or MOST_LISTED]
    yield Line(lead or _lead(query, papers, shown, by_words=by_words))
    for number, paper in enumerate(shown, 1):
        clause, quote = _clause(paper)
        printed = f"**{shown_title(paper.title)}**, {printed_authors(paper)}, {printed_date(paper)}"
        yield Line(f"{number}. {printed}{_ordered_by(query, paper)}{clause} [{number}]", (paper,), quote)
    if len(papers) > len(shown) and not query.limit:
        yield Line(f"And {len(papers) - len(shown):,} more; narrow the question to see them.")


def who_wrote(papers: Sequence[Paper]) -> Iterator[Line]:
    for number, paper in enumerate(papers, 1):
        title = f"“{shown_title(paper.title)}”"
        dated = f" and appeared on {printed_date(paper)}" if paper.published else ""
        if paper.authors:
            names = joined(paper.authors) if paper.authors_complete else f"{', '.join(paper.authors)} et al."
            yield Line(f"{title} was written by {names}{dated} [{number}].", (paper,))
        elif paper.author_count:
            counted = _count(paper.author_count, "author")
            yield Line(f"The listing counts {counted} of {title} and names none of them [{number}].", (paper,))
        elif paper.organization:
            yield Line(f"The listing gives {paper.organization} for {title} and names no author [{number}].", (paper,))
        else:
            yield Line(f"The listing names no author of {title} [{number}].", (paper,))
        if hidden := paper.people[len(paper.authors) :]:
            page = "the profile page" if len(hidden) == 1 else "the profile pages"
            yield Line(f"It is also on {page} of {joined(hidden)} [{number}].", (paper,))


def when_published(papers: Sequence[Paper]) -> Iterator[Line]:
    for number, paper in enumerate(papers, 1):
        title = f"“{shown_title(paper.title)}”"
        if paper.published is None:
            yield Line(f"The listing gives no date for {title} [{number}].", (paper,))
        else:
            inferred = "; its listing prints no year, so the year is inferred" if paper.year_inferred else ""
            yield Line(f"{title} appeared on {printed_date(paper)}{inferred} [{number}].", (paper,))


def has_code(papers: Sequence[Paper]) -> Iterator[Line]:
    """Yield what listing and abstract say of each paper's code."""
    for number, paper in enumerate(papers, 1):
        title = f"“{shown_title(paper.title)}”"
        if paper.code_url:
            start = paper.abstract.find(paper.code_url)
            quote = next(paper.abstract[a:b] for a, b in sentence_spans(paper.abstract) if a <= start < b)
            yield Line(f"The abstract of {title} links its code: {paper.code_url} [{number}].", (paper,), quote)
        elif paper.has_code:
            yield Line(f"The listing marks {title} as having code [{number}].", (paper,))
        else:
            yield Line(f"Neither the listing nor the abstract of {title} speaks of code [{number}].", (paper,))


def printed_authors(paper: Paper) -> str:
    """Return the authors in a line: up to three names, then "et al."; a count or an organisation without names."""
    if paper.authors:
        names = ", ".join(paper.authors[:NAMES_IN_A_LINE])
        return names if paper.authors_complete and len(paper.authors) <= NAMES_IN_A_LINE else f"{names} et al."
    if paper.page_owners:
        return f"{', '.join(paper.page_owners)} et al."
    return paper.organization or (_count(paper.author_count, "author") if paper.author_count else "authors not listed")


def printed_date(paper: Paper) -> str:
    return f"{paper.published.day} {paper.published:%B %Y}" if paper.published else "undated"


def lead_of_similar(query: Query, papers: Sequence[Paper], paper: Paper) -> str:
    if not papers:
        return f"The library has no other paper{described(query.filters)}{query.among}."
    counted = f"{len(papers)} papers" if len(papers) > 1 else "paper"
    closest = f"closest to “{short_title(shown_title(paper.title))}”"
    return f"The {counted}{described(query.filters)} {closest}{query.among}:"


def lead_by_authors(query: Query, papers: Sequence[Paper], paper: Paper) -> str:
    other = f"{len(papers)} other {'paper' if len(papers) == 1 else 'papers'} in the library{query.among}"
    verb = "is" if len(papers) == 1 else "are"
    return f"{other} {verb} by authors of “{short_title(shown_title(paper.title))}”{':' if papers else '.'}"


def _lead(query: Query, papers: Sequence[Paper], shown: Sequence[Paper], *, by_words: bool) -> str:
    scope = described(query.filters).removeprefix(",") if not query.topic else described(query.filters)
    topic = f" about {query.topic}" if query.topic else ""
    end = ":" if shown else "."
    if query.order and query.limit:
        papers_of = "paper" if len(shown) == 1 else "papers"
        number = "" if len(shown) == 1 else f"{len(shown)} "
        if query.order not in (Order.NEWEST, Order.OLDEST):
            return f"The {number}{papers_of}{scope}{topic}{query.among} with the {query.order.value}{end}"
        return f"The {number}{query.order.value} {papers_of}{scope}{topic}{query.among}{end}"
    verb = "is" if len(papers) == 1 else "are"
    if by_words:
        verb, topic = "speak of", f" {query.topic}"
    counted = f"{_count(len(papers), 'paper')} in the library{query.among}"
    end = f", {query.order.value} first{end}" if query.order else end
    if not topic and not scope:
        return f"{counted}{end}"
    if not topic and query.filters == Filters(has_code=True, paper_ids=query.filters.paper_ids):
        return f"{counted} {'has' if len(papers) == 1 else 'have'} {scope.removeprefix(' with ')}{end}"
    if query.limit and len(shown) < len(papers):
        return f"{counted} {verb}{topic}{scope}; the first {len(shown)}{end}"
    return f"{counted} {verb}{topic}{scope}{end}"


def _clause(paper: Paper) -> tuple[str, str]:
    """Return ": introduces ..." from the sentence that says what the paper brings, and that sentence."""
    whole = Passage("", paper.paper_id, paper.title, paper.abstract, 0, len(paper.abstract))
    evidence: Evidence = numbered(1, whole, paper)
    sentence = contribution(evidence)
    if not sentence:
        return "", ""
    text = third_person(sentence, source=evidence.source, named=True, abstract=paper.abstract)
    return f": {unmarked(_shortened(as_predicate(text, paper.abstract))).rstrip('.')}", sentence


def _shortened(text: str) -> str:
    """Return a long sentence up to a clause boundary that leaves a whole sentence; others as they are."""
    words = text.split()
    if len(words) <= _LONGEST_CLAUSE:
        return text
    for boundary in (
        ", which ",
        "; ",
        ", enabling ",
        ", allowing ",
        ", while ",
        ", where ",
        ", thereby ",
        ", leading ",
        ": ",
    ):
        head, found, _ = text.partition(boundary)
        if found and 8 <= len(head.split()) <= _LONGEST_CLAUSE and head.count("(") == head.count(")"):
            return head
    return text


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def in_order(query: Query, papers: Sequence[Paper]) -> list[Paper]:
    """Return papers in the order asked for; those that the order says nothing of, such as undated ones, come last."""
    if query.order is None:
        return list(papers)
    value, descending = _ORDERS[query.order]
    placed = [(key, paper) for paper in papers if (key := value(paper)) is not None]
    placed.sort(key=lambda item: (item[0], item[1].title), reverse=descending)
    return [paper for _, paper in placed] + [paper for paper in papers if value(paper) is None]


def _ordered_by(query: Query, paper: Paper) -> str:
    """Return what a paper's place in an unusual order rests on: ", 23 authors"."""
    by_authors = query.order in (Order.MOST_AUTHORS, Order.FEWEST_AUTHORS)
    if by_authors and paper.authors and (count := _author_count(paper)):  # without names the line has the number
        return f", {_count(count, 'author')}"
    return f", score {paper.score:g}" if query.order is Order.HIGHEST_SCORE and paper.score is not None else ""


def _author_count(paper: Paper) -> int | None:
    if paper.author_count:
        return paper.author_count
    return len(paper.authors) if paper.authors and paper.authors_complete else None


_ORDERS: dict[Order, tuple[Callable[[Paper], Any], bool]] = {  # by what, and whether the highest comes first
    Order.NEWEST: (lambda paper: paper.published, True),
    Order.OLDEST: (lambda paper: paper.published, False),
    Order.MOST_AUTHORS: (_author_count, True),
    Order.FEWEST_AUTHORS: (_author_count, False),
    Order.HIGHEST_SCORE: (lambda paper: paper.score, True),
}
