"""ModelPlanner: question and earlier turns -> Plan, by one short call of a chat model, checked by the catalogue.

Nothing that a model names is trusted: operations and arguments are validated, names of people, papers, categories and
listings are looked up, and what is not there is left out.
"""

import json
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.models.generation import generated
from assistant.models.providers import ModelChoice
from assistant.models.stream_events import Finished, Restart, tokens_of
from assistant.planning.plan import OPERATIONS, Arguments, Form, Papers, Passages, Plan, Scope, Step, Turn
from assistant.planning.references import refers_back
from assistant.planning.vocabulary import Vocabulary
from assistant.prompts import load_prompt
from assistant.records import Stage, Usage
from assistant.settings import Settings
from assistant.text.evidence import shown_title
from assistant.text.words import content_words
from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.catalogue.filters import Filters
from vectorstore.errors import ModelError, PromptTooLong
from vectorstore.text.folding import folded

_NOT_FOR_MODELS = ("decide", "talk", "unknown_author", "unknown_name")  # what only the user's own words may do
_LOCAL = "spoken_of"  # an argument with ids, which no model is told
_FOR_THE_PLAN = 300  # tokens that are left for the reply
_LONGEST_REPLY = 20_000  # characters
_MOST_TURNS, _MOST_TITLES = 4, 12
_FEW_WORDS = 5  # of content, in a question that may lean on the turn before
_FILTERS = tuple("authors since until dated category organization venue listing with_code not_about".split())


class _Filters(BaseModel):
    """What a model says that each paper must meet."""

    model_config = ConfigDict(extra="ignore")

    authors: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    category: str | None = None
    organization: str | None = None
    venue: str | None = None
    listing: str | None = None
    with_code: bool | None = None
    dated: bool | None = None
    not_about: tuple[str, ...] = ()


class _Reply(BaseModel):
    """A plan as a model writes it."""

    model_config = ConfigDict(extra="ignore")

    steps: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=10)
    form: dict[str, Any] = Field(default_factory=dict)


def needs_a_model(plan: Plan, question: str, history: Sequence[Turn]) -> bool:
    """Tell whether the local plan may have missed something: it is not sure what is asked for, a question is compound,
    refers to turns that it is not found in, or may ask for papers or for what they say."""
    if plan.not_understood or len(plan.steps) > 1 or any(_may_ask_more(step.arguments) for step in plan.steps):
        return True
    if not history or plan.refers_to or any(not isinstance(step.arguments, Passages) for step in plan.steps):
        return False
    named = any(isinstance(step.arguments, Scope) and step.arguments.papers for step in plan.steps)
    return not named and (refers_back(question) or len(content_words(question)) < _FEW_WORDS)


def _may_ask_more(arguments: Arguments) -> bool:
    return isinstance(arguments, Papers) and bool(arguments.question) and len(content_words(arguments.topic)) > 1


