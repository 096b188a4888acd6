"""60,000 real papers, with their vectors: what ingest, opening and each kind of search cost."""

import gzip
import json
import random
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import mean, median

import numpy as np

from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.catalogue.filters import Filters
from vectorstore.embedders.bert import Vectors
from vectorstore.embedders.embeddings import text_key
from vectorstore.embedders.minilm import MiniLM
from vectorstore.embedders.word_vectors import CODE_BYTES
from vectorstore.library import Library
from vectorstore.listings.entry import Entry, Listing, ProfileFigures
from vectorstore.papers.grouping import Provenance
from vectorstore.papers.paper import merged
from vectorstore.papers.passages import paper_of, split_paper
from vectorstore.search.filtered_papers import ChosenPapers
from vectorstore.search.ranking import REFINED
from vectorstore.search.retriever import Candidates

SEARCHES = 200  # of each kind, each with a query of its own: no cache helps
_REMEMBERED_AT_ONCE = 5000
FIRST = 20
COMPARED = 20  # of each kind, with the ranking of every paper

_AUTHOR = Filters(authors=("Yang Liu",))
_VISION = Filters(saying="vision")
FILTERS = {
    "no filter": None,
    "an author": _AUTHOR,
    "an author, a year": Filters(authors=("Yang Liu",), since=date(2025, 1, 1), until=date(2025, 12, 31)),
    "either of two authors": Filters(any_of=(_AUTHOR, Filters(authors=("Hao Chen",)))),
    "an author, not saying vision": Filters(authors=("Yang Liu",), excluding=(_VISION,)),
    "a category in a month": Filters(category="CV", since=date(2025, 6, 1), until=date(2025, 6, 30)),
    "a category": Filters(category="CL"),
    "a year": Filters(since=date(2026, 1, 1), until=date(2026, 12, 31)),
    "not an author": Filters(excluding=(_AUTHOR,)),
    "not saying vision": Filters(excluding=(_VISION,)),
    "saying vision": _VISION,
}


def read_papers(bench: Path) -> Listing:
    """Return the papers as a listing, one entry a paper; line n is paper n. "cs.CV" is printed "CV"."""
    with gzip.open(bench / "scale" / "papers_60k.jsonl.gz", "rt", encoding="utf-8") as file:
        entries = tuple(
            Entry(
                line,
                row["title"],
                row["abstract"],
                authors=tuple(row["authors"]),
                authors_complete=True,
                author_count=len(row["authors"]),
                published=date.fromisoformat(row["published"]),
                category=row["categories"][0].removeprefix("cs."),
            )
            for line, row in enumerate(map(json.loads, file), 1)
        )
    return Listing("papers_60k", f"{'papers_60k':0<64}", "daily", None, None, ProfileFigures(), entries)


def remember_vectors(catalogue: Catalogue, listing: Listing, vectors: Vectors) -> None:
    """Remember the papers' given vectors as MiniLM's, so that nothing is embedded.

    A paper of two passages has one vector: both passages take it. One paper in ten has two. The codes of words, which
    are not given, are drawn by chance: comparing them costs what comparing true ones does, and ranks badly.
    """
    chance = np.random.default_rng(60)
    printed = [(Provenance(listing.name, entry.line, listing.sha256), entry) for entry in listing.entries]
    known: dict[str, np.ndarray] = {}
    words: dict[str, bytes] = {}
    for paper in merged(printed):
        vector = vectors[paper.entries[0].line - 1]
        for passage in split_paper(paper):
            key = text_key(passage.embedded_text)
            known[key] = vector
            words[key] = chance.bytes(CODE_BYTES * len(passage.embedded_text.split()))
        if len(known) >= _REMEMBERED_AT_ONCE:
            catalogue.remember(MiniLM.name, known, words)
            known, words = {}, {}
    catalogue.remember(MiniLM.name, known, words)


@dataclass(frozen=True)
class Ingested:
    """How long an ingest took in seconds: until all papers were found by their words, and as a whole; the same again;
    and the most memory in MB that the process had until then."""

    in_words: float
    whole: float
    again: float
    peak_mb: float


@contextmanager
def library_of_60k(
    bench: Path, folder: Path, *, papers: int | None = None
) -> Iterator[tuple[Library, Ingested | None]]:
    """Open the library of the papers, or of the first of them, in `folder`, with how long its ingest took if it was
    made now."""
    ingested = None
    if not folder.exists():
        listing = read_papers(bench)
        listing = replace(listing, entries=listing.entries[:papers])
        with Library(folder) as library:
            remember_vectors(library.catalogue, listing, np.load(bench / "scale" / "minilm_60k.npy"))
            ingested = _ingested(library, listing)
    with Library(folder) as library:
        yield library, ingested


def _ingested(library: Library, listing: Listing) -> Ingested:
    times = [time.perf_counter()]

    def told(step: str, _done: int, _total: int) -> None:
        if step == "Storing papers":
            times[1:] = [time.perf_counter()]

    library.add([listing], on_progress=told)
    times.append(time.perf_counter())
    library.add([listing])
    started, in_words, whole, again = [*times, time.perf_counter()]
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    return Ingested(in_words - started, whole - started, again - whole, peak)


