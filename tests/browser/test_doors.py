"""What a page of another port can do here, and where a key goes that is typed: with a browser, and listeners."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.openai_server import Script, openai_server
from tests.served_page import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of an empty page on another port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_page_on_another_port_reads_nothing_and_sends_nothing(
    browser: Browser, server: Server, elsewhere: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    statuses: list[int] = []
    page.on("response", lambda response: statuses.append(response.status) if server.url in response.url else None)
    page.goto(elsewhere)
    tried = """async ([address, options]) => {
        try { return (await (await fetch(address, options)).text()).length }
        catch (error) { return "refused" }
    }"""
    for path, options in (
        ("/config", {}),
        ("/config", {"credentials": "include"}),
        ("/gradio_api/queue/data?session_hash=a", {}),
        ("/gradio_api/queue/join", {"method": "POST", "headers": {"Content-Type": "application/json"}, "body": "{}"}),
    ):
        assert page.evaluate(tried, [server.url + path, options]) == "refused"
    unread = {"method": "POST", "mode": "no-cors", "headers": {"Content-Type": "text/plain"}, "body": "{}"}
    assert page.evaluate(tried, [f"{server.url}/gradio_api/queue/join", unread]) in (0, "refused")
    assert set(statuses) <= {403}

    page.evaluate("address => { location.href = address }", server.url)  # a link still leads there
    expect(page.get_by_role("textbox", name="Your question")).to_be_visible()
    context.close()


def test_a_key_that_is_typed_goes_to_the_server_that_it_was_typed_for(page: Page) -> None:
    with openai_server(Script(pieces=("ready",))) as listener, openai_server(Script(pieces=("ready",))) as another:
        page.get_by_role("button", name=re.compile("leaves this machine")).click()
        page.get_by_role("radio", name="Another model").check()
        page.get_by_role("textbox", name="Name or address").fill(f"{listener.base_url}#m")
        key = page.get_by_label("Key, if the server wants one")
        key.fill("sk-typed")
        page.get_by_role("button", name="Test it").click()
        expect(page.get_by_text("answers: first words after")).to_be_visible()
        expect(key).to_have_value("")
        assert {request.authorization for request in listener.received} == {"Bearer sk-typed"}

        page.get_by_role("textbox", name="Name or address").fill(f"{another.base_url}#m")
        expect(page.get_by_text("answers: first words after")).to_have_count(0)
        page.get_by_role("button", name="Test it").click()
        expect(page.get_by_text("answers: first words after")).to_be_visible()
        assert {request.authorization for request in another.received} == {"Bearer none"}


def test_a_host_that_nobody_named_is_not_asked(page: Page) -> None:
    page.get_by_role("button", name=re.compile("leaves this machine")).click()
    page.get_by_role("radio", name="Another model").check()
    page.get_by_role("textbox", name="Name or address").fill("http://169.254.169.254/v1#m")
    said = page.get_by_text(re.compile("is neither on this machine nor named in the configuration"))
    expect(said).to_be_visible()
    page.get_by_role("button", name="Test it").click()
    expect(said).to_have_count(2)
