"""Models behind OpenAI's protocol: where they run, which key may go there, and what is said when they fail.

openai:NAME               the OpenAI API, or OPENAI_BASE_URL where that is set
ollama:NAME               Ollama on this machine
http://HOST:PORT/v1#NAME  any OpenAI-compatible server
"""

import ipaddress
import logging
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

if TYPE_CHECKING:
    import ssl

    import httpx2
    from openai import OpenAI

OPENAI_URL = "https://api.openai.com/v1"
_OLLAMA_URL = "http://127.0.0.1:11434/v1"
_NO_KEY = SecretStr("none")  # local servers ignore the key, but the protocol wants one


@dataclass(frozen=True, slots=True)
class Access:
    """How servers are reached: the keys, and the address that stands in for OpenAI's own."""

    openai_key: SecretStr | None = None
    other_key: SecretStr | None = None  # for a server given by its base URL on another machine
    openai_base_url: str | None = None
    timeout_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model's full name, and the server that runs it: None is this process."""

    name: str
    model: str | None  # as the server calls it; None: the first that it serves
    base_url: str | None

    @property
    def host(self) -> str | None:
        """The host that texts are sent to, or None if they stay on this machine."""
        host = urlsplit(self.base_url).hostname if self.base_url else None
        return None if host is None or is_loopback(host) else host

    @property
    def address(self) -> str:
        """The server's address without the user name and password that it may hold."""
        return _without_user(self.base_url or "")

    def key(self, access: Access) -> SecretStr | None:
        """Return the key that may go to the server, or None if OpenAI wants one and there is none.

        OPENAI_API_KEY goes to OpenAI, OPENAI_BASE_URL and this machine, to nobody else.
        """
        if self.host and self.base_url not in (OPENAI_URL, access.openai_base_url):
            return access.other_key or _NO_KEY
        if self.base_url == OPENAI_URL and not access.openai_key:
            return None
        return access.openai_key or access.other_key or _NO_KEY

    def problem(self, error: Exception) -> str:
        """Return a vendor's error as the beginning of a sentence that says what to do. It quotes nothing the server
        said, which may be a key."""
        import openai

        by_url = self.name.startswith("http")
        place = f"The server at {self.address}" if by_url else f"{self.name} at {self.address}"
        if isinstance(error, openai.APITimeoutError | TimeoutError):
            return f"{place} did not answer in time; try again"
        if isinstance(error, openai.APIConnectionError):
            if was_reached(error):
                return f"{place} broke the connection off; try again"
            return f"{place} cannot be reached; start the server or correct the address"
        if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            key = "ASSISTANT_API_KEY" if self.host and by_url else "OPENAI_API_KEY"
            return f"{place} refused the key; correct {key} in the environment"
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

    cause: BaseException | None = error
    while cause and not isinstance(cause, httpx2.HTTPError):
        cause = cause.__cause__
    return cause is not None and not isinstance(cause, httpx2.ConnectError | httpx2.UnsupportedProtocol)


def served_model(name: str, access: Access) -> NamedModel | None:
    """Return the model that a name stands for, or None if it is not the name of one behind a server."""
    kind, _, rest = name.partition(":")
    kind = kind.lower()
    if kind == "openai" and rest:
        return NamedModel(name, rest, access.openai_base_url or OPENAI_URL)
    if kind == "ollama" and rest:
        return NamedModel(name, rest, _OLLAMA_URL)
    if kind in ("http", "https") and _has_host(name):
        base_url, _, model = name.partition("#")
        return NamedModel(_without_user(name), model or None, base_url.rstrip("/"))
    return None


def openai_client(served: NamedModel, key: SecretStr, *, timeout_seconds: float, max_retries: int) -> "OpenAI":
    from openai import OpenAI

    http_client = straight_client(served, timeout_seconds)
    secret = key.get_secret_value()
    return OpenAI(base_url=served.base_url, api_key=secret, http_client=http_client, max_retries=max_retries)


def straight_client(served: NamedModel, timeout_seconds: float) -> "httpx2.Client":
    """Return a client that goes where the user was told: through no proxy to this machine, along no redirect."""
    import httpx2

    _silence_the_wire()
    remote = served.host is not None
    return httpx2.Client(
        timeout=timeout_seconds, follow_redirects=False, trust_env=remote, verify=_certificates(remote)
    )


def straight_async_client(served: NamedModel) -> "httpx2.AsyncClient":
    """Return the same for a reader that keeps the time itself."""
    import httpx2

    _silence_the_wire()
    remote = served.host is not None
    return httpx2.AsyncClient(timeout=None, follow_redirects=False, trust_env=remote, verify=_certificates(remote))


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
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _without_user(url: str) -> str:
    """Return an address without the user name and password that it may hold."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:  # "http://[::1", without its bracket
        return False
