"""Groups of papers are named by terms that their papers share and the others do not say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.facts.cluster_labels import theme_names
from tests.readability import is_vague
from vectorstore.library import Library

CROWDS = [
    (f"Crowd Counting with {x}", "We study crowd counting in images. Language models help.")
    for x in ("Lamps", "Cranes")
]
TONGUES = [
    (f"Machine Translation of {x}", "We study machine translation for all. Language models help.")
    for x in ("Basque", "Welsh", "Hausa")
]
PLAYS = [
    ("Board Games", "We play board games. Board games are played."),
    ("On Dice", "We study a die."),
    ("On Chess", ""),
]


def test_a_group_is_named_by_the_term_that_its_papers_say() -> None:
    assert theme_names([TONGUES, CROWDS]) == ["Machine translation", "Crowd counting"]


def test_a_group_on_two_subjects_is_named_by_both() -> None:
    names = theme_names([TONGUES + CROWDS, PLAYS])

    assert names == ["Machine translation and crowd counting", "Board games"]


def test_one_group_alone_has_a_name() -> None:
    assert theme_names([CROWDS]) == ["Crowd counting"]


def test_a_group_without_a_term_is_called_by_its_first_title() -> None:
    assert theme_names([TONGUES, [("On chess: a survey of what is known", ""), ("On dice", "")]])[1] == "On chess"


def test_no_two_groups_have_one_name() -> None:
    assert theme_names([[("On dice", "")], [("On dice", "")], [("On dice", "")]]) == [
        "On dice",
        "On dice (2)",
        "On dice (3)",
    ]


def test_no_group_has_no_name() -> None:
    assert theme_names([]) == []


words = st.lists(
    st.sampled_from("crowd counting graph neural networks $x$ of 3D a [1] Über <b> LLMs".split()), max_size=6
)
texts = st.tuples(words.map(" ".join), words.map(" ".join))


@given(st.lists(st.lists(texts, min_size=1, max_size=4), max_size=5))
def test_there_is_a_name_for_each_group_whatever_they_say(groups: list[list[tuple[str, str]]]) -> None:
    names = theme_names(groups)

    assert len(set(names)) == len(names) == len(groups)


@pytest.mark.parametrize("number", [2, 5])
def test_no_name_of_parts_of_the_seeds_is_vague(seeds_library: Library, number: int) -> None:
    papers = seeds_library.catalogue.texts()

    names = theme_names([[(one.title, one.abstract) for one in papers[part::number]] for part in range(number)])

    assert not [name for name in names if is_vague(name)]
