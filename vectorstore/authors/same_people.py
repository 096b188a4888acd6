"""Whether two printed names may be one person's."""

import re
from collections import defaultdict
from collections.abc import Sequence

from vectorstore.text.folding import folded

_MOST_INITIALS = 3
MOST_COMPARED = 200  # names of a list; of longer ones the same spellings are looked for alone
_LATEX_ACCENT = re.compile(r"\\(?:[`'^\"~=.]|[uvHcdbrk](?=[\s{]))\s*|[{}]")
_SPELT_OUT = re.compile(r"([aou])e")  # "Mueller" is "Müller"


def shared_people(names: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Return those of `names` that are among the others, too, written out or with initials."""
    exact = {folded(other) for other in others}
    by_word: defaultdict[str, list[str]] = defaultdict(list)
    for other in others[:MOST_COMPARED]:
        for word in set(folded(other).split()):
            by_word[word].append(other)

    def is_there(place: int, name: str) -> bool:
        if folded(name) in exact:
            return True
        near = {other for word in folded(name).split() if len(word) > 1 for other in by_word.get(word, ())}
        return place < MOST_COMPARED and any(same_person(name, other) for other in near)

    return tuple(name for place, name in enumerate(names) if folded(name) and is_there(place, name))


def same_person(one: str, other: str) -> bool:
    """Tell whether two printed names may be one person's: case, accents, the order of the parts, initials and
    parts left out do not count, and what is written in another script cannot be told."""
    if folded(one).isascii() != folded(other).isascii():
        return True
    return any(_parts_match(ours, theirs) for ours in _readings(one) for theirs in _readings(other))


def _readings(name: str) -> list[list[str]]:
    """Return the parts of a name; again, with short capitals as initials: "BJ Kim" is B. J. Kim."""
    plain = _LATEX_ACCENT.sub("", name)
    spaced = re.sub(rf"\b[A-Z]{{2,{_MOST_INITIALS}}}\b", lambda match: " ".join(match.group()), plain)
    return [_SPELT_OUT.sub(r"\1", folded(text)).split() for text in dict.fromkeys((plain, spaced))]


def _parts_match(one: Sequence[str], other: Sequence[str]) -> bool:
    if {"".join(turned) for turned in _turned(one)} & {"".join(turned) for turned in _turned(other)}:
        return True  # "Kim, Bum-Jun" and "Bumjun Kim"
    fewer, more = sorted((list(one), list(other)), key=len)
    if not any(len(part) > 1 and part in more for part in fewer):
        return False
    for part in sorted(fewer, key=len, reverse=True):  # whole words first, then initials
        initial = (word for word in more if len(part) == 1 or len(word) == 1 if part[0] == word[0])
        match = part if part in more else next(initial, None)
        if match is None:
            return False
        more.remove(match)
    return True


def _turned(parts: Sequence[str]) -> list[list[str]]:
    return [[*parts[start:], *parts[:start]] for start in range(len(parts))]
