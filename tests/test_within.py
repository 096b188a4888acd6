"""A conversation with limits: nothing outside of them is used, and a paper that lies outside is said to."""

import json
from pathlib import Path

import pytest

from assistant.conversations.limits import Limits
from assistant.manuscripts.author_summary import summary
from assistant.manuscripts.sections import Section
from assistant.pipeline import Assistant
from assistant.planning.plan import Turn
from assistant.records import Abstention, Answer
from assistant.settings import Settings
from assistant.text.evidence import shown_title
from vectorstore.catalogue.filters import Filters
from vectorstore.library import Library

DATA = Path(__file__).parent / "data"
OF_ALL_KINDS = (
    "Summarise the work of Albert No",
    "Who are the co-authors of Albert No?",
    "papers like Rainbow Padding",
    "Write a related work section about diffusion language models",
    "papers by the authors of Rainbow Padding",
    "Compare Rainbow Padding and REFT",
    "How do Rainbow Padding and existing methods differ?",
    "How many papers are about reinforcement learning?",
    "the 3 newest papers",
    "papers about pruning by Albert No",
    "Who wrote the paper on early termination?",
    "When did the paper about padding appear?",
    "Is there code for the paper on discrete diffusion?",
    "Why do diffusion LLMs stop early?",
)


@pytest.fixture(scope="module")
def assistant(seeds_library: Library) -> Assistant:
    return Assistant(seeds_library, Settings())


@pytest.fixture(scope="module")
def limits(seeds_library: Library) -> dict[str, Limits]:
    newest = [paper.paper_id for paper in seeds_library.papers()]
    return {
        "listing": Limits(listings=(seeds_library.catalogue.listings()[0][1],)),
        "small listing": Limits(listings=(min(seeds_library.catalogue.listings(), key=lambda one: one[3])[1],)),
        "author": Limits(authors=("Albert No",)),
        "year": Limits(until_year=2025),
        "papers": Limits(paper_ids=tuple(newest[:8])),
        "one paper": Limits(paper_ids=(newest[30],)),
        "nothing": Limits(listings=("no such page",)),
    }


def only(assistant: Assistant, title: str) -> Filters:
    """Return limits to the papers with these words in their title."""
    ids = [paper_id for paper_id, whole in assistant.library.catalogue.titles() if title in whole]
    assert ids
    return Limits(paper_ids=tuple(ids)).filters()


def used(answer: Answer) -> set[str]:
    cited = {reference.paper_id for reference in answer.references} | {one.paper_id for one in answer.citations}
    return cited | set(answer.papers)


@pytest.mark.parametrize("name", ["listing", "author", "year", "papers", "one paper", "nothing"])
def test_nothing_outside_of_the_limits_is_used(assistant: Assistant, limits: dict[str, Limits], name: str) -> None:
    within = limits[name].filters()
    inside = {paper.paper_id for paper in assistant.library.papers(within)}
    outside = [shown_title(paper.title) for paper in assistant.library.papers() if paper.paper_id not in inside]
    lines = (DATA / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines[::12]]
    answered = 0
    for question in (*OF_ALL_KINDS, *questions):
        answer = assistant.ask(question, within=within)
        assert used(answer) <= inside, question
        if answer.abstention is not Abstention.OUTSIDE_LIMITS:
            assert not [title for title in outside if title in answer.text], question
        answered += bool(answer.references)
    assert answered >= (name != "nothing")


@pytest.mark.parametrize(
    "question",
    [
        "Why do diffusion LLMs stop early?",
        "Compare the paper on hyperfitting with the paper on grokking in pretraining",
        "Compare gpt-oss-120b and DeepSeek-R1-0528",
        "papers about quantization",
        "Who wrote the paper on early termination?",
        "Write a related work section about quantization",
        "Summarise the work of Albert No",
        "Summarise the work of Bumjun Kim on diffusion",
    ],
)
def test_what_answers_is_not_used_once_it_lies_outside(assistant: Assistant, question: str) -> None:
    free = assistant.ask(question)
    assert free.references
    outside = Filters(excluding=(Filters(paper_ids=tuple(sorted(used(free)))),))

    assert not used(assistant.ask(question, within=outside)) & used(free)


