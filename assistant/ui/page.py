"""The page: chat in the middle, the library at the left, the evidence at the right, the model in the header."""

import json
import sys
from collections.abc import Collection
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from gradio.route_utils import API_PREFIX, FnIndexInferError
from pydantic import SecretStr
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.staticfiles import StaticFiles

from assistant.conversations.history import History
from assistant.pipeline import Assistant
from assistant.ui import labels
from assistant.ui.authors_view import wire_authors
from assistant.ui.chat_events import wire_chat
from assistant.ui.chats import Chats
from assistant.ui.check_view import wire_check
from assistant.ui.conversation_events import wire_conversations
from assistant.ui.downloads import downloads
from assistant.ui.gradio_parts import Page
from assistant.ui.layout import laid_out
from assistant.ui.library_events import wire_library
from assistant.ui.library_panel import Readings
from assistant.ui.listing_events import wire_listings
from assistant.ui.login import Login
from assistant.ui.model_events import wire_model
from assistant.ui.pasted import pasting
from assistant.ui.related_events import wire_related
from assistant.ui.server import (
    RequestLimit,
    ResponseHeaders,
    SameOrigin,
    allowed_hosts,
    listening_socket,
    page_url,
    run,
)
from vectorstore.listings.source import MAX_LISTING_MIB

_ASSETS = Path(__file__).parent / "assets"
_GRADIOS_ASSETS = Path(gr.__file__).parent / "templates" / "frontend" / "assets"
_STYLES = ("page", "side", "chat", "evidence", "views", "library", "narrow")  # in this order
# Gradio's own KaTeX, whose names change with it; "" if it brings none, and formulas stay plain characters.
_KATEX = json.dumps(
    {
        name: next((f"/assets/{file.name}" for file in sorted(_GRADIOS_ASSETS.glob(f"katex-*.{kind}"))), "")
        for name, kind in (("katex", "js"), ("style", "css"))
    }
)
ASSETS_PATH = "/page-assets"  # Gradio has /assets and /static itself
_SCRIPTS = ("page", "actions", "adding", "evidence", "exchanges", "library", "math", "scheme", "side", "toasts")
_SECONDS_UPLOADS_ARE_KEPT = 3600
_MOST_WAITING = 64  # events that wait their turn; the next one is refused
_MOST_A_MINUTE = 1_200  # requests of one client; a person who clicks without a pause makes some hundred
_MOST_AT_ONCE = 200  # requests of one client; a browser makes six
_MOST_SESSIONS = 64  # pages whose last values are kept; those of the one unused longest go first
_SANS = ("Inter Variable", "ui-sans-serif", "system-ui", "Segoe UI", "Roboto", "sans-serif")


def serve_page(
    assistant: Assistant,
    *,
    host: str,
    port: int,
    names: Collection[str] = (),
    secret: SecretStr | None = None,
    shown: bool = False,
    seeds: Path | None = None,
) -> None:
    """Serve the page until Ctrl-C, also under other `names` than its address, to whoever has the `secret` if there is
    one; `shown` prints it with the address. Into a library that never held anything `seeds` are read meanwhile.
    Raises AssistantError if nothing can listen there."""
    listening = listening_socket(host, port)
    chats = Chats(assistant, History(assistant.library.catalogue.engine))
    readings = Readings(assistant.library)
    app = web_app(chats, readings, hosts=allowed_hosts(host, names), secret=secret, port=listening.getsockname()[1])
    readings.go_on()
    if not assistant.library.catalogue.is_empty():
        assistant.search("warm up", top_k=1)  # opens the indexes before several threads want to
        chats.warm_up()
    elif seeds and not assistant.library.removals():
        readings.begin([seeds])
    query = f"/?token={secret.get_secret_value()}" if secret and shown else ""
    sys.stderr.write(f"Open {page_url(listening)}{query} in a browser; Ctrl-C ends the program.\n")
    sys.stderr.flush()
    run(app, listening)


def web_app(
    chats: Chats, readings: Readings, *, hosts: Collection[str], secret: SecretStr | None = None, port: int = 0
) -> FastAPI:
    """Return the page as an ASGI application that answers as one of `hosts`, on `port`, to whoever has the `secret`."""
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        middleware=[
            Middleware(ResponseHeaders, of_path=_headers_of),
            Middleware(SameOrigin, hosts=hosts),
            Middleware(RequestLimit, a_minute=_MOST_A_MINUTE, at_once=_MOST_AT_ONCE, free=(ASSETS_PATH, "/assets/")),
            *([Middleware(Login, secret=secret, port=port)] if secret else []),
            Middleware(CORSMiddleware),  # which allows nobody; without it Gradio adds one that allows all of localhost
        ],
    )
    app.mount(ASSETS_PATH, StaticFiles(directory=_ASSETS))
    app.mount("/assets", StaticFiles(directory=_GRADIOS_ASSETS))  # at half the cost of Gradio's own route to them
    app.include_router(downloads(chats))
    app.include_router(pasting())
    app.add_route(f"{API_PREFIX}/openapi.json", _unknown)
    gr.mount_gradio_app(
        app,
        build_page(chats, readings),
        path="/",
        app_kwargs={"openapi_url": None, "exception_handlers": {KeyError: _unknown, FnIndexInferError: _unknown}},
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=MAX_LISTING_MIB * 1024 * 1024,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        theme=gr.themes.Base(font=_SANS, font_mono=("ui-monospace", "monospace")),
        css_paths=[_ASSETS / f"{name}.css" for name in _STYLES],
        # The whole address: Chromium has taken a path for one on another port that showed the page before.
        js=f"() => import(new URL('{ASSETS_PATH}/page.js', location.href)).then((page) => page.start({_KATEX}))",
    )
    return app


def _unknown(_request: Request, _error: Exception | None = None) -> PlainTextResponse:
    """Answer a request for what there is not, such as a function of the page."""
    return PlainTextResponse("The page has nothing of that name or number.", status_code=404)


def _headers_of(path: str) -> dict[str, str]:
    if path == "/":  # the browser fetches the scripts while Gradio still starts
        return {"Link": ", ".join(f"<{ASSETS_PATH}/{name}.js>; rel=modulepreload" for name in _SCRIPTS)}
    if path.startswith("/assets/"):  # Gradio's; their names change with what is in them
        return {"Cache-Control": "public, max-age=31536000, immutable"}
    if path.startswith(ASSETS_PATH):  # asked for each time, and sent if they have changed
        return {"Cache-Control": "no-cache"}
    return {}


def build_page(chats: Chats, readings: Readings) -> gr.Blocks:
    """Return the page with everything wired."""
    assistant = chats.assistant
    page = Page(
        title=labels.TITLE,
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(_SECONDS_UPLOADS_ARE_KEPT, _SECONDS_UPLOADS_ARE_KEPT),
    )
    page.queue(max_size=_MOST_WAITING)
    page.state_session_capacity = _MOST_SESSIONS
    with page:
        panels = laid_out(assistant.settings)
        wire_chat(chats, panels)
        wire_conversations(page, chats, panels)
        wire_model(page, chats, panels)
        wire_listings(page, chats, panels, readings)
        wire_library(page, chats, panels)
        wire_authors(page, assistant, panels.authors, panels.picker.picked, listings=panels.side.library)
        wire_related(page, assistant, panels.related, panels.picker.picked)
        wire_check(assistant, panels.check, panels.picker.picked)
    return page
