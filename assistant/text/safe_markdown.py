"""Text of a model or a listing -> the same words as Markdown that loads and runs nothing, wherever it is rendered.

HTML and addresses become code, links and images the words they show, and no backtick is left that has no partner.
Control characters, invisible ones and those that turn the writing direction are dropped.
"""

import re
from collections.abc import Callable

from assistant.text.markdown_stream import LETTERS, LONGEST, TAG_STARTS, MarkdownStream, Step

_SPECIAL = re.compile(r"[`\[\]【［〔<\\$]|!(?=[\[【［〔])|''|~~~|(?:https?|ftp)://|www\.", re.I)
BRACKETS = re.compile(r"[\[【［〔](?:[^\[\]【】［］〔〕\n]|[\[【［〔][^\[\]【】［］〔〕\n]*[\]】］〕])*[\]】］〕]")
_TARGET = re.compile(r"\([^\S\n]{0,9}<?(?P<url>[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)?)>?(?:[^\S\n][^()\n]*)?\)")
_TAG = re.compile(r"<[A-Za-z/!?][^<>`|\n]*>")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.I)
_TAG_NAME = re.compile(r"<(?:[!?][\w-]{0,30}|/?[\w-]{1,30}(?=[\s/]))")
_ADDRESS = re.compile(r"[^\s<>\[\]()|`\"']{1,300}")
_MATHS = re.compile(r"\$(?![\s$])[^$\n]+(?<![\s\\])\$(?!\d)|\$\$[^$\n]+\$\$")
_FONT = re.compile(r"\\(?P<font>texttt|textbf|textit|textsc|emph|text|mbox)\{(?P<words>[^{}\n]*)\}")
_FONT_BEGUN = re.compile(r"\\[a-z]{0,7}(?:\{|\Z)")
_NOT_MATHS = re.compile(
    r"[<&][A-Za-z/!?#]|[`【]|\]\s*[(:]|://|www\.|\[[\s\d^*]+(?:\\?\]|[:,]?\s*[\"“”„«»])|\\cite", re.I
)


def safe_markdown(text: str) -> str:
    """Return `text` as Markdown that loads nothing; citation markers stay."""
    passing = SafeMarkdown()
    return passing.feed(text) + passing.flush()


def code(text: str) -> str:
    """Return text as a code span: no reader of Markdown takes it for anything else."""
    return f"`{text}`"


class SafeMarkdown(MarkdownStream):
    """Passes text on as it streams, without anything that loads or runs."""

    special = _SPECIAL

    def _handled(self, character: str, at: int, final: bool) -> Step | None:
        return _HANDLERS.get(character, SafeMarkdown._address)(self, at, final)

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
        if _FONT_BEGUN.match(self._held, at) and self._is_open(at, final) and "}" not in self._held[at:]:
            return None
        if font := _FONT.match(self._held, at, at + LONGEST):  # outside of formulas it sets words alone
            if font["font"] == "texttt" and "`" not in font["words"]:
                return code(font["words"]), font.end()
            return self._rewritten(at, font.end(), font["words"])
        following = self._held[at + 1 : at + 2]
        if not following and not final:
            return None
        if following == "`":
            return "‘", at + 2
        return ("\\$", at + 2) if following == "$" else ("\\", at + 1)

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
        if tag is None and following in TAG_STARTS:
            if self._is_open(at, final) and not re.search(r"[<>`|]", self._held[at + 1 :]):
                return None
            tag = _TAG_NAME.match(self._held, at)
        if tag:
            return (" " if _LINE_BREAK.fullmatch(tag.group()) else code(tag.group())), tag.end()
        return ("<" + following, at + 2) if following in LETTERS else ("<", at + 1)

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


_HANDLERS: dict[str, Callable[[SafeMarkdown, int, bool], Step | None]] = {
    **dict.fromkeys("`~", SafeMarkdown._marks),
    **dict.fromkeys("[【［〔", SafeMarkdown._bracket),
    "]": SafeMarkdown._closing_bracket,
    "<": SafeMarkdown._tag,
    "\\": SafeMarkdown._backslash,
    "$": SafeMarkdown._maths,
    "!": SafeMarkdown._image,
    "'": SafeMarkdown._quotation,
}
