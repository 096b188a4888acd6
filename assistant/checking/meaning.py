"""How near two texts are in meaning, by the built-in embedding model: nothing leaves this process to be checked."""

import logging
from collections.abc import Sequence

from vectorstore.embeddings import EmbeddingModel
from vectorstore.errors import EmbeddingError
from vectorstore.minilm import MiniLM, minilm

_log = logging.getLogger(__name__)


def similarities(pairs: Sequence[tuple[str, str]], model: EmbeddingModel | None = None) -> list[float]:
    """Return the cosine of each pair, all embedded together; 0.0 where the model's files are missing.

    `model` is used if it is the built-in one, so that its weights are not loaded twice.
    """
    if not pairs:
        return []
    local = model if isinstance(model, MiniLM) else minilm()
    try:
        vectors = local.embed([text for pair in pairs for text in pair])
    except EmbeddingError as error:
        _log.warning("Paraphrases are checked by their words alone: %s", error)
        return [0.0] * len(pairs)
    return [float(one @ other) for one, other in zip(vectors[::2], vectors[1::2], strict=True)]
