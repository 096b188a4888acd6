"""A sentence that stands alone names what it speaks of, and says something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.manuscripts.decontextualization import leaves_open, says_enough

KIM = "Kim et al. (2025)"
BEFORE = "Masked models show a weak reversal curse, and a mitigation is seen. The tokens of two directions are read."


@pytest.mark.parametrize(
    ("text", "said", "is_open"),
    [
        ("Kim et al. (2025) show that the mitigation arises from structure.", "", True),
        (
            "In “Reversal Curse Mitigation”, Kim et al. (2025) show that the mitigation arises from structure.",
            "",
            False,
        ),
        ("They show that the mitigation arises from structure.", "Kim et al. study a mitigation.", False),
        ("Kim et al. (2025) show that the mitigation of a curse arises from structure.", "", False),
        ("They derive analogous results for the discrete setting.", "Kim et al. study clocks.", True),
        ("They derive results analogous to those of Lee.", "Kim et al. study clocks.", False),
        ("They prove similar bounds.", "Kim et al. study clocks.", True),
        ("They prove bounds similar to those of Lee.", "Kim et al. study clocks.", False),
        ("Sharing couples the two directions by making scores correlated.", "Kim et al. study clocks.", True),
        ("They surf the web with ease.", "Kim et al. study clocks.", False),
        ("They identify three dominant effects.", "Kim et al. study clocks.", True),
        ("Kim et al. (2025) show that this sampler is quick.", "", True),
    ],
)
def test_what_the_points_at_was_named_before(text: str, said: str, is_open: bool) -> None:
    assert leaves_open(text, said=said, before=BEFORE, source=KIM) is is_open


def test_their_needs_somebody_in_front_of_it() -> None:
    title = "“Do Agents Have Regret?” (2024)"
    for text, is_open in (
        (f"{title} proposes to study their moves.", True),
        (f"{title} asks agents for their moves.", False),
    ):
        assert leaves_open(text, said="", before="", source=title) is is_open


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("Kim et al. (2025) propose a novel and efficient framework called NAIT.", False),
        ("Kim et al. (2025) propose two simple yet effective mitigation strategies.", False),
        ("Kim et al. (2025) propose NAIT, which selects instruction data by neuron activations.", True),
    ],
)
def test_a_sentence_of_words_that_any_paper_has_says_nothing(text: str, enough: bool) -> None:
    assert says_enough(text, source=KIM) is enough


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=20))
def test_any_text_is_taken(text: str, before: str, source: str) -> None:
    assert leaves_open(text, said="", before=before, source=source) in (True, False)
    assert says_enough(text, source=source or "x") in (True, False)
