"""Library: one folder with the catalogue, its indexes, and copies of the listings it was made from.

DIR/catalogue.sqlite3      the source of truth
DIR/listings/SHA/NAME      the listings as they were given
DIR/index/{chroma,tantivy} rebuilt from the catalogue whenever it is missing or behind
DIR/lock                   held by the process that has the library open
"""

import logging
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from vectorstore.catalogue import Catalogue, sqlite_url
from vectorstore.embeddings import CachedEmbeddings, embedding_model
from vectorstore.errors import ListingError
from vectorstore.filters import Filters
from vectorstore.folder import LibraryFolder
from vectorstore.indexes import Indexes
from vectorstore.listings import read_listing
from vectorstore.listings.entry import Listing
from vectorstore.papers import Paper
from vectorstore.retriever import PassageRetriever, RetrievedPassage

_log = logging.getLogger(__name__)
_PASSAGES_A_STEP = 512  # embedded, indexed and marked together: what a killed process has to do again

OnProgress = Callable[[str, int, int], None]  # what is done, how much of it, of how much


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A line (None: the whole file) that was left out of the library, and why."""

    file: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did. `papers_merged` counts entries that joined a paper already there."""

    listings: int
    entries: int
    papers_added: int
    papers_merged: int
    passages_embedded: int
    skipped: tuple[SkippedLine, ...]
    seconds: float


def _silent(_step: str, _done: int, _total: int) -> None:
    """Report no progress."""


