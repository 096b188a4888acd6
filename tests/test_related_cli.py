"""The commands `related-work` and `table` as a user runs them, and the package as a Python user imports it."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_cli import ROOT, environment, problem, run

TOPIC = "quantization of large language models"


@pytest.fixture(scope="module")
def library(seeds_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the seeds that only commands open."""
    folder = tmp_path_factory.mktemp("related") / "library"
    shutil.copytree(seeds_folder, folder)
    return folder


def test_json_goes_to_standard_output_and_the_bib_to_its_file(library: Path, tmp_path: Path) -> None:
    bib = tmp_path / "cited.bib"
    done = run("related-work", TOPIC, "--bib", str(bib), "--json", "--library", library, cwd=tmp_path)
    record = json.loads(done.stdout)
    assert record["bibtex"] == bib.read_text(encoding="utf-8")
    assert record.keys() >= {"text", "latex", "bibtex", "plain", "sentences", "citations", "references", "themes"}
    assert record.keys() >= {"left_out", "notes", "abstained", "model", "usage", "timings_ms"}
    keys = {reference["key"] for reference in record["references"]}
    assert keys == set(re.findall(r"@misc\{([^,]+),", record["bibtex"]))
    pinned = record["references"][0]["paper_id"]
    options = ("--papers", "1", "--pin", pinned, "--format", "latex", "--bib", str(bib), "--library", library)
    assert "is there already; name another file, or write over it with --force" in problem(
        run("related-work", TOPIC, *options, cwd=tmp_path)
    )
    written = run("related-work", TOPIC, *options, "--force", cwd=tmp_path)
    assert set(re.findall(r"\\cite\{([^}]+)\}", written.stdout)) == set(re.findall(r"@misc\{([^,]+),", bib.read_text()))
    assert len(re.findall(r"@misc", bib.read_text())) == 1


def test_a_draft_is_enough(library: Path, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(
        "Instruction-tuned diffusion language models terminate early, as they are padded with end-of-sequence tokens."
        " We propose Violet Padding, which stops early termination of diffusion LLMs."
    )
    done = run("related-work", "--draft", "draft.md", "--library", library, cwd=tmp_path)
    assert "This work proposes Violet Padding" in done.stdout
    assert "give TOPIC, or your own text" in run("related-work", "--library", library, cwd=tmp_path).stderr
    assert "cannot be read" in problem(run("related-work", "--draft", "no.md", "--library", library, cwd=tmp_path))


def test_a_table_is_printed_in_each_format(library: Path, tmp_path: Path) -> None:
    command = ("table", "--topic", TOPIC, "--library", library, "--format")
    written = {name: run(*command, name, cwd=tmp_path).stdout for name in ("csv", "markdown", "latex", "json")}
    rows = list(csv.reader(io.StringIO(written["csv"])))
    assert [row[0] for row in rows] == ["", "problem", "method", "result", "data", "code", "date"]
    assert written["markdown"].startswith("|  | ")
    assert r"\begin{tabular}" in written["latex"]
    assert len(json.loads(written["json"])["references"]) == len(rows[0]) - 1
    assert "give --topic, or --paper" in run("table", "--library", library, cwd=tmp_path).stderr


def test_the_package_is_used_from_python_and_is_cheap_to_import(library: Path, tmp_path: Path) -> None:
    program = """
import sys
from assistant import open_assistant
import assistant
assert not {"chromadb", "langchain_core", "gradio"} & {name.split(".")[0] for name in vars(assistant)}
a = open_assistant()
try:
    print(a.ask("What is Rainbow Padding?").references[0].key)
    print(a.author("Bumjun Kim").summary.references[0].key)
    print(a.related_work("machine unlearning").references[0].key)
finally:
    a.library.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        env=environment(ASSISTANT_LIBRARY=str(library)),
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"kim2025rainbow\n[a-z]+\d{4}[a-z-]+\njeung2025dusk\n", done.stdout)
    imported = "import sys, assistant; print('chromadb' in sys.modules, 'langchain_core' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", imported], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert loaded.stdout == "False False\n"
