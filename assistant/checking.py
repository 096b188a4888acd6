"""A model's text -> a reply: each sentence with its verdict, and the quotes that it rests on."""

from collections.abc import Mapping

from assistant.citations import cited_sentences
from assistant.evidence import Evidence
from assistant.grounding import grounded
from assistant.records import Citation, Sentence, Usage
from assistant.replies import Reply
from vectorstore.papers import Paper
from vectorstore.passages import Passage, split_paper


def checked(
    text: str, cited: Mapping[int, tuple[Evidence, Passage]], papers: Mapping[str, Paper], usage: Usage, *, strict: bool
) -> Reply:
    """Return a model's text with the verdict of each sentence and the quotes that support it.

    With `strict` the sentences without support are left out; the text is empty if none is left.
    """
    sentences: list[Sentence] = []
    citations: dict[Citation, int] = {}  # with their places
    for part in cited_sentences(text):
        sentence = text[part.start : part.end]
        found = grounded(sentence, {number: cited[number] for number in part.numbers if number in cited})
        quotes = []
        for number, span in found.spans.items():
            paper = papers[span.passage.paper_id]
            citation = Citation(
                number,
                paper.paper_id,
                next(part.passage_id for part in split_paper(paper) if span.start <= part.end),
                paper.abstract[span.start : span.end],
                span.start,
                span.end,
            )
            quotes.append(citations.setdefault(citation, len(citations)))
        sentences.append(Sentence(sentence, found.verdict, part.numbers, part.start, part.end, tuple(quotes)))
    return Reply(
        text=text,
        sentences=tuple(sentences),
        citations=tuple(citations),
        papers=tuple(papers[passage.paper_id] for _, passage in cited.values()),
        usage=usage,
    )
