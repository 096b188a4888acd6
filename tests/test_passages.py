"""Passages cover the abstract, fit the model, and know where they stand."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.test_papers import paper_with
from vectorstore.library import Library
from vectorstore.papers.passages import MAX_TOKENS, split_paper
from vectorstore.text.tokens import count_tokens

WORDS = st.sampled_from(
    "the model learns. $\\alpha$ 𓀀𓀁 量子 We (e.g. \n\n \t retrieval? 3.14159265 !!! https://a.b/c".split(" ")
)
LONG = st.one_of(
    st.lists(WORDS, min_size=200, max_size=900).map(" ".join),
    st.lists(WORDS, min_size=200, max_size=900).map("".join),
    st.builds(lambda piece, count: piece * count, st.text(min_size=1, max_size=6), st.integers(100, 3000)),
    st.builds(lambda gap, words: (" " * gap).join(words), st.integers(1, 40), st.lists(WORDS, max_size=300)),
)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(), LONG))
@example("x" * 50_000)
@example("𓀀" * 3000)
@example("a\n" * 3000)
@example("One. " + " " * 5000 + "Two.")
@example("One sentence. " + " " * 300 + ("Two words." + " " * 300) * 40)
def test_passages_are_in_the_abstract_fit_and_miss_nothing(abstract: str) -> None:
    passages = list(split_paper(paper_with(abstract=abstract)))

    assert all(abstract[passage.start : passage.end] == passage.text for passage in passages)
    assert all(count_tokens(passage.text) <= MAX_TOKENS for passage in passages)
    assert all(one.end <= other.start for one, other in pairwise(passages))
    inside = bytearray(len(abstract))
    for passage in passages:
        inside[passage.start : passage.end] = b"\1" * len(passage.text)
    assert all(inside[place] or character.isspace() for place, character in enumerate(abstract))


@pytest.mark.parametrize("abstract", ["", "Short.", "Long. " * 500])
def test_a_paper_has_passages_with_ids_of_their_own(abstract: str) -> None:
    paper = paper_with(abstract=abstract)
    passages = list(split_paper(paper))
    assert [passage.passage_id for passage in passages] == [f"{paper.paper_id}:{n}" for n in range(len(passages))]
    assert passages
    assert all(passage.paper_id == paper.paper_id and passage.title == paper.title for passage in passages)


def test_a_short_abstract_is_one_passage_as_it_stands() -> None:
    (passage,) = split_paper(paper_with(abstract=" We ask. We answer. "))
    assert (passage.start, passage.end, passage.text) == (0, 20, " We ask. We answer. ")


def test_a_long_abstract_is_cut_between_sentences_into_parts_of_about_equal_size() -> None:
    sentence = "We train the model on pages and show that it answers questions of many kinds."
    passages = list(split_paper(paper_with(abstract=" ".join([sentence] * 50))))
    sizes = [count_tokens(passage.text) for passage in passages]
    assert len(passages) == -(-count_tokens(" ".join([sentence] * 50)) // MAX_TOKENS)
    assert max(sizes) - min(sizes) <= 2 * count_tokens(sentence)
    assert all(passage.text.startswith("We train") and passage.text.endswith("kinds.") for passage in passages)


def test_what_is_embedded_begins_with_the_title() -> None:
    (passage,) = split_paper(paper_with(title="A Title", abstract="Text."))
    assert passage.embedded_text == "A Title. Text."


def test_the_passages_of_the_seeds_are_parts_of_their_abstracts(seeds_library: Library) -> None:
    abstracts = {paper.paper_id: paper.abstract for paper in seeds_library.papers()}
    passages = seeds_library.catalogue.passages()
    assert len(passages) == 79
    assert {passage.paper_id for passage in passages} == abstracts.keys()
    assert all(abstracts[passage.paper_id][passage.start : passage.end] == passage.text for passage in passages)
