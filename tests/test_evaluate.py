"""Test collections as files, the measures beside a slow reading of their definitions, and `evaluate retrieval`."""

import gzip
import json
import math
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.collection_files import Document, read_documents, read_judgements, read_queries
from assistant.evaluation.intervals import bootstrap_intervals
from assistant.evaluation.ranking_measures import ndcg, recall, reciprocal_rank
from assistant.evaluation.retrieval_evaluation import (
    Collection,
    add_collection,
    collection_listing,
    library_search,
    read_collection,
    retrieval_figures,
)
from tests.command_line import problem, run
from vectorstore.errors import CollectionError
from vectorstore.library import Library
from vectorstore.papers.grouping import Provenance
from vectorstore.papers.paper import merged

# -- the measures

KEYS = st.sampled_from("abcdefgh")
RANKINGS = st.lists(KEYS, unique=True)
GRADES = st.dictionaries(KEYS, st.integers(-1, 3))


def naive_ndcg(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    def gain(keys: Sequence[str]) -> float:
        total = 0.0
        for rank in range(1, min(k, len(keys)) + 1):
            grade = grades.get(keys[rank - 1], 0)
            if grade > 0:
                total += grade / (math.log(rank + 1) / math.log(2))
        return total

    ideal = gain(sorted(grades, key=lambda key: -grades[key]))
    return gain(ranking) / ideal if ideal else 0.0


@given(RANKINGS, GRADES, st.integers(1, 10))
def test_ndcg_is_the_gain_over_that_of_the_best_order(ranking: list[str], grades: dict[str, int], k: int) -> None:
    assert ndcg(ranking, grades, k=k) == pytest.approx(naive_ndcg(ranking, grades, k))


@given(RANKINGS, GRADES, st.integers(1, 10))
def test_recall_counts_the_relevant_documents_on_top(ranking: list[str], grades: dict[str, int], k: int) -> None:
    relevant = [key for key in grades if grades[key] >= 1]
    found = [key for rank, key in enumerate(ranking) if rank < k and key in relevant]
    assert recall(ranking, grades, k=k) * len(relevant) == pytest.approx(len(found))


@given(RANKINGS, GRADES, st.integers(1, 10))
def test_the_reciprocal_rank_is_that_of_the_first_relevant(ranking: list[str], grades: dict[str, int], k: int) -> None:
    ranks = [place + 1 for place, key in enumerate(ranking) if key in grades and grades[key] > 0 and place < k]
    assert reciprocal_rank(ranking, grades, k=k) == (1 / min(ranks) if ranks else 0)


def test_ndcg_of_a_worked_example() -> None:
    # Found: 3 at rank 1, 0 at rank 2, 1 at rank 3. Best: 3, 2, 1.
    value = ndcg(["a", "x", "c"], {"a": 3, "b": 2, "c": 1}, k=10)

    assert value == pytest.approx((3 + 1 / 2) / (3 + 2 / math.log2(3) + 1 / 2))


def test_a_document_that_the_ranking_cannot_have_still_counts_in_the_ideal() -> None:
    assert ndcg(["a"], {"a": 1, "not in the corpus": 1}, k=10) == pytest.approx(1 / (1 + 1 / math.log2(3)))
    assert recall(["a"], {"a": 1, "not in the corpus": 1}, k=10) == 0.5


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_an_interval_lies_within_the_values(values: list[float]) -> None:
    ((low, high),) = bootstrap_intervals([[value] for value in values])

    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9


def test_an_interval_is_as_wide_as_the_theory_says() -> None:
    values = np.random.default_rng(1).normal(0.5, 0.1, size=(400, 1))
    ((low, high),) = bootstrap_intervals(values)

    error = float(values.std() / math.sqrt(400))
    assert (low, high) == pytest.approx((values.mean() - 1.96 * error, values.mean() + 1.96 * error), abs=0.3 * error)
    assert bootstrap_intervals(values) == [(low, high)]


# -- the files

IDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), max_size=20)
WORDS = st.lists(TEXTS.filter(bool), min_size=1, max_size=4).map(" ".join)


