"""Passage <-> tantivy: BM25 over the words of the passages (Robertson & Zaragoza 2009; k1 1.2, b 0.75)."""

import math
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import tantivy

from vectorstore.passages import Passage

_ANALYZER = "english"
_WRITER_HEAP_BYTES = 64_000_000
_QUERY_TERMS = 512  # a longer query is cut here; no question has as many different words
_Hits = list[tuple[float, tantivy.DocAddress]]
_TERMS_OF_A_SET = 500  # papers from which on reading all hits is faster than giving tantivy the set


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
    builder.add_text_field("paper_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("paper_mark", fast=True)  # a column of numbers is read 30 times as fast as the ids
    builder.add_text_field("body", tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


def _mark(paper_id: str) -> int:
    """Return a number for the paper; another one in 4 billion has the same."""
    return zlib.crc32(paper_id.encode())


def _marked(searcher: tantivy.Searcher, hits: _Hits, among: Iterable[str]) -> _Hits:
    """Return the hits of these papers, and by chance one of another paper."""
    marks = searcher.fast_field_values("paper_mark", [address for _, address in hits])
    kept = np.isin(np.array(marks, np.int64), np.fromiter(map(_mark, among), np.int64))
    return [hits[place] for place in np.flatnonzero(kept)]


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
            document = tantivy.Document(passage_id=[passage.passage_id], paper_id=[passage.paper_id], body=[body])
            document.add_unsigned("paper_mark", _mark(passage.paper_id))
            writer.add_document(document)
        self._commit(writer)

    def remove(self, passage_ids: Sequence[str]) -> None:
        writer = self._index.writer(_WRITER_HEAP_BYTES, 1)
        for passage_id in passage_ids:
            writer.delete_documents_by_term("passage_id", passage_id)
        self._commit(writer)

    def best(self, query: str, *, top_k: int | None, among: Collection[str] | None = None) -> dict[str, float]:
        """Return the BM25 value of the `top_k` best passages by id, best first; None: of all that have a word.

        `query` is taken as words: no character of it is an operator. `among` limits the search to these papers'.
        """
        asked = self._having(terms(query), tantivy.Occur.Should)
        if asked is None:
            return {}
        return {passage_id: bm25 for passage_id, _, bm25 in self._hits(asked, top_k, among)}

    def papers_saying(self, text: str, *, among: Collection[str] | None = None, at_most: int | None = None) -> set[str]:
        """Return the papers, of those `among` if given, that have a passage with all words of `text`, however
        inflected; of the papers of more than `at_most` passages, any. None has the words of an empty text."""
        asked = self._having(terms(text), tantivy.Occur.Must)
        if asked is None:
            return set()
        hits = self._hits(tantivy.Query.const_score_query(asked, 1.0), at_most, among)
        return {paper_id for _, paper_id, _ in hits}

    def _having(self, words: Sequence[str], occur: tantivy.Occur) -> tantivy.Query | None:
        distinct = dict.fromkeys(words[:_QUERY_TERMS])
        asked = [(occur, tantivy.Query.term_query(self._index.schema, "body", word, "freq")) for word in distinct]
        return tantivy.Query.boolean_query(asked) if asked else None

    def _hits(
        self, asked: tantivy.Query, top_k: int | None, among: Collection[str] | None
    ) -> Iterator[tuple[str, str, float]]:
        """Yield (passage id, paper id, value) of the `top_k` best passages, or of all, best first."""
        searcher = self._index.searcher()
        checked = among is not None and len(among) > _TERMS_OF_A_SET
        if among is not None and not checked:
            chosen = tantivy.Query.term_set_query(self._index.schema, "paper_id", list(among))
            must = tantivy.Occur.Must
            asked = tantivy.Query.boolean_query([(must, asked), (must, tantivy.Query.const_score_query(chosen, 0.0))])
        limit = searcher.num_docs if checked or top_k is None else min(top_k, searcher.num_docs)
        hits = searcher.search(asked, max(1, limit), count=False).hits
        if among is not None and checked:
            hits = _marked(searcher, hits, among)
        stored = ((searcher.doc(address), bm25) for bm25, address in hits)
        found = ((document["passage_id"][0], document["paper_id"][0], float(bm25)) for document, bm25 in stored)
        return islice(found if among is None or not checked else (hit for hit in found if hit[1] in among), top_k)

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
