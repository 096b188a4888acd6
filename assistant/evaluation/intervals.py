"""95 % intervals by the percentile bootstrap, with a fixed seed: equal values, equal intervals.

Efron 1979; over the questions or queries of a test collection: Sakai 2006. Where all values are equal the interval has
no width, however few they are: read it with its n.
"""

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

RESAMPLES = 2000
_BLOCK = 1_000_000  # values that are drawn at once


def means(rows: Array) -> Array:
    """Return the mean of each column of `rows`, an array of shape (..., queries, measures)."""
    return np.asarray(rows.mean(axis=-2))


def ratios(rows: Array) -> Array:
    """Return the sum of each even column over that of the odd one after it; NaN where that is 0.

    `rows` has the shape (..., questions, 2 * measures).
    """
    sums = rows.sum(axis=-2)
    over, under = sums[..., ::2], sums[..., 1::2]
    return np.asarray(np.divide(over, under, out=np.full_like(over, np.nan), where=under != 0))


def bootstrap_intervals(values: ArrayLike, statistic: Callable[[Array], Array] = means) -> list[tuple[float, float]]:
    """Return the 95 % interval of each figure of `statistic`, by rows of `values` drawn with replacement.

    `values` has the shape (rows, columns); `statistic` turns the shape (draws, rows, columns) into (draws, figures).
    A draw in which a figure is NaN does not count for it; a figure that is NaN in all of them has (NaN, NaN).
    """
    rows = np.asarray(values, np.float64)
    random = np.random.default_rng(0)
    a_block = max(1, min(RESAMPLES, _BLOCK // max(rows.size, 1)))
    figures = [
        statistic(rows[random.integers(len(rows), size=(min(a_block, RESAMPLES - drawn), len(rows)))])
        for drawn in range(0, RESAMPLES, a_block)
    ]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "All-NaN slice", RuntimeWarning)
        low, high = np.nanpercentile(np.concatenate(figures), (2.5, 97.5), axis=0)
    return list(zip(low.tolist(), high.tolist(), strict=True))