def written(path: Path, lines: Sequence[str], *, bom: bool = False, newline: str = "\n", packed: bool = False) -> Path:
    content = ("\ufeff" * bom + newline.join(lines) + newline).encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("collection")


FILES = {"bom": st.booleans(), "newline": st.sampled_from(["\n", "\r\n", "\n\n"]), "packed": st.booleans()}


@given(
    rows=st.dictionaries(IDS, st.tuples(TEXTS, WORDS), min_size=1),
    names=st.tuples(st.sampled_from(["_id", "id", "doc_id"]), st.sampled_from(["text", "abstract"])),
    ascii_only=st.booleans(),
    **FILES,
)
def test_documents_are_read_as_they_were_written(
    rows: dict[str, tuple[str, str]], names: tuple[str, str], ascii_only: bool, folder: Path, **how: Any
) -> None:
    lines = [
        json.dumps({names[0]: key, **({"title": title} if title else {}), names[1]: text}, ensure_ascii=ascii_only)
        for key, (title, text) in rows.items()
    ]

    documents = read_documents(written(folder / "corpus", lines, **how))

    assert documents == [Document(key, title, text.strip()) for key, (title, text) in rows.items()]


@given(rows=st.dictionaries(IDS, WORDS, min_size=1), tabs=st.booleans(), **FILES)
def test_queries_are_read_as_they_were_written(rows: dict[str, str], tabs: bool, folder: Path, **how: Any) -> None:
    lines = [f"{key}\t{text}" if tabs else json.dumps({"_id": key, "text": text}) for key, text in rows.items()]

    assert read_queries(written(folder / "queries", lines, **how)) == {key: text.strip() for key, text in rows.items()}


@given(
    rows=st.dictionaries(st.integers(0, 99).map(str), st.dictionaries(IDS, st.integers(-2, 3), min_size=1), min_size=1),
    layout=st.sampled_from(["{}\t{}\t{}", "{} {}  {}", "{} 0 {} {}", "{}\t0\t{}\t{}"]),
    heading=st.booleans(),
    **FILES,
)
def test_judgements_are_read_as_they_were_written(
    rows: dict[str, dict[str, int]], layout: str, heading: bool, folder: Path, **how: Any
) -> None:
    lines = [layout.format(query, key, grade) for query, grades in rows.items() for key, grade in grades.items()]
    names = [layout.format("query-id", "corpus-id", "score")] if heading else []

    assert read_judgements(written(folder / "qrels", names + lines, **how)) == rows


def test_the_heading_of_tabbed_queries_is_no_query(tmp_path: Path) -> None:
    lines = ["query-id\ttext", "alpha\twhat is love"]

    assert read_queries(written(tmp_path / "queries.tsv", lines)) == {"alpha": "what is love"}
    assert read_queries(written(tmp_path / "queries.tsv", lines[1:])) == {"alpha": "what is love"}


def test_the_sentences_of_a_list_are_joined_and_half_a_surrogate_pair_is_replaced(tmp_path: Path) -> None:
    row = r'{"doc_id": 7, "title": null, "abstract": ["One \ud83d.", "Two."], "structured": false}'

    assert read_documents(written(tmp_path / "corpus", [row])) == [Document("7", "", "One ?. Two.")]


BAD_CORPORA = {
    "": "holds no document",
    "\n \n": "holds no document",
    '{"_id": "1", "text": "a"}\n{"_id": "2", "te': "line 2: this is no JSON",
    "[" * 100_000: "line 1: this is no JSON",
    "[1, 2]": "line 1: this is no JSON object",
    '{"text": "a"}': "line 1: no id",
    '{"_id": true, "text": "a"}': "line 1: no id",
    '{"_id": " ", "text": "a"}': "line 1: no id",
    '{"_id": "1", "title": "a"}': "line 1: no text or abstract",
    '{"_id": "1", "text": 5}': "line 1: no text or abstract",
    '{"_id": "1", "title": {}, "text": "a"}': "line 1: no title",
    '{"_id": "1", "text": "a"}\n\n{"_id": 1, "text": "b"}': "line 3: the id '1' is that of line 1 too",
}


