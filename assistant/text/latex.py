"""Text of a listing -> LaTeX that compiles, does nothing but print, and prints what the listing says."""

import re
import unicodedata
from functools import cache

from pylatexenc.latex2text import get_default_latex_context_db
from pylatexenc.latexencode import (
    RULE_DICT,
    UnicodeToLatexConversionRule,
    UnicodeToLatexEncoder,
    get_builtin_conversion_rules,
)

from assistant.text.plain_text import plain_text

_MATH = re.compile(r"\$(?!\s)([^$\n]{1,400})(?<!\s)\$(?!\d)")
_ENSURED = re.compile(r"\\ensuremath\{(.*)\}$")
_COMMAND = re.compile(r"\\([a-zA-Z]+|.)", re.DOTALL)
_SPACES = frozenset(" ,;:!{}|%&_#$")  # commands of one character that are harmless in a formula
_UNSAFE = frozenset("%#&~")  # outside a command, in a formula
# A straight quotation mark would become two apostrophes, and a bar prints as a dash in TeX's old encoding.
_OWN_RULES = {ord('"'): '"', ord("|"): r"\textbar{}", ord("\n"): " ", ord("\t"): " "}
_MARKS = {0x323: "d", 0x331: "b", 0x328: "k", 0x327: "c", 0x306: "u", 0x30C: "v", 0x30A: "r", 0x30B: "H"} | {
    0x300: "`", 0x301: "'", 0x302: "^", 0x303: "~", 0x304: "=", 0x307: ".", 0x308: '"'
}  # fmt: skip


def latex(text: str) -> str:
    """Return `text` as LaTeX. Formulas stay as they are where they are whole and harmless."""
    parts, position = [], 0
    for match in _MATH.finditer(text):
        if is_harmless_math(match[1]):
            parts += [_escaped(text[position : match.start()]), _in_ascii(match.group())]
            position = match.end()
    return "".join(parts) + _escaped(text[position:])


def is_harmless_math(formula: str) -> bool:
    """Tell whether a formula has whole braces, and only commands that print a symbol or set its style."""
    names = _COMMAND.findall(formula)
    rest = _COMMAND.sub("", formula)
    if not _UNSAFE.isdisjoint(rest) or not all(name in _SPACES or name in _symbols() for name in names):
        return False
    depth = 0
    for character in rest:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


@cache
def _symbols() -> frozenset[str]:
    known = get_default_latex_context_db()
    specs = known.iter_macro_specs(["latex-base", "advanced-symbols"])
    return frozenset(spec.macroname for spec in specs) - {
        *("input", "include", "href", "url", "footnote", "item", "title", "author", "date", "maketitle", "emph"),
        *("cite", "citet", "citep", "ref", "eqref", "pageref", "autoref", "cref", "Cref", "newcommand", "def"),
        *("includegraphics", "begin", "end", "noindent", "texttt", "textsc", "textsl", "newline", "verb", "today"),
    }


def _in_ascii(formula: str) -> str:
    ascii_only = re.sub(r"[^\x00-\x7f]", lambda match: _ENSURED.sub(r"\1 ", _escaped(match.group())), formula)
    return re.sub(r" \$\Z", "$", ascii_only)


def _escaped(text: str) -> str:
    if "\\" in text or "{" in text:  # accents and styles ("\\emph{not}") are read, so that their names are not printed
        text = plain_text(text)
    kept = "".join(character for character in text if character.isprintable() or character.isspace())
    return str(_encoder().unicode_to_latex(kept))


@cache
def _encoder() -> UnicodeToLatexEncoder:
    own = UnicodeToLatexConversionRule(RULE_DICT, _OWN_RULES)
    return UnicodeToLatexEncoder(
        conversion_rules=[own, *get_builtin_conversion_rules("defaults"), _accented()],
        replacement_latex_protection=_in_braces,
        unknown_char_policy="keep",  # a letter that pdfTeX lacks may be there for another engine
        unknown_char_warning=False,
    )


def _in_braces(written: str) -> str:
    r"""Return {\"o} for \"o: so BibTeX sorts and labels by it, and no letter behind it is taken for its own."""
    accent_or_name = written.startswith("\\") and (len(written) > 2 or written[1:].isalpha())
    return f"{{{written}}}" if accent_or_name and not written.startswith(r"\ensuremath{") else written


def _accented() -> UnicodeToLatexConversionRule:
    """The letters with one or two marks that the built-in rules lack: Vietnamese, transliterations."""
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
        letter = rf"\{_MARKS[ord(mark)]}{{{letter}}}"
    return letter
