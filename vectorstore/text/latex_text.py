"""The LaTeX of a BibTeX value -> Unicode, its mathematics kept as it is."""

import re
from functools import cache
from typing import Any

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
from pylatexenc.latexwalker import LatexWalkerError

# As pandoc reads it: no space inside the dollars, no digit behind them, so that "$5 and $10" stays.
_MATH = re.compile(r"((?<!\\)\$(?!\s)(?:[^$\\]|\\.){1,400}(?<!\s)\$(?!\d)|\\\(.{1,400}?\\\))", re.S)
_ESCAPED = re.compile(r"\\([%&_#$])")
_LINK = re.compile(r"\\(?:href\{[^{}\n]*\}|url|nolinkurl)\{([^{}\n]*)\}")
_REFERENCE = re.compile(r"[ ~]?\\(?:cite[a-z]*|ref|label)\{[^{}\n]*\}")
_BRACES = re.compile(r"(?<!\\)[{}]")
_DASHES = re.compile(r"(?<!-)---?(?!-)")
_SIGNS = {"textless": "<", "textgreater": ">", "textasciicircum": "^", "textasciitilde": "~"}
_LONGEST_CONVERTED = 20_000  # characters with commands; what is longer is no field of a bibliography


def latex_as_text(value: str) -> str:
    """Return a value as a reader sees it: "Müller" of "M{\\"u}ller", "12 %" of "12 \\%"."""
    if not any(mark in value for mark in "\\{}$~`'-"):
        return value
    parts = _MATH.split(value)
    return "".join(part if place % 2 else _as_text(part) for place, part in enumerate(parts))


def latex_letters(text: str) -> str:
    """Return LaTeX as characters, its mathematics, too: "α" of "$\\alpha$"."""
    converted = _converted(_ESCAPED.sub(r"\1", text), math="text")
    return _BRACES.sub("", text) if converted is None else converted


def _as_text(part: str) -> str:
    part = _REFERENCE.sub("", _LINK.sub(r"\1", _ESCAPED.sub(r"\1", part)))
    if "\\" in part and (converted := _converted(part)) is not None:
        return converted
    part = part.replace("``", "“").replace("''", "”").replace("~", " ")
    return _BRACES.sub("", _DASHES.sub(lambda match: "—" if len(match.group()) == 3 else "–", part))


def _converted(latex: str, *, math: str = "verbatim") -> str | None:
    if len(latex) > _LONGEST_CONVERTED:
        return None
    special = "[%&#]" if math == "text" else "[%&#_^$]"
    try:
        return str(_converter(math).latex_to_text(re.sub(rf"(?<!\\)({special})", r"\\\1", latex)))
    except (LatexWalkerError, LookupError, TypeError, ValueError, RecursionError):  # of a macro without its arguments
        return None


def _logo(node: Any) -> str:
    """Return the name of a program of TeX, "LaTeX" of "\\LaTeX"; other commands that are not known say nothing."""
    return str(node.macroname) if "TeX" in node.macroname else ""


@cache
def _converter(math: str) -> LatexNodes2Text:
    macros = get_default_latex_context_db()
    files = [MacroTextSpec(name, simplify_repl="") for name in ("input", "include")]  # else it warns that it reads none
    signs = [MacroTextSpec(name, simplify_repl=sign) for name, sign in _SIGNS.items()]
    macros.add_context_category("own", macros=[*files, *signs], prepend=True)
    macros.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=_logo))
    return LatexNodes2Text(latex_context=macros, math_mode=math, strict_latex_spaces="macros")
