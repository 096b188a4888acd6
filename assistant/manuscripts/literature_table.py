"""Papers -> a table of problem, method, result, data, code and date, or of what is asked: each cell a quote that an
abstract has."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any

from assistant.manuscripts import aspects
from assistant.manuscripts.reference_list import references
from assistant.manuscripts.section_writing import Given, given_papers
from assistant.records import Citation, Reference
from assistant.searching.answerability import LearnedReading, Reading, answering_sentence
from assistant.text.abstract_sentences import AbstractSentence, abstract_sentences
from assistant.text.evidence import shown_title
from assistant.text.latex import declarations, latex
from assistant.text.safe_markdown import safe_markdown
from vectorstore.library import Library
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import split_paper
from vectorstore.text.wrapped_lines import unwrapped

ASPECTS = ("problem", "method", "result", "data", "code", "date")
NOT_STATED = "not stated"
_CHOSEN = {
    "problem": aspects.problem,
    "method": aspects.method,
    "result": aspects.result,
    "data": aspects.data,
    "code": aspects.code,
}
_MARKED = "marked as having code"
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")  # what a spreadsheet takes for one


@dataclass(frozen=True, slots=True)
class Cell:
    """What a paper says on one aspect. The quote is empty where the catalogue, and no sentence, is the evidence."""

    text: str
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class LiteratureTable:
    """Rows are aspects or questions, columns papers: `cells[row]` has a cell a reference, in order."""

    references: tuple[Reference, ...]
    cells: Mapping[str, tuple[Cell, ...]]

    def record(self) -> dict[str, Any]:
        """Return the JSON of the command line."""
        return asdict(self)

    def rows(self, *, by_paper: bool = False) -> list[list[str]]:
        """Return the table's rows with its header and its labels; `by_paper` gives a row a paper."""
        heads = [f"{shown_title(reference.title)} [{reference.number}]" for reference in self.references]
        rows = [["", *heads], *([aspect, *map(_with_marker, self.cells[aspect])] for aspect in self.cells)]
        return [list(column) for column in zip(*rows, strict=True)] if by_paper else rows


def literature_table(papers: Sequence[Paper], library: Library, columns: Sequence[str] = ASPECTS) -> LiteratureTable:
    """Return the table of papers, in their order.

    `columns` are aspects, some of `ASPECTS`, or whatever is asked of each paper ("number of parameters"): then the
    sentence that the reader finds to say it.
    """
    keys = library.catalogue.citation_keys([paper.paper_id for paper in papers])
    given = given_papers(papers, count(1))
    reading = LearnedReading(library)
    by_paper = [_cells(paper, one, columns, reading) for paper, one in zip(papers, given, strict=True)]
    cells = {column: tuple(theirs[column] for theirs in by_paper) for column in columns}
    return LiteratureTable(references(papers, keys), cells)


def as_csv(table: LiteratureTable, *, by_paper: bool = False) -> str:
    """Return CSV (RFC 4180) in which no cell is a formula to a spreadsheet: those that begin like one have a "'"."""
    written = io.StringIO()
    csv.writer(written).writerows([_harmless(cell) for cell in row] for row in table.rows(by_paper=by_paper))
    return written.getvalue()


def as_markdown(table: LiteratureTable, *, by_paper: bool = False) -> str:
    """Return a table of Markdown that loads and runs nothing where it is rendered."""
    rows = [
        [safe_markdown(re.sub(r"\s+", " ", cell)).replace("|", "\\|") for cell in row]
        for row in table.rows(by_paper=by_paper)
    ]
    rows.insert(1, ["---"] * len(rows[0]))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def as_latex(table: LiteratureTable, *, by_paper: bool = False) -> str:
    r"""Return a tabular of the booktabs package, with \cite for each marker."""
    keys = {f"[{reference.number}]": rf"~\cite{{{reference.key}}}" for reference in table.references}
    rows = [[_latex_cell(cell, keys) for cell in row] for row in table.rows(by_paper=by_paper)]
    width = f"{0.8 / max(len(rows[0]) - 1, 1):.2f}"
    columns = "l" + f"p{{{width}\\linewidth}}" * (len(rows[0]) - 1)
    lines = [" & ".join(row) + r" \\" for row in rows]
    body = "\n".join([r"\toprule", lines[0], r"\midrule", *lines[1:], r"\bottomrule"])
    return f"{declarations(body)}\\begin{{tabular}}{{{columns}}}\n{body}\n\\end{{tabular}}\n"


def _cells(paper: Paper, given: Given, columns: Sequence[str], reading: Reading) -> dict[str, Cell]:
    evidence, _ = given
    sentences = list(abstract_sentences(evidence))
    from_catalogue = Citation(evidence.number, paper.paper_id, f"{paper.paper_id}:0", "", 0, 0)
    cells = {}
    for column in columns:
        if column == "date":
            cells[column] = Cell(paper.iso_date, from_catalogue) if paper.iso_date else Cell(NOT_STATED)
            continue
        own = _CHOSEN.get(column)
        chosen = own(sentences) if own else answering_sentence(column, evidence, reading)
        is_marked = column == "code" and chosen is None and paper.has_code
        cells[column] = Cell(_MARKED, from_catalogue) if is_marked else _cell(paper, evidence.number, chosen)
    return cells


def _cell(paper: Paper, number: int, sentence: AbstractSentence | None) -> Cell:
    if sentence is None:
        return Cell(NOT_STATED)
    start = paper.abstract.index(sentence.text)
    end = start + len(sentence.text)
    passage_id = next(passage.passage_id for passage in split_paper(paper) if start <= passage.end)
    return Cell(unwrapped(sentence.text), Citation(number, paper.paper_id, passage_id, sentence.text, start, end))


def _with_marker(cell: Cell) -> str:
    return f"{cell.text} [{cell.citation.number}]" if cell.citation else cell.text


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _latex_cell(cell: str, keys: Mapping[str, str]) -> str:
    cell = " ".join(cell.split())
    marker = re.search(r"(?:^| )(\[\d+\])$", cell)
    if marker is None or marker[1] not in keys:
        return latex(cell)
    return latex(cell[: marker.start()]) + keys[marker[1]]
