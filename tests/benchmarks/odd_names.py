r"""What BibTeX, LaTeX and bibtexparser make of papers whose authors have names of every kind."""

import random
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import bibtexparser
from bibtexparser.middlewares import SeparateCoAuthors, SplitNameParts
from pylatexenc.latex2text import LatexNodes2Text

from assistant.manuscripts.bib_format import BibFormat
from assistant.manuscripts.bibliography_formats import bibliography
from assistant.manuscripts.citation_rendering import Citing, latex_text
from assistant.manuscripts.reference_list import references
from assistant.text.evidence import numbered
from tests.test_personal_names import GROUPS, PEOPLE
from vectorstore.authors.personal_names import named, personal_name
from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.listings.entry import Entry, Listing, ProfileFigures
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import split_paper

Figures = list[tuple[str, str]]
PAPERS = 200
_DOCUMENT = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{amsmath,amssymb,natbib}
\begin{document}
%s
\bibliographystyle{plainnat}
\bibliography{cited}
\end{document}
"""
_ENGINES = ("pdflatex", "lualatex")
_WARNING = re.compile(r"^(?:LaTeX|Package natbib) Warning: .*(?:[Cc]itation|[Rr]eference)|^!|[Ww]arning--", re.M)
_MORE = ("Martin Luther King, Jr.", "Jane Doe, PhD", "Chen Wang (王晨)", "NVIDIA", "DeepSeek-AI", ":", "et al.")


def odd_names() -> list[str]:
    """Return the names of the tests, as printed."""
    people = [" ".join(" ".join(line.split("|")).split()) for line in PEOPLE.strip().splitlines()]
    return [*people, *(line.split(": ")[0] for line in GROUPS.strip().splitlines()), *_MORE]


def odd_name_figures(papers: Sequence[Paper], folder: Path) -> Figures:
    """Return the figures of `PAPERS` of `papers` that are given one to four of the names each."""
    drawn, names = random.Random(11), odd_names()
    with_names = [
        replace(one, authors=tuple(drawn.sample(names, drawn.randint(1, 4))), authors_complete=drawn.random() < 0.8)
        for one in drawn.sample(list(papers), PAPERS)
    ]
    chosen, keys = _kept(with_names, folder)
    cited = references(chosen, keys)
    evidence = [numbered(number, next(iter(split_paper(one))), one) for number, one in enumerate(chosen, 1)]
    text = "\n\n".join(f"{item.source} study this [{item.number}]. It is true [{item.number}]." for item in evidence)
    body = latex_text(text, Citing.of(cited, natbib=True))
    bib = bibliography(chosen, keys, BibFormat.BIBTEX)
    read = bibtexparser.parse_string(bib)
    in_text = set(",".join(re.findall(r"\\[Cc]ite[a-z]*\{([^}]*)\}", body)).split(","))
    by_hand = len(chosen) - len(re.findall(r"\\[Cc]itet\{", body))
    return [
        ("names of every kind, papers that have them", f"{len(names)}, {len(chosen)}"),
        ("entries, and blocks that could not be read", f"{len(read.entries)}, {len(read.failed_blocks)}"),
        ("names that bibtexparser splits as they are read", _split_alike(chosen, bib)),
        ("keys cited, keys with an entry, both", _three(in_text, {entry.key for entry in read.entries})),
        ("names by hand in the place of \\citet", str(by_hand)),
        ("keys that have an id", str(sum(bool(re.search(r"-[0-9a-f]{12}$", key)) for key in keys.values()))),
        *((f"warnings of {engine} and BibTeX", _warnings(engine, body, bib, folder)) for engine in _ENGINES),
        ("warnings of biblatex and biber", "run by hand" if shutil.which("biber") else "skipped: no biber here"),
    ]


def _kept(papers: Sequence[Paper], folder: Path) -> tuple[list[Paper], dict[str, str]]:
    """Return papers as a library has them, with their keys."""
    entries = tuple(
        Entry(line, one.title, one.abstract, tuple(named(one.authors)), one.authors_complete, published=one.published)
        for line, one in enumerate(papers, 1)
    )
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = Catalogue(sqlite_url(folder / "names.sqlite3"))
    try:
        catalogue.add([Listing("names", "names", "profile", None, None, ProfileFigures(), entries)])
        kept = catalogue.papers()
        return kept, catalogue.citation_keys([one.paper_id for one in kept])
    finally:
        catalogue.close()


def _three(one: set[str], other: set[str]) -> str:
    return f"{len(one)}, {len(other)}, {len(one & other)}"


def _split_alike(papers: Sequence[Paper], bib: str) -> str:
    shown = LatexNodes2Text().latex_to_text
    entries = bibtexparser.parse_string(bib, append_middleware=[SeparateCoAuthors(), SplitNameParts()]).entries
    alike = total = 0
    for paper, entry in zip(papers, entries, strict=True):
        for printed, read in zip(paper.authors, entry["author"] if paper.authors else [], strict=False):
            parts, total = personal_name(printed), total + 1
            given = " ".join(filter(None, (parts.given, parts.note)))
            found = tuple(shown(" ".join(part)) for part in (read.first, read.von, read.last, read.jr))
            alike += found == (given, parts.particle, parts.family, parts.suffix)
    return f"{alike} of {total}"


def _warnings(engine: str, body: str, bib: str, folder: Path) -> str:
    if not shutil.which(engine) or not shutil.which("bibtex"):
        return f"skipped: no {engine} here"
    place = folder / engine
    place.mkdir()
    (place / "paper.tex").write_text(_DOCUMENT % body, encoding="utf-8")
    (place / "cited.bib").write_text(bib, encoding="utf-8")
    latex = (engine, "-interaction=nonstopmode", "paper.tex")
    subprocess.run(latex, cwd=place, capture_output=True, timeout=600, check=False)
    subprocess.run(("bibtex", "paper"), cwd=place, capture_output=True, timeout=600, check=False)
    for _ in range(2):
        subprocess.run(latex, cwd=place, capture_output=True, timeout=600, check=False)
    logs = [(place / f"paper.{ending}").read_text(encoding="utf-8", errors="replace") for ending in ("log", "blg")]
    return str(sum(len(_WARNING.findall(log)) for log in logs))
