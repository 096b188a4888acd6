"""Paper -> Passage, the unit that is retrieved, with its character offsets into the abstract."""

from collections.abc import Iterator
from dataclasses import dataclass

from vectorstore.papers.paper import Paper
from vectorstore.text.sentences import sentence_spans
from vectorstore.text.tokens import count_tokens
from vectorstore.text.wrapped_lines import unwrapped

MAX_TOKENS = 320  # of o200k_base; most abstracts are one passage


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a paper's abstract: `abstract[start:end] == text`. A paper without one has an empty passage."""

    passage_id: str
    paper_id: str
    title: str
    text: str
    start: int
    end: int

    @property
    def embedded_text(self) -> str:
        """What is embedded and searched: the title, then the text."""
        return f"{self.title}. {unwrapped(self.text)}"


def paper_of(passage_id: str) -> str:
    """Return the id of the paper that a passage is of."""
    return passage_id.rpartition(":")[0]


def split_paper(paper: Paper) -> Iterator[Passage]:
    """Yield the passages of a paper: whole sentences, of about equal size, at most MAX_TOKENS tokens each."""
    for number, (start, end) in enumerate(_spans(paper.abstract)):
        passage_id = f"{paper.paper_id}:{number}"
        yield Passage(passage_id, paper.paper_id, paper.title, paper.abstract[start:end], start, end)


def _spans(abstract: str) -> list[tuple[int, int]]:
    total = count_tokens(abstract)
    if total <= MAX_TOKENS:
        return [(0, len(abstract))]
    target = total / -(-total // MAX_TOKENS)
    pieces = [piece for span in sentence_spans(abstract) for piece in _short_enough(abstract, *span)]
    spans: list[tuple[int, int]] = []
    for start, end in pieces:
        size = count_tokens(abstract[start:end])
        joined = count_tokens(abstract[spans[-1][0] : end]) if spans else 0
        if spans and joined <= MAX_TOKENS and joined - size / 2 <= target:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _short_enough(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Halve a span, at white space if there is some, until each part has at most MAX_TOKENS tokens."""
    if not text[start:end].strip():
        return
    if count_tokens(text[start:end]) <= MAX_TOKENS:
        yield start, end
        return
    middle = (start + end) // 2
    space = text.rfind(" ", start + 1, middle)
    cut = space + 1 if space > 0 else middle
    yield from _short_enough(text, start, cut)
    yield from _short_enough(text, cut, end)
