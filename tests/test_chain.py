"""The assistant as LangChain sees it: a chain of four Runnables, tools made from the operations, a retriever."""

import json

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.runnables import RunnableLambda, RunnablePassthrough, RunnableSequence

from assistant.pipeline import Assistant
from assistant.planning.plan import OPERATIONS, Turn
from assistant.records import Answer, Stage
from assistant.settings import Settings
from vectorstore.catalogue.filters import Filters
from vectorstore.errors import QuestionError
from vectorstore.library import Library


@pytest.fixture(scope="module")
def assistant(seeds_library: Library) -> Assistant:
    return Assistant(seeds_library, Settings())


# -- the chain


def test_the_chain_is_plan_gather_write_check(assistant: Assistant) -> None:
    chain = assistant.chain
    assert isinstance(chain, RunnableSequence)
    assert [step.name for step in chain.steps] == ["ask", "plan", "gather", "write", "check"]


def test_invoke_answers_as_ask_does(assistant: Assistant) -> None:
    question = "papers by Soeun Kim"
    asked, invoked = assistant.ask(question), assistant.chain.invoke(question)
    assert isinstance(invoked, Answer)
    assert (invoked.text, invoked.references, invoked.plan) == (asked.text, asked.references, asked.plan)


def test_stream_yields_stages_and_text_and_the_answer_last(assistant: Assistant) -> None:
    *before, answer = assistant.chain.stream("What is DUSK?")
    assert isinstance(answer, Answer)
    assert any(isinstance(one, Stage) for one in before)
    assert answer.text == "".join(one for one in before if isinstance(one, str))


def test_batch_answers_each(assistant: Assistant) -> None:
    first, second = assistant.chain.batch(["papers by Soeun Kim", "Who wrote DUSK?"])
    assert (first.intent, second.intent) == ("papers", "facts")


@pytest.mark.parametrize(
    "given",
    [
        [HumanMessage("What is DUSK?"), AIMessage("A benchmark."), HumanMessage("Who wrote it?")],
        {"question": "Who wrote it?", "history": ["What is DUSK?"]},
        {"question": "Who wrote it?", "history": [HumanMessage("What is DUSK?"), AIMessage("A benchmark.")]},
    ],
)
def test_a_history_of_messages_is_what_a_question_refers_to(assistant: Assistant, given: object) -> None:
    answer = assistant.chain.invoke(given)
    assert answer.text.startswith("“DUSK: Do Not Unlearn Shared Knowledge” was written by Wonje Jeung")


def test_a_turn_is_a_history_too(assistant: Assistant) -> None:
    turn: Turn = assistant.ask("What is DUSK?").turn
    answer = assistant.chain.invoke({"question": "When did it appear?", "history": [turn]})
    assert "21 May 2025" in answer.text


def test_the_chain_goes_into_another(assistant: Assistant) -> None:
    longer = {"question": RunnablePassthrough()} | RunnableLambda(lambda given: given["question"]) | assistant.chain
    assert (longer | (lambda answer: answer.references[0].title)).invoke("Who wrote DUSK?").startswith("DUSK")


# -- the tools


def test_there_is_a_tool_for_each_operation_that_looks_something_up(assistant: Assistant) -> None:
    names = {tool.name for tool in assistant.tools()}
    assert names == OPERATIONS.keys() - {"decide", "talk", "unknown_author", "unknown_name", "rework"}
    assert all(tool.description for tool in assistant.tools())


def tool(assistant: Assistant, name: str, **arguments: object) -> dict[str, object]:
    (found,) = (one for one in assistant.tools() if one.name == name)
    record = json.loads(found.invoke(arguments))
    assert isinstance(record, dict)
    return record


def test_a_tool_takes_typed_arguments_and_names_as_they_are_written(assistant: Assistant) -> None:
    listed = tool(assistant, "papers", filters={"authors": ["soeun kim"], "since": "2026-01-01"})
    assert [paper["title"].split(":")[0] for paper in listed["papers"]] == [  # type: ignore[attr-defined]
        "Where Rollouts Begin",
        "Preserve-Then-Quantize",
    ]
    facts = tool(assistant, "facts", fields=["authors"], papers=["DUSK"])
    assert "Wonje Jeung" in str(facts["text"])
    assert "**2026**: 13 papers" in str(tool(assistant, "count", by="year")["text"])


def test_a_tool_says_whom_it_does_not_know(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="Soeun Kim"):
        tool(assistant, "papers", filters={"authors": ["Soen Kimm"]})
    with pytest.raises(QuestionError, match="no paper called 'Nothing of the Kind'"):
        tool(assistant, "similar", papers=["Nothing of the Kind"])


# -- the retriever


def test_the_retriever_honours_k_and_filters(seeds_library: Library) -> None:
    retriever = seeds_library.retriever
    assert len(retriever.invoke("unlearning")) == 10
    documents = retriever.invoke("unlearning", k=3, filters=Filters(authors=("Soeun Kim",)))
    written = {paper.paper_id for paper in seeds_library.papers(Filters(authors=("Soeun Kim",)))}
    assert len(documents) == 3
    assert {one.metadata["paper_id"] for one in documents} <= written
    assert retriever.invoke("unlearning", filter={"category": "LG"}) == retriever.invoke(
        "unlearning", filters=Filters(category="LG")
    )


def test_the_retriever_names_an_argument_that_there_is_none_of(seeds_library: Library) -> None:
    with pytest.raises(TypeError, match="colour"):
        seeds_library.retriever.invoke("unlearning", filter={"colour": "red"})
    with pytest.raises(TypeError, match="top"):
        seeds_library.retriever.invoke("unlearning", top=3)
