"""A model's name -> a LangChain chat model, where it runs, and its errors in plain words.

local:extractive          the embedded model; nothing leaves the machine
openai:NAME               the OpenAI API, or OPENAI_BASE_URL where that is set
ollama:NAME               Ollama on this machine
llama:FILE.gguf           a model's file, run in this process by llama.cpp; llama:smollm2, one that a package carries
http://HOST:PORT/v1#NAME  any OpenAI-compatible server; without #NAME, the first model that it serves
anthropic:NAME            and google_genai:, mistralai: a vendor's own package for LangChain, with the vendor's key
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from assistant.models.weights import CONTEXT_TOKENS, SMOLLM2, weights_of
from assistant.settings import Settings
from vectorstore.errors import AssistantError, ModelError, PromptTooLong
from vectorstore.servers import Access, NamedModel, origin_of, served_model, straight_async_client, straight_client

if TYPE_CHECKING:
    import httpx2

LOCAL = "local:extractive"
_LLAMA = "llama:"
# Vendors whose own LangChain packages are used: the package, the host that texts are sent to, the key's variable.
_VENDORS = {
    "anthropic": ("langchain-anthropic", "api.anthropic.com", "ANTHROPIC_API_KEY"),
    "google_genai": ("langchain-google-genai", "generativelanguage.googleapis.com", "GOOGLE_API_KEY"),
    "mistralai": ("langchain-mistralai", "api.mistral.ai", "MISTRAL_API_KEY"),
}
_SMOLLM2 = "SmolLM2-135M-Instruct"
_WAY_OUT = f"or go on with the local model, {LOCAL}"
# How servers say it: OpenAI, vLLM, llama.cpp, LM Studio, LiteLLM.
_TOO_LONG = re.compile(
    r"context[ _](?:length|size|window)|maximum context|contextwindow|context the overflows|prompt is too long"
    r"|input tokens exceed",
    re.IGNORECASE,
)


class ModelChoice(NamedModel):
    """A chat model, and what it means for the reader's words."""

    __slots__ = ()

    @property
    def is_extractive(self) -> bool:
        """Tell whether it is the local composer, which is no chat model."""
        return self.name == LOCAL

    @property
    def is_in_process(self) -> bool:
        """Tell whether it is a language model that runs in this process."""
        return self.base_url is None and not self.is_extractive and not self.vendor

    @property
    def vendor(self) -> str:
        """The vendor whose own package is used, "" for none."""
        prefix = self.name.partition(":")[0]
        return prefix if prefix in _VENDORS else ""

    @property
    def host(self) -> str | None:
        """The host that texts are sent to, or None if they stay on this machine."""
        return _VENDORS[self.vendor][1] if self.vendor else NamedModel.host.fget(self)  # type: ignore[attr-defined]

    @property
    def weights(self) -> str:
        """What stands behind "llama:": a file, or the name of one that a package carries."""
        return self.name[len(_LLAMA) :]

    @property
    def privacy(self) -> str:
        """One plain sentence on what leaves the machine."""
        if self.host:
            return f"Your question and the passages found for it are sent to {self.host}."
        return "Nothing leaves this machine."

    @property
    def shown(self) -> str:
        """How a sentence begins that is about the model."""
        return f"The server at {self.address}" if self.name.startswith("http") else self.name


def model_choice(name: str, settings: Settings, *, access: Access | None = None) -> ModelChoice:
    """Return what a model's name stands for, reached as the settings say if not by an `access` of its own.

    Raises ModelError if it is no model's name, or its server may not be asked, or its file may not be loaded.
    """
    if name == LOCAL:
        return ModelChoice(name, None, None)
    if name.lower().startswith(_LLAMA) and len(name) > len(_LLAMA):
        weights = name[len(_LLAMA) :]
        is_packaged = weights.lower() == SMOLLM2
        if access and not is_packaged and not access.admits_file(weights):  # the same whether there is such a file
            raise ModelError(
                f'The page loads no file that its owner has not named: add it to llama_files = ["..."] in'
                f" {settings.hosts_file} and start the program again, {_WAY_OUT}."
            )
        return ModelChoice(name, _SMOLLM2 if is_packaged else Path(weights).stem, None)
    vendor, _, model = name.partition(":")
    if vendor in _VENDORS and model:
        return ModelChoice(name, model, None)
    access = access or settings.access
    served = served_model(name, access)
    if served is None:
        raise ModelError(
            f"{name!r} is no model; use {LOCAL}, openai:NAME, ollama:NAME, llama:FILE.gguf or the base URL of a server"
            " such as http://127.0.0.1:8000/v1."
        )
    choice = ModelChoice(served.name, served.model, served.base_url, served.key)
    if not access.admits(served.base_url or ""):
        host = origin_of(choice.address).removeprefix("https://").removesuffix(":443")
        raise ModelError(
            f'{choice.shown} is neither on this machine nor named in the configuration; add [hosts."{host}"] to'
            f" {settings.hosts_file} and start the program again, {_WAY_OUT}."
        )
    return choice


