"""Embedding by a server on loopback that speaks OpenAI's protocol: right vectors, or one sentence that says why not."""

import math
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from assistant.settings import Settings
from tests.openai_server import Embedding, OpenAIServer, openai_server, vector_of
from tests.test_privacy import silent_server
from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.embedders.embeddings import (
    CachedEmbeddings,
    EmbeddingModel,
    embedding_model,
    embedding_privacy,
    text_key,
)
from vectorstore.embedders.served_embeddings import TEXTS_A_REQUEST, unit_vectors
from vectorstore.errors import EmbeddingError
from vectorstore.servers import OPENAI_URL, Access, origin_of

KEY = "sk-fake-0123456789-never-show-me"
TEXTS = [f"Paper number {number}" for number in range(3)]


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with openai_server() as running:
        yield running


def model_of(server: OpenAIServer, **access: Any) -> EmbeddingModel:
    keys = {origin_of(server.base_url): SecretStr(KEY)}
    return embedding_model(f"{server.base_url}#m", Access(keys, timeout_seconds=5.0, **access))


def embedded(model: EmbeddingModel, texts: list[str]) -> np.ndarray:
    return np.concatenate([batch for _, batch in model.batches(texts)])


def right(texts: list[str]) -> np.ndarray:
    return unit_vectors([vector_of(text) for text in texts])


# -- names


@pytest.mark.parametrize(
    ("name", "base_url", "full_name", "host"),
    [
        ("openai:text-embedding-3-small", None, "openai:text-embedding-3-small", "api.openai.com"),
        ("OpenAI:m", None, "openai:m", "api.openai.com"),
        ("openai:m", "https://proxy.example.org/v1", "https://proxy.example.org/v1#m", "proxy.example.org"),
        ("ollama:nomic-embed-text:v1.5", None, "ollama:nomic-embed-text:v1.5", None),
        ("http://127.0.0.1:8000/v1#m/n", None, "http://127.0.0.1:8000/v1#m/n", None),
        ("https://me:secret@host.example.org/v1/#m", None, "https://host.example.org/v1#m", "host.example.org"),
    ],
)
def test_a_full_name_tells_one_servers_model_from_anothers(
    name: str, base_url: str | None, full_name: str, host: str | None
) -> None:
    keys = {origin_of(OPENAI_URL): SecretStr(KEY)}
    model = embedding_model(name, Access(keys, openai_base_url=base_url))
    assert (model.name, model.host) == (full_name, host)
    assert embedding_model(full_name, Access(keys)).name == full_name


@pytest.mark.parametrize("name", ["", "gpt", "openai:", "ollama:", "fastembed:", "ftp://x/v1#m", "http://#m", "MiniLM"])
def test_any_other_name_is_refused_with_the_ways_to_name_one(name: str) -> None:
    with pytest.raises(EmbeddingError, match="choose minilm, openai:NAME, ollama:NAME, fastembed:NAME or the base URL"):
        embedding_model(name)


def test_a_server_without_a_models_name_is_asked_for_one() -> None:
    with pytest.raises(EmbeddingError, match=r"write the one to embed with as http://127\.0\.0\.1:1/v1#NAME"):
        embedding_model("http://127.0.0.1:1/v1")


def test_openai_without_a_key_says_which_one_to_set() -> None:
    with pytest.raises(EmbeddingError, match="needs a key: set OPENAI_API_KEY in the environment, or choose another"):
        embedding_model("openai:m")


# -- vectors


@pytest.mark.parametrize("floats", [False, True], ids=["base64", "numbers"])
def test_vectors_come_in_order_and_at_length_one(server: OpenAIServer, floats: bool) -> None:
    server.embedding = Embedding(floats=floats, change=lambda data: data[::-1])
    texts = [f"Paper number {number}" for number in range(2 * TEXTS_A_REQUEST + 1)]

    found = embedded(model_of(server), texts)

    assert np.allclose(found, right(texts), atol=1e-6)
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0)
    assert found.dtype == np.float32
    assert [len(batch) for batch in server.embedded] == [TEXTS_A_REQUEST, TEXTS_A_REQUEST, 1]
    assert {request.body["model"] for request in server.received} == {"m"}


def test_a_query_is_embedded_as_a_paper_is(server: OpenAIServer) -> None:
    assert np.allclose(model_of(server).embed_query(TEXTS[0]), right(TEXTS[:1])[0], atol=1e-6)


