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


def undeclined(text: str) -> str:
    """Return a model's text without those words; nothing if it says no more than them.

    An explanation that cites nothing is no more than them; sentences with citations are an answer.
    """
    match = _DECLINED.match(text)
    if match and _MARKER.search(text):
        return text[match.end() :].lstrip(" \t\n.:!;,–—-*_\"'”’)`")
    if match or (_SAID_SO.match(text) and not _MARKER.search(text)):
        return ""
    return text
