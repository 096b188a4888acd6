"""Misspelt titles and names of papers in a question."""

import pytest

from assistant.planning.misspelt import MisspeltPapers
from assistant.planning.vocabulary import Vocabulary
from vectorstore.library import Library


@pytest.fixture(scope="module")
def finder(seeds_library: Library) -> MisspeltPapers:
    return Vocabulary.of(seeds_library.catalogue).misspelt


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote Ranbow Padding?",
        "what's the idea of rainbow paddding",
        "authors of Rainbow Padding: Mitigatng Early Termination",
    ],
)
def test_a_misspelt_paper_is_named(finder: MisspeltPapers, question: str) -> None:
    found = finder.found_in(question)
    assert [paper.meant.startswith("rainbow padding") for paper in found] == [True]
    assert found[0].said in question
    assert found[0].said.lower().startswith("ra")
    assert len(found[0].paper_ids) == 1


@pytest.mark.parametrize(
    "question",
    [
        "do you mind telling me what left people cold",
        "Who wrote Rainbw?",
        "what is machine unlearning",
        "papers about graph neural networks since 2024",
        "Who won the 2022 World Cup?",
        "",
        "🌈 🌈 🌈",
        "注意力 机制",
        "zzz " * 60,
    ],
)
def test_an_ordinary_question_names_no_paper(finder: MisspeltPapers, question: str) -> None:
    assert finder.found_in(question) == []
