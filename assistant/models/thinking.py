"""A model's text without what it thinks aloud: <think> ... </think> and its kin."""

import re

# As DeepSeek, Qwen and others print it, Magistral ([THINK]) and Kimi (◁think▷).
_TAG = re.compile(r"[<\[◁](/?)(?:think|thinking|thought|thoughts|reasoning)[>\]▷]", re.IGNORECASE)
_START_OF_TAG = re.compile(r"[<\[◁]/?[a-z]{0,9}\Z", re.IGNORECASE)
_QUOTES = "`\"'“‘"  # an answer about the tag itself quotes it


class ThinkingFilter:
    """Passes a model's text on as it streams, without its thoughts, however they are cut into pieces.

    Tags may stand in one another; a thought that is never closed goes on to the end. Where only the end of a thought
    is marked, all before it was thought: `restarts` counts how often, and what was passed on before is void.
    """

    def __init__(self) -> None:
        self._depth = 0
        self._held = ""
        self._last = ""  # character passed on
        self.restarts = 0

    @property
    def thinks(self) -> bool:
        return self._depth > 0

    def feed(self, text: str) -> str:
        """Return what can be shown; the start of a possible tag is held back."""
        text = self._held + text
        start = _START_OF_TAG.search(text)
        self._held = start.group() if start else ""
        return self._shown(text[: start.start()] if start else text)

    def flush(self) -> str:
        held, self._held = self._held, ""
        return self._shown(held)

    def _shown(self, text: str) -> str:
        shown: list[str] = []
        begins = 0
        for tag in _TAG.finditer(text):
            self._pass_on(text[begins : tag.start()], shown)
            begins = tag.end()
            if not self._depth and self._last and self._last in _QUOTES:
                self._pass_on(tag.group(), shown)
            elif not tag[1]:
                self._depth += 1
            elif self._depth:
                self._depth -= 1
            else:
                shown.clear()
                self._last = ""
                self.restarts += 1
        self._pass_on(text[begins:], shown)
        return "".join(shown)

    def _pass_on(self, text: str, shown: list[str]) -> None:
        if text and not self._depth:
            shown.append(text)
            self._last = text[-1]
