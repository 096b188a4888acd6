"""An OpenAI-compatible server on loopback that writes a word at a time, for as long as the reader waits."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECONDS_A_WORD = 0.1


class _Handler(BaseHTTPRequestHandler):
    words = 600

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            for number in range(self.words):
                self._send({"content": f"word{number} "})
                time.sleep(SECONDS_A_WORD)
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:  # the reader has left
            return

    def _send(self, delta: dict[str, str]) -> None:
        chunk = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "slow",
            "choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": None}],
        }
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def slow_model() -> Iterator[str]:
    """Yield the model's name: http://127.0.0.1:PORT/v1#slow."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1#slow"
    finally:
        server.shutdown()
        server.server_close()
