"""A model's text -> a reply: verdicts, citations made right, what is left out."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.verification import checked
from assistant.facts.replies import Reply
from assistant.records import Usage, Verdict
from assistant.text.citations import markers
from assistant.text.evidence import Evidence, numbered
from tests.fakes import paper_of
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import Passage, split_paper

TEXTS = {
    "SNIP: Mixed Precision": "We introduce SNIP, a mixed precision framework. SNIP reduces FLOPs by 80%.",
    "Rainbow Padding": "Diffusion models stop early. Rainbow Padding needs seven padding tokens.",
    "Gecko": "Gecko reaches a training loss of 1.68. It trains on two trillion tokens.",
}


def paper(title: str, abstract: str) -> Paper:
    return paper_of(title, abstract, paper_id=title.split(":")[0], authors=("Ann Kim",), published=date(2025, 1, 1))


PAPERS = {item.paper_id: item for item in (paper(title, text) for title, text in TEXTS.items())}
SNIP, RAINBOW, GECKO = PAPERS.values()


def given_of(*papers: Paper) -> tuple[tuple[Evidence, Passage], ...]:
    return tuple((numbered(n, next(split_paper(item)), item), next(split_paper(item))) for n, item in enumerate(papers))


def check(text: str, *cites: Paper, strict: bool = False) -> Reply:
    """Check a text whose [1], [2] ... are `cites`; the model had all three papers."""
    cited = dict(enumerate(given_of(*cites), 1))
    return checked(text, cited, PAPERS, Usage(), strict=strict, given=given_of(*PAPERS.values()))


def assert_whole(reply: Reply) -> None:
    """Assert what holds of every reply: offsets, quotes, and references that are exactly those cited."""
    for sentence in reply.sentences:
        assert reply.text[sentence.start : sentence.end] == sentence.text
        assert {reply.citations[place].number for place in sentence.quotes} <= set(sentence.citations)
        assert all(f"[{number}]" in sentence.text for number in sentence.citations)
    for citation in reply.citations:
        cited = reply.papers[citation.number - 1]
        assert (citation.paper_id, citation.quote) == (cited.paper_id, cited.abstract[citation.start : citation.end])
        assert citation.passage_id.startswith(cited.paper_id)
    mentions = [marker.number for marker in markers(reply.text)]
    assert list(dict.fromkeys(mentions)) == list(range(1, len(reply.papers) + 1))


def test_a_supported_answer_stays_as_it_is() -> None:
    text = "SNIP reduces FLOPs by 80% [1]. Rainbow Padding needs seven padding tokens [2]."
    reply = check(text, SNIP, RAINBOW)
    assert reply.text == text
    assert [sentence.verdict for sentence in reply.sentences] == [Verdict.SUPPORTED] * 2
    assert [citation.quote for citation in reply.citations] == [
        "SNIP reduces FLOPs by 80%.",
        "Rainbow Padding needs seven padding tokens.",
    ]
    assert reply.notes == ()
    assert_whole(reply)


def test_a_citation_of_the_wrong_paper_is_moved_to_the_one_that_says_it() -> None:
    reply = check("SNIP reduces FLOPs by 80% [1]. Gecko reaches a training loss of 1.68 [1].", SNIP)
    assert reply.text == "SNIP reduces FLOPs by 80% [1]. Gecko reaches a training loss of 1.68 [2]."
    assert [item.title for item in reply.papers] == ["SNIP: Mixed Precision", "Gecko"]
    moved = reply.sentences[1]
    assert moved.verdict is Verdict.SUPPORTED
    assert moved.citations == (2,)
    assert moved.reason == "the citation was moved to “Gecko”, which says it"
    assert reply.notes == (
        "“Gecko reaches a training loss of 1.68.” was made to cite “Gecko”, the only passage that says it.",
    )
    assert_whole(reply)


def test_a_reference_that_nothing_cites_any_more_is_gone_and_the_numbers_follow() -> None:
    reply = check(
        "Gecko reaches a training loss of 1.68 [1]. Rainbow Padding needs seven padding tokens [2].", SNIP, RAINBOW
    )
    assert reply.text.endswith("1.68 [1]. Rainbow Padding needs seven padding tokens [2].")
    assert [item.title for item in reply.papers] == ["Gecko", "Rainbow Padding"]
    assert_whole(reply)


def test_a_sentence_that_cites_nothing_is_given_its_paper() -> None:
    reply = check("SNIP reduces FLOPs by 80%. Malaria is cured by quinine.")
    assert reply.text == "SNIP reduces FLOPs by 80% [1]. Malaria is cured by quinine."
    assert [sentence.verdict for sentence in reply.sentences] == [Verdict.SUPPORTED, Verdict.UNSUPPORTED]
    assert reply.sentences[1].reason == "cites nothing"
    assert_whole(reply)


def test_nothing_is_moved_if_two_passages_say_it_or_the_cited_one_says_part() -> None:
    twice = {"one": paper("one", SNIP.abstract), "two": paper("two", SNIP.abstract), "Gecko": GECKO}
    passages = given_of(*twice.values())
    reply = checked(
        "SNIP reduces FLOPs by 80% [1]. Gecko reaches a training loss [1].",
        {1: passages[2]}, twice, Usage(), strict=False, given=passages,
    )  # fmt: skip
    assert reply.sentences[0].verdict is Verdict.UNSUPPORTED
    part = check("Gecko reaches a validation loss of 1.68 in practice [1].", GECKO)
    assert part.sentences[0].verdict is Verdict.QUOTED
    assert part.sentences[0].citations == (1,)


def test_an_answer_without_any_support_is_kept_with_its_verdicts() -> None:
    reply = check("Malaria is cured by quinine [1]. It is blue.", SNIP)
    assert reply.text == "Malaria is cured by quinine [1]. It is blue."
    assert [sentence.verdict for sentence in reply.sentences] == [Verdict.UNSUPPORTED] * 2
    assert reply.notes == ()
    assert_whole(reply)


def test_words_that_claim_nothing_are_no_refusal() -> None:
    assert check("They do.").text == "They do."


WRONG = "SNIP reduces FLOPs by 90% [1]."


def test_strict_leaves_out_what_is_marked_and_nothing_else() -> None:
    text = (
        f"{WRONG} Malaria is cured [2]. SNIP reduces FLOPs by 80% [1]. SNIP does not reduce FLOPs [1]. Gecko is blue."
    )
    assert check(text, SNIP, RAINBOW).text == text
    reply = check(text, SNIP, RAINBOW, strict=True)
    assert reply.text == "SNIP reduces FLOPs by 80% [1]."
    assert reply.notes == ("4 sentences that are contradicted or unsupported were left out.",)
    assert [item.title for item in reply.papers] == ["SNIP: Mixed Precision"]
    assert_whole(reply)


def test_a_paraphrase_is_not_marked_and_its_closest_words_are_quoted() -> None:
    reply = check("SNIP saves four fifths of the FLOPs [1].", SNIP)
    assert reply.sentences[0].verdict is Verdict.QUOTED
    assert reply.citations[0].quote in SNIP.abstract
    assert "80%" in reply.citations[0].quote


def test_strict_keeps_lists_tables_and_headings_well_formed() -> None:
    text = (
        f"# Cuts\n\n{WRONG}\n\n# Figures\n\n- SNIP reduces FLOPs by 80% [1].\n"
        f"- {WRONG}\n1. {WRONG}\n\n"
        "| | SNIP | Gecko |\n|---|---|---|\n"
        "| Result | SNIP reduces FLOPs by 80% [1] | Gecko reaches a loss of 2.68 [2] |\n"
    )
    reply = check(text, SNIP, GECKO, strict=True)
    assert reply.text.strip() == (
        "# Figures\n\n- SNIP reduces FLOPs by 80% [1].\n\n"
        "| | SNIP | Gecko |\n|---|---|---|\n| Result | SNIP reduces FLOPs by 80% [1] | – |"
    )
    assert_whole(reply)


UNCHECKABLE = [
    "## Rainbow Padding doubles accuracy on GSM8K",
    "## SNIP cures malaria",
    "```\nRainbow Padding doubles accuracy on GSM8K [1].\n```",
    "```python\nRainbow Padding doubles accuracy on GSM8K",
    "```\nx = 95\n```",
    "# Cures\n\nHere is a summary of the paper:",
    "# SNIP cures malaria\n\nThey do.",
]


@pytest.mark.parametrize("text", UNCHECKABLE)
def test_headings_and_prose_in_a_fence_are_kept_and_nothing_supports_them(text: str) -> None:
    reply = check(text, SNIP)
    assert reply.text.strip("`\n") == text.removeprefix("```python\n").strip("`\n").replace(" [1]", "")
    assert all(sentence.verdict is not Verdict.SUPPORTED for sentence in reply.sentences)


@pytest.mark.parametrize("wrong", UNCHECKABLE[2:4])
def test_prose_in_a_fence_is_checked(wrong: str) -> None:
    text = f"SNIP reduces FLOPs by 80% [1].\n\n{wrong}"
    reply = check(text, SNIP)
    assert [sentence.verdict for sentence in reply.sentences] == [Verdict.SUPPORTED, Verdict.UNSUPPORTED]
    assert "Rainbow Padding doubles" in reply.sentences[1].text
    assert_whole(reply)
    assert check(text, SNIP, strict=True).text == "SNIP reduces FLOPs by 80% [1]."


def test_a_heading_that_says_what_a_passage_says_cites_it() -> None:
    reply = check("## Rainbow Padding needs seven padding tokens\n\nSNIP reduces FLOPs by 80% [1].", SNIP)
    assert reply.text == "## Rainbow Padding needs seven padding tokens [1]\n\nSNIP reduces FLOPs by 80% [2]."
    assert {sentence.verdict for sentence in reply.sentences} == {Verdict.SUPPORTED}
    assert_whole(reply)


@pytest.mark.parametrize(
    "heading", ["Results", "How does SNIP reduce the FLOPs?", "Why it works in practice and theory", "What SNIP is"]
)
def test_a_heading_that_labels_or_asks_stays(heading: str) -> None:
    text = f"## {heading}\n\nSNIP reduces FLOPs by 80% [1]."
    reply = check(text, SNIP, strict=True)
    assert reply.text == text
    assert len(reply.sentences) == 1


def test_code_is_said_to_be_unchecked_and_strict_leaves_it_out() -> None:
    text = "SNIP reduces FLOPs by 80% [1].\n\n```\nx = y(80)\n# malaria is cured by quinine\n```\n\nSo it does."
    assert check(text, SNIP).notes == ("The code in this answer was not checked.",)
    reply = check(text, SNIP, strict=True)
    assert reply.text == "SNIP reduces FLOPs by 80% [1].\n\nSo it does."
    assert reply.notes == ("Code, which cannot be checked, was left out.",)


def test_what_was_in_a_fence_loads_nothing_outside_it() -> None:
    picture = "```\nSNIP reduces FLOPs by 80%, see ![x](http://e.x/y.png)\n```\n\n"
    reply = check(f"{picture}SNIP reduces FLOPs by 80% [1].", SNIP)
    assert "```" not in reply.text
    assert "![" not in reply.text


TABLE = "| | Gecko | SNIP |\n|---|---|---|\n| Data | two trillion tokens [1] | {} |\n\nSNIP reduces FLOPs by 80% [2]."


def test_a_cell_is_never_made_to_cite_another_paper() -> None:
    text = TABLE.format("Gecko reaches a training loss of 1.68 [2]")
    reply = check(text, GECKO, SNIP)
    assert reply.text == text
    assert reply.sentences[1].verdict is Verdict.UNSUPPORTED


def test_a_cell_in_the_column_of_another_paper_is_marked() -> None:
    reply = check(TABLE.format("Gecko reaches a training loss of 1.68 [1]"), GECKO, SNIP)
    assert reply.sentences[1].verdict is Verdict.UNSUPPORTED
    assert reply.sentences[1].reason == "it stands in the column of another paper"
    assert_whole(reply)


def test_a_row_of_each_paper_is_no_wrong_column() -> None:
    rows = "| SNIP | SNIP reduces FLOPs by 80% [1] |\n| SNIP | SNIP is a mixed precision framework [1] |\n"
    reply = check(
        f"| Paper | Result |\n|---|---|\n{rows}| Gecko | Gecko reaches a training loss of 1.68 [2] |", SNIP, GECKO
    )
    assert [sentence.verdict for sentence in reply.sentences] == [Verdict.SUPPORTED] * 3


@pytest.mark.parametrize(
    "text",
    [
        "Here is a summary of the paper:\n\n- SNIP reduces FLOPs by 80% [1].",
        "**Problem:**\n\nSNIP reduces FLOPs by 80% [1].",
        "**Key result:** SNIP reduces FLOPs by 80% [1].",
        "- **Method**: SNIP reduces FLOPs by 80% [1].",
    ],
)
def test_labels_and_introductions_claim_nothing(text: str) -> None:
    reply = check(text, SNIP)
    assert reply.text == text
    assert {sentence.verdict for sentence in reply.sentences} <= {Verdict.SUPPORTED, Verdict.NOT_A_CLAIM}
    assert_whole(reply)


@pytest.mark.parametrize(
    "text",
    [
        "**Gecko:** reduces FLOPs by 80% [1].",
        "SNIP cures malaria:\n\nSNIP reduces FLOPs by 80% [1].",
        "The paper cuts FLOPs by 95%:\n\nSNIP reduces FLOPs by 80% [1].",
    ],
)
def test_a_name_before_a_colon_and_a_claim_before_one_are_checked(text: str) -> None:
    assert check(text, SNIP).sentences[0].verdict in (Verdict.QUOTED, Verdict.UNSUPPORTED)


def test_half_a_sentence_is_cut_off_and_not_unsupported() -> None:
    cited = dict(enumerate(given_of(SNIP), 1))
    text = "SNIP reduces FLOPs by 80% [1]. Experiments with malaria and"
    reply = checked(text, cited, PAPERS, Usage(), strict=False, broken_off=True)
    assert (reply.sentences[1].verdict, reply.sentences[1].reason) == (Verdict.NOT_A_CLAIM, "cut off")
    assert checked(text[31:], cited, PAPERS, Usage(), strict=False, broken_off=True).text == text[31:]
    strict = checked(text, cited, PAPERS, Usage(), strict=True, broken_off=True)
    assert strict.text == "SNIP reduces FLOPs by 80% [1]."
    assert not any("left out" in note for note in strict.notes)  # it was no claim


def test_an_unsupported_sentence_has_no_quote() -> None:
    reply = check("SNIP reduces FLOPs by 80% [1]. It cures malaria in 40 days [2].", SNIP, GECKO)
    assert reply.sentences[1].citations == (2,)
    assert reply.sentences[1].quotes == ()
    assert [citation.number for citation in reply.citations] == [1]


def test_strict_leaves_neither_a_question_alone_nor_a_gap() -> None:
    text = f"SNIP reduces FLOPs by 80% [1].\n\n{WRONG}\n\nWhy? {WRONG}\n\n{WRONG}\n\nWe introduce SNIP [1].\n\n{WRONG}"
    reply = check(text, SNIP, strict=True)
    assert reply.text == "SNIP reduces FLOPs by 80% [1].\n\nWe introduce SNIP [1]."
    assert_whole(reply)


def test_a_marker_of_no_evidence_never_reaches_a_reader() -> None:
    reply = check("SNIP reduces FLOPs by 80% [1][7].", SNIP)
    assert reply.text == "SNIP reduces FLOPs by 80% [1]."
    assert_whole(reply)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "|", "```", "[1]", "# ", "- ", "填充提高了准确率 [1]。", "الحشو [1]", "🦄" * 50]
)
@pytest.mark.parametrize("strict", [False, True])
def test_texts_of_no_sentence_or_another_script(text: str, strict: bool) -> None:
    reply = check(text, SNIP, strict=strict)
    assert all(sentence.verdict is not Verdict.SUPPORTED for sentence in reply.sentences)


LINES = st.lists(
    st.sampled_from(
        [
            "SNIP reduces FLOPs by 80% [1].",
            "Gecko reaches a training loss of 1.68 [1].",
            "Malaria is cured by quinine [2].",
            "SNIP reduces FLOPs by 90% [1][2].",
            "Rainbow Padding needs seven padding tokens.",
            "- SNIP reduces FLOPs by 80% [2]. It is blue [1].",
            "# Heading [1]",
            "## SNIP reduces FLOPs by 80% overall",
            "Why?",
            "",
            "```",
            "| a | b |\n|---|---|\n| x | SNIP reduces FLOPs by 80% [1] | Malaria [2] |",
            "We thank you [3].",
        ]
    ),
    max_size=8,
)


@given(LINES, st.sampled_from([" ", "\n", "\n\n"]), st.booleans())
def test_whatever_is_moved_or_left_out_the_rest_holds_together(lines: list[str], joint: str, strict: bool) -> None:
    reply = check(joint.join(lines), SNIP, RAINBOW, strict=strict)
    assert_whole(reply)
    if strict:
        assert not any("90%" in sentence.text for sentence in reply.sentences)


def test_an_answer_of_ten_thousand_sentences_is_checked_in_time() -> None:
    lines = [
        "SNIP reduces FLOPs by 80% [1].",
        "Malaria is cured by quinine [1].",
        "Gecko needs seven tokens of padding.",
    ]
    start = time.perf_counter()
    reply = check(" ".join(lines[n % 3] for n in range(10_000)), SNIP, strict=True)
    assert time.perf_counter() - start < 60
    assert len(reply.sentences) >= 3_334
    assert_whole(reply)


@pytest.mark.parametrize("part", ["SNIP reduces FLOPs ", "a", "[1]", "| ", "# ", "“"])
def test_an_endless_sentence_is_checked_in_time(part: str) -> None:
    start = time.perf_counter()
    reply = check(part * (100_000 // len(part)) + " [1].", SNIP)
    assert time.perf_counter() - start < 20
    assert all(sentence.verdict is not Verdict.SUPPORTED for sentence in reply.sentences)
