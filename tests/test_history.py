"""Conversations are kept, found, changed and taken out again; nothing that was asked is lost when the program ends."""

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversations.history import History
from assistant.conversations.limits import Limits
from assistant.conversations.records import StoredExchange
from assistant.pipeline import Assistant
from assistant.records import Answer
from assistant.settings import Settings
from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.catalogue.seals import add_functions
from vectorstore.errors import HistoryError
from vectorstore.library import Library

QUESTION = "What is Rainbow Padding?"


@pytest.fixture(scope="module")
def answer(seeds_library: Library) -> Answer:
    return Assistant(seeds_library, Settings()).ask(QUESTION)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite3"


@pytest.fixture
def catalogue(file: Path) -> Iterator[Catalogue]:
    catalogue = Catalogue(sqlite_url(file))
    yield catalogue
    catalogue.close()


@pytest.fixture
def history(catalogue: Catalogue) -> History:
    return History(catalogue.engine)


@pytest.fixture(scope="module")
def long_history() -> Iterator[History]:
    catalogue = Catalogue("sqlite://")
    yield History(catalogue.engine)
    catalogue.close()


def asked(history: History, *questions: str, text: str = "So it is.") -> str:
    """Return a new conversation in which these questions were answered."""
    conversation_id = history.begin()
    for question in questions:
        exchange_id = history.ask(conversation_id, question, "local:extractive")
        history.keep(exchange_id, text=text, answer=None, problem="", stopped=True)
    return conversation_id


def questions(history: History, conversation_id: str) -> list[str]:
    conversation = history.conversation(conversation_id)
    assert conversation is not None
    return [exchange.question for exchange in conversation.exchanges]


def exchanges_of(history: History, conversation_id: str) -> tuple[StoredExchange, ...]:
    conversation = history.conversation(conversation_id)
    assert conversation is not None
    return conversation.exchanges


def titles(history: History, words: str = "") -> list[str]:
    return [line.title for line in history.conversations(words)]


# -- what is kept


def test_an_exchange_comes_back_as_it_was_kept(history: History, answer: Answer) -> None:
    limits = Limits(listings=("a.txt",), since_year=2020)
    conversation_id = history.begin(limits)
    exchange_id = history.ask(conversation_id, f" {QUESTION}\n", "openai:x")
    history.keep(exchange_id, text="Rainb", answer=None, problem="", stopped=False)
    history.keep(exchange_id, text=answer.text, answer=answer, problem="", stopped=False)
    history.rate(exchange_id, -1, "too short")

    conversation = history.conversation(conversation_id)

    assert conversation is not None
    (exchange,) = conversation.exchanges
    assert (conversation.id, conversation.title, conversation.limits) == (conversation_id, QUESTION, limits)
    assert (exchange.id, exchange.conversation_id) == (exchange_id, conversation_id)
    assert (exchange.question, exchange.text, exchange.model) == (f" {QUESTION}\n", answer.text, "openai:x")
    assert exchange.answer == answer
    assert (exchange.problem, exchange.stopped, exchange.rating, exchange.reason) == ("", False, -1, "too short")
    assert timedelta(0) <= datetime.now(UTC) - exchange.asked < timedelta(minutes=1)


def test_a_question_is_kept_before_its_answer_and_reads_as_stopped_after_the_end(file: Path, answer: Answer) -> None:
    first = Catalogue(sqlite_url(file))
    history = History(first.engine)
    conversation_id = history.begin()
    over = history.ask(conversation_id, QUESTION, "m")
    history.keep(over, text=answer.text, answer=answer, problem="", stopped=False)
    cut_off = history.ask(conversation_id, "And code?", "m")
    history.keep(cut_off, text="There is zebra", answer=None, problem="", stopped=False)
    live = history.conversation(conversation_id)
    assert live is not None
    assert not live.exchanges[1].stopped  # it is being answered
    first.close()

    second = Catalogue(sqlite_url(file))
    history = History(second.engine)
    conversation = history.conversation(conversation_id)
    assert conversation is not None
    assert [one.stopped for one in conversation.exchanges] == [False, True]
    assert [one.text for one in conversation.exchanges] == [answer.text, "There is zebra"]
    assert titles(history, "zebra") == [QUESTION]
    second.close()


