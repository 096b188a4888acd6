"""What a question asks for, and the words that say on what, by a small model.

Joint intent classification and slot filling (Chen et al. 2019) on MiniLM-L6, its upper three layers and two heads
taught anew (training/README.md); the embeddings and the lowest layers are the embedder's own and not stored again.
"""

import re
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vectorstore.embedders.bert import Encoder
from vectorstore.embedders.minilm import MiniLM, checked_file, minilm, padded

INTENTS = tuple(
    """
    content define figure papers count by_year by_month by_author by_category by_listing by_organization listings themes
    overview authors date code category organization listing address bibtex venue doi arxiv_id compare survey_approaches
    survey_reading_order survey_trends survey_findings survey_limitations author_work coauthors by_authors related_work
    table similar narrow more form sure sources quotes greeting abilities other
    """.split()
)
SLOTS = ("", "topic", "excluded")
PAPER_MARK, AUTHOR_MARK = "the paper", "the author"  # what stands for the names that the library knows

_WEIGHTS = Path(__file__).with_suffix(".safetensors")
_SHA256 = "65675f00078157e0cb262e801f1169c1d11af0ec1312c485ca6f78f17aece979"
_REMEDY = "install research-assistant anew"
_KEPT = 256  # questions
_IN_A_SLOT = (1.0, 0.3, 0.8)  # a missed word of a topic costs more than one too many, what is excluded is lost
_WORD = re.compile(r"[^\W_]+(?:[-'’./+_]\w+)*\+*|[^\w\s]|_")
_STROKE_BEFORE = re.compile(r"(?:[\w-]+\s*/\s*)+$")
_STROKE_BEHIND = re.compile(r"(?:\s*/\s*[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Intent:
    """What a question asks for, with how likely each intent is, what it is about, and what it wants nothing of."""

    probabilities: Mapping[str, float]
    topics: tuple[str, ...]
    excluded: tuple[str, ...]
    topical: float  # how likely the likeliest word of a topic is one

    @property
    def topic(self) -> str:
        return " ".join(self.topics)

    def likeliest(self, *, but: Collection[str] = ()) -> tuple[str, float]:
        """Return the likeliest intent, none of those in `but`, with its probability."""
        return max(((name, p) for name, p in self.probabilities.items() if name not in but), key=lambda one: one[1])


class IntentReader:
    """The model, loaded at first use and safe to call from several threads."""

    def __init__(self, model: MiniLM, *, weights: Path = _WEIGHTS) -> None:
        """Read with the tokenizer and the lower layers of `model`, and the upper layers in the file `weights`."""
        self._model = model
        self._file = weights
        self._loading = threading.Lock()
        self._loaded: Loaded | None = None
        self.read = lru_cache(_KEPT)(self._read)

    def _read(self, text: str) -> Intent:
        """Return what a question asks for. Raises EmbeddingError if a file of weights is missing or the wrong one."""
        loaded = self._load()
        encoded = self._model.load().tokenizer.encode(text)
        ids, mask = padded([encoded.ids])
        (hidden,) = loaded.encoder.read(ids, mask)
        features = np.concatenate([hidden[0], hidden.mean(axis=0)])
        intents = _softmax(loaded.intent_head @ features + loaded.intent_bias)
        slots = _softmax(hidden @ loaded.slot_head.T + loaded.slot_bias)
        spans = _spans(text, encoded.offsets, slots)
        return Intent(
            dict(zip(INTENTS, intents.tolist(), strict=True)),
            tuple(said for slot, said in spans if SLOTS[slot] == "topic"),
            tuple(said for slot, said in spans if SLOTS[slot] == "excluded"),
            float(slots[:, SLOTS.index("topic")].max()),
        )

    def _load(self) -> "Loaded":
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self._model, self._file)
            return self._loaded


@cache
def shared_intents() -> IntentReader:
    """Return the reader on the one MiniLM of this process."""
    return IntentReader(minilm())


def _spans(text: str, offsets: Sequence[tuple[int, int]], slots: NDArray[np.float32]) -> list[tuple[int, str]]:
    """Return (slot, words) of each run of words that are in one, in the order of the text."""
    spans: list[tuple[int, int, int]] = []
    for word in _WORD.finditer(text):
        pieces = [n for n, (start, end) in enumerate(offsets) if start < end and word.start() <= start < word.end()]
        slot = _slot(slots[pieces].mean(axis=0)) if pieces else 0
        if slot and spans and spans[-1][0] == slot and not _WORD.search(text, spans[-1][2], word.start()):
            spans[-1] = (slot, spans[-1][1], word.end())
        elif slot and any(map(str.isalnum, word.group())):
            spans.append((slot, *word.span()))
    joined = ((slot, *_with_alternatives(text, start, end)) for slot, start, end in spans)
    return [(slot, text[start:end]) for slot, start, end in joined]


def _with_alternatives(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span with the words that a stroke joins to it: "gui / computer-use agents"."""
    before, behind = _STROKE_BEFORE.search(text, 0, start), _STROKE_BEHIND.match(text, end)
    return before.start() if before else start, behind.end() if behind else end


def _slot(shares: NDArray[np.float32]) -> int:
    """Return the slot of a word."""
    best = 1 + int(shares[1:].argmax())
    return best if shares[best] > _IN_A_SLOT[best] else 0


def _softmax(values: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    shares: NDArray[np.float32] = powers / powers.sum(axis=-1, keepdims=True)
    return shares


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model's parts in memory."""

    encoder: Encoder
    intent_head: NDArray[np.float32]  # of shape (intents, 768): for [CLS], then for the mean of all tokens
    intent_bias: NDArray[np.float32]
    slot_head: NDArray[np.float32]  # of shape (slots, 384)
    slot_bias: NDArray[np.float32]


def _load(model: MiniLM, path: Path) -> Loaded:
    from safetensors.numpy import load_file

    taught = load_file(checked_file(path, _SHA256, _REMEDY))
    heads = [taught.pop(f"{head}.{part}") for head in ("intent", "slot") for part in ("weight", "bias")]
    return Loaded(model.load().encoder.taught_anew(taught), *(head.astype(np.float32) for head in heads))