def questions(bench: Path, listing: Listing) -> Iterator[str]:
    """Yield distinct queries: titles typed in part, three words of an abstract, and what people asked in test sets."""
    chosen = random.Random(60)
    asked = [
        json.loads(line)["text"]
        for name in ("scifact", "cranfield")
        for line in (bench / name / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    entries = chosen.sample(listing.entries, len(listing.entries))
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        title, words = (
            entry.title.split(),
            [word for word in entry.abstract.split() if word.isalpha() and len(word) > 4],
        )
        topic = " ".join(chosen.sample(words, min(3, len(words))))
        part = " ".join(title[: chosen.randint(2, max(2, len(title)))])
        query = (part, topic, asked[number % len(asked)], part)[number % 4]
        if query and query not in seen:
            seen.add(query)
            yield query


def scale_figures(bench: Path, folder: Path, *, papers: int | None = None) -> list[tuple[str, str]]:
    """Return (figure, value) for a new library of the papers in `folder`. Ingest embeds nothing."""
    with library_of_60k(bench, folder, papers=papers) as (library, ingested):
        passages, count = library.catalogue.count_passages()["indexed"], len(library.catalogue.titles())
    megabytes = sum(file.stat().st_size for file in (folder / "index").rglob("*") if file.is_file()) / 1e6
    catalogue = (folder / "catalogue.sqlite3").stat().st_size / 1e6
    started = time.perf_counter()
    with Library(folder) as library:
        library.search("warm up")
        opening = time.perf_counter() - started
        queries = questions(bench, read_papers(bench))
        return [
            ("passages", f"{passages:,}"),
            *(_ingest_figures(ingested, count) if ingested else ()),
            ("index and catalogue", f"{megabytes:.0f} and {catalogue:.0f} MB"),
            ("open and first search", f"{opening:.1f} s"),
            *search_figures(library, queries),
            *first_figures(library, queries),
            *exactness_figures(library, queries),
        ]


def _ingest_figures(ingested: Ingested, papers: int) -> Iterator[tuple[str, str]]:
    yield "papers a second, until found by their words", f"{papers / ingested.in_words:,.0f}"
    yield "papers a second, nothing to embed", f"{papers / ingested.whole:,.0f}"
    yield "papers a second, the same listing again", f"{papers / ingested.again:,.0f}"
    yield "most memory until then, with the vectors given, MB", f"{ingested.peak_mb:,.0f}"


def search_figures(library: Library, queries: Iterator[str]) -> list[tuple[str, str]]:
    """Return the milliseconds of searches with each filter in turn, the embedding of the query included."""
    embedding: list[float] = []
    searching: dict[str, list[float]] = {name: [] for name in FILTERS}
    for _ in range(SEARCHES):
        for name, filters in FILTERS.items():
            query = next(queries)
            started = time.perf_counter()
            library.embeddings.embed_query(query)
            embedding.append(time.perf_counter() - started)
            library.search(query, filters=filters)
            searching[name].append(time.perf_counter() - started)
    named = {"embedding of the query alone": embedding, **{f"search, {name}": ms for name, ms in searching.items()}}
    return [(f"{name}, ms, p50 (p95)", _spread(seconds)) for name, seconds in named.items()]


def first_figures(library: Library, queries: Iterator[str]) -> list[tuple[str, str]]:
    """Return the milliseconds of searches with filters that were not used before: their papers have to be listed."""
    searching: dict[str, list[float]] = {name: [] for name, filters in FILTERS.items() if filters}
    for number in range(FIRST):
        for name, seconds in searching.items():
            filters = FILTERS[name] or Filters()
            another = Filters(since=date(1990, 1, 1 + number))  # which all papers meet
            query = next(queries)
            started = time.perf_counter()
            library.search(query, filters=replace(filters, also=(another,)))
            seconds.append(time.perf_counter() - started)
    return [(f"first search, {name}, ms, p50 (p95)", _spread(seconds)) for name, seconds in searching.items()]


def _spread(seconds: list[float]) -> str:
    return f"{median(seconds) * 1000:.1f} ({np.percentile(seconds, 95) * 1000:.1f})"


def exactness_figures(library: Library, queries: Iterator[str]) -> list[tuple[str, str]]:
    """Return which part of the 50 best papers, which are then compared word by word, a search has among its candidates:
    of the 50 that a comparison with every paper finds."""
    retriever, everything = library.retriever, library.catalogue.paper_ids([])
    kept = {name: {paper.paper_id for paper in library.papers(filters)} for name, filters in FILTERS.items()}
    shares: dict[str, list[float]] = {name: [] for name in FILTERS}
    for _ in range(COMPARED):
        query = next(queries)
        cosines = retriever.dense.closest(query, top_k=None, among=everything)
        bm25s = retriever.lexical.best(query, top_k=None)
        for name, filters in FILTERS.items():
            chosen = ChosenPapers(filters, library.catalogue, lambda: retriever.lexical) if filters else None
            found = retriever.candidates_for(query, retriever.candidates, chosen)
            met = Candidates(_of(cosines, kept[name]), _of(bm25s, kept[name]), found.highest_bm25)
            if expected := met.best(REFINED):  # of fewer papers none may meet a filter
                shares[name].append(len(found.best(REFINED) & expected) / len(expected))
    return [(f"best {REFINED} of all, {name}", f"{mean(values):.4f}") for name, values in shares.items() if values]


def _of(values: Mapping[str, float], paper_ids: Collection[str]) -> dict[str, float]:
    return {key: value for key, value in values.items() if paper_of(key) in paper_ids}
