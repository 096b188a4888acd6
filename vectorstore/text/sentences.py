"""Sentences of a text, as character offsets."""

import re
from collections.abc import Iterator

from vectorstore.text.wrapped_lines import LIST_ITEM

# Words whose full stop does not end a sentence. "et al." does when a capitalised word that opens sentences follows.
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|resp|approx|Fig|Figs|Eq|Eqs|Sec|Ref|Refs|No|Dr|Prof|St|Mr|Ms|Mrs|w\.r\.t|a\.k\.a|et al"
    r"|incl|ca|viz|Tab|Alg|Thm|Def|Ch|App|Inc|Ltd|Jr|Sr|U\.S|U\.K)|(?:^|[\s(])[A-Z]|^\s*\d{1,2})\.$"
)
# It begins with one of three characters, which are found four times as fast as the beginning of an alternative.
_BREAK = re.compile(
    r"""[.!?\n](?:(?<=\n)(?:\s*\n|(?=\s*"""
    + LIST_ITEM
    + r"""))|(?<!\n)[.!?]*[\"'”’)\]}$]*(?=\s+[\"'“‘(\[$\\]*[A-Z0-9\\$]))"""
)
_OPENS = re.compile(r"\s+(?:We|Our|The|This|These|It|In|Here|However|Moreover|Furthermore|While|Unlike)\b")
_LOOK_BACK = 12  # characters: longer than every abbreviation above
_LONGEST_SENTENCE = 2000  # characters in which quotation marks are counted
_LOOK_AROUND = 200  # characters in which an open bracket or quotation closes, if it does


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence of `text`, without the white space around it. Spans never overlap."""
    start = 0
    for match in _BREAK.finditer(text):
        if match.group().isspace() or not _goes_on(text, start, match.start(), match.end()):
            yield from _stripped(text, start, match.end())
            start = match.end()
    yield from _stripped(text, start, len(text))


def _goes_on(text: str, start: int, stop: int, end: int) -> bool:
    """Tell whether the sentence from `start` goes on after its stop, or closing mark, at text[stop:end]."""
    if _inside_quotation(text, start, end):
        return True
    if text[stop] != ".":
        return False
    before = text[max(start, stop - _LOOK_BACK) : stop + 1]
    if end == stop + 1 and _ABBREVIATION.search(before):
        return not (before.endswith("et al.") and _OPENS.match(text, end))
    return _inside_parentheses(text, start, stop, end)


def _inside_parentheses(text: str, start: int, stop: int, end: int) -> bool:
    # "(see Sec. 3. Then ...)" is rare, "(e.g. a; b. c)" is not: a stop in an open bracket that closes soon is none.
    first = max(start, stop - _LOOK_AROUND)
    opened = text.rfind("(", first, stop)
    if opened <= text.rfind(")", first, stop) or text.find(")", stop, stop + _LOOK_AROUND) < 0:
        return False
    remark = not text[start:opened].strip() and ")" in text[stop:end]  # "(A sentence in brackets.) The next one."
    return not remark


def _inside_quotation(text: str, start: int, end: int) -> bool:
    """Tell whether a quotation, such as a title with a question mark, is open at `end` and closes soon."""
    first = max(start, end - _LONGEST_SENTENCE)
    if text.rfind("“", first, end) > text.rfind("”", first, end):
        return text.find("”", end, end + _LOOK_AROUND) >= 0
    return text.count('"', first, end) % 2 == 1 and text.find('"', end, end + _LOOK_AROUND) >= 0


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    part = text[start:end]
    if part.strip():
        yield start + len(part) - len(part.lstrip()), start + len(part.rstrip())
