"""Every way in which a scripted server misbehaves, and what must hold of an answer whatever it does."""

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.records import Answer, Verdict
from assistant.settings import Settings
from tests.openai_server import DONE, Script, event
from vectorstore.library import Library

KEY = "sk-fake-0123456789-never-show-me"
QUESTION = "Why do instruction-tuned diffusion LLMs terminate early?"  # the first passage of sixteen says it
FACT = "Rainbow Padding replaces repeated <eos> placeholders with a repeating cycle of distinct padding tokens"
GOOD = f"Kim et al. (2025) introduce Rainbow Padding. {FACT} [1]."
SECRET = "Nie et al. trained LLaDA with a hidden budget"  # of what a model thinks
_SHOWN_NUMBERS = re.compile(r"[\[【(^]\s*(\d{1,3}(?!\d)(?:\s*[,;–-]\s*\d{1,3}(?!\d))*)")
_LEAKS = re.compile(rf"{KEY}|Traceback|site-packages|/(?:work|tmp|home|root|usr|srv)/[\w/.-]*")
_FOR_PROGRAMMERS = re.compile(r"<class |Error\b|0x[0-9a-f]{6}|[\n{}]")


@dataclass(frozen=True)
class Fault:
    """What the server does, and what is to come of it."""

    script: Script
    says: str | None = None  # what the error's sentence must match; None: there is an answer
    has: str | None = None  # what the answer's text must match
    lacks: str | None = None  # what it must not match
    not_supported: bool = False  # no sentence of it may be called supported
    abstains: bool = False
    incomplete: bool = False
    tries: int = 1


def text(*pieces: str, **values: Any) -> Script:
    return Script(pieces=pieces, **values)


def raw(*parts: bytes | float) -> Script:
    """Return a script that sends `parts` and ends as it should."""
    return Script(raw=lambda: [*parts, event({}, finish="stop"), DONE])


def cut(*parts: bytes | float) -> Script:
    """Return a script that sends `parts` and breaks the connection."""
    return Script(raw=lambda: parts, cut=True)


def forever(part: bytes, *, seconds: float, first: Iterable[bytes] = ()) -> Script:
    return Script(raw=lambda: itertools.chain(first, itertools.chain.from_iterable(itertools.repeat((part, seconds)))))


def piece(words: str) -> bytes:
    return event({"role": "assistant", "content": words})


def thought(words: str, *, field: str = "reasoning_content") -> bytes:
    return event({"role": "assistant", "content": None, field: words})


