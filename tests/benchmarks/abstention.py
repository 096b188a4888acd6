"""Questions that a library cannot answer -> how often it says so and why, and how often it refuses in error."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from assistant.answer import Assistant
from assistant.evidence import short_title, shown_title
from assistant.models import LOCAL
from assistant.records import Answer
from vectorstore.library import Library
from vectorstore.listings import read_listing
from vectorstore.papers import Paper, title_key

_DATA = Path(__file__).parent.parent / "data"
UNANSWERABLE = _DATA / "unanswerable.jsonl"
# Kinds that a paper answers alone. Lists are left out: without a paper, a list of the others is right.
_OF_ONE_PAPER = ("fact", "define", "date", "compare")


class Shelf:
    """A library of listings from which papers can be taken for a while, with their names, vectors and words."""

    def __init__(self, library: Library, folder: Path) -> None:
        self._library = library
        self._listings = [read_listing(file) for file in sorted(folder.glob("*.txt"))]
        self._readings = 0

    @contextmanager
    def without(self, papers: Sequence[Paper]) -> Iterator[None]:
        """Take papers out of the library as if no listing had ever had them, and put them back."""
        gone = {title_key(paper.title) for paper in papers}
        self._store(gone)
        try:
            yield
        finally:
            self._store(set())

    def _store(self, gone: set[str]) -> None:
        self._readings += 1  # a listing is stored anew if it is said to be of another day
        day = date(1900, 1, 1) + timedelta(self._readings)
        self._library.add(
            [
                replace(
                    listing,
                    as_of=day,
                    entries=tuple(entry for entry in listing.entries if title_key(entry.title) not in gone),
                )
                for listing in self._listings
            ]
        )


def questions_in(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def asked(assistant: Assistant, question: dict[str, Any]) -> Answer:
    history = assistant.turns(turn[0] for turn in question.get("history", []))
    return assistant.ask(question["question"], history=history, model=LOCAL)


def of_one_paper(library: Library, questions: Iterable[dict[str, Any]]) -> Iterator[tuple[str, tuple[Paper, ...]]]:
    """Yield (question, the papers that answer it) for the questions that no other paper answers."""
    papers = library.papers()
    for question in questions:
        if question["kind"] in _OF_ONE_PAPER and question.get("papers") and not question.get("others"):
            gold = tuple(paper for paper in papers if any(part in paper.title for part in question["papers"]))
            yield question["question"], gold


def generated(library: Library) -> Iterator[tuple[str, tuple[Paper, ...]]]:
    """Yield (question, its paper): what each paper is and proposes, and a figure of it."""
    for paper in library.papers():
        title = shown_title(paper.title)
        head = short_title(title)
        name = head if head != title else f"“{title}”"
        yield f"What is {name}?", (paper,)
        yield f"What does {name} propose?", (paper,)
        yield f"How much does {name} improve over the baselines?", (paper,)


def left_out(
    assistant: Assistant, shelf: Shelf, questions: Iterable[tuple[str, tuple[Paper, ...]]]
) -> list[tuple[str, Answer]]:
    """Return the answers to questions when the papers that answer them are not in the library."""
    by_paper: defaultdict[tuple[Paper, ...], list[str]] = defaultdict(list)
    for question, papers in questions:
        by_paper[papers].append(question)
    answers = []
    for papers, some in by_paper.items():
        with shelf.without(papers):
            answers += [(question, assistant.ask(question, model=LOCAL)) for question in some]
    return answers
