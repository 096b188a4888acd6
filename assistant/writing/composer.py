"""The local composer: what was found -> an answer in the abstracts' own sentences, put into the third person.

It has no weights of a language model and sends nothing anywhere. Which sentence answers a question, and whether any
does, is decided by the reader; how sentences are put is decided here.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.planning.plan import Compare, Form, Passages
from assistant.searching.answerability import Reading, Said
from assistant.searching.term_overlap import is_name
from assistant.text.abstract_sentences import AbstractSentence, abstract_sentences, by_contribution
from assistant.text.evidence import Evidence, cited
from assistant.text.third_person import dangles, leans_on_context, third_person
from assistant.text.words import content_words
from assistant.writing.comparison import comparison
from assistant.writing.selection import definition
from vectorstore.text.terms import terms

_MOST_SENTENCES, _MOST_AT_LENGTH = 3, 6
_SAYS = 0.5  # of a sentence that is an answer
# Logits that a sentence may lie below the likeliest and be part of the answer, too. Of 381 questions on abstracts that
# the reader was not taught, 94 % get a right sentence with it, in 2.1 sentences; 90 % in 1.7 if each must reach _SAYS.
_BELOW_THE_BEST = 2.0
# Logits that a paper must be ahead by to be taken in place of one found at half its rank, over log 2. Of 236 questions
# on abstracts that the reader was not taught, the right one of eight papers is taken for 0.92; by likelihood alone for
# 0.80, by rank alone for 0.89.
_RANK_WEIGHT = 2.0
_FIGURE_BONUS = 0.15
_LEAST_OF_A_DEFINITION = 0.35  # of a paper that has the words of what is asked for, which are no name
_ONE_SENTENCE = Form(sentences=1)


@dataclass(frozen=True, slots=True)
class Composed:
    """Pieces of a text whose sentences end in " [n].", n being evidence; none if the evidence does not answer."""

    pieces: tuple[str, ...] = ()
    answered: bool = True
    closest: str = ""  # the sentence of the one paper that a question names which comes closest to an answer it lacks


def composed_answer(asked: Passages, evidence: Sequence[Evidence], reading: Reading, form: Form) -> Composed:
    """Return the answer to a question on what papers say, from the one that answers it best."""
    papers = [item for item in evidence if item.text.strip()]
    if not papers:
        return Composed(answered=False)
    values = reading.answers(_question(asked), papers)
    defined = _defined(asked, papers, values, reading, form) if asked.seeks == "definition" else None
    if defined:
        return defined
    if len(asked.papers) > 1:
        lines = tuple(_each_saying(asked, papers, values, reading))
        return Composed(lines, answered=bool(lines))
    best = best_place(values, range(len(papers)))
    said = Said.of(_question(asked), papers[best], reading)
    if not said.is_answer(values[best], reading):
        is_named = len(papers) == 1 and bool(asked.papers or asked.of_step)
        return Composed(answered=False, closest=said.closest if is_named else "")
    return Composed(tuple(_laid_out(_saying(asked, said.sentences, said.values, form), form)))


def _question(asked: Passages) -> str:
    return asked.question or asked.query


def best_place(values: Sequence[float], places: Iterable[int]) -> int:
    """Return which of some papers answers best: by how likely each does, and by its place among those found."""
    return max(places, key=lambda place: _logit(values[place]) - _RANK_WEIGHT * math.log(place + 1))


def _each_saying(
    asked: Passages, papers: Sequence[Evidence], values: Sequence[float], reading: Reading
) -> Iterator[str]:
    """Yield what each of several papers says on what is asked, a line each, of those that say it."""
    for paper, value in zip(papers, values, strict=True):
        said = Said.of(_question(asked), paper, reading)
        if said.is_answer(value, reading):
            yield f"- {_told(_saying(asked, said.sentences, said.values, _ONE_SENTENCE)[0], named=False)}\n"


def _defined(
    asked: Passages, papers: Sequence[Evidence], values: Sequence[float], reading: Reading, form: Form
) -> Composed | None:
    """Return what a thing is, from the first paper that is on it: one that was named, else the best one.

    None if no paper has its words: what is asked is then no thing that has a name, and a question like any other.
    """
    is_named = bool(asked.papers or asked.of_step)
    place = 0 if is_named and len(papers) == 1 else best_place(values, range(len(papers)))
    subject = frozenset(content_words(asked.subject)) or frozenset(terms(asked.subject))
    speaking = [
        at for at, item in enumerate(papers) if subject and subject <= frozenset(terms(f"{item.title} {item.text}"))
    ]
    titled = [at for at in speaking if subject <= frozenset(terms(papers[at].title))]
    if not is_named:
        if not speaking:
            return None
        place = best_place(values, titled or speaking)
        if values[place] < (0.0 if titled or is_name(asked.subject) else _LEAST_OF_A_DEFINITION):
            return Composed(answered=False)
    elif len(papers) > 1:
        return Composed(tuple(_each(papers, form)))
    said = Said.of(_question(asked), papers[place], reading)
    chosen = _defining(asked, said.sentences, said.values)
    return Composed(tuple(_laid_out(_at_length(chosen, said.sentences, form), form)))


def _defining(
    asked: Passages, sentences: Sequence[AbstractSentence], values: Sequence[float]
) -> list[AbstractSentence]:
    """Return what a thing is, by the reader, then the problem that it solves and what it brought."""
    told = definition(asked.subject, sentences)
    if max(values) < _SAYS:
        return told
    saying = _saying(asked, sentences, values, Form())
    best = max(zip(values, sentences, strict=True), key=lambda one: one[0])[1]
    chosen = list(dict.fromkeys([best, *saying, *told]))[:_MOST_SENTENCES]
    leaning = any(dangles(one.text) or leans_on_context(one.text) for one in chosen)
    return sorted(chosen, key=lambda one: one.position) if leaning else chosen


def _each(papers: Sequence[Evidence], form: Form) -> Iterator[str]:
    """Yield what each of several papers brings, a line each."""
    for item in papers:
        ranked = by_contribution(abstract_sentences(item))
        if ranked:
            yield f"- {_told(ranked[0], named=False)}\n"


def _at_length(
    chosen: list[AbstractSentence], sentences: Sequence[AbstractSentence], form: Form
) -> list[AbstractSentence]:
    if form.length != "long":
        return chosen
    rest = [one for one in sentences if one not in chosen and not leans_on_context(one.text)]
    return sorted([*chosen, *rest][:_MOST_AT_LENGTH], key=lambda one: one.position)


def _saying(
    asked: Passages, sentences: Sequence[AbstractSentence], values: Sequence[float], form: Form
) -> list[AbstractSentence]:
    """Return the sentences of a paper that say the answer, in their order, with the one that the first leans on."""
    if asked.seeks == "figure":
        values = [value + _FIGURE_BONUS * one.has_figure for value, one in zip(values, sentences, strict=True)]
    ranked = sorted(range(len(sentences)), key=lambda place: -values[place])
    most = form.sentences or (
        1 if form.length == "short" else _MOST_AT_LENGTH if form.length == "long" else _MOST_SENTENCES
    )
    least = min(_logit(values[ranked[0]]) - _BELOW_THE_BEST, _logit(_SAYS)) if ranked else 0.0
    chosen = [place for place in ranked[:most] if _logit(values[place]) >= least]
    figured = [place for place in chosen if sentences[place].has_figure]
    if asked.seeks == "figure" and figured:
        chosen = [place for place in chosen if place >= min(figured)]
    first = min(chosen, default=0)
    if first and len(chosen) < most and leans_on_context(sentences[first].text):
        chosen.append(first - 1)
    return [sentences[place] for place in sorted(chosen)]


def _logit(value: float) -> float:
    inside = min(max(value, 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))


def _laid_out(sentences: Sequence[AbstractSentence], form: Form) -> Iterator[str]:
    """Yield sentences as a text, or a line each, as many as are wanted."""
    most = form.sentences or (1 if form.length == "short" else len(sentences))
    for text in _prose(sentences[:most]):
        yield f"- {text.strip()}\n" if form.layout == "bullets" else f"{text} "


def _prose(sentences: Sequence[AbstractSentence]) -> Iterator[str]:
    """Yield the sentences in the third person; authors are named where a paper is first mentioned."""
    named: set[int] = set()
    written: set[str] = set()
    last = None
    for sentence in sentences:
        number = sentence.evidence.number
        # After another paper came between, "they" would be the wrong authors.
        text = _told(sentence, named=number in named and last == number)
        if text not in written:
            yield text
        named.add(number)
        written.add(text)
        last = number


def _told(sentence: AbstractSentence, *, named: bool) -> str:
    evidence = sentence.evidence
    text = third_person(sentence.text, source=evidence.source, named=named, abstract=evidence.text)
    return cited(text, evidence.number)


def compared(asked: Compare, evidence: Sequence[Evidence], reading: Reading) -> Composed:
    """Return papers side by side; of one alone what it says of each side or on what is asked, else what it is."""
    if len(evidence) > 1:
        return Composed(tuple(comparison(evidence, reading, asked.question)))
    if evidence and asked.sides:
        chosen = _on_sides(asked, evidence[0], reading)
        if chosen:
            return Composed(tuple(_laid_out(chosen, Form())))
    sentences = [one for item in evidence for one in abstract_sentences(item)]
    return Composed(tuple(_laid_out(by_contribution(sentences)[:2], Form())), answered=bool(sentences))


def _on_sides(asked: Compare, paper: Evidence, reading: Reading) -> list[AbstractSentence]:
    """Return the sentences of a paper that say what each side is, where it has its words, or what is asked of them."""
    sentences = list(abstract_sentences(paper))
    chosen = []
    for side in asked.sides:
        words = frozenset(terms(side))
        naming = [one for one in sentences if words and words <= frozenset(terms(one.text))]
        values = reading.says(f"What is {side}?", paper, [one.text for one in naming]) if naming else []
        chosen += [max(zip(values, naming, strict=True), key=lambda one: one[0])[1]] if naming else []
    other = Passages(query=asked.question or " ".join(asked.sides))
    said = Said.of(_question(other), paper, reading)
    if said.values and max(said.values) >= _SAYS:
        chosen += _saying(other, said.sentences, said.values, Form())
    return sorted(dict.fromkeys(chosen), key=lambda one: one.position)
