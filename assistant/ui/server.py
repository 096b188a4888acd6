"""The page's web server: one address, its own assets, and headers that keep other hosts out."""

import asyncio
import re
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from ipaddress import ip_address, ip_network

import uvicorn
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from vectorstore.errors import AssistantError

_HEADERS = {
    # Gradio's page holds inline scripts and compiles its templates; everything else is this server's own.
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self';"
    " object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?")
_GRACE_SECONDS = 1
_MOST_CONNECTIONS = 500  # at once; one more gets a 503


class ResponseHeaders:
    """ASGI middleware that adds `_HEADERS` to every response, and to one that is no refusal those of its path."""

    def __init__(self, app: ASGIApp, *, of_path: Callable[[str], Mapping[str, str]]) -> None:
        self._app = app
        self._of_path = of_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                more = self._of_path(scope["path"]) if message["status"] < 400 else {}
                MutableHeaders(scope=message).update({**_HEADERS, **more})
            await send(message)

        await self._app(scope, receive, send_with_headers)


class SameOrigin:
    """ASGI middleware that answers requests for one of its `hosts`, or for the very address that they came in at, and
    none that a page of another origin makes: another site, and another port of this machine.

    A name that was made to lead here (DNS rebinding) is none of the hosts.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(map(str.lower, hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = None if scope["type"] == "lifespan" else self._refusal(scope)
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = ",".join(headers.getlist("host")).lower()  # two of them are no name
        name = _name_of(host)
        if name is None or (name not in self._hosts and name != (scope.get("server") or [None])[0]):
            return PlainTextResponse("This name is not the server's; --allowed-host makes it one.", status_code=400)
        is_link = scope.get("method") in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate"
        is_foreign = any(origin != f"{scope['scheme']}://{host}" for origin in headers.getlist("origin"))
        is_from_elsewhere = any(site not in ("none", "same-origin") for site in headers.getlist("sec-fetch-site"))
        if is_foreign or (is_from_elsewhere and not is_link):
            return PlainTextResponse("Requests of other sites are refused.", status_code=403)
        return None


class RequestLimit:
    """ASGI middleware that takes at most `a_minute` requests of one client, and answers at most `at_once` of them at a
    time; those whose path begins with one of `free` are not counted."""

    def __init__(self, app: ASGIApp, *, a_minute: int, at_once: int, free: tuple[str, ...] = ()) -> None:
        self._app = app
        self._most, self._most_at_once, self._free = a_minute, at_once, free
        self._minute = 0
        self._asked: Counter[str] = Counter()  # in this minute, by client
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(self._free):
            await self._app(scope, receive, send)
            return
        client = _client_of(scope)
        if refusal := self._refusal(client):
            await refusal(scope, receive, send)
            return
        self._open[client] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]

    def _refusal(self, client: str) -> JSONResponse | None:
        if (minute := int(time.monotonic() / 60)) != self._minute:
            self._minute = minute
            self._asked.clear()
        self._asked[client] += 1
        if self._asked[client] > self._most:
            return _too_many(f"That is more than {self._most:,} requests in a minute; wait for the next one.", 60)
        if self._open[client] >= self._most_at_once:
            return _too_many(f"More than {self._most_at_once:,} requests are being answered; close other tabs.", 5)
        return None


def _too_many(said: str, seconds: int) -> JSONResponse:
    """Return a refusal whose sentence Gradio's page shows."""
    return JSONResponse({"detail": said}, status_code=429, headers={"Retry-After": str(seconds)})


def _client_of(scope: Scope) -> str:
    """Return the address that a request comes from: of IPv6 the part that one customer of a network has."""
    address: str = (scope.get("client") or [""])[0]
    try:
        is_wide = ip_address(address).version == 6
    except ValueError:  # a socket without an address
        return address
    return str(ip_network(f"{address}/64", strict=False)) if is_wide else address


def _name_of(host: str) -> str | None:
    """Return the name in a Host header, without the port; None if it is more than these."""
    found = _HOST.fullmatch(host)
    return found["name"].strip("[]") if found else None


def allowed_hosts(host: str, others: Collection[str] = ()) -> list[str]:
    """Return the names under which a browser may call a page that listens on `host`."""
    return ["127.0.0.1", "localhost", "::1", host, *others]


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `port`, or on a free one for 0. Raises AssistantError if it cannot."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise AssistantError(f"{host} is no address of this machine ({error}); choose another --host.") from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise AssistantError(
            f"The chat cannot listen on {host}, port {port} ({error.strerror}); end the program that has the port,"
            " or choose another with --port (0 takes a free one)."
        ) from error
    return listening


def page_url(listening: socket.socket) -> str:
    """Return the address to open in a browser."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # every address of this machine; this one always works
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class ImpatientProtocol(HttpToolsProtocol):
    """uvicorn's HTTP, but for who does not go on: a request whose head is not there after some seconds, or whose body
    stops for as long, is closed."""

    seconds = 10.0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._wait()

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._wait()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._wait_no_more()

    def _wait(self) -> None:
        self._wait_no_more()
        self._deadline = self.loop.call_later(self.seconds, self._give_up)

    def _give_up(self) -> None:
        if self.flow.read_paused:  # it is this server that is slow
            self._wait()
        else:
            self.transport.abort()

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def run(app: ASGIApp, listening: socket.socket) -> None:
    """Serve until Ctrl-C, or until the process is told to end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C, so that everything is put away
    config = uvicorn.Config(
        app,
        http=ImpatientProtocol,
        ws="none",
        limit_concurrency=_MOST_CONNECTIONS,
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        server_header=False,
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:  # how uvicorn hands on a Ctrl-C once everything is closed
        return
