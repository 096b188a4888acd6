"""A model's words for "the passages do not hold the answer", in the forms that models give them."""

import re

NOT_IN_THE_LIBRARY = "NOT IN THE LIBRARY"  # what prompts ask a model to write then
_WORDS = NOT_IN_THE_LIBRARY.lower()
_PHRASE = r"[\W_]+".join(NOT_IN_THE_LIBRARY.split())
_ENDS = r"(?=[\W_]*(?:$|\n)|[*_\"'”’)`]*[.:!;,\n–—-])"
_DECLINED = re.compile(rf"\W*{_PHRASE}{_ENDS}", re.IGNORECASE)
_SAID_SO = re.compile(rf"[^.!?\n]{{0,80}}?\b{_PHRASE}{_ENDS}", re.IGNORECASE)
_MARKER = re.compile(r"\[\d+\]")


def may_decline(text: str) -> bool:
    """Tell whether a text that has only begun may be those words, or what follows them."""
    said = " ".join(re.findall(r"[a-z]+", text.lower()))
    return _WORDS.startswith(said) or _DECLINED.match(text) is not None


def declines(text: str) -> bool:
    """Tell whether a text begins with those words, or says them and cites nothing."""
    return bool(_DECLINED.match(text) or (_SAID_SO.match(text) and not _MARKER.search(text)))


def undeclined(text: str) -> str:
    """Return a model's text without those words: what it says of the passages instead, "" if that is nothing."""
    if match := _DECLINED.match(text):
        return text[match.end() :].lstrip(" \t\n.:!;,–—-*_\"'”’)`")
    return "" if declines(text) else text
