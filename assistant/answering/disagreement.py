"""Says after an answer where two papers of its evidence, one of them cited, clearly disagree on what was asked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from assistant.answering.opposition import Part, opposed
from assistant.answering.statements import Statement, statement_of
from assistant.facts.replies import Reply, added
from assistant.records import Citation, Stage, Verdict
from assistant.text.evidence import numbered, unmarked
from assistant.text.plain_text import plain_text
from assistant.text.words import content_words
from assistant.planning.query import Query
from vectorstore.lexical import terms
from vectorstore.library import Library
from vectorstore.papers import Paper
from vectorstore.passages import Passage, split_paper
from vectorstore.sentences import sentence_spans

_LEAST_ASKED = 0.5  # share of the question's words that a sentence on its point has
_MOST_SENTENCES = 200  # that are compared, the strongest evidence first


@dataclass(frozen=True, slots=True)
class _Placed:
    """A sentence of a passage, and where it begins in the abstract."""

    passage: Passage
    start: int
    statement: Statement


def with_disagreement(
    events: Iterable[Stage | str | Reply], query: Query, library: Library
) -> Iterator[Stage | str | Reply]:
    """Yield the events of an answer; behind its text, if two papers disagree on its point, a sentence that says so."""
    for event in events:
        if isinstance(event, Reply) and event.evidence:
            longer = _disclosed(event, query, library)
            if longer is not event:
                yield longer.text[len(event.text) :]
            event = longer
        yield event


def _disclosed(reply: Reply, query: Query, library: Library) -> Reply:
    cited = {paper.paper_id for paper in reply.papers}
    statements = list(_on_the_point(reply, query))[:_MOST_SENTENCES]
    for one, other in combinations(statements, 2):
        ids = {one.passage.paper_id, other.passage.paper_id}
        if len(ids) == 2 and ids & cited and (parts := opposed(one.statement, other.statement)):
            both = [(one, parts[0]), (other, parts[1])]
            return _added(reply, both, library.catalogue.papers(ids))
    return reply


def _on_the_point(reply: Reply, query: Query) -> Iterator[_Placed]:
    """Yield the sentences of the evidence that the answer quotes, or that have most of the question's words."""
    asked = frozenset(content_words(query.asked))
    quoted = [(citation.paper_id, citation.start, citation.end) for citation in reply.citations if citation.quote]
    for passage in reply.evidence:
        for start, end in sentence_spans(passage.text):
            text, place = passage.text[start:end], passage.start + start
            words = frozenset(terms(plain_text(text)))
            is_quoted = any(
                paper_id == passage.paper_id and place < last and first < place + end - start
                for paper_id, first, last in quoted
            )
            if is_quoted or (asked and len(asked & words) >= _LEAST_ASKED * len(asked)):
                yield _Placed(passage, place, statement_of(text))


def _added(reply: Reply, both: Sequence[tuple[_Placed, Part]], papers: Sequence[Paper]) -> Reply:
    """Return the reply with the sentence that quotes both papers; one that was not cited becomes its last reference."""
    known = {paper.paper_id: paper for paper in papers}
    numbers = {paper.paper_id: number for number, paper in enumerate(reply.papers, 1)}
    for placed, _ in both:
        if numbers.setdefault(placed.passage.paper_id, len(numbers) + 1) > len(reply.papers):
            reply = replace(reply, papers=(*reply.papers, known[placed.passage.paper_id]))
    said, citations = [], []
    for placed, part in sorted(both, key=lambda pair: numbers[pair[0].passage.paper_id]):
        paper = known[placed.passage.paper_id]
        number = numbers[paper.paper_id]
        citation = _citation(number, paper, placed.start + part[0], placed.start + part[1])
        source = numbered(number, placed.passage, paper).source
        verb = "says" if len(paper.people) == 1 and paper.authors_complete else "say"
        said.append(f"{_inside(source)} {verb} “{unmarked(plain_text(citation.quote))}” [{number}]")
        citations.append(citation)
    return added(reply, f"The papers disagree: {', '.join(said)}.", Verdict.COMPUTED, citations)


def _citation(number: int, paper: Paper, start: int, end: int) -> Citation:
    passage_id = next(part.passage_id for part in split_paper(paper) if start <= part.end)
    return Citation(number, paper.paper_id, passage_id, paper.abstract[start:end], start, end)


def _inside(source: str) -> str:
    """Return a source as it stands inside a sentence."""
    return "the" + source[3:] if source.startswith("The authors ") else source
