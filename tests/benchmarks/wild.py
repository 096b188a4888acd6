"""Questions as people type them -> what is right of each kind locally, and what a chat model would be given."""

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from assistant.evaluation.gold_questions import GoldQuestion, fault
from assistant.evaluation.intervals import bootstrap_intervals
from assistant.models.providers import LOCAL
from assistant.pipeline import Assistant
from assistant.planning.local import LocalPlanner
from assistant.settings import Settings
from assistant.wiring import open_assistant
from tests.openai_server import Received, Script, openai_server

AS_OF = date(2026, 7, 1)  # of the seeds and the author pages; a daily page is of the day in its name
FILE = "questions_wild.jsonl"
DECLINES = "NOT IN THE LIBRARY"
PLANS = "You turn a question"  # how the planner's prompt begins


@dataclass
class Asked:
    """A question of the file, and what became of it."""

    row: dict[str, Any]
    question: GoldQuestion
    why: str = ""
    refused: bool = False
    requests: list[Received] = field(default_factory=list)
    milliseconds: float = 0.0  # of local planning

    @property
    def is_answerable(self) -> bool:
        return not self.question.is_unanswerable

    @property
    def answering(self) -> list[Received]:
        """The requests that were not for a plan."""
        return [one for one in self.requests if PLANS not in one.body["messages"][0]["content"]]


def wild_figures(seeds: Path, bench: Path, folder: Path, *, file: Path | None = None) -> list[tuple[str, str]]:
    """Return (figure, value) of the questions in `file`, the public ones without it."""
    rows = [json.loads(line) for line in (file or bench / FILE).read_text(encoding="utf-8").splitlines() if line]
    asked = [Asked(row, GoldQuestion.model_validate(row)) for row in rows]
    for library in ("seeds", "large"):
        some = [one for one in asked if one.row["library"] == library]
        with open_assistant(Settings(library=folder / library)) as assistant:
            _ingest(assistant, library, seeds, bench)
            for one in some:
                _answer_locally(one, assistant)
            with openai_server(Script(pieces=(DECLINES,))) as server:
                for one in some:
                    before = len(server.chats)
                    _ask_a_model(one, assistant, f"{server.base_url}#m")
                    one.requests = server.chats[before:]
    return [*_local(asked), *_by_model(asked)]


def _ingest(assistant: Assistant, library: str, seeds: Path, bench: Path) -> None:
    assistant.library.ingest([seeds], as_of=AS_OF)
    if library == "large":
        assistant.library.ingest(sorted((bench / "listings" / "author_pages").glob("*.txt")), as_of=AS_OF)
        for page in sorted((bench / "listings" / "daily_pages").glob("*.txt")):
            assistant.library.ingest([page], as_of=date.fromisoformat(page.stem[:10]))


def _answer_locally(one: Asked, assistant: Assistant) -> None:
    history = assistant.turns(one.question.history)
    planner = LocalPlanner(assistant.vocabulary())
    planner.plan(one.question.question, history=history)  # names are looked up by spelling at the first question
    began = time.perf_counter()
    planner.plan(one.question.question, history=history)
    one.milliseconds = 1000 * (time.perf_counter() - began)
    answer = assistant.ask(one.question.question, history=history, model=LOCAL)
    one.why, one.refused = fault(one.question, answer), answer.abstained


def _ask_a_model(one: Asked, assistant: Assistant, model: str) -> None:
    assistant.ask(one.question.question, history=assistant.turns(one.question.history), model=model)


def _local(asked: Sequence[Asked]) -> Iterator[tuple[str, str]]:
    kinds: defaultdict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        kinds[one.question.kind].append(one)
    for kind, some in sorted(kinds.items()):
        wrong = ", ".join(one.question.id for one in some if one.why)
        right = sum(not one.why for one in some)
        yield f"local, {kind}", f"{right} of {len(some)} right{f'; wrong: {wrong}' if wrong else ''}"
    yield "local, all", _share([not one.why for one in asked])
    yield "local, answerable refused", _share([one.refused for one in asked if one.is_answerable])
    yield "planning by rules, median", f"{median(one.milliseconds for one in asked):.1f} ms"


def _by_model(asked: Sequence[Asked]) -> Iterator[tuple[str, str]]:
    written = [one for one in asked if one.answering]
    with_papers = [one for one in written if one.question.papers]
    computed = [one for one in asked if one.is_answerable and not one.answering]
    yield "with a model, it is asked for an answer", f"{len(written)} of {len(asked)}"
    unasked = [one for one in computed if one.refused]
    yield "answerable, refused before it is asked", f"{len(unasked)}: {', '.join(one.question.id for one in unasked)}"
    given = [all(part in one.answering[-1].prompt for part in one.question.papers) for one in with_papers]
    yield "papers wanted stand in its evidence", _share(given)
    planned = [len(one.requests) > len(one.answering) for one in asked]
    yield "it is asked for a plan", _share(planned)


def _share(found: Sequence[bool]) -> str:
    if not found:
        return "nothing to measure"
    ((low, high),) = bootstrap_intervals([[float(one)] for one in found])
    return f"{sum(found) / len(found):.3f} ({low:.3f} to {high:.3f}), n = {len(found)}"
