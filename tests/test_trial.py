"""A model is tried with one short question: what is said of one that answers, and of one that does not."""

import pytest

from assistant.models.providers import model_choice
from assistant.models.trial import trial
from assistant.records import Stage
from assistant.settings import Settings
from tests.openai_server import Script, openai_server
from vectorstore.errors import ModelError

SETTINGS = Settings(_env_file=None)  # type: ignore[call-arg]


def said(name: str) -> str:
    *_, last = trial(model_choice(name, SETTINGS), SETTINGS)
    assert not isinstance(last, Stage)
    return last


def test_a_model_that_answers_is_said_to_and_how_much_it_reads() -> None:
    models = ({"id": "m", "object": "model", "max_model_len": 8192},)
    with openai_server(Script(pieces=("rea", "dy"), models=models)) as server:
        text = said(f"{server.base_url}#m")
        (chat,) = server.chats

    assert text.startswith("m at this machine answers: first words after ")
    assert text.endswith("It reads 8,192 tokens.")
    assert [message["content"] for message in chat.body["messages"]] == ["Reply with one word: ready"]


def test_the_built_in_model_needs_no_trial() -> None:
    assert said("local:extractive") == "It is built in and always answers."


def test_a_wrong_key_and_a_server_that_is_not_there_say_what_to_do() -> None:
    with openai_server(Script(status=401)) as server, pytest.raises(ModelError, match="key"):
        said(f"{server.base_url}#m")
    with pytest.raises(ModelError, match="cannot be reached"):
        said("http://127.0.0.1:9/v1#m")
