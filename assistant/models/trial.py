"""A short exchange with a chat model, to see that its key, its name and its server are right."""

import time
from collections.abc import Iterator

from langchain_core.messages import BaseMessage, HumanMessage

from assistant.models.generation import generated
from assistant.models.providers import ModelChoice
from assistant.models.served_model import as_served
from assistant.prompts import load_prompt
from assistant.records import Stage
from assistant.settings import Settings


def trial(choice: ModelChoice, settings: Settings) -> Iterator[Stage | str]:
    """Yield stages while the model is tried, and at last a sentence that says how quick it is and how much it reads.

    Nothing of the library is sent. Raises ModelError, whose sentence says what to do.
    """
    if choice.is_extractive:
        yield "It is built in and always answers."
        return
    model = yield from as_served(choice, settings)
    began, first = time.perf_counter(), 0.0
    messages: list[BaseMessage] = [HumanMessage(load_prompt("trial"))]
    for event in generated(messages, model.choice, settings, doing="waiting for its first words"):
        if isinstance(event, Stage):
            yield event
        elif isinstance(event, str) and not first:
            first = time.perf_counter() - began
    where = f" at {model.choice.host or 'this machine'}"
    reads = f" It reads {model.context_tokens:,} tokens." if model.context_tokens else ""
    yield f"{model.choice.model or model.choice.name}{where} answers: first words after {first:.1f} s.{reads}"
