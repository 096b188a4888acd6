"""Why a question is not answered: off topic, not in the library, not stated by its paper, taken for granted wrongly."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from assistant.answering.abstention import by_chance, unanswered
from assistant.answering.premises import contradiction
from assistant.local.answerable import asks_what, is_said_what, judging
from assistant.planning.question import understood
from assistant.planning.things_asked import gives_what_is_asked, thing_asked
from assistant.searching.evidence_search import evidence_for
from hypothesis import given
from hypothesis import strategies as st

from assistant.pipeline import Assistant
from assistant.records import Abstention
from assistant.searching.relevance import has_name, names_in
from assistant.settings import Settings
from assistant.text.abstract_sentences import abstract_sentences
from assistant.text.evidence import Evidence
from tests.benchmarks.abstention import Shelf
from tests.fakes import paper_of
from vectorstore.library import Library
from vectorstore.papers import Paper

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="module")
def assistant(seeds_library: Library) -> Assistant:
    return Assistant(seeds_library, Settings())


@pytest.mark.parametrize(
    ("question", "why", "says"),
    [
        ("Who won the 2022 World Cup?", Abstention.OFF_TOPIC, "not what the papers of the library are about"),
        ("best pizza recipe", Abstention.OFF_TOPIC, "no paper about “best pizza recipe”"),
        ("How do graph neural networks forecast road traffic?", Abstention.NOT_IN_LIBRARY, "Adding a listing"),
        ("What is FlashAttention-3?", Abstention.NOT_IN_LIBRARY, "The closest papers are"),
        ("Compare Rainbow Padding with FlashAttention", Abstention.NOT_IN_LIBRARY, "no paper on “FlashAttention”"),
        ("When was ResNet published?", Abstention.NOT_IN_LIBRARY, "I searched the papers"),
        ("What is attention?", Abstention.NOT_IN_LIBRARY, "says what “attention” is"),
        ("What batch size does Rainbow Padding use?", Abstention.NOT_STATED, "does not give “batch size”"),
        ("Which GPU did the authors of Rainbow Padding buy?", Abstention.NOT_STATED, "The full text may say it"),
        ("Does the paper on warm-starting report carbon emissions?", Abstention.NOT_STATED, "“On Warm-Starting"),
        ("How does DUSK use reinforcement learning?", Abstention.FALSE_PREMISE, "takes for granted"),
        ("What does Hinton's paper on Rainbow Padding say?", Abstention.FALSE_PREMISE, "does not name Hinton"),
        ("What does the 2019 paper on Rainbow Padding propose?", Abstention.FALSE_PREMISE, "dates it 2025"),
        ("Why do 70 padding tokens suffice in Rainbow Padding?", Abstention.FALSE_PREMISE, "“seven padding tokens"),
        ("Why does SNIP increase FLOPs by 80%?", Abstention.FALSE_PREMISE, "says the opposite: “"),
        ("Compare DAPD with DAPO", Abstention.NOT_IN_LIBRARY, "no paper on “DAPO”"),  # only mentioned
        ("How many GPUs did TLT use?", Abstention.NOT_STATED, "does not give “GPUs”"),  # it speaks of idle ones
        ("What temperature does REFT use?", Abstention.NOT_STATED, "does not give “temperature”"),
        ("Why is Gecko worse than Megalodon?", Abstention.FALSE_PREMISE, "says the opposite: “"),
        ("why?", Abstention.UNCLEAR, "Which paper"),
    ],
)
def test_a_refusal_says_why(assistant: Assistant, question: str, why: Abstention, says: str) -> None:
    answer = assistant.ask(question)
    assert answer.abstained
    assert answer.abstention is why
    assert says in answer.text
    assert answer.references == answer.citations == ()


@pytest.mark.parametrize(
    "question",
    [
        "How does Rainbow Padding keep answers from stopping too early?",  # in other words
        "Why do 7 padding tokens suffice in Rainbow Padding?",
        "What is catastrophic forgetting?",
        "What is a crosscoder?",
        "Is hyperfitting better than Top-P sampling?",
        "Does DAPD need retraining?",
        "What does Kim's 2025 paper on Rainbow Padding propose?",
        "Why does SNIP reduce FLOPs?",
        "How does LS-attention reduce inference latency?",
        "Who is the first author of Rainbow Padding?",
        "Compare SAF with SAM",  # the abstract of the one speaks of the other
        "How does QCAE compare with its classical counterpart?",
        "Does LS-attention increase inference latency?",
        "What datasets does CPC use?",
        "Which papers use MNIST?",
        "How does MoE sparsity influence memorization?",  # two abstracts introduce "MoE"
        "What is pass@N?",
    ],
)
def test_what_the_abstracts_answer_is_not_refused(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert not answer.abstained
    assert answer.abstention is Abstention.NONE
    assert answer.record()["abstention"] == ""


def test_without_its_paper_a_question_is_not_answered(seeds_folder: Path, tmp_path: Path) -> None:
    with Library(tmp_path / "library") as library:
        library.ingest([SEEDS])
        assistant = Assistant(library, Settings())
        question = "What is the reversal curse?"
        (paper,) = [paper for paper in library.papers() if "Reversal Curse" in paper.title]
        before = [other.paper_id for other in library.papers()]
        with Shelf(library, SEEDS).without([paper]):
            assert paper.paper_id not in [other.paper_id for other in library.papers()]
            assert assistant.ask(question).abstained
        assert [other.paper_id for other in library.papers()] == before
        assert assistant.ask(question).references[0].paper_id == paper.paper_id


def test_what_a_model_wrote_without_support_is_refused_as_such(seeds_library: Library, assistant: Assistant) -> None:
    query = understood("What is Rainbow Padding?", assistant.vocabulary())
    found = evidence_for(query, seeds_library, assistant.vocabulary(), top_k=8)
    wrote = unanswered(query, found, seeds_library, wrote=True)
    assert wrote.text.startswith("What the model wrote is supported by none of the passages found")
    silent = unanswered(query, found, seeds_library, wrote=False)
    assert silent.why is wrote.why is Abstention.NOT_STATED
    assert "does not say this" in silent.text


def test_chance_grows_with_the_library() -> None:
    assert 0.2 < by_chance(65) < 0.25 < by_chance(60_000) < 0.4


# -- names


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What is MIND?", ["MIND"]),
        ("Why do 70 padding tokens suffice in Rainbow Padding?", ["Rainbow Padding", "70"]),
        ("Describe the idea behind Metrics-Weighted Averaging", ["Metrics-Weighted Averaging", "Metrics-Weighted"]),
        ("How Does Direct Preference Optimization Work", []),  # a question in capitals
        ("what is qlora", []),
        ("Can LoRA be used?", ["LoRA"]),  # no name begins with a word that only asks
        ("Why?", []),
    ],
)
def test_names_are_told_by_their_spelling(question: str, names: list[str]) -> None:
    assert names_in(question) == names


@pytest.mark.parametrize(
    ("name", "text", "has"),
    [
        ("MIND", "with these contexts in mind", False),
        ("MIND", "we propose MIND", True),
        ("GPT4", "such as GPT-4", True),
        ("7", "as few as seven tokens", True),
        ("7", "70 tokens", False),
        ("RLVR", "Reinforcement Learning with Verifiable Rewards", True),
        ("LLMs", "an LLM", True),
        ("Self-Tuning", "self-attention and fine-tuning", False),
    ],
)
def test_a_text_has_a_name_as_it_is_spelled(name: str, text: str, has: bool) -> None:
    assert has_name(name, text) is has


@given(st.from_regex(r"[B-DF-HJ-NP-TV-Z]{3,6}-[2-9]{2}", fullmatch=True), st.text(max_size=30))
def test_a_name_that_stands_alone_in_a_text_is_found(name: str, around: str) -> None:
    around = around.replace("\\", " ").replace("$", " ").replace("{", " ").replace("%", " ")
    assert has_name(name, f"we propose {name}. {around}")


# -- a number, a setting, a name of something


@pytest.mark.parametrize(
    ("question", "text", "gives"),
    [
        ("How many padding tokens does it need?", "as few as seven padding tokens", True),
        ("How many GPUs does it need?", "trained on idle GPUs with 70 samples", False),
        ("How many GPUs does it need?", "at a cost of 5 hours on GPUs", False),
        ("How many weights can be removed?", "removes 90% weights", True),
        ("How many parameters has it?", "a 7B model", True),
        ("Which temperature is used?", "others vary the temperature", False),
        ("Which temperature is used?", "at a temperature of 0.7", True),
        ("Which GPU was used?", "1/20 of the GPU hours", False),
        ("Which GPU was used?", "on NVIDIA Jetson Orin", True),
        ("What datasets does it use?", "conducted on CIFAR-10 and WebVision", True),
        ("What datasets does it use?", "on several images", False),
        ("How long did training take?", "for three days", True),
        ("How long did training take?", "on long contexts", False),
        ("How does it work?", "", True),
    ],
)
def test_a_number_or_a_name_must_be_given(question: str, text: str, gives: bool) -> None:
    assert gives_what_is_asked(question, text) is gives
    assert gives or thing_asked(question)


@given(st.integers(2, 9999), st.sampled_from(["tokens", "models", "steps"]), st.sampled_from(["languages", "heads"]))
def test_a_number_counts_only_what_stands_behind_it(number: int, counted: str, other: str) -> None:
    text = f"It uses {number} new {counted} for all {other}."
    assert gives_what_is_asked(f"How many {counted} does it use?", text)
    assert not gives_what_is_asked(f"How many {other} does it use?", text)


# -- premises


ABSTRACT = (
    "We propose FAST. It reduces latency and has three fast stages. It runs without any retraining."
    " It cuts memory by up to 30%."
)


def paper(**changes: Any) -> Paper:
    fields = {"authors": ("Ann Lee", "Bo Kim"), "published": date(2024, 3, 1)} | changes
    return paper_of("FAST: A Faster Sampler", ABSTRACT, **fields)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("What does Lee's FAST paper propose?", None),
        ("What does Smith's FAST paper propose?", "is not by Smith: the listing names Ann Lee and Bo Kim"),
        ("What did Kim and Smith propose in FAST?", "not by Smith"),
        ("What does FAST propose in 2024?", None),
        ("What does FAST from 2019 propose?", "is not from 2019: the listing dates it 2024"),
        ("What are the three stages of FAST?", None),
        ("What are the 5 stages of FAST?", "does not say 5; it says “three fast stages”"),
        ("How does FAST reduce latency?", None),
        ("Why does FAST increase latency?", "says the opposite"),
        ("Does FAST increase latency?", None),  # what wants yes or no takes nothing for granted
        ("Why does plain caching increase latency?", None),  # nothing is said of caching
        ("Why does FAST need retraining?", "says the opposite: “It runs without any retraining.”"),
        ("Why does FAST rely on labels?", None),
        ("Why does FAST cut memory by 60%?", "does not say 60%; it says “by up to 30%”"),
        ("How does FAST cut memory by 30%?", None),
        ("What did Smith et al. propose in FAST?", "not by Smith"),
        ("Does FAST use GANs?", None),  # nothing of it is contradicted
    ],
)
def test_the_listing_contradicts_a_premise(question: str, says: str | None) -> None:
    found = contradiction(question, [paper()])
    assert found is None if says is None else says in (found or "")


def test_names_that_the_listing_leaves_out_are_not_denied() -> None:
    found = contradiction("What does Smith's FAST paper propose?", [paper(authors_complete=False)])
    assert found is not None
    assert found.startswith("The listing does not name Smith")
    assert "et al." in found
    nobody = contradiction("What does Smith's FAST paper propose?", [paper(authors=())])
    assert nobody is not None
    assert "names no author" in nobody


def test_without_a_date_no_year_is_denied() -> None:
    assert contradiction("What does FAST from 2019 propose?", [paper(published=None)]) is None


@given(st.text(max_size=200))
def test_any_question_can_be_compared_with_a_listing(question: str) -> None:
    found = contradiction(question, [paper()])
    assert found is None or "FAST" in found


# -- what a thing is, and whether it is any good

ATTENTION = Evidence(
    *(1, "Attention in Sparse Models", ("Ann Lee",), True, None, None),
    "Attention is costly. Skipping, the habit of leaving steps out, is common. We propose SKIP, a new kernel."
    " Experiments show that pruning improves speed.",
)


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("attention", False),
        ("skipping", True),
        ("SKIP", True),
        ("sparse models", True),
        ("kernel", False),
        ("speed", False),
    ],
)
def test_what_a_thing_is_must_be_said(subject: str, said: bool) -> None:
    assert is_said_what(subject, list(abstract_sentences(ATTENTION))) is said


def test_only_a_bare_thing_wants_a_definition() -> None:
    assert asks_what("What is attention?", "attention")
    assert not asks_what("What are the limits of X?", "limits of X")
    assert not asks_what("How does attention work?", "attention")


def test_whether_a_thing_is_good_must_be_said_of_it() -> None:
    sentences = list(abstract_sentences(ATTENTION))
    assert [sentence.position for sentence in judging("Is pruning useful?", sentences)] == [3]
    assert judging("Is attention useful?", sentences) == []
    assert judging("How does pruning work?", sentences) == sentences
