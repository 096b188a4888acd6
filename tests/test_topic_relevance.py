"""Topic and papers found -> which of them are on it."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.searching.query_expansion import spelled_out, wordings
from assistant.searching.topic_papers import whole_abstracts
from assistant.searching.topic_relevance import Nearness, nearness
from vectorstore.library import Library
from vectorstore.search.retriever import RetrievedPassage


def found(library: Library, topic: str) -> list[RetrievedPassage]:
    return whole_abstracts(library.search(topic, top_k=60), library)


def standing(library: Library, topic: str) -> dict[str, Nearness]:
    papers = found(library, topic)
    titles = (item.passage.title.split(":")[0] for item in papers)
    return dict(zip(titles, nearness(topic, papers, library), strict=True))


@pytest.mark.parametrize(
    ("topic", "on", "off"),
    [
        ("machine unlearning", "DUSK", "EfficientAD"),
        ("removal of a network's weights by pruning", "Lottery Jackpots Exist in Pre-trained Models", "DUSK"),
        ("RLVR", "Where Rollouts Begin", "Rainbow Padding"),
        ("catastrophic forgetting", "IDER", "Mecellem Models"),
        ("pretraining language models for specific domains", "Mecellem Models", "SNIP"),  # most speak of such models
    ],
)
def test_papers_on_a_topic_are_told_from_others(seeds_library: Library, topic: str, on: str, off: str) -> None:
    titles = standing(seeds_library, topic)
    assert titles[on] is Nearness.ON
    assert titles[off] is Nearness.OFF


@pytest.mark.parametrize(
    ("topic", "in_full"),
    [
        ("fed learning", "federated learning"),
        ("quant", "quantization"),
        ("obj detection", "object detection"),
        ("language models", "language models"),  # abstracts have it so
        ("coffee brew", "coffee brew"),  # and none has this
    ],
)
def test_shortened_words_of_a_topic_are_read_in_full(seeds_library: Library, topic: str, in_full: str) -> None:
    assert spelled_out(topic, seeds_library) == in_full


@pytest.mark.parametrize(
    ("topic", "others"),
    [
        ("diffusion language models", ["DLLMs", "diffusion LLMs"]),
        ("RL for LLM agents", ["RL for large language model agents", "reinforcement learning for LLM agents"]),
        ("in-context learning", ["ICL"]),
        ("coffee brewing", []),
        ("controlled trials", []),  # no "RL" in it
    ],
)
def test_an_acronym_and_its_words_are_one_topic(topic: str, others: list[str]) -> None:
    assert wordings(topic) == [topic, *others]


@pytest.mark.parametrize(
    "topic",
    [
        "coffee brewing",
        "heat transfer to a blunt body in hypersonic flow",
        "the effect of statins on cholesterol in older patients",
        "the of and",
        "",
    ],
)
def test_no_paper_is_on_a_topic_of_another_field(seeds_library: Library, topic: str) -> None:
    papers = found(seeds_library, topic or "anything")
    assert set(nearness(topic, papers, seeds_library)) == {Nearness.OFF}


def test_papers_whose_words_were_not_compared_are_judged_too(seeds_library: Library) -> None:
    topic = "machine unlearning"
    papers = [replace(item, words=None) for item in found(seeds_library, topic)]
    assert nearness(topic, papers, seeds_library)[0] is Nearness.ON
    assert nearness(topic, [], seeds_library) == []


def test_a_paper_that_is_found_alone_is_judged_as_among_others(seeds_library: Library) -> None:
    topic = "machine unlearning"
    papers = found(seeds_library, topic)
    assert nearness(topic, papers[:1], seeds_library) == [Nearness.ON]
    assert nearness(topic, papers[-1:], seeds_library) == [Nearness.OFF]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(topic=st.text(min_size=1, max_size=60))
def test_any_topic_is_judged(seeds_library: Library, topic: str) -> None:
    papers = found(seeds_library, topic)[:12]
    assert len(nearness(topic, papers, seeds_library)) == len(papers)
