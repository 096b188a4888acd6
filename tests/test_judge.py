"""A model as judge: what it says of an answer's claims counts as far as its words stand in the passages."""

import itertools
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.judging import claims_of, judged
from assistant.pipeline import Assistant
from assistant.records import Answer, By, Sentence, Stage, Verdict
from assistant.settings import Settings
from assistant.ui import labels
from assistant.ui.model_picker import privacy
from tests.judging_server import FREELY, QUESTION, Stub, is_judging, verdict_line
from tests.openai_server import DONE, Script, event, openai_server
from vectorstore.library import Library

WRONGLY = 'It makes the models answer in fewer words [1 "improves length robustness"].'
GAP = "The abstract does not give the number of padding tokens [1]."
MARKED = (Verdict.CONTRADICTED, Verdict.UNSUPPORTED)


def asked(
    library: Library, text: str, *judgements: str | Iterable[bytes | float], strict: bool = False, **settings: object
) -> tuple[list[Stage | str | Answer], list[str]]:
    """Return what is yielded for the answer `text`, and the prompts that the judge was sent."""
    stub = Stub(text, judgements)
    with openai_server(Script(raw=stub.raw)) as server:
        stub.server = server
        assistant = Assistant(library, Settings.model_validate({"judge": "", **settings}))
        events = list(assistant.stream(QUESTION, model=f"{server.base_url}#m", strict=strict))
        return events, [chat.prompt for chat in server.chats if is_judging(chat.body)]


def last(events: Sequence[Stage | str | Answer]) -> Answer:
    answer = events[-1]
    assert isinstance(answer, Answer)
    return answer


def test_what_the_judge_finds_said_is_supported_with_the_words(seeds_library: Library) -> None:
    line = verdict_line(1, "says", "with as few as seven padding tokens sufficient to prevent early termination")
    events, prompts = asked(seeds_library, FREELY, line)
    first, *_, answer = [one for one in events if isinstance(one, Answer)]
    assert (first.sentences[0].verdict, first.sentences[0].by) == (Verdict.QUOTED, By.NOBODY)
    (sentence,) = answer.sentences
    assert (sentence.verdict, sentence.by, sentence.reason) == (Verdict.SUPPORTED, By.JUDGE, "")
    (quote,) = [answer.citations[place].quote for place in sentence.quotes]
    assert quote == "with as few as seven padding tokens sufficient to prevent early termination"
    assert answer.record()["sentences"][0]["by"] == "judge"
    assert len(prompts) == 1


def test_the_judge_sees_the_words_with_their_neighbours_and_no_whole_abstract(seeds_library: Library) -> None:
    _, (prompt,) = asked(seeds_library, FREELY, verdict_line(1, "not"))
    assert "A handful of filler symbols is enough to keep replies long." in prompt
    assert "as few as seven padding tokens" in prompt
    assert "LoRA fine-tuning for a single epoch" in prompt  # the sentence after it
    assert "offering flexible generation orders" not in prompt  # the first of the abstract


@pytest.mark.parametrize(
    ("line", "verdict", "reason"),
    [
        (verdict_line(1, "against", "substantially improves length robustness"), Verdict.CONTRADICTED, "improves"),
        (verdict_line(1, "partly", "improves length robustness", "fewer words"), Verdict.UNSUPPORTED, "fewer words"),
        (verdict_line(1, "not"), Verdict.UNSUPPORTED, "does not say"),
    ],
)
def test_what_the_judge_does_not_find_said_is_marked(
    seeds_library: Library, line: str, verdict: Verdict, reason: str
) -> None:
    (sentence,) = last(asked(seeds_library, WRONGLY, line)[0]).sentences
    assert (sentence.verdict, sentence.by) == (verdict, By.JUDGE)
    assert reason in sentence.reason


