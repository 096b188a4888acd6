"""Who is let in to the page: its own origin on every route, no other port; with a password, nobody without it."""

import contextlib
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.ui.login import Login
from assistant.ui.server import ImpatientProtocol, SameOrigin, allowed_hosts, listening_socket
from tests.command_line import problem, run
from tests.openai_server import Script, openai_server
from tests.served_page import Server
from vectorstore.servers import origin_of

SECRET = "a token that nobody guesses"
KEY = "sk-fake-0123456789-never-send-me"


@pytest.fixture(scope="module")
def served(seeds_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(seeds_folder, folder / "library")
    with Server(folder / "library", folder / "log", OPENAI_API_KEY=KEY, ASSISTANT_API_KEY=KEY) as server:
        yield server


@pytest.fixture(scope="module")
def client(served: Server) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=served.url, timeout=30, trust_env=False) as client:
        yield client


def app() -> Starlette:
    """An application that takes whatever comes."""

    async def taken(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    return Starlette(routes=[Route("/{path:path}", taken, methods=["GET", "POST"])])


# -- scheme, host and port


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        (None, "127.0.0.1:7860", 200),
        ("http://127.0.0.1:7860", "127.0.0.1:7860", 200),
        ("http://localhost:7860", "localhost:7860", 200),
        ("http://[::1]:7860", "[::1]:7860", 200),
        ("http://localhost:9000", "localhost:9000", 200),  # a tunnel from another port
        ("http://lab.example.org", "lab.example.org", 200),
        ("https://127.0.0.1:7860", "127.0.0.1:7860", 403),
        ("http://127.0.0.1:7889", "127.0.0.1:7860", 403),
        ("http://localhost:7860", "127.0.0.1:7860", 403),
        ("http://127.0.0.1", "127.0.0.1:7860", 403),
        ("http://evil.example", "127.0.0.1:7860", 403),
        ("null", "127.0.0.1:7860", 403),
        ("http://evil.example:7860", "evil.example:7860", 400),
        ("http://127.0.0.1.evil.example", "127.0.0.1.evil.example", 400),
        (None, "lab.example.org.evil.example", 400),
        (None, "[", 400),
        (None, "", 400),
        (None, "127.0.0.1:7860.evil.example", 400),
        (None, "evil.example@127.0.0.1:7860", 400),
        (None, "127.0.0.1/evil.example", 400),
        (None, "127.0.0.1?evil.example", 400),
        (None, "127.0.0.1#evil.example", 400),
        (None, "127.0.0.1,evil.example", 400),
        ("http://127.0.0.1:7860/", "127.0.0.1:7860", 403),
    ],
)
def test_a_request_comes_from_the_page_itself(origin: str | None, host: str, status: int) -> None:
    client = TestClient(SameOrigin(app(), hosts=allowed_hosts("127.0.0.1", ["Lab.example.org"])))
    answered = client.post("/upload", headers={"Host": host, **({"Origin": origin} if origin else {})})
    assert answered.status_code == status


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(
    ("twice", "status"),
    [
        (("Host", "evil.example"), 400),
        (("Origin", "http://evil.example"), 403),
        (("Sec-Fetch-Site", "cross-site"), 403),
    ],
)
def test_what_is_said_twice_is_not_half_believed(twice: tuple[str, str], status: int, place: int) -> None:
    client = TestClient(SameOrigin(app(), hosts=allowed_hosts("127.0.0.1")))
    good = [("Host", "127.0.0.1:7860"), ("Origin", "http://127.0.0.1:7860"), ("Sec-Fetch-Site", "same-origin")]
    assert client.post("/upload", headers=good).status_code == 200
    good.insert(place * len(good), twice)
    assert client.post("/upload", headers=good).status_code == status


