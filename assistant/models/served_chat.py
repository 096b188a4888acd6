"""A LangChain chat model behind OpenAI's protocol, and what comes over the wire to it."""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI

_MIB = 1024 * 1024
_LONGEST_LINE, _LONGEST_STREAM = 16 * _MIB, 32 * _MIB  # bytes
_END = re.compile(rb"\ndata: ?\[DONE\]")  # in a text, a line break would be escaped


class ServedChatModel(ChatOpenAI):
    """ChatOpenAI that reads a stream as local servers send it.

    ChatOpenAI mixes the texts of several choices, stumbles over fields of an unexpected type, and drops thoughts and
    refusals. Here the first choice counts, and `additional_kwargs` of a chunk has "reasoning_content", "refusal" and
    "asked_tool", each as text, where the server sent them. The method overridden is the one that LangChain's own
    packages for other vendors override.
    """

    def _convert_chunk_to_generation_chunk(
        self,
        chunk: dict[str, Any],
        default_chunk_class: type,
        base_generation_info: dict[str, Any] | None,
    ) -> ChatGenerationChunk | None:
        choice = _first_choice(chunk.get("choices"))
        delta = choice.get("delta") or choice.get("message")  # a message: from a server that does not stream
        delta = delta if isinstance(delta, Mapping) else {}
        readable = {
            "choices": [
                {
                    "delta": {"role": "assistant", "content": _text_of(delta.get("content"))},
                    "finish_reason": _text_of(choice.get("finish_reason")) or None,
                }
            ],
            "usage": _counted(chunk.get("usage")),
        }
        generation = super()._convert_chunk_to_generation_chunk(readable, AIMessageChunk, base_generation_info)
        if generation is not None:
            said = {
                "reasoning_content": _text_of(delta.get("reasoning_content")) or _text_of(delta.get("reasoning")),
                "refusal": _text_of(delta.get("refusal")),
                "asked_tool": "yes" if delta.get("tool_calls") or delta.get("function_call") else "",
            }
            generation.message.additional_kwargs.update({name: text for name, text in said.items() if text})
        return generation


def _first_choice(choices: object) -> Mapping[str, Any]:
    there = [choice for choice in choices if isinstance(choice, Mapping)] if isinstance(choices, list) else []
    return next((choice for choice in there if not choice.get("index")), {})


def _text_of(content: object) -> str:
    """Return the text of a field, or of the text parts of a list of parts; anything else is none."""
    if isinstance(content, list):
        texts = [part.get("text") for part in content if isinstance(part, Mapping) and part.get("type") == "text"]
        return "".join(text for text in texts if isinstance(text, str))
    return content if isinstance(content, str) else ""


def _counted(usage: object) -> dict[str, int] | None:
    """Return a server's count of tokens, or None where it is none."""
    if not isinstance(usage, Mapping):
        return None
    read, written = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if not isinstance(read, int) or not isinstance(written, int) or read <= 0 or written < 0:
        return None
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


class StreamTooLong(Exception):
    """A server sent more bytes than an answer can have."""


class Wire:
    """What comes over the wire: never more than memory holds, and whether it said that it ended."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        """Watch the responses to all requests of `client`."""
        self.client = client
        self.ended = False
        client.headers["Accept-Encoding"] = "identity"  # a few packed bytes can be gigabytes
        client.event_hooks["response"].append(self._watch)

    async def _watch(self, response: httpx2.Response) -> None:
        response.headers.pop("Content-Encoding", None)  # then they are not unpacked
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Bounded(response.stream, self)


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, wire: Wire) -> None:
        self._stream, self._wire = stream, wire

    async def __aiter__(self) -> AsyncIterator[bytes]:
        total = line = 0
        tail = b"\n"
        async for data in self._stream:
            total += len(data)
            line = len(data) - newline - 1 if (newline := data.rfind(b"\n")) >= 0 else line + len(data)
            if total > _LONGEST_STREAM or line > _LONGEST_LINE:
                raise StreamTooLong
            tail = (tail + data)[-64:]
            self._wire.ended = self._wire.ended or _END.search(tail) is not None
            yield data

    async def aclose(self) -> None:
        await self._stream.aclose()
