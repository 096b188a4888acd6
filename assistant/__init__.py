"""A research assistant that answers from paper listings, with citations that can be checked word for word.

>>> from assistant import open_assistant
>>> a = open_assistant()
>>> a.ask("What is Rainbow Padding?").text
>>> a.author("Albert No").summary.text
>>> a.related_work("machine unlearning").latex
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.wiring import open_assistant

__all__ = ["open_assistant"]


def __getattr__(name: str) -> Any:
    """Import `open_assistant` when it is asked for: the package itself is imported at every start."""
    if name == "open_assistant":
        from assistant.wiring import open_assistant

        return open_assistant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
