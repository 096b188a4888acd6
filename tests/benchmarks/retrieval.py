"""Public test collections -> nDCG@10 and latency of the library's own search."""

import gzip
import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from vectorstore.library import Library
from vectorstore.listings import Entry, Listing, ProfileFigures


@dataclass(frozen=True, slots=True)
class Collection:
    """A test collection: documents as (id, title, text), queries by id, and graded judgements by query id."""

    documents: list[tuple[str, str, str]]
    queries: dict[str, str]
    judgements: dict[str, dict[str, int]]


def read_collection(folder: Path, *, split: str) -> Collection:
    """Return a collection in BEIR's layout (Thakur et al. 2021)."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as file:
        documents = [(str(row["_id"]), row.get("title", ""), row["text"]) for row in map(json.loads, file)]
    queries = {
        str(row["_id"]): row["text"]
        for row in map(json.loads, (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines())
    }
    judgements: dict[str, dict[str, int]] = {}
    for line in (folder / f"qrels_{split}.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        judgements.setdefault(query, {})[document] = int(grade)
    return Collection(documents, queries, judgements)


def as_listing(name: str, documents: Sequence[tuple[str, str, str]]) -> Listing:
    """Return documents as a listing, one entry a document; line n is document n."""
    entries = tuple(Entry(line, title or text[:80], text) for line, (_, title, text) in enumerate(documents, 1))
    return Listing(name, f"{name:0<64}", "daily", None, None, ProfileFigures(), entries)


def ndcg_at_10(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return the normalised discounted cumulative gain of a ranking's first ten (Järvelin & Kekäläinen 2002)."""
    gain = sum(grades.get(key, 0) / math.log2(place + 2) for place, key in enumerate(ranking[:10]))
    ideal = sorted(grades.values(), reverse=True)[:10]
    best = sum(grade / math.log2(place + 2) for place, grade in enumerate(ideal))
    return gain / best if best else 0.0


def rankings(library: Library, collection: Collection) -> tuple[dict[str, list[str]], list[float]]:
    """Return the ids of the ten best documents for each judged query, and the milliseconds that each search took."""
    documents = {
        paper.paper_id: [collection.documents[entry.line - 1][0] for entry in paper.entries]
        for paper in library.papers()
    }
    found: dict[str, list[str]] = {}
    milliseconds: list[float] = []
    for query_id in collection.judgements:
        started = time.perf_counter()
        passages = library.search(collection.queries[query_id], top_k=10)
        milliseconds.append((time.perf_counter() - started) * 1000)
        found[query_id] = [key for passage in passages for key in documents[passage.passage.paper_id]]
    return found, milliseconds


def retrieval_figures(bench: Path, folder: Path, *, split: str = "test") -> list[tuple[str, str]]:
    """Return (figure, value) for SciFact, ingested into a new library in `folder`."""
    collection = read_collection(bench / "scifact", split=split)
    with Library(folder) as library:
        started = time.perf_counter()
        added, merged, embedded = library.add([as_listing("scifact", collection.documents)])
        seconds = time.perf_counter() - started
        again = library.add([as_listing("scifact", collection.documents)])
        found, milliseconds = rankings(library, collection)
        passages = len(library.catalogue.passages())
    scores = [ndcg_at_10(found[key], grades) for key, grades in collection.judgements.items()]
    return [
        (f"SciFact {split}, nDCG@10", f"{mean(scores):.3f} ({len(scores)} queries)"),
        ("SciFact, search in ms, median", f"{median(milliseconds):.1f}"),
        ("SciFact, papers in", f"{added} new, {merged} merged, {seconds:.0f} s"),
        ("SciFact, passages embedded", f"{embedded} of {passages}; again: {again[2]}"),
    ]
