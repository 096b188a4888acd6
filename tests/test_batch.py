"""Batches: each line of a file is answered, and a bad one is an error of its own."""

import json
import shutil
from pathlib import Path

import pytest

from tests.command_line import batch, problem, run


@pytest.fixture(scope="module")
def library(seeds_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the seeds that only commands open."""
    folder = tmp_path_factory.mktemp("batch") / "library"
    shutil.copytree(seeds_folder, folder)
    return folder


def test_a_batch_answers_line_by_line_with_ids_and_history(library: Path, tmp_path: Path) -> None:
    file = batch(
        tmp_path / "batch.jsonl",
        {"id": 7, "question": "Who wrote it?", "history": [["What does DAPD do?"]]},
        "",
        {"id": "empty", "question": "  "},
        {"id": "long", "question": "x" * 5000},
        {"question": "How many papers did Soeun Kim write?"},
        {"id": None, "query": "Which of those is by Soeun Kim?", "history": ["papers on quantization"]},
    )
    done = run("ask", "--batch", file, "--library", library, "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert f"2 of 5 lines of {file} got no answer; the error of each says why." in done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [7, "empty", "long", None, None]
    assert "Bumjun Kim" in answers[0]["text"]
    assert answers[1] == {"id": "empty", "error": "The question is empty; type what you want to know."}
    assert "5,000 characters" in answers[2]["error"]
    assert answers[3]["text"].startswith("4 papers")
    assert "Soeun Kim" in answers[4]["text"]


def test_search_takes_a_batch_too(library: Path, tmp_path: Path) -> None:
    file = batch(tmp_path / "b.jsonl", {"id": "a", "query": "pruning"}, {"id": "b", "question": "grokking"})
    done = run("search", "--batch", file, "--top-k", "3", "--library", library, "--json", cwd=tmp_path)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["id"], line["query"], len(line["results"])) for line in found] == [
        ("a", "pruning", 3),
        ("b", "grokking", 3),
    ]


BAD = {
    "broken JSON": ("{oops", None, "this is no JSON"),
    "no object": ("[1, 2]", None, "this is no JSON object; write one a line"),
    "deep nesting": ("[" * 100_000, None, "this is no JSON"),
    "deep nesting in an object": ('{"question": ' + "[" * 100_000, None, "this is no JSON"),
    "a byte order mark in the middle": ('\ufeff{"id": 1}', None, "this is no JSON"),
    "not a number": ('{"id": NaN, "question": "hello"}', None, "this is no JSON"),
    "a number beyond all": ('{"id": 1e999, "question": "hello"}', None, "this is no JSON"),
    "too many digits": ('{"id": ' + "1" * 5000 + "}", None, "this is no JSON"),
    "half a pair in the id": ('{"id": "\\ud800", "question": "hello"}', "\ud800", "half a surrogate pair"),
    "half a pair in the question": ('{"id": 1, "question": "\\udfff"}', 1, "half a surrogate pair"),
    "Latin-1": ('{"id": 1, "question": "café"}'.encode("latin-1"), 1, "a byte that is no UTF-8"),
    "a question that is a list": ('{"id": 1, "question": ["hello"]}', 1, "is no text"),
    "no question": ('{"id": 1}', 1, "The question is empty"),
    "a history that is none": ('{"id": 1, "history": 3, "question": "hello"}', 1, "The history 3 is no list"),
}


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_bad_line_is_an_error_and_the_others_are_answered(library: Path, tmp_path: Path, command: str) -> None:
    bad = {what: line for what, line in BAD.items() if command == "ask" or "history" not in what}
    lines = [line for text, _, _ in bad.values() for line in (text, {"id": "good", "question": "how many papers?"})]
    done = run(command, "--batch", batch(tmp_path / "b.jsonl", *lines), "--library", library, "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert f"{len(bad)} of {2 * len(bad)} lines" in done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(lines)
    for number, (what, (_, key, said)) in enumerate(bad.items()):
        answer, other = answers[2 * number : 2 * number + 2]
        assert answer.keys() == {"id", "error"}, what
        assert answer["id"] == key, what
        assert said in answer["error"], what
        if key is None:
            assert f"line {2 * number + 1}:" in answer["error"], what
        assert other["id"] == "good" and "error" not in other, what


def test_odd_lines_that_are_json_are_answered(library: Path, tmp_path: Path) -> None:
    """A byte order mark before the first line, ends of lines that are none in JSON, and other ones."""
    odd = '{"id": "a\u2028b\u2029c\u0085d", "question": "What is\u2028pruning?"}'
    lines = (
        b"\xef\xbb\xbf" + odd.encode(),
        b'{"id": 2, "question": "pruning"}\r',
        b'{"id": 3, "question": "pruning"}\r\r',
    )
    done = run("search", "--batch", batch(tmp_path / "b.jsonl", *lines), "--library", library, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]  # which ends lines at U+2028 and U+0085 too
    assert [answer["id"] for answer in answers] == ["a\u2028b\u2029c\u0085d", 2, 3]
    assert all(answer["results"] for answer in answers)


def test_a_batch_file_that_is_missing_is_named(library: Path, tmp_path: Path) -> None:
    said = problem(run("ask", "--batch", tmp_path / "none.jsonl", "--library", library, cwd=tmp_path))
    assert "none.jsonl" in said
    assert "one JSON object a line" in said


def test_a_binary_file_has_bad_lines_alone(library: Path, tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_bytes(bytes(range(256)) * 3)
    done = run("ask", "--batch", tmp_path / "b.jsonl", "--library", library, cwd=tmp_path)
    assert done.returncode == 1
    assert all("no JSON" in json.loads(line)["error"] for line in done.stdout.splitlines())
