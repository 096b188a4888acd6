"""A researcher's own draft -> its abstract and introduction, and what they say of the work."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.manuscripts.drafts import draft_of, read_draft
from assistant.manuscripts.own_contributions import own_contributions
from vectorstore.errors import DraftError

ABSTRACT = (
    "Diffusion language models stop early when they are tuned. We propose Violet Padding, which cycles seven tokens."
)
INTRODUCTION = "Padding is a habit that few question, and it is a costly one for all models of this kind."


@pytest.mark.parametrize(
    "text",
    [
        rf"\documentclass{{x}} junk \begin{{document}}\begin{{abstract}}{ABSTRACT}\end{{abstract}}"
        rf"\section{{Introduction}} {INTRODUCTION} \section{{Method}} It is a method that nobody needs to read here.",
        f"# Title\n\n## Abstract\n\n{ABSTRACT}\n\n## 1 Introduction\n\n{INTRODUCTION}\n\n## Method\n\nNot read.",
        f"Abstract\n{ABSTRACT}\n\n1 Introduction\n{INTRODUCTION}\n\nMethods\nNot read at all.",
        f"{ABSTRACT}\n\n{INTRODUCTION}",
    ],
)
def test_the_abstract_and_the_introduction_are_read(text: str) -> None:
    draft = draft_of(text)
    assert draft.paragraphs == (ABSTRACT, INTRODUCTION)
    assert draft.contributions[0] == "We propose Violet Padding, which cycles seven tokens."


def test_latex_becomes_characters_and_figures_and_comments_are_left_out() -> None:
    text = (
        "% a comment, not read\nWe show that \\emph{seven} tokens gain $8\\,\\%$ on LLaDA \\cite{x}, no less.\n"
        "\\begin{figure}A figure with a long caption that is no paragraph of the draft.\\end{figure}"
    )
    (paragraph,) = draft_of(text).paragraphs
    assert paragraph.startswith("We show that seven tokens gain 8")
    assert "comment" not in paragraph
    assert "cite" not in paragraph


def test_of_two_hundred_pages_the_beginning_is_read() -> None:
    draft = draft_of("\n\n".join(f"Paragraph {number} speaks of lamps and of nothing else." for number in range(9000)))
    assert 100 < sum(map(len, draft.paragraphs)) <= 12_000
    assert len(draft.windows) == 10


def test_no_sentence_is_cut_where_the_reading_ends() -> None:
    sentence = "We propose Violet Padding, which cycles seven different tokens through a hundred and one lamps."
    for length in range(11_900, 12_010, 7):
        (paragraph,) = draft_of(
            f"{'A lamp is lit. ' * 900}"[:length].rsplit(". ", 1)[0] + f". {sentence} Lamps."
        ).paragraphs
        assert paragraph.endswith("A lamp is lit.") or sentence in paragraph


def test_what_sets_the_work_apart_is_told_be_it_brief() -> None:
    draft = draft_of(
        "We propose StopGuard, a rule that delays the end token in language models. Unlike Violet Padding, StopGuard"
        " needs no training. In contrast to prior work, our method runs in linear time. Experiments on three benchmarks"
        " show that StopGuard raises accuracy by 4% at equal cost."
    )
    told = own_contributions(draft)
    assert told
    assert [one.text for one in told.sentences] == [
        "This work proposes StopGuard, a rule that delays the end token in language models.",
        "Unlike Violet Padding, StopGuard needs no training.",
        "In contrast to prior work, its method runs in linear time.",
        "Experiments on three benchmarks show that StopGuard raises accuracy by 4% at equal cost.",
    ]


@pytest.mark.parametrize("text", ["", "   \n", "Too short.", "\\begin{document}\\end{document}"])
def test_a_draft_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(DraftError, match="no paragraph of eight words; give its abstract"):
        draft_of(text)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "draft.pdf").write_bytes(b"%PDF-1.7 \xff\xfe\x00")
    for name in ("draft.pdf", "missing.tex"):
        with pytest.raises(DraftError, match=r"cannot be read .*; give a draft as plain text, Markdown or LaTeX"):
            read_draft(tmp_path / name)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        draft = draft_of(text)
    except DraftError:
        return
    assert all(paragraph.strip() for paragraph in draft.paragraphs)


def test_a_percent_sign_begins_a_comment_in_latex_alone() -> None:
    told = "We show that Violet Padding gains 4% on all tasks that were tried, and more on others."
    assert draft_of(told).paragraphs == (told,)
    (latex,) = draft_of(told.replace("4%", "4\\%") + " % a note\n\\label{x}").paragraphs
    assert latex == told
