"""Answers that are computed from the catalogue: who, when, how many, which papers. No model writes them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from assistant.planning.chips import described, joined
from assistant.planning.plan import MOST_LISTED, Order, Papers
from assistant.text.abstract_sentences import contribution
from assistant.text.evidence import Evidence, numbered, short_title, shown_title, unmarked
from assistant.text.third_person import as_predicate, third_person
from vectorstore.catalogue.filters import Filters
from vectorstore.papers.paper import Paper
from vectorstore.papers.partial_dates import shown_date
from vectorstore.papers.passages import Passage
from vectorstore.text.sentences import sentence_spans

MOST_NAMES = 30  # of one paper; more are those of a collaboration
NAMES_IN_A_LINE = 3
_LONGEST_CLAUSE = 32  # words


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a computed answer: its text with markers, the papers it cites in the order of the markers,
    and a sentence of the (only) paper's abstract if the line says what is in it."""

    text: str
    papers: tuple[Paper, ...] = ()
    quote: str = ""


def listed(
    asked: Papers,
    papers: Sequence[Paper],
    *,
    among: str = "",
    lead: str = "",
    by_words: bool = False,
    best_sentences: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Line]:
    """Yield a lead with the number (or `lead`), then a line a paper: title, authors, date, and the sentence of it in
    `best_sentences` (paper id -> sentence), else what it does.

    `papers` are all that were found; those from `asked.offset` on are shown. `by_words`: some are papers that have the
    topic's words and were not found to be about it. `among` says that there are limits.
    """
    shown = papers[asked.offset :][: asked.limit or MOST_LISTED]
    about = f" about {unmarked(asked.topic)}" if asked.topic else ""
    if best_sentences:
        about = f" close to “{unmarked(asked.topic)}”"
    yield Line(lead or _lead(asked, papers, shown, about, among=among, by_words=by_words))
    for number, paper in enumerate(shown, 1):
        yield paper_line(number, paper, _ordered_by(asked.order, paper), best_sentences.get(paper.paper_id, ""))
    beyond = len(papers) - asked.offset - len(shown)
    if beyond > 0 and not asked.limit:
        yield Line(f"And {beyond:,} more; say “more” to see them.")


def paper_line(number: int, paper: Paper, ordered_by: str = "", best_sentence: str = "") -> Line:
    """Return a paper's line in a list: its title, authors, date, and its `best_sentence`, else what it does."""
    clause, quote = _clause(paper, best_sentence)
    printed = f"**{shown_title(paper.title)}**, {printed_authors(paper)}, {printed_date(paper)}"
    return Line(f"{number}. {printed}{ordered_by}{clause} [{number}]", (paper,), quote)


def who_wrote(papers: Sequence[Paper]) -> Iterator[Line]:
    for number, paper in enumerate(papers, 1):
        title = f"“{shown_title(paper.title)}”"
        dated = f" and appeared {_when(paper)}" if paper.published else ""
        if paper.authors:
            yield Line(f"{title} was written by {_all_authors(paper)}{dated} [{number}].", (paper,))
        elif paper.author_count:
            counted = count(paper.author_count, "author")
            yield Line(f"The listing counts {counted} of {title} and names none of them [{number}].", (paper,))
        elif paper.organization:
            yield Line(f"The listing gives {paper.organization} for {title} and names no author [{number}].", (paper,))
        else:
            yield Line(f"The listing names no author of {title} [{number}].", (paper,))
        if hidden := paper.people[len(paper.authors) :]:
            page = "the profile page" if len(hidden) == 1 else "the profile pages"
            yield Line(f"It is also on {page} of {joined(hidden)} [{number}].", (paper,))


def _all_authors(paper: Paper) -> str:
    """Return every author; of a collaboration how many there are, and the first."""
    total = paper.author_count or len(paper.authors)
    if len(paper.authors) > MOST_NAMES:
        first = paper.authors[:NAMES_IN_A_LINE]
        at_least = "" if paper.author_count or paper.authors_complete else "at least "
        return f"{at_least}{count(total, 'author')}: {', '.join(first)} and {total - len(first):,} more"
    return joined(paper.authors) if paper.authors_complete else f"{', '.join(paper.authors)} et al."


def when_published(papers: Sequence[Paper]) -> Iterator[Line]:
    for number, paper in enumerate(papers, 1):
        title = f"“{shown_title(paper.title)}”"
        if paper.published is None:
            yield Line(f"The listing gives no date for {title} [{number}].", (paper,))
        else:
            inferred = "; its listing prints no year, so the year is inferred" if paper.year_inferred else ""
            yield Line(f"{title} appeared {_when(paper)}{inferred} [{number}].", (paper,))


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
    return paper.organization or (count(paper.author_count, "author") if paper.author_count else "authors not listed")


