"""The program itself as a process of its own, and the Chromium of this machine that looks at its page."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parent.parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),  # Chromium's sandbox refuses root
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`python app.py` on a library of its own, or another `program` that serves the page, until `stop`; `values` are
    set in its environment."""

    def __init__(
        self, library: Path, log: Path, *, program: Sequence[str] = ("app.py",), port: int = 0, **values: str
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("ASSISTANT_", "OPENAI_"))}
        command = [sys.executable, *program, "--port", str(self.port), "--library", str(library)]
        with log.open("w") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**environment, **values}, stdout=output, stderr=output
            )

    def __enter__(self) -> Self:
        """Return the server once it serves."""
        try:
            self.wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait(self, *, seconds: float = 120) -> None:
        for _ in range(int(seconds * 5)):
            if self.process.poll() is not None or "Open http" in self.log.read_text():
                break
            time.sleep(0.2)
        assert self.url in self.log.read_text(), self.log.read_text()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
