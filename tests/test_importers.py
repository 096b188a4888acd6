"""Bibliographies and records as other programs export them: every field is read, what is damaged is reported."""

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.settings import Settings
from assistant.wiring import open_assistant
from vectorstore.catalogue.filters import Filters
from vectorstore.errors import ListingError
from vectorstore.library import Library
from vectorstore.listing_files import without_entries
from vectorstore.listings.entry import Entry, Listing, Publication
from vectorstore.listings.paper_identifiers import arxiv_id, doi
from vectorstore.listings.printed_dates import read_date
from vectorstore.listings.readers import read_listing
from vectorstore.listings.values import natural_name, pages_of, split_authors, without_markup
from vectorstore.papers.partial_dates import iso_date
from vectorstore.text.latex_text import latex_as_text

SAMPLES = Path(__file__).parent / "data" / "imports"
Read = Callable[..., Listing]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(text: str, name: str = "export.txt") -> Listing:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8", newline="")
        return read_listing(path)

    return read


def first(name: str) -> Entry:
    return read_listing(SAMPLES / name).entries[0]


def said(entry: Entry) -> dict[str, Any]:
    """What an entry says of where it was published."""
    return {name: value for name in entry.publication.__slots__ if (value := getattr(entry.publication, name))}


# -- the samples


@pytest.mark.parametrize(
    ("name", "kind", "line", "title", "authors", "published", "precision"),
    [
        ("dblp.bib", "bibtex", 1, r"Lamps in Rooms: $\alpha$-Pruning of NLP and $O(n^2)$", 6, (2017, 1, 1), "year"),
        ("zotero.bib", "bibtex", 2, "LLMs in the Wild: A Müller Study", 4, (2024, 5, 1), "month"),
        ("biblatex.bib", "bibtex", 3, "Main Title: The Sub Title", 1, (2022, 11, 5), "day"),
        ("scholar.bib", "bibtex", 1, "Interference in sequential model editing", 2, (2025, 1, 1), "year"),
        ("scopus.bib", "bibtex", 4, "Deep Learning for Things", 2, (2023, 1, 1), "year"),
        ("wos.bib", "bibtex", 1, "Some WoS title that is wrapped", 2, (2020, 5, 1), "month"),
        ("acl.bib", "bibtex", 1, "LAMPS: Pre-lighting of Deep Rooms", 3, (2019, 6, 1), "month"),
        ("mendeley.ris", "ris", 1, "A Mendeley Title: With Sub", 2, (2023, 5, 1), "month"),
        ("endnote.ris", "ris", 1, "EndNote One", 1, (2020, 1, 1), "year"),
        (
            *("pubmed.nbib", "nbib", 2, "A very long PubMed title that wraps onto the next line of the file"),
            *(3, (2022, 12, 1), "month"),
        ),
        ("zotero.csv", "csv", 2, 'Title, with "quotes" and line', 2, (2023, 5, 1), "month"),
        ("scholar.csv", "csv", 2, "Scholar Csv Paper", 2, (2019, 1, 1), "year"),
        ("wos.tsv", "csv", 2, "WoS Tab Title", 2, (2021, 1, 1), "year"),
        ("crossref.json", "json", 1, "A Crossref & Title: The Sub", 2, (2023, 3, 14), "day"),
        ("csl.json", "json", 2, "CSL Title", 3, (2023, 5, 2), "day"),
        ("hugging_face.json", "json", 1, "Interference in Editing", 2, (2025, 5, 12), "day"),
        ("openalex.json", "json", 1, "One OA", 1, (2020, 1, 1), "day"),
        ("own.jsonl", "jsonl", 1, "L1", 2, (2020, 1, 1), "year"),
        ("arxiv.xml", "atom", 5, "Lamps & Rooms of $n < 5$ Walls", 2, (2024, 5, 14), "day"),
    ],
)
def test_each_export_is_told_by_its_content_and_read(
    name: str, kind: str, line: int, title: str, authors: int, published: tuple[int, int, int], precision: str
) -> None:
    listing = read_listing(SAMPLES / name)
    entry = listing.entries[0]
    assert listing.kind == kind
    assert (entry.line, entry.title, len(entry.authors)) == (line, title, authors)
    assert (entry.published, entry.precision) == (date(*published), precision)


