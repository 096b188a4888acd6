"""Model names, keys and privacy; the answer of a model behind the OpenAI protocol, spoken by a server on loopback."""

import itertools
import json
import logging
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from assistant.models.providers import LOCAL, chat_model, model_choice
from assistant.models.served_model import ServedModel, as_served
from assistant.pipeline import Assistant
from assistant.prompts import load_prompt
from assistant.records import Answer, Stage
from assistant.settings import Settings
from assistant.text.citations import without_markers
from tests.evidence_block import evidence_of
from tests.openai_server import OpenAIServer, Script, openai_server
from vectorstore.errors import ModelError
from vectorstore.library import Library
from vectorstore.text.tokens import count_tokens

KEY = "sk-fake-0123456789-never-show-me"
OTHER_KEY = "sk-other-9876543210-never-show-me"
QUESTION = "What is Rainbow Padding?"
WIDE = "Why do instruction-tuned diffusion LLMs terminate early?"  # which many passages may answer
ANSWER = Script(
    pieces=("Kim et al. (2025) introduce Rainbow Pad", "ding, a simple remedy [", "1", "]", "."), usage=(321, 12)
)


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key, no server and no .env file of this machine."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ASSISTANT_MODEL", "ASSISTANT_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def settings(**values: Any) -> Settings:
    return Settings(first_token_timeout_seconds=5.0, **values)


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with openai_server(ANSWER) as running:
        yield running


def asked(library: Library, server: OpenAIServer, question: str = QUESTION, **values: Any) -> Answer:
    return Assistant(library, settings(**values)).ask(question, model=f"{server.base_url}#chosen")


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# -- names


@pytest.mark.parametrize(
    ("name", "model", "base_url"),
    [
        (LOCAL, None, None),
        ("openai:gpt-x", "gpt-x", "https://api.openai.com/v1"),
        ("llama:smollm2", "SmolLM2-135M-Instruct", None),
        ("llama:/models/Qwen3-4B-Q4_K_M.gguf", "Qwen3-4B-Q4_K_M", None),
        ("ollama:llama3:8b", "llama3:8b", "http://127.0.0.1:11434/v1"),
        ("http://127.0.0.1:8000/v1", None, "http://127.0.0.1:8000/v1"),
        ("https://llm.example.org/v1/#m/n", "m/n", "https://llm.example.org/v1"),
    ],
)
def test_a_name_says_the_model_and_where_it_runs(name: str, model: str | None, base_url: str | None) -> None:
    choice = model_choice(name, settings())
    assert (choice.name, choice.model, choice.base_url) == (name, model, base_url)


@pytest.mark.parametrize(
    "name", ["", "gpt-4", "openai:", "ollama:", "llama:", "local:other", "ftp://x/v1", "http://", "foo:bar"]
)
def test_any_other_name_is_refused_with_the_ways_to_name_one(name: str) -> None:
    with pytest.raises(
        ModelError, match=r"local:extractive, openai:NAME, ollama:NAME, llama:FILE\.gguf or the base URL"
    ):
        model_choice(name, settings())


@pytest.mark.parametrize(
    "name",
    [LOCAL, "ollama:x", "llama:x.gguf", "http://localhost:1/v1", "http://127.0.0.9/v1", "http://[::1]:1/v1"],
)
def test_on_this_machine_nothing_leaves_it(name: str) -> None:
    assert model_choice(name, settings()).privacy == "Nothing leaves this machine."


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("openai:gpt-x", "api.openai.com"),
        ("https://llm.example.org/v1#m", "llm.example.org"),
        ("http://192.168.0.7/v1", "192.168.0.7"),
        ("http://localhost.example.org/v1", "localhost.example.org"),
    ],
)
def test_the_host_that_gets_the_question_is_named(name: str, host: str) -> None:
    assert model_choice(name, settings()).privacy == (
        f"Your question and the passages found for it are sent to {host}."
    )


