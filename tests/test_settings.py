"""Settings: from the environment and .env files of one's own, frozen, with keys that are never shown."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.settings import Settings, config_folder


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ASSISTANT_MODEL", "ASSISTANT_LIBRARY", "ASSISTANT_EMBEDDER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_nothing_leaves_the_machine_by_default() -> None:
    assert (Settings().model, Settings().embedder, Settings().reranker) == ("local:extractive", "minilm", None)


def test_the_embedder_and_the_reranker_have_their_names_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "ollama:nomic-embed-text")
    monkeypatch.setenv("ASSISTANT_RERANKER", "fastembed:a/b")
    assert (Settings().embedder, Settings().reranker) == ("ollama:nomic-embed-text", "fastembed:a/b")


def test_a_key_alone_changes_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-fake")
    assert Settings().model == "local:extractive"


def test_the_environment_is_read_with_its_prefix(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSISTANT_LIBRARY", str(tmp_path / "mine"))
    monkeypatch.setenv("ASSISTANT_MODEL", "ollama:x")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    settings = Settings()
    assert (settings.library, settings.model) == (tmp_path / "mine", "ollama:x")
    assert settings.openai_base_url == "http://127.0.0.1:1/v1"


def test_a_file_in_the_current_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ASSISTANT_MODEL=ollama:file\n")
    assert Settings().model == "local:extractive"


def test_what_is_said_nearer_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("configuration/research-assistant", "library"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    library = tmp_path / "library"
    (config_folder() / ".env").write_text(f"ASSISTANT_LIBRARY={library}\nASSISTANT_MODEL=ollama:own\nOTHER=1\n")
    assert (Settings().library, Settings().model) == (library, "ollama:own")
    (library / ".env").write_text(
        "ASSISTANT_MODEL=ollama:library\nASSISTANT_EVIDENCE_PASSAGES=3\nASSISTANT_LIBRARY=elsewhere\n"
    )
    assert (Settings().library, Settings().model, Settings().evidence_passages) == (library, "ollama:library", 3)
    (tmp_path / "named").write_text("ASSISTANT_MODEL=ollama:named\n")
    named = Settings(_env_file=tmp_path / "named")  # type: ignore[call-arg]
    assert (named.model, named.evidence_passages) == ("ollama:named", 3)
    monkeypatch.setenv("ASSISTANT_MODEL", "ollama:environment")
    assert Settings(_env_file=tmp_path / "named").model == "ollama:environment"  # type: ignore[call-arg]
    assert Settings(model="ollama:given").model == "ollama:given"


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().model = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ASSISTANT_EVIDENCE_PASSAGES", "0"),
        ("ASSISTANT_EVIDENCE_TOKENS", "10"),
        ("ASSISTANT_FIRST_TOKEN_TIMEOUT_SECONDS", "0"),
        ("ASSISTANT_FIRST_TOKEN_TIMEOUT_SECONDS", "soon"),
        ("ASSISTANT_IDLE_TIMEOUT_SECONDS", "0"),
        ("ASSISTANT_CONTEXT_TOKENS", "100"),
        ("OPENAI_BASE_URL", "localhost:8000/v1"),
    ],
)
def test_a_value_out_of_its_range_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


def test_keys_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-one")
    monkeypatch.setenv("ASSISTANT_API_KEY", "sk-two")
    settings = Settings()
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-one"
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "sk-" not in shown
