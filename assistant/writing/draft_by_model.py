"""What was found -> prompt -> a chat model's text, as it streams."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.facts.replies import sum_of
from assistant.models.generation import generated
from assistant.models.packing import Packed, packed, token_cost
from assistant.models.providers import ModelChoice
from assistant.models.served_model import ServedModel, as_served
from assistant.models.stream_events import Finished, Restart, tokens_of
from assistant.operations.results import Gathered, Result
from assistant.planning.plan import Compare, Passages, Rework, Survey
from assistant.prompts import load_prompt
from assistant.records import Stage, Usage
from assistant.settings import Settings
from assistant.text.evidence import evidence_lines, numbered
from assistant.text.marker_filter import MarkerFilter
from assistant.writing.draft import Written
from assistant.writing.model_abstention import declines, may_decline, undeclined
from assistant.writing.prompting import prompt_for
from vectorstore.errors import STOPPED, AnswerStopped, ModelError, PromptTooLong
from vectorstore.library import Library
from vectorstore.text.tokens import count_tokens

_FOR_A_SMALL_MODEL = 2000  # tokens of evidence
_FOR_THE_ANSWER = 2048  # tokens, or a quarter of a short context
_CERTAIN = 0.8  # share of a context: another model's tokens are shorter than those of o200k_base
_LEAST_EVIDENCE = 100  # tokens
_FOR_HISTORY = 8  # an eighth of the evidence's tokens
_UNKNOWN_CONTEXT = 16_384  # tokens; what a server of today reads at least, if it does not tell
_MOST_PORTIONS = 12  # of a survey that is read in portions


@dataclass
class _Text:
    """What a model has written, with the evidence that it was given."""

    evidence: Mapping[int, Packed] = field(default_factory=dict)
    markers: MarkerFilter = field(default_factory=lambda: MarkerFilter(()))
    pieces: list[str] = field(default_factory=list)
    held: str | None = ""  # the start, while it may still become the words of a refusal
    finished: Finished = field(default_factory=Finished)

    def begin(self, evidence: Mapping[int, Packed]) -> None:
        self.evidence = evidence
        self.restart()

    def restart(self) -> None:
        self.markers = MarkerFilter([evidence for evidence, _ in self.evidence.values()])
        self.pieces.clear()
        self.held = ""

    def feed(self, text: str) -> str:
        """Return what of the text can be shown now."""
        piece = self.markers.feed(text)
        self.pieces.append(piece)
        if self.held is None:
            return piece
        self.held += piece
        if may_decline(self.held):
            return ""
        shown, self.held = self.held, None
        return shown

    def stop(self, messages: Sequence[BaseMessage]) -> None:
        """End the text with what there is of it. Raises AnswerStopped if that is nothing."""
        if not self.whole:
            raise AnswerStopped(STOPPED)
        self.finished = Finished(Usage(tokens_of(messages), count_tokens(self.whole), estimated=True), STOPPED)

    @property
    def whole(self) -> str:
        return "".join(self.pieces).strip()

    @property
    def read(self) -> tuple[str, ...]:
        """The ids of the papers that the model was given."""
        return tuple(passage.paper_id for _, passage in self.evidence.values())

    @property
    def cited(self) -> tuple[str, ...]:
        """The ids of the papers behind the numbers in the text, in the order of these."""
        return tuple(self.evidence[number][1].paper_id for number in self.markers.cited)


def model_text(
    gathered: Gathered, results: Sequence[Result], library: Library, settings: Settings, *, computed: str
) -> Iterator[Stage | str | Written]:
    """Yield stages and pieces of the model's text, then the text as written; it is empty if the model found no answer.

    The pieces are as the model wrote them but for their markers; with strict checks there are none. `computed` is what
    the catalogue has answered already. Raises ModelError if the model fails.
    """
    asked = gathered.asked
    found = {item.passage.paper_id: item for result in results for item in result.passages}
    papers = {paper.paper_id: paper for paper in library.catalogue.papers(found.keys())}
    candidates = [
        (numbered(number, item.passage, papers[item.passage.paper_id]), item.passage)
        for number, item in enumerate((item for key, item in found.items() if key in papers), 1)
    ]
    model = yield from asked.until_stopped(as_served(asked.choice, settings))
    writing = _Writing(gathered, results, library, settings, model, computed)
    text, usages = _Text(), list[Usage]()
    tokens = writing.room()
    if writing.is_survey and sum(token_cost(item) for item, _ in candidates) > tokens:
        candidates = yield from writing.noted(candidates, tokens, usages)
    yield from _generated(writing, candidates, tokens, text)
    kept = undeclined(text.whole)
    if not kept and text.finished.broken_off:
        raise ModelError(text.finished.broken_off)
    cited = {number: text.evidence[key] for number, key in enumerate(text.markers.cited, 1)}
    yield Written(
        text=kept,
        cited=cited,
        given=tuple(text.evidence.values()),
        papers=papers,
        usage=sum_of([*usages, text.finished.usage]),
        broken_off=text.finished.broken_off,
        notes=text.markers.notes,
        declined=declines(text.whole),
        quotes=text.markers.quotes_in(kept),
    )


@dataclass(frozen=True, slots=True)
class _Writing:
    """What a model is asked, and how much it reads."""

    gathered: Gathered
    results: Sequence[Result]
    library: Library
    settings: Settings
    model: ServedModel
    computed: str

    @property
    def is_survey(self) -> bool:
        return any(isinstance(result.step.arguments, Survey) for result in self.results)

    @property
    def needed(self) -> int:
        """How many passages an answer cannot do without: those that were named, else the closest."""
        named = [
            len(result.papers)
            if isinstance(result.step.arguments, Compare | Rework)
            else len(result.step.arguments.papers)
            for result in self.results
            if isinstance(result.step.arguments, Compare | Rework | Passages)
        ]
        return max(sum(named), 1)

    @property
    def asked(self) -> str:
        return " ".join(
            result.step.arguments.query for result in self.results if isinstance(result.step.arguments, Passages)
        )

    def messages(self, evidence: Sequence[Packed], tokens: int) -> list[BaseMessage]:
        return prompt_for(
            self.gathered,
            [item for item, _ in evidence],
            self.library,
            computed=self.computed,
            short=self.model.is_small,
            history_tokens=tokens // _FOR_HISTORY,
        )

    def room(self) -> int:
        """Return how many tokens of evidence the model is given. Raises PromptTooLong if the question leaves none."""
        most = self.settings.evidence_tokens
        context = self.model.context_tokens
        if self.model.is_small:
            most = min(most or _FOR_A_SMALL_MODEL, _FOR_A_SMALL_MODEL)
        if context is None:
            return most or _UNKNOWN_CONTEXT // 2
        answer = min(_FOR_THE_ANSWER, context // 4)
        asking = tokens_of(self.messages([], min(most or context, context) // 4))
        room = int(context * _CERTAIN) - answer - asking
        if room < _LEAST_EVIDENCE:
            raise PromptTooLong(
                f"{self.model.choice.shown} reads {context:,} tokens, and the question leaves none of them for"
                " evidence; ask it more briefly, or choose a model that reads more."
            )
        return min(most, room) if most else room

    def noted(
        self, candidates: Sequence[Packed], tokens: int, usages: list[Usage]
    ) -> Generator[Stage, None, list[Packed]]:
        """Yield stages while the papers of a survey are read in portions; return those that bear on the question."""
        portions = _portions(candidates, tokens)[:_MOST_PORTIONS]
        system = SystemMessage(load_prompt("survey_notes"))
        chosen: list[Packed] = []
        read = 0
        for portion in portions:
            doing = f"reading papers {read + 1} to {read + len(portion)} of {len(candidates)}"
            user = load_prompt(
                "survey_notes_user",
                evidence=evidence_lines(item for item, _ in portion),
                question=self.gathered.asked.question,
            )
            markers = MarkerFilter([item for item, _ in portion])
            pieces: list[str] = []
            events = generated([system, HumanMessage(user)], self.model.choice, self.settings, doing=doing)
            for event in self.gathered.asked.until_stopped(events):
                if isinstance(event, Stage):
                    yield Stage(doing)
                elif isinstance(event, Finished):
                    usages.append(event.usage)
                elif isinstance(event, Restart):
                    pieces.clear()
                else:
                    pieces.append(event)
            markers.feed("".join(pieces))
            markers.flush()
            by_number = {item.number: (item, passage) for item, passage in portion}
            chosen += [by_number[number] for number in markers.cited]
            read += len(portion)
        return chosen or list(portions[0])


def _portions(candidates: Sequence[Packed], tokens: int) -> list[list[Packed]]:
    """Return the candidates in groups that fit into `tokens` each."""
    groups: list[list[Packed]] = [[]]
    left = tokens
    for item in candidates:
        cost = token_cost(item[0])
        if cost > left and groups[-1]:
            groups.append([])
            left = tokens
        groups[-1].append(item)
        left -= cost
    return groups


def _generated(writing: _Writing, candidates: Sequence[Packed], tokens: int, text: _Text) -> Iterator[Stage | str]:
    """Yield what can be shown while the model writes `text`. If it cannot read that much, it is given half, once."""
    again = False
    while True:
        evidence = packed(candidates, asked=writing.asked, tokens=tokens, needed=min(writing.needed, len(candidates)))
        text.begin({item[0].number: item for item in evidence})
        try:
            yield from _streamed(writing, writing.messages(evidence, tokens), text)
        except PromptTooLong:
            if again:
                raise
            again = True
            tokens = sum(token_cost(item) for item, _ in evidence) // 2
            continue
        if not text.finished.broken_off:  # else it is half a marker
            text.pieces.append(text.markers.flush())
        return


def _streamed(writing: _Writing, messages: list[BaseMessage], text: _Text) -> Iterator[Stage | str]:
    """Yield what can be shown while the model writes `text`, until it ends or the reader stops it."""
    asked, choice = writing.gathered.asked, writing.model.choice
    doing = _doing(len(text.evidence), tokens_of(messages), choice)
    stage = Stage(doing, text.read)
    yield stage
    with closing(generated(messages, choice, writing.settings, doing=doing)) as events:
        for event in events:
            if isinstance(event, Finished):
                text.finished = event
            elif isinstance(event, Restart):
                text.restart()
            elif asked.stop.is_set():
                text.stop(messages)
                return
            elif isinstance(event, Stage):
                stage = Stage(event.doing, text.read, text.cited)
                yield stage
            elif (shown := text.feed(event)) and not asked.strict:
                if text.cited != stage.cited:
                    stage = replace(stage, cited=text.cited)
                    yield stage
                yield shown


def _doing(passages: int, tokens: int, choice: ModelChoice) -> str:
    reading = f"reading {passages} passage{'' if passages == 1 else 's'}"
    about = f"about {max(round(tokens, -2), 100):,} tokens"
    return f"sending {about} to {choice.host}" if choice.host else f"{reading}, {about}"
