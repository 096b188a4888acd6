"""A server on loopback that speaks the OpenAI protocol, as well or as badly as a test tells it to, and embeds texts."""

import base64
import hashlib
import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

DONE = b"data: [DONE]\n\n"


def event(
    delta: Any, *, finish: str | None = None, index: int = 0, usage: tuple[int, int] | None = None, **other: Any
) -> bytes:
    """Return one event of a stream: a choice with `delta`, none if it is None, and `other` fields."""
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    chunk: dict[str, Any] = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    chunk["choices"] = [] if delta is None else [choice]
    if usage:
        read, written = usage
        chunk["usage"] = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    return f"data: {json.dumps({**chunk, **other})}\n\n".encode()


@dataclass(frozen=True)
class Script:
    """What the server does with a chat request, and which models it serves."""

    pieces: tuple[str, ...] = ()  # the text, as it is streamed
    usage: tuple[int, int] | None = None  # prompt and completion tokens, in the stream's last chunk
    statuses: tuple[int, ...] = ()  # of the first requests; all others have `status`
    status: int = 200
    error: Any = "scripted error"  # its message, or the whole object
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/event-stream"
    cut: bool = False  # the connection breaks before the stream's end
    silent_seconds: float = 0.0  # before the first byte
    seconds_a_piece: float = 0.0  # after each piece
    finish: str | None = "stop"
    raw: Callable[[], Iterable[bytes | float]] | None = None  # the body in place of all that; a number is a pause
    models: tuple[str | dict[str, Any], ...] = ("served-first", "served-second")
    models_silent_seconds: float = 0.0


def vector_of(text: str, *, dimensions: int = 48) -> list[float]:
    """Return what the server embeds `text` to: it depends on the text alone, and is no unit vector."""
    seed = hashlib.sha256(text.encode()).digest()
    return list((np.random.default_rng(list(seed)).normal(size=dimensions) * 3).tolist())


@dataclass(frozen=True)
class Embedding:
    """What the server does with a request for embeddings."""

    statuses: tuple[int, ...] = ()  # of the first requests; all others succeed
    status: int = 200  # of all others
    dimensions: tuple[int, ...] = (48,)  # of the first, second, ... request; the last one's stay
    floats: bool = False  # even if base64 is asked for
    change: Callable[[list[dict[str, Any]]], Any] = list  # of the list of vectors, before it is sent
    body: bytes | None = None  # sent instead of JSON
    silent_seconds: float = 0.0
    held_from: int | None = None  # requests from this number on wait until `go_on` is set
    go_on: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Received:
    path: str
    authorization: str | None
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def prompt(self) -> str:
        return "\n".join(message["content"] for message in self.body["messages"])


@dataclass
class OpenAIServer:
    script: Script
    base_url: str
    embedding: Embedding = field(default_factory=Embedding)
    received: list[Received] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)  # a reader went away before the end

    @property
    def chats(self) -> list[Received]:
        return [request for request in self.received if request.path.endswith("/chat/completions")]

    @property
    def embedded(self) -> list[list[str]]:
        """The texts of each request for embeddings."""
        return [request.body["input"] for request in self.received if request.path.endswith("/embeddings")]


class _Left(OSError):
    """The reader has gone."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: OpenAIServer

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True
            self.state.left.set()

    def do_GET(self) -> None:
        self._note({})
        self._pause(self.state.script.models_silent_seconds)
        models = [
            {"id": model, "object": "model", "created": 0, "owned_by": "test"} if isinstance(model, str) else model
            for model in self.state.script.models
        ]
        self._answer(200, {"object": "list", "data": models})

    def do_POST(self) -> None:
        self._note(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        if self.path.endswith("/embeddings"):
            self._embed(self.state.received[-1].body)
            return
        script, count = self.state.script, len(self.state.chats)
        self._pause(script.silent_seconds)
        status = script.statuses[count - 1] if count <= len(script.statuses) else script.status
        if status != 200:
            error = script.error
            if isinstance(error, str):
                error = {"message": error, "type": "scripted", "code": None}
            self._send(status, json.dumps({"error": error}).encode(), headers=script.headers)
        elif not self.state.received[-1].body.get("stream"):
            message = {"role": "assistant", "content": "".join(script.pieces)}
            choice = {"index": 0, "message": message, "finish_reason": script.finish}
            self._answer(200, {"id": "1", "object": "chat.completion", "model": "m", "choices": [choice]})
        else:
            self._stream(script)

    def _stream(self, script: Script) -> None:
        self.send_response(200)
        self.send_header("Content-Type", script.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        for name, value in script.headers.items():
            self.send_header(name, value)
        self.end_headers()
        for part in script.raw() if script.raw else _events(script):
            if isinstance(part, bytes):
                self._chunk(part)
            else:
                self._pause(part)
        if script.cut:
            self.close_connection = True
            return
        self._chunk(b"")

    def _pause(self, seconds: float) -> None:
        """Wait; raise _Left as soon as the reader goes away."""
        readable, _, _ = select.select([self.connection], [], [], seconds) if seconds else ([], [], [])
        if readable and not self.connection.recv(1, socket.MSG_PEEK):
            raise _Left

    def _embed(self, body: dict[str, Any]) -> None:
        embedding, count = self.state.embedding, len(self.state.embedded)
        time.sleep(embedding.silent_seconds)
        if embedding.held_from is not None and count >= embedding.held_from:
            embedding.go_on.wait(60)
        status = embedding.statuses[count - 1] if count <= len(embedding.statuses) else embedding.status
        if status != 200:
            self._answer(status, {"error": {"message": f"scripted; {self.headers['Authorization']}", "type": "x"}})
            return
        if embedding.body is not None:
            self._send(200, embedding.body)
            return
        dimensions = embedding.dimensions[min(count, len(embedding.dimensions)) - 1]
        encoded = body.get("encoding_format") == "base64" and not embedding.floats
        data = []
        for index, text in enumerate(body["input"]):
            vector: Any = vector_of(text, dimensions=dimensions)
            if encoded:
                vector = base64.b64encode(np.array(vector, "<f4").tobytes()).decode()
            data.append({"object": "embedding", "index": index, "embedding": vector})
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        self._answer(200, {"object": "list", "model": "m", "usage": usage, "data": embedding.change(data)})

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        self._send(status, json.dumps(body).encode())

    def _send(self, status: int, data: bytes, *, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _note(self, body: dict[str, Any]) -> None:
        self.state.received.append(Received(self.path, self.headers["Authorization"], body, dict(self.headers)))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _events(script: Script) -> Iterator[bytes | float]:
    for piece in script.pieces:
        yield event({"role": "assistant", "content": piece})
        yield script.seconds_a_piece
    if not script.cut:
        yield event({}, finish=script.finish)
        if script.usage:
            yield event(None, usage=script.usage)
        yield DONE


@contextmanager
def openai_server(
    script: Script | None = None, embedding: Embedding | None = None, *, port: int = 0
) -> Iterator[OpenAIServer]:
    """Yield a server that answers by `script` and `embedding`, with what it has received so far."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    base_url = f"http://127.0.0.1:{server.server_port}/v1"
    handler.state = state = OpenAIServer(script or Script(), base_url, embedding or Embedding())
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
