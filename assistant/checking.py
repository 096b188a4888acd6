"""A model's text -> a reply: each sentence with its verdict, its quotes, and its citation made right where that is
plain."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.citations import cited_sentences, without_markers
from assistant.edits import Edit, edited, kept_markers, numbered_anew, removals
from assistant.evidence import Evidence
from assistant.evidence import cited as with_marker
from assistant.grounding import NEAR, Grounded, grounded, may_support
from assistant.meaning import similarities
from assistant.records import Citation, Sentence, Usage, Verdict
from assistant.replies import Reply
from assistant.wording import shown
from vectorstore.embeddings import EmbeddingModel
from vectorstore.papers import Paper
from vectorstore.passages import Passage

Given = tuple[Evidence, Passage]
_SAYS_SOMETHING = (Verdict.SUPPORTED, Verdict.WEAK, Verdict.COMPUTED)
_MOST_EMBEDDED = 32  # sentences of an answer that are held against a span by their meaning
_NO_CLAIM_LEFT = "No sentence that the model wrote is supported by the passages."


@dataclass(frozen=True, slots=True)
class _Checked:
    """A sentence as the model wrote it, what it cites by number, and how it rests on that."""

    start: int
    end: int
    numbers: tuple[int, ...]
    found: Grounded
    moved: bool = False


def checked(
    text: str,
    cited: Mapping[int, Given],
    papers: Mapping[str, Paper],
    usage: Usage,
    *,
    strict: bool,
    given: Sequence[Given] = (),
    model: EmbeddingModel | None = None,
) -> Reply:
    """Return a model's text with the verdict of each sentence and the quotes that support it.

    `cited` are the passages by the numbers in the text, `given` all that the model had. A sentence that rests on
    nothing it cites, and clearly on exactly one other passage, is made to cite that one. `model` is the library's, used
    for paraphrases if it runs in this process. With `strict` the sentences
    without support are left out. The text is empty if it claims something and no claim has any support.
    """
    known = _all_numbered(cited, given)
    sentences = [_moved(text, sentence, known) for sentence in _decided(list(_sentences(text, cited)), model)]
    notes = [_note_of_move(text, sentence, known) for sentence in sentences if sentence.moved]
    claims = [sentence for sentence in sentences if sentence.found.verdict is not Verdict.NOT_A_CLAIM]
    if claims and not any(claim.found.verdict in _SAYS_SOMETHING for claim in claims):
        return Reply("", (), usage=usage, notes=(_NO_CLAIM_LEFT,))
    dropped = [claim for claim in claims if strict and claim.found.verdict is Verdict.UNSUPPORTED]
    if dropped:
        count = f"{len(dropped)} sentences" if len(dropped) > 1 else "One sentence"
        notes.append(f"{count} that no passage supports {'were' if len(dropped) > 1 else 'was'} left out.")
    reply = _reply(text, sentences, dropped, known, papers, usage, notes)
    return replace(reply, evidence=tuple(passage for _, passage in given))


def _all_numbered(cited: Mapping[int, Given], given: Sequence[Given]) -> dict[int, Given]:
    """Return the cited passages by number, and the other ones that were given by the numbers that are free."""
    known = dict(cited)
    there = {passage.passage_id for _, passage in cited.values()}
    others = (item for item in given if item[1].passage_id not in there)
    return known | dict(enumerate(others, max(known, default=0) + 1))


def _sentences(text: str, cited: Mapping[int, Given]) -> Iterator[_Checked]:
    for part in cited_sentences(text):
        numbers = tuple(number for number in part.numbers if number in cited)
        found = grounded(text[part.start : part.end], {number: cited[number] for number in numbers})
        yield _Checked(part.start, part.end, numbers, found)


def _decided(sentences: list[_Checked], model: EmbeddingModel | None) -> list[_Checked]:
    """Return the sentences with those supported that are near in meaning to a span that has most of their words."""
    open_ones = [place for place, sentence in enumerate(sentences) if sentence.found.undecided][:_MOST_EMBEDDED]
    pairs = [pair for place in open_ones if (pair := sentences[place].found.undecided)]
    for place, similarity in zip(open_ones, similarities(pairs, model), strict=True):
        if similarity >= NEAR:
            found = replace(sentences[place].found, verdict=Verdict.SUPPORTED, reason="")
            sentences[place] = replace(sentences[place], found=found)
    return sentences


def _moved(text: str, sentence: _Checked, known: Mapping[int, Given]) -> _Checked:
    """Return the sentence, or the same one citing the only passage that supports it, if it rests on nothing yet."""
    if sentence.found.verdict is not Verdict.UNSUPPORTED:
        return sentence
    written = text[sentence.start : sentence.end]
    supporting = {}
    for number, source in known.items():
        if number not in sentence.numbers and may_support(written, source[1]):
            found = grounded(written, {number: source})
            if found.verdict is Verdict.SUPPORTED:
                supporting[number] = found
    if len(supporting) != 1:
        return sentence
    ((number, found),) = supporting.items()
    title = known[number][0].short_title
    reason = f"the citation was {'moved to' if sentence.numbers else 'added:'} “{shown(title)}”, which says it"
    return replace(sentence, numbers=(number,), found=replace(found, reason=reason), moved=True)


def _note_of_move(text: str, sentence: _Checked, known: Mapping[int, Given]) -> str:
    ((evidence, _),) = (known[number] for number in sentence.numbers)
    written = shown(without_markers(text[sentence.start : sentence.end]))
    return f"“{written}” was made to cite “{shown(evidence.short_title)}”, the only passage that says it."


def _reply(
    text: str,
    sentences: Sequence[_Checked],
    dropped: Sequence[_Checked],
    known: Mapping[int, Given],
    papers: Mapping[str, Paper],
    usage: Usage,
    notes: Sequence[str],
) -> Reply:
    """Return the reply with the text's markers in the order of first mention, and all offsets in the new text."""
    edits = removals(text, [(sentence.start, sentence.end) for sentence in dropped])
    for sentence in sentences:
        if sentence.moved:
            written = with_marker(without_markers(text[sentence.start : sentence.end]), sentence.numbers[0])
            edits.append(Edit(sentence.start, sentence.end, written))
    edits.sort(key=lambda edit: edit.start)
    edits, order = numbered_anew(
        sorted([*edits, *kept_markers(text, known, outside=edits)], key=lambda edit: edit.start)
    )
    result = edited(text, edits)
    final = {number: place for place, number in enumerate(order, 1)}
    citations: dict[Citation, int] = {}  # with their places
    left_out = {sentence.start for sentence in dropped}
    kept = []
    for sentence in sentences:
        if sentence.start in left_out:
            continue
        start, end = result.place(sentence.start), result.place(sentence.end)
        quotes = tuple(
            citations.setdefault(_citation(final[number], span.passage, papers, span.start, span.end), len(citations))
            for number, span in sentence.found.spans.items()
        )
        numbers = tuple(final[number] for number in sentence.numbers)
        found = sentence.found
        kept.append(Sentence(result.text[start:end], found.verdict, numbers, start, end, quotes, found.reason))
    return Reply(
        text=result.text,
        sentences=tuple(kept),
        citations=tuple(citations),
        papers=tuple(papers[known[number][1].paper_id] for number in order),
        usage=usage,
        notes=tuple(notes),
    )


def _citation(number: int, passage: Passage, papers: Mapping[str, Paper], start: int, end: int) -> Citation:
    paper = papers[passage.paper_id]
    passage_id = passage.passage_id if start >= passage.start else f"{paper.paper_id}:0"  # of a date: the first one
    return Citation(number, paper.paper_id, passage_id, paper.abstract[start:end], start, end)
