"""Query and evidence -> prompt -> the chat model's text, as it comes."""

from collections.abc import Iterator, Sequence

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from langsmith import tracing_context

from assistant.models.background import in_background
from assistant.models.choices import ModelChoice, chat_model
from assistant.models.model_events import Finished, Restart, tokens_of
from assistant.prompts import load_prompt
from assistant.records import Stage, Usage
from assistant.settings import Settings
from assistant.text.evidence import Evidence, evidence_lines
from assistant.understanding.query import Intent, Query
from vectorstore.tokens import count_tokens

_FORMS = {Intent.DEFINE: "define", Intent.FIGURE: "figure", Intent.COMPARE: "compare"}
LONGEST_ANSWER = 40_000  # characters, some fifteen pages


def prompt_for(query: Query, evidence: Sequence[Evidence], *, short: bool = False) -> list[BaseMessage]:
    """Return the messages to a model; with `short`, fewer rules, for a model that loses its way among many."""
    form = _FORMS.get(query.intent, "fact")
    user = load_prompt(
        "answer_user",
        evidence=evidence_lines(evidence),
        form=form,
        form_instruction=load_prompt(f"form_{form}"),
        question=_standing_alone(query, evidence),
    )
    return [SystemMessage(load_prompt("answer_system_short" if short else "answer_system")), HumanMessage(user)]


def _standing_alone(query: Query, evidence: Sequence[Evidence]) -> str:
    """Return the question as it can be understood without the turns before it."""
    if not query.from_before or query.operands:
        return query.question
    titles = " and ".join(f"“{title}”" for title in dict.fromkeys(item.short_title for item in evidence))
    return f"What is {titles}?" if query.intent is Intent.DEFINE else f"{query.question} (about {titles})"


def generated(
    messages: list[BaseMessage], choice: ModelChoice, settings: Settings, *, doing: str, unwrapped: bool = True
) -> Iterator[Stage | str | Restart | Finished]:
    """Yield the model's text as it comes, and how it ended. A stage comes several times a second, for whoever waits
    or wants to stop; `doing` is the first. Closing the iterator closes the connection. Without `unwrapped` the code
    fences and JSON of a reply stay, for whoever asked for them.

    Raises ModelError if there is no text, PromptTooLong if the model cannot read that much.
    """
    if choice.is_extractive:
        written: list[str] = []
        yield Stage("writing")
        # LangSmith would send the prompt away if its variables stand in the environment: not from here.
        with tracing_context(enabled=False):
            for chunk in chat_model(choice, settings).stream(messages):
                written.append(chunk.text)
                yield chunk.text
        yield Finished(Usage(tokens_of(messages), count_tokens("".join(written)), estimated=True))
        return
    from assistant.models.listening import spoken

    source = spoken(messages, choice, settings, longest=LONGEST_ANSWER, unwrapped=unwrapped)
    for event in in_background(source):
        if isinstance(event, Stage):
            doing = event.doing
        yield Stage(doing) if event is None else event