def test_a_strict_answer_leaves_out_what_the_judge_marks(seeds_library: Library) -> None:
    lines = "\n".join(
        [verdict_line(1, "says", "as few as seven padding tokens"), verdict_line(2, "against", "improves length")]
    )
    events, _ = asked(seeds_library, f"{FREELY} {WRONGLY}", lines, strict=True)
    answer = last(events)
    assert sum(isinstance(one, Answer) for one in events) == 1
    assert "fewer words" not in answer.text
    assert [sentence.verdict for sentence in answer.sentences] == [Verdict.SUPPORTED]
    assert "One sentence that is contradicted or unsupported was left out." in answer.notes


def test_the_judge_looks_for_what_is_said_to_be_missing(seeds_library: Library) -> None:
    events, (prompt,) = asked(seeds_library, GAP, verdict_line(1, "against", "as few as seven padding tokens"))
    assert "offering flexible generation orders" in prompt  # it may stand anywhere
    (sentence,) = last(events).sentences
    assert (sentence.verdict, sentence.by) == (Verdict.CONTRADICTED, By.JUDGE)
    (kept,) = last(asked(seeds_library, GAP, verdict_line(1, "says"))[0]).sentences
    assert kept.verdict is Verdict.NOT_A_CLAIM


@pytest.mark.parametrize(
    "reply",
    [
        "I think that all of this is right.",
        "",
        "{" * 5_000,
        verdict_line(1, "says", "a cure for every model"),
        verdict_line(1, "says"),
        verdict_line(1, "perhaps", "as few as seven padding tokens"),
        verdict_line(7, "not"),
        verdict_line(0, "not"),
        verdict_line(-1, "not"),
        '{"claim": "one", "verdict": "not"}',
        '{"claim": 1, "verdict": "not", "words": ' + "[" * 5_000,
        f'{{"claim": 1, "verdict": "says", "words": "{"x" * 5_000}"}}',
    ],
)
def test_a_judgement_that_does_not_hold_changes_nothing(seeds_library: Library, reply: str) -> None:
    answer = last(asked(seeds_library, FREELY, reply)[0])
    assert [sentence.verdict for sentence in answer.sentences] == [Verdict.QUOTED]
    assert "A handful of filler symbols" in answer.text


def test_judgements_count_wherever_they_stand_and_the_first_of_a_claim(seeds_library: Library) -> None:
    words = "as few as seven padding tokens"
    reply = f"```json\n[{verdict_line(1, 'says', words)},\n{verdict_line(1, 'not')}]\n``` done"
    assert last(asked(seeds_library, FREELY, reply)[0]).sentences[0].verdict is Verdict.SUPPORTED


def test_a_judge_that_fails_leaves_the_answer_and_says_so(seeds_library: Library) -> None:
    hangs = itertools.chain([event({"content": " "})], itertools.repeat(0.2))
    events, _ = asked(seeds_library, FREELY, hangs, first_token_timeout_seconds=0.5, idle_timeout_seconds=0.5)
    answer = last(events)
    assert answer.sentences[0].verdict is Verdict.QUOTED
    assert any(note.startswith("The claims were not judged: ") for note in answer.notes)


def test_what_was_judged_is_not_judged_again(seeds_library: Library) -> None:
    stub = Stub(FREELY, [verdict_line(1, "not")])
    with openai_server(Script(raw=stub.raw)) as server:
        stub.server = server
        assistant = Assistant(seeds_library, Settings(judge=""))
        answers = [assistant.ask(QUESTION, model=f"{server.base_url}#m") for _ in range(2)]
        assert sum(is_judging(chat.body) for chat in server.chats) == 1
    assert [one.sentences[0].by for one in answers] == [By.JUDGE, By.JUDGE]


@pytest.mark.parametrize("judge", ["off", "local:extractive"])
def test_no_model_judges_where_none_is_wanted(seeds_library: Library, judge: str) -> None:
    events, prompts = asked(seeds_library, FREELY, judge=judge)
    assert not prompts
    assert last(events).sentences[0].verdict is Verdict.QUOTED


