"""Which papers a question names: by title, coined name, shorthand, or what is said of them."""

import pytest

from assistant.pipeline import Assistant
from assistant.planning.plan import Passages
from tests.planned import Understand

SOEUNS = "papers by Soeun Kim"  # answered with Where, Preserve-Then-Quantize, Assigning, DUSK


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What is Rainbow Padding?", "Rainbow"),
        ("what is rainbow padding", "Rainbow"),
        ("Explain DAPD", "Dependency-Aware"),
        ("What does MIND distil?", "MIND"),
        ("Tell me about Gecko's design", "Gecko"),
        ("Who wrote When do Convolutional Neural Networks Stop Learning?", "When"),
    ],
)
def test_papers_are_known_by_title_and_by_coined_name(
    ask: Understand, ids: dict[str, str], question: str, title: str
) -> None:
    assert ask(question).papers == (ids[title],)


def test_a_title_with_a_question_mark_is_one_question_and_several_questions_on_a_paper_are_not(
    ask: Understand, ids: dict[str, str]
) -> None:
    title = "When do Convolutional Neural Networks Stop Learning?"
    assert [step.operation for step in ask(f"{title} in one sentence").plan.steps] == ["passages"]
    several = ask("What is Rainbow Padding, who wrote it, and is code available?").plan.steps
    assert [step.operation for step in several] == ["passages", "facts", "facts"]
    assert several[0].arguments.papers == (ids["Rainbow"],)


@pytest.mark.parametrize("question", ["Worum geht es bei DUSK?", "¿Para qué sirve DUSK en la práctica?"])
def test_of_a_paper_named_in_another_language_it_is_told_what_it_is(
    ask: Understand, ids: dict[str, str], question: str
) -> None:
    query = ask(question)
    assert (query.kind, query.papers) == ("definition", (ids["DUSK"],))
    assert query.plan.not_understood  # so that a chat model, where one was chosen, is asked for the plan
    (step,) = query.plan.steps
    assert isinstance(step.arguments, Passages) and step.arguments.question == "What is DUSK?"


def test_shorthand_is_read(ask: Understand, ids: dict[str, str]) -> None:
    assert ask("whats the diff between DUSK and SNIP").kind == "compare"
    assert ask("is there sth by Soeun Kim").kind == "papers"
    assert ask("cite the DAPD paper").kind == "bibtex"
    assert ask("cs.CL papers w code").plan.filters.has_code
    assert len(ask("what is DUSK n who wrote it").plan.steps) == 2


def test_one_of_several_is_told_by_what_is_said_of_it(turns: Assistant, ask: Understand, ids: dict[str, str]) -> None:
    (step,) = ask("what does the unlearning one report?", turns.turns([SOEUNS])).plan.steps

    assert isinstance(step.arguments, Passages)
    among = step.arguments.filters.paper_ids or ()
    assert len(among) > 2
    assert ids["DUSK"] in among


@pytest.mark.parametrize("question", ["What comes to mind?", "papers on padding", "Is it essential?"])
def test_a_word_that_is_no_name_as_printed_names_no_paper(ask: Understand, question: str) -> None:
    assert ask(question).papers == ()


@pytest.mark.parametrize("question", ["welore main idea", "what is the corpus of mecellem"])
def test_a_paper_is_known_by_a_word_that_no_other_has(ask: Understand, question: str) -> None:
    assert len(ask(question).papers) == 1


def test_a_title_is_known_without_its_article(ask: Understand) -> None:
    named = ask("What is The Hyperfitting Phenomenon about?").papers
    assert named
    assert ask("What is Hyperfitting Phenomenon about?").papers == named
