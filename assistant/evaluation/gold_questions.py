"""Questions with what a right answer has: their file, and what an answer lacks."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints, ValidationError

from assistant.evaluation.data_lines import json_object, new_id, text_lines
from assistant.records import Answer
from vectorstore.errors import CollectionError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

UNANSWERABLE = "unanswerable"

Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
Printed = Annotated[str, StringConstraints(strict=True, min_length=1)]  # with its spaces: "4 " is not in "42"


def _as_text(value: Any) -> Any:
    return str(value) if type(value) is int else value


def _asked(turn: Any) -> Any:
    return turn[0] if isinstance(turn, list) and turn else turn


class GoldQuestion(BaseModel):
    """A question, the questions asked before it, and what a right answer has.

    `papers` are parts of titles that must be among the references: with `exact` there are no others, and `recall` is
    the share of them that suffices. Of each group in `any`, one string must be in the text. One of the kind
    "unanswerable" must be abstained from; one that asks for none of all this is not judged.
    """

    model_config = ConfigDict(frozen=True)

    id: Annotated[Text, BeforeValidator(_as_text)]
    question: Text
    kind: Annotated[Text, BeforeValidator(_as_text)] = "question"
    history: tuple[Annotated[Text, BeforeValidator(_asked)], ...] = ()  # [[question], ...] or [question, ...]
    papers: tuple[Text, ...] = ()
    exact: StrictBool = False
    recall: float = Field(default=1.0, gt=0, le=1)
    any: tuple[Annotated[tuple[Printed, ...], Field(min_length=1)], ...] = ()

    @property
    def is_unanswerable(self) -> bool:
        return self.kind == UNANSWERABLE

    @property
    def is_judged(self) -> bool:
        return bool(self.is_unanswerable or self.papers or self.any)


def read_questions(path: Path) -> list[GoldQuestion]:
    """Return the questions of a file, one JSON object a line. Raises CollectionError if one cannot be read."""
    seen: dict[str, int] = {}
    questions = []
    for number, line in text_lines(path):
        row = {name: value for name, value in json_object(path, number, line).items() if value is not None}
        try:
            question = GoldQuestion.model_validate(row)
        except ValidationError as error:
            first = error.errors()[0]
            field = "".join(f"[{part}]" if isinstance(part, int) else str(part) for part in first["loc"])
            raise CollectionError(
                f'{path}, line {number}: the field "{field}" is wrong ({_plainly(first)}); a line is like'
                ' {"id": "1", "kind": "fact", "question": "...", "papers": ["part of a title"], "any": [["a", "b"]]}.'
            ) from error
        new_id(path, number, question.id, seen)
        questions.append(question)
    if not questions:
        raise CollectionError(f'{path} holds no question; write one a line: {{"id": "1", "question": "..."}}.')
    return questions


_MEANT = {
    "tuple_type": "write a list: [...]",
    "string_type": "write a text in quotes",
    "missing": "it is missing",
    "too_short": "it is empty",
    "string_too_short": "it is empty",
}


def _plainly(error: "ErrorDetails") -> str:
    if error["type"] == "tuple_type" and error["loc"][0] == "any":
        return 'write a list of lists, [["a", "b"]]: of each, one must be said'
    return _MEANT.get(error["type"], error["msg"])


def unknown_papers(questions: Iterable[GoldQuestion], titles: Iterable[str]) -> list[str]:
    """Return the wanted papers that are in none of the titles, each once."""
    everything = "\n".join(titles)
    return [part for part in dict.fromkeys(p for asked in questions for p in asked.papers) if part not in everything]


def fault(question: GoldQuestion, answer: Answer) -> str:
    """Return in a few words what is wrong with an answer; nothing if it is right, or if it is not judged."""
    if question.is_unanswerable:
        return "" if answer.abstained else "it answered; it should have abstained"
    if not question.is_judged:
        return ""
    if answer.abstained:
        return "; ".join(["it abstained", *_lacking(question, ())])
    titles = [reference.title for reference in answer.references]
    faults = _lacking(question, titles)
    if question.exact and len(titles) != len(question.papers):
        others = [title for title in titles if not any(part in title for part in question.papers)]
        faults.append(f"{len(titles)} cited, not {len(question.papers)}{': also ' if others else ''}{_quoted(others)}")
    unsaid = [group for group in question.any if not any(text in answer.text for text in group)]
    return "; ".join([*faults, *(f"not said: {_quoted(group, ' or ')}" for group in unsaid)])


def _lacking(question: GoldQuestion, titles: Iterable[str]) -> list[str]:
    missing = [part for part in question.papers if not any(part in title for title in titles)]
    enough = len(question.papers) - len(missing) >= question.recall * len(question.papers)
    return [] if enough else [f"not cited: {_quoted(missing)}"]


def _quoted(texts: Iterable[str], separator: str = ", ") -> str:
    return separator.join(f"“{text}”" for text in texts)
