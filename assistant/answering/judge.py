"""A model as judge of an answer: asked once, after the text is there, for what no exact check has decided."""

import hashlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from langchain_core.messages import BaseMessage

from assistant.checking.judging import Claim, claims_of, judged, messages_for
from assistant.facts.replies import sum_of
from assistant.models.generation import generated
from assistant.models.providers import ModelChoice, model_choice
from assistant.models.served_model import ServedModel, as_served
from assistant.models.stream_events import Finished, Restart, tokens_of
from assistant.records import Answer, Stage
from assistant.settings import Settings
from vectorstore.errors import ModelError
from vectorstore.papers.paper import Paper

OFF = "off"
_FOR_A_CLAIM = 60  # tokens of the judge's reply
_CERTAIN = 0.8  # share of a context that is filled: other tokenizers count otherwise
_MOST_CLAIMS = 60  # of an answer; a table may have hundreds
_MOST_IN_A_CALL = 20  # of many
_KEPT = 256  # replies, by what was asked


def may_be_judged(choice: ModelChoice, settings: Settings) -> bool:
    """Tell whether a model may be asked to judge what `choice` wrote."""
    return not choice.is_extractive and settings.judge != OFF and bool(settings.judge or not choice.host)


def judge_of(choice: ModelChoice, settings: Settings) -> ModelChoice | None:
    """Return the model that judges what `choice` wrote: that of the settings, else itself if it runs on this machine.

    A model on another machine judges only if the settings name it. Raises ModelError if what they name is none.
    """
    if not may_be_judged(choice, settings):
        return None
    if settings.judge:
        judge = model_choice(settings.judge, settings)
        return None if judge.is_extractive else judge
    return choice


def tokens_to_judge(answer: Answer, papers: Sequence[Paper]) -> int:
    """Return about how many tokens a judge would read for what no exact check has decided in an answer, 0 if all is."""
    claims = claims_of(answer, {paper.paper_id: paper for paper in papers})
    return _about(messages_for(claims)) if claims else 0


def _about(messages: Sequence[BaseMessage]) -> int:
    """Return how many tokens messages have, in hundreds, as a reader is told it."""
    return max(round(tokens_of(messages), -2), 100)


class Judge:
    """Asks a model what the passages say of an answer's claims, and remembers its replies. Threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._replies: dict[str, str] = {}

    def judged(
        self, answer: Answer, papers: Sequence[Paper], writer: ModelChoice
    ) -> Generator[Stage | Answer, None, None]:
        """Yield stages, and the answer each time a claim more is judged; what it took is added to its usage.

        `papers` are those that the answer refers to, `writer` the model that wrote it. A small model, which follows no
        such orders, does not judge itself. A judge that fails leaves the answer as it is, with a note that says so.
        """
        claims = claims_of(answer, {paper.paper_id: paper for paper in papers})[:_MOST_CLAIMS]
        if not claims:
            return
        try:
            judge = judge_of(writer, self._settings)
            if judge is None:
                return
            served = yield from as_served(judge, self._settings)
            if served.is_small and not self._settings.judge:
                return
            if claims := _fitting(claims, served):
                yield from self._asked(answer, claims, served.choice)
        except ModelError as error:
            yield _not_judged(answer, error)

    def judged_whole(self, answer: Answer, papers: Sequence[Paper], judge: ModelChoice) -> Iterator[Stage | Answer]:
        """Yield the same with all claims judged by the model that is named, in as many calls as its context takes."""
        claims = claims_of(answer, {paper.paper_id: paper for paper in papers})
        if not claims:
            return
        try:
            served = yield from as_served(judge, self._settings)
            while claims:
                asked = _fitting(claims[:_MOST_IN_A_CALL], served) or claims[:1]
                for event in self._asked(answer, asked, served.choice):
                    if isinstance(event, Answer):
                        answer = event
                    yield event
                claims = claims[len(asked) :]
        except ModelError as error:
            yield _not_judged(answer, error)

    def _asked(self, answer: Answer, claims: Sequence[Claim], choice: ModelChoice) -> Iterator[Stage | Answer]:
        messages = messages_for(claims)
        key = _key(choice, messages)
        reply, finished, shown = self._replies.get(key, ""), Finished(), 0
        if not reply:
            counted = f"{len(claims)} claim{'' if len(claims) == 1 else 's'}"
            where = f" by {choice.host}" if choice.host else ""
            doing = f"having {counted} checked{where}, about {_about(messages):,} tokens"
            for event in generated(messages, choice, self._settings, doing=doing, unwrapped=False):
                if isinstance(event, Stage):
                    yield Stage(doing)
                elif isinstance(event, Finished):
                    finished = event
                elif isinstance(event, Restart):
                    reply = ""
                else:
                    reply += event
                    if "\n" in event and shown < len(claims):  # each time the whole reply is read
                        shown += 1
                        yield judged(answer, claims, reply)
            if not finished.broken_off and judged(answer, claims, reply) != answer:  # one that judges nothing is no use
                self._replies[key] = reply
            while len(self._replies) > _KEPT:
                self._replies.pop(next(iter(self._replies)), None)
        yield replace(judged(answer, claims, reply), usage=sum_of([answer.usage, finished.usage]))


def _not_judged(answer: Answer, error: ModelError) -> Answer:
    return replace(answer, notes=(*answer.notes, f"The claims were not judged: {error}"))


def _fitting(claims: Sequence[Claim], served: ServedModel) -> list[Claim]:
    """Return the first of the claims, as many as a model reads at once."""
    fitting = list(claims)
    while served.context_tokens and _needed(fitting) > _CERTAIN * served.context_tokens and fitting:
        fitting = fitting[: len(fitting) // 2]
    return fitting


def _needed(claims: Sequence[Claim]) -> int:
    return tokens_of(messages_for(claims)) + _FOR_A_CLAIM * len(claims)


def _key(choice: ModelChoice, messages: Sequence[BaseMessage]) -> str:
    text = "\0".join([choice.name, choice.model or "", *(str(message.content) for message in messages)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
