"""Questions that a library cannot answer -> how often it says so and why, and how often it refuses in error."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from assistant.evaluation.gold_questions import GoldQuestion, fault
from assistant.models.providers import LOCAL
from assistant.pipeline import Assistant
from assistant.records import Abstention, Answer
from assistant.settings import Settings
from assistant.text.evidence import short_title, shown_title
from vectorstore.library import Library
from vectorstore.listings.readers import read_listing
from vectorstore.papers.paper import Paper
from vectorstore.papers.title_spellings import title_key

_DATA = Path(__file__).parent.parent / "data"
UNANSWERABLE = _DATA / "unanswerable.jsonl"
# Kinds that a paper answers alone. Lists are left out: without a paper, a list of the others is right.
_OF_ONE_PAPER = ("fact", "define", "date", "compare")
_OF_MANY = ("papers", "count", "survey", "author", "coauthors", "related_work")  # operations


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
        if question["kind"] in _OF_ONE_PAPER and question.get("papers"):
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
    return [(question, answer) for question, answer in answers if answer.intent not in _OF_MANY]


def right(question: dict[str, Any], answer: Answer) -> bool:
    return not fault(GoldQuestion.model_validate(question), answer)


def part_of(question: dict[str, Any]) -> str:
    """Return "dev" or "test", by the hash of a question's id. The rules were found on the first."""
    return "test" if hashlib.sha256(question["id"].encode()).digest()[0] % 2 else "dev"


def abstention_figures(library: Library, settings: Settings, seeds: Path, bench: Path) -> list[tuple[str, str]]:
    """Return (figure, value) for a library of the seeds: reasons, false refusals, and questions without their paper."""
    assistant = Assistant(library, settings)
    rows = []
    answers = [(question, asked(assistant, question)) for question in questions_in(UNANSWERABLE)]
    for part in ("dev", "test"):
        rows += _by_reason(part, [(question, answer) for question, answer in answers if part_of(question) == part])
    for name, file in (("our", _DATA / "questions.jsonl"), ("given", bench / "questions_seeds.jsonl")):
        questions = questions_in(file)
        known = [(question, asked(assistant, question)) for question in questions]
        refused = [answer.abstained for question, answer in known if question["kind"] != "unanswerable"]
        unanswered = [answer.abstained for question, answer in known if question["kind"] == "unanswerable"]
        rows.append((f"{name} questions, unanswerable ones not answered", _share(unanswered)))
        rows.append((f"{name} questions, others refused in error", _share(refused)))
        without = left_out(assistant, Shelf(library, seeds), of_one_paper(library, questions))
        rows.append(
            (f"{name} questions without their paper, refused", _share(answer.abstained for _, answer in without))
        )
    without = left_out(assistant, Shelf(library, seeds), generated(library))
    rows.append(
        ("what each paper is, proposes and improves, without it, refused", _share(x.abstained for _, x in without))
    )
    return rows


def _by_reason(part: str, answers: Sequence[tuple[dict[str, Any], Answer]]) -> Iterator[tuple[str, str]]:
    for why in (Abstention.OFF_TOPIC, Abstention.NOT_IN_LIBRARY, Abstention.NOT_STATED):
        mine = [answer for question, answer in answers if question["kind"] == why]
        said = [question["kind"] == why for question, answer in answers if answer.abstention is why]
        yield f"{part}, {why}: not answered", _share(answer.abstained for answer in mine)
        yield f"{part}, {why}: recall of the reason", _share(answer.abstention is why for answer in mine)
        yield f"{part}, {why}: precision of the reason", _share(said)
    misled = [answer.abstained for question, answer in answers if question["kind"] == "false_premise"]
    yield f"{part}, false_premise: not answered", _share(misled)
    others = [(question, answer) for question, answer in answers if question["kind"] == "answerable"]
    yield f"{part}, answerable: refused in error", _share(answer.abstained for _, answer in others)
    yield (
        f"{part}, answerable: answered right",
        _share(right(question, answer) for question, answer in others),
    )


def _share(found: Iterable[bool]) -> str:
    values = list(found)
    return f"{sum(values)} of {len(values)}" + (f" ({sum(values) / len(values):.1%})" if values else "")