def test_what_utf8_and_the_protocol_cannot_take_is_cut_or_replaced(server: OpenAIServer) -> None:
    embedded(model_of(server), ["a \ud800", "x" * 100_000])
    assert server.embedded == [["a ?", "x" * 8000]]


def test_a_request_that_fails_for_a_moment_is_sent_again(server: OpenAIServer) -> None:
    server.embedding = Embedding(statuses=(429, 500))
    assert np.allclose(embedded(model_of(server), TEXTS), right(TEXTS), atol=1e-6)
    assert len(server.embedded) == 3


# -- failures


def without(field: str) -> Callable[[list[dict[str, Any]]], Any]:
    return lambda data: [{key: value for key, value in item.items() if key != field} for item in data]


def first_vector(value: Any) -> Callable[[list[dict[str, Any]]], Any]:
    return lambda data: [{**data[0], "embedding": value}, *data[1:]]


NOT_THE_PROTOCOL = "did not answer with one vector of finite numbers for each text"
FAILURES: dict[str, tuple[Embedding, str]] = {
    "401": (Embedding(status=401), "refused the key; correct the key that is given for this host"),
    "403": (Embedding(status=403), "refused the key"),
    "404": (Embedding(status=404), "was not found; correct the model's name"),
    "400": (Embedding(status=400), "refused the request"),
    "429": (Embedding(status=429), "allows no more requests now"),
    "500": (Embedding(status=500), "failed with status 500; try again"),
    "too few": (Embedding(change=lambda data: data[:-1]), NOT_THE_PROTOCOL),
    "too many": (Embedding(change=lambda data: [*data, {**data[0], "index": 3}]), NOT_THE_PROTOCOL),
    "none": (Embedding(change=lambda data: []), NOT_THE_PROTOCOL),
    "null": (Embedding(change=lambda data: None), NOT_THE_PROTOCOL),
    "one index twice": (Embedding(change=lambda data: [data[0], data[0], data[1]]), NOT_THE_PROTOCOL),
    "no index": (Embedding(change=without("index")), NOT_THE_PROTOCOL),
    "no vector": (Embedding(change=without("embedding")), NOT_THE_PROTOCOL),
    "an empty vector": (Embedding(change=lambda data: [{**item, "embedding": []} for item in data]), NOT_THE_PROTOCOL),
    "NaN": (Embedding(floats=True, change=first_vector([math.nan] * 48)), NOT_THE_PROTOCOL),
    "infinity": (Embedding(floats=True, change=first_vector([math.inf] + [0.0] * 47)), NOT_THE_PROTOCOL),
    "zeros": (Embedding(floats=True, change=first_vector([0.0] * 48)), NOT_THE_PROTOCOL),
    "words": (Embedding(floats=True, change=first_vector(["a"] * 48)), NOT_THE_PROTOCOL),
    "another size": (Embedding(floats=True, change=first_vector([1.0] * 7)), NOT_THE_PROTOCOL),
    "bad base64": (Embedding(change=first_vector("###")), NOT_THE_PROTOCOL),
    "a web page": (Embedding(body=b"<html>hello</html>"), NOT_THE_PROTOCOL),
    "a JSON list": (Embedding(body=b"[1, 2]"), NOT_THE_PROTOCOL),
}


@pytest.mark.parametrize(("embedding", "said"), FAILURES.values(), ids=FAILURES)
def test_a_failure_is_one_sentence_with_a_way_out_and_no_key(
    server: OpenAIServer, embedding: Embedding, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.01)
    server.embedding = embedding
    with pytest.raises(EmbeddingError) as caught:
        embedded(model_of(server), TEXTS)
    sentence = str(caught.value)
    assert said in sentence
    assert server.base_url in sentence
    assert sentence.endswith("or choose another embedder in ASSISTANT_EMBEDDER.")
    assert "\n" not in sentence
    assert KEY not in sentence


def test_a_server_that_does_not_answer_is_waited_for_no_longer_than_set(server: OpenAIServer) -> None:
    server.embedding = Embedding(silent_seconds=2.0)
    with pytest.raises(EmbeddingError, match="did not answer in time"):
        embedding_model(f"{server.base_url}#m", Access(timeout_seconds=0.2)).embed_query("a question")
    assert len(server.embedded) == 2  # somebody waits: once again, not more


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}/v1"
    with pytest.raises(EmbeddingError, match=f"The server at {address} cannot be reached; start the server"):
        embedding_model(f"{address}#m").embed_query("a question")


