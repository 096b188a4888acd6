"""One exchange of a conversation, question and answer, and how it looks. Each is a fragment of its own: the page
takes it as it is, and no exchange before it is sent again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Event, RLock

from assistant.answering.answer_markdown import said_below, spent
from assistant.answering.judge import tokens_to_judge
from assistant.conversations.records import StoredExchange
from assistant.html.markdown import References, answer_html
from assistant.html.sanitizing import cleaned, escaped
from assistant.models.providers import LOCAL
from assistant.planning.chips import steps_in_words
from assistant.records import Answer, Stage
from assistant.text.plain_text import plain_text
from assistant.ui import labels
from assistant.ui.footers import asking_button, counts_html, exchange_footer_html, told_button
from assistant.ui.sources import closest_html, sources_html
from vectorstore.papers.paper import Paper

_NO_REFERENCES = References("", {})
_LONGEST_QUESTION = 1200  # characters shown
MOST_DRAWN = 20  # exchanges at once; those above them are drawn when they are wanted


@dataclass(eq=False)
class Exchange:
    """A question and what became of it. It changes while its answer is written; `changes` counts how often."""

    exchange_id: str
    conversation_id: str
    question: str
    model: str = ""
    doing: str = ""
    text: str = ""
    answer: Answer | None = None
    problem: str = ""
    stopped: bool = False
    rating: int = 0
    reason: str = ""
    versions: tuple[str, ...] = ()  # ids of what has stood in its place
    read: tuple[str, ...] = ()  # ids of the papers that its text is written from
    cited: tuple[str, ...] = ()  # of these, those behind the numbers in the text
    before: frozenset[str] = frozenset()  # ids of the papers that the turns before it told of
    is_over: bool = False
    changes: int = 0
    stop: Event = field(default_factory=Event)
    gone: frozenset[str] = frozenset()  # ids of papers that were deleted for good while it was written
    is_withdrawn: bool = False
    _changing: RLock = field(default_factory=RLock)  # what is withdrawn in one thread does not grow in another

    @property
    def state(self) -> str:
        """What the page does with it: "live" grows, "judged" grows and has its answer, "over" stays."""
        return "over" if self.is_over else "judged" if self.answer else "live"

    @property
    def of_place(self) -> tuple[str, ...]:
        """The ids of what has stood in its place, its own among them."""
        return self.versions or (self.exchange_id,)

    @property
    def paper_ids(self) -> set[str]:
        """The ids of the papers that are shown with it."""
        answer = self.answer
        if answer is None:
            return set(self.read)
        cited, closest = (one.paper_id for one in answer.references), (one.paper_id for one in answer.closest)
        return {*cited, *closest, *answer.also_read, *self.read}

    def take(self, event: Stage | str | Answer) -> None:
        """Grow by what has come of the answer, unless that is withdrawn."""
        with self._changing:
            if self.is_withdrawn:
                return
            if isinstance(event, Answer):
                self.answer = event
            elif isinstance(event, str):
                self.text += event
                self.doing = labels.WRITING
            else:
                self.doing = event.doing
                if event.read:
                    self.read, self.cited = event.read, event.cited
            self.changes += 1
            self._withdraw_if_told()

    def forget(self, paper_ids: frozenset[str]) -> None:
        """Tell no more of papers that were deleted for good, now and as it goes on."""
        with self._changing:
            self.gone |= paper_ids
            self._withdraw_if_told()

    def _withdraw_if_told(self) -> None:
        """Put a sentence in the place of what tells of papers that are gone, or of nobody knows what."""
        if not self.gone:
            return
        answer = self.answer
        told = {*self.paper_ids, *self.before, *(answer.papers if answer else ()), *(answer.subjects if answer else ())}
        is_unknown = bool(self.text) and not told and answer is None
        if self.gone & told or is_unknown:
            self.stop.set()
            self.is_withdrawn, self.problem, self.stopped = True, labels.WITHDRAWN, False
            self.text, self.answer, self.read, self.cited = "", None, (), ()
            self.changes += 1

    def fail(self, problem: str) -> None:
        """Take a problem in the place of the answer, or as a note to the answer that is there."""
        if self.is_withdrawn:
            return
        if self.answer:
            self.answer = replace(self.answer, notes=(*self.answer.notes, problem))
        else:
            self.problem = problem

    def end(self) -> None:
        self.is_over = True
        self.changes += 1


def as_shown(stored: StoredExchange) -> Exchange:
    return Exchange(
        stored.id,
        stored.conversation_id,
        stored.question,
        stored.model,
        text=stored.text,
        answer=stored.answer,
        problem=stored.problem,
        stopped=stored.stopped,
        rating=stored.rating,
        reason=stored.reason,
        versions=stored.versions,
        is_over=bool(stored.answer or stored.problem or stored.stopped),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """Some exchanges of a conversation that are over; above them are so many `more`.

    `number` differs each time: the page has added and taken away since, so that the same HTML must count as new.
    The last one ends with the `questions` that go on from it.
    """

    conversation_id: str
    exchanges: Sequence[Exchange]
    papers: Mapping[str, Paper]
    number: int
    more: int
    questions: Sequence[str]


def transcript_html(drawn: Drawn) -> str:
    """Return what a conversation is shown as at first; its last exchange is gone on from."""
    shown = _more(drawn) + _all(drawn.exchanges, drawn.papers, drawn.questions)
    return f'<div class="turns" data-drawn="{drawn.number}">{shown}</div>'


def earlier_html(drawn: Drawn) -> str:
    """Return what is put above the exchanges that are shown."""
    shown, called = _more(drawn) + _all(drawn.exchanges, drawn.papers), escaped(drawn.conversation_id)
    return f'<div class="above" data-conversation="{called}" data-drawn="{drawn.number}">{shown}</div>'


def placed_html(drawn: Drawn) -> str:
    """Return exchanges that are each put in their place, or below the others; of these the last is gone on from."""
    shown = _all(drawn.exchanges, drawn.papers, drawn.questions)
    return f'<div class="placing" data-drawn="{drawn.number}">{shown}</div>'


def _all(exchanges: Sequence[Exchange], papers: Mapping[str, Paper], questions: Sequence[str] = ()) -> str:
    """Return exchanges below each other; the last one ends with `questions` that go on from it."""
    last = exchanges[-1] if exchanges else None
    return "".join(exchange_html(one, papers, questions if one is last else ()) for one in exchanges)


def _more(drawn: Drawn) -> str:
    if not drawn.more:
        return ""
    label = labels.EARLIER_EXCHANGES.format(drawn.more)
    called = f"above {drawn.conversation_id} {drawn.exchanges[0].exchange_id}"
    return told_button("act", called, label, kind="earlier")


def exchange_html(exchange: Exchange, papers: Mapping[str, Paper], questions: Sequence[str] = ()) -> str:
    """Return a question and its answer, or as much of it as there is, with the evidence that the page shows beside it.

    `papers` are those that the answer refers to or was written beside, by id. It ends with `questions` to go on with.
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
    called = f"{labels.QUESTION}: {escaped(question)}"
    more = _follow_ups(questions) if exchange.is_over else ""
    return cleaned(
        f'<article class="exchange" data-exchange="{turn}" data-conversation="{escaped(exchange.conversation_id)}"'
        f' data-state="{exchange.state}" data-place="{escaped(exchange.of_place[0])}" aria-label="{called}">'
        f'<div class="question-line">{_versions(exchange)}{edit}'
        f'<p class="question">{escaped(question)}</p></div>{_reply(exchange, papers)}{more}'
        f"{sources_html(answer, papers, text_id=exchange.exchange_id) if answer else ''}</article>"
    )


