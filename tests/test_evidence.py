"""How evidence is named and cited."""

import re

from hypothesis import given
from hypothesis import strategies as st

from assistant.text.evidence import Evidence, cited, short_title, shown_title, unmarked
from assistant.text.marker_filter import MarkerFilter


def test_a_number_in_brackets_of_a_listing_is_no_citation() -> None:
    assert unmarked("as in [1] and [2, 3], `[4]`") == "as in `[1]` and `[2, 3]`, `[4]`"
    assert shown_title("On **everything** [4]") == "On everything `[4]`"


@given(st.text(alphabet="ab [](),.【】0123*", max_size=80), st.integers(1, 9))
def test_a_sentence_has_its_own_marker_and_no_other(sentence: str, number: int) -> None:
    markers = MarkerFilter([Evidence(place, "", (), True, None, None, "") for place in range(10)], numbers_alone=True)
    shown = markers.feed(cited(sentence, number)) + markers.flush()
    assert (re.findall(r"\[(\d+)\]", re.sub("`[^`]*`", "", shown)), markers.cited) == (["1"], [number])


def test_the_marker_stands_before_the_full_stop() -> None:
    assert cited("They gain 8 %.", 2) == "They gain 8 % [2]."
    assert cited("Where do rollouts begin?", 1) == "Where do rollouts begin [1]?"


def test_the_name_before_a_colon_is_the_short_title() -> None:
    assert short_title("MoMa: Efficient Early-Fusion Pre-training") == "MoMa"
    assert short_title("On Warm-Starting Neural Network Training") == "On Warm-Starting Neural Network Training"
