"""Questions for papers by author, period, category and topic are answered with exactly the right ones."""

import pytest

from assistant.pipeline import Assistant
from assistant.settings import Settings
from tests.benchmarks.metadata import metadata_f1, questions_on, records_of, wordings
from vectorstore.library import Library

TOPICS = ("diffusion", "quantization", "unlearning", "pruning", "reinforcement learning", "memorization")


def test_there_are_enough_wordings() -> None:
    assert sum(map(len, wordings().values())) >= 60


@pytest.mark.parametrize("kind", wordings())
def test_every_wording_finds_exactly_the_right_papers(seeds_library: Library, kind: str) -> None:
    assistant = Assistant(seeds_library, Settings())
    records, names = records_of(seeds_library.papers())
    drawn = questions_on(records, names, TOPICS, seed=7, a_wording=2)
    results = metadata_f1(assistant, [asked for asked in drawn if asked.kind == kind])[kind]
    assert not [asked.question for asked, f1 in results if f1 < 1.0]
