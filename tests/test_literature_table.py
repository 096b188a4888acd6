"""Papers -> a table whose cells are quotes, and what a spreadsheet, a page and LaTeX make of it."""

import csv
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.manuscripts.literature_table import (
    ASPECTS,
    NOT_STATED,
    Cell,
    LiteratureTable,
    as_csv,
    as_latex,
    as_markdown,
    literature_table,
)
from assistant.pipeline import Assistant
from assistant.records import Citation, Reference
from assistant.settings import Settings
from vectorstore.errors import QuestionError
from vectorstore.library import Library

REFERENCE = Reference(1, "p", "Title", (), True, None, "key2025")


def made_of(text: str) -> LiteratureTable:
    cell = Cell(text, Citation(1, "p", "p:0", text, 0, len(text)))
    return LiteratureTable((REFERENCE,), {aspect: (cell,) for aspect in ASPECTS})


@pytest.fixture(scope="module")
def table(seeds_library: Library) -> LiteratureTable:
    return literature_table(seeds_library.papers(), seeds_library)


def test_each_cell_is_a_quote_or_not_stated(table: LiteratureTable, seeds_library: Library) -> None:
    papers = {paper.paper_id: paper for paper in seeds_library.papers()}
    stated = 0
    for aspect in ASPECTS:
        assert len(table.cells[aspect]) == len(papers) == 65
        for cell, reference in zip(table.cells[aspect], table.references, strict=True):
            if cell.citation is None:
                assert cell.text == NOT_STATED
                continue
            stated += 1
            assert (cell.citation.number, cell.citation.paper_id) == (reference.number, reference.paper_id)
            abstract = papers[reference.paper_id].abstract
            assert abstract[cell.citation.start : cell.citation.end] == cell.citation.quote
            assert cell.text == cell.citation.quote or aspect in ("code", "date")
    assert stated > 4 * 65


def test_what_is_on_rainbow_padding(seeds_library: Library) -> None:
    (paper,) = (paper for paper in seeds_library.papers() if paper.title.startswith("Rainbow"))
    cells = literature_table([paper], seeds_library).cells
    assert "we introduce Rainbow Padding" in cells["method"][0].text
    assert "Rainbow Padding substantially improves" in cells["result"][0].text
    assert cells["date"][0].text == "2025-10-04"


@pytest.mark.parametrize(
    ("aspect", "sentence", "stated"),
    [
        ("problem", "Lamps have enabled remarkable success in complex problem-solving. We build one.", False),
        ("problem", "Lamps are widely used. However, no lamp shines on the moon. We build one.", True),
        ("method", "We build a lamp. Overall, our work underscores the importance of light.", True),
        ("method", "Lamps shine. In a dark room, one lamp couples two directions.", False),
        ("result", "We build a lamp. We propose further ways to improve the lamp.", False),
        ("result", "We build a lamp. Part A trains lamps to improve the light. Experiments show that it shines.", True),
        ("result", "We build a lamp. We validate these results with experimental results on lamps.", False),
        ("data", "We build a lamp. It shines best at an intermediate dataset size.", False),
        ("data", "We build a lamp. Experiments on Llama2 (7B) and Mistral-7B show that it shines.", False),
        ("data", "We build a lamp. Experiments on CIFAR10 show that it shines.", True),
        ("data", "Others use the Lamps dataset. We build a lamp.", False),
        ("code", "We build a lamp. Our code is publicly available.", True),
    ],
)  # fmt: skip
def test_a_cell_says_what_its_row_is_about_or_nothing(
    seeds_library: Library, aspect: str, sentence: str, stated: bool
) -> None:
    paper = replace(seeds_library.papers()[0], has_code=False, abstract=sentence)
    (cell,) = literature_table([paper], seeds_library).cells[aspect]
    assert (cell.text != NOT_STATED) is stated
    if aspect == "result" and stated:
        assert cell.text == "Experiments show that it shines."


