"""The extra fastembed, with a stand-in for the package: its weights cannot be had in a test."""

import logging
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.openai_server import vector_of
from vectorstore.embedders.embeddings import embedding_model
from vectorstore.embedders.served_embeddings import unit_vectors
from vectorstore.errors import EmbeddingError
from vectorstore.library import Library
from vectorstore.papers.passages import Passage
from vectorstore.search.rerankers import RERANKED, reranker
from vectorstore.search.retriever import RetrievedPassage

STAND_INS = Path(__file__).parent / "stand_ins"


@pytest.fixture
def fastembed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(STAND_INS))
    yield
    for name in [name for name in sys.modules if name.split(".")[0] == "fastembed"]:
        del sys.modules[name]


@pytest.fixture
def no_fastembed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [path for path in sys.path if not (Path(path) / "fastembed").exists()])


def found(number: int, text: str) -> RetrievedPassage:
    return RetrievedPassage(Passage(f"p:{number}", f"p{number}", "Title", text, 0, len(text)), 0.5, 0.5, 1.0)


def ids(passages: list[RetrievedPassage]) -> list[int]:
    return [int(passage.passage.passage_id.removeprefix("p:")) for passage in passages]


def test_without_the_package_the_command_that_installs_it_is_said(no_fastembed: None, tmp_path: Path) -> None:
    command = r'fastembed:any/model needs the package fastembed; run: pip install "fastembed>=0\.9,<1"'
    with pytest.raises(EmbeddingError, match=command):
        embedding_model("fastembed:any/model")
    with pytest.raises(EmbeddingError, match=command):
        Library(tmp_path / "library", reranker="fastembed:any/model")
    Library(tmp_path / "library").close()


def test_vectors_come_in_order_and_at_length_one(fastembed: None) -> None:
    texts = [f"Paper number {number}" for number in range(70)]
    model = embedding_model("fastembed:known/model")
    rows = np.empty((70, 48), np.float32)
    for indices, batch in model.batches(texts):
        rows[indices] = batch
    assert np.allclose(rows, unit_vectors([vector_of(text) for text in texts]), atol=1e-6)
    assert np.allclose(model.embed_query(texts[5]), rows[5], atol=1e-6)
    assert (model.name, model.host) == ("fastembed:known/model", None)


def test_that_a_model_may_be_downloaded_is_said_when_it_is_first_used(
    fastembed: None, caplog: pytest.LogCaptureFixture
) -> None:
    model = embedding_model("fastembed:known/model")
    assert caplog.messages == []
    model.embed_query("a question")
    model.embed_query("another question")
    assert caplog.messages == ["fastembed loads known/model; it downloads it from Hugging Face if it is not here yet."]


def test_a_model_that_fastembed_does_not_have_is_one_sentence(fastembed: None) -> None:
    with pytest.raises(EmbeddingError, match=r"cannot load other \(Model other is not supported .* network\."):
        embedding_model("fastembed:other").embed_query("a question")


@pytest.mark.parametrize("name", ["fastembed:", "fastembed", "openai:m", "known/reranker"])
def test_no_other_reranker_has_a_name(name: str) -> None:
    with pytest.raises(EmbeddingError, match=r"There is no reranker .*; use fastembed:NAME in ASSISTANT_RERANKER"):
        reranker(name)


def test_the_first_passages_are_put_in_the_rerankers_order(fastembed: None) -> None:
    texts = ["none here", "zebra", "zebra zoo", "none", "zulu"] + ["zebra zoo zulu"] * RERANKED
    before = [found(number, text) for number, text in enumerate(texts)]

    after = reranker("fastembed:known/reranker").reordered("zzz", before)

    read = RERANKED - 5
    assert ids(after) == [*range(5, 5 + read), 2, 1, 4, 0, 3, *range(RERANKED, len(texts))]
    assert reranker("fastembed:known/reranker").reordered("zzz", []) == []


def test_a_library_searches_with_its_reranker(
    fastembed: None, seeds_folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = Path(shutil.copytree(seeds_folder, tmp_path / "library"))
    with Library(folder) as library:
        plain = library.search("diffusion", top_k=RERANKED + 5)
    with caplog.at_level(logging.WARNING), Library(folder, reranker="fastembed:known/reranker") as library:
        ranked = library.search("diffusion", top_k=RERANKED + 5)
        assert library.search("diffusion", top_k=3) == ranked[:3]
    assert ranked == reranker("fastembed:known/reranker").reordered("diffusion", plain)
    assert ranked != plain