@pytest.mark.parametrize(("content", "message"), BAD_CORPORA.items(), ids=BAD_CORPORA.values())
def test_a_bad_corpus_is_named_with_its_line(content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CollectionError) as raised:
        read_documents(written(tmp_path / "corpus", [content]))

    assert f"{tmp_path / 'corpus'}" in str(raised.value)
    assert message in str(raised.value)


BAD_QUERIES = {
    "": "holds no query",
    '{"_id": "1", "text": ""}': "line 1: the query has no text",
    "1 what": "line 1: no tab",
    "1\twhat\n2 why": "line 2: no tab",
    "1\twhat\n1\twhy": "line 2: the id '1' is that of line 1 too",
    '{"_id": "1", "text": "what"}\n2\twhy': "line 2: this is no JSON",
}


@pytest.mark.parametrize(("content", "message"), BAD_QUERIES.items(), ids=BAD_QUERIES.values())
def test_bad_queries_are_named_with_their_line(content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=message.replace("(", r"\(")):
        read_queries(written(tmp_path / "queries", [content]))


BAD_JUDGEMENTS = {
    "": "holds no judgement",
    "query-id\tcorpus-id\tscore": "holds no judgement",
    "1\t2": "line 1: 2 columns",
    "1 0 2 1 run 5": "line 1: 6 columns",
    "1\t2\t0.5": "line 1: the grade '0.5' is no whole number",
    "1\t2\thigh": "line 1: the grade 'high' is no whole number",
    "q\td\t1\nq\td\tscore": "line 2: the grade 'score' is no whole number",
    "1\t2\t" + "9" * 5000: "line 1: the grade '999",
    "1\t2\t1\n1\t3\t0\n1\t2\t0": "line 3: document '2' has another grade for query '1'",
}


@pytest.mark.parametrize(("content", "message"), BAD_JUDGEMENTS.items(), ids=BAD_JUDGEMENTS.values())
def test_bad_judgements_are_named_with_their_line(content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=message):
        read_judgements(written(tmp_path / "qrels", [content]))


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    packed = gzip.compress(b"".join(b"%d\t%d\t1\n" % (number, number**3) for number in range(999)))
    contents = {"latin": b"1\t2\t1\n\xe9", "cut.gz": packed[:-20], "torn.gz": packed[:30] + b"no" + packed[32:]}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)

    said = {}
    for name in (*contents, "missing", "."):
        with pytest.raises(CollectionError) as raised:
            read_judgements(tmp_path / name)
        said[name] = str(raised.value).removeprefix(str(tmp_path / name))

    assert said["latin"].startswith(", line 2: this is not UTF-8")
    assert "the gzip file is damaged" in said["cut.gz"]
    assert "the gzip file is damaged" in said["torn.gz"]
    assert "does not exist" in said["missing"]
    assert "is a folder" in said["."]


# -- the collection, and the library that is measured

CORPUS = [
    {"_id": "red", "title": "A lamp", "text": "The red lamp shines at night in the old harbour of the town."},
    {"_id": "blue", "title": "A lamp", "text": "The blue lamp shines at night in the old harbour of the town."},
    {"_id": "again", "title": "A lamp", "text": "The red lamp shines at night in the old harbour of the town."},
    {"_id": "bare", "title": "a LAMP", "text": ""},
    {"_id": "untitled", "text": "Whales sing to each other across whole oceans."},
    {"_id": "twin", "text": "Whales sing to each other across whole oceans, as birds do across a garden."},
    {"_id": "bread", "title": "Sourdough", "text": "Bread rises slowly when the kitchen is cold."},
    {"_id": "nothing", "title": " ", "text": ""},
]
QUERIES = {"q1": "blue lamp", "q2": "how do whales communicate", "q3": "cold kitchen bread", "q4": "not judged"}
QRELS = "query-id\tcorpus-id\tscore\nq1\tblue\t2\nq1\tred\t0\nq2\tuntitled\t1\nq2\ttwin\t1\nq3\tbread\t1\n"


