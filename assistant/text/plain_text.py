"""LaTeX and hard line breaks in a title or an abstract -> the characters that a reader sees."""

import logging
import re
import unicodedata
from functools import cache

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
from pylatexenc.latexwalker import LatexWalkerError

from vectorstore.text.wrapped_lines import unwrapped

_log = logging.getLogger(__name__)
_BRACED = r"\{([^{}\n]*)\}"
_LINK = re.compile(r"\\href\{[^{}\n]*\}" + _BRACED)
_STYLE = re.compile(
    r"\\(?:text[a-z]*|emph|underline|url|mbox|[a-z]+shape|mathrm|mathcal|mathbf|mathit|mathbb)" + _BRACED
)
_SWITCH = re.compile(r"\{?\\(?:em|it|bf|tt|sc|rm|sl|itshape|bfseries|ttfamily)\b\s*([^{}\n]*)\}?")
# "{\it word}" whose backslash a page has lost, and "{word}": braces around mere words.
_LOST_STYLE = re.compile(r"(?<![\w\\}^_])\{(?:(?:it|em|bf|sc|tt|rm) )?([A-Za-z][A-Za-z -]*)\}")
_REFERENCE = re.compile(
    r"[ ~]?\\(?:(?:cite[a-z]*|ref|label)\{[^{}\n]*\}"
    r"|footnote(?:mark|text)?(?:\[\d*\])?(?:\{(?:[^{}\n]|\{[^{}\n]*\})*\}|(?![A-Za-z])))"
)
# As pandoc reads it: no space inside the dollars, no digit behind them, so that "$5 and $10" stays.
MATH = re.compile(r"\$(?!\s)[^$\n]{1,400}(?<!\s)\$(?!\d)|\\\([^\n]{1,400}?\\\)")
_ACCENT = re.compile(r"\\[`'^\"~=.uvHcdbrk]\s?(?:\{\\?[A-Za-z]\}|\\?[A-Za-z](?![A-Za-z]*\{))")
_DASH = re.compile(r"(?<![-!])---?(?![->])")
_EXPONENT = re.compile(r"(?<=[A-Za-z)])\^\{?(\d)\}?(?!\w)")  # of "S^2-Guidance"
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_COMMAND = re.compile(r"\\[a-zA-Z]+(?![a-zA-Z])(?:\{\})?")


@cache
def _converter() -> LatexNodes2Text:
    macros = get_default_latex_context_db()
    files = [MacroTextSpec(name, simplify_repl="") for name in ("input", "include")]  # else it warns that it reads none
    macros.add_context_category("files", macros=files, prepend=True)
    return LatexNodes2Text(latex_context=macros, math_mode="text", strict_latex_spaces="macros")


def plain_text(text: str) -> str:
    """Return `text` with its LaTeX as Unicode: "$\\mathbf{W} \\approx \\mathbf{Q}$" becomes "W ≈ Q".

    Wrapped lines are joined. What is not LaTeX stays as it is, percent signs included.
    """
    text = unwrapped(text)
    if not any(mark in text for mark in ("\\", "$", "`", "''", "--", "{", "^")):
        return text
    text = _REFERENCE.sub("", _LINK.sub(r"\1", text))
    for _ in range(3):  # styles stand inside one another, hardly ever deeper
        text = _STYLE.sub(r"\1", text)
    text = _LOST_STYLE.sub(r"\1", text)
    text = MATH.sub(lambda match: _converted(match.group()), text)
    text = _ACCENT.sub(lambda match: _converted(match.group()), _SWITCH.sub(r"\1", text))
    text = _COMMAND.sub(lambda match: _converted(match.group()), text)
    text = _DASH.sub("–", text.replace("``", "“").replace("''", "”"))
    text = _EXPONENT.sub(lambda match: match[1].translate(_SUPERSCRIPT), text)
    return re.sub(r"[ \t]{2,}", " ", re.sub(r"\\([%&_#${}])", r"\1", text))


def _converted(latex: str) -> str:
    try:
        converted = _converter().latex_to_text(re.sub(r"(?<!\\)%", r"\\%", latex))
    except (LatexWalkerError, LookupError, TypeError, ValueError) as error:  # of a macro without its arguments
        _log.debug("LaTeX kept as it is: %s", error)
        return latex
    shown = unicodedata.normalize("NFKC", str(converted)).replace("\n", " ").strip()
    return re.sub(r"\s*([≈=≤≥<>∈→×±∼])\s*", r" \1 ", shown).strip() or latex
