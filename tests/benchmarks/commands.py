"""The command line as a user meets it: whole processes, timed from outside."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

QUESTIONS = (
    "What is Rainbow Padding?",
    "Which papers are about quantization?",
    "papers by Soeun Kim",
    "How much better than DAPO and GRPO is REFT?",
    "Compare DAPD with Rainbow Padding",
)


def command_figures(seeds: Path, folder: Path) -> list[tuple[str, str]]:
    """Return (figure, value): the seeds' ingest into a new library in `folder`, then cold questions on it."""
    ingest = _seconds("ingest", str(seeds), "--library", str(folder), "--json")
    asks = [_seconds("ask", question, "--library", str(folder), "--json") for question in QUESTIONS]
    return [
        ("ingest of the seeds, whole process, s", f"{ingest:.1f}"),
        ("cold ask, whole process, s, median (worst)", f"{median(asks):.2f} ({max(asks):.2f})"),
    ]


def _seconds(*arguments: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "assistant", *arguments], check=True, capture_output=True)
    return time.perf_counter() - started
