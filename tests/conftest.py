"""What the tests share: the seeds, ingested once."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.damage import Known, lived_in
from vectorstore.library import Library

# A run says the same wherever and whenever it is made, on a busy machine too.
settings.register_profile("same every time", derandomize=True, deadline=None)
settings.load_profile("same every time")
os.environ["ASSISTANT_JUDGE"] = "off"  # a stub server answers one question once; tests of the judge turn it on
SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="session", autouse=True)
def no_configuration(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The configuration folder of whoever runs the tests is not read."""
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("configuration"))


@pytest.fixture(scope="session")
def seeds_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a closed library of the seeds. Copy it; do not open it in place."""
    folder = tmp_path_factory.mktemp("seeds") / "library"
    with Library(folder) as library:
        library.ingest([SEEDS])
    return folder


@pytest.fixture(scope="session")
def seeds_library(seeds_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """An open library of the seeds. Read it; do not change it."""
    folder = tmp_path_factory.mktemp("shared") / "library"
    shutil.copytree(seeds_folder, folder)
    with Library(folder) as library:
        yield library


@pytest.fixture(scope="session")
def whole(seeds_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Known]:
    """A closed library with conversations, decisions and a backup, and what it knows. Copy it."""
    folder = Path(shutil.copytree(seeds_folder, tmp_path_factory.mktemp("whole") / "library"))
    return folder, lived_in(folder)
