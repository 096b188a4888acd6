"""What is misspelt in a question: titles and names of papers, "Ranbow Padding", and ordinary words, "recogniton"."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA, Indel

from assistant.planning.topics import AROUND
from vectorstore.embedders.minilm import minilm
from vectorstore.library import Library
from vectorstore.search.typed_titles import TitleIndex
from vectorstore.text.folding import folded

_LONGEST = 30  # words of a title
_LONGEST_QUESTION = 60  # words; each run of them is looked up
_SHORTEST = 8  # letters that leave room for a typo
_MARKS = "?.,!:;\"'“”()"
# In small letters, and not behind "by": a word that is printed with capitals is a name, for which no word is taken.
_ORDINARY = re.compile(r"(?<![\w@./'’-])(?<!\bby )[a-z]{5,}(?![\w@/'’-])")
_LONG_WORD = 9  # letters of a word that leaves room for two typos
_ENDING, _SHORTEST_STEM = 3, 4  # letters
_KEPT = 512
_OF_REQUESTS = Counter(word for word in AROUND if _ORDINARY.fullmatch(word))
_LOOKED_AT = 100  # passages that have a word like it


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


class MisspeltWords:
    """Finds ordinary words that no paper has and that a typo or two make of a word that papers have."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._meant = lru_cache(_KEPT)(self._looked_up)

    def found_in(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield (word as typed, word that is meant)."""
        words = dict.fromkeys(_ORDINARY.findall(text))
        for word in words if len(words) <= _LONGEST_QUESTION else ():
            if meant := self._meant(word):
                yield word, meant

    def _looked_up(self, word: str) -> str:
        """Return the word that is meant, of several as near the most frequent one; "" if `word` may be right."""
        if self._is_known(word):
            return ""
        if self._is_known(american(word)):
            return american(word)
        edits = 2 if len(word) >= _LONG_WORD else 1
        lexical = self._library.words
        like = lexical.near(word, edits=edits, top_k=_LOOKED_AT)
        stem = word[: max(len(word) - _ENDING, _SHORTEST_STEM)]  # they are indexed without endings
        like += lexical.beginning([stem], top_k=_LOOKED_AT)
        texts = (passage.embedded_text for passage in self._library.catalogue.passages_by_id(like).values())
        printed = Counter(said for text in texts for said in _ORDINARY.findall(text)) | _OF_REQUESTS
        near = {
            said: (OSA.distance(word, said), Indel.distance(word, said), -times)
            for said, times in printed.items()
            if said[0] == word[0] and OSA.distance(word, said) <= edits
        }
        return min(near, key=near.__getitem__, default="")

    def _is_known(self, word: str) -> bool:
        return word in AROUND or minilm().knows(word) or bool(self._library.words.papers_saying(word))


def american(word: str) -> str:
    """Return "summarize" of "summarise"."""
    return word.replace("is", "iz")
