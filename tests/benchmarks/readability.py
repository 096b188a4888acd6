"""How the summaries of authors read, and whether each sentence rests on what it cites."""

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from assistant.checking.grounding import grounded
from assistant.manuscripts.extractive_paragraph import ComposedParagraph, paragraphs
from assistant.manuscripts.referring_expressions import as_mentioned
from assistant.manuscripts.themes import themes
from assistant.records import Verdict
from assistant.text.evidence import Evidence, numbered
from tests.readability import faults, is_vague
from vectorstore.library import Library
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import Passage, split_paper
from vectorstore.papers.title_spellings import title_key

AUTHORS = 30
_FEWEST, _MOST = 4, 25  # papers of an author
KINDS = (
    "first person", "duplicate", "same opening", "acronym", "too long", "LaTeX", "bracket", "quotation mark",
    "dangling opening", "cut", "small letter", "cites nothing", "paper not cited", "unknown paper",
    "compares with nothing", "half a sentence", "points at nothing", "says little",
    "cites what is not listed", "they of a title", "repeats",
)  # fmt: skip


def readability_figures(bench: Path) -> list[tuple[str, str]]:
    """Return the faults of the summaries, and of the related work, of 30 authors of the scale set."""
    figures = []
    for own in (True, False):
        found: Counter[str] = Counter()
        sentences = papers = supported = computed = by_title = named = vague = 0
        for author, works, vectors in authors_of(bench / "scale"):
            text, evidence = written(author if own else None, works, vectors)
            said = [sentence for paragraph in text for sentence in paragraph.sentences]
            found.update(
                kind.split(" ")[0] if kind.startswith("acronym") else kind
                for kind, _ in faults([s.text for s in said], evidence)
            )
            named += len(text)
            vague += sum(is_vague(paragraph.theme.name) for paragraph in text)
            sentences += len(said)
            papers += len(works)
            computed += sum(one.computed for one in said)
            by_title += sum(one.computed and one.text.startswith("“") for one in said)
            supported += sum(is_supported(one.text, evidence) for one in said if not one.computed)
        name = "summary" if own else "related work"
        share = f"{(supported + computed) / sentences:.1%} of {sentences:,} ({computed} computed)"
        figures += [(f"{name}: sentences supported or computed", share), (f"{name}: papers", f"{papers:,}")]
        figures += [(f"{name}: papers told by their title alone", str(by_title))]
        figures += [(f"{name}: themes with a vague name", f"{vague} of {named}")]
        figures += [(f"{name}: {kind}", str(found[kind])) for kind in KINDS]
    return figures


def written(
    author: str | None, papers: list[Paper], vectors: np.ndarray
) -> tuple[list[ComposedParagraph], dict[int, Evidence]]:
    """Return the paragraphs on the papers, as the work of `author` or as related work, and their evidence by number."""
    found = themes(papers, vectors)
    evidence = {}
    for number, paper in enumerate((paper for theme in found for paper in theme.papers), 1):
        item = numbered(number, whole(paper), paper)
        evidence[paper.paper_id] = as_mentioned(item, author=author)
    return paragraphs(found, evidence), {item.number: item for item in evidence.values()}


def whole(paper: Paper) -> Passage:
    return Passage("", paper.paper_id, paper.title, paper.abstract, 0, len(paper.abstract))


def vectors_of(library: Library, papers: Sequence[Paper]) -> np.ndarray:
    """Return the vector of each paper's first passage, of shape (len(papers), dimensions)."""
    found = library.retriever.dense.vectors_of(next(iter(split_paper(paper))).passage_id for paper in papers)
    return np.vstack([vector for vector in found if vector is not None])


def is_supported(sentence: str, evidence: dict[int, Evidence]) -> bool:
    cited = {
        number: (item, Passage("", "", item.title, item.text, 0, len(item.text)))
        for number, item in evidence.items()
        if f"[{number}]" in sentence
    }
    return grounded(sentence, cited).verdict is Verdict.SUPPORTED


def authors_of(scale: Path) -> Iterator[tuple[str, list[Paper], np.ndarray]]:
    """Yield authors of 4 to 25 papers, every k-th in the order of their names, with papers and vectors."""
    with gzip.open(scale / "papers_60k.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    rows: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row, record in enumerate(records):
        for name in record["authors"]:
            rows[name][title_key(record["title"])] = row
    names = sorted(name for name, works in rows.items() if _FEWEST <= len(works) <= _MOST)
    vectors = np.load(scale / "minilm_60k.npy", mmap_mode="r")
    for name in names[:: len(names) // AUTHORS][:AUTHORS]:
        works = sorted(rows[name].values())
        yield name, [_paper(records[row]) for row in works], np.asarray(vectors[works], np.float32)


def _paper(record: dict[str, Any]) -> Paper:
    return Paper(
        paper_id=record["arxiv_id"],
        title=record["title"],
        abstract=record["abstract"],
        authors=tuple(record["authors"]),
        authors_complete=True,
        author_count=None,
        organization=None,
        page_owners=(),
        published=date.fromisoformat(record["published"]),
        year_inferred=False,
        category=record["categories"][0],
        has_code=False,
        score=None,
        comments=None,
        affiliation=None,
        url=record["url"],
        entries=(),
    )
