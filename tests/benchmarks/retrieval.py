"""Public test collections -> the figures of the library's search, beside those of its peers."""

import time
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from assistant.evaluation.retrieval_evaluation import (
    Collection,
    RetrievalFigures,
    add_collection,
    library_search,
    read_collection,
    retrieval_figures,
)
from tests.benchmarks.peers import bm25_search, dense_search, tutorial_search
from vectorstore.library import Library

COLLECTIONS = {"SciFact test": "scifact", "Cranfield": "cranfield"}
COLUMNS = ("nDCG@10 (95 %)", "recall@20", "recall@100", "MRR@10", "p50, p95 ms", "ingest s")

Measured = tuple[str, float | None, RetrievalFigures]  # the system, the seconds that its ingest took, its figures


def retrieval_table(bench: Path, folder: Path) -> Table:
    """Return a table with a row for each collection and system; the libraries are made in `folder`."""
    table = Table("collection", "system", *COLUMNS)
    for name, directory in COLLECTIONS.items():
        files = bench / directory
        collection = read_collection(files / "corpus.jsonl.gz", files / "queries.jsonl", files / "qrels_test.tsv")
        for system, seconds, figures in measured(collection, folder / directory):
            table.add_row(name, system, *_cells(figures), "" if seconds is None else f"{seconds:.0f}")
        table.add_section()
    return table


def measured(collection: Collection, folder: Path) -> Iterator[Measured]:
    """Yield the figures of each system over a collection. The two indexes alone are those of the library."""
    started = time.perf_counter()
    with Library(folder / "library") as library:
        add_collection(library, collection)
    seconds: float | None = time.perf_counter() - started
    for system, search in {"this": library_search, "BM25 alone": bm25_search, "MiniLM alone": dense_search}.items():
        with Library(folder / "library") as library:  # opened anew: no vector of a query is remembered
            yield system, seconds, retrieval_figures(search(library, collection), collection)
        seconds = None
    started = time.perf_counter()
    with tutorial_search(collection, folder / "tutorial") as search_pieces:
        seconds = time.perf_counter() - started
        yield "LangChain tutorial", seconds, retrieval_figures(search_pieces, collection)


def _cells(figures: RetrievalFigures) -> list[str]:
    low, high = figures.intervals["ndcg@10"]
    first, *others = figures.means.values()
    latency = figures.latency_ms
    return [
        f"{first:.3f} ({low:.3f}–{high:.3f})",
        *(f"{mean:.3f}" for mean in others),
        f"{latency['p50']:.1f}, {latency['p95']:.1f}",
    ]