def test_where_a_paper_appeared_is_read_from_a_bib() -> None:
    assert said(first("zotero.bib")) == {
        "doi": "10.1145/3290605.3300233",
        "arxiv_id": "2405.00001",
        "url": "https://dl.acm.org/doi/10.1145/3290605.3300233",
        "kind": "article",
        "venue": "Transactions on Things",
        "volume": "12",
        "issue": "3",
        "pages": "1-10",
        "keywords": ("Computer Science - Machine Learning", "Testing"),
    }
    wild = first("zotero.bib")
    assert wild.abstract == "We study 50% of all models & find $5 costs. Let $x <5$ hold."
    assert wild.authors == ("Jane Doe", "Jan van der Berg", "Martin Luther King, Jr.", "OpenAI")
    assert first("scholar.bib").authors_complete is False
    assert said(first("scholar.bib"))["arxiv_id"] == "2505.08001"
    assert first("dblp.bib").authors[2:] == ("Wei Wang", "Löis Barr", "Émile Zöla", "The ATLAS Collaboration")
    assert said(read_listing(SAMPLES / "biblatex.bib").entries[1]) == {
        "doi": "10.1000/xyz.123",
        "kind": "article",
        "venue": "Journal of Machine Learning",
        "volume": "3",
        "issue": "4",
        "pages": "17-25",
    }


def test_where_a_paper_appeared_is_read_from_the_other_formats() -> None:
    assert said(first("mendeley.ris"))["venue"] == "Journal of Foo"
    assert said(first("pubmed.nbib")) == {
        "doi": "10.1038/s41586-022-0001-2",
        "pmid": "36000001",
        "kind": "article",
        "venue": "Nature",
        "volume": "600",
        "issue": "7890",
        "pages": "123-9",
        "keywords": ("foo", "bar"),
    }
    assert said(first("zotero.csv"))["arxiv_id"] == "2301.00001"
    assert said(first("openalex.json"))["pages"] == "3-9"
    assert said(first("crossref.json"))["publisher"] == "Elsevier BV"
    assert first("crossref.json").abstract == "We show H2O < 5 & more."
    assert first("csl.json").authors == ("Aäron van den Oord", "Martin Luther King, Jr.", "ATLAS Collaboration")
    assert first("openalex.json").abstract == "Hello big Hello"
    lamps = first("arxiv.xml")
    assert (lamps.category, said(lamps)["arxiv_id"], said(lamps)["doi"]) == ("LG", "2405.00001v2", "10.1000/lamps.1")
    assert lamps.abstract == "Lamps light rooms <well>. They cost little."


# -- values


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("2025", "2025-01-01 year"),
        ("2025-05", "2025-05-01 month"),
        ("2025/05/12/", "2025-05-12 day"),
        ("2025-00-00 2025", "2025-01-01 year"),
        ("2025-02-30", "2025-02-01 month"),
        ("2025 May 12", "2025-05-12 day"),
        ("12 May 2025", "2025-05-12 day"),
        ("Sept. 2, 2025", "2025-09-02 day"),
        ("May-Jun 2025", "2025-05-01 month"),
        ("2025-05-12T19:12:33Z", "2025-05-12 day"),
        ("Mon, 2 Apr 2007 19:18:42 GMT", "2007-04-02 day"),
        ("in press", "None day"),
        ("99999", "None day"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_printed(text: str, read_as: str) -> None:
    dated = read_date(text)
    assert f"{dated.day} {dated.precision}" == read_as


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Brown, Alice; Choi, Wan; ", ["Alice Brown", "Wan Choi"]),
        ("Alice Brown, Wan Choi", ["Alice Brown", "Wan Choi"]),
        ("Brown, Alice", ["Alice Brown"]),
        ("Alice Brown and Wan Choi", ["Alice Brown", "Wan Choi"]),
        ("Brown AM, Kim BJ.", ["AM Brown", "BJ Kim"]),
        ("Brown, Alice (57190000); King, Jr., Martin Luther", ["Alice Brown", "Martin Luther King, Jr."]),
    ],
)
def test_names_in_one_field_are_told_apart(text: str, names: list[str]) -> None:
    assert [name for part in split_authors(text) if (name := natural_name(part))] == names


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"M{\"u}ller \& {\'E}co{\l}e", "Müller & Écołe"),
        (r"12\% of \emph{all} -- in $\alpha_{i}$ and \(x\)", r"12% of all – in $\alpha_{i}$ and \(x\)"),
        (r"100 % of $5 and $10", "100 % of $5 and $10"),
        (r"\textbf{A} ``quote'' \unknowncommand{x}", "A “quote” x"),
        (r"broken \frac{ and \textit", None),
    ],
)
def test_latex_is_characters_and_mathematics_stays(latex: str, text: str | None) -> None:
    assert text is None or latex_as_text(latex) == text
    assert isinstance(latex_as_text(latex), str)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_text_stops_what_reads_fields(text: str) -> None:
    for reader in (without_markup, natural_name, read_date, pages_of, latex_as_text, split_authors, arxiv_id, doi):
        reader(text)
    assert "\0" not in without_markup(text)


