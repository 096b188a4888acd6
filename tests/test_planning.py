"""What a question asks: its kind, its topic, its filters, and what it refers to in the turns before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.pipeline import Assistant
from assistant.planning.dates import periods_in
from assistant.planning.local import cleaned
from assistant.planning.misspelt import MisspeltPapers
from assistant.planning.people import People
from assistant.planning.plan import AuthorWork, Compare, Form, Order, Passages, Plan, Table, Turn
from assistant.planning.vocabulary import Vocabulary
from assistant.settings import Settings
from assistant.text.words import content_words
from tests.planned import Understood, understood
from vectorstore.catalogue.filters import Filters
from vectorstore.errors import QuestionError
from vectorstore.library import Library

TODAY = date(2026, 7, 1)
SOEUN, BUMJUN, DONGJAE = (Filters(authors=(name,)) for name in ("Soeun Kim", "Bumjun Kim", "Dongjae Jeon"))
YEAR_2024, YEAR_2026 = (Filters(since=date(year, 1, 1), until=date(year, 12, 31)) for year in (2024, 2026))
PAGES = Filters(listing="Bumjun Kim", excluding=(Filters(listing="Soeun Kim"),))
NOBODY = Vocabulary(
    people=People({}),
    titles={},
    coined={},
    is_general=lambda _name, _paper: False,
    printed_names=frozenset(),
    squeezed={},
    categories={},
    venues={},
    identifiers={},
    organizations={},
    listings={},
    page_owners=frozenset(),
    daily_listings=(),
    misspelt=MisspeltPapers({}),
)
PRUNING = Filters(saying="pruning")


@pytest.fixture(scope="module")
def vocabulary(seeds_library: Library) -> Vocabulary:
    return Vocabulary.of(seeds_library.catalogue)


@pytest.fixture(scope="module")
def ids(seeds_library: Library) -> dict[str, str]:
    """Paper ids by the first word of the title."""
    return {paper.title.split()[0].rstrip(":"): paper.paper_id for paper in seeds_library.papers()}


@pytest.fixture
def ask(vocabulary: Vocabulary) -> "Understand":
    return Understand(vocabulary)


class Understand:
    """Understands questions on the seeds, on a fixed day."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def __call__(self, question: str, history: Sequence[Turn] = ()) -> Understood:
        return understood(question, self.vocabulary, history=history, today=TODAY)


# -- kinds


@pytest.mark.parametrize(
    ("kind", "questions"),
    [
        (
            "definition",
            "What is Rainbow Padding?|what's DAPD|Explain REFT|Tell me about Gecko|Describe EfficientAD|DAPD"
            "|Can you explain essential sparsity?|summarize InVirtuoGen|Give me a summary of the DUSK paper"
            "|What is the main idea of SNIP?|What does SOFT stand for?|What does ODLRI do?"
            "|What is meant by neural collapse?|I want to know what SRR is|Please define hyperfitting",
        ),
        (
            "figure",
            "How many padding tokens does Rainbow Padding need?|How large is the speedup of TLT?"
            "|By how much is TLT faster?|What accuracy does DeBERTaV3 reach on GLUE?"
            "|What perplexity reduction does it report?"
            "|What is the percentage of removed weights?",
        ),
        (
            "count",
            "How many papers are in the library?|How many of the papers are by Kyelim Lee?|Number of papers on pruning"
            "|Count the papers on federated learning|How many publications does Dongjae Jeon have?"
            "|how many recent articles deal with grokking?",
        ),
        (
            "authors",
            "Who wrote Rainbow Padding?|Who are the authors of DUSK?|Who is behind MoMa?|By whom was DUSK written?"
            "|Who proposed REFT?|Who is the first author of SNIP?|How many authors does R1-Reward have?",
        ),
        (
            "date",
            "When was DUSK published?|What year is MoMa from?|publication date of SNIP|How old is DeBERTaV3?"
            "|In which month did Gecko appear?|When was the paper on machine unlearning published?",
        ),
        (
            "papers",
            "Which papers are about pruning?|papers by Soeun Kim|grokking|anything about pruning?|Bumjun Kim"
            "|list all papers|What did Bumjun Kim publish in 2025?|Who works on diffusion models?"
            "|What do we have on denoising?|the three newest papers|2025 papers"
            "|Has anybody worked on robots?|Do you have papers on drug discovery?|machine unlearning"
            "|Could you list the works on distillation?",
        ),
        (
            "compare",
            "Compare DAPD with Rainbow Padding|DAPD vs. SRR|ODLRI versus SRR|How does SNIP differ from NVFP4?"
            "|What is the difference between MoMa and Gecko?|What do IDER and MoMa have in common?"
            "|Contrast SRR with ODLRI|In what way is WeLore different from SNIP?|How does MIND relate to DUSK?"
            "|What distinguishes DUSK from SNIP?",
        ),
        ("code", "Is the code of Rainbow Padding available?|Is there code for SNIP?|Where is the code of DUSK?"),
        (
            "fact",
            "Why do diffusion models stop early?|Which tokens activate most features?|What causes memorization in CLIP?"
            "|On which models was DAPD evaluated?|How does SAF avoid sharp minima?|Does warm-starting hurt?"
            "|What is the two-fold role of the <eos> token according to the paper on early termination?",
        ),
        ("greeting", "hello|Hi there!|thanks a lot|good morning|OK"),
        ("abilities", "What can you do?|who are you|help|How does this work?"),
    ],
)
def test_how_a_question_is_put_says_what_is_wanted(ask: Understand, kind: str, questions: str) -> None:
    for question in questions.split("|"):
        assert ask(question).kind == kind, question


