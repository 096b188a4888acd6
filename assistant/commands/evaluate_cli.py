"""The commands below `evaluate`: figures of this program's quality, on data that the user has."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.terminal import (
    STOPPED,
    EnvFileOption,
    JsonOption,
    LibraryOption,
    ModelOption,
    library_folder,
    opened,
    out,
    print_json,
    progress,
    say,
)
from assistant.settings import Settings
from vectorstore.errors import CollectionError, LibraryError

if TYPE_CHECKING:  # imported where it is used: --help needs neither numpy nor the library
    from assistant.evaluation.answer_evaluation import AnswerFigures
    from assistant.evaluation.retrieval_evaluation import Collection, RetrievalFigures

_MOST_NAMED = 5  # papers in a warning

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
        typer.Option(
            "--library",
            parser=library_folder,
            metavar="PATH",
            help="A folder of the collection's own, to be kept; a temporary one if left out.",
        ),
    ] = None,
    env_file: EnvFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the search on a test collection: nDCG@10, recall@20, recall@100, MRR@10, latency."""
    from assistant.evaluation.retrieval_evaluation import (
        add_collection,
        library_search,
        read_collection,
        retrieval_figures,
    )

    collection = read_collection(corpus, queries, qrels)
    if_stopped = STOPPED if library else "Stopped; give --library DIR to keep what is embedded for the next time."
    with (
        _own_folder(library) as folder,
        opened(folder, env_file, if_stopped=if_stopped) as assistant,
        progress() as on_progress,
    ):
        add_collection(assistant.library, collection, on_progress=on_progress)
        figures = retrieval_figures(library_search(assistant.library, collection), collection, on_progress=on_progress)
    _warn(collection)
    if as_json:
        print_json({**figures.record(), **collection.record()})
    else:
        _print_figures(figures, collection)


@app.command()
def answers(
    questions: Annotated[
        Path,
        typer.Option(help="Questions: a JSON object a line, with id, kind, question, papers, any; or its .gz."),
    ],
    model: ModelOption = None,
    library: LibraryOption = None,
    env_file: EnvFileOption = None,
    curve: Annotated[Path | None, typer.Option(help="Save the risk-coverage curve as a picture, .png or .svg.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Leave out what is contradicted or unsupported.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure the answers to questions of yours: right, cited, grounded, abstained where they should."""
    from assistant.commands.answers_table import print_answers
    from assistant.evaluation.answer_evaluation import answer_figures, measured_answers
    from assistant.evaluation.gold_questions import read_questions, unknown_papers
    from assistant.models.providers import model_choice

    _check_picture(curve)
    asked = read_questions(questions)
    with opened(library, env_file, if_stopped="Stopped; nothing was measured.") as assistant, progress() as on_progress:
        if assistant.library.catalogue.is_empty():
            raise LibraryError(f"The library {assistant.library.path} is empty; read listings into it first: ingest.")
        choice = model_choice(model or assistant.settings.model, assistant.settings)
        unknown = unknown_papers(asked, (title for _, title in assistant.library.catalogue.titles()))
        results = measured_answers(assistant, asked, model=model, strict=strict or None, on_progress=on_progress)
        figures = answer_figures(results, model=choice.name)
    if unknown:
        named = ", ".join(f"“{part}”" for part in unknown[:_MOST_NAMED])
        say(f"Wanted papers that no title in the library has (they count as not cited): {len(unknown)}, as {named}")
    if figures.all.failed:
        say(f"{figures.all.failed:,} of {figures.all.questions:,} got no answer; what failed counts as wrong.")
    if as_json:
        print_json(figures.record())
    else:
        print_answers(figures)
    if curve:
        _save_curve(figures, curve)


def _check_picture(path: Path | None) -> None:
    """Raise what is wrong with the picture's name before hours are spent on the questions."""
    from assistant.evaluation.risk_picture import SUFFIXES

    if path and path.suffix.lower() not in SUFFIXES:
        raise typer.BadParameter(f"{str(path)!r} ends in neither of {' and '.join(SUFFIXES)}", param_hint="--curve")
    if path and not path.absolute().parent.is_dir():
        raise CollectionError(f"There is no folder {path.absolute().parent} for the picture; make it first.")


def _save_curve(figures: "AnswerFigures", path: Path) -> None:
    from assistant.evaluation.risk_picture import save_picture

    if not figures.curve:
        say(f"{path} was not drawn: no question that can be judged got an answer.")
        return
    questions = f"{figures.all.questions:,} question{'' if figures.all.questions == 1 else 's'}"
    save_picture(
        figures.curve,
        path,
        title=f"{questions}, {figures.model}, AURC {figures.aurc.value:.3f}",
    )
    say(f"The risk-coverage curve is in {path}.")


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
            say(f"{what}: {count}")


def _print_figures(figures: "RetrievalFigures", collection: "Collection") -> None:
    out.print(f"{len(collection.queries)} queries, {len(collection.documents)} documents", highlight=False)
    for measure, mean in figures.means.items():
        low, high = figures.intervals[measure]
        out.print(f"{measure:<11} {mean:.3f}  (95 %: {low:.3f} to {high:.3f})", highlight=False)
    latency = figures.latency_ms
    out.print(f"{'latency':<11} {latency['p50']:.1f} ms median, {latency['p95']:.1f} ms p95", highlight=False)
