"""Stands in for Anthropic's package for LangChain: a chat model that wants a key, and says what it was asked with."""

import os
from collections.abc import Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import model_validator


class ChatAnthropic(BaseChatModel):
    """Answers each prompt with one sentence that cites its first passage, in two pieces."""

    model: str

    @model_validator(mode="after")
    def _has_a_key(self) -> "ChatAnthropic":
        if not os.environ.get("ANTHROPIC_API_KEY"):
            raise ValueError("Did not find anthropic_api_key")
        return self

    @property
    def _llm_type(self) -> str:
        return "stand-in"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage("It pads with a cycle [1]."))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        yield ChatGenerationChunk(message=AIMessageChunk("It pads with "))
        ended = {"stop_reason": "end_turn"}
        yield ChatGenerationChunk(message=AIMessageChunk("a cycle [1].", response_metadata=ended))