# -- topics


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        (
            "Which papers are about reinforcement learning for LLM reasoning?",
            "reinforcement learning for LLM reasoning",
        ),
        ("Could you list the works on distillation?", "distillation"),
        ("What do we have on image denoising?", "image denoising"),
        ("papers by Soeun Kim on quantization", "quantization"),
        ("How many papers are about unlearning?", "unlearning"),
        ("Count the papers on federated learning", "federated learning"),
        ("How many papers are in the library?", ""),
        ("list everything by Dongjae Jeon", ""),
        ("Everything Dueun Kim co-authored", ""),
        ("What has Prof. Albert No been working on?", ""),
        ("the three newest papers about pruning", "pruning"),
        ("Which papers from 2025 deal with grokking?", "grokking"),
        ("What is there about quantum computing?", "quantum computing"),
    ],
)
def test_the_topic_is_what_the_list_is_about(ask: Understand, question: str, topic: str) -> None:
    assert ask(question).topic == topic


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("Who wrote the paper on gradient noise?", "gradient noise"),
        ("When was the paper about unlearning published?", "unlearning"),
        ("In which year did the lottery ticket paper come out?", "lottery ticket"),
        ("Name the authors of the study on warm starting", "warm starting"),
    ],
)
def test_a_paper_may_be_meant_by_its_topic(ask: Understand, question: str, searched: str) -> None:
    assert ask(question).topic == searched


@pytest.mark.parametrize(
    ("question", "order", "limit"),
    [
        ("the three newest papers", Order.NEWEST, 3),
        ("What is the latest paper by Moongyu Jeon?", Order.NEWEST, 1),
        ("Which is the oldest paper?", Order.OLDEST, 1),
        ("top 5 papers on pruning", None, 5),
        ("10 papers about transformers", None, 10),
        ("recent papers on grokking", Order.NEWEST, None),
        ("papers on grokking", None, None),
        ("pruning papers in order of date", Order.NEWEST, None),
        ("papers on pruning by date", Order.NEWEST, None),
    ],
)
def test_order_and_number(ask: Understand, question: str, order: Order | None, limit: int | None) -> None:
    query = ask(question)
    assert (query.order, query.limit) == (order, limit)


# -- filters


@pytest.mark.parametrize(
    ("question", "authors"),
    [
        ("papers by Soeun Kim", ("Soeun Kim",)),
        ("papers by SOEUN KIM", ("Soeun Kim",)),
        ("what did bumjun kim publish", ("Bumjun Kim",)),
        ("Kyelim Lee's publications", ("Kyelim Lee",)),
        ("Which papers did Kyelim Lee write with Albert No?", ("Kyelim Lee", "Albert No")),
        ("papers with both Kyelim Lee and Sangwoo Shin as authors", ("Kyelim Lee", "Sangwoo Shin")),
        ("What has Prof. Albert No written?", ("Albert No",)),
        ("papers by Choi", ("Wan Choi",)),
        ("Which papers are about pruning?", ()),
        ("no papers by anybody", ()),
    ],
)
def test_authors_are_known_by_name(ask: Understand, question: str, authors: tuple[str, ...]) -> None:
    assert {name.lower() for name in ask(question).filters.authors} == {name.lower() for name in authors}


