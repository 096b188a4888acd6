"""One exchange of a conversation, question and answer, and how it looks. Each is a fragment of its own: the page
takes it as it is, and no exchange before it is sent again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.answer_markdown import said_below, spent
from assistant.answering.judge import tokens_to_judge
from assistant.conversations.records import StoredConversation, StoredExchange
from assistant.planning.chips import steps_in_words
from assistant.records import Answer
from assistant.text.plain_text import plain_text
from assistant.ui import labels
from assistant.ui.follow_ups import follow_ups
from assistant.ui.footers import asking_button, counts_html, exchange_footer_html, told_button
from assistant.ui.markdown import References, answer_html
from assistant.ui.markup import cleaned, escaped
from assistant.ui.sources import closest_html, sources_html
from vectorstore.papers import Paper

_NO_REFERENCES = References("", {})
_LONGEST_QUESTION = 1200  # characters shown


@dataclass(eq=False)
class Exchange:
    """A question and what became of it. It changes while its answer is written."""

    exchange_id: str
    conversation_id: str
    question: str
    doing: str = ""
    text: str = ""
    answer: Answer | None = None
    problem: str = ""
    stopped: bool = False
    being_judged: bool = False  # the answer is there, and its claims are still with the judge
    rating: int = 0
    reason: str = ""

    @property
    def is_over(self) -> bool:
        return bool((self.answer and not self.being_judged) or self.problem or self.stopped)

    @property
    def state(self) -> str:
        """What the page does with it: "live" grows, "judged" also stands above as it was, "over" stays."""
        return "over" if self.is_over else "judged" if self.being_judged else "live"


def as_shown(stored: StoredExchange) -> Exchange:
    return Exchange(
        stored.id,
        stored.conversation_id,
        stored.question,
        text=stored.text,
        answer=stored.answer,
        problem=stored.problem,
        stopped=stored.stopped,
        rating=stored.rating,
        reason=stored.reason,
    )


def transcript_html(conversation: StoredConversation | None, papers: Mapping[str, Paper], *, opened: int) -> str:
    """Return all exchanges of a conversation that are over.

    `opened` differs each time: the page has added and taken away since, so that the same HTML must count as new.
    """
    exchanges = map(as_shown, conversation.exchanges if conversation else ())
    over = [exchange for exchange in exchanges if exchange.is_over]
    shown = "".join(exchange_html(exchange, papers, goes_on=exchange is over[-1]) for exchange in over)
    called = escaped(conversation.id if conversation else "")
    return f'<div class="turns" data-conversation="{called}" data-opened="{opened}">{shown}</div>'


def exchange_html(
    exchange: Exchange, papers: Mapping[str, Paper], *, goes_on: bool = False, examples: Sequence[str] = ()
) -> str:
    """Return a question and its answer, or as much of it as there is, with the evidence that the page shows beside it.

    `papers` are those that the answer refers to or was written beside, by id. With `goes_on` it ends with questions to
    go on with, `examples` where the answer leads to none.
    """
    question = exchange.question.strip()
    if len(question) > _LONGEST_QUESTION:
        question = question[:_LONGEST_QUESTION] + " …"
    answer, turn = exchange.answer, escaped(exchange.exchange_id)
    edit = (
        f'<button type="button" class="edit" data-edit="{turn}" data-question="{escaped(exchange.question.strip())}"'
        f' title="{labels.EDIT_HINT}">{labels.EDIT}</button>'
        if exchange.is_over
        else ""
    )
    more = _follow_ups(answer, papers, examples) if answer and goes_on and exchange.is_over else ""
    return cleaned(
        f'<article class="exchange" data-exchange="{turn}" data-conversation="{escaped(exchange.conversation_id)}"'
        f' data-state="{exchange.state}" aria-label="{labels.QUESTION}: {escaped(question)}">'
        f'<div class="question-line">{edit}<p class="question">{escaped(question)}</p></div>'
        f"{_reply(exchange, papers)}{more}"
        f"{sources_html(answer, papers, text_id=exchange.exchange_id) if answer else ''}</article>"
    )


def _reply(exchange: Exchange, papers: Mapping[str, Paper]) -> str:
    doing = f'<p class="doing" role="status">{escaped(exchange.doing)}…</p>' if exchange.doing else ""
    if exchange.answer:
        return _answered(exchange, exchange.answer, papers) + ("" if exchange.is_over else doing)
    text = f'<div class="answer">{answer_html(exchange.text, _NO_REFERENCES)}</div>' if exchange.text else ""
    if exchange.problem:
        again = exchange_footer_html(exchange.exchange_id)
        return f'{text}<p class="problem" role="alert">{escaped(exchange.problem)}</p>{again}'
    if exchange.stopped:
        return f'{text}<p class="quiet">{labels.STOPPED}</p>{exchange_footer_html(exchange.exchange_id)}'
    return f"{text}{doing}"


def _answered(exchange: Exchange, answer: Answer, known: Mapping[str, Paper]) -> str:
    titles = {reference.number: plain_text(reference.title) for reference in answer.references}
    references = References(exchange.exchange_id, titles)
    html = answer_html(answer.text, references, answer.sentences, answer.citations)
    kind = "answer abstained" if answer.abstained else "answer"
    papers = f"<span>{labels.counted(len(answer.references), 'paper')}</span>" if answer.references else ""
    tokens = tokens_to_judge(answer, list(known.values())) if exchange.is_over else 0
    footer = exchange_footer_html(
        exchange.exchange_id,
        counts_html(answer.sentences),
        papers,
        f"<span>{spent(answer)}</span>",
        is_answered=True,
        has_references=bool(answer.references),
        judge=labels.JUDGE.format(answer.model, tokens) if tokens else "",
        rating=exchange.rating,
        reason=exchange.reason,
    )
    closest = closest_html(answer, known)
    return f'{_understood(exchange, answer)}<div class="{kind}">{html}</div>{closest}{_below(answer)}{footer}'


def _follow_ups(answer: Answer, known: Mapping[str, Paper], examples: Sequence[str]) -> str:
    """Return the questions that go on from an answer, each a button that asks it."""
    questions = follow_ups(answer, known) or examples
    buttons = "".join(map(asking_button, questions))
    return f'<div class="follow-ups" role="group" aria-label="{labels.GO_ON}">{buttons}</div>' if buttons else ""


def _understood(exchange: Exchange, answer: Answer) -> str:
    """Return how the question was understood: the steps of its plan, and filters that can be removed."""
    chips = "".join(
        told_button(
            "repeat",
            f"without {exchange.exchange_id} {place}",
            f'{escaped(chip.label)}<span class="remove">×</span>',
            kind="filter",
            said=f"{labels.REMOVE_FILTER}: {chip.label}",
        )
        for place, chip in enumerate(answer.chips)
    )
    steps = steps_in_words(answer.plan)
    said = "".join(f'<span class="step">{escaped(step)}</span>' for step in steps)
    return f'<div class="filters">{said}{chips}</div>' if said or chips else ""


def _below(answer: Answer) -> str:
    """Return what is said quietly under an answer: that it is not whole, what became of its citations."""
    return "".join(f'<div class="quiet note">{answer_html(note, _NO_REFERENCES)}</div>' for note in said_below(answer))
