"""60,000 real papers, with their vectors: what ingest, opening and each kind of search cost."""

import gzip
import json
from datetime import date
from pathlib import Path

import numpy as np

from vectorstore.catalogue import Catalogue
from vectorstore.embeddings import text_key
from vectorstore.listings import Entry, Listing, ProfileFigures
from vectorstore.minilm import MiniLM, Vectors
from vectorstore.papers import Provenance, merged
from vectorstore.passages import split_paper


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

    A paper of two passages has one vector: both passages take it. They are 3 in 100.
    """
    printed = [(Provenance(listing.name, entry.line, listing.sha256), entry) for entry in listing.entries]
    known: dict[str, np.ndarray] = {}
    for paper in merged(printed):
        vector = vectors[paper.entries[0].line - 1]
        known |= {text_key(passage.embedded_text): vector for passage in split_paper(paper)}
    catalogue.remember(MiniLM.name, known)
