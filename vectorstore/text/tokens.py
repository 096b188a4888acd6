"""How many tokens a text is for a chat model: exact counts of o200k_base, offline."""

import gzip
import hashlib
import re
import zlib
from base64 import b64decode
from functools import lru_cache
from importlib.resources import files

import tiktoken

from vectorstore.errors import AssistantError

_RANKS_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"

# The pattern and the special tokens are those of `o200k_base` in tiktoken_ext/openai_public.py (tiktoken 0.14, MIT).
# They are written down because that function downloads the ranks unless environment variables name a cache.
_PATTERN = "|".join(
    [
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)
_SPECIAL_TOKENS = {"<|endoftext|>": 199999, "<|endofprompt|>": 200018}

# tiktoken's pattern overflows its stack on a million spaces in a row, and panics. No token of the pattern holds a space
# after a character that is none, so a cut there changes no count; only a run without such a place is cut anywhere.
_PIECE = re.compile(r"(?s:.{1,100000}(?<=\S)(?= )|.{1,100000})")


def count_tokens(text: str) -> int:
    """Return the number of o200k_base tokens of `text`; special tokens such as <|endoftext|> are ordinary text.

    The count is exact unless `text` has more than 100,000 characters without a space after a character that is none;
    then each cut may move it by a few tokens.
    """
    encoding = _o200k_base()
    if len(text) <= 100_000:
        return len(encoding.encode_ordinary(text))
    return sum(len(encoding.encode_ordinary(piece)) for piece in _PIECE.findall(text))


@lru_cache(maxsize=1)
def _o200k_base() -> tiktoken.Encoding:
    fields = _unpacked_ranks().split()
    ranks = {b64decode(token): int(rank) for token, rank in zip(fields[::2], fields[1::2], strict=True)}
    encoding = tiktoken.Encoding("o200k_base", pat_str=_PATTERN, mergeable_ranks=ranks, special_tokens=_SPECIAL_TOKENS)
    ranks.clear()  # copied by now; kept, these 200,000 Python objects would take 35 MB
    return encoding


def _unpacked_ranks() -> bytes:
    path = files("vectorstore") / "data" / "o200k_base.tiktoken.gz"
    try:
        unpacked = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise AssistantError(f"{path} cannot be read ({error}); install the program again") from error
    if hashlib.sha256(unpacked).hexdigest() != _RANKS_SHA256:
        raise AssistantError(f"{path} is damaged (its SHA-256 differs); install the program again")
    return unpacked
