"""Library: one folder with the catalogue, its indexes, and copies of the listings it was made from.

DIR/catalogue.sqlite3      the source of truth; catalogue.seal is its checksum, as it was closed
DIR/listings/SHA/NAME      the listings as they were given; SHA@AS_OF where that was given too
DIR/removed/SHA/NAME       those that were removed, until they are restored or forgotten
DIR/index/{chroma,tantivy} rebuilt from the catalogue whenever it is missing or behind; index-HASH of other embedders
DIR/map.json               the map of the papers, made anew whenever it is missing or behind
DIR/backups/               the latest copies of the catalogue, without vectors
DIR/damaged/               a catalogue that was rebuilt, as it was found
DIR/lock                   held by the process that writes the library; others may read beside it
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from vectorstore.catalogue.author_decisions import Decision
from vectorstore.catalogue.catalogue import Catalogue, damaged, is_older, read_only_url, sqlite_url
from vectorstore.catalogue.filters import Filters
from vectorstore.catalogue.ingestion import Change
from vectorstore.catalogue.merges import MergedEntry
from vectorstore.catalogue.namesakes import Namesakes
from vectorstore.catalogue.paper_table import PaperTable
from vectorstore.catalogue.removals import Removal
from vectorstore.catalogue.seals import has_log, is_as_sealed, seal_file
from vectorstore.embedders.embeddings import CachedEmbeddings, embedding_model
from vectorstore.embedders.minilm import MiniLM
from vectorstore.errors import LibraryError, LibraryUnwritable
from vectorstore.folder import LibraryFolder
from vectorstore.listing_files import SkippedLine, kept_listings, listings_at, without_entries
from vectorstore.listings.entry import Listing
from vectorstore.papers.paper import Paper
from vectorstore.recovery.backups import Backups
from vectorstore.recovery.mending import Damage, damage_of, mend
from vectorstore.search.cross_encoder import Reader, shared_reader
from vectorstore.search.current_indexes import Closing, CurrentIndexes, OnProgress
from vectorstore.search.filtered_papers import ChosenPapers, followed
from vectorstore.search.indexes import embedded_steps
from vectorstore.search.indexes_in_memory import IndexesInMemory
from vectorstore.search.lexical import LexicalIndex
from vectorstore.search.ranking import Ranking
from vectorstore.search.rerankers import RERANKED
from vectorstore.search.rerankers import reranker as reranker_named
from vectorstore.search.retriever import PassageRetriever, RetrievedPassage
from vectorstore.search.typed_titles import TitleIndex
from vectorstore.servers import Access

__all__ = ["IngestReport", "Library", "SkippedLine"]

T = TypeVar("T")
_log = logging.getLogger(__name__)
_FILTERS_KEPT = 32  # the latest, with the papers that meet them


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


def _report(
    listings: Sequence[Listing], counts: tuple[int, int, int], *, skipped: Sequence[SkippedLine] = (), since: float
) -> IngestReport:
    """Return the report of an ingest that began at `since`, of the monotonic clock in seconds."""
    added, merged, embedded = counts
    return IngestReport(
        listings=len(listings),
        entries=sum(len(listing.entries) for listing in listings),
        papers_added=added,
        papers_merged=merged,
        passages_embedded=embedded,
        skipped=tuple(skipped),
        seconds=round(time.perf_counter() - since, 3),
    )


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
        in_background: bool = False,
        read_only: bool = False,
        on_progress: OnProgress | None = None,
    ) -> None:
        """Open the library in `folder`, creating it if it is missing.

        What a kill left of listings is stored now, and what is not embedded yet is embedded when it is first searched
        or added to. With `in_background` a thread does both at the first search, while what is embedded, or the former
        embedder if there is another one now, and the words go on answering. `access` is how servers of models are
        reached. With `read_only` nothing is written, another process may write meanwhile, and the library is searched
        as it was when it was first searched.

        Raises LibraryError: LibraryUnwritable, LibraryLocked, LibraryTooNew, LibraryDamaged; and EmbeddingError if
        there is no such embedder or reranker.
        """
        self.revision = 0  # counts the changes made since the library was opened
        self._chosen = lru_cache(_FILTERS_KEPT)(self._chosen_anew)
        self._on_progress = on_progress or _silent
        self._in_background, self._closing = in_background, threading.Event()
        self._finishing: threading.Thread | None = None
        self._changing = threading.RLock()  # held by the one thread that stores listings
        self._is_storing = False
        self._retriever: PassageRetriever | None = None
        self._titles: tuple[int, TitleIndex] | None = None
        self._table: tuple[int, PaperTable] | None = None
        self._reranker = reranker_named(reranker) if reranker else None
        model = embedding_model(embedder, access)
        self.read_only = read_only
        self._folder = LibraryFolder(folder, read_only=read_only)
        self._backups = Backups(self._folder.backups, self._folder.catalogue)
        try:
            self.catalogue = self._opened_to_read() if read_only else self._opened_to_write()
        except BaseException:
            self._folder.release()
            raise
        self._indexes: IndexesInMemory | CurrentIndexes
        if read_only:
            self._indexes = IndexesInMemory(self.catalogue, model, self._on_progress)
            return
        self._indexes = CurrentIndexes(
            self._folder,
            self.catalogue,
            model,
            model_named=lambda name: embedding_model(name, access),
            changing=self._changing,
            in_background=in_background,
            on_progress=self._on_progress,
        )
        if not in_background and self.catalogue.unfinished():
            try:
                self._stored_rest(self._on_progress)
            except BaseException:
                self.close()
                raise

    def _opened_to_read(self) -> Catalogue:
        file = self._folder.catalogue
        if not file.exists():
            raise LibraryError(f"There is no library in {self.path}; choose another folder with --library.")
        if not has_log(file) and not is_as_sealed(file) and (damage := damage_of(file)):
            raise damaged(file, str(damage))
        return Catalogue(read_only_url(file), read_only=True)

    def _opened_to_write(self) -> Catalogue:
        """Open the catalogue, and mend what can be mended without loss; before it is changed, back it up."""
        file = self._folder.catalogue
        is_sealed = is_as_sealed(file) and not has_log(file)
        damage = None if is_sealed else self._damage()
        if damage and not damage.is_mendable:
            raise damaged(file, str(damage))
        if file.exists() and not damage:
            self._backups.make() if is_older(file) else self._backups.make_if_due()
        catalogue = Catalogue(sqlite_url(file))
        try:
            if damage:
                self._mend(catalogue, damage)
            self._folder.put_away(catalogue.removals.listings())  # in case that a killed process did not
        except BaseException:
            catalogue.close()
            raise
        self._sealed_at = file.stat().st_mtime_ns if is_sealed and not damage else 0
        return catalogue

    def _damage(self) -> Damage | None:
        """Return what is damaged in the catalogue, which is read as a whole."""
        file = self._folder.catalogue
        if file.exists() and file.stat().st_size:
            return damage_of(file)
        # SQLite takes an empty file for a new database, and makes one where there is none.
        if self._folder.kept_listings() or self._backups.all():
            raise damaged(file, "it is empty" if file.exists() else "it is missing")
        return None

    def _mend(self, catalogue: Catalogue, damage: Damage) -> None:
        listings, _ = kept_listings(self._folder)
        if not mend(catalogue.engine, damage, listings):
            raise damaged(self._folder.catalogue, str(damage))
        _log.warning(
            "%s was damaged (%s); what was damaged is made anew from what the library keeps, and nothing is lost.",
            self._folder.catalogue,
            damage,
        )

    @property
    def _current(self) -> CurrentIndexes:
        """The indexes that can be added to."""
        if not isinstance(self._indexes, CurrentIndexes):
            raise LibraryUnwritable(f"The library {self.path} can only be read now; open it where it can be written.")
        return self._indexes

    @property
    def path(self) -> Path:
        return self._folder.path

    @property
    def embeddings(self) -> CachedEmbeddings:
        """The embedding model in use. While the library is embedded anew in the background it is the former one."""
        return self._indexes.embeddings

    def close(self) -> None:
        self._closing.set()
        if self._finishing:
            self._finishing.join()
        self._indexes.close()
        self.catalogue.close()
        if not self.read_only:
            self._seal()
        self._folder.release()

    def _seal(self) -> None:
        """Write down the checksum of the catalogue; without it the next one to open it looks more closely."""
        file = self._folder.catalogue
        if has_log(file) or file.stat().st_mtime_ns == self._sealed_at:
            return
        try:
            seal_file(file)
        except OSError as error:
            _log.debug("%s is not sealed: %s", file, error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # -- in

    def ingest(
        self,
        paths: Iterable[Path],
        *,
        as_of: date | None = None,
        on_progress: OnProgress | None = None,
        skipping: bool = False,
        fetched: Sequence[Listing] = (),
    ) -> IngestReport:
        """Read listings (files, folders and .zip archives of them) into the library, with those `fetched` before.

        All files are read before anything is stored: a ListingError leaves the library as it was. In a folder,
        a file that is no listing is skipped and reported; so is any with `skipping`, unless there is no other.

        Papers are stored and found by their words batch by batch, and embedded after that. What a stop or a kill
        leaves, whoever opens the library next goes on with.
        """
        started = time.perf_counter()
        read, skipped = listings_at(paths, as_of=as_of, kept=self._folder, skipping=skipping)
        listings = [*fetched, *read]
        with self._changing:
            self._keep(listings)
            counts = self.add(listings, on_progress=on_progress)
        return _report(listings, counts, skipped=skipped, since=started)

    def _keep(self, listings: Sequence[Listing]) -> None:
        """Keep copies of listings that are going to be stored: whoever goes on with one reads its copy."""
        self.catalogue.announce(listings)
        try:
            for listing in listings:
                self._folder.keep_listing(listing)
        except LibraryError:
            self.catalogue.give_up([one.sha256 for one in listings if not self._folder.has_copy(one.sha256)])
            raise

    def add(self, listings: Sequence[Listing], *, on_progress: OnProgress | None = None) -> tuple[int, int, int]:
        """Store listings that were read already; return the papers added, entries merged and passages embedded.

        There are no copies of them: a stop or a kill leaves what is not stored to whoever adds them again.
        """
        report = on_progress or self._on_progress
        in_words: set[str] = set()  # the passages that are found by their words
        (added, merged), embedded = self._changed(lambda: self._store(listings, report, in_words), report, in_words)
        return added, merged, embedded

    def _store(self, listings: Sequence[Listing], report: OnProgress, in_words: set[str]) -> tuple[int, int]:
        """Store listings; return the papers added and entries merged. What is stored is found by its words at once."""

        def stored(change: Change, done: int, total: int) -> None:
            if change.passages:
                self._current.get().add_words(change.passages)
                in_words.update(passage.passage_id for passage in change.passages)
            self._say_changed()
            if change.entries:
                report("Storing papers", done, total)

        self._is_storing = True
        try:
            return self.catalogue.add(listings, on_stored=stored)
        finally:
            self._is_storing = False

    @property
    def is_unfinished(self) -> bool:
        """Tell whether a stop or a kill left papers that are not stored, or not embedded."""
        return not self.read_only and bool(self.catalogue.unfinished() or self.catalogue.count_passages()["new"])

    def finish(self, *, on_progress: OnProgress | None = None) -> IngestReport:
        """Go on with what a stop or a kill left."""
        started, report = time.perf_counter(), on_progress or self._on_progress
        with self._changing:
            listings, (added, merged) = self._stored_rest(report)
            embedded = self._index_new(report)
            self._chosen.cache_clear()
        return _report(listings, (added, merged, embedded), since=started)

    def _stored_rest(self, report: OnProgress) -> tuple[list[Listing], tuple[int, int]]:
        """Store what is left of listings; return these, and the papers added and entries merged."""
        unfinished = self.catalogue.unfinished()
        if not unfinished:
            return [], (0, 0)
        copies, _ = kept_listings(self._folder, of=unfinished)
        listings = [copy for copy in copies if copy.sha256 in unfinished]
        self.catalogue.give_up(unfinished.difference(copy.sha256 for copy in listings))
        return listings, self._store(listings, report, set())

    def decide(self, decision: Callable[[Namesakes], Decision]) -> Decision:
        """Make or undo a decision on who is who: `library.decide(lambda people: people.undo("Bumjun Kim"))`."""
        with self._changing:
            made = decision(self.catalogue.namesakes)
            self._say_changed()
            return made

    def _changed(
        self, change: Callable[[], T], on_progress: OnProgress | None = None, in_words: Collection[str] = ()
    ) -> tuple[T, int]:
        """Change which papers there are; return what `change` does, and how many passages were embedded. It may have
        let some be found by their words, and says which in `in_words`."""
        with self._changing:
            made = change()
            self._say_changed()
            try:
                return made, self._index_new(on_progress or self._on_progress, in_words)
            finally:
                self._chosen.cache_clear()  # what papers say was known of some alone meanwhile

    def _say_changed(self) -> None:
        self.revision += 1
        self._chosen.cache_clear()

    def _index_new(self, on_progress: OnProgress, in_words: Collection[str] = ()) -> int:
        """Bring the indexes up to the catalogue, where the passages `in_words` are found by their words already; return
        how many were embedded."""
        gone = [passage.passage_id for passage in self.catalogue.passages(state="gone")]
        new = self.catalogue.passages(state="new")
        if not gone and not new:
            return 0
        indexes = self._current.get()
        before = self.embeddings.embedded
        if gone:
            indexes.remove(gone)
            self.catalogue.mark_indexed(gone)
        indexes.add_words([passage for passage in new if passage.passage_id not in in_words])
        for step in embedded_steps(new, self.embeddings, partial(on_progress, "Embedding passages")):
            indexes.add_vectors(step)
            self.catalogue.mark_indexed([passage.passage_id for passage in step])
        if indexes.lexical.is_stale():
            indexes.lexical.write_anew(self.catalogue.passages(state="indexed"))
        indexes.seal()
        return self.embeddings.embedded - before

    # -- out of it, and back

    def removals(self) -> list[Removal]:
        """Return the deletions that can be undone, the newest first."""
        return self.catalogue.removals.all()

    def remove_listing(self, sha256: str) -> Removal:
        """Take a listing out of the library, with the papers that no other prints. Nothing stored is lost.

        Raises NotInLibrary if there is no such listing.
        """
        with self._changing:
            self._backups.make()
            removal, _ = self._changed(lambda: self.catalogue.removals.remove_listing(sha256))
            self._folder.put_away([sha256])
            return removal

    def remove_papers(self, paper_ids: Collection[str]) -> Removal:
        """Take papers out of the library. Nothing stored is lost. Raises NotInLibrary if one is not in it."""
        with self._changing:
            if len(paper_ids) > 1:
                self._backups.make()
            return self._changed(lambda: self.catalogue.removals.remove_papers(paper_ids))[0]

    def restore(self, removal_id: int) -> Removal:
        """Undo a deletion. Raises NotInLibrary if there is none of this id."""
        with self._changing:
            if sha256 := self.catalogue.removals.one(removal_id).listing_sha256:
                self._folder.bring_back(sha256)
            return self._changed(lambda: self.catalogue.removals.restore(removal_id))[0]

    def forget(self, removal_id: int, *, withdraw: Callable[[frozenset[str]], None] | None = None) -> Removal:
        """Make a deletion final: what was printed is in no file of the library any more, backups included.

        What quotes papers and is kept beside the catalogue is not the library's to forget: `withdraw` is called with
        all ids that the papers have had, before they are gone and again when nothing can tell of them any more. Raises
        NotInLibrary if there is none of this id.
        """
        with self._changing:
            removal = self.catalogue.removals.one(removal_id)
            gone = frozenset(self.catalogue.removals.papers_of(removal_id))
            gone |= self.catalogue.former_ids(gone)
            if withdraw:  # a process that is killed below leaves no answer on what is gone
                withdraw(gone)
            if removal.listing_sha256:
                self._folder.discard(removal.listing_sha256)
            else:
                self._shorten_listings(self.catalogue.removals.entries_of(removal_id))
            self._backups.clear()
            self._folder.discard_damaged()
            self._changed(lambda: self.catalogue.removals.forget(removal_id))
            if withdraw:
                withdraw(gone)
            self.catalogue.empty_log()
            indexes = self._current.get()
            indexes.lexical.write_anew(self.catalogue.passages())  # it has the words until then
            indexes.seal()
            self._backups.make_if_due()
            return removal

    def _shorten_listings(self, lines: Mapping[str, Collection[int]]) -> None:
        """Take entries out of the kept copies of their listings."""
        copies, _ = kept_listings(self._folder, of=lines)
        for listing in copies:
            if listing.sha256 in lines:
                self._folder.shorten_listing(listing.sha256, without_entries(listing, lines[listing.sha256]))

    # -- which entries are one paper

    def merge_reasons(self, paper_id: str) -> tuple[MergedEntry, ...]:
        """Return the entries of a paper with why each was taken for it, then those that are kept apart from it.

        Raises NotInLibrary if there is no such paper.
        """
        return self.catalogue.merges.reasons(paper_id)

    def keep_apart(self, listing_sha256: str, line: int) -> str:
        """Make an entry a paper of its own, and return its id. Those of all other papers stay what they are.

        Raises NotInLibrary if there is no such entry, MergeError if it is a paper of its own already.
        """
        return self._changed(lambda: self.catalogue.merges.keep_apart(listing_sha256, line))[0]

    def rejoin(self, listing_sha256: str, line: int) -> str:
        """Undo `keep_apart`; return the id of the paper that the entry is in again.

        Raises NotInLibrary if there is no such entry, MergeError if it is not kept apart.
        """
        return self._changed(lambda: self.catalogue.merges.rejoin(listing_sha256, line))[0]

    # -- what it holds

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
        return ChosenPapers(followed(filters, self.catalogue), self.catalogue, lambda: self.retriever.lexical)

    def term_weights(self, words: Iterable[str]) -> dict[str, float]:
        """Return how telling each stemmed word is: its inverse document frequency in this library."""
        return self.retriever.lexical.weights(words)

    @property
    def reader(self) -> Reader:
        """The reader that tells what answers a question, loaded at first use, once in a process."""
        return shared_reader()

    @property
    def titles(self) -> TitleIndex:
        """The titles, indexed when they are first asked for after a change."""
        revision = self.revision
        if self._titles is None or self._titles[0] != revision:
            self._titles = revision, TitleIndex(self.catalogue.titles())
        return self._titles[1]

    @property
    def table(self) -> PaperTable:
        """The table of papers, read when it is first asked for after a change."""
        revision = self.revision
        if self._table is None or self._table[0] != revision:
            self._table = revision, PaperTable(self.catalogue)
        return self._table[1]

    @property
    def words(self) -> LexicalIndex:
        """The words of what is read so far; unlike the `retriever` it finishes nothing that a stop left."""
        try:
            return self._indexes.get().lexical
        except LibraryUnwritable:
            return self.retriever.lexical

    @property
    def retriever(self) -> PassageRetriever:
        try:
            if self._retriever is None:
                self._finish()
            indexes = self._indexes.get()
        except LibraryUnwritable as error:
            _log.warning("%s Meanwhile the library is searched in memory.", error)
            self._indexes.close()
            self._indexes = IndexesInMemory(self.catalogue, self._indexes.embeddings.model, self._on_progress)
            indexes = self._indexes.get()
        retriever = self._retriever
        if retriever is None or retriever.dense is not indexes.dense:
            retriever = PassageRetriever(
                dense=indexes.dense,
                lexical=indexes.lexical,
                ranking=Ranking(self.embeddings, indexes.dense, indexes.lexical),
                passages_by_id=self.catalogue.passages_by_id,
                titled=lambda query: self.titles.meant(query),
                chosen=self._chosen,
            )
            self._retriever = retriever
        return retriever

    def _finish(self) -> None:
        """Index what a killed or stopped process left unindexed, unless another thread is indexing just now."""
        if self.read_only or self._is_storing:  # by this thread, too: whoever follows its steps may search
            return
        if not self._in_background:
            self._finish_now(self._on_progress)
        elif self._finishing is None:
            self._finishing = threading.Thread(target=self._finish_beside, name="indexer", daemon=True)
            self._finishing.start()

    def _finish_now(self, on_progress: OnProgress) -> None:
        if self._changing.acquire(blocking=False):
            try:
                self.finish(on_progress=on_progress)
            finally:
                self._changing.release()

    def _finish_beside(self) -> None:
        def unless_closing(_step: str, _done: int, _total: int) -> None:
            if self._closing.is_set():
                raise Closing

        try:
            self._finish_now(unless_closing)
        except Closing:
            return
        except Exception as error:  # Chroma's and tantivy's own kinds too: the thread's end would go unsaid
            _log.warning("What was read last is found by its words alone until the next start: %s", error)
