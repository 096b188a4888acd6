"""Papers that are close in meaning are close on the map, whatever the number of papers, and the same every time."""

import warnings

import numpy as np
import pytest

from assistant.facts.map_projection import Placed, placed


def around(directions: int, count: int, *, width: float = 0.03) -> np.ndarray:
    """Return unit vectors, every `directions`-th of which lies close to the same axis."""
    vectors = np.random.default_rng(7).normal(0, width, (count, 48)).astype(np.float32)
    vectors[np.arange(count), np.arange(count) % directions] += 1
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def places_of(vectors: np.ndarray) -> Placed:
    return placed(vectors, on_progress=lambda done, total: None, most_landmarks=150)


@pytest.mark.parametrize("count", [120, 4000])
def test_papers_on_one_subject_are_one_group_and_lie_together(count: int) -> None:
    found = places_of(around(6, count))

    subjects = [np.arange(count) % 6 == number for number in range(6)]
    middles = np.array([found.places[subject].mean(axis=0) for subject in subjects])
    for number, subject in enumerate(subjects):
        distances = np.linalg.norm(found.places[subject][:, None] - middles, axis=2)
        assert (distances.argmin(axis=1) == number).all()
    for group in set(found.groups.tolist()):
        assert sum(bool((found.groups[subject] == group).any()) for subject in subjects) == 1


def test_groups_are_numbered_by_size() -> None:
    found = places_of(np.vstack([around(1, 40), around(4, 30)]))

    assert (np.diff(np.bincount(found.groups)) <= 0).all()
    assert set(found.groups) == set(range(5))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 7, 12])
@pytest.mark.parametrize("same", [False, True])
def test_few_papers_and_equal_ones_have_places_without_a_warning(count: int, same: bool) -> None:
    vectors = np.repeat(around(1, 1), count, axis=0) if same else around(3, count, width=0.2)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = places_of(vectors)

    assert found.places.shape == (count, 2)
    assert np.isfinite(found.places).all()
    assert np.abs(found.places).max() <= 1
    assert len(found.groups) == len(found.distances) == count
    assert not same or not found.groups.any()


@pytest.mark.parametrize("count", [3, 4])
def test_of_few_papers_the_two_that_are_close_in_meaning_lie_together(count: int) -> None:
    first_again = around(1, 1, width=0.005)
    vectors = np.vstack([around(count - 1, count - 1, width=0.01), first_again])

    places = places_of(vectors).places

    closest = np.linalg.norm(places[-1] - places[0])
    assert closest < 0.2 * min(np.linalg.norm(places[-1] - place) for place in places[1:-1])


def test_the_last_digits_of_vectors_move_no_paper() -> None:
    vectors = around(5, 65, width=0.1)
    noise = np.random.default_rng(1).normal(0, 1e-8, vectors.shape).astype(np.float32)

    assert (vectors + noise != vectors).any()
    assert (places_of(vectors + noise).places == places_of(vectors).places).all()


def test_progress_counts_all_papers() -> None:
    told: list[tuple[int, int]] = []
    placed(around(3, 60), on_progress=lambda done, total: told.append((done, total)), most_landmarks=20)

    assert told == [(0, 60), (20, 60), (60, 60)]
