"""What the page's server keeps: its resident memory after 200 questions and after 2,000, in one session and in 200."""

from collections.abc import Iterator
from pathlib import Path

from assistant.settings import Settings
from assistant.wiring import open_assistant
from tests.benchmarks.page import QUESTIONS
from tests.page_client import PageClient
from tests.served_page import Server

QUESTIONS_ASKED, SESSIONS = 2000, 200
_FIRST = 200  # questions after which everything is loaded and every cache is warm
_IN_A_CHAT = 10  # questions; then a new one is begun


def memory_figures(seeds: Path, folder: Path, *, questions: int = QUESTIONS_ASKED) -> list[tuple[str, str]]:
    """Return the figures of `questions` to the local model, over HTTP as a browser asks them."""
    with open_assistant(Settings(library=folder)) as assistant:
        assistant.library.ingest([seeds])
    return [figure for sessions in (1, SESSIONS) for figure in _figures(folder, questions, sessions)]


def _figures(folder: Path, questions: int, sessions: int) -> Iterator[tuple[str, str]]:
    first = min(_FIRST, questions // 2)
    named = "one session" if sessions == 1 else f"{sessions} sessions"
    with Server(folder, folder.with_suffix(".log")) as server, PageClient(server.url) as page:
        before = 0.0
        for asked in range(questions):
            if asked == first:
                before = _resident_mb(server.process.pid)
                yield f"{named}: MB after {first:,} questions", f"{before:,.0f}"
            if asked % max(1, questions // sessions) == 0:
                page.anew()
            elif asked % _IN_A_CHAT == 0:
                page.begin()
            page.ask(QUESTIONS[asked % len(QUESTIONS)])
        after = _resident_mb(server.process.pid)
        yield f"{named}: MB after {questions:,}", f"{after:,.0f} ({100 * (after / before - 1):+.1f} %)"


def _resident_mb(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
