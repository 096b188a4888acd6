"""Vendors' own LangChain packages: chosen by name, missing ones named with the command that installs them."""

from pathlib import Path

import pytest

from assistant.models.providers import model_choice
from assistant.pipeline import Assistant
from assistant.settings import Settings
from vectorstore.errors import ModelError
from vectorstore.library import Library

STAND_INS = Path(__file__).parent / "stand_ins"


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("anthropic:claude-sonnet-4-5", "langchain-anthropic"),
        ("google_genai:gemini-2.5-flash", "langchain-google-genai"),
        ("mistralai:mistral-small-latest", "langchain-mistralai"),
    ],
)
def test_a_missing_package_is_named_with_the_command_that_installs_it(
    seeds_library: Library, name: str, package: str
) -> None:
    with pytest.raises(ModelError, match=f"pip install {package}"):
        Assistant(seeds_library, Settings()).ask("What is Rainbow Padding?", model=name)


def test_a_vendor_says_where_texts_go() -> None:
    choice = model_choice("anthropic:claude-sonnet-4-5", Settings())
    assert choice.host == "api.anthropic.com"
    assert "sent to api.anthropic.com" in choice.privacy


def test_a_vendors_model_answers(seeds_library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(STAND_INS)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-none")
    answer = Assistant(seeds_library, Settings()).ask("What is Rainbow Padding?", model="anthropic:m")
    assert answer.text == "It pads with a cycle [1]."
    assert not answer.incomplete
    assert answer.references[0].title.startswith("Rainbow Padding")


def test_a_missing_key_is_named(seeds_library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(STAND_INS)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with pytest.raises(ModelError, match="set ANTHROPIC_API_KEY"):
        Assistant(seeds_library, Settings()).ask("What is Rainbow Padding?", model="anthropic:m")
