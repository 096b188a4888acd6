"""LaTeX in titles and abstracts as a reader sees it; everything else stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.plain_text import plain_text
from vectorstore.library import Library


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"$\mathbf{W} \approx \mathbf{Q} + \mathbf{L}\mathbf{R}$", "W ≈ Q + LR"),
        (r"\texttt{<eos>} overflow", "<eos> overflow"),
        (r"\textbf{\emph{very}} bold", "very bold"),
        (r"{\it misaligned} with it", "misaligned with it"),
        ("can be {it misaligned} with", "can be misaligned with"),
        ("the {no-regret} behaviors", "the no-regret behaviors"),
        (r"50\% of it", "50% of it"),
        (r"Erd\H{o}s and G\"odel and Fran\c{c}ois", "Erdős and Gödel and François"),
        (r"see \href{https://x.org}{this page}", "see this page"),
        (r"as shown~\cite{kim2025} here", "as shown here"),
        ("``quoted'' text", "“quoted” text"),
        ("words -- with dashes --- here", "words – with dashes – here"),
        (r"top-$k$ and $r-k$", "top-k and r-k"),
        (r"$\alpha \in [0,1]$", "α ∈ [0,1]"),
    ],
)
def test_latex_becomes_characters(latex: str, shown: str) -> None:
    assert plain_text(latex) == shown


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10.",
        "100% of C:\\ is fine",
        "a set {0, 1} and {a, b}",
        "<!-- a comment --> and a->b",
        "f_{theta}(x)",
        "plain",
        "",
        "50 % & more # _x_",
    ],
)
def test_what_is_no_latex_stays(text: str) -> None:
    assert plain_text(text) == text


def test_a_file_that_a_title_names_is_neither_read_nor_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    for text in (r"\input", r"a \input{/etc/passwd} b", r"$\input{/etc/passwd}$", r"\(\include\)"):
        assert plain_text(text) == text
    assert caplog.text == ""


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    plain_text(text)


@given(
    st.lists(
        st.sampled_from([*"$\\{}^_%&~-'` ab1", "\\frac", "\\mathbf{", "\\cite{", "\\footnote{", "\\("]), max_size=40
    )
)
def test_broken_latex_is_taken(parts: list[str]) -> None:
    plain_text("".join(parts))


@pytest.mark.parametrize("command", ["\\href", "\\textcolor"])
def test_a_command_without_its_arguments_stays(command: str) -> None:
    assert plain_text(f"as said {command} before") == f"as said {command} before"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"MuTSE\footnote{See \url{https://x.yz} for it.} is good.", "MuTSE is good."),
        (r"A lamp\footnote[1]{Of glass.} is lit.", "A lamp is lit."),
        (r"A lamp\footnote, and more.", "A lamp, and more."),
        (r"The rest is \footnote{cut off here", "The rest is{cut off here"),
    ],
)
def test_a_footnote_is_left_out(text: str, shown: str) -> None:
    assert plain_text(text) == shown


def test_no_abstract_of_the_seeds_keeps_its_latex(seeds_library: Library) -> None:
    for paper in seeds_library.papers():
        shown = plain_text(paper.abstract)
        assert "\\" not in shown.replace("\\n", ""), shown
        assert "$" not in shown
        assert "{" not in shown