# -- keys


def test_the_base_url_of_the_environment_is_where_openai_models_are(
    monkeypatch: pytest.MonkeyPatch, seeds_library: Library, server: OpenAIServer
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    answer = Assistant(seeds_library, Settings()).ask(QUESTION, model="openai:gpt-x")
    assert not answer.abstained
    assert [request.body["model"] for request in server.chats] == ["gpt-x"]
    assert {request.authorization for request in server.received} == {f"Bearer {KEY}"}


def key_sent(name: str, **values: Any) -> str:
    model: Any = chat_model(model_choice(name, settings(**values)), settings(**values))
    key = model.openai_api_key
    assert isinstance(key, SecretStr)
    return key.get_secret_value()


def test_the_openai_key_goes_to_openai_or_to_the_base_url_beside_it() -> None:
    keys = {"OPENAI_API_KEY": KEY, "api_key": OTHER_KEY}
    assert key_sent("openai:m", **keys) == KEY
    assert key_sent("openai:m", **keys, OPENAI_BASE_URL="https://proxy.example.org/v1") == KEY
    assert key_sent("https://proxy.example.org/v1#m", **keys, OPENAI_BASE_URL="https://proxy.example.org/v1") == KEY


def test_another_host_never_gets_the_openai_key() -> None:
    assert key_sent("https://llm.example.org/v1#m", OPENAI_API_KEY=KEY) == "none"
    assert key_sent("http://127.0.0.1:1/v1#m", OPENAI_API_KEY=KEY) == "none"
    assert key_sent("ollama:m", OPENAI_API_KEY=KEY) == "none"
    assert key_sent("https://api.openai.com.example.org/v1#m", OPENAI_API_KEY=KEY) == "none"
    assert key_sent("http://api.openai.com/v1#m", OPENAI_API_KEY=KEY) == "none"  # not encrypted


def test_openai_without_a_key_says_which_one_to_set(seeds_library: Library) -> None:
    with pytest.raises(ModelError, match="needs a key: set OPENAI_API_KEY in the environment, or go on with"):
        Assistant(seeds_library, settings()).ask(QUESTION, model="openai:gpt-x")


def test_keys_are_in_no_repr() -> None:
    known = settings(OPENAI_API_KEY=KEY, api_key=OTHER_KEY)
    model = chat_model(model_choice("openai:m", known), known)
    for shown in (repr(known), str(known), repr(model), str(model), repr(known.model_dump()), known.model_dump_json()):
        assert KEY not in shown
        assert OTHER_KEY not in shown


# -- what is asked


def test_the_model_gets_the_evidence_as_json_lines_and_the_question(
    seeds_library: Library, server: OpenAIServer
) -> None:
    asked(seeds_library, server)
    (request,) = server.chats
    assert request.body["model"] == "chosen"
    assert request.body["stream"] is True
    assert [message["role"] for message in request.body["messages"]] == ["system", "user"]
    evidence = evidence_of(request.body["messages"][1]["content"])
    assert [item.number for item in evidence] == list(range(1, len(evidence) + 1))
    assert evidence[0].title.startswith("Rainbow Padding")
    assert f"Question: {QUESTION}" in request.prompt
    assert f"Form: {load_prompt('form_definition')}" in request.prompt
    block = request.prompt.split("<evidence>\n")[1].split("\n</evidence>")[0]
    assert [json.loads(line)["number"] for line in block.splitlines()] == [item.number for item in evidence]


def test_a_follow_up_is_asked_behind_the_turn_that_it_refers_to(seeds_library: Library, server: OpenAIServer) -> None:
    assistant = Assistant(seeds_library, settings())
    (turn,) = assistant.turns([QUESTION])
    assistant.ask("What results does it report?", history=[turn], model=f"{server.base_url}#m")
    (request,) = server.chats
    _, asked_before, said_before, last = request.body["messages"]
    assert (asked_before["role"], asked_before["content"]) == ("user", QUESTION)
    assert said_before["role"] == "assistant"
    assert without_markers(turn.text) in said_before["content"]
    assert "“Rainbow Padding: Mitigating Early Termination" in said_before["content"]
    assert last["content"].rstrip().endswith("Question: What results does it report?")
    assert evidence_of(last["content"])[0].title.startswith("Rainbow Padding")


def test_without_a_name_the_first_served_model_answers(seeds_library: Library, server: OpenAIServer) -> None:
    answer = Assistant(seeds_library, settings()).ask(QUESTION, model=server.base_url)
    assert server.chats[0].body["model"] == "served-first"
    assert answer.model == server.base_url


def test_a_server_without_models_says_to_load_one(seeds_library: Library) -> None:
    with openai_server(Script(models=())) as server, pytest.raises(ModelError, match="serves no model; load one there"):
        Assistant(seeds_library, settings()).ask(QUESTION, model=server.base_url)


@pytest.mark.parametrize(
    "question", ["What learning rate does DAPD use?", "How does photosynthesis work?", "Was ist Rainbow Padding?"]
)
def test_a_model_is_asked_whatever_the_words_of_a_question(
    seeds_library: Library, server: OpenAIServer, question: str
) -> None:
    answer = asked(seeds_library, server, question)
    assert evidence_of(server.chats[-1].prompt)
    assert answer.text == "".join(ANSWER.pieces)
    assert not answer.abstained


def test_no_model_is_asked_about_a_person_whom_no_paper_names(seeds_library: Library, server: OpenAIServer) -> None:
    answer = asked(seeds_library, server, "What did Zebulon Quartermain write about diffusion?")
    assert answer.text.startswith("No paper in the library is by Zebulon Quartermain.")
    assert answer.abstained
    assert server.received == []


def test_no_model_is_asked_about_an_empty_library(tmp_path: Path, server: OpenAIServer) -> None:
    with Library(tmp_path / "library") as library:
        answer = asked(library, server)
    assert answer.text.startswith("The library is empty.")
    assert answer.abstained
    assert server.received == []


@pytest.mark.parametrize("question", ["Who wrote Rainbow Padding?", "How many papers did Soeun Kim write?", "hello"])
def test_no_model_is_asked_what_the_catalogue_says(seeds_library: Library, server: OpenAIServer, question: str) -> None:
    assert not asked(seeds_library, server, question).abstained
    assert server.received == []


# -- how much is sent


@pytest.mark.parametrize(
    "told",
    [
        {"max_model_len": 4096},
        {"context_length": 4096},
        {"loaded_context_length": 4096, "context_length": 131072},
        {"meta": {"n_ctx": 4096, "n_ctx_train": 131072}},
    ],
    ids=["vLLM", "others", "LM Studio", "llama.cpp"],
)
def test_a_short_context_that_the_server_tells_gets_a_short_prompt(
    seeds_library: Library, told: dict[str, Any]
) -> None:
    with openai_server(replace(ANSWER, models=({"id": "other"}, {"id": "chosen", **told}))) as server:
        asked(seeds_library, server, WIDE)
        short = server.chats[0].prompt
        server.script = ANSWER
        asked(seeds_library, server, WIDE)
        whole = server.chats[1].prompt
    assert count_tokens(short) < 4096 * 0.8 - 1000 < count_tokens(whole)
    assert 0 < len(evidence_of(short)) < len(evidence_of(whole)) == 16
    assert evidence_of(short)[0] == evidence_of(whole)[0]
    assert len(server.chats[0].body["messages"][0]["content"]) < len(server.chats[1].body["messages"][0]["content"])
    assert "NOT IN THE LIBRARY" in short


@pytest.mark.parametrize("told", [{"max_model_len": -1}, {"max_model_len": "4096"}, {"meta": 5}, {"n_ctx": True}, {}])
def test_a_context_of_another_form_is_none(seeds_library: Library, told: dict[str, Any]) -> None:
    with openai_server(replace(ANSWER, models=({"id": "chosen", **told},))) as server:
        asked(seeds_library, server, WIDE)
    assert len(evidence_of(server.chats[0].prompt)) == 16


def test_the_setting_says_what_a_server_does_not(seeds_library: Library, server: OpenAIServer) -> None:
    asked(seeds_library, server, WIDE, context_tokens=2000)
    assert count_tokens(server.chats[0].prompt) < 1600 - 500
    assert [request.path for request in server.received] == ["/v1/chat/completions"]  # then it is not asked


def test_a_question_that_leaves_no_room_is_said_to(seeds_library: Library, server: OpenAIServer) -> None:
    with pytest.raises(ModelError, match="reads 1,000 tokens, and the question leaves none of them for evidence; ask"):
        asked(seeds_library, server, f"{WIDE} {'And again, why do they stop so early? ' * 40}", context_tokens=1000)
    assert server.chats == []


def test_a_plan_that_a_server_cannot_read_leaves_the_question_answered(seeds_library: Library) -> None:
    too_long = {"message": "too long", "code": "context_length_exceeded"}
    question = "Who wrote DUSK, and what does it do?"  # which is compound: a model is asked for a plan first
    with openai_server(replace(ANSWER, statuses=(400,), error=too_long)) as server:
        answer = asked(seeds_library, server, question)
        assert "<evidence>" not in server.chats[0].prompt
    assert "".join(ANSWER.pieces) in answer.text


@pytest.mark.parametrize(
    ("name", "is_small"),
    [
        *(("llama-3.2-3b-instruct", True), ("qwen2.5:0.5b", True), ("SmolLM2-360M", True), ("gemma-3-4b-it", True)),
        *(("llama-3.1-8b", False), ("qwen3-32b", False), ("gpt-x", False), ("mixtral-8x4b", False), ("m", False)),
        *(
            ("qwen3-14b", False),
            ("phi-3.5b", True),
            ("x-4bit", False),
            ("Qwen3-30B-A3B", False),
            ("llama-70b-4bit", False),
        ),
    ],
)
def test_a_small_model_is_known_by_its_name(name: str, is_small: bool) -> None:
    assert ServedModel(model_choice(f"http://127.0.0.1:1/v1#{name}", settings())).is_small is is_small


def test_ollama_is_taken_to_read_what_it_reads_by_default() -> None:
    def reads(given: Settings) -> int | None:
        with pytest.raises(StopIteration) as end:
            next(as_served(model_choice("ollama:big", given), given))
        served: ServedModel = end.value.value
        return served.context_tokens

    assert reads(settings()) == 4096
    assert reads(settings(context_tokens=32_000)) == 32_000


def test_the_passages_are_said_before_they_are_read(seeds_library: Library, server: OpenAIServer) -> None:
    events = list(Assistant(seeds_library, settings()).stream(WIDE, model=f"{server.base_url}#m"))
    said = next(event.doing for event in events if isinstance(event, Stage) and event.doing.startswith("reading"))
    about = re.fullmatch(r"reading 16 passages, about ([\d,]+) tokens", said)
    assert about
    assert abs(int(about[1].replace(",", "")) - count_tokens(server.chats[0].prompt)) <= 50


def test_what_leaves_the_machine_is_said_before_it_does(seeds_library: Library) -> None:
    stream = Assistant(seeds_library, settings(context_tokens=100_000)).stream(WIDE, model="https://llm.invalid/v1#m")
    said = [event.doing for event in itertools.islice(stream, 2) if isinstance(event, Stage)]
    assert said[0] == "searching"
    assert re.fullmatch(r"sending about [\d,]+ tokens to llm\.invalid", said[1])


# -- what comes back


def test_the_answer_streams_with_its_citation(seeds_library: Library, server: OpenAIServer) -> None:
    events = list(Assistant(seeds_library, settings()).stream(QUESTION, model=f"{server.base_url}#m"))
    stages = [event.doing for event in events if isinstance(event, Stage)]
    assert stages[0] == "searching"
    assert re.fullmatch(
        r"reading \d passages?, about [\d,]+ tokens", next(s for s in stages if s.startswith("reading"))
    )
    assert stages[-1] == "checking"
    pieces = [event for event in events if isinstance(event, str)]
    assert len(pieces) > 1
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert "".join(pieces).strip() == answer.text
    assert answer.text == "Kim et al. (2025) introduce Rainbow Padding, a simple remedy [1]."
    assert [(sentence.verdict, sentence.citations) for sentence in answer.sentences] == [("supported", (1,))]
    assert [reference.number for reference in answer.references] == [1]
    assert answer.citations[0].quote in seeds_library.catalogue.papers([answer.references[0].paper_id])[0].abstract


def test_an_answer_that_begins_like_a_refusal_streams_whole(seeds_library: Library) -> None:
    pieces = ("NO", "T I", "NSTANT: Rainbow Padding replaces", " repeated placeholders [1].")
    with openai_server(Script(pieces=pieces)) as server:
        events = list(Assistant(seeds_library, settings()).stream(QUESTION, model=f"{server.base_url}#m"))
    assert "".join(event for event in events if isinstance(event, str)) == "".join(pieces)
    assert isinstance(events[-1], Answer)
    assert not events[-1].abstained


SAID_BY_THE_THIRD = "Diffusion models can effectively learn the image distribution and generate new samples"


def test_markers_are_renumbered_and_unknown_ones_are_dropped(seeds_library: Library) -> None:
    pieces = (f"{SAID_BY_THE_THIRD} [3", "][7", "7]. It is studied [", "1, 3, 99].")
    with openai_server(Script(pieces=pieces)) as server:
        answer = asked(seeds_library, server, "Why does low-rank error reconstruction in quantization fail?")
    assert answer.text == f"{SAID_BY_THE_THIRD} [1]. It is studied [2][1]."
    assert [reference.number for reference in answer.references] == [1, 2]


def test_a_sentence_that_no_passage_says_is_unsupported(seeds_library: Library) -> None:
    said = "Rainbow Padding is a simple remedy [1]. It cures malaria in 40 days [1]. Lamps are blue."
    with openai_server(Script(pieces=(said,))) as server:
        answer = asked(seeds_library, server)
    assert [sentence.verdict for sentence in answer.sentences] == ["supported", "unsupported", "unsupported"]


def test_a_text_of_which_no_passage_says_anything_is_shown_with_its_verdicts(seeds_library: Library) -> None:
    text = "Rainbow Padding cures malaria in 40 days [1]. Lamps are blue."
    with openai_server(Script(pieces=(text,))) as server:
        answer = asked(seeds_library, server)
    assert answer.text == text
    assert [sentence.verdict for sentence in answer.sentences] == ["unsupported", "unsupported"]
    assert not answer.abstained


def test_usage_is_that_of_the_stream(seeds_library: Library, server: OpenAIServer) -> None:
    usage = asked(seeds_library, server).usage
    assert (usage.input_tokens, usage.output_tokens, usage.estimated) == (321, 12, False)


def test_usage_is_estimated_where_the_server_does_not_count(seeds_library: Library) -> None:
    with openai_server(replace(ANSWER, usage=None)) as server:
        usage = asked(seeds_library, server).usage
        prompt = server.chats[0].body["messages"]
    assert usage.estimated
    assert usage.output_tokens == count_tokens("".join(ANSWER.pieces))
    assert usage.input_tokens == count_tokens("".join(message["content"] for message in prompt))


@pytest.mark.parametrize(
    "pieces", [("NOT IN THE LIBRARY",), ("NOT IN", " THE LIB", "RARY."), ("\n NOT IN THE LIBRARY",)]
)
def test_a_model_that_finds_nothing_abstains_and_its_code_word_is_not_shown(
    seeds_library: Library, pieces: tuple[str, ...]
) -> None:
    with openai_server(Script(pieces=pieces, usage=(5, 4))) as server:
        events = list(Assistant(seeds_library, settings()).stream(QUESTION, model=f"{server.base_url}#m"))
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert answer.abstained
    assert answer.references == answer.citations == ()
    assert "NOT IN THE LIB" not in "".join(event for event in events if isinstance(event, str)) + answer.text
    assert answer.usage.input_tokens == 5


def test_an_empty_answer_is_the_models_fault_and_not_the_librarys(seeds_library: Library) -> None:
    with (
        openai_server(Script(pieces=("", " "))) as server,
        pytest.raises(ModelError, match="wrote an empty answer; ask again or choose another model"),
    ):
        asked(seeds_library, server)


def test_html_of_a_model_stays_text(seeds_library: Library) -> None:
    text = 'Rainbow Padding is a simple remedy [1]. <script>alert("x")</script> <img src=x onerror=alert(1)>'
    with openai_server(Script(pieces=(text,))) as server:
        assert asked(seeds_library, server).text == (
            'Rainbow Padding is a simple remedy [1]. `<script>`alert("x")`</script>` `<img src=x onerror=alert(1)>`'
        )


# -- what goes wrong


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "refused the request; choose another model"),
        (401, "refused the key; correct the key that is given for this host"),
        (403, "refused the key; correct the key that is given for this host"),
        (404, "was not found; correct the model's name or the address"),
        (429, "allows no more requests now; wait a minute"),
        (500, "failed .* try again"),
        (503, "failed .* try again"),
    ],
)
def test_an_error_of_the_server_is_one_sentence_without_the_key(
    seeds_library: Library, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], status: int, said: str
) -> None:
    caplog.set_level(logging.DEBUG)
    script = Script(status=status, error=f"Incorrect API key provided: {KEY}")
    with openai_server(script) as server, pytest.raises(ModelError, match=said) as raised:
        asked(seeds_library, server, OPENAI_API_KEY=KEY, OPENAI_BASE_URL=server.base_url)
        assert {request.authorization for request in server.received} == {f"Bearer {KEY}"}
    message = str(raised.value)
    assert message.count(". ") == 0
    assert message.endswith(f"or go on with the local model, {LOCAL}.")
    assert KEY not in message + caplog.text + "".join(capfd.readouterr())


