"""Formulas in titles and abstracts: which of them LaTeX can print, and can do nothing else than print.

The grammar is what TeX reads without an error, of commands that only print. What is not in it is printed as text.
"""

import re
from collections import deque
from functools import cache

from pylatexenc.latexencode import get_builtin_uni2latex_dict

_TEXT = r"\\(?:text(?:bf|it|rm)?|mathrm|operatorname)\{[A-Za-z0-9 ,.()-]+\}"
_TOKEN = re.compile(rf"{_TEXT}|\\[a-zA-Z]+|\\.|\S", re.DOTALL)  # a space means nothing in a formula
_SYMBOL = re.compile(r"\\ensuremath\{\\([a-zA-Z]+)\}")
# Names that pylatexenc writes and that neither LaTeX nor amsmath and amssymb have as it writes them.
LACKING = frozenset(
    "DownArrowUpArrow Upsilon VDash acute allequal approxnotequal arrowwaveleft arrowwaveright clockoint clwintegral"
    " dblarrowupdown estimates forcesextra hermitconjmatrix homothetic image lazysinv mathscr notgreaterless"
    " notlessgreater nument original precedesnotsimilar quarternote recorder rightangle rightanglearc sqrint starequal"
    " surfintegral textfrac textglotstop texthvlig textnrleg textphi textschwa textturnk tildetrpl truestate udots"
    " varperspcorrespond verymuchgreater verymuchless volintegral".split()
)
_SYMBOLS = frozenset(
    "leftarrow rightarrow to gets le ge ne times div ast dots ldots quad qquad prime setminus vert lbrace rbrace colon"
    " arccos arcsin arctan arg cos cosh cot deg det dim exp gcd hom inf ker lg lim ln log max min Pr sin sinh sup tan"
    " tanh".split()
)
_STYLES = frozenset("mathbb mathbf mathcal mathfrak mathit mathrm mathsf mathtt boldsymbol".split())
_ACCENTS = frozenset("bar hat tilde vec dot ddot widehat widetilde overline underline sqrt".split())
_SPACES = frozenset(" ,;:!{}|%&_#$")  # commands of one character
_UNSAFE = frozenset('%#&~$\\^_{}`"')  # outside a command
_RAISED = frozenset("ast bullet circ ell infty perp pm prime star times top".split())
_DEEPEST = 8  # of braces in braces


class _Odd(Exception):
    """It is no formula that can be printed."""


def is_harmless_math(formula: str) -> bool:
    """Tell whether a formula, without its dollars, is whole and has no command but those that print."""
    try:
        _Reader(formula).read()
    except _Odd:
        return False
    return True


class _Reader:
    """Reads the tokens of a formula in their order. Raises _Odd at the first that cannot stand where it does."""

    def __init__(self, formula: str) -> None:
        self._tokens = deque(_TOKEN.findall(formula))
        self._depth = 0

    def read(self) -> None:
        self._items(end="")

    def _items(self, *, end: str) -> None:
        marks: set[str] = set()  # the scripts of the item before: TeX takes one of each kind
        while (token := self._next()) != end:
            if token in ("^", "_", "'"):
                kind = "_" if token == "_" else "^"
                if kind in marks and not (token == "'" and "'" in marks):
                    raise _Odd
                marks |= {kind, token}
                if token != "'":
                    self._argument()
            else:
                marks = set()
                self._item(token)

    def _item(self, token: str) -> None:
        if token == "{":
            self._group()
        elif token.startswith("\\"):
            self._command(token[1:])
        elif not token or token in _UNSAFE or not token.isprintable():
            raise _Odd

    def _command(self, name: str) -> None:
        if name in _STYLES | _ACCENTS:
            self._braced()
        elif name == "frac":
            self._braced()
            self._braced()
        elif name not in _SPACES and name not in symbols() and not re.fullmatch(_TEXT, rf"\{name}"):
            raise _Odd

    def _argument(self) -> None:
        """Read what is raised or lowered: a character, a symbol, something in a style, or braces."""
        token = self._next()
        name = token[1:].partition("{")[0] if token.startswith("\\") else "mathrm"
        if token in ("", "'") or name not in _raised():
            raise _Odd
        self._item(token)

    def _braced(self) -> None:
        if self._next() != "{":
            raise _Odd
        self._group()

    def _group(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Odd
        self._items(end="}")
        self._depth -= 1

    def _next(self) -> str:
        """Return the next token, "" at the end."""
        return self._tokens.popleft() if self._tokens else ""


@cache
def symbols() -> frozenset[str]:
    """Return the names of the commands that print a symbol in a formula and take nothing."""
    written = get_builtin_uni2latex_dict().values()
    return _SYMBOLS | {match[1] for tex in written if (match := _SYMBOL.fullmatch(tex))} - LACKING


@cache
def _raised() -> frozenset[str]:
    """Return the names of the commands that may be raised or lowered without braces."""
    written = get_builtin_uni2latex_dict()
    greek = {match[1] for code in range(0x370, 0x400) if (match := _SYMBOL.fullmatch(written.get(code, "")))}
    return _RAISED | (greek - LACKING) | (_STYLES - {"boldsymbol"}) | {"text", "textbf", "textit", "textrm"}
