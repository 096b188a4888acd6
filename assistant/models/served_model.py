"""What a server, or a model's file, tells of a model: the name to ask for, and how much it reads."""

import asyncio
import re
import threading
from collections.abc import AsyncGenerator, Generator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistant.models.background import in_background
from assistant.models.providers import ModelChoice, key_of, model_error, problem_of
from assistant.models.weights import CONTEXT_TOKENS, context_of, weights_of
from assistant.records import Stage
from assistant.settings import Settings
from vectorstore.servers import OPENAI_URL, straight_async_client

_SECONDS = 10.0  # for a list of models that is needed
_SECONDS_FOR_MORE = 3.0  # for one that only tells the context's length
# vLLM; LM Studio at /api/v0; OpenRouter and others; Groq; llama.cpp, under "meta".
_CONTEXT_FIELDS = ("max_model_len", "loaded_context_length", "context_length", "context_window", "n_ctx")
_LEAST_CONTEXT = 512  # tokens; less is no context's length
# Ollama tells nothing here, and cuts the front of a longer prompt off without a word unless it was set up otherwise.
_OLLAMA_CONTEXT = 4096
_VENDORS_CONTEXT = 128_000  # of the models that vendors serve today at least; their servers do not tell
_SHORT_CONTEXT = 8192  # tokens
_SMALL = re.compile(r"(?<![a-z\d.])(?:(?:[0-3](?:\.\d+)?|4)b|\d{2,3}m)(?![a-z\d])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model as it is asked: with the name that its server knows, and the tokens that it reads, if known."""

    choice: ModelChoice
    context_tokens: int | None = None

    @property
    def is_small(self) -> bool:
        """Tell whether it follows a short prompt better: it reads little, or has up to 4 billion parameters."""
        short = self.context_tokens is not None and self.context_tokens <= _SHORT_CONTEXT
        return short or bool(_SMALL.search(self.choice.model or ""))


def as_served(choice: ModelChoice, settings: Settings) -> Generator[Stage, None, ServedModel]:
    """Yield a stage while the server is asked; return the model.

    Raises ModelError if the choice names no model and the server cannot say which ones it has, or if a model's file
    cannot be loaded.
    """
    if choice.is_extractive:
        return ServedModel(choice)
    if choice.is_in_process:
        return (yield from _loaded(choice, settings))
    if choice.vendor:
        return ServedModel(choice, settings.context_tokens or _VENDORS_CONTEXT)
    needed = choice.model is None
    told = settings.context_tokens or (_OLLAMA_CONTEXT if choice.name.lower().startswith("ollama:") else None)
    if not needed and (told or choice.base_url == OPENAI_URL):
        return ServedModel(choice, told or _VENDORS_CONTEXT)
    models: list[Mapping[str, Any]] = []
    try:
        for listed in in_background(_listed(choice, seconds=_SECONDS if needed else _SECONDS_FOR_MORE)):
            if listed is None:
                yield Stage("reaching the model")
            else:
                models = listed
    except Exception as error:  # the client raises its own kinds, and others for a page that is no JSON
        if needed:
            raise model_error(error, choice) from None
    if needed and not models:
        raise problem_of(choice, "serves no model; load one there")
    model = _named(choice.model, models)
    name = choice.model or str(model["id"])
    return ServedModel(replace(choice, model=name), settings.context_tokens or _context_of(model))


def _loaded(choice: ModelChoice, settings: Settings) -> Generator[Stage, None, ServedModel]:
    """Load the model of a file, if it is not the one that is loaded."""
    path, stopped = weights_of(choice.weights), threading.Event()

    async def load() -> AsyncGenerator[int, None]:
        try:
            yield await asyncio.to_thread(context_of, path, settings.context_tokens or CONTEXT_TOKENS, stopped)
        finally:
            stopped.set()

    reads: int | None = None
    for told in in_background(load()):
        if told is None:
            yield Stage("loading the model")
        else:
            reads = told
    return ServedModel(choice, reads)


async def _listed(choice: ModelChoice, *, seconds: float) -> AsyncGenerator[list[Mapping[str, Any]], None]:
    from openai import AsyncOpenAI

    from assistant.models.served_chat import Wire

    async with straight_async_client(choice) as client:
        Wire(client)
        openai = AsyncOpenAI(
            base_url=choice.base_url,
            api_key=key_of(choice).get_secret_value(),
            http_client=client,
            max_retries=0,
        )
        async with asyncio.timeout(seconds):  # for the whole of it, however slowly it drips
            listed = await openai.models.list()
        yield [model.model_dump(warnings=False) for model in listed.data if isinstance(model.id, str)]


def _named(name: str | None, models: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return what is told of a model; of the only one there is under any name, as llama.cpp answers to all."""
    if name is None or len(models) == 1:
        return models[0] if models else {}
    return next((model for model in models if model["id"] == name), {})


def _context_of(model: Mapping[str, Any]) -> int | None:
    meta = model.get("meta")
    told = {**(meta if isinstance(meta, Mapping) else {}), **model}
    values = [told.get(name) for name in _CONTEXT_FIELDS]
    return next((value for value in values if isinstance(value, int) and value >= _LEAST_CONTEXT), None)
