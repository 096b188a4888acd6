"""What is asked goes where the user was told, and nowhere else."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage

from assistant.models.providers import chat_model, model_choice
from assistant.settings import Settings
from tests.openai_server import Script, openai_server


@contextmanager
def silent_server(*, status: int, location: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a server that answers every request with `status`, and the requests that it got."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            requests.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", requests
    finally:
        server.shutdown()
        server.server_close()


def said_by(model: str) -> str:
    choice = model_choice(model, Settings())
    return "".join(chunk.text for chunk in chat_model(choice, Settings()).stream([HumanMessage("a secret question")]))


def test_a_question_to_this_machine_takes_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with silent_server(status=502) as (proxy, proxied), openai_server(Script(pieces=("Hello.",))) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy)
        monkeypatch.setenv("http_proxy", proxy)

        assert said_by(f"{server.base_url}#m") == "Hello."
        assert proxied == []


def test_a_server_cannot_send_a_question_on() -> None:
    with openai_server(Script(pieces=("Hello.",))) as elsewhere:
        with (
            silent_server(status=307, location=f"{elsewhere.base_url}/chat/completions") as (address, requests),
            pytest.raises(Exception, match=r"307|[Rr]edirect"),
        ):
            said_by(f"{address}/v1#m")

        assert requests
        assert elsewhere.received == []


def test_embedding_leaves_no_trace_of_telemetry(tmp_path: Path) -> None:
    program = (
        "import os; from vectorstore.embedders.minilm import MiniLM; MiniLM().embed_query('x');"
        "print(os.environ['ORT_DISABLE_TELEMETRY'])"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ORT_")}

    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**environment, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "1"
    assert list(tmp_path.rglob("*")) == []  # ONNX Runtime would keep an id of the device there
