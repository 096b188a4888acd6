r"""What pandoc and LaTeX make of a section with its .bib: no warning on citations. Skipped where they are missing."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.manuscripts.bibliography import bibtex
from assistant.manuscripts.citation_rendering import Citing, latex_text
from assistant.manuscripts.literature_table import as_latex
from assistant.manuscripts.sections import Section
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.text.latex import latex
from tests.fakes import paper_of
from vectorstore.library import Library

DOCUMENT = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{amsmath,amssymb,booktabs,PACKAGE}
\begin{document}
%s
\bibliographystyle{STYLE}
\bibliography{cited}
\end{document}
"""

DAY = date(2025, 10, 4)
TITLES = [
    "Every one: # $ % & ~ _ ^ \\ { } < > | ` ' \" @ = , ; -- --- !` ?` ,, << >>",
    "Half a { brace } } and ]] brackets [A]",
    "Accents é ö ő ñ ç ø ß Ł ı ğ ế ṇ Ơ ư ẞ, signs ½ № ™ ♭ ɛ ≤ ∈ → ✓ ☃ …",
    "王伟 日本語 العربية Кирилл ελληνικά 🌈 👩‍🔬",
    "$x^2_i$ and $\\mathcal{O}(n \\log n)$ cost $5 or $10, $$y$$, $a^b^c$, $\\frac{a}$, $\\{a$",
    "No $^^5cinput{/etc/passwd}$ and no $x_王$",
    "\\input{/etc/passwd} \\write18{ls} \\def\\x{} \\end{document} \\catcode`\\@=11",
    "@misc{x, title={y}}, author = {z}",
    "[A] LLM Called “T5”",
]


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"{' and '.join(missing)} not installed")


@pytest.fixture(scope="module")
def section(seeds_library: Library) -> Section:
    """All papers of the seeds, cited by local code."""
    ids = [paper.paper_id for paper in seeds_library.papers()]
    return Assistant(seeds_library, Settings()).related_work(pin=ids)


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, timeout=120)
    said = (done.stdout + done.stderr).decode(errors="replace")
    assert done.returncode == 0, said[-2000:]
    return said


def document(body: str, style: str = "plain") -> str:
    package = "natbib" if style == "plainnat" else "textcomp"  # the latter is in LaTeX itself
    return (DOCUMENT % body).replace("STYLE", style).replace("PACKAGE", package)


def run_latex(folder: Path, body: str, bib: str, style: str = "plain") -> None:
    """Run LaTeX and BibTeX until the citations are there; fail at a warning on one."""
    (folder / "paper.tex").write_text(document(body, style), encoding="utf-8")
    (folder / "cited.bib").write_text(bib, encoding="utf-8")
    latex = ("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex")
    run(*latex, cwd=folder)
    from_bibtex = run("bibtex", "paper", cwd=folder)
    assert not re.search("[Ww]arning|error", from_bibtex), from_bibtex
    run(*latex, cwd=folder)
    last = run(*latex, cwd=folder)
    assert not re.search(r"(?:Citation|Reference) .* undefined|undefined (?:citations|references)", last)


@needs("pdflatex", "bibtex")
def test_latex_and_bibtex_warn_of_no_citation(section: Section, seeds_library: Library, tmp_path: Path) -> None:
    table = Assistant(seeds_library, Settings()).table(section.paper_ids[:4])
    run_latex(tmp_path, section.latex + as_latex(table), section.bibtex)


@pytest.fixture(scope="module")
def hostile() -> tuple[str, str]:
    """A text that cites papers of all titles by authors of the same names, and its .bib."""
    papers = [
        replace(paper_of(title, ""), paper_id=f"p{number}", authors=(title,) if number % 2 else (), published=DAY)
        for number, title in enumerate(TITLES)
    ]
    keys = {paper.paper_id: f"key{number}" for number, paper in enumerate(papers)}
    text = "\n\n".join(f"A study of {title} [{number}]." for number, title in enumerate(TITLES))
    return latex_text(text, Citing(dict(enumerate(keys.values())))), bibtex(papers, keys)


@needs("pdflatex", "bibtex")
@pytest.mark.parametrize("style", ["plain", "plainnat"])
def test_any_title_compiles_and_does_nothing(hostile: tuple[str, str], style: str, tmp_path: Path) -> None:
    run_latex(tmp_path, *hostile, style)
    read = (tmp_path / "paper.log").read_text(encoding="utf-8", errors="replace")
    assert "(/etc/passwd" not in read  # as LaTeX tells of a file that it opens
    assert "runsystem(" not in read


@needs("pandoc")
def test_pandoc_reads_any_title(hostile: tuple[str, str], tmp_path: Path) -> None:
    text, bib = hostile
    (tmp_path / "paper.tex").write_text(document(text), encoding="utf-8")
    (tmp_path / "cited.bib").write_text(bib, encoding="utf-8")
    said = run(
        *("pandoc", "paper.tex", "--citeproc", "--bibliography", "cited.bib", "-t", "plain", "-o", "paper.txt"),
        cwd=tmp_path,
    )
    assert said == ""
    page = (tmp_path / "paper.txt").read_text(encoding="utf-8")
    assert "王伟 日本語" in page
    assert "u8:" not in page


@needs("pandoc")
def test_pandoc_leaves_out_no_sign(tmp_path: Path) -> None:
    signs = "Đức is 3× as fast at 45° ± ½ → for €5… «Þór», {a|b} `c` √n § ¿Ű íï Øæß"
    (tmp_path / "signs.tex").write_text(latex(signs), encoding="utf-8")
    assert run("pandoc", "signs.tex", "-t", "plain", "--wrap=none", cwd=tmp_path).strip() == signs


@needs("pandoc")
def test_pandoc_finds_every_citation(section: Section, tmp_path: Path) -> None:
    (tmp_path / "paper.tex").write_text(document(section.latex), encoding="utf-8")
    (tmp_path / "cited.bib").write_text(section.bibtex, encoding="utf-8")
    said = run("pandoc", "paper.tex", "--citeproc", "--bibliography", "cited.bib", "-o", "paper.html", cwd=tmp_path)
    assert "WARNING" not in said
    page = (tmp_path / "paper.html").read_text(encoding="utf-8")
    assert len(re.findall(r'class="csl-entry"', page)) == len(section.references)


def test_keys_and_entries_are_one_to_one(section: Section) -> None:
    cited = {key for keys in re.findall(r"\\cite\{([^}]+)\}", section.latex) for key in keys.split(",")}
    entries = re.findall(r"@misc\{([^,]+),", section.bibtex)
    assert len(entries) == len(set(entries)) == 65
    assert cited == set(entries)
