"""Questions with what a right answer has, every figure on answers made by hand, and `evaluate answers`."""

import gzip
import json
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure as Picture

from assistant.commands.answers_table import print_answers
from assistant.evaluation.answer_evaluation import Figure, answer_figures, measured_answers
from assistant.evaluation.answer_measures import MeasuredAnswer, measured
from assistant.evaluation.gold_questions import GoldQuestion, fault, read_questions, unknown_papers
from assistant.evaluation.intervals import bootstrap_intervals, ratios
from assistant.evaluation.risk_coverage import Point, areas, risk_coverage
from assistant.evaluation.risk_picture import _draw
from assistant.pipeline import Assistant
from assistant.records import Answer, Citation, Reference, Sentence, Usage, Verdict
from assistant.settings import Settings
from tests.command_line import ROOT, environment, problem, run
from tests.openai_server import Script, openai_server
from vectorstore.errors import CollectionError, ModelError
from vectorstore.library import Library
from vectorstore.text.sentences import sentence_spans


def written(path: Path, *rows: dict[str, Any] | str, packed: bool = False) -> Path:
    text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    return path


def gold(**fields: Any) -> GoldQuestion:
    return GoldQuestion.model_validate({"id": "1", "kind": "fact", "question": "What?", **fields})


def answer(
    text: str = "",
    *,
    titles: Sequence[str] = (),
    sentences: Sequence[Sentence] = (),
    citations: Sequence[Citation] = (),
    references: Sequence[Reference] = (),
    abstained: bool = False,
    milliseconds: float = 10.0,
    query: str = "what",
) -> Answer:
    named = tuple(Reference(n, f"p{n}", title, (), True, None, "key") for n, title in enumerate(titles, 1))
    return Answer(
        question="What?",
        query=query,
        intent="passages",
        filters={},
        text=text,
        abstained=abstained,
        sentences=tuple(sentences),
        citations=tuple(citations),
        references=tuple(references) or named,
        model="local:extractive",
        usage=Usage(100, 10, estimated=True),
        timings_ms={"total": milliseconds},
    )


# -- the file

