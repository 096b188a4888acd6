"""The commands below `evaluate`: figures of this program's quality, on data that the user has."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.settings import Settings
from assistant.terminal import STOPPED, JsonOption, err, opened, out, print_json, progress
from vectorstore.errors import CollectionError

if TYPE_CHECKING:  # imported where it is used: --help needs neither numpy nor the library
    from assistant.retrieval_evaluation import Collection, RetrievalFigures

app = typer.Typer(help="Measure how well the program finds and answers, on your own data.", no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Measure how well the program finds and answers, on your own data."""


@app.command()
def retrieval(
    corpus: Annotated[Path, typer.Option(help="Documents: a JSON object a line, with _id, title, text; or its .gz.")],
    queries: Annotated[Path, typer.Option(help="Queries: a JSON object a line, with _id and text; or id, tab, text.")],
    qrels: Annotated[Path, typer.Option(help="Judgements: query id, document id, grade; or TREC's four columns.")],
    library: Annotated[
        Path | None,
        typer.Option("--library", help="A folder of the collection's own, to be kept; a temporary one if left out."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the search on a test collection: nDCG@10, recall@20, recall@100, MRR@10, latency."""
    from assistant.retrieval_evaluation import add_collection, library_search, read_collection, retrieval_figures

    collection = read_collection(corpus, queries, qrels)
    if_stopped = STOPPED if library else "Stopped; give --library DIR to keep what is embedded for the next time."
    with (
        _own_folder(library) as folder,
        opened(folder, if_stopped=if_stopped) as assistant,
        progress() as on_progress,
    ):
        add_collection(assistant.library, collection, on_progress=on_progress)
        figures = retrieval_figures(library_search(assistant.library, collection), collection, on_progress=on_progress)
    _warn(collection)
    if as_json:
        print_json({**figures.record(), **collection.record()})
    else:
        _print_figures(figures, collection)


@contextmanager
def _own_folder(library: Path | None) -> Iterator[Path]:
    """Yield `library`, or a temporary folder. Raises CollectionError if it is the one that has the user's papers."""
    if library is None:
        with tempfile.TemporaryDirectory(prefix="evaluate-") as temporary:
            yield Path(temporary)
        return
    if library.expanduser().resolve() == Settings().library.expanduser().resolve():
        raise CollectionError(
            f"{library} is the library of your own papers; name another folder with --library, or leave it out."
        )
    yield library


def _warn(collection: "Collection") -> None:
    """Say what of the files could not be measured."""
    counts = {
        "Judged queries that the queries' file does not have (left out)": collection.unknown_queries,
        "Judged documents that the corpus does not have (they count as not found)": collection.unknown_documents,
        "Documents with neither title nor text (they count as not found)": collection.blank_documents,
    }
    for what, count in counts.items():
        if count:
            err.print(f"{what}: {count}", markup=False, highlight=False)


def _print_figures(figures: "RetrievalFigures", collection: "Collection") -> None:
    out.print(f"{len(collection.queries)} queries, {len(collection.documents)} documents", highlight=False)
    for measure, mean in figures.means.items():
        low, high = figures.intervals[measure]
        out.print(f"{measure:<11} {mean:.3f}  (95 %: {low:.3f} to {high:.3f})", highlight=False)
    latency = figures.latency_ms
    out.print(f"{'latency':<11} {latency['p50']:.1f} ms median, {latency['p95']:.1f} ms p95", highlight=False)
