"""How well the verdicts tell claims that an abstract says from the same claims changed; and how long they take.

SciFact (Wadden et al. 2020): claims written by experts, with the abstract that supports or contradicts each. A claim
that an abstract supports should not be marked (contradicted, unsupported); the same claim with a number, a negation, a
direction or a name changed, or held against another abstract close to it in BM25, must not be called supported. Beside
the claims, which are paraphrases, the same is done with the sentence of the abstract itself that is the evidence, as
near-verbatim answers have it. The claims fall into two halves by the hash of their id; the figures are of the half on
which nothing was tuned. The words that the benchmark changes are its own (changed_claims.py). A second table has
sentences as a strong model writes them, and what was made of them by hand.
"""

import gzip
import json
import re
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.table import Table

from assistant.checking.grounding import grounded
from assistant.checking.verification import checked
from assistant.records import Usage, Verdict
from assistant.text.evidence import Evidence
from tests.benchmarks.changed_claims import all_changes, in_tuning_half
from tests.fakes import paper_of
from training.pairs import read_lines
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import Passage
from vectorstore.search.lexical import LexicalIndex
from vectorstore.text.sentences import sentence_spans

_VERDICTS = (Verdict.SUPPORTED, Verdict.QUOTED, Verdict.CONTRADICTED, Verdict.UNSUPPORTED)
_MARKER = re.compile(r"\[(\d+)\]")
_ANSWER_SENTENCES, _ANSWERS = 10, 15
Case = tuple[str, str, str]  # what was done to a text, the text, the id of the abstract


def verdict_figures(bench: Path, *, tuning: bool = False) -> Table:
    """Return the verdicts on each kind of change, in percent, of one half of the claims."""
    abstracts, claims = _scifact(bench / "scifact")
    counts: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)
    for kind, text, paper in _cases(abstracts, [c for c in claims if in_tuning_half(c["id"]) is tuning], claims):
        counts[kind][_verdict(text, abstracts[paper])] += 1
    table = Table("verdicts on SciFact, %", "claims", *_VERDICTS)
    _add_rows(table, counts)
    for what, seconds in _times(abstracts, claims):
        table.add_row(what, "", f"{1000 * seconds:.1f} ms", *[""] * (len(_VERDICTS) - 1))
    return table


def model_verdict_figures(bench: Path) -> Table:
    """Return the verdicts on a strong model's sentences and on their corrupted twins, in percent; then those on the
    claims that were written to learn from, whose wrong numbers the checks of numbers were looked at with."""
    table = Table("verdicts on a strong model's sentences, %", "sentences", *_VERDICTS)
    _add_rows(table, _counted(read_lines(bench / "claims_llm.jsonl")))
    table.add_section()
    _add_rows(table, _counted(_written_rows(bench / "claims")))
    return table


def _counted(rows: Iterable[dict[str, Any]]) -> dict[str, Counter[Verdict]]:
    counts: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)
    for row in rows:
        verdict = grounded(row["sentence"], _passages_of(row)).verdict
        if verdict not in (Verdict.NOT_A_CLAIM, Verdict.COMPUTED):
            kinds = ["true"] if row["faithful"] else ["false", f"false: {row['corruption'].replace('_', ' ')}"]
            for kind in kinds:
                counts[kind][verdict] += 1
    return counts


def _written_rows(folder: Path) -> Iterator[dict[str, Any]]:
    abstracts = {row["paper"]: row["abstract"] for row in read_lines(folder / "written_abstracts.jsonl.gz")}
    for row in read_lines(folder / "written.jsonl.gz"):
        yield {
            "sentence": f"{row['claim'].rstrip('.')} [1].",
            "faithful": row["label"] == "entailed",
            "corruption": row["kind"],
            "cited_titles": [row["title"]],
            "cited_authors": [()],
            "cited_dates": [None],
            "passages": [abstracts[row["paper"]]],
        }


def _add_rows(table: Table, counts: dict[str, Counter[Verdict]]) -> None:
    for kind, found in sorted(counts.items()):
        total = sum(found.values())
        table.add_row(kind, str(total), *(f"{100 * found[verdict] / total:.1f}" for verdict in _VERDICTS))


def _passages_of(row: dict[str, Any]) -> dict[int, tuple[Evidence, Passage]]:
    """Return the passages that a sentence cites, by the numbers in it."""
    numbers = dict.fromkeys(map(int, _MARKER.findall(row["sentence"])))
    sources = zip(row["cited_titles"], row["cited_authors"], row["cited_dates"], row["passages"], strict=True)
    return {
        number: (
            Evidence(number, title, tuple(authors), True, None, date or None, text),
            Passage(f"{number}:0", str(number), title, text, 0, len(text)),
        )
        for number, (title, authors, date, text) in zip(numbers, sources, strict=True)
    }


