"""The registry of operations: what each is called, what it is asked with, and what carries it out."""

from collections.abc import Callable, Mapping
from typing import Any

from assistant.operations.facts import author_figures, paper_facts
from assistant.operations.library import library_facts
from assistant.operations.papers import count_papers, list_by_authors, list_coauthors, list_papers, list_similar
from assistant.operations.passage_retrieval import compare, passages, survey
from assistant.operations.results import Result, Sources
from assistant.operations.section_papers import author_work, related, table
from assistant.operations.talk import decide, rework, talk, unknown_author, unknown_name
from assistant.planning.plan import OPERATIONS, Step

_FUNCTIONS: Mapping[str, Callable[[Any, Sources], Result]] = {
    "passages": passages,
    "papers": list_papers,
    "count": count_papers,
    "library": library_facts,
    "facts": paper_facts,
    "compare": compare,
    "survey": survey,
    "author": author_work,
    "coauthors": list_coauthors,
    "author_figures": author_figures,
    "by_authors": list_by_authors,
    "related_work": related,
    "table": table,
    "similar": list_similar,
    "rework": rework,
    "decide": decide,
    "talk": talk,
    "unknown_author": unknown_author,
    "unknown_name": unknown_name,
}
assert _FUNCTIONS.keys() == OPERATIONS.keys()


def carried_out(step: Step, sources: Sources) -> Result:
    """Return what a step finds."""
    return _FUNCTIONS[step.operation](step.arguments, sources)
