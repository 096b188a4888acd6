"""A reranker by name: it reads the query together with each of the first passages, and puts these in a new order.

fastembed:NAME   a cross-encoder of the package fastembed, such as Xenova/ms-marco-MiniLM-L-6-v2
"""

from collections.abc import Sequence

from vectorstore.embedders.fastembed_models import cross_encoder
from vectorstore.errors import EmbeddingError
from vectorstore.search.retriever import RetrievedPassage

RERANKED = 30  # passages that a cross-encoder reads, one forward pass each


class CrossEncoder:
    """A cross-encoder of fastembed (Nogueira & Cho 2019)."""

    def __init__(self, model: str) -> None:
        """Raises EmbeddingError if fastembed is not installed."""
        self.name = f"fastembed:{model}"
        self._encoder = cross_encoder(model)

    def reordered(self, query: str, found: Sequence[RetrievedPassage]) -> list[RetrievedPassage]:
        """Return `found` with its first RERANKED passages by descending relevance; equal ones keep their order.

        The similarities of the passages stay those of the retriever.
        """
        if not found:
            return []
        first = found[:RERANKED]
        texts = [passage.passage.embedded_text for passage in first]
        values = [float(value) for value in self._encoder().rerank(query, texts)]
        if len(values) != len(first):
            raise EmbeddingError(f"{self.name} judged {len(values)} of {len(first)} passages; choose another reranker.")
        order = sorted(range(len(first)), key=lambda index: -values[index])
        return [first[index] for index in order] + list(found[RERANKED:])


def reranker(name: str) -> CrossEncoder:
    """Return the reranker called `name`. Raises EmbeddingError if there is none, or its package is missing."""
    kind, _, model = name.partition(":")
    if kind.lower() != "fastembed" or not model:
        raise EmbeddingError(f"There is no reranker {name!r}; use fastembed:NAME in ASSISTANT_RERANKER, or none.")
    return CrossEncoder(model)
