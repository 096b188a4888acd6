"""The tables of the catalogue, and how a row becomes a record and back."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    Text,
    func,
    select,
)

from vectorstore.catalogue.seals import sound, verified
from vectorstore.listings.entry import Entry, Publication
from vectorstore.papers.grouping import Provenance
from vectorstore.papers.paper import Paper, PaperText
from vectorstore.papers.partial_dates import last_day
from vectorstore.papers.passages import Passage
from vectorstore.text.folding import folded

schema = MetaData()
versions = Table("schema_version", MetaData(), Column("version", Integer, nullable=False))
listings = Table(
    "listings",
    schema,
    Column("sha256", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("as_of", Date),
    Column("owner", Text),
    Column("figures", Text, nullable=False),
)
entries = Table(
    "entries",
    schema,
    Column("listing_sha256", ForeignKey("listings.sha256", ondelete="CASCADE"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("cluster", Text, nullable=False),  # of those that may be the same paper; see `clusters`
    Column("record", Text, nullable=False),
)
papers = Table(
    "papers",
    schema,
    Column("paper_id", String(12), primary_key=True),
    Column("cluster", Text, nullable=False, index=True),  # of its entries
    Column("title", Text, nullable=False),
    Column("abstract", Text, nullable=False),
    Column("authors", Text, nullable=False),
    Column("authors_complete", Boolean, nullable=False),
    Column("author_count", Integer),
    Column("organization", Text),
    Column("page_owners", Text, nullable=False),
    Column("published", Date),
    Column("year_inferred", Boolean, nullable=False),
    Column("category", String(40)),
    Column("has_code", Boolean, nullable=False),
    Column("links_code", Boolean, nullable=False),  # derived: the abstract names a repository
    Column("score", Float),
    Column("comments", Integer),
    Column("affiliation", Text),
    Column("url", Text),
    Column("entries", Text, nullable=False),
    Column("precision", String(5), nullable=False),
    Column("publication", Text, nullable=False),
    Column("sources", Text, nullable=False),
    Column("last_day", Date),  # derived: that `published` can mean
)
papers_sound = sound(*papers.c).label("sound")
text_fields = tuple(papers.c[field.name] for field in fields(PaperText))
people = Table(
    "people",
    schema,
    Column("paper_id", ForeignKey("papers.paper_id", ondelete="CASCADE"), primary_key=True),
    Column("folded_name", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("printed", Boolean, nullable=False),  # False: known only as the owner of a page that lists the paper
)
coined = Table(
    "coined_names",
    schema,
    Column("paper_id", ForeignKey("papers.paper_id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(40), primary_key=True),
)
passages = Table(
    "passages",
    schema,
    Column("passage_id", String(20), primary_key=True),
    Column("paper_id", String(12), nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(8), nullable=False, index=True),  # "new", "indexed", "gone"
)
passages_sound = sound(*passages.c).label("sound")
passage_fields = tuple(passages.c[field.name] for field in fields(Passage))
embeddings = Table(
    "embeddings",
    schema,
    Column("model", Text, primary_key=True),
    Column("text_sha256", String(64), primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # float32, little-endian
)
word_codes = Table(
    "word_codes",
    schema,
    Column("model", String(80), primary_key=True),
    Column("text_sha256", String(64), primary_key=True),
    Column("codes", LargeBinary, nullable=False),  # of word_vectors: 24 bytes a word
)
selected_papers = select(papers, papers_sound)
# Each holds all that a filter reads and gives, so that the rows with their abstracts are left alone.
indexes = (
    Index("entries_by_cluster", entries.c.cluster),
    Index("papers_by_date", papers.c.published, papers.c.last_day, papers.c.paper_id),
    Index(
        "papers_by_category", func.lower(papers.c.category), papers.c.published, papers.c.last_day, papers.c.paper_id
    ),
    Index("papers_by_code", papers.c.has_code, papers.c.links_code, papers.c.paper_id),
    Index("people_by_name", people.c.folded_name, people.c.name, people.c.paper_id),
)
A_PAPER = "what it says of a paper"
_ROWS_A_STATEMENT = 500  # below every database's limit on the parameters of one statement


def chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the values in parts that one statement takes."""
    for start in range(0, len(values), _ROWS_A_STATEMENT):
        yield values[start : start + _ROWS_A_STATEMENT]


def fields_of(record: Any) -> dict[str, Any]:
    """Return a record's fields by name. Nested records stay records: dataclasses.asdict copies everything, slowly."""
    kind: Any = type(record)
    return {name: getattr(record, name) for name in _names_of(kind)}


@cache
def _names_of(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def record_of(entry: Entry) -> str:
    return json.dumps({**fields_of(entry), "publication": _said(entry.publication)}, default=str, ensure_ascii=False)


def entry_of(record: str) -> Entry:
    fields = json.loads(record)
    published, publication = fields.pop("published"), fields.pop("publication", {})
    return Entry(
        **{**fields, "authors": tuple(fields["authors"])},
        published=date.fromisoformat(published) if published else None,
        publication=publication_of(publication),
    )


def _said(publication: Publication) -> dict[str, Any]:
    """Return the fields that say something, by name."""
    return {name: value for name, value in fields_of(publication).items() if value}


def publication_of(said: dict[str, Any]) -> Publication:
    return Publication(**{**said, "keywords": tuple(said.get("keywords", ()))})


def paper_row(paper: Paper, cluster: str) -> dict[str, Any]:
    return {
        **fields_of(paper),
        "cluster": cluster,
        "links_code": paper.code_url is not None,
        "authors": json.dumps(paper.authors, ensure_ascii=False),
        "page_owners": json.dumps(paper.page_owners, ensure_ascii=False),
        "entries": json.dumps([fields_of(provenance) for provenance in paper.entries], ensure_ascii=False),
        "publication": json.dumps(_said(paper.publication), ensure_ascii=False),
        "sources": json.dumps(paper.sources),
        "last_day": paper.published and last_day(paper.published, paper.precision),
    }


def paper_of(row: Row[Any]) -> Paper:
    """Return the paper in a row of `selected_papers`. Raises LibraryDamaged if the row is not as it was written."""
    fields = dict(verified(row, A_PAPER)._mapping)
    del fields["cluster"], fields["links_code"], fields["last_day"], fields["sound"]
    return Paper(
        **{
            **fields,
            "authors": tuple(json.loads(row.authors)),
            "page_owners": tuple(json.loads(row.page_owners)),
            "entries": provenances_of(row.entries),
            "publication": publication_of(json.loads(row.publication)),
            "sources": tuple((name, place) for name, place in json.loads(row.sources)),
        }
    )


def provenances_of(entries: str) -> tuple[Provenance, ...]:
    return tuple(Provenance(**provenance) for provenance in json.loads(entries))


def people_rows(paper: Paper) -> list[dict[str, Any]]:
    printed = {folded(name): name for name in reversed(paper.authors)}
    people = {folded(name): name for name in reversed(paper.page_owners)} | printed
    return [
        {"paper_id": paper.paper_id, "folded_name": key, "name": name, "printed": key in printed}
        for key, name in people.items()
        if key
    ]


def passage_of(row: Row[Any]) -> Passage:
    return Passage(row.passage_id, row.paper_id, row.title, row.text, row.start, row.end)
