"""How names and titles are compared: without case, accents and punctuation."""

import unicodedata

# Letters that Unicode does not decompose into a base letter and an accent.
_BASE_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}


class _Kept(dict[int, str]):
    """What each character becomes, by its code point; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        dropped = unicodedata.combining(character) or character in "'’`"
        self[code] = "" if dropped else character if character.isalnum() else " "
        return self[code]


_KEPT = _Kept(str.maketrans(_BASE_LETTERS))
_KEPT_OF_ASCII = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)).ljust(256)


def folded(text: str) -> str:
    """Return `text` in the form in which it is compared: lower case, no accents, letters and digits only,
    single spaces between words. "BumJun Kim" and "Bumjun  KIM" are equal when folded, and so are
    "O’Brien" and "O'Brien" (one word, since an apostrophe joins)."""
    if text.isascii():  # as most text is: ten times as fast
        return " ".join(text.lower().encode().translate(_KEPT_OF_ASCII, b"'`").decode().split())
    # Decomposing may give capitals ("㎆" is "MB"), and folding their case may give composed letters.
    lower = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(unicodedata.normalize("NFKD", lower).translate(_KEPT).split())
