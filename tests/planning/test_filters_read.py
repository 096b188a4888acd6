"""Which filters a question names: people, periods, organisations, listings, and how they are joined."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.planning.dates import periods_in
from assistant.planning.misspelt import MisspeltPapers
from assistant.planning.people import People
from assistant.planning.vocabulary import Vocabulary
from tests.planned import TODAY, Understand, understood
from vectorstore.catalogue.filters import Filters

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
    misspelt_words=lambda _: (),
)
PRUNING = Filters(saying="pruning")


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
    ("question", "since"),
    [("diffusion models 2026", date(2026, 1, 1)), ("results on imagenet 2012", None), ("WMT 2014", None)],
)
def test_a_year_at_the_end_is_a_date_unless_abstracts_have_it_there(since: date | None, question: str) -> None:
    vocabulary = replace(NOBODY, is_general=lambda form, _: form == "imagenet 2012")
    assert understood(question, vocabulary, today=TODAY).filters.since == since


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


def test_an_author_misspelt_before_papers_is_read(ask: Understand) -> None:
    query = ask("moongu jeon papers")
    assert query.filters.authors == ("Moongyu Jeon",)
    assert ask("graph learning papers").filters.authors == ()