@pytest.mark.parametrize(
    ("site", "mode", "method", "status"),
    [
        ("same-origin", "cors", "POST", 200),
        ("none", "navigate", "GET", 200),
        ("cross-site", "navigate", "GET", 200),  # a link to the page
        ("cross-site", "no-cors", "GET", 403),
        ("same-site", "no-cors", "GET", 403),  # another port
        ("cross-site", "navigate", "POST", 403),
    ],
)
def test_another_page_can_link_to_the_page_and_no_more(site: str, mode: str, method: str, status: int) -> None:
    client = TestClient(SameOrigin(app(), hosts=allowed_hosts("127.0.0.1")))
    headers = {"Host": "127.0.0.1:7860", "Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
    assert client.request(method, "/", headers=headers).status_code == status


ROUTES = [
    ("GET", "/"),
    ("GET", "/config"),
    ("GET", "/gradio_api/info"),
    ("GET", "/gradio_api/queue/data?session_hash=a"),
    ("GET", "/gradio_api/heartbeat/a"),
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/gradio_api/run/predict"),
    ("POST", "/gradio_api/upload"),
    ("OPTIONS", "/gradio_api/queue/join"),
    ("GET", "/page-assets/page.js"),
    ("GET", "/assets/none.js"),
    ("GET", "/exchanges/1.md"),
    ("POST", "/login"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_route_refuses_another_port_and_another_name(
    client: httpx2.Client, served: Server, method: str, path: str
) -> None:
    preflight = {"Access-Control-Request-Method": "POST"}
    for headers, status in (
        ({"Origin": f"http://127.0.0.1:{served.port + 1}", **preflight}, 403),
        ({"Origin": f"http://localhost:{served.port}", **preflight}, 403),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, 400),
    ):
        answered = client.request(method, path, headers=headers)
        assert answered.status_code == status
        assert not [name for name in answered.headers if name.startswith("access-control-allow")]


def test_no_answer_to_the_page_itself_shares_it_with_another(client: httpx2.Client, served: Server) -> None:
    for host in ("127.0.0.1", "localhost"):
        own = f"{host}:{served.port}"
        answered = client.get("/config", headers={"Host": own, "Origin": f"http://{own}"})
        assert answered.status_code == 200
        assert not [name for name in answered.headers if name.startswith("access-control")]
    assert client.get("/").status_code == 200


def test_a_function_that_there_is_not_is_not_found(client: httpx2.Client, served: Server) -> None:
    for path, body in (
        ("queue/join", {"data": [], "fn_index": 999, "session_hash": "a"}),
        ("queue/join", {"data": [], "fn_index": -1, "session_hash": "a"}),
        ("run/predict", {"data": [], "fn_index": 999}),
        ("call/nothing", {"data": [], "session_hash": "a"}),
    ):
        assert client.post(f"/gradio_api/{path}", json=body).status_code == 404
    assert "Traceback" not in served.log.read_text()


@pytest.mark.parametrize("path", ["/openapi.json", "/gradio_api/openapi.json", "/docs", "/redoc"])
def test_the_interface_is_not_listed(client: httpx2.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def called(client: httpx2.Client, fn_index: int, data: list[Any], session: str) -> str:
    """Call a function of the page by its number, as any program can, and return all that comes of it."""
    body = {"data": data, "fn_index": fn_index, "session_hash": session}
    client.post("/gradio_api/queue/join", json=body).raise_for_status()
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as events:
        came = ""
        for line in events.iter_lines():
            came += line
            if "process_completed" in line:
                break
        return came


def test_whoever_calls_the_functions_of_the_page_gets_no_key_but_one_of_the_session(client: httpx2.Client) -> None:
    config = client.get("/config").json()
    (button,) = (part["id"] for part in config["components"] if part["props"].get("elem_id") == "test-model")
    (keep,) = (one["id"] for one in config["dependencies"] if [button, "click"] in one["targets"])
    (test,) = (one["id"] for one in config["dependencies"] if one["trigger_after"] == keep)
    with openai_server(Script(pieces=("ready",))) as listener, openai_server(Script(pieces=("ready",))) as another:
        typed = f"{listener.base_url}#m"
        made_up = {origin_of(listener.base_url): "sk-made-up"}  # a key in the place of those that the server keeps
        assert "answers: first words after" in called(client, test, ["Another model", typed, made_up], "a")
        assert {request.authorization for request in listener.received} == {"Bearer none"}

        listener.received.clear()
        kept = called(client, keep, ["sk-typed", "Another model", typed, None], "b")
        assert "is kept in memory" in kept
        for server in (listener, another):
            came = called(client, test, ["Another model", f"{server.base_url}#m", None], "b")
            assert "sk-typed" not in kept + came
        called(client, test, ["Another model", typed, None], "c")
        assert [request.authorization for request in listener.chats] == ["Bearer sk-typed", "Bearer none"]
        assert {request.authorization for request in another.received} == {"Bearer none"}
    for address in ("http://169.254.169.254/v1#m", "http://attacker.example/v1#m"):
        assert "is neither on this machine nor named" in called(client, test, ["Another model", address, None], "a")


# -- a token or a password


@pytest.fixture
def locked() -> TestClient:
    return TestClient(
        Login(app(), secret=SecretStr(SECRET), port=7860), base_url="http://127.0.0.1:7860", follow_redirects=False
    )


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nothing_is_served_without_the_secret(locked: TestClient, method: str, path: str) -> None:
    answered = locked.request(method, path)
    assert answered.status_code == 401
    assert ("password" in answered.text) or method == "HEAD"


def test_the_token_in_the_address_is_remembered_by_a_cookie(locked: TestClient) -> None:
    opened = locked.get("/", params={"token": SECRET})
    assert (opened.status_code, opened.headers["Location"]) == (303, "/")
    cookie = opened.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert SECRET not in cookie
    assert locked.get("/config").status_code == 200


def test_the_password_is_typed_into_a_form(locked: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.ui.login._SECONDS_A_WRONG_GUESS", 0.01)
    assert locked.post("/login", data={"secret": "wrong"}).status_code == 401
    assert locked.get("/config").status_code == 401
    assert locked.post("/login", data={"secret": SECRET}).status_code == 303
    assert locked.get("/config").status_code == 200


@pytest.mark.parametrize("cookie", ["", SECRET, "é", "x" * 5000])
def test_a_made_up_cookie_opens_nothing(locked: TestClient, cookie: str) -> None:
    answered = locked.get("/config", headers={b"Cookie": f"research-assistant-7860={cookie}".encode()})
    assert answered.status_code == 401


def test_a_wrong_guess_takes_a_second(locked: TestClient) -> None:
    began = time.monotonic()
    assert locked.get("/?token=wrong").status_code == 401
    assert time.monotonic() - began >= 1
    assert locked.post("/login", content=b"secret=" + b"x" * 5000).status_code == 401
    assert time.monotonic() - began < 2  # so much is not even read


def test_a_served_token_opens_the_page(seeds_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(seeds_folder, tmp_path / "library")
    with Server(tmp_path / "library", tmp_path / "log", program=("app.py", "--token")) as server:
        address = server.log.read_text().partition("Open ")[2].partition(" in a browser")[0]
        assert address.startswith(f"{server.url}/?token=")
        with httpx2.Client(follow_redirects=True, trust_env=False, timeout=30) as client:
            assert client.get(f"{server.url}/config").status_code == 401
            assert "gradio" in client.get(address).text
            assert client.get(f"{server.url}/config").status_code == 200


@pytest.mark.parametrize(
    ("host", "options"), [("0.0.0.0", ()), ("::", ("--no-auth",)), ("192.0.2.1", ("--i-know",)), ("", ())]
)
def test_others_are_let_in_only_with_a_password_or_knowingly(
    tmp_path: Path, host: str, options: tuple[str, ...]
) -> None:
    asked = ("serve", "--host", host, *options, "--library", tmp_path / "library")
    done = run(*asked, cwd=tmp_path, ASSISTANT_PASSWORD="")
    said = problem(done)
    for way in ("--password", "ASSISTANT_PASSWORD", "--token", "--no-auth --i-know"):
        assert way in said
    assert not (tmp_path / "library").exists()


@pytest.mark.parametrize(
    ("options", "values", "who"),
    [
        (("--no-auth", "--i-know"), {}, "Everybody who reaches this machine can read your listings"),
        ((), {"ASSISTANT_PASSWORD": SECRET}, "Who has the password or token can read your listings"),
    ],
)
def test_what_is_exposed_is_said(
    tmp_path: Path, options: tuple[str, ...], values: dict[str, str], who: str, seeds_folder: Path
) -> None:
    """On an address that is none of this machine's, so that nothing is exposed."""
    shutil.copytree(seeds_folder, tmp_path / "library")
    done = run("serve", "--host", "192.0.2.1", *options, "--library", tmp_path / "library", cwd=tmp_path, **values)
    assert who in done.stderr
    assert "not encrypted" in done.stderr
    assert SECRET not in done.stderr


# -- connections


@contextlib.contextmanager
def served_app(**options: int) -> Iterator[tuple[str, int]]:
    """Serve an application that takes whatever comes, with little patience."""
    protocol = type("Quick", (ImpatientProtocol,), {"seconds": 0.5})
    config = uvicorn.Config(app(), http=protocol, ws="none", log_level="critical", **options)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    with listening_socket("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[:2]
        finally:
            server.should_exit = True
            thread.join()


def seconds_open(address: tuple[str, int], sent: list[bytes]) -> float:
    """Return how long a connection stays that sends some bytes, one piece each 0.2 seconds, and then nothing."""
    with socket.create_connection(address, timeout=5) as connection:
        began = time.monotonic()
        for piece in sent:
            try:
                connection.sendall(piece)
            except OSError:
                return time.monotonic() - began
            time.sleep(0.2)
        with contextlib.suppress(OSError):
            while connection.recv(1000):
                continue
        return time.monotonic() - began


HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"


@pytest.mark.parametrize(
    "sent",
    [[], [b"G"], [HEAD], [b"GET / HTTP/1.1\r\n", *[b"A: b\r\n"] * 20], [HEAD + b"\r\n12"]],
    ids=["nothing", "a letter", "half a head", "a head without end", "half a body"],
)
def test_a_half_open_connection_is_closed(sent: list[bytes]) -> None:
    with served_app() as address:
        assert 0.4 < seconds_open(address, sent) < 2


def test_a_slow_upload_is_taken() -> None:
    with served_app() as (host, port):

        def slowly() -> Iterator[bytes]:
            for _ in range(5):
                time.sleep(0.25)
                yield b"piece"

        assert httpx2.post(f"http://{host}:{port}/", content=slowly(), trust_env=False).text == "25"


def test_connections_are_limited() -> None:
    with served_app(limit_concurrency=5) as (host, port), contextlib.ExitStack() as held:
        for _ in range(5):
            held.enter_context(socket.create_connection((host, port)))
        assert httpx2.get(f"http://{host}:{port}/", trust_env=False).status_code == 503
        time.sleep(0.8)
        assert httpx2.get(f"http://{host}:{port}/", trust_env=False).status_code == 200
