"""Waits for what the page answers in the background."""

import time
from collections.abc import Callable

from assistant.ui.chats import Chats
from assistant.ui.transcript import Exchange, as_shown


def ended(chats: Chats, conversation_id: str) -> Exchange:
    """Return the last exchange of a conversation once nothing goes on in it."""
    wait(lambda: chats.running.activity(conversation_id).live is None)
    conversation = chats.history.conversation(conversation_id)
    assert conversation is not None
    return as_shown(conversation.exchanges[-1])


def wait(is_so: Callable[[], object], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it has not come in time"
        time.sleep(0.02)
