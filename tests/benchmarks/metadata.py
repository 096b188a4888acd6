"""Questions for papers by what the catalogue knows of them -> the sets they are answered with, beside the right ones.

The wordings are in tests/data/metadata_questions.jsonl. The right set is computed from the records themselves.
"""

import calendar
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from assistant.pipeline import Assistant
from assistant.settings import Settings
from tests.benchmarks.scale import library_of_60k
from vectorstore.papers.paper import Paper
from vectorstore.text.folding import folded

WORDINGS = Path(__file__).parent.parent / "data" / "metadata_questions.jsonl"


@dataclass(frozen=True, slots=True)
class Record:
    """What a right answer is computed from."""

    paper_id: str
    text: str  # title and abstract
    authors: frozenset[str]  # folded
    month: str  # "2025-06"; empty without a date
    category: str


@dataclass(frozen=True, slots=True)
class MetadataQuestion:
    kind: str
    question: str
    right: frozenset[str]  # paper ids


def wordings() -> dict[str, list[str]]:
    """Return the wordings of each kind of question."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in WORDINGS.read_text(encoding="utf-8").splitlines():
        wording = json.loads(line)
        found[wording["kind"]].append(wording["question"])
    return dict(found)


def questions_on(
    records: Sequence[Record], names: Mapping[str, str], topics: Sequence[str], *, seed: int, a_wording: int
) -> Iterator[MetadataQuestion]:
    """Yield `a_wording` questions of each wording on papers drawn from `records`; `names` are the printed ones."""
    draw = random.Random(seed)
    by_author: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        for author in record.authors:
            by_author[author].append(record)
    for kind, questions in wordings().items():
        for wording in questions:
            asked: list[MetadataQuestion] = []
            while len(asked) < a_wording:
                record = draw.choice(records)
                people = sorted(author for author in record.authors if " " in author)
                if record.month and record.category and len(people) > 1:
                    author, other = draw.sample(people, 2)
                    theirs = by_author[author]
                    said = [topic for topic in topics if any(_says(paper.text, topic) for paper in theirs)]
                    if said or "{topic}" not in wording:
                        drawn = _Drawn(record, names[author], names[other], draw.choice(said) if said else "")
                        right = _right(kind, wording, drawn, records, theirs, by_author[other])
                        question = wording.format(**drawn.values())
                        asked.append(MetadataQuestion(kind, question, frozenset(paper.paper_id for paper in right)))
            yield from asked


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What stands in the gaps of a wording."""

    record: Record
    author: str
    other: str
    topic: str

    def values(self) -> dict[str, str]:
        year, month = self.record.month.split("-")
        return {
            "author": self.author,
            "other": self.other,
            "topic": self.topic,
            "category": self.record.category,
            "year": year,
            "month": f"{calendar.month_name[int(month)]} {year}",
            "iso_month": self.record.month,
        }


def _right(
    kind: str,
    wording: str,
    drawn: _Drawn,
    records: Sequence[Record],
    theirs: Sequence[Record],
    others: Sequence[Record],
) -> Iterator[Record]:
    """Yield the papers that a question asks for: `theirs` are the author's, `others` those of the other author."""
    month, category = drawn.record.month, drawn.record.category
    other = folded(drawn.other)
    if kind == "author":
        yield from theirs
    elif kind == "either_author":
        yield from (*theirs, *others)
    elif kind == "category_month":
        yield from (paper for paper in records if (paper.category, paper.month) == (category, month))
    else:
        for paper in theirs:
            if {
                "author_year": paper.month[:4] == month[:4],
                "two_authors": other in paper.authors,
                "author_not_topic": not _says(paper.text, drawn.topic),
                "author_not_author": other not in paper.authors,
                "author_since": bool(paper.month) and _in_period(paper, wording, month),
            }[kind]:
                yield paper


def _says(text: str, topic: str) -> bool:
    return bool(re.search(rf"\b{re.escape(topic)}s?\b", text, re.I))


def _in_period(paper: Record, wording: str, month: str) -> bool:
    if "since" in wording:
        return paper.month >= month
    if "after" in wording:
        return paper.month > month
    return paper.month < month if "before" in wording else paper.month <= month


def set_f1(found: frozenset[str], right: frozenset[str]) -> float:
    """Return the harmonic mean of precision and recall; 1.0 where nothing is right and nothing was found."""
    if not found and not right:
        return 1.0
    return 2 * len(found & right) / (len(found) + len(right))


def metadata_f1(
    assistant: Assistant, questions: Sequence[MetadataQuestion]
) -> dict[str, list[tuple[MetadataQuestion, float]]]:
    """Return each question of a kind with the F1 of the set of papers that it was answered with."""
    results: defaultdict[str, list[tuple[MetadataQuestion, float]]] = defaultdict(list)
    for asked in questions:
        answer = assistant.ask(asked.question, model="local:extractive")
        results[asked.kind].append((asked, set_f1(frozenset(answer.papers), asked.right)))
    return dict(results)


def records_of(papers: Iterable[Paper]) -> tuple[list[Record], dict[str, str]]:
    """Return papers as records, and the names of their authors as printed by their folded form."""
    records: list[Record] = []
    names: dict[str, str] = {}
    for paper in papers:
        names |= {folded(name): name for name in paper.people}
        month = paper.published.isoformat()[:7] if paper.published else ""
        people = frozenset(map(folded, paper.people))
        records.append(Record(paper.paper_id, f"{paper.title} {paper.abstract}", people, month, paper.category or ""))
    return records, names


TOPICS = (
    *("diffusion", "segmentation", "retrieval", "video", "reinforcement learning", "speech", "translation", "medical"),
    *("quantization", "pruning", "hallucination", "benchmark", "depth estimation", "knowledge graph", "unlearning"),
)


def metadata_figures(bench: Path, folder: Path) -> list[tuple[str, str]]:
    """Return (figure, value) on the library of 60,000 papers in `folder`: the mean F1 of each kind of question."""
    with library_of_60k(bench, folder) as (library, _):
        records, names = records_of(library.papers())
        asked = list(questions_on(records, names, TOPICS, seed=60, a_wording=3))
        results = metadata_f1(Assistant(library, Settings()), asked)
    everything = [f1 for found in results.values() for _, f1 in found]
    return [
        (f"sets of papers, F1, {kind}", f"{mean(f1 for _, f1 in found):.4f} ({len(found)} questions)")
        for kind, found in {**results, "all": [(asked[0], f1) for f1 in everything]}.items()
    ]
