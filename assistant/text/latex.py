r"""Text of a listing -> LaTeX that compiles, does nothing but print, and prints what the listing says.

It needs \usepackage[T1]{fontenc} and, for symbols and formulas, amsmath and amssymb. A character that pdfTeX lacks
stays as it is: LuaLaTeX and XeLaTeX print it with a font that has it, pdfLaTeX prints its code by `declarations`.
"""

import re
import unicodedata
from functools import cache

from pylatexenc.latexencode import (
    RULE_DICT,
    UnicodeToLatexConversionRule,
    UnicodeToLatexEncoder,
    get_builtin_uni2latex_dict,
)

from assistant.text.formulas import LACKING, is_harmless_math
from assistant.text.plain_text import plain_text

_MATH = re.compile(r"\$(?!\s)([^$\n]{1,400})(?<!\s)\$(?!\d)")
_ENSURED = re.compile(r"\\ensuremath\{(.*)\}$")
_COMMAND = re.compile(r"\\([a-zA-Z]+)")
_OTHER_FONTS = re.compile(r"\\(?:cyr|CYR|[CU]\\)|[^\x00-\x7f]")  # of what would need a package for other scripts
_OWN_RULES = {
    ord('"'): '"',  # not two apostrophes
    ord("|"): r"\ensuremath{|}",  # TeX's old encoding prints a dash
    ord("`"): r"\`{}",
    ord("{"): r"\ensuremath{\lbrace}",  # BibTeX counts the brace of "\{" too, and would end the field
    ord("}"): r"\ensuremath{\rbrace}",
    ord("…"): r"\ldots",
    ord("\n"): " ",
    ord("\t"): " ",
    **{ord(typed): written for typed, written in (("“", "``"), ("”", "''"), ("–", "--"), ("—", "---"))},
    **{ord("♭"): r"\ensuremath{\flat}", ord("♮"): r"\ensuremath{\natural}", ord("♯"): r"\ensuremath{\sharp}"},
    ord("ɛ"): r"\ensuremath{\varepsilon}",
}
# Commands that pandoc leaves out without a word: "3\texttimes{} faster" would be "3 faster", and Đức "ức".
_UNREAD = re.compile(
    r"\\(?:text(?!ascii(?:circum|tilde)$|backslash$|quote|sc\b|superscript\b)|guil|quote\w+base$"
    r"|(?:D[HJ]|d[hj]|TH|th|IJ|ij|NG|ng)$)"
)
_RUN = re.compile(r"(?<=[-'–—“”?!,])(?=[-'–—“”,])")  # in such a row TeX would join what is apart
_BREAK = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]")
_MARKS = {0x323: "d", 0x331: "b", 0x328: "k", 0x327: "c", 0x306: "u", 0x30C: "v", 0x30A: "r", 0x30B: "H"} | {
    0x300: "`", 0x301: "'", 0x302: "^", 0x303: "~", 0x304: "=", 0x307: ".", 0x308: '"'
}  # fmt: skip


def latex(text: str) -> str:
    """Return `text` as LaTeX. Formulas stay as they are where they are whole and harmless."""
    parts, position = [], 0
    for match in _MATH.finditer(text):
        formula = _in_ascii(match[1])
        if formula.isascii() and is_harmless_math(formula):
            parts += [_escaped(text[position : match.start()]), f"${formula}$"]
            position = match.end()
    return "".join(parts) + _escaped(text[position:])


def latex_code(text: str) -> str:
    """Return `text` as LaTeX that prints it letter by letter: LaTeX in it is not read."""
    text = _BREAK.sub(" ", text)
    kept = "".join(character for character in text if character.isprintable() or character.isspace())
    return "{}".join(str(_encoder().unicode_to_latex(part)) for part in _RUN.split(kept))


def declarations(written: str) -> str:
    """Return what makes pdfTeX print "[U+738B]" for a character in `written` that it lacks, a line each; "" for none.

    A character that a package of the document prints stays as it is.
    """
    characters = sorted({character for character in written if not character.isascii()} - _printed_as_they_are())
    return "".join(
        # pandoc, which would print some of it, takes it for a comment.
        rf"\unless\iffalse\expandafter\providecommand\csname u8:\detokenize{{{one}}}\endcsname{{[U+{ord(one):04X}]}}\fi"
        "\n"
        for one in characters
    )


def _in_ascii(formula: str) -> str:
    """Return a formula with the commands of its symbols; a letter that is none there stays as it is."""

    def command(match: re.Match[str]) -> str:
        symbol = _ENSURED.fullmatch(_escaped(match.group()))
        return f"{symbol[1]} " if symbol else match.group()

    named = formula.replace(r"\{", r"\lbrace ").replace(r"\}", r"\rbrace ")
    return re.sub(r"[^\x00-\x7f]", command, named).rstrip(" ")


def _escaped(text: str) -> str:
    if "\\" in text or "{" in text:  # accents and styles ("\\emph{not}") are read, so that their names are not printed
        text = plain_text(text)
    return latex_code(text)


@cache
def _encoder() -> UnicodeToLatexEncoder:
    own = UnicodeToLatexConversionRule(RULE_DICT, _OWN_RULES)
    letters = {ord(one): rf"\relax {one}" for one in _printed_as_they_are() if one.isalpha()}  # BibTeX cuts none in two
    known = {code: written for code, written in _built_in().items() if chr(code) not in _printed_as_they_are()}
    return UnicodeToLatexEncoder(
        conversion_rules=[own, _accented(), UnicodeToLatexConversionRule(RULE_DICT, letters | known)],
        replacement_latex_protection=_in_braces,
        unknown_char_policy="keep",
        unknown_char_warning=False,
    )


@cache
def _printed_as_they_are() -> frozenset[str]:
    """The characters that LaTeX reads in UTF-8 as the commands which pandoc does not know."""
    return frozenset(chr(code) for code, written in _built_in().items() if _UNREAD.match(written)) - set("…{}") | {"√"}


@cache
def _built_in() -> dict[int, str]:
    """pylatexenc's rules but for those that need more than LaTeX, amsmath and amssymb."""
    return {
        code: written
        for code, written in get_builtin_uni2latex_dict().items()
        if LACKING.isdisjoint(_COMMAND.findall(written)) and not _OTHER_FONTS.search(written)
    }


def _in_braces(written: str) -> str:
    r"""Return {\"o} for \"o: so BibTeX sorts and labels by it, and no letter behind it is taken for its own."""
    accent_or_name = written.startswith("\\") and (len(written) > 2 or written[1:].isalpha())
    return f"{{{written}}}" if accent_or_name and not written.startswith(r"\ensuremath{") else written


def _accented() -> UnicodeToLatexConversionRule:
    """The letters with one or two marks, of which the built-in rules lack many and have some wrong ("Ű")."""
    letters = (chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
    decomposed = ((letter, unicodedata.normalize("NFD", letter)) for letter in letters)
    return UnicodeToLatexConversionRule(
        RULE_DICT,
        {
            ord(letter): _with_marks(parts[0], parts[1:])
            for letter, parts in decomposed
            if len(parts) > 1 and parts[0].isascii() and all(ord(mark) in _MARKS for mark in parts[1:])
        },
    )


def _with_marks(letter: str, marks: str) -> str:
    for mark in marks:
        plain = len(letter) == 1 and not _MARKS[ord(mark)].isalpha()  # \"a, as most people write it
        letter = rf"\{_MARKS[ord(mark)]}{letter if plain else f'{{{letter}}}'}"
    return letter
