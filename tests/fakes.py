"""Stand-ins that are small, deterministic and real implementations of the interface they stand for."""

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.text.evidence import Evidence
from assistant.text.words import content_words
from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.embedders.embeddings import text_key
from vectorstore.embedders.minilm import MiniLM
from vectorstore.listings.entry import Entry, Listing, ProfileFigures
from vectorstore.papers.grouping import Provenance
from vectorstore.papers.paper import Paper, merged
from vectorstore.papers.passages import split_paper
from vectorstore.text.terms import terms

DIMENSIONS = 384


class RandomEmbeddings(Embeddings):
    """Unit vectors that depend on the text alone; those of two texts are nearly orthogonal."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        seed = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        vector = np.random.default_rng(list(seed)).normal(size=DIMENSIONS)
        return list((vector / np.linalg.norm(vector)).tolist())


def paper_of(title: str, abstract: str, *, paper_id: str = "p1", **fields: Any) -> Paper:
    """Return a paper of which a listing prints no more than a title, an abstract and `fields`."""
    nothing = dict.fromkeys(("author_count", "organization", "published", "category", "score", "comments"))
    nothing |= dict.fromkeys(("affiliation", "url"))
    empty = {"authors": (), "authors_complete": True, "page_owners": (), "year_inferred": False, "has_code": False}
    known: dict[str, Any] = {**nothing, **empty, "entries": ()} | fields
    return Paper(paper_id=paper_id, title=title, abstract=abstract, **known)


def listing_of(count: int, *, name: str = "many.txt") -> Listing:
    """Return a listing of `count` short papers, each with words of its own."""
    entries = tuple(
        Entry(
            line=number,
            title=f"Lamp {name} {number}",
            abstract=f"The lamp number{number} of colour{number % 7} shines. Nothing else does.",
            authors=(f"Author {number % 50}",),
            category="LG" if number % 2 else "CV",
        )
        for number in range(1, count + 1)
    )
    return Listing(name, hashlib.sha256(name.encode()).hexdigest(), "profile", None, None, ProfileFigures(), entries)


def embed_beforehand(catalogue: Catalogue, listing: Listing) -> None:
    """Remember random vectors as those of MiniLM for all passages of `listing`: adding it embeds nothing."""
    printed = [(Provenance(listing.name, entry.line, listing.sha256), entry) for entry in listing.entries]
    texts = [passage.embedded_text for paper in merged(printed) for passage in split_paper(paper)]
    vectors = RandomEmbeddings().embed_documents(texts)
    catalogue.remember(
        MiniLM.name,
        {text_key(text): np.array(vector, np.float32) for text, vector in zip(texts, vectors, strict=True)},
    )


class WordReading:
    """Reads by shared words: what has most of a question's words answers it best."""

    least = 0.2

    def answers(self, question: str, papers: Sequence[Evidence]) -> list[float]:
        return [self._share(question, f"{paper.title} {paper.text}") for paper in papers]

    def says(self, question: str, paper: Evidence, sentences: Sequence[str]) -> list[float]:
        return [self._share(question, sentence) for sentence in sentences]

    def _share(self, question: str, text: str) -> float:
        asked = set(content_words(question))
        return len(asked & set(terms(text))) / max(len(asked), 1)


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not become true"
        time.sleep(0.02)
