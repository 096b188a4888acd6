"""A draft in Markdown, as pandoc reads it, or in plain text -> its paragraphs and citations, by markdown-it."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.proofreading.cited_text import REFERENCES, CitedText, Flow, ListedReference
from assistant.proofreading.inline_citations import listed_number, say_citing
from assistant.text.plain_text import plain_text
from vectorstore.errors import DraftError

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_BIBLIOGRAPHY = re.compile(
    r"^bibliography:[ \t]*(?P<one>[^\n]*)\n(?P<several>(?:[ \t]*-[ \t]+[^\n]+\n)*)", re.MULTILINE
)
_NOCITE = re.compile(r"^nocite:(?P<keys>[^\n]*(?:\n[ \t]+[^\n]*)*)", re.MULTILINE)
# Formulas are no Markdown: their stars and underscores are their own.
_MATH = re.compile(
    r"(?P<code>^(?P<fence>```+|~~~+)[^\n]*\n.*?(?:^(?P=fence)[^\n]*$|\Z)|(?P<ticks>`+)[^`\n]+(?P=ticks))"
    r"|(?<!\\)\$\$(?P<shown>(?:(?!\n[ \t]*\n).)+?)\$\$|(?<![\\$])\$(?!\s)(?P<inline>[^$\n]{1,400})(?<!\s)\$(?!\d)",
    re.MULTILINE | re.DOTALL,
)
_STASHED = re.compile("\ue010(\\d+)\ue011")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_FOOTNOTE = re.compile(r"\s*\[\^[^\]\s]+\]:\s*")
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]+\]")
_LISTED = re.compile(r"^\s*\[(\d{1,4})\]", re.MULTILINE)


def read_markdown(text: str, name: str) -> CitedText:
    """Return what a draft says and cites. Raises DraftError if its blocks go too deep."""
    formulas: list[str] = []

    def stashed(found: re.Match[str]) -> str:
        if found["code"]:
            return found.group()
        formulas.append((found["inline"] and f"${found['inline']}$") or "")
        return f"\ue010{len(formulas) - 1}\ue011" + "\n" * found.group().count("\n")

    text = _PRIVATE.sub("", text)
    front = _FRONT.match(text)
    body = "\n" * front.group().count("\n") + text[front.end() :] if front else text
    body = _MATH.sub(stashed, body)
    try:
        blocks = list(_blocks(body))
    except RecursionError as error:
        raise DraftError(f"{name} has lists or quotations within one another without end; make it flat.") from error
    written, listed = _parted(blocks)
    references = tuple(_listed(listed, body))
    numbered = {one.key for one in references}
    flow = Flow(name)

    def whole(words: str) -> str:
        return _STASHED.sub(lambda found: plain_text(formulas[int(found[1])]), words)

    for words, line, _ in written:
        flow.end_paragraph()
        say_citing(flow, _FOOTNOTE_MARK.sub("", _FOOTNOTE.sub("", whole(words))), line, numbered=numbered)
    flow.end_paragraph()
    head = front.group() if front else ""
    return CitedText(
        name,
        tuple(flow.paragraphs),
        tuple(flow.marks),
        references,
        frozenset(re.findall(r"@([\w:.#$%&+?<>~/*-]*[\w*])", found["keys"]) if (found := _NOCITE.search(head)) else ()),
        tuple(_bibliographies(head)),
    )


Block = tuple[str, int, str]  # its words, its line, and what kind it is: "heading", "number" of a list, or ""


def _blocks(body: str) -> Iterator[Block]:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    kind, number = "", ""
    for token in tokens:
        if token.type == "heading_open":
            kind = "heading"
        elif token.type in ("heading_close", "paragraph_close"):
            kind = ""
        elif token.type == "list_item_open":
            number = token.info
        elif token.type == "list_item_close":
            number = ""
        elif token.type == "inline" and token.map:
            yield _words(token.children or ()), token.map[0] + 1, kind or (f"number {number}" if number else "")
            number = ""


def _words(children: Sequence["Token"]) -> str:
    """Return the text of inline tokens; code is shown, but what stands in it cites nothing."""
    said = []
    for token in children:
        if token.type == "code_inline":
            said.append(token.content.replace("@", "＠").replace("[", "［"))
        elif token.type in ("softbreak", "hardbreak"):
            said.append("\n")
        elif token.type in ("text", "text_special"):
            said.append(token.content)
    return "".join(said)


def _parted(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """Return the blocks of the text, and those of the reference list behind the last heading that announces one."""
    starts = [place for place, (words, _, _) in enumerate(blocks) if REFERENCES.fullmatch(words)]
    if not starts:
        return list(blocks), []
    after = starts[-1] + 1
    end = next((n for n in range(after, len(blocks)) if blocks[n][2] == "heading"), len(blocks))
    return [*blocks[: after - 1], *blocks[end:]], list(blocks[after:end])


def _listed(blocks: Sequence[Block], body: str) -> Iterator[ListedReference]:
    for words, line, kind in blocks:
        if kind.startswith("number "):
            yield ListedReference(str(int(kind.partition(" ")[2])), " ".join(words.split()), line)
            continue
        starts = [found.start() for found in _LISTED.finditer(words)] or [0]
        for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
            if numbered := listed_number(words[start:end]):
                yield ListedReference(*numbered, line + words.count("\n", 0, start))


def _bibliographies(front: str) -> Iterator[str]:
    for found in _BIBLIOGRAPHY.finditer(front):
        one = found["one"].strip()
        names = one.strip("[]").split(",") if one else [line.strip()[1:] for line in found["several"].splitlines()]
        yield from (name.strip(" \t'\"") for name in names if name.strip(" \t'\""))
