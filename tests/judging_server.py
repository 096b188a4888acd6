"""A server whose model answers, and judges what it answered."""

import json
from collections.abc import Iterable, Sequence

from assistant.prompts import load_prompt
from tests.openai_server import DONE, OpenAIServer, event

QUESTION = "What does Rainbow Padding bring?"
FREELY = 'A handful of filler symbols is enough to keep replies long [1 "as few as seven padding tokens"].'


class Stub:
    """A server whose model writes `text` when it is asked a question, and the next of `judgements` when it judges."""

    def __init__(self, text: str, judgements: Sequence[str | Iterable[bytes | float]]) -> None:
        self.text, self.judgements = text, list(judgements)
        self.server: OpenAIServer | None = None

    def raw(self) -> Iterable[bytes | float]:
        assert self.server
        if not is_judging(self.server.chats[-1].body):
            return said(self.text)
        judgement = self.judgements.pop(0)
        return said(judgement) if isinstance(judgement, str) else judgement


def said(text: str) -> Iterable[bytes | float]:
    pieces = [event({"content": text[place : place + 20]}) for place in range(0, len(text), 20)]
    return [*pieces, event({}, finish="stop"), DONE]


def is_judging(body: dict[str, object]) -> bool:
    return body["messages"][0]["content"] == load_prompt("judge_system")  # type: ignore[index]


def verdict_line(claim: int, verdict: str, words: str = "", missing: str = "") -> str:
    return json.dumps({"claim": claim, "verdict": verdict, "words": words, "missing": missing})
