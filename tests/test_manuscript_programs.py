r"""What pandoc and LaTeX make of a section with its .bib: no warning on citations. Skipped where they are missing."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from assistant.answering.answer import Assistant
from assistant.manuscripts.literature_table import as_latex
from assistant.manuscripts.sections import Section
from assistant.settings import Settings
from vectorstore.library import Library

DOCUMENT = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb,textcomp,booktabs}
\begin{document}
%s
\bibliographystyle{plain}
\bibliography{cited}
\end{document}
"""


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


@needs("pdflatex", "bibtex")
def test_latex_and_bibtex_warn_of_no_citation(section: Section, seeds_library: Library, tmp_path: Path) -> None:
    table = Assistant(seeds_library, Settings()).table(section.paper_ids[:4])
    (tmp_path / "paper.tex").write_text(DOCUMENT % (section.latex + as_latex(table)), encoding="utf-8")
    (tmp_path / "cited.bib").write_text(section.bibtex, encoding="utf-8")
    latex = ("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex")
    run(*latex, cwd=tmp_path)
    from_bibtex = run("bibtex", "paper", cwd=tmp_path)
    run(*latex, cwd=tmp_path)
    last = run(*latex, cwd=tmp_path)
    # An entry without an inferred year has none: BibTeX says so, and that is meant.
    warnings = [line for line in from_bibtex.splitlines() if line.startswith("Warning") and "empty year" not in line]
    assert warnings == []
    assert not re.search(r"(?:Citation|Reference) .* undefined|undefined (?:citations|references)", last)


@needs("pandoc")
def test_pandoc_finds_every_citation(section: Section, tmp_path: Path) -> None:
    (tmp_path / "paper.tex").write_text(DOCUMENT % section.latex, encoding="utf-8")
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
