"""Chroma: cosine over what was last put in."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import RandomEmbeddings
from vectorstore.papers.passages import Passage
from vectorstore.search.dense import DenseIndex

EMBEDDINGS = RandomEmbeddings()


def passage(number: int, text: str | None = None) -> Passage:
    text = text or f"text {number}"
    return Passage(f"p:{number}", f"p{number}", "T", text, 0, len(text))


def cosine(query: str, found: Passage) -> float:
    return float(np.dot(EMBEDDINGS.embed_query(query), EMBEDDINGS.embed_query(found.embedded_text)))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[DenseIndex]:
    index = DenseIndex(tmp_path / "chroma", EMBEDDINGS)
    yield index
    index.close()


def test_the_closest_come_first_with_their_cosine(index: DenseIndex) -> None:
    passages = [passage(number) for number in range(50)]
    index.add(passages)
    expected = sorted(((cosine("a question", one), one.passage_id) for one in passages), reverse=True)[:7]

    found = index.closest("a question", top_k=7)

    assert list(found) == [key for _, key in expected]
    assert list(found.values()) == pytest.approx([value for value, _ in expected], abs=1e-5)


def test_a_cosine_is_never_beyond_one(index: DenseIndex) -> None:
    passages = [passage(number) for number in range(200)]
    index.add(passages)
    for one in passages:
        values = index.closest(one.embedded_text, top_k=200).values()
        assert max(values) == pytest.approx(1.0, abs=1e-5)
        assert all(-1.0 <= value <= 1.0 for value in values)


def test_adding_an_id_again_replaces_its_vector(index: DenseIndex) -> None:
    index.add([passage(1), passage(2)])
    index.add([passage(1, "another text")])
    assert len(index) == 2
    assert index.closest("T. another text", top_k=1) == {"p:1": pytest.approx(1.0, abs=1e-5)}
    assert index.closest("T. text 1", top_k=2)["p:1"] < 0.9


def test_a_removed_passage_is_found_no_more(index: DenseIndex) -> None:
    index.add([passage(1), passage(2)])
    index.remove(["p:1", "p:unknown"])
    assert list(index.closest("T. text 1", top_k=5)) == ["p:2"]


def test_among_limits_the_search(index: DenseIndex) -> None:
    index.add([passage(number) for number in range(20)])
    everywhere = index.closest("a question", top_k=20)
    assert index.closest("a question", top_k=5, among=["p3", "p7", "unknown"]) == pytest.approx(
        {key: everywhere[key] for key in ("p:3", "p:7")}
    )


def test_an_empty_index_finds_nothing(index: DenseIndex) -> None:
    assert (len(index), index.closest("a question", top_k=5)) == (0, {})


def test_more_rows_than_a_batch_takes_go_in_and_come_out(index: DenseIndex) -> None:
    index.add([passage(number) for number in range(5500)])
    assert len(index) == 5500
    for number in (0, 3999, 4000, 5499):
        assert next(iter(index.closest(f"T. text {number}", top_k=3))) == f"p:{number}"
    assert len(index.closest("a question", top_k=10, among=[f"p{number}" for number in range(5480)])) == 10
    index.remove([f"p:{number}" for number in range(5490)])
    assert set(index.closest("a question", top_k=20)) == {f"p:{number}" for number in range(5490, 5500)}


def test_more_ids_than_a_statement_takes_are_no_error(index: DenseIndex) -> None:
    index.add([passage(number) for number in range(10)])
    many = [f"p{number}" for number in range(5, 100_000)]
    assert len(index.closest("a question", top_k=10, among=many)) == 5


def test_an_index_opened_again_finds_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "chroma"
    first = DenseIndex(folder, EMBEDDINGS)
    first.add([passage(number) for number in range(20)])
    found = first.closest("a question", top_k=5)
    first.close()

    again = DenseIndex(folder, EMBEDDINGS)
    assert again.closest("a question", top_k=5) == pytest.approx(found)
    again.close()


def test_what_was_replaced_or_removed_is_not_found_among_papers_either(tmp_path: Path) -> None:
    index = DenseIndex(tmp_path / "chroma", EMBEDDINGS)
    index.add([passage(number) for number in range(4)])
    index.add([passage(1, "another text")])
    index.remove(["p:2"])
    kept = [passage(0), passage(1, "another text"), passage(3)]
    expected = {one.passage_id: cosine("T. another text", one) for one in kept}
    for _ in range(2):
        assert index.closest("T. another text", top_k=None, among=["p0", "p1", "p2", "p3"]) == pytest.approx(
            expected, abs=1e-5
        )
        assert index.closest("T. another text", top_k=4, exact=True) == pytest.approx(expected, abs=1e-5)
        index.close()
        index = DenseIndex(tmp_path / "chroma", EMBEDDINGS)
    index.close()
