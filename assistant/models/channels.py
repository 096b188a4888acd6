"""A model's text without the tokens that a chat template is made of, and of its channels the final one alone.

Servers leave them in where they know a model's template badly: `<|im_end|>` and its kin behind the answer, or all of
gpt-oss's channels, as tokens (`<|channel|>analysis<|message|>...<|end|><|start|>assistant<|channel|>final<|message|>`,
https://developers.openai.com/cookbook/articles/openai-harmony) or as the plain words between them
("analysis...assistantfinal...").
"""

import re

_ROLE = r"(?:assistant|user|system|model|tool|developer|ipython)"
_TOKEN = re.compile(
    r"<[|｜](?P<part>start|channel|constrain|message)[|｜]>"
    r"|(?P<glued>assistant(?:final|analysis|commentary))"
    rf"|(?:<\|im_start\|>|<start_of_turn>|<\|start_header_id\|>|<\|start_of_role\|>|<[|｜](?={_ROLE}[|｜]>))"
    rf"(?P<role>{_ROLE})?(?:<\|end_header_id\|>|<\|end_of_role\|>|<\|im_sep\|>|[|｜]>)?"
    r"|(?P<begins><s>|<bos>|\[INST\]|<\|(?:begin_of_text|startoftext|START_OF_TURN_TOKEN\|><\|CHATBOT_TOKEN"
    r"|START_RESPONSE)\|>|<｜begin▁of▁sentence｜>)"
    r"|(?P<answer><(?:final_)?answer>)"
    r"|(?P<ends></s>|<eos>|<end_of_turn>|<end_of_utterance>|\[/INST\]|</(?:final_)?answer>|<｜end▁of▁sentence｜>"
    r"|<\|(?:im_end|eot_id|eom_id|end_of_text|endoftext|end_of_turn|end|return|call|eot|eos|END_OF_TURN_TOKEN"
    r"|END_RESPONSE)\|>)",
    re.IGNORECASE,
)
_GLUED = ("assistantfinal", "assistantanalysis", "assistantcommentary")
_GLUED_BEGUN = "|".join(sorted({word[:end] for word in _GLUED for end in range(1, len(word))}, key=len, reverse=True))
# The start of a token, or of those words, at the end of what has come.
_BEGUN = re.compile(
    rf"(?:<(?:[^<>\s]{{0,30}}|\|START_OF_TURN_TOKEN\|>(?:<\|?\w{{0,15}}\|?)?)|\[/?[INST]{{0,4}}|{_GLUED_BEGUN})\Z", re.I
)
_ANALYSIS = re.compile(r"\s*analysis(?=[A-Z0-9\"“'(\n])")
_HEADED = re.compile(rf"\s*(?:{_ROLE}|functions|analysis|commentary|final)")
_LONGEST_TOKEN = 60  # characters
_AHEAD = 40  # characters behind a token that tell what it is
_QUOTED = re.compile(r"(?:(?<!``)`|[“‘]|(?:^|[\s(])[\"'])\Z")
_SENTENCE_END = re.compile(r"(?:[.!?:;…)\]】}*_\"”’。！？]|```)\s*\Z")


