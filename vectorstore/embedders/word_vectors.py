"""The words of a text as vectors in their context, and how well a paper has each word of a query.

Late interaction (Khattab & Zaharia 2020, ColBERT) on the last layer of the embedding model as it is. Of a paper's word
only the signs of every second number of its vector are kept, 24 bytes in all: the ranking is none the worse for it.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedders.bert import DIMENSIONS, Vectors
from vectorstore.embedders.minilm import Reading
from vectorstore.text.terms import terms

_KEPT = slice(None, None, 2)
_BITS = DIMENSIONS // 2
CODE_BYTES = _BITS // 8
# The absolute numbers of a random unit vector add up to the inverse of this: a vector and its own signs have about 1.
_SCALE = math.sqrt(math.pi / 2 / _BITS)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str | None:
    """Return a word as it is indexed, or None if it is a stop word or no word at all."""
    stems = terms(word)
    return stems[0] if stems else None


def content(reading: Reading) -> tuple[list[str], Vectors]:
    """Return the stems of a text's words, stop words and marks left out, and their vectors."""
    stems = [stem(word) for word in reading.words]
    kept = [place for place, found in enumerate(stems) if found]
    return [found for found in stems if found], reading.word_vectors[kept]


def packed(reading: Reading) -> bytes:
    """Return the signs of the vectors of a text's content words, 24 bytes a word."""
    _, vectors = content(reading)
    return np.packbits(vectors[:, _KEPT] > 0, axis=1).tobytes()


def closeness(query: Vectors, weights: NDArray[np.float32], papers: Sequence[bytes]) -> list[float]:
    """Return for each paper the weighted mean, over the words of `query`, of the cosine of the paper's closest word.

    `query` has shape (words, 384), `papers` their codes, none of them empty. The values are estimates, at most 1.
    """
    kept = query[:, _KEPT]
    unit = kept / np.linalg.norm(kept, axis=1, keepdims=True)
    # x . signs = 2 (x . bits) - sum(x), so the bits need not be turned into signs.
    bits = np.unpackbits(np.frombuffer(b"".join(papers), np.uint8)).reshape(-1, _BITS).astype(np.float32)
    cosines = (2 * (unit @ bits.T) - unit.sum(axis=1, keepdims=True)) * _SCALE
    starts = np.cumsum([0, *(len(codes) // CODE_BYTES for codes in papers[:-1])])
    best = np.minimum(np.maximum.reduceat(cosines, starts, axis=1), 1.0)
    values: list[float] = (weights / weights.sum() @ best).tolist()
    return values
