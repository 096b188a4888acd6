"""Questions with what a right answer has -> the share answered right, by kind."""

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant.answer import Assistant
from assistant.records import Answer


def is_right(question: dict[str, Any], answer: Answer) -> bool:
    """Tell whether an answer has what `question` asks for: papers among its references, strings in its text.

    Papers are given by parts of their titles; with "exact" there are no others, with "recall" that share of them.
    """
    if question["kind"] == "unanswerable":
        return answer.abstained
    if answer.abstained:
        return False
    titles = [reference.title for reference in answer.references]
    wanted = question.get("papers", [])
    found = sum(any(part in title for title in titles) for part in wanted)
    enough = found >= question.get("recall", 1.0) * len(wanted)
    no_others = not question.get("exact") or len(titles) == len(wanted)
    said = all(any(text in answer.text for text in group) for group in question.get("any", []))
    return enough and no_others and said


def right_by_kind(assistant: Assistant, questions: Iterable[dict[str, Any]]) -> dict[str, list[tuple[str, bool]]]:
    """Return for each kind its questions' ids, and whether each was answered right."""
    results: defaultdict[str, list[tuple[str, bool]]] = defaultdict(list)
    for question in questions:
        history = assistant.turns(turn[0] for turn in question.get("history", []))
        answer = assistant.ask(question["question"], history=history, model="local:extractive")
        results[question["kind"]].append((question["id"], is_right(question, answer)))
    return dict(results)


def answer_figures(assistant: Assistant, file: Path) -> list[tuple[str, str]]:
    """Return (figure, value) for each kind of question in `file`."""
    questions = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    return [
        (f"questions on the seeds, {kind}", f"{sum(right for _, right in results)} of {len(results)} right")
        for kind, results in sorted(right_by_kind(assistant, questions).items())
    ]
