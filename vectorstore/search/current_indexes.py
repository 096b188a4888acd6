"""The indexes that a library searches: opened, built again when they are lost, and exchanged for another embedder's.

The indexes of one embedding model have one folder. While those of the model that is wanted are built, those of the
former model go on being searched and added to; when the new ones hold the same passages they take their place.
"""

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.embedders.embeddings import CachedEmbeddings, EmbeddingModel, embedding_privacy, text_key
from vectorstore.errors import EmbeddingError
from vectorstore.folder import LibraryFolder
from vectorstore.search.indexes import Indexes, embedded_steps, embedder_of

_log = logging.getLogger(__name__)
_SECONDS_TO_STOP = 5
_ANEW = "The library was embedded with %s; it is embedded with %s now."

OnProgress = Callable[[str, int, int], None]  # what is done, how much of it, of how much
ModelByName = Callable[[str], EmbeddingModel]


@dataclass(frozen=True, slots=True)
class _Opened:
    folder: Path
    embeddings: CachedEmbeddings
    indexes: Indexes

    @property
    def model(self) -> EmbeddingModel:
        return self.embeddings.model


class Closing(Exception):
    """The library is being closed: what is built in the background is left."""


class CurrentIndexes:
    """Opens the indexes when they are first asked for. Threads may share it."""

    def __init__(
        self,
        folder: LibraryFolder,
        catalogue: Catalogue,
        model: EmbeddingModel,
        *,
        model_named: ModelByName,
        changing: AbstractContextManager[object],
        in_background: bool,
        on_progress: OnProgress,
    ) -> None:
        """`changing` is held by whoever changes which passages are indexed.

        With `in_background` the indexes of another embedder are built by a thread, and those of the former one are
        given out until then.
        """
        self._folder, self._catalogue = folder, catalogue
        self._model_named, self._changing = model_named, changing
        self._in_background, self._on_progress = in_background, on_progress
        self._wanted = CachedEmbeddings(model, catalogue)
        self._opening = threading.RLock()
        self._opened: _Opened | None = None
        self._replaced: _Opened | None = None  # a thread may still search it
        self._closing = threading.Event()
        self._building: threading.Thread | None = None

    @property
    def embeddings(self) -> CachedEmbeddings:
        """Those of the indexes in use, or those that are wanted while none are open."""
        return self._opened.embeddings if self._opened else self._wanted

    def get(self) -> Indexes:
        """Return the indexes to search now. Another call may return others."""
        if self._opened is None:
            with self._opening:
                if self._opened is None:
                    self._opened = self._open()
        return self._opened.indexes

    def close(self) -> None:
        self._closing.set()
        if self._building:
            self._building.join(_SECONDS_TO_STOP)  # longer only for a server that does not answer
        if self._opened:
            self._opened.indexes.close()
        if self._replaced:
            self._discard(self._replaced)

    # -- which

    def _open(self) -> _Opened:
        wanted = self._wanted.model
        if wanted.host:
            _log.warning("%s", embedding_privacy(wanted.host))
        if ready := self._whole(self._wanted):
            self._remove_all_but(ready.folder)
            return ready
        former = self._former()
        if former is None:
            return self._built_alone()
        self._remove_all_but(former.folder)
        _log.warning(_ANEW, former.model.name, wanted.name)
        if self._in_background:
            self._building = threading.Thread(target=self._build_beside, args=(former,), name="embedder", daemon=True)
            self._building.start()
            return former
        try:
            built = self._built("Embedding anew")
        except EmbeddingError as error:
            self._tell_failed(error, former)
            return former
        except BaseException:
            former.indexes.close()
            raise
        former.indexes.unseal()
        self._discard(former)
        return built

    def _whole(self, embeddings: CachedEmbeddings) -> _Opened | None:
        """Return the indexes of a model if they are as they were left and hold what the catalogue says."""
        folder, name = self._folder.index(embeddings.model.name), embeddings.model.name
        counts = self._catalogue.count_passages()
        indexes = Indexes.open(folder, embeddings, embedder=name)
        if indexes and indexes.hold(fewest=counts["indexed"], most=sum(counts.values())):
            indexes.seal()  # Chroma writes when it is opened
            return _Opened(folder, embeddings, indexes)
        if indexes:
            indexes.close()
        return None

    def _former(self) -> _Opened | None:
        """Return the indexes of another model that may answer until those of the wanted one are built.

        It must not send texts to a host that the user no longer names, and in the background it must answer.
        """
        wanted = self._wanted.model
        for folder in self._folder.indexes():
            name = embedder_of(folder)
            if name == wanted.name or folder != self._folder.index(name):
                continue
            try:
                embeddings = CachedEmbeddings(self._model_named(name), self._catalogue)
                if embeddings.model.host not in (None, wanted.host):
                    continue
                if self._in_background:
                    embeddings.embed_query("paper")
            except EmbeddingError as error:
                _log.warning("%s cannot answer meanwhile: %s", name, error)
                continue
            if found := self._whole(embeddings):
                return found
        return None

    def _remove_all_but(self, kept: Path | None) -> None:
        """Remove other indexes: nobody adds to them, so that they would be opened again with passages missing."""
        for folder in self._folder.indexes():
            if folder != kept:
                shutil.rmtree(folder)

    # -- building

    def _built_alone(self) -> _Opened:
        folder, others = self._folder.index(self._wanted.model.name), self._folder.indexes()
        if others and folder not in others:
            _log.warning(_ANEW, embedder_of(others[0]), self._wanted.model.name)
        elif self._catalogue.count_passages()["indexed"]:
            _log.warning("The index in %s is not as it was left; it is rebuilt from the catalogue", folder)
        self._remove_all_but(None)
        return self._built("Rebuilding the index")

    def _built(self, step: str) -> _Opened:
        """Build the indexes of the wanted model. What it embedded once is not embedded again."""
        with self._begun() as fresh:
            self._bring_up(fresh, {}, partial(self._on_progress, step))
            fresh.indexes.seal()
        return fresh

    def _build_beside(self, former: _Opened) -> None:
        """Build the indexes of the wanted model while `former` is searched and added to, then exchange them."""
        held: dict[str, str] = {}
        try:
            with self._begun() as fresh:
                while self._bring_up(fresh, held, self._stop_if_closing):  # until nothing was added meanwhile
                    pass
                with self._changing:
                    self._bring_up(fresh, held, self._stop_if_closing)
                    self._stop_if_closing()
                    fresh.indexes.seal()
                    former.indexes.unseal()
                    with self._opening:
                        self._opened, self._replaced = fresh, former
        except Closing:
            return
        except Exception as error:  # Chroma's and tantivy's own kinds too: the thread's end would go unsaid
            if not self._closing.is_set():
                self._tell_failed(error, former)
        else:
            _log.warning("%s answers now.", fresh.model.name)

    @contextmanager
    def _begun(self) -> Iterator[_Opened]:
        """Yield empty indexes of the wanted model, and close them if they are not finished."""
        name = self._wanted.model.name
        folder = self._folder.index(name)
        fresh = _Opened(folder, self._wanted, Indexes(folder, self._wanted, embedder=name))
        try:
            yield fresh
        except BaseException:
            fresh.indexes.close()
            raise

    def _bring_up(self, fresh: _Opened, held: dict[str, str], on_progress: Callable[[int, int], None]) -> int:
        """Bring new indexes up to what the catalogue calls indexed; return how many passages they lacked.

        `held` has the SHA-256 of the text of each passage that they hold, by its id, and is brought up with them.
        """
        indexed = {passage.passage_id: passage for passage in self._catalogue.passages(state="indexed")}
        if gone := [key for key in held if key not in indexed]:
            fresh.indexes.remove(gone)
            for key in gone:
                del held[key]
        lacking = [passage for key, passage in indexed.items() if held.get(key) != text_key(passage.embedded_text)]
        fresh.indexes.add_words(lacking)
        for step in embedded_steps(lacking, fresh.embeddings, on_progress):
            fresh.indexes.add_vectors(step)
            held.update((passage.passage_id, text_key(passage.embedded_text)) for passage in step)
        return len(lacking)

    def _stop_if_closing(self, *_progress: int) -> None:
        if self._closing.is_set():
            raise Closing

    def _tell_failed(self, error: Exception, former: _Opened) -> None:
        _log.warning(
            "The library cannot be embedded with %s: %s Until that is mended, %s goes on answering.",
            self._wanted.model.name,
            error,
            former.model.name,
        )

    @staticmethod
    def _discard(opened: _Opened) -> None:
        opened.indexes.close()
        shutil.rmtree(opened.folder, ignore_errors=True)  # unsealed, and removed when the library is opened again
