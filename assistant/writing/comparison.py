"""Papers side by side: what two of them share, and a table of problem, method, result and date."""

from collections.abc import Iterator, Sequence

from assistant.searching.answerability import Reading, answering_sentence
from assistant.text.abstract_sentences import AbstractSentence, abstract_sentences
from assistant.text.evidence import Evidence, cited, unmarked
from assistant.text.key_terms import KeyTerms, Phrase
from assistant.text.sentence_roles import Role, contributes, reports_result
from assistant.text.third_person import leans_on_context, third_person

_NOT_STATED = "not stated"
_BOTH = 2
_SAYS = 0.5  # of a sentence that is an answer


def comparison(papers: Sequence[Evidence], reading: Reading, question: str = "") -> Iterator[str]:
    """Yield what two papers share, then a table with a column a paper: first of what is asked of each, if anything."""
    shared = _shared_phrases(*papers) if len(papers) == 2 else []
    if shared:
        yield f"Both papers deal with {' and '.join(shared)} [{papers[0].number}][{papers[1].number}].\n\n"
    rows = [(_label(question), [_answer(paper, question, reading) for paper in papers])] if question else []
    for name, role in (("Problem", Role.PROBLEM), ("Method", Role.METHOD), ("Result", Role.RESULT)):
        rows.append((name, [_cell(paper, role, reading) for paper in papers]))
    rows.append(("Date", list(map(_date_cell, papers))))
    columns = list(range(len(papers)))
    if not shared:  # a reader meets [1] before [2]: the paper of which more is stated stands first
        columns.sort(key=lambda place: [cells[place] == _NOT_STATED for _, cells in rows])
    yield f"| | {' | '.join(_heading(papers[place]) for place in columns)} |\n|{'---|' * (len(papers) + 1)}\n"
    for name, cells in rows:
        yield f"| {name} | {' | '.join(cells[place] for place in columns)} |\n"


def _heading(evidence: Evidence) -> str:
    by = f", {evidence.source}" if evidence.authors else f" ({evidence.date[:4]})" if evidence.date else ""
    return f"{evidence.short_title}{by}".replace("|", "/")


def _label(question: str) -> str:
    label = " ".join(unmarked(question).split()).replace("|", "/").strip(" ?.!")
    return label[:1].upper() + label[1:]


def _cell(evidence: Evidence, role: Role, reading: Reading) -> str:
    """Return the sentence of a role that says most; behind what is presented how it works, if that is said apart."""
    sentences = [sentence for sentence in abstract_sentences(evidence) if sentence.role is role]
    if not sentences:
        return _NOT_STATED
    best = min(
        sentences,
        key=lambda sentence: (
            leans_on_context(sentence.text),
            role is Role.METHOD and not contributes(sentence.text),
            role is Role.RESULT and not reports_result(sentence.text),
            role is Role.RESULT and not sentence.has_figure,
            sentence.position,
        ),
    )
    how = _how_it_works(sentences, evidence, reading) if role is Role.METHOD else []
    return _told(sorted(dict.fromkeys([best, *how]), key=lambda one: one.position), evidence)


def _answer(evidence: Evidence, question: str, reading: Reading) -> str:
    said = answering_sentence(question, evidence, reading)
    return _told([said], evidence) if said else _NOT_STATED


def _how_it_works(methods: Sequence[AbstractSentence], evidence: Evidence, reading: Reading) -> list[AbstractSentence]:
    values = reading.says(f"How does {evidence.short_title} work?", evidence, [one.text for one in methods])
    value, best = max(zip(values, methods, strict=True), key=lambda one: one[0])
    return [best] if value >= _SAYS else []


def _told(sentences: Sequence[AbstractSentence], evidence: Evidence) -> str:
    told = [third_person(one.text, source=evidence.source, named=True, abstract=evidence.text) for one in sentences]
    return " ".join(cited(text, evidence.number) for text in told).replace("|", "/").replace("\n", " ")


def _date_cell(evidence: Evidence) -> str:
    return f"{evidence.date} [{evidence.number}]" if evidence.date else _NOT_STATED


def _shared_phrases(one: Evidence, other: Evidence) -> list[str]:
    """Return at most two phrases that both papers use: those of their titles first, then the longest."""
    known = KeyTerms([(paper.title, paper.text) for paper in (one, other)])
    both = [phrase for phrase in known.phrases if len(phrase.papers) == _BOTH]
    shared = [phrase for phrase in both if phrase.is_shared or len(phrase.stems) > 1]
    shared.sort(key=lambda phrase: (-len(phrase.titled), -phrase.specific, -phrase.forms.total(), phrase.stems))
    kept: list[Phrase] = []
    for phrase in shared:
        if not any(set(phrase.stems) & set(better.stems) for better in kept):
            kept.append(phrase)
    return [known.in_a_sentence(phrase) for phrase in kept[:2]]
