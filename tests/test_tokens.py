"""Token counts are tiktoken's, offline, for any text."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.text.tokens import _o200k_base, count_tokens

URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
TEXTS = [
    "",
    "What is Rainbow Padding?",
    "Don't  stop\n\n  at   line\r\nends; it's 12345.678 — naïve, 漢字, Привет, 😀👩‍🔬.",
    "<|endoftext|> and <|endofprompt|> are ordinary text",
    "\\cite{kim2025rainbow} $\\alpha_{i}^{2}$ http://arxiv.org/abs/2510.03680v1",
    "\x00\x01\x7f\u200b\ufeff",
    "iPhone McDonald's HTTPServer XMLHttpRequest",
]


def test_the_encoding_is_tiktokens_own(tmp_path: Path) -> None:
    packed = (files("vectorstore") / "data" / "o200k_base.tiktoken.gz").read_bytes()
    (tmp_path / hashlib.sha1(URL.encode()).hexdigest()).write_bytes(gzip.decompress(packed))
    code = """if True:
        import json, sys, tiktoken
        encoding = tiktoken.get_encoding("o200k_base")
        tokens = [encoding.encode(text, disallowed_special=()) for text in json.load(sys.stdin)]
        print(json.dumps([encoding._pat_str, encoding._special_tokens, tokens]))
    """
    run = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(TEXTS),
        env={**os.environ, "TIKTOKEN_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    pattern, special, tokens = json.loads(run.stdout)
    ours = _o200k_base()
    assert (ours._pat_str, ours._special_tokens) == (pattern, special)
    assert [ours.encode_ordinary(text) for text in TEXTS] == tokens
    assert [count_tokens(text) for text in TEXTS] == [len(row) for row in tokens]


def test_a_special_token_is_ordinary_text() -> None:
    assert count_tokens("<|endoftext|>") > 1


def test_lone_surrogates_are_counted() -> None:
    assert count_tokens("\ud800 lone \udfff") > 0


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        " " * 1_000_000,
        "\n" * 1_000_000,
        " \n" * 500_000,
        "-" * 1_000_000,
        "'" * 1_000_000,
        "漢" * 1_000_000,
    ],
    ids=["letters", "spaces", "lines", "blank lines", "dashes", "apostrophes", "ideographs"],
)
def test_a_hostile_megabyte_is_counted_in_seconds(text: str) -> None:
    count_tokens("")  # loading is not what is measured
    start = time.perf_counter()
    assert 0 < count_tokens(text) <= len(text)
    assert time.perf_counter() - start < 5


def test_a_long_text_with_spaces_is_counted_exactly() -> None:
    text = "Two  spaces,\n\n \tand lines. It's 漢字 12345 !!\n" * 10_000
    assert count_tokens(text) == len(_o200k_base().encode_ordinary(text))


@settings(max_examples=50)
@given(st.text("aB1 .\n\t'é漢\u3000\x85\x1c/", min_size=1, max_size=40), st.integers(0, 99))
def test_pieces_of_a_long_text_count_as_much_as_the_whole(text: str, shift: int) -> None:
    long = "x" * shift + (text + "a b") * (150_000 // (len(text) + 3))
    assert count_tokens(long) == len(_o200k_base().encode_ordinary(long))
