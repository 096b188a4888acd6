"""Library: one folder with the catalogue, its indexes, and copies of the listings it was made from.

DIR/catalogue.sqlite3      the source of truth
DIR/listings/SHA/NAME      the listings as they were given; SHA@AS_OF where that was given too
DIR/index/{chroma,tantivy} rebuilt from the catalogue whenever it is missing or behind; index-HASH of other embedders
DIR/map.json               the map of the papers, made anew whenever it is missing or behind
DIR/lock                   held by the process that has the library open
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import Self

from vectorstore.catalogue import Catalogue, damaged, sqlite_url
from vectorstore.chosen import ChosenPapers
from vectorstore.current_indexes import CurrentIndexes, OnProgress
from vectorstore.decisions import Decision
from vectorstore.embeddings import CachedEmbeddings, embedding_model
from vectorstore.errors import ListingError
from vectorstore.filters import Filters
from vectorstore.folder import LibraryFolder
from vectorstore.indexes import embedded_steps
from vectorstore.listings import read_listing
from vectorstore.listings.entry import Listing
from vectorstore.minilm import MiniLM
from vectorstore.namesakes import Namesakes
from vectorstore.papers import Paper
from vectorstore.ranking import Ranking
from vectorstore.rerankers import RERANKED
from vectorstore.rerankers import reranker as reranker_named
from vectorstore.retriever import PassageRetriever, RetrievedPassage
from vectorstore.servers import Access
from vectorstore.titles import TitleIndex

_FILTERS_KEPT = 32  # the latest, with the papers that meet them


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
    """Owns one library folder for as long as it is open. Use it as a context manager. Threads may share it."""

    def __init__(
        self,
        folder: Path,
        *,
        embedder: str = MiniLM.name,
        reranker: str | None = None,
        access: Access | None = None,
        switch_in_background: bool = False,
        on_progress: OnProgress | None = None,
    ) -> None:
        """Open the library in `folder`, creating it if it is missing.

        If it was embedded with another embedder, it is embedded anew when it is first searched or added to: at once,
        or, with `switch_in_background`, by a thread while the former embedder goes on answering. `access` is how
        servers of models are reached.

        Raises LibraryError: not writable, LibraryLocked, LibraryTooNew, LibraryDamaged; and EmbeddingError if there
        is no such embedder or reranker.
        """
        self.revision = 0  # counts the changes made since the library was opened
        self._chosen = lru_cache(_FILTERS_KEPT)(self._chosen_anew)
        self._on_progress = on_progress or _silent
        self._changing = threading.RLock()  # held by the one thread that stores listings
        self._retriever: PassageRetriever | None = None
        self._titles: tuple[int, TitleIndex] | None = None
        self._reranker = reranker_named(reranker) if reranker else None
        model = embedding_model(embedder, access)
        self._folder = LibraryFolder(folder)
        try:
            self.catalogue = self._catalogue()
        except BaseException:
            self._folder.release()
            raise
        self._indexes = CurrentIndexes(
            self._folder,
            self.catalogue,
            model,
            model_named=lambda name: embedding_model(name, access),
            changing=self._changing,
            in_background=switch_in_background,
            on_progress=self._on_progress,
        )

    def _catalogue(self) -> Catalogue:
        file = self._folder.catalogue
        # SQLite takes an empty file for a new database.
        if file.exists() and not file.stat().st_size and self._folder.kept_listings():
            raise damaged(file, "it is empty")
        return Catalogue(sqlite_url(file))

    @property
    def path(self) -> Path:
        return self._folder.path

    @property
    def embeddings(self) -> CachedEmbeddings:
        """The embedding model in use. While the library is embedded anew in the background it is the former one."""
        return self._indexes.embeddings

    def close(self) -> None:
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
        files, listings, skipped = self._listings(paths, as_of)
        with self._changing:
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
        with self._changing:
            added, merged = self.catalogue.add(listings)
            self.revision += 1
            self._chosen.cache_clear()
            embedded = self._index_new(on_progress or self._on_progress)
            self._chosen.cache_clear()  # what papers say was known of some alone meanwhile
            return added, merged, embedded

    def decide(self, decision: Callable[[Namesakes], Decision]) -> Decision:
        """Make or undo a decision on who is who: `library.decide(lambda people: people.undo("Bumjun Kim"))`."""
        with self._changing:
            made = decision(self.catalogue.namesakes)
            self.revision += 1
            self._chosen.cache_clear()
            return made

    def _index_new(self, on_progress: OnProgress) -> int:
        """Bring the indexes up to the catalogue; return how many passages were embedded."""
        gone = [passage.passage_id for passage in self.catalogue.passages(state="gone")]
        new = self.catalogue.passages(state="new")
        if not gone and not new:
            return 0
        indexes = self._indexes.get()
        before = self.embeddings.embedded
        if gone:
            indexes.remove(gone)
            self.catalogue.mark_indexed(gone)
        for step in embedded_steps(new, self.embeddings, partial(on_progress, "Indexing passages")):
            indexes.add(step)
            self.catalogue.mark_indexed([passage.passage_id for passage in step])
        indexes.seal()
        return self.embeddings.embedded - before

    def _listings(
        self, paths: Iterable[Path], as_of: date | None
    ) -> tuple[list[Path], list[Listing], list[SkippedLine]]:
        files: list[Path] = []
        listings: list[Listing] = []
        skipped: list[SkippedLine] = []
        for path in paths:
            found, unreadable = _listings_in(self._dated_files(path, as_of), path)
            files += [file for file, _ in found]
            listings += [listing for _, listing in found]
            skipped += unreadable
            skipped += [
                SkippedLine(str(file), line.line, line.reason) for file, listing in found for line in listing.skipped
            ]
        return files, listings, skipped

    def _dated_files(self, path: Path, as_of: date | None) -> list[tuple[Path, date | None]]:
        """Return the files at `path`: itself, or those of a folder, each with the day it was saved if known."""
        if not path.is_dir():
            return [(path, as_of)]
        if path.resolve() == self._folder.listings:
            return [(file, as_of or day) for file, day in self._folder.kept_listings()]
        return [(file, as_of) for file in sorted(path.rglob("*")) if file.is_file() and file.suffix.lower() == ".txt"]

    # -- out

    def papers(self, filters: Filters | None = None) -> list[Paper]:
        """Return the papers that meet `filters`, newest first, undated last, then by title."""
        ids = self._chosen(filters).ids() if filters else None
        return sorted(
            self.catalogue.papers(ids),
            key=lambda paper: (-(paper.published or date.min).toordinal(), paper.title, paper.paper_id),
        )

    def count(self, filters: Filters) -> int:
        """Return how many papers meet `filters`."""
        return len(self._chosen(filters).ids())

    def search(self, query: str, *, top_k: int = 10, filters: Filters | None = None) -> list[RetrievedPassage]:
        """Return the best passage of each of the `top_k` papers closest to `query` that meet `filters`."""
        chosen = self._chosen(filters) if filters else None
        if self._reranker is None:
            return self.retriever.retrieve(query, top_k=top_k, chosen=chosen)
        found = self.retriever.retrieve(query, top_k=max(top_k, RERANKED), chosen=chosen)
        return self._reranker.reordered(query, found)[:top_k]

    def _chosen_anew(self, filters: Filters) -> ChosenPapers:
        return ChosenPapers(filters, self.catalogue, lambda: self.retriever.lexical)

    def term_weights(self, words: Iterable[str]) -> dict[str, float]:
        """Return how telling each stemmed word is: its inverse document frequency in this library."""
        return self.retriever.lexical.weights(words)

    @property
    def titles(self) -> TitleIndex:
        """The titles, indexed when they are first asked for after a change."""
        revision = self.revision
        if self._titles is None or self._titles[0] != revision:
            self._titles = revision, TitleIndex(self.catalogue.titles())
        return self._titles[1]

    @property
    def retriever(self) -> PassageRetriever:
        if self._retriever is None:
            self._finish()
        indexes, retriever = self._indexes.get(), self._retriever
        if retriever is None or retriever.dense is not indexes.dense:
            retriever = PassageRetriever(
                dense=indexes.dense,
                lexical=indexes.lexical,
                ranking=Ranking(self.embeddings, indexes.dense, indexes.lexical),
                passages_by_id=self.catalogue.passages_by_id,
                titled=lambda query: self.titles.meant(query),
            )
            self._retriever = retriever
        return retriever

    def _finish(self) -> None:
        """Index what a killed process left unindexed, unless another thread is indexing just now."""
        if self._changing.acquire(blocking=False):
            try:
                self._index_new(self._on_progress)
            finally:
                self._changing.release()


def _listings_in(
    files: Iterable[tuple[Path, date | None]], path: Path
) -> tuple[list[tuple[Path, Listing]], list[SkippedLine]]:
    """Return the listings among `files`, and those of a folder that are none; without any, raise ListingError."""
    found: list[tuple[Path, Listing]] = []
    skipped: list[SkippedLine] = []
    for file, as_of in files:
        try:
            found.append((file, read_listing(file, as_of=as_of)))
        except ListingError as error:
            if file == path:
                raise
            skipped.append(SkippedLine(str(file), None, str(error)))
    if not found:
        reason = f"; {skipped[0].reason}" if skipped else "; name a listing, or a folder with some (.txt)."
        raise ListingError(f"{path} holds no listing{reason}")
    return found, skipped
