"""A model's name -> a LangChain chat model, where it runs, and its errors in plain words.

local:extractive          the embedded model; nothing leaves the machine
openai:NAME               the OpenAI API, or OPENAI_BASE_URL where that is set
ollama:NAME               Ollama on this machine
http://HOST:PORT/v1#NAME  any OpenAI-compatible server; without #NAME, the first model that it serves
"""

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from assistant.settings import Settings
from vectorstore.errors import AssistantError, ModelError

if TYPE_CHECKING:
    import httpx2

LOCAL = "local:extractive"
_OLLAMA_URL = "http://127.0.0.1:11434/v1"
_OPENAI_URL = "https://api.openai.com/v1"
_NO_KEY = SecretStr("none")  # local servers ignore the key, but the protocol wants one
_WAY_OUT = f"or go on with the local model, {LOCAL}"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model's full name, and the server that runs it: None is this process."""

    name: str
    model: str | None  # as the server calls it; None: the first that it serves
    base_url: str | None

    @property
    def host(self) -> str | None:
        """The host that questions and passages are sent to, or None if they stay on this machine."""
        host = urlsplit(self.base_url).hostname if self.base_url else None
        return None if host is None or is_loopback(host) else host

    @property
    def address(self) -> str:
        """The server's address without the user name and password that it may hold."""
        url = urlsplit(self.base_url or "")
        return urlunsplit(url._replace(netloc=url.netloc.rpartition("@")[2]))

    @property
    def privacy(self) -> str:
        """One plain sentence on what leaves the machine."""
        if self.host:
            return f"Your question and the passages found for it are sent to {self.host}."
        return "Nothing leaves this machine."


def model_choice(name: str, settings: Settings) -> ModelChoice:
    """Return what a model's name stands for. Raises ModelError if it is no model's name."""
    kind, _, rest = name.partition(":")
    kind = kind.lower()
    if name == LOCAL:
        return ModelChoice(name, None, None)
    if kind == "openai" and rest:
        return ModelChoice(name, rest, settings.openai_base_url or _OPENAI_URL)
    if kind == "ollama" and rest:
        return ModelChoice(name, rest, _OLLAMA_URL)
    if kind in ("http", "https") and _has_host(name):
        base_url, _, model = name.partition("#")
        return ModelChoice(name, model or None, base_url.rstrip("/"))
    raise ModelError(
        f"{name!r} is no model; use {LOCAL}, openai:NAME, ollama:NAME or the base URL of a server"
        " such as http://127.0.0.1:8000/v1."
    )


def chat_model(choice: ModelChoice, settings: Settings) -> BaseChatModel:
    """Return the chat model of a choice. Raises ModelError: no key, or a server that cannot be reached."""
    if choice.base_url is None:
        from assistant.extractive import ExtractiveChatModel

        return ExtractiveChatModel()
    from langchain.chat_models import init_chat_model

    model: BaseChatModel = init_chat_model(
        choice.model or _first_served(choice, settings),
        model_provider="openai",
        base_url=choice.base_url,
        api_key=_key(choice, settings),
        timeout=settings.first_token_timeout_seconds,
        http_client=_http_client(choice, settings.first_token_timeout_seconds),
        max_retries=1,
        stream_usage=True,
    )
    return model


def _first_served(choice: ModelChoice, settings: Settings) -> str:
    from openai import OpenAI

    key = _key(choice, settings).get_secret_value()
    client = OpenAI(base_url=choice.base_url, api_key=key, http_client=_http_client(choice, 10.0), max_retries=0)
    try:
        served = [model.id for model in client.models.list().data]
    except Exception as error:  # the client raises its own kinds, and others for a page that is no JSON
        raise model_error(error, choice) from error
    if not served:
        raise ModelError(f"The server at {choice.address} serves no model; load one there, {_WAY_OUT}.")
    return served[0]


def _http_client(choice: ModelChoice, timeout_seconds: float) -> "httpx2.Client":
    """Return a client that goes where the user was told: through no proxy to this machine, along no redirect."""
    import httpx2

    return httpx2.Client(timeout=timeout_seconds, follow_redirects=False, trust_env=choice.host is not None)


def _key(choice: ModelChoice, settings: Settings) -> SecretStr:
    """Return the key for a choice. OPENAI_API_KEY goes to OpenAI, OPENAI_BASE_URL and this machine, to nobody else."""
    if choice.host and choice.base_url not in (_OPENAI_URL, settings.openai_base_url):
        return settings.api_key or _NO_KEY
    if choice.base_url == _OPENAI_URL and not settings.openai_api_key:
        raise ModelError(f"{choice.name} needs a key: set OPENAI_API_KEY in the environment, {_WAY_OUT}.")
    return settings.openai_api_key or settings.api_key or _NO_KEY


def model_error(error: Exception, choice: ModelChoice) -> AssistantError:
    """Return a vendor's error as one sentence that says what to do. It never quotes a key."""
    import openai

    place = (
        f"The server at {choice.address}" if choice.name.startswith("http") else f"{choice.name} at {choice.address}"
    )
    key = "ASSISTANT_API_KEY" if choice.host and choice.name.startswith("http") else "OPENAI_API_KEY"
    if isinstance(error, openai.APITimeoutError):
        said = f"{place} did not answer in time; try again"
    elif isinstance(error, openai.APIConnectionError):
        said = f"{place} cannot be reached; start the server or correct the address"
    elif isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        said = f"{place} refused the key; correct {key} in the environment"
    elif isinstance(error, openai.NotFoundError):
        said = f"{place} was not found; correct the model's name or the address"
    elif isinstance(error, openai.RateLimitError):
        said = f"{place} allows no more requests now; wait a minute and ask again"
    elif isinstance(error, openai.BadRequestError):
        said = f"{place} refused the request; choose another model"
    else:
        said = f"{place} failed ({type(error).__name__}); try again"
    return ModelError(f"{said}, {_WAY_OUT}.")


def broken_off(choice: ModelChoice) -> AssistantError:
    """Return the error of an answer that ended in its middle."""
    said = f"{choice.name} at {choice.base_url} broke off in the middle of its answer; ask again"
    return ModelError(f"{said}, {_WAY_OUT}.")


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:  # "http://[::1", without its bracket
        return False


def is_loopback(host: str) -> bool:
    """Tell whether a host, by name or address, is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
