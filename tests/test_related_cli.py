"""The commands `related-work` and `table` as a user runs them, and the package as a Python user imports it."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

import assistant
from assistant.commands.terminal import umask, write_new
from tests.command_line import ROOT, environment, problem, run
from vectorstore.errors import OutputError

TOPIC = "quantization of large language models"


@pytest.fixture(scope="module")
def library(seeds_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the seeds that only commands open."""
    folder = tmp_path_factory.mktemp("related") / "library"
    shutil.copytree(seeds_folder, folder)
    return folder


def test_the_closest_papers_that_are_left_out_are_told_with_what_takes_them(library: Path, tmp_path: Path) -> None:
    asked = ("related-work", "masked diffusion language models", "--library", library)
    told = [line for line in run(*asked, cwd=tmp_path).stderr.splitlines() if line.startswith("Left out: ")]
    assert 0 < len(told) <= 3
    paper_id = re.search(r"\(does not say “\w+”\); to cite it, --pin (\w+)\.$", told[0])
    assert paper_id
    pinned = run(*asked, "--pin", paper_id[1], "--json", cwd=tmp_path)
    assert paper_id[1] in [reference["paper_id"] for reference in json.loads(pinned.stdout)["references"]]


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


def test_the_text_and_its_bibliography_are_written_as_asked(library: Path, tmp_path: Path) -> None:
    asked = ("related-work", TOPIC, "--papers", "2", "--library", library, "--force")
    done = run(*asked, "--format", "latex", "--natbib", "--bib", "cited.json", "-o", "text.tex", cwd=tmp_path)
    text = (tmp_path / "text.tex").read_text(encoding="utf-8")
    cited = set(",".join(re.findall(r"\\[Cc]ite[a-z]*\{([^}]+)\}", text)).split(","))
    assert done.stdout == ""
    assert r"\citet{" in text
    assert r"\cite{" not in text
    assert {entry["id"] for entry in json.loads((tmp_path / "cited.json").read_text(encoding="utf-8"))} == cited
    run(*asked, "--bib", "cited.bib", "--bib-format", "biblatex", cwd=tmp_path)
    assert re.search(r"  date = \{\d{4}-\d\d-\d\d\}", (tmp_path / "cited.bib").read_text(encoding="utf-8"))


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc not installed")
def test_a_word_document_is_written(library: Path, tmp_path: Path) -> None:
    run("related-work", TOPIC, "--format", "docx", "-o", "text.docx", "--library", library, cwd=tmp_path)
    assert (tmp_path / "text.docx").read_bytes().startswith(b"PK")


def test_a_draft_is_enough(library: Path, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(
        "Instruction-tuned diffusion language models terminate early, as they are padded with end-of-sequence tokens."
        " We propose Violet Padding, which stops early termination of diffusion LLMs."
    )
    done = run("related-work", "--draft", "draft.md", "--library", library, cwd=tmp_path)
    assert "This work proposes Violet Padding" in done.stdout
    assert "give TOPIC, or your own text" in run("related-work", "--library", library, cwd=tmp_path).stderr
    assert "cannot be read" in problem(run("related-work", "--draft", "no.md", "--library", library, cwd=tmp_path))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The draft has no paragraph of eight words"),
        (b"\x85\xff\x00\x01", "(it is no text in UTF-8); give a draft"),
        (b"\0" * 99, "(it is no text); give a draft"),
        (b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj and eight plain words here", "(it is no text); give a draft"),
        (b"We propose a way. " * 1_200_000, "has more than 20 MiB"),
        (None, "cannot be read (No such file or directory)"),
    ],
)  # fmt: skip
def test_what_is_no_draft_is_said_in_one_line(library: Path, tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "draft.md").write_bytes(content)
    assert said in problem(run("related-work", "--draft", "draft.md", "--library", library, cwd=tmp_path))


def test_a_draft_of_two_hundred_pages_is_read(library: Path, tmp_path: Path) -> None:
    page = "Some more words on diffusion language models are written here. " * 45
    begin = "Abstract\n\nWe propose Violet Padding, which stops early termination of diffusion language models.\n\n"
    (tmp_path / "draft.md").write_text(begin + f"{page}\n\n" * 200)
    done = run("related-work", "--draft", "draft.md", "--library", library, cwd=tmp_path)
    assert "Violet Padding" in done.stdout