def test_a_name_that_nobody_has_is_unknown(ask: Understand) -> None:
    assert ask("Papers by Geoffrey Hinton").unknown_author == "Geoffrey Hinton"
    assert ask("what did yann lecun publish").unknown_author == "yann lecun"
    assert ask("papers by Soeun Kim").unknown_author is None


def test_a_surname_of_several_people_names_them(ask: Understand) -> None:
    assert {"Bumjun Kim", "Soeun Kim"} <= set(ask("papers by Kim").namesakes)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("papers from 2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("How many papers from 2023 are there?", date(2023, 1, 1), date(2023, 12, 31)),
        ("Which 2026 papers are about pruning?", date(2026, 1, 1), date(2026, 12, 31)),
        ("papers since March 2024", date(2024, 3, 1), None),
        ("papers before 2020", None, date(2019, 12, 31)),
        ("papers until 2020", None, date(2020, 12, 31)),
        ("papers after 2020", date(2021, 1, 1), None),
        ("papers from 2019 to 2021", date(2019, 1, 1), date(2021, 12, 31)),
        ("papers between May 2024 and June 2025", date(2024, 5, 1), date(2025, 6, 30)),
        ("papers between January and March 2026", date(2026, 1, 1), date(2026, 3, 31)),
        ("papers in February 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("papers of last year", date(2025, 1, 1), date(2025, 12, 31)),
        ("papers of this month", date(2026, 7, 1), date(2026, 7, 31)),
        ("papers of last month", date(2026, 6, 1), date(2026, 6, 30)),
        ("papers in 2025-06", date(2025, 6, 1), date(2025, 6, 30)),
        ("papers from 2025-06-12", date(2025, 6, 12), date(2025, 6, 12)),
        ("papers published on 12 June 2025", date(2025, 6, 12), date(2025, 6, 12)),
        ("papers of June 12, 2025", date(2025, 6, 12), date(2025, 6, 12)),
        ("papers from this spring", date(2026, 3, 1), date(2026, 5, 31)),
        ("papers of last winter", date(2025, 12, 1), date(2026, 2, 28)),
        ("papers from summer 2025", date(2025, 6, 1), date(2025, 8, 31)),
        ("papers of the last two years", date(2024, 7, 1), TODAY),
        ("papers from the past 6 months", date(2026, 1, 1), TODAY),
        ("2019–2021 papers", date(2019, 1, 1), date(2021, 12, 31)),
        ("papers from 2019 on", date(2019, 1, 1), None),
        ("papers from 2024 or later", date(2024, 1, 1), None),
        ("papers not before 2021", date(2021, 1, 1), None),
        ("papers since 2023 but before 2025", date(2023, 1, 1), date(2024, 12, 31)),
        ("papers from the first half of 2025", date(2025, 1, 1), date(2025, 6, 30)),
        ("papers from Q4 2025", date(2025, 10, 1), date(2025, 12, 31)),
        ("papers from May", date(2026, 5, 1), date(2026, 5, 31)),
        ("papers from last week", date(2026, 6, 22), date(2026, 6, 28)),
        ("papers between November and February 2026", date(2025, 11, 1), date(2026, 2, 28)),
        ("papers from 31 June 2025", None, None),
    ],
)
def test_periods(ask: Understand, question: str, since: date | None, until: date | None) -> None:
    filters = ask(question).filters
    assert (filters.since, filters.until) == (since, until)


@pytest.mark.parametrize(
    "question", ["Who won the 2022 World Cup?", "ImageNet-2012 accuracy", "the 1,942 papers", "why"]
)
def test_a_number_is_not_always_a_year(question: str) -> None:
    assert not periods_in(question, today=TODAY) or understood_as_no_list(question)


def understood_as_no_list(question: str) -> bool:
    return not question.lower().startswith(("papers", "which"))


