"""Questions asked of the program, and its figures: by kind of question, and over all."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from assistant.evaluation.answer_measures import MeasuredAnswer, measured
from assistant.evaluation.gold_questions import GoldQuestion
from assistant.evaluation.intervals import bootstrap_intervals, ratios
from assistant.evaluation.risk_coverage import Point, areas, risk_coverage
from assistant.pipeline import Assistant
from vectorstore.errors import ModelError, QuestionError
from vectorstore.search.current_indexes import OnProgress

FAILURES_IN_A_ROW = 3  # of the chat model, after which no further question is asked
_WARM_UP = "a question to warm up with"  # not timed

# Each rate: what is counted, and out of how many.
RATES: dict[str, Callable[[MeasuredAnswer], tuple[int, int]]] = {
    "correctness": lambda one: (not one.fault and one.question.is_judged, one.question.is_judged),
    "citation_precision": lambda one: (one.supporting, one.citations),
    "citation_recall": lambda one: (one.cited, one.written),
    "groundedness": lambda one: (one.grounded, one.claims),
    "abstention_precision": lambda one: (
        one.abstained and one.question.is_unanswerable,
        one.abstained and one.question.is_judged,
    ),
    "abstention_recall": lambda one: (one.abstained and one.question.is_unanswerable, one.question.is_unanswerable),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A rate or a mean with its 95 % interval, and how many it is of: None if there is nothing to measure."""

    value: float | None
    low: float | None
    high: float | None
    n: int

    def record(self) -> dict[str, Any]:
        return {name: round(value, 4) if value is not None else None for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class KindFigures:
    """The figures of some questions. `failed` of them got no answer: their model or they themselves had an error."""

    questions: int
    failed: int
    rates: dict[str, Figure]
    latency_ms: dict[str, float | None]
    input_tokens: int
    output_tokens: int
    tokens_estimated: bool

    def record(self) -> dict[str, Any]:
        return {
            "questions": self.questions,
            "failed": self.failed,
            **{name: figure.record() for name, figure in self.rates.items()},
            "latency_ms": self.latency_ms,
            "tokens": {
                "input": self.input_tokens,
                "output": self.output_tokens,
                "estimated": self.tokens_estimated,
            },
        }


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """The figures by kind and over all, the risk-coverage curve with the area under it, and what is wrong."""

    model: str
    kinds: dict[str, KindFigures]
    all: KindFigures
    curve: list[Point]
    aurc: Figure
    wrong: list[MeasuredAnswer]

    def record(self) -> dict[str, Any]:
        """Return the JSON of the command line."""
        return {
            "questions": self.all.questions,
            "model": self.model,
            "kinds": {kind: figures.record() for kind, figures in self.kinds.items()},
            "all": self.all.record(),
            "risk_coverage": [point.record() for point in self.curve],
            "aurc": self.aurc.record(),
            "wrong": [
                {"id": one.question.id, "kind": one.question.kind, "question": one.question.question, "why": one.fault}
                for one in self.wrong
            ],
        }


def measured_answers(
    assistant: Assistant,
    questions: Sequence[GoldQuestion],
    *,
    model: str | None = None,
    strict: bool | None = None,
    on_progress: OnProgress | None = None,
) -> list[MeasuredAnswer]:
    """Ask each question in the light of those before it, and return what is counted on its answer.

    A question that cannot be asked, or that the model fails on, counts as wrong. Raises the model's error after three
    of them in a row, answers without the model aside, or if there is no other outcome.
    """
    results: list[MeasuredAnswer] = []
    in_a_row, error = 0, None
    assistant.search(_WARM_UP, top_k=1)
    for question in questions:
        if on_progress:
            on_progress("Asking", len(results), len(questions))
        try:
            history = assistant.turns(question.history)
            answer = assistant.ask(question.question, history=history, model=model, strict=strict)
        except (ModelError, QuestionError) as problem:
            results.append(MeasuredAnswer(question, str(problem), failed=True))
            if isinstance(problem, ModelError):
                in_a_row, error = in_a_row + 1, problem
            if in_a_row == FAILURES_IN_A_ROW:
                raise
            continue
        results.append(measured(question, answer, assistant.library))
        if answer.usage.input_tokens:
            in_a_row = 0
    if on_progress:
        on_progress("Asking", len(results), len(questions))
    if error and all(one.failed for one in results):
        raise error
    return results


def answer_figures(results: Sequence[MeasuredAnswer], *, model: str) -> AnswerFigures:
    """Return the figures of measured answers; there must be one at least."""
    kinds: dict[str, list[MeasuredAnswer]] = {}
    for one in results:
        kinds.setdefault(one.question.kind, []).append(one)
    judged = [one for one in results if one.question.is_judged]
    given = [(one.confidence, bool(one.fault)) for one in judged if not (one.abstained or one.failed)]
    curve = risk_coverage(*zip(*given, strict=True), questions=len(judged)) if given else []
    return AnswerFigures(
        model=model,
        kinds={kind: _kind_figures(some) for kind, some in sorted(kinds.items())},
        all=_kind_figures(results),
        curve=curve,
        aurc=_area(given),
        wrong=[one for one in results if one.fault],
    )


def _kind_figures(results: Sequence[MeasuredAnswer]) -> KindFigures:
    answered = [one for one in results if not one.failed]
    times = (
        np.percentile([one.milliseconds for one in answered], (50, 95)).round(2).tolist() if answered else [None] * 2
    )
    return KindFigures(
        questions=len(results),
        failed=len(results) - len(answered),
        rates=_rates(results),
        latency_ms=dict(zip(("p50", "p95"), times, strict=True)),
        input_tokens=sum(one.usage.input_tokens for one in answered),
        output_tokens=sum(one.usage.output_tokens for one in answered),
        tokens_estimated=any(one.usage.estimated for one in answered),
    )


def _rates(results: Sequence[MeasuredAnswer]) -> dict[str, Figure]:
    """Return each rate over all that it counts, so that a long answer weighs more; what is drawn are the questions."""
    counts = np.array([[count for rate in RATES.values() for count in rate(one)] for one in results], np.float64)
    intervals = bootstrap_intervals(counts, ratios)
    return {
        name: Figure(value, low, high, int(n)) if n else Figure(None, None, None, 0)
        for name, value, (low, high), n in zip(
            RATES, ratios(counts).tolist(), intervals, counts[:, 1::2].sum(axis=0).tolist(), strict=True
        )
    }


def _area(given: Sequence[tuple[float, bool]]) -> Figure:
    if not given:
        return Figure(None, None, None, 0)
    values = np.array(given, np.float64)
    ((low, high),) = bootstrap_intervals(values, areas)
    return Figure(areas(values[np.newaxis])[0, 0].item(), low, high, len(given))
