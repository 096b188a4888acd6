"""The authors of a library, and how a question names them: whole, by surname, with initials, turned round, misspelt."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from assistant.text.words import content_words
from vectorstore.authors.personal_names import personal_name, unlabelled, without_suffix
from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.text.folding import folded

_LONGEST_NAME = 6  # words
_MOST_NAMESAKES = 8  # told; a surname may have hundreds
_POSSESSIVE = re.compile(r"['’]s?$")
_OPENING, _CLOSING = '("“‘', '?!.,;:)"”'
_CUED = re.compile(r"(?:\b(?:by|and|or|with|did|does|has|of|from|not|is|about|authors?:?)\s+|,\s*)$", re.I)
_BY = re.compile(r"(?:\b(?:by|did|does|has|have)\s+|⟧\s*(?:,|and|or|with|but not|not)\s+)$", re.I)
_IS_NAME_BEHIND = re.compile(r"['’]s?[?!.,;:]*$")
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
    """Names by their folded form: as printed, or as the user's decisions call those who were told apart."""

    def __init__(self, names: dict[str, str], called: Mapping[str, tuple[str, ...]] | None = None) -> None:
        """`called` are the people whom a printed name stands for since a decision."""
        self._names = names
        self._called = called or {}

    @classmethod
    def of(cls, catalogue: Catalogue) -> "People":
        return cls(catalogue.people(), catalogue.namesakes.called())

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.values())

    def named(self, key: str) -> tuple[str, ...]:
        """Return who has a name, given folded: nobody, one, or the people that one was split into, or those who are
        called so but for a suffix ("guy steele" of Guy Steele Jr.)."""
        return (self._names[key],) if key in self._names else self._called.get(key) or self._by_bare_name.get(key, ())

    def meant(self, name: str) -> tuple[str, ...]:
        """Return whom a name may mean that stands alone: whole, turned round, with initials, or a surname."""
        words = folded(name).split()
        if not words:
            return ()
        last, _, first = name.partition(",")
        turned = (folded(f"{first} {last}"), " ".join([*words[1:], *words[:1]]), " ".join(reversed(words)))
        for key in (" ".join(words), *turned):
            if people := self.named(key):
                return people
        if people := self._with_initials(words):
            return people
        return self.with_surname(name) or self._by_letters.get("".join(words), ())

    @cached_property
    def _by_surname(self) -> dict[str, list[str]]:
        people: defaultdict[str, list[str]] = defaultdict(list)
        for name in self._names.values():
            for form in personal_name(name).forms:
                people[form].append(name)
        return dict(people)

    @cached_property
    def _by_bare_name(self) -> dict[str, tuple[str, ...]]:
        """People by their names without suffix and degree, given names first."""
        people: defaultdict[str, list[str]] = defaultdict(list)
        for key, name in self._names.items():
            if (bare := folded(without_suffix(name))) != key:
                people[bare].append(name)
        return {bare: tuple(names) for bare, names in people.items()}

    @cached_property
    def _by_letters(self) -> dict[str, tuple[str, ...]]:
        """People by the letters of their names alone: "Young-Jun Lee" may be typed "Youngjun Lee"."""
        return {key.replace(" ", ""): self.named(key) for key in self._keys}

    @cached_property
    def _keys(self) -> list[str]:
        return [*self._names, *self._called]

    @cached_property
    def _longest(self) -> int:
        """How many words a name can have: more where people were told apart by a co-author's name."""
        told_apart = (len(name.split()) for names in self._called.values() for name in names)
        return max(_LONGEST_NAME, *told_apart, 0)

    def named_in(self, text: str) -> Iterator[Person]:
        """Yield those whom `text` names with more than a surname, in its order, the longest names first."""
        words = list(re.finditer(r"\S+", text))
        start = 0
        while start < len(words):
            for end in range(min(len(words), start + self._longest), start + 1, -1):
                said = text[words[start].start() : words[end - 1].end()]
                opening = len(said) - len(said.lstrip(_OPENING))
                said = _without_closing(said, opening)
                bare = _POSSESSIVE.sub("", said)[opening:]
                names = self._meant(bare)
                turned = folded(" ".join(reversed(bare.split())))
                if not names and _is_cued(text[: words[start].start()]):
                    names = self.named(turned)
                if not names and _stands_as_surname(text, words[start].start(), words[end - 1].end()):
                    names = self.with_surname(bare)
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
        if re.fullmatch(r"[^,(]+, ?[^,(]+", said):
            last, first = said.split(",")
            return self.named(folded(f"{first} {last}")) or self.named(key)
        if said == said.lower() and not content_words(words[0]):
            return ()  # "so choi", "an he": a word that only asks begins no name in lower case
        if people := self.named(key):
            return people
        written_as_name = all(word[0].isupper() for word in said.split())
        return self._with_initials(words) if written_as_name and any(len(word) == 1 for word in words) else ()

    def _with_initials(self, words: list[str]) -> tuple[str, ...]:
        """Return who may be meant by "B. Kim" or "Kim B.": all whose names go on as the initials begin."""
        for last, initials in ((words[-1], words[:-1]), (words[0], words[1:])):
            if len(last) > 1 and any(len(word) == 1 for word in initials):
                return tuple(
                    name
                    for name in self._by_surname.get(last, ())
                    if len(given := folded(unlabelled(name)).split()[:-1]) >= len(initials)
                    and all(whole.startswith(part) for whole, part in zip(given, initials, strict=False))
                )
        return ()

    def with_surname(self, word: str) -> tuple[str, ...]:
        return tuple(self._by_surname.get(folded(word), ()))

    def misspelt(self, name: str) -> tuple[str, ...]:
        """Return whom a name means that nobody has: the closest within an edit or two, if they are alike enough."""
        letters = folded(name).replace(" ", "")
        if letters in self._by_letters:
            return self._by_letters[letters]
        edits = (len(letters) >= _SHORTEST_WITH_AN_EDIT) + (len(letters) >= _SHORTEST_WITH_TWO)
        if not edits:
            return ()
        if len(folded(name).split()) == 1:
            given = tuple(name for key in self._keys if key.split()[0] == letters for name in self.named(key))
            return given if len(given) <= _MOST_NAMESAKES else ()
        found = process.extract(
            folded(name), self._keys, scorer=OSA.distance, score_cutoff=edits, limit=_MOST_NAMESAKES
        )
        return _once(self.named(key) for key, distance, _ in found if distance == found[0][1])

    def alike(self, name: str, *, top_k: int = 3) -> list[str]:
        """Return the people whose names are closest to `name`, for "did you mean": as a whole, else in a part."""
        key = folded(name)
        found = process.extract(
            key, self._keys, scorer=OSA.normalized_similarity, limit=top_k, score_cutoff=_SUGGESTED / 100
        ) or process.extract(key, self._keys, scorer=fuzz.WRatio, limit=top_k, score_cutoff=_SUGGESTED)
        return list(_once(self.named(key) for key, _, _ in found))


