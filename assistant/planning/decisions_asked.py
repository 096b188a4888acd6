"""What a question decides on who is who: "Bumjun Kim is two people", "merge B. Kim with Bumjun Kim", "undo that"."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.planning.people import People
from vectorstore.catalogue.author_decisions import Kind
from vectorstore.text.folding import folded

_POLITE = r"(?:(?:please|ok(?:ay)?|now|and)[, ]+|(?:can|could|would) you (?:please )?)*"
_PEOPLE = r"(?:people|persons?|authors?|researchers?|namesakes?)"
_TWO = rf"(?:two|2|several)(?: (?:different|separate|distinct))?(?: {_PEOPLE})?"
_SAME = rf"(?:the same(?: (?:one|as))?(?: {_PEOPLE})?|(?:one|1)(?: and the same)?(?: {_PEOPLE})|one)"
_SPLITS = [
    re.compile(pattern, re.I)
    for pattern in (
        rf"{_POLITE}(?:split|separate)(?: up)?(?: the author| the two)? (?P<a>.+?)(?: (?:in|into|as) {_TWO})?",
        rf"{_POLITE}(?:show|treat|keep|list) (?P<a>.+?) (?:as|for) {_TWO}",
        rf"{_POLITE}(?:keep|tell) (?:the two )?(?P<a>.+?) apart",
        rf"(?P<a>.+?) (?:is|are)(?: really| actually| in fact)? {_TWO}",
    )
]
_OTHERS = re.compile(
    r"(?P<p>.+?) (?:is|are|was|were)(?: written)? (?:by|of) (?:another|a different|an other) (?P<a>.+)", re.I
)
_MERGES = [
    re.compile(pattern, re.I)
    for pattern in (
        rf"{_POLITE}(?:merge|join|combine|unite) (?P<a>.+?) (?:and|with|into|&) (?P<b>.+)",
        rf"{_POLITE}(?:put|treat) (?P<a>.+?) (?:and|with|&) (?P<b>.+?) (?:together|as {_SAME})",
        rf"(?P<a>.+?) (?:and|&) (?P<b>.+?) are(?: really| actually| in fact)? {_SAME}",
        rf"(?P<a>.+?) is(?: really| actually| in fact)? the same(?: {_PEOPLE})? as (?P<b>.+)",
    )
]
_UNDO = re.compile(
    rf"{_POLITE}(?:undo|take back|revert|reverse)(?: (?:that|this|it|(?:the |my )?(?:last |latest )?"
    r"(?:decision|split|merge|splitting|merging)))?(?:(?: of| for| on| about)? (?P<a>(?!that$|this$|it$|the ).+))?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class DecisionAsked:
    """A decision on who is who: a split of one name, a merge of two, the second into the first, or an undo (None).

    `paper_ids` are those of the other author of a split, if they are named; an undo without a name is of the latest.
    """

    kind: Kind | None
    names: tuple[str, ...] = ()
    paper_ids: tuple[str, ...] = ()


def decision_asked(
    question: str, people: People, papers_in: Callable[[str], Iterable[tuple[list[str], str]]]
) -> DecisionAsked | None:
    """Return what a question decides, None if it decides nothing: the names must be authors'."""
    text = question.strip(" .!")
    if text.endswith("?"):
        text = text.rstrip(" ?") if re.match(r"(?:can|could|would) you\b", text, re.I) else ""
    if undo := _UNDO.fullmatch(text):
        name = undo["a"]
        if name is None or people.meant(name):
            return DecisionAsked(None, (name,) if name else ())
    for pattern in _MERGES:
        if (match := pattern.fullmatch(text)) and people.meant(match["a"]) and people.meant(match["b"]):
            return DecisionAsked(Kind.MERGE, (match["b"], match["a"]) if "into" in text else (match["a"], match["b"]))
    if match := _OTHERS.fullmatch(text):
        papers = tuple(ids[0] for ids, _ in papers_in(match["p"]) if len(ids) == 1)
        if papers and _is_whole(match["a"], people):
            return DecisionAsked(Kind.SPLIT, (match["a"],), papers)
    for pattern in _SPLITS:
        if (match := pattern.fullmatch(text)) and _is_whole(match["a"], people):
            return DecisionAsked(Kind.SPLIT, (match["a"],))
    return None


def _is_whole(name: str, people: People) -> bool:
    """Tell whether a name is an author's, not a word that is a surname, too: "split brain"."""
    return len(folded(name).split()) > 1 and bool(people.meant(name))
