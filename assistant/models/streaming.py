"""What a server sends of a model's answer -> its text, with patience, one second try, and a reason where it ends."""

import asyncio
import contextlib
import warnings
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field

import openai
from langchain_core.messages import AIMessageChunk, BaseMessage
from langsmith import tracing_context

from assistant.models.providers import ModelChoice, chat_model, model_error, problem_of
from assistant.models.reply_filter import ReplyFilter
from assistant.models.served_chat import StreamTooLong, Wire
from assistant.models.stream_events import Finished, Restart, tokens_of
from assistant.records import Stage, Usage
from assistant.settings import Settings
from vectorstore.errors import AssistantError, ModelError
from vectorstore.servers import straight_async_client, was_reached
from vectorstore.text.tokens import count_tokens

_LONGEST_WAIT = 20.0  # seconds that a server may ask to wait before the second try
_WAIT = 0.5  # seconds, where it asks for nothing
_AFTER_THE_END = 2.0  # seconds to wait for the count of tokens
_LONGEST_THOUGHT = 200_000  # characters
_MOST_CHUNKS = 60_000  # LangChain keeps them all to the end

Event = Stage | str | Restart | Finished


class _Passing(Exception):
    """A problem that a second try may not meet."""

    def __init__(self, problem: AssistantError, wait: float = _WAIT) -> None:
        self.problem, self.wait = problem, wait


async def spoken(
    messages: list[BaseMessage], choice: ModelChoice, settings: Settings, *, longest: int, unwrapped: bool = True
) -> AsyncGenerator[Event, None]:
    """Yield the text of a language model as it comes, at most `longest` characters, and how it ended.

    A request that fails before any text is tried once more. Raises ModelError if there is no text.
    """
    # A field of another type than the protocol's would be shown on standard error, with what the server wrote in it.
    warnings.filterwarnings("ignore", message="Pydantic serializer warnings", category=UserWarning)
    try:
        async for event in _attempt(messages, choice, settings, longest=longest, unwrapped=unwrapped):
            yield event
        return
    except _Passing as failure:
        if failure.wait > _LONGEST_WAIT:
            raise failure.problem from None
        wait = failure.wait
    yield Stage(f"waiting {wait:.0f} s to ask once more" if wait >= 1 else "asking once more")
    await asyncio.sleep(wait)
    try:
        async for event in _attempt(messages, choice, settings, longest=longest, unwrapped=unwrapped):
            yield event
    except _Passing as failure:
        raise failure.problem from None


async def _attempt(
    messages: list[BaseMessage], choice: ModelChoice, settings: Settings, *, longest: int, unwrapped: bool
) -> AsyncGenerator[Event, None]:
    heard = _Heard(longest, ReplyFilter(unwrapped=unwrapped))
    first, idle = settings.first_token_timeout_seconds, settings.idle_timeout_seconds
    if choice.is_in_process:  # nothing to give up: it may read for minutes, and can be stopped meanwhile
        first = idle = float("inf")
    why = ""
    async with straight_async_client(choice) as client:
        wire = Wire(client)
        model = chat_model(choice, settings, client=client)
        try:
            async with contextlib.aclosing(_progress(model.astream(messages), heard)) as steps:
                async for event in _in_time(steps, heard, first=first, idle=idle):
                    yield event
        except StreamTooLong:
            why = "sent more than an answer can have"
        except Exception as error:  # LangChain hands on whatever the vendor's client raises
            ended = heard.finish or wire.ended
            if not ended and not heard.shown:
                raise _failure(error, choice) from None
            why = "" if ended else _why(error, settings)
    restarts = heard.reply.restarts
    tail = heard.rest()
    if heard.reply.restarts > restarts:
        yield Restart()
    if tail:
        yield tail
    if not heard.shown:
        raise _no_text(heard, choice, why)
    why = why or heard.cut or ("" if heard.finish or wire.ended else "broke off in the middle of its answer")
    broken_off = f"{choice.shown} {why}; ask again for the whole answer." if why else ""
    yield Finished(heard.usage or _estimated(messages, heard), broken_off)


