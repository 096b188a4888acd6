"""What is counted on one answer: its claims, its citations, whether it is right, and how sure it can be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from assistant.checking.grounding import grounded
from assistant.evaluation.gold_questions import GoldQuestion, fault
from assistant.records import Answer, Sentence, Usage, Verdict
from assistant.searching.term_overlap import coverage
from assistant.text.citations import without_label
from assistant.text.evidence import Evidence, numbered
from assistant.text.words import content_words
from vectorstore.library import Library
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import Passage

# Verdicts of claims that a model wrote.
WRITTEN = (Verdict.SUPPORTED, Verdict.QUOTED, Verdict.CONTRADICTED, Verdict.UNSUPPORTED)


@dataclass(frozen=True, slots=True)
class MeasuredAnswer:
    """The counts of one answer; one that failed, because of its model or its question, has none but `fault`.

    `written` are the claims that a model wrote, without what the catalogue computed, `cited` those of them that cite a
    paper. `citations` are their citations, one for each paper that a sentence cites, and `supporting` those whose quote
    supports the sentence. `claims` are all claims, and `grounded` those with the verdict supported or computed.
    """

    question: GoldQuestion
    fault: str  # what is wrong, in a few words
    failed: bool = False
    abstained: bool = False
    written: int = 0
    cited: int = 0
    citations: int = 0
    supporting: int = 0
    claims: int = 0
    grounded: int = 0
    confidence: float = 0.0
    milliseconds: float = 0.0
    usage: Usage = field(default_factory=Usage)


def measured(question: GoldQuestion, answer: Answer, library: Library) -> MeasuredAnswer:
    """Return the counts of an answer to `question`."""
    papers = {
        paper.paper_id: paper
        for paper in library.catalogue.papers({reference.paper_id for reference in answer.references})
    }
    written = [sentence for sentence in answer.sentences if sentence.verdict in WRITTEN]
    claims = [sentence for sentence in answer.sentences if sentence.verdict is not Verdict.NOT_A_CLAIM]
    supporting = [holds for sentence in written for holds in _citations_hold(sentence, answer, papers)]
    return MeasuredAnswer(
        question,
        fault(question, answer),
        abstained=answer.abstained,
        written=len(written),
        cited=sum(bool(sentence.citations) for sentence in written),
        citations=len(supporting),
        supporting=sum(supporting),
        claims=len(claims),
        grounded=sum(sentence.verdict in (Verdict.SUPPORTED, Verdict.COMPUTED) for sentence in claims),
        confidence=confidence(answer, papers, library),
        milliseconds=answer.timings_ms["total"],
        usage=answer.usage,
    )


def confidence(answer: Answer, papers: Mapping[str, Paper], library: Library) -> float:
    """Return how sure an answer can be, from 0 to 1: the share of its claims that are supported or computed, times the
    strength of the evidence.

    The strength is the share of the query's content words, weighted by how rare they are in the library, that the
    titles and abstracts of the cited papers have. It is 1 where no model wrote: the catalogue then is the evidence.
    """
    claims = [sentence.verdict for sentence in answer.sentences if sentence.verdict is not Verdict.NOT_A_CLAIM]
    if not claims:
        return 0.0
    share = sum(verdict in (Verdict.SUPPORTED, Verdict.COMPUTED) for verdict in claims) / len(claims)
    if not set(claims) & set(WRITTEN):
        return share
    asked = content_words(answer.query)
    evidence = " ".join(f"{paper.title}. {paper.abstract}" for paper in papers.values())
    return share * coverage(asked, evidence, library.term_weights(asked))


def _citations_hold(sentence: Sentence, answer: Answer, papers: Mapping[str, Paper]) -> Iterator[bool]:
    """Yield for each paper that a sentence cites whether its quote supports the sentence.

    The quote is judged alone, anew, whatever the answer says of it; so one that supports a part of the sentence, where
    another paper's supports the rest, does not count.
    """
    quotes = _quotes(sentence, answer, papers)
    for number in sentence.citations:
        yield number in quotes and _supports(quotes[number], sentence)


def _supports(quote: tuple[Evidence, Passage], sentence: Sentence) -> bool:
    return grounded(without_label(sentence.text), {quote[0].number: quote}).verdict is Verdict.SUPPORTED


def _quotes(sentence: Sentence, answer: Answer, papers: Mapping[str, Paper]) -> dict[int, tuple[Evidence, Passage]]:
    """Return the quotes of a sentence by reference number; those of one paper are joined, and empty ones are none."""
    texts: dict[int, list[str]] = {}
    for citation in (answer.citations[place] for place in sentence.quotes):
        if citation.quote:
            texts.setdefault(citation.number, []).append(citation.quote)
    paper_ids = {reference.number: reference.paper_id for reference in answer.references}
    quotes = {}
    for number, parts in texts.items():
        paper, text = papers[paper_ids[number]], " ".join(parts)
        passage = Passage(f"{paper.paper_id}:0", paper.paper_id, paper.title, text, 0, len(text))
        quotes[number] = numbered(number, passage, paper), passage
    return quotes
