"""A report on a draft as HTML: for the page's panel, and as a file that loads and runs nothing."""

from collections.abc import Iterator

from assistant.html.sanitizing import cleaned, escaped
from assistant.html.standalone import html_page
from assistant.proofreading.report_text import finding_lines, rank, summary_line, verdict_text
from assistant.proofreading.reports import CheckedSentence, CitedPaper, DraftReport, Outcome, Words
from assistant.text.plain_text import plain_text

_SIGNS = {Outcome.OTHERWISE: ("✗", "contradicted"), Outcome.ABSENT: ("○", "unsupported")}


def report_html(report: DraftReport) -> str:
    """Return a report as a file on its own."""
    return html_page(f"Check of {report.draft}", report_body(report))


def report_body(report: DraftReport) -> str:
    """Return a report as clean HTML: what is wrong, the sentences with the closest words marked, what is told."""
    lines = list(finding_lines(report))
    wrong = [text for kind, text in lines if kind == "wrong"]
    told = [text for kind, text in lines if kind != "wrong"]
    sentences = "".join(map(_sentence, sorted(report.sentences, key=rank)))
    judged = f'<p class="quiet">Judged by {escaped(report.judge)}.</p>' if report.judge else ""
    parts = [
        f"<p>{escaped(summary_line(report))}</p>{judged}",
        _listed(wrong, "problem"),
        sentences,
        _listed(told, "quiet"),
    ]
    return cleaned("".join(parts))


def _listed(lines: list[str], kind: str) -> str:
    return f'<ul class="{kind}">{"".join(f"<li>{escaped(line)}</li>" for line in lines)}</ul>' if lines else ""


def _sentence(sentence: CheckedSentence) -> str:
    place = f"{sentence.file}, line {sentence.line}"
    papers = "".join(_paper(paper) for paper in sentence.papers)
    said = f'<p class="quiet">{escaped(place)}</p><p>{escaped(sentence.text)}</p>'
    return f'<article class="checked">{said}{papers}</article>'


def _paper(paper: CitedPaper) -> str:
    sign, kind = _SIGNS.get(paper.outcome, ("", "quiet"))
    if not paper.is_finding:
        sign, kind = "", "quiet"
    title = f" “{escaped(paper.title)}”" if paper.title else ""
    clause = f'<p class="quiet">Of this: {escaped(paper.clause)}</p>' if paper.clause else ""
    verdict = (
        f'<p class="{kind}">{sign} <strong>{escaped(paper.key)}</strong>{title}: {escaped(verdict_text(paper))}</p>'
    )
    return f'<div class="reference">{clause}{verdict}{"".join(_quotes(paper))}</div>'


def _quotes(paper: CitedPaper) -> Iterator[str]:
    for words in paper.closest:
        yield f'<p class="quote">“{_marked(words)}”</p>'


def _marked(words: Words) -> str:
    """Return the closest words with those marked that the sentence has too."""
    said, end = [], 0
    for start, stop in words.shared:
        said += [escaped(plain_text(words.text[end:start])), f"<mark>{escaped(words.text[start:stop])}</mark>"]
        end = stop
    return "".join([*said, escaped(plain_text(words.text[end:]))])