def test_organization_category_and_code_are_filters(ask: Understand) -> None:
    assert ask("papers from NVIDIA").filters.organization == "NVIDIA"
    assert ask("What did ByteDance Seed publish?").filters.organization == "ByteDance Seed"
    assert ask("papers in LG").filters.category == "LG"
    assert ask("bumjun kim, but only category LG").filters.category == "LG"
    assert ask("Which papers have code?").filters.has_code is True
    assert ask("papers with public code on pruning").topic == "pruning"


def test_a_question_about_a_paper_is_not_filtered_by_what_it_asks(ask: Understand) -> None:
    assert not ask("Is there code for Rainbow Padding?").filters
    assert not ask("Was Rainbow Padding published in 2025?").filters


# -- papers by name


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What is Rainbow Padding?", "Rainbow"),
        ("what is rainbow padding", "Rainbow"),
        ("Explain DAPD", "Dependency-Aware"),
        ("What does MIND distil?", "MIND"),
        ("Tell me about Gecko's design", "Gecko"),
        ("Who wrote When do Convolutional Neural Networks Stop Learning?", "When"),
    ],
)
def test_papers_are_known_by_title_and_by_coined_name(
    ask: Understand, ids: dict[str, str], question: str, title: str
) -> None:
    assert ask(question).papers == (ids[title],)


def test_a_title_with_a_question_mark_is_one_question_and_several_questions_on_a_paper_are_not(
    ask: Understand, ids: dict[str, str]
) -> None:
    title = "When do Convolutional Neural Networks Stop Learning?"
    assert [step.operation for step in ask(f"{title} in one sentence").plan.steps] == ["passages"]
    several = ask("What is Rainbow Padding, who wrote it, and is code available?").plan.steps
    assert [step.operation for step in several] == ["passages", "facts", "facts"]
    assert several[0].arguments.papers == (ids["Rainbow"],)


@pytest.mark.parametrize("question", ["Worum geht es bei DUSK?", "¿Para qué sirve DUSK en la práctica?"])
def test_of_a_paper_named_in_another_language_it_is_told_what_it_is(
    ask: Understand, ids: dict[str, str], question: str
) -> None:
    query = ask(question)
    assert (query.kind, query.papers) == ("definition", (ids["DUSK"],))
    assert query.plan.not_understood  # so that a chat model, where one was chosen, is asked for the plan
    (step,) = query.plan.steps
    assert isinstance(step.arguments, Passages) and step.arguments.question == "What is DUSK?"


def test_shorthand_is_read(ask: Understand, ids: dict[str, str]) -> None:
    assert ask("whats the diff between DUSK and SNIP").kind == "compare"
    assert ask("is there sth by Soeun Kim").kind == "papers"
    assert ask("cite the DAPD paper").kind == "bibtex"
    assert ask("cs.CL papers w code").plan.filters.has_code
    assert len(ask("what is DUSK n who wrote it").plan.steps) == 2


def test_one_of_several_is_told_by_what_is_said_of_it(turns: Assistant, ask: Understand, ids: dict[str, str]) -> None:
    (step,) = ask("what does the unlearning one report?", turns.turns([SOEUNS])).plan.steps

    assert isinstance(step.arguments, Passages)
    among = step.arguments.filters.paper_ids or ()
    assert len(among) > 2
    assert ids["DUSK"] in among


@pytest.mark.parametrize("question", ["What comes to mind?", "papers on padding", "Is it essential?"])
def test_a_word_that_is_no_name_as_printed_names_no_paper(ask: Understand, question: str) -> None:
    assert ask(question).papers == ()


# -- follow-ups


@pytest.fixture(scope="module")
def turns(seeds_library: Library) -> "Assistant":
    return Assistant(seeds_library, Settings())


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


# -- words


def test_content_words_are_those_of_the_subject() -> None:
    assert content_words("How many papers are about machine unlearning?") == {
        "machin": "machine",
        "unlearn": "unlearning",
    }
    assert content_words("What does it mean, and which one is better?") == {}


# -- any text


def test_control_characters_and_white_space_are_cleaned() -> None:
    assert cleaned(" What\tis\x00 it?\n ") == "What is it?"


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_is_understood_or_refused(vocabulary: Vocabulary, text: str) -> None:
    try:
        query = understood(text, vocabulary, today=TODAY)
    except QuestionError:
        return
    assert query.plan.steps


