"""A model as judge: an answer's claims, with the words around what they quote -> which of them the passages say.

Nothing that the judge names is trusted: a verdict counts for a claim that was put to it, with words that stand in a
passage which the claim cites. What it does not judge stays as it was.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.checking.claims import tells_a_gap
from assistant.checking.grounding import Span
from assistant.checking.quoting import located
from assistant.prompts import load_prompt
from assistant.records import Answer, By, Citation, Sentence, Verdict
from assistant.text.citations import without_markers
from assistant.text.evidence import shown_title
from assistant.text.plain_text import plain_text
from assistant.text.wording import shown
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import Passage
from vectorstore.text.sentences import sentence_spans

_AROUND = 1  # sentences before and after the words that a claim rests on
_MOST_PASSAGES = 4  # of a claim
_MOST_AUTHORS = 8  # of a paper, that are named
_OBJECT = re.compile(r'\{\s*"claim"\s*:')
_LONGEST = 4_000  # characters of one judgement
Words = Annotated[str, Field(max_length=1_000)]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that is put to the judge: its place in `answer.sentences`, and what it cites, by reference number."""

    place: int
    text: str
    papers: Mapping[int, Paper]
    spans: Mapping[int, tuple[int, int]]  # of the abstract that is shown
    is_gap: bool = False  # it says that a passage does not give something


class _Judgement(BaseModel):
    """What a judge writes of a claim."""

    model_config = ConfigDict(extra="ignore")

    claim: int
    verdict: Literal["says", "partly", "against", "not"]
    words: Words = ""
    missing: Words = ""


def claims_of(answer: Answer, papers: Mapping[str, Paper]) -> list[Claim]:
    """Return what of an answer no exact check has decided: what is said in other words, and what is said to be missing.

    `papers` are the answer's references by id; a claim on one that is not there is left out.
    """
    cited = {one.number: papers[one.paper_id] for one in answer.references if one.paper_id in papers}
    claims = []
    for place, sentence in enumerate(answer.sentences):
        is_gap = sentence.verdict is Verdict.NOT_A_CLAIM and tells_a_gap(
            plain_text(without_markers(sentence.text)), cites=bool(sentence.citations)
        )
        if sentence.verdict is not Verdict.QUOTED and not is_gap:
            continue
        numbers = [number for number in sentence.citations or tuple(cited) if number in cited][:_MOST_PASSAGES]
        if not numbers:
            continue
        spans = {number: (0, len(cited[number].abstract)) for number in numbers}
        if not is_gap:
            spans |= {
                one.number: _around(cited[one.number].abstract, one.start, one.end)
                for one in (answer.citations[quote] for quote in sentence.quotes)
                if one.number in spans and one.quote
            }
        text = without_markers(sentence.text)
        claims.append(Claim(place, text, {number: cited[number] for number in numbers}, spans, is_gap))
    return claims


def _around(abstract: str, start: int, end: int) -> tuple[int, int]:
    """Return the sentences of an abstract that abstract[start:end] is in, with their neighbours."""
    spans = list(sentence_spans(abstract))
    within = [place for place, (first, last) in enumerate(spans) if first < end and start < last]
    if not within:
        return 0, len(abstract)
    return spans[max(within[0] - _AROUND, 0)][0], spans[min(within[-1] + _AROUND, len(spans) - 1)][1]


def messages_for(claims: Sequence[Claim]) -> list[BaseMessage]:
    """Return what the judge is asked."""
    lines = []
    for number, claim in enumerate(claims, 1):
        passages = [_passage(paper, claim.spans[cited]) for cited, paper in claim.papers.items()]
        lines.append(json.dumps({"claim": number, "says": claim.text, "passages": passages}, ensure_ascii=False))
    user = load_prompt("judge_user", claims="\n".join(lines))
    return [SystemMessage(load_prompt("judge_system")), HumanMessage(user)]


def _passage(paper: Paper, span: tuple[int, int]) -> dict[str, str]:
    shown = {"title": shown_title(paper.title), "authors": ", ".join(paper.authors[:_MOST_AUTHORS])}
    shown |= {"date": paper.iso_date or "", "text": " ".join(paper.abstract[slice(*span)].split())}
    return {name: value for name, value in shown.items() if value}


def judged(answer: Answer, claims: Sequence[Claim], reply: str) -> Answer:
    """Return an answer with what a judge said of its claims, as far as that holds. `reply` may be cut off."""
    sentences, citations = list(answer.sentences), list(answer.citations)
    seen: set[int] = set()
    for one in _judgements(reply):
        if not 1 <= one.claim <= len(claims) or one.claim in seen:
            continue
        claim = claims[one.claim - 1]
        found = _found(one.words, claim)
        if one.verdict in ("says", "partly", "against") and not found:
            continue
        seen.add(one.claim)
        sentence = _with_verdict(sentences[claim.place], claim, one)
        if found and not claim.is_gap and sentence.verdict is not Verdict.UNSUPPORTED:
            sentence = replace(sentence, quotes=_quotes(sentence, citations, *found))
        sentences[claim.place] = sentence
    return replace(answer, sentences=tuple(sentences), citations=tuple(citations))


def _judgements(reply: str) -> Iterator[_Judgement]:
    """Yield what is a judgement in a reply, whatever stands around it."""
    decoder, end = json.JSONDecoder(), 0
    for match in _OBJECT.finditer(reply):
        if match.start() < end:
            continue
        try:
            given, length = decoder.raw_decode(reply[match.start() :][:_LONGEST])
            yield _Judgement.model_validate(given)
        except (ValueError, ValidationError, RecursionError):
            continue
        end = match.start() + length


def _found(words: str, claim: Claim) -> tuple[int, Span] | None:
    """Return by which reference the judge's words stand where."""
    if not words.strip():
        return None
    for number, paper in claim.papers.items():
        passage = Passage(f"{paper.paper_id}:0", paper.paper_id, paper.title, paper.abstract, 0, len(paper.abstract))
        if span := located(words, passage):
            return number, span
    return None


def _with_verdict(sentence: Sentence, claim: Claim, one: _Judgement) -> Sentence:
    if claim.is_gap and one.verdict != "against":
        return sentence
    verdict, reason = {
        "says": (Verdict.SUPPORTED, ""),
        "partly": (Verdict.UNSUPPORTED, _lacking(one.missing)),
        "against": (Verdict.CONTRADICTED, f"the passage says “{shown(one.words)}”"),
        "not": (Verdict.UNSUPPORTED, "the passage does not say it"),
    }[one.verdict]
    return replace(sentence, verdict=verdict, by=By.JUDGE, reason=reason)


def _lacking(missing: str) -> str:
    return f"the passage does not say “{shown(missing)}”" if missing.strip() else "the passage says a part of it alone"


def _quotes(sentence: Sentence, citations: list[Citation], number: int, span: Span) -> tuple[int, ...]:
    """Return the places of a sentence's quotes, of which the judge's words replace the one from the same passage."""
    passage = span.passage
    text = passage.text[span.start : span.end]
    quote = Citation(number, passage.paper_id, passage.passage_id, text, span.start, span.end)
    if quote not in citations:
        citations.append(quote)
    kept = [place for place in sentence.quotes if citations[place].number != number]
    return (*kept, citations.index(quote))
