"""Titles and names of papers in a question, misspelt: "Who wrote Ranbow Padding?"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from vectorstore.search.typed_titles import TitleIndex
from vectorstore.text.folding import folded

_LONGEST = 30  # words of a title
_LONGEST_QUESTION = 60  # words; each run of them is looked up
_SHORTEST = 8  # letters that leave room for a typo
_MARKS = "?.,!:;\"'“”()"


@dataclass(frozen=True, slots=True)
class MisspeltPaper:
    """Words of a question that mean a paper, and the title or name, folded, that they were meant to be."""

    paper_ids: tuple[str, ...]
    said: str
    meant: str


class MisspeltPapers:
    """Finds misspelt titles, parts of them and names of two words or more. A word that some title has is spelt right,
    and a name of one word is never taken for a misspelt one."""

    def __init__(self, titles: Mapping[str, list[str]]) -> None:
        """Take titles and names, folded, with the ids of their papers. They are indexed at the first question."""
        self._papers = titles

    @cached_property
    def _names(self) -> TitleIndex:
        return TitleIndex((name, name) for name in self._papers if " " in name)

    @cached_property
    def _known(self) -> set[str]:
        return {word for name in self._papers for word in name.split()}

    def found_in(self, text: str) -> list[MisspeltPaper]:
        """Return what `text` names, closest first, no overlaps. Take out of `text` before what is spelt right."""
        words = re.findall(r"\S+", text)
        if len(words) > _LONGEST_QUESTION:
            return []
        unknown = [not self._known.issuperset(folded(word).split()) for word in words]
        spans = []
        for start in range(len(words)):
            for end in range(start + 2, min(len(words), start + _LONGEST) + 1):
                said = " ".join(words[start:end]).strip(_MARKS)
                if any(unknown[start:end]) and len(folded(said)) >= _SHORTEST and "⟦" not in said:
                    spans += [
                        (-closeness, start - end, start, end, said, name)
                        for name, closeness in list(self._names.meant(said).items())[:1]
                    ]
        taken: set[int] = set()
        found = []
        for *_, start, end, said, name in sorted(spans):
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                found.append(MisspeltPaper(tuple(self._papers[name]), said, name))
        return found