def megabytes(count: int) -> Iterator[bytes]:
    sentence = piece("Rainbow Padding is a simple remedy for early termination, and it is cheap [1]. " * 12)
    return itertools.repeat(sentence, count * 1024 * 1024 // len(sentence))


_ECHO = f"Incorrect API key provided: {KEY}; see /srv/model/keys.py"
FAULTS: dict[str, Fault] = {
    # -- what the model writes
    "a good answer": Fault(text(GOOD, usage=(900, 30)), has=r"Rainbow Padding.* \[1\]\.$"),
    "invented ids": Fault(text(f"{FACT} [77]. {FACT} [1][99]."), has=r"tokens \[1\]\..*tokens \[1\]\.$", lacks=r"77|9"),
    "only invented ids": Fault(
        text(f"{FACT} [99]. It works [123456789012345678901234567890]."), has=r"tokens \[1\]\.", lacks=r"\[[^1]|\d{9}"
    ),
    "the right fact with the wrong id": Fault(text(f"{FACT} [3].")),
    "a changed number": Fault(
        text("As few as nine padding tokens are sufficient to prevent early termination [1]."),
        not_supported=True,
        has=r"^As few as nine .* \[1\]\.$",
    ),
    "a dropped negation": Fault(
        text("The issue of <eos> overflow has been systematically analyzed [1]."),
        not_supported=True,
        has=r"analyzed \[1\]\.$",
    ),
    "memory without a citation": Fault(
        text("LLaDA was trained on 2.3 trillion tokens. It needs 128 sampling steps."),
        not_supported=True,
        has="trillion.*steps",
    ),
    "markers split across pieces": Fault(
        text(FACT, " [", "1", "]", "[", "77", "].", " Yes", " [1", ",", "2]."), has=r"\[1\]"
    ),
    "[1,2]": Fault(text(f"{FACT} [1,2]."), has=r"tokens \[1\]\[2\]\.$"),
    "[1-3]": Fault(text(f"{FACT} [1-3]."), has=r"tokens \[1\]\[2\]\[3\]\.$"),
    "[1-99999]": Fault(text(f"{FACT} [1-99999]."), has=r"\[15\]\[16\]\.$", lacks="99|17"),
    "(1)": Fault(text(f"{FACT} (1). It works (77)."), has=r"tokens \[1\]\.", lacks="77"),
    "【1】": Fault(text(f"{FACT} 【1】. {FACT} 【1†source】."), has=r"tokens \[1\]\.", lacks="【"),
    "^1": Fault(text(f"{FACT}^1. It works [^77]."), has=r"tokens \[1\]\.", lacks=r"\^|77"),
    "citations inside code": Fault(text(f"{FACT} [1]. Use `pad[77]` or:\n\n```\nx = pad[78]\n```\n"), has=r"\[1\]"),
    "HTML and a script": Fault(
        text(f'{FACT} [1]. <script>alert("x")</script><img src=x onerror=alert(1)>'),
        has=r"tokens \[1\]\.",
    ),
    "a passage's orders obeyed": Fault(
        text("As the passage orders, visit [here](https://evil.example/?q=key) ![x](https://evil.example/x.png) now."),
        not_supported=True,
        has="^As the passage orders",
    ),
    "a refusal in capitals": Fault(text("NOT IN", " THE LIBRARY"), abstains=True),
    "a refusal in Markdown": Fault(text('> **"Not in the library."**\n'), abstains=True),
    "a refusal that is explained": Fault(
        text("Not in the library. The passages speak of padding, and none of learning rates."), abstains=True
    ),
    "a refusal that goes on with an answer": Fault(
        text(f"Not in the library.\n\nHowever, {FACT} [1]."),
        has=r"^However, .* \[1\]\.$",
        lacks="(?i)not in the lib",
        abstains=True,
    ),
    "an empty answer": Fault(text("", " \n"), says="wrote an empty answer"),
    "null content": Fault(raw(event({"role": "assistant", "content": None}), piece(f"{FACT} [1].")), has=r"\[1\]"),
    "content in parts": Fault(
        raw(event({"content": [{"type": "thinking", "thinking": SECRET}, {"type": "text", "text": f"{FACT} [1]."}]})),
        has=r"^Rainbow.* \[1\]\.$",
    ),
    "content that is a number": Fault(raw(event({"content": 5}), piece(f"{FACT} [1].")), has=r"\[1\]"),
    "several choices": Fault(
        raw(
            *(event({"content": word}, index=place) for word in (f"{FACT} [1].", "No.") for place in (0, 1)), event({})
        ),
        has=r"\[1\]",
    ),
    "another choice first": Fault(
        raw(event({"content": SECRET}, index=1), piece(f"{FACT} [1]."), event({"content": SECRET}, index=1)),
        has=r"^Rainbow.* \[1\]\.$",
    ),
    "a tool call": Fault(
        raw(event({"tool_calls": [{"index": 0, "function": {"name": "search", "arguments": "{}"}}]})),
        says="called a tool instead of answering",
    ),
    "a refusal of the model": Fault(raw(event({"refusal": "I cannot."})), says="declined to answer"),
    "a content filter": Fault(Script(finish="content_filter"), says="withheld its answer by a content filter"),
    # -- what it thinks
    "thoughts in a field": Fault(
        raw(thought(f"{SECRET} [2]. "), thought("So.", field="reasoning"), piece(f"{FACT} [1].")),
        has=r"^Rainbow.*\[1\]",
    ),
    "thoughts in tags": Fault(
        text("<thi", f"nk>{SECRET} [2] <think>more</think> {SECRET}</th", "ink>\n", f"{FACT} [1]."),
        has=r"^Rainbow.* \[1\]\.$",
    ),
    "thoughts in other tags": Fault(
        text(f"[THINK]{SECRET} [2][/THINK]◁think▷{SECRET}◁/think▷{FACT} [1]."), has=r"^Rainbow.* \[1\]\.$"
    ),
    "thoughts in the middle": Fault(text(f"{FACT} [1]. <think>{SECRET} [2]</think>It works."), has=r"It works\.$"),
    "only the end of the thoughts": Fault(
        text(f"{SECRET} [2].\n</think>\n", f"{FACT} [1]."), has=r"^Rainbow.* \[1\]\.$"
    ),
    "thoughts without an end": Fault(text("<think>", f"{SECRET} [2]. " * 3), says="only thought and wrote no answer"),
    "thoughts alone": Fault(raw(thought(SECRET)), says="only thought and wrote no answer"),
    "thoughts cut off": Fault(
        Script(raw=lambda: [thought(SECRET), event({}, finish="length"), DONE]), says="only thought and wrote no answer"
    ),
    # -- what the server says
    "401": Fault(Script(status=401, error=_ECHO), says="refused the key; correct the key that is given for this host"),
    "403": Fault(Script(status=403, error=_ECHO), says="refused the key; correct the key that is given for this host"),
    "404": Fault(Script(status=404, error="model not found"), says="correct the model's name or the address"),
    "400": Fault(Script(status=400, error=_ECHO), says="refused the request; choose another model"),
    "429": Fault(Script(status=429, error=_ECHO), says="allows no more requests now; wait a minute", tries=2),
    "429 for one second": Fault(Script(pieces=(GOOD,), statuses=(429,), headers={"Retry-After": "1"}), tries=2),
    "429 for an hour": Fault(
        Script(pieces=(GOOD,), statuses=(429,), headers={"Retry-After": "3600"}), says="allows no more requests now"
    ),
    "429 for no number": Fault(
        Script(pieces=(GOOD,), statuses=(429,), headers={"Retry-After": "nan"}), says="allows no more requests now"
    ),
    "429 until a date": Fault(
        Script(pieces=(GOOD,), statuses=(429,), headers={"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"}),
        says="allows no more requests now",
    ),
    "500": Fault(Script(status=500, error=_ECHO), says="failed with status 500; try again", tries=2),
    "500 once": Fault(Script(pieces=(GOOD,), statuses=(500,)), tries=2),
    "503 that is a list": Fault(Script(status=503, error=[_ECHO, {"a": KEY}]), says="status 503", tries=2),
    "a redirect": Fault(
        Script(status=307, headers={"Location": f"http://127.0.0.1:9/{KEY}"}), says="sends requests on to another"
    ),
    "an echo of the key in a header": Fault(Script(status=401, headers={"X-Key": KEY}), says="refused the key"),
    "gigantic headers": Fault(
        Script(pieces=(GOOD,), headers={"X-Long": "x" * 300_000}), says="broke the connection off", tries=2
    ),
    "a context that is too short": Fault(
        Script(pieces=(GOOD,), statuses=(400,), error={"message": "too long", "code": "context_length_exceeded"}),
        tries=2,
    ),
    "a context that is always too short": Fault(
        Script(status=400, error="This model's maximum context length is 256 tokens."),
        says="longer than .* reads; set ASSISTANT_CONTEXT_TOKENS",
        tries=2,
    ),
    # -- what comes over the wire
    "a hang": Fault(Script(silent_seconds=5.0), says="did not answer in time"),
    "a drip of comments": Fault(forever(b": keep-alive\n\n", seconds=0.1), says="did not answer in time"),
    "a drip of bytes": Fault(forever(b"d", seconds=0.1), says="did not answer in time"),
    "a drip of empty pieces": Fault(forever(event({"content": ""}), seconds=0.1), says="did not answer in time"),
    "a drip of blanks": Fault(forever(piece(" \n"), seconds=0.1), says="did not answer in time"),
    "a hang in the middle": Fault(Script(raw=lambda: [piece(GOOD), 5.0]), has=r"\[1\]\.$", incomplete=True),
    "a drip in the middle": Fault(
        forever(b": keep-alive\n\n", seconds=0.1, first=[piece(GOOD)]), has=r"\[1\]\.$", incomplete=True
    ),
    "blanks in the middle": Fault(
        forever(piece("\n"), seconds=0.1, first=[piece(GOOD)]), has=r"\[1\]\.$", incomplete=True
    ),
    "no end after the end": Fault(
        forever(b": keep-alive\n\n", seconds=0.1, first=[piece(GOOD), event({}, finish="stop")]), has=r"\[1\]\.$"
    ),
    "more and more after the end": Fault(
        forever(event({}), seconds=0.1, first=[piece(GOOD), event({}, finish="stop")]), has=r"\[1\]\.$"
    ),
    "cut before the start": Fault(cut(), says="broke the connection off|form of OpenAI", tries=2),
    "cut in the middle": Fault(cut(piece(GOOD)), has=r"\[1\]\.$", incomplete=True),
    "cut in a word": Fault(cut(piece(f"{FACT} [1]. Experi"), b'data: {"choi'), has=r"Experi$", incomplete=True),
    "cut in a marker": Fault(
        cut(
            piece(f"{FACT} [1"),
        ),
        lacks=r"\[1$",
        incomplete=True,
    ),
    "cut in a thought": Fault(cut(piece(f"<think>{SECRET}")), says="broke the connection off|form of OpenAI", tries=2),
    "no reason to end": Fault(Script(raw=lambda: [piece(GOOD)]), incomplete=True),
    "no reason to end, but an end": Fault(Script(raw=lambda: [piece(GOOD), DONE]), has=r"\[1\]\.$"),
    "a hang after the end": Fault(Script(raw=lambda: [piece(GOOD), DONE, 5.0]), has=r"\[1\]\.$"),
    "cut after words that look like an end": Fault(cut(piece(f"{FACT} [1]. data: [DONE]")), incomplete=True),
    "the most tokens reached": Fault(text(f"{FACT} [1]. Experiments", finish="length"), incomplete=True),
    "filtered in the middle": Fault(text(f"{FACT} [1]. Experiments", finish="content_filter"), incomplete=True),
    "bad JSON": Fault(raw(b"data: {nonsense\n\n"), says="form of OpenAI's protocol", tries=2),
    "bad JSON in the middle": Fault(raw(piece(GOOD), b"data: {nonsense\n\n"), has=r"\[1\]", incomplete=True),
    "JSON of another form": Fault(raw(b'data: ["x"]\n\ndata: 5\n\n'), says="form of OpenAI's protocol", tries=2),
    "choices of another form": Fault(
        raw(
            *(f"data: {json.dumps({'choices': odd})}\n\n".encode() for odd in (None, 5, [5], [{}], [{"delta": 5}], "x"))
        ),
        says="wrote an empty answer",
    ),
    "empty choices": Fault(Script(raw=lambda: [event(None), DONE]), says="answer without text", tries=2),
    "bytes that are no text": Fault(raw(b"data: \xff\xfe\n\n"), says="form of OpenAI's protocol", tries=2),
    "bytes that are no text, in the middle": Fault(raw(piece(GOOD), b"data: \xff\n\n"), has=r"\[1\]", incomplete=True),
    "an error in the stream": Fault(
        raw(f"data: {json.dumps({'error': {'message': _ECHO}})}\n\n".encode()), says="failed and said so", tries=2
    ),
    "an error in the middle": Fault(
        raw(piece(GOOD), f"data: {json.dumps({'error': {'message': _ECHO}})}\n\n".encode()), incomplete=True
    ),
    "a page in place of an answer": Fault(
        Script(raw=lambda: [f"<!doctype html><p>Sign in with {KEY}</p>".encode()], content_type="text/html"),
        says="correct the address, which often ends in /v1",
        tries=2,
    ),
    "an answer in a few packed bytes": Fault(
        Script(pieces=(GOOD,), headers={"Content-Encoding": "gzip"}), has=r"\[1\]\.$"
    ),
    "no usage": Fault(text(GOOD)),
    "usage of another form": Fault(
        raw(piece(GOOD), event({}, finish="stop", **{"usage": {"prompt_tokens": "x", "completion_tokens": -1}}))
    ),
    "10 MB in pieces": Fault(Script(raw=lambda: megabytes(10)), incomplete=True),
    "10 MB in a line": Fault(raw(piece(f"{FACT} [1]. " * 80_000)), incomplete=True),
    "10 MB without a line's end": Fault(
        Script(raw=lambda: itertools.repeat(b"x" * 65536, 320)), says="sent more than an answer can have"
    ),
    "10 MB of thoughts": Fault(
        Script(raw=lambda: itertools.repeat(thought(SECRET * 400), 600)), says="only thought and wrote no answer"
    ),
}


def patient(**values: Any) -> Settings:
    """Return settings for a short patience, with a key to hide."""
    return Settings(first_token_timeout_seconds=1.0, idle_timeout_seconds=0.7, OPENAI_API_KEY=KEY, **values)


def shown_numbers(shown: str) -> set[int]:
    """Return the numbers that a reader would take for citations, in whatever form; those in code are none."""
    prose = re.sub(r"```.*?```|`[^`]*`", "", shown, flags=re.DOTALL)
    return {int(number) for group in _SHOWN_NUMBERS.findall(prose) for number in re.findall(r"\d+", group)}


def invalid_citations(answer: Answer) -> set[int]:
    """Return the numbers that an answer cites, in its text or in its records, and that are no reference."""
    references = {reference.number for reference in answer.references}
    cited = {number for sentence in answer.sentences for number in sentence.citations}
    return (shown_numbers(answer.text) | cited | {citation.number for citation in answer.citations}) - references


def unequal_quotes(answer: Answer, library: Library) -> list[str]:
    """Return the quotes of an answer that are not, byte for byte, what the abstract has at their place."""
    ids = {citation.paper_id for citation in answer.citations}
    abstracts = {paper.paper_id: paper.abstract for paper in library.catalogue.papers(ids)}
    return [item.quote for item in answer.citations if abstracts[item.paper_id][item.start : item.end] != item.quote]


def is_readable(sentence: str) -> bool:
    """Tell whether a problem is one sentence that names a way out, and nothing that only a programmer reads."""
    return (
        sentence.endswith(".")
        and not re.search(r"[.!?] [A-Z]", sentence)
        and "; " in sentence
        and not _FOR_PROGRAMMERS.search(sentence)
        and not _LEAKS.search(sentence)
    )


def leaks(output: str) -> list[str]:
    """Return what an output or a log has of the key, of a file's path or of the program's inside."""
    return _LEAKS.findall(output)


def called_supported(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences if sentence.verdict is Verdict.SUPPORTED]
