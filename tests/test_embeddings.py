"""Models come by name, and no text is embedded twice."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.embedders.embeddings import CachedEmbeddings, embedding_model, text_key
from vectorstore.embedders.minilm import MiniLM
from vectorstore.errors import EmbeddingError

MODEL = MiniLM()
LONG = [f"Paper {number} is about " + "retrieval " * 200 for number in range(9)]  # a few to a batch


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    catalogue = Catalogue(sqlite_url(tmp_path / "catalogue.sqlite"))
    yield catalogue
    catalogue.close()


def test_minilm_is_an_embedding_model_of_langchain() -> None:
    model = embedding_model("minilm")
    assert isinstance(model, Embeddings)
    assert model.name == "minilm"


def test_an_unknown_name_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(EmbeddingError, match=r"'gpt'.*minilm"):
        embedding_model("gpt")


def test_a_key_is_the_sha256_of_the_text() -> None:
    assert text_key("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_texts_with_one_key_have_one_vector() -> None:
    assert text_key("a \ud800") == text_key("a ?")
    assert np.array_equal(*MODEL.embed(["a \ud800", "a ?"]))


def test_cached_vectors_are_the_models(catalogue: Catalogue) -> None:
    texts = ["one paper", "another paper", "one paper"]
    embeddings = CachedEmbeddings(MODEL, catalogue)
    assert np.allclose(embeddings.embed(texts), MODEL.embed(texts), atol=1e-6)
    assert np.allclose(embeddings.embed_documents(texts), MODEL.embed(texts), atol=1e-6)


def test_a_repeated_text_is_embedded_once(catalogue: Catalogue) -> None:
    embeddings = CachedEmbeddings(MODEL, catalogue)
    embeddings.embed(["a", "b", "a"])
    assert embeddings.embedded == 2
    embeddings.embed(["b", "c"])
    assert embeddings.embedded == 3


def test_a_text_known_to_the_catalogue_is_not_embedded_after_a_restart(catalogue: Catalogue, tmp_path: Path) -> None:
    first = CachedEmbeddings(MODEL, catalogue).embed(["a", "b"])
    restarted = CachedEmbeddings(MiniLM(tmp_path / "no model here"), catalogue)
    assert np.array_equal(restarted.embed(["b", "a"]), first[::-1])
    assert restarted.embedded == 0


def test_no_texts_have_no_vectors(catalogue: Catalogue) -> None:
    embeddings = CachedEmbeddings(MODEL, catalogue)
    assert embeddings.embed([]).size == 0
    assert embeddings.embed_documents([]) == []


def test_progress_counts_what_had_to_be_embedded(catalogue: Catalogue) -> None:
    embeddings = CachedEmbeddings(MODEL, catalogue)
    embeddings.embed(LONG[:2])
    seen: list[tuple[int, int]] = []
    embeddings.embed(LONG, on_progress=lambda done, total: seen.append((done, total)))
    assert len(seen) > 1
    assert seen == sorted(seen)
    assert seen[-1] == (7, 7)


def test_what_was_embedded_before_a_stop_is_kept(catalogue: Catalogue) -> None:
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    embeddings = CachedEmbeddings(MODEL, catalogue)
    with pytest.raises(KeyboardInterrupt):
        embeddings.embed(LONG, on_progress=stop)
    kept = catalogue.known("minilm", [text_key(text) for text in LONG])
    assert 0 < len(kept) == embeddings.embedded < len(LONG)


def test_words_are_kept_with_the_vector_and_read_once(catalogue: Catalogue, tmp_path: Path) -> None:
    texts = ["Banks lend money.", "Rivers flood."]
    embeddings = CachedEmbeddings(MODEL, catalogue)
    embeddings.embed(texts)
    restarted = CachedEmbeddings(MiniLM(tmp_path / "no model here"), catalogue)

    codes = restarted.known_words([*texts, "never read"])

    assert [len(one) // 24 if one else None for one in codes] == [3, 2, None]
    assert np.allclose(restarted.embed(texts), MODEL.embed(texts), atol=1e-6)


def test_a_query_is_not_stored_and_not_counted(catalogue: Catalogue) -> None:
    embeddings = CachedEmbeddings(MODEL, catalogue)
    assert embeddings.embed_query("a question") == MODEL.embed_query("a question")
    assert embeddings.embedded == 0
    assert catalogue.known("minilm", [text_key("a question")]) == {}
    assert catalogue.known_words("minilm", [text_key("a question")]) == {}


def test_changing_a_query_vector_does_not_change_the_next(catalogue: Catalogue) -> None:
    embeddings = CachedEmbeddings(MODEL, catalogue)
    embeddings.embed_query("a question").clear()
    assert len(embeddings.embed_query("a question")) == 384
