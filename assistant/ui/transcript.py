"""One conversation of one browser session, and how it looks."""

from dataclasses import dataclass, field

from assistant.answering.answer_markdown import answer_markdown, said_below, spent
from assistant.records import Answer
from assistant.text.plain_text import plain_text
from assistant.ui import labels
from assistant.ui.footers import copy_button, counts_html, footer_html
from assistant.ui.markdown import References, answer_html
from assistant.ui.markup import cleaned, escaped
from assistant.understanding.query import Turn

_NO_REFERENCES = References("", {})
_LONGEST_QUESTION = 1200  # characters shown


@dataclass(eq=False)
class Exchange:
    """A question and what became of it. It changes while its answer is written."""

    question: str
    doing: str = ""
    text: str = ""
    answer: Answer | None = None
    problem: str = ""
    stopped: bool = False
    sources: str = ""  # HTML of its evidence

    @property
    def is_over(self) -> bool:
        return bool(self.answer or self.problem or self.stopped)


@dataclass
class Conversation:
    """The exchanges of a session, oldest first. Each session has its own."""

    exchanges: list[Exchange] = field(default_factory=list)

    def begin(self, question: str) -> Exchange:
        """Add a question; one that is still being answered stops there."""
        self.stop()
        exchange = Exchange(question)
        self.exchanges.append(exchange)
        return exchange

    def stop(self) -> None:
        for exchange in self.exchanges[-1:]:
            exchange.stopped = exchange.stopped or not exchange.is_over

    def turns(self, *, before: int | None = None) -> list[Turn]:
        """What a follow-up question needs to know, of all exchanges or of those before one of them."""
        return [exchange.answer.turn for exchange in self.exchanges[:before] if exchange.answer]

    def settled_html(self) -> str:
        """Return the exchanges that are over."""
        return "".join(
            exchange_html(exchange, turn=turn) for turn, exchange in enumerate(self.exchanges) if exchange.is_over
        )

    def live_html(self) -> str:
        """Return the exchange that is being answered, or nothing."""
        live = self.exchanges and not self.exchanges[-1].is_over
        return exchange_html(self.exchanges[-1], turn=len(self.exchanges) - 1) if live else ""

    def sources_html(self) -> str:
        return "".join(exchange.sources for exchange in self.exchanges)


def exchange_html(exchange: Exchange, *, turn: int) -> str:
    """Return a question and its answer, or as much of it as there is."""
    question = exchange.question.strip()
    if len(question) > _LONGEST_QUESTION:
        question = question[:_LONGEST_QUESTION] + " …"
    return cleaned(
        f'<article class="exchange" aria-label="{labels.QUESTION} {turn + 1}">'
        f'<p class="question">{escaped(question)}</p>{_reply(exchange, turn)}</article>'
    )


def _reply(exchange: Exchange, turn: int) -> str:
    if exchange.answer:
        return _answered(exchange.answer, turn)
    text = f'<div class="answer">{answer_html(exchange.text, _NO_REFERENCES)}</div>' if exchange.text else ""
    if exchange.problem:
        return f'{text}<p class="problem" role="alert">{escaped(exchange.problem)}</p>'
    if exchange.stopped:
        return f'{text}<p class="quiet">{labels.STOPPED}</p>'
    return f'{text}<p class="doing" role="status">{escaped(exchange.doing)}…</p>' if exchange.doing else text


def _answered(answer: Answer, turn: int) -> str:
    titles = {reference.number: plain_text(reference.title) for reference in answer.references}
    html = answer_html(answer.text, References(str(turn), titles), answer.sentences, answer.citations)
    kind = "answer abstained" if answer.abstained else "answer"
    return f'{_understood(answer, turn)}<div class="{kind}">{html}</div>{_below(answer)}{_footer(answer)}'


def _understood(answer: Answer, turn: int) -> str:
    """Return how the question was understood, where it says more than the question: filters that can be removed."""
    chips = "".join(
        f'<button type="button" class="filter" data-box="removed" data-value="{turn} {place}"'
        f' aria-label="{escaped(labels.REMOVE_FILTER)}: {escaped(chip.label)}">{escaped(chip.label)}'
        '<span class="remove">×</span></button>'
        for place, chip in enumerate(answer.chips)
    )
    return f'<div class="filters">{chips}</div>' if chips else ""


def _below(answer: Answer) -> str:
    """Return what is said quietly under an answer: that it is not whole, what became of its citations."""
    return "".join(f'<div class="quiet note">{answer_html(note, _NO_REFERENCES)}</div>' for note in said_below(answer))


def _footer(answer: Answer) -> str:
    papers = f"<span>{labels.counted(len(answer.references), 'paper')}</span>" if answer.references else ""
    spent_on_it = f"<span>{spent(answer)}</span>"
    return footer_html(counts_html(answer.sentences), papers, spent_on_it, copy_button(answer_markdown(answer)))
