"""How names and titles are compared: without case, accents and punctuation."""

import unicodedata

# Letters that Unicode does not decompose into a base letter and an accent.
_BASE_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def folded(text: str) -> str:
    """Return `text` in the form in which it is compared: lower case, no accents, letters and digits only,
    single spaces between words. "BumJun Kim" and "Bumjun  KIM" are equal when folded, and so are
    "O’Brien" and "O'Brien" (one word, since an apostrophe joins)."""
    # Decomposing may give capitals ("㎆" is "MB"), and folding their case may give composed letters.
    lower = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", lower).translate(_BASE_LETTERS)
    kept = (
        "" if unicodedata.combining(character) or character in "'’`" else character if character.isalnum() else " "
        for character in decomposed
    )
    return " ".join("".join(kept).split())


def surname(name: str) -> str:
    """Return the folded last word of a printed name: "Kim" of "Bumjun Kim", and of "Kim, Bumjun"."""
    words = folded(name.split(",")[0]).split()
    return words[-1] if words else ""