def test_markup_and_entities_are_taken_off() -> None:
    text = "R&amp;amp;D of CO<sub>2</sub> with p < 0.05 and <eos> &lt;i&gt;a&lt;/i&gt;"
    assert without_markup(text) == "R&D of CO2 with p < 0.05 and <eos> a"
    assert without_markup("<jats:title>Abstract</jats:title><jats:p>One.</jats:p><jats:p>Two.</jats:p>") == "One. Two."
    assert without_markup("a\u202eb\u200bc\ud800") == "abc\ufffd"


@pytest.mark.parametrize(
    ("text", "arxiv", "known_doi"),
    [
        ("https://arxiv.org/pdf/2405.00001v2.pdf", "2405.00001v2", None),
        ("arXiv preprint arXiv:hep-th/9901001", "hep-th/9901001", None),
        ("https://doi.org/10.48550/arXiv.2405.00001", "2405.00001", "10.48550/arxiv.2405.00001"),
        ("doi:10.1000/ABC(1).2.", None, "10.1000/abc(1).2"),
        ("https://huggingface.co/papers/2405.00001", "2405.00001", None),
        ("https://example.org/2405.00001", None, None),
    ],
)
def test_identifiers_are_found_where_they_stand(text: str, arxiv: str | None, known_doi: str | None) -> None:
    assert (arxiv_id(text), doi(text)) == (arxiv, known_doi)


# -- damage


RIS = "".join(f"TY  - JOUR\nTI  - Title {n}\nAU  - Brown, A.\nER  - \n\n" for n in range(3))
JSON = json.dumps([{"title": f"Title {n}", "authors": [{"name": "A. Brown"}]} for n in range(4)])


@pytest.mark.parametrize(
    ("text", "titles", "reported"),
    [
        ("@misc{a, title={One}}\n@misc{b, title={Two\n\n@misc{c, title={Three}}\n@misc{d,}", "One Three", [2, 5]),
        ("@misc{a, title={One}}\n@misc{a, title={Two}, title={No}}\n@misc{c title={X}}", "One Two", [3]),
        (
            "@misc{a, title={One}}\n\n@miscb, title={Two}}\n@misc{c, title={Three}, volume = 6},\n year={2020}}",
            "One Three",
            [3, 4, 5],
        ),
        (RIS.replace("TI  - Title 1\n", ""), "Title 0 Title 2", [6]),
        (RIS.replace("AU  - Brown, A.\nER  - \n\n", "?U  - B\n", 1), "Title 0 Title 1 Title 2", [3, 4]),
        (JSON.replace('"title": "Title 1"', '"title" "Title 1"'), "Title 0 Title 2 Title 3", [1]),
        (JSON[:-40], "Title 0 Title 1 Title 2", [1]),
        ('{"title": "One"}\n{"title": bad}\n{"title": "Two"}\n[1]\n{"name": 1}', "One Two", [2, 4, 5]),
        (
            'Title,Journal\n"One",2020\n"Two,2020\n"Th"ree",2020\nFour,2020,x\nFive\n"Six",2020',
            "One Five Six",
            [3, 4, 5, 6],
        ),
        ("PMID- 1\nTI  - One.\n\nPMID- 2\nAU  - B\n\nPMID- 3\nTI  - Three.\n", "One Three", [4]),
    ],
    ids=["braces", "twice", "stray", "no title", "broken tag", "json", "cut", "jsonl", "csv", "nbib"],
)
def test_damaged_records_are_reported_and_the_others_kept(
    read: Read, text: str, titles: str, reported: list[int]
) -> None:
    listing = read(text)
    assert " ".join(entry.title for entry in listing.entries) == titles
    assert sorted({line.line for line in listing.skipped}) == reported
    assert all(line.reason for line in listing.skipped)
    lines = [entry.line for entry in listing.entries]
    assert len(set(lines)) == len(lines)