class ChannelFilter:
    """Passes a model's text on as it streams, without its template's tokens, however they are cut into pieces.

    What stands behind the end of a turn is another turn, which the model made up: it is left out. Where a final
    channel, or <answer>, begins behind other text, that was thought: `restarts` counts it, and what was passed on
    before is void. A token inside a sentence, or in quotes, is what the sentence is about.
    """

    def __init__(self) -> None:
        self._held = ""
        self._before = ""  # the last characters that came before what is held
        self._begun = False  # more than white space has come
        self._hidden = False  # in a channel of thoughts, a header or another turn
        self._header: str | None = None
        self._shown = False
        self._final = False  # what is shown was said to be the answer
        self.restarts = 0

    def feed(self, text: str) -> str:
        """Return what can be shown; a possible token is held back until it is seen what follows it."""
        self._held += text
        return self._drained(final=False)

    def flush(self) -> str:
        return self._drained(final=True)

    def _drained(self, *, final: bool) -> str:
        shown: list[str] = []
        if not self._begun and not self._is_begun(final):
            return ""
        while self._held:
            token = _TOKEN.search(self._held)
            if token is None:
                begun = None if final else _BEGUN.search(self._held, max(len(self._held) - _LONGEST_TOKEN, 0))
                self._pass_on(begun.start() if begun else len(self._held), shown)
                break
            self._pass_on(token.start(), shown)
            if not final and len(self._held) - (token.end() - token.start()) < _AHEAD:
                break
            self._take(_TOKEN.match(self._held), shown)
        return "".join(shown)

    def _is_begun(self, final: bool) -> bool:
        """See whether the text begins with the word of a channel; tell whether enough has come to know."""
        if not final and "analysis".startswith(self._held.lstrip()):
            return False
        self._begun = True
        if word := _ANALYSIS.match(self._held):
            self._hidden = True
            self._held = self._held[word.end() :]
        return True

    def _pass_on(self, end: int, shown: list[str]) -> None:
        text, self._held = self._held[:end], self._held[end:]
        if not text:
            return
        self._before = (self._before + text)[-_AHEAD:]
        if self._header is not None:
            self._header += text
        elif not self._hidden:
            shown.append(text)
            self._shown = self._shown or bool(text.strip())

    def _take(self, token: re.Match[str] | None, shown: list[str]) -> None:
        """Read the token that what is held begins with."""
        assert token is not None
        if self._is_text(token):
            self._pass_on(token.end(), shown)
            return
        self._held = self._held[token.end() :]
        self._before = (self._before + token.group())[-_AHEAD:]
        if part := token["part"]:
            self._channel(part.lower(), shown)
        elif token["glued"]:
            self._enter(token["glued"].lower().removeprefix("assistant"), shown)
        elif token["answer"]:
            self._enter("final", shown)
        elif token["ends"] or token["begins"]:
            self._hidden = self._hidden or self._shown
        else:
            self._enter((token["role"] or "assistant").lower(), shown)

    def _channel(self, part: str, shown: list[str]) -> None:
        if part != "message":
            self._header = f"{self._header or ''} "
            return
        header, self._header = self._header or "", None
        words = header.lower().split()
        self._enter(next((word for word in reversed(words) if word in _ENTERED), "assistant"), shown)

    def _enter(self, name: str, shown: list[str]) -> None:
        """Go on in a channel, or with the turn of a role."""
        self._header = None
        if name == "final" and not (self._final and self._shown):
            if self._shown:
                self.restarts += 1
                shown.clear()
            self._shown, self._hidden, self._final = False, False, True
        else:
            self._hidden = name not in ("assistant", "model") or self._shown

    def _is_text(self, token: re.Match[str]) -> bool:
        """Tell whether a token is what the sentence around it is about."""
        if self._header is not None:
            return False
        before, behind = self._before, self._held[token.end() : token.end() + _AHEAD]
        if _QUOTED.search(before) and re.match("[^\n`\"'”’]*[`\"'”’]", behind):
            return True
        if token["part"] and self._shown:
            return token["part"].lower() not in ("start", "channel") or _HEADED.match(behind) is None
        if token["part"] or token["glued"] or self._hidden:
            return False
        line = behind.lstrip(" \t")
        alone = not line.strip() or line.startswith(("\n", "\r")) or _TOKEN.match(line) is not None
        if not self._shown:
            return bool(token["ends"]) and behind[:1] == " " and not alone
        if before[-1:] in (" ", "\t"):
            return not (alone and _SENTENCE_END.search(before))
        return not (alone or before[-1:] in ("\n", "\r") or _SENTENCE_END.search(before))


_ENTERED = ("final", "analysis", "commentary", "assistant", "model", "user", "system", "developer", "tool")
