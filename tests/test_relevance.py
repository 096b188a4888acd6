"""Which papers are about a topic, and whether the evidence can answer a question at all."""

import pytest
from assistant.planning.query import Intent, Query
from assistant.searching.evidence_search import evidence_for

from assistant.pipeline import Assistant
from assistant.planning.vocabulary import Vocabulary
from assistant.searching.relevance import about, coverage, fits, gap, unknown_name
from assistant.settings import Settings
from vectorstore.library import Library
from vectorstore.passages import Passage, split_paper
from vectorstore.retriever import RetrievedPassage


def found(title: str, text: str, cosine: float) -> RetrievedPassage:
    return RetrievedPassage(Passage("p:0", "p", title, text, 0, len(text)), cosine, cosine, 0.0)


def even(words: object) -> dict[str, float]:
    """Every word weighs the same."""
    return dict.fromkeys(words, 1.0)  # type: ignore[call-overload, no-any-return]


def test_coverage_is_the_share_by_weight() -> None:
    weights = {"prune": 3.0, "model": 1.0}
    assert coverage(["prune", "model"], "Pruning helps.", weights) == 0.75
    assert coverage(["prune", "model"], "Nothing.", weights) == 0.0
    assert coverage([], "Anything.", {}) == 1.0


@pytest.mark.parametrize(
    ("title", "text", "cosine", "is_about"),
    [
        ("Pruning a Very Deep Network", "We cut weights.", 0.15, True),  # the title says it
        ("On Weights", "Network pruning cuts weights.", 0.15, True),  # side by side
        ("On Weights", "Pruning of a very large network.", 0.15, False),  # apart, and far in meaning
        ("On Weights", "Pruning of a very large network.", 0.40, True),
        ("On Weights", "We make networks sparse.", 0.56, True),  # very near in meaning
        ("On Weights", "We make networks sparse.", 0.40, False),
        ("On Cooking", "We boil rice.", 0.30, False),
        ("Pruning a Very Deep Network", "We cut weights.", 0.01, False),
    ],
)
def test_what_a_paper_is_about(title: str, text: str, cosine: float, is_about: bool) -> None:
    assert bool(about("network pruning", [found(title, text, cosine)], even)) is is_about


def test_a_question_whose_words_are_missing_cannot_be_answered() -> None:
    passage = found("Rainbow Padding", "Seven padding tokens suffice to prevent early termination.", 0.4)
    assert gap("How many padding tokens prevent early termination?", [passage], even) is None
    lacking = gap("Which learning rate and batch size were used?", [passage], even)
    assert lacking is not None
    assert set(lacking.missing) == {"learning", "rate", "batch", "size"}


def test_of_a_named_paper_the_abstract_must_say_the_rest() -> None:
    passage = found("Rainbow Padding", "Seven tokens suffice.", 0.9)
    assert gap("How many tokens?", [passage], even, named=["Rainbow Padding"]) is None
    assert gap("What is Rainbow Padding?", [passage], even, named=["Rainbow Padding"]) is None
    lacking = gap("speech recognition", [passage], even, named=["Rainbow Padding"])
    assert lacking is not None
    assert lacking.missing == ("speech", "recognition")


def test_without_passages_nothing_can_be_answered() -> None:
    assert gap("padding", [], even) is not None


def test_the_paper_that_has_most_of_the_words_fits_best() -> None:
    some = found("Grokking", "We study grokking.", 0.5)
    all_of_it = found("Learning", "Grokking in algorithmic learning.", 0.4)
    assert fits("grokking and algorithmic learning", [some, all_of_it], even) == [all_of_it]
    assert fits("grokking", [all_of_it, some], even) == [all_of_it, some]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Who wrote Attention Is All You Need?", "Attention Is All You Need"),
        ("What is Direct Preference Optimization?", "Direct Preference Optimization"),
        ("Explain Low-Rank Adaptation of Models", None),  # a passage has it
        ("What is the reversal curse?", None),
        ("Who is Albert No?", None),  # two words may be any two
        ("How Does Direct Preference Optimization Work", None),  # a question in capitals
    ],
)
def test_a_name_that_no_passage_has_is_unknown(question: str, name: str | None) -> None:
    passage = found("On Adaptation", "We study low-rank adaptation of large models, and attention.", 0.6)
    assert unknown_name(question, [passage]) == name


def test_a_papers_name_must_be_in_a_title() -> None:
    passage = found("Essential Sparsity", "We revisit the Lottery Ticket Hypothesis.", 0.6)
    question = "When was The Lottery Ticket Hypothesis published?"
    assert unknown_name(question, [passage]) is None
    assert unknown_name(question, [passage], in_titles=True) == "Lottery Ticket Hypothesis"


def test_a_phrase_in_the_other_passage_of_a_long_abstract_counts(seeds_library: Library) -> None:
    answer = Assistant(seeds_library, Settings()).ask("papers on image classification")
    (paper,) = seeds_library.catalogue.papers([answer.references[0].paper_id])
    assert "image classification" in paper.abstract
    assert len(list(split_paper(paper))) == 2
    assert "image classification" not in seeds_library.search("image classification", top_k=1)[0].passage.text


def test_every_paper_that_is_asked_about_is_evidence_in_its_order(seeds_library: Library) -> None:
    ids = tuple(paper.paper_id for paper in seeds_library.papers()[:3])
    query = Query("Compare them", "Compare them", "", "", Intent.COMPARE, subjects=ids)
    found = evidence_for(query, seeds_library, Vocabulary.of(seeds_library.catalogue), top_k=1)
    assert tuple(item.passage.paper_id for item in found.passages) == ids


def test_rare_words_weigh_more(seeds_library: Library) -> None:
    weights = seeds_library.term_weights(["prune", "model"])
    assert weights["prune"] > 10 * weights["model"]
