"""A test collection, and how well a library finds what its judges found relevant."""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evaluation.collection_files import Document, read_documents, read_judgements, read_queries
from assistant.evaluation.intervals import bootstrap_intervals
from assistant.evaluation.ranking_measures import ndcg, recall, reciprocal_rank
from vectorstore.errors import CollectionError
from vectorstore.library import Library
from vectorstore.listings.entry import Entry, Listing, ProfileFigures
from vectorstore.papers.title_spellings import title_key
from vectorstore.search.current_indexes import OnProgress

DEPTH = 100  # documents ranked for each query: as many as recall@100 looks at
WARM_UP = ("a question to warm up with", "and another one", "and a third")  # not timed
_PRIVATE_USE = 0xE000

Search = Callable[[str], Sequence[str]]  # a query's text -> ids of documents, best first


@dataclass(frozen=True, slots=True)
class Collection:
    """A test collection. `queries` are those with a relevant document, and `judgements` theirs.

    The counts say what of the files cannot be measured: judged queries that are not in the queries' file, judged
    documents that are not in the corpus, and documents with neither title nor text. Such documents can never be found;
    the ideal ranking has them all the same.
    """

    name: str
    documents: list[Document]
    queries: dict[str, str]
    judgements: dict[str, dict[str, int]]
    unknown_queries: int
    unknown_documents: int
    blank_documents: int

    def record(self) -> dict[str, int]:
        """Return the sizes and the counts."""
        return {
            "queries": len(self.queries),
            "documents": len(self.documents),
            "unknown_queries": self.unknown_queries,
            "unknown_documents": self.unknown_documents,
            "blank_documents": self.blank_documents,
        }


@dataclass(frozen=True, slots=True)
class RetrievalFigures:
    """Means over the queries with their 95 % intervals, by measure, and the milliseconds that a search took."""

    means: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    latency_ms: dict[str, float]

    def record(self) -> dict[str, Any]:
        return {
            **{measure: round(mean, 4) for measure, mean in self.means.items()},
            "latency_ms": {name: round(value, 2) for name, value in self.latency_ms.items()},
            "intervals": {measure: [round(low, 4), round(high, 4)] for measure, (low, high) in self.intervals.items()},
        }


def read_collection(corpus: Path, queries: Path, qrels: Path) -> Collection:
    """Return the test collection in three files. Raises CollectionError if one is bad, or if they do not belong."""
    judged = {key: grades for key, grades in read_judgements(qrels).items() if max(grades.values()) > 0}
    texts = read_queries(queries)
    documents = read_documents(corpus)
    known = {document.document_id for document in documents}
    judgements = {key: grades for key, grades in judged.items() if key in texts}
    if not judged:
        raise CollectionError(f"{qrels} judges no document relevant; at least one grade must be above 0.")
    if not judgements:
        raise CollectionError(f"{queries} has no query that {qrels} judges; give files of the same collection.")
    named = {key for grades in judgements.values() for key in grades}
    if named.isdisjoint(known):
        raise CollectionError(f"{corpus} has no document that {qrels} judges; give files of the same collection.")
    return Collection(
        name=corpus.name,
        documents=documents,
        queries={key: texts[key] for key in judgements},
        judgements=judgements,
        unknown_queries=len(judged) - len(judgements),
        unknown_documents=len(named - known),
        blank_documents=sum(not document.title and not document.text for document in documents),
    )


def collection_listing(collection: Collection) -> Listing:
    """Return the documents as a listing, document n on line n; blank ones are left out.

    No two documents with different words become one paper. Papers are told apart by their titles, so a document without
    a title, or with that of an earlier one, gets a title that is in neither index; its own stands in its text.
    """
    entries: list[Entry] = []
    titled: dict[str, Document] = {}
    for line, document in enumerate(collection.documents, 1):
        if not document.title and not document.text:
            continue
        first = titled.setdefault(title_key(document.title), document) if document.title else None
        if first and (first.title, first.text) == (document.title, document.text):
            entries.append(Entry(line, document.title, document.text))
        else:
            text = f"{document.title}. {document.text}" if document.title else document.text
            entries.append(Entry(line, _invisible(line), text))
    content = json.dumps([[entry.line, entry.title, entry.abstract] for entry in entries])
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    return Listing(collection.name, sha256, "collection", None, None, ProfileFigures(), tuple(entries))


def add_collection(library: Library, collection: Collection, *, on_progress: OnProgress | None = None) -> None:
    """Store and index the documents; what is there already is not done again.

    Raises CollectionError if the library holds anything else, which would be ranked among the documents.
    """
    listing = collection_listing(collection)
    if others := [name for sha256, name, _, _ in library.catalogue.listings() if sha256 != listing.sha256]:
        raise CollectionError(
            f"The library {library.path} holds other papers ({others[0]}), which would be ranked among"
            f" the documents of {collection.name}; name an empty folder with --library, or leave it out."
        )
    library.add([listing], on_progress=on_progress)


def documents_of_papers(library: Library, collection: Collection) -> dict[str, list[str]]:
    """Return for each paper of the library the ids of its documents: more than one if all their words are equal."""
    return {
        paper.paper_id: [collection.documents[entry.line - 1].document_id for entry in paper.entries]
        for paper in library.papers()
    }


def library_search(library: Library, collection: Collection) -> Search:
    """Return the library's own ranking, as a search for documents. The query is searched as it is, without filters."""
    documents = documents_of_papers(library, collection)

    def search(query: str) -> list[str]:
        found = library.search(query, top_k=DEPTH)
        return [key for passage in found for key in documents[passage.passage.paper_id]]

    return search


def retrieval_figures(
    search: Search, collection: Collection, *, on_progress: OnProgress | None = None
) -> RetrievalFigures:
    """Return the figures of `search` over all judged queries. The latency is of one query after another, warm."""
    for query in WARM_UP:
        search(query)
    rows: list[list[float]] = []
    milliseconds: list[float] = []
    for done, (key, grades) in enumerate(collection.judgements.items()):
        if on_progress:
            on_progress("Searching", done, len(collection.judgements))
        started = time.perf_counter()
        ranking = search(collection.queries[key])
        milliseconds.append((time.perf_counter() - started) * 1000)
        rows.append(list(_measured(ranking, grades).values()))
    if on_progress:
        on_progress("Searching", len(rows), len(rows))
    measures = list(_measured((), {}))
    p50, p95 = np.percentile(milliseconds, (50, 95)).tolist()
    return RetrievalFigures(
        means=dict(zip(measures, np.mean(rows, axis=0).tolist(), strict=True)),
        intervals=dict(zip(measures, bootstrap_intervals(rows), strict=True)),
        latency_ms={"p50": p50, "p95": p95},
    )


def _measured(ranking: Sequence[str], grades: dict[str, int]) -> dict[str, float]:
    return {
        "ndcg@10": ndcg(ranking, grades, k=10),
        "recall@20": recall(ranking, grades, k=20),
        "recall@100": recall(ranking, grades, k=100),
        "mrr@10": reciprocal_rank(ranking, grades, k=10),
    }


def _invisible(number: int) -> str:
    """Return `number` in characters of Unicode's private use: to both indexes there are none."""
    return "".join(chr(_PRIVATE_USE + int(digit)) for digit in str(number))
