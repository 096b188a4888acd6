"""The operations as LangChain tools, from the same table that the planners use."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from langchain_core.tools import BaseTool, StructuredTool

from assistant.operations.registry import carried_out
from assistant.operations.results import Result, Sources
from assistant.planning.plan import OPERATIONS, Arguments, Scope, Step
from assistant.text.citations import without_markers
from vectorstore.catalogue.filters import Filters
from vectorstore.errors import QuestionError

_NOT_TOOLS = ("decide", "talk", "unknown_author", "unknown_name", "rework")  # what belongs to a conversation


def tools(sources: Callable[[], Sources]) -> list[BaseTool]:
    """Return a tool an operation. It takes the operation's arguments, papers by title or id, and returns JSON."""
    return [_tool(name, kind, sources) for name, kind in OPERATIONS.items() if name not in _NOT_TOOLS]


def _tool(name: str, kind: type[Arguments], sources: Callable[[], Sources]) -> BaseTool:
    def run(**given: Any) -> str:
        looking = sources()
        arguments = resolved(kind.model_validate(given), looking)
        return json.dumps(_record(carried_out(Step.of(arguments), looking)), ensure_ascii=False)

    return StructuredTool.from_function(run, name=name, description=kind.__doc__ or name, args_schema=kind)


def resolved(arguments: Arguments, sources: Sources) -> Arguments:
    """Return arguments whose names of people and papers are those of the library.

    Raises QuestionError if it knows none of that name.
    """
    update: dict[str, Any] = {}
    if isinstance(arguments, Scope):
        update["papers"] = tuple(_paper(one, sources) for one in arguments.papers)
        authors = tuple(_person(one, sources) for one in arguments.filters.authors)
        update["filters"] = replace(arguments.filters, authors=authors) if authors else arguments.filters
    if name := getattr(arguments, "name", ""):
        update["name"] = _person(name, sources)
        update["filters"] = replace(update.get("filters", Filters()), authors=(update["name"],))
    return arguments.model_copy(update=update)


def _person(name: str, sources: Sources) -> str:
    people = sources.vocabulary.people
    meant = people.meant(name)
    if len(meant) == 1:
        return meant[0]
    near = meant or tuple(people.alike(name))
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise QuestionError(f"No one author in the library is called {name!r}{hint}")


def _paper(named: str, sources: Sources) -> str:
    if sources.library.catalogue.papers([named]):
        return named
    if found := next((ids for ids, _ in sources.vocabulary.papers_in(named) if len(ids) == 1), None):
        return found[0]
    if titled := list(sources.library.titles.meant(named)):
        return titled[0]
    raise QuestionError(f"The library has no paper called {named!r}; `papers` lists the titles.")


def _record(result: Result) -> dict[str, Any]:
    """Return what a step found, for JSON."""
    papers = [
        {
            "paper_id": paper.paper_id,
            "title": paper.title,
            "authors": list(paper.people),
            "published": paper.iso_date,
        }
        for paper in result.papers
    ]
    passages = [{"paper_id": one.passage.paper_id, "text": one.passage.text} for one in result.passages]
    text = "\n".join(_texts(result))
    return {name: value for name, value in (("text", text), ("papers", papers), ("passages", passages)) if value}


def _texts(result: Result) -> Iterator[str]:
    if result.refusal:
        yield result.refusal.text
    yield from (without_markers(line.text) for line in result.lines)
