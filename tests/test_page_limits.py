"""What the page's server keeps of those who ask, and how many it lets wait; over real HTTP."""

import asyncio
import json
import shutil
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gradio as gr
import httpx2
import pytest
import uvicorn
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.conversations.history import History
from assistant.conversations.limits import Limits
from assistant.settings import Settings
from assistant.ui.chats import Chats
from assistant.ui.library_panel import Readings
from assistant.ui.page import web_app
from assistant.ui.running import Running, Task
from assistant.ui.server import RequestLimit, listening_socket, page_url
from assistant.ui.transcript import Exchange
from assistant.wiring import open_assistant
from tests.page_client import PageClient
from vectorstore.errors import AssistantError

QUESTIONS = ("What is Rainbow Padding?", "What is hyperfitting?", "Papers by Bumjun Kim", "papers per year")


class Served:
    """The page in a thread of this process: its address, and what Gradio keeps of its sessions."""

    def __init__(self, library: Path) -> None:
        self.assistant = open_assistant(Settings(library=library))
        app = web_app(
            Chats(self.assistant, History(self.assistant.library.catalogue.engine)),
            Readings(self.assistant.library),
            hosts=["127.0.0.1"],
        )
        listening = listening_socket("127.0.0.1", 0)
        self.url = page_url(listening)
        (gradio,) = (route.app for route in app.routes if isinstance(getattr(route, "app", None), App))
        self.sessions: StateHolder = gradio.state_holder
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]})
        self._thread.start()
        while not self._server.started:
            time.sleep(0.05)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self.assistant.library.close()


@pytest.fixture(scope="module")
def served(seeds_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served") / "library"
    shutil.copytree(seeds_folder, folder)
    page = Served(folder)
    yield page
    page.close()


def texts_kept(session: SessionState) -> list[str]:
    """Return the values that a session keeps and that are longer than a question or a number."""
    values = [(config.get("props") or {}).get("value") for config in session.config_values.values()]
    return [value for value in values if isinstance(value, str) and len(value) > 200]


def test_a_session_keeps_no_answer_but_the_last(served: Served) -> None:
    with PageClient(served.url) as page:
        kept = []
        for question in QUESTIONS:
            assert question in json.dumps(page.ask(question))
            kept.append(texts_kept(served.sessions.session_data[page.session]))
    assert page.conversation
    assert len({len(texts) for texts in kept}) == 1
    assert sum("exchange" in text for text in kept[-1]) <= 1


def test_only_the_latest_sessions_are_kept(served: Served) -> None:
    with PageClient(served.url) as page:
        for _ in range(70):
            page.anew()
            page.join("stop", "click", [""]).raise_for_status()
            page.messages()
        assert len(served.sessions.session_data) == 64
        assert page.session in served.sessions.session_data
        assert page.ask(QUESTIONS[0])


@pytest.mark.parametrize(
    "value", [None, {"a": 1}, "Z" + "\u0301" * 200, "]]><!--\x1b[31m"], ids=["none", "object", "accents", "marks"]
)
def test_an_event_with_any_value_gets_an_answer_and_no_traceback(
    served: Served, value: object, capfd: pytest.CaptureFixture[str]
) -> None:
    with PageClient(served.url) as page:
        for event in page.events:
            page.anew()
            body = {"data": [value] * len(event["inputs"]), "fn_index": event["id"], "session_hash": page.session}
            answer = page.http.post("/gradio_api/queue/join", json=body)
            assert answer.status_code < 500
            if answer.status_code == 200:
                assert page.messages()[-1]["msg"] == "close_stream"
    assert "Traceback" not in capfd.readouterr().err


def test_one_question_too_many_is_refused_with_a_sentence() -> None:
    running = Running()
    let_go = threading.Event()

    def begun() -> Exchange:
        return Exchange("e", "c", "?")

    def answered(_exchange: Exchange) -> None:
        let_go.wait()

    asked = [Task(f"c{number}", "?", begun, answered) for number in range(65)]
    try:
        for task in asked[:-1]:
            running.start(task)
        with pytest.raises(AssistantError, match="ask again when some of them are answered"):
            running.start(asked[-1])
        assert len(running.conversations) == 64
    finally:
        let_go.set()


def limited(answer: Callable[[Request], Awaitable[Response]], *, a_minute: int = 100, at_once: int = 100) -> Starlette:
    """Return an application behind the limits that answers every request with `answer`."""
    limits = Middleware(RequestLimit, a_minute=a_minute, at_once=at_once, free=("/assets/",))
    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])], middleware=[limits])