class ModelPlanner:
    """Plans by a chat model. Where it fails, the local plan stands."""

    def __init__(self, vocabulary: Vocabulary, catalogue: Catalogue, choice: ModelChoice, settings: Settings) -> None:
        self._vocabulary, self._catalogue = vocabulary, catalogue
        self._choice, self._settings = choice, settings

    def plan(
        self, question: str, local: Plan, *, history: Sequence[Turn], papers: int
    ) -> Generator[Stage, None, tuple[Plan, Usage]]:
        """Yield stages; return the model's plan and what it took, or `local` if the model gives none.

        Raises ModelError if the model cannot be reached: then neither could it answer.
        """
        titles = self._titles(history)
        messages = self._messages(question, history, titles, papers)
        usage = Usage()
        for attempt in range(2):
            if self._is_too_long(messages):
                break
            try:
                reply, spent = yield from self._said(messages)
            except PromptTooLong:
                break
            usage = Usage(
                usage.input_tokens + spent.input_tokens,
                usage.output_tokens + spent.output_tokens,
                usage.estimated or spent.estimated,
            )
            try:
                return self._read(reply, local, titles), usage
            except (ValueError, ValidationError) as error:
                problem = str(error).splitlines()[0][:200]
                if attempt == 0:
                    again = load_prompt("plan_again", problem=problem)
                    messages = [*messages, AIMessage(reply[:_LONGEST_REPLY] or "(nothing)"), HumanMessage(again)]
        return local, usage

    def _is_too_long(self, messages: list[BaseMessage]) -> bool:
        context = self._settings.context_tokens
        return context is not None and tokens_of(messages) + _FOR_THE_PLAN > context

    def _said(self, messages: list[BaseMessage]) -> Generator[Stage, None, tuple[str, Usage]]:
        pieces, usage = list[str](), Usage()
        try:
            for event in generated(messages, self._choice, self._settings, doing="planning", unwrapped=False):
                if isinstance(event, Stage):
                    yield Stage("planning")
                elif isinstance(event, Finished):
                    usage = event.usage
                elif isinstance(event, Restart):
                    pieces.clear()
                else:
                    pieces.append(event)
        except ModelError as error:
            if not _is_of_the_reply(error):
                raise
        return "".join(pieces), usage

    # -- the prompt

    def _titles(self, history: Sequence[Turn]) -> list[tuple[str, str]]:
        """Return (paper id, title) of the papers that the latest turns referred to, the latest first."""
        ids = list(dict.fromkeys(one for turn in reversed(history[-_MOST_TURNS:]) for one in turn.paper_ids))
        known = {paper.paper_id: paper.title for paper in self._catalogue.papers(ids[:_MOST_TITLES])}
        return [(one, shown_title(known[one])) for one in ids[:_MOST_TITLES] if one in known]

    def _messages(
        self, question: str, history: Sequence[Turn], titles: Sequence[tuple[str, str]], papers: int
    ) -> list[BaseMessage]:
        user = load_prompt(
            "plan_user",
            today=date.today().isoformat(),
            library=f"{papers:,} papers",
            turns="\n".join(_turn_lines(history, titles)),
            question=json.dumps(question, ensure_ascii=False),
        )
        return [SystemMessage(load_prompt("plan_system", operations="\n".join(_operation_lines()))), HumanMessage(user)]

    # -- its reply

    def _read(self, reply: str, local: Plan, titles: Sequence[tuple[str, str]]) -> Plan:
        """Return the plan that a model wrote. Raises ValueError if it is none."""
        said = _Reply.model_validate(_json_of(reply))
        steps: list[Step] = []
        for given in said.steps:
            steps.append(self._step(given, titles, before=len(steps)))
        refers_to = tuple(
            dict.fromkeys(
                one
                for step in steps
                if isinstance(step.arguments, Scope)
                for one in step.arguments.papers
                if one in dict(titles)
            )
        )
        return Plan(
            steps=tuple(steps),
            form=_form(said.form, local.form),
            refers_to=refers_to or local.refers_to,
            corrections=local.corrections,
            planner=self._choice.name,
        )

    def _step(self, given: Mapping[str, Any], titles: Sequence[tuple[str, str]], *, before: int) -> Step:
        operation = str(given.get("operation"))
        if operation not in OPERATIONS or operation in _NOT_FOR_MODELS:
            raise ValueError(f"there is no operation {operation!r}")
        kind = OPERATIONS[operation]
        nested = given.get("arguments")
        flat = {**given, **(nested if isinstance(nested, Mapping) else {})}
        known = {
            name: value
            for name, value in flat.items()
            if name in kind.model_fields and name != _LOCAL and value not in (None, "", [])
        }
        if "filters" in kind.model_fields:
            known["filters"] = self._filters(flat)
        if "papers" in known:
            known["papers"] = tuple(self._papers(known["papers"], titles))
        if isinstance(known.get("of_step"), int) and not 1 <= known["of_step"] <= before:
            del known["of_step"]
        if "name" in known:
            known["name"] = self._person(str(known["name"]))
        if kind is Passages and "query" not in known:
            known["query"] = str(flat.get("question") or flat.get("topic") or "")
        return Step.of(_validated(kind, known))

    def _filters(self, flat: Mapping[str, Any]) -> Filters:
        """Return the filters that a model names, as far as the catalogue knows what they are."""
        nested = flat.get("filters")
        named = {**(nested if isinstance(nested, Mapping) else {}), **{n: flat[n] for n in _FILTERS if flat.get(n)}}
        for name in ("authors", "not_about"):
            if isinstance(named.get(name), str):
                named[name] = (named[name],)
        said = _Filters.model_validate(named)
        vocabulary = self._vocabulary
        categories = vocabulary.categories.get((said.category or "").lower(), ())
        organizations = vocabulary.organizations.get(folded(said.organization or ""), ())
        venues = tuple(Filters(venue=name) for name in vocabulary.venues.get(folded(said.venue or ""), ()))
        listing = vocabulary.listings.get(folded(said.listing or ""))
        return Filters(
            authors=tuple(self._person(name) for name in said.authors),
            since=said.since,
            until=said.until,
            dated=said.dated,
            category=categories[0] if categories else None,
            organization=organizations[0] if organizations else None,
            venue=venues[0].venue if len(venues) == 1 else None,
            any_of=venues if len(venues) > 1 else (),
            listing=listing,
            has_code=said.with_code,
            excluding=tuple(Filters(saying=topic) for topic in said.not_about if content_words(topic)),
        )

    def _person(self, name: str) -> str:
        """Return an author's name as it is printed. Raises ValueError if nobody is called so."""
        people = self._vocabulary.people
        meant = people.meant(name) or people.misspelt(name)
        if len(meant) != 1:
            raise ValueError(f"no one author is called {name!r}")
        return meant[0]

    def _papers(self, named: Any, titles: Sequence[tuple[str, str]]) -> Iterator[str]:
        """Yield the ids of papers that a model names by number, by id or by title; what is no paper is left out."""
        ids = dict(titles)
        for one in [named] if isinstance(named, str | int) else named:
            text = str(one).strip()
            number = re.fullmatch(r"\[?(\d{1,2})\]?", text)
            if number and 1 <= int(number[1]) <= len(titles):
                yield titles[int(number[1]) - 1][0]
            elif text in ids:
                yield text
            else:
                meant = next((found for found, _ in self._vocabulary.papers_in(text) if len(found) == 1), None)
                meant = meant or next((list(p.paper_ids) for p in self._vocabulary.misspelt.found_in(text)), None)
                yield from (meant or [])[:1]