def _versions(exchange: Exchange) -> str:
    """Return "1/2" with arrows that lead to the versions beside this one."""
    versions = exchange.versions
    if not exchange.is_over or not versions:
        return ""
    place = versions.index(exchange.exchange_id)
    said = labels.VERSION.format(place + 1, len(versions))
    return (
        f'<span class="versions">{_version(versions, place - 1, "‹", labels.VERSION_BEFORE)}'
        f'<span aria-label="{said}">{place + 1}/{len(versions)}</span>'
        f"{_version(versions, place + 1, '›', labels.VERSION_AFTER)}</span>"
    )


def _version(versions: Sequence[str], place: int, sign: str, said: str) -> str:
    able = 0 <= place < len(versions)
    return told_button("act", f"version {versions[place]}" if able else "", sign, said=said, able=able)


def _reply(exchange: Exchange, papers: Mapping[str, Paper]) -> str:
    doing = labels.STOPPING if exchange.stop.is_set() else exchange.doing
    status = f'<p class="doing" role="status">{escaped(doing)}…</p>' if doing and not exchange.is_over else ""
    if exchange.answer:
        return _answered(exchange, exchange.answer, papers) + status
    numbered = {number: papers[one].title for number, one in enumerate(exchange.cited, 1) if one in papers}
    references = References(exchange.exchange_id, {number: plain_text(title) for number, title in numbered.items()})
    text = f'<div class="answer">{answer_html(exchange.text, references)}</div>' if exchange.text else ""
    footer = exchange_footer_html(exchange.exchange_id)
    if exchange.problem:
        local = "" if exchange.model == LOCAL else _asks_local(exchange)
        return f'{text}<p class="problem" role="alert">{escaped(exchange.problem)}</p>{local}{footer}'
    return f'{text}<p class="quiet">{labels.STOPPED}</p>{footer}' if exchange.stopped else f"{text}{status}"


def _asks_local(exchange: Exchange) -> str:
    asks = told_button("repeat", f"local {exchange.exchange_id}", labels.ASK_LOCAL_MODEL, kind="main")
    return f'<p class="instead">{asks}</p>'


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


def _follow_ups(questions: Sequence[str]) -> str:
    """Return the questions that go on from an answer, each a button that asks it."""
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
