"""A Chromium of this machine, and the program itself as a process of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.prompts import packaged
from assistant.records import Answer
from assistant.settings import Settings
from assistant.wiring import open_assistant
from tests.served_page import CHROMIUM, FLAGS, Server
from vectorstore.library import Library

expect.set_options(timeout=15_000)  # a busy machine is no fault of the page
QUESTION = "Why do instruction-tuned diffusion LLMs terminate early?"


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
    with Server(library, tmp_path_factory.mktemp("served") / "log") as server:
        yield server


@pytest.fixture(scope="module")
def own_server(browser: Browser, seeds_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a library of the seeds that the tests of one module may change."""
    folder = tmp_path_factory.mktemp("own")
    shutil.copytree(seeds_folder, folder / "library")
    with Server(folder / "library", folder / "log") as server:
        yield server


_EMPTY = """
import sys
from pathlib import Path
from assistant.settings import Settings
from assistant.ui.page import serve_page
from assistant.wiring import open_assistant
from tests.served_page import CHROMIUM, FLAGS, Server
_, _, port, _, library = sys.argv
serve_page(open_assistant(Settings(library=Path(library))), host="127.0.0.1", port=int(port))
"""


@pytest.fixture
def empty_page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The page on a library without papers; `app.py` would read the seeds first."""
    with Server(tmp_path / "library", tmp_path / "log", program=("-c", _EMPTY)) as server:
        page = browser.new_page()
        page.goto(server.url)
        yield page
        page.close()


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
