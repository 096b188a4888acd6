"""The data of training/README.md -> pairs to learn from, each with the head it is for."""

import gzip
import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vectorstore.embedders.bert import Vectors
from vectorstore.embedders.minilm import MiniLM
from vectorstore.search.cross_encoder_pairs import closest_sentences
from vectorstore.text.sentences import sentence_spans

HELD_BACK, DEVELOPMENT = 48, 24  # papers
WRITTEN_HELD_BACK = 40
_FORBIDDEN = ("listings", "claims_llm.jsonl", "scifact", "cranfield")
_TERMS_LOOKED_AT = 20
_FAR = 2000  # papers by rank: one beyond a fifth of them is hardly about a topic
_SURELY = 0.6  # similarity of a topic and a paper about it
_ROWS = 64  # texts compared with all papers at once
_SUMMARIES = 1600  # of 5,600, which are of less use than what was written for this
_START = 120  # letters of a title or abstract that are compared
_WRITTEN = Path(__file__).parent / "questions.jsonl"


@dataclass(frozen=True, slots=True)
class Example:
    """A question or topic with a passage, and whether the head called `head` should say yes."""

    head: str
    question: str
    title: str
    text: str
    label: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Abstract:
    paper: str
    title: str
    text: str
    questions: tuple[dict[str, Any], ...]

    def sentences(self) -> list[str]:
        return [self.text[start:end] for start, end in sentence_spans(self.text)]


Near = tuple[float, str, str]  # similarity, title, abstract


@dataclass(frozen=True, slots=True)
class Nearby:
    """Papers of the scale set, to find those near a text."""

    papers: Sequence[tuple[str, str]]  # title, abstract
    vectors: Vectors
    model: MiniLM

    def near(self, texts: Sequence[str], last: int) -> Iterator[list[Near]]:
        """Yield for each text the `last` papers nearest to it, nearest first."""
        asked = self.model.embed(list(texts))
        for start in range(0, len(asked), _ROWS):
            for similarities in asked[start : start + _ROWS] @ self.vectors.T:
                best = np.argpartition(-similarities, last)[:last]
                order = best[np.argsort(-similarities[best], kind="stable")]
                yield [(float(similarities[index]), *self.papers[index]) for index in order]


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in _content(path).splitlines()]


def _content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def read_abstracts(bench: Path) -> tuple[list[Abstract], list[Abstract], list[Abstract]]:
    """Return the abstracts to learn from, those to choose and calibrate by, and those held back for the report."""
    questions = defaultdict(list)
    for question in read_lines(bench / "claims" / "questions.jsonl.gz"):
        questions[question["paper"]].append(question)
    rows = read_lines(bench / "claims" / "written_abstracts.jsonl.gz")
    abstracts = [Abstract(row["paper"], row["title"], row["abstract"], tuple(questions[row["paper"]])) for row in rows]
    abstracts.sort(key=lambda abstract: _mixed(abstract.paper))
    held_back, development = abstracts[:HELD_BACK], abstracts[HELD_BACK : HELD_BACK + DEVELOPMENT]
    return abstracts[HELD_BACK + DEVELOPMENT :], development, held_back


def written_abstracts(bench: Path) -> tuple[list[Abstract], list[Abstract]]:
    """Return abstracts of the scale set with the questions written beside this script: to learn from, and held back."""
    questions = defaultdict(list)
    for question in read_lines(_WRITTEN):
        questions[question["title"]].append(question)
    texts = dict(_scale_papers(bench))
    abstracts = [
        Abstract(title, title, texts[title], tuple(questions[title])) for title in sorted(questions, key=_mixed)
    ]
    return abstracts[WRITTEN_HELD_BACK:], abstracts[:WRITTEN_HELD_BACK]


def _mixed(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _scale_papers(bench: Path) -> list[tuple[str, str]]:
    return [(row["title"], row["abstract"]) for row in read_lines(bench / "scale" / "papers_60k.jsonl.gz")]


def read_nearby(bench: Path, model: MiniLM, measured: frozenset[str]) -> Nearby:
    papers = _scale_papers(bench)
    vectors = np.load(bench / "scale" / "minilm_60k.npy").astype(np.float32)
    kept = [index for index, paper in enumerate(papers) if not is_measured_on(*paper, measured)]
    return Nearby([papers[index] for index in kept], vectors[kept], model)


def measured_on(bench: Path, seeds: Path) -> frozenset[str]:
    """Return the starts of all lines and strings that the product is measured on: nothing is learnt from them."""
    kept_apart = [*read_abstracts(bench)[1:], written_abstracts(bench)[1]]
    titles = {_start(abstract.title) for abstracts in kept_apart for abstract in abstracts}
    for path in [path for name in _FORBIDDEN for path in _files(bench / name)] + _files(seeds):
        text = _content(path).decode("utf-8", "replace")
        titles.update(_start(part) for part in re.split(r'[\n"]', text) if letters(part))
    return frozenset(titles)


def is_measured_on(title: str, abstract: str, starts: frozenset[str]) -> bool:
    return not {_start(title), _start(abstract)}.isdisjoint(starts)


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())