async def yes(_request: Request) -> Response:
    return PlainTextResponse("yes")


def test_more_requests_than_a_person_makes_are_refused_for_a_minute() -> None:
    app = limited(yes, a_minute=3)
    with TestClient(app) as client:
        answers = [client.request(method, "/") for method in ["POST", "GET"] * 4]
        codes = [one.status_code for one in answers]
        assert codes.count(429) >= 2 and codes[:3] == [200, 200, 200]  # the minute may end meanwhile
        refused = next(one for one in answers if one.status_code == 429)
        assert refused.json() == {"detail": "That is more than 3 requests in a minute; wait for the next one."}
        assert refused.headers["retry-after"] == "60"
        assert client.get("/assets/page.js").status_code == 200
    assert TestClient(app, client=("127.0.0.2", 1)).post("/").status_code == 200


def test_the_addresses_of_one_ipv6_network_are_one_client() -> None:
    app = limited(yes, a_minute=30)
    mine = [TestClient(app, client=(f"2001:db8::{number:x}", 1)).post("/").status_code for number in range(1, 70)]
    assert mine.count(429) >= 9
    assert TestClient(app, client=("2001:db8:0:1::1", 1)).post("/").status_code == 200


def test_one_client_leaves_connections_to_the_others() -> None:
    let_go, begun = threading.Event(), threading.Semaphore(0)

    async def held(request: Request) -> Response:
        if request.url.path == "/held":
            begun.release()
            await asyncio.to_thread(let_go.wait)
        return PlainTextResponse("yes")

    app = limited(held, at_once=2)
    with TestClient(app) as client, ThreadPoolExecutor(3) as asking:
        waiting = [asking.submit(client.get, "/held") for _ in range(2)]
        try:
            assert begun.acquire(timeout=10) and begun.acquire(timeout=10)
            refused = client.get("/")
            assert refused.status_code == 429 and "are being answered" in refused.json()["detail"]
            assert TestClient(app, client=("127.0.0.2", 1)).get("/").status_code == 200
        finally:
            let_go.set()
        assert [one.result().status_code for one in waiting] == [200, 200]
        assert client.get("/").status_code == 200


def test_the_page_says_in_a_sentence_that_it_was_asked_too_often(served: Served) -> None:
    another = httpx2.HTTPTransport(local_address="127.0.0.3")
    with httpx2.Client(base_url=served.url, transport=another) as client:
        codes = [client.post("/gradio_api/queue/join", json={}).status_code for _ in range(2 * 1200 + 1)]
        assert 429 in codes and codes[0] != 429
        refused = client.post("/gradio_api/queue/join", json={})
        # Gradio's page shows what is called so.
        assert refused.json()["detail"].startswith("That is more than 1,200 requests in a minute")
    assert httpx2.get(f"{served.url}/config", trust_env=False).status_code == 200


def test_plots_are_shown_as_gradio_draws_them() -> None:
    """They are given to the browser as they are, so they must be what Gradio makes of a figure."""
    from plotly.graph_objects import Figure, Scatter

    from assistant.ui.gradio_parts import plotted

    figure = Figure(Scatter(x=[1, 2], y=[3, 4]))
    drawn = gr.Plot(render=False).postprocess(figure)
    assert drawn is not None
    assert plotted(figure)["value"] == drawn.model_dump()


def test_a_limit_to_a_listing_that_was_deleted_can_be_changed(served: Served) -> None:
    history = History(served.assistant.library.catalogue.engine)
    called = history.begin(Limits(listings=("deleted.txt",)))
    with PageClient(served.url) as page:
        page.join("limit-listings", "input", [None, called, ["deleted.txt"], ["Albert No"], "", ""]).raise_for_status()
        messages = page.messages()
    assert [one["success"] for one in messages if one["msg"] == "process_completed"] == [True]
    assert "No paper is left within these limits." in json.dumps(messages)
    conversation = history.conversation(called)
    assert conversation and conversation.limits == Limits(listings=("deleted.txt",), authors=("Albert No",))


def test_a_session_goes_on_in_a_conversation_until_it_begins_another(served: Served) -> None:
    """What the benchmark of memory does."""
    history = History(served.assistant.library.catalogue.engine)
    with PageClient(served.url) as page:
        page.ask(QUESTIONS[0])
        first = page.conversation
        page.ask(QUESTIONS[1])
        assert page.conversation == first
        page.begin()
        page.ask(QUESTIONS[2])
        assert [len(history.shown_ids(one)) for one in (first, page.conversation)] == [2, 1]
