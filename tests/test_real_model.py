"""A real model of 135 million parameters drives the whole chain, in process and behind llama.cpp's own server.

What it writes is poor. That nothing breaks, stops, leaks or cites falsely is what is tested.
"""

import asyncio
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.models.generation import generated
from assistant.models.providers import chat_model, model_choice
from assistant.models.trial import trial
from assistant.models.weights import KEPT, weights_of
from assistant.pipeline import Assistant
from assistant.records import Answer, Stage
from assistant.settings import Settings
from tests import llama_here
from tests.faults import invalid_citations, is_readable, unequal_quotes
from vectorstore.errors import AssistantError, ModelError, PromptTooLong
from vectorstore.library import Library

MODEL = "llama:smollm2"
QUESTION = "Why do instruction-tuned diffusion LLMs terminate early?"
FOLLOW_UP = "What is Rainbow Padding?"
AT_ONCE = 0.6  # seconds, on a busy machine


pytestmark = pytest.mark.real_model


@pytest.fixture(scope="module", autouse=True)
def _runs_here() -> None:
    if why := llama_here.why_not():
        pytest.skip(why)


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **{"evidence_tokens": 500, "answer_tokens": 64, **values})


def writers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "llama.cpp" and thread.is_alive()]


def none_is_left() -> bool:
    deadline = time.monotonic() + AT_ONCE
    while writers() and time.monotonic() < deadline:
        time.sleep(0.02)
    return not writers()


def holds(answer: Answer, library: Library) -> None:
    assert invalid_citations(answer) == set()
    assert unequal_quotes(answer, library) == []
    assert answer.text
    assert "<|" not in answer.text
    assert answer.usage.input_tokens > 100
    assert 0 < answer.usage.output_tokens <= 65
    assert not answer.usage.estimated or answer.model.startswith("http")


def answered(library: Library, question: str, model: str, **values: Any) -> list[Any]:
    """Return the events of an answer; one that is refused in one readable sentence is an answer too."""
    try:
        return list(Assistant(library, settings(**values)).stream(question, model=model))
    except AssistantError as problem:
        assert is_readable(str(problem)), problem
        return []


def mapped(path: Path) -> int:
    """Return how many bytes of a file this process has in its address space."""
    lines = [line for line in Path("/proc/self/maps").read_text().splitlines() if line.endswith(str(path))]
    spans = [line.split()[0].split("-") for line in lines]
    return sum(int(end, 16) - int(start, 16) for start, end in spans)


# -- in process


