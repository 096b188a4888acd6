"""Evidence -> as much of it as a model reads, the strongest first."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from assistant.text.evidence import Evidence, evidence_lines
from vectorstore.papers.passages import Passage
from vectorstore.text.sentences import sentence_spans
from vectorstore.text.terms import terms
from vectorstore.text.tokens import count_tokens

Packed = tuple[Evidence, Passage]

_LEAST = 150  # tokens; what is cut to less says nothing
_LONGEST_PIECE = 600  # characters of a sentence that is kept or left out as a whole


def packed(evidence: Iterable[Packed], *, asked: str, tokens: int, needed: int = 1) -> list[Packed]:
    """Return the evidence, given the strongest first, that fits into `tokens` of o200k_base.

    The first `needed` passages are always there. A passage that is too long is cut to the sentences around what is
    asked, `abstract[start:end] == text` as before; none that comes after it is kept.
    """
    kept: list[Packed] = []
    left = tokens
    for place, item in enumerate(evidence):
        waiting = max(needed - place, 1)  # passages that must share what is left
        cost = token_cost(item[0])
        whole = cost <= left // waiting
        if not whole and place >= needed and left < _LEAST:
            break
        fitting = item if whole else _cut(item, asked=asked, tokens=left // waiting)
        left -= token_cost(fitting[0])
        if place >= needed and left < 0:
            break
        kept.append(fitting)
        if not whole and place + 1 >= needed:
            break
    return kept


def token_cost(evidence: Evidence) -> int:
    """Return how many tokens a passage takes in a prompt, with what is said of its paper."""
    return count_tokens(evidence_lines([evidence]))


def _cut(item: Packed, *, asked: str, tokens: int) -> Packed:
    """Return the passage cut to the neighbouring sentences around what is asked; it keeps at least one."""
    evidence, passage = item
    pieces = list(_pieces(passage.text))
    if not pieces:
        return item
    room = tokens - token_cost(replace(evidence, text=""))
    costs = [count_tokens(passage.text[start:end]) + 2 for start, end in pieces]  # a quote or a line break is escaped
    words = frozenset(terms(asked))
    first = last = max(
        range(len(pieces)),
        key=lambda place: (len(words & frozenset(terms(passage.text[slice(*pieces[place])]))), -place),
    )
    used = costs[first]
    while True:
        if last + 1 < len(pieces) and used + costs[last + 1] <= room:
            last += 1
            used += costs[last]
        elif first > 0 and used + costs[first - 1] <= room:
            first -= 1
            used += costs[first]
        else:
            break
    start, end = pieces[first][0], pieces[last][1]
    text = passage.text[start:end]
    cut = replace(passage, text=text, start=passage.start + start, end=passage.start + end)
    return replace(evidence, text=text), cut


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a text, and one that is very long in parts that end with a word."""
    for start, end in sentence_spans(text):
        while end - start > _LONGEST_PIECE:
            space = text.rfind(" ", start + 1, start + _LONGEST_PIECE)
            cut = space + 1 if space > 0 else start + _LONGEST_PIECE
            yield start, cut
            start = cut
        yield start, end