WORDS = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12)
QUESTIONS = st.builds(
    dict,
    kind=WORDS,
    question=WORDS,
    history=st.lists(WORDS, max_size=2),
    papers=st.lists(WORDS, max_size=2),
    exact=st.booleans(),
    recall=st.floats(0.01, 1.0),
    any=st.lists(st.lists(WORDS, min_size=1, max_size=2), max_size=2),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("questions")


@given(
    rows=st.dictionaries(WORDS, QUESTIONS, min_size=1, max_size=4), packed=st.booleans(), turns_are_lists=st.booleans()
)
def test_questions_are_read_as_they_were_written(
    rows: dict[str, dict[str, Any]], packed: bool, turns_are_lists: bool, folder: Path
) -> None:
    lines = []
    for key, row in rows.items():
        history = [[turn, "an answer"] for turn in row["history"]] if turns_are_lists else row["history"]
        lines.append({"id": key, **row, "history": history})

    questions = read_questions(written(folder / "questions", *lines, packed=packed))

    assert [question.model_dump(mode="json") for question in questions] == [
        {"id": key, **row} for key, row in rows.items()
    ]


def test_only_the_id_and_the_question_are_needed(tmp_path: Path) -> None:
    row = {"id": 7, "question": "What is DUSK?", "papers": None, "difficulty": "hard"}

    (question,) = read_questions(written(tmp_path / "q", row))

    assert (question.id, question.kind, question.recall, question.is_judged) == ("7", "question", 1.0, False)


GOOD = '{"id": "1", "question": "a"}'
BAD_FILES = {
    "": "holds no question",
    f'{GOOD}\n{{"id": "2", "que': "line 2: this is no JSON",
    "[1]": "line 1: this is no JSON object",
    '{"id": "1"}': 'line 1: the field "question" is wrong (it is missing)',
    '{"question": "a"}': 'line 1: the field "id" is wrong (it is missing)',
    '{"id": true, "question": "a"}': 'the field "id" is wrong',
    '{"id": "1", "question": " "}': 'the field "question" is wrong',
    '{"id": "1", "question": "\\ud83d"}': 'the field "question" is wrong',
    '{"id": "1", "question": "a", "papers": "b"}': 'the field "papers" is wrong (write a list: [...])',
    '{"id": "1", "question": "a", "any": 3}': 'the field "any" is wrong (write a list of lists, [["a", "b"]]',
    '{"id": "1", "question": "a", "papers": ["b", ""]}': 'the field "papers[1]" is wrong',
    '{"id": "1", "question": "a", "any": ["b"]}': 'the field "any[0]" is wrong (write a list of lists, [["a", "b"]]',
    '{"id": "1", "question": "a", "any": [[]]}': 'the field "any[0]" is wrong (it is empty)',
    '{"id": "1", "question": "a", "recall": 0}': 'the field "recall" is wrong',
    '{"id": "1", "question": "a", "recall": NaN}': 'the field "recall" is wrong',
    '{"id": "1", "question": "a", "exact": "no"}': 'the field "exact" is wrong',
    '{"id": "1", "question": "a", "history": [["b"], []]}': 'the field "history[1]" is wrong',
    f"{GOOD}\n\n{GOOD}": "line 3: the id '1' is that of line 1 too",
}


@pytest.mark.parametrize(("content", "message"), BAD_FILES.items(), ids=range(len(BAD_FILES)))
def test_a_bad_file_is_named_with_its_line(content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CollectionError) as raised:
        read_questions(written(tmp_path / "questions.jsonl", content))

    assert str(raised.value).startswith(str(tmp_path / "questions.jsonl"))
    assert message in str(raised.value)


# -- right or wrong

DUSK, MIND, SNIP = "DUSK: Do Not Unlearn", "MIND the Gap", "SNIP: Pruning"
CASES: list[tuple[dict[str, Any], Answer, str]] = [
    ({"papers": ["DUSK"]}, answer(titles=[MIND, DUSK]), ""),
    ({"papers": ["DUSK", "SNIP"]}, answer(titles=[DUSK]), "not cited: “SNIP”"),
    ({"papers": ["DUSK", "SNIP"], "recall": 0.5}, answer(titles=[DUSK]), ""),
    ({"papers": ["DUSK"], "exact": True}, answer(titles=[DUSK, MIND]), "2 cited, not 1: also “MIND the Gap”"),
    ({"papers": ["DUSK"], "exact": True}, answer(titles=[DUSK]), ""),
    ({"any": [["2024", "last year"], ["May"]]}, answer("In May, last year."), ""),
    ({"any": [["2024", "last year"], ["May"]]}, answer("In May."), "not said: “2024” or “last year”"),
    ({"any": [["4 "]]}, answer("There are 42."), "not said: “4 ”"),
    ({"papers": ["DUSK"]}, answer(titles=[DUSK], abstained=True), "it abstained; not cited: “DUSK”"),
    ({"any": [["4"]]}, answer("4", abstained=True), "it abstained"),
    ({"kind": "unanswerable"}, answer("4"), "it answered; it should have abstained"),
    ({"kind": "unanswerable", "papers": ["DUSK"]}, answer(abstained=True), ""),
    ({}, answer(abstained=True), ""),
]


@pytest.mark.parametrize(("fields", "given_answer", "wrong"), CASES, ids=range(len(CASES)))
def test_what_is_wrong_with_an_answer_is_said(fields: dict[str, Any], given_answer: Answer, wrong: str) -> None:
    assert fault(gold(**fields), given_answer) == wrong


def test_wanted_papers_that_no_title_has_are_found() -> None:
    questions = [gold(papers=["DUSK", "Nowhere"]), gold(papers=["Nowhere", "Gap"])]

    assert unknown_papers(questions, [DUSK, MIND]) == ["Nowhere"]


# -- the counts of an answer


def cited_answer(library: Library, *, quoted: bool = True, moved: bool = False) -> Answer:
    """Return an answer of a sentence that is a paper's own, one without a citation, and a computed line."""
    one, other = [paper for paper in library.papers() if len(paper.abstract) > 600][:2]
    start, end = max(sentence_spans(one.abstract), key=lambda span: span[1] - span[0])
    source = other if moved else one
    at = next(iter(sentence_spans(other.abstract))) if moved else (start, end)
    quote = source.abstract[slice(*at)] if quoted else ""
    return answer(
        "Some text.",
        sentences=[
            Sentence(f"{one.abstract[start : end - 1]} [1].", Verdict.SUPPORTED, (1,), quotes=(0,)),
            Sentence("Whales sing to each other.", Verdict.UNSUPPORTED),
            Sentence("3 papers in the library are about whales", Verdict.COMPUTED),
            Sentence("Here is more.", Verdict.NOT_A_CLAIM),
        ],
        citations=[Citation(1, source.paper_id, f"{source.paper_id}:0", quote, *at)],
        references=[Reference(1, source.paper_id, source.title, (), True, None, "key")],
        query=one.abstract[start:end],
    )


def counts(library: Library, given_answer: Answer) -> MeasuredAnswer:
    return measured(gold(), given_answer, library)


def test_claims_and_citations_are_counted(seeds_library: Library) -> None:
    one = counts(seeds_library, cited_answer(seeds_library))

    assert (one.citations, one.supporting) == (1, 1)
    assert (one.written, one.cited) == (2, 1)
    assert (one.claims, one.grounded) == (3, 2)
    assert one.confidence == pytest.approx(2 / 3)  # the abstract has all words of the query


def test_a_citation_is_judged_by_its_quote_and_not_by_what_the_answer_says_of_it(seeds_library: Library) -> None:
    moved = counts(seeds_library, cited_answer(seeds_library, moved=True))
    unquoted = counts(seeds_library, cited_answer(seeds_library, quoted=False))

    assert (moved.citations, moved.supporting) == (1, 0)
    assert (unquoted.citations, unquoted.supporting) == (1, 0)
    assert moved.confidence < 0.5


def test_each_paper_of_a_sentence_is_a_citation(seeds_library: Library) -> None:
    right, wrong = cited_answer(seeds_library), cited_answer(seeds_library, moved=True)
    sentence = replace(right.sentences[0], citations=(1, 2), quotes=(0, 1))
    both = replace(
        right,
        sentences=(sentence,),
        citations=(right.citations[0], replace(wrong.citations[0], number=2)),
        references=(right.references[0], replace(wrong.references[0], number=2)),
    )

    one = counts(seeds_library, both)

    assert (one.citations, one.supporting, one.written, one.cited) == (2, 1, 1, 1)


def test_what_the_catalogue_computes_is_sure_and_needs_no_quote(seeds_library: Library) -> None:
    one = counts(seeds_library, answer("3", sentences=[Sentence("3 papers", Verdict.COMPUTED, (1,))]))

    assert (one.confidence, one.claims, one.grounded, one.written, one.citations) == (1.0, 1, 1, 0, 0)


# -- the figures


def result(kind: str = "fact", *, judged: bool = True, **fields: Any) -> MeasuredAnswer:
    question = gold(kind=kind, papers=["DUSK"]) if judged else gold(kind=kind)
    return MeasuredAnswer(question, **{"fault": "", "milliseconds": 10.0, **fields})


RESULTS = [
    result(citations=4, supporting=4, written=4, cited=4, claims=4, grounded=4, confidence=1.0, usage=Usage(100, 10)),
    result(citations=1, supporting=0, written=3, cited=1, claims=4, grounded=1, confidence=0.2, fault="bad"),
    result(abstained=True, fault="it abstained", milliseconds=30.0),
    result("open", judged=False, abstained=True, usage=Usage(7, 1, estimated=True)),
    result("open", judged=False, written=1, claims=1, confidence=0.1),
    result("unanswerable", abstained=True),
    result("unanswerable", fault="it answered", confidence=0.5, claims=1, grounded=1),
    result("unanswerable", fault="no server", failed=True),
]


def test_each_rate_is_a_ratio_over_all_that_it_counts() -> None:
    figures = answer_figures(RESULTS, model="m")
    rates = {name: (figure.value, figure.n) for name, figure in figures.all.rates.items()}

    assert rates == {
        "correctness": (2 / 6, 6),  # the open ones are not judged
        "citation_precision": (4 / 5, 5),
        "citation_recall": (5 / 8, 8),
        "groundedness": (6 / 10, 10),
        "abstention_precision": (1 / 2, 2),
        "abstention_recall": (1 / 3, 3),
    }
    assert (figures.all.questions, figures.all.failed, list(figures.kinds)) == (8, 1, ["fact", "open", "unanswerable"])
    assert figures.all.latency_ms == {"p50": 10.0, "p95": pytest.approx(24.0)}
    assert (figures.all.input_tokens, figures.all.output_tokens, figures.all.tokens_estimated) == (107, 11, True)
    assert [one.fault for one in figures.wrong] == ["bad", "it abstained", "it answered", "no server"]


def test_what_cannot_be_measured_is_neither_0_nor_1() -> None:
    record = answer_figures([result("open", judged=False, failed=True, fault="x")], model="m").record()

    nothing = {"value": None, "low": None, "high": None, "n": 0}
    rates = {name: value for name, value in record["all"].items() if isinstance(value, dict) and "n" in value}
    assert len(rates) == 6
    assert all(rate == nothing for rate in rates.values())
    assert record["all"]["latency_ms"] == {"p50": None, "p95": None}
    assert (record["risk_coverage"], record["aurc"]) == ([], nothing)
    json.dumps(record, allow_nan=False)


def test_an_interval_of_a_ratio_draws_questions_and_not_what_they_count() -> None:
    # One question of 100 citations and nine of one each: whether the long one is drawn decides the ratio.
    rows = np.array([[0.0, 100.0]] + [[1.0, 1.0]] * 9)

    ((low, high),) = bootstrap_intervals(rows, ratios)

    assert (low, high) == (pytest.approx(0.02, abs=0.02), 1.0)
    assert bootstrap_intervals(rows, ratios) == [(low, high)]


def test_a_ratio_with_nothing_below_has_no_interval() -> None:
    low, high = bootstrap_intervals([[0.0, 0.0], [0.0, 0.0]], ratios)[0]

    assert math.isnan(low)
    assert math.isnan(high)


COUNTS = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda pair: (min(pair), max(pair)))


