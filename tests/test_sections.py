"""A section is put together from paragraphs, and cites no paper twice in one place."""

from dataclasses import replace

import pytest

from assistant.manuscripts.sections import Form, Paragraph, SectionSentence, put_together
from assistant.records import Citation, Verdict
from vectorstore.library import Library


def told(text: str, library: Library, *numbers: int) -> SectionSentence:
    ids = sorted(paper.paper_id for paper in library.papers())
    citations = tuple(Citation(number, ids[number], f"{ids[number]}:0", "", 0, 0) for number in numbers)
    return SectionSentence(text, Verdict.COMPUTED, numbers, citations)


def test_a_row_of_markers_has_each_paper_once(seeds_library: Library) -> None:
    sentence = told("Two papers study padding [1][1] [2][1]. So does `[1][1]`.", seeds_library, 1, 1, 2)
    section = put_together(Form.RELATED, "padding", [Paragraph("Padding", (), (sentence,))], seeds_library)
    assert section.text.endswith("Two papers study padding [1][2]. So does `[1][1]`.")
    assert section.sentences[0].citations == (1, 2)
    assert section.text[section.sentences[0].start : section.sentences[0].end] == section.sentences[0].text
    assert section.bibtex.count("@misc") == 2


def test_two_numbers_of_one_paper_are_refused(seeds_library: Library) -> None:
    sentence = told("Two papers [1][2].", seeds_library, 1, 2)
    again = replace(sentence.citations[0], number=2)
    twice = replace(sentence, citations=(sentence.citations[0], again))
    with pytest.raises(ValueError, match="two numbers for one paper"):
        put_together(Form.RELATED, "padding", [Paragraph("Padding", (), (twice,))], seeds_library)
