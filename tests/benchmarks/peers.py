"""What the library's ranking is compared with: each of its indexes alone, and the store of LangChain's tutorial."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import chromadb
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_text_splitters import RecursiveCharacterTextSplitter

from assistant.evaluation.retrieval_evaluation import DEPTH, Collection, Search, documents_of_papers
from vectorstore.embedders.minilm import MiniLM
from vectorstore.library import Library

PASSAGES = 2 * DEPTH  # a document may have several


def bm25_search(library: Library, collection: Collection) -> Search:
    """Return the ranking of the library's tantivy index."""
    documents = _documents_of_passages(library, collection)
    lexical = library.retriever.lexical
    return lambda query: documents(lexical.best(query, top_k=PASSAGES))


def dense_search(library: Library, collection: Collection) -> Search:
    """Return the ranking of the library's Chroma index: the cosine of whole passages."""
    documents = _documents_of_passages(library, collection)
    dense = library.retriever.dense
    return lambda query: documents(dense.closest(query, top_k=PASSAGES))


def _documents_of_passages(library: Library, collection: Collection) -> Callable[[Iterable[str]], list[str]]:
    """Return a function from passage ids, best first, to the ids of their documents, each once."""
    papers = {passage.passage_id: passage.paper_id for passage in library.catalogue.passages()}
    documents = documents_of_papers(library, collection)

    def ranked(passage_ids: Iterable[str]) -> list[str]:
        return [key for paper_id in dict.fromkeys(map(papers.__getitem__, passage_ids)) for key in documents[paper_id]]

    return ranked


@contextmanager
def tutorial_search(collection: Collection, folder: Path) -> Iterator[Search]:
    """Index the documents in `folder` as LangChain's tutorial does, with the library's embedding model; yield a search.

    It splits them into pieces of 1,000 characters that overlap by 200, and takes the most similar pieces.
    https://docs.langchain.com/oss/python/langchain/rag
    """
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    pieces = splitter.split_documents(
        Document(f"{document.title}\n\n{document.text}".strip(), metadata={"document": document.document_id})
        for document in collection.documents
    )
    client = chromadb.PersistentClient(str(folder), ChromaSettings(anonymized_telemetry=False))
    try:
        store = Chroma.from_documents(pieces, MiniLM(), client=client)
        yield lambda query: list(
            dict.fromkeys(piece.metadata["document"] for piece in store.similarity_search(query, k=PASSAGES))
        )
    finally:
        client.close()
