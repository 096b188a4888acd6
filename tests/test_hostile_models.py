"""Whatever a server does: no citation that is none, no quote that is none, one readable sentence, no key, no path."""

import logging
import re
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.pipeline import Assistant
from assistant.records import Answer, Stage
from assistant.settings import Settings
from assistant.text.evidence import evidence_lines
from tests.evidence_block import evidence_of
from tests.faults import (
    FACT,
    FAULTS,
    GOOD,
    KEY,
    QUESTION,
    SECRET,
    Fault,
    called_supported,
    invalid_citations,
    is_readable,
    leaks,
    megabytes,
    patient,
    piece,
    text,
    unequal_quotes,
)
from tests.openai_server import OpenAIServer, Script, openai_server
from vectorstore.errors import AssistantError
from vectorstore.library import Library


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ASSISTANT_MODEL", "ASSISTANT_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_becomes_an_answer_that_holds_or_one_readable_sentence(
    seeds_library: Library, name: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    fault = FAULTS[name]
    caplog.set_level(logging.DEBUG)
    with openai_server(fault.script) as server:
        events, problem = streamed(Assistant(seeds_library, patient()), server)
        assert len(server.chats) == fault.tries
    shown = "".join(event for event in events if isinstance(event, str))
    assert leaks("\n".join([caplog.text, *capfd.readouterr(), shown, problem, repr(events)])) == []
    if fault.says is not None:
        assert re.search(fault.says, problem), problem
        assert is_readable(problem), problem
        return
    assert problem == ""
    answer = events[-1]
    assert isinstance(answer, Answer)
    holds(answer, shown, fault, seeds_library)


def holds(answer: Answer, shown: str, fault: Fault, library: Library) -> None:
    assert invalid_citations(answer) == set()
    assert unequal_quotes(answer, library) == []
    assert SECRET not in answer.text
    assert answer.usage.input_tokens > 0
    assert answer.timings_ms["total"] > 0
    assert answer.incomplete is fault.incomplete
    assert answer.abstained is fault.abstains
    assert not fault.incomplete or answer.notes[-1].endswith("; ask again for the whole answer.")
    assert not fault.has or re.search(fault.has, answer.text, re.DOTALL), answer.text
    assert not fault.lacks or not re.search(fault.lacks, answer.text), answer.text
    assert not fault.not_supported or called_supported(answer) == []
    assert fault.abstains or fault.lacks or answer.text


def streamed(assistant: Assistant, server: OpenAIServer) -> tuple[list[Stage | str | Answer], str]:
    """Return what is streamed, and the sentence of the problem if there is one."""
    events: list[Stage | str | Answer] = []
    try:
        events.extend(assistant.stream(QUESTION, model=f"{server.base_url}#m"))
    except AssistantError as problem:
        return events, str(problem)
    return events, ""


# -- stopping


def first_event(stream: Iterator[Stage | str | Answer], wanted: str) -> None:
    """Read on until a stage or a piece has the words `wanted`."""
    assert any(wanted in (event.doing if isinstance(event, Stage) else str(event)) for event in stream)


@pytest.mark.parametrize(
    ("script", "reached"),
    [
        (Script(silent_seconds=60.0), "reading"),
        (Script(raw=lambda: [60.0]), "reading"),
        (Script(raw=lambda: [piece(GOOD), 60.0]), "Rainbow"),
        (text("<think>", *["hm "] * 600, seconds_a_piece=0.1), "thinking"),
        (text(*["word "] * 600, seconds_a_piece=0.1), "word"),
        (Script(models_silent_seconds=60.0), "reaching the model"),
        (Script(status=429, headers={"Retry-After": "20"}), "waiting 20 s to ask once more"),
    ],
    ids=["before the first byte", "before the first piece", "in the middle", "in a thought", "while it writes",
         "while the models are listed", "before the second try"],
)  # fmt: skip
def test_closing_the_stream_closes_the_connection_at_once(seeds_library: Library, script: Script, reached: str) -> None:
    with openai_server(script) as server:
        stream = Assistant(seeds_library, patient_for(30)).stream(QUESTION, model=f"{server.base_url}#m")
        first_event(stream, reached)
        while "reading" in reached and not server.chats:
            next(stream)
        began = time.monotonic()
        stream.close()  # type: ignore[attr-defined]
        assert time.monotonic() - began < 0.5
        if "once more" not in reached:  # else no connection is open
            assert server.left.wait(0.5)


def test_with_strict_answers_too_a_stream_can_be_closed_while_the_model_writes(seeds_library: Library) -> None:
    with openai_server(text(*["word "] * 600, seconds_a_piece=0.05)) as server:
        stream = Assistant(seeds_library, patient_for(30)).stream(QUESTION, model=f"{server.base_url}#m", strict=True)
        first_event(stream, "writing")
        for _ in range(3):  # nothing of the text is shown, yet the reader has a say
            event = next(stream)
            assert isinstance(event, Stage) and event.doing == "writing"
        stream.close()  # type: ignore[attr-defined]
        assert server.left.wait(1.0)


def patient_for(seconds: float) -> Settings:
    return patient().model_copy(update={"first_token_timeout_seconds": seconds, "idle_timeout_seconds": seconds})


# -- time, size and second tries


def test_the_second_try_waits_as_long_as_the_server_asks(seeds_library: Library) -> None:
    fault = FAULTS["429 for one second"]
    with openai_server(fault.script) as server:
        began = time.monotonic()
        events, problem = streamed(Assistant(seeds_library, patient()), server)
    assert problem == ""
    assert "waiting 1 s to ask once more" in [event.doing for event in events if isinstance(event, Stage)]
    assert time.monotonic() - began > 1.0


def test_nothing_is_asked_again_once_text_was_shown(seeds_library: Library) -> None:
    script = Script(raw=lambda: [piece(f"{FACT} [1]. And it flies to Mars")], cut=True)
    with openai_server(script) as server:
        events, _ = streamed(Assistant(seeds_library, patient()), server)
        assert len(server.chats) == 1
    assert isinstance(events[-1], Answer)
    assert events[-1].text == f"{FACT} [1]. And it flies to Mars".replace("<eos>", "`<eos>`")
    assert [sentence.verdict for sentence in events[-1].sentences] == ["supported", "not_a_claim"]
    assert events[-1].sentences[-1].reason == "cut off"
    assert events[-1].usage.estimated


def test_a_context_that_is_too_short_gets_half_the_evidence(seeds_library: Library) -> None:
    fault = FAULTS["a context that is too short"]
    with openai_server(fault.script) as server:
        streamed(Assistant(seeds_library, patient()), server)
        whole, half = [request.prompt for request in server.chats]
    first, second = evidence_of(whole), evidence_of(half)
    assert first[0] == second[0]  # the strongest is never cut
    assert 0 < len(evidence_lines(second)) <= len(evidence_lines(first)) / 2 * 1.1
    assert len(evidence_lines(second)) > len(evidence_lines(first)) / 4


def test_an_answer_without_end_takes_no_memory_without_end(seeds_library: Library) -> None:
    with openai_server(Script(raw=lambda: megabytes(10))) as server:
        tracemalloc.start()
        events, _ = streamed(Assistant(seeds_library, patient()), server)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert server.left.wait(1.0)  # the connection is closed where the answer is cut
    assert isinstance(events[-1], Answer)
    assert len(events[-1].text) < 40_100  # a marker may have been added
    assert events[-1].notes[-1].endswith("wrote more than 40,000 characters, and the rest is left out; ask again for"
                                         " the whole answer.")  # fmt: skip
    assert most < 40 * 1024 * 1024


def test_a_password_in_an_address_is_in_no_output(
    seeds_library: Library, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for script in (Script(status=401), text(GOOD)):
        with openai_server(script) as server:
            address = server.base_url.replace("//", f"//me:{KEY}@")
            server = replace(server, base_url=address)
            events, problem = streamed(Assistant(seeds_library, patient()), server)
        assert leaks("\n".join([caplog.text, *capfd.readouterr(), problem, repr(events)])) == []