def test_a_damaged_feed_is_read_as_far_as_it_can_be(read: Read) -> None:
    text = (SAMPLES / "arxiv.xml").read_text(encoding="utf-8")
    second = text[text.index("<entry>") : text.index("</feed>")].replace("Ben Moss", "Ben <Moss").replace("v2", "v3")
    listing = read(text.replace("</feed>", second + "</feed>"))
    assert [entry.title for entry in listing.entries][:1] == ["Lamps & Rooms of $n < 5$ Walls"]
    assert listing.skipped


def test_records_on_one_line_have_numbers_of_their_own(read: Read) -> None:
    assert [entry.line for entry in read("@misc{a, title={A}} @misc{b, title={B}}").entries] == [1, 2]
    assert [entry.line for entry in read(JSON).entries] == [1, 2, 3, 4]


def test_what_names_no_paper_says_why(read: Read) -> None:
    with pytest.raises(ListingError, match="line 1, a: the record has no title"):
        read("@misc{a, author={B}}")


# -- hostile


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE f [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T &c; &x;</title><summary>&x;</summary></entry></feed>'
)


def test_entities_are_not_resolved(read: Read) -> None:
    with pytest.raises(ListingError, match=r"line 1, is no XML .*Entity"):
        read(BOMB)
    whole = "<entry><title>A &amp; B</title></entry></feed>"
    listing = read(BOMB.replace("</feed>", whole))
    assert ([entry.title for entry in listing.entries], len(listing.skipped)) == (["A & B"], 1)


@pytest.mark.parametrize(
    "text",
    [
        '{"title":' + "[" * 10_000 + "]" * 10_000 + "}",
        "[" * 10_000 + '{"title": "x"}',
        "@misc{" + "{" * 100_000,
        "@misc{a, title={" + "{" * 50_000 + "}" * 49_999 + "\n@misc{b, title={B}}",
        "@misc{a, title={" + "x" * 1_000_000 + "}}\n@misc{b, title={B}}",
        "@misc{a, title={T}, author={" + " and ".join(["A B"] * 50_000) + "}}",
        "TY  - JOUR\n" * 20_000,
        "TY  - JOUR\nTI  - T\n" + "AU  - A, B\n" * 50_000 + "ER  - \n",
        "Title,Year\n" + '"open,2020\n' * 20_000,
        '{"title": "x"},' * 20_000,
        '[{"title": "x"}' + ', {"a": {"b": ' * 5_000,
        "PMID- 1\n" * 20_000,
        "@misc{a, title={\\'{" * 10_000,
    ],
    ids=range(13),  # type: ignore[arg-type]
)
def test_hostile_exports_take_linear_time(read: Read, text: str) -> None:
    began = time.thread_time()
    try:
        listing = read(text)
    except ListingError as error:
        assert "\n" not in str(error)
    else:
        assert all(len(entry.title) <= 2_000 and len(entry.authors) <= 10_000 for entry in listing.entries)
    assert time.thread_time() - began < 10


@pytest.mark.parametrize(
    ("before", "times", "behind"),
    [
        ("Title\tAda Quill\na", "\t" * 300, "x"),
        ("@article{a, title={A paper}, keywords={x", " " * 5_000, "y}}"),
        ('@article{a, title={A paper}, note="x" # "', " " * 5_000, '" }'),
        ("title,authors,keywords\nA paper,B C,x", " " * 5_000, "y\n"),
        ("title,authors,keywords\nA paper,B C", " " * 5_000, "D; x,y\n"),
        ('[{"title":"A paper","keywords":"x', " " * 5_000, 'y"}]'),
        ("LGMay 14\nA TitleBo Li", "*" * 2_000, "x, Al No\n"),
    ],
    ids=["tabs", "keywords", "joined", "cells", "names", "strings", "stars"],
)
def test_runs_of_one_character_take_linear_time(before: str, times: str, behind: str) -> None:
    def seconds(run: str) -> float:
        began = time.thread_time()
        with suppress(ListingError):
            read_listing(Path("export.txt"), content=f"{before}{run}{behind}".encode())
        return time.thread_time() - began

    seconds(times)
    assert seconds(4 * times) < 8 * seconds(times) + 0.2


