"""Markdown that streams: passed on piece by piece, so that how it is cut into chunks changes nothing."""

import re
from string import ascii_letters

from assistant.text.blocks import CODE_SPAN, FENCE, closes
from assistant.text.visible_text import readable

LONGEST = 400  # characters that are looked ahead for the end of a link, a tag, a marker
LETTERS = frozenset(ascii_letters)
TAG_STARTS = LETTERS | frozenset("/!?")
_SLICE = 4096  # characters that are taken in at once
Step = tuple[str | None, int]  # what is shown, None for a dropped marker, and where the text goes on

# What may become something special with what follows.
_UNFINISHED = re.compile(r"(?:'|!|~{1,2}|h|ht|htt|https?|https?:/?|f|ft|ftp|ftp:/?|w{1,3})\Z", re.I)
_NOT_IN_A_CELL = re.compile(r"[<&]|\]\(|!\[|://|www\.|[\[【]", re.I)  # code that a table would cut at its "|"
_LIST_OR_QUOTE = re.compile(r"[\s>*+\-\d.)]*")
_MARKS = re.compile(r"`+|~+")


class MarkdownStream:
    """Passes text on as it streams, its code as it is, with no backtick left that has no partner.

    A subclass says in `special` and `_handled` what else is changed. The time is linear.
    """

    special = re.compile(r"`|~~~")

    def __init__(self) -> None:
        self._unread = ""  # the start of what may become an entity
        self._held = ""
        self._shown: list[str] = []
        self._line = ""  # the line so far, its first characters
        self._context = ""  # what came before, its last characters
        self._last = "\n"  # the last character that was shown
        self._space = ""  # held back: it goes with a marker that is dropped
        self._dropping = False
        self._bracket_open = False
        self._fence = ""
        self._quotations = 0

    def feed(self, text: str) -> str:
        """Return what can be shown; the start of what may become a marker, a link, a tag, code is held back."""
        for start in range(0, len(text), _SLICE):
            read, self._unread = readable(self._unread + text[start : start + _SLICE])
            self._held += read
            self._pass(final=False)
        return self._taken()

    def flush(self) -> str:
        """Return what is left; code that was never closed is closed."""
        self._held, self._unread = self._held + self._unread, ""
        self._pass(final=True)
        if self._fence:
            self._show(("" if self._last == "\n" else "\n") + self._fence)
        return self._taken() + ("" if self._dropping else self._space)

    def _taken(self) -> str:
        shown, self._shown = "".join(self._shown), []
        return shown

    # -- one thing after the other

    def _pass(self, *, final: bool) -> None:
        at = 0
        while at < len(self._held):
            step = self._code_line(at, final) if self._fence else self._next(at, final)
            if step is None:
                break
            shown, end = step
            if shown is None:
                self._drop()
            elif shown:
                self._show(shown)
            self._remember(self._held[at:end])
            at = end
        self._held = self._held[at:]

    def _next(self, at: int, final: bool) -> Step | None:
        """Return the next step, or None while what comes decides it."""
        found = self.special.search(self._held, at)
        if found and found.start() == at:
            return self._handled(found.group()[0], at, final)
        end = found.start() if found else len(self._held)
        if not found and not final and (unfinished := _UNFINISHED.search(self._held, max(at, end - 8))):
            end = unfinished.start()
        return (self._held[at:end], end) if end > at else None

    def _handled(self, character: str, at: int, final: bool) -> Step | None:
        """Return what becomes of the special thing at `at`, or None while what comes decides it."""
        return self._marks(at, final)

    def _remember(self, passed: str) -> None:
        _, newline, after = passed.rpartition("\n")
        self._line = (after if newline else self._line + after)[:LONGEST]
        self._context = (self._context + passed[-40:])[-40:]

    def _show(self, piece: str) -> None:
        """Show a piece; a space goes between what would mean something else side by side."""
        if self._dropping and piece[0] in " \t.,;:!?)\n":
            self._space = ""
        if not self._space:
            pair = self._last + piece[0]
            fused = self._dropping and self._last not in " \n" and piece[0] not in " \t.,;:!?)*_\n"
            fused |= self._last == "<" and piece[0] in TAG_STARTS
            if fused or pair in ("](", "![", "``", "\\`") or (pair == "]:" and self._may_define()):
                self._space = " "
        piece = self._space + piece
        self._dropping, self._space = False, ""
        if "\n" in piece:
            self._bracket_open = False
        if piece[-1] == " ":
            piece, self._space = piece[:-1], " "
        self._last = piece[-1:] or self._last
        self._shown.append(piece)

    def _may_define(self) -> bool:
        """Tell whether a colon behind the bracket that closed would make the line define a link."""
        opened = max(self._line.rfind(bracket) for bracket in "[【［〔")
        return opened < 0 or bool(_LIST_OR_QUOTE.fullmatch(self._line, 0, opened))

    def _drop(self) -> None:
        if self._bracket_open:  # what stands on both sides must not become a marker
            self._show("…")
        self._dropping = True

    def _is_open(self, at: int, final: bool) -> bool:
        """Tell whether what comes may still belong to what begins at `at`."""
        return not final and len(self._held) - at <= LONGEST and "\n" not in self._held[at : at + LONGEST]

    def _rewritten(self, at: int, end: int, text: str) -> Step:
        self._held = self._held[:at] + text + self._held[end:]
        return "", at

    # -- code

    def _code_line(self, at: int, final: bool) -> Step | None:
        newline = self._held.find("\n", at)
        end = newline if newline >= 0 else len(self._held)
        if self._line:  # its beginning was no end of the code
            return self._held[at : end + 1], min(end + 1, len(self._held))
        line = self._held[at : min(end, at + LONGEST)]
        if newline < 0 and not final and len(line) < LONGEST and not line.strip(" `~"):
            return None  # it may become the end of the code
        if closes(line.strip(" "), self._fence):
            shown, self._fence = self._fence, ""
            return shown, at + len(line)
        return self._held[at : end + 1], min(end + 1, len(self._held))

    def _marks(self, at: int, final: bool) -> Step | None:
        """Return code; for backticks without a partner, typographic quotation marks."""
        end = _MARKS.match(self._held, at, at + LONGEST).end()  # type: ignore[union-attr]  # one stands at `at`
        if end == len(self._held) and self._is_open(at, final):
            return None
        if end - at >= 3 and not self._line.strip():
            if self._is_open(at, final):
                return None
            line = self._held[at : at + LONGEST].partition("\n")[0]
            if len(line) < LONGEST and (opened := FENCE.match(line)):
                return self._fenced(opened["marks"], opened["language"]), min(at + len(line) + 1, len(self._held))
        if self._held[at] == "~":
            return ("~" if end - at >= 3 and not self._line.strip() else self._held[at:end]), end
        return self._span(at, end, final)

    def _fenced(self, marks: str, language: str) -> str:
        indented, self._fence = bool(self._line), marks  # within a list it would end where an unindented line begins
        return ("\n" if indented else "") + marks + re.sub(r"[^\w+#.-]", "", language)[:40] + "\n"

    def _span(self, at: int, end: int, final: bool) -> Step | None:
        span = CODE_SPAN.match(self._held, at, at + LONGEST)
        if (span is None or span.end() == len(self._held)) and self._is_open(at, final):
            return None
        if span and not ("|" in span.group() and _NOT_IN_A_CELL.search(span.group())):
            return span.group(), span.end()
        self._quotations += end - at == 2
        return ("‘" if end - at == 1 else "“"), end
