"""What a person who reads a text finds fault with, sentence by sentence. Written apart from the code that writes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from assistant.text.evidence import Evidence

LONGEST = 45  # words
_MARKERS = re.compile(r"(?: ?\[\d+\])+")
_NUMBERS = re.compile(r"\[(\d+)\]")
_FIRST_PERSON = re.compile(r"(?<![\w.-])(?:[Ww]e|[Oo]ur|[Oo]urs|[Oo]urselves|us|I|[Mm]y)(?![\w.-])")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_TITLE = re.compile(r"“[^”]*”")
_LATEX = re.compile(r"[$\\{}^]|~(?=\w)(?<=\w~)|``|\*\*")
_DEFINED = re.compile(r"((?:[\w-]+ ){1,8})\(([A-Z][A-Za-z]*[A-Z])s?\)")
_DANGLING_OPENING = re.compile(
    r"(?:This|These|That|Those|It|Such|However|Moreover|Furthermore|Additionally|Therefore|Thus|Hence|Also|Second|Finally"
    r"|In addition|To this end|As a result|Another one|Consequently|Specifically|Meanwhile)\b"
)
_CUT = re.compile(
    r"(?:\b(?:and|or|of|the|an?|to|in|by|with|for|from|that|which|as|than|e\.g|i\.e|including)|[,;:(–-])\.$"
)


def faults(sentences: Sequence[str], evidence: Mapping[int, Evidence]) -> Iterator[tuple[str, str]]:
    """Yield (the kind of fault, the sentence) of a text, given by its sentences in order with "[n]" markers."""
    bare = [_MARKERS.sub("", sentence) for sentence in sentences]
    for sentence, text in zip(sentences, bare, strict=True):
        yield from ((kind, sentence) for kind in _of_one(text))
        if not _NUMBERS.search(sentence):
            yield "cites nothing", sentence
    for one, other in pairwise(bare):
        if _opening(one) == _opening(other):
            yield "same opening", other
    for number, text in enumerate(bare):
        if text in bare[:number]:
            yield "duplicate", text
    yield from _dangling_acronyms(sentences, evidence)
    cited = {int(number) for sentence in sentences for number in _NUMBERS.findall(sentence)}
    yield from (("paper not cited", item.title) for number, item in evidence.items() if number not in cited)
    yield from (("unknown paper", str(number)) for number in cited - set(evidence))


def _of_one(text: str) -> Iterator[str]:
    outside = _QUOTED.sub("", text)
    if _FIRST_PERSON.search(outside):
        yield "first person"
    if len(text.split()) > LONGEST:
        yield "too long"
    if _LATEX.search(text):
        yield "LaTeX"
    if any(text.count(one) != text.count(other) for one, other in ("()", "[]", "“”")) and not re.search(
        r"\b[1-9ivab]\)", text
    ):
        yield "bracket"
    if text.count('"') % 2:
        yield "quotation mark"
    if _DANGLING_OPENING.match(text):
        yield "dangling opening"
    if _CUT.search(text) or not text.endswith((".", "!")) or text.endswith(".."):
        yield "cut"
    if text[:1].islower():
        yield "small letter"


def _opening(text: str) -> list[str]:
    return re.findall(r"[\w’'-]+", text.lower())[:2]


def _dangling_acronyms(sentences: Sequence[str], evidence: Mapping[int, Evidence]) -> Iterator[tuple[str, str]]:
    """Yield the sentences that use an acronym of their paper's abstract which no sentence has expanded so far."""
    expanded: set[str] = set()
    for whole in sentences:
        sentence = _TITLE.sub("", whole)
        expanded |= {short.rstrip("s") for short in re.findall(r"\(([\w-]+)\)|(?<=, )[\w-]+(?=,)", sentence)}
        expanded |= set(re.findall(r"([\w-]+?)s? \((?=[A-Za-z]+[ -])", sentence))
        for number in map(int, _NUMBERS.findall(sentence)):
            for words, short in _DEFINED.findall(evidence[number].text if number in evidence else ""):
                used = re.search(rf"(?<![\w-]){re.escape(short)}s?(?![\w-])", sentence)
                if used and _initials(words, short) and short not in expanded:
                    yield f"acronym {short}", sentence


def _initials(words: str, short: str) -> bool:
    """Tell whether the last words before a bracket begin with the letters in it."""
    letters = [word[0].lower() for word in re.split(r"[\s-]", words) if word]
    return letters[-len(short) :] == list(short.lower())
