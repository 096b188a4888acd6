r"""An answer as LaTeX: its blocks, its \cite, and a .bib that fits; whatever stands in it, it only prints."""

import re
from dataclasses import replace
from pathlib import Path

import bibtexparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.answer_bibtex import references_bibliography
from assistant.answering.answer_latex import answer_latex
from assistant.answering.answer_markdown import answer_plain
from assistant.pipeline import Assistant
from assistant.records import Answer, Reference, Sentence, Usage, Verdict
from assistant.settings import Settings
from assistant.text.latex import declarations
from tests.test_manuscript_programs import TITLES, needs, run_latex
from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.library import Library

TEXT = """Two papers **matter** [1][2].

1. **Zebra & Co**: 50 % better [1]
2. [A] is *not* an option [2]

- one
- two_three

### Why it works

| | A & B | `x_1` |
|---|---|---|
| [Time] | 5 % [1] | fast |
| * | $x^2$ |

```python
def f(x):
    return "#{x}" \\\\ 2
```

It ends here [7]."""
LATEX = r"""Two papers \textbf{matter}~\cite{quill2025zebra,moss2024lamp}.

\begin{enumerate}
\item{} \textbf{Zebra \& Co}: 50 \% better~\cite{quill2025zebra}
\item{} [A] is \emph{not} an option~\cite{moss2024lamp}
\end{enumerate}

\begin{itemize}
\item{} one
\item{} two\_three
\end{itemize}

\paragraph{Why it works.}

\begin{tabular}{p{0.30\linewidth}p{0.30\linewidth}p{0.30\linewidth}}
{} & A \& B & x\_1 \\
\hline
{}[Time] & 5 \%~\cite{quill2025zebra} & fast \\
{}* & $x^2$ &  \\
\end{tabular}

\begin{quote}\ttfamily
\mbox{}def f(x):\\
\mbox{}~~~~return "\#\ensuremath{\lbrace}x\ensuremath{\rbrace}" {\textbackslash}{\textbackslash} 2
\end{quote}

It ends here [7].
"""


def reference(number: int, key: str, title: str = "Zebra Lamps", **fields: object) -> Reference:
    known = {"authors": ("Ada Quill",), "authors_complete": True, "published": "2025-05-14"} | fields
    return Reference(number=number, paper_id=f"p{number}", title=title, key=key, **known)  # type: ignore[arg-type]


def answer_of(text: str, *references: Reference, **fields: object) -> Answer:
    known = {"sentences": (), "citations": (), "model": "m", "usage": Usage(), "timings_ms": {}} | fields
    return Answer("Q?", "Q", "passages", {}, text, False, references=references, **known)  # type: ignore[arg-type]


CITED = (reference(1, "quill2025zebra"), reference(2, "moss2024lamp"))


@pytest.fixture
def empty(tmp_path: Path) -> Catalogue:
    """A catalogue that has none of the papers."""
    return Catalogue("sqlite://")


def cited(latex: str) -> set[str]:
    return {key for keys in re.findall(r"\\cite\{([^}]+)\}", latex) for key in keys.split(",")}


def entries(bib: str) -> dict[str, dict[str, str]]:
    read = bibtexparser.parse_string(bib)
    assert not read.failed_blocks
    return {entry.key: {field.key: field.value for field in entry.fields} for entry in read.entries}


# -- the text


def test_each_block_becomes_what_it_is_in_latex() -> None:
    assert answer_latex(answer_of(TEXT, *CITED)) == LATEX


def test_a_list_goes_on_from_its_number() -> None:
    written = answer_latex(answer_of("3. three\n4. four"))

    assert written.startswith("\\begin{enumerate}\\setcounter{enumi}{2}\n\\item{} three\n")


def test_what_an_answer_says_of_itself_is_in_comments() -> None:
    text = "It is bright [1]. It costs\nnothing [1]."
    sentences = (
        Sentence("It is bright [1].", Verdict.SUPPORTED, (1,), 0, 17),
        Sentence("It costs\nnothing [1].", Verdict.UNSUPPORTED, (1,), 18, 38, reason="no cost is in the passage"),
    )
    answer = answer_of(text, *CITED, sentences=sentences, notes=("1 citation\nwas removed.",))

    lines = answer_latex(answer).splitlines()

    assert lines == [
        r"It is bright~\cite{quill2025zebra}. It costs nothing~\cite{quill2025zebra}.",
        "% Unsupported: not found in what it cites (no cost is in the passage): “It costs nothing.”",
        "% 1 citation was removed.",
    ]