# -- keys and privacy


def test_the_key_goes_to_the_address_that_stands_for_openai(server: OpenAIServer) -> None:
    access = Access({origin_of(server.base_url): SecretStr(KEY)}, openai_base_url=server.base_url)
    embedding_model("openai:m", access).embed_query("a question")
    assert [request.authorization for request in server.received] == [f"Bearer {KEY}"]


def test_another_host_never_gets_the_openai_key() -> None:
    access = Access({origin_of(OPENAI_URL): SecretStr(KEY)})
    model: Any = embedding_model("https://host.example.org/v1#m", access)
    assert model._client.api_key == "none"


def test_texts_to_this_machine_take_no_proxy(server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with silent_server(status=502) as (proxy, proxied):
        monkeypatch.setenv("HTTP_PROXY", proxy)
        monkeypatch.setenv("http_proxy", proxy)
        embedded(model_of(server), TEXTS)
    assert (len(server.embedded), proxied) == (1, [])


def test_a_server_cannot_send_texts_on(server: OpenAIServer) -> None:
    with silent_server(status=307, location=f"{server.base_url}/embeddings") as (address, requests):
        with pytest.raises(EmbeddingError, match=r"sends requests on to another address"):
            embedding_model(f"{address}/v1#m").embed_query("a secret question")
        assert requests
    assert server.received == []


def test_no_key_is_in_the_repr_of_what_holds_it() -> None:
    assert KEY not in repr(Settings(OPENAI_API_KEY=KEY).access)  # type: ignore[call-arg]


def test_what_leaves_the_machine_is_said_with_its_host() -> None:
    assert embedding_privacy("api.openai.com") == (
        "The title and abstract of every paper, and every question, are sent to api.openai.com to be embedded."
    )


# -- the cache


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    catalogue = Catalogue(sqlite_url(tmp_path / "catalogue.sqlite"))
    yield catalogue
    catalogue.close()


def test_what_was_embedded_before_a_failure_is_not_sent_again(server: OpenAIServer, catalogue: Catalogue) -> None:
    texts = [f"Paper number {number}" for number in range(3 * TEXTS_A_REQUEST)]
    server.embedding = Embedding(statuses=(200, 200), status=401)
    with pytest.raises(EmbeddingError, match="refused the key"):
        CachedEmbeddings(model_of(server), catalogue).embed(texts)
    server.received.clear()
    server.embedding = Embedding()

    again = CachedEmbeddings(model_of(server), catalogue)

    assert np.allclose(again.embed(texts), right(texts), atol=1e-6)
    assert server.embedded == [texts[2 * TEXTS_A_REQUEST :]]
    assert again.embedded == TEXTS_A_REQUEST


def test_two_servers_models_of_one_name_have_their_own_vectors(server: OpenAIServer, catalogue: Catalogue) -> None:
    with openai_server(embedding=Embedding(dimensions=(16,))) as other:
        shapes = [CachedEmbeddings(model_of(one), catalogue).embed(TEXTS).shape for one in (server, other)]
    assert shapes == [(3, 48), (3, 16)]


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("kind", ["paper", "query"])
def test_a_model_that_changed_under_its_name_is_noticed(
    server: OpenAIServer, catalogue: Catalogue, restarted: bool, kind: str
) -> None:
    server.embedding = Embedding(dimensions=(48, 32))
    embeddings = CachedEmbeddings(model_of(server), catalogue)
    embeddings.embed(TEXTS)
    if restarted:
        embeddings = CachedEmbeddings(model_of(server), catalogue)
    with pytest.raises(EmbeddingError, match="gave a vector of 32 numbers where it gave 48 before"):
        embeddings.embed(["new"]) if kind == "paper" else embeddings.embed_query("new")
    assert catalogue.known(embeddings.model.name, [text_key("new")]) == {}


def test_threads_may_share_a_model(server: OpenAIServer) -> None:
    model, found = model_of(server), {}

    def work(text: str) -> None:
        found[text] = model.embed_query(text)

    threads = [threading.Thread(target=work, args=(text,)) for text in TEXTS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.allclose([found[text] for text in TEXTS], right(TEXTS), atol=1e-6)
