"""What the small model takes a question to ask for, and the plan that it leads to."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import run

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.planning.intents import INTENTS, IntentReader, shared_intents
from assistant.planning.local import LocalPlanner
from assistant.planning.plan import Counts, LibraryFacts, Survey
from assistant.planning.vocabulary import Vocabulary
from tests.test_library import ROOT
from vectorstore.catalogue.filters import Filters
from vectorstore.embedders.minilm import minilm
from vectorstore.errors import EmbeddingError
from vectorstore.library import Library


@pytest.fixture(scope="module")
def reader() -> IntentReader:
    return shared_intents()


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("give me a year by year tally please", "by_year"),
        ("i know nothing of this field, which one do i open first?", "survey_reading_order"),
        ("hmm not convinced, is that what it really says", "sure"),
        ("whom does the author usually team up with?", "coauthors"),
        ("put it in simpler words", "form"),
        ("Welche Arbeit soll ich zuerst lesen, wenn ich neu im Gebiet bin?", "survey_reading_order"),
        ("the paper or the paper, what sets them apart", "compare"),
    ],
)
def test_what_no_rule_was_written_for_is_understood(reader: IntentReader, question: str, intent: str) -> None:
    assert reader.read(question).likeliest()[0] == intent


def test_a_topic_is_told_from_the_words_around_it(reader: IntentReader) -> None:
    read = reader.read("for my thesis i'd need some stuff on speech recognition please, but nothing about hardware")

    assert read.topics == ("speech recognition",)
    assert read.excluded == ("hardware",)


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    read = shared_intents().read(text)

    assert set(read.probabilities) == set(INTENTS)
    assert sum(read.probabilities.values()) == pytest.approx(1.0, abs=1e-3)
    assert all(span in text for span in (*read.topics, *read.excluded))


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("a tally of papers, year by year as a table pls", Counts),
        ("new phd student here, want to get into diffusion LLMs. what do i read 1st, 2nd, 3rd?", Survey),
    ],
)
def test_the_plan_follows_it_where_the_rules_see_nothing(seeds_library: Library, question: str, kind: type) -> None:
    planner = LocalPlanner(Vocabulary.of(seeds_library))

    (step,) = planner.plan(question).steps

    assert isinstance(step.arguments, kind)


def test_what_is_excluded_in_any_words_is_left_out(seeds_library: Library) -> None:
    planner = LocalPlanner(Vocabulary.of(seeds_library))

    (step,) = planner.plan("federated learning papers, no LoRA please").steps

    assert step.arguments.filters.excluding == (Filters(saying="LoRA"),)  # type: ignore[attr-defined]


def test_what_the_rules_are_sure_of_stays(seeds_library: Library) -> None:
    planner = LocalPlanner(Vocabulary.of(seeds_library))

    (step,) = planner.plan("which listings do i have?").steps

    assert step.arguments == LibraryFacts(aspect="listings")


def test_threads_that_load_at_once_read_the_same() -> None:
    fresh = IntentReader(minilm())
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(fresh.read, ["papers per year"] * 4))

    assert {one.likeliest()[0] for one in read} == {"by_year"}


def test_wrong_weights_are_an_error_that_says_which_file_and_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "intents.safetensors"
    file.write_bytes(b"cut")

    with pytest.raises(EmbeddingError, match=r"intents\.safetensors is not the model's own file.*install"):
        IntentReader(minilm(), weights=file).read("papers per year")


def test_nothing_is_loaded_at_import() -> None:
    code = "import assistant.planning.local, sys; sys.exit('onnxruntime' in sys.modules)"

    assert run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
