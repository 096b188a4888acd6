"""A LangChain chat model that runs in this process, through llama.cpp."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage, convert_to_openai_messages
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from assistant.models.background import in_background
from assistant.models.weights import CONTEXT_TOKENS, KEPT

_CLOSING_SECONDS = 1.0


class LlamaChatModel(BaseChatModel):
    """A GGUF file as a chat model. It streams, and stops in the middle of a token when its stream is closed."""

    path: Path
    context_tokens: int = CONTEXT_TOKENS
    max_tokens: int = 1024  # of an answer; a small model that goes round in circles would fill the context
    temperature: float = 0.2
    seed: int = 1

    @property
    def _llm_type(self) -> str:
        return "llama.cpp"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"path": str(self.path), "temperature": self.temperature, "max_tokens": self.max_tokens}

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        # Not in this thread: Ctrl-C would be lost while the library is at work.
        for chunk in in_background(self._written(messages, stop)):
            if chunk is not None:
                if run_manager:
                    run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        async with contextlib.aclosing(self._written(messages, stop)) as chunks:
            async for chunk in chunks:
                if run_manager:
                    await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk

    async def _written(
        self, messages: list[BaseMessage], stop: list[str] | None
    ) -> AsyncGenerator[ChatGenerationChunk, None]:
        """Yield the text as a thread of its own writes it. Closing it ends the thread."""
        loop, arrived = asyncio.get_running_loop(), asyncio.Queue[ChatGenerationChunk | Exception | None]()
        stopped, ended = threading.Event(), asyncio.Event()

        def hand(item: ChatGenerationChunk | Exception | None) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
                loop.call_soon_threadsafe(arrived.put_nowait, item)

        def run() -> None:
            try:
                self._write(messages, stop or [], stopped, hand)
                hand(None)
            except Exception as error:  # whatever it is, it is the reader's
                hand(error)
            finally:
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(ended.set)

        threading.Thread(target=run, name="llama.cpp", daemon=True).start()
        try:
            while (item := await arrived.get()) is not None:
                if isinstance(item, Exception):
                    raise item
                yield item
        finally:
            stopped.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), _CLOSING_SECONDS)

    def _write(
        self,
        messages: list[BaseMessage],
        stop: list[str],
        stopped: threading.Event,
        hand: Callable[[ChatGenerationChunk], None],
    ) -> None:
        with KEPT.turn(stopped):
            llama = KEPT.loaded(self.path, self.context_tokens).llama
            written, reason = 0, "stop"
            try:
                for chunk in self._chunks(llama, convert_to_openai_messages(messages), stop):
                    if stopped.is_set():
                        return
                    choice = chunk["choices"][0]
                    reason = choice["finish_reason"] or reason
                    if text := choice["delta"].get("content"):
                        written += 1
                        hand(ChatGenerationChunk(message=AIMessageChunk(content=text)))
            except RuntimeError:
                llama.reset()  # the library gave up in the middle of a prompt
                if not stopped.is_set():
                    raise
                return
            read = max(llama.n_tokens - written, 1)
            usage = {"input_tokens": read, "output_tokens": written, "total_tokens": read + written}
        end = AIMessageChunk(content="", usage_metadata=usage, chunk_position="last")
        hand(ChatGenerationChunk(message=end, generation_info={"finish_reason": reason}))

    def _chunks(self, llama: Any, messages: Any, stop: list[str]) -> Iterator[Any]:
        def asked(these: Any) -> Any:
            return llama.create_chat_completion(
                these,
                stream=True,
                stop=stop,
                max_tokens=self.max_tokens,
                temperature=self.temperature,
                seed=self.seed,
            )

        try:
            return iter(asked(messages))
        except Exception:  # a template raises what it likes, for a system message above all
            return iter(asked(_without_system(messages)))


def _without_system(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the messages with the system's put before the first of the user."""
    rules = "\n\n".join(str(message["content"]) for message in messages if message["role"] == "system")
    others = [dict(message) for message in messages if message["role"] != "system"]
    if rules and others:
        others[0]["content"] = f"{rules}\n\n{others[0]['content']}"
    return others
