"""Where papers appeared and how exactly their dates are known: merged, stored, shown, written out."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import bibtexparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.facts.catalogue_answers import printed_date, when_published
from assistant.facts.papers_json import paper_record
from assistant.manuscripts.bib_format import BibFormat
from assistant.manuscripts.bibliography import bibtex
from assistant.manuscripts.bibliography_formats import bibliography
from tests.test_catalogue import listing
from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.catalogue.filters import Filters
from vectorstore.catalogue.seals import add_functions
from vectorstore.listings.entry import Entry, Publication
from vectorstore.papers.grouping import Provenance
from vectorstore.papers.paper import Paper, merged
from vectorstore.papers.partial_dates import iso_date, last_day, read_iso_date, shown_date
from vectorstore.recovery.mending import damage_of

JOURNAL = Publication(
    doi="10.1000/lamps",
    kind="article",
    venue="Journal of Lamps",
    volume="7",
    issue="2",
    pages="17-25",
    publisher="Light Press",
    keywords=("lamps", "light"),
)
PREPRINT = Publication(
    arxiv_id="2405.00001v2", url="https://arxiv.org/abs/2405.00001v2", kind="article", venue="CoRR", volume="abs/2405.1"
)
LAMPS = Entry(1, "Bright Lamps", "Lamps are bright.", ("Ada Lovelace",), True, 1)


def paper_of(*entries: Entry) -> Paper:
    (paper,) = merged((Provenance(f"{n}.txt", n, str(n) * 64), entry) for n, entry in enumerate(entries, 1))
    return paper


def dated(year: int, month: int = 1, day: int = 1, precision: str = "day", *, inferred: bool = False) -> Entry:
    return replace(LAMPS, published=date(year, month, day), precision=precision, year_inferred=inferred)  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite3"


# -- dates


@given(st.dates(date(1500, 1, 1)), st.sampled_from(["day", "month", "year"]))
def test_a_date_is_read_back_as_far_as_it_was_known(day: date, precision: str) -> None:
    first = {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[precision]
    assert read_iso_date(iso_date(first, precision)) == (first, precision)  # type: ignore[arg-type]
    assert last_day(first, precision) >= day  # type: ignore[arg-type]


def test_a_year_is_shown_as_no_day() -> None:
    assert [shown_date(date(2024, 5, 1), precision) for precision in ("day", "month", "year")] == [
        "1 May 2024",
        "May 2024",
        "2024",
    ]
    paper = paper_of(dated(2024, 5, precision="month"))
    assert (printed_date(paper), paper_record(paper)["published"]) == ("May 2024", "2024-05")
    assert [line.text for line in when_published([paper])] == ["“Bright Lamps” appeared in May 2024 [1]."]


def test_the_most_exact_of_the_printed_dates_is_believed() -> None:
    paper = paper_of(dated(2024, precision="year"), dated(2024, 5, 14), dated(2024, 5, precision="month"))
    assert paper.iso_date == "2024-05-14"
    assert paper_of(dated(2023, precision="year"), dated(2024, 5, 14, inferred=True)).iso_date == "2023"


def test_a_printed_year_confirms_a_day_whose_year_was_inferred() -> None:
    paper = paper_of(dated(2024, precision="year"), dated(2024, 5, 14, inferred=True))
    assert (paper.iso_date, paper.year_inferred) == ("2024-05-14", False)


def test_a_year_is_in_no_month_and_in_its_year(file: Path) -> None:
    with closing(Catalogue(sqlite_url(file))) as catalogue:
        catalogue.add([listing(dated(2024, precision="year"))])

        def count(since: date, until: date) -> int:
            return len(catalogue.paper_ids(Filters(since=since, until=until).conditions()))

        assert count(date(2024, 1, 1), date(2024, 1, 31)) == 0
        assert count(date(2024, 1, 1), date(2024, 12, 31)) == 1
        assert count(date(2023, 1, 1), date(2025, 12, 31)) == 1


def test_a_year_contradicts_no_day_of_it(file: Path) -> None:
    with closing(Catalogue(sqlite_url(file))) as catalogue:
        catalogue.add([listing(dated(2024, precision="year")), listing(dated(2024, 5, 14), name="b.txt")])
        (paper,) = catalogue.papers()
        assert catalogue.conflicts_of(paper) == ()
        catalogue.add([listing(dated(2023, precision="year"), name="c.txt")])
        (paper,) = catalogue.papers()
        assert [conflict.field for conflict in catalogue.conflicts_of(paper)] == ["published"]


# -- publications


def test_what_was_published_is_believed_before_a_preprint_and_each_value_has_its_source() -> None:
    paper = paper_of(replace(LAMPS, publication=PREPRINT), replace(LAMPS, publication=JOURNAL))
    assert paper.publication == replace(JOURNAL, arxiv_id="2405.00001v2", url="https://arxiv.org/abs/2405.00001v2")
    said = paper_record(paper)["publication"]
    assert (said["venue"], said["sources"]["venue"]) == ("Journal of Lamps", {"listing": "2.txt", "line": 2})
    assert said["sources"]["arxiv_id"] == {"listing": "1.txt", "line": 1}
    assert paper_record(paper)["url"] == "https://arxiv.org/abs/2405.00001v2"


def test_a_volume_stays_with_its_venue() -> None:
    paper = paper_of(
        replace(LAMPS, publication=PREPRINT), replace(LAMPS, publication=Publication(kind="inproceedings", venue="ICL"))
    )
    assert (paper.publication.venue, paper.publication.volume) == ("ICL", None)


def test_kind_and_venue_are_of_one_source() -> None:
    thin = Publication(kind="misc", venue="Journal of Lamps", volume="7", doi="10.1000/lamps", pages="1-2")
    named = Publication(kind="article", venue="journal of lamps")
    elsewhere = Publication(kind="phdthesis", publisher="Somebody")
    paper = paper_of(*(replace(LAMPS, publication=one) for one in (thin, named, elsewhere)))
    assert (paper.publication.venue, paper.publication.kind) == ("Journal of Lamps", "article")
    paper = paper_of(*(replace(LAMPS, publication=one) for one in (replace(thin, kind=None), elsewhere)))
    assert (paper.publication.venue, paper.publication.kind) == ("Journal of Lamps", None)


@pytest.mark.parametrize(
    ("publication", "begins"),
    [
        (Publication(kind="misc", venue="Journal of Lamps"), "@article{k"),
        (Publication(venue="Proceedings of the Lamp Conference"), "@inproceedings{k"),
        (Publication(venue="Lamps", volume="7", issue="2"), "@article{k"),
        (Publication(venue="Lamps"), "@misc{k"),
        (Publication(venue="bioRxiv preprint review"), "@misc{k"),
    ],
)
def test_an_entry_that_says_no_type_is_written_as_what_its_venue_is(publication: Publication, begins: str) -> None:
    paper = paper_of(replace(LAMPS, publication=publication))
    assert bibtex([paper], {paper.paper_id: "k"}).startswith(begins)


def test_the_school_of_a_thesis_is_written_where_each_format_has_it() -> None:
    paper = paper_of(replace(LAMPS, publication=Publication(kind="phdthesis", venue="MIT")))
    keys = {paper.paper_id: "k"}
    assert "school = {MIT}" in bibtex([paper], keys)
    assert "PB  - MIT" in bibliography([paper], keys, BibFormat.RIS)
    (item,) = json.loads(bibliography([paper], keys, BibFormat.CSL_JSON))
    assert (item["publisher"], "container-title" in item) == ("MIT", False)


def test_a_paper_of_which_nothing_is_said_has_no_publication() -> None:
    assert paper_record(paper_of(LAMPS))["publication"] == {}


def test_the_catalogue_stores_publications_and_shows_which_contradict(file: Path) -> None:
    other = replace(JOURNAL, doi="10.1000/other", pages="1-9")
    with closing(Catalogue(sqlite_url(file))) as catalogue:
        catalogue.add(
            [listing(replace(LAMPS, publication=said), name=name) for name, said in (("a", JOURNAL), ("b", other))]
        )
    with closing(Catalogue(sqlite_url(file))) as catalogue:
        (paper,) = catalogue.papers()
        assert paper.publication == JOURNAL
        assert [conflict.field for conflict in catalogue.conflicts_of(paper)] == ["doi", "pages"]


def test_the_doi_of_a_preprint_contradicts_no_other(file: Path) -> None:
    preprint = Publication(doi="10.48550/arxiv.2405.00001")
    with closing(Catalogue(sqlite_url(file))) as catalogue:
        catalogue.add(
            [listing(replace(LAMPS, publication=said), name=name) for name, said in (("a", JOURNAL), ("b", preprint))]
        )
        (paper,) = catalogue.papers()
        assert (paper.publication.doi, catalogue.conflicts_of(paper)) == ("10.1000/lamps", ())


def test_a_library_of_an_older_version_is_brought_up_to_this_one(file: Path) -> None:
    with closing(Catalogue(sqlite_url(file))) as catalogue:
        catalogue.add([listing(replace(LAMPS, publication=JOURNAL))])
        papers = catalogue.papers()
    with closing(sqlite3.connect(file)) as connection:
        for name in ("papers_insert_sealed", "papers_update_sealed"):
            connection.execute(f"DROP TRIGGER {name}")
        for name in ("papers_by_date", "papers_by_category"):
            connection.execute(f"DROP INDEX {name}")
        for name in ("precision", "publication", "sources", "last_day"):
            connection.execute(f"ALTER TABLE papers DROP COLUMN {name}")
        connection.execute("ALTER TABLE papers RENAME COLUMN cluster TO title_key")
        add_functions(connection)
        connection.execute("DROP INDEX entries_by_cluster")
        connection.execute("ALTER TABLE entries RENAME COLUMN cluster TO title_key")
        connection.execute("CREATE INDEX ix_entries_title_key ON entries (title_key)")
        connection.execute("UPDATE entries SET title_key = 'brightlamps'")
        connection.execute("DROP TABLE entry_links")
        connection.execute("UPDATE schema_version SET version = 3")
        connection.commit()
    for _ in range(2):
        with closing(Catalogue(sqlite_url(file))) as catalogue:
            assert catalogue.papers() == papers
        assert damage_of(file) is None


# -- bibliographies


def test_a_bib_says_where_a_paper_appeared() -> None:
    paper = paper_of(replace(dated(2024, precision="year"), publication=replace(JOURNAL, arxiv_id="2405.00001")))
    (entry,) = bibtexparser.parse_string(bibtex([paper], {paper.paper_id: "k"})).entries
    fields = {field.key: field.value for field in entry.fields}
    assert entry.entry_type == "article"
    assert fields == {
        "title": "Bright Lamps",
        "author": "Ada Lovelace",
        "year": "2024",
        "eprint": "2405.00001",
        "archiveprefix": "arXiv",
        "journal": "Journal of Lamps",
        "volume": "7",
        "number": "2",
        "pages": "17--25",
        "publisher": "Light Press",
        "keywords": "lamps, light",
        "doi": "10.1000/lamps",
    }
    biblatex = bibtex([paper], {paper.paper_id: "k"}, biblatex=True)
    assert "journaltitle = {Journal of Lamps}" in biblatex
    assert "date = {2024}" in biblatex


def test_ris_and_csl_json_say_where_a_paper_appeared() -> None:
    paper = paper_of(replace(dated(2024, 5, precision="month"), publication=JOURNAL))
    ris = bibliography([paper], {paper.paper_id: "k"}, BibFormat.RIS).splitlines()
    for line in (
        "TY  - JOUR",
        "DA  - 2024/05",
        "T2  - Journal of Lamps",
        "SP  - 17",
        "EP  - 25",
        "DO  - 10.1000/lamps",
    ):
        assert line in ris
    (item,) = json.loads(bibliography([paper], {paper.paper_id: "k"}, BibFormat.CSL_JSON))
    assert (item["type"], item["container-title"], item["page"]) == ("article-journal", "Journal of Lamps", "17-25")
    assert item["issued"] == {"date-parts": [[2024, 5]]}


def test_an_unknown_type_of_entry_is_written_as_one_that_every_style_has() -> None:
    paper = paper_of(replace(LAMPS, publication=Publication(kind="x}{", venue="A & B")))
    (entry,) = bibtexparser.parse_string(bibtex([paper], {paper.paper_id: "k"})).entries
    assert (entry.entry_type, entry["howpublished"]) == ("misc", r"A \& B")
