"""Answers on which two papers of the library disagree, through real listings."""

from pathlib import Path

import pytest

from assistant.records import Answer, Verdict
from tests.openai_server import Script, openai_server
from tests.test_conflicts import BERNOULLI, Card, ask, daily, library_of, profile
from vectorstore.library import Library

STUDY = Card(
    "A Study of Dropout in Vision Transformers",
    abstract="Large vision models are regularised in many ways. We find that dropout improves the robustness of vision"
    " transformers to corruptions. Experiments on three benchmarks support this.",
)
REVISITED = Card(
    "Regularisation Revisited: Noise Inside Transformers",
    foot="engine-lab Engine Lab\n·\nOct 6, 2025",
    abstract="We study noise inside transformers for images. Dropout degrades the robustness of vision transformers to"
    " corruptions. Stochastic depth is measured, too.",
)
QUESTION = "Does dropout improve the robustness of vision transformers?"
DISAGREE = (
    "The papers disagree: Menabrea and Lovelace (2025) say “We find that dropout improves the robustness of vision"
    " transformers to corruptions” [1], the authors at Engine Lab (2025) say “Dropout degrades the robustness of vision"
    " transformers to corruptions” [2]."
)


def answer_on(folder: Path, other: Card, question: str = QUESTION, *, written: str = "") -> Answer:
    """Return the answer from a library of STUDY and another paper, by the local model or as a server writes it."""
    with library_of(folder, profile_a=profile(STUDY, BERNOULLI), daily_b=daily(other)) as library:
        if not written:
            return ask(library, question)
        with openai_server(Script(pieces=(written,))) as server:
            return ask(library, question, model=f"{server.base_url}#chosen")


def holds(answer: Answer, library: Library) -> bool:
    abstracts = {paper.paper_id: paper.abstract for paper in library.papers()}
    return all(abstracts[quote.paper_id][quote.start : quote.end] == quote.quote for quote in answer.citations)


def test_the_answer_quotes_both_papers(tmp_path: Path) -> None:
    with library_of(tmp_path, profile_a=profile(STUDY, BERNOULLI), daily_b=daily(REVISITED)) as library:
        answer = ask(library, QUESTION)
        assert holds(answer, library)

    *_, last = answer.sentences
    assert last.text == DISAGREE
    assert (last.verdict, last.citations) == (Verdict.COMPUTED, (1, 2))
    assert answer.text.endswith(DISAGREE)
    assert answer.text[last.start : last.end] == last.text
    assert [answer.citations[place].quote for place in last.quotes] == [
        "We find that dropout improves the robustness of vision transformers to corruptions",
        "Dropout degrades the robustness of vision transformers to corruptions",
    ]
    assert [reference.title for reference in answer.references] == [STUDY.title, REVISITED.title]


@pytest.mark.parametrize(
    "written",
    [
        "Dropout helps: it makes vision transformers more robust to corruptions [1].",
        "Dropout improves the robustness of vision transformers [1], but it degrades it, too [2].",
    ],
)
def test_any_model_is_followed_by_the_sentence(tmp_path: Path, written: str) -> None:
    answer = answer_on(tmp_path, REVISITED, written=written)

    assert answer.text.startswith(written + "\n\nThe papers disagree: ")
    assert sorted(reference.title for reference in answer.references) == [STUDY.title, REVISITED.title]
    assert answer.sentences[-1].citations == (1, 2)


OTHERS = {
    "another thing": "Dropout degrades the accuracy of vision transformers on clean images.",
    "another method": "Weight decay degrades the robustness of vision transformers to corruptions.",
    "another model": "Dropout degrades the robustness of recurrent networks to corruptions.",
    "supposed": "Dropout may degrade the robustness of vision transformers to corruptions.",
    "somebody else's": "It is believed that dropout degrades the robustness of vision transformers to corruptions.",
    "the same": "Dropout enhances the robustness of vision transformers to corruptions.",
    "their own method": "Our dropout degrades the robustness of vision transformers to corruptions.",
}


@pytest.mark.parametrize("case", OTHERS)
def test_papers_that_do_not_clearly_disagree_are_left_alone(tmp_path: Path, case: str) -> None:
    abstract = f"We study noise inside transformers for images. {OTHERS[case]} Stochastic depth is measured, too."
    answer = answer_on(tmp_path, Card(REVISITED.title, foot=REVISITED.foot, abstract=abstract))

    assert not answer.abstained
    assert "disagree" not in answer.text


def test_a_question_about_something_else_hears_nothing_of_it(tmp_path: Path) -> None:
    answer = answer_on(tmp_path, REVISITED, "How are Bernoulli numbers computed?")

    assert not answer.abstained
    assert "disagree" not in answer.text


def test_numbers_of_the_same_thing_differ(tmp_path: Path) -> None:
    one = Card("Memory of LLaMA", abstract="We ask what is kept. LLaMA memorizes 12% of the sentences in its corpus.")
    other = Card("Recall Tests", abstract="Recall is tested anew. LLaMA memorizes 1% of the sentences in its corpus.")
    with library_of(tmp_path, one=profile(one, BERNOULLI), other=profile(other, owner="Bo Kim")) as library:
        answer = ask(library, "How many sentences of its corpus does LLaMA memorize?")

    assert "memorizes 12% of the sentences in its corpus” [" in answer.sentences[-1].text
    assert "memorizes 1% of the sentences in its corpus” [" in answer.sentences[-1].text


def test_brackets_in_a_quote_are_no_citation_and_the_quote_stays_as_printed(tmp_path: Path) -> None:
    abstract = REVISITED.abstract.replace("corruptions.", "corruptions [7].")
    with library_of(
        tmp_path, a=profile(STUDY), b=daily(Card(REVISITED.title, foot=REVISITED.foot, abstract=abstract))
    ) as library:
        answer = ask(library, QUESTION)
        assert holds(answer, library)

    assert "corruptions `[7]`” [2]" in answer.text
    assert answer.citations[answer.sentences[-1].quotes[1]].quote.endswith("corruptions [7]")