def test_end_tags_are_not_looked_for_among_endless_elements() -> None:
    with pytest.raises(ListingError, match="elements in each other"):
        read_listing(Path("page.html"), content=b"<html>" + b"<b>" * 3_000 + b"</i>" * 3_000)


def test_braces_in_texts_among_records_are_no_records(read: Read) -> None:
    listing = read('[{"title":"A paper"}, "note {", {"title":"B paper"}]')
    assert [entry.title for entry in listing.entries] == ["A paper", "B paper"]


def test_a_doi_in_a_note_is_of_another_work_unless_it_is_all_there_is(read: Read) -> None:
    for note, known in (("Erratum of 10.1000/xyz", None), ("10.1000/xyz", "10.1000/xyz"), ("DOI: 10.1/x", None)):
        listing = read(f"@misc{{a, title={{One}}, note={{{note}}}}}")
        assert listing.entries[0].publication.doi == known
    assert read('[{"title": "One", "extra": "tex: y\\nDOI: 10.1000/xyz"}]').entries[0].publication.doi == "10.1000/xyz"


def test_an_entry_of_bibtex_in_a_page_makes_it_no_bib_and_what_is_in_no_entry_is_reported(read: Read) -> None:
    entry = "@misc{a, title={One}}\n"
    page = "Zebra Lanterns\nLanterns glow when they are lit. We show why.\n• 2 authors\n·\nMay 14, 2025\n" * 3
    assert read(page + entry).kind != "bibtex"
    listing = read("% comment\nExported today\n" + entry + "\nstray words\n% comment\n")
    assert (listing.kind, [line.line for line in listing.skipped]) == ("bibtex", [2, 5])


def test_a_copied_table_of_scholar_is_no_tsv(read: Read) -> None:
    rows = "Zebra Lanterns\nA Quill, B Moss\nJournal of Lamps 3 (2), 1-9, 2020\t12\t2020\n"
    listing = read("TITLE\tCITED BY\tYEAR\n" + rows + rows.replace("Zebra", "Quagga"))
    assert [entry.title for entry in listing.entries] == ["Zebra Lanterns", "Quagga Lanterns"]


# -- in a library


@pytest.mark.parametrize("character", ["\\ud800", "\\u0000"])
def test_what_no_database_takes_is_stored_as_another_character(tmp_path: Path, character: str) -> None:
    text = f'[{{"title": "A paper", "url": "https://arxiv.org/x{character}y", "doi": "10.1000/x{character}y"}}]'
    (tmp_path / "a.json").write_text(text)
    with Library(tmp_path / "library") as library:
        assert library.ingest([tmp_path / "a.json"]).papers_added == 1


def test_copies_without_a_forgotten_entry_are_read_as_before() -> None:
    for name in ("zotero.bib", "endnote.ris", "zotero.csv", "own.jsonl", "csl.json"):
        listing = read_listing(SAMPLES / name)
        left = without_entries(listing, {listing.entries[0].line})
        assert left is not None, name
        assert read_listing(Path(name), content=left).entries == listing.entries[1:]
    for name in ("crossref.json", "arxiv.xml"):
        listing = read_listing(SAMPLES / name)
        assert without_entries(listing, {listing.entries[0].line}) is None


def test_a_folder_of_exports_is_read_as_a_whole(tmp_path: Path) -> None:
    with Library(tmp_path / "library") as library:
        report = library.ingest([SAMPLES])
        assert report.listings == len(list(SAMPLES.iterdir()))
        titles = {paper.title for paper in library.papers()}
    assert {"CSL Title", "EndNote One", "One OA"} <= titles
    assert re.search("Interference in", " ".join(titles))


