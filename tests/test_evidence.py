"""How evidence is named and cited."""

import re

from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence import cited, short_title, shown_title, unmarked


def test_a_number_in_brackets_of_a_listing_is_no_citation() -> None:
    assert unmarked("as in [1] and [2, 3]") == "as in (1) and (2, 3)"
    assert shown_title("On **everything** [4]") == "On everything (4)"


@given(st.text(alphabet="ab [](),.【】0123*", max_size=80), st.integers(1, 9))
def test_a_sentence_has_its_own_marker_and_no_other(sentence: str, number: int) -> None:
    assert re.findall(r"\[(\d+)\]", cited(sentence, number)) == [str(number)]


def test_the_marker_stands_before_the_full_stop() -> None:
    assert cited("They gain 8 %.", 2) == "They gain 8 % [2]."
    assert cited("Where do rollouts begin?", 1) == "Where do rollouts begin [1]?"


def test_the_name_before_a_colon_is_the_short_title() -> None:
    assert short_title("MoMa: Efficient Early-Fusion Pre-training") == "MoMa"
    assert short_title("On Warm-Starting Neural Network Training") == "On Warm-Starting Neural Network Training"