def test_it_answers_question_and_follow_up_and_cites_nothing_falsely(
    seeds_library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    for question in (QUESTION, FOLLOW_UP):
        events = answered(seeds_library, question, MODEL)
        if events:
            assert isinstance(events[-1], Answer)
            holds(events[-1], seeds_library)
            doing = [event.doing for event in events if isinstance(event, Stage)]
            assert any(said.startswith("reading") for said in doing)
    assert none_is_left()
    assert "".join(capfd.readouterr()) == ""


def test_stop_is_at_once_while_it_loads_reads_and_writes_and_it_answers_afterwards(seeds_library: Library) -> None:
    assistant = Assistant(seeds_library, settings(answer_tokens=200))
    for awaited in ("loading", "reading", "writing"):
        KEPT.close() if awaited == "loading" else None
        stream = assistant.stream(f"{QUESTION} And why {awaited}?", model=MODEL)
        for event in stream:
            if isinstance(event, Stage) and event.doing.startswith(awaited):
                break
        began = time.monotonic()
        stream.close()
        assert time.monotonic() - began < AT_ONCE * (3 if awaited == "loading" else 1)
        assert none_is_left()
    assert answered(seeds_library, QUESTION, MODEL, answer_tokens=16)


def test_one_model_is_loaded_however_many_ask(seeds_library: Library) -> None:
    path = weights_of("smollm2")
    list(trial(model_choice(MODEL, settings()), settings()))
    first, size = KEPT.model, mapped(path)
    threads = [
        threading.Thread(target=lambda: list(trial(model_choice(f"llama:{path}", settings()), settings())))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert KEPT.model is first
    assert mapped(path) == size
    assert size < 1.1 * path.stat().st_size
    assert none_is_left()


def test_who_waits_for_a_turn_can_stop(seeds_library: Library) -> None:
    model = chat_model(model_choice(MODEL, settings()), settings())
    writing, waiting = model.stream("Count to one hundred."), None
    next(writing)
    waiting = generated(_asked("Hello"), model_choice(MODEL, settings()), settings(), doing="waiting")
    for _, event in zip(range(3), waiting, strict=False):
        assert event == Stage("waiting")
    began = time.monotonic()
    waiting.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < AT_ONCE
    next(writing)
    writing.close()  # type: ignore[attr-defined]
    assert none_is_left()


def _asked(words: str) -> list[Any]:
    from langchain_core.messages import HumanMessage, SystemMessage

    return [SystemMessage("Answer briefly."), HumanMessage(words)]


def test_a_trial_says_what_it_reads() -> None:
    *_, said = trial(model_choice(MODEL, settings()), settings())
    assert re.fullmatch(
        r"SmolLM2-135M-Instruct at this machine answers: first words after \d+\.\d s\. It reads 8,192 tokens\.",
        str(said),
    )


def test_it_is_a_langchain_chat_model() -> None:
    model = chat_model(model_choice(MODEL, settings()), settings(answer_tokens=16))

    async def streamed() -> list[str]:
        return [chunk.text async for chunk in model.astream(_asked("Say yes."))]

    whole = model.invoke(_asked("Say yes."))
    assert whole.text
    assert whole.usage_metadata["output_tokens"] <= 17
    assert "".join(chunk.text for chunk in model.stream(_asked("Say yes."))) == whole.text
    with ThreadPoolExecutor(1) as other:  # the loop of the browser's tests may be running in this thread
        assert "".join(other.submit(asyncio.run, streamed()).result()) == whole.text
    assert [answer.text for answer in model.batch([_asked("Say yes.")] * 2)] == [whole.text] * 2
    assert none_is_left()


def test_what_is_longer_than_it_reads_is_said_to_be() -> None:
    few = settings(context_tokens=1000)
    with pytest.raises(PromptTooLong, match="is longer than llama:smollm2 reads; set ASSISTANT_CONTEXT_TOKENS"):
        list(generated(_asked("word " * 1200), model_choice(MODEL, few), few, doing="reading"))
    KEPT.close()


@pytest.mark.parametrize("size", [64, 100_000, 50_000_000])
def test_a_damaged_file_is_one_sentence(
    seeds_library: Library, tmp_path: Path, capfd: pytest.CaptureFixture[str], size: int
) -> None:
    with weights_of("smollm2").open("rb") as whole:
        (tmp_path / "half.gguf").write_bytes(whole.read(size))
    with pytest.raises(ModelError, match=r"half\.gguf cannot be loaded: it is damaged, too large for this machine"):
        Assistant(seeds_library, settings()).ask(QUESTION, model=f"llama:{tmp_path}/half.gguf")
    assert "".join(capfd.readouterr()) == ""


def test_the_command_line_ends_cleanly(seeds_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "library"
    shutil.copytree(seeds_folder, folder)
    environment = {"ASSISTANT_EVIDENCE_TOKENS": "500", "ASSISTANT_ANSWER_TOKENS": "16", "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(
        [sys.executable, "-m", "assistant", "ask", QUESTION, "--model", MODEL, "--library", folder, "--json"],
        capture_output=True,
        text=True,
        timeout=100,
        env=environment,
        check=False,
    )
    assert ran.returncode in (0, 1), ran.stderr
    assert not re.search(r"llama_|ggml|gguf|Traceback|Exception|Error", ran.stderr), ran.stderr


# -- behind llama.cpp's own server


@pytest.fixture(scope="module")
def llama_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log.txt"
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(weights_of("smollm2")), "--port", str(port)]
    options = ["--n_ctx", "1024", "--n_threads", "1", "--n_threads_batch", "1", "--model_alias", "smollm2-135m"]
    with log.open("wb") as output, subprocess.Popen([*command, *options], stdout=output, stderr=output) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/v1/models", server, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.kill()


def _wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())


def test_behind_its_server_it_answers_and_cites_nothing_falsely(seeds_library: Library, llama_server: str) -> None:
    events = answered(seeds_library, QUESTION, f"{llama_server}#smollm2-135m")
    if events:
        assert isinstance(events[-1], Answer)
        assert invalid_citations(events[-1]) == set()
        assert unequal_quotes(events[-1], seeds_library) == []


def test_behind_its_server_stop_is_at_once(seeds_library: Library, llama_server: str) -> None:
    stream = Assistant(seeds_library, settings()).stream(FOLLOW_UP, model=llama_server)
    for event in stream:
        if isinstance(event, Stage) and event.doing.startswith("reading"):
            break
    began = time.monotonic()
    stream.close()
    assert time.monotonic() - began < AT_ONCE
