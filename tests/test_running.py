"""What runs at one moment: nothing falls between what is answered, what waits and what has ended."""

import sys
from collections.abc import Iterator

import pytest

from assistant.ui.running import Running, Task
from assistant.ui.transcript import Exchange


@pytest.fixture(autouse=True)
def threads_take_turns_all_the_time() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_whoever_looks_sees_each_exchange_live_or_waiting_or_ended() -> None:
    running = Running()
    started = 0
    for _ in range(500):
        for _ in range(2):
            started += 1
            running.start(Task("one", "A question?", lambda: Exchange("e", "one", "A question?"), lambda _: None))
        while True:
            now = running.activity("one")
            assert len(now.ended) + len(now.waiting) + (now.live is not None) == started
            assert (now.live is not None) == ("one" in now.conversations)
            if not now.conversations:
                break