def test_follow_ups_stay_within_limits_that_came_between(assistant: Assistant) -> None:
    first = assistant.ask("papers by Bumjun Kim")
    assert len(first.references) > 2
    kept = first.references[1].paper_id
    within = Limits(paper_ids=(kept,)).filters()

    for question in ("Which of those have code?", "only those from 2025", "What are they about?"):
        assert used(assistant.ask(question, history=[first.turn], within=within)) <= {kept}, question
    beyond = assistant.ask("Who wrote the first one?", history=[first.turn], within=within)
    assert beyond.abstention is Abstention.OUTSIDE_LIMITS
    assert assistant.ask("Who wrote the second one?", history=[first.turn], within=within).references


def test_a_named_paper_outside_is_refused_by_its_title(assistant: Assistant) -> None:
    within = only(assistant, "Information-Theoretic Discrete Diffusion")

    for question in (
        "What is Rainbow Padding?",
        "Who wrote Rainbow Padding?",
        "papers like Rainbow Padding",
        "papers by the authors of Rainbow Padding",
        "Compare Rainbow Padding and Information-Theoretic Discrete Diffusion",
    ):
        answer = assistant.ask(question, within=within)
        assert answer.text == (
            "“Rainbow Padding: Mitigating Early Termination in Instruction-Tuned Diffusion LLMs” lies outside of the"
            " limits of this conversation; widen these to ask about it."
        )
        assert (answer.abstained, answer.abstention) == (True, Abstention.OUTSIDE_LIMITS)
        assert answer.references == ()
    both = assistant.ask("Compare Rainbow Padding and REFT", within=within)
    assert both.text.endswith("lie outside of the limits of this conversation; widen these to ask about them.")


def test_what_is_said_of_the_limited_library_says_so(assistant: Assistant, limits: dict[str, Limits]) -> None:
    year, one = limits["year"].filters(), limits["one paper"].filters()

    for question, within, said in (
        ("List all papers", one, "1 paper in the library within the limits of this conversation:"),
        ("the newest paper", year, "The newest paper within the limits of this conversation:"),
        ("papers by Albert No", one, "The library has no paper by Albert No within the limits of this conversation."),
        ("co-authors of Albert No", one, "The library has no paper by Albert No within the limits of"),
        ("papers like Rainbow Padding", year, "closest to “Rainbow Padding” within the limits of this conversation:"),
        ("What is FlashAttention-3?", one, "within the limits of this conversation"),
    ):
        assert said in assistant.ask(question, within=within).text, question


def test_the_filters_show_the_limits_and_the_chips_do_not(assistant: Assistant) -> None:
    within = Limits(until_year=2025, authors=("Bumjun Kim", "Albert No")).filters()

    limited = assistant.ask("papers by Bumjun Kim", within=within)
    free = assistant.ask("papers by Bumjun Kim")

    assert limited.chips == free.chips
    people = [{"authors": ["Bumjun Kim"]}, {"authors": ["Albert No"]}]
    assert limited.filters == {
        "authors": ["Bumjun Kim"],
        "also": [{"until": "2025-12-31", "also": [{"any_of": people}]}],
    }
    assert set(limited.papers) < set(free.papers)
    again = assistant.ask("papers by Bumjun Kim", filters=limited.chips[0].without, within=within)
    assert again.filters == {"also": limited.filters["also"]}
    assert set(limited.papers) <= set(again.papers)


def test_no_limits_change_nothing(assistant: Assistant) -> None:
    for question in OF_ALL_KINDS[:6]:
        free, unlimited = assistant.ask(question), assistant.ask(question, within=Limits().filters())
        assert (free.text, free.filters, free.references) == (unlimited.text, unlimited.filters, unlimited.references)


def test_a_question_that_asks_nothing_still_does_within_limits(assistant: Assistant, limits: dict[str, Limits]) -> None:
    assert assistant.ask("Who wrote it?", within=limits["year"].filters()).abstention is Abstention.UNCLEAR


