"""A page for those who have its password or its token: asked for once, remembered by a cookie."""

import asyncio
import secrets
from urllib.parse import parse_qs

from pydantic import SecretStr
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.ui import labels

_LONGEST_FORM = 4096  # bytes
_SECONDS_A_WRONG_GUESS = 1.0
_FORM = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{labels.TITLE}</title>
<meta name="viewport" content="width=device-width"><style>body{{font:1rem system-ui,sans-serif;max-width:24rem;
margin:20vh auto;padding:0 1rem}}input,button{{font:inherit;padding:.4rem .6rem}}</style></head>
<body><h1>{labels.TITLE}</h1><form method="post" action="/login"><label for="secret">{labels.LOGIN}</label>
<p><input id="secret" name="secret" type="password" autocomplete="current-password" autofocus required>
<button>{labels.LOGIN_BUTTON}</button></p></form></body></html>"""


class Login:
    """ASGI middleware that lets nobody past without the secret, in the address as `?token=` or typed into a form.

    A browser that had it gets a cookie, which holds until the program ends. Wrong guesses take a second each, one
    after the other.
    """

    def __init__(self, app: ASGIApp, *, secret: SecretStr, port: int) -> None:
        self._app = app
        self._secret = secret.get_secret_value().encode()
        self._cookie = f"research-assistant-{port}"  # browsers send one to all ports of a host
        self._session = secrets.token_urlsafe()
        self._guessing = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._is_known(HTTPConnection(scope)):
            await self._app(scope, receive, send)
        else:
            response = await self._answered(Request(scope, receive))
            await response(scope, receive, send)

    def _is_known(self, connection: HTTPConnection) -> bool:
        given = connection.cookies.get(self._cookie, "")
        return secrets.compare_digest(given.encode(), self._session.encode())

    async def _answered(self, request: Request) -> Response:
        if given := request.query_params.get("token") or await _typed(request):
            if await self._is_secret(given):
                response: Response = RedirectResponse("/", status_code=303)
                response.set_cookie(
                    self._cookie, self._session, httponly=True, samesite="lax", secure=request.url.scheme == "https"
                )
                return response
        elif request.method == "GET" and request.url.path != "/":
            return PlainTextResponse(labels.LOGIN_NEEDED, status_code=401)
        return HTMLResponse(_FORM, status_code=401)

    async def _is_secret(self, given: str) -> bool:
        async with self._guessing:
            if secrets.compare_digest(given.encode("utf-8", "replace"), self._secret):
                return True
            await asyncio.sleep(_SECONDS_A_WRONG_GUESS)
            return False


async def _typed(request: Request) -> str:
    """Return what was typed into the form, "" if nothing was."""
    if (request.method, request.url.path) != ("POST", "/login"):
        return ""
    if int(request.headers.get("content-length", _LONGEST_FORM + 1)) > _LONGEST_FORM:
        return ""
    return parse_qs((await request.body()).decode("utf-8", "replace")).get("secret", [""])[0]
