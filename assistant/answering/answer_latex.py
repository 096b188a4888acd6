r"""An answer as LaTeX with \cite, for pasting into a manuscript: paragraphs, headings, lists, tables and code.

It needs what `text.latex` needs. What an answer says of itself is in comments: which sentences rest on what they cite
in part or not at all, and what became of its citations.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from assistant.answering.answer_markdown import closest_said
from assistant.answering.verdict_labels import explanation
from assistant.manuscripts.citation_rendering import Citing, latex_inline
from assistant.records import Answer
from assistant.text.blocks import Block, blocks
from assistant.text.citations import without_markers
from assistant.text.latex import latex_code

_TABLE_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*")
_STOP = re.compile(r"[.:!?…]$")
_WIDTH = 0.9  # of a line, for all columns of a table

Inline = Callable[[Block], str]


def answer_latex(answer: Answer, *, natbib: bool = False) -> str:
    r"""Return the text, each marker as the \cite of its reference's key, or as `natbib` has it, and below it the
    comments."""
    citing = Citing.of(answer.references, natbib=natbib)
    written = "\n\n".join(_groups(answer.text, citing))
    return "".join([citing.declarations(written), written, "\n", *(f"% {line}\n" for line in _comments(answer))])


def _comments(answer: Answer) -> Iterator[str]:
    """Yield what a reader should know of the text, a line each."""
    for sentence in answer.sentences:
        if sentence.verdict.is_marked:
            yield _line(f"{explanation(sentence)}: “{without_markers(sentence.text)}”")
    yield from map(_line, filter(None, [closest_said(answer), *answer.notes]))


def _line(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _groups(text: str, citing: Citing) -> Iterator[str]:
    """Yield the blocks of a text; the items of a list, and the rows of a table, are one."""

    def written(block: Block) -> str:
        return latex_inline(text[block.start : block.end].strip(), citing)

    for (kind, _), group in groupby(blocks(text), key=lambda block: (block.kind, block.number is None)):
        found = list(group)
        if kind == "item":
            yield _list(found, written)
        elif kind == "row":
            yield _table([text[row.start : row.end] for row in found], citing)
        elif kind == "code":
            yield from (_code(text[block.start : block.end]) for block in found)
        elif kind == "heading":
            yield from map(_heading, map(written, found))
        else:
            yield from map(written, found)


def _heading(title: str) -> str:
    return rf"\paragraph{{{title}{'' if _STOP.search(title) else '.'}}}"


def _list(items: Sequence[Block], written: Inline) -> str:
    first = items[0].number
    kind = "itemize" if first is None else "enumerate"
    begin = rf"\begin{{{kind}}}" + ("" if first in (None, 1) else rf"\setcounter{{enumi}}{{{(first or 1) - 1}}}")
    # The braces keep a bracket that begins a text from being taken for an option.
    return "\n".join([begin, *(rf"\item{{}} {written(item)}" for item in items), rf"\end{{{kind}}}"])


def _table(lines: Sequence[str], citing: Citing) -> str:
    ruled = len(lines) > 1 and bool(_TABLE_RULE.fullmatch(lines[1]))
    rows = [_cells(line) for place, line in enumerate(lines) if not (ruled and place == 1)]
    width = max(map(len, rows))
    written = [
        "{}" + " & ".join(latex_inline(cell, citing) for cell in [*row, *[""] * (width - len(row))]) + r" \\"
        for row in rows
    ]
    body = "\n".join([written[0], r"\hline", *written[1:]] if ruled else written)
    columns = f"p{{{_WIDTH / width:.2f}\\linewidth}}" * width
    return f"\\begin{{tabular}}{{{columns}}}\n{body}\n\\end{{tabular}}"


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]


def _code(text: str) -> str:
    lines = [
        r"\mbox{}" + "~" * (len(line) - len(line.lstrip())) + latex_code(line.strip()) for line in text.split("\n")
    ]
    return "\\begin{quote}\\ttfamily\n" + "\\\\\n".join(lines) + "\n\\end{quote}"
