"""How well values tell yes from no, and what makes a logit of 0 the place to part them."""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Numbers = NDArray[np.float32]
Labels = NDArray[np.int_]


def area_under_curve(values: Numbers, labels: Labels) -> float:
    """Return the share of pairs of a yes and a no in which the yes has the higher value; ties count half."""
    yes, no = values[labels == 1][:, None], values[labels == 0][None]
    return float(((yes > no) + 0.5 * (yes == no)).mean())


def kept_at(share: float, values: Numbers, labels: Labels) -> float:
    """Return the share of the yeses above the threshold that lets `share` of the noes through."""
    return float((values[labels == 1] > np.quantile(values[labels == 0], 1 - share)).mean())


def precision_and_recall(said: NDArray[np.bool_], labels: Labels) -> tuple[float, float]:
    right = (said & (labels == 1)).sum()
    return float(right / max(said.sum(), 1)), float(right / max(labels.sum(), 1))


def calibration(values: Numbers, labels: Labels) -> tuple[float, float]:
    """Return the scale and shift that make of values the logits of a yes, yes and no weighing alike (Platt 1999)."""
    fitted = LogisticRegression(class_weight="balanced").fit(values[:, None], labels)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
