"""Print the figures as a table. BENCH_DATA names the folder with the public collections.

python -m tests.benchmarks [commands] [listings] [embedding] [questions] [titles] [retrieval]
                          [scale] [typed] [metadata] [readability] [authors]
                          [bibliography] [related]
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.settings import Settings
from assistant.wiring import open_assistant
from tests.benchmarks.answers import answer_figures
from tests.benchmarks.authors import author_figures
from tests.benchmarks.commands import command_figures
from tests.benchmarks.embedding import embedding_figures
from tests.benchmarks.listings import listing_accuracy
from tests.benchmarks.manuscripts import bibliography_figures, related_figures
from tests.benchmarks.metadata import metadata_figures
from tests.benchmarks.readability import readability_figures
from tests.benchmarks.retrieval import retrieval_table
from tests.benchmarks.scale import scale_figures
from tests.benchmarks.titles import title_figures, typed_title_figures

Figures = list[tuple[str, str]]
WIDTH = 140  # characters, where there is no terminal
SEEDS = Path(__file__).parent.parent.parent / "seeds"


def question_figures(bench: Path, folder: Path) -> Figures:
    assistant = open_assistant(Settings(library=folder))
    try:
        assistant.library.ingest([SEEDS])
        return answer_figures(assistant, bench / "questions_seeds.jsonl")
    finally:
        assistant.library.close()


def related_work_figures(folder: Path) -> Figures:
    assistant = open_assistant(Settings(library=folder))
    try:
        assistant.library.ingest([SEEDS])
        return related_figures(assistant)
    finally:
        assistant.library.close()


def main() -> None:
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    bench = Path(os.environ.get("BENCH_DATA", "bench-data"))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        benchmarks: dict[str, Callable[[], Figures | Table]] = {
            "commands": lambda: command_figures(SEEDS, folder / "commands"),
            "listings": lambda: listing_accuracy(bench),
            "embedding": lambda: embedding_figures(bench),
            "questions": lambda: question_figures(bench, folder / "questions"),
            "titles": lambda: title_figures(bench),
            "retrieval": lambda: retrieval_table(bench, folder),
            "scale": lambda: scale_figures(bench, folder / "scale"),
            "typed": lambda: typed_title_figures(bench, folder / "scale"),
            "metadata": lambda: metadata_figures(bench, folder / "scale"),
            "readability": lambda: readability_figures(bench),
            "authors": lambda: author_figures(bench, folder / "scale"),
            "bibliography": lambda: bibliography_figures(bench, folder / "bibliography"),
            "related": lambda: related_work_figures(folder / "related"),
        }
        table = Table("benchmark", "figure", "value")
        tables = [table]
        for name in sys.argv[1:] or benchmarks:
            if name != "commands" and not bench.is_dir():
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
