"""Vectors of papers -> places on a plane and groups, the same every time.

t-SNE (van der Maaten & Hinton 2008) takes minutes for 60,000 papers. So it arranges some, the landmarks, and each of
the others is placed among the landmarks that are closest to it in meaning. scikit-learn takes a second to be imported:
this module is imported when a map is made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

LANDMARKS = 2000
_FEWEST = 5  # papers that t-SNE arranges; fewer lie along their two main directions
_PERPLEXITY = 30
_NEAREST = 8  # landmarks that a paper is placed among
_SHARPNESS = 0.02  # of cosine: a landmark that is farther by so much counts e times less; beyond, the map is a cloud
_MOST_GROUPS = 12
_STARTS, _STARTS_OF_MANY, _STARTED = 100, 5, 20_000  # k-means begins anew so often, and with so many papers in all
_ROWS = 2048  # compared with the landmarks at once
# A vector differs in its eighth decimal with the batch that it was embedded in. Rounded so coarsely it is as good as
# always the same in whichever order listings came, and as close to its neighbours as before.
_DECIMALS = 2
_DECIMALS_OF_PLACE = 3

Vectors = NDArray[np.float32]
Places = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where papers are: `places` in [-1, 1], of shape (papers, 2); the group of each, 0 being the largest; and how far
    it is from the middle of its group."""

    places: Places
    groups: NDArray[np.intp]
    distances: NDArray[np.floating]


def placed(vectors: Vectors, *, on_progress: Callable[[int, int], None], most_landmarks: int = LANDMARKS) -> Placed:
    """Return the places of papers by their unit vectors, float32 of shape (papers, dimensions); one paper at least.

    The first papers are the landmarks: they should be no special ones. `on_progress(done, total)` counts papers.
    """
    on_progress(0, len(vectors))
    directions = _directions(np.round(vectors, _DECIMALS), most_landmarks)
    landmarks = directions[:most_landmarks]
    # What several threads add up differs in its last bits from run to run, and they wait for each other on busy cores.
    with threadpool_limits(1):
        groups, distances = _grouped(directions, landmarks)
        arranged = _arranged(landmarks)
        places = [arranged]
        for start in range(most_landmarks, len(vectors), _ROWS):
            on_progress(start, len(vectors))
            places.append(_among(directions[start : start + _ROWS], landmarks, arranged))
    on_progress(len(vectors), len(vectors))
    return Placed(_fitted(np.concatenate(places)), groups, distances)


def _directions(vectors: Vectors, landmarks: int) -> Vectors:
    """Return unit vectors, from what the landmarks have in common: that tells no paper from another."""
    directions: Vectors = vectors - vectors[:landmarks].mean(axis=0)
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    lengths[lengths == 0] = 1.0
    directions /= lengths
    return directions


def _arranged(vectors: Vectors) -> Places:
    if len(vectors) < _FEWEST or not np.ptp(vectors, axis=0).any():
        return _along_main_directions(vectors)
    perplexity = min(_PERPLEXITY, (len(vectors) - 1) / 2)
    arranged: Places = TSNE(perplexity=perplexity, init="pca", random_state=0).fit_transform(vectors).astype(np.float64)
    return arranged


def _along_main_directions(vectors: Vectors) -> Places:
    left, sizes, _ = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    places = np.zeros((len(vectors), 2))
    places[:, : min(2, len(sizes))] = (left * sizes)[:, :2]
    return places


def _among(vectors: Vectors, landmarks: Vectors, arranged: Places) -> Places:
    """Return places of papers: the means of their closest landmarks', which weigh the more the closer they are."""
    cosines = vectors @ landmarks.T
    nearest = np.argpartition(-cosines, _NEAREST, axis=1)[:, :_NEAREST]
    closeness = np.take_along_axis(cosines, nearest, axis=1)
    weights = np.exp((closeness - closeness.max(axis=1, keepdims=True)) / _SHARPNESS)
    means: Places = (weights[:, :, None] * arranged[nearest]).sum(axis=1) / weights.sum(axis=1, keepdims=True)
    return means


def _fitted(places: Places) -> Places:
    low, high = places.min(axis=0), places.max(axis=0)
    half = float((high - low).max()) / 2 or 1.0
    fitted: Places = np.round((places - (low + high) / 2) / half, _DECIMALS_OF_PLACE) + 0.0  # no -0.0
    return fitted


def _grouped(vectors: Vectors, landmarks: Vectors) -> tuple[NDArray[np.intp], NDArray[np.floating]]:
    """Return the group of each paper and its distance from the group's middle, by k-means of the landmarks."""
    number = min(_number_of_groups(len(vectors)), len(np.unique(landmarks, axis=0)))
    starts = max(_STARTS_OF_MANY, min(_STARTS, _STARTED // len(landmarks)))
    means = KMeans(number, n_init=starts, random_state=0).fit(landmarks)
    parts = [means.transform(vectors[start : start + _ROWS]) for start in range(0, len(vectors), _ROWS)]
    groups = np.concatenate([part.argmin(axis=1) for part in parts])
    distances = np.concatenate([part.min(axis=1) for part in parts])
    order = np.argsort(-np.bincount(groups, minlength=number), kind="stable")
    rank = np.empty(number, np.intp)
    rank[order] = np.arange(number)
    return rank[groups], distances


def _number_of_groups(papers: int) -> int:
    """Return 5 for 65 papers, one more for twice as many, at most 12."""
    return max(1, min(_MOST_GROUPS, round(log2(papers) - 1)))
