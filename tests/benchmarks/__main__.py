"""Print the figures as a table. BENCH_DATA names the folder with the public collections.

python -m tests.benchmarks [NAME ...]: those of the table in main(); all without a name.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from assistant.settings import Settings
from assistant.wiring import open_assistant
from tests.benchmarks.abstention import abstention_figures
from tests.benchmarks.answers import question_figures
from tests.benchmarks.authors import author_figures
from tests.benchmarks.commands import command_figures
from tests.benchmarks.crash import KILLS, crash_figures
from tests.benchmarks.damage import damage_table
from tests.benchmarks.drafts import draft_figures
from tests.benchmarks.embedding import embedding_figures
from tests.benchmarks.faults import seeds_fault_figures
from tests.benchmarks.imports import import_figures
from tests.benchmarks.listings import listing_accuracy
from tests.benchmarks.manuscripts import bibliography_figures, related_figures
from tests.benchmarks.maps import map_figures
from tests.benchmarks.memory import QUESTIONS_ASKED, memory_figures
from tests.benchmarks.merging import merging_figures
from tests.benchmarks.metadata import metadata_figures
from tests.benchmarks.page import page_figures
from tests.benchmarks.pages_imported import pages_figures
from tests.benchmarks.paper_choice import choice_figures
from tests.benchmarks.readability import readability_figures
from tests.benchmarks.reader import reader_figures
from tests.benchmarks.retrieval import retrieval_table
from tests.benchmarks.scale import scale_figures
from tests.benchmarks.titles import title_figures, typed_title_figures
from tests.benchmarks.topics import topic_figures
from tests.benchmarks.verdicts import model_verdict_figures, verdict_figures
from tests.benchmarks.wild import wild_figures
from vectorstore.library import Library

T = TypeVar("T")
Figures = list[tuple[str, str]]
WIDTH = 140  # characters, where there is no terminal
SEEDS = Path(__file__).parent.parent.parent / "seeds"
TYPED = Path(__file__).parent.parent / "data" / "questions_typed.jsonl"  # the project's own; looked at since


def seed_question_figures(bench: Path, folder: Path) -> Figures:
    assistant = open_assistant(Settings(library=folder))
    try:
        assistant.library.ingest([SEEDS])
        return list(question_figures(assistant, bench / "questions_seeds.jsonl"))
    finally:
        assistant.library.close()


def related_work_figures(folder: Path) -> Figures:
    assistant = open_assistant(Settings(library=folder))
    try:
        assistant.library.ingest([SEEDS])
        return related_figures(assistant)
    finally:
        assistant.library.close()


def listed_topic_figures(folder: Path) -> Figures:
    with Library(folder) as library:
        library.ingest([SEEDS])
        return topic_figures(library)


def refusal_figures(bench: Path, folder: Path) -> Figures:
    settings = Settings(library=folder)
    with Library(folder) as library:
        library.ingest([SEEDS])
        return abstention_figures(library, settings, SEEDS, bench)


def _asked(name: str, usual: T) -> int | T:
    """Return how much a benchmark is to do: `memory=400` asks fewer questions, `crash=20` kills fewer processes,
    `scale=20000` has fewer papers."""
    given = [argument.partition("=")[2] for argument in sys.argv if argument.startswith(f"{name}=")]
    return int(given[0]) if given else usual


def main() -> None:
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    bench = Path(os.environ.get("BENCH_DATA", "bench-data"))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        benchmarks: dict[str, Callable[[], Figures | Table]] = {
            "commands": lambda: command_figures(SEEDS, folder / "commands"),
            "listings": lambda: listing_accuracy(bench),
            "imports": lambda: import_figures(bench),
            "merging": lambda: merging_figures(bench),
            "embedding": lambda: embedding_figures(bench),
            "questions": lambda: seed_question_figures(bench, folder / "questions"),
            "wild": lambda: wild_figures(SEEDS, bench, folder / "wild"),
            "wild_own": lambda: wild_figures(SEEDS, bench, folder / "wild", file=TYPED),
            "titles": lambda: title_figures(bench),
            "retrieval": lambda: retrieval_table(bench, folder),
            "scale": lambda: scale_figures(bench, folder / "scale", papers=_asked("scale", None)),
            "crash": lambda: crash_figures(bench, folder / "crash", kills=_asked("crash", KILLS)),
            "typed": lambda: typed_title_figures(bench, folder / "scale"),
            "abstention": lambda: refusal_figures(bench, folder / "abstention"),
            "metadata": lambda: metadata_figures(bench, folder / "scale"),
            "readability": lambda: readability_figures(bench),
            "verdicts": lambda: verdict_figures(bench),
            "claims": lambda: model_verdict_figures(bench),
            "reader": lambda: reader_figures(bench),
            "choice": lambda: choice_figures(bench, folder / "choice"),
            "faults": lambda: seeds_fault_figures(SEEDS, folder / "faults"),
            "authors": lambda: author_figures(bench, folder / "scale"),
            "bibliography": lambda: bibliography_figures(bench, folder / "bibliography"),
            "damage": lambda: damage_table(SEEDS, folder / "damage"),
            "page": lambda: page_figures(SEEDS, bench, folder / "page"),
            "pages_imported": lambda: pages_figures(bench),
            "topics": lambda: listed_topic_figures(folder / "topics"),
            "related": lambda: related_work_figures(folder / "related"),
            "memory": lambda: memory_figures(SEEDS, folder / "memory", questions=_asked("memory", QUESTIONS_ASKED)),
            "drafts": lambda: draft_figures(SEEDS, bench, folder / "drafts"),
            "map": lambda: map_figures(SEEDS, bench, folder / "map", folder / "scale"),
        }
        table = Table("benchmark", "figure", "value")
        tables = [table]
        for name in [given.partition("=")[0] for given in sys.argv[1:]] or benchmarks:
            if name not in ("commands", "damage", "faults", "memory", "page") and not bench.is_dir():
                table.add_row(name, f"skipped: there is no {bench}; name the collections' folder in BENCH_DATA", "")
                continue
            console.print(f"{name} ...", style="dim")
            result = benchmarks[name]()
            if isinstance(result, Table):
                tables.append(result)
                continue
            for figure, value in result:
                table.add_row(name, figure, value)
        console.print(*(table for table in tables if table.row_count))


main()
