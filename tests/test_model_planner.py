"""A chat model that plans: asked where the rules are unsure, never trusted, replaced by the rules where it fails."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from assistant.pipeline import Assistant
from assistant.planning.plan import Plan, Turn
from assistant.records import Answer
from assistant.settings import Settings
from tests.openai_server import DONE, OpenAIServer, Script, event, openai_server
from vectorstore.library import Library

COMPOUND = "Who wrote DUSK and what does it propose?"
ANSWER = "It is said so [1]."
PLANS = "You turn a question"


@pytest.fixture(scope="module")
def assistant(seeds_library: Library) -> Assistant:
    return Assistant(seeds_library, Settings())


def planned(*replies: str) -> Script:
    """A server that answers requests for a plan with `replies`, one after the other, and all others with a sentence."""
    left = list(replies)
    server: list[OpenAIServer] = []

    def raw() -> Iterable[bytes | float]:
        wants_plan = PLANS in server[0].chats[-1].body["messages"][0]["content"]
        yield event({"content": left.pop(0) if wants_plan and left else "no" if wants_plan else ANSWER})
        yield event({}, finish="stop")
        yield DONE

    script = Script(raw=raw)
    object.__setattr__(script, "server", server)
    return script


def asked(
    assistant: Assistant, question: str, *replies: str, history: tuple[Turn, ...] = ()
) -> tuple[Answer, list[str]]:
    """Return the answer, and the prompts for a plan that were sent for it."""
    script = planned(*replies)
    with openai_server(script) as server:
        script.server.append(server)  # type: ignore[attr-defined]
        answer = assistant.ask(question, model=f"{server.base_url}#m", history=history)
        prompts = [one.prompt for one in server.chats if PLANS in one.body["messages"][0]["content"]]
    return answer, prompts


def steps(*given: dict[str, Any], **more: Any) -> str:
    return json.dumps({"steps": list(given), **more})


def operations(answer: Answer) -> list[str]:
    return [step.operation for step in answer.plan.steps]


def test_a_plain_question_needs_no_plan_of_a_model(assistant: Assistant) -> None:
    for question in ("What is Rainbow Padding?", "papers by Soeun Kim", "Why do diffusion LLMs stop early?"):
        answer, prompts = asked(assistant, question)
        assert (answer.plan.planner, prompts) == ("local", [])


def test_a_compound_question_is_planned_by_the_model(assistant: Assistant) -> None:
    plan = steps(
        {"operation": "facts", "papers": ["DUSK"], "fields": ["authors"]},
        {"operation": "passages", "of_step": 1, "query": "proposal of DUSK", "wordings": ["unlearning benchmark"]},
    )
    answer, prompts = asked(assistant, COMPOUND, plan)
    assert operations(answer) == ["facts", "passages"]
    assert answer.plan.planner.endswith("#m")
    assert "Wonje Jeung" in answer.text
    assert len(prompts) == 1
    assert answer.usage.output_tokens > 0


def test_words_around_the_json_do_not_matter(assistant: Assistant) -> None:
    plan = steps({"operation": "facts", "papers": ["DUSK"], "fields": ["authors"]})
    answer, _ = asked(assistant, COMPOUND, f"Here is the plan:\n```json\n{plan}\n```\nDone.")
    assert operations(answer) == ["facts"]


def test_names_are_looked_up_and_filters_checked(assistant: Assistant) -> None:
    given = {
        "operation": "papers",
        "authors": ["soeun kim"],
        "since": "2026-01-01",
        "category": "no such thing",
        "organization": "Nowhere",
        "not_about": ["pruning"],
    }
    answer, _ = asked(assistant, COMPOUND, steps(given))
    filters = answer.plan.steps[0].arguments.filters  # type: ignore[attr-defined]
    assert filters.authors == ("Soeun Kim",)
    assert (filters.category, filters.organization) == (None, None)
    assert {(reference.published or "")[:4] for reference in answer.references} == {"2026"}


def test_the_form_is_the_models(assistant: Assistant) -> None:
    plan = steps({"operation": "passages", "query": "DUSK"}, form={"layout": "bullets", "sentences": 3, "mood": "gay"})
    answer, _ = asked(assistant, COMPOUND, plan)
    assert (answer.plan.form.layout, answer.plan.form.sentences) == ("bullets", 3)


@pytest.mark.parametrize(
    "reply",
    [
        "I cannot do that.",
        "{",
        "[]",
        "{}",
        '{"steps": []}',
        '{"steps": "papers"}',
        steps({"operation": "delete_everything"}),
        steps({"operation": "decide", "kind": "split", "names": ["Bumjun Kim"]}),
        steps({"operation": "papers", "authors": ["Geoffrey Hinton"]}),
        steps({"operation": "papers", "limit": 10**9}),
        steps({"operation": "count", "by": "colour"}),
        steps({"operation": "facts", "papers": ["DUSK"], "fields": ["salary"]}),
        steps({"operation": "papers", "since": "last spring"}),
        steps(*[{"operation": "passages", "query": "x"}] * 11),
        "{" * 100_000,
    ],
)
def test_a_reply_that_is_no_plan_is_repaired_once_and_then_the_rules_stand(assistant: Assistant, reply: str) -> None:
    answer, prompts = asked(assistant, COMPOUND, reply, reply)
    assert answer.plan.planner == "local"
    assert operations(answer) == ["facts", "passages"]
    assert len(prompts) == 2
    assert "That is no plan:" in prompts[1]
    repaired, _ = asked(assistant, COMPOUND, reply, steps({"operation": "papers", "topic": "unlearning"}))
    assert operations(repaired) == ["papers"]


def test_what_is_no_paper_or_no_step_is_left_out(assistant: Assistant) -> None:
    plan = steps(
        {"operation": "passages", "query": "x", "papers": ["Attention Is All You Need", "DUSK", "[7]"], "of_step": 5}
    )
    answer, _ = asked(assistant, COMPOUND, plan)
    arguments: Any = answer.plan.steps[0].arguments
    assert arguments.of_step is None
    assert [reference.title[:4] for reference in answer.references] == ["DUSK"]


def test_a_follow_up_names_papers_by_their_number(assistant: Assistant) -> None:
    before = assistant.ask("papers by Soeun Kim").turn
    answer, prompts = asked(
        assistant,
        "What would be cheaper than that?",
        steps({"operation": "passages", "query": "cheaper quantization", "papers": ["[2]"]}),
        history=(before,),
    )
    assert answer.plan.refers_to == (before.paper_ids[1],)
    assert "[2] Preserve-Then-Quantize" in prompts[0]


def test_five_hundred_turns_do_not_fill_the_prompt(assistant: Assistant) -> None:
    turns = tuple(Turn(f"Question {number}?", Plan(), (), "word " * 300) for number in range(500))
    _, prompts = asked(assistant, COMPOUND, history=turns)
    assert "Question 499?" in prompts[0]
    assert "Question 400?" not in prompts[0]
    assert len(prompts[0]) < 8000


def test_a_turn_whose_paper_was_deleted_refers_to_nothing(assistant: Assistant) -> None:
    gone = Turn("What is Gone?", Plan(), ("0" * 12,), "It was.")
    answer, _ = asked(assistant, "and who wrote it, and when?", history=(gone,))
    assert not answer.references


def test_ten_parts_are_ten_steps(assistant: Assistant) -> None:
    question = "Who wrote DUSK? " * 10
    assert len(assistant.ask(question).plan.steps) == 10
    assert len(assistant.ask(question + "Who wrote SNIP? " * 10).plan.steps) == 10


def test_a_model_that_cannot_be_reached_is_said_so(assistant: Assistant) -> None:
    from vectorstore.errors import ModelError

    with pytest.raises(ModelError, match="cannot be reached"):
        assistant.ask(COMPOUND, model="http://127.0.0.1:9/v1#m")