@settings(max_examples=150, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(
            "what which papers by Kim Soeun Bumjun No and the of is are between in 2025 since compare it them paper"
            " about with who wrote how many code DAPD Rainbow Padding ? , latest 3".split()
        ),
        max_size=14,
    )
)
def test_any_order_of_words_is_understood_or_refused(vocabulary: Vocabulary, words: list[str]) -> None:
    text = " ".join(words)
    history = [Turn("What is DAPD?", Plan(), ("e60203e0dfe1", "426ade3bcb70"))]
    for turns in ((), history):
        try:
            understood(text, vocabulary, history=turns, today=TODAY)
        except QuestionError:
            continue


# -- how names are joined


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("papers by Soeun Kim or Bumjun Kim", Filters(any_of=(SOEUN, BUMJUN))),
        ("papers by Soeun Kim and papers by Bumjun Kim", Filters(any_of=(SOEUN, BUMJUN))),
        ("papers by Albert No but not Dongjae Jeon", Filters(authors=("Albert No",), excluding=(DONGJAE,))),
        (
            "papers by Albert No and Soeun Kim or Dongjae Jeon",
            Filters(any_of=(Filters(authors=("Albert No", "Soeun Kim")), DONGJAE)),
        ),
        ("papers by soeun kim, bumjun kim and albert no", Filters(authors=("Soeun Kim", "Bumjun Kim", "Albert No"))),
        ("papers not by Dongjae Jeon", Filters(excluding=(DONGJAE,))),
        ("papers not by Soeun Kim or Dongjae Jeon", Filters(excluding=(SOEUN, DONGJAE))),
        ("papers without code", Filters(has_code=False)),
        ("papers that don't have code", Filters(has_code=False)),
        ("papers in category CL or CV", Filters(any_of=(Filters(category="CL"), Filters(category="CV")))),
        ("cs.LG papers", Filters(category="LG")),
        ("papers not in LG", Filters(excluding=(Filters(category="LG"),))),
        ("papers from 2024 or 2026", Filters(any_of=(YEAR_2024, YEAR_2026))),
        ("papers by Soeun Kim not from 2026", Filters(authors=("Soeun Kim",), excluding=(YEAR_2026,))),
        ("papers not about vision or speech", Filters(excluding=(Filters(saying="vision"), Filters(saying="speech")))),
        ("Albert No's papers except those on pruning", Filters(authors=("Albert No",), excluding=(PRUNING,))),
        ("bytedance papers", Filters(organization="ByteDance Seed")),
        ("anything from nvidia lately", Filters(organization="NVIDIA")),
        ("papers on Bumjun Kim's page", Filters(listing="Bumjun Kim")),
        ("papers by Kim, Bumjun", BUMJUN),
        ("papers by kim bumjun", BUMJUN),
        ("papers by Prof. Bumjun Kim", BUMJUN),
        ("papers by Soeun Kim or from 2026", Filters(any_of=(SOEUN, YEAR_2026))),
        (
            "papers by Soeun Kim or Bumjun Kim from 2024 or 2026",
            Filters(any_of=(SOEUN, BUMJUN), also=(Filters(any_of=(YEAR_2024, YEAR_2026)),)),
        ),
        ("papers by neither Soeun Kim nor Dongjae Jeon", Filters(excluding=(SOEUN, DONGJAE))),
        ("papers no later than 2019", Filters(until=date(2019, 12, 31))),
        ("papers whose code is available", Filters(has_code=True)),
        ("papers on Bumjun Kim's page but not on Soeun Kim's page", PAGES),
        ("papers by B. Kim", BUMJUN),
        ("Did Soeun Kim write anything with Wan Choi?", Filters(authors=("Soeun Kim", "Wan Choi"))),
    ],
    ids=str,
)
def test_or_and_not_are_read(ask: Understand, question: str, filters: Filters) -> None:
    query = ask(question)
    assert (query.kind, query.topic, query.filters) == ("papers", "", filters)


def test_a_paper_can_be_left_out(ask: Understand, ids: dict[str, str]) -> None:
    query = ask("papers on unlearning other than DUSK")
    assert (query.topic, query.papers) == ("unlearning", ())
    assert query.filters == Filters(excluding=(Filters(paper_ids=(ids["DUSK"],)),))


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("papers by Soeun Kin", "Soeun Kim"),
        ("What did Bumjum Kimm publish?", "Bumjun Kim"),
        ("papers by dongjea jeon", "Dongjae Jeon"),
    ],
)
def test_a_misspelt_author_is_taken_for_the_closest_and_said(ask: Understand, question: str, meant: str) -> None:
    query = ask(question)
    assert query.filters.authors == (meant,)
    (correction,) = query.plan.corrections
    assert correction.meant == meant


