"""The files of a test collection, line by line: BEIR's layout (Thakur et al. 2021) or TREC's, as the content tells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluation.data_lines import json_object, new_id, row_id, text_lines, utf8
from vectorstore.errors import CollectionError

_DOCUMENT_IDS = ("_id", "id", "doc_id", "docid")
_DOCUMENT_TEXTS = ("text", "abstract")
_QUERY_IDS = ("_id", "id", "query_id", "qid")
_QUERY_TEXTS = ("text", "query", "question", "claim")
_GRADE = re.compile(r"[+-]?[0-9]{1,9}")
_WORDS = re.compile(r"[A-Za-z][A-Za-z _-]*")


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a test collection. Its title may be empty, and so may its text."""

    document_id: str
    title: str
    text: str


def read_documents(path: Path) -> list[Document]:
    """Return the documents of a corpus, one JSON object a line. Raises CollectionError, as do all readers here."""
    seen: dict[str, int] = {}
    documents: list[Document] = []
    for number, line in text_lines(path):
        row = json_object(path, number, line)
        document_id = new_id(path, number, row_id(path, number, row, _DOCUMENT_IDS), seen)
        title = _text(path, number, row, ("title",), missing="")
        documents.append(Document(document_id, title, _text(path, number, row, _DOCUMENT_TEXTS)))
    if not documents:
        raise CollectionError(f"{path} holds no document; write one JSON object a line, with _id, title and text.")
    return documents


def read_queries(path: Path) -> dict[str, str]:
    """Return the queries' texts by their ids, from one JSON object a line, or from lines of an id, a tab, a text."""
    seen: dict[str, int] = {}
    queries: dict[str, str] = {}
    parts = _json_query
    for number, line in text_lines(path):
        if not queries and not line.startswith("{"):
            parts = _tabbed_query
        query_id, text = parts(path, number, line)
        if not text:
            raise CollectionError(f"{path}, line {number}: the query has no text; write one, or remove the line.")
        if parts is _tabbed_query and not queries and query_id.lower().replace("-", "_") in _QUERY_IDS:
            continue
        queries[new_id(path, number, query_id, seen)] = text
    if not queries:
        raise CollectionError(f"{path} holds no query; write one JSON object a line, with _id and text.")
    return queries


def read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Return graded judgements by query id and document id, from lines of three columns or of TREC's four.

    The three are query, document and grade, below a heading or not; TREC's have an iteration after the query.
    """
    judgements: dict[str, dict[str, int]] = {}
    for number, line in text_lines(path):
        columns = [column.strip() for column in line.split("\t")] if "\t" in line else line.split()
        if len(columns) not in (3, 4):
            raise CollectionError(
                f"{path}, line {number}: {len(columns)} columns; write query id, document id and grade,"
                " or TREC's four (query id, 0, document id, grade)."
            )
        query_id, document_id, grade = columns[0], columns[-2], columns[-1]
        if not judgements and _WORDS.fullmatch(query_id) and _WORDS.fullmatch(grade):
            continue  # the heading
        if not _GRADE.fullmatch(grade):
            raise CollectionError(f"{path}, line {number}: the grade {grade!r} is no whole number; write 0, 1, 2, ...")
        grades = judgements.setdefault(query_id, {})
        if grades.setdefault(document_id, int(grade)) != int(grade):
            raise CollectionError(
                f"{path}, line {number}: document {document_id!r} has another grade for query {query_id!r} further up;"
                " keep one of the two."
            )
    if not judgements:
        raise CollectionError(f"{path} holds no judgement; write query id, document id and grade, with tabs between.")
    return judgements


def _json_query(path: Path, number: int, line: str) -> tuple[str, str]:
    row = json_object(path, number, line)
    return row_id(path, number, row, _QUERY_IDS), _text(path, number, row, _QUERY_TEXTS)


def _tabbed_query(path: Path, number: int, line: str) -> tuple[str, str]:
    query_id, tab, text = line.partition("\t")
    if not tab:
        raise CollectionError(f"{path}, line {number}: no tab; write an id, a tab and the text, or one JSON object.")
    return query_id.strip(), text.strip()


def _text(
    path: Path, number: int, row: Mapping[str, Any], names: tuple[str, ...], *, missing: str | None = None
) -> str:
    """Return the first of the fields that is there, the sentences of a list joined; else what stands for `missing`."""
    value = next((row[name] for name in names if row.get(name) is not None), missing)
    if isinstance(value, list) and all(isinstance(sentence, str) for sentence in value):
        value = " ".join(value)
    if not isinstance(value, str):
        raise CollectionError(
            f"{path}, line {number}: no {' or '.join(names)}; write it as a string, or as a list of sentences."
        )
    return utf8(value).strip()
