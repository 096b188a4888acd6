"""Query expansion: a query with the words of its acronyms: "rl for reasoning" also says reinforcement learning."""

import re
from collections import Counter
from functools import lru_cache

from assistant.text.acronyms import expansions, key
from assistant.text.words import content_words
from vectorstore.library import Library
from vectorstore.text.terms import terms

_ACRONYM = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z]{1,5}(?![\w-])")
_LOOKED_AT = 30  # passages that have an acronym, among whose definitions the most frequent counts
_KEPT = 512
_MOST_WORDINGS = 3
_SHORTEST, _MOST_SHORTENED = 3, 4  # letters of a shortened word, and words of a topic that may have some
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
    "SOTA": "state of the art",
    "VLM": "vision-language model",
}


def spelled_out(topic: str, library: Library) -> str:
    """Return a topic with its shortened words in full, "mech interp" as "mechanistic interpretability".

    It stays as it is where abstracts have it so, or none has words in its place that begin like its own.
    """
    words = topic.split()
    if len(words) > _MOST_SHORTENED or not all(len(word) >= _SHORTEST and word.isalpha() for word in words):
        return topic
    return _in_full(topic.lower(), library, library.revision) or topic


@lru_cache(_KEPT)
def _in_full(topic: str, library: Library, _revision: int) -> str:
    """Return the phrase that abstracts most often have for a topic of shortened words, "" if it has none."""
    words, lexical = topic.split(), library.retriever.lexical
    if len(words) == 1 and lexical.papers_saying(topic):
        return ""
    stems = [min([word, *terms(word)], key=len) for word in words]
    passages = library.catalogue.passages_by_id(lexical.beginning(stems, top_k=_LOOKED_AT)).values()
    said = re.compile(r"\b" + r"[\s-]+".join(rf"{word}\w*" for word in words) + r"\b")
    found = Counter(" ".join(phrase.split()) for one in passages for phrase in said.findall(one.embedded_text.lower()))
    in_full = Counter({phrase: times for phrase, times in found.items() if terms(phrase) != terms(topic)})
    return "" if len(in_full) < len(found) or not in_full else in_full.most_common(1)[0][0]


def wordings(topic: str) -> list[str]:
    """Return a topic, and with an acronym for its words or words for an acronym: to the reader these are not one thing.

    "Language models" is "LLMs" too: hardly a paper means smaller ones.
    """
    written = {**{words: short for short, words in _KNOWN.items()}, "language model": "LLM", **_KNOWN}
    others = [
        f"{topic[: at.start()]}{written[said]}{at['plural']}{topic[at.end() :]}"
        for said in sorted(written, key=len, reverse=True)
        if (at := re.search(rf"(?<![\w-]){said.replace(' ', '[ -]')}(?P<plural>s?)(?![\w-])", topic, re.I))
    ]
    return [topic, *others][:_MOST_WORDINGS]


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