def test_a_month_is_no_surname() -> None:
    people = People({"tal august": "Tal August", "tom august": "Tom August"})
    vocabulary = replace(NOBODY, people=people)
    query = understood("papers of August 2025", vocabulary, today=TODAY)
    assert query.namesakes == ()
    assert query.filters == Filters(since=date(2025, 8, 1), until=date(2025, 8, 31))


@pytest.mark.parametrize("question", ["mosbach 2025 only", "mosbach papers since 2024", "mosbach, undated"])
def test_a_surname_is_a_name_where_no_abstract_has_it_as_a_word(question: str) -> None:
    vocabulary = replace(NOBODY, people=People({"ann mosbach": "Ann Mosbach"}))
    assert understood(question, vocabulary, today=TODAY).filters.authors == ("Ann Mosbach",)
    spoken = replace(vocabulary, is_general=lambda form, _: form == "mosbach")
    assert understood(question, spoken, today=TODAY).filters.authors == ()


@pytest.mark.parametrize(
    "question",
    [
        "how many have no publication date",
        "which papers are undated",
        "papers without a date",
        "list those lacking dates",
    ],
)
def test_papers_without_a_date_can_be_asked_for(ask: Understand, question: str) -> None:
    assert ask(question).filters == Filters(dated=False)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("DAPD or Rainbow Padding - which of them needs retraining?", "which of them needs retraining"),
        ("how does DUSK compare to Rainbow Padding in speed", "speed"),
        ("compare DUSK with Rainbow Padding", ""),
        ("what do DUSK and Rainbow Padding have in common", ""),
    ],
)
def test_papers_are_set_side_by_side_with_what_is_asked_of_each(ask: Understand, question: str, asked: str) -> None:
    (step,) = ask(question).plan.steps
    assert isinstance(step.arguments, Compare)
    assert (len(step.arguments.papers), step.arguments.question) == (2, asked)


@pytest.mark.parametrize(
    ("question", "columns"),
    [
        ("table of papers on pruning with columns method, year and sparsity", ("method", "date", "sparsity")),
        ("make a table paper | number of metrics for DUSK and DAPD", ("number of metrics",)),
        ("table of DUSK and DAPD with their training cost pls", ("training cost",)),
        ("table of papers on pruning", ()),
    ],
)
def test_a_table_has_the_columns_that_are_named(ask: Understand, question: str, columns: tuple[str, ...]) -> None:
    (step,) = ask(question).plan.steps
    assert isinstance(step.arguments, Table)
    assert step.arguments.columns == columns


def test_what_follows_facts_of_a_paper_told_by_its_topic_is_about_that_paper(ask: Understand) -> None:
    _, second = ask("who wrote the equation reasoner paper and on which model sizes was it tried?").plan.steps
    assert isinstance(second.arguments, Passages)
    assert second.arguments.of_step == 1


@pytest.mark.parametrize("question", ["welore main idea", "what is the corpus of mecellem"])
def test_a_paper_is_known_by_a_word_that_no_other_has(ask: Understand, question: str) -> None:
    assert len(ask(question).papers) == 1


@pytest.mark.parametrize(
    ("question", "since"),
    [("diffusion models 2026", date(2026, 1, 1)), ("results on imagenet 2012", None), ("WMT 2014", None)],
)
def test_a_year_at_the_end_is_a_date_unless_abstracts_have_it_there(since: date | None, question: str) -> None:
    vocabulary = replace(NOBODY, is_general=lambda form, _: form == "imagenet 2012")
    assert understood(question, vocabulary, today=TODAY).filters.since == since


def test_the_second_half_of_a_question_is_about_the_paper_of_the_first(ask: Understand) -> None:
    first, second = ask("What is Rainbow Padding, and was padding trained for seven days?").plan.steps
    assert isinstance(first.arguments, Passages) and isinstance(second.arguments, Passages)
    assert second.arguments.papers == first.arguments.papers


