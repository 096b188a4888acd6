"""Where sentences begin and end."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vectorstore.library import Library
from vectorstore.text.sentences import sentence_spans

# Pieces that meet at the places where a sentence may end.
PIECES = st.sampled_from(
    [*". ! ? ... .” ?) ( ) [ ] $ $x$ \\alpha \n \n\n \t e.g. i.e. al. Fig. U.S. 3.5 A. No. We the 7 é".split(" "), " "]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join))


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@given(TEXTS)
@example("A. B. C. (D. E. F")
def test_spans_are_in_order_and_never_overlap(text: str) -> None:
    spans = list(sentence_spans(text))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@given(TEXTS)
def test_every_character_that_is_no_space_is_in_a_sentence(text: str) -> None:
    inside = {place for start, end in sentence_spans(text) for place in range(start, end)}
    assert all(place in inside for place, character in enumerate(text) if not character.isspace())


@given(TEXTS)
def test_a_sentence_has_no_space_around_it(text: str) -> None:
    assert all(sentence == sentence.strip() for sentence in sentences(text))


@pytest.mark.parametrize(
    "whole",
    [
        "Models, e.g. Llama and i.e. GPT, are large.",
        "We follow Kim et al. (2024) and Lee et al. 2023 here.",
        "As Fig. 3 and Eq. 4 of Sec. 2 show, it works.",
        "We compare A vs. B w.r.t. Accuracy.",
        "The U.S. Census is large.",
        "The rate is 3.5 and .05 or 1.000.000 of them.",
        "J. Smith and A. B. Jones wrote it.",
        "Dr. Who met Prof. Kim of No. 5.",
        "It holds for GPT-4.1 and v2.0 at example.org too.",
        "Smaller models (e.g. Llama. Mistral. Gemma) fail.",
        "It holds (for lamps that shine. Dimly) too.",
        "It holds for $p=0.5$. and so on.",
        "We train $f_{\\theta}. x$ on $\\mathbf{Q}$.",
        "We wait... and then go on.",
        "Is it so? we ask.",
    ],
)
def test_a_stop_inside_a_sentence_does_not_end_it(whole: str) -> None:
    assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    "parts",
    [
        ["We ask.", "We answer."],
        ["Do models know?", "They do not!", "Nobody does."],
        ["It costs 3.", "5 are left."],
        ["The error is 0.5.", "The rest is not."],
        ["(A remark in brackets.)", "Then text."],
        ["He said “it works.”", "Then it did."],
        ['He said "it works."', "Then it did."],
        ["We set it to $x$.", "$y$ is free.", "\\alpha too."],
        ["The end [1].", "[2] is next."],
        ["There are many, etc.", "We list some."],
        ["One?!", "Two..."],
        ["A paragraph without a stop", "Another one"],
    ],
)
def test_sentences_end_at_stops_and_blank_lines(parts: list[str]) -> None:
    assert sentences(" ".join(parts) if "stop" not in parts[0] else "\n\n".join(parts)) == parts


@pytest.mark.parametrize(
    "whole",
    [
        "We study “What Now? A Survey” and more.",
        'We study "Is It So? Yes! Really" and more.',
    ],
)
def test_a_mark_inside_a_quoted_title_does_not_end_the_sentence(whole: str) -> None:
    assert sentences(whole) == [whole]


def test_et_al_ends_a_sentence_before_a_word_that_opens_one() -> None:
    assert sentences("This extends Kim et al. We prove more.") == ["This extends Kim et al.", "We prove more."]


def test_no_text_has_no_sentences() -> None:
    assert sentences("") == sentences(" \n\n ") == []


def test_the_seeds_have_no_sentence_that_is_a_fragment(seeds_library: Library) -> None:
    found = [sentence for paper in seeds_library.papers() for sentence in sentences(paper.abstract)]
    assert len(found) > 400
    assert [sentence for sentence in found if len(sentence) < 15] == []
