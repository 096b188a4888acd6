"""What questions on the seeds are planned with."""

import pytest

from assistant.pipeline import Assistant
from assistant.planning.vocabulary import Vocabulary
from assistant.settings import Settings
from tests.planned import Understand
from vectorstore.library import Library


@pytest.fixture(scope="module")
def vocabulary(seeds_library: Library) -> Vocabulary:
    return Vocabulary.of(seeds_library)


@pytest.fixture(scope="module")
def ids(seeds_library: Library) -> dict[str, str]:
    """Paper ids by the first word of the title."""
    return {paper.title.split()[0].rstrip(":"): paper.paper_id for paper in seeds_library.papers()}


@pytest.fixture
def ask(vocabulary: Vocabulary) -> "Understand":
    return Understand(vocabulary)


@pytest.fixture(scope="module")
def turns(seeds_library: Library) -> "Assistant":
    return Assistant(seeds_library, Settings())
