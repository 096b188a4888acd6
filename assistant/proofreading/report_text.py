"""A report on a draft as text: what is wrong first, then what to look at, then what is told."""

from collections.abc import Iterator

from assistant.proofreading.reports import CheckedSentence, CitedPaper, DraftReport, Outcome
from assistant.text.plain_text import plain_text

_MOST_QUOTED = 400  # characters of the closest words


def summary_line(report: DraftReport) -> str:
    """Return what was found, in a line."""
    wrong = sum(sentence.is_finding for sentence in report.sentences)
    counts = [
        _counted(len(report.sentences), "sentence that cites", "sentences that cite"),
        _counted(wrong, "of them against its abstract", "of them against their abstracts"),
    ]
    if report.missing:
        counts.append(_counted(len(report.missing), "key without an entry", "keys without entries"))
    if report.same:
        counts.append(_counted(len(report.same), "paper with several entries", "papers with several entries"))
    return f"{', '.join(counts)}."


def finding_lines(report: DraftReport) -> Iterator[tuple[str, str]]:
    """Yield what is wrong beside the sentences, and what is told, each with its kind: "wrong", "told" or "note"."""
    for one in report.missing:
        yield "wrong", f"{one.file}, line {one.line}: the key {one.key} has no entry in the bibliography."
    for keys in report.same:
        yield "wrong", f"The entries {' and '.join(keys)} are the same paper."
    absent = dict.fromkeys(p.key for s in report.sentences for p in s.papers if p.outcome is Outcome.NOT_IN_LIBRARY)
    if absent:
        yield "told", f"Not in the library, so not checked: {', '.join(absent)}."
    if report.never_cited:
        yield "told", f"Entries that are never cited: {', '.join(report.never_cited)}."
    for left in report.left_out:
        yield "told", f"On the same topic, and not cited: “{left.title}” ({left.key})."
    for note in report.notes:
        yield "note", note


def report_text(report: DraftReport) -> str:
    """Return a report as plain text."""
    ranked = sorted(report.sentences, key=rank)
    blocks = ["\n".join(_sentence(sentence)) for sentence in ranked if rank(sentence) < _TOLD]
    lines = [text for _, text in finding_lines(report)]
    said = sum(rank(sentence) >= _TOLD for sentence in report.sentences)
    if said:
        rest = _counted(said, "sentence is said by its abstract", "sentences are said by their abstracts")
        lines.insert(0, f"{rest}, claim nothing, or cite what is not in the library.")
    return "\n\n".join([summary_line(report), *blocks, *(["\n".join(lines)] if lines else [])])


_TOLD = 3


def rank(sentence: CheckedSentence) -> int:
    """Return 0 for a finding, 1 for a hint, 2 for what a reader is to compare, `_TOLD` for the rest."""
    outcomes = {paper.outcome for paper in sentence.papers}
    if sentence.is_finding:
        return 0
    if Outcome.ABSENT in outcomes:
        return 1
    return 2 if Outcome.OPEN in outcomes else _TOLD


def _sentence(sentence: CheckedSentence) -> Iterator[str]:
    sign = ("✗", "?", "·")[rank(sentence)]
    yield f"{sign} {sentence.file}, line {sentence.line}: {sentence.text}"
    for paper in sentence.papers:
        yield f"    {paper.key}: {verdict_text(paper)}"
        for words in paper.closest:
            quote = " ".join(plain_text(words.text).split())
            yield f"        closest: “{quote[:_MOST_QUOTED]}{'…' if len(quote) > _MOST_QUOTED else ''}”"


def verdict_text(paper: CitedPaper) -> str:
    """Return the outcome of a cited paper in words: "said otherwise: the abstract says “degrades”"."""
    outcome = paper.outcome.value
    if paper.outcome is Outcome.ABSENT and not paper.is_finding:
        outcome = "perhaps not in the abstract"
    elif paper.outcome is Outcome.OPEN:
        outcome = "in other words; nothing that can be checked exactly speaks against it"
    by = " (by the judge)" if paper.by == "judge" else ""
    return f"{outcome}{by}{f': {paper.reason}' if paper.reason else ''}"


def _counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
