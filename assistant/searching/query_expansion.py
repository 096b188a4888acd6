"""Query expansion: a query with the words of its acronyms: "rl for reasoning" also says reinforcement learning."""

import re
from collections import Counter
from functools import lru_cache

from assistant.text.acronyms import expansions, key
from assistant.text.words import content_words
from vectorstore.library import Library

_ACRONYM = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z]{1,5}(?![\w-])")
_LOOKED_AT = 30  # passages that have an acronym, among whose definitions the most frequent counts
_KEPT = 512
# What hardly any abstract spells out.
_KNOWN = {
    "ASR": "automatic speech recognition",
    "CNN": "convolutional neural network",
    "COT": "chain of thought",
    "CV": "computer vision",
    "DLLM": "diffusion language model",
    "FL": "federated learning",
    "GAN": "generative adversarial network",
    "GNN": "graph neural network",
    "ICL": "in-context learning",
    "LLM": "large language model",
    "LM": "language model",
    "MLLM": "multimodal large language model",
    "MOE": "mixture of experts",
    "NLP": "natural language processing",
    "OCR": "optical character recognition",
    "QA": "question answering",
    "RAG": "retrieval-augmented generation",
    "RL": "reinforcement learning",
    "RLHF": "reinforcement learning from human feedback",
    "SFT": "supervised fine-tuning",
    "VLM": "vision-language model",
}


def expanded_query(text: str, library: Library) -> str:
    """Return `text` with the words of each acronym behind it, where the library or common use has some."""
    revision = library.revision
    return _ACRONYM.sub(lambda found: _with_words(found.group(), library, revision), text)


def _with_words(word: str, library: Library, revision: int) -> str:
    if not content_words(word) or (word[1:].islower() and not word.islower()):  # "Kim"; "LoRA" and "rl" are
        return word
    words = _meaning(key(word.upper().removesuffix("S") if word.islower() else word), library, revision)
    return f"{word} {words}" if words and words.lower() != word.lower() else word


@lru_cache(_KEPT)
def _meaning(acronym: str, library: Library, _revision: int) -> str:
    """Return the words that abstracts most often give for an acronym, "" if they give none."""
    known = _KNOWN.get(acronym.upper(), "")
    if known:
        return known
    ids = library.retriever.lexical.best(acronym, top_k=_LOOKED_AT)
    given: Counter[str] = Counter()
    for passage in library.catalogue.passages_by_id(list(ids)).values():
        for short, words in expansions(passage.text).items():
            if short.lower() == acronym.lower():
                given[words.lower()] += 1
    return given.most_common(1)[0][0] if given else ""
