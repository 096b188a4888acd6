"""A paper is deleted for good while an answer about it is written: its text stands nowhere afterwards."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.conversations.history import History
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.ui import labels
from assistant.ui.chats import Chats
from assistant.ui.model_picker import Pick
from assistant.ui.transcript import Exchange
from tests.answered import ended, wait
from tests.openai_server import OpenAIServer, Script, openai_server
from tests.test_backups import holding
from tests.test_catalogue import listing
from vectorstore.library import Library
from vectorstore.listings.entry import Entry
from vectorstore.papers.paper import Paper

QUESTION = "What is Rainbow Padding?"
LOCAL = Pick("local:extractive")


@pytest.fixture
def folder(seeds_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(seeds_folder, tmp_path / "library"))


@pytest.fixture
def chats(folder: Path) -> Iterator[Chats]:
    with Library(folder) as library:
        yield Chats(Assistant(library, Settings(library=folder)), History(library.catalogue.engine))


def paper_called(chats: Chats, title: str) -> Paper:
    (paper,) = (one for one in chats.assistant.library.papers() if one.title.startswith(title))
    return paper


def slow(paper: Paper) -> Script:
    """Return a model that copies an abstract, and goes on for long."""
    words = tuple(f"word{number} " for number in range(2000))
    return Script(pieces=(paper.abstract[:300] + " [1]. ", *words), seconds_a_piece=0.02)


def live(chats: Chats, conversation_id: str) -> Exchange:
    exchange = chats.running.activity(conversation_id).live
    assert exchange is not None
    return exchange


def forget(chats: Chats, *papers: Paper) -> None:
    removal = chats.assistant.library.remove_papers([one.paper_id for one in papers])
    chats.forget(removal.removal_id)


def assert_nowhere(chats: Chats, folder: Path, paper: Paper) -> None:
    """No file has a piece of the abstract, while the library is open and when it is closed."""
    for open_now in (True, False):
        if not open_now:
            chats.assistant.library.close()
        assert holding(folder, paper.abstract[100:140]) == []
        assert holding(folder, paper.title) == []


def model(server: OpenAIServer) -> Pick:
    return Pick(f"{server.base_url}#slow")


def test_an_answer_that_tells_of_it_ends_and_is_withdrawn(chats: Chats, folder: Path) -> None:
    paper = paper_called(chats, "Rainbow Padding")
    with openai_server(slow(paper)) as server:
        called = chats.ask("", QUESTION, model=model(server), strict=False)
        exchange = live(chats, called)
        wait(lambda: "word5" in exchange.text)
        chats._keep(exchange)  # as it is each second
        assert holding(folder, paper.abstract[100:140])

        forget(chats, paper)

        assert (exchange.text, exchange.read, exchange.problem) == ("", (), labels.WITHDRAWN)
        assert paper.abstract[100:140] not in chats.exchange_html(exchange)
        kept = chats.history.exchange(exchange.exchange_id)
        assert kept and (kept.text, kept.answer, kept.problem) == ("", None, labels.WITHDRAWN)
        assert server.left.wait(10)  # the model writes no more
        over = ended(chats, called)
    assert (over.text, over.answer, over.problem, over.stopped) == ("", None, labels.WITHDRAWN, False)
    assert chats.failing == set()
    assert_nowhere(chats, folder, paper)


def test_one_that_was_not_known_to_read_it_yet_is_withdrawn_when_it_is(chats: Chats, folder: Path) -> None:
    """The model is silent while the paper goes, and then tells what it was given."""
    paper = paper_called(chats, "Rainbow Padding")
    script = replace(slow(paper), silent_seconds=1.5)
    with openai_server(script) as server:
        called = chats.ask("", QUESTION, model=model(server), strict=False)
        exchange = live(chats, called)
        wait(lambda: server.chats)
        forget(chats, paper)
        over = ended(chats, called)
    assert exchange.is_withdrawn
    assert (over.text, over.answer, over.problem) == ("", None, labels.WITHDRAWN)
    assert_nowhere(chats, folder, paper)


def test_a_follow_up_to_an_answer_about_it_is_withdrawn_too(chats: Chats, folder: Path) -> None:
    """What it writes may come from the turn before."""
    paper = paper_called(chats, "Rainbow Padding")
    called = chats.ask("", QUESTION, model=LOCAL, strict=False)
    ended(chats, called)
    with openai_server(slow(paper)) as server:
        chats.ask(called, "Put that in other words", model=model(server), strict=False)
        wait(lambda: "word5" in live(chats, called).text)
        forget(chats, paper)
        ended(chats, called)
    conversation = chats.history.conversation(called)
    assert conversation and [one.problem for one in conversation.exchanges] == [labels.WITHDRAWN] * 2
    assert_nowhere(chats, folder, paper)


def test_an_answer_about_another_paper_goes_on_and_is_kept(chats: Chats, folder: Path) -> None:
    paper, other = paper_called(chats, "DUSK"), paper_called(chats, "Rainbow Padding")
    script = replace(slow(other), pieces=slow(other).pieces[:100])
    with openai_server(script) as server:
        called = chats.ask("", QUESTION, model=model(server), strict=False)
        exchange = live(chats, called)
        wait(lambda: "word5" in exchange.text)
        assert paper.paper_id not in exchange.read
        forget(chats, paper)
        assert not exchange.is_withdrawn
        over = ended(chats, called)
    assert over.answer and over.problem == "" and over.answer.references[0].paper_id == other.paper_id
    assert_nowhere(chats, folder, paper)


def test_an_answer_on_a_paper_that_is_only_deleted_stays(chats: Chats) -> None:
    paper = paper_called(chats, "Rainbow Padding")
    script = replace(slow(paper), pieces=slow(paper).pieces[:100])
    with openai_server(script) as server:
        called = chats.ask("", QUESTION, model=model(server), strict=False)
        wait(lambda: "word5" in live(chats, called).text)
        removal = chats.assistant.library.remove_papers([paper.paper_id])
        over = ended(chats, called)
    assert over.problem == "" and over.answer
    assert over.answer.citations and over.answer.citations[0].quote in paper.abstract
    chats.assistant.library.restore(removal.removal_id)


def test_an_answer_that_is_judged_is_withdrawn(chats: Chats, folder: Path) -> None:
    paper = paper_called(chats, "Rainbow Padding")
    with openai_server(Script(pieces=("Rainbow Padding is said to be quick [1].",))) as server:
        called = chats.ask("", QUESTION, model=model(server), strict=False)
        first = ended(chats, called)
        assert first.answer
        server.script = Script(silent_seconds=60.0)
        asked = len(server.chats)
        chats.judge(called, first.exchange_id, keys={})
        wait(lambda: len(server.chats) > asked)
        forget(chats, paper)
        over = ended(chats, called)
    assert (over.text, over.answer, over.problem) == ("", None, labels.WITHDRAWN)
    assert_nowhere(chats, folder, paper)


def test_a_question_that_waits_is_asked_of_what_is_there(chats: Chats, folder: Path) -> None:
    paper = paper_called(chats, "Rainbow Padding")
    with openai_server(slow(paper)) as server:
        called = chats.ask("", QUESTION, model=model(server), strict=False)
        wait(lambda: "word5" in live(chats, called).text)
        chats.ask(called, "What is DUSK?", model=LOCAL, strict=False)
        forget(chats, paper)
        over = ended(chats, called)
    assert over.question == "What is DUSK?" and over.answer and over.answer.references
    assert_nowhere(chats, folder, paper)


def test_answers_on_a_paper_under_a_former_id_are_withdrawn(chats: Chats, folder: Path) -> None:
    library = chats.assistant.library
    paper = next(one for one in library.papers() if ":" not in one.title and len(one.abstract) > 300)
    called = chats.ask("", f"Summarize {paper.title}", model=LOCAL, strict=False)
    answer = ended(chats, called).answer
    assert answer and answer.references[0].paper_id == paper.paper_id
    library.add([listing(Entry(1, f"{paper.title}: A Closer Look", paper.abstract, paper.authors), name="longer.txt")])
    now = paper_called(chats, paper.title)
    assert now.paper_id != paper.paper_id

    forget(chats, now)

    kept = chats.history.conversation(called)
    assert kept and kept.exchanges[0].problem == labels.WITHDRAWN


def test_answers_that_quote_what_only_a_forgotten_listing_printed_are_withdrawn(chats: Chats, folder: Path) -> None:
    """The paper itself stays: another listing prints it, with less of its abstract."""
    library = chats.assistant.library
    whole = "Bright lamps shine for years. They never need a new filament. Engines do not shine at all."
    short = listing(Entry(1, "Bright Lamps", "Bright lamps shine for years.", ("Ada Quill",)), name="short.txt")
    longer = listing(Entry(1, "Bright Lamps", whole, ("Ada Quill",)), name="longer.txt")
    library.add([short, longer])
    called = chats.ask("", "Summarize Bright Lamps", model=LOCAL, strict=False)
    assert ended(chats, called).answer
    forgotten = library.remove_listing(longer.sha256)
    chats.forget(forgotten.removal_id)

    assert paper_called(chats, "Bright Lamps").abstract == "Bright lamps shine for years."
    kept = chats.history.conversation(called)
    assert kept and kept.exchanges[0].problem == labels.WITHDRAWN
    chats.assistant.library.close()
    assert holding(folder, "never need a new filament") == []
