"""A Chromium of this machine, and the program itself as a process of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.prompts import packaged
from assistant.records import Answer
from assistant.settings import Settings
from assistant.wiring import open_assistant
from vectorstore.library import Library

QUESTION = "Why do instruction-tuned diffusion LLMs terminate early?"
ROOT = Path(__file__).parent.parent.parent
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
    """`python app.py` on a library of its own, or another `program` that serves the page, until `stop`."""

    def __init__(self, library: Path, log: Path, *, program: Sequence[str] = ("app.py",)) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("ASSISTANT_", "OPENAI_"))}
        command = [sys.executable, *program, "--port", str(self.port), "--library", str(library)]
        with log.open("w") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)

    def wait(self, *, seconds: float = 120) -> None:
        for _ in range(int(seconds * 5)):
            if self.process.poll() is not None or "Open http" in self.log.read_text():
                break
            time.sleep(0.2)
        assert self.url in self.log.read_text(), self.log.read_text()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the seeds, in no other program's hands."""
    folder = tmp_path_factory.mktemp("library")
    with Library(folder) as library:
        library.ingest([packaged("seeds")])
    return folder


@pytest.fixture(scope="session")
def answer(library: Path) -> Answer:
    """What Python answers to `QUESTION`, for comparison with what the page shows."""
    assistant = open_assistant(Settings(library=library))
    try:
        return assistant.ask(QUESTION)
    finally:
        assistant.library.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine; get one with: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(
    browser: Browser, library: Path, answer: Answer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    server = Server(library, tmp_path_factory.mktemp("served") / "log")
    try:
        server.wait()
        yield server
    finally:
        server.stop()


_EMPTY = """
import sys
from pathlib import Path
from assistant.settings import Settings
from assistant.ui.page import serve_page
from assistant.wiring import open_assistant
_, _, port, _, library = sys.argv
serve_page(open_assistant(Settings(library=Path(library))), host="127.0.0.1", port=int(port))
"""


@pytest.fixture
def empty_page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The page on a library without papers; `app.py` would read the seeds first."""
    server = Server(tmp_path / "library", tmp_path / "log", program=("-c", _EMPTY))
    try:
        server.wait()
        page = browser.new_page()
        page.goto(server.url)
        yield page
        page.close()
    finally:
        server.stop()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """The open page of a new visitor. Whatever a test does, no other host is called and no foreign script runs."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    called: list[str] = []
    context.on("request", lambda request: called.append(request.url))
    page = context.new_page()
    page.goto(server.url)
    page.get_by_role("textbox", name="Your question").wait_for()
    page.get_by_role("heading", name="Library ·").wait_for()
    yield page
    hacked = page.evaluate("window.hacked")
    context.close()
    assert hacked is None
    assert [url for url in called if not url.startswith((server.url, "data:", "blob:"))] == []
