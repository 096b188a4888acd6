"""What the library knows by name: people, titles, categories, organisations and listings."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from rapidfuzz import fuzz, process

from assistant.evidence import short_title
from assistant.plain_text import plain_text
from vectorstore.catalogue import Catalogue
from vectorstore.names import folded, surname

_LONGEST_NAME = 6  # words
_LONGEST_TITLE = 30
_POSSESSIVE = re.compile(r"['’]s?(?=\W*$)")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names by their folded form. A title is known whole and by the name before its colon."""

    people: dict[str, str]
    surnames: dict[str, list[str]]
    titles: dict[str, list[str]]  # folded -> paper ids
    printed_names: frozenset[str]  # of a paper, in one word: "MoMa" before a title's colon, "DAPD" in an abstract
    categories: frozenset[str]
    organizations: dict[str, str]
    listings: dict[str, str]

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Vocabulary":
        people = catalogue.people()
        surnames: defaultdict[str, list[str]] = defaultdict(list)
        for name in people.values():
            surnames[surname(name)].append(name)
        titles: defaultdict[str, list[str]] = defaultdict(list)
        printed: set[str] = set()
        for paper_id, title in catalogue.titles():
            shown = plain_text(title)
            printed.add(short_title(shown))
            for key in {folded(shown), folded(short_title(shown))}:
                titles[key].append(paper_id)
        coined = catalogue.coined_names()
        owners = Counter(folded(name) for _, name in coined)
        for paper_id, name in coined:
            if owners[folded(name)] == 1 and folded(name) not in titles:
                titles[folded(name)].append(paper_id)
                printed.add(name)
        return cls(
            people=people,
            surnames=dict(surnames),
            titles=dict(titles),
            printed_names=frozenset(printed),
            categories=frozenset(catalogue.distinct("category")),
            organizations={folded(name): name for name in catalogue.distinct("organization")},
            listings={folded(name): name for _, name, _, _ in catalogue.listings()},
        )

    def people_in(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield (name, the words of `text` that say it) for each full name in `text`, longest first, no overlaps."""
        yield from _named(text, self.people, _LONGEST_NAME, shortest=2)

    def papers_in(self, text: str) -> Iterator[tuple[list[str], str]]:
        """Yield (paper ids, the words that say it) for each title, or short name of a paper, in `text`.

        A name of one word counts only as it was printed: "MIND", not "mind".
        """
        for ids, words in _named(text, self.titles, _LONGEST_TITLE, shortest=1):
            printed = _POSSESSIVE.sub("", words.strip("?.,!:;\"'“”"))
            if len(folded(words).split()) > 1 or printed in self.printed_names:
                yield ids, words

    def closest_people(self, name: str, *, top_k: int = 3) -> list[str]:
        """Return the people whose names are closest to `name`, for "did you mean"."""
        found = process.extract(folded(name), self.people.keys(), scorer=fuzz.WRatio, limit=top_k, score_cutoff=70)
        return [self.people[key] for key, _, _ in found]


T = TypeVar("T")


def _named(text: str, names: dict[str, T], longest: int, *, shortest: int) -> Iterator[tuple[T, str]]:
    words = re.findall(r"\S+", text)
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + longest), start + shortest - 1, -1):
            said = " ".join(words[start:end])
            key = folded(_POSSESSIVE.sub("", said))
            if key in names:
                yield names[key], said
                start = end - 1
                break
        start += 1


def without(text: str, spans: Iterable[str]) -> str:
    """Return `text` without the given parts of it."""
    for span in spans:
        text = text.replace(span, " ", 1)
    return " ".join(text.split())
