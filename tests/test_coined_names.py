"""The names that a paper gives to what it brings."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_papers import paper_with
from vectorstore.library import Library
from vectorstore.papers.coined_names import coined_names


@pytest.mark.parametrize(
    ("abstract", "names"),
    [
        ("We propose Dependency-Aware Parallel Decoding (DAPD) for speed.", {"DAPD"}),
        ("We introduce InVirtuoGen, a generator.", {"InVirtuoGen"}),
        ("We present Objaverse++ for training.", {"Objaverse++"}),
        ("We introduce DAPD (Dependency-Aware Decoding) here.", {"DAPD"}),
        ("We release a corpus, called WebCode2, of pages.", {"WebCode2"}),
        ("Our approach, Contrastive Learning with Many Heads (CLMH), helps.", {"CLMH"}),
        ("We implement our prototype system, WIDGETX, and test it.", {"WIDGETX"}),
        ("In our experiments on Waymo, KITTI, and GLUE it is fast.", set()),
        ("LLMs are large. GPT-4 fails on them.", set()),
        ("We propose a simple method.", set()),
        ("The GPU (NVIDIA A100) is fast. We propose care.", set()),
        ("", set()),
    ],
)
def test_a_name_is_coined_where_the_paper_brings_it(abstract: str, names: set[str]) -> None:
    assert coined_names(paper_with(abstract=abstract)) == names


@given(st.text(), st.text())
def test_a_coined_name_stands_in_the_abstract_and_is_short(before: str, after: str) -> None:
    abstract = f"{before} We propose {after}"
    assert all(name in abstract and len(name) <= 30 for name in coined_names(paper_with(abstract=abstract)))


def test_the_catalogue_knows_the_coined_names_of_every_paper(seeds_library: Library) -> None:
    expected = {(paper.paper_id, name) for paper in seeds_library.papers() for name in coined_names(paper)}
    assert len(expected) > 30
    assert set(seeds_library.catalogue.coined_names()) == expected


def test_a_title_alone_coins_nothing(seeds_library: Library) -> None:
    for paper in seeds_library.papers():
        assert coined_names(replace(paper, abstract="")) == set()
