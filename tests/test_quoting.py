"""The words that a model quotes: found in the passage they name and shown as its quote, or said not to be there."""

import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.quoting import located
from assistant.checking.verification import checked
from assistant.facts.replies import Reply
from assistant.pipeline import Assistant
from assistant.records import Answer, Usage, Verdict
from assistant.settings import Settings
from assistant.text.evidence import numbered
from tests.fakes import paper_of
from tests.openai_server import Script, openai_server
from vectorstore.library import Library
from vectorstore.papers.passages import Passage, split_paper

TEXT = (
    "We find that “early  termination” comes with as few as\nseven padding tokens. It is $10\\times$ faster — at 3 %"
    " cost; \\textbf{Rainbow Padding} works on ﬁne models (see f(x)). The art of seventeen lamps… shines."
)
MISQUOTED = "the words it quotes are not in the passage"


def passage(text: str, start: int = 10) -> Passage:
    return Passage("p:1", "p", "A Title", text, start, start + len(text))


def quoted(quote: str, text: str = TEXT) -> str | None:
    """Return what of the text is shown as the quote, None if it is nowhere."""
    where = located(quote, passage(text))
    return text[where.start - 10 : where.end - 10] if where else None


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("as few as seven padding tokens", "as few as\nseven padding tokens"),
        ("As few as  seven padding tokens.", "as few as\nseven padding tokens."),
        ("seven padding tokens,", "seven padding tokens"),
        ('"early termination" comes', "early  termination” comes"),
        ("10× faster", "$10\\times$ faster"),
        ("$10\\times$ faster", "$10\\times$ faster"),
        ("$10\\\\times$ faster - at 3% cost", "$10\\times$ faster — at 3 % cost"),
        ("**Rainbow Padding** works on fine models", "\\textbf{Rainbow Padding} works on ﬁne models"),
        ("art of seventeen lamps...", "art of seventeen lamps…"),
        ("We find … as few as [...] tokens", TEXT[: TEXT.index(". It")]),
        ("... seven padding tokens ...", "seven padding tokens"),
        ("see f(x)", "see f(x)"),
    ],
)
def test_a_quote_is_found_whatever_its_signs(quote: str, shown: str) -> None:
    assert quoted(quote) == shown


@pytest.mark.parametrize(
    "quote",
    [
        "as few as eight padding tokens",
        "padding tokens … we find",
        "seven pad",
        "ing tokens",
        "rainbow padding works",
        "",
        " ",
        "...",
        "“”",
        "学习模型",
        "x" * 20_000,
        "word " * 2_000,
    ],
)
def test_words_that_are_not_there_are_nowhere(quote: str) -> None:
    assert quoted(quote) is None


def test_a_quote_in_a_script_without_spaces_is_found() -> None:
    assert quoted("模型学习", "我们的模型学习得很快。") == "模型学习"


@given(st.text(alphabet="abAB ﬁé“”-–…_.\n學½", max_size=60), st.integers(0, 60), st.integers(1, 60))
def test_words_that_are_copied_are_found(text: str, first: int, count: int) -> None:
    words = text.split()
    copied = " ".join(words[first % max(len(words), 1) :][:count])
    where = located(copied, passage(text))
    assert bool(where) == any(character.isalnum() for character in copied)
    assert not where or 10 <= where.start < where.end <= 10 + len(text)


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_quote_is_too_odd(quote: str, text: str) -> None:
    where = located(quote, passage(text))
    assert not where or 10 <= where.start < where.end <= 10 + len(text)


