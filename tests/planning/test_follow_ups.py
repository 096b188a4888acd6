"""What a question refers to in the turns before."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.models.providers import LOCAL
from assistant.pipeline import Assistant
from assistant.planning.plan import AuthorWork, Passages
from tests.planned import Understand
from vectorstore.catalogue.filters import Filters

SOEUN, BUMJUN, DONGJAE = (Filters(authors=(name,)) for name in ("Soeun Kim", "Bumjun Kim", "Dongjae Jeon"))
YEAR_2024, YEAR_2026 = (Filters(since=date(year, 1, 1), until=date(year, 12, 31)) for year in (2024, 2026))
PRUNING = Filters(saying="pruning")
SOEUNS = "papers by Soeun Kim"  # answered with Where, Preserve-Then-Quantize, Assigning, DUSK
RAINBOW = "What is Rainbow Padding?"


@pytest.mark.parametrize(
    ("before", "question", "kind", "title"),
    [
        ("What is Rainbow Padding?", "Who wrote it?", "authors", "Rainbow"),
        ("What is Rainbow Padding?", "When?", "date", "Rainbow"),
        ("What is Rainbow Padding?", "Is there code?", "code", "Rainbow"),
        ("What is Rainbow Padding?", "Why?", "fact", "Rainbow"),
        ("What is Rainbow Padding?", "What results does this paper report?", "fact", "Rainbow"),
        ("What is Rainbow Padding?", "and DAPD?", "definition", "Dependency-Aware"),
        ("Who wrote Rainbow Padding?", "What about DAPD?", "authors", "Dependency-Aware"),
        ("papers by Soeun Kim", "and the second one?", "definition", "Preserve-Then-Quantize"),
        ("papers by Soeun Kim", "Tell me more about the first one", "definition", "Where"),
        ("papers by Soeun Kim", "summarize the last one", "definition", "DUSK"),
    ],
)
def test_a_follow_up_is_about_the_paper_of_the_turn_before(
    turns: Assistant, ask: Understand, ids: dict[str, str], before: str, question: str, kind: str, title: str
) -> None:
    ids = {**ids, "Where": turns.ask("What is REFT?").references[0].paper_id}
    query = ask(question, turns.turns([before]))
    assert (query.kind, query.papers) == (kind, (ids[title],))


@pytest.mark.parametrize(
    ("before", "question", "count"),
    [
        ("papers by Soeun Kim", "Which of those are about unlearning?", 4),
        ("papers by Soeun Kim", "Do any of them have code?", 4),
        ("Which papers are about federated learning?", "Which of these is older?", 2),
    ],
)
def test_a_plural_follow_up_stays_among_the_papers_before(
    turns: Assistant, ask: Understand, before: str, question: str, count: int
) -> None:
    query = ask(question, turns.turns([before]))
    assert query.filters.paper_ids is not None
    assert len(query.filters.paper_ids) == count
    assert query.kind in ("papers", "count")


def test_another_period_or_author_goes_on_from_the_list_before(turns: Assistant, ask: Understand) -> None:
    history = turns.turns(["papers on quantization by Soeun Kim in 2026"])
    other_year = ask("and in 2025?", history)
    assert (other_year.filters.authors, other_year.topic) == (("Soeun Kim",), "quantization")
    assert other_year.filters.since == date(2025, 1, 1)
    assert ask("How many are there from 2025?", history).filters.authors == ("Soeun Kim",)
    other_author = ask("What about Yoonjun Cho?", history)
    assert other_author.filters.authors == ("Yoonjun Cho",)
    assert (other_author.filters.since, other_author.topic) == (date(2026, 1, 1), "quantization")


@pytest.mark.parametrize("question", ["Compare them", "How do the two differ?", "What is the difference between them?"])
def test_them_may_be_compared(turns: Assistant, ask: Understand, question: str) -> None:
    for before in (["What is Gecko?", "What is MoMa?"], ["Compare Gecko with MoMa"]):
        query = ask(question, turns.turns(before))
        assert query.kind == "compare"
        assert len(query.papers) == 2


def test_it_is_compared_with_a_named_paper(turns: Assistant, ask: Understand, ids: dict[str, str]) -> None:
    query = ask("compare it with DAPD", turns.turns(["What is Rainbow Padding?"]))
    assert query.papers == (ids["Rainbow"], ids["Dependency-Aware"])


@pytest.mark.parametrize(
    "question", ["Which papers are about pruning?", "What is DUSK?", "Who won the World Cup in Qatar?", "hello"]
)
def test_a_question_of_its_own_is_not_drawn_into_the_turn_before(
    turns: Assistant, ask: Understand, question: str
) -> None:
    assert ask(question, turns.turns(["What is Rainbow Padding?"])).plan.steps == ask(question).plan.steps


def test_what_follows_facts_of_a_paper_told_by_its_topic_is_about_that_paper(ask: Understand) -> None:
    _, second = ask("who wrote the equation reasoner paper and on which model sizes was it tried?").plan.steps
    assert isinstance(second.arguments, Passages)
    assert second.arguments.of_step == 1


def test_the_second_half_of_a_question_is_about_the_paper_of_the_first(ask: Understand) -> None:
    first, second = ask("What is Rainbow Padding, and was padding trained for seven days?").plan.steps
    assert isinstance(first.arguments, Passages) and isinstance(second.arguments, Passages)
    assert second.arguments.papers == first.arguments.papers


@pytest.mark.parametrize(
    ("before", "question", "kind", "titles"),
    [
        (SOEUNS, "compare the first two", "compare", ["Where", "Preserve-Then-Quantize"]),
        (SOEUNS, "compare the second and the third", "compare", ["Preserve-Then-Quantize", "Assigning"]),
        (SOEUNS, "how do the first and the last differ?", "compare", ["Where", "DUSK"]),
        (SOEUNS, "compare the first one with DAPD", "compare", ["Where", "Dependency-Aware"]),
        (SOEUNS, "the 3rd one", "definition", ["Assigning"]),
        (SOEUNS, "tell me about [2]", "definition", ["Preserve-Then-Quantize"]),
        (SOEUNS, "What does paper 3 propose?", "fact", ["Assigning"]),
        (SOEUNS, "who wrote the second one?", "authors", ["Preserve-Then-Quantize"]),
        (RAINBOW, "is it better than DAPD?", "compare", ["Rainbow", "Dependency-Aware"]),
        (RAINBOW, "compare it with DAPD", "compare", ["Rainbow", "Dependency-Aware"]),
        (RAINBOW, "How does federated learning work?", "survey", []),
    ],
)
def test_places_and_comparisons_refer_to_the_turn_before(
    turns: Assistant,
    ask: Understand,
    ids: dict[str, str],
    before: str,
    question: str,
    kind: str,
    titles: list[str],
) -> None:
    ids = {**ids, "Where": turns.ask("What is REFT?").references[0].paper_id}
    query = ask(question, turns.turns([before]))
    assert (query.kind, query.papers) == (kind, tuple(ids[title] for title in titles))


@pytest.mark.parametrize(
    ("before", "question", "like"),
    [
        (RAINBOW, "more like this", "Rainbow"),
        (RAINBOW, "similar papers from 2026", "Rainbow"),
        (SOEUNS, "more like the second one", "Preserve-Then-Quantize"),
        ("hello", "papers similar to DUSK", "DUSK"),
    ],
)
def test_more_of_its_like_can_be_wanted(
    turns: Assistant, ask: Understand, ids: dict[str, str], before: str, question: str, like: str
) -> None:
    query = ask(question, turns.turns([before]))
    assert (query.kind, query.papers) == ("similar", (ids[like],))


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("only those with code", Filters(has_code=True)),
        ("only from 2026", YEAR_2026),
        ("exclude 2026", Filters(excluding=(YEAR_2026,))),
        ("without those by Dongjae Jeon", Filters(excluding=(DONGJAE,))),
        ("drop the ones about pruning", Filters(excluding=(PRUNING,))),
        ("which is the newest of them?", Filters()),
        ("the newest one", Filters()),
    ],
)
def test_a_list_can_be_narrowed(turns: Assistant, ask: Understand, question: str, filters: Filters) -> None:
    query = ask(question, turns.turns([SOEUNS]))
    assert query.kind == "papers"
    assert query.topic == ""
    assert query.filters.authors == ("Soeun Kim",) or len(query.filters.paper_ids or ()) == 4
    assert replace(query.filters, paper_ids=None, authors=()) == filters


@pytest.mark.parametrize(
    "question", ["what are the 3 newest papers", "which papers are from 2026?", "list the oldest papers"]
)
def test_a_question_that_speaks_of_papers_itself_narrows_no_list(
    turns: Assistant, ask: Understand, question: str
) -> None:
    assert ask(question, turns.turns(["papers on pruning"])) == ask(question)


def test_what_is_added_about_somebody_just_named_is_about_that_person(ask: Understand) -> None:
    (step,) = ask("Who is Soeun Kim and what does she work on?").plan.steps
    assert isinstance(step.arguments, AuthorWork)
    assert step.arguments.name == "Soeun Kim"


def test_a_version_of_the_one_paper_before_is_that_paper(
    turns: Assistant, ask: Understand, ids: dict[str, str]
) -> None:
    history = turns.turns(["What is Rainbow Padding?"])
    assert ask("how does the 8b one do on math", history).papers == (ids["Rainbow"],)


def test_a_question_in_a_few_words_is_asked_of_the_paper_before_first(turns: Assistant) -> None:
    history = turns.turns(["Summarise the Mecellem paper"])
    answer = turns.ask("and the perplexity drop on turkish legal text?", history=history, model=LOCAL)
    assert "36.2%" in answer.text
    assert len(answer.references) == 1
    of_all = turns.ask("lottery jackpots sparsity", history=history, model=LOCAL)
    assert answer.references[0].title not in {one.title for one in of_all.references}


def test_a_sign_behind_a_name_is_none_of_it(ask: Understand) -> None:
    plan = ask("who is the first author of DUSK & how many methods did they test").plan
    assert [step.operation for step in plan.steps] == ["facts", "passages"]