def _without_closing(said: str, opening: int) -> str:
    """Return a name without the marks behind it; a bracket that it opens, it closes."""
    name = said.rstrip(_CLOSING)
    closes = "(" in name[opening:] and said[len(name) :].startswith(")")
    return f"{name})" if closes else name


def _once(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))


def _stands_as_surname(text: str, start: int, end: int) -> bool:
    """Tell whether text[start:end] stands where only a name can: "by van den Oord", "Ortega y Gasset et al.", and not
    "about von Neumann entropy"."""
    behind = text[end:].strip()
    if _IS_NAME_BEHIND.search(text[start:end]) or behind.lower().startswith("et al"):
        return True
    return bool(_BY.search(text[:start])) or (not behind and _is_cued(text[:start]))


def _is_cued(before: str) -> bool:
    """Tell whether a name that ends like a question's small word, "albert no", stands where only a name can."""
    return not before.strip() or bool(_CUED.search(before))


def shown_names(names: Iterable[str]) -> str:
    """Return names in a line, the first of many and how many more there are."""
    everybody = sorted(names)
    more = len(everybody) - _MOST_NAMESAKES
    shown = everybody[:_MOST_NAMESAKES] if more > 1 else everybody
    return ", ".join(shown) + (f" and {more:,} more" if more > 1 else "")
