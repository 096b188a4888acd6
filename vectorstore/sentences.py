"""Sentences of a text, as character offsets."""

import re
from collections.abc import Iterator

# Words whose full stop does not end a sentence. "et al." does when a capitalised word that opens sentences follows.
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|resp|approx|Fig|Figs|Eq|Eqs|Sec|Ref|Refs|No|Dr|Prof|St|Mr|Ms|Mrs|w\.r\.t|a\.k\.a|et al"
    r"|incl|ca|viz|Tab|Alg|Thm|Def|Ch|App|Inc|Ltd|Jr|Sr|U\.S|U\.K)|(?:^|[\s(])[A-Z])\.$"
)
_BREAK = re.compile(r"""[.!?]+[\"'”’)\]}$]*(?=\s+[\"'“‘(\[$\\]*[A-Z0-9\\$])|\n\s*\n""")
_LOOK_BACK = 12  # characters: longer than every abbreviation above


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence of `text`, without the white space around it. Spans never overlap."""
    start = 0
    for match in _BREAK.finditer(text):
        stop = text[max(start, match.start() - _LOOK_BACK) : match.start() + 1]
        if match.group().startswith(".") and len(match.group()) == 1 and _ABBREVIATION.search(stop):
            continue
        if match.group().startswith(".") and _inside_parentheses(text, start, match.start()):
            continue
        yield from _stripped(text, start, match.end())
        start = match.end()
    yield from _stripped(text, start, len(text))


def _inside_parentheses(text: str, start: int, end: int) -> bool:
    # "(see Sec. 3. Then ...)" is rare, "(e.g. a; b. c)" is not: a stop in an open bracket that closes soon is none.
    opened = text.rfind("(", max(start, end - 200), end)
    return opened > text.rfind(")", max(start, end - 200), end) and text.find(")", end, end + 200) >= 0


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    part = text[start:end]
    if part.strip():
        yield start + len(part) - len(part.lstrip()), start + len(part.rstrip())
