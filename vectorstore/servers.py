"""Models behind OpenAI's protocol: where they run, which key may go there, and what is said when they fail.

openai:NAME               the OpenAI API, or OPENAI_BASE_URL where that is set
ollama:NAME               Ollama on this machine
http://HOST:PORT/v1#NAME  any OpenAI-compatible server
"""

import ipaddress
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

from pydantic import SecretStr

if TYPE_CHECKING:
    import ssl

    import httpx2
    from openai import OpenAI

_Error = TypeVar("_Error", bound=BaseException)

OPENAI_URL = "https://api.openai.com/v1"
_OLLAMA_URL = "http://127.0.0.1:11434/v1"
_PORTS = {"http": 80, "https": 443}
# What a request of the protocol has.
_HEADERS = frozenset(
    "host authorization user-agent accept accept-encoding connection content-type content-length".split()
)
_NO_KEY = SecretStr("none")  # local servers ignore the key, but the protocol wants one


@dataclass(frozen=True, slots=True)
class Access:
    """How models are reached: the key of each server, by its origin, and the address that stands in for OpenAI's own.

    `origins` are those that may be asked besides this machine, `files` those that may be loaded; None is wherever a
    name leads.
    """

    keys: Mapping[str, SecretStr] = field(default_factory=dict)
    openai_base_url: str | None = None
    origins: frozenset[str] | None = None
    files: frozenset[Path] | None = None
    timeout_seconds: float = 60.0

    def key(self, base_url: str) -> SecretStr | None:
        """Return the key that was given for a server, and for no other; None if OpenAI wants one and there is none."""
        return self.keys.get(origin_of(base_url), None if base_url == OPENAI_URL else _NO_KEY)

    def admits(self, base_url: str) -> bool:
        """Tell whether a server may be asked."""
        here = is_loopback(urlsplit(base_url).hostname or "")
        return here or self.origins is None or origin_of(base_url) in self.origins

    def admits_file(self, file: str) -> bool:
        """Tell whether a model's file may be loaded. The file system is not looked at."""
        return self.files is None or plain_path(file) in self.files


def plain_path(file: str) -> Path:
    """Return a path in full, without looking at the file system."""
    path = Path(file)
    with suppress(RuntimeError):  # "~nobody"
        path = path.expanduser()
    return path.absolute()


def origin_of(url: str) -> str:
    """Return the scheme, host and port of an address: "https://api.openai.com:443". Raises ValueError if it is none."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(f"{url!r} is no address of a web server")
    return f"{parts.scheme}://{parts.hostname}:{parts.port or _PORTS[parts.scheme]}"


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model's full name, and the server that runs it, with its key: None is this process."""

    name: str
    model: str | None  # as the server calls it; None: the first that it serves
    base_url: str | None
    key: SecretStr | None = _NO_KEY  # None: the server wants one, and there is none

    @property
    def host(self) -> str | None:
        """The host that texts are sent to, or None if they stay on this machine."""
        return _outside(self.base_url or "")

    @property
    def address(self) -> str:
        """The server's address without the user name and password that it may hold."""
        return _without_user(self.base_url or "")

    def problem(self, error: Exception) -> str:
        """Return a vendor's error as the beginning of a sentence that says what to do. It quotes nothing the server
        said, which may be a key."""
        import openai

        from vectorstore.pinned_connections import ForbiddenAddress

        by_url = self.name.startswith("http")
        place = f"The server at {self.address}" if by_url else f"{self.name} at {self.address}"
        if isinstance(error, openai.APITimeoutError | TimeoutError):
            return f"{place} did not answer in time; try again"
        if isinstance(error, openai.APIConnectionError):
            if forbidden := _cause(error, ForbiddenAddress):
                return f"{place} was not asked: {forbidden}"
            if was_reached(error):
                return f"{place} broke the connection off; try again"
            return f"{place} cannot be reached; start the server or correct the address"
        if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            key = "the key that is given for this host" if by_url else "OPENAI_API_KEY in the environment"
            return f"{place} refused the key; correct {key}"
        if isinstance(error, openai.NotFoundError):
            return f"{place} was not found; correct the model's name or the address"
        if isinstance(error, openai.RateLimitError):
            return f"{place} allows no more requests now; wait a minute and ask again"
        if isinstance(error, openai.BadRequestError):
            return f"{place} refused the request; choose another model"
        if isinstance(error, openai.APIStatusError):
            if error.status_code < 400:
                return f"{place} sends requests on to another address; name that one if you trust it"
            return f"{place} failed with status {error.status_code}; try again"
        if isinstance(error, openai.APIError):
            return f"{place} failed and said so in place of an answer; try again"
        return f"{place} did not answer in the form of OpenAI's protocol; correct the address, which often ends in /v1"


def was_reached(error: Exception) -> bool:
    """Tell whether a connection was made before it failed."""
    import httpx2

    cause = _cause(error, httpx2.HTTPError)
    return cause is not None and not isinstance(cause, httpx2.ConnectError | httpx2.UnsupportedProtocol)


