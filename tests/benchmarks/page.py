"""What the page costs in a real browser: how soon it can be used, how soon an answer begins, what a token sends."""

import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from assistant.conversations.history import History
from assistant.settings import Settings
from assistant.ui.transcript import MOST_DRAWN
from assistant.wiring import open_assistant
from tests.benchmarks.scale import library_of_60k
from tests.openai_server import Script, openai_server
from tests.served_page import CHROMIUM, FLAGS, Server

Figures = list[tuple[str, str]]
QUESTIONS = (
    "What is Rainbow Padding?",
    "Why do instruction-tuned diffusion LLMs terminate early?",
    "Which papers are about quantization?",
    "Papers by Bumjun Kim",
    "What is hyperfitting?",
)
QUESTIONS_60K = (
    "How do graph neural networks generalise?",
    "What is federated learning?",
    "Which papers are about dark matter halos?",
    "What limits the coherence of superconducting qubits?",
    "Papers from 2024 on protein folding",
)
TURNS = (1, 50, 200)
_PIECES = 1500
_STREAM = Script(pieces=tuple(f"word{number} " for number in range(_PIECES)), seconds_a_piece=0.02)
_WORDS = "document.getElementById('live').textContent.match(/word\\d+/g).length"
# The time from the key that sends to the first words of the answer, taken inside the page.
_FIRST_WORDS = """() => new Promise((told) => {
    const began = performance.now();
    const look = () => {
        const words = document.querySelector("#live .answer, #transcript .turns > .exchange:last-child .answer");
        if (!words || !words.textContent.trim() || words.closest("[data-known]")) return;
        watch.disconnect();
        told(performance.now() - began);
    };
    const watch = new MutationObserver(look);
    watch.observe(document.getElementById("scroll"), { childList: true, subtree: true, characterData: true });
    document.querySelectorAll(".exchange").forEach((exchange) => { exchange.dataset.known = "1"; });
    document.getElementById("send").click();
})"""


def page_figures(seeds: Path, bench: Path, folder: Path) -> Figures:
    """Return the figures on the seeds and, where the collection is there, on 60,000 papers."""
    if CHROMIUM is None:
        return [("skipped", "no Chromium on this machine")]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        figures = [*_on_seeds(browser, seeds, folder / "seeds")]
        if (bench / "scale").is_dir():
            with library_of_60k(bench, folder / "scale"):
                pass
            with Server(folder / "scale", folder / "scale.log") as server:
                figures += _speeds(browser, server, QUESTIONS_60K, "60,000 papers")
                figures += _table(browser, server)
        browser.close()
    return figures


def _on_seeds(browser: Browser, seeds: Path, folder: Path) -> Iterator[tuple[str, str]]:
    with open_assistant(Settings(library=folder)) as assistant:
        assistant.library.ingest([seeds])
        history = History(assistant.library.catalogue.engine)
        answer = assistant.ask(QUESTIONS[0])
        chats = {}
        for turns in TURNS:
            chats[turns] = history.begin()
            for _ in range(turns):
                exchange = history.ask(chats[turns], answer.question, answer.model)
                history.keep(exchange, text=answer.text, answer=answer, problem="", stopped=False)
    with Server(folder, folder.with_suffix(".log")) as server:
        yield from _speeds(browser, server, QUESTIONS, "seeds")
        with openai_server(_STREAM) as model:
            for turns, called in chats.items():
                yield from _bytes_a_token(browser, server, called, turns, f"{model.base_url}#m")


def _opened(browser: Browser, server: Server, place: str = "") -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{server.url}/{place}")
    page.get_by_role("textbox", name="Your question").wait_for()
    page.wait_for_function("document.getElementById('panes').dataset.view")
    return page


def _speeds(browser: Browser, server: Server, questions: Sequence[str], name: str) -> Figures:
    opened = []
    for _ in range(5):
        began = time.perf_counter()
        page = _opened(browser, server)
        page.get_by_role("button", name="Send").wait_for()
        page.get_by_role("heading", name="Library ·").wait_for()
        opened.append(time.perf_counter() - began)
        page.context.close()
    page = _opened(browser, server)
    waits = []
    for question in (*questions, *questions):
        page.get_by_role("textbox", name="Your question").fill(question)
        page.wait_for_timeout(300)
        waits.append(page.evaluate(_FIRST_WORDS))
        page.get_by_role("button", name="Send").wait_for()
        page.wait_for_timeout(300)
    page.context.close()
    return [
        (f"{name}: page usable after, s, median of 5 (most)", f"{statistics.median(opened):.2f} ({max(opened):.2f})"),
        (
            f"{name}: first words of a local answer, ms, median of {len(waits)} (most)",
            f"{statistics.median(waits):.0f} ({max(waits):.0f})",
        ),
    ]


def _bytes_a_token(browser: Browser, server: Server, called: str, turns: int, model: str) -> Figures:
    page = _opened(browser, server, f"#ask/{called}")
    page.locator("#transcript .exchange").nth(min(turns, MOST_DRAWN) - 1).wait_for()
    page.get_by_role("button", name="nothing leaves this machine").click()
    page.get_by_role("radio", name="Another model").check()
    page.get_by_role("textbox", name="Name or address").fill(model)
    page.wait_for_timeout(800)
    page.get_by_role("textbox", name="Your question").fill("Why do instruction-tuned diffusion LLMs terminate early?")
    received: list[int] = []
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.dataReceived", lambda event: received.append(event["dataLength"]))
    page.get_by_role("button", name="Send").click()
    page.wait_for_function("document.getElementById('live').textContent.includes('word5 ')")
    lag = page.evaluate(_TYPING_LAG)
    began, first = len(received), page.evaluate(_WORDS)
    page.wait_for_timeout(2000)
    streamed, last = sum(received[began:]), page.evaluate(_WORDS)
    page.context.close()
    return [
        (f"{turns} turns: bytes a token while streaming", f"{streamed / (last - first):,.0f}"),
        (f"{turns} turns: a key typed meanwhile is shown after, ms (most of 20)", f"{lag:.0f}"),
    ]


_TYPING_LAG = """async () => {
    const box = document.querySelector("#question textarea");
    let most = 0;
    for (let key = 0; key < 20; key++) {
        const began = performance.now();
        box.value += "a";
        box.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));
        most = Math.max(most, performance.now() - began);
        await new Promise((rest) => setTimeout(rest, 50));
    }
    return most;
}"""


def _table(browser: Browser, server: Server) -> Figures:
    page = _opened(browser, server, "#library")
    page.locator("#papers table").wait_for(timeout=60_000)
    waits = []
    for words in ("dark", "dark mat", "protein", "zhang", "graph neural"):
        said = page.locator("#papers .turning span").inner_text()
        began = time.perf_counter()
        page.locator("#search-papers textarea, #search-papers input").fill(words)
        page.wait_for_function(
            "said => document.querySelector('#papers .turning span')?.textContent !== said", arg=said
        )
        waits.append(1000 * (time.perf_counter() - began))
    page.context.close()
    return [
        ("60,000 papers: the table follows what is typed after, ms, median of 5", f"{statistics.median(waits):.0f}")
    ]
