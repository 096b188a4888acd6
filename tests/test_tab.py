"""What a tab is told of what it shows, and when."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from assistant.conversations.history import History
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.ui.chats import Chats
from assistant.ui.model_picker import Pick
from assistant.ui.tab import Tab
from tests.answered import ended, wait
from tests.openai_server import Script, openai_server
from vectorstore.catalogue.catalogue import Catalogue, sqlite_url
from vectorstore.library import Library

LOCAL = Pick("local:extractive")
SLOW = Script(pieces=tuple(f"word{number} " for number in range(300)), seconds_a_piece=0.05)


@pytest.fixture
def chats(seeds_library: Library, tmp_path: Path) -> Iterator[Chats]:
    catalogue = Catalogue(sqlite_url(tmp_path / "history.sqlite3"))
    yield Chats(Assistant(seeds_library, Settings()), History(catalogue.engine))
    catalogue.close()


def test_an_exchange_that_ended_before_anybody_looked_is_placed_once(chats: Chats) -> None:
    tab = Tab()
    tab.take_turn(chats, "")
    called = chats.ask("", "What is DUSK?", model=LOCAL, strict=False)
    tab.go_on(called)
    ended(chats, called)

    drawn = tab.changes(chats)

    assert drawn["placed"].count('class="exchange"') == 1
    assert "What is DUSK?" in drawn["conversations"]
    assert tab.changes(chats) == {}
    assert tab.is_at_rest(chats)


def test_a_tab_is_told_of_its_own_conversation_and_of_which_others_run(chats: Chats) -> None:
    with openai_server(SLOW) as server:
        tab = Tab()
        called = chats.ask("", "What is DUSK?", model=Pick(f"{server.base_url}#slow"), strict=False)
        exchange = chats.running.activity(called).live
        assert exchange
        wait(lambda: "word1" in exchange.text)
        tab.take_turn(chats, "")

        elsewhere = tab.changes(chats)
        drawn = tab.open(chats, called)
        here = tab.changes(chats)

        assert "live" not in elsewhere
        assert 'class="running"' in elsewhere["conversations"]
        assert f'data-conversation="{called}"' in drawn["shown"]
        assert "word1" in here["live"]
        assert not tab.is_at_rest(chats)
        chats.stop(called)
        ended(chats, called)
        over = tab.changes(chats)
        assert over["live"] == ""
        assert "Stopped here." in over["placed"]
        assert 'class="running"' not in over["conversations"]


def test_after_a_restart_of_the_server_a_tab_goes_on_with_what_it_says_that_it_shows(chats: Chats) -> None:
    called = ended(chats, chats.ask("", "What is DUSK?", model=LOCAL, strict=False)).conversation_id
    tab = deepcopy(Tab())

    tab.take_turn(chats, called)

    assert tab.conversation_id == called
    tab.take_turn(chats, "another")
    assert tab.conversation_id == called
