"""Where the listings of one paper contradict each other: what counts, and what an answer says of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from assistant.pipeline import Assistant
from assistant.planning.plan import Turn
from assistant.records import Answer, Verdict
from assistant.settings import Settings
from tests.openai_server import Script, openai_server
from tests.test_papers import ENTRIES
from vectorstore.library import Library
from vectorstore.listings.entry import Entry
from vectorstore.papers.field_conflicts import Conflict, Field, PrintedEntry, conflicts, same_person
from vectorstore.papers.grouping import Provenance
from vectorstore.papers.paper import Paper

ABSTRACT = (
    "We present Lantern, an engine that weaves algebraic patterns with punched cards. Lantern cuts the time of weaving"
    " by 40% on the Jacquard benchmark. It needs no steam."
)


@dataclass(frozen=True)
class Card:
    """One paper on a page; `head` stands above its title on a profile page, `foot` below its text on a daily one."""

    title: str = "Lantern: Weaving Patterns With Punched Cards"
    authors: str = "Luigi Menabrea, Ada Lovelace"
    head: str = "LGOct 4, 2025"
    foot: str = "• 2 authors\n·\nOct 4, 2025"
    abstract: str = ABSTRACT


BERNOULLI = Card(
    "Notes on Bernoulli Numbers",
    "Ada Lovelace, Charles Babbage",
    "CLJun 2, 2025",
    "• 2 authors\n·\nJun 2, 2025",
    "We compute Bernoulli numbers by a machine. Nobody did so before, since no machine was there.",
)


def profile(*cards: Card, owner: str = "Ada Lovelace") -> str:
    body = "\n\n".join(f"{card.head}\n{card.title}\n\n{card.authors}\n\n{card.abstract}" for card in cards)
    return f"{owner}\n\n{len(cards)} Papers\n\n{body}\n"


def headerless(*cards: Card) -> str:
    return "\n".join(f"{card.head}\n{card.title}{card.authors}\n{card.abstract}" for card in cards)


def daily(*cards: Card) -> str:
    body = "\n\n".join(f"{card.title}\n\n{card.abstract}\n\n  {card.foot}" for card in cards)
    return f"Daily Papers\n\nApr 15\n\n{body}\n"


@contextmanager
def library_of(folder: Path, **pages: str) -> Iterator[Library]:
    """Yield a library of pages, each in a file of its name."""
    files = [folder / f"{name}.txt" for name in pages]
    for file, page in zip(files, pages.values(), strict=True):
        file.write_text(page, encoding="utf-8")
    with Library(folder / "library") as library:
        library.ingest(files)
        yield library


def lantern(library: Library) -> Paper:
    (paper,) = (paper for paper in library.papers() if paper.title.lower().startswith("lantern"))
    return paper


def found_in(library: Library) -> tuple[Conflict, ...]:
    return library.catalogue.conflicts_of(lantern(library))


def ask(library: Library, question: str, **more: Any) -> Answer:
    return Assistant(library, Settings()).ask(question, **more)


def differing(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences if sentence.text.startswith("The listings")]


DATES = {"profile_a": profile(Card(), BERNOULLI), "daily_b": daily(Card(foot="• 2 authors\n·\nOct 6, 2025"), BERNOULLI)}
SAID_OF_DATES = "The listings differ: profile_a.txt gives 2025-10-04, daily_b.txt gives 2025-10-06 [1]."


# -- what is a conflict


def test_a_conflict_names_the_field_and_each_value_with_its_places(tmp_path: Path) -> None:
    with library_of(tmp_path, **DATES, saved_c=headerless(Card())) as library:
        (conflict,) = found_in(library)

    assert conflict.field is Field.DATE
    assert [
        (value.entry.published, [(place.listing, place.line) for place in value.places]) for value in conflict.values
    ] == [(date(2025, 10, 6), [("daily_b.txt", 5)]), (date(2025, 10, 4), [("profile_a.txt", 5), ("saved_c.txt", 1)])]


CONTRADICTIONS = {
    "another day without a year": (Card(), Card(head="LGOct 6"), Field.DATE),
    "another year": (Card(), Card(head="LGOct 4, 2024"), Field.DATE),
    "another number in the title": (
        Card(title="Lantern 1.5: Weaving Patterns With Cards"),
        Card(title="Lantern 15: Weaving Patterns With Cards"),
        Field.TITLE,
    ),
    "another author": (Card(), Card(authors="Luigi Menabrea, Mary Somerville"), Field.AUTHORS),
    "one author more": (Card(), Card(authors="Luigi Menabrea, Ada Lovelace, Mary Somerville"), Field.AUTHORS),
    "a name spelt as another one": (
        Card(authors="Bumjun Kim, Luigi Menabrea, Ada Lovelace et al."),
        Card(authors="Beomjun Kim, Luigi Menabrea, Ada Lovelace et al."),
        Field.AUTHORS,
    ),
    "a name that the whole list does not have": (
        Card(authors="Luigi Menabrea, Mary Somerville et al."),
        Card(),
        Field.AUTHORS,
    ),
    "another affiliation": (
        Card(authors="Luigi Menabrea, Ada Lovelace · turin"),
        Card(authors="Luigi Menabrea, Ada Lovelace · milan"),
        Field.AFFILIATION,
    ),
    "a mark for code": (Card(head="LGOct 4, 2025Code"), Card(), Field.CODE),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
@pytest.mark.parametrize("page", [profile, headerless])
def test_profile_pages_that_contradict_each_other(tmp_path: Path, case: str, page: Any) -> None:
    one, other, field = CONTRADICTIONS[case]
    with library_of(tmp_path, one=profile(one, BERNOULLI), other=page(other, BERNOULLI)) as library:
        assert [conflict.field for conflict in found_in(library)] == [field]


VARIANTS = {
    "the year left out": (Card(), Card(head="LGOct 4")),
    "the date left out": (Card(), Card(head="LG")),
    "initials": (Card(), Card(authors="L. Menabrea, A. Lovelace")),
    "initials without stops": (Card(authors="Luigi F. Menabrea, Lovelace"), Card(authors="LF Menabrea, Lovelace")),
    "a middle name": (Card(), Card(authors="Luigi Menabrea, Ada King Lovelace")),
    "accents": (Card(authors="Luigi Ménabrea, Åda Lovelace"), Card()),
    "an umlaut spelt out": (Card(authors="Luigi Müller, Ada Lovelace"), Card(authors="Luigi Mueller, Ada Lovelace")),
    "case": (Card(authors="BumJun Kim, Ada Lovelace"), Card(authors="Bumjun KIM, Ada Lovelace")),
    "a hyphen": (Card(authors="Bum-Jun Kim, Ada Lovelace"), Card(authors="Bumjun Kim, Ada Lovelace")),
    "the family name first": (Card(), Card(authors="Menabrea Luigi, Lovelace Ada")),
    "another order of authors": (Card(), Card(authors="Ada Lovelace, Luigi Menabrea")),
    "a list cut short": (
        Card(authors="Luigi Menabrea, Ada Lovelace, Mary Somerville"),
        Card(authors="Luigi Menabrea, Ada Lovelace et al."),
    ),
    "two lists cut at other names": (
        Card(authors="Luigi Menabrea, Mary Somerville et al."),
        Card(authors="Luigi Menabrea, Charles Babbage et al."),
    ),
    "the title's case and marks": (Card(), Card(title="LANTERN – Weaving Patterns with Punched-Cards")),
    "an affiliation left out": (Card(authors="Luigi Menabrea, Ada Lovelace · turin"), Card()),
    "an affiliation shortened": (
        Card(authors="Luigi Menabrea, Ada Lovelace · stanford university"),
        Card(authors="Luigi Menabrea, Ada Lovelace · stanford"),
    ),
    "an affiliation's acronym": (
        Card(authors="Luigi Menabrea, Ada Lovelace · massachusetts institute of technology"),
        Card(authors="Luigi Menabrea, Ada Lovelace · mit"),
    ),
    "another score and category": (Card(), Card(head="65.9CVOct 4, 2025")),
}  # fmt: skip


@pytest.mark.parametrize("case", VARIANTS)
def test_what_is_put_differently_is_no_conflict(tmp_path: Path, case: str) -> None:
    one, other = VARIANTS[case]
    with library_of(tmp_path, one=profile(one, BERNOULLI), other=profile(other, BERNOULLI, owner="Bo")) as library:
        assert len(lantern(library).entries) == 2
        assert found_in(library) == ()


def test_a_daily_page_contradicts_in_what_it_prints_alone(tmp_path: Path) -> None:
    page = profile(Card(head="LGOct 4, 2025Code"), BERNOULLI)
    other = daily(
        Card(foot="• 3 authors\n·\nOct 4, 2025"), replace(BERNOULLI, foot="engine-lab Engine Lab\n·\nJun 2, 2025")
    )
    with library_of(tmp_path, page=page, other=other) as library:
        assert [conflict.field for conflict in found_in(library)] == [Field.AUTHOR_COUNT]
        assert all(not library.catalogue.conflicts_of(paper) for paper in library.papers() if paper != lantern(library))


def test_two_organisations_of_one_paper(tmp_path: Path) -> None:
    one, other, same = (
        daily(Card(foot=f"{name}\n·\nOct 4, 2025"))
        for name in ("nvidia NVIDIA", "engine Engine Lab", "nv Nvidia Research")
    )
    with library_of(tmp_path, one=one, other=other, same=same) as library:
        answer = ask(library, "Who wrote Lantern?")

    assert differing(answer) == [
        "The listings differ: other.txt gives Engine Lab, one.txt and same.txt give NVIDIA [1]."
    ]


def test_papers_that_only_share_their_title_do_not_contradict_each_other(tmp_path: Path) -> None:
    other = Card(
        authors="Mary Somerville",
        head="CVMay 1, 2020",
        abstract="Street lamps burn gas at night. Here their flames are counted, weighed and drawn by hand.",
    )
    with library_of(tmp_path, one=profile(Card()), other=profile(other, owner="Mary Somerville")) as library:
        assert len(library.papers()) == 2
        assert all(library.catalogue.conflicts_of(paper) == () for paper in library.papers())


def test_the_seeds_contradict_themselves_nowhere(seeds_library: Library) -> None:
    papers = seeds_library.papers()
    assert sum(len(paper.entries) > 1 for paper in papers) == 4
    assert all(seeds_library.catalogue.conflicts_of(paper) == () for paper in papers)


# -- what the answer says


def test_who_asks_when_hears_of_both_dates(tmp_path: Path) -> None:
    with library_of(tmp_path, **DATES) as library:
        answer = ask(library, "When did Lantern appear?")

    *_, last = answer.sentences
    assert last.text == SAID_OF_DATES
    assert (last.verdict, last.citations) == (Verdict.COMPUTED, (1,))
    assert answer.text[last.start : last.end] == last.text
    assert answer.text.endswith(SAID_OF_DATES)
    assert [answer.citations[place].number for place in last.quotes] == [1]
    assert str(tmp_path) not in json.dumps(answer.record())


def test_the_sentence_is_part_of_what_is_streamed(tmp_path: Path) -> None:
    with library_of(tmp_path, **DATES) as library:
        *events, answer = Assistant(library, Settings()).stream("When did Lantern appear?")

    assert isinstance(answer, Answer)
    assert "".join(event for event in events if isinstance(event, str)) == answer.text


ASKED = {
    "who": (
        "Who wrote Lantern?",
        Card(authors="Luigi Menabrea, Ida Lovelace"),
        "The listings differ: one.txt names Ada Lovelace, other.txt names Ida Lovelace [1].",
    ),
    "who, one more": (
        "Who are the authors of Lantern?",
        Card(authors="Luigi Menabrea, Ada Lovelace, Mary Somerville"),
        "The listings differ: other.txt names Mary Somerville, one.txt does not [1].",
    ),
    "code": (
        "Is there code for Lantern?",
        Card(head="LGOct 4, 2025Code"),
        "The listings differ: other.txt marks code, one.txt does not [1].",
    ),
    "when, without a year": (
        "When was Lantern published?",
        Card(head="LGOct 6"),
        "The listings differ: one.txt gives 2025-10-04, other.txt gives 6 October without a year [1].",
    ),
}


@pytest.mark.parametrize("case", ASKED)
def test_who_asks_for_a_field_hears_what_each_listing_says(tmp_path: Path, case: str) -> None:
    question, other, said = ASKED[case]
    with library_of(tmp_path, one=profile(Card()), other=profile(other)) as library:
        assert differing(ask(library, question)) == [said]


def test_files_of_one_name_are_told_apart_by_their_lines(tmp_path: Path) -> None:
    for folder, page in (("a", profile(Card())), ("b", "\n\n" + profile(Card(head="LGOct 6, 2025")))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "page.txt").write_text(page)
    with Library(tmp_path / "library") as library:
        library.ingest([tmp_path / "a" / "page.txt", tmp_path / "b" / "page.txt"])
        answer = ask(library, "When did Lantern appear?")

    assert differing(answer) == [
        "The listings differ: page.txt (line 5) gives 2025-10-04, page.txt (line 7) gives 2025-10-06 [1]."
    ]


def test_an_answer_about_something_else_does_not_speak_of_dates(tmp_path: Path) -> None:
    with library_of(tmp_path, **DATES) as library:
        for question in ("What is Lantern?", "By how much does Lantern cut the time of weaving?", "Is there code?"):
            before = Turn("Lantern", paper_ids=(lantern(library).paper_id,))
            assert differing(ask(library, question, history=[before])) == []
        assert differing(ask(library, "When did Notes on Bernoulli Numbers appear?")) == []


def test_an_answer_with_the_year_speaks_of_years_that_differ(tmp_path: Path) -> None:
    with library_of(tmp_path, one=profile(Card()), other=profile(Card(head="LGOct 4, 2024"))) as library:
        answer = ask(library, "What is Lantern?")

    assert "(2024)" in answer.text
    assert len(differing(answer)) == 1


def test_of_two_papers_the_one_meant_is_named(tmp_path: Path) -> None:
    with library_of(tmp_path, **DATES) as library:
        answer = ask(library, "When did Lantern and Notes on Bernoulli Numbers appear?")

    assert differing(answer) == [SAID_OF_DATES.replace("listings", "listings of “Lantern”")]


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("List all papers", 0),
        ("Papers about punched cards", 0),
        ("Which papers are from October 2025?", 1),
        ("What is the newest paper?", 1),
        ("Papers with code", 0),
        ("Papers by Ada Lovelace", 0),
    ],
)
def test_a_list_speaks_of_it_where_it_is_chosen_by_it(tmp_path: Path, question: str, count: int) -> None:
    cards = Card(head="LGOct 4, 2025Code"), BERNOULLI
    with library_of(tmp_path, profile_a=profile(*cards), daily_b=DATES["daily_b"]) as library:
        answer = ask(library, question)

    assert "Lantern" in answer.text
    assert len(differing(answer)) == count


def test_a_list_by_an_author_tells_which_listing_does_not_name_them(tmp_path: Path) -> None:
    other = Card(authors="Luigi Menabrea, Ida Lovelace")
    with library_of(tmp_path, one=profile(Card(), BERNOULLI, owner="Bo"), other=profile(other, owner="Bo")) as library:
        assert len(differing(ask(library, "Papers by Ada Lovelace"))) == 1
        assert differing(ask(library, "Papers by Luigi Menabrea")) == []


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("Lantern, which appeared on October 4, 2025, weaves algebraic patterns with punched cards [1].", 1),
        ("Lantern of 4 October 2025 weaves algebraic patterns with punched cards [1].", 1),
        ("Lantern (2025) weaves algebraic patterns with punched cards [1].", 0),
    ],
)
def test_any_model_that_uses_the_date_is_followed_by_the_sentence(tmp_path: Path, written: str, count: int) -> None:
    with library_of(tmp_path, **DATES) as library, openai_server(Script(pieces=(written,))) as server:
        answer = ask(library, "What is Lantern?", model=f"{server.base_url}#chosen")

    assert answer.text == written + ("\n\n" + SAID_OF_DATES) * count
    assert [sentence.verdict for sentence in answer.sentences[1:]] == [Verdict.COMPUTED] * count


def test_a_name_of_a_file_is_no_citation(tmp_path: Path) -> None:
    pages = {"[7] **page**": DATES["profile_a"], "daily_b": DATES["daily_b"]}
    with library_of(tmp_path, **pages) as library:
        answer = ask(library, "When did Lantern appear?")

    assert differing(answer) == [SAID_OF_DATES.replace("profile_a", "`[7]` page")]


# -- whatever is printed


@examples(max_examples=200, deadline=None)
@given(st.lists(ENTRIES, max_size=5), st.randoms(use_true_random=False))
def test_conflicts_are_the_same_in_any_order_and_between_values_that_differ(
    entries: list[Entry], chance: Random
) -> None:
    printed = [
        PrintedEntry(Provenance(f"page{number}.txt", 1, "0" * 64), chance.choice(["profile", "daily"]), entry)
        for number, entry in enumerate(entries)
    ]
    found = conflicts(printed)

    assert conflicts(chance.sample(printed, len(printed))) == found
    for conflict in found:
        assert len(conflict.values) > 1
        places = [place for value in conflict.values for place in value.places]
        assert len(set(places)) == len(places)


@examples(max_examples=200, deadline=None)
@given(ENTRIES, st.integers(1, 4))
def test_an_entry_never_contradicts_itself(entry: Entry, count: int) -> None:
    printed = [PrintedEntry(Provenance(f"{number}.txt", 1, "0" * 64), "profile", entry) for number in range(count)]
    assert conflicts(printed) == ()


NAMES = st.sampled_from(
    ["Ada Lovelace", "Lovelace, Ada", "A. Lovelace", "Bumjun Kim", "Beomjun Kim", "Kim", "JK Kim", ":"]
)


@given(NAMES | st.text(max_size=30), NAMES | st.text(max_size=30))
def test_being_the_same_person_goes_both_ways(one: str, other: str) -> None:
    assert same_person(one, other) == same_person(other, one)
    assert same_person(one, one) or not one.strip() or not any(map(str.isalnum, one))