def _scifact(folder: Path) -> tuple[dict[str, Paper], list[dict[str, Any]]]:
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        papers = [json.loads(line) for line in lines]
    abstracts = {paper["_id"]: paper_of(paper["title"], paper["text"], paper_id=paper["_id"]) for paper in papers}
    claims = [json.loads(line) for line in (folder / "claims_train.jsonl").read_text(encoding="utf-8").splitlines()]
    return abstracts, [claim for claim in claims if claim["evidence"]]


def _cases(abstracts: dict[str, Paper], claims: list[dict[str, Any]], everyone: list[dict[str, Any]]) -> Iterator[Case]:
    others = [claim["claim"] for claim in everyone]
    close = _close_abstracts(abstracts, claims)
    for claim in claims:
        evidence = claim["evidence"][0]
        text, paper = claim["claim"], evidence["doc_id"]
        if evidence["label"] == "CONTRADICT":
            yield "claim: contradicted by the abstract", text, paper
            continue
        abstract = abstracts[paper].abstract
        spans = list(sentence_spans(abstract))
        sentence = abstract[slice(*spans[min(evidence["sentences"][0], len(spans) - 1)])]
        for form, said in (("claim", text), ("sentence", sentence)):
            yield f"{form}: unchanged", said, paper
            yield f"{form}: another abstract", said, close[claim["id"]]
            for kind, changed in all_changes(said, abstract, others):
                yield f"{form}: {kind}", changed, paper


def _close_abstracts(abstracts: dict[str, Paper], claims: list[dict[str, Any]]) -> dict[str, str]:
    """Return for each claim the abstract that is closest to it in BM25 and not one of its own."""
    with tempfile.TemporaryDirectory() as folder:
        index = LexicalIndex(Path(folder))
        index.add([_passage(paper) for paper in abstracts.values()])
        close = {}
        for claim in claims:
            own = {*claim["cited_doc_ids"], *(evidence["doc_id"] for evidence in claim["evidence"])}
            found = (passage_id.partition(":")[0] for passage_id in index.best(claim["claim"], top_k=20))
            close[claim["id"]] = next(paper for paper in found if paper not in own)
    return close


def _passage(paper: Paper) -> Passage:
    return Passage(f"{paper.paper_id}:0", paper.paper_id, paper.title, paper.abstract, 0, len(paper.abstract))


def _given(paper: Paper) -> tuple[Evidence, Passage]:
    return Evidence(1, paper.title, (), True, None, None, paper.abstract), _passage(paper)


def _verdict(text: str, paper: Paper) -> Verdict:
    return grounded(_cited(text, 1), {1: _given(paper)}).verdict


def _cited(text: str, number: int) -> str:
    return f"{text.strip().rstrip('.')} [{number}]."


def _times(abstracts: dict[str, Paper], claims: list[dict[str, Any]]) -> Iterator[tuple[str, float]]:
    """Yield the median seconds that checking adds to an answer of ten sentences, of one passage each or of eight."""
    similar = [claim for claim in claims if claim["evidence"][0]["label"] == "SUPPORT"]
    for form in ("near-verbatim", "paraphrased"):
        for passages in (_ANSWER_SENTENCES, 8):
            seconds = [
                _seconds(form, similar[start : start + _ANSWER_SENTENCES], abstracts, passages)
                for start in range(0, _ANSWERS * _ANSWER_SENTENCES, _ANSWER_SENTENCES)
            ]
            yield f"check ten {form} sentences on {passages} passages, median", statistics.median(seconds[1:])


def _seconds(form: str, claims: list[dict[str, Any]], abstracts: dict[str, Paper], passages: int) -> float:
    """Return the seconds for an answer that cites `passages` abstracts, the first ones again where there are fewer."""
    claims = [claims[number % passages] for number in range(len(claims))]
    papers = [abstracts[claim["evidence"][0]["doc_id"]] for claim in claims]
    lines = []
    for number, (claim, paper) in enumerate(zip(claims, papers, strict=True)):
        spans = [paper.abstract[start:end] for start, end in sentence_spans(paper.abstract)]
        said = spans[-1 - number // passages] if form == "near-verbatim" else claim["claim"]
        lines.append(_cited(said, number % passages + 1))
    papers = papers[:passages]
    given = {number: _given(paper) for number, paper in enumerate(papers, 1)}
    by_id = {paper.paper_id: paper for paper in papers}
    started = time.perf_counter()
    checked(" ".join(lines), given, by_id, Usage(), strict=False, given=tuple(given.values()))
    return time.perf_counter() - started
