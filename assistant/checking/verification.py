"""A model's text -> a reply: each sentence with its verdict, its quotes, and its citation made right where that is
plain."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from assistant.checking.grounding import Grounded, grounded, may_support
from assistant.checking.quoting import Quotes, quotes_by_marker, quotes_within, quoting
from assistant.facts.replies import Reply
from assistant.records import By, Citation, Sentence, Usage, Verdict
from assistant.text.blocks import CODE_SPAN
from assistant.text.citations import cited_sentences, introduces, without_label, without_markers
from assistant.text.code_fences import has_code, prose_unfenced, without_code
from assistant.text.edits import Edit, edited, kept_markers, numbered_anew, removals
from assistant.text.evidence import Evidence
from assistant.text.evidence import cited as with_marker
from assistant.text.table_columns import misplaced
from assistant.text.wording import shown
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import Passage

Given = tuple[Evidence, Passage]
_ENDS = '.!?:…)]”"|*`。'
_WRONG_COLUMN = "it stands in the column of another paper"
_CUT_OFF = "cut off"
_CODE_UNCHECKED = "The code in this answer was not checked."
_CODE_LEFT_OUT = "Code, which cannot be checked, was left out."


@dataclass(frozen=True, slots=True)
class _Checked:
    """A sentence as the model wrote it, what it cites by number, and how it rests on that."""

    start: int
    end: int
    numbers: tuple[int, ...]
    found: Grounded
    block: str = "paragraph"
    moved: bool = False
    is_judged: bool = False  # by a model
    misquotes: int = 0  # quotes of the model that are not in the passage they name


def checked(
    text: str,
    cited: Mapping[int, Given],
    papers: Mapping[str, Paper],
    usage: Usage,
    *,
    strict: bool,
    given: Sequence[Given] = (),
    broken_off: bool = False,
    quotes: Quotes | None = None,
    judged: Mapping[str, Sentence] = MappingProxyType({}),
) -> Reply:
    """Return a model's text with the verdict of each sentence and the quotes that support it.

    `cited` are the passages by the numbers in the text, `given` all that the model had. A sentence that rests on
    nothing it cites, and clearly on exactly one other passage, is made to cite that one. With `strict` the sentences
    that are contradicted or unsupported are left out, and code. What only introduces is no claim, and neither is the
    half sentence that a text ends in if it was `broken_off`. Nothing else is left out. Where the model gave `quotes`,
    by number and which of its markers in the text, these are what the citations quote; a sentence in other words than
    the passage's whose quote is not in it is unsupported. What a model has `judged`, by its text without markers, has
    its verdict.
    """
    text = prose_unfenced(text)
    code = has_code(text)
    if strict and code:
        text = without_code(text)
    known = _all_numbered(cited, given)
    code_spans = [found.span() for found in CODE_SPAN.finditer(text)]
    sentences = [
        sentence if _is_cut_by(sentence, code_spans) else _moved(text, sentence, known)
        for sentence in _sentences(text, cited, quotes or {})
    ]
    sentences = [_as_judged(text, one, judged) for one in _in_columns(text, sentences, known)]
    notes = [_note_of_move(text, sentence, known) for sentence in sentences if sentence.moved]
    if misquotes := sum(sentence.misquotes for sentence in sentences):
        notes.append(_note_of_misquotes(misquotes))
    if code:
        notes.append(_CODE_LEFT_OUT if strict else _CODE_UNCHECKED)
    sentences = [_settled(text, sentence, broken_off) for sentence in sentences]
    dropped = [one for one in sentences if strict and (one.found.verdict.is_marked or _is_cut(one))]
    if marked := sum(not _is_cut(one) for one in dropped):
        count = f"{marked} sentences that are" if marked > 1 else "One sentence that is"
        notes.append(f"{count} contradicted or unsupported {'were' if marked > 1 else 'was'} left out.")
    dropped = sorted([*dropped, *_leading_nowhere(text, sentences, dropped)], key=lambda sentence: sentence.start)
    reply = _reply(text, sentences, dropped, known, papers, usage, notes)
    return replace(reply, evidence=tuple(passage for _, passage in given))


def _all_numbered(cited: Mapping[int, Given], given: Sequence[Given]) -> dict[int, Given]:
    """Return the cited passages by number, and the other ones that were given by the numbers that are free."""
    known = dict(cited)
    there = {passage.passage_id for _, passage in cited.values()}
    others = (item for item in given if item[1].passage_id not in there)
    return known | dict(enumerate(others, max(known, default=0) + 1))


def _sentences(text: str, cited: Mapping[int, Given], quotes: Quotes) -> Iterator[_Checked]:
    placed = quotes_by_marker(text, quotes)
    for part in cited_sentences(text):
        numbers = tuple(number for number in part.numbers if number in cited)
        claim = without_label(text[part.start : part.end])
        found = grounded(claim, {number: cited[number] for number in numbers})
        rests = quoting(found, quotes_within(placed, part.start, part.end), cited)
        yield _Checked(part.start, part.end, numbers, rests.found, part.block, misquotes=rests.missing)


def _moved(text: str, sentence: _Checked, known: Mapping[int, Given]) -> _Checked:
    """Return the sentence, or the same one citing the only passage that supports it, if it rests on nothing yet. The
    cell of a table stays: its row and its column say of which paper it is."""
    if sentence.block == "row" or not (sentence.found.is_lacking or sentence.found.verdict is Verdict.UNSUPPORTED):
        return sentence
    written = without_label(text[sentence.start : sentence.end])
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


def _is_cut_by(sentence: _Checked, spans: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a sentence begins or ends inside one of the spans, which are in order. No marker can stand there."""
    return any(
        (after := bisect_left(spans, (place,))) and place < spans[after - 1][1]
        for place in (sentence.start, sentence.end)
    )