@given(st.lists(COUNTS, min_size=1, max_size=12))
def test_a_rate_lies_within_its_interval_and_all_within_0_and_1(rows: list[tuple[int, int]]) -> None:
    results = [result(written=under, cited=over) for over, under in rows]

    figure = answer_figures(results, model="m").all.rates["citation_recall"]

    if not sum(under for _, under in rows):
        assert figure == Figure(None, None, None, 0)
        return
    assert figure.value == pytest.approx(sum(over for over, _ in rows) / figure.n)
    assert figure.low is not None
    assert figure.high is not None
    assert 0 <= figure.low <= figure.high <= 1


# -- risk and coverage


def test_the_curve_of_a_worked_example() -> None:
    curve = risk_coverage([0.2, 0.9, 0.5], [1, 0, 1], questions=4)

    assert curve == [Point(0.25, 0.0), Point(0.5, 0.5), Point(0.75, pytest.approx(2 / 3))]
    assert areas(np.array([[[0.2, 1], [0.9, 0], [0.5, 1]]])) == pytest.approx((0 + 1 / 2 + 2 / 3) / 3)


def test_the_unsure_are_covered_last_and_those_without_an_answer_never() -> None:
    figures = answer_figures(RESULTS, model="m")

    assert figures.curve == [Point(1 / 6, 0.0), Point(2 / 6, 0.5), Point(3 / 6, pytest.approx(2 / 3))]
    assert figures.aurc.value == pytest.approx((0 + 1 / 2 + 2 / 3) / 3)
    assert figures.aurc.n == 3


