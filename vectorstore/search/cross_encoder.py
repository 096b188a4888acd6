"""A small cross-encoder for relevance: a question and a passage, read together -> how likely the one serves the other.

MiniLM-L6 with its upper four layers and a head taught anew (training/README.md); the embeddings and the two lowest
layers are the embedder's own and are not stored again. Nogueira & Cho 2019 (cross-encoders), Wang et al. 2020 (MiniLM).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedders.bert import Encoder
from vectorstore.embedders.minilm import MiniLM, batches_by_length, checked_file, minilm, padded
from vectorstore.search.cross_encoder_pairs import WINDOWS, Pair, read_pairs

Floats = NDArray[np.float32]

HEADS = tuple(WINDOWS)  # the rows of the stored head

_WEIGHTS = Path(__file__).parent.parent / "data" / "reader.safetensors"
_SHA256 = "45773a6203f6444b54486d4d8f03d98a78e4c347f86617e1b80d64989f4df89c"
_REMEDY = "install research-assistant anew"


class Reader:
    """The cross-encoder, loaded at first use and safe to call from several threads.

    Every value is a probability, so calibrated that 0.5 parts yes from no (precision and recall in training/README.md).
    """

    def __init__(self, model: MiniLM, *, weights: Path = _WEIGHTS) -> None:
        """Read with the tokenizer and the lower layers of `model`, and the upper layers in the file `weights`."""
        self._model = model
        self._file = weights
        self._loading = threading.Lock()
        self._loaded: Loaded | None = None

    def answers(self, question: str, passages: Sequence[tuple[str, str]]) -> Floats:
        """Return for each passage (title, text) whether it can answer `question`, float32 of shape (len(passages),).

        Raises EmbeddingError if a file of weights is missing or not the right one.
        """
        return self._read("answers", question, passages)

    def about(self, topic: str, passages: Sequence[tuple[str, str]]) -> Floats:
        """Return for each paper (title, abstract) whether it is about `topic`; else as `answers`."""
        return self._read("about", topic, passages)

    def says(self, question: str, title: str, sentences: Sequence[str]) -> Floats:
        """Return for each of the `sentences` of a paper whether it says the answer or a part; else as `answers`."""
        return self._read("says", question, [(title, sentence) for sentence in sentences])

    def _read(self, head: str, question: str, passages: Sequence[tuple[str, str]]) -> Floats:
        values = np.empty(len(passages), np.float32)
        pairs = read_pairs(self._model, head, [(question, title, text) for title, text in passages])
        for indices in batches_by_length([len(pair.tokens) for pair in pairs]):
            values[indices] = self._probabilities(HEADS.index(head), [pairs[index] for index in indices])
        return values

    def _probabilities(self, row: int, pairs: Sequence[Pair]) -> Floats:
        loaded = self._load()
        tokens, mask = padded([pair.tokens for pair in pairs])
        places, ends = np.arange(tokens.shape[1]), np.array([[pair.question_end] for pair in pairs])
        segments = mask * (places > ends).astype(np.int32)
        wanted = int(ends.max())  # the head reads [CLS] and the question
        hidden = loaded.encoder.read(tokens, mask, segments=segments, wanted=wanted)
        question = ((places > 0) & (places < ends)).astype(np.float32)[:, :wanted]
        mean = (question[:, None] @ hidden)[:, 0] / np.maximum(ends - 1, 1)
        logits = np.concatenate([hidden[:, 0], mean], axis=1) @ loaded.head[row] + loaded.bias[row]
        probabilities: Floats = (1 / (1 + np.exp(-logits))).astype(np.float32)
        return probabilities

    def _load(self) -> Loaded:
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self._model, self._file)
            return self._loaded


@cache
def shared_reader() -> Reader:
    """Return the reader on the one MiniLM of this process."""
    return Reader(minilm())


@dataclass(frozen=True, slots=True)
class Loaded:
    """The reader's parts in memory."""

    encoder: Encoder
    head: Floats  # of shape (3, 768): for [CLS], then for the mean of the question's tokens
    bias: Floats  # of shape (3,)


def _load(model: MiniLM, path: Path) -> Loaded:
    from safetensors.numpy import load_file

    taught = load_file(checked_file(path, _SHA256, _REMEDY))
    head, bias = (taught.pop(f"head.{part}").astype(np.float32) for part in ("weight", "bias"))
    return Loaded(model.load().encoder.taught_anew(taught, beginnings=True), head, bias)