@pytest.mark.parametrize(
    ("bib", "said"),
    [("there.bib", "is there already"), ("no/cited.bib", "there is no folder no"), (".", "is a folder; name a file")],
)
def test_a_file_that_cannot_be_written_is_told_before_the_work(
    library: Path, tmp_path: Path, bib: str, said: str
) -> None:
    (tmp_path / "there.bib").write_text("mine")
    assert said in problem(run("related-work", TOPIC, "--bib", bib, "--library", library, cwd=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["there.bib"]
    assert (tmp_path / "there.bib").read_text() == "mine"


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "cited.bib"
    write_new(path, "first", force=False)
    with pytest.raises(OutputError, match="is there already"):
        write_new(path, "second", force=False)
    with pytest.raises(UnicodeEncodeError):
        write_new(path, "begins \ud800 and breaks off", force=True)
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]
    write_new(path, "second", force=True)
    assert path.read_text() == "second"
    assert path.stat().st_mode & 0o077 == 0o666 & ~umask() & 0o077


def test_papers_are_ordered_and_unknown_ones_refused(library: Path, tmp_path: Path) -> None:
    def references(*options: str) -> list[str]:
        done = run("related-work", TOPIC, "--json", *options, "--library", library, cwd=tmp_path)
        return [reference["paper_id"] for reference in json.loads(done.stdout)["references"]]

    last = references()[-1]
    assert references("--order", last)[0] == last
    assert last not in references("--drop", last)
    for option in ("--pin", "--drop", "--order"):
        done = run("related-work", TOPIC, option, "nobody", "--library", library, cwd=tmp_path)
        assert "no paper with the id 'nobody'" in problem(done)


def test_the_text_has_its_references_below(library: Path, tmp_path: Path) -> None:
    for text_format in ("markdown", "plain"):
        done = run("related-work", TOPIC, "--format", text_format, "--library", library, cwd=tmp_path)
        text, _, below = done.stdout.partition("\n\nReferences\n\n")
        numbers = set(re.findall(r"\[(\d+)\]", text))
        assert numbers == set(re.findall(r"^- \[(\d+)\] .+ \([a-z0-9-]+\)$", below, re.MULTILINE))
        assert ("###" in text) == (text_format == "markdown")


def test_markdown_shows_what_looks_like_html(library: Path, tmp_path: Path) -> None:
    done = run("related-work", "early termination of diffusion LLMs", "--library", library, cwd=tmp_path)
    assert "repeated `<eos>` placeholders" in done.stdout


def test_nothing_is_written_where_nothing_is_cited(library: Path, tmp_path: Path) -> None:
    done = run("related-work", "medieval cooking of eels", "--bib", "cited.bib", "--library", library, cwd=tmp_path)
    assert "The library has no paper on" in done.stdout
    assert "Nothing is cited, so cited.bib was not written." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_plots_of_an_author_are_a_page_that_loads_nothing(library: Path, tmp_path: Path) -> None:
    arguments = ("author", "Bumjun Kim", "--plot", "work.html", "--words", "60", "--json", "--library", library)
    record = json.loads(run(*arguments, cwd=tmp_path).stdout)
    page = (tmp_path / "work.html").read_text(encoding="utf-8")
    assert not re.findall(r"<(?:script|link|img)[^>]*\b(?:src|href)=", page)
    assert page.count('class="plotly-graph-div"') == 2
    assert "Papers by Bumjun Kim" in page
    assert len(record["timeline"]) == 6
    assert "is there already" in problem(run(*arguments, cwd=tmp_path))
    done = run("author", "Bumjun Kim", "--plot", "work.png", "--library", library, cwd=tmp_path)
    assert (done.returncode, "must end in .html" in done.stderr) == (2, True)


def test_a_table_is_printed_in_each_format(library: Path, tmp_path: Path) -> None:
    command = ("table", "--topic", TOPIC, "--library", library, "--format")
    written = {name: run(*command, name, cwd=tmp_path).stdout for name in ("csv", "markdown", "latex", "json")}
    rows = list(csv.reader(io.StringIO(written["csv"])))
    assert [row[0] for row in rows] == ["", "problem", "method", "result", "data", "code", "date"]
    assert written["markdown"].startswith("|  | ")
    assert r"\begin{tabular}" in written["latex"]
    assert len(json.loads(written["json"])["references"]) == len(rows[0]) - 1
    assert "give --topic, or --paper" in run("table", "--library", library, cwd=tmp_path).stderr


def test_the_example_of_the_package_runs_as_it_is_written(library: Path, tmp_path: Path) -> None:
    example = dedent((assistant.__doc__ or "").partition("\n\n")[2])
    done = subprocess.run(
        [sys.executable, "-c", example],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        env=environment(ASSISTANT_LIBRARY=str(library)),
    )
    assert done.returncode == 0, done.stderr
    assert "kim2025rainbow" in done.stdout
    assert r"\cite{jeung2025dusk}" in done.stdout
    assert "@misc{jeung2025dusk," in done.stdout


def test_the_package_is_typed_and_cheap_to_import() -> None:
    assert all((ROOT / package / "py.typed").is_file() for package in ("assistant", "vectorstore"))
    assert all(getattr(assistant, name).__name__ == name for name in assistant.__all__)
    with pytest.raises(AttributeError):
        _ = assistant.nothing
    imported = "import sys, assistant; print('chromadb' in sys.modules, 'langchain_core' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", imported], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert loaded.stdout == "False False\n"
