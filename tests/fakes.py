"""Stand-ins that are small, deterministic and real implementations of the interface they stand for."""

import hashlib

import numpy as np
from langchain_core.embeddings import Embeddings

DIMENSIONS = 384


class RandomEmbeddings(Embeddings):
    """Unit vectors that depend on the text alone; those of two texts are nearly orthogonal."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        seed = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        vector = np.random.default_rng(list(seed)).normal(size=DIMENSIONS)
        return list((vector / np.linalg.norm(vector)).tolist())