def test_a_paper_without_an_abstract_is_listed_and_dated_and_nothing_is_said_of_it(tmp_path: Path) -> None:
    bib = tmp_path / "refs.bib"
    bib.write_text(
        "@article{a, title={Quantizing Zebra Networks to Four Bits}, author={Quill, Ada}, year={2024}, month=may}\n"
        "@misc{b, title={Lamps and Rooms}, author={Dean, Cara}, year={2023}, abstract={Lamps light. They cost little.}}"
    )
    assistant = open_assistant(Settings(library=tmp_path / "library"))
    try:
        assistant.library.ingest([bib])
        listed, unknown, early = [
            assistant.ask(question)
            for question in (
                "papers on zebra networks",
                "how does Quantizing Zebra Networks to Four Bits quantize?",
                "papers in january 2024",
            )
        ]
    finally:
        assistant.library.close()
    assert "Quantizing Zebra Networks to Four Bits" in listed.text
    assert "May 2024" in listed.text
    assert unknown.abstained
    assert not any(citation.quote for citation in unknown.citations)
    assert early.text == "The library has no paper from January 2024."


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Jane Doe, Max Power and Li Na", ["Jane Doe", "Max Power", "Li Na"]),
        ("Jane Doe, Max Power, and Li Na", ["Jane Doe", "Max Power", "Li Na"]),
        ("Jane Doe, Max Power & Li Na", ["Jane Doe", "Max Power", "Li Na"]),
        ("Doe, Jane and Power, Max", ["Doe, Jane", "Power, Max"]),
        ("Doe, Jane and The ATLAS Collaboration", ["Doe, Jane", "The ATLAS Collaboration"]),
        ("Jane Doe and Max Power et al.", ["Jane Doe", "Max Power", "et al."]),
        ("Doe, J.; Power, M.", ["Doe, J.", "Power, M."]),
    ],
)
def test_names_in_one_field_are_parted_however_they_are_joined(text: str, names: list[str]) -> None:
    assert [name.strip() for name in split_authors(text)] == names


def test_biblatexs_names_in_parts_are_put_together() -> None:
    assert natural_name("family=Poe, given=Edgar Allan") == "Edgar Allan Poe"
    assert natural_name("prefix=van, useprefix=true, family=Beethoven, given=Ludwig") == "Ludwig van Beethoven"


def test_a_table_with_a_header_in_another_language_is_read(tmp_path: Path) -> None:
    file = tmp_path / "tabelle.tsv"
    file.write_text("Titel\tAutor\tJahr\nLampen\tAnna Weber\t2021\n", encoding="utf-8")
    (entry,) = read_listing(file).entries
    assert (entry.title, entry.authors, entry.published and entry.published.year) == ("Lampen", ("Anna Weber",), 2021)


@pytest.mark.parametrize(
    ("printed", "abstract"),
    [
        ("[No abstract available]", ""),
        ("No abstract available.", ""),
        ("Lamps shine. © 2023 Elsevier B.V.", "Lamps shine."),
        ("Lamps shine. © 2021 The Authors. Published by Elsevier Ltd.", "Lamps shine."),
        ("No abstract is as short as ours. It shines.", "No abstract is as short as ours. It shines."),
    ],
)
def test_what_stands_for_an_abstract_or_behind_it_is_none(tmp_path: Path, printed: str, abstract: str) -> None:
    file = tmp_path / "one.csv"
    file.write_text(f'Title,Authors,Abstract,Year\nLamps,Ada Quill,"{printed}",2023\n', encoding="utf-8")
    (entry,) = read_listing(file).entries
    assert entry.abstract == abstract


# -- what is said elsewhere, or in other words


def test_an_entry_has_what_its_proceedings_and_its_xdata_say(read: Read) -> None:
    listing = read(
        "@inproceedings{a, title={Lamps}, author={Doe, Jane}, crossref={P}, pages={1--2}}\n"
        "@article{b, title={Lights}, author={Doe, Jane}, xdata={x, none}}\n"
        "@xdata{x, journal={TOMS}, xdata={y}}\n@xdata{y, volume={4}, year={2019}, xdata={x}}\n"
        "@proceedings{p, title={Proceedings of ICL}, editor={Ed Itor}, year={2021}, publisher={PMLR}, doi={10.1/p}}\n"
    )
    lamps, lights = listing.entries
    assert lamps.publication == Publication(
        kind="inproceedings", venue="Proceedings of ICL", pages="1-2", publisher="PMLR"
    )
    assert (lamps.authors, lamps.published) == (("Jane Doe",), date(2021, 1, 1))
    assert (lights.publication.venue, lights.publication.volume, lights.published) == ("TOMS", "4", date(2019, 1, 1))
    assert [line.reason for line in listing.skipped] == ["p: proceedings as a whole are no paper"]


def test_entries_that_name_each_other_end(read: Read) -> None:
    many = ",".join(f"k{number}" for number in range(300))
    entry = "@misc{{k{0}, title={{T{0}}}, xdata={{{1}}}, crossref={{k0}}}}\n"
    text = "".join(entry.format(number, many) for number in range(300))
    assert len(read(text).entries) == 300


