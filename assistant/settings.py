"""Settings and keys, and the places where they are given.

The environment, the file of `--env-file`, `.env` in the library's folder, and `.env` in the user's configuration
folder: what an earlier one says stands. Nothing is read from the current folder. A key goes to the server that is named
at the same place, and to no other: OPENAI_API_KEY to OPENAI_BASE_URL, or to OpenAI without it; ASSISTANT_API_KEY to the
servers of ASSISTANT_MODEL, ASSISTANT_EMBEDDER and ASSISTANT_JUDGE. `config.toml` in the configuration folder names
further servers and files:

llama_files = ["/models/qwen3-4b.gguf"]  # the files that models named llama:FILE may be loaded from in the page
[hosts."api.example.org"]
key_env = "EXAMPLE_API_KEY"  # the environment variable that holds the key; without it there is none
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from platformdirs import user_config_path, user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from vectorstore.errors import ConfigurationError
from vectorstore.servers import OPENAI_URL, Access, is_address, is_loopback, origin_of, plain_path

_NAME = "research-assistant"
_HOSTS_FILE = "config.toml"


class Host(BaseModel):
    """A server that models may be asked from, and the environment variable that holds its key, if it wants one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key_env: str | None = None


class Settings(BaseSettings):
    """What can be set. Keys are never shown."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", extra="ignore", frozen=True)

    library: Path = Field(default_factory=lambda: user_data_path(_NAME) / "library")
    model: str = "local:extractive"
    embedder: str = "minilm"
    reranker: str | None = None
    api_key: SecretStr | None = None
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    password: SecretStr | None = None  # that the page asks for
    hosts: Mapping[str, Host] = {}  # by origin; from config.toml alone
    llama_files: tuple[str, ...] = ()  # from config.toml alone
    keys: Mapping[str, SecretStr] = {}  # by the origin of the server that each is for; see `_keys`
    # Where `enrich` and `ingest doi:...` ask; set for tests alone, to a server on this machine.
    arxiv_url: str = "https://export.arxiv.org/api/query"
    crossref_url: str = "https://api.crossref.org/works"
    openalex_url: str = "https://api.openalex.org/works"
    strict: bool = False  # leave out the sentences of an answer that a passage speaks against
    natbib: bool = False  # LaTeX with \citet and \citep in the place of names and \cite
    judge: str = ""  # the model that checks an answer's claims, "off" for none; without it the answering one, if local
    evidence_passages: int = Field(default=8, ge=1)
    evidence_tokens: int | None = Field(default=None, ge=500)  # of o200k_base, in a prompt; by the model without it
    context_tokens: int | None = Field(default=None, ge=1000)  # that the model reads, where its server does not tell
    answer_tokens: int = Field(default=1024, ge=16)  # that a model in this process writes at most
    first_token_timeout_seconds: float = Field(default=60.0, gt=0)
    idle_timeout_seconds: float = Field(default=30.0, gt=0)  # in the middle of an answer

    @field_validator("library", mode="before")
    @classmethod
    def _named(cls, library: object) -> object:
        if isinstance(library, str) and not library.strip():  # Path would take it for the current folder
            raise ValueError("it is empty; name a folder, or do not set it")
        return library

    @field_validator("openai_base_url", "arxiv_url", "crossref_url", "openalex_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value and not is_address(value):
            raise ValueError(f"{value!r} is no address; write one such as {OPENAI_URL}")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return what all places say as one source: which key belongs to which server is seen place by place."""
        given = [init_settings(), env_settings(), dotenv_settings()]
        own = DotEnvSettingsSource(settings_cls, env_file=config_folder() / ".env")()
        library = next((place["library"] for place in [*given, own] if place.get("library")), None)
        folder = Path(library) if library else cls.model_fields["library"].get_default(call_default_factory=True)
        beside = DotEnvSettingsSource(settings_cls, env_file=folder / ".env")()
        beside.pop("library", None)
        places = [*given, beside, own]
        said = {name: value for place in reversed(places) for name, value in place.items()}
        hosts, files = _configured()
        said |= {"hosts": hosts, "llama_files": files}
        keys = {origin: key for place in reversed(places) for origin, key in _keys(place)}
        said["keys"] = {**_keys_of(hosts), **keys}
        return (InitSettingsSource(settings_cls, init_kwargs=said),)

    @property
    def hosts_file(self) -> Path:
        """The file that names further servers."""
        return config_folder() / _HOSTS_FILE

    @property
    def access(self) -> Access:
        """How servers of models are reached that their owner names."""
        return Access(
            keys=self.keys, openai_base_url=self.openai_base_url, timeout_seconds=self.first_token_timeout_seconds
        )

    def visitors_access(self, keys: Mapping[str, SecretStr]) -> Access:
        """Return how models are reached that a visitor of the page names, with the `keys` that the visitor gave:
        servers on this machine, and servers and files that the settings name."""
        named = [self.openai_base_url or OPENAI_URL, self.model, self.embedder]
        origins = {origin_of(name) for name in named if is_address(name)}
        own = (name.partition(":")[2] for name in (self.model, self.judge) if name.lower().startswith("llama:"))
        return replace(
            self.access,
            keys={**self.keys, **keys},
            origins=frozenset(origins | {*self.hosts} | {*self.keys}),
            files=frozenset(map(plain_path, (*self.llama_files, *own))),
        )


def config_folder() -> Path:
    """Return the user's configuration folder."""
    return user_config_path(_NAME)


def _configured() -> tuple[dict[str, Host], tuple[str, ...]]:
    """Return the servers that config.toml names, by origin, and the files. Raises ConfigurationError if it cannot be
    read."""
    file = config_folder() / _HOSTS_FILE
    if not file.exists():
        return {}, ()
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
        hosts = {_origin_of_host(name): Host.model_validate(host) for name, host in dict(said.get("hosts", {})).items()}
        return hosts, TypeAdapter(tuple[str, ...]).validate_python(said.get("llama_files", []))
    except (OSError, TypeError, ValueError) as error:
        raise ConfigurationError(
            f'{file} cannot be used ({error}); write [hosts."api.example.org"], and below it key_env = "VARIABLE"; and'
            ' llama_files = ["/models/qwen3-4b.gguf"] before it.'
        ) from error


def _origin_of_host(name: str) -> str:
    """Return the origin that a host's name stands for: encrypted unless it is this machine, or a scheme is named."""
    scheme = "http" if is_loopback(urlsplit(f"//{name}").hostname or "") else "https"
    return origin_of(name if "://" in name else f"{scheme}://{name}")


def _keys_of(hosts: Mapping[str, Host]) -> dict[str, str]:
    return {origin: key for origin, host in hosts.items() if host.key_env and (key := os.environ.get(host.key_env))}


def _keys(place: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the keys of one place, each with the origin of the server that is named there."""
    if key := place.get("OPENAI_API_KEY"):
        base_url = place.get("OPENAI_BASE_URL") or OPENAI_URL
        if is_address(base_url):
            yield origin_of(base_url), key
    for name in ("model", "embedder", "judge"):
        if (key := place.get("api_key")) and is_address(place.get(name, "")):
            yield origin_of(place[name]), key
