"""The records in JSON: a list of them, one in an envelope such as {"data": [...]}, a single one, or one a line.

Where the whole cannot be read, the records that can are, each by itself.
"""

import json
import re
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vectorstore.errors import ListingError
from vectorstore.listings.entry import Skipped
from vectorstore.listings.source import Source

Record = Mapping[str, Any]
_TITLES = ("title", "display_name", "paper", "citingPaper", "citedPaper", "bib", "Title")
_LIST = re.compile(r"\[\s*(?=\{)")
_FIRST = re.compile(r'\[\s*\{\s*("\w[\w :.-]{0,60}")\s*:')
_LEFT = re.compile(r"\w")
_DEEPEST_ENVELOPE = 3
_DECODER = json.JSONDecoder()
_PROBLEMS = (ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class JsonRecords:
    """Records, each with the line where it begins, counted from 1, and what was left out."""

    records: tuple[tuple[int, Record], ...]
    skipped: tuple[Skipped, ...] = ()


def is_json(source: Source) -> bool:
    begins = source.text.lstrip()[:1]
    return begins in ("[", "{") and re.search(r'"(?:title|display_name|Title)"\s*:', source.text) is not None


def is_json_lines(source: Source) -> bool:
    """Tell JSON Lines, where each line is an object, from one object on several lines."""
    if not is_json(source) or source.text.lstrip()[0] != "{":
        return False
    texts = [line.text for line in source.lines]
    objects = sum(text.startswith("{") and text.endswith("}") for text in texts)
    return len(texts) > 1 and 2 * objects >= len(texts)


def json_lines_records(source: Source) -> JsonRecords:
    records: list[tuple[int, Record]] = []
    skipped: list[Skipped] = []
    for line in source.lines:
        try:
            value = json.loads(line.text)
            records += [(line.number, record) for record in _records_in(value)]
            if not _records_in(value):
                skipped.append(Skipped(line.number, "is no record with a title"))
        except _PROBLEMS as error:
            skipped.append(Skipped(line.number, _said(error)))
    return JsonRecords(tuple(records), tuple(skipped))


def json_records(source: Source) -> JsonRecords:
    """Raises ListingError if the text holds no record."""
    text = source.text
    line_ends = [match.start() for match in re.finditer("\n", text)]
    try:
        found = _records_in(json.loads(text))
    except _PROBLEMS as error:
        parts = list(_each(text, error))
    else:
        try:
            parts = list(_placed(text, found))
        except _PROBLEMS:  # braces in texts among the records
            parts = [(text.index("{"), record) for record in found]
    records = tuple((bisect(line_ends, at) + 1, part) for at, part in parts if not isinstance(part, str))
    skipped = tuple(Skipped(bisect(line_ends, at) + 1, part) for at, part in parts if isinstance(part, str))
    if not records and skipped:
        raise ListingError(f"{source.path} cannot be read as JSON: line {skipped[0].line}, {skipped[0].reason}.")
    return JsonRecords(records, skipped)


def _records_in(value: Any, depth: int = 0) -> Sequence[Record]:
    """Return the first list of records in a value, or the value if it is one itself."""
    if isinstance(value, list):
        return [each for each in value if isinstance(each, dict)]
    if not isinstance(value, dict):
        return ()
    if any(isinstance(value.get(name), str | list | dict) for name in _TITLES):
        return [value]
    inner = value.values() if depth < _DEEPEST_ENVELOPE else ()
    found = (_records_in(each, depth + 1) for each in inner)
    return next(filter(None, found), ())


def _placed(text: str, records: Sequence[Record]) -> Iterator[tuple[int, Record]]:
    """Yield records, each with its place in the text; a list that is read again from its beginning tells the places."""
    for match in _LIST.finditer(text):
        at = match.end()
        if _DECODER.raw_decode(text, at)[0] != records[0]:
            continue
        for record in records:
            at = text.index("{", at)
            yield at, record
            _, at = _DECODER.raw_decode(text, at)
        return
    yield from ((text.index("{"), record) for record in records)


def _each(text: str, error: Exception) -> Iterator[tuple[int, Record | str]]:
    """Yield the records of a damaged text, each with its place, or what is wrong there. Behind a damaged one the next
    begins as the first of all does."""
    first = _FIRST.search(text)
    if first is None:
        yield 0, _said(error)
        return
    begins = re.compile(rf"\{{\s*{re.escape(first[1])}\s*:")
    at = first.start() + first[0].index("{")
    while at < len(text):
        try:
            record, end = _DECODER.raw_decode(text, at)
            yield at, record
        except _PROBLEMS as problem:
            yield at, _said(problem)
            end = -1
        following = begins.search(text, max(at + 1, end))
        at = following.start() if following else len(text)
        if end >= 0 and (left := _LEFT.search(text, end, at)):
            yield left.start(), "is no JSON that begins as the records before do"


def _said(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"is no JSON ({error.msg[0].lower()}{error.msg[1:]} in column {error.colno:,})"
    return "is nested too deep" if isinstance(error, RecursionError) else "is no JSON"
