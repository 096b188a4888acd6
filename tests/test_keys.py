"""A key goes to the server that it was given for, and to no other: listeners record what they get."""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from assistant.models.providers import model_choice
from assistant.models.trial import trial
from assistant.records import Stage
from assistant.settings import Settings, config_folder
from assistant.ui.labels import LOCAL_MODEL, OLLAMA, OPENAI, OTHER_MODEL
from assistant.ui.model_picker import picked, privacy
from tests.command_line import problem, run
from tests.openai_server import OpenAIServer, Script, openai_server
from vectorstore.embedders.embeddings import embedding_model
from vectorstore.errors import ConfigurationError, EmbeddingError, ModelError
from vectorstore.servers import Access, NamedModel, origin_of, straight_client

KEY = "sk-fake-0123456789-never-send-me"
QUESTION = "What is Rainbow Padding?"


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without keys, and configuration, library and current folders of the test's own."""
    for name in list(os.environ):
        if name.startswith(("OPENAI_", "ASSISTANT_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("ASSISTANT_LIBRARY", str(tmp_path / "library"))
    for folder in (config_folder(), tmp_path / "library", tmp_path / "current"):
        folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "current")


@pytest.fixture
def listener() -> Iterator[OpenAIServer]:
    with openai_server(Script(pieces=("Rainbow Padding pads [1].",))) as server:
        yield server


def keys_got(listener: OpenAIServer) -> set[str | None]:
    """Return what came as a key, "Bearer none" for none."""
    return {request.authorization for request in listener.received}


def tried(name: str, settings: Settings, *, access: Access | None = None) -> None:
    """Ask a model as `Test it` and the commands do."""
    assert [
        event for event in trial(model_choice(name, settings, access=access), settings) if not isinstance(event, Stage)
    ]


def write_env(file: Path, **values: str) -> None:
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items()))


# -- environment and .env


def test_a_file_of_the_current_folder_leads_no_key_and_no_question_away(
    seeds_folder: Path, listener: OpenAIServer, tmp_path: Path
) -> None:
    write_env(
        tmp_path / "current" / ".env",
        OPENAI_BASE_URL=listener.base_url,
        ASSISTANT_MODEL=f"{listener.base_url}#m",
        ASSISTANT_EMBEDDER=f"{listener.base_url}#m",
        CHROMA_OTEL_COLLECTION_ENDPOINT=listener.base_url,
        CHROMA_API_IMPL="chromadb.api.fastapi.FastAPI",
    )
    library = shutil.copytree(seeds_folder, tmp_path / "copy")  # a question gives its papers their keys
    done = run(*("ask", QUESTION, "--json", "--library", library), cwd=tmp_path / "current", OPENAI_API_KEY=KEY)
    assert (done.returncode, json.loads(done.stdout)["model"]) == (0, "local:extractive")
    assert listener.received == []


@pytest.mark.parametrize("place", ["env-file", "library", "configuration"])
def test_an_address_of_one_place_gets_no_key_of_another(
    monkeypatch: pytest.MonkeyPatch, listener: OpenAIServer, tmp_path: Path, place: str
) -> None:
    file = {"library": tmp_path / "library" / ".env", "configuration": config_folder() / ".env"}
    named = file.get(place, tmp_path / "named")
    write_env(named, OPENAI_BASE_URL=listener.base_url, ASSISTANT_MODEL=f"{listener.base_url}#m")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ASSISTANT_API_KEY", KEY)
    settings = Settings(_env_file=tmp_path / "named")  # type: ignore[call-arg]
    assert settings.model == f"{listener.base_url}#m"
    tried("openai:m", settings)
    tried(settings.model, settings)
    embedding_model(f"{listener.base_url}#m", settings.access).embed_query("a question")
    assert keys_got(listener) == {"Bearer none"}