def _in_columns(text: str, sentences: list[_Checked], known: Mapping[int, Given]) -> list[_Checked]:
    """Return the sentences; what a cell says stands under the wrong paper if its column is another's."""
    papers = {passage.paper_id: evidence for evidence, passage in known.values()}
    cells = {
        cell.start: frozenset(known[number][1].paper_id for number in cell.numbers)
        for cell in sentences
        if cell.block == "row" and cell.numbers
    }
    wrong = set(misplaced(text, cells, papers)) if cells else set()
    return [
        replace(one, found=replace(one.found, verdict=Verdict.UNSUPPORTED, reason=_WRONG_COLUMN))
        if one.start in wrong and one.found.verdict in (Verdict.SUPPORTED, Verdict.QUOTED)
        else one
        for one in sentences
    ]


def _as_judged(text: str, sentence: _Checked, judged: Mapping[str, Sentence]) -> _Checked:
    said = judged.get(without_markers(text[sentence.start : sentence.end])) if judged else None
    if said is None:
        return sentence
    return replace(sentence, found=replace(sentence.found, verdict=said.verdict, reason=said.reason), is_judged=True)


def _settled(text: str, sentence: _Checked, broken_off: bool) -> _Checked:
    """Return the sentence; a heading that cites nothing, and what only introduces or was cut off, is no claim."""
    if sentence.found.verdict is not Verdict.UNSUPPORTED:
        return sentence
    written, after = text[sentence.start : sentence.end], text[sentence.end :].strip()
    if broken_off and not after and written[-1] not in _ENDS:
        return replace(sentence, found=Grounded(Verdict.NOT_A_CLAIM, {}, _CUT_OFF))
    if not sentence.numbers and (sentence.block == "heading" or (after and introduces(written))):
        return replace(sentence, found=Grounded(Verdict.NOT_A_CLAIM, {}))
    return sentence


def _is_cut(sentence: _Checked) -> bool:
    return sentence.found.reason == _CUT_OFF


def _leading_nowhere(text: str, sentences: Sequence[_Checked], dropped: Sequence[_Checked]) -> Iterator[_Checked]:
    """Yield the questions and introductions behind which nothing is left up to the next of them, or up to a paragraph
    after what was lost."""
    gone, left, lost, following = {sentence.start for sentence in dropped}, False, False, len(text)
    for sentence in reversed(sentences):
        behind, following = text[sentence.end : following], sentence.start
        if sentence.start in gone:
            lost = True
            left = left and "\n\n" not in behind
        elif sentence.found.verdict is Verdict.NOT_A_CLAIM and text[: sentence.end].endswith(("?", ":", ":**", "?**")):
            if lost and not left:
                yield sentence
            left, lost = False, False
        else:
            left = True


def _note_of_move(text: str, sentence: _Checked, known: Mapping[int, Given]) -> str:
    ((evidence, _),) = (known[number] for number in sentence.numbers)
    written = shown(without_markers(text[sentence.start : sentence.end]))
    return f"“{written}” was made to cite “{shown(evidence.short_title)}”, the only passage that says it."


def _note_of_misquotes(count: int) -> str:
    if count == 1:
        return "1 quote of the model is not in the passage it names."
    return f"{count:,} quotes of the model are not in the passages they name."


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
            plain = without_markers(text[sentence.start : sentence.end])
            written = with_marker(plain, sentence.numbers[0])
            if sentence.block == "heading" and plain[-1] != ".":
                written = written.rstrip(".")
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
            if sentence.found.verdict is not Verdict.UNSUPPORTED
        )
        numbers = tuple(final[number] for number in sentence.numbers)
        found = sentence.found
        by = By.JUDGE if sentence.is_judged else By.of(found.verdict)
        kept.append(Sentence(result.text[start:end], found.verdict, numbers, start, end, quotes, found.reason, by))
    return Reply(
        text=result.text.rstrip() if dropped else result.text,
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
