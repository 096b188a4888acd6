"""How well the reader tells what answers a question, and what a paper is about, on abstracts it did not learn from.

The near misses are of the same abstract: questions that researchers would ask of it and that it does not answer, and
topics that it only sounds like. Beside the reader stands the cosine of MiniLM, from whose weights it was taught.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from assistant.evaluation.intervals import bootstrap_intervals
from training.measures import area_under_curve, kept_at, precision_and_recall
from training.pairs import Abstract, read_abstracts, written_abstracts
from vectorstore.embedders.minilm import MiniLM
from vectorstore.search.cross_encoder import Reader

_FALSE = 0.1  # share of the near misses that are let through
Judge = Callable[[str, Abstract], Sequence[float]]
Values = list[tuple[NDArray[np.float32], NDArray[np.int_]]]  # of each abstract, with the labels


def reader_figures(bench: Path) -> Table:
    """Return AUC, the share kept at 10 % false, and precision and recall at 0.5; each by the reader and by cosine.

    First on the abstracts of the public questions that were held back, then on those of the project's own questions.
    """
    model = MiniLM()
    reader = Reader(model)
    table = Table("reader", "by", "pairs", "AUC (95 %)", "kept at 10 % false (95 %)", "at 0.5", "ms a pair")
    for whose, held_back in (("public", read_abstracts(bench)[2]), ("own", written_abstracts(bench)[1])):
        table.add_section()
        table.add_row(f"{len(held_back)} abstracts, {whose} questions", *[""] * 6)
        _add_rows(table, held_back, model, reader)
    return table


def _add_rows(table: Table, held_back: Sequence[Abstract], model: MiniLM, reader: Reader) -> None:
    values, seconds = _judged(held_back, _by_both(reader), "answers")
    table.add_row("answers, as composed", "the reader", *_cells(values, seconds, threshold=0.5))
    for task in ("answers", "about", "says"):
        for name, judge in (("the reader", _by_reader(reader, task)), ("MiniLM's cosine", _by_cosine(model, task))):
            values, seconds = (_sentences_judged if task == "says" else _judged)(held_back, judge, task)
            table.add_row(task, name, *_cells(values, seconds, threshold=0.5 if name == "the reader" else None))
            if task == "says":
                table.add_row("the likeliest sentence has the answer", name, "", f"{_first_is_gold(values):.3f}")


def _by_reader(reader: Reader, task: str) -> Judge:
    if task == "says":
        return lambda question, abstract: reader.says(question, abstract.title, abstract.sentences()).tolist()
    read = reader.about if task == "about" else reader.answers
    return lambda question, abstract: read(question, [(abstract.title, abstract.text)]).tolist()


def _by_both(reader: Reader) -> Judge:
    """Return what the local composer goes by: the mean of the abstract's value and that of its likeliest sentence."""
    whole, sentence = _by_reader(reader, "answers"), _by_reader(reader, "says")
    return lambda question, abstract: [(whole(question, abstract)[0] + max(sentence(question, abstract))) / 2]


def _by_cosine(model: MiniLM, task: str) -> Judge:
    def cosines(question: str, abstract: Abstract) -> Sequence[float]:
        texts = abstract.sentences() if task == "says" else [f"{abstract.title}. {abstract.text}"]
        asked, *others = model.embed([question, *texts])
        return [float(asked @ other) for other in others]

    return cosines


def _judged(abstracts: Sequence[Abstract], judge: Judge, task: str) -> tuple[Values, float]:
    """Return the values of each abstract's questions, or topics, and the mean seconds of a pair."""
    values, started = [], time.perf_counter()
    for abstract in abstracts:
        rows = [row for row in abstract.questions if (row["kind"] == "topic") is (task == "about")]
        found = [judge(row["question"], abstract)[0] for row in rows]
        values.append((np.array(found, np.float32), np.array([row["answerable"] for row in rows], int)))
    return values, (time.perf_counter() - started) / sum(len(labels) for _, labels in values)


def _sentences_judged(abstracts: Sequence[Abstract], judge: Judge, _: str) -> tuple[Values, float]:
    """Return the values of the sentences for each question that has an answer, and the mean seconds of a pair."""
    values, started = [], time.perf_counter()
    for abstract in abstracts:
        for row in abstract.questions:
            if row["sentences"]:
                labels = np.isin(np.arange(len(abstract.sentences())), row["sentences"]).astype(int)
                values.append((np.array(judge(row["question"], abstract), np.float32), labels))
    return values, (time.perf_counter() - started) / sum(len(labels) for _, labels in values)


def _first_is_gold(values: Values) -> float:
    return float(np.mean([labels[found.argmax()] for found, labels in values]))


def _cells(values: Values, seconds: float, *, threshold: float | None) -> list[str]:
    auc, kept = _figures(values)
    (auc_low, auc_high), (kept_low, kept_high) = bootstrap_intervals(
        np.arange(len(values))[:, None], lambda draws: np.array([_figures(_drawn(values, draw)) for draw in draws])
    )
    found, labels = _joined(values)
    precision, recall = precision_and_recall(found > (threshold or 0), labels)
    return [
        str(len(labels)),
        f"{auc:.3f} ({auc_low:.3f}–{auc_high:.3f})",
        f"{kept:.2f} ({kept_low:.2f}–{kept_high:.2f})",
        f"precision {precision:.2f}, recall {recall:.2f}" if threshold else "",
        f"{1000 * seconds:.1f}",
    ]


def _drawn(values: Values, draw: NDArray[Any]) -> Values:
    return [values[int(index)] for index in draw[:, 0]]


def _joined(values: Values) -> tuple[NDArray[np.float32], NDArray[np.int_]]:
    return np.concatenate([found for found, _ in values]), np.concatenate([labels for _, labels in values])


def _figures(values: Values) -> tuple[float, float]:
    found, labels = _joined(values)
    return area_under_curve(found, labels), kept_at(_FALSE, found, labels)
