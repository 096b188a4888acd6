"""The sentences of an abstract, with where they stand and what they do there."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.text.evidence import Evidence
from assistant.text.plain_text import plain_text
from assistant.text.sentence_roles import Role, claims, contributes, leads, presents, roles
from assistant.text.third_person import dangles
from vectorstore.listings.listing_page import is_label
from vectorstore.text.sentences import sentence_spans
from vectorstore.text.terms import terms

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
    texts = [text for start, end in sentence_spans(evidence.text) if not is_label(text := evidence.text[start:end])]
    for position, (text, role) in enumerate(zip(texts, roles(texts), strict=True)):
        yield AbstractSentence(evidence, position, text, role)


def contribution(evidence: Evidence) -> str | None:
    """Return the sentence of a passage that says what its paper brings, or None if it has no sentence."""
    ranked = by_contribution(abstract_sentences(evidence))
    return ranked[0].text if ranked else None


def by_contribution(sentences: Iterable[AbstractSentence]) -> list[AbstractSentence]:
    """Return sentences with those first that say what their paper brings and can be read alone."""
    return sorted(
        sentences,
        key=lambda sentence: (
            sentence.role is Role.CODE,
            not (contributes(sentence.text) or (leads(sentence.text) and not dangles(sentence.text))),
            dangles(sentence.text) and not presents(sentence.text),
            not (presents(sentence.text) or claims(sentence.text)),
            dangles(sentence.text),
            sentence.role not in (Role.METHOD, Role.RESULT),
            sentence.position,
        ),
    )
