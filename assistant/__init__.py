"""A research assistant that answers from paper listings, with citations that can be checked word for word.

from assistant import open_assistant

with open_assistant() as a:  # or open_assistant(Settings(library=Path("my_library")))
    answer = a.ask("What is Rainbow Padding?")
    print(answer.text, answer.references[0].key)
    work = a.author("Albert No")
    print(work.profile.latest, work.summary.text)
    section = a.related_work("machine unlearning", papers=6)
    print(section.latex, section.bibtex)
    table = a.table(section.paper_ids)
    print(table.cells["result"][0].text)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.manuscripts.literature_table import LiteratureTable
    from assistant.manuscripts.manuscripts import AuthorWork
    from assistant.manuscripts.sections import Section
    from assistant.pipeline import Assistant
    from assistant.records import Answer
    from assistant.settings import Settings
    from assistant.wiring import open_assistant
    from vectorstore.errors import AssistantError

__version__ = "0.1.0"
_PLACES = {
    "Answer": "assistant.records",
    "Assistant": "assistant.pipeline",
    "AssistantError": "vectorstore.errors",
    "AuthorWork": "assistant.manuscripts.manuscripts",
    "LiteratureTable": "assistant.manuscripts.literature_table",
    "Section": "assistant.manuscripts.sections",
    "Settings": "assistant.settings",
    "open_assistant": "assistant.wiring",
}
__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "AuthorWork",
    "LiteratureTable",
    "Section",
    "Settings",
    "open_assistant",
]


def __getattr__(name: str) -> Any:
    """Import a name when it is asked for: the package itself is imported at every start."""
    if place := _PLACES.get(name):
        return getattr(import_module(place), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
