"""open_assistant(settings): the only place where objects meet."""

from assistant.answer import Assistant
from assistant.settings import Settings
from vectorstore.library import Library, OnProgress


def open_assistant(settings: Settings | None = None, *, on_progress: OnProgress | None = None) -> Assistant:
    """Open the library of `settings` and return an assistant on it. Close it with `assistant.library.close()`."""
    settings = settings or Settings()
    library = Library(settings.library, embedder=settings.embedder, on_progress=on_progress)
    return Assistant(library, settings)
