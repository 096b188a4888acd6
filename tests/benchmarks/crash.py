"""Processes that are killed at any time of an ingest: what the next start finds, and how soon.

python -m tests.benchmarks.crash FOLDER FILE: ingest, and print how many papers are stored as soon as that is told.
python -m tests.benchmarks.crash FOLDER: open what is left, and print as JSON what is there.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from tests.benchmarks.scale import read_papers, remember_vectors
from vectorstore.library import Library
from vectorstore.listings.readers import read_listing

KILLS, PAPERS = 100, 10_000
_STORED = "stored "
_ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class _Found:
    """What was there after a kill: at once, in so many seconds, and when all was gone on with."""

    stored: int
    seconds: float
    papers: int
    titles: int
    passages: dict[str, int]
    in_indexes: list[int]
    embedded: int
    seconds_to_finish: float


def crash_figures(bench: Path, folder: Path, *, kills: int = KILLS, papers: int = PAPERS) -> list[tuple[str, str]]:
    """Return (figure, value) over `kills` ingests of `papers` papers, each killed at a time drawn by chance."""
    file, prepared = folder / "papers.jsonl", folder / "prepared"
    folder.mkdir(parents=True)
    _write(bench, file, papers)
    with Library(prepared) as library:  # it knows the vectors: embedding is not what is killed here
        remember_vectors(library.catalogue, read_listing(file), np.load(bench / "scale" / "minilm_60k.npy"))
    whole = Path(shutil.copytree(prepared, folder / "whole"))
    stored, seconds = _ingested(whole, file)
    expected = _left(whole)
    chosen = random.Random(16)
    moments = [chosen.uniform(0, seconds) for _ in range(kills)]
    outcomes = [_killed(prepared, folder / "killed", file, after=moment) for moment in moments]
    lost = sum(max(0, acknowledged - found.stored) for acknowledged, found in outcomes)
    doubled = sum(found.papers - found.titles - (expected.papers - expected.titles) for _, found in outcomes)
    finished = sum((found.papers, found.passages) == (expected.papers, expected.passages) for _, found in outcomes)
    whole_indexes = sum(found.in_indexes == expected.in_indexes for _, found in outcomes)
    back = [found.seconds for _, found in outcomes]
    return [
        ("papers, an ingest without a kill", f"{stored:,} in {seconds:.0f} s"),
        ("kills, those of them after papers were acknowledged", f"{kills}, {sum(bool(told) for told, _ in outcomes)}"),
        ("acknowledged papers lost", f"{lost}"),
        ("papers doubled", f"{doubled}"),
        ("gone on with to the same papers and passages", f"{finished} of {kills}"),
        ("both indexes whole after that", f"{whole_indexes} of {kills}"),
        ("passages embedded twice", f"{sum(found.embedded for _, found in outcomes)}"),
        ("s until it answers again, median (longest)", f"{median(back):.1f} ({max(back):.1f})"),
        (
            "s until all is there, longest",
            f"{max(found.seconds + found.seconds_to_finish for _, found in outcomes):.1f}",
        ),
    ]


def _write(bench: Path, file: Path, papers: int) -> None:
    with file.open("w", encoding="utf-8") as lines:
        for entry in read_papers(bench).entries[:papers]:
            said = {"title": entry.title, "abstract": entry.abstract, "authors": list(entry.authors)}
            lines.write(json.dumps({**said, "published": str(entry.published)}) + "\n")


def _ingested(folder: Path, file: Path) -> tuple[int, float]:
    """Return how many papers an ingest in a process of its own stored, and its seconds, once the library is open."""
    with _ingesting(folder, file) as process:
        started = time.perf_counter()
        *_, stored = _told(process)
    assert process.returncode == 0
    return stored, time.perf_counter() - started


def _killed(prepared: Path, folder: Path, file: Path, *, after: float) -> tuple[int, _Found]:
    """Kill an ingest after some seconds; return how many papers it had said are stored, and what was there then."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(prepared, folder)
    with _ingesting(folder, file) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(after)
        process.send_signal(signal.SIGKILL)
        told = list(_told(process))
    return max(told, default=0), _left(folder, file)


def _ingesting(folder: Path, file: Path) -> "subprocess.Popen[str]":
    """Return a process that ingests, once it has opened the library."""
    command = [sys.executable, "-m", "tests.benchmarks.crash", str(folder), str(file)]
    process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout and process.stdout.readline() == f"{_STORED}0\n"
    return process


def _told(process: "subprocess.Popen[str]") -> Iterator[int]:
    assert process.stdout
    yield from (int(line.removeprefix(_STORED)) for line in process.stdout if line.startswith(_STORED))


def _left(folder: Path, file: Path | None = None) -> _Found:
    """Open a library in a process of its own; where nothing was begun, the same file is ingested again."""
    command = [sys.executable, "-m", "tests.benchmarks.crash", str(folder), *([str(file), "again"] if file else [])]
    printed = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True).stdout
    return _Found(**json.loads(printed.splitlines()[-1]))


def _ingest(folder: Path, file: Path) -> None:
    def told(step: str, done: int, _total: int) -> None:
        if step == "Storing papers":
            _say(f"{_STORED}{done}")

    with Library(folder) as library:
        _say(f"{_STORED}0")
        library.ingest([file], on_progress=told)


def _opened(folder: Path, file: Path | None) -> _Found:
    started = time.perf_counter()
    with Library(folder, in_background=True) as library:
        stored = len(library.catalogue.titles())  # before what is left of the listing is stored
        library.search("learning")
        seconds = time.perf_counter() - started
        library.finish()
        if file:
            library.ingest([file])
        seconds_to_finish = time.perf_counter() - started - seconds
        retriever = library.retriever
        return _Found(
            stored=stored,
            seconds=seconds,
            papers=len(library.papers()),
            titles=len({title for _, title in library.catalogue.titles()}),
            passages=library.catalogue.count_passages(),
            in_indexes=[len(retriever.dense), len(retriever.lexical)],
            embedded=library.embeddings.embedded,
            seconds_to_finish=seconds_to_finish,
        )


def _main(folder: Path, file: Path | None = None, again: str = "") -> None:
    if file and not again:
        _ingest(folder, file)
    else:
        _say(json.dumps(_opened(folder, file).__dict__))


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())  # at once, whatever happens then


if __name__ == "__main__":
    _main(*map(Path, sys.argv[1:3]), *sys.argv[3:])
