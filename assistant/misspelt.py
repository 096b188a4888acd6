"""Titles and names of papers in a question, misspelt: "Who wrote Ranbow Padding?"."""

import re
from dataclasses import dataclass

from assistant.vocabulary import Vocabulary
from vectorstore.names import folded
from vectorstore.titles import TitleIndex

_LONGEST = 30  # words of a title
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

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._papers = vocabulary.titles
        self._names = TitleIndex((name, name) for name in vocabulary.titles if " " in name)
        self._known = {word for name in vocabulary.titles for word in name.split()}

    def found_in(self, text: str) -> list[MisspeltPaper]:
        """Return what `text` names, closest first, no overlaps. Take out of `text` before what is spelt right."""
        words = re.findall(r"\S+", text)
        unknown = [not self._known.issuperset(folded(word).split()) for word in words]
        spans = []
        for start in range(len(words)):
            for end in range(start + 2, min(len(words), start + _LONGEST) + 1):
                said = " ".join(words[start:end]).strip(_MARKS)
                if any(unknown[start:end]) and len(folded(said)) >= _SHORTEST:
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
