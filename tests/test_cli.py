"""The command line as a user runs it: a process with its exit code, its two streams, and JSON alone on the first."""

import contextlib
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

import assistant
from assistant.commands.terminal import progress
from tests.command_line import ROOT, batch, environment, problem, run
from tests.openai_server import Script, openai_server

SEEDS = ROOT / "seeds"
KEY = "sk-fake-0123456789-never-show-me"
PROFILE = SEEDS / "profile_kyelim_lee.txt"


@pytest.fixture(scope="module")
def library(seeds_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the seeds that only commands open."""
    folder = tmp_path_factory.mktemp("cli") / "library"
    shutil.copytree(seeds_folder, folder)
    return folder


@pytest.fixture
def own_library(library: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    shutil.copytree(library, tmp_path / "library")
    return tmp_path / "library"


# -- the JSON of each command


def test_ask_prints_the_contract(library: Path, tmp_path: Path) -> None:
    done = run(
        "ask", "How many padding tokens does Rainbow Padding need?", "--library", library, "--json", cwd=tmp_path
    )
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert list(answer) == [
        *("question", "query", "intent", "filters", "text", "abstained"),
        *("sentences", "citations", "references", "model", "usage", "timings_ms", "incomplete", "notes", "abstention"),
        *("closest", "plan"),
    ]
    assert answer["intent"] == "passages"
    (step,) = answer["plan"]["steps"]
    assert (step["operation"], step["arguments"]["seeks"]) == ("passages", "figure")
    assert answer["filters"] == {}
    assert answer["abstained"] is False
    assert answer["model"] == "local:extractive"
    sentence = answer["sentences"][0]
    assert list(sentence) == ["text", "verdict", "citations", "start", "end", "quotes", "reason", "by"]
    assert answer["text"][sentence["start"] : sentence["end"]] == sentence["text"]
    assert (sentence["citations"], sentence["quotes"]) == ([1], [0])
    citation = answer["citations"][0]
    assert list(citation) == ["number", "paper_id", "passage_id", "quote", "start", "end"]
    (reference,) = answer["references"]
    assert [name for name in reference if name != "authors_complete"] == [
        *("number", "paper_id", "title", "authors", "published", "key"),
    ]
    assert reference["published"] == "2025-10-04"
    assert reference["key"] == "kim2025rainbow"
    assert list(answer["usage"]) == ["input_tokens", "output_tokens", "estimated"]
    assert all(isinstance(spent, float) for spent in answer["timings_ms"].values())
    (paper,) = json.loads(run("papers", "--text", "rainbow", "--library", library, "--json", cwd=tmp_path).stdout)
    assert paper["abstract"][citation["start"] : citation["end"]] == citation["quote"]


def test_papers_prints_the_contract(library: Path, tmp_path: Path) -> None:
    done = run("papers", "--author", "BUMJUN kim", "--year", "2025", "--library", library, "--json", cwd=tmp_path)
    papers = json.loads(done.stdout)
    assert [paper["published"] for paper in papers] == ["2025-10-04", "2025-05-01"]
    assert list(papers[0]) == [
        *("paper_id", "title", "authors", "authors_complete", "author_count", "organization", "page_owners"),
        *("published", "year_inferred", "category", "has_code", "score", "comments", "affiliation", "url"),
        *("abstract", "entries", "publication"),
    ]
    assert list(papers[0]["entries"][0]) == ["listing", "line"]
    assert papers[1]["authors"] == ["Bumjun Kim", "Wan Choi"]
    assert papers[1]["authors_complete"] is True


def test_no_paper_is_an_empty_list(library: Path, tmp_path: Path) -> None:
    done = run("papers", "--author", "Nobody Known", "--library", library, "--json", cwd=tmp_path)
    assert json.loads(done.stdout) == []
    assert done.returncode == 0


def test_search_prints_the_contract(library: Path, tmp_path: Path) -> None:
    done = run("search", "quantization by Soeun Kim", "--top-k", "2", "--library", library, "--json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert list(found) == ["query", "filters", "results"]
    assert found["query"] == "quantization"
    assert found["filters"] == {"authors": ["Soeun Kim"]}
    assert [result["rank"] for result in found["results"]] == [1, 2]
    assert list(found["results"][0]) == ["rank", "paper_id", "title", "passage_id", "text", "similarity", "why"]
    assert found["results"][0]["why"]["words"] == ["quantization"]
    assert found["results"][0]["why"].keys() == {"words", "rank_by_words", "rank_by_meaning"}
    assert found["results"][0]["similarity"] >= found["results"][1]["similarity"]
    assert found["results"][0]["passage_id"].startswith(found["results"][0]["paper_id"] + ":")


def test_search_says_why(library: Path, tmp_path: Path) -> None:
    done = run("search", "low-rank quantization by Soeun Kim", "--top-k", "2", "--library", library, cwd=tmp_path)
    first, title, why, *_ = done.stdout.splitlines()
    assert first == "Among the papers by Soeun Kim:"
    assert re.match(r" 1  0\.\d{3}  \w", title)
    assert re.match(r" +by words: \d \(low, rank, quantization\); by meaning: \d", why)


def test_ingest_prints_the_contract_and_json_alone(tmp_path: Path) -> None:
    done = run("ingest", PROFILE, "--library", tmp_path / "new", "--as-of", "2026-07-01", "--json", cwd=tmp_path)
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert list(report) == [
        *("listings", "entries", "papers_added", "papers_merged", "passages_embedded", "skipped", "seconds")
    ]
    assert (report["listings"], report["entries"], report["papers_added"]) == (1, 3, 3)
    again = json.loads(run("ingest", PROFILE, "--library", tmp_path / "new", "--json", cwd=tmp_path).stdout)
    assert (again["papers_added"], again["passages_embedded"]) == (0, 0)


def test_characters_beyond_the_basic_plane_count_as_one(tmp_path: Path) -> None:
    listing = tmp_path / "listing.txt"
    text = PROFILE.read_text(encoding="utf-8")
    listing.write_text(text.replace("Critical-data-size", "𝔸𝕀 🦄 𐍈 critical-data-size"), encoding="utf-8")
    folder = tmp_path / "new"
    assert run("ingest", listing, "--library", folder, cwd=tmp_path).returncode == 0
    answer = json.loads(
        run("ask", "What do critical-data-size accounts suggest?", "--library", folder, "--json", cwd=tmp_path).stdout
    )
    papers = json.loads(run("papers", "--library", folder, "--json", cwd=tmp_path).stdout)
    abstracts = {paper["paper_id"]: paper["abstract"] for paper in papers}
    assert any("🦄" in citation["quote"] for citation in answer["citations"])
    for citation in answer["citations"]:
        assert abstracts[citation["paper_id"]][citation["start"] : citation["end"]] == citation["quote"]


# -- wrong usage is 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask",),
        ("search",),
        ("ingest",),
        ("frobnicate",),
        ("ask", "x", "--nonsense"),
        ("search", "x", "--top-k", "0"),
        ("ingest", str(PROFILE), "--as-of", "yesterday"),
    ],
)
def test_wrong_usage_is_two(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, cwd=tmp_path, ASSISTANT_LIBRARY=str(tmp_path / "library"))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr
    assert not (tmp_path / "library").exists()  # nothing is made before the command is understood


def test_help_is_zero(tmp_path: Path) -> None:
    done = run("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert all(command in done.stdout for command in ("ingest", "papers", "search", "ask", "serve"))


# -- problems are 1, in one line


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("", "The question is empty"),
        ("x" * 100_000, "100,000 characters; at most 4,000"),
    ],
)
def test_a_question_that_cannot_be_asked_is_one_line(library: Path, tmp_path: Path, question: str, said: str) -> None:
    assert said in problem(run("ask", question, "--library", library, "--json", cwd=tmp_path))


@pytest.mark.parametrize("question", [b"padding \xff\xfe tokens", b"\x1b[31mpadding\x07"])
def test_any_bytes_can_be_asked(library: Path, tmp_path: Path, question: bytes) -> None:
    done = run("ask", question, "--library", library, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["text"]
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("gpt-9", "is no model; use local:extractive"),
        ("http://127.0.0.1:9/v1#m", "cannot be reached; start the server"),
    ],
)
def test_a_model_that_cannot_answer_is_one_line(library: Path, tmp_path: Path, model: str, said: str) -> None:
    done = run("ask", "What is Rainbow Padding?", "--model", model, "--library", library, "--json", cwd=tmp_path)
    assert said in problem(done)


def test_the_key_is_in_no_output(library: Path, tmp_path: Path) -> None:
    with openai_server(Script(status=401, error=f"Incorrect API key provided: {KEY}")) as server:
        done = run(
            *("ask", "What is Rainbow Padding?", "--model", "openai:m", "--library", library),
            cwd=tmp_path,
            OPENAI_API_KEY=KEY,
            OPENAI_BASE_URL=server.base_url,
            OPENAI_LOG="debug",
        )
        assert {request.authorization for request in server.received} == {f"Bearer {KEY}"}
    assert done.returncode == 1
    assert "refused the key" in done.stderr
    assert KEY not in done.stdout + done.stderr


def test_a_server_answers_on_the_command_line(library: Path, tmp_path: Path) -> None:
    with openai_server(Script(pieces=("Rainbow Padding <b>cycles</b> padding [1].",), usage=(9, 8))) as server:
        values = {"ASSISTANT_MODEL": f"{server.base_url}#m", "ASSISTANT_JUDGE": "off"}
        done = run("ask", "What is Rainbow Padding?", "--library", library, "--json", cwd=tmp_path, **values)
    answer = json.loads(done.stdout)
    assert answer["text"] == "Rainbow Padding `<b>`cycles`</b>` padding [1]."
    assert answer["usage"] == {"input_tokens": 9, "output_tokens": 8, "estimated": False}


def test_a_missing_listing_is_named(tmp_path: Path) -> None:
    said = problem(run("ingest", tmp_path / "none.txt", "--library", tmp_path / "new", cwd=tmp_path))
    assert "none.txt" in said


@pytest.mark.parametrize("content", [bytes(range(256)) * 20, b"nothing of a listing"])
def test_a_file_that_is_no_listing_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.txt").write_bytes(content)
    said = problem(run("ingest", tmp_path / "odd.txt", "--library", tmp_path / "new", cwd=tmp_path))
    assert "odd.txt" in said


def test_a_folder_without_listings_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    said = problem(run("ingest", tmp_path / "folder", "--library", tmp_path / "new", cwd=tmp_path))
    assert "holds no listing" in said


def test_a_library_open_elsewhere_is_named(own_library: Path, tmp_path: Path) -> None:
    with FileLock(own_library / "lock"):
        said = problem(run("ingest", SEEDS, "--library", own_library, cwd=tmp_path))
    assert "is open in" in said
    assert str(own_library) in said.replace("\n", "")


def test_a_library_of_a_newer_version_is_named(own_library: Path, tmp_path: Path) -> None:
    with sqlite3.connect(own_library / "catalogue.sqlite3") as connection:
        connection.execute("UPDATE schema_version SET version = 9999")
    assert "newer" in problem(run("papers", "--library", own_library, cwd=tmp_path))


def test_a_damaged_catalogue_is_named(own_library: Path, tmp_path: Path) -> None:
    for file in own_library.glob("catalogue.sqlite3*"):
        file.unlink()
    (own_library / "catalogue.sqlite3").write_bytes(b"no database " * 500)
    said = problem(run("papers", "--library", own_library, "--json", cwd=tmp_path))
    assert "catalogue.sqlite3" in said


def test_a_folder_that_is_a_file_cannot_be_the_library(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    said = problem(run("papers", "--library", tmp_path / "file", cwd=tmp_path))
    assert "choose another with --library" in said


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder that not even root may write is there on Linux")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    said = problem(run("papers", "--library", "/proc/library", cwd=tmp_path))
    assert "/proc/library cannot be written" in said


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    said = problem(run("papers", "--library", tmp_path / "new", cwd=tmp_path, ASSISTANT_EVIDENCE_PASSAGES="many"))
    assert "evidence_passages" in said.lower()
    assert "correct it in the environment" in said


def test_an_unknown_embedder_is_named(tmp_path: Path) -> None:
    said = problem(run("ingest", PROFILE, "--library", tmp_path / "new", cwd=tmp_path, ASSISTANT_EMBEDDER="word2vec"))
    assert "word2vec" in said


def test_asking_an_empty_library_says_what_to_do(tmp_path: Path) -> None:
    file = batch(tmp_path / "b.jsonl", *({"question": asked} for asked in ("What is X?", "papers by Bumjun Kim")))
    done = run("ask", "--batch", file, "--library", tmp_path / "new", cwd=tmp_path)
    for answer in map(json.loads, done.stdout.splitlines()):
        assert answer["abstained"]
        assert "The library is empty" in answer["text"]
        assert "python -m assistant ingest PATH" in answer["text"]


# -- the terminal


def test_without_json_the_answer_and_its_references_are_shown(library: Path, tmp_path: Path) -> None:
    done = run("ask", "What is <eos> overflow?", "--library", library, cwd=tmp_path)
    assert done.returncode == 0
    assert "`<eos>` overflow" in done.stdout
    assert "[1] Bumjun Kim, Dongjae Jeon, Dueun Kim" in done.stdout
    assert (
        "Rainbow Padding: Mitigating Early Termination in Instruction-Tuned Diffusion LLMs. 2025-10-04." in done.stdout
    )
    assert re.fullmatch(r"local:extractive · \d+\.\d\d s\n", done.stderr)  # tokens cost nothing here


def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    assert run("--version", cwd=tmp_path).stdout == f"{assistant.__version__}\n"


def test_a_reader_who_leaves_is_no_problem(library: Path, tmp_path: Path) -> None:
    file = batch(tmp_path / "b.jsonl", *({"id": n, "question": "papers since 2020"} for n in range(40)))
    command = f"{sys.executable} -m assistant ask --batch {file} --library {library} | head -1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, timeout=60, cwd=tmp_path, env=environment()
    )
    assert json.loads(done.stdout)["id"] == 0
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr
    papers = f"{sys.executable} -m assistant papers --json --library {library} | head -1"
    done = subprocess.run(["bash", "-c", papers], capture_output=True, timeout=60, cwd=tmp_path, env=environment())
    assert done.stdout == b"[\n"
    assert done.stderr == b""


@pytest.fixture
def interrupted_ingest(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """An ingest of the seeds that got SIGINT while it embeds."""
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "ingest", SEEDS, "--library", tmp_path / "library", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment(),
    )
    catalogue = tmp_path / "library" / "catalogue.sqlite3"
    deadline = time.monotonic() + 30
    while not stored(catalogue) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    yield process
    process.kill()


def stored(catalogue: Path) -> int:
    try:
        with sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(*) FROM passages").fetchone()[0])
    except sqlite3.Error:
        return 0


def test_an_interrupted_ingest_goes_on_where_it_stopped(
    interrupted_ingest: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    out, err = interrupted_ingest.communicate(timeout=60)
    assert interrupted_ingest.returncode == 1, err
    assert out == b""
    assert b"Traceback" not in err
    assert "Stopped; what was stored stays, and the same command goes on from there." in err.decode()
    again = run("ingest", SEEDS, "--library", tmp_path / "library", "--json", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["passages_embedded"] > 0
    found = run("ask", "What is Rainbow Padding?", "--library", tmp_path / "library", "--json", cwd=tmp_path)
    assert not json.loads(found.stdout)["abstained"]


def test_a_ctrl_c_that_a_library_swallowed_stops_at_the_next_report() -> None:
    with progress() as on_progress:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            on_progress("Embedding passages", 1, 2)


IMPORTS = """
import sys
from assistant.commands.cli import main
for command in (["ask", "What is padding?"], ["papers"], ["search", "padding"], ["ingest", sys.argv[2]]):
    try:
        main([*command, "--library", sys.argv[1]])
    except SystemExit as end:
        assert not end.code, (command, end.code)
print([name for name in ("gradio", "fastapi", "torch", "transformers") if name in sys.modules], file=sys.stderr)
"""


def test_the_command_line_imports_no_web_page(own_library: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS, own_library, PROFILE],
        capture_output=True,
        timeout=60,
        cwd=tmp_path,
        env=environment(),
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.decode().strip().splitlines()[-1] == "[]"


def test_the_library_is_known_from_the_environment(library: Path, tmp_path: Path) -> None:
    done = run("papers", "--year", "2015", cwd=tmp_path, ASSISTANT_LIBRARY=str(library))
    assert "Adding Gradient Noise" in done.stdout
    assert "1 papers" not in done.stderr


def test_the_json_of_an_ingest_says_why_a_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\0\1\2")
    done = run("ingest", tmp_path / "bad.txt", "--library", tmp_path / "library", "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert "bad.txt is a binary file" in json.loads(done.stdout)["error"]
    assert "bad.txt is a binary file" in done.stderr
