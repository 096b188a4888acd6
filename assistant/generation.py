"""Query and evidence -> prompt -> the chat model's text, as it comes."""

from collections.abc import Iterator, Sequence

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langsmith import tracing_context

from assistant.evidence import Evidence, evidence_lines
from assistant.models import ModelChoice, broken_off, chat_model, model_error
from assistant.prompts import load_prompt
from assistant.query import Intent, Query
from assistant.records import Usage
from assistant.settings import Settings
from vectorstore.errors import AssistantError
from vectorstore.tokens import count_tokens

_FORMS = {Intent.DEFINE: "define", Intent.FIGURE: "figure", Intent.COMPARE: "compare"}


def prompt_for(query: Query, evidence: Sequence[Evidence]) -> list[BaseMessage]:
    form = _FORMS.get(query.intent, "fact")
    user = load_prompt(
        "answer_user",
        evidence=evidence_lines(evidence),
        form=form,
        form_instruction=load_prompt(f"form_{form}"),
        question=_standing_alone(query, evidence),
    )
    return [SystemMessage(load_prompt("answer_system")), HumanMessage(user)]


def _standing_alone(query: Query, evidence: Sequence[Evidence]) -> str:
    """Return the question as it can be understood without the turns before it."""
    if not query.from_before or query.operands:
        return query.question
    titles = " and ".join(f"“{title}”" for title in dict.fromkeys(item.short_title for item in evidence))
    return f"What is {titles}?" if query.intent is Intent.DEFINE else f"{query.question} (about {titles})"


def generated(messages: list[BaseMessage], choice: ModelChoice, settings: Settings) -> Iterator[str | Usage]:
    """Yield the model's text as it comes, then its usage. A vendor's error becomes a ModelError."""
    model: BaseChatModel = chat_model(choice, settings)
    written: list[str] = []
    counted = None
    try:
        # LangSmith would send the prompt away if its variables stand in the environment: not from here.
        with tracing_context(enabled=False):
            for chunk in model.stream(messages):
                written.append(chunk.text)
                counted = (chunk.usage_metadata if isinstance(chunk, AIMessageChunk) else None) or counted
                yield chunk.text
    except AssistantError:
        raise
    except Exception as error:  # LangChain hands on whatever the vendor's client raises
        if choice.base_url is None:
            raise
        raise (broken_off(choice) if written else model_error(error, choice)) from error
    if counted:
        yield Usage(counted["input_tokens"], counted["output_tokens"])
    else:
        prompt = "".join(message.text for message in messages)
        yield Usage(count_tokens(prompt), count_tokens("".join(written)), estimated=True)