class Library:
    """Owns one library folder for as long as it is open. Use it as a context manager."""

    def __init__(self, folder: Path, *, embedder: str = "minilm", on_progress: OnProgress | None = None) -> None:
        """Open the library in `folder`, creating it if it is missing.

        Raises LibraryError: not writable, LibraryLocked, LibraryTooNew, LibraryDamaged.
        """
        self.revision = 0  # counts the changes made since the library was opened
        self._on_progress = on_progress or _silent
        self._folder = LibraryFolder(folder)
        try:
            self.catalogue = Catalogue(sqlite_url(self._folder.catalogue))
        except BaseException:
            self._folder.release()
            raise
        self.embeddings = CachedEmbeddings(embedding_model(embedder), self.catalogue)

    @property
    def path(self) -> Path:
        return self._folder.path

    def close(self) -> None:
        if "_indexes" in self.__dict__:
            self._indexes.close()
        self.catalogue.close()
        self._folder.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # -- in

    def ingest(
        self, paths: Iterable[Path], *, as_of: date | None = None, on_progress: OnProgress | None = None
    ) -> IngestReport:
        """Read listings (files, or folders with .txt files) into the library.

        All files are read before anything is stored: a ListingError leaves the library as it was. In a folder,
        a file that is no listing is skipped and reported.
        """
        started = time.perf_counter()
        files, listings, skipped = _listings(paths, as_of)
        for listing, file in zip(listings, files, strict=True):
            self._folder.keep_listing(file, listing)
        added, merged, embedded = self.add(listings, on_progress=on_progress)
        return IngestReport(
            listings=len(listings),
            entries=sum(len(listing.entries) for listing in listings),
            papers_added=added,
            papers_merged=merged,
            passages_embedded=embedded,
            skipped=tuple(skipped),
            seconds=round(time.perf_counter() - started, 3),
        )

    def add(self, listings: Sequence[Listing], *, on_progress: OnProgress | None = None) -> tuple[int, int, int]:
        """Store listings that were read already; return the papers added, entries merged and passages embedded."""
        added, merged = self.catalogue.add(listings)
        self.revision += 1
        return added, merged, self._index_new(on_progress or self._on_progress)

    def _index_new(self, on_progress: OnProgress) -> int:
        """Bring the indexes up to the catalogue; return how many passages were embedded."""
        gone = [passage.passage_id for passage in self.catalogue.passages(state="gone")]
        new = self.catalogue.passages(state="new")
        before = self.embeddings.embedded
        if gone:
            self._indexes.remove(gone)
            self.catalogue.mark_indexed(gone)
        for start in range(0, len(new), _PASSAGES_A_STEP):
            on_progress("Indexing passages", start, len(new))
            step = new[start : start + _PASSAGES_A_STEP]
            self._indexes.add(step)
            self.catalogue.mark_indexed([passage.passage_id for passage in step])
        if new:
            on_progress("Indexing passages", len(new), len(new))
        return self.embeddings.embedded - before

    # -- out

    def papers(self, filters: Filters | None = None) -> list[Paper]:
        """Return the papers that meet `filters`, newest first, undated last, then by title."""
        ids = self.catalogue.paper_ids(filters.conditions()) if filters else None
        return sorted(
            self.catalogue.papers(ids),
            key=lambda paper: (-(paper.published or date.min).toordinal(), paper.title, paper.paper_id),
        )

    def search(self, query: str, *, top_k: int = 10, filters: Filters | None = None) -> list[RetrievedPassage]:
        """Return the best passage of each of the `top_k` papers closest to `query` that meet `filters`."""
        among = None
        if filters:
            among = self.catalogue.passage_ids(self.catalogue.paper_ids(filters.conditions()))
        return self.retriever.retrieve(query, top_k=top_k, among=among)

    def term_weights(self, words: Iterable[str]) -> dict[str, float]:
        """Return how telling each stemmed word is: its inverse document frequency in this library."""
        return self._indexes.lexical.weights(words)

    @cached_property
    def retriever(self) -> PassageRetriever:
        return PassageRetriever(
            dense=self._indexes.dense,
            lexical=self._indexes.lexical,
            passages_by_id=self.catalogue.passages_by_id,
        )

    # -- the indexes

    @cached_property
    def _indexes(self) -> Indexes:
        indexed = self.catalogue.count_indexed()
        indexes = Indexes.open(self._folder.index, self.embeddings)
        if indexes and indexes.hold(indexed):
            return indexes
        if indexes:
            indexes.close()
        if indexed:
            _log.warning("The index in %s is missing or behind; it is rebuilt from the catalogue", self._folder.index)
        return self._rebuilt()

    def _rebuilt(self) -> Indexes:
        """Build the indexes in a new folder and swap it in. Stored embeddings are used: little is embedded."""
        fresh = self._folder.index.with_name("index.new")
        shutil.rmtree(fresh, ignore_errors=True)
        indexes = Indexes(fresh, self.embeddings)
        passages = self.catalogue.passages()
        for start in range(0, len(passages), _PASSAGES_A_STEP):
            self._on_progress("Rebuilding the index", start, len(passages))
            indexes.add(passages[start : start + _PASSAGES_A_STEP])
        indexes.close()
        shutil.rmtree(self._folder.index, ignore_errors=True)
        fresh.rename(self._folder.index)
        self.catalogue.mark_indexed([passage.passage_id for passage in passages])
        return Indexes(self._folder.index, self.embeddings)


def _listings(paths: Iterable[Path], as_of: date | None) -> tuple[list[Path], list[Listing], list[SkippedLine]]:
    files: list[Path] = []
    listings: list[Listing] = []
    skipped: list[SkippedLine] = []
    for path in paths:
        found, unreadable = _listings_at(path, as_of)
        files += [file for file, _ in found]
        listings += [listing for _, listing in found]
        skipped += unreadable
        skipped += [
            SkippedLine(str(file), line.line, line.reason) for file, listing in found for line in listing.skipped
        ]
    return files, listings, skipped


def _listings_at(path: Path, as_of: date | None) -> tuple[list[tuple[Path, Listing]], list[SkippedLine]]:
    if not path.is_dir():
        return [(path, read_listing(path, as_of=as_of))], []
    found: list[tuple[Path, Listing]] = []
    skipped: list[SkippedLine] = []
    for file in _text_files(path):
        try:
            found.append((file, read_listing(file, as_of=as_of)))
        except ListingError as error:
            skipped.append(SkippedLine(str(file), None, str(error)))
    if not found:
        raise ListingError(f"{path} holds no listing (.txt file); name a listing, or a folder with some.")
    return found, skipped


def _text_files(folder: Path) -> Sequence[Path]:
    return sorted(file for file in folder.rglob("*.txt") if file.is_file())
