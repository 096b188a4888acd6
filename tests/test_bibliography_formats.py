"""Papers as RIS and CSL-JSON, and as a Word document by pandoc."""

import io
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.manuscripts.bib_format import BibFormat
from assistant.manuscripts.bibliography_formats import bibliography
from assistant.manuscripts.docx_export import docx
from tests.test_bibliography import PAPER
from vectorstore.errors import OutputError
from vectorstore.papers.paper import Paper

NAMES = ("Martin Luther King, Jr.", "Aäron van den Oord", "The ATLAS Collaboration", "Suharto", ":")
KNOWN = replace(
    PAPER, title="R&amp;D of $\\alpha$", authors=NAMES, authors_complete=False, url="https://arxiv.org/abs/2510.01234"
)
BARE = replace(PAPER, paper_id="q", authors=(), organization="NVIDIA", year_inferred=True)


def written(bib_format: BibFormat, *papers: Paper) -> str:
    return bibliography(papers, {"p": "king2025rd", "q": "nvidia2025rainbow"}, bib_format)


def test_ris_has_an_entry_a_paper_and_a_tag_a_line() -> None:
    first, second = written(BibFormat.RIS, KNOWN, BARE, KNOWN).split("\n\n")
    assert first.splitlines() == [
        "TY  - GEN",
        "ID  - king2025rd",
        "TI  - R&D of α",
        "AU  - King, Martin Luther, Jr.",
        "AU  - van den Oord, Aäron",
        "AU  - The ATLAS Collaboration",
        "AU  - Suharto",
        "PY  - 2025",
        "DA  - 2025/10/04",
        "N1  - The listing does not print all authors.",
        "M1  - arXiv:2510.01234",
        "UR  - https://arxiv.org/abs/2510.01234",
        "ER  - ",
    ]
    assert "AU  - NVIDIA" in second
    assert "PY" not in second


def test_csl_json_has_the_parts_of_each_name() -> None:
    first, second = json.loads(written(BibFormat.CSL_JSON, KNOWN, BARE))
    assert first["author"] == [
        {"family": "King", "given": "Martin Luther", "suffix": "Jr."},
        {"family": "Oord", "given": "Aäron", "non-dropping-particle": "van den"},
        {"literal": "The ATLAS Collaboration"},
        {"literal": "Suharto"},
        {"literal": "others"},
    ]
    assert first["issued"] == {"date-parts": [[2025, 10, 4]]}
    assert (first["id"], first["title"], first["archive_location"]) == ("king2025rd", "R&D of α", "2510.01234")
    assert second["author"] == [{"literal": "NVIDIA"}]
    assert "issued" not in second


@pytest.mark.parametrize(
    ("file", "bib_format"),
    [("a.bib", "bibtex"), ("a.RIS", "ris"), ("a.json", "csl-json"), ("a", "bibtex"), ("a.txt", "bibtex")],
)
def test_the_ending_of_a_file_says_its_format(file: str, bib_format: str) -> None:
    assert BibFormat.of(Path(file)) == bib_format


def test_a_word_document_without_pandoc_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(OutputError, match="not installed; install it from"):
        docx("text")


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc not installed")
def test_a_word_document_has_the_text_and_no_file_that_the_text_names(tmp_path: Path) -> None:
    picture = tmp_path / "secret.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    text = f"### Theme\n\nKim et al. pad $x^2$ [1]. ![a]({picture}) ![b][c]\n\n[c]: {picture}"
    made = zipfile.ZipFile(io.BytesIO(docx(text)))
    page = made.read("word/document.xml").decode()
    assert "Kim et al. pad" in page
    assert "m:oMath" in page
    assert not [name for name in made.namelist() if "media" in name]
