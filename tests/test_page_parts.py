"""The parts of the page that list things: conversations, limits, papers. Right words, and never a tag of somebody's."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.conversations.history import History
from assistant.conversations.limits import Limits
from assistant.conversations.records import ConversationLine
from assistant.pipeline import Assistant
from assistant.planning.vocabulary import Vocabulary
from assistant.settings import Settings
from assistant.ui.chats import Chats
from assistant.ui.conversation_list import conversations_html, toast_html
from assistant.ui.downloads import downloads
from assistant.ui.limits_panel import authors_meant, limits_html, limits_set, listings_meant, without_limit
from assistant.ui.model_picker import Pick
from assistant.ui.paper_html import paper_html
from assistant.ui.papers_html import removals_html, table_html
from tests.answered import ended
from tests.test_ui import TEXTS, paper, read
from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.catalogue.paper_table import TablePage, TableRow
from vectorstore.catalogue.removals import Removal
from vectorstore.library import Library

TODAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
ROW = TableRow("p1", "Lamps", ("Ada Quill",), True, 1, None, TODAY, False, "LG", True, 1.5, 1, "day")


def line(title: str, *, days_ago: int = 0, pinned: bool = False) -> ConversationLine:
    return ConversationLine("c1", title, pinned, NOON - timedelta(days=days_ago), 1)


def test_conversations_stand_under_their_days_and_pinned_ones_first() -> None:
    lines = [line("kept", pinned=True, days_ago=90), line("now"), line("lately", days_ago=3), line("once", days_ago=40)]

    text = read(conversations_html(lines, today=TODAY)).text

    places = [text.index(word) for word in ("Pinned", "kept", "Today", "now", "This week", "lately", "Earlier", "once")]
    assert places == sorted(places)


def test_of_very_many_conversations_the_search_finds_the_rest() -> None:
    assert "and 20 more; search for them" in read(conversations_html([line("x")] * 120, today=TODAY)).text


def test_no_conversation_and_none_found_are_told_apart() -> None:
    assert read(conversations_html([])).text != read(conversations_html([], words="zebra")).text


@given(TEXTS)
def test_no_list_of_the_page_brings_a_tag_of_somebody_else(text: str) -> None:
    hostile = paper(title=text, abstract=text, listing=text)
    row = replace(ROW, title=text, authors=(text,), category=text)

    read(conversations_html([line(text)], today=TODAY))
    read(toast_html(text, f"undelete {text}"))
    read(paper_html(hostile, (), ()))
    read(table_html(TablePage((row,), 1), sort="title", descending=False, offset=0))
    read(removals_html([Removal(1, datetime(2026, 1, 1), None, (text,), 1)], []))
    read(removals_html([], [ConversationLine("3f09", text, False, datetime(2026, 1, 1, tzinfo=UTC), 1)]))


def test_what_was_done_twice_is_said_twice() -> None:
    assert toast_html("Restored.") != toast_html("Restored.")


def test_the_table_says_which_rows_it_shows_and_which_column_it_is_sorted_by() -> None:
    html = table_html(TablePage((ROW,) * 50, 120), sort="score", descending=True, offset=50)

    assert "51–100 of 120 papers" in html
    assert html.count("aria-sort") == 1
    assert 'data-value="score asc 0"' in html
    assert 'data-value="score desc 100"' in html


def test_limits_are_set_and_taken_away_one_by_one(seeds_library: Library) -> None:
    ids = tuple(one.paper_id for one in seeds_library.papers()[:2])
    limits = limits_set(Limits(paper_ids=ids), ["lamps.txt"], ["Ada Quill"], "2020", "202")

    assert limits == Limits(("lamps.txt",), ("Ada Quill",), 2020, None, ids)
    text = read(limits_html(limits, seeds_library)).text
    for word in ("lamps.txt", "Ada Quill", "from 2020", "2 chosen papers"):
        assert word in text
    for chip in ("listing lamps.txt", "author Ada Quill", "years ", "papers "):
        limits = without_limit(limits, chip)
    assert not limits
    assert limits_html(limits, seeds_library) == ""


def test_the_authors_of_a_limit_are_people_who_are_there(seeds_library: Library) -> None:
    people = Vocabulary.of(seeds_library).people
    typed = ["Soeun Kim", "moongy", "nobody at all", "Kim"]
    meant, problem = authors_meant(typed[:3], Limits(), seeds_library.catalogue, people)

    assert meant == ["Soeun Kim", "Moongyu Jeon"]
    assert problem.startswith("No author in the library is called “nobody at all”.")
    assert authors_meant(typed[3:], Limits(), seeds_library.catalogue, people)[1].startswith("Several authors")
    assert authors_meant(["Since Deleted"], Limits(authors=("Since Deleted",)), seeds_library.catalogue, people) == (
        ["Since Deleted"],
        "",
    )


def test_the_listings_of_a_limit_are_there(seeds_library: Library) -> None:
    typed = ["headerless_bumjun_kim.txt", "kyelim", "nothing"]
    meant, problem = listings_meant(typed, Limits(), seeds_library.catalogue)

    assert meant == ["headerless_bumjun_kim.txt", "profile_kyelim_lee.txt"]
    assert "“nothing”" in problem
    assert listings_meant(["deleted.txt"], Limits(listings=("deleted.txt",)), seeds_library.catalogue)[1] == ""


def test_limits_that_leave_nothing_say_so_in_the_place_of_what_can_be_asked(seeds_library: Library) -> None:
    there = seeds_library.papers()[0]
    some = read(limits_html(Limits(paper_ids=(there.paper_id, "deleted")), seeds_library)).text
    none = read(limits_html(Limits(paper_ids=("deleted", "too")), seeds_library)).text

    assert there.title in some and "Summarize" in some
    assert "chosen papers that were deleted" in none and "No paper is left within these limits." in none
    assert "Summarize" not in none


@given(TEXTS, TEXTS)
def test_no_name_in_a_limit_brings_a_tag(seeds_library: Library, listing: str, author: str) -> None:
    read(limits_html(Limits(listings=(listing,), authors=(author,)), seeds_library))


@given(st.text(max_size=6))
def test_what_is_no_year_limits_nothing(year: str) -> None:
    limits = limits_set(Limits(), [], [], year, "")

    assert limits.since_year is None or str(limits.since_year) == year.strip()


def test_what_is_taken_away_is_saved_and_what_is_not_there_is_not_found(seeds_library: Library, tmp_path: Path) -> None:
    catalogue = Catalogue(sqlite_url(tmp_path / "history.sqlite3"))
    assistant = Assistant(seeds_library, Settings())
    chats = Chats(assistant, History(catalogue.engine))
    asked = chats.ask("", "What is Rainbow Padding?", model=Pick("local:extractive"), strict=False)
    exchange = ended(chats, asked)
    app = FastAPI()
    app.include_router(downloads(chats))
    client = TestClient(app)

    for kind in ("md", "html", "json"):
        answered = client.get(f"/conversations/{exchange.conversation_id}.{kind}")
        assert answered.headers["content-disposition"] == f"attachment; filename=what-is-rainbow-padding.{kind}"
        assert "Rainbow Padding" in answered.text
    for path in ("/exchanges/nothing.md", f"/exchanges/{exchange.exchange_id}.exe", "/papers/nothing.bib"):
        assert client.get(path).status_code == 404
    chats.history.delete(exchange.conversation_id)
    assert client.get(f"/exchanges/{exchange.exchange_id}.md").status_code == 404
    assert client.get(f"/conversations/{exchange.conversation_id}.md").status_code == 404
    catalogue.close()


def test_years_in_the_wrong_order_limit_what_lies_between_them() -> None:
    limits = limits_set(Limits(), [], [], "2027", "2020")

    assert (limits.since_year, limits.until_year) == (2020, 2027)
