"""Passage <-> tantivy: BM25 over the words of the passages (Robertson & Zaragoza 2009; k1 1.2, b 0.75)."""

import math
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from pathlib import Path

import tantivy

from vectorstore.passages import Passage

_ANALYZER = "english"
_WRITER_HEAP_BYTES = 64_000_000
_QUERY_TERMS = 512  # a longer query is cut here; no question has as many different words


@cache
def _analyzer() -> tantivy.TextAnalyzer:
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
    return list(_analyzer().analyze(_spelled(text)))


def _spelled(text: str) -> str:
    """Return `text` in UTF-8's characters and American spelling: "quantisation" is "quantization"."""
    return text.encode("utf-8", "replace").decode().replace("isation", "ization")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("passage_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("body", tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


class LexicalIndex:
    """A folder with a tantivy index of passages."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(_schema(), path=str(folder))
        self._index.register_tokenizer(_ANALYZER, _analyzer())

    def __len__(self) -> int:
        return self._index.searcher().num_docs

    def add(self, passages: Sequence[Passage]) -> None:
        """Add passages, or replace those that have the same id."""
        writer = self._index.writer(_WRITER_HEAP_BYTES, 1)
        for passage in passages:
            writer.delete_documents_by_term("passage_id", passage.passage_id)
            body = _spelled(passage.embedded_text)
            writer.add_document(tantivy.Document(passage_id=[passage.passage_id], body=[body]))
        self._commit(writer)

    def remove(self, passage_ids: Sequence[str]) -> None:
        writer = self._index.writer(_WRITER_HEAP_BYTES, 1)
        for passage_id in passage_ids:
            writer.delete_documents_by_term("passage_id", passage_id)
        self._commit(writer)

    def best(self, query: str, *, top_k: int, among: Collection[str] | None = None) -> dict[str, float]:
        """Return the BM25 value of the `top_k` best passages by id, best first; none if no word is known.

        `query` is taken as words: no character of it is an operator. `among` limits the search to these ids.
        """
        words = dict.fromkeys(terms(query)[:_QUERY_TERMS])
        if not words or (among is not None and not among):
            return {}
        schema, should, must = self._index.schema, tantivy.Occur.Should, tantivy.Occur.Must
        asked = tantivy.Query.boolean_query(
            [(should, tantivy.Query.term_query(schema, "body", word, "freq")) for word in words]
        )
        if among is not None:
            chosen = tantivy.Query.term_set_query(schema, "passage_id", list(among))
            asked = tantivy.Query.boolean_query([(must, asked), (must, tantivy.Query.const_score_query(chosen, 0.0))])
        searcher = self._index.searcher()
        hits = searcher.search(asked, top_k).hits
        return {searcher.doc(address)["passage_id"][0]: float(bm25) for bm25, address in hits}

    def weights(self, words: Iterable[str]) -> dict[str, float]:
        """Return the inverse document frequency of each indexed word, as BM25 has it: high if few passages have it."""
        searcher = self._index.searcher()
        count = searcher.num_docs
        frequencies = ((word, searcher.doc_freq("body", word)) for word in words)
        return {word: math.log1p((count - found + 0.5) / (found + 0.5)) for word, found in frequencies}

    def _commit(self, writer: tantivy.IndexWriter) -> None:
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
