"""Questions with what a right answer has -> the figures of `evaluate answers`."""

from collections.abc import Iterator
from pathlib import Path

from assistant.evaluation.answer_evaluation import Figure, answer_figures, measured_answers
from assistant.evaluation.gold_questions import read_questions
from assistant.models.providers import LOCAL
from assistant.pipeline import Assistant


def question_figures(assistant: Assistant, file: Path) -> Iterator[tuple[str, str]]:
    """Yield (figure, value): what is right of each kind of question in `file`, and the other rates over all."""
    figures = answer_figures(measured_answers(assistant, read_questions(file), model=LOCAL), model=LOCAL)
    for kind, some in figures.kinds.items():
        right = some.rates["correctness"]
        yield f"questions on the seeds, {kind}", f"{round((right.value or 0) * right.n)} of {right.n} right"
    for name, figure in {**figures.all.rates, "aurc": figures.aurc}.items():
        yield f"questions on the seeds, {name}", _shown(figure)


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return "nothing to measure"
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f}), n = {figure.n}"
