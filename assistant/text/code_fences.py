"""Code blocks of a model's text: prose in one is prose, which can be checked; code cannot."""

import re

from assistant.text.blocks import blocks
from assistant.text.safe_markdown import safe_markdown

_CODE_SIGN = re.compile(
    r"[={}<>;\\_$|@]|\w[(\[]\S*[)\]]|->|::|^\s*(?://|def |class |import |from \S+ import|return\b|for .*:$|while .*:$)",
    re.M,
)
_MARKER = re.compile(r"\s*\[\d{1,9}\]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FEWEST_WORDS = 4  # of prose


def prose_unfenced(text: str) -> str:
    """Return a text whose code blocks that hold words, and no sign of code, are paragraphs. What looks like a marker
    in them cites nothing, and goes."""
    for start, end, code in reversed(_fences(text)):
        if _is_prose(code):
            text = _joined(text[:start], safe_markdown(_MARKER.sub("", code)), text[end:])
    return text


def without_code(text: str) -> str:
    """Return a text without its code blocks."""
    for start, end, _ in reversed(_fences(text)):
        text = _joined(text[:start], text[end:])
    return text


def has_code(text: str) -> bool:
    return bool(_fences(text))


def _is_prose(code: str) -> bool:
    return len(_WORD.findall(code)) >= _FEWEST_WORDS and not _CODE_SIGN.search(_MARKER.sub("", code))


def _fences(text: str) -> list[tuple[int, int, str]]:
    """Return where the code blocks stand with their fences, and what is in them."""
    found = []
    for block in blocks(text):
        if block.kind == "code":
            start = text.rfind("\n", 0, max(block.start - 1, 0)) + 1
            closing = block.end if block.end == block.start else block.end + 1
            end = text.find("\n", closing)
            found.append((start, end if end >= 0 else len(text), text[block.start : block.end]))
    return found


def _joined(*parts: str) -> str:
    return "\n\n".join(filter(None, (part.strip("\n") for part in parts)))