@pytest.mark.parametrize("piece", ["a", "a ", "a… ", "$a$ ", "\\a{", "{", "$", "“", "a-"])
def test_a_quote_is_looked_for_in_time(piece: str) -> None:
    text, quote = piece * (4_000 // len(piece)), piece * (2_000 // len(piece)) + "b"
    began = time.perf_counter()
    located(quote, passage(text))
    assert time.perf_counter() - began < 2


# -- in an answer that is checked

RAINBOW = paper_of(
    "Rainbow Padding: A Study",
    "Diffusion models stop early. Rainbow Padding needs as few as seven padding tokens. It costs nothing.",
    paper_id="rainbow",
    authors=("Ann Kim",),
    published=date(2025, 1, 1),
)
GECKO = paper_of("Gecko", "Gecko reaches a training loss of 1.68. It trains on two trillion tokens.", paper_id="gecko")
PAPERS = {paper.paper_id: paper for paper in (RAINBOW, GECKO)}
IN_OTHER_WORDS = "Models halt too soon, so few padding tokens are a remedy [1]."


def check(text: str, quotes: Mapping[tuple[int, int], Sequence[str]], *, strict: bool = False) -> Reply:
    """Check a text that cites Rainbow Padding as [1] and Gecko as [2]."""
    given = [
        (numbered(n, next(split_paper(one)), one), next(split_paper(one))) for n, one in enumerate(PAPERS.values())
    ]
    cited = dict(enumerate(given, 1))
    reply = checked(text, cited, PAPERS, Usage(), strict=strict, given=given, quotes=quotes)
    for one in reply.citations:
        assert PAPERS[one.paper_id].abstract[one.start : one.end] == one.quote
    return reply


def shown_quotes(reply: Reply) -> list[str]:
    return [citation.quote for citation in reply.citations]


def test_the_words_that_a_model_quotes_are_the_quote_of_its_citation() -> None:
    assert check(IN_OTHER_WORDS, {}).sentences[0].verdict is Verdict.QUOTED
    reply = check(IN_OTHER_WORDS, {(1, 0): ("As few as “seven” padding tokens",)})
    assert shown_quotes(reply) == ["as few as seven padding tokens"]
    assert [sentence.verdict for sentence in reply.sentences] == [Verdict.QUOTED]
    assert reply.notes == ()


def test_each_quote_goes_to_its_own_marker() -> None:
    text = f"{IN_OTHER_WORDS} Code `[1]` is none. Padding is free of any cost [1]."
    reply = check(text, {(1, 0): ("stop early",), (1, 1): ("costs nothing",)})
    quotes = [[reply.citations[place].quote for place in sentence.quotes] for sentence in reply.sentences]
    assert [quotes[0], quotes[-1]] == [["stop early"], ["costs nothing"]]


def test_the_first_quote_that_is_there_counts() -> None:
    reply = check(IN_OTHER_WORDS, {(1, 0): ("stop early", "costs nothing")})
    assert shown_quotes(reply) == ["stop early"]


def test_a_quote_that_is_nowhere_in_its_passage_is_said() -> None:
    reply = check(IN_OTHER_WORDS, {(1, 0): ("as few as three lamps",)})
    (sentence,) = reply.sentences
    assert (sentence.verdict, sentence.reason, sentence.quotes) == (Verdict.UNSUPPORTED, MISQUOTED, ())
    assert reply.notes == ("1 quote of the model is not in the passage it names.",)
    assert check(IN_OTHER_WORDS, {(1, 0): ("as few as three lamps",)}, strict=True).text == ""


def test_what_the_passage_says_stays_supported_whatever_is_quoted() -> None:
    text = "Rainbow Padding needs as few as seven padding tokens [1]. Gecko trains on two trillion tokens [2]."
    reply = check(text, {(1, 0): ("three lamps",), (2, 0): ("four lamps",)})
    assert [sentence.verdict for sentence in reply.sentences] == [Verdict.SUPPORTED] * 2
    assert shown_quotes(reply) == shown_quotes(check(text, {}))
    assert reply.notes == ("2 quotes of the model are not in the passages they name.",)


def test_a_quote_of_a_title_or_of_an_author_is_no_invention() -> None:
    reply = check(IN_OTHER_WORDS, {(1, 0): ("Rainbow Padding: A Study", "Ann Kim", "2025-01-01")})
    assert reply == check(IN_OTHER_WORDS, {})


def test_what_claims_nothing_and_what_is_computed_stay_as_they_are() -> None:
    for text in ("The abstracts give no batch size [1].", "It is of 2025-01-01 [1]."):
        assert check(text, {(1, 0): ("three lamps",)}) == check(text, {})


# -- of a model behind the OpenAI protocol

QUESTION = "What is Rainbow Padding?"
WRITTEN = (
    'Kim et al. (2025) swap end tokens for a cycle of others [1 "replaces repeated <eos> placeholders with a repeating'
    ' cycle"]. Seven of them are enough [1: “as few as seven padding tokens”].'
)
SHOWN = "Kim et al. (2025) swap end tokens for a cycle of others [1]. Seven of them are enough [1]."


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key, no server and no .env file of this machine."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ASSISTANT_MODEL", "ASSISTANT_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def streamed(library: Library, text: str, size: int, *, model: str = "large") -> tuple[str, Answer, str]:
    """Return what is shown of a model's text, written in pieces of `size`, the answer, and the model's prompt."""
    pieces = tuple(text[at : at + size] for at in range(0, len(text), size))
    with openai_server(Script(pieces=pieces, models=({"id": model, "context_length": 64_000},))) as server:
        *events, answer = Assistant(library, Settings()).stream(QUESTION, model=f"{server.base_url}#{model}")
        (request,) = server.chats
    assert isinstance(answer, Answer)
    return "".join(event for event in events if isinstance(event, str)), answer, request.prompt


@pytest.mark.parametrize("size", [1, 2, 5, 50, 1000])
def test_a_models_quotes_are_the_spans_of_its_citations(seeds_library: Library, size: int) -> None:
    shown, answer, _ = streamed(seeds_library, WRITTEN, size)
    assert shown == answer.text == SHOWN
    assert [citation.quote for citation in answer.citations] == [
        "replaces repeated \\texttt{<eos>} placeholders with a repeating cycle",
        "as few as seven padding tokens",
    ]
    (paper,) = seeds_library.catalogue.papers([answer.references[0].paper_id])
    for one in answer.citations:
        assert paper.abstract[one.start : one.end] == one.quote
    assert [sentence.quotes for sentence in answer.sentences] == [(0,), (1,)]
    assert answer.notes == ()


def test_an_invented_quote_is_marked(seeds_library: Library) -> None:
    text = WRITTEN.replace("replaces repeated <eos> placeholders", "hangs up golden lamps")
    shown, answer, _ = streamed(seeds_library, text, 7)
    assert shown == answer.text == SHOWN
    first, last = answer.sentences
    assert (first.verdict, first.reason, last.verdict) == (Verdict.UNSUPPORTED, MISQUOTED, Verdict.SUPPORTED)
    assert answer.notes == ("1 quote of the model is not in the passage it names.",)


def test_an_answer_without_quotes_has_the_spans_that_its_words_find(seeds_library: Library) -> None:
    _, answer, _ = streamed(seeds_library, SHOWN, 7)
    assert answer.text == SHOWN
    assert all(citation.quote.endswith(".") for citation in answer.citations)  # whole sentences
    assert answer.notes == ()


def test_behind_the_words_of_a_refusal_quotes_stay_with_their_markers(seeds_library: Library) -> None:
    begun = f"NOT IN THE LIBRARY. {WRITTEN}"
    shown, answer, _ = streamed(seeds_library, begun, 7)
    assert answer.text == SHOWN
    assert [citation.quote for citation in answer.citations][1:] == ["as few as seven padding tokens"]
    assert "NOT IN" not in shown + answer.text


def test_only_a_model_that_is_not_small_is_asked_for_quotes(seeds_library: Library) -> None:
    asks_for = '[2 "'
    assert asks_for in streamed(seeds_library, SHOWN, 1000)[2]
    assert asks_for not in streamed(seeds_library, SHOWN, 1000, model="small-1b")[2]


def test_a_section_quotes_what_the_model_does_and_shows_its_words_without(seeds_library: Library) -> None:
    assistant = Assistant(seeds_library, Settings())
    text = 'Jeung et al. (2025) build documents that share their facts [1 "same factual content in different styles"].'
    with openai_server(Script(pieces=(text,))) as server:
        section = assistant.related_work("machine unlearning", model=f"{server.base_url}#m")
    first = section.sentences[0]
    assert first.text == "Jeung et al. (2025) build documents that share their facts [1]."
    assert [section.citations[place].quote for place in first.quotes] == ["same factual content in different styles"]
    assert '"' not in section.text
