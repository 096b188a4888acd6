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
# "analogous results", "the same idea": analogous to what?
_COMPARES_WITH_NOTHING = re.compile(
    r"\banalogous\b(?! to)"
    r"|\b(?:similar|equivalent|comparable) (?:results?|findings?|bounds?|ideas?|guarantees?|trends?)\b"
    r"(?!.*\b(?:to|as|with)\b)|\b(?:the former(?!.*\bthe latter)|aforementioned)\b",
    re.I,
)
_BARE_THE = re.compile(
    r"\b[Tt]he (?:(?:two|three|four) )?([a-z]{4,})(?=[.,;]|\W*$| (?:is|are|was|were|can|may|arises?|in|by|with|from|on"
    r"|at|as|via|through|using)\b)"
)
# Known without being named before: "the web"; and what any abstract has.
_KNOWN = frozenset(
    "literature world wild future past field community internet public same other whole first second former latter"
    " model models method framework approach authors results data training paper papers system user users state"
    " code".split()
)
_FUNCTION = frozenset(
    "the a an of and or in on for to with by is are that which from as at its their it they this these via using can be"
    " both into under between through than we such also not no has have".split()
)
# Words that any abstract might have: a sentence of these alone says nothing of its paper.
_EMPTY = re.compile(
    r"(?:propos|introduc|present|develop|show|demonstrat|novel|new|simpl|effectiv|efficien|robust|accurat|framework|method"
    r"|approach|strateg|techniqu|model|paper|work|stud|investigat|problem|issue|result|experiment|perform|improv|two|three"
    r"|four|several|yet|call|nam|term|analy|evaluat|benchmark|dataset|comprehensiv|extensiv|perspectiv|first|colleague)",
)
_CITES_OTHERS = re.compile(r"\([^()]*\bet al\.?, (?:19|20)\d\d")
_HALF = re.compile(r"(?:While|Although|Though|Whereas|Because|Since|If|When)\b[^,]*\.$")
_NO_AUTHORS = re.compile(r"^“[^”]*” (?:\(\d{4}\) )?[a-z]+s\b")
_THEY = re.compile(r"(?:They|Their)\b")
_CUT = re.compile(
    r"(?:\b(?:and|or|of|the|an?|to|in|by|with|for|from|that|which|as|than|e\.g|i\.e|including)|[,;:(–-])\.$"
)


_VAGUE_ALONE = frozenset(
    "mitigation attention counting detection generation prediction evolution models methods model method analysis"
    " learning results direction training data approach networks performance optimization evaluation adaptation".split()
)
_VAGUE_END = re.compile(
    r"\b(?:framework|technique|method|approach|strategy|mechanism|module|scenes?|play|engine|technical|contents?|updates?"
    r"|examples?|barriers?|intelligence|level)$",
    re.I,
)
_WIDE = re.compile(
    r"(?:(?:large|vision|pre-?trained|foundation|deep|neural)[ -])*(?:language |neural )?(?:models?|networks?)", re.I
)


def is_vague(name: str) -> bool:
    """Tell whether the name of a theme, "X, Y and Z", has a part that no person of the field would call a subject."""
    parts = re.split(r", | and (?=[\w-]+(?: |$))", name)
    return any(
        part.lower() in _VAGUE_ALONE or _VAGUE_END.search(part) or _WIDE.fullmatch(part) or len(part.split()) > 5
        for part in parts
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
    yield from _lost(sentences, evidence)
    yield from _repeated(bare)
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
    if _COMPARES_WITH_NOTHING.search(outside):
        yield "compares with nothing"
    if _CITES_OTHERS.search(outside):
        yield "cites what is not listed"
    if _HALF.match(text):
        yield "half a sentence"


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


def _lost(sentences: Sequence[str], evidence: Mapping[int, Evidence]) -> Iterator[tuple[str, str]]:
    """Yield the sentences on one paper that a reader cannot follow or learns nothing from, its title not counted unless
    it is printed."""
    said: dict[int, str] = {}  # of each paper so far
    for sentence in sentences:
        numbers = {int(number) for number in _NUMBERS.findall(sentence)}
        if len(numbers) != 1 or not numbers <= set(evidence):
            continue
        (number,) = numbers
        item = evidence[number]
        text = _MARKERS.sub("", sentence)
        if number not in said:
            if len(_content(text.replace(item.source, "").replace(item.people, ""))) < 3 and not _is_by(text):
                yield "says little", sentence
        elif _THEY.match(text) and _NO_AUTHORS.match(said[number]):
            yield "they of a title", sentence
        for match in _BARE_THE.finditer(_QUOTED.sub("", text)):
            root = match[1][:5]
            so_far = f"{said.get(number, '')} {text[: text.find(match[0])]}".lower()
            if (
                match[1] not in _KNOWN
                and root not in so_far
                and root in item.text.lower().partition(match[0].lower())[0]
            ):
                yield "points at nothing", sentence
                break
        said[number] = f"{said.get(number, '')} {text}".strip()


def _is_by(text: str) -> bool:
    """Tell whether a sentence only says who wrote what, which is all that an empty abstract leaves."""
    return text.startswith("“") and " is by " in text


def _content(text: str) -> set[str]:
    words = re.findall(r"[a-z][a-z-]{2,}", text.lower())
    return {word for word in words if word not in _FUNCTION and not _EMPTY.match(word)}


def _repeated(bare: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the sentences nine in ten of whose words an earlier one has."""
    words = [set(re.findall(r"\w+", text.lower())) for text in bare]
    for place, mine in enumerate(words):
        if len(mine) > 8 and any(len(mine & other) >= 0.9 * len(mine) for other in words[:place]):
            yield "repeats", bare[place]
