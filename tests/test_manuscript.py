"""A text with markers -> LaTeX with \\cite."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.manuscripts.citation_rendering import Citing, latex_text, plain_manuscript

KEYS = {1: "kim2025rainbow", 2: "lee2024early"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("They stop early [1][2].", r"They stop early~\cite{kim2025rainbow,lee2024early}."),
        ("Kim et al. [1] gain 8 % & more.", r"Kim et al.~\cite{kim2025rainbow} gain 8 \% \& more."),
        ("### Early\n\nIt is **bad** [2].", "\\paragraph{Early.}\n\nIt is \\textbf{bad}~\\cite{lee2024early}."),
        ("One.\n\nTwo *not* one.", "One.\n\nTwo \\emph{not} one."),
        ("A title with `[1]` in it [2].", r"A title with [1] in it~\cite{lee2024early}."),
        ("The array a[3] stays.", "The array a[3] stays."),
        (r"W ≈ QR_1 \input{", r"W \ensuremath{\approx} QR\_1 {\textbackslash}input\ensuremath{\lbrace}"),
    ],
)  # fmt: skip
def test_markers_become_cites_and_all_else_is_text(text: str, written: str) -> None:
    assert latex_text(text, Citing(KEYS)).strip() == written


@given(st.text(st.sampled_from("ab *#[]12$%&_{}\\~^\n"), max_size=80))
def test_any_text_makes_whole_latex_and_cites_only_known_keys(text: str) -> None:
    written = latex_text(text, Citing(KEYS))
    bare = re.sub(r"\\[\\{}$%&_#]", "", written)
    assert bare.count("{") == bare.count("}")
    cited = ",".join(re.findall(r"\\cite\{([^}]*)\}", written))
    assert set(filter(None, cited.split(","))) <= set(KEYS.values())


def test_plain_text_has_no_marks() -> None:
    assert plain_manuscript("### Early\n\nIt is **bad** [2].") == "Early\n\nIt is bad [2].\n"
