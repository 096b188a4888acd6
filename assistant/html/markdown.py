"""The Markdown of an answer -> HTML: paragraphs, headings, lists, tables, code, bold, italics, and citations.

Links, images and HTML are not among it: they are shown as the characters they are. A text is cut into runs that each
carry their own style and verdict, so that tags always nest, whatever the text holds.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.answering.verdict_labels import SIGNS, explanation
from assistant.html.mathematics import TOKEN, formula_html
from assistant.html.sanitizing import escaped
from assistant.records import Citation, Sentence
from assistant.text.blocks import CODE_SPAN, Block, blocks
from assistant.text.plain_text import MATH

_STOP = re.compile(r"[.,;:!?)]*")
_TABLE_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*")
# Bounded, so that a text of stars alone takes no longer than any other.
_INLINE = re.compile(
    CODE_SPAN.pattern + r"|\*\*(?P<strong>(?=\S)[^\n]{1,400}?(?<=\S))\*\*"
    r"|(?<![\w*])\*(?P<star>(?=\S)[^*\n]{1,400}?(?<=\S))\*(?![\w*])"
    r"|(?<!\w)_(?P<line>(?=\S)[^_\n]{1,400}?(?<=\S))_(?!\w)"
    r"|\[(?P<citation>\d{1,4})\]"
    rf"|(?P<math>{MATH.pattern})|(?P<token>{TOKEN.pattern})"
)


@dataclass(frozen=True, slots=True)
class References:
    """The titles that citations lead to, by number, and the text on the page that they belong to."""

    text_id: str
    titles: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of text in one style; `citation` is the number of the reference that it is a marker of, with the stop
    behind it."""

    start: int
    end: int
    tags: tuple[str, ...] = ()
    is_formula: bool = False
    citation: int | None = None


def answer_html(
    text: str, references: References, sentences: Sequence[Sentence] = (), citations: Sequence[Citation] = ()
) -> str:
    """Return an answer as HTML: its citations as buttons that know the quotes of their sentence, its
    contradicted and unsupported sentences marked."""
    inline = _Inline(text, references, sorted(sentences, key=lambda sentence: sentence.start), citations)
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
    sentences: Sequence[Sentence]
    citations: Sequence[Citation]

    def html(self, start: int, end: int) -> str:
        """Return a stretch as HTML; behind the end of each marked sentence stands the mark."""
        html: list[str] = []
        place = bisect_right(self.sentences, start, key=lambda sentence: sentence.end)
        for run in self._runs(_Run(start, end)):
            while place < len(self.sentences) and self.sentences[place].end <= run.start:
                html.append(_mark(self.sentences[place]))
                place += 1
            run_html, place = self._run_html(run, place)
            html.append(run_html)
        while place < len(self.sentences) and self.sentences[place].end <= end:
            html.append(_mark(self.sentences[place]))
            place += 1
        return "".join(html)

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
                if stop := _STOP.match(self.text, position, outer.end):
                    position = stop.end()
                yield replace(outer, start=match.start(), end=position, citation=int(match["citation"]))
            elif kind in ("code", "token"):
                yield inner
            elif kind == "math":
                yield replace(outer, start=match.start(), end=position, is_formula=True)
            else:
                yield from self._runs(inner)
        yield replace(outer, start=position)

    def _run_html(self, run: _Run, place: int) -> tuple[str, int]:
        """Return a run as HTML, and the place of the sentence that goes on behind it; `place` is that of the first
        sentence that may touch the run."""
        html: list[str] = []
        position = run.start
        if run.citation is not None:
            html.append(self._citation(run.citation, place))
            position = self.text.index("]", position) + 1
        while place < len(self.sentences) and (sentence := self.sentences[place]).start < run.end:
            start, end = max(sentence.start, position), min(sentence.end, run.end)
            html.append(escaped(self.text[position:start]))
            html.append(_judged_html(escaped(self.text[start:end]), sentence))
            position = max(position, end)
            if sentence.end >= run.end:
                break
            html.append(_mark(sentence))
            place += 1
        html.append(escaped(self.text[position : run.end]))
        inner = "".join(html)
        if run.is_formula:
            inner = formula_html(self.text[run.start : run.end], self.text[run.start : run.end])
        if run.citation is not None:  # no line ends between a citation and its stop
            return f'<span class="cited">{inner}</span>', place
        opening = "".join(f"<{tag}>" for tag in run.tags)
        closing = "".join(f"</{tag}>" for tag in reversed(run.tags))
        return (f"{opening}{inner}{closing}" if inner else ""), place

    def _citation(self, number: int, place: int) -> str:
        title = escaped(f"Citation {number}: {self.references.titles[number]}")
        quotes = self.sentences[place].quotes if place < len(self.sentences) else ()
        own = " ".join(str(quote) for quote in quotes if self._is_of(quote, number))
        return (
            f'<button type="button" class="citation" data-text="{self.references.text_id}" data-reference="{number}"'
            f' data-quotes="{own}" aria-label="{title}" title="{title}">{number}</button>'
        )

    def _is_of(self, quote: int, number: int) -> bool:
        return quote < len(self.citations) and self.citations[quote].number == number


_TAGS = {"code": "code", "token": "code", "math": "", "strong": "strong", "star": "em", "line": "em", "citation": ""}


def _judged_html(html: str, sentence: Sentence) -> str:
    if not sentence.verdict.is_marked or not html.strip():
        return html
    return f'<span class="{sentence.verdict}" title="{escaped(explanation(sentence))}">{html}</span>'


def _mark(sentence: Sentence) -> str:
    """Return the sign behind a marked sentence: a button, so that a keyboard gets to what it means."""
    if not sentence.verdict.is_marked:
        return ""
    said = escaped(explanation(sentence))
    sign = SIGNS[sentence.verdict]
    return f'<button type="button" class="verdict {sentence.verdict}" aria-label="{said}">{sign}</button>'
