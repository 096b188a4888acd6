"""The two indexes of a library's passages, in one folder."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from langchain_core.embeddings import Embeddings

from vectorstore.catalogue.seals import checksum
from vectorstore.embedders.embeddings import CachedEmbeddings
from vectorstore.embedders.minilm import MiniLM
from vectorstore.errors import LibraryUnwritable
from vectorstore.papers.passages import Passage
from vectorstore.search.dense import DenseIndex
from vectorstore.search.lexical import LexicalIndex

_log = logging.getLogger(__name__)
_SEAL = "seal.json"
_EMBEDDER = "embedder"
_NO_ROOM = ("no space left", "disk is full", "read-only", "readonly", "permission denied", "unable to open")
_PASSAGES_A_STEP = 1024  # indexed together; in steps of 128 Chroma takes twice as long, tantivy ten times
_EMBEDDED_AT_ONCE = 128  # passages between two reports of progress


class Indexes:
    """Chroma and tantivy over the same passages.

    A seal in the folder holds the checksums of its files, since both can crash the process, or find the wrong
    passages, when their files are damaged. It is broken from the first change until the next `seal`.
    """

    def __init__(self, folder: Path, embeddings: Embeddings, *, embedder: str = MiniLM.name) -> None:
        """Open the indexes in `folder`, or begin them; `embedder` is the name of the model behind `embeddings`."""
        self._folder = folder
        with _writing(folder):
            self.lexical = LexicalIndex(folder / "tantivy")
            self.dense = DenseIndex(folder / "chroma", embeddings)
            (folder / _EMBEDDER).write_text(embedder, encoding="utf-8")

    @classmethod
    def open(cls, folder: Path, embeddings: Embeddings, *, embedder: str = MiniLM.name) -> Self | None:
        """Return the indexes in `folder`, or None if they are missing, not as they were sealed, or cannot be opened."""
        if not is_sealed(folder):
            return None
        try:
            return cls(folder, embeddings, embedder=embedder)
        except Exception as error:  # Chroma and tantivy raise their own, unrelated kinds, as for a newer format
            _log.warning("The index in %s cannot be opened: %s", folder, error)
            return None

    def close(self) -> None:
        self.dense.close()

    def seal(self) -> None:
        """Write down the checksums of all files. Without them the indexes are not opened again."""
        with _writing(self._folder):
            self.dense.settle()
            (self._folder / _SEAL).write_text(json.dumps(_checksums(self._folder)), encoding="utf-8")

    def unseal(self) -> None:
        """Let the indexes not be opened again."""
        (self._folder / _SEAL).unlink(missing_ok=True)

    def hold(self, *, fewest: int, most: int) -> bool:
        """Tell whether the number of passages in both indexes is in these bounds."""
        return all(fewest <= len(index) <= most for index in (self.lexical, self.dense))

    def add_words(self, passages: Sequence[Passage]) -> None:
        """Let passages be found by their words; `add_vectors` follows."""
        with _writing(self._folder):
            self.lexical.add(passages)

    def add_vectors(self, passages: Sequence[Passage]) -> None:
        """Let passages be found by their meaning."""
        with _writing(self._folder):
            self.dense.add(passages)

    def remove(self, passage_ids: Sequence[str]) -> None:
        with _writing(self._folder):
            self.lexical.remove(passage_ids)
            self.dense.remove(passage_ids)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turn what a full or locked disk makes Chroma and tantivy raise, which is of no common kind, into one error."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, OSError) and not any(reason in str(error).lower() for reason in _NO_ROOM):
            raise
        raise LibraryUnwritable(
            f"The index in {folder} cannot be written ({error}); free or unlock the disk, or choose another folder with"
            " --library."
        ) from error


def embedded_steps(
    passages: Sequence[Passage], embeddings: CachedEmbeddings, on_progress: Callable[[int, int], None]
) -> Iterator[Sequence[Passage]]:
    """Yield the passages in steps, each once it is embedded, for indexes to add; `on_progress(done, total)` is told."""
    for start in range(0, len(passages), _PASSAGES_A_STEP):
        step = passages[start : start + _PASSAGES_A_STEP]
        for done in range(0, len(step), _EMBEDDED_AT_ONCE):
            on_progress(start + done, len(passages))
            # Remembered at once: a killed process does not embed them again.
            embeddings.embed([one.embedded_text for one in step[done : done + _EMBEDDED_AT_ONCE]])
        yield step
    if passages:
        on_progress(len(passages), len(passages))


def embedder_of(folder: Path) -> str:
    """Return the name of the model that the indexes in `folder` were made with."""
    try:
        return (folder / _EMBEDDER).read_text(encoding="utf-8")
    except (OSError, ValueError):  # missing: there was no other model when they were made
        return MiniLM.name


def is_sealed(folder: Path) -> bool:
    try:
        sealed = json.loads((folder / _SEAL).read_text(encoding="utf-8"))
        return bool(sealed == _checksums(folder))
    except (OSError, ValueError):
        return False


def _checksums(folder: Path) -> dict[str, int]:
    """Return the CRC-32 of every file by its path in `folder`."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != _SEAL)
    return {path.relative_to(folder).as_posix(): checksum(path) for path in files}