def files(folder: Path, *, corpus: Sequence[Mapping[str, str]] = CORPUS, qrels: str = QRELS) -> tuple[Path, Path, Path]:
    """Return the paths of a corpus, its queries and its judgements, written into `folder`."""
    paths = folder / "corpus.jsonl.gz", folder / "queries.jsonl", folder / "qrels.tsv"
    written(paths[0], [json.dumps(row) for row in corpus], packed=True)
    written(paths[1], [json.dumps({"_id": key, "text": text}) for key, text in QUERIES.items()])
    paths[2].write_text(qrels, encoding="utf-8")
    return paths


def options(paths: tuple[Path, Path, Path]) -> list[str | Path]:
    return ["evaluate", "retrieval", "--corpus", paths[0], "--queries", paths[1], "--qrels", paths[2]]


def test_no_document_is_lost_and_none_takes_the_place_of_another(tmp_path: Path) -> None:
    collection = read_collection(*files(tmp_path))
    with Library(tmp_path / "library") as library:
        add_collection(library, collection)
        search = library_search(library, collection)
        rankings = {query: list(search(query)) for query in ("red lamp", "blue lamp", "whales sing", "zebra")}

    everything = {row["_id"] for row in CORPUS} - {"nothing"}
    assert all(set(ranking) == everything and len(ranking) == len(everything) for ranking in rankings.values())
    assert rankings["red lamp"][:2] == ["red", "again"]  # one paper, since all their words are equal
    assert rankings["blue lamp"][0] == "blue"
    assert set(rankings["whales sing"][:2]) == {"untitled", "twin"}


TITLES = st.sampled_from(["", "Lamp", "lamp!", "Whale", "?"])
ABSTRACTS = st.sampled_from(["", "red light", "red light shines", "blue water", "red light."])


@given(st.lists(st.tuples(TITLES, ABSTRACTS), min_size=1, max_size=12))
def test_only_documents_with_equal_words_are_one_paper(rows: list[tuple[str, str]]) -> None:
    documents = [Document(str(number), *row) for number, row in enumerate(rows)]
    collection = Collection("c", documents, {}, {}, 0, 0, 0)
    listing = collection_listing(collection)
    papers = merged((Provenance("c", entry.line, ""), entry) for entry in listing.entries)

    lines = sorted(entry.line for paper in papers for entry in paper.entries)
    assert lines == [number for number, row in enumerate(rows, 1) if row != ("", "")]
    for paper in papers:
        words = {rows[entry.line - 1] for entry in paper.entries}
        assert len(words) == 1
        title, text = words.pop()
        assert paper.abstract in (text, f"{title}. {text}")


def test_the_figures_are_means_over_the_queries_that_have_a_relevant_document(tmp_path: Path) -> None:
    qrels = QRELS + "q4\tred\t0\nq9\tred\t1\nq3\tgone\t1\n"
    collection = read_collection(*files(tmp_path, qrels=qrels))
    found = {"blue lamp": ["red", "blue"], "how do whales communicate": ["twin"], "cold kitchen bread": ["bread"]}

    figures = retrieval_figures(lambda query: found.get(query, []), collection)

    second = 1 / math.log2(3)
    assert collection.record() == {
        "queries": 3,
        "documents": 8,
        "unknown_queries": 1,
        "unknown_documents": 1,
        "blank_documents": 1,
    }
    assert figures.means == pytest.approx(
        {
            "ndcg@10": (second + 2 / (1 + second)) / 3,
            "recall@20": (1 + 0.5 + 0.5) / 3,
            "recall@100": (1 + 0.5 + 0.5) / 3,
            "mrr@10": (0.5 + 1 + 1) / 3,
        }
    )


