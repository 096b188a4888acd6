"""Titles as people type them."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.catalogue.filters import Filters
from vectorstore.library import Library
from vectorstore.search.typed_titles import Place, TitleIndex

TITLES = [
    ("rainbow", "Rainbow Padding: Mitigating Early Termination in Instruction-Tuned Diffusion LLMs"),
    ("reversal", "Mitigating the Reversal Curse of Language Models"),
    ("attention", "Attention Is All You Need"),
    ("attention2", "Attention Is All You Need in Speech Separation"),
    ("mind", "MIND: Millisecond Inference of Neural Dynamics"),
    ("alpha", r"Learning with \textsc{Fast} $\alpha$-Divergences, Naïvely"),
    ("graph1", "Graph Neural Networks for Traffic Forecasting"),
    ("graph2", "Deep Graph Neural Networks without Oversmoothing"),
    ("graph3", "Graph Neural Networks in Chemistry: A Survey"),
    ("graph4", "On the Expressive Power of Graph Neural Networks"),
    ("chinese", "深度学习 中的 注意力 机制 研究"),
]
INDEX = TitleIndex(TITLES)
LONG = [(paper_id, title) for paper_id, title in TITLES if len(title.split()) >= 4]


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str]:
    """A title of several words as typed, with one edit, and whose it is."""
    paper_id, title = draw(st.sampled_from(LONG))
    typed = title.lower()
    at = draw(st.integers(0, len(typed) - 2))
    letter = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz -"))
    edited = draw(
        st.sampled_from(
            [
                typed[:at] + typed[at + 1 :],
                typed[:at] + typed[at] + typed[at:],
                typed[:at] + letter + typed[at:],
                typed[:at] + letter + typed[at + 1 :],
                typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :],
            ]
        )
    )
    return paper_id, edited


@given(edits())
def test_a_title_with_any_one_edit_finds_its_paper(case: tuple[str, str]) -> None:
    paper_id, typed = case
    assert next(iter(INDEX.meant(typed))) == paper_id


@given(st.one_of(st.text(), st.sampled_from(TITLES).map(lambda pair: pair[1])), st.text(max_size=20))
def test_any_text_has_a_closeness_from_0_to_1_best_first(text: str, more: str) -> None:
    found = INDEX.closest(text + more, top_k=20)
    closeness = [match.closeness for match in found]
    assert all(0 <= value <= 1 and 0 < match.share <= 1 for value, match in zip(closeness, found, strict=True))
    assert closeness == sorted(closeness, reverse=True)
    assert len({match.paper_id for match in found}) == len(found)


@given(st.lists(st.tuples(st.uuids().map(str), st.text(max_size=30)), max_size=8))
def test_any_titles_can_be_indexed_and_found_by_themselves(titles: list[tuple[str, str]]) -> None:
    index = TitleIndex(titles)
    for paper_id, title in titles:
        found = {match.paper_id for match in index.closest(title, top_k=8)}
        assert paper_id in found or len(re.sub(r"[\W_]", "", title)) < 30


@pytest.mark.parametrize(
    ("typed", "paper_id"),
    [
        ("Ranbow Padding", None),  # a short part has no room for a typo: the vocabulary finds misspelt names
        ("rainbow padding", "rainbow"),
        ("mitigating early termination in instruction tuned difusion llms", "rainbow"),
        ("RAINBOW PADDING mitigating early terminaton", "rainbow"),
        ("mitigating the reversal curse", "reversal"),
        ("mitigating the reversal", None),  # three words could be a topic in so few titles
        ("reversal curse of language modells", "reversal"),
        ("attention is all you need", "attention"),
        ("attention is all you need in speech", "attention2"),
        ("attentionisallyouneed", "attention"),
        ("learning with fast alpha divergences naively", "alpha"),
        ("Learning with Fast α-Divergences", "alpha"),
        ("mind", "mind"),
        ("深度学习中的注意力", None),  # one word
        ("深度学习 中的 注意力 机制 研", "chinese"),
        ("graph neural networks", None),
        ("graph neural networks in chemistry", "graph3"),
        ("attention", None),
        ("you need", None),
        ("language models", None),
        ("does attention need graph neural networks?", None),
        ("", None),
        ("🌈", None),
        ("?!", None),
        ("a", None),
        ("\ud800 \0", None),
        ("attention " * 400, None),
    ],
)
def test_a_title_is_told_from_a_topic(typed: str, paper_id: str | None) -> None:
    assert next(iter(INDEX.meant(typed)), None) == paper_id


def test_where_a_text_stands_in_a_title_decides_between_equals() -> None:
    assert [match.place for match in INDEX.closest("attention is all you need")] == [Place.WHOLE, Place.EDGE]


def test_an_empty_library_has_no_titles() -> None:
    assert TitleIndex([]).meant("attention is all you need") == {}


@pytest.fixture(scope="module")
def seed_titles(seeds_library: Library) -> list[tuple[str, str]]:
    return seeds_library.catalogue.titles()


def plain(title: str) -> str:
    """Return a title as people type it: lower case, no marks."""
    return " ".join(re.sub(r"[^\w\s]", " ", title).lower().split())


def test_every_title_of_the_seeds_is_found_whole_by_either_half_and_misspelt(
    seeds_library: Library, seed_titles: list[tuple[str, str]]
) -> None:
    assert len(seed_titles) == 65
    for paper_id, title in seed_titles:
        words = plain(title).split()
        middle = (len(words) + 1) // 2
        swapped = re.sub(r"(\w)(\w)(\w*)$", r"\2\1\3", plain(title))
        for typed in (title, plain(title), swapped, " ".join(words[:middle]), " ".join(words[-middle:])):
            found = seeds_library.titles.closest(typed)
            assert found, typed
            assert found[0].paper_id == paper_id, typed


def test_a_misspelt_title_ranks_its_paper_first_with_its_own_values(seeds_library: Library) -> None:
    found = seeds_library.search("mitigatng early terminaton in instruction tuned difusion llms", top_k=3)
    assert found[0].passage.title.startswith("Rainbow Padding")
    assert 0.9 < found[0].similarity <= 1
    unpromoted = seeds_library.retriever.model_copy(update={"titled": lambda _query: {}})
    own = unpromoted.retrieve("mitigatng early terminaton in instruction tuned difusion llms", top_k=65)
    assert replace(found[0], similarity=0.0) in [replace(one, similarity=0.0) for one in own]


def test_a_title_is_promoted_only_if_it_meets_the_filters(seeds_library: Library) -> None:
    title = "rainbow padding mitigating early termination"
    (paper,) = seeds_library.titles.meant(title)
    assert seeds_library.search(title, filters=Filters(paper_ids=(paper,)))[0].passage.paper_id == paper
    others = tuple(one.paper_id for one in seeds_library.papers() if one.paper_id != paper)
    assert paper not in {
        found.passage.paper_id for found in seeds_library.search(title, filters=Filters(paper_ids=others))
    }


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(["diffusion models", "large language models", "reinforcement learning", "quantization", "sparsity"])
)
def test_a_topic_of_the_seeds_is_ranked_as_without_titles(seeds_library: Library, topic: str) -> None:
    unpromoted = seeds_library.retriever.model_copy(update={"titled": lambda _query: {}})
    assert seeds_library.search(topic) == unpromoted.retrieve(topic, top_k=10)
