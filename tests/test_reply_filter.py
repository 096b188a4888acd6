"""Of a model's reply the answer is shown, whatever the reply is wrapped in, and in whatever pieces it comes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.reply_filter import ReplyFilter
from assistant.pipeline import Assistant
from assistant.records import Answer
from tests.faults import invalid_citations, patient, unequal_quotes
from tests.openai_server import Script, openai_server
from vectorstore.library import Library

SECRET = "I must not tell that I am unsure. Nie et al. had a hidden budget [1]."
FACT = "Rainbow Padding replaces repeated <eos> placeholders with a repeating cycle of distinct padding tokens [1]."
SHOWN = FACT.replace("<eos>", "`<eos>`")
HARMONY = f"<|channel|>analysis<|message|>{SECRET}<|end|><|start|>assistant<|channel|>final<|message|>{FACT}<|return|>"


def answer_of(*pieces: str, unwrapped: bool = True) -> str:
    """Return what a reader sees at the end: what comes after the last restart."""
    reply, shown, restarts = ReplyFilter(unwrapped=unwrapped), "", 0
    for piece in [*pieces, None]:
        text = reply.flush() if piece is None else reply.feed(piece)
        shown = text if reply.restarts > restarts else shown + text
        restarts = reply.restarts
    return shown


CHANNELS = [
    HARMONY,
    f"<|start|>assistant{HARMONY}",
    HARMONY.removeprefix("<|channel|>analysis<|message|>"),
    HARMONY.replace("<|start|>", "").removesuffix("<|return|>"),
    HARMONY.replace("final<|message|>", "final <|constrain|>text<|message|>"),
    f"<|channel|>commentary to=functions.search<|message|>{{}}<|call|>{HARMONY}",
    f"<|channel|>final<|message|>{FACT}<|end|>",
    f"analysis{SECRET}assistantfinal{FACT}",
    f"analysis\n{SECRET}\nassistantfinal\n{FACT}",
    f"analysisLet's answerassistantcommentary to=functions.search json{{}}assistantanalysisNow.assistantfinal{FACT}",
    f"{SECRET}assistantfinal{FACT}",
    f"We ask.assistantanalysis{SECRET}assistantfinal{FACT}",
]
TOKENS = [
    *(
        f"{FACT}{token}"
        for token in "<|im_end|> <|eot_id|> </s> <|endoftext|> <|end_of_text|> <eos> <end_of_turn> <|end|> [/INST]"
        " <｜end▁of▁sentence｜> <|END_OF_TURN_TOKEN|> <|return|>".split()
    ),
    f"{FACT} </s>\n",
    f"{FACT}\n<|im_end|>",
    f"{FACT.removesuffix('.')}<|im_end|>",
    f"{FACT}<|im_end|>\n<|endoftext|>",
    f"<s> {FACT}</s>",
    f"<|im_start|>assistant\n{FACT}<|im_end|>",
    f"<|start_header_id|>assistant<|end_header_id|>\n\n{FACT}<|eot_id|>",
    f"<start_of_turn>model\n{FACT}<end_of_turn>",
    f"<|assistant|>\n{FACT}<|end|>",
    f"<|im_end|>\n{FACT}",
    f"{FACT}<|im_end|>\n<|im_start|>user\nWhat else?<|im_end|>\n<|im_start|>assistant\n{SECRET}",
    f"{FACT}<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n{SECRET}",
    f"{FACT}</s><s>[INST] {SECRET} [/INST]",
    f"<think>{SECRET}</think>{FACT}<|im_end|>",
    f"{SECRET}</think>\n\n{FACT}<|im_end|>",
]
WRAPPINGS = [
    f"```\n{FACT}\n```",
    f"```markdown\n{FACT}\n```\n",
    f"```text\n{FACT}",
    f"```latex\n{FACT}\n```<|im_end|>",
    json.dumps({"answer": FACT}),
    json.dumps({"Answer": FACT, "confidence": 0.9}, indent=2),
    json.dumps({"reasoning": SECRET, "final_answer": FACT}),
    json.dumps({"answer": {"text": FACT, "citations": [1]}}),
    json.dumps({"answer": FACT.replace(" [1]", ""), "citations": [1]}),
    json.dumps({"answer": FACT.replace(" [1]", ""), "sources": [{"number": 1}]}),
    json.dumps({"sentences": [{"text": FACT.replace(" [1]", ""), "citations": ["1"]}]}),
    json.dumps([{"text": FACT}]),
    f"```json\n{json.dumps({'answer': FACT}, indent=2)}\n```",
    f'{{"answer": "{FACT}',
    f"Answer: {FACT}",
    f"**Answer:** {FACT}",
    f"**Final answer**: {FACT}",
    f"### Answer\n\n{FACT}",
    f"The final answer: {FACT}",
    f"Answer:\n```\n{FACT}\n```",
    f"Assistant: {FACT}",
    f"<answer>{FACT}</answer>",
    f"<answer>\n{FACT}\n</answer>",
    f"{SECRET}\n<answer>{FACT}</answer>",
    f"<think>{SECRET}</think><answer>{json.dumps({'answer': FACT})}</answer>",
]
REPLIES = CHANNELS + TOKENS + WRAPPINGS


@pytest.mark.parametrize("reply", REPLIES)
def test_the_answer_alone_is_shown(reply: str) -> None:
    assert answer_of(reply).strip().rstrip(".") == FACT.rstrip(".")


@pytest.mark.parametrize("reply", REPLIES)
def test_every_cut_in_two_and_every_length_of_pieces_gives_the_same(reply: str) -> None:
    whole = answer_of(reply)
    for cut in range(len(reply) + 1):
        assert answer_of(reply[:cut], reply[cut:]) == whole
    for length in range(1, 24):
        assert answer_of(*(reply[start : start + length] for start in range(0, len(reply), length))) == whole


PIECES = (
    "<|channel|> analysis final commentary <|message|> <|end|> <|start|> assistant assistantfinal assistantanalysis"
    ' <|im_end|> <|im_start|> user </s> <s> <|eot_id|> <eos> <answer> </answer> ``` ```markdown { } " [1] . ` < | ['
    ' <think> </think> word Answer: {"answer":'
).split()
PIECES += [" ", "\n", "words of a sentence that is long enough to see past. "]


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.lists(st.integers(0, 200), max_size=8))
def test_it_does_not_matter_how_a_reply_is_cut(pieces: list[str], cuts: list[int]) -> None:
    text = "".join(pieces)
    whole = ReplyFilter()
    whole.feed(text)
    places = sorted({min(cut, len(text)) for cut in cuts})
    parts = [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]
    assert answer_of(*parts) == answer_of(text) == answer_of(*text)


@pytest.mark.parametrize(
    "text",
    [
        FACT,
        "LLaDA pads with <|endoftext|> tokens [1], and each </s> is one of them.",
        "<|endoftext|> is what it pads with [1].",
        "It pads [1]. <|endoftext|> is a token.",
        "The model stops at <eos>",
        "They print `<|im_end|>` and “<|channel|>final<|message|>” [1].",
        'The word "assistantfinal" stands between `analysis` and the answer [1].',
        "It writes <|channel|> and <|message|> [1].",
        "analysis of the tokens shows it [1].",
        "An analysis\nof it.",
        "Answers vary [1]. Response: none.",
        "The response is short [1].",
        "{x | x > 0} is a set [1].",
        '{"steps": [{"operation": "search"}]}',
        "[1] says so.",
        "[{x}] is a list of one set.",
        "```python\nx = 1\n```\nThis is code [1].",
        "```\nx = 1\n```\nThis is code [1].",
        "`<eos>` is a token [1].",
        "a < b and [I",
        "assist",
        "",
    ],
)
def test_what_is_no_wrapping_stays(text: str) -> None:
    assert answer_of(text) == text
    assert answer_of(*text) == text


def test_json_and_fences_stay_for_whoever_asked_for_them() -> None:
    reply = (
        f'<|channel|>analysis<|message|>{SECRET}<|end|><|start|>assistant<|channel|>final<|message|>{{"answer": "a"}}'
    )
    assert answer_of(reply, unwrapped=False) == '{"answer": "a"}'


def test_the_backslashes_of_formulas_survive_json() -> None:
    assert answer_of(r'{"answer": "It costs $\alpha + \frac{1}{2}\\beta$ [1].\nYes."}') == (
        "It costs $\\alpha + \\frac{1}{2}\\beta$ [1].\nYes."
    )


def test_text_before_the_end_of_a_reply_is_shown_as_it_comes() -> None:
    reply = ReplyFilter()
    assert reply.feed("Rainbow Padding replaces") == "Rainbow Padding replaces"
    assert ReplyFilter().feed(HARMONY.split("Padding")[0] + " Padding" * 9).startswith("Rainbow")


@pytest.mark.parametrize(
    "thought", ["analysisThe user asks.", "<|channel|>analysis<|message|>The user asks [1].<|end|>"]
)
def test_thoughts_without_an_answer_are_none(thought: str) -> None:
    assert answer_of(thought) == ""


# -- through a server


def asked(library: Library, reply: str) -> Answer:
    pieces = tuple(reply[start : start + 7] for start in range(0, len(reply), 7))
    with openai_server(Script(pieces=pieces)) as server:
        return Assistant(library, patient()).ask("What is Rainbow Padding?", model=f"{server.base_url}#m")


@pytest.mark.parametrize("reply", REPLIES[::2])
def test_a_right_sentence_is_an_answer_in_any_wrapping(seeds_library: Library, reply: str) -> None:
    answer = asked(seeds_library, reply)
    assert answer.text.rstrip(".") == SHOWN.rstrip(".")
    assert [(sentence.verdict, sentence.citations) for sentence in answer.sentences] == [("supported", (1,))]
    assert not answer.abstained
    assert invalid_citations(answer) == set()
    assert unequal_quotes(answer, seeds_library) == []
    assert "hidden budget" not in answer.text


# As other tools and models write them.
FORMS = """
 [1]| (Passage 1)| (passage 1)| [Passage 1]| (source 1)| [Source: 1]| [^1]| 【1†source】| 【1†L1-L4】| [1†source]|^1|¹
 (1)| [[1]]| [citation:1]| [citation: 1]| [ref 1]| (ref. 1)| [doc 1]| (document 1)| [number 1]| (number: 1)| [#1]| [P1]
 \\cite{1}| <sup>1</sup>| <cite>1</cite>| <citation>[1]</citation>| [1](#1)| [[1]](https://example.org)| (Evidence 1)
 (see passage 1)| (cf. Passage 1)| (as stated in passage 1)| (from passage 1)
"""


@pytest.mark.parametrize("form", [form for line in FORMS.strip("\n").splitlines() for form in line.split("|")])
def test_each_way_to_cite_is_a_citation(seeds_library: Library, form: str) -> None:
    answer = asked(seeds_library, FACT.replace(" [1]", form))
    assert [sentence.citations for sentence in answer.sentences] == [(1,)]
    assert answer.text == SHOWN
