"""The authors of a library, and how a question names them: whole, by surname, with initials, turned round, misspelt."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from assistant.words import content_words
from vectorstore.names import folded, surname

_LONGEST_NAME = 6  # words
_MOST_NAMESAKES = 8  # told; a surname may have hundreds
_POSSESSIVE = re.compile(r"['’]s?$")
_OPENING, _CLOSING = '("“‘', '?!.,;:)"”'
_CUED = re.compile(r"(?:\b(?:by|and|or|with|did|does|has|of|from|not|is|about|authors?:?)\s+|,\s*)$", re.I)
# A name may be misspelt by one edit, a long one by two: swapping neighbours is one edit.
_SHORTEST_WITH_AN_EDIT, _SHORTEST_WITH_TWO = 6, 10
_SUGGESTED = 70  # of 100: how alike a name is that is suggested


@dataclass(frozen=True, slots=True)
class Person:
    """Who `text[start:end]` names: one author, or several whom it may mean. `misspelt`: not as it is printed."""

    start: int
    end: int
    said: str
    names: tuple[str, ...]
    misspelt: bool = False


class People:
    """Printed names by their folded form."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.values())

    @cached_property
    def _by_surname(self) -> dict[str, list[str]]:
        people: defaultdict[str, list[str]] = defaultdict(list)
        for name in self._names.values():
            people[surname(name)].append(name)
        return dict(people)

    @cached_property
    def _by_letters(self) -> dict[str, str]:
        """Names by their letters alone: "Young-Jun Lee" may be typed "Youngjun Lee"."""
        return {key.replace(" ", ""): name for key, name in self._names.items()}

    def named_in(self, text: str) -> Iterator[Person]:
        """Yield those whom `text` names with more than a surname, in its order, the longest names first."""
        words = list(re.finditer(r"\S+", text))
        start = 0
        while start < len(words):
            for end in range(min(len(words), start + _LONGEST_NAME), start + 1, -1):
                said = text[words[start].start() : words[end - 1].end()]
                opening = len(said) - len(said.lstrip(_OPENING))
                said = said.rstrip(_CLOSING)
                bare = _POSSESSIVE.sub("", said)[opening:]
                names = self._meant(bare)
                turned = folded(" ".join(reversed(bare.split())))
                if not names and turned in self._names and _is_cued(text[: words[start].start()]):
                    names = (self._names[turned],)
                if names and (
                    bare != bare.lower()
                    or content_words(folded(bare).split()[-1])
                    or _is_cued(text[: words[start].start()])
                ):
                    begin = words[start].start()
                    yield Person(begin + opening, begin + len(said), bare, names)
                    start = end - 1
                    break
            start += 1

    def _meant(self, said: str) -> tuple[str, ...]:
        key = folded(said)
        words = key.split()
        if len(words) < 2:
            return ()
        if re.fullmatch(r"[^,]+, ?[^,]+", said):
            last, first = said.split(",")
            turned = folded(f"{first} {last}")
            return (self._names[turned],) if turned in self._names else ()
        if said == said.lower() and not content_words(words[0]):
            return ()  # "so choi", "an he": a word that only asks begins no name in lower case
        if key in self._names:
            return (self._names[key],)
        written_as_name = all(word[0].isupper() for word in said.split())
        return self._with_initials(words) if written_as_name and any(len(word) == 1 for word in words) else ()

    def _with_initials(self, words: list[str]) -> tuple[str, ...]:
        """Return who may be meant by "B. Kim" or "Kim B.": all whose names go on as the initials begin."""
        for last, initials in ((words[-1], words[:-1]), (words[0], words[1:])):
            if len(last) > 1 and any(len(word) == 1 for word in initials):
                return tuple(
                    name
                    for name in self._by_surname.get(last, ())
                    if len(given := folded(name).split()[:-1]) >= len(initials)
                    and all(whole.startswith(part) for whole, part in zip(given, initials, strict=False))
                )
        return ()

    def with_surname(self, word: str) -> tuple[str, ...]:
        return tuple(self._by_surname.get(folded(word), ()))

    def misspelt(self, name: str) -> tuple[str, ...]:
        """Return whom a name means that nobody has: the closest within an edit or two, if they are alike enough."""
        letters = folded(name).replace(" ", "")
        if letters in self._by_letters:
            return (self._by_letters[letters],)
        edits = (len(letters) >= _SHORTEST_WITH_AN_EDIT) + (len(letters) >= _SHORTEST_WITH_TWO)
        if not edits:
            return ()
        if len(folded(name).split()) == 1:
            given = tuple(printed for key, printed in self._names.items() if key.split()[0] == letters)
            return given if len(given) <= _MOST_NAMESAKES else ()
        found = process.extract(
            folded(name), self._names.keys(), scorer=OSA.distance, score_cutoff=edits, limit=_MOST_NAMESAKES
        )
        return tuple(self._names[key] for key, distance, _ in found if distance == found[0][1])

    def alike(self, name: str, *, top_k: int = 3) -> list[str]:
        """Return the people whose names are closest to `name`, for "did you mean"."""
        found = process.extract(
            folded(name), self._names.keys(), scorer=fuzz.WRatio, limit=top_k, score_cutoff=_SUGGESTED
        )
        return [self._names[key] for key, _, _ in found]


def _is_cued(before: str) -> bool:
    """Tell whether a name that ends like a question's small word, "albert no", stands where only a name can."""
    return not before.strip() or bool(_CUED.search(before))


def shown_names(names: Iterable[str]) -> str:
    """Return names in a line, the first of many and how many more there are."""
    everybody = sorted(names)
    more = len(everybody) - _MOST_NAMESAKES
    shown = everybody[:_MOST_NAMESAKES] if more > 1 else everybody
    return ", ".join(shown) + (f" and {more:,} more" if more > 1 else "")
