"""Settings, from the environment (prefix ASSISTANT_) and from a .env file in the current folder."""

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from vectorstore.servers import Access


class Settings(BaseSettings):
    """What can be set. Keys are read from the environment alone and are never shown."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", env_file=".env", extra="ignore", frozen=True)

    library: Path = Field(default_factory=lambda: user_data_path("research-assistant") / "library")
    model: str = "local:extractive"
    embedder: str = "minilm"
    reranker: str | None = None
    api_key: SecretStr | None = None  # for a server given by its base URL on another machine
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    strict: bool = False  # leave out the sentences of an answer that a passage speaks against
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

    @property
    def access(self) -> Access:
        """How servers of models are reached."""
        return Access(
            openai_key=self.openai_api_key,
            other_key=self.api_key,
            openai_base_url=self.openai_base_url,
            timeout_seconds=self.first_token_timeout_seconds,
        )
