"""Misspelt titles and names of papers in a question, and misspelt words."""

import pytest

from assistant.planning.misspelt import MisspeltPapers, MisspeltWords
from assistant.planning.vocabulary import Vocabulary
from vectorstore.library import Library


@pytest.fixture(scope="module")
def finder(seeds_library: Library) -> MisspeltPapers:
    return Vocabulary.of(seeds_library).misspelt


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


@pytest.fixture(scope="module")
def words(seeds_library: Library) -> MisspeltWords:
    return MisspeltWords(seeds_library)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("essental", "essential"),  # a letter too few
        ("sparrsity", "sparsity"),  # one too many
        ("langauge", "language"),  # two in the wrong order
        ("quantizetion", "quantization"),
        ("hyperfittng", "hyperfitting"),  # in the ending, without which it is indexed
        ("paprs", "papers"),  # and not "pairs", which lacks one of its letters
        ("generalise", "generalize"),
    ],
)
def test_a_typo_is_read_as_a_word_of_the_papers(words: MisspeltWords, typed: str, meant: str) -> None:
    assert list(words.found_in(f"the {typed} of it")) == [(typed, meant)]


@pytest.mark.parametrize(
    "text",
    [
        "which papers are on pruning",
        "does anyone use deepspeed or mixtral",  # nothing of the library is like it
        "DUSK and Rainbw Padding",  # names
        "papers by brower",  # whoever that is
        "see data/qauntization.txt",
        "zzzzzzzz",
        " ".join(f"langauge {one}{two}pruning" for one in "abcdefgh" for two in "abcdefgh"),  # no question is so long
        "",
    ],
)
def test_what_may_be_right_is_left_alone(words: MisspeltWords, text: str) -> None:
    assert list(words.found_in(text)) == []
