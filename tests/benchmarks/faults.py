"""Every scripted fault of a model's server -> what reached the reader, as one table."""

import io
import logging
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from assistant.pipeline import Assistant
from assistant.records import Answer
from assistant.settings import Settings
from tests.faults import (
    FAULTS,
    QUESTION,
    Fault,
    called_supported,
    invalid_citations,
    is_readable,
    leaks,
    patient,
    unequal_quotes,
)
from tests.openai_server import openai_server
from vectorstore.errors import AssistantError
from vectorstore.library import Library


@dataclass(frozen=True)
class Outcome:
    """What a reader got under one fault: an answer, or a problem that is one sentence or is not."""

    answer: Answer | None
    readable: bool
    leaks: int
    seconds: float


def fault_figures(library: Library) -> list[tuple[str, str]]:
    """Return (figure, value) over all faults, on a library of the seeds; `library.ingest` has been called."""
    assistant = Assistant(library, patient())
    outcomes = {name: _outcome(assistant, fault) for name, fault in FAULTS.items()}
    answers = {name: outcome.answer for name, outcome in outcomes.items() if outcome.answer}
    invalid = [name for name, answer in answers.items() if invalid_citations(answer)]
    quotes = sum(len(answer.citations) for answer in answers.values())
    unequal = sum(len(unequal_quotes(answer, library)) for answer in answers.values())
    problems = [outcome for outcome in outcomes.values() if outcome.answer is None]
    unfounded = [name for name, fault in FAULTS.items() if fault.not_supported]
    believed = [name for name in unfounded if (answer := answers.get(name)) and called_supported(answer)]
    slowest = max(outcomes, key=lambda name: outcomes[name].seconds)
    return [
        ("scripted faults", f"{len(FAULTS)}: {len(answers)} answered, {len(problems)} refused with a message"),
        ("answers that show an invalid citation", _named(invalid)),
        ("quotes byte-equal to the abstract", f"{quotes - unequal} of {quotes}"),
        ("readable messages", f"{sum(outcome.readable for outcome in problems)} of {len(problems)}"),
        ("key or path in an output or a log", f"{sum(outcome.leaks for outcome in outcomes.values())}"),
        (
            "answers with usage and time",
            f"{sum(_is_measured(answer) for answer in answers.values())} of {len(answers)}",
        ),
        ("unfounded answers called supported", f"{_named(believed)} of {len(unfounded)}"),
        ("seconds, all faults", f"{sum(outcome.seconds for outcome in outcomes.values()):.1f}"),
        ("seconds, slowest fault", f"{outcomes[slowest].seconds:.1f} ({slowest})"),
    ]


def seeds_fault_figures(seeds: Path, folder: Path) -> list[tuple[str, str]]:
    with Library(folder) as library:
        library.ingest([seeds])
        Assistant(library, Settings()).ask(QUESTION)  # opens the indexes
        return fault_figures(library)


def _outcome(assistant: Assistant, fault: Fault) -> Outcome:
    written = io.StringIO()
    log = logging.StreamHandler(written)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    answer, said, readable = None, "", True
    began = time.monotonic()
    try:
        with openai_server(fault.script) as server, redirect_stdout(written), redirect_stderr(written):
            answer = assistant.ask(QUESTION, model=f"{server.base_url}#m")
    except AssistantError as problem:
        said, readable = str(problem), is_readable(str(problem))
    except Exception as error:  # what the figure is about
        said, readable = repr(error), False
    finally:
        root.removeHandler(log)
        root.setLevel(level)
    seconds = time.monotonic() - began
    return Outcome(answer, readable, len(leaks("\n".join([written.getvalue(), said, repr(answer)]))), seconds)


def _is_measured(answer: Answer) -> bool:
    return answer.usage.input_tokens > 0 and answer.timings_ms["total"] > 0


def _named(names: list[str]) -> str:
    return f"{len(names)} ({', '.join(names)})" if names else "0"
