"""Words in their context, as signs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.embedders.minilm import MiniLM, Reading
from vectorstore.embedders.word_vectors import closeness, content, packed

MODEL = MiniLM()


def read(text: str) -> Reading:
    ((_, (reading,)),) = MODEL.readings([text])
    return reading


def close(query: str, *papers: str) -> list[float]:
    stems, vectors = content(read(query))
    return closeness(vectors, np.ones(len(stems), np.float32), [packed(read(paper)) for paper in papers])


def test_words_are_whole_and_marks_apart() -> None:
    reading = read("Rainbow-Padding's 4-bit dLLMs, É!")
    assert reading.words == ("rainbow", "-", "padding", "'", "s", "4", "-", "bit", "dllms", ",", "e", "!")
    assert reading.word_vectors.shape == (12, 384)


def test_a_texts_vector_is_that_of_its_embedding() -> None:
    text = "Diffusion language models stop early."
    assert np.allclose(read(text).vector, MODEL.embed([text])[0], atol=1e-6)


def test_stop_words_and_marks_are_no_content() -> None:
    stems, vectors = content(read("This is the padding of the models!"))
    assert stems == ["pad", "model"]
    assert vectors.shape == (2, 384)


@pytest.mark.parametrize("text", ["", "the of", "...", "的 😀", "\ud800", "a " * 5000, "x" * 100_000])
def test_any_text_has_codes_of_whole_words(text: str) -> None:
    stems, vectors = content(read(text))
    assert len(packed(read(text))) == 24 * len(stems) == 24 * len(vectors)


def test_a_text_has_its_own_words_almost_fully() -> None:
    text = "Rainbow padding keeps diffusion language models from stopping early."
    (itself,) = close(text, text)
    assert itself == pytest.approx(1, abs=0.05)


def test_a_word_in_its_sense_is_closer_than_in_another() -> None:
    money, river = close("the bank lends money", "A bank gave credit.", "The bank of the river was flooded.")
    assert money > river + 0.02


def test_values_do_not_depend_on_the_papers_beside() -> None:
    papers = ["Credit risk of banks.", "Floods.", "Lending to small firms by local banks in Italy."]
    together = close("bank loans", *papers)
    assert together == pytest.approx([close("bank loans", paper)[0] for paper in papers], abs=1e-5)


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 6), min_size=1, max_size=5))
def test_bits_give_the_cosines_of_the_signs(seed: int, sizes: list[int]) -> None:
    random = np.random.default_rng(seed)
    query = random.normal(size=(3, 384)).astype(np.float32)
    weights = random.random(3).astype(np.float32) + 0.1
    words = [random.normal(size=(size, 192)) for size in sizes]
    codes = [np.packbits(one > 0, axis=1).tobytes() for one in words]
    half = query[:, ::2]
    unit = half / np.linalg.norm(half, axis=1, keepdims=True)
    scale = np.sqrt(np.pi / 2 / 192)
    expected = [
        float((weights * np.minimum(1, (unit @ np.where(one > 0, 1, -1).T * scale).max(axis=1))).sum() / weights.sum())
        for one in words
    ]
    assert closeness(query, weights, codes) == pytest.approx(expected, abs=1e-4)
