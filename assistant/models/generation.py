"""Messages -> the chat model's text, as it comes."""

from collections.abc import Generator

from langchain_core.messages import BaseMessage

from assistant.models.background import in_background
from assistant.models.providers import ModelChoice
from assistant.models.stream_events import Finished, Restart
from assistant.records import Stage
from assistant.settings import Settings

LONGEST_ANSWER = 40_000  # characters, some fifteen pages


def generated(
    messages: list[BaseMessage], choice: ModelChoice, settings: Settings, *, doing: str, unwrapped: bool = True
) -> Generator[Stage | str | Restart | Finished, None, None]:
    """Yield the model's text as it comes, and how it ended. A stage comes several times a second, for whoever waits
    or wants to stop; `doing` is the first. Closing the iterator closes the connection. Without `unwrapped` the code
    fences and JSON of a reply stay, for whoever asked for them.

    Raises ModelError if there is no text, PromptTooLong if the model cannot read that much.
    """
    from assistant.models.streaming import spoken

    source = spoken(messages, choice, settings, longest=LONGEST_ANSWER, unwrapped=unwrapped)
    for event in in_background(source):
        if isinstance(event, Stage):
            doing = event.doing
        yield Stage(doing) if event is None else event
