"""Titles of 60,000 papers as people type them -> how often their paper is first, by the index of titles alone."""

import json
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean

import numpy as np

from tests.benchmarks.scale import library_of_60k, read_papers
from vectorstore.library import Library
from vectorstore.papers.title_spellings import title_key
from vectorstore.search.typed_titles import TitleIndex

_SAMPLE = 1000
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_TOPICS = 2000
_SEARCHED = 500


def plain(text: str) -> str:
    """Return text as people type it: lower case, no marks."""
    return " ".join(re.sub(r"[^\w\s]", " ", text).lower().split())


def misspelt(text: str, chance: random.Random) -> str:
    """Return `text` with one letter dropped, doubled, swapped with the next, or replaced."""
    while True:
        at, wrong = chance.randrange(len(text) - 1), chance.choice(_LETTERS)
        before, letter, behind = text[:at], text[at], text[at + 1 :]
        edits = before + behind, before + 2 * letter + behind, before + behind[0] + letter + behind[1:]
        edited = chance.choice((*edits, before + wrong + behind))
        if edited != text:
            return edited


def half(text: str, *, last: bool = False) -> str:
    words = text.split()
    middle = (len(words) + 1) // 2
    return " ".join(words[-middle:] if last else words[:middle])


def typings(chance: random.Random) -> dict[str, Callable[[str], str]]:
    """Return the ways in which a title is typed."""
    return {
        "one typo": lambda title: misspelt(title, chance),
        "two typos": lambda title: misspelt(misspelt(title, chance), chance),
        "first half": half,
        "last half": lambda title: half(title, last=True),
        "first half with a typo": lambda title: misspelt(half(title), chance),
    }


def title_figures(bench: Path) -> list[tuple[str, str]]:
    """Return (figure, value). A half is ambiguous if another title has the same letters in the same order."""
    chance = random.Random(7)
    entries = {title_key(entry.title): entry for entry in read_papers(bench).entries}
    started = time.perf_counter()
    index = TitleIndex((key, entry.title) for key, entry in entries.items())
    figures = [("titles", f"{len(entries):,}"), ("built in", f"{time.perf_counter() - started:.2f} s")]
    letters = "\n".join(entries)
    sample = chance.sample(sorted(entries), _SAMPLE)
    milliseconds: list[float] = []
    for name, typing in typings(chance).items():
        first, meant, clear, clear_first = 0, 0, 0, 0
        for key in sample:
            typed = typing(plain(entries[key].title))
            started = time.perf_counter()
            found = index.closest(typed, top_k=1)
            milliseconds.append((time.perf_counter() - started) * 1000)
            is_first = bool(found) and found[0].paper_id == key
            is_clear = letters.count(title_key(typed)) <= 1
            first, clear, clear_first = first + is_first, clear + is_clear, clear_first + (is_first and is_clear)
            meant += key in index.meant(typed)
        figures.append((f"{name}: first", f"{first / _SAMPLE:.1%}; {clear_first / clear:.1%} of {clear} unambiguous"))
        figures.append((f"{name}: promoted in a search", f"{meant / _SAMPLE:.1%}"))
    figures.append(("a look-up, p50 / p95", "{:.1f} / {:.1f} ms".format(*np.percentile(milliseconds, (50, 95)))))
    for collection in ("scifact", "cranfield"):
        lines = (bench / collection / "queries.jsonl").read_text(encoding="utf-8").splitlines()
        promoted = sum(bool(index.meant(json.loads(line)["text"])) for line in lines)
        figures.append((f"{collection}'s queries taken for a title", f"{promoted} of {len(lines)}"))
    abstracts = [entry.abstract for entry in entries.values()]
    for count in (2, 3):
        promoted = 0
        for abstract in chance.choices(abstracts, k=_TOPICS):
            words = plain(abstract).split()
            at = chance.randrange(max(1, len(words) - count))
            promoted += bool(index.meant(" ".join(words[at : at + count])))
        figures.append((f"{count} words of an abstract taken for a title", f"{promoted / _TOPICS:.1%}"))
    return figures


def typed_title_figures(bench: Path, folder: Path) -> list[tuple[str, str]]:
    """Return (figure, value): how often the whole search of 60,000 papers puts a typed title's paper first."""
    chance = random.Random(8)
    with library_of_60k(bench, folder) as (library, _):
        papers = {title_key(title): (paper_id, title) for paper_id, title in library.catalogue.titles()}
        sample = [papers[key] for key in chance.sample(sorted(papers), _SEARCHED)]
        return [
            (
                f"search for {name}: first",
                f"{mean(_is_first(library, paper_id, typing(plain(title))) for paper_id, title in sample):.1%}"
                f" of {_SEARCHED}",
            )
            for name, typing in typings(chance).items()
        ]


def _is_first(library: Library, paper_id: str, typed: str) -> bool:
    found = library.search(typed, top_k=1)
    return bool(found) and found[0].passage.paper_id == paper_id
