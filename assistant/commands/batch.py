"""A file of questions, one JSON object a line: each line is answered, and a bad one is an error of its own."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.commands.terminal import print_json_line
from vectorstore.errors import AssistantError, ListingError, QuestionError

BatchOption = Annotated[Path | None, typer.Option("--batch", help="A file with one JSON object a line.")]

_log = logging.getLogger(__name__)


def answer_batch(file: Path, answered: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Print the answer to each line of `file` as one line of JSON with the line's id, or `{"id", "error"}`.

    Raises ListingError if the file cannot be read, and QuestionError at the end if a line got an error.
    """
    answers = errors = 0
    for number, line in _lines(file):
        key, answer = _answer_to(line, answered, where=f"{file}, line {number}")
        answers += 1
        errors += "error" in answer
        print_json_line({"id": key, **answer})
    if errors:
        raise QuestionError(f"{errors:,} of {answers:,} lines of {file} got no answer; the error of each says why.")


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Yield (number, text) of the lines that are not blank; bytes that are no UTF-8 become lone surrogates."""
    try:
        with file.open(encoding="utf-8-sig", errors="surrogateescape") as lines:
            # Not splitlines(): JSON allows U+2028, U+2029 and U+0085 inside a string.
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, line
    except OSError as error:
        raise ListingError(
            f"{file} cannot be read ({error.strerror}); name a text file with one JSON object a line."
        ) from error


def _answer_to(
    line: str, answered: Callable[[dict[str, Any]], dict[str, Any]], *, where: str
) -> tuple[Any, dict[str, Any]]:
    """Return the id of a line, None if it has none, and the answer to it or its error."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return None, {"error": f"{where}: this is no JSON ({error}); write one JSON object a line."}
    if not isinstance(record, dict):
        return None, {"error": f"{where}: this is no JSON object; write one a line."}
    key = record.get("id")
    try:
        json.dumps(record, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        return key, {"error": f"{where}: half a surrogate pair, or a byte that is no UTF-8; write whole characters."}
    except (ValueError, RecursionError) as error:
        return None, {"error": f"{where}: this is no JSON ({error}); write one JSON object a line."}
    try:
        return key, answered(record)
    except AssistantError as problem:
        return key, {"error": str(problem)}
    except Exception as error:  # a fault of ours in one line costs none of the others its answer
        _log.debug("unexpected", exc_info=True)
        return key, {"error": f"Unexpected problem ({type(error).__name__}: {error}); please report it with this line."}


def text_of(line: dict[str, Any], *names: str) -> str:
    """Return the first of the fields that a line has. Raises QuestionError if it is no text."""
    name = next((name for name in names if line.get(name) is not None), names[0])
    text = line.get(name, "")
    if not isinstance(text, str):
        raise QuestionError(f'The {name} {json.dumps(text)[:80]} is no text; write it as "{name}": "...".')
    return text


def earlier_questions(line: dict[str, Any]) -> list[str]:
    """Return the questions of a history: [[question], ...] or [[question, answer], ...] or [question, ...]."""
    turns = line.get("history") or []
    if not isinstance(turns, list):
        raise QuestionError(f"The history {turns!r} is no list; write [[question], ...].")
    return [str(turn[0]) if isinstance(turn, list) and turn else str(turn) for turn in turns]
