"""Replies that no model writes: computed lines and set texts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.facts.catalogue_answers import Line
from assistant.records import Abstention, Citation, Closest, Sentence, Usage, Verdict
from assistant.text.citations import markers
from assistant.text.edits import Edit, edited
from assistant.text.evidence import shown_title
from assistant.text.safe_markdown import safe_markdown
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import Passage
from vectorstore.search.retriever import RetrievedPassage

_PARAGRAPH = "\n\n"


@dataclass(frozen=True, slots=True)
class Reply:
    """A text with what it rests on, before it becomes an Answer."""

    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...] = ()
    papers: tuple[Paper, ...] = ()  # in the order of their reference numbers
    found: tuple[str, ...] = ()  # ids of all papers that a list found, also of those that it does not show
    abstention: Abstention = Abstention.NONE
    usage: Usage = field(default_factory=Usage)
    incomplete: bool = False
    notes: tuple[str, ...] = ()
    evidence: tuple[Passage, ...] = ()  # that the model was given
    closest: tuple[Closest, ...] = ()  # where nothing answers


def computed(
    lines: Iterable[Line], *, found: Sequence[Paper] = (), why: Abstention = Abstention.NONE
) -> Iterator[str | Reply]:
    """Yield computed lines as they come, then the reply. Each line with papers cites them by the next numbers.

    `found` are all the papers that a list is of.
    """
    shown: list[str] = []
    length = 0
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    papers: dict[str, Paper] = {}
    for line in lines:
        text = safe_markdown(line.text)
        numbers = []
        for paper in line.papers:
            papers.setdefault(paper.paper_id, paper)
            number = list(papers).index(paper.paper_id) + 1
            start = paper.abstract.find(line.quote) if line.quote else 0
            citation = Citation(
                number, paper.paper_id, f"{paper.paper_id}:0", line.quote, start, start + len(line.quote)
            )
            numbers.append(number)
            if citation not in citations:
                citations.append(citation)
        separator = "\n\n" if len(shown) == 1 and re.match(r"\d+\. ", text) else "\n"
        piece = (separator if shown else "") + text
        length += len(piece)
        quoted = tuple(place for place, citation in enumerate(citations) if citation.number in numbers)
        sentences.append(Sentence(text, Verdict.COMPUTED, tuple(numbers), length - len(text), length, quoted))
        shown.append(piece)
        yield piece
    yield Reply(
        "".join(shown),
        tuple(sentences),
        tuple(citations),
        tuple(papers.values()),
        tuple(paper.paper_id for paper in found),
        why,
    )


def added(reply: Reply, sentence: str, verdict: Verdict, rests_on: Sequence[Citation]) -> Reply:
    """Return a reply with one more sentence, in a paragraph of its own."""
    sentence = safe_markdown(sentence)
    places = {citation: place for place, citation in enumerate(dict.fromkeys((*reply.citations, *rests_on)))}
    start = len(reply.text) + len(_PARAGRAPH)
    numbers = tuple(dict.fromkeys(citation.number for citation in rests_on))
    quotes = tuple(places[citation] for citation in rests_on)
    last = Sentence(sentence, verdict, numbers, start, start + len(sentence), quotes)
    text = reply.text + _PARAGRAPH + sentence
    return replace(reply, text=text, sentences=(*reply.sentences, last), citations=tuple(places))


def together(replies: Sequence[Reply]) -> Reply:
    """Return replies as one, a paragraph each, their references numbered anew in the order of first mention."""
    papers: dict[str, Paper] = {}
    texts: list[str] = []
    sentences: list[Sentence] = []
    citations: dict[Citation, int] = {}
    length = 0
    for reply in replies:
        numbers = {}
        for number, paper in enumerate(reply.papers, 1):
            papers.setdefault(paper.paper_id, paper)
            numbers[number] = list(papers).index(paper.paper_id) + 1
        anew = [
            Edit(marker.start, marker.end, f"[{numbers[marker.number]}]")
            for marker in markers(reply.text)
            if marker.number in numbers
        ]
        text = edited(reply.text, anew)
        length += len(_PARAGRAPH) if texts else 0
        renumbered = [replace(one, number=numbers[one.number]) for one in reply.citations]
        places = [citations.setdefault(one, len(citations)) for one in renumbered]
        for one in reply.sentences:
            start, end = text.place(one.start), text.place(one.end)
            quotes = tuple(places[quote] for quote in one.quotes)
            cited = tuple(numbers[number] for number in one.citations)
            sentences.append(
                replace(
                    one,
                    text=text.text[start:end],
                    start=length + start,
                    end=length + end,
                    quotes=quotes,
                    citations=cited,
                )
            )
        texts.append(text.text)
        length += len(text.text)
    whys = [reply.abstention for reply in replies]
    return Reply(
        text=_PARAGRAPH.join(texts),
        sentences=tuple(sentences),
        citations=tuple(citations),
        papers=tuple(papers.values()),
        found=tuple(dict.fromkeys(key for reply in replies for key in reply.found)),
        abstention=next(filter(None, whys), Abstention.NONE) if all(whys) else Abstention.NONE,
        usage=sum_of(reply.usage for reply in replies),
        incomplete=any(reply.incomplete for reply in replies),
        notes=tuple(note for reply in replies for note in reply.notes),
        evidence=tuple(passage for reply in replies for passage in reply.evidence),
        closest=tuple(dict.fromkeys(paper for reply in replies for paper in reply.closest)),
    )


def sum_of(usages: Iterable[Usage]) -> Usage:
    """Return what several calls of a model took together."""
    total = Usage()
    for usage in usages:
        total = Usage(
            total.input_tokens + usage.input_tokens,
            total.output_tokens + usage.output_tokens,
            total.estimated or usage.estimated,
        )
    return total


def said(
    text: str,
    *,
    why: Abstention = Abstention.NONE,
    closest: tuple[Closest, ...] = (),
    usage: Usage | None = None,
) -> Iterator[str | Reply]:
    """Yield a set text; `why` if it says that there is no answer, with the `closest` papers."""
    text = safe_markdown(text)
    yield text
    sentences = (Sentence(text, Verdict.NOT_A_CLAIM, end=len(text)),)
    yield Reply(text, sentences, abstention=why, closest=closest, usage=usage or Usage())


def without_each(counts: Sequence[tuple[str, int]]) -> str:
    """Return how many papers there are without each of the filters that together left none."""
    parts = [f"without “{label}” there {'is' if count == 1 else 'are'} {count:,}" for label, count in counts]
    return f" {', '.join(parts)[0].upper()}{', '.join(parts)[1:]}." if parts else ""


def closest_papers(found: Sequence[RetrievedPassage]) -> tuple[Closest, ...]:
    """Return the papers of passages, to be shown where nothing answers."""
    return tuple(dict.fromkeys(Closest(one.passage.paper_id, one.passage.title) for one in found))


def closest_titles(found: Sequence[RetrievedPassage]) -> str:
    if not found:
        return ""
    return f" The closest {'paper is' if len(found) == 1 else 'papers are'} {titles(found)}."


def titles(found: Sequence[RetrievedPassage]) -> str:
    return " and ".join(f"“{shown_title(passage.passage.title)}”" for passage in found)
