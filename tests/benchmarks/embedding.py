"""How right and how fast embedding is: beside reference vectors, and beside ONNX Runtime with nothing around it."""

import gzip
import json
import statistics
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np

from vectorstore.embedders.bert import LAYERS, open_session
from vectorstore.embedders.minilm import MiniLM, batches_by_length, padded

TEXTS = 256
ROUNDS = 5


def embedding_figures(bench: Path) -> list[tuple[str, str]]:
    """Return (figure, value) rows: the lowest cosine to a reference vector, and the speed beside the bare session's."""
    model = MiniLM()
    texts = _abstracts(bench / "scifact" / "corpus.jsonl.gz")
    embedding, bare = _interleaved_seconds(lambda: model.embed(texts), _bare_session(model, texts))
    ratio = statistics.median(alone / whole for whole, alone in zip(embedding, bare, strict=True))
    return [
        ("embedding: lowest cosine to the reference (>= 0.9999)", f"{_lowest_cosine(model, bench):.6f}"),
        ("embedding: SciFact abstracts a second", f"{TEXTS / statistics.median(embedding):.1f}"),
        ("embedding: throughput beside ONNX Runtime alone (>= 0.9)", f"{ratio:.3f}"),
    ]


def _lowest_cosine(model: MiniLM, bench: Path) -> float:
    """Return it over all reference texts; -1 if one has another number of tokens."""
    cases = json.loads((bench / "minilm_reference.json").read_text(encoding="utf-8"))
    texts = [case["text"] for case in cases]
    if [len(ids) for ids in model.token_ids(texts)] != [case["tokens"] for case in cases]:
        return -1.0
    right = np.array([case["embedding"] for case in cases])
    return float(np.min(np.sum(model.embed(texts) * right, axis=1) / np.linalg.norm(right, axis=1)))


def _abstracts(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        papers = [json.loads(line) for line in islice(lines, TEXTS)]
    return [f"{paper['title']}. {paper['text']}" for paper in papers]


def _bare_session(model: MiniLM, texts: list[str]) -> Callable[[], None]:
    """Return a run of the session over the batches of `texts`, tokenised and padded beforehand."""
    ids = model.token_ids(texts)
    feeds = []
    for batch in batches_by_length([len(row) for row in ids]):
        rows, mask = padded([ids[index] for index in batch])
        feeds.append({"input_ids": rows, "segment_ids": np.zeros_like(rows), "attention_mask": mask})
    session = open_session(model.load().encoder.weights, range(LAYERS))

    def run() -> None:
        for feed in feeds:
            session.run(None, feed)

    return run


def _interleaved_seconds(first: Callable[[], object], second: Callable[[], object]) -> tuple[list[float], list[float]]:
    """Return the seconds of each run of the two, taken in turns so that a busy machine slows both alike."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for work in (first, second):
        work()  # the first run allocates
    for _ in range(ROUNDS):
        for work, taken in zip((first, second), seconds, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return seconds
