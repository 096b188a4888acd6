"""A server on loopback that speaks the OpenAI chat-completions protocol, and says what a test tells it to say."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Script:
    """What the server does with a chat request, and which models it serves."""

    pieces: tuple[str, ...] = ()  # the text, as it is streamed
    usage: tuple[int, int] | None = None  # prompt and completion tokens, in the stream's last chunk
    status: int = 200
    error: str = "scripted error"
    cut: bool = False  # the connection breaks before the stream's end
    silent_seconds: float = 0.0  # before the first byte
    models: tuple[str, ...] = ("served-first", "served-second")


@dataclass(frozen=True)
class Received:
    path: str
    authorization: str | None
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        return "\n".join(message["content"] for message in self.body["messages"])


@dataclass
class OpenAIServer:
    script: Script
    base_url: str
    received: list[Received] = field(default_factory=list)

    @property
    def chats(self) -> list[Received]:
        return [request for request in self.received if request.path.endswith("/chat/completions")]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: OpenAIServer

    def do_GET(self) -> None:
        self._note({})
        models = [
            {"id": name, "object": "model", "created": 0, "owned_by": "test"} for name in self.state.script.models
        ]
        self._answer(200, {"object": "list", "data": models})

    def do_POST(self) -> None:
        self._note(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        script = self.state.script
        time.sleep(script.silent_seconds)
        if script.status != 200:
            self._answer(script.status, {"error": {"message": script.error, "type": "scripted", "code": None}})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in script.pieces:
            self._event({"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None})
        if script.cut:
            self.close_connection = True
            return
        self._event({"index": 0, "delta": {}, "finish_reason": "stop"})
        if script.usage:
            self._event(None, usage=script.usage)
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _event(self, choice: dict[str, Any] | None, *, usage: tuple[int, int] | None = None) -> None:
        event: dict[str, Any] = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
        event["choices"] = [choice] if choice else []
        if usage:
            read, written = usage
            event["usage"] = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
        self._chunk(f"data: {json.dumps(event)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _note(self, body: dict[str, Any]) -> None:
        self.state.received.append(Received(self.path, self.headers["Authorization"], body))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def openai_server(script: Script) -> Iterator[OpenAIServer]:
    """Yield a server that answers by `script`, with what it has received so far."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    handler.state = state = OpenAIServer(script, f"http://127.0.0.1:{server.server_port}/v1")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