@pytest.mark.parametrize(
    ("fields", "kind", "venue"),
    [
        ("journal={Nature}", "article", "Nature"),
        ("booktitle={NeurIPS 2021}", "inproceedings", "NeurIPS 2021"),
        ("institution={Example Labs}", "techreport", "Example Labs"),
        ("howpublished={Blog}", "misc", "Blog"),
    ],
)
def test_an_entry_of_no_type_is_what_its_venue_is(read: Read, fields: str, kind: str, venue: str) -> None:
    (entry,) = read(f"@misc{{a, title={{Lamps}}, {fields}}}").entries
    assert (entry.publication.kind, entry.publication.venue) == (kind, venue)


def test_the_school_of_a_thesis_is_its_venue_in_every_format(read: Read) -> None:
    bib = "@thesis{a, title={Lamps}, institution={MIT}, series={Light Notes}, type={mathesis}}"
    ris = "TY  - THES\nTI  - Lamps\nPB  - MIT\nER  - \n"
    csl = '[{"title": "Lamps", "type": "thesis", "publisher": "MIT"}]'
    assert [read(text).entries[0].publication for text in (bib, ris, csl)] == [
        Publication(kind="mastersthesis", venue="MIT"),
        Publication(kind="phdthesis", venue="MIT"),
        Publication(kind="phdthesis", venue="MIT"),
    ]


def test_braces_hold_a_name_with_and_together(read: Read) -> None:
    (entry,) = read(
        r"""@misc{a, title={L}, author={{Barnes and Noble, Inc.} and M{\"u}ller, K. and {A and B} and {\'E}. Poe}}"""
    ).entries
    assert entry.authors == ("Barnes and Noble, Inc.", "K. Müller", "A and B", "É. Poe")


def test_the_names_of_tex_are_words_of_a_title(read: Read) -> None:
    (entry,) = read(r"@misc{a, title={The {\LaTeX} of \BibTeX\ and \TeX{}: \xspace More}}").entries
    assert entry.title == "The LaTeX of BibTeX and TeX: More"


@pytest.mark.parametrize(
    "fields",
    [
        "eprint={2405.00001v2}",
        "eprint={arXiv:2405.00001v2}, archiveprefix={arXiv}",
        "eprint={2405.00001v2}, eprinttype={arxiv}",
    ],
)
def test_an_eprint_keeps_its_version(read: Read, fields: str) -> None:
    (entry,) = read(f"@misc{{a, title={{Lamps}}, {fields}, primaryclass={{cs.CL [cs]}}}}").entries
    assert (entry.publication.arxiv_id, entry.category) == ("2405.00001v2", "CL")


@pytest.mark.parametrize("name", ["King, Martin Luther, Jr.", "King, Jr., Martin Luther", "Martin Luther King, Jr."])
def test_a_suffix_stands_behind_a_name_wherever_it_is_printed(name: str) -> None:
    assert natural_name(name) == "Martin Luther King, Jr."


def test_the_book_of_a_chapter_is_its_venue_and_a_book_has_none(read: Read) -> None:
    chapter, book = read(
        "TY  - CHAP\nTI  - Lamps\nBT  - The Book of Lights\nER  - \n\nTY  - BOOK\nBT  - A Whole Book\nER  - \n"
    ).entries
    assert (chapter.title, chapter.publication.venue) == ("Lamps", "The Book of Lights")
    assert (book.title, book.publication.venue) == ("A Whole Book", None)


def test_fields_of_json_may_begin_with_capitals_and_name_the_code(read: Read, tmp_path: Path) -> None:
    record = {"Title": "Lamps", "Summary": "Bright.", "Authors": ["Jane Doe"], "githubRepo": "https://github.com/a/b"}
    text = json.dumps([record])
    (entry,) = read(text).entries
    assert (entry.abstract, entry.authors) == ("Bright.", ("Jane Doe",))
    with Library(tmp_path / "library") as library:
        (tmp_path / "export.json").write_text(text, encoding="utf-8")
        library.ingest([tmp_path / "export.json"])
        (paper,) = library.papers(Filters(has_code=True))
    assert paper.code_url == "https://github.com/a/b"