@pytest.mark.parametrize("place", ["env-file", "library", "configuration"])
def test_an_address_of_the_environment_gets_no_key_of_a_file(
    monkeypatch: pytest.MonkeyPatch, listener: OpenAIServer, tmp_path: Path, place: str
) -> None:
    file = {"library": tmp_path / "library" / ".env", "configuration": config_folder() / ".env"}
    write_env(file.get(place, tmp_path / "named"), OPENAI_API_KEY=KEY, ASSISTANT_API_KEY=KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", listener.base_url)
    monkeypatch.setenv("ASSISTANT_MODEL", f"{listener.base_url}#m")
    settings = Settings(_env_file=tmp_path / "named")  # type: ignore[call-arg]
    tried("openai:m", settings)
    tried(settings.model, settings)
    assert keys_got(listener) == {"Bearer none"}


@pytest.mark.parametrize("place", ["environment", "env-file", "library", "configuration"])
def test_an_address_gets_the_key_beside_it(
    monkeypatch: pytest.MonkeyPatch, listener: OpenAIServer, tmp_path: Path, place: str
) -> None:
    values = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": listener.base_url}
    if place == "environment":
        for name, value in values.items():
            monkeypatch.setenv(name, value)
    file = {"library": tmp_path / "library" / ".env", "configuration": config_folder() / ".env"}
    write_env(file.get(place, tmp_path / "named"), **(values if place != "environment" else {}))
    settings = Settings(_env_file=tmp_path / "named")  # type: ignore[call-arg]
    tried("openai:m", settings)
    embedding_model("openai:m", settings.access).embed_query("a question")
    assert keys_got(listener) == {f"Bearer {KEY}"}


def test_the_key_of_other_servers_goes_to_the_model_and_the_embedder_beside_it(
    monkeypatch: pytest.MonkeyPatch, listener: OpenAIServer
) -> None:
    monkeypatch.setenv("ASSISTANT_API_KEY", KEY)
    with openai_server() as embedder, openai_server(Script(pieces=("ready",))) as another:
        monkeypatch.setenv("ASSISTANT_MODEL", f"{listener.base_url}#m")
        monkeypatch.setenv("ASSISTANT_EMBEDDER", f"{embedder.base_url}#m")
        settings = Settings()
        tried(settings.model, settings)
        tried(f"{another.base_url}#m", settings)
        embedding_model(settings.embedder, settings.access).embed_query("a question")
        assert keys_got(listener) == keys_got(embedder) == {f"Bearer {KEY}"}
        assert keys_got(another) == {"Bearer none"}


def test_no_other_variable_of_the_client_is_sent(monkeypatch: pytest.MonkeyPatch, listener: OpenAIServer) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_WEBHOOK_SECRET", "OPENAI_CUSTOM_HEADERS"):
        monkeypatch.setenv(name, f"X-Key: {KEY}")
    settings = Settings()
    tried(f"{listener.base_url}#m", settings)
    embedding_model(f"{listener.base_url}#m", settings.access).embed_query("a question")
    assert KEY not in json.dumps([request.headers for request in listener.received])


def test_the_command_line_reads_a_file_that_is_named(
    seeds_folder: Path, listener: OpenAIServer, tmp_path: Path
) -> None:
    write_env(
        tmp_path / "named",
        OPENAI_BASE_URL=listener.base_url,
        OPENAI_API_KEY=KEY,
        ASSISTANT_MODEL="openai:m",
        ASSISTANT_CONTEXT_TOKENS="8000",
    )
    asked = ("ask", QUESTION, "--library", shutil.copytree(seeds_folder, tmp_path / "copy"), "--env-file")
    assert run(*asked, tmp_path / "named", cwd=tmp_path).returncode == 0
    assert keys_got(listener) == {f"Bearer {KEY}"}
    assert run(*asked, tmp_path / "nowhere", cwd=tmp_path).returncode == 2
    (tmp_path / "named").write_bytes(b"\xff\xfe")
    assert "A .env file cannot be read" in problem(run(*asked, tmp_path / "named", cwd=tmp_path))


# -- hosts that the configuration names


def test_a_host_of_the_configuration_gets_the_key_that_it_names(
    monkeypatch: pytest.MonkeyPatch, listener: OpenAIServer
) -> None:
    host = listener.base_url.removeprefix("http://").removesuffix("/v1")
    (config_folder() / "config.toml").write_text(
        f'[hosts."{host}"]\nkey_env = "LAB_KEY"\n\n[hosts."lab.example.org"]\n'
    )
    monkeypatch.setenv("LAB_KEY", KEY)
    settings = Settings()
    tried(f"{listener.base_url}#m", settings, access=settings.visitors_access({}))
    assert keys_got(listener) == {f"Bearer {KEY}"}
    assert set(settings.hosts) == {origin_of(listener.base_url), "https://lab.example.org:443"}


@pytest.mark.parametrize(
    "text", ["[hosts", "[hosts.a]\nkey = 'k'\n", "hosts = 3\n", '[hosts."a:b"]\n', "llama_files = 3"]
)
def test_a_configuration_that_cannot_be_read_is_named(text: str) -> None:
    (config_folder() / "config.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=r"config\.toml cannot be used"):
        Settings()


def test_no_file_beside_it_names_a_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = '{"https://evil.example:443": {"key_env": "OPENAI_API_KEY"}}'
    write_env(tmp_path / "library" / ".env", ASSISTANT_HOSTS=given, ASSISTANT_KEYS='{"https://evil.example:443": "k"}')
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert (dict(Settings().hosts), list(Settings().keys)) == ({}, ["https://api.openai.com:443"])


# -- what a visitor of the page names


def visited(kind: str, typed: str, keys: dict[str, SecretStr] | None = None) -> NamedModel:
    return picked(kind, typed, keys).choice(Settings())


def test_an_address_typed_in_the_page_gets_no_key_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, listener: OpenAIServer
) -> None:
    for name in ("OPENAI_API_KEY", "ASSISTANT_API_KEY"):
        monkeypatch.setenv(name, KEY)
    settings = Settings()
    list(trial(picked(OTHER_MODEL, f"{listener.base_url}#m").choice(settings), settings))
    assert keys_got(listener) == {"Bearer none"}


def test_a_key_typed_in_the_page_goes_to_the_server_it_was_typed_for(listener: OpenAIServer) -> None:
    with openai_server(Script(pieces=("ready",))) as another:
        keys = {origin_of(listener.base_url): SecretStr(KEY)}
        for server in (listener, another):
            list(trial(picked(OTHER_MODEL, f"{server.base_url}#m", keys).choice(Settings()), Settings()))
        assert (keys_got(listener), keys_got(another)) == ({f"Bearer {KEY}"}, {"Bearer none"})


@pytest.mark.parametrize(
    "address",
    [
        "http://attacker.example/v1#m",
        "https://127.0.0.1.attacker.example/v1#m",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/v1#m",
        "http://10.0.0.1/v1#m",
        "http://0.0.0.0:7889/v1#m",
        "http://2130706433/v1#m",
        "https://me@attacker.example/v1#m",
        "http://127.0.0.1@attacker.example/v1#m",
        "http://api.openai.com/v1#m",
        "https://api.openai.com:8443/v1#m",
    ],
)
def test_the_page_asks_only_this_machine_and_hosts_that_are_named(address: str) -> None:
    with pytest.raises(ModelError, match=r"is neither on this machine nor named in the configuration; add \[hosts\."):
        visited(OTHER_MODEL, address)


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize(
    "spelt", ["{}", "llama:{}", "LLAMA:{}", "{}/../model.gguf", "~/../..{}", "~nobody/x", "file\0", "."]
)
def test_the_page_loads_no_file_and_tells_of_none(tmp_path: Path, spelt: str, there: bool) -> None:
    file = tmp_path / "model.gguf"
    if there:
        file.write_bytes(b"GGUF")
    name = spelt.format(file) if spelt.startswith("LLAMA:") else "llama:" + spelt.format(file)
    with pytest.raises(ModelError) as refused:
        visited(OTHER_MODEL, name)
    shown = privacy(OTHER_MODEL, name, Settings())
    assert str(refused.value) == shown.sentence and shown.kind == "wrong"
    assert shown.sentence == (
        'The page loads no file that its owner has not named: add it to llama_files = ["..."] in'
        f" {Settings().hosts_file} and start the program again, or go on with the local model, local:extractive."
    )


def test_the_page_loads_the_files_that_its_owner_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (config_folder() / "config.toml").write_text(f'llama_files = ["{tmp_path}/a.gguf", "~/b.gguf"]\n')
    monkeypatch.setenv("ASSISTANT_MODEL", f"llama:{tmp_path}/c.gguf")
    write_env(tmp_path / "library" / ".env", ASSISTANT_LLAMA_FILES=f'["{tmp_path}/d.gguf"]')
    for named in (f"{tmp_path}/a.gguf", f"{Path.home()}/b.gguf", "~/b.gguf", f"{tmp_path}/c.gguf", "smollm2"):
        assert visited(OTHER_MODEL, f"llama:{named}").is_in_process
    with pytest.raises(ModelError, match="The page loads no file"):
        visited(OTHER_MODEL, f"llama:{tmp_path}/d.gguf")
    assert model_choice(f"llama:{tmp_path}/d.gguf", Settings()).is_in_process  # the owner's own choice


def test_the_page_asks_what_its_owner_named(monkeypatch: pytest.MonkeyPatch) -> None:
    (config_folder() / "config.toml").write_text('[hosts."lab.example.org"]\n')
    monkeypatch.setenv("ASSISTANT_MODEL", "https://mine.example.org/v1#m")
    hosts = [
        visited(*named).host
        for named in (
            (OTHER_MODEL, "https://lab.example.org/v1#m"),
            (OTHER_MODEL, "https://mine.example.org/v1#m"),
            (OTHER_MODEL, "http://localhost:1/v1#m"),
            (OPENAI, "gpt-x"),
            (OLLAMA, "m"),
            (LOCAL_MODEL, "http://attacker.example/v1#m"),
        )
    ]
    assert hosts == ["lab.example.org", "mine.example.org", None, "api.openai.com", None, None]


# -- the address that was checked


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "[::ffff:169.254.169.254]", "[fe80::1]", "100.100.100.200", "[fd00:ec2::254]"],
)
def test_nobody_reaches_an_address_where_no_model_is(address: str) -> None:
    with pytest.raises(ModelError, match=r"was not asked: .* leads to .*, an address of the machine's own network"):
        tried(f"http://{address}/v1#m", Settings())
    with pytest.raises(EmbeddingError, match="was not asked"):
        embedding_model(f"http://{address}/v1#m").embed_query("a question")


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names with the addresses that each look-up gives, one after the other, as the name server of an attacker does."""
    names: dict[str, list[str]] = {}
    really = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        return really(names[host].pop(0) if host in names else host, port, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return names


def test_a_name_that_leads_to_an_address_of_the_cloud_is_refused(name_server: dict[str, list[str]]) -> None:
    name_server |= {"lab.example.org": ["169.254.169.254"] * 9, "localhost": ["192.0.2.1"] * 9}
    with pytest.raises(ModelError, match=r"lab\.example\.org leads to 169\.254\.169\.254"):
        tried("http://lab.example.org/v1#m", Settings())
    with pytest.raises(ModelError, match=r"localhost leads to 192\.0\.2\.1 and not to this machine"):
        tried("http://localhost:1/v1#m", Settings())


def test_the_address_that_was_checked_is_connected_to(
    name_server: dict[str, list[str]], listener: OpenAIServer
) -> None:
    port = int(listener.base_url.rpartition(":")[2].removesuffix("/v1"))
    name_server["lab.example.org"] = ["127.0.0.1", "169.254.169.254"]
    tried(f"http://lab.example.org:{port}/v1#m", Settings(context_tokens=8000))
    assert [request.headers["Host"] for request in listener.received] == [f"lab.example.org:{port}"]
    assert name_server["lab.example.org"] == ["169.254.169.254"]  # one look-up, for one request

    name_server["lab.example.org"] = ["127.0.0.1", "169.254.169.254"]
    embedding_model(f"http://lab.example.org:{port}/v1#m").embed_query("a question")
    assert name_server["lab.example.org"] == ["169.254.169.254"]


def test_a_name_with_several_addresses_is_tried_at_each(listener: OpenAIServer) -> None:
    served = NamedModel("m", "m", listener.base_url.replace("127.0.0.1", "localhost"))  # on some machines ::1, too
    with straight_client(served, 5.0) as client:
        assert client.get(f"{served.base_url}/models").status_code == 200


def test_another_machine_is_reached_through_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, listener: OpenAIServer
) -> None:
    monkeypatch.setenv("http_proxy", listener.base_url.removesuffix("/v1"))
    with straight_client(NamedModel("m", "m", "http://lab.example.org/v1"), 5.0) as client:
        client.get("http://lab.example.org/v1/models")
    assert [request.path for request in listener.received] == ["http://lab.example.org/v1/models"]
    with pytest.raises(httpx2.ConnectError), straight_client(NamedModel("m", "m", "http://127.0.0.1:9"), 5.0) as client:
        client.get("http://127.0.0.1:9/models")
