"""Evidence -> prompt -> the model's text, as it streams -> a checked reply."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from assistant.answering.abstention import refused, unanswered
from assistant.checking.checked import checked
from assistant.facts.replies import Reply
from assistant.models.choices import ModelChoice
from assistant.models.declining import may_decline, undeclined
from assistant.models.generation import generated, prompt_for
from assistant.models.model_events import Finished, Restart, tokens_of
from assistant.models.packing import Packed, packed, token_cost
from assistant.models.serving import ServedModel, as_served
from assistant.records import Stage
from assistant.searching.evidence_search import Found
from assistant.settings import Settings
from assistant.stopwatch import Stopwatch
from assistant.text.evidence import numbered
from assistant.text.marker_filter import MarkerFilter
from assistant.understanding.query import Intent, Query
from vectorstore.errors import ModelError, PromptTooLong
from vectorstore.library import Library

_FOR_A_SMALL_MODEL = 2000  # tokens of evidence
_FOR_THE_ANSWER = 1024  # tokens, or a quarter of a short context
_CERTAIN = 0.8  # share of a context: another model's tokens are shorter than those of o200k_base
_LEAST_EVIDENCE = 100  # tokens


def written(
    query: Query,
    found: Found,
    choice: ModelChoice,
    settings: Settings,
    library: Library,
    watch: Stopwatch,
    *,
    strict: bool,
) -> Iterator[Stage | str | Reply]:
    """Yield stages and pieces of the model's text, then the reply. Raises ModelError if the model fails.

    The pieces are as the model wrote them but for their markers; the reply's text is what counts. With `strict` there
    are none, and sentences without support are left out of the reply.
    """
    ids = {item.passage.paper_id for item in found.passages}
    papers = {paper.paper_id: paper for paper in library.catalogue.papers(ids)}
    candidates = [
        (numbered(number, item.passage, papers[item.passage.paper_id]), item.passage)
        for number, item in enumerate(found.passages, 1)
    ]
    text = _Text(numbers_alone=choice.is_extractive)
    with watch.measure("generate"):
        yield from _generated(query, candidates, choice, settings, text, strict=strict)
    kept = undeclined(text.whole)
    if not kept and text.finished.broken_off:
        raise ModelError(text.finished.broken_off)
    if not kept:
        yield from refused(unanswered(query, found, library, wrote=False), usage=text.finished.usage)
        return
    yield Stage("checking")
    with watch.measure("check"):
        cited = {number: text.evidence[key] for number, key in enumerate(text.markers.cited, 1)}
        given, model = tuple(text.evidence.values()), library.embeddings.model
        usage, why = text.finished.usage, text.finished.broken_off
        reply = checked(kept, cited, papers, usage, strict=strict, given=given, model=model, broken_off=bool(why))
    if not reply.text:
        yield from refused(unanswered(query, found, library, wrote=True), usage=usage)
        return
    notes = (*text.markers.notes, *reply.notes, *([why] if why else []))
    yield replace(reply, incomplete=bool(why), notes=notes)


@dataclass
class _Text:
    """What a model has written, with the evidence that it was given."""

    numbers_alone: bool  # whether [1] alone cites
    evidence: Mapping[int, Packed] = field(default_factory=dict)
    markers: MarkerFilter = field(default_factory=lambda: MarkerFilter(()))
    pieces: list[str] = field(default_factory=list)
    held: str | None = ""  # the start, while it may still become the words of a refusal
    finished: Finished = field(default_factory=Finished)

    def begin(self, evidence: Mapping[int, Packed]) -> None:
        self.evidence = evidence
        self.restart()

    def restart(self) -> None:
        given = [evidence for evidence, _ in self.evidence.values()]
        self.markers = MarkerFilter(given, numbers_alone=self.numbers_alone)
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

    @property
    def whole(self) -> str:
        return "".join(self.pieces).strip()


def _generated(
    query: Query, candidates: list[Packed], choice: ModelChoice, settings: Settings, text: _Text, *, strict: bool
) -> Iterator[Stage | str]:
    """Yield what can be shown while the model writes `text`. If it cannot read that much, it is given half, once."""
    model = yield from as_served(choice, settings)
    tokens = _room(query, model, settings)
    again = False
    while True:
        evidence = packed(candidates, asked=query.asked, tokens=tokens, needed=_needed(query))
        text.begin({item[0].number: item for item in evidence})
        messages = prompt_for(query, [item for item, _ in evidence], short=model.is_small)
        doing = _doing(len(evidence), tokens_of(messages), model.choice)
        yield Stage(doing)
        try:
            for event in generated(messages, model.choice, settings, doing=doing):
                if isinstance(event, Stage):
                    yield event
                elif isinstance(event, Finished):
                    text.finished = event
                elif isinstance(event, Restart):
                    text.restart()
                elif (shown := text.feed(event)) and not strict:
                    yield shown
        except PromptTooLong:
            if again:
                raise
            again = True
            tokens = sum(token_cost(item) for item, _ in evidence) // 2
            continue
        if not text.finished.broken_off:  # else it is half a marker
            text.pieces.append(text.markers.flush())
        return


def _needed(query: Query) -> int:
    """Return how many passages an answer cannot do without: each side of a comparison, else the closest."""
    return max(len(query.operands), len(query.subjects) if query.intent is Intent.COMPARE else 0, 1)


def _room(query: Query, model: ServedModel, settings: Settings) -> int:
    """Return how many tokens of evidence the model is given. Raises PromptTooLong if the question leaves none."""
    most = min(settings.evidence_tokens, _FOR_A_SMALL_MODEL) if model.is_small else settings.evidence_tokens
    if model.context_tokens is None:
        return most
    answer = min(_FOR_THE_ANSWER, model.context_tokens // 4)
    asking = tokens_of(prompt_for(query, [], short=model.is_small))
    room = int(model.context_tokens * _CERTAIN) - answer - asking
    if room < _LEAST_EVIDENCE:
        raise PromptTooLong(
            f"{model.choice.shown} reads {model.context_tokens:,} tokens, and the question leaves none of them for"
            " evidence; ask it more briefly, or choose a model that reads more."
        )
    return min(most, room)


def _doing(passages: int, tokens: int, choice: ModelChoice) -> str:
    reading = f"reading {passages} passage{'' if passages == 1 else 's'}"
    if choice.is_extractive:
        return reading
    about = f"about {max(round(tokens, -2), 100):,} tokens"
    return f"sending {about} to {choice.host}" if choice.host else f"{reading}, {about}"