def test_a_small_model_is_not_asked_to_judge(seeds_library: Library) -> None:
    _, prompts = asked(seeds_library, FREELY, context_tokens=4096)
    assert not prompts


def test_a_small_model_judges_where_it_is_named(seeds_library: Library) -> None:
    stub = Stub("", [verdict_line(1, "not")])
    with openai_server(Script(raw=stub.raw)) as judge:
        stub.server = judge
        asked(seeds_library, FREELY, judge=f"{judge.base_url}#qwen3:4b")
        assert len(judge.chats) == 1


def test_a_judge_that_is_no_model_costs_no_answer(seeds_library: Library) -> None:
    answer = last(asked(seeds_library, FREELY, judge="nonsense")[0])
    assert "A handful of filler symbols" in answer.text
    assert any("'nonsense' is no model" in note for note in answer.notes)


def test_a_judgement_that_broke_off_is_not_remembered(seeds_library: Library) -> None:
    cut = [event({"content": "{"}), event({}, finish="length"), DONE]
    stub = Stub(FREELY, [cut, verdict_line(1, "not")])
    with openai_server(Script(raw=stub.raw)) as server:
        stub.server = server
        assistant = Assistant(seeds_library, Settings(judge=""))
        answers = [assistant.ask(QUESTION, model=f"{server.base_url}#m") for _ in range(2)]
    assert [one.sentences[0].by for one in answers] == [By.NOBODY, By.JUDGE]


def test_of_a_table_of_300_cells_a_bounded_number_is_put_to_the_judge(seeds_library: Library) -> None:
    cells = "\n".join(f"| thing {n} | keeps replies long in some way [1] |" for n in range(300))
    table = f"| what | how |\n|---|---|\n{cells}"
    _, (prompt,) = asked(seeds_library, table, "\n".join(verdict_line(n, "not") for n in range(1, 301)))
    assert prompt.count('{"claim": ') <= 60 + 1  # and the example


def test_the_page_says_that_a_judge_elsewhere_is_sent_the_claims() -> None:
    settings = Settings(judge="https://api.example.org/v1#m")
    said = privacy(labels.OTHER_MODEL, "http://127.0.0.1:9/v1#m", settings)
    assert "api.example.org" in said.line
    assert labels.JUDGED_BY.format("api.example.org") in said.html
    assert "api.example.org" not in privacy(labels.LOCAL_MODEL, "", settings).html


def test_another_model_may_judge(seeds_library: Library) -> None:
    stub = Stub("", [verdict_line(1, "says", "as few as seven padding tokens")])
    with openai_server(Script(raw=stub.raw)) as judge:
        stub.server = judge
        events, _ = asked(seeds_library, FREELY, judge=f"{judge.base_url}#other")
        assert [chat.body["model"] for chat in judge.chats] == ["other"]
    assert last(events).sentences[0].by is By.JUDGE


@given(st.lists(st.tuples(st.integers(-2, 4), st.sampled_from(["says", "partly", "against", "not"]), st.text())))
def test_whatever_a_judge_writes_each_quote_stands_in_its_abstract(
    answered: Answer, seeds_library: Library, lines: list[tuple[int, str, str]]
) -> None:
    papers = {paper.paper_id: paper for paper in seeds_library.papers()}
    reply = "\n".join(verdict_line(*line) for line in lines)
    answer = judged(answered, claims_of(answered, papers), reply)
    assert answer.text == answered.text
    for citation in answer.citations:
        assert papers[citation.paper_id].abstract[citation.start : citation.end] == citation.quote
    for sentence in answer.sentences:
        assert isinstance(sentence, Sentence)
        assert all(place < len(answer.citations) for place in sentence.quotes)


@pytest.fixture(scope="module")
def answered(seeds_library: Library) -> Answer:
    return last(asked(seeds_library, f"{FREELY} {WRONGLY}", "")[0])
