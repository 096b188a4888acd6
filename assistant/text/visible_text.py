"""Text as written -> the characters that a reader sees, so that nothing hides from what reads them afterwards."""

import re
from html import unescape

_UNSEEN: dict[int, str | None] = {
    code: None
    for code in (
        *(code for code in range(0x20) if chr(code) not in "\t\n"),
        *range(0x7F, 0xA0),
        *(0xAD, 0x61C, 0x180E, 0xFEFF, 0x200B, 0x200E, 0x200F),
        *(*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080)),
    )
} | dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), " ")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_BEGUN = re.compile(r"&#?\w{0,31}\Z")
_AMPERSANDS = re.compile(r"&(?:(?:amp|#0*38|#x0*26);)+", re.I)  # "&amp;amp;lt;"


def readable(text: str) -> tuple[str, str]:
    """Return text without invisible and control characters, "&lt;" as "<" however deep; and its end, if that may become
    an entity with what follows."""
    text = text.translate(_UNSEEN)
    while "&" in text:
        meant = _ENTITY.sub(lambda found: unescape(found.group()).translate(_UNSEEN), _AMPERSANDS.sub("&amp;", text))
        if meant == text:
            break
        text = meant
    begun = _BEGUN.search(text, max(0, len(text) - 34))
    end = begun.start() if begun else len(text)
    return text[:end], text[end:]
