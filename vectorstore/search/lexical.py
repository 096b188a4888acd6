"""Passage <-> tantivy: BM25 over the words of the passages (Robertson & Zaragoza 2009; k1 1.2, b 0.75)."""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import tantivy

from vectorstore.papers.passages import Passage
from vectorstore.text.terms import analyzer, spelled, terms

_ANALYZER = "english"
_WRITER_HEAP_BYTES = 64_000_000
_QUERY_TERMS = 512  # a longer query is cut here; no question has as many different words
_TERMS_OF_A_SET = 1000  # papers that tantivy looks up faster than hits are read until enough are of these papers
_MOST_STALE = 0.005  # of the passages; so many that are gone, or were replaced, change no ranking
_MORE_HITS = 4  # times as many hits are read at first as should hold enough of them


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("passage_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("paper_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("body", tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


def _document(passage: Passage) -> tantivy.Document:
    body = spelled(passage.embedded_text)
    return tantivy.Document(passage_id=[passage.passage_id], paper_id=[passage.paper_id], body=[body])


def _found(searcher: tantivy.Searcher, asked: tantivy.Query, limit: int) -> Iterator[tuple[str, str, float]]:
    for bm25, address in searcher.search(asked, limit, count=False).hits:
        document = searcher.doc(address)
        yield document["passage_id"][0], document["paper_id"][0], float(bm25)


class LexicalIndex:
    """A tantivy index of passages, in a folder, or in memory without one."""

    def __init__(self, folder: Path | None = None) -> None:
        if folder is None:
            self._index = tantivy.Index(_schema())
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(_schema(), path=str(folder))
        self._index.register_tokenizer(_ANALYZER, analyzer())
        self._stale = 0  # passages that were removed or replaced since the index was opened

    def __len__(self) -> int:
        return self._index.searcher().num_docs

    def add(self, passages: Sequence[Passage]) -> None:
        """Add passages, or replace those that have the same id."""
        expected = len(self) + len(passages)
        writer = self._index.writer(_WRITER_HEAP_BYTES, 1)
        for passage in passages:
            writer.delete_documents_by_term("passage_id", passage.passage_id)
            writer.add_document(_document(passage))
        self._commit(writer)
        self._stale += expected - len(self)

    def remove(self, passage_ids: Sequence[str]) -> None:
        before = len(self)
        writer = self._index.writer(_WRITER_HEAP_BYTES, 1)
        for passage_id in passage_ids:
            writer.delete_documents_by_term("passage_id", passage_id)
        self._commit(writer)
        self._stale += before - len(self)

    def is_stale(self) -> bool:
        """Tell whether passages that are gone still count when it is told how rare a word is: tantivy forgets them
        only when it writes the rest anew."""
        return self._stale > _MOST_STALE * len(self)

    def write_anew(self, passages: Iterable[Passage]) -> None:
        """Replace everything by these passages."""
        writer = self._index.writer(_WRITER_HEAP_BYTES, 1)
        writer.delete_all_documents()
        for passage in passages:
            writer.add_document(_document(passage))
        self._commit(writer)
        self._stale = 0

    def best(self, query: str, *, top_k: int | None, among: Collection[str] | None = None) -> dict[str, float]:
        """Return the BM25 value of the `top_k` best passages by id, best first; None: of all that have a word.

        `query` is taken as words: no character of it is an operator. `among` limits the search to these papers'.
        """
        asked = self._having(terms(query), tantivy.Occur.Should)
        if asked is None:
            return {}
        return {passage_id: bm25 for passage_id, _, bm25 in self._hits(asked, top_k, among)}

    def papers_saying(self, text: str, *, among: Collection[str] | None = None) -> set[str]:
        """Return the papers, of those `among` if given, that have a passage with all words of `text`, however
        inflected. None has the words of an empty text."""
        asked = self._having(terms(text), tantivy.Occur.Must)
        if asked is None:
            return set()
        return {paper_id for _, paper_id, _ in self._hits(tantivy.Query.const_score_query(asked, 1.0), None, among)}

    def beginning(self, words: Iterable[str], *, top_k: int) -> list[str]:
        """Return the ids of `top_k` passages that have, for each of some words, one that begins like it."""
        schema, must = self._index.schema, tantivy.Occur.Must
        asked = [(must, tantivy.Query.regex_query(schema, "body", f"{re.escape(word.lower())}.*")) for word in words]
        if not asked:
            return []
        return [passage_id for passage_id, _, _ in self._hits(tantivy.Query.boolean_query(asked), top_k, None)]

    def near(self, word: str, *, edits: int, top_k: int) -> list[str]:
        """Return the ids of `top_k` passages that have a word which so many `edits` (at most 2) make of this one."""
        stems = terms(word)
        if not stems:
            return []
        asked = tantivy.Query.fuzzy_term_query(self._index.schema, "body", stems[0], distance=edits)
        return [passage_id for passage_id, _, _ in self._hits(asked, top_k, None)]

    def _having(self, words: Sequence[str], occur: tantivy.Occur) -> tantivy.Query | None:
        distinct = dict.fromkeys(words[:_QUERY_TERMS])
        asked = [(occur, tantivy.Query.term_query(self._index.schema, "body", word, "freq")) for word in distinct]
        return tantivy.Query.boolean_query(asked) if asked else None

    def _hits(
        self, asked: tantivy.Query, top_k: int | None, among: Collection[str] | None
    ) -> list[tuple[str, str, float]]:
        """Return (passage id, paper id, value) of the `top_k` best passages, or of all, best first."""
        searcher = self._index.searcher()
        count = max(1, searcher.num_docs)
        wanted = count if top_k is None else min(top_k, count)
        if among is None:
            return list(_found(searcher, asked, wanted))
        if len(among) <= _TERMS_OF_A_SET:
            chosen = tantivy.Query.term_set_query(self._index.schema, "paper_id", list(among))
            must = tantivy.Occur.Must
            both = [(must, asked), (must, tantivy.Query.const_score_query(chosen, 0.0))]
            return list(_found(searcher, tantivy.Query.boolean_query(both), wanted))
        among = set(among)
        for limit in (min(_MORE_HITS * wanted * count // len(among), count), count):
            found = list(islice((hit for hit in _found(searcher, asked, limit) if hit[1] in among), top_k))
            if len(found) == wanted or limit == count:
                break
        return found

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