_KILLED = """
import os, signal, sys
from assistant.conversations.history import History
from vectorstore.catalogue.catalogue import Catalogue
history = History(Catalogue(sys.argv[1]).engine)
conversation_id = history.begin()
exchange_id = history.ask(conversation_id, "What is a zebra?", "m")
history.keep(exchange_id, text="A zebra is", answer=None, problem="", stopped=False)
print(conversation_id, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_loses_neither_the_question_nor_what_was_written(file: Path) -> None:
    command = [sys.executable, "-c", _KILLED, sqlite_url(file)]
    killed = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    catalogue = Catalogue(sqlite_url(file))
    conversation = History(catalogue.engine).conversation(killed.stdout.strip())
    catalogue.close()

    assert conversation is not None
    (exchange,) = conversation.exchanges
    assert (exchange.question, exchange.text, exchange.stopped) == ("What is a zebra?", "A zebra is", True)


def test_an_answer_that_cannot_be_read_leaves_its_text(history: History, file: Path, answer: Answer) -> None:
    conversation_id = history.begin()
    exchange_id = history.ask(conversation_id, QUESTION, "m")
    history.keep(exchange_id, text=answer.text, answer=answer, problem="", stopped=False)
    with sqlite3.connect(file) as connection:
        add_functions(connection)
        connection.execute("""UPDATE exchanges SET answer = '{"later": 1}'""")

    conversation = history.conversation(conversation_id)

    assert conversation is not None
    (exchange,) = conversation.exchanges
    assert (exchange.answer, exchange.text) == (None, answer.text)


def test_an_answer_keeps_its_quotes_when_its_papers_leave(tmp_path: Path, seeds_folder: Path, answer: Answer) -> None:
    with Library(tmp_path / "library") as library:  # which has none of the papers
        history = History(library.catalogue.engine)
        conversation_id = history.begin()
        exchange_id = history.ask(conversation_id, QUESTION, "m")
        history.keep(exchange_id, text=answer.text, answer=answer, problem="", stopped=False)

        conversation = history.conversation(conversation_id)

    assert conversation is not None
    assert conversation.exchanges[0].answer == answer
    assert any(citation.quote for citation in answer.citations)


def test_a_library_of_an_earlier_version_gets_the_tables(file: Path) -> None:
    Catalogue(sqlite_url(file)).close()
    with sqlite3.connect(file) as connection:
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'conversations'").fetchall()

    catalogue = Catalogue(sqlite_url(file))
    history = History(catalogue.engine)
    assert titles(history) == []
    asked(history, QUESTION)
    assert titles(history) == [QUESTION]
    catalogue.close()


@pytest.mark.parametrize(
    "text", ["half \ud83d", "nul \0 ends", "'; DROP TABLE exchanges; --", "<b>%_\\</b>", "ＲＡＩＮ"]
)
def test_any_text_can_be_kept_and_searched(history: History, text: str) -> None:
    conversation_id = history.begin()
    exchange_id = history.ask(conversation_id, text, text)
    history.keep(exchange_id, text=text, answer=None, problem=text, stopped=False)
    history.rate(exchange_id, 1, text)
    history.rename(conversation_id, text)

    assert len(history.conversations(text)) == 1
    assert len(questions(history, conversation_id)) == 1


def test_ids_cannot_be_guessed_from_others(history: History) -> None:
    ids = [asked(history, QUESTION) for _ in range(20)]

    assert len(set(ids)) == 20
    assert ids != sorted(ids)
    assert all(one.isalnum() for one in ids)


# -- the list


def test_pinned_conversations_come_first_then_those_changed_last(history: History) -> None:
    first, second, third = (asked(history, question) for question in ("First?", "Second?", "Third?"))
    assert titles(history) == ["Third?", "Second?", "First?"]

    history.ask(second, "More?", "m")
    history.pin(first, True)

    assert titles(history) == ["First?", "Second?", "Third?"]
    assert [(line.pinned, line.exchanges) for line in history.conversations()] == [(True, 1), (False, 2), (False, 1)]
    history.pin(first, False)
    assert titles(history) == ["Second?", "Third?", "First?"]
    assert [line.id for line in history.conversations()] == [second, third, first]
    assert all(line.changed.tzinfo is UTC for line in history.conversations())


def test_a_conversation_without_a_question_is_listed_only_if_it_was_named_or_pinned(catalogue: Catalogue) -> None:
    history = History(catalogue.engine)
    empty, named, pinned = (history.begin() for _ in range(3))
    history.rename(named, "Plans")
    history.pin(pinned, True)

    assert {line.id for line in history.conversations()} == {named, pinned}
    assert history.conversation(empty) is not None
    again = History(catalogue.engine)
    assert again.conversation(empty) is None
    assert again.conversation(named) is not None


def test_a_title_is_the_first_question_cut_at_a_word_until_it_is_renamed(history: History) -> None:
    long = "How does the early termination of masked diffusion models come about, and what can be done?"
    conversation_id = asked(history, long, "And then?")
    assert titles(history) == ["How does the early termination of masked diffusion models…"]

    history.rename(conversation_id, "  Early \n stops ")
    history.ask(conversation_id, "More?", "m")
    assert titles(history) == ["Early stops"]

    history.rename(conversation_id, " ")
    assert titles(history) == ["How does the early termination of masked diffusion models…"]


@given(question=st.text(max_size=200))
def test_a_title_is_one_short_line_that_begins_the_question(long_history: History, question: str) -> None:
    (kept,) = questions(long_history, asked(long_history, question))
    title = titles(long_history)[0]

    assert len(title) <= 61
    assert title.isprintable()
    plain = " ".join("".join(one if one.isprintable() else " " for one in kept).split())
    assert plain == title or plain.startswith(title.removesuffix("…"))


def test_words_are_found_in_titles_questions_and_answers_without_case_and_accents(history: History) -> None:
    about = asked(history, "What is Möbius padding?", text="A **Rainbow** of naïve ideas [1].")
    asked(history, "Something else?", text="Nothing of it.")
    history.rename(about, "Große Pläne")

    for words in ("mobius", "MÖBIUS Naive", "rain", "grosse plane", "", "idea  möb", "Plane rainbow PADDING"):
        assert "Große Pläne" in titles(history, words), words
    for words in ("rainbow else", "zebra", "rainbow zebra", "mobiuspadding"):
        assert "Große Pläne" not in titles(history, words), words


def test_what_was_replaced_or_renamed_away_is_not_found(history: History) -> None:
    conversation_id = asked(history, "What is a zebra?", "And a lion?")
    history.rename(conversation_id, "Animals")
    history.rename(conversation_id, "Beasts")
    second = history.conversation(conversation_id)
    assert second is not None
    history.ask(conversation_id, "And a tiger?", "m", before=second.exchanges[1].id)

    assert titles(history, "zebra beasts") == ["Beasts"]
    assert titles(history, "lion") == []
    assert titles(history, "animals") == []


# -- taking out and taking back


def test_a_deleted_conversation_is_gone_until_it_is_taken_back(history: History) -> None:
    conversation_id = asked(history, QUESTION)
    history.delete(conversation_id)

    assert titles(history) == []
    assert titles(history, "rainbow") == []
    assert history.conversation(conversation_id) is None
    with pytest.raises(HistoryError, match="deleted"):
        history.ask(conversation_id, "More?", "m")

    history.undelete(conversation_id)
    assert titles(history, "rainbow") == [QUESTION]
    assert questions(history, conversation_id) == [QUESTION]


def test_a_deleted_conversation_can_be_taken_back_when_the_library_was_opened_again(file: Path) -> None:
    catalogue = Catalogue(sqlite_url(file))
    history = History(catalogue.engine)
    conversation_id = asked(history, QUESTION)
    history.delete(conversation_id)
    catalogue.close()
    catalogue = Catalogue(sqlite_url(file))
    history = History(catalogue.engine)

    assert [line.title for line in history.conversations(deleted=True)] == [QUESTION]
    history.undelete(conversation_id)
    assert titles(history) == [QUESTION]
    assert history.conversations(deleted=True) == []
    catalogue.close()


def test_a_conversation_is_forgotten_for_good_once_it_is_deleted(file: Path) -> None:
    catalogue = Catalogue(sqlite_url(file))
    history = History(catalogue.engine)
    gone = asked(history, "What is a quetzalcoatlus?", text="It flew. " * 2000 + "quetzalcoatlus")
    kept = asked(history, "What stays?")
    history.delete(gone)
    history.forget(gone)
    history.forget(kept)

    with pytest.raises(HistoryError):
        history.undelete(gone)
    assert questions(history, kept) == ["What stays?"]
    catalogue.close()
    assert b"quetzalcoatlus" not in file.read_bytes()
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM exchanges").fetchall() == [(1,)]


def test_what_was_forgotten_is_said_to_be_gone(history: History, answer: Answer) -> None:
    conversation_id = asked(history, QUESTION)
    conversation = history.conversation(conversation_id)
    assert conversation is not None
    exchange_id = conversation.exchanges[0].id
    history.delete(conversation_id)
    history.forget(conversation_id)

    for change in (
        lambda: history.ask(conversation_id, "More?", "m"),
        lambda: history.rename(conversation_id, "x"),
        lambda: history.pin(conversation_id, True),
        lambda: history.limit(conversation_id, Limits()),
        lambda: history.delete(conversation_id),
        lambda: history.rate(exchange_id, 1),
        lambda: history.show(exchange_id),
        lambda: history.branch(exchange_id),
    ):
        with pytest.raises(HistoryError):
            change()
    history.keep(exchange_id, text="late", answer=answer, problem="", stopped=False)  # of a thread that still writes
    assert history.conversation(conversation_id) is None


def test_a_rating_is_one_of_three(history: History) -> None:
    with pytest.raises(ValueError, match="2 is no rating"):
        history.rate("x", 2)


# -- asking again


def test_a_question_in_the_place_of_another_leaves_that_as_a_version(history: History) -> None:
    conversation_id = asked(history, "One?", "Two?", text="An answer.")
    other = asked(history, "Four?")
    (_, two) = exchanges_of(history, conversation_id)

    better = history.ask(conversation_id, "Two, better?", "m", before=two.id)
    best = history.ask(conversation_id, "Two, best?", "m", before=better)
    history.ask(conversation_id, "Three?", "m")

    assert questions(history, conversation_id) == ["One?", "Two, best?", "Three?"]
    assert questions(history, other) == ["Four?"]
    shown = exchanges_of(history, conversation_id)[1]
    assert shown.versions == (two.id, better, best)
    history.show(two.id)
    assert questions(history, conversation_id) == ["One?", "Two?", "Three?"]
    assert exchanges_of(history, conversation_id)[1].versions == (two.id, better, best)
    assert titles(history, "two best") == []


def test_a_branch_has_the_versions_that_are_shown(history: History) -> None:
    conversation_id = asked(history, "One?", text="An answer.")
    (one,) = exchanges_of(history, conversation_id)
    history.ask(conversation_id, "One, better?", "m", before=one.id)
    history.show(one.id)
    last = history.ask(conversation_id, "Two?", "m")

    branch = history.branch(last)

    assert questions(history, branch) == ["One?"]
    assert exchanges_of(history, branch)[0].versions == ()


def test_another_first_question_names_the_conversation_anew(history: History) -> None:
    conversation_id = asked(history, "One?")
    conversation = history.conversation(conversation_id)
    assert conversation is not None
    history.ask(conversation_id, "One, better?", "m", before=conversation.exchanges[0].id)

    assert titles(history) == ["One, better?"]


def test_a_branch_has_what_was_before_and_leaves_the_first_as_it_was(history: History, answer: Answer) -> None:
    limits = Limits(authors=("Ada",))
    conversation_id = history.begin(limits)
    first = history.ask(conversation_id, "One?", "m")
    history.keep(first, text=answer.text, answer=answer, problem="", stopped=False)
    history.rate(first, 1, "fine")
    second = history.ask(conversation_id, "Two?", "m")
    history.pin(conversation_id, True)
    before = history.conversation(conversation_id)

    branch = history.conversation(history.branch(second))
    other = history.conversation(history.branch(second))

    assert branch is not None and other is not None and before is not None
    assert (branch.title, other.title, branch.limits, branch.pinned) == ("One? (2)", "One? (3)", limits, False)
    (copy,) = branch.exchanges
    original = before.exchanges[0]
    assert replace(copy, id=original.id, conversation_id=conversation_id) == original
    assert copy.id != original.id
    history.ask(branch.id, "Other?", "m")
    assert history.conversation(conversation_id) == before
    assert questions(history, branch.id) == ["One?", "Other?"]
    assert [line.title for line in history.conversations("fine other")] == []
    assert titles(history, "rainbow other") == ["One? (2)"]


def test_a_branch_at_the_first_question_is_named_by_the_next_one(history: History) -> None:
    conversation = history.conversation(asked(history, "One?"))
    assert conversation is not None
    branch = history.branch(conversation.exchanges[0].id)
    history.ask(branch, "Other?", "m")

    assert titles(history) == ["Other?", "One?"]


# -- threads


def test_threads_share_it(history: History) -> None:
    failed: list[Exception] = []

    def work(number: int) -> None:
        try:
            conversation_id = history.begin()
            for turn in range(5):
                exchange_id = history.ask(conversation_id, f"{number} {turn}?", "m")
                for length in range(3):
                    history.keep(exchange_id, text="x" * length, answer=None, problem="", stopped=False)
                history.keep(exchange_id, text="done", answer=None, problem="", stopped=True)
                history.conversations("done")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert [line.exchanges for line in history.conversations()] == [5] * 6
    for line in history.conversations():
        conversation = history.conversation(line.id)
        assert conversation is not None
        assert [one.question.split()[1] for one in conversation.exchanges] == ["0?", "1?", "2?", "3?", "4?"]
        assert all(one.text == "done" for one in conversation.exchanges)


def test_an_exchange_is_found_by_its_id_until_its_conversation_is_deleted(history: History) -> None:
    called = history.begin()
    exchange = history.ask(called, "What is a lamp?", "local:extractive")

    found = history.exchange(exchange)
    assert found is not None
    assert (found.id, found.conversation_id, found.question) == (exchange, called, "What is a lamp?")
    history.delete(called)
    assert history.exchange(exchange) is None
    assert history.exchange("nothing") is None


def test_of_a_long_conversation_the_latest_are_read_and_those_before_one(history: History) -> None:
    called = history.begin()
    ids = [history.ask(called, f"Question {number}?", "m") for number in range(9)]
    for exchange_id in ids[:8]:
        history.keep(exchange_id, text="So.", answer=None, problem="", stopped=True)
    again = history.ask(called, "Question 3 again?", "m", before=ids[3])
    history.keep(again, text="So.", answer=None, problem="", stopped=True)

    latest, more = history.latest(called, 3)
    assert ([one.id for one in latest], more) == (ids[5:8], 5)  # the last is not answered yet
    before, more = history.latest(called, 3, before=ids[5])
    assert ([one.id for one in before], more) == ([ids[2], again, ids[4]], 2)
    assert before[1].versions == (ids[3], again)
    assert history.latest(called, 3, before=ids[3]) == history.latest(called, 3, before=again)
    assert history.latest(called, 20, before="gone") == history.latest("gone", 20) == ([], 0)
    assert history.shown_ids(called) == [*ids[:3], again, *ids[4:]]
    assert history.shown_ids("gone") == []


def test_the_limits_of_a_deleted_conversation_are_none(history: History) -> None:
    called = history.begin(Limits(authors=("Ada",)))
    assert history.limits(called) == Limits(authors=("Ada",))
    history.delete(called)
    assert history.limits(called) is history.limits("gone") is None