@pytest.mark.parametrize(
    ("qrels", "message"),
    [
        ("q1\tred\t0\nq2\tred\t-1\n", "judges no document relevant"),
        ("other\tred\t1\n", "has no query that"),
        ("q1\tother\t1\n", "has no document that"),
    ],
)
def test_files_that_measure_nothing_are_refused(qrels: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=message):
        read_collection(*files(tmp_path, qrels=qrels))


# -- the command


def test_the_command_prints_the_contract_and_keeps_a_library_of_its_own(tmp_path: Path) -> None:
    paths = files(tmp_path, qrels=QRELS + "q9\tred\t1\n")
    own, kept = tmp_path / "own", tmp_path / "kept"
    done = run(*options(paths), "--library", kept, "--json", cwd=tmp_path, ASSISTANT_LIBRARY=str(own))
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert list(figures) == [
        *("ndcg@10", "recall@20", "recall@100", "mrr@10", "latency_ms", "intervals"),
        *("queries", "documents", "unknown_queries", "unknown_documents", "blank_documents"),
    ]
    assert (figures["ndcg@10"], figures["recall@20"], figures["mrr@10"]) == (1.0, 1.0, 1.0)
    assert 0 < figures["latency_ms"]["p50"] <= figures["latency_ms"]["p95"]
    assert figures["intervals"]["ndcg@10"] == [1.0, 1.0]
    assert "Judged queries that the queries' file does not have (left out): 1" in done.stderr
    assert not own.exists()
    before = (kept / "catalogue.sqlite3").stat().st_mtime_ns
    again = run(*options(paths), "--library", kept, cwd=tmp_path)
    assert "ndcg@10     1.000  (95 %: 1.000 to 1.000)" in again.stdout
    assert (kept / "catalogue.sqlite3").stat().st_mtime_ns == before  # nothing was embedded again


def test_without_a_folder_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    values = {"TMPDIR": str(tmp_path / "temporary"), "ASSISTANT_LIBRARY": str(tmp_path / "own")}

    done = run(*options(files(tmp_path)), "--json", cwd=tmp_path, **values)

    assert json.loads(done.stdout)["ndcg@10"] == 1.0
    assert not list((tmp_path / "temporary").iterdir())
    assert not (tmp_path / "own").exists()


def test_a_corpus_is_never_mixed_into_other_papers(seeds_folder: Path, tmp_path: Path) -> None:
    seeds = Path(shutil.copytree(seeds_folder, tmp_path / "seeds"))
    paths = files(tmp_path)
    before = (seeds / "catalogue.sqlite3").read_bytes()

    assert "holds other papers" in problem(run(*options(paths), "--library", seeds, cwd=tmp_path))
    assert "the library of your own papers" in problem(
        run(*options(paths), "--library", "mine", cwd=tmp_path, ASSISTANT_LIBRARY=str(tmp_path / "mine"))
    )
    assert (seeds / "catalogue.sqlite3").read_bytes() == before
    assert not (tmp_path / "mine").exists()


def test_a_bad_file_is_one_sentence(tmp_path: Path) -> None:
    corpus, queries, qrels = files(tmp_path)
    assert "nowhere.jsonl does not exist" in problem(
        run(*options((tmp_path / "nowhere.jsonl", queries, qrels)), "--json", cwd=tmp_path)
    )
    assert "qrels.tsv, line 1: this is no JSON" in problem(run(*options((qrels, queries, qrels)), cwd=tmp_path))
    assert run("evaluate", "retrieval", "--corpus", corpus, cwd=tmp_path).returncode == 2