@given(st.text(st.sampled_from("\\{}$%&#_^~<>|[]*`-\n 1.aé王\0\u202e"), max_size=60))
def test_whatever_stands_in_an_answer_no_command_of_its_own_is_run(text: str) -> None:
    written = answer_latex(answer_of(text, *CITED))

    body = written.removeprefix(declarations(written))
    known = r"textbf|emph|cite|begin|end|item|setcounter|paragraph|linewidth|hline|ttfamily|mbox|ensuremath|[lr]brace"
    printed = r"text(?:backslash|brace(?:left|right)|ascii(?:circum|tilde|grave)|bar|less|greater)"
    commands = re.findall(r"\\([a-zA-Z]+)", body)
    assert not [one for one in commands if not re.fullmatch(f"{known}|{printed}|expandafter|iffalse|unless|fi", one)]
    assert body.count("\\begin{") == body.count("\\end{")


def test_plain_text_has_numbered_references_and_no_marks() -> None:
    text = "**Bright** `lamps` [1].\n\n### Why\n\n- *one* [2]"

    assert answer_plain(answer_of(text, *CITED)) == (
        "Bright lamps [1].\n\nWhy\n\n- one [2]\n\nReferences\n\n"
        "[1] Ada Quill. Zebra Lamps. 2025-05-14.\n[2] Ada Quill. Zebra Lamps. 2025-05-14.\n"
    )


# -- the .bib


def test_the_bib_has_the_keys_of_the_text(seeds_library: Library) -> None:
    assistant = Assistant(seeds_library, Settings())
    for question in ("papers by Bumjun Kim", "Compare Rainbow Padding and REFT", "What is Rainbow Padding?"):
        answer = assistant.ask(question)
        bib = references_bibliography(answer.references, seeds_library.catalogue)
        assert answer.references
        assert cited(answer_latex(answer)) == set(entries(bib)), question
        assert "no longer" not in bib


def test_a_paper_that_left_is_cited_from_its_reference(empty: Catalogue) -> None:
    gone = [
        reference(1, "quill2025zebra"),
        reference(2, "anon", "50 % of {LaTeX} \\input{x}", authors=(), published=None),
        reference(3, "moss2024lamp", authors=("Ben Moss", "No, Ada"), authors_complete=False, published="2024-01-02"),
    ]

    bib = references_bibliography(gone, empty)

    assert bib.count("no longer in the library; cited as the answer had it") == 3
    assert entries(bib)["quill2025zebra"] == {
        "title": "Zebra Lamps", "author": "Ada Quill", "year": "2025", "month": "may"
    }  # fmt: skip
    assert entries(bib)["anon"].keys() == {"title", "key", "year"}
    assert "\\input" not in bib
    assert entries(bib)["moss2024lamp"]["author"] == "Ben Moss and No, Ada and others"


def test_a_paper_of_several_answers_is_in_the_bib_once(empty: Catalogue) -> None:
    again = replace(CITED[0], number=5, key="other")

    assert list(entries(references_bibliography([*CITED, again], empty))) == ["quill2025zebra", "moss2024lamp"]


def test_two_papers_never_share_an_entry(empty: Catalogue) -> None:
    other = replace(CITED[1], key="quill2025zebra")

    assert list(entries(references_bibliography([CITED[0], other], empty))) == ["quill2025zebra", "quill2025zebra-p2"]


# -- through LaTeX


def hostile() -> Answer:
    """An answer with all that could harm, in each kind of block, citing papers of such titles."""
    parts = []
    for number, title in enumerate(TITLES):
        line = title.replace("\n", " ")
        parts += [f"{line} [{number}]", f"1. {line}\n2. **{line}** [{number}]", f"- {line}", f"### {line}"]
        parts += [f"| {line} | b |\n|---|---|\n| {line} | `{line}` [{number}] |", f"```\n  {line}\n\n{line}\n```"]
    references = tuple(
        reference(number, f"key{number}", title, authors=(title,) if number % 2 else ())
        for number, title in enumerate(TITLES)
    )
    sentence = Sentence(TITLES[6], Verdict.UNSUPPORTED, (), 0, 5, reason=TITLES[0])
    return answer_of("\n\n".join(parts), *references, sentences=(sentence,), notes=tuple(TITLES))


@needs("pdflatex", "bibtex")
@pytest.mark.parametrize("style", ["plain", "plainnat"])
def test_any_answer_compiles_and_does_nothing(empty: Catalogue, style: str, tmp_path: Path) -> None:
    answer = hostile()
    run_latex(tmp_path, answer_latex(answer), references_bibliography(answer.references, empty), style)

    read = (tmp_path / "paper.log").read_text(encoding="utf-8", errors="replace")
    assert "(/etc/passwd" not in read  # as LaTeX tells of a file that it opens
    assert "runsystem(" not in read


@needs("pdflatex", "bibtex")
def test_real_answers_compile(seeds_library: Library, tmp_path: Path) -> None:
    assistant = Assistant(seeds_library, Settings())
    asked = ("List all papers", "Compare Rainbow Padding and REFT", "Write related work on diffusion language models")
    answers = [assistant.ask(question) for question in asked]
    cited_papers = [one for answer in answers for one in answer.references]

    bib = references_bibliography(cited_papers, seeds_library.catalogue)
    run_latex(tmp_path, "\n\n".join(map(answer_latex, answers)), bib)
