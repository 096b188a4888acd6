"""A cross-encoder that counts the words which begin with the letter that the query begins with."""

from collections.abc import Iterable, Iterator


class TextCrossEncoder:
    def __init__(self, model_name: str) -> None:
        if model_name != "known/reranker":
            raise ValueError(f"Model {model_name} is not supported in TextCrossEncoder.")

    def rerank(self, query: str, documents: Iterable[str], batch_size: int = 64) -> Iterator[float]:
        for document in documents:
            yield float(sum(word.startswith(query[:1]) for word in document.split()))
