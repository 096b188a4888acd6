"""open_assistant(settings): the only place where objects meet."""

from assistant.pipeline import Assistant
from assistant.settings import Settings
from vectorstore.library import Library
from vectorstore.search.current_indexes import OnProgress


def open_assistant(
    settings: Settings | None = None,
    *,
    in_background: bool = False,
    read_only: bool = False,
    on_progress: OnProgress | None = None,
) -> Assistant:
    """Open the library of `settings` and return an assistant on it. Close it with `close()`, or open it in a `with`.

    A library of another embedder is embedded anew at its first search, or in the background while it answers. With
    `read_only` it may be open elsewhere, too.
    """
    settings = settings or Settings()
    library = Library(
        settings.library,
        embedder=settings.embedder,
        reranker=settings.reranker,
        access=settings.access,
        in_background=in_background,
        read_only=read_only,
        on_progress=on_progress,
    )
    return Assistant(library, settings)
