"""How often answers are wrong if only the surest are given: the risk-coverage curve (El-Yaniv & Wiener 2010)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from assistant.evaluation.intervals import Array


@dataclass(frozen=True, slots=True)
class Point:
    """Of all questions, the share that is answered if the surest answers are given, and the share of these that is
    wrong."""

    coverage: float
    risk: float

    def record(self) -> dict[str, Any]:
        return {"coverage": round(self.coverage, 4), "risk": round(self.risk, 4)}


def risk_coverage(confidences: ArrayLike, wrong: ArrayLike, *, questions: int) -> list[Point]:
    """Return a point for each answer, the surest first. The last is where the program itself stops answering.

    `confidences` and `wrong` (0 or 1) are those of the answers. `questions` counts also the questions without one:
    the program abstained or failed, and they are never covered, so the curve ends where its answers do.
    """
    risks = _risks(np.asarray(confidences, np.float64), np.asarray(wrong, np.float64))
    return [Point(count / questions, risk) for count, risk in enumerate(risks.tolist(), 1)]


def areas(samples: Array) -> Array:
    """Return the area under each curve over its own width: the mean of its risks. Geifman et al. 2019.

    `samples` has the shape (draws, answers, 2): confidence and wrong. The result has the shape (draws, 1).
    """
    return np.array([[_risks(sample[:, 0], sample[:, 1]).mean()] for sample in samples])


def _risks(confidences: Array, wrong: Array) -> Array:
    """Return the share of wrong ones among the first answer, the first two, ...; shape (answers,).

    Answers that are equally sure come in no order: each counts with the mean of them.
    """
    order = np.argsort(-confidences, kind="stable")
    _, ties = np.unique(-confidences[order], return_inverse=True)
    expected = (np.bincount(ties, wrong[order]) / np.bincount(ties))[ties]
    return np.asarray(np.cumsum(expected) / np.arange(1, len(wrong) + 1), np.float64)
