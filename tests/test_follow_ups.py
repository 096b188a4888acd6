"""Questions that go on from an answer are ones that the library answers."""

from dataclasses import replace

import pytest

from assistant.pipeline import Assistant
from assistant.records import Answer
from assistant.settings import Settings
from assistant.ui.follow_ups import MOST, follow_ups, name_of
from vectorstore.library import Library

ANSWERED = (
    "Why do instruction-tuned diffusion LLMs terminate early?",
    "What is Rainbow Padding?",
    "Papers by Bumjun Kim",
    "Which papers are about diffusion models?",
    "Who wrote DUSK?",
    "What's new in reinforcement learning?",
)
REFUSED = ("How do I bake sourdough bread?", "What is FlashAttention-3?")


@pytest.fixture(scope="module")
def assistant(seeds_library: Library) -> Assistant:
    return Assistant(seeds_library, Settings())


def offered(assistant: Assistant, answer: Answer) -> list[str]:
    ids = {one.paper_id for one in (*answer.references, *answer.closest)}.union(answer.also_read)
    return follow_ups(answer, {paper.paper_id: paper for paper in assistant.library.catalogue.papers(ids)})


@pytest.mark.parametrize("question", [*ANSWERED, *REFUSED])
def test_every_follow_up_is_answered_and_none_is_the_question_again(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    questions = offered(assistant, answer)

    assert 0 < len(questions) <= MOST
    assert question not in questions
    for other in questions:
        assert not assistant.ask(other, history=[answer.turn]).abstained, other


@pytest.mark.parametrize("question", REFUSED)
def test_a_refusal_names_its_closest_papers_apart_from_its_text(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)

    assert answer.abstained
    assert answer.closest
    assert all(paper.title not in answer.text for paper in answer.closest)


def test_what_is_known_is_not_asked_again(assistant: Assistant) -> None:
    assert "Who wrote DUSK?" not in offered(assistant, assistant.ask("Who wrote the DUSK paper?"))
    assert "Which of these have code?" not in offered(assistant, assistant.ask("Which papers have code?"))


def test_the_name_of_many_things_is_no_papers_own(assistant: Assistant) -> None:
    paper = assistant.library.papers()[0]
    one = replace(paper, title="On tuning", abstract="We present a lantern of paper (LoP) that teaches.")

    assert name_of(one) == "LoP"
    assert name_of(replace(one, abstract="We present large language models (LLMs) that teach.")) == ""