def test_a_server_that_is_not_there_is_named(seeds_library: Library) -> None:
    url = f"http://127.0.0.1:{closed_port()}/v1"
    for name in (url, f"{url}#m"):
        with pytest.raises(ModelError, match=rf"{url} cannot be reached; start the server or correct the address"):
            Assistant(seeds_library, settings()).ask(QUESTION, model=name)


def test_a_server_that_says_nothing_is_given_up(seeds_library: Library) -> None:
    with openai_server(replace(ANSWER, silent_seconds=3.0)) as server, pytest.raises(ModelError, match="in time"):
        Assistant(seeds_library, Settings(first_token_timeout_seconds=0.3)).ask(QUESTION, model=f"{server.base_url}#m")


def test_a_stream_that_breaks_off_keeps_its_text_and_says_so(seeds_library: Library) -> None:
    with openai_server(replace(ANSWER, cut=True)) as server:
        answer = asked(seeds_library, server)
        assert len(server.chats) == 1  # what was shown is not asked for again
    assert answer.text == "Kim et al. (2025) introduce Rainbow Padding, a simple remedy [1]."
    assert answer.sentences[0].verdict == "supported"
    assert answer.incomplete
    assert "broke off in the middle of its answer; ask again" in answer.notes[-1]


def test_the_local_model_needs_no_settings() -> None:
    model = chat_model(model_choice(LOCAL, settings()), settings())
    assert isinstance(model, BaseChatModel)
