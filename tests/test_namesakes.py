"""Two people of one name kept apart, two names of one person put together, and both undone."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.facts.author_record import author_record
from assistant.facts.author_text import profile_lines
from assistant.facts.authors import author_profile
from assistant.pipeline import Assistant
from assistant.planning.people import People
from assistant.planning.vocabulary import Vocabulary
from assistant.settings import Settings
from tests.fakes import embed_beforehand
from tests.planned import understood
from vectorstore.catalogue.author_decisions import Kind
from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.catalogue.filters import Filters
from vectorstore.errors import AuthorError
from vectorstore.library import Library
from vectorstore.listings.entry import Entry, Listing, ProfileFigures
from vectorstore.text.folding import folded

NAME = "Bumjun Kim"
FIRST, SECOND = "Bumjun Kim (with Albert No)", "Bumjun Kim (with Wan Choi)"


def listing_of(*papers: tuple[str, tuple[str, ...], str], name: str = "many.txt") -> Listing:
    """Return a listing of (title, authors, category)."""
    entries = tuple(
        Entry(line, title, f"The abstract of {title}.", authors, True, len(authors), category=category)
        for line, (title, authors, category) in enumerate(papers, 1)
    )
    return Listing(name, f"{name:0<64}", "daily", None, None, ProfileFigures(), entries)


DIFFUSION = [(f"Diffusion {number}", (NAME, "Albert No"), "LG") for number in (1, 2)]
WIRELESS = [(f"Wireless {number}", ("Wan Choi", "BumJun Kim"), "IT") for number in (1, 2)]
OTHERS = [("Lamps", ("B. Kim", "Dueun Kim"), "CV"), ("Boats", ("Albert No", "Wan Choi"), "RO")]


def add(library: Library, listing: Listing) -> None:
    embed_beforehand(library.catalogue, listing)
    library.add([listing])


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as library:
        add(library, listing_of(*DIFFUSION, *WIRELESS, *OTHERS))
        yield library


def titles_by(library: Library, author: str) -> set[str]:
    return {paper.title for paper in library.papers(Filters(authors=(author,)))}


def ids_of(library: Library, *titles: str) -> list[str]:
    return [paper.paper_id for paper in library.papers() if paper.title in titles]


def split(library: Library) -> None:
    wireless = ids_of(library, "Wireless 1", "Wireless 2")
    library.decide(lambda people: people.split(NAME, wireless, today=date(2026, 7, 1)))


def people_rows(catalogue: Catalogue) -> list[object]:
    return list(catalogue.namesakes.people_on(catalogue.paper_ids([])))


def test_a_split_keeps_two_people_apart_and_names_them_by_a_co_author(library: Library) -> None:
    split(library)

    assert titles_by(library, FIRST) == {"Diffusion 1", "Diffusion 2"}
    assert titles_by(library, SECOND) == {"Wireless 1", "Wireless 2"}
    assert set(library.catalogue.people().values()) >= {FIRST, SECOND}
    assert NAME not in library.catalogue.people().values()


def test_the_bare_name_of_a_split_author_means_both(library: Library) -> None:
    split(library)

    assert titles_by(library, "bumjun kim") == {"Diffusion 1", "Diffusion 2", "Wireless 1", "Wireless 2"}
    assert library.catalogue.namesakes.called() == {"bumjun kim": (FIRST, SECOND)}
    assert library.count(Filters(excluding=(Filters(authors=(SECOND,)),))) == 4


def test_papers_with_no_telling_co_author_are_told_apart_by_category_and_then_by_number(tmp_path: Path) -> None:
    papers = [("A", (NAME,), "LG"), ("B", (NAME,), "IT"), ("C", (NAME,), "IT")]
    with Library(tmp_path / "library") as library:
        add(library, listing_of(*papers))
        first = library.decide(lambda people: people.split(NAME, ids_of(library, "A")))
        second = library.decide(lambda people: people.split("Bumjun Kim (IT)", ids_of(library, "C")))

    assert first.names == ("Bumjun Kim (IT)", "Bumjun Kim (LG)")
    assert second.names == ("Bumjun Kim (1)", "Bumjun Kim (2)")


def test_a_merge_makes_two_names_one_person(library: Library) -> None:
    library.decide(lambda people: people.merge(NAME, "B. Kim"))

    everything = {"Diffusion 1", "Diffusion 2", "Wireless 1", "Wireless 2", "Lamps"}
    assert titles_by(library, NAME) == titles_by(library, "b kim") == everything
    assert "b kim" not in library.catalogue.people()


def test_a_name_can_be_merged_with_one_half_of_a_split_one(library: Library) -> None:
    split(library)
    library.decide(lambda people: people.merge(SECOND, "B. Kim"))

    assert titles_by(library, SECOND) == titles_by(library, "B. Kim") == {"Wireless 1", "Wireless 2", "Lamps"}


def test_undoing_takes_back_the_latest_decision_first_and_leaves_no_trace(library: Library) -> None:
    before = people_rows(library.catalogue)
    split(library)
    library.decide(lambda people: people.merge(SECOND, "B. Kim"))

    assert library.decide(lambda people: people.undo(NAME)).kind is Kind.MERGE
    assert titles_by(library, SECOND) == {"Wireless 1", "Wireless 2"}
    assert library.decide(lambda people: people.undo(FIRST)).kind is Kind.SPLIT
    assert people_rows(library.catalogue) == before
    assert library.catalogue.namesakes.called() == {}
    with pytest.raises(AuthorError, match="Nothing was decided about Bumjun Kim"):
        library.decide(lambda people: people.undo(NAME))


def test_decisions_outlive_closing_ingesting_again_and_a_lost_index(library: Library) -> None:
    split(library)
    folder = library.path
    add(library, replace(listing_of(*DIFFUSION, *WIRELESS, *OTHERS), sha256="f" * 64))  # the same papers, printed again
    library.close()
    shutil.rmtree(folder / "index")
    with Library(folder) as again:
        assert titles_by(again, FIRST) == {"Diffusion 1", "Diffusion 2"}
        assert again.search("wireless", filters=Filters(authors=(SECOND,)))
        (decision,) = again.catalogue.namesakes.decisions()
        assert (decision.kind, decision.made, decision.name, decision.names) == (
            Kind.SPLIT,
            date(2026, 7, 1),
            NAME,
            (FIRST, SECOND),
        )


def test_a_later_paper_goes_to_the_one_whose_co_authors_it_has_else_to_the_first(library: Library) -> None:
    split(library)
    new = [
        ("Wireless 3", (NAME, "Wan Choi"), "IT"),
        ("Alone", (NAME,), "IT"),
        ("Both", (NAME, "Wan Choi", "Albert No"), "IT"),
    ]
    add(library, listing_of(*new, name="later.txt"))

    assert titles_by(library, SECOND) == {"Wireless 1", "Wireless 2", "Wireless 3"}
    assert titles_by(library, FIRST) == {"Diffusion 1", "Diffusion 2", "Alone", "Both"}
    first, second = (author_profile(one, library, People.of(library.catalogue)) for one in (FIRST, SECOND))
    assert set(first.after_split) == set(ids_of(library, "Alone", "Both"))
    assert first.unclear == tuple(ids_of(library, "Alone"))
    assert (second.after_split, second.unclear) == (tuple(ids_of(library, "Wireless 3")), ())
    told = [text for _, text in profile_lines(first)]
    assert "2 papers that came after that are here by the co-authors" in told
    assert f"but no co-author tells whose {first.unclear[0]} is; to tell it apart, --split it" in told


def test_what_cannot_be_decided_is_refused(library: Library) -> None:
    everything = ids_of(library, "Diffusion 1", "Diffusion 2", "Wireless 1", "Wireless 2")
    for papers, reason in (([], "not none"), (everything, "not all"), (ids_of(library, "Boats"), "has no paper")):
        with pytest.raises(AuthorError, match=reason):
            library.decide(lambda people, papers=papers: people.split(NAME, papers))
    for name, other, reason in (
        ("Albert No", "Wan Choi", "so they are two people"),
        (NAME, "BumJun KIM", "one author already"),
        (NAME, "Nobody", "by Nobody"),
        ("Nobody", NAME, "by Nobody"),
    ):
        with pytest.raises(AuthorError, match=reason):
            library.decide(lambda people, name=name, other=other: people.merge(name, other))
    assert library.catalogue.namesakes.decisions() == []


def test_only_decisions_that_have_to_do_with_a_name_are_listed_with_it(library: Library) -> None:
    split(library)
    library.decide(lambda people: people.merge(SECOND, "B. Kim"))

    assert [one.kind for one in library.catalogue.namesakes.decisions("B. Kim")] == [Kind.SPLIT, Kind.MERGE]
    assert library.catalogue.namesakes.decisions("Albert No") == []


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["split", "merge", "undo", "add"]), st.integers(0, 2**16)), max_size=8))
def test_any_decisions_leave_every_paper_with_its_people_and_undoing_all_restores_them(
    steps: list[tuple[str, int]],
) -> None:
    catalogue = Catalogue("sqlite://")
    printed = [*DIFFUSION, *WIRELESS, *OTHERS]
    catalogue.add([listing_of(*printed)])
    for number, (step, chance) in enumerate(steps):
        people = sorted(catalogue.people().values())
        name, other = people[chance % len(people)], people[chance // 7 % len(people)]
        theirs = catalogue.paper_ids(Filters(authors=(name,)).conditions())
        try:
            if step == "split":
                catalogue.namesakes.split(name, [one for place, one in enumerate(theirs) if chance >> place & 1])
            elif step == "merge":
                catalogue.namesakes.merge(name, other)
            elif step == "undo":
                catalogue.namesakes.undo(name)
            else:
                printed.append((f"Later {number}", (NAME, ("Albert No", "B. Kim", "Wan Choi")[chance % 3]), "LG"))
                catalogue.add([listing_of(printed[-1], name=f"{number}.txt")])
        except AuthorError:
            continue
    by_everybody = [catalogue.paper_ids(Filters(authors=(one,)).conditions()) for one in catalogue.people().values()]
    assert {one for papers in by_everybody for one in papers} == set(catalogue.paper_ids([]))
    for title_names in {names for _, names, _ in printed}:
        for name in title_names:  # a printed name always leads to the papers that print it
            assert catalogue.paper_ids(Filters(authors=(name,)).conditions())
    for decision in reversed(catalogue.namesakes.decisions()):
        catalogue.namesakes.undo(decision.name)
    fresh = Catalogue("sqlite://")
    fresh.add([listing_of(*printed)])
    assert people_rows(catalogue) == people_rows(fresh)


# -- in questions


def asked(library: Library, question: str) -> str:
    return Assistant(library, Settings()).ask(question, model="local:extractive").text


def everything(library: Library) -> str:
    """Return all that the catalogue says of who wrote what, as bytes would show it."""
    catalogue = library.catalogue
    rows = [repr(one) for one in people_rows(catalogue)]
    people = People.of(catalogue)
    told = [json.dumps(author_record(author_profile(name, library, people))) for name in people]
    return "\n".join([*rows, repr(catalogue.namesakes.called()), repr(catalogue.namesakes.decisions()), *told])


@pytest.mark.parametrize(
    ("decision", "undo"),
    [
        ("Bumjun Kim is two people", "undo"),
        ("Please split Bumjun Kim into two authors.", "undo the split of Bumjun Kim"),
        ("show Kim, Bumjun as two people", f"undo {FIRST}"),
        ("“Wireless 1” is by another Bumjun Kim", "take back the last decision"),
        ("merge Bumjun Kim with B. Kim", "undo that"),
        ("Bumjun Kim and B. Kim are the same person", "Undo"),
        ("B. Kim is the same author as Bumjun Kim", "revert it"),
    ],
)
def test_decisions_are_made_in_the_chat_and_undone_without_a_trace(tmp_path: Path, decision: str, undo: str) -> None:
    many = [(f"{title[:-1]}{number}", *rest) for title, *rest in (DIFFUSION[0], WIRELESS[0]) for number in range(1, 6)]
    with Library(tmp_path / "library") as library:
        add(library, listing_of(*many, OTHERS[0]))
        before = everything(library)
        answer = asked(library, decision)
        assert everything(library) != before
        undone = asked(library, undo)
        assert everything(library) == before

    assert answer.startswith("Decided on ")
    assert "Every later answer keeps to it" in answer
    assert undone.startswith("Undone: Decided on ")


def test_what_cannot_be_decided_in_the_chat_is_said(library: Library) -> None:
    before = everything(library)
    for said, reason in (
        ("B. Kim and Dueun Kim are the same person", "names both B. Kim and Dueun Kim, so they are two people."),
        ("Albert No is two people", "Nothing speaks for two authors called Albert No; name the papers of one of them."),
        ("undo", "Nothing was decided about authors; there is nothing to undo."),
    ):
        assert asked(library, said).endswith(reason)
    assert everything(library) == before


def test_a_paper_named_in_the_chat_is_another_authors(library: Library) -> None:
    asked(library, "The paper Wireless 1 is by another Bumjun Kim.")

    told = [titles_by(library, one) for one in library.catalogue.namesakes.called()["bumjun kim"]]
    assert sorted(told, key=len) == [{"Wireless 1"}, {"Diffusion 1", "Diffusion 2", "Wireless 2"}]


@pytest.mark.parametrize(
    "question",
    [
        "is Bumjun Kim two people?",
        "are B. Kim and Bumjun Kim the same person?",
        "split brain networks",
        "split learning for wireless",
        "merge LoRA with quantization",
        "Nobody Known is two people",
        "papers by Bumjun Kim",
        "which papers are by another Kim",
        "undo unlearning",
    ],
)
def test_what_only_asks_or_names_nobody_decides_nothing(library: Library, question: str) -> None:
    asked(library, question)

    assert library.catalogue.namesakes.decisions() == []


def test_earlier_questions_of_a_batch_decide_nothing_anew(library: Library) -> None:
    turns = Assistant(library, Settings()).turns(["Bumjun Kim is two people", "papers by Albert No"])

    assert library.catalogue.namesakes.decisions() == []
    assert len(turns) == 1


def test_every_answer_keeps_to_a_split(library: Library) -> None:
    assistant = Assistant(library, Settings())
    assistant.split_author(NAME, ids_of(library, "Wireless 1", "Wireless 2"))

    def references(question: str, *before: str) -> set[str]:
        answer = assistant.ask(question, history=assistant.turns(before), model="local:extractive")
        return {reference.title for reference in answer.references}

    wireless = {"Wireless 1", "Wireless 2"}
    assert references(f"papers by {SECOND}") == wireless
    assert references(f"Summarise {SECOND}'s work") == wireless
    assert references(f"What does {SECOND} work on?") == wireless
    assert references("papers by her", f"papers by {SECOND}") == wireless
    assert references("and since 1990?", f"papers by {SECOND}") <= wireless
    assert asked(library, f"how many papers are by {SECOND}?").startswith("2 papers")
    found = assistant.search(f"papers by {SECOND} about diffusion", top_k=9).found
    assert {item.passage.title for item in found} <= wireless
    work = assistant.author(SECOND)
    assert {paper.title for paper in work.profile.papers} == wireless
    assert set(work.summary.paper_ids) == {paper.paper_id for paper in work.profile.papers}
    others = {folded(one.name): one.count for one in assistant.author("Wan Choi").profile.coauthors}
    assert others == {folded(SECOND): 2, "albert no": 1}
    with pytest.raises(AuthorError, match="Several authors are called “Bumjun Kim”"):
        assistant.author(NAME)
    assert assistant.undo_decision().kind is Kind.SPLIT
    assert len(assistant.author(NAME).profile.papers) == 4


def test_a_split_outlives_an_ingest_of_the_same_listings(library: Library) -> None:
    split(library)
    before = everything(library)
    add(library, listing_of(*DIFFUSION, *WIRELESS, *OTHERS))

    assert everything(library) == before


def test_a_question_for_a_split_name_asks_which_one(library: Library) -> None:
    split(library)

    for question in ("papers by Bumjun Kim", "how many papers by Kim, Bumjun?", "papers by Kim Bumjun"):
        assert f"{FIRST}, {SECOND}" in asked(library, question), question


def test_a_question_for_one_of_them_is_answered_with_theirs(library: Library) -> None:
    split(library)

    answer = asked(library, f"papers by {SECOND}")
    assert "Wireless 1" in answer
    assert "Wireless 2" in answer
    assert "Diffusion" not in answer
    assert answer.startswith(f"2 papers in the library are by {SECOND}")


def test_a_question_for_a_merged_name_is_answered_with_all_papers(library: Library) -> None:
    library.decide(lambda people: people.merge(NAME, "B. Kim"))

    assert asked(library, "papers by B. Kim").startswith("5 papers in the library are by Bumjun Kim")


def test_the_other_papers_by_its_authors_are_those_of_the_same_people(library: Library) -> None:
    split(library)

    answer = asked(library, "other papers by the authors of Diffusion 1")
    assert "Diffusion 2" in answer
    assert "Boats" in answer  # by Albert No
    assert "Wireless" not in answer


def test_brackets_of_a_name_are_no_part_of_the_topic(library: Library) -> None:
    split(library)

    query = understood(f"papers by {SECOND} about wireless", Vocabulary.of(library))
    assert (query.topic, query.filters) == ("wireless", Filters(authors=(SECOND,)))