def test_a_cell_is_a_whole_sentence(table: LiteratureTable, seeds_library: Library) -> None:
    papers = {paper.paper_id: paper for paper in seeds_library.papers()}
    for cell in (cell for aspect in ASPECTS for cell in table.cells[aspect] if cell.citation and cell.citation.quote):
        abstract, citation = papers[cell.citation.paper_id].abstract, cell.citation
        before, after = abstract[: citation.start].rstrip(), abstract[citation.end :].lstrip()
        assert not before or before[-1] in '.!?:)”"' or before.endswith("}")
        assert not after or after[0].isupper() or not after[0].isalpha()


def test_a_table_has_the_chosen_columns_and_what_is_asked_of_each_paper(seeds_library: Library) -> None:
    papers = [paper for paper in seeds_library.papers() if paper.title.startswith(("DUSK", "Rainbow Padding"))]
    columns = ("date", "which benchmark is introduced")
    chosen = literature_table(papers, seeds_library, columns)

    assert [row[0] for row in chosen.rows()] == ["", *columns]
    cells = dict(zip([reference.title[:4] for reference in chosen.references], chosen.cells[columns[1]], strict=True))
    assert cells["DUSK"].citation and "introduce DUSK, a benchmark" in cells["DUSK"].citation.quote
    assert cells["Rain"] == Cell(NOT_STATED)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r@", " ="])
def test_no_cell_of_the_csv_is_a_formula(begin: str) -> None:
    text = f"{begin}HYPERLINK(0)"
    rows = list(csv.reader(io.StringIO(as_csv(made_of(text)))))
    assert [row[1] for row in rows[1:]] == [f"'{text} [1]"] * len(ASPECTS)


@given(st.text(max_size=40))
def test_any_text_comes_back_from_the_csv(text: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(made_of(text), by_paper=True), newline="")))
    assert rows[0] == ["", *ASPECTS]
    for cell in rows[1][1:]:
        assert cell.removeprefix("'").replace("\r", "") == f"{text} [1]".removeprefix("'").replace("\r", "")
        assert not re.match(r"\s*[=+@-]", cell)


@given(st.text(max_size=40))
def test_any_text_makes_whole_rows(text: str) -> None:
    lines = as_markdown(made_of(text)).splitlines()
    assert len(lines) == len(ASPECTS) + 2
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 3 for line in lines)
    rows = as_latex(made_of(text)).partition("\\midrule\n")[2].splitlines()[:-2]
    assert len(rows) == len(ASPECTS)
    assert all(row.endswith(r"~\cite{key2025} \\") for row in rows)
    assert all(len(re.findall(r"(?<!\\)&", row)) == 1 for row in rows)


def test_a_table_in_markdown_loads_nothing() -> None:
    row = as_markdown(made_of("An <eos> and ![a picture](https://example.org/p.png) | b")).splitlines()[2]
    assert row == r"| problem | An `<eos>` and a picture (`https://example.org/p.png`) \| b [1] |"


def test_papers_are_chosen_by_id_or_by_topic(seeds_library: Library) -> None:
    assistant = Assistant(seeds_library, Settings())
    by_topic = assistant.table(topic="federated learning")
    assert len(by_topic.references) == 2
    ids = [reference.paper_id for reference in reversed(by_topic.references)]
    assert [reference.paper_id for reference in assistant.table(ids).references] == ids
    with pytest.raises(QuestionError, match="no paper with the id 'unknown'"):
        assistant.table(["unknown"])


def test_a_paper_that_a_listing_marks_has_code(seeds_library: Library) -> None:
    paper = replace(seeds_library.papers()[0], has_code=True, abstract="Lamps shine. We build one.")
    (cell,) = literature_table([paper], seeds_library).cells["code"]
    assert cell.text == "marked as having code"
    assert cell.citation is not None
    assert cell.citation.quote == ""
