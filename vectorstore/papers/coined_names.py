"""Names that a paper gives to what it brings: "DAPD" of "We propose Dependency-Aware Parallel Decoding (DAPD)"."""

import re
from collections.abc import Iterator

from vectorstore.papers.paper import Paper
from vectorstore.text.sentences import sentence_spans

_STEMS = "propos introduc present develop design dub call term nam releas describ formulat".split()
_ENDS = "|".join(f"(?<={stem[0]}){stem[1:]}" for stem in _STEMS)
# A letter first, and only then whether a word begins with it: so the letters are found fast.
_COINS = re.compile(rf"[PpIiDdCcTtNnRrFf](?<!\w.)(?i:(?:{_ENDS})(?:e|es|ed|ing|s)?\b)")
# A coined name has two capitals, or a capital and a digit, or a mark inside: "DAPD", "InVirtuoGen", "Objaverse++".
_NAME = r"[A-Za-z0-9][\w.+-]*[\w+]"
_IN_PARENTHESES = re.compile(rf"\((?:\\\w+\{{)?({_NAME})\}}?(?:,[^()]*)?\)")
_BEFORE_PARENTHESES = re.compile(rf"(?<![A-Za-z0-9])({_NAME}) \([A-Z][^()]*\)")
_AFTER_VERB = re.compile(rf"{_COINS.pattern}\s+(?i:the |a |an |our |as )?(?:\\\w+\{{)?({_NAME})")
_AS_ALTERNATIVE = re.compile(rf", (?:or |called |named |dubbed |termed )?({_NAME}),")
# "our approach, Contrastive Learning with Heads (CLH), ...", "our prototype system, WILLIAMT, ..."
_WORK = r"(?:approach|method|model|system|framework|algorithm|technique|architecture|agent|tool|dataset|benchmark)"
_OURS = re.compile(rf"[Oo](?<!\w.)(?i:ur (?:[\w-]+ ){{0,3}}{_WORK}), (?:[^,.()]{{3,80}} \()?({_NAME})\)?,")
_LONGEST_NAME = 30
_HYPHENATED = re.compile(r"(?:[A-Z]?[a-z]+-)+[A-Z]?[a-z]+")  # "Dependency-Aware": words of a phrase, no name


def coined_names(paper: Paper) -> set[str]:
    """Return the names that the abstract introduces. Names that it only mentions, such as "LLMs", are left out."""
    return names_coined_in(paper.abstract)


def names_coined_in(text: str) -> set[str]:
    return {name for start, end in sentence_spans(text) for name in _names(text[start:end])}


def _names(sentence: str) -> Iterator[str]:
    lower = sentence.lower()
    if "our " in lower:
        yield from _coined(_OURS, sentence)
    if any(stem in lower for stem in _STEMS) and (verb := _COINS.search(sentence)):
        for pattern in (_IN_PARENTHESES, _BEFORE_PARENTHESES, _AFTER_VERB, _AS_ALTERNATIVE):
            yield from _coined(pattern, sentence[verb.start() :])


def _coined(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return (match[1] for match in pattern.finditer(text) if _looks_coined(match[1]))


def _looks_coined(name: str) -> bool:
    capitals = sum(letter.isupper() for letter in name)
    marked = capitals > 1 or (capitals == 1 and (any(map(str.isdigit, name)) or "+" in name))
    return marked and len(name) <= _LONGEST_NAME and not name[0].isdigit() and not _HYPHENATED.fullmatch(name)