ANSWERS = st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.booleans()), min_size=1, max_size=12)


@given(ANSWERS, st.integers(0, 5), st.randoms(use_true_random=False))
def test_the_curve_does_not_depend_on_the_order_of_the_file(
    given_answers: list[tuple[float, bool]], others: int, shuffler: random.Random
) -> None:
    mixed = list(given_answers)
    shuffler.shuffle(mixed)
    questions = len(mixed) + others

    curve, again = (risk_coverage(*zip(*some, strict=True), questions=questions) for some in (given_answers, mixed))

    assert [point.risk for point in curve] == pytest.approx([point.risk for point in again])
    share = sum(wrong for _, wrong in mixed) / len(mixed)
    assert (curve[-1].coverage, curve[-1].risk) == pytest.approx((len(mixed) / questions, share))


# -- the run


def test_follow_ups_are_asked_after_their_history(seeds_library: Library) -> None:
    questions = [gold(history=[["What is Rainbow Padding?"]], question="Who wrote it?", papers=["Rainbow Padding"])]

    (one,) = measured_answers(Assistant(seeds_library, Settings()), questions)

    assert (one.fault, one.abstained) == ("", False)


def test_a_model_that_fails_counts_as_wrong_and_stops_the_run_the_third_time(seeds_library: Library) -> None:
    assistant = Assistant(seeds_library, Settings(api_key="none"))
    defined = [gold(id=str(n), question=f"What is {name}?") for n, name in enumerate(("DUSK", "SNIP", "IDER"))]
    computed = gold(id="9", question="papers by Soeun Kim", papers=["DUSK"])
    with openai_server(Script(status=404, error="no such model")) as server:

        def asked(*questions: GoldQuestion) -> list[MeasuredAnswer]:
            return measured_answers(assistant, questions, model=f"{server.base_url}#m")

        results = asked(defined[0], computed, defined[1])
        with pytest.raises(ModelError):
            asked(defined[0])
        with pytest.raises(ModelError):
            asked(defined[0], computed, *defined[1:], computed)

    assert [one.failed for one in results] == [True, False, True]
    assert "local:extractive" in results[0].fault  # the way out
    assert answer_figures(results, model="m").all.failed == 2


