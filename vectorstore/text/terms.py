"""The words of a text as they are indexed, and compared with what is indexed."""

from functools import cache

import tantivy


@cache
def analyzer() -> tantivy.TextAnalyzer:
    """Return what makes terms of a text; an index of such texts registers it."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(80))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def terms(text: str) -> list[str]:
    """Return the words of `text` as they are indexed: lower case, no accents, no stop words, stemmed."""
    return list(analyzer().analyze(spelled(text)))


def spelled(text: str) -> str:
    """Return `text` in UTF-8's characters and American spelling: "quantisation" is "quantization"."""
    return text.encode("utf-8", "replace").decode().replace("isation", "ization")