def test_a_table_of_films_is_no_listing(read: Read) -> None:
    with pytest.raises(ListingError):
        read("Title,Year,Director,Genre\nAlien,1979,Ridley Scott,Horror\nHeat,1995,Michael Mann,Crime\n")
    for column in ("Authors", "Abstract", "DOI", "Journal"):
        assert len(read(f"Title,{column}\nLamps,10.1000/x\n").entries) == 1


@pytest.mark.parametrize(
    ("text", "read_as"),
    [("14. Mai 2025", "2025-05-14"), ("mai 2025", "2025-05"), ("14/05/2025", "2025-05-14"), ("02/03/2025", "2025")],
)
def test_a_field_has_dates_in_the_forms_of_pages(text: str, read_as: str) -> None:
    dated = read_date(text)
    assert iso_date(dated.day, dated.precision) == read_as


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (
            {"type": "article", "primary_location": {"source": {"display_name": "X", "type": "conference"}}},
            "inproceedings",
        ),
        ({"type": "article", "primary_location": {"source": {"display_name": "X", "type": "journal"}}}, "article"),
        ({"type": "article", "type_crossref": "proceedings-article", "venue": "X"}, "inproceedings"),
        (
            {"publicationTypes": ["JournalArticle"], "venue": "X", "publicationVenue": {"type": "conference"}},
            "inproceedings",
        ),
        ({"publicationTypes": None, "venue": "X", "publicationVenue": {"type": "journal"}}, "article"),
        ({"type": "book-chapter", "primary_location": {"source": {"type": "conference"}}}, "incollection"),
        ({"type": "article-journal", "container-title": "X"}, "article"),
    ],
)
def test_what_a_paper_is_says_the_place_where_a_service_calls_all_articles(
    read: Read, said: dict[str, object], kind: str
) -> None:
    (entry,) = read(json.dumps([{"title": "Lamps", "abstract": "They light.", **said}])).entries
    assert entry.publication.kind == kind


# -- odd files of each kind


def test_ris_in_small_letters_is_read(read: Read) -> None:
    (entry,) = read("ty  - jour\nti  - Lamps\nau  - Doe,J.,Jr.\npy  - 2020\ner  - \n").entries
    assert (entry.title, entry.authors, entry.publication.kind) == ("Lamps", ("J. Doe, Jr.",), "article")


def test_a_text_that_begins_a_line_with_ty_is_no_ris(read: Read) -> None:
    with pytest.raises(ListingError):
        read("I say\nty - thanks\nto you.\n")


@pytest.mark.parametrize("title", ["{Lamps {and} Rooms}", '"Lamps and Rooms"'])
def test_a_field_of_bibtex_without_a_comma_behind_it_keeps_to_itself(read: Read, title: str) -> None:
    text = (
        f"@article{{a,\\n title={title}\\n year = 2020\\n author={{Doe, Jane and Roe, Max}},\\n pages={{1--9}}\\n}}\\n"
    )
    (entry,) = read(text.replace("\\n", "\n")).entries
    assert (entry.title, entry.authors) == ("Lamps and Rooms", ("Jane Doe", "Max Roe"))
    assert (entry.published, entry.publication.pages) == (date(2020, 1, 1), "1-9")


@pytest.mark.parametrize("authors", ["['Jane Doe', \"Max O'Roe\"]", '["Jane Doe", "Max O\'Roe"]'])
def test_a_cell_may_have_the_authors_as_a_program_prints_a_list(read: Read, authors: str) -> None:
    cell = authors.replace('"', '""')
    (entry,) = read(f'title,authors,abstract\nLamps,"{cell}",They light.\n').entries
    assert entry.authors == ("Jane Doe", "Max O'Roe")


def test_a_table_may_be_parted_by_strokes(read: Read) -> None:
    (entry,) = read("title|authors|year\nLamps|Jane Doe; Max Roe|2020\n").entries
    assert (entry.title, entry.authors) == ("Lamps", ("Jane Doe", "Max Roe"))


def test_the_translated_title_of_a_pubmed_record_has_no_brackets(read: Read) -> None:
    text = "PMID- 124\nTI  - [Doors].\nFAU - Roe, Max\n\nPMID- 125\nTI  - [Un]known [Lamps].\nFAU - Roe, Max\n\n"
    assert [entry.title for entry in read(text).entries] == ["Doors", "[Un]known [Lamps]"]