def test_a_question_that_cannot_be_asked_counts_as_wrong(seeds_library: Library) -> None:
    (one,) = measured_answers(Assistant(seeds_library, Settings()), [gold(question="the " * 1001, papers=["DUSK"])])

    assert one.failed
    assert "at most 4,000 are read" in one.fault


# -- the command

ASKED = [
    {"id": "a", "kind": "fact", "question": "What is DUSK?", "papers": ["DUSK"]},
    {"id": "b", "kind": "fact", "question": "What is SNIP?", "papers": ["SNIP", "Nowhere To Be Found"]},
    {"id": "c", "kind": "followup", "history": [["What is DUSK?"]], "question": "Who wrote it?", "papers": ["DUSK"]},
    {"id": "d", "kind": "unanswerable", "question": "What is the capital of France?"},
]


@pytest.fixture(scope="module")
def library(seeds_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the seeds that only commands open."""
    return Path(shutil.copytree(seeds_folder, tmp_path_factory.mktemp("commands") / "library"))


def test_the_command_prints_the_figures_and_draws_the_curve(library: Path, tmp_path: Path) -> None:
    questions, home = written(tmp_path / "questions.jsonl", *ASKED), tmp_path / "home"
    home.mkdir()
    command = ("evaluate", "answers", "--questions", questions, "--library", library)
    values = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "XDG_CONFIG_HOME": str(home / "config")}

    done = run(*command, "--json", "--curve", tmp_path / "curve.png", cwd=tmp_path, **values)

    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert list(figures) == ["questions", "model", "kinds", "all", "risk_coverage", "aurc", "wrong"]
    assert (figures["questions"], figures["model"]) == (4, "local:extractive")
    assert list(figures["kinds"]) == ["fact", "followup", "unanswerable"]
    assert figures["all"]["correctness"] == {"value": 0.75, "low": 0.25, "high": 1.0, "n": 4}
    assert figures["kinds"]["unanswerable"]["abstention_recall"]["value"] == 1.0
    assert figures["risk_coverage"][-1] == {"coverage": 0.75, "risk": 0.3333}
    assert figures["wrong"] == [
        {"id": "b", "kind": "fact", "question": "What is SNIP?", "why": "not cited: “Nowhere To Be Found”"}
    ]
    assert "no title in the library has (they count as not cited): 1, as “Nowhere To Be Found”" in done.stderr
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG\r\n")
    assert list(home.iterdir()) == []

    plain = run(*command, "--curve", tmp_path / "curve.SVG", cwd=tmp_path, TERM="dumb")

    assert max(map(len, plain.stdout.splitlines())) <= 100
    assert "0.750 /4" in plain.stdout
    assert "b: What is SNIP? (not cited: “Nowhere To Be Found”)" in plain.stdout
    assert ElementTree.parse(tmp_path / "curve.SVG").getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_bad_input_is_one_sentence(library: Path, tmp_path: Path) -> None:
    questions = written(tmp_path / "questions.jsonl", *ASKED[:1])

    def asked(*arguments: str | Path, folder: Path = library) -> subprocess.CompletedProcess[str]:
        return run("evaluate", "answers", "--library", folder, "--questions", *arguments, cwd=tmp_path)

    assert "missing.jsonl does not exist" in problem(asked("missing.jsonl", "--json"))
    assert "'gpt' is no model" in problem(asked(questions, "--model", "gpt"))
    assert "There is no folder" in problem(asked(questions, "--curve", tmp_path / "no" / "curve.png"))
    assert "is empty; read listings into it first" in problem(asked(questions, folder=tmp_path / "empty"))
    assert asked(questions, "--curve", "curve.pdf").returncode == 2
    (tmp_path / "curve.png").mkdir()
    taken = asked(questions, "--curve", "curve.png")
    assert (taken.returncode, "curve.png cannot be written" in taken.stderr) == (1, True)
    assert "1.000 /1" in taken.stdout  # the figures are not lost with the picture


def test_no_picture_is_drawn_of_nothing(library: Path, tmp_path: Path) -> None:
    questions = written(
        tmp_path / "questions.jsonl", {"id": "d", "kind": "unanswerable", "question": "capital of France?"}
    )

    done = run(
        *("evaluate", "answers", "--questions", questions, "--library", library, "--curve", "curve.png"),
        cwd=tmp_path,
    )

    assert done.returncode == 0
    assert "curve.png was not drawn" in done.stderr
    assert not (tmp_path / "curve.png").exists()


def test_ctrl_c_prints_nothing_half(library: Path, tmp_path: Path) -> None:
    rows = [{**ASKED[0], "id": number} for number in range(20_000)]
    questions = written(tmp_path / "questions.jsonl", *rows)
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "evaluate", "answers", "--questions", questions, "--library", library],
        cwd=tmp_path,
        env=environment(TERM="xterm", TTY_COMPATIBLE="1"),  # the bar is drawn, so that the run can be seen to run
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr
    seen = b""
    while b"Asking" not in seen:
        read = os.read(process.stderr.fileno(), 4096)
        assert read, seen
        seen += read
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)

    assert (process.returncode, out) == (1, b"")
    assert b"Stopped; nothing was measured." in err
    assert b"Traceback" not in err


def test_what_failed_is_said(library: Path, tmp_path: Path) -> None:
    rows = [ASKED[0], {"id": "x", "question": "the " * 1001, "papers": ["DUSK"]}]

    done = run("evaluate", "answers", "--questions", written(tmp_path / "q", *rows), "--library", library, cwd=tmp_path)

    assert done.returncode == 0
    assert "1 of 2 got no answer; what failed counts as wrong." in done.stderr


def test_one_question_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    print_answers(answer_figures(RESULTS[:1], model="m"))

    assert "1 question to m" in capsys.readouterr().out


@pytest.mark.parametrize("risk", [0.0, 0.01, 1.0])
def test_the_whole_curve_is_seen_above_its_axis(risk: float) -> None:
    axes = Picture().add_subplot()

    _draw(axes, [Point(0.5, risk), Point(1.0, risk)])

    low, high = axes.get_ylim()
    assert low < risk <= high
    assert high == (1.0 if risk in (0.0, 1.0) else pytest.approx(0.012))


def test_help_imports_neither_numpy_nor_matplotlib() -> None:
    code = "import sys, assistant.commands.cli; print({'numpy', 'matplotlib', 'langchain_core'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