def chat_model(choice: ModelChoice, settings: Settings, *, client: "httpx2.AsyncClient | None" = None) -> BaseChatModel:
    """Return the chat model of a choice that names one; `client` for its asynchronous use if not one of its own.

    It tries nothing twice: that is the caller's business. Raises ModelError if there is no key, or no such file.
    """
    if choice.is_in_process:
        from assistant.models.llama import LlamaChatModel

        return LlamaChatModel(
            path=weights_of(choice.weights),
            context_tokens=settings.context_tokens or CONTEXT_TOKENS,
            max_tokens=settings.answer_tokens,
        )
    if choice.vendor:
        return _of_vendor(choice)
    from assistant.models.served_chat import ServedChatModel

    return ServedChatModel(
        model=choice.model or "",
        base_url=choice.base_url,
        api_key=key_of(choice),
        http_client=straight_client(choice, settings.first_token_timeout_seconds),
        http_async_client=client or straight_async_client(choice),
        max_retries=0,
        stream_usage=True,
        stream_chunk_timeout=None,
        use_responses_api=False,  # no other server has it
    )


def _of_vendor(choice: ModelChoice) -> BaseChatModel:
    """Return a vendor's own chat model. Its package reads the key from the variable of that vendor.

    Raises ModelError if the package is not installed, or there is no key.
    """
    from langchain.chat_models import init_chat_model

    package, _, variable = _VENDORS[choice.vendor]
    try:
        return cast(BaseChatModel, init_chat_model(choice.model, model_provider=choice.vendor))
    except ImportError:
        raise ModelError(f"{choice.name} needs the package {package}: pip install {package}, {_WAY_OUT}.") from None
    except ValueError:  # pydantic's, for a key that is missing
        raise ModelError(f"{choice.name} needs a key: set {variable} in the environment, {_WAY_OUT}.") from None


def key_of(choice: ModelChoice) -> SecretStr:
    """Return the key that is sent to the server. Raises ModelError if it wants one and there is none."""
    if choice.key is None:
        raise ModelError(f"{choice.name} needs a key: set OPENAI_API_KEY in the environment, {_WAY_OUT}.")
    return choice.key


def model_error(error: Exception, choice: ModelChoice) -> AssistantError:
    """Return a vendor's error as one sentence that says what to do. It never quotes a key.

    Raise it `from None`: the vendor's error quotes the server, which may have sent the key back.
    """
    import openai

    if choice.vendor:
        return ModelError(
            f"{choice.name} failed ({type(error).__name__}); check its name, the key and the network, {_WAY_OUT}."
        )
    if choice.is_in_process:
        if not _TOO_LONG.search(str(error)):
            return ModelError(f"{choice.name} failed; ask again, or choose another model, {_WAY_OUT}.")
        return _too_long(choice)
    if isinstance(error, openai.APIError) and _TOO_LONG.search(f"{error.message} {error.body}"):
        return _too_long(choice)
    return ModelError(f"{choice.problem(error)}, {_WAY_OUT}.")


def _too_long(choice: ModelChoice) -> PromptTooLong:
    said = f"The question with its evidence is longer than {choice.name} reads; set ASSISTANT_CONTEXT_TOKENS"
    return PromptTooLong(f"{said} to what it reads, {_WAY_OUT}.")


def problem_of(choice: ModelChoice, said: str) -> AssistantError:
    """Return the error of a model that did what `said` says: "... wrote no text; ask again"."""
    return ModelError(f"{choice.shown} {said}, {_WAY_OUT}.")
