"""The passages' vectors in one matrix: exact cosines of any papers' passages, which Chroma gives slowly."""

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vectorstore.papers.passages import Passage

_PART_WORTH_GATHERING = 0.25  # of all rows; to multiply them all is faster than to copy more


class VectorMatrix:
    """Unit vectors, float32, of passages, in memory."""

    def __init__(self) -> None:
        self._matrix: NDArray[np.float32] = np.empty((0, 0), np.float32)
        self._ids: list[tuple[str, str]] = []  # of each row: the passage's, the paper's
        self._rows: dict[str, int] = {}  # by passage id
        self._rows_of_paper: dict[str, tuple[int, ...]] = {}

    @classmethod
    def of_all(cls, passages: Sequence[Passage], vectors: ArrayLike) -> Self:
        """Return the matrix of all passages that there are; `vectors` has shape (len(passages), dimensions)."""
        matrix = cls()
        matrix._matrix = _unit(np.asarray(vectors, np.float32))
        for passage in passages:
            matrix._append(passage.passage_id, passage.paper_id)
        return matrix

    def __len__(self) -> int:
        return len(self._rows)

    def closest(self, vector: ArrayLike, *, top_k: int | None, among: Collection[str] | None) -> dict[str, float]:
        """Return the cosine of the `top_k` passages closest to `vector` by id, closest first; None: of all.

        `among` limits them to those of these papers.
        """
        rows = self._rows_in_use(among)
        if not len(rows):
            return {}
        query, matrix = _unit(np.asarray(vector, np.float32)), self._matrix
        cosines = matrix[rows] @ query if len(rows) < _PART_WORTH_GATHERING * len(matrix) else (matrix @ query)[rows]
        if top_k is not None and top_k < len(rows):
            best = np.argpartition(-cosines, top_k)[:top_k]
            rows, cosines = rows[best], cosines[best]
        order = np.argsort(-cosines, kind="stable")
        # Rounding takes some a hair above 1.
        values = cosines[order].clip(-1.0, 1.0).tolist()
        return {self._ids[row][0]: value for row, value in zip(rows[order], values, strict=True)}

    def of(self, passage_ids: Iterable[str]) -> list[NDArray[np.float32] | None]:
        """Return the vector of each passage, None for those that are not here."""
        rows = map(self._rows.get, passage_ids)
        return [None if row is None else self._matrix[row] for row in rows]

    def _rows_in_use(self, among: Collection[str] | None) -> NDArray[np.intp]:
        if among is not None:
            rows = filter(None, map(self._rows_of_paper.get, among))
            return np.fromiter(chain.from_iterable(rows), np.intp)
        if len(self._rows) == len(self._ids):
            return np.arange(len(self._ids))
        return np.array(list(self._rows.values()), np.intp)

    def _append(self, passage_id: str, paper_id: str) -> None:
        row = len(self._ids)
        self._ids.append((passage_id, paper_id))
        self._rows[passage_id] = row
        self._rows_of_paper[paper_id] = (*self._rows_of_paper.get(paper_id, ()), row)

    def _forget(self, passage_id: str) -> None:
        row = self._rows.pop(passage_id, None)
        if row is not None:
            paper_id = self._ids[row][1]
            self._rows_of_paper[paper_id] = tuple(one for one in self._rows_of_paper[paper_id] if one != row)


class VectorFile(VectorMatrix):
    """Unit vectors, float32, one after the other in `vectors.f32`; `rows.tsv` says whose they are.

    A line "passage TAB paper" stands for the next vector, a line "passage TAB" takes that passage's vector away.
    One thread writes at a time; others may read meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._vectors, self._lines = folder / "vectors.f32", folder / "rows.tsv"
        if self._lines.exists():
            for line in self._lines.read_text(encoding="utf-8").splitlines():
                passage_id, _, paper_id = line.partition("\t")
                self._forget(passage_id)
                if paper_id:
                    self._append(passage_id, paper_id)
            self._map(len(self._ids))

    def add(self, passages: Sequence[Passage], vectors: ArrayLike) -> None:
        """Add the passages' vectors, of shape (len(passages), dimensions), in place of those of the same ids."""
        with self._vectors.open("ab") as file:
            file.write(_unit(np.asarray(vectors, np.float32)).tobytes())
        self._write(f"{passage.passage_id}\t{passage.paper_id}\n" for passage in passages)
        self._map(len(self._ids) + len(passages))
        for passage in passages:
            self._forget(passage.passage_id)
            self._append(passage.passage_id, passage.paper_id)

    def remove(self, passage_ids: Iterable[str]) -> None:
        known = [passage_id for passage_id in passage_ids if passage_id in self._rows]
        self._write(f"{passage_id}\t\n" for passage_id in known)
        for passage_id in known:
            self._forget(passage_id)

    def _write(self, lines: Iterable[str]) -> None:
        with self._lines.open("a", encoding="utf-8") as file:
            file.writelines(lines)

    def _map(self, rows: int) -> None:
        if rows:
            self._matrix = np.memmap(self._vectors, np.float32, mode="r").reshape(rows, -1)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    lengths[lengths == 0] = 1.0
    unit: NDArray[np.float32] = (vectors / lengths).astype(np.float32, copy=False)
    return unit
