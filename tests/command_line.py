"""The command line as a user runs it: a process with its exit code and its two streams."""

import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.commands.cli import main

ROOT = Path(__file__).parent.parent
_SECONDS = 60
# Each process is forked from one that has imported the program: that takes longer than most commands.
_forked = multiprocessing.get_context("forkserver")
_forked.set_forkserver_preload(["tests.command_line", "assistant.wiring", "assistant.evaluation.answer_evaluation"])


def environment(**values: str) -> dict[str, str]:
    """The environment of this process without settings of ours, and with lines of a known width."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ASSISTANT_", "OPENAI_"))}
    return {**kept, "COLUMNS": "100", "PYTHONPATH": str(ROOT), **values}


def run(*arguments: str | Path | bytes, cwd: Path, **values: str) -> subprocess.CompletedProcess[str]:
    """Run a command with some environment variables; no traceback may ever be seen."""
    given = [os.fsdecode(argument) for argument in arguments]
    with TemporaryDirectory() as folder:
        streams = [Path(folder) / "out", Path(folder) / "err"]
        process = _forked.Process(target=_command, args=(given, cwd, environment(**values), streams))
        process.start()
        process.join(_SECONDS)
        if process.exitcode is None:
            process.kill()
        out, err = (stream.read_bytes().decode() for stream in streams)
    assert process.exitcode is not None, f"{given} took more than {_SECONDS} s"
    assert "Traceback" not in out + err, err
    return subprocess.CompletedProcess(given, process.exitcode, out, err)


def problem(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """Return the one line on standard error of a command that failed."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    return lines[0]


def batch(file: Path, *lines: dict[str, Any] | str | bytes) -> Path:
    """Return the file with one JSON object a line; a text or bytes are a line as they are."""
    encoded = [json.dumps(line) if isinstance(line, dict) else line for line in lines]
    file.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in encoded))
    return file


def _command(arguments: Sequence[str], cwd: Path, values: Mapping[str, str], streams: Sequence[Path]) -> None:
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(values)
    for number, file in enumerate([Path(os.devnull), *streams]):
        os.dup2(os.open(file, os.O_RDWR | os.O_CREAT), number)
    sys.argv = ["research-assistant", *arguments]
    main(arguments)