def test_a_definition_is_of_what_is_quoted(ask: Understand) -> None:
    (step,) = ask("“function tokens” in transformers - what do they mean").plan.steps
    assert isinstance(step.arguments, Passages) and step.arguments.subject == "function tokens"


def test_an_unknown_author_beside_a_known_one_is_not_dropped(ask: Understand) -> None:
    assert ask("papers by Soeun Kim and Geoffrey Hinton").unknown_author == "Geoffrey Hinton"
    assert ask("papers by Geoffrey Hinton and Soeun Kim").unknown_author == "Geoffrey Hinton"


@pytest.mark.parametrize(
    "question",
    [
        "there is no such thing as choi in this",
        "what did so many people find about pruning?",
        "no and so, an answer",
        "Why is there no collapse?",
        "is attention so important",
        "papers about learning without forgetting",
        "Which papers are about LLMs with code generation?",
        "What is done by major labs?",
    ],
)
def test_an_ordinary_word_is_no_filter(ask: Understand, question: str) -> None:
    query = ask(question)
    assert not query.filters
    assert not query.unknown_author
    assert not query.namesakes


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("who is Albert No?", "author"),
        ("Summarize the work of Dongjae Jeon", "author"),
        ("What is Soeun Kim known for?", "author"),
        ("Write a related work paragraph on quantization", "related_work"),
        ("draft the related work section about unlearning", "related_work"),
    ],
)
def test_summaries_and_related_work_are_told_from_lists(ask: Understand, question: str, kind: str) -> None:
    assert ask(question).kind == kind


@pytest.mark.parametrize(
    ("question", "order", "limit"),
    [
        ("the paper with the most authors", Order.MOST_AUTHORS, 1),
        ("Which 3 papers have the most authors?", Order.MOST_AUTHORS, 3),
        ("which paper has the fewest authors?", Order.FEWEST_AUTHORS, 1),
        ("most upvoted paper", Order.HIGHEST_SCORE, 1),
    ],
)
def test_unusual_orders(ask: Understand, question: str, order: Order, limit: int) -> None:
    query = ask(question)
    assert (query.kind, query.topic, query.order, query.limit) == ("papers", "", order, limit)


# -- more follow-ups

SOEUNS = "papers by Soeun Kim"  # answered with Where, Preserve-Then-Quantize, Assigning, DUSK
RAINBOW = "What is Rainbow Padding?"


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


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("make it longer", Form(length="long")),
        ("a detailed summary of DUSK", Form(length="long")),
        ("explain DUSK simply", Form(reader="simply")),
        ("explain DUSK to a student", Form(reader="to a student")),
        ("does thinking longer help", Form()),
        ("which decoders need shorter sequences", Form()),
        ("how does it pass knowledge to the student", Form()),
        ("what does DUSK give to an expert model", Form()),
    ],
)
def test_words_of_form_are_told_from_the_same_words_of_papers(ask: Understand, question: str, form: Form) -> None:
    assert ask(question).plan.form == form


def test_what_is_added_about_somebody_just_named_is_about_that_person(ask: Understand) -> None:
    (step,) = ask("Who is Soeun Kim and what does she work on?").plan.steps
    assert isinstance(step.arguments, AuthorWork)
    assert step.arguments.name == "Soeun Kim"


def test_a_title_is_known_without_its_article(ask: Understand) -> None:
    named = ask("What is The Hyperfitting Phenomenon about?").papers
    assert named
    assert ask("What is Hyperfitting Phenomenon about?").papers == named


@pytest.mark.parametrize(
    "asked", [", which needs less data?", " - which needs less data?", " – which needs less data?"]
)
def test_what_is_asked_of_two_sides_is_none_of_them(ask: Understand, asked: str) -> None:
    (step,) = ask(f"knowledge distillation vs. pruning{asked}").plan.steps
    assert isinstance(step.arguments, Compare)
    assert step.arguments.sides == ("knowledge distillation", "pruning")
    assert step.arguments.question == "which needs less data"


def test_a_span_of_years_is_not_taken_apart(ask: Understand) -> None:
    assert ask("papers from 2020 - 2022") == ask("papers from 2020-2022")


def test_a_contraction_begins_a_question_of_its_own(ask: Understand) -> None:
    assert len(ask("Who wrote DUSK, and where's the code?").plan.steps) == 2
