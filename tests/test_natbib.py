r"""Names of papers in a text -> \citet, markers -> \citep."""

import re

import pytest

from assistant.manuscripts.citation_rendering import Citing, latex_text
from assistant.records import Reference

REFERENCES = [
    Reference(1, "p1", "Rainbow Padding", ("Bumjun Kim", "Albert No", "Wan Choi"), True, "2025-10-04", "kim"),
    Reference(2, "p2", "WaveNet", ("Aäron van den Oord", "Alice Brown"), True, "2016-09-12", "oord"),
    Reference(3, "p3", "DUSK: Do Not Unlearn", (), False, "2025-05-01", "dusk"),
    Reference(4, "p4", "Jets", ("The ATLAS Collaboration",), True, "2025-05-04", "atlas"),
    Reference(5, "p5", "Jets Again", ("The ATLAS Collaboration",), True, "2025-06-04", "atlas2"),
    Reference(6, "p6", "Growing", ("Guy Steele Jr.",), True, None, "steele"),
]


def written(text: str) -> str:
    return latex_text(text, Citing.of(REFERENCES, natbib=True)).strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kim et al. (2025) pad [1].", r"\citet{kim} pad."),
        ("As Kim et al. (2025) show, it stops early [1][2].", r"As \citet{kim} show, it stops early~\citep{oord}."),
        ("It stops early [1][2].", r"It stops early~\citep{kim,oord}."),
        ("It stops early [1][1].", r"It stops early~\citep{kim}."),
        ("van den Oord and Brown (2016) [2] came first.", r"\Citet{oord} came first."),
        ("As Aäron van den Oord and Alice Brown (2016) say [2].", r"As \citet{oord} say."),
        ("We use Kim et al.’s (2025) way [1].", r"We use \citeauthor{kim}'s \citeyearpar{kim} way."),
        ("Kim et al. (2025) pad, and Kim et al. train [1].", r"\citet{kim} pad, and \citeauthor{kim} train."),
        ("Kim, No and colleagues (2025) pad [1].", r"\citet{kim} pad."),
        ("“DUSK” (2025) tests this [3].", r"\citet{dusk} tests this."),
        ("The authors at Sonar Labs (2025) test this [3].", r"\citet{dusk} test this."),
        ("Steele [6] grows; Steele is alone.", r"\citet{steele} grows; Steele is alone."),
        (
            "The ATLAS Collaboration (2025) [4] and ATLAS Collaboration (2025) [5] tag jets.",
            r"\citet{atlas} and \citet{atlas2} tag jets.",
        ),
        ("Nobody (2025) pads [1].", r"Nobody (2025) pads~\citep{kim}."),
        ("Kim et al. (2025) pad [1]. It works [1].", r"\citet{kim} pad. It works~\citep{kim}."),
        ("**Kim et al. (2025)**: pad [1].", r"\textbf{Kim et al. (2025)}: pad~\citep{kim}."),
    ],
)  # fmt: skip
def test_a_name_is_cited_and_not_written_by_hand(text: str, expected: str) -> None:
    assert written(text) == expected


def test_without_natbib_prose_keeps_its_names() -> None:
    text = latex_text("Kim et al. (2025) pad [1].", Citing.of(REFERENCES, natbib=False))
    assert text.strip() == r"Kim et al. (2025) pad~\cite{kim}."


def test_what_natbib_prints_of_a_name_is_declared_for_pdftex() -> None:
    reference = Reference(1, "p", "A Title", ("王伟",), True, "2025-01-02", "anon")
    text = latex_text("They pad [1].", Citing.of([reference], natbib=True))
    assert len(re.findall(r"\\providecommand", text)) == 2
