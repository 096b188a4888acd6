"""The blocks of a Markdown text: paragraphs, headings, list items, table rows, code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

# As CommonMark has it, so that what is code here is code wherever the text is rendered.
FENCE = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})(?P<language>[^`\n]*)$")
CODE_SPAN = re.compile(r"(?<!`)(?P<ticks>`{1,8})(?!`)(?P<code>[^\n]{1,400}?)(?<!`)(?P=ticks)(?!`)")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(?=\S)")
_ITEM = re.compile(r"\s*(?:[-*+•]|(?P<number>\d{1,4})[.)])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, table row or code; `start` and `end` are offsets into the text."""

    kind: str
    start: int
    end: int
    number: int | None = None  # of an item of an ordered list


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks in order. Lines of a paragraph, and the rows of a table, follow one another without a gap."""
    paragraph: Block | None = None
    fence, marks = 0, ""  # where the code begins, and what began it
    for start, end in _lines(text):
        line = text[start:end]
        if marks:
            if closes(line, marks):
                yield Block("code", fence, max(fence, start - 1))
                marks = ""
        elif opened := FENCE.match(line):
            if paragraph:
                yield paragraph
                paragraph = None
            fence, marks = end + 1, opened["marks"]
        else:
            block = _line_block(line, start, end)
            if block and block.kind == "paragraph" and paragraph:
                paragraph = replace(paragraph, end=end)
                continue
            if paragraph:
                yield paragraph
            paragraph = block if block and block.kind in ("paragraph", "item") else None
            if block and not paragraph:
                yield block
    if paragraph:
        yield paragraph
    if marks and fence < len(text):
        yield Block("code", fence, len(text))


def closes(line: str, marks: str) -> bool:
    """Tell whether a line ends the code that a fence of `marks` began."""
    found = FENCE.match(line)
    return bool(found and found["marks"].startswith(marks) and not found["language"].strip())


def _line_block(line: str, start: int, end: int) -> Block | None:
    if not line.strip():
        return None
    if line.lstrip().startswith("|"):
        return Block("row", start, end)
    if heading := _HEADING.match(line):
        return Block("heading", start + heading.end(), end)
    if item := _ITEM.match(line):
        return Block("item", start + item.end(), end, int(item["number"]) if item["number"] else None)
    return Block("paragraph", start, end)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1