def _is_of_the_reply(error: ModelError) -> bool:
    """Tell whether a model answered, but not with text."""
    return any(
        words in str(error) for words in ("wrote no", "wrote an empty", "without text", "only thought", "a tool")
    )


def _validated(kind: type[Arguments], known: Mapping[str, Any]) -> Arguments:
    return kind.model_validate(known)


def _form(said: Mapping[str, Any], local: Form) -> Form:
    """Return the form that a model read, else the one of the local plan."""
    given = {name: value for name, value in said.items() if name in Form.model_fields and value not in (None, "", 0)}
    try:
        form = Form.model_validate(given)
    except ValidationError:
        return local
    return form or local


def _json_of(reply: str) -> Any:
    """Return the JSON object of a reply, whatever stands around it. Raises ValueError if there is none."""
    start = reply.find("{")
    if start < 0:
        raise ValueError("there is no JSON object in it")
    found, _ = json.JSONDecoder().raw_decode(reply[start:_LONGEST_REPLY])
    return found


def _turn_lines(history: Sequence[Turn], titles: Sequence[tuple[str, str]]) -> Iterator[str]:
    if not history:
        return
    yield "The turns before:"
    numbers = {paper_id: number for number, (paper_id, _) in enumerate(titles, 1)}
    for turn in history[-_MOST_TURNS:]:
        referred = "".join(f"[{numbers[one]}]" for one in turn.paper_ids if one in numbers)
        yield f"- {json.dumps(turn.question, ensure_ascii=False)}{f' was answered with {referred}' if referred else ''}"
    if titles:
        yield "Their papers:"
        yield from (f"[{number}] {title}" for number, (_, title) in enumerate(titles, 1))


def _operation_lines() -> Iterator[str]:
    for name, kind in OPERATIONS.items():
        if name in _NOT_FOR_MODELS:
            continue
        fields = [f"{field}{_choices(kind, field)}" for field in kind.model_fields if field not in ("filters", _LOCAL)]
        more = ", and filters" if "filters" in kind.model_fields else ""
        summary = " ".join((kind.__doc__ or "").split())
        yield f"- {name}: {summary} ({', '.join(fields)}{more})"


def _choices(kind: type[Arguments], field: str) -> str:
    """Return the values that a field may have, where they are few."""
    schema = json.dumps(kind.model_json_schema().get("properties", {}).get(field, {}))
    found = re.search(r'"enum": \[([^\]]*)\]', schema)
    return f" (one of {found[1]})" if found else ""
