"""A model's name -> a LangChain chat model, where it runs, and its errors in plain words.

local:extractive          the embedded model; nothing leaves the machine
openai:NAME               the OpenAI API, or OPENAI_BASE_URL where that is set
ollama:NAME               Ollama on this machine
http://HOST:PORT/v1#NAME  any OpenAI-compatible server; without #NAME, the first model that it serves
"""

from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from assistant.settings import Settings
from vectorstore.errors import AssistantError, ModelError
from vectorstore.servers import NamedModel, openai_client, served_model, straight_client

LOCAL = "local:extractive"
_WAY_OUT = f"or go on with the local model, {LOCAL}"


class ModelChoice(NamedModel):
    """A chat model, and what it means for the reader's words."""

    __slots__ = ()

    @property
    def privacy(self) -> str:
        """One plain sentence on what leaves the machine."""
        if self.host:
            return f"Your question and the passages found for it are sent to {self.host}."
        return "Nothing leaves this machine."


def model_choice(name: str, settings: Settings) -> ModelChoice:
    """Return what a model's name stands for. Raises ModelError if it is no model's name."""
    if name == LOCAL:
        return ModelChoice(name, None, None)
    served = served_model(name, settings.access)
    if served is None:
        raise ModelError(
            f"{name!r} is no model; use {LOCAL}, openai:NAME, ollama:NAME or the base URL of a server"
            " such as http://127.0.0.1:8000/v1."
        )
    return ModelChoice(served.name, served.model, served.base_url)


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
        http_client=straight_client(choice, settings.first_token_timeout_seconds),
        max_retries=1,
        stream_usage=True,
    )
    return model


def _first_served(choice: ModelChoice, settings: Settings) -> str:
    client = openai_client(choice, _key(choice, settings), timeout_seconds=10.0, max_retries=0)
    try:
        served = [model.id for model in client.models.list().data]
    except Exception as error:  # the client raises its own kinds, and others for a page that is no JSON
        raise model_error(error, choice) from error
    if not served:
        raise ModelError(f"The server at {choice.address} serves no model; load one there, {_WAY_OUT}.")
    return served[0]


def _key(choice: ModelChoice, settings: Settings) -> SecretStr:
    key = choice.key(settings.access)
    if key is None:
        raise ModelError(f"{choice.name} needs a key: set OPENAI_API_KEY in the environment, {_WAY_OUT}.")
    return key


def model_error(error: Exception, choice: ModelChoice) -> AssistantError:
    """Return a vendor's error as one sentence that says what to do. It never quotes a key."""
    return ModelError(f"{choice.problem(error)}, {_WAY_OUT}.")


def broken_off(choice: ModelChoice) -> AssistantError:
    """Return the error of an answer that ended in its middle."""
    said = f"{choice.name} at {choice.base_url} broke off in the middle of its answer; ask again"
    return ModelError(f"{said}, {_WAY_OUT}.")
