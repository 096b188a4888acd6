"""What the reader reads: a question with a passage's title and the sentences closest to it, as tokens of one row."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from vectorstore.embedders.minilm import MiniLM
from vectorstore.text.sentences import sentence_spans


@dataclass(frozen=True, slots=True)
class Window:
    """How much of a passage is read: its sentences closest to the question, and the tokens of the whole pair."""

    sentences: int
    tokens: int


# Of 1,150 questions on abstracts, 95 % have a sentence with the answer among the 5 closest, 87 % among the 3 closest.
WINDOWS = {"answers": Window(5, 176), "about": Window(3, 112), "says": Window(1, 112)}

_QUESTION_TOKENS, _TITLE_TOKENS = 48, 32
_LEAST_TOKENS = 24  # of a sentence cut at the window's end; a shorter rest says little
_CHARACTERS = 20_000  # of a text that are looked at: ten abstracts
_LONGEST = 2000  # characters of a question, title or sentence: more than a window's tokens
_STEM = 6  # letters that the forms of a word share
_WORD = re.compile(r"[^\W_]+(?:\.\d+)?")
_COMMON = frozenset(
    "a an and any are as at be been by can do does for from how in is it its many much not of on or paper papers than"
    " that the their there they this to use used uses using was were what when which who why with".split()
)


@dataclass(frozen=True, slots=True)
class Pair:
    """The tokens of [CLS] question [SEP] title, sentences [SEP]."""

    tokens: list[int]
    question_end: int  # the place of the first [SEP]


def read_pairs(model: MiniLM, head: str, texts: Sequence[tuple[str, str, str]]) -> list[Pair]:
    """Return the pairs of all (question, title, text), each within the window of `head`."""
    window = WINDOWS[head]
    cut = [(question[:_LONGEST], title[:_LONGEST], text[:_CHARACTERS]) for question, title, text in texts]
    parts = [(question, title, closest_sentences(question, text)[: window.sentences]) for question, title, text in cut]
    distinct = list({part: None for question, title, chosen in parts for part in (question, title, *texts_of(chosen))})
    ids = dict(zip(distinct, (row[1:-1] for row in model.token_ids(distinct)), strict=True))
    frame = model.token_ids([""])[0]
    return [
        _pair(frame, ids[question], ids[title], [(place, ids[sentence]) for place, sentence in chosen], window.tokens)
        for question, title, chosen in parts
    ]


def closest_sentences(question: str, text: str) -> list[tuple[int, str]]:
    """Return the sentences of `text` with their places, those first that share most words with `question`.

    A word counts the less, the more of the sentences have it; of equal ones the earlier comes first.
    """
    sentences = [text[start:end][:_LONGEST] for start, end in sentence_spans(text)]
    words = [_stems(sentence) for sentence in sentences]
    frequency = Counter(word for some in words for word in some)
    asked = _stems(question)
    closeness = [sum(1 / frequency[word] for word in sorted(some & asked)) for some in words]
    return sorted(enumerate(sentences), key=lambda sentence: -closeness[sentence[0]])


def texts_of(chosen: Sequence[tuple[int, str]]) -> list[str]:
    return [sentence for _, sentence in chosen]


def _pair(
    frame: Sequence[int], question: list[int], title: list[int], sentences: Sequence[tuple[int, list[int]]], limit: int
) -> Pair:
    start, end = frame
    head = [start, *question[:_QUESTION_TOKENS], end]
    title = title[:_TITLE_TOKENS]
    left = limit - len(head) - len(title) - 1
    kept: list[tuple[int, list[int]]] = []
    for place, tokens in sentences:
        if len(tokens) <= left or left >= _LEAST_TOKENS:
            kept.append((place, tokens[:left]))
            left -= len(kept[-1][1])
    passage = [token for _, tokens in sorted(kept) for token in tokens]
    return Pair([*head, *title, *passage, end], len(head) - 1)


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.lower()) if word not in _COMMON}
