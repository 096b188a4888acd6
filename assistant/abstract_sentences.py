"""The sentences of an abstract, with where they stand and what they do there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.evidence import Evidence
from assistant.plain_text import plain_text
from assistant.rewriting import leans_on_context
from assistant.roles import Role, contributes, roles
from vectorstore.lexical import terms
from vectorstore.sentences import sentence_spans

_FIGURE = re.compile(
    r"(?<![\w-])[~≈]?\d[\d.,]*\s?(?:%|x\b|×|[KMBT]\b|[a-z]+)?|\b(?:two|three|four|five|six|seven|eight|nine|ten)\b"
)


@dataclass(frozen=True)
class AbstractSentence:
    """A sentence of a passage, with where it stands and what it does there."""

    evidence: Evidence
    position: int
    text: str
    role: Role

    @cached_property
    def terms(self) -> frozenset[str]:
        return frozenset(terms(plain_text(self.text)))

    @cached_property
    def has_figure(self) -> bool:
        return bool(_FIGURE.search(plain_text(self.text)))

    @property
    def place(self) -> tuple[int, int]:
        return self.evidence.number, self.position


def abstract_sentences(evidence: Evidence) -> Iterator[AbstractSentence]:
    texts = [evidence.text[start:end] for start, end in sentence_spans(evidence.text)]
    for position, (text, role) in enumerate(zip(texts, roles(texts), strict=True)):
        yield AbstractSentence(evidence, position, text, role)


def contribution(evidence: Evidence) -> str | None:
    """Return the sentence of a passage that says what its paper brings, or None if it has no sentence."""
    sentences = list(abstract_sentences(evidence))
    ranked = sorted(
        sentences,
        key=lambda sentence: (
            not contributes(sentence.text),
            sentence.role is not Role.METHOD,
            sentence.role is not Role.RESULT,
            leans_on_context(sentence.text),
            sentence.position,
        ),
    )
    return ranked[0].text if ranked else None
