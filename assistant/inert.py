"""Text of a model or a listing -> the same words as Markdown that loads and runs nothing, wherever it is rendered.

HTML and addresses become code, links and images the words they show, and no backtick is left that has no partner.
Control characters, invisible ones and those that turn the writing direction are dropped.
"""

import re
from collections.abc import Callable
from string import ascii_letters

from assistant.blocks import CODE_SPAN, FENCE, closes
from assistant.readable import readable

LONGEST = 400  # characters that are looked ahead for the end of a link, a tag, a marker
_SLICE = 4096  # characters that are taken in at once
Step = tuple[str | None, int]  # what is shown, None for a dropped marker, and where the text goes on

_SPECIAL = re.compile(r"[`\[\]【［〔<\\$]|!(?=[\[【［〔])|''|~~~|(?:https?|ftp)://|www\.", re.I)
_UNFINISHED = re.compile(r"(?:'|!|~{1,2}|h|ht|htt|https?|https?:/?|f|ft|ftp|ftp:/?|w{1,3})\Z", re.I)
BRACKETS = re.compile(r"[\[【［〔](?:[^\[\]【】［］〔〕\n]|[\[【［〔][^\[\]【】［］〔〕\n]*[\]】］〕])*[\]】］〕]")
_TARGET = re.compile(r"\(\s{0,9}<?(?P<url>[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)?)>?(?:\s[^()\n]*)?\)")
_TAG = re.compile(r"<[A-Za-z/!?][^<>`|\n]*>")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.I)
_TAG_NAME = re.compile(r"<(?:[!?][\w-]{0,30}|/?[\w-]{1,30}(?=[\s/]))")
_ADDRESS = re.compile(r"[^\s<>\[\]()|`\"']{1,300}")
_MATHS = re.compile(r"\$(?![\s$])[^$\n]+(?<![\s\\])\$(?!\d)|\$\$[^$\n]+\$\$")
_NOT_MATHS = re.compile(r"[<&][A-Za-z/!?#]|[`【]|\]\s*[(:]|://|www\.|\[[\s\d^*]+\\?\]|\\cite", re.I)
_NOT_IN_A_CELL = re.compile(r"[<&]|\]\(|!\[|://|www\.|[\[【]", re.I)  # code that a table would cut at its "|"
_LIST_OR_QUOTE = re.compile(r"[\s>*+\-\d.)]*")
_MARKS = re.compile(r"`+|~+")


def inert(text: str) -> str:
    """Return `text` as Markdown that loads nothing; citation markers stay."""
    passing = InertText()
    return passing.feed(text) + passing.flush()


def code(text: str) -> str:
    """Return text as a code span: no reader of Markdown takes it for anything else."""
    return f"`{text}`"


class InertText:
    """Passes text on as it streams. How it is cut into chunks changes nothing, and the time is linear."""

    special = _SPECIAL

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
        return _HANDLERS.get(character, InertText._address)(self, at, final)

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
            fused |= self._last == "<" and piece[0] in _TAG_STARTS
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

    # -- code and maths

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
        end = _MARKS.match(self._held, at, at + LONGEST).end()  # type: ignore[union-attr]
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

    def _quotation(self, at: int, final: bool) -> Step | None:
        if not self._quotations:
            return "''", at + 2
        self._quotations -= 1
        return "”", at + 2

    def _maths(self, at: int, final: bool) -> Step | None:
        formula = _MATHS.match(self._held, at, at + LONGEST)
        if (formula is None or formula.end() == len(self._held)) and self._is_open(at, final):
            return None
        if formula is None or _NOT_MATHS.search(formula.group()):
            return "$", at + 1
        return formula.group(), formula.end()

    def _backslash(self, at: int, final: bool) -> Step | None:
        following = self._held[at + 1 : at + 2]
        if not following and not final:
            return None
        if following == "`":
            return "‘", at + 2
        return ("\\$", at + 2) if following == "$" else ("\\", at + 1)

    # -- brackets, tags, addresses

    def _bracket(self, at: int, final: bool) -> Step | None:
        group = BRACKETS.match(self._held, at, at + LONGEST)
        if group is None:
            if self._is_open(at, final):
                return None
            self._bracket_open = True
            return ("(" if self._held[at + 1 : at + 2].isdigit() else self._held[at]), at + 1
        end = group.end()
        if end == len(self._held) and self._is_open(at, final):
            return None
        target = _TARGET.match(self._held, end, end + LONGEST)
        if target is None and self._held[end : end + 1] == "(" and self._is_open(end, final):
            return None
        if (cited := self._cited(group.group())) is not None:
            return (cited or None), (target or group).end()
        if target:
            url = re.sub(r"[`|]", "", target["url"])
            return self._rewritten(at, target.end(), group.group()[1:-1] + (f" ({code(url)})" if url else ""))
        self._bracket_open = True
        return self._held[at], at + 1

    def _image(self, at: int, final: bool) -> Step | None:
        """Return nothing for the sign of an image, so that a link is left; it stays in "It works![1]"."""
        group = BRACKETS.match(self._held, at + 1, at + LONGEST)
        end = group.end() if group else at + 1
        target = _TARGET.match(self._held, end, end + LONGEST) if group else None
        if target:
            return self._rewritten(at, at + 1, "")
        is_short = group is None or end == len(self._held) or self._held[end] == "("
        return None if is_short and self._is_open(end if group else at, final) else ("!", at + 1)

    def _cited(self, group: str) -> str | None:
        """Return what is shown for brackets that cite, "" if nothing is; None if they do not cite."""
        return None

    def _closing_bracket(self, at: int, final: bool) -> Step | None:
        self._bracket_open = False
        return "]", at + 1

    def _tag(self, at: int, final: bool) -> Step | None:
        following = self._held[at + 1 : at + 2]
        if not following and not final:
            return None
        tag = _TAG.match(self._held, at, at + LONGEST)
        if tag is None and following in _TAG_STARTS:
            if self._is_open(at, final) and not re.search(r"[<>`|]", self._held[at + 1 :]):
                return None
            tag = _TAG_NAME.match(self._held, at)
        if tag:
            return (" " if _LINE_BREAK.fullmatch(tag.group()) else code(tag.group())), tag.end()
        return ("<" + following, at + 2) if following in _LETTERS else ("<", at + 1)

    def _address(self, at: int, final: bool) -> Step | None:
        scheme = _SPECIAL.match(self._held, at)
        address = _ADDRESS.match(self._held, at)
        assert scheme and address
        if self._context[-1:].isalnum():
            return scheme.group(), scheme.end()
        if address.end() == len(self._held) and not final and len(address.group()) < 300:
            return None
        url = address.group().rstrip(".,;:!?*_$\\&")
        return (code(url), at + len(url)) if len(url) >= len(scheme.group()) else (scheme.group(), scheme.end())


_LETTERS = frozenset(ascii_letters)
_TAG_STARTS = _LETTERS | frozenset("/!?")
_HANDLERS: dict[str, Callable[[InertText, int, bool], Step | None]] = {
    **dict.fromkeys("`~", InertText._marks),
    **dict.fromkeys("[【［〔", InertText._bracket),
    "]": InertText._closing_bracket,
    "<": InertText._tag,
    "\\": InertText._backslash,
    "$": InertText._maths,
    "!": InertText._image,
    "'": InertText._quotation,
}
