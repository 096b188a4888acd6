"""Of the papers that a question finds, which the local composer answers from: by the reader and the rank, by either.

Every second answerable question on the abstracts that the reader did not learn from, among all that it was taught with;
and of all questions on all of these, which have a name that their abstract lacks, so that it is no answer.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.searching.answerability import names_in, speaks_of
from assistant.searching.query_expansion import expanded_query
from assistant.writing.composer import best_place
from training.pairs import Abstract, read_abstracts, written_abstracts
from vectorstore.library import Library

_TOP_K = 8
_EVERY = 2  # questions
Values = Sequence[float]


def choice_figures(bench: Path, folder: Path) -> list[tuple[str, str]]:
    """Return for how many questions the paper that answers is found, and taken, by each way."""
    groups = [*read_abstracts(bench), *written_abstracts(bench)]
    unseen = [*groups[2], *groups[4]]
    folder.mkdir()
    listing = folder / "papers.jsonl"
    rows = ({"title": one.title, "abstract": one.text, "year": 2024} for group in groups for one in group)
    listing.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with Library(folder / "library") as library:
        library.ingest([listing])
        gold = {paper.title: paper.paper_id for paper in library.papers()}
        asked = [
            (str(question["question"]), gold[abstract.title])
            for abstract in unseen
            for question in [one for one in abstract.questions if one["answerable"]][::_EVERY]
        ]
        found = [one for one in _found(asked, library) if one]
        lacking = _lacking([abstract for group in groups for abstract in group], library)
    ways: dict[str, Callable[[Values], int]] = {
        "reader and rank, as composed": lambda values: best_place(values, range(len(values))),
        "reader alone": lambda values: max(range(len(values)), key=values.__getitem__),
        "rank alone": lambda _: 0,
    }
    yields = [(f"questions with the paper among {_TOP_K} found", f"{len(found)} of {len(asked)}")]
    for name, way in ways.items():
        right = sum(way(values) == place for values, place in found)
        yields.append((f"the paper that answers is taken: {name}", f"{right / len(found):.3f}"))
    return [*yields, *lacking]


def _lacking(abstracts: Sequence[Abstract], library: Library) -> Iterator[tuple[str, str]]:
    for answerable, called in ((False, "does not answer are known by"), (True, "answers are lost by")):
        lacks = [
            not speaks_of(names_in(str(question["question"]), library), abstract)
            for abstract in abstracts
            for question in abstract.questions
            if question["answerable"] is answerable and question["kind"] != "topic"
        ]
        yield f"questions that an abstract {called} a name", f"{sum(lacks)} of {len(lacks)}"


def _found(asked: Sequence[tuple[str, str]], library: Library) -> Iterator[tuple[Values, int] | None]:
    """Yield the reader's values of the papers that each question finds, and the place of the right one, if it is."""
    papers = {paper.paper_id: paper for paper in library.papers()}
    for question, gold in asked:
        ids = [one.passage.paper_id for one in library.search(expanded_query(question, library), top_k=_TOP_K)]
        if gold not in ids:
            yield None
            continue
        values = library.reader.answers(question, [(papers[one].title, papers[one].abstract) for one in ids])
        yield list(map(float, values)), ids.index(gold)
