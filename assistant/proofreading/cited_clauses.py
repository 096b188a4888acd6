"""A sentence that cites -> its clauses, each with the papers that it says something of."""

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.proofreading.cited_text import CitingSentence, Mark

Clause = tuple[str | Mark, ...]
_FEWEST_WORDS = 4  # of a clause
_JOINT = r"(?:and|but|or|while|whereas|yet|though|although|so)"
_GOES_ON = re.compile(rf"\s*(?:[,;:]|{_JOINT}\b)")
_OPENS = re.compile(rf"[,;:]\s*(?:{_JOINT}\s)?|\s(?:and|but|while|whereas|yet)\s")
_TURNS = re.compile(rf"[,;:]\s*{_JOINT}\s|;\s|\s(?:while|whereas|but|yet)\s")
# Where a clause begins that is said of a paper, within a sentence on the author's own work.
_SUBORDINATE = re.compile(
    r"[,;:–]\s*(?:who|which|where|since|because|even though|although|though|while|whereas|as|and|but)\s"
    r"|\b(?:who|which|that|even though|although|whereas|because|since|in which|where)\s"
)
_OWN = re.compile(r"\b(?:we|our|ours|us|I|my|this (?:paper|work|draft|section|thesis))\b", re.IGNORECASE)
_COMPARES = re.compile(r"\b(?:unlike|in contrast to|contrary to|different from) us\b,?", re.IGNORECASE)
# What only points to a paper: "as in [3]", "following [3]", "see [3]".
_POINTS = re.compile(
    r"(?:^|[\s(,;])(?:see(?: also)?|cf\.|e\.g\.,?|i\.e\.,?|following|(?:just )?as (?:in|do|by)"
    r"|as (?:\w+ )?(?:described|proposed|defined|introduced|done|used|shown|given|discussed|suggested|explained)"
    r"(?: (?:in|by))?|(?:taken|adapted|borrowed|adopted|copied) from|inspired by|similar to|refer(?:red)? to"
    r"|elsewhere)\s*[(\[]?\s*$",
    re.IGNORECASE,
)
_REFERS = re.compile(r"^[^.]{0,80}\b(?:see|refer|consult|referred to|reviewed|surveyed|discussed)\b", re.IGNORECASE)
_SHORT = 12  # words, of a sentence that may only point to a paper


def clauses_of(sentence: CitingSentence) -> list[Clause]:
    """Return the clauses of a sentence that each cite others, or the sentence as a whole.

    "A does this [1], whereas B does that [2]." has two; in "A and B do this [1][2]." it is said of both papers.
    """
    clauses: list[Clause] = []
    clause: list[str | Mark] = []
    for place, part in enumerate(sentence.parts):
        if isinstance(part, Mark) or not any(isinstance(one, Mark) for one in clause):
            clause.append(part)
            continue
        before, after = clause[-1], next(iter(sentence.parts[place + 1 :]), None)
        cut = _cut(part, before, after) if isinstance(before, Mark) else None
        if cut is None:
            clause.append(part)
            continue
        clauses.append((*clause, part[:cut]) if part[:cut].strip() else tuple(clause))
        clause = [part[cut:]]
    clauses.append(tuple(clause))
    whole = [clause for clause in clauses if _words(clause) >= _FEWEST_WORDS and any(map(_is_mark, clause))]
    keys = [{key for part in clause if isinstance(part, Mark) for key in part.keys} for clause in whole]
    is_apart = len(whole) == len(clauses) and all(not one & other for one, other in pairwise(keys))
    return clauses if is_apart else [sentence.parts]


def _cut(text: str, before: Mark, after: str | Mark | None) -> int | None:
    """Return where in a text between two marks a new clause begins, None if none does."""
    if not isinstance(after, Mark) or not text.strip():
        return None
    if after.textual:
        opens = list(_OPENS.finditer(text))
        return opens[-1].start() if opens else None
    if before.textual:
        turns = _TURNS.search(text)
        return turns.start() if turns else None
    return 0 if _GOES_ON.match(text) else None


def _is_mark(part: str | Mark) -> bool:
    return isinstance(part, Mark)


def _words(clause: Clause) -> int:
    return sum(len(part.split()) if isinstance(part, str) else part.textual for part in clause)


def claims_nothing(clause: Clause) -> bool:
    """Tell whether a clause says nothing of the papers that it cites: it points to them, or speaks of the author's own
    work ("we use the optimizer of [3]")."""
    return all(_only_points(clause, place) for place, part in enumerate(clause) if isinstance(part, Mark))


def _only_points(clause: Clause, place: int) -> bool:
    before = _COMPARES.sub("", _said(clause[:place]))
    after = _said(clause[place + 1 :])
    told = re.match(r"\s*,\s*(?:who|which|where)\b", after)
    if told:
        return False
    is_own, ends = bool(_OWN.search(before + after)), not after.strip(" .,;:)]")
    if _POINTS.search(before) and (ends or is_own or len(before.split()) <= 1):
        return is_own or _is_short(before + after)
    opened = list(_SUBORDINATE.finditer(before))
    near = before[opened[-1].start() :] if opened else before
    of_mark = clause[place]
    if isinstance(of_mark, Mark) and of_mark.textual and not near.strip(" ,"):
        return False  # the authors are the subject
    return bool(_OWN.search(near)) or bool(_REFERS.match(before) and _is_short(before + after))


def _is_short(text: str) -> bool:
    return len(text.split()) <= _SHORT


def _said(parts: Sequence[str | Mark]) -> str:
    return "".join(part if isinstance(part, str) else " " for part in parts)