def test_what_the_library_is_about_is_not_off_topic_within_limits(
    assistant: Assistant, limits: dict[str, Limits]
) -> None:
    answer = assistant.ask("Why are maximum likelihood estimators consistent?", within=limits["one paper"].filters())

    assert answer.abstention is Abstention.NOT_IN_LIBRARY
    assert answer.text.startswith("The library does not answer this within the limits of this conversation; I searched")
    assert "Wider limits, or a listing that has it, would help." in answer.text


def test_counts_without_a_filter_stay_within_the_limits(assistant: Assistant, limits: dict[str, Limits]) -> None:
    within = limits["author"].filters()

    answer = assistant.ask("papers by Bumjun Kim from 1999", within=within)

    by_kim = [paper for paper in assistant.library.papers(within) if "Bumjun Kim" in paper.people]
    assert by_kim
    assert f"without “from 1999” there {'is' if len(by_kim) == 1 else 'are'} {len(by_kim)}" in answer.text.lower()


def test_a_summary_does_not_speak_of_a_namesake_outside(assistant: Assistant) -> None:
    question = "Summarise the work of Bumjun Kim"
    assert any(note.startswith("Possibly two people") for note in assistant.ask(question).notes)
    theirs = [paper_id for paper_id, title in assistant.library.catalogue.titles() if "Wireless Federated" in title]
    within = Filters(excluding=(Filters(paper_ids=tuple(theirs)),))

    assert not any("people" in note for note in assistant.ask(question, within=within).notes)


def test_a_summary_says_what_its_count_is_of(assistant: Assistant) -> None:
    papers = assistant.library.papers(Filters(authors=("Bumjun Kim",)))
    within = " within the limits of this conversation"

    *_, section = summary(
        papers,
        "Bumjun Kim",
        assistant.library,
        assistant.choice(None),
        assistant.settings,
        most_papers=len(papers) - 1,
        among=within,
    )

    assert isinstance(section, Section)
    assert "the library has one other paper by Kim" in section.text
    assert f"{within}." in section.text


@pytest.mark.parametrize("chosen", ["papers", "small listing"])
def test_what_is_said_of_these_is_said_of_all_papers_of_the_limits(
    assistant: Assistant, limits: dict[str, Limits], chosen: str
) -> None:
    within = limits[chosen].filters()
    papers = {paper.paper_id for paper in assistant.library.papers(within)}
    turns: list[Turn] = []
    for question in (
        "Summarize these papers",
        "Which is the newest?",
        "What do they have in common?",
        "Which is the newest?",
        "Compare them",
        "List these papers",
        "Draft related work",
        "Draft related work on these papers",
    ):
        answer = assistant.ask(question, within=within, history=turns)
        turns.append(answer.turn)

        cited = {reference.paper_id for reference in answer.references}
        assert not answer.abstained, question
        assert cited == papers or (len(cited) == 1 and "newest" in question), question
        assert "answer before" not in answer.text
        assert answer.chips == ()


@pytest.mark.parametrize(
    "question", ["Summarize his research", "Who does he work with?", "Which of his papers is the newest?"]
)
def test_he_is_the_author_that_the_conversation_is_limited_to(
    assistant: Assistant, limits: dict[str, Limits], question: str
) -> None:
    answer = assistant.ask(question, within=limits["author"].filters())
    assert not answer.abstained
    assert "No" in answer.text


def test_the_chosen_papers_are_those_of_the_limits(assistant: Assistant, limits: dict[str, Limits]) -> None:
    answer = assistant.ask("list all of the 8 chosen papers", within=limits["papers"].filters())
    assert {one.paper_id for one in answer.references} == set(limits["papers"].paper_ids)


def test_these_are_more_papers_than_a_step_may_name(assistant: Assistant) -> None:
    within = Filters(paper_ids=tuple(paper_id for paper_id, _ in assistant.library.catalogue.titles()))

    assert "within the limits" in assistant.ask("Summarize these papers", within=within).text
    assert not assistant.ask("BibTeX of these", within=within).abstained