@dataclass
class _Heard:
    """What has come of an answer so far."""

    longest: int
    reply: ReplyFilter
    shown: int = 0  # characters
    waiting: str = ""  # text that is only white space so far
    written: list[str] = field(default_factory=list)  # thoughts included
    length: int = 0  # of what is written
    chunks: int = 0
    finish: str = ""
    refused: bool = False
    asked_tool: bool = False
    usage: Usage | None = None
    full: bool = False

    @property
    def cut(self) -> str:
        """Why the text is not whole, as far as the model says it, or because it is too long."""
        if self.full:
            return f"wrote more than {self.longest:,} characters, and the rest is left out"
        return {
            "length": "reached the most tokens that it writes",
            "content_filter": "was stopped by its content filter",
        }.get(self.finish, "")

    def hear(self, chunk: AIMessageChunk) -> bool:
        """Note a chunk; tell whether it brings the answer on."""
        extra, had_ended = chunk.additional_kwargs, bool(self.finish)
        thought, text = extra.get("reasoning_content", ""), chunk.text[:_LONGEST_THOUGHT]
        self.chunks += bool(chunk.response_metadata)  # LangChain adds a last one of its own, without any
        told = chunk.response_metadata
        self.finish = self.finish or str(told.get("finish_reason") or told.get("stop_reason") or "").lower()
        self.refused = self.refused or bool(extra.get("refusal"))
        self.asked_tool = self.asked_tool or bool(extra.get("asked_tool"))
        if counted := chunk.usage_metadata:
            self.usage = Usage(counted["input_tokens"], counted["output_tokens"])
        self.waiting += text
        self.written.append((thought + text)[: self.longest])
        self.length += len(thought) + len(text)
        self.full = self.full or self.length > _LONGEST_THOUGHT or self.chunks > _MOST_CHUNKS
        return bool(thought.strip() or text.strip()) or (bool(self.finish) and not had_ended)

    def text(self) -> str:
        """Return what can be shown of the text that has come since the last call."""
        waiting, self.waiting = self.waiting, ""
        return self._shown(self.reply.feed(waiting))

    def rest(self) -> str:
        text = self.text()
        restarts = self.reply.restarts
        tail = self.reply.flush()
        if self.reply.restarts > restarts:
            text, self.shown = "", 0
        return (text + self._shown(tail)).rstrip()

    def _shown(self, text: str) -> str:
        self.full = self.full or self.shown + len(text) > self.longest
        text = text[: max(self.longest - self.shown, 0)]
        self.shown += len(text) if self.shown else len(text.lstrip())
        return text


async def _progress(chunks: AsyncIterator[AIMessageChunk], heard: _Heard) -> AsyncGenerator[Event, None]:
    """Yield what brings the answer on; what keeps a connection alive and nothing else is no progress."""
    async with contextlib.aclosing(chunks):  # type: ignore[type-var]  # LangChain types its generator as an iterator
        async for chunk in chunks:
            if heard.hear(chunk):
                restarts = heard.reply.restarts
                text = heard.text()
                if heard.reply.restarts > restarts:
                    heard.shown = len(text.strip())
                    yield Restart()
                yield text or Stage("writing" if heard.shown else "thinking")
            if heard.full:
                return


async def _in_time(
    steps: AsyncGenerator[Event, None], heard: _Heard, *, first: float, idle: float
) -> AsyncIterator[Event]:
    """Yield the steps; raise TimeoutError if the next one takes more seconds than `first`, or `idle` after it."""
    patience = first
    doing = ""
    while True:
        with tracing_context(enabled=False):  # LangSmith would send the prompt away
            async with asyncio.timeout(patience if patience < float("inf") else None):
                event = await anext(steps, None)
        if event is None:
            return
        patience = min(idle, _AFTER_THE_END if heard.finish else float("inf"))
        if isinstance(event, str) and doing != "writing":
            doing = "writing"
            yield Stage(doing)
        if not isinstance(event, Stage) or event.doing != doing:
            doing = event.doing if isinstance(event, Stage) else doing
            yield event


def _failure(error: Exception, choice: ModelChoice) -> Exception:
    """Return the error of a request that brought no text, as one to be tried again if that may help."""
    problem = error if isinstance(error, AssistantError) else model_error(error, choice)
    if isinstance(error, AssistantError | TimeoutError) or type(problem) is not ModelError:
        return problem
    if isinstance(error, openai.APIConnectionError) and not was_reached(error):
        return problem
    if isinstance(error, openai.APIStatusError):
        if error.status_code in (408, 409, 429) or error.status_code >= 500:
            return _Passing(problem, _asked_wait(error))
        return problem
    return _Passing(problem)


def _asked_wait(error: openai.APIStatusError) -> float:
    """Return the seconds that a server asks to wait; a date is more than a reader would."""
    asked = error.response.headers.get("retry-after")
    if asked is None:
        return 1.0 if error.status_code == 429 else _WAIT
    try:
        seconds = float(asked)
    except ValueError:
        return float("inf")
    return seconds if seconds >= 0 else float("inf")


def _why(error: Exception, settings: Settings) -> str:
    if isinstance(error, TimeoutError):
        return f"sent nothing more for {settings.idle_timeout_seconds:g} s in the middle of its answer"
    if isinstance(error, openai.APIError) and not isinstance(error, openai.APIConnectionError):
        return "failed in the middle of its answer"
    return "broke off in the middle of its answer"


def _no_text(heard: _Heard, choice: ModelChoice, why: str) -> Exception:
    """Return the error of an answer without text, as one to be tried again if that may help."""
    if why:
        return problem_of(choice, f"{why}; choose another model")
    if heard.refused:
        return problem_of(choice, "declined to answer; put the question in other words or choose another model")
    if heard.finish == "content_filter":
        said = "withheld its answer by a content filter; put the question in other words or choose another model"
        return problem_of(choice, said)
    if heard.asked_tool:
        return problem_of(choice, "called a tool instead of answering; choose another model")
    if "".join(heard.written).strip():
        return problem_of(choice, "only thought and wrote no answer; ask again or let it write more tokens")
    if heard.finish:
        return problem_of(choice, "wrote an empty answer; ask again or choose another model")
    if heard.chunks:
        return _Passing(problem_of(choice, "sent an answer without text; ask again or choose another model"))
    return _Passing(model_error(ValueError(), choice))


def _estimated(messages: list[BaseMessage], heard: _Heard) -> Usage:
    return Usage(tokens_of(messages), count_tokens("".join(heard.written)), estimated=True)
