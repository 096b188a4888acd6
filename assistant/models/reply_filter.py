"""What a model sends of its reply -> the answer in it: no thoughts, no template's tokens, no wrapping."""

from assistant.models.channels import ChannelFilter
from assistant.models.thinking import ThinkingFilter
from assistant.models.wrapping import Unwrapping


class ReplyFilter:
    """Passes the answer on as it streams; in whatever pieces a reply comes, the answer is the same.

    `restarts` counts how often all that was passed on before turned out to be thought, and is void.
    """

    def __init__(self, *, unwrapped: bool = True) -> None:
        """Without `unwrapped` labels, code fences and JSON stay, for whoever asked for them."""
        self._unwrapped = unwrapped
        self._thinking = ThinkingFilter()
        self._channels = ChannelFilter()
        self._unwrapping = Unwrapping()
        self.restarts = 0

    def feed(self, text: str) -> str:
        """Return what can be shown."""
        restarts = self._thinking.restarts
        text = self._thinking.feed(text)
        if self._thinking.restarts > restarts:
            self._channels = ChannelFilter()
            self._restart()
        return self._without_thoughts(text)

    def _without_thoughts(self, text: str) -> str:
        """Return what can be shown of a text that has no thoughts in tags."""
        restarts = self._channels.restarts
        text = self._channels.feed(text)
        if self._channels.restarts > restarts:
            self._restart()
        return self._unwrapping.feed(text) if self._unwrapped else text

    def flush(self) -> str:
        shown = self._without_thoughts(self._thinking.flush())
        restarts = self._channels.restarts
        text = self._channels.flush()
        if self._channels.restarts > restarts:
            self._restart()
            shown = ""
        if not self._unwrapped:
            return shown + text
        return shown + self._unwrapping.feed(text) + self._unwrapping.flush()

    def _restart(self) -> None:
        self.restarts += 1
        self._unwrapping = Unwrapping()