def _cause(error: BaseException | None, kind: type[_Error]) -> _Error | None:
    """Return the error of a kind that an error comes from, or None."""
    while error is not None:
        if isinstance(error, kind):
            return error
        error = error.__cause__
    return None


def served_model(name: str, access: Access) -> NamedModel | None:
    """Return the model that a name stands for, or None if it is not the name of one behind a server."""
    kind, _, rest = name.partition(":")
    kind = kind.lower()
    if kind == "openai" and rest:
        base_url = access.openai_base_url or OPENAI_URL
        return NamedModel(name, rest, base_url, access.key(base_url))
    if kind == "ollama" and rest:
        return NamedModel(name, rest, _OLLAMA_URL, access.key(_OLLAMA_URL))
    if is_address(name):
        base_url, _, model = name.partition("#")
        return NamedModel(_without_user(name), model or None, base_url.rstrip("/"), access.key(base_url.rstrip("/")))
    return None


def openai_client(served: NamedModel, *, timeout_seconds: float, max_retries: int) -> "OpenAI":
    """Return a client of a server that has its key."""
    from openai import OpenAI

    assert served.key is not None
    http_client = straight_client(served, timeout_seconds)
    secret = served.key.get_secret_value()
    return OpenAI(base_url=served.base_url, api_key=secret, http_client=http_client, max_retries=max_retries)


def straight_client(served: NamedModel, timeout_seconds: float) -> "httpx2.Client":
    """Return a client that goes where the user was told, with what OpenAI's protocol has."""
    client = client_of(served.base_url or "", timeout_seconds)
    client.event_hooks = {"request": [partial(_keep_to_the_protocol, served)]}
    return client


def client_of(base_url: str, timeout_seconds: float) -> "httpx2.Client":
    """Return a client that goes where the user was told: through no proxy to this machine, along no redirect, to no
    other address than the one that was checked."""
    import httpx2

    from vectorstore.pinned_connections import StraightTransport

    _silence_the_wire()
    proxy, certificates = _proxy(base_url), _certificates(_outside(base_url) is not None)
    transport = httpx2.HTTPTransport(certificates, proxy=proxy) if proxy else StraightTransport(certificates)
    return httpx2.Client(transport=transport, timeout=timeout_seconds, follow_redirects=False, trust_env=False)


def straight_async_client(served: NamedModel) -> "httpx2.AsyncClient":
    """Return the same for a reader that keeps the time itself."""
    import httpx2

    from vectorstore.pinned_connections import StraightAsyncTransport

    _silence_the_wire()
    proxy, certificates = _proxy(served.base_url or ""), _certificates(served.host is not None)
    transport = httpx2.AsyncHTTPTransport(certificates, proxy=proxy) if proxy else StraightAsyncTransport(certificates)

    async def keep_to_the_protocol(request: httpx2.Request) -> None:
        _keep_to_the_protocol(served, request)

    return httpx2.AsyncClient(
        transport=transport,
        timeout=None,
        follow_redirects=False,
        trust_env=False,
        event_hooks={"request": [keep_to_the_protocol]},
    )


def _keep_to_the_protocol(served: NamedModel, request: "httpx2.Request") -> None:
    """Take off what OpenAI's client adds to every request from OPENAI_CUSTOM_HEADERS, OPENAI_ORG_ID and the like:
    whatever they hold is for OpenAI, and only the server's own key is for the server."""
    if served.base_url == OPENAI_URL:
        return
    for name in [name for name in request.headers if name.lower() not in _HEADERS]:
        del request.headers[name]
    if served.key and not request.url.username:  # which httpx sends in its place
        request.headers["Authorization"] = f"Bearer {served.key.get_secret_value()}"


def _outside(url: str) -> str | None:
    """Return the host of an address; None if that is this machine."""
    host = urlsplit(url).hostname
    return None if host is None or is_loopback(host) else host


def _proxy(url: str) -> str | None:
    """Return the proxy that the environment names for the way to another machine, by its name: it looks that up."""
    host = _outside(url)
    if host is None or _is_ip(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    return proxies.get(urlsplit(url).scheme) or proxies.get("all")


@cache
def _certificates(trust_env: bool) -> "ssl.SSLContext":
    """Return the certificates that are trusted: reading them takes longer than a local server needs to answer."""
    import httpx2

    return httpx2.create_ssl_context(trust_env=trust_env)


def _silence_the_wire() -> None:
    """Keep what servers send, which may be a key, and addresses, which may hold a password, out of every log."""
    for name in ("httpcore2", "httpx2"):
        logging.getLogger(name).setLevel(logging.WARNING)


def is_loopback(host: str) -> bool:
    """Tell whether a host, by name or address, is this machine itself."""
    return host == "localhost" or (_is_ip(host) and ipaddress.ip_address(host).is_loopback)


def is_address(name: str) -> bool:
    """Tell whether a model's name is the address of its server."""
    try:
        return bool(origin_of(name))
    except ValueError:  # also for "http://[::1", without its bracket
        return False


def _is_ip(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _without_user(url: str) -> str:
    """Return an address without the user name and password that it may hold."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
