"""Questions to begin with, made from the papers that are there."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from assistant.text.evidence import short_title
from assistant.text.plain_text import plain_text
from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.papers.paper import Paper
from vectorstore.text.terms import terms

MOST_EXAMPLES = 3
_MOST_PAPERS = 500  # looked at; the examples of a large library need not know all of it
_LONGEST_NAME = 3  # words


def example_questions(catalogue: Catalogue) -> list[str]:
    """Return questions that this library answers: a term, an author, a topic. The same library gives the same."""
    ids = [paper_id for paper_id, _ in catalogue.titles()[:_MOST_PAPERS]]
    return questions_on(catalogue.papers(ids))


def questions_on(papers: Sequence[Paper]) -> list[str]:
    """Return questions that some papers answer."""
    return [*_about_a_term(papers), *_about_an_author(papers), *_about_a_topic(papers)][:MOST_EXAMPLES]


def _about_a_term(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield "What is X?" for the newest paper whose title begins with a short name and a colon."""
    dated = [paper for paper in papers if paper.published and paper.abstract]
    for paper in sorted(dated, key=lambda paper: (paper.published, paper.paper_id), reverse=True):
        title = plain_text(paper.title)
        name = short_title(title)
        if name != title and len(name.split()) <= _LONGEST_NAME and name in plain_text(paper.abstract):
            yield f"What is {name}?"
            return


def _about_an_author(papers: Iterable[Paper]) -> Iterator[str]:
    counts = Counter(name for paper in papers for name in paper.people)
    for name, _ in _most_frequent(counts):
        yield f"Papers by {name}"


def _about_a_topic(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield a question about the two neighbouring words that most titles share."""
    titles = [plain_text(paper.title) for paper in papers]
    counts = Counter(pair for title in titles for pair in set(_pairs(title)))
    for topic, count in _most_frequent(counts):
        if count > 1:
            yield f"Which papers are about {topic}?"


def _pairs(title: str) -> Iterator[str]:
    words = [word.strip(".,:;?!\"'“”()").lower() for word in title.split()]
    for one, other in pairwise(words):
        if all(len(word) > 3 and word.isalpha() and terms(word) for word in (one, other)):
            yield f"{one} {other}"


def _most_frequent(counts: Counter[str]) -> Sequence[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:1]