def printed_date(paper: Paper) -> str:
    return shown_date(paper.published, paper.precision) if paper.published else "undated"


def _when(paper: Paper) -> str:
    """Return the date with its preposition: "on 14 May 2024", "in May 2024"."""
    return f"{'on' if paper.precision == 'day' else 'in'} {printed_date(paper)}"


def lead_of_similar(filters: Filters, papers: Sequence[Paper], paper: Paper, *, among: str) -> str:
    if not papers:
        return f"The library has no other paper{described(filters)}{among}."
    counted = f"{len(papers)} papers" if len(papers) > 1 else "paper"
    closest = f"closest to “{short_title(shown_title(paper.title))}”"
    return f"The {counted}{described(filters)} {closest}{among}:"


def lead_by_authors(papers: Sequence[Paper], paper: Paper, *, among: str) -> str:
    other = f"{len(papers)} other {'paper' if len(papers) == 1 else 'papers'} in the library{among}"
    verb = "is" if len(papers) == 1 else "are"
    return f"{other} {verb} by authors of “{short_title(shown_title(paper.title))}”{':' if papers else '.'}"


def _lead(
    asked: Papers, papers: Sequence[Paper], shown: Sequence[Paper], topic: str, *, among: str, by_words: bool
) -> str:
    scope = described(asked.filters).removeprefix(",") if not asked.topic else described(asked.filters)
    end = ":" if shown else "."
    if asked.offset:
        of = f"{count(len(papers), 'paper')}{topic}{scope}{among}"
        if not shown:
            return f"These were all: {of}."
        return f"{'The last' if asked.offset + len(shown) >= len(papers) else 'Another'} {len(shown)} of {of}:"
    if asked.order and asked.limit:
        papers_of = "paper" if len(shown) == 1 else "papers"
        number = "" if len(shown) == 1 else f"{len(shown)} "
        if asked.order not in (Order.NEWEST, Order.OLDEST):
            return f"The {number}{papers_of}{scope}{topic}{among} with the {asked.order.value}{end}"
        return f"The {number}{asked.order.value} {papers_of}{scope}{topic}{among}{end}"
    verb = "is" if len(papers) == 1 else "are"
    if by_words:
        verb, topic = "speak of", f" {asked.topic}"
    counted = f"{count(len(papers), 'paper')} in the library{among}"
    end = f", {asked.order.value} first{end}" if asked.order else end
    if not topic and not scope:
        return f"{counted}{end}"
    if not topic and asked.filters == Filters(has_code=True, paper_ids=asked.filters.paper_ids):
        return f"{counted} {'has' if len(papers) == 1 else 'have'} {scope.removeprefix(' with ')}{end}"
    if asked.limit and len(shown) < len(papers):
        return f"{counted} {verb}{topic}{scope}; the first {len(shown)}{end}"
    return f"{counted} {verb}{topic}{scope}{end}"


def _clause(paper: Paper, best_sentence: str) -> tuple[str, str]:
    """Return ": introduces ..." from the `best_sentence`, else from the one that says what the paper brings, and it."""
    sentence = best_sentence or contribution_of(paper)
    if not sentence:
        return "", ""
    told = third_person(sentence, source=_evidence(paper).source, named=True, abstract=paper.abstract)
    text = as_predicate(told, paper.abstract)
    return f": {unmarked(text if best_sentence else _shortened(text)).rstrip('.')}", sentence


def contribution_of(paper: Paper) -> str | None:
    """Return the sentence that says what a paper brings, None if its abstract has none."""
    return contribution(_evidence(paper))


def _evidence(paper: Paper) -> Evidence:
    return numbered(1, Passage("", paper.paper_id, paper.title, paper.abstract, 0, len(paper.abstract)), paper)


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


def count(number: int, thing: str) -> str:
    """Return "1 paper", "1,204 papers"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def in_order(order: Order | None, papers: Sequence[Paper]) -> list[Paper]:
    """Return papers in the order asked for; those that the order says nothing of, such as undated ones, come last."""
    if order is None:
        return list(papers)
    value, descending = _ORDERS[order]
    placed = [(key, paper) for paper in papers if (key := value(paper)) is not None]
    placed.sort(key=lambda item: (item[0], item[1].title), reverse=descending)
    return [paper for _, paper in placed] + [paper for paper in papers if value(paper) is None]


def _ordered_by(order: Order | None, paper: Paper) -> str:
    """Return what a paper's place in an unusual order rests on: ", 23 authors"."""
    by_authors = order in (Order.MOST_AUTHORS, Order.FEWEST_AUTHORS)
    if by_authors and paper.authors and (number := _author_count(paper)):  # without names the line has the number
        return f", {count(number, 'author')}"
    return f", score {paper.score:g}" if order is Order.HIGHEST_SCORE and paper.score is not None else ""


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
