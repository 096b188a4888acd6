"""A sentence of an abstract -> what it states: its words, what they speak of, its names and numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checking.quantities import Quantity, quantities
from assistant.text.plain_text import plain_text
from assistant.text.wording import Word, words_of
from vectorstore.lexical import terms

# Who says so only supposes it, limits it, tells what others say, or speaks of their own method.
_NOT_PLAINLY = re.compile(
    r"(?<![\w-])(?:whether|if|unless|when|whenever|only|may|might|could|can|would|should|sometimes|often|depend(?:s|ing)?"
    r"|believed|(?:is|are|was|were|been|widely) thought|assum\w+|hypothes\w+|expect\w+|suppos\w+|contrary|unlike"
    r"|prior|previous\w*|existing|conventional\w*|traditional\w*|aims?|goal|challeng\w+|how|why|our|ours|propos\w+"
    r"|novel|new|introduc\w+|this|these|they|it|such|both|trade-?offs?"
    r"|the (?:method|approach|framework|algorithm|technique|system|pipeline|strategy))\b|\?",
    re.I,
)
_REPORTS = frozenset(terms(
    "experiments demonstrate extensive empirical empirically evaluations observe observed reveal suggest indicate"
    " confirm significantly substantially considerably strongly strong evidence find found show shown report study"
    " studies paper work works results analysis analyses examine investigate conclude however moreover furthermore also"
    " we our has have had does do did use used using been being up down"
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence as printed, with its words."""

    printed: str
    words: tuple[Word, ...]
    content: tuple[str | None, ...]  # the stem of each word that says what is spoken of
    names: frozenset[str]  # the stems of its names
    quantities: tuple[Quantity, ...]
    is_plain: bool  # neither supposed nor somebody else's

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(filter(None, self.content))


def statement_of(sentence: str) -> Statement:
    plain = plain_text(sentence)
    words = tuple(words_of(plain))
    content = tuple(None if word.stem in _REPORTS else word.stem for word in words)
    names = frozenset(word.stem for place, word in enumerate(words) if word.stem and _is_name(words, place))
    return Statement(sentence, words, content, names, tuple(quantities(plain, words)), not _NOT_PLAINLY.search(plain))


def _is_name(words: Sequence[Word], place: int) -> bool:
    """Tell a name by its capitals and digits; a number is one where it is joined to a word ("GPT-4", "4-bit")."""
    text = words[place].text
    if text.isdigit():
        return words[place].joined or (
            place + 1 < len(words) and words[place + 1].joined and words[place + 1].text.isalpha()
        )
    return any(letter.isupper() or letter.isdigit() for letter in text[1:]) or (place > 0 and text[0].isupper())
