"""The Markdown of an answer -> HTML: paragraphs, headings, lists, tables, code, bold, italics, and citations.

Links, images and HTML are not among it: they are shown as the characters they are. A text is cut into runs that each
carry their own style and verdict, so that tags always nest, whatever the text holds.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.blocks import CODE_SPAN, Block, blocks
from assistant.records import Sentence, Verdict
from assistant.ui.labels import COUNTED, EXPLAINED
from assistant.ui.markup import escaped

_TABLE_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*")
# Bounded, so that a text of stars alone takes no longer than any other.
_INLINE = re.compile(
    CODE_SPAN.pattern + r"|\*\*(?P<strong>(?=\S)[^\n]{1,400}?(?<=\S))\*\*"
    r"|(?<![\w*])\*(?P<star>(?=\S)[^*\n]{1,400}?(?<=\S))\*(?![\w*])"
    r"|(?<!\w)_(?P<line>(?=\S)[^_\n]{1,400}?(?<=\S))_(?!\w)"
    r"|\[(?P<citation>\d{1,4})\]"
)
_MARKED = (Verdict.WEAK, Verdict.UNSUPPORTED)


@dataclass(frozen=True, slots=True)
class References:
    """The titles that citations lead to, by number, and the turn of the conversation they belong to."""

    turn: int
    titles: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of text in one style; `citation` is the number of the reference that it is a marker of."""

    start: int
    end: int
    tags: tuple[str, ...] = ()
    citation: int | None = None


@dataclass(frozen=True, slots=True)
class _Judged:
    """Where a sentence stands in the text, and its verdict."""

    start: int
    end: int
    verdict: Verdict


def answer_html(text: str, references: References, sentences: Sequence[Sentence] = ()) -> str:
    """Return an answer as HTML, its citations as buttons and its weak and unsupported sentences marked."""
    inline = _Inline(text, references, _judged(sentences))
    html: list[str] = []
    open_list = ""
    table: list[Block] = []
    for block in blocks(text):
        if block.kind != "row" and table:
            html.append(_table(table, inline))
            table = []
        wanted = "" if block.kind != "item" else "ul" if block.number is None else "ol"
        if wanted != open_list:
            html.append((f"</{open_list}>" if open_list else "") + _list_start(wanted, block.number))
            open_list = wanted
        if block.kind == "row":
            table.append(block)
        else:
            html.append(_block_html(block, inline))
    html.append(f"</{open_list}>" if open_list else "")
    return "".join(html) + (_table(table, inline) if table else "")


def _list_start(kind: str, number: int | None) -> str:
    if not kind:
        return ""
    return f'<ol start="{number}">' if kind == "ol" else "<ul>"


def _block_html(block: Block, inline: "_Inline") -> str:
    if block.kind == "code":
        return f"<pre><code>{escaped(inline.text[block.start : block.end])}</code></pre>"
    tag = {"item": "li", "heading": "h3"}.get(block.kind, "p")
    return f"<{tag}>{inline.html(block.start, block.end)}</{tag}>"


# -- tables


def _table(rows: Sequence[Block], inline: "_Inline") -> str:
    ruled = len(rows) > 1 and _TABLE_RULE.fullmatch(inline.text, rows[1].start, rows[1].end)
    head, body = (rows[:1], rows[2:]) if ruled else ([], rows)
    html = "".join(f"<tr>{_cells(row, 'th', inline)}</tr>" for row in head)
    lines = "".join(f"<tr>{_cells(row, 'td', inline)}</tr>" for row in body)
    return f'<div class="table"><table>{f"<thead>{html}</thead>" if html else ""}<tbody>{lines}</tbody></table></div>'


def _cells(row: Block, tag: str, inline: "_Inline") -> str:
    edges = [row.start + match.start() for match in re.finditer(r"\|", inline.text[row.start : row.end])]
    if inline.text[edges[-1] + 1 : row.end].strip():
        edges.append(row.end)
    spans = pairwise(edges)
    return "".join(f"<{tag}>{inline.html(start + 1, end).strip()}</{tag}>" for start, end in spans)


# -- inside a block


@dataclass(frozen=True, slots=True)
class _Inline:
    """Renders stretches of one answer's text."""

    text: str
    references: References
    judged: Sequence[_Judged]

    def html(self, start: int, end: int) -> str:
        return "".join(self._run_html(run) for run in self._runs(_Run(start, end)))

    def _runs(self, outer: _Run) -> Iterator[_Run]:
        """Yield the runs of a stretch; a run in bold may hold others."""
        position = outer.start
        for match in _INLINE.finditer(self.text, outer.start, outer.end):
            kind = match.lastgroup or ""
            if kind == "citation" and int(match["citation"]) not in self.references.titles:
                continue
            yield replace(outer, start=position, end=match.start())
            position = match.end()
            inner = _Run(match.start(kind), match.end(kind), (*outer.tags, _TAGS[kind]))
            if kind == "citation":
                yield replace(outer, start=match.start(), end=match.end(), citation=int(match["citation"]))
            elif kind == "code":
                yield inner
            else:
                yield from self._runs(inner)
        yield replace(outer, start=position)

    def _run_html(self, run: _Run) -> str:
        if run.citation is not None:
            return self._citation(run.citation)
        opening = "".join(f"<{tag}>" for tag in run.tags)
        closing = "".join(f"</{tag}>" for tag in reversed(run.tags))
        html = "".join(
            _judged_html(escaped(self.text[start:end]), verdict) for start, end, verdict in _pieces(run, self.judged)
        )
        return f"{opening}{html}{closing}" if html else ""

    def _citation(self, number: int) -> str:
        title = escaped(f"Citation {number}: {self.references.titles[number]}")
        return (
            f'<button type="button" class="citation" data-turn="{self.references.turn}" data-reference="{number}"'
            f' aria-label="{title}" title="{title}">{number}</button>'
        )


_TAGS = {"code": "code", "strong": "strong", "star": "em", "line": "em", "citation": ""}


def _pieces(run: _Run, judged: Sequence[_Judged]) -> Iterator[tuple[int, int, Verdict | None]]:
    """Cut a run where the marked sentences begin and end."""
    position = run.start
    for sentence in judged:
        start, end = max(sentence.start, position), min(sentence.end, run.end)
        if start < end:
            if position < start:
                yield position, start, None
            yield start, end, sentence.verdict
            position = end
    if position < run.end:
        yield position, run.end, None


def _judged_html(html: str, verdict: Verdict | None) -> str:
    if verdict is None or not html.strip():
        return html
    return f'<span class="{verdict}" title="{COUNTED[verdict].capitalize()}: {EXPLAINED[verdict]}">{html}</span>'


def _judged(sentences: Sequence[Sentence]) -> list[_Judged]:
    """Return where the weak and unsupported sentences stand."""
    return [_Judged(item.start, item.end, item.verdict) for item in sentences if item.verdict in _MARKED]