def _start(text: str) -> str:
    return letters(text)[:_START]


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def judged(abstracts: Sequence[Abstract]) -> list[Example]:
    """Return the questions and topics as they were judged, and each sentence for the questions that have an answer."""
    examples = []
    for abstract in abstracts:
        sentences = abstract.sentences()
        for row in abstract.questions:
            head = "about" if row["kind"] == "topic" else "answers"
            examples.append(Example(head, row["question"], abstract.title, abstract.text, int(row["answerable"])))
            for place, sentence in enumerate(sentences if head == "answers" and row["answerable"] else ()):
                label = int(place in row["sentences"])
                examples.append(Example("says", row["question"], abstract.title, sentence, label))
    return examples


def taught(abstracts: Sequence[Abstract], nearby: Nearby, rng: random.Random, epochs: int) -> list[list[Example]]:
    """Return the examples of each epoch: what was judged, and negatives made anew from the same questions."""
    rows = [(abstract, row) for abstract in abstracts for row in abstract.questions]
    taken: list[list[Example]] = [
        [example for example in judged(abstracts) if example.head != "says"] for _ in range(epochs)
    ]
    for (abstract, row), near in zip(rows, nearby.near([row["question"] for _, row in rows], _FAR), strict=True):
        others = [other for other in near if other[1] != abstract.title]
        for examples in taken:
            examples += _topic_elsewhere(row, others, rng) if row["kind"] == "topic" else ()
            examples += _question_elsewhere(row, others, rng) if row["kind"] != "topic" else ()
            examples += _sentences_told_apart(abstract, row, rng) if row["kind"] != "topic" else ()
    return taken


def _sentences_told_apart(abstract: Abstract, row: dict[str, Any], rng: random.Random) -> Iterator[Example]:
    """Yield the gold sentences, some of the closest others, and the abstract without the answer."""
    sentences, gold = abstract.sentences(), set(row["sentences"])
    others = [sentence for place, sentence in closest_sentences(row["question"], abstract.text) if place not in gold]
    for place in sorted(gold):
        if place < len(sentences):
            yield Example("says", row["question"], abstract.title, sentences[place], 1)
    for sentence in rng.sample(others[:4], min(2 if gold else 1, len(others))):
        yield Example("says", row["question"], abstract.title, sentence, 0)
    if gold and rng.random() < 0.4:
        rest = " ".join(sentence for place, sentence in enumerate(sentences) if place not in gold)
        yield Example("answers", row["question"], abstract.title, rest, 0, 0.7)


def _question_elsewhere(row: dict[str, Any], others: Sequence[Near], rng: random.Random) -> Iterator[Example]:
    if row["answerable"] and rng.random() < 0.4:
        yield Example("answers", row["question"], *others[rng.randrange(12)][1:], 0)


def _topic_elsewhere(row: dict[str, Any], others: Sequence[Near], rng: random.Random) -> Iterator[Example]:
    yield Example("about", row["question"], *others[rng.randrange(_FAR // 5, _FAR - 1)][1:], 0)
    if not row["answerable"] and others[0][0] > _SURELY:  # what only sounds like this paper is another's topic
        yield Example("about", row["question"], *others[0][1:], 1, 0.7)


def key_terms(bench: Path, model: MiniLM, measured: frozenset[str], rng: random.Random) -> list[Example]:
    """Return a key term of each summarised abstract, and one of a paper near it that it does not have."""
    rows = read_lines(bench / "claims" / "summaries.jsonl.gz")
    rows = [row for row in rows if not is_measured_on(row["title"], row["abstract"], measured)]
    rows = rng.sample(rows, _SUMMARIES)
    vectors = model.embed([row["title"] for row in rows])
    examples = []
    for index, row in enumerate(rows):
        own = [term for term in row["keywords"] if len(term) > 3]
        if own:
            examples.append(Example("about", rng.choice(own), row["title"], row["abstract"], 1))
        near = np.argsort(-(vectors @ vectors[index]), kind="stable")[5:60]
        text = letters(row["title"] + row["abstract"])
        terms = [term for other in near for term in rows[other]["keywords"] if " " in term]
        terms = rng.sample(terms, min(_TERMS_LOOKED_AT, len(terms)))
        foreign = [term for term in terms if not any(letters(word) in text for word in term.split()[:1])]
        alike = [term for term in terms if term not in foreign and letters(term) not in text]
        for some in (alike, foreign):
            if some and rng.random() < 0.5:
                examples += [Example("about", some[0], row["title"], row["abstract"], 0, 0.7)]
    return examples
