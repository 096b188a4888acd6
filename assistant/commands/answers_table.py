"""The figures of answers as a table for the terminal, at most 100 characters wide."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.commands.terminal import out, print_text, printable
from assistant.evaluation.answer_evaluation import AnswerFigures, Figure, KindFigures

_WIDTH = 100  # characters
_LONGEST_KIND = 16
_MOST_WRONG = 20  # shown; the JSON has them all
_HEADS = {
    "correctness": "right",
    "citation_precision": "citation\nprecision",
    "citation_recall": "citation\nrecall",
    "groundedness": "grounded",
    "abstention_precision": "abstention\nprecision",
    "abstention_recall": "abstention\nrecall",
}


def print_answers(figures: AnswerFigures) -> None:
    """Print a table with a row for each kind, then what a row does not hold, and the first of what is wrong."""
    table = Table("kind", *_HEADS.values(), "ms", box=None, pad_edge=False, header_style="bold", padding=(0, 2, 1, 0))
    for kind, some in figures.kinds.items():
        table.add_row(*_row(kind, some))
    table.add_row(*_row("all", figures.all), style="bold")
    width = min(out.width, _WIDTH) if out.is_terminal else _WIDTH
    Console(width=width, height=out.height).print(table)  # both, or a dumb terminal has 80 whatever it is given
    print_text("Rates / n, and 95 % intervals; – where there is nothing to measure; ms: median, 95th percentile.")
    _print_totals(figures)
    if figures.wrong:
        print_text(f"\nWrong, {len(figures.wrong):,} of {figures.all.questions:,}:")
    for one in figures.wrong[:_MOST_WRONG]:
        print_text("  " + " ".join(f"{one.question.id}: {one.question.question} ({one.fault})".split()))
    if len(figures.wrong) > _MOST_WRONG:
        print_text(f"  and {len(figures.wrong) - _MOST_WRONG:,} more; --json has them all")


def _print_totals(figures: AnswerFigures) -> None:
    total = figures.all
    questions = "question" if total.questions == 1 else "questions"
    print_text(f"{total.questions:,} {questions} to {figures.model}, {total.failed:,} failed")
    about = "about " if total.tokens_estimated else ""
    print_text(f"{about}{total.input_tokens:,} tokens read, {total.output_tokens:,} written")
    print_text(f"Area under the risk-coverage curve, of all answers: {' '.join(_cell(figures.aurc).split())}")


def _row(kind: str, some: KindFigures) -> list[Text]:
    name = printable(kind.replace("\n", " "))
    name = name if len(name) <= _LONGEST_KIND else f"{name[: _LONGEST_KIND - 1]}…"
    latency = "\n".join("–" if value is None else f"{value:,.0f}" for value in some.latency_ms.values())
    cells = [f"{name}\n{some.questions:,}", *(_cell(some.rates[rate]) for rate in _HEADS), latency]
    return [Text(cell) for cell in cells]


def _cell(figure: Figure) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    return f"{figure.value:.3f} /{figure.n}\n{figure.low:.2f}–{figure.high:.2f}"
