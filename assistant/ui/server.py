"""The page's web server: one address, its own assets, and headers that keep other hosts out."""

import signal
import socket
from collections.abc import Callable, Collection, Mapping
from urllib.parse import urlsplit

import uvicorn
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vectorstore.errors import AssistantError
from vectorstore.servers import is_loopback

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
_GRACE_SECONDS = 1


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
    """ASGI middleware that refuses what a page of another site sends here, as its uploads."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = Headers(scope=scope).get("origin") if scope["type"] == "http" else None
        if origin and "*" not in self._hosts and urlsplit(origin).hostname not in self._hosts:
            await PlainTextResponse("Requests of other sites are refused.", status_code=403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def allowed_hosts(host: str) -> list[str]:
    """Return the names under which a browser may call the page. On loopback no other one: a page of
    somebody else's, whose name was made to lead here, cannot read the library."""
    return ["127.0.0.1", "localhost", "::1", "[::1]"] if is_loopback(host) else ["*"]


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


def run(app: ASGIApp, listening: socket.socket) -> None:
    """Serve until Ctrl-C, or until the process is told to end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C, so that everything is put away
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, timeout_graceful_shutdown=_GRACE_SECONDS, server_header=False
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:  # how uvicorn hands on a Ctrl-C once everything is closed
        return
